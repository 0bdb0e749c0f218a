"""Edits of the list of runs, and the ways back to the settings and the networks of one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment
from engine.messages import Message, counted, message
from engine.run.attention import Question
from engine.run.lane_state import RUN_STATE, RunMemory
from engine.run.past.run_file import run_name
from engine.run.past.run_list import ListedRun, RunNotes
from engine.run.past.run_record import Key, data_number
from engine.run.snapshot import Snapshot
from gui.editing.lane_editor import LaneEditor
from gui.editing.session import Session

NOT_KEPT = message("The networks of that run are not kept any more.")


class RunEditor(QObject):
    """The edits.

    Signals:
        changed(): the list is another one.
    """

    changed = Signal()

    def __init__(self, session: Session, lanes: LaneEditor, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._lanes = session, lanes
        self._ghosts: set[Key] = set()
        self._asked: tuple[Question, int] | None = None  # for the networks of the run of that number
        self._numbered: tuple[Dataset, int] | None = None
        session.runs.changed.connect(self.changed)
        session.document_changed.connect(self.changed)
        session.document_replaced.connect(self._forget_ghosts)
        session.snapshot_arrived.connect(self._take)

    def rows(self) -> list[ListedRun]:
        """All runs of the document as they are now."""
        session, document = self._session, self._session.document
        runs, under_way = session.runs.of(document), session.runs.under_way(document)
        notes, data, shown = runs.notes, self._data_number(), runs.shown
        several = {number for number, lane in (record.key for record in shown) if lane}
        return [
            ListedRun(
                record,
                notes.names.get(record.key, ""),
                record.key in notes.marked,
                record.key[0] == under_way,
                session.runs.run_with_weights(document, record.key[0]) is not None,
                record.key in self._ghosts,
                record.data != data and record.key[0] != under_way,
                record.key[0] in several,
            )
            for record in shown
        ]

    def _data_number(self) -> int:
        dataset = self._session.experiment.dataset
        if self._numbered is None or self._numbered[0] is not dataset:
            self._numbered = dataset, data_number(dataset)
        return self._numbered[1]

    @Slot()
    def _forget_ghosts(self) -> None:
        self._ghosts.clear()
        self.changed.emit()

    @Slot(tuple, bool)
    def use_ghost(self, key: Key, is_shown: bool) -> None:
        """Show the curves of a run behind those of the run under way, or not."""
        self._ghosts = self._ghosts | {key} if is_shown else self._ghosts - {key}
        self.changed.emit()

    # notes

    def _note(self, notes: RunNotes, name: Message) -> None:
        self._session.edit(self._session.experiment, name, notes=notes)

    @property
    def _notes(self) -> RunNotes:
        return self._session.document.runs.notes

    @Slot(tuple, str)
    def rename(self, key: Key, name: str) -> None:
        """Another name for a run; "" for none."""
        self._note(self._notes.named(key, run_name(name)), message("Name Run {number}", number=key[0]))

    @Slot(object, bool)
    def use_marks(self, keys: Sequence[Key], is_marked: bool) -> None:
        """Mark runs, or take their marks away."""
        name = counted("Mark Run", "Mark {n} Runs", len(keys))
        if not is_marked:
            name = counted("Unmark Run", "Unmark {n} Runs", len(keys))
        self._note(self._notes.with_marks(keys, is_marked=is_marked), name)

    @Slot(object)
    def delete(self, keys: Sequence[Key]) -> None:
        """Delete runs, undoably."""
        if keys:
            self._ghosts -= set(keys)
            self._note(self._notes.without(keys), counted("Delete Run", "Delete {n} Runs", len(keys)))
            told = counted(
                "1 run is deleted; Undo brings it back.", "{n} runs are deleted; Undo brings them back.", len(keys)
            )
            self._session.told.emit(told)

    @Slot()
    def delete_others(self) -> None:
        """Delete all that are not marked, but for the run under way."""
        self.delete([run.record.key for run in self.rows() if not run.is_marked and not run.is_under_way])

    # ways back

    @Slot(tuple)
    def restore_settings(self, key: Key) -> None:
        """The settings of a run for the lane in hand."""
        session = self._session
        record = next((record for record in session.runs.of(session.document).shown if record.key == key), None)
        if record is None:
            return
        session.finish_draft()
        try:
            edited = session.experiment.with_lane(self._lanes.current, record.config)
            session.edit(edited, message("Restore Settings of Run {number}", number=key[0]))
        except InputError as error:
            self._lanes.refused.emit(error)

    @Slot(tuple)
    def restore_weights(self, key: Key) -> None:
        """The networks of a run, which then goes on as it was; nobody waits for the worker."""
        run = self._session.runs.run_with_weights(self._session.document, key[0])
        if run is None:
            self._session.told.emit(NOT_KEPT)
        else:
            self._asked = self._session.sight.ask(RUN_STATE, run=run), key[0]

    @Slot(object)
    def _take(self, snapshot: Snapshot) -> None:
        if self._asked is None:
            return
        (question, number), reading = self._asked, snapshot.readings.of(RUN_STATE)
        if reading is None or reading.of != question:
            if question not in self._session.sight.attention.questions:
                self._asked = None  # somebody else has asked for another run meanwhile
            return
        self._asked = None
        self._session.sight.withdraw(question)
        if not reading.value:
            self._session.told.emit(NOT_KEPT)
            return
        experiment, now = self._experiment_of(reading.value), self._session.experiment
        told = message("The weights of run {number} are back; paused.", number=number)
        if experiment.dataset is not now.dataset:
            told = message("The weights of run {number} and its points are back; paused.", number=number)
        name = message("Restore Weights of Run {number}", number=number)
        self._session.edit(experiment, name, memory=reading.value)
        self._session.told.emit(told)

    def _experiment_of(self, memory: RunMemory) -> Experiment:
        """The experiment of a run that was left: on the points of now if its networks fit these, else on its own."""
        now = self._session.experiment
        lanes = tuple(lane.config for lane in memory)
        then = Experiment(memory[0].dataset, lanes, now.title)
        try:
            fitting = then.with_dataset(now.dataset)
        except InputError:  # the points of now have too many classes or inputs for them
            return then
        return fitting if fitting.goes_on_from(then) else then
