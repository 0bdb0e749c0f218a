"""The trained network of a document that keeps it, as the worker has it: when it is saved, and for recovery."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.experiment import Experiment
from engine.formats.recovery_file import MAX_RUN_BYTES
from engine.messages import Message, message
from engine.run.attention import Question
from engine.run.lane_file import WeightsError, check, memory_from, sizes_of
from engine.run.lane_state import RUN_STATE, RunMemory, fitting_into, size_of
from engine.run.snapshot import RunState, Snapshot
from gui.editing.document import Document, State, Training, steps_of
from gui.editing.session import Session
from gui.system.file_work import FileWork
from gui.text.language import say

PATIENCE = 10.0  # seconds for the answer of the worker, which may be loading
RECENT_MILLISECONDS = 5000  # of training that a crash may take
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


class RecentWeights(QObject):
    """The trained networks that files do not hold, of documents that keep them: asked for now and then, if small.

    Signals:
        changed(): there are newer ones.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[Document, tuple[int | None, RunMemory]] = {}  # the number of the run, and its state
        self._asked: tuple[Question, State] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(RECENT_MILLISECONDS)
        self._timer.timeout.connect(self._ask)
        session.document_changed.connect(self._follow)
        session.snapshot_arrived.connect(self._take)

    def of(self, state: State) -> RunMemory:
        """The newest that is known of a state; of no lanes if nothing is, or its document keeps none."""
        run, memory = self._known.get(state.document, (None, ()))
        return memory if state.document.keeps_weights and run == state.run else ()

    def know(self, state: State, memory: RunMemory) -> None:
        """Take these for those of a state."""
        self._known[state.document] = state.run, memory
        self.changed.emit()

    def _lacking(self) -> list[State]:
        """The states whose weights no file holds."""
        return [state for state in self._session.state.with_those_behind() if state.has_new_weights]

    @Slot()
    def _follow(self) -> None:
        lacking = self._lacking()
        documents = {state.document for state in lacking}
        self._known = {document: known for document, known in self._known.items() if document in documents}
        if not lacking:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        """Ask for the first that is not known as it is; a question that somebody else has asked goes first."""
        if any(question.quantity == RUN_STATE for question in self._session.sight.attention.questions):
            return
        for state in self._lacking():
            known = Training(state.run, steps_of(self.of(state)))
            if Training(state.run, state.steps).is_beyond(known) and is_small(state):
                self._asked = self._session.sight.ask(RUN_STATE, run=state.run or 0), state
                return

    @Slot(object)
    def _take(self, snapshot: Snapshot) -> None:
        reading = snapshot.readings.of(RUN_STATE)
        if self._asked is not None and reading is not None and reading.of == self._asked[0]:
            (question, state), self._asked = self._asked, None
            self._session.sight.withdraw(question)
            memory = fitting_into(reading.value, MAX_RUN_BYTES)
            if size_of(memory) <= MAX_RUN_BYTES and any(steps_of(memory)):
                self.know(state, memory)


def is_small(state: State) -> bool:
    """True if the networks of a state can be written beside each stroke."""
    dataset = state.experiment.dataset
    n_numbers = sum(sum(sizes_of(config, dataset).values()) for config in state.experiment.lanes)
    return 4 * n_numbers <= MAX_RUN_BYTES


def fitting(weights: object, experiment: Experiment) -> RunMemory:
    """The states of trained lanes that were kept; of none if they do not fit: weights keep nobody from the points."""
    try:
        return memory_from(weights, experiment)
    except WeightsError as error:
        logging.getLogger("marz").warning("The weights of unsaved work are not used: %s", error)
        return ()
