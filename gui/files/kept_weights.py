"""The trained network of a document that keeps it, as the worker has it when the document is saved."""

from __future__ import annotations

import threading

from engine.messages import Message, message
from engine.run.lane_file import WeightsError, check
from engine.run.lane_state import RUN_STATE, RunMemory
from engine.run.snapshot import RunState, Snapshot
from gui.editing.document import State
from gui.editing.session import Session
from gui.system.file_work import FileWork
from gui.text.language import say

PATIENCE = 10.0  # seconds for the answer of the worker, which may be loading
SILENT = (RunState.UNAVAILABLE, RunState.ENDED, RunState.FAILED)
"""States in which nobody answers."""


class KeptWeights:
    """Asks the worker of a session for what is to be saved beside points and settings."""

    def __init__(self, work: FileWork, session: Session) -> None:
        self._work, self._session = work, session

    def of(self, state: State) -> tuple[RunMemory, Message | None]:
        """The trained network of a state, of no lanes if there is none or its document keeps none.

        Returns:
            It, and the reason why it is not to be had, if it should be.
        """
        if not state.document.keeps_weights or state.run is None:
            return (), None
        memory = self._answer(state.run)
        if memory is None:
            return (), message("The weights could not be kept: the engine does not answer.")
        if not any(lane.network.steps for lane in memory):
            return (), None
        try:
            check(memory, state.experiment)
        except WeightsError as error:
            return (), message("The weights could not be kept: {reason}", reason=error)
        return memory, None

    def _answer(self, run: int) -> RunMemory | None:
        """The state of a run; None if nobody answers in time. The window lives on meanwhile."""
        if self._session.snapshot.state in SILENT:
            return None
        question, found = self._session.sight.ask(RUN_STATE, run=run), list[RunMemory]()
        has_come = threading.Event()

        def take(snapshot: Snapshot) -> None:
            reading = snapshot.readings.of(RUN_STATE)
            if reading is not None and reading.of == question:
                found.append(reading.value)
            if found or snapshot.state in SILENT:
                has_come.set()

        self._session.snapshot_arrived.connect(take)
        try:
            text = say("Asking for the trained network …")
            self._work.result(say("Save Experiment"), text, lambda *_: has_come.wait(PATIENCE), can_cancel=False)
        finally:
            self._session.snapshot_arrived.disconnect(take)
            self._session.sight.withdraw(question)
        return found[0] if found else None
