"""The user's work: the experiment, its document, the undo history, and the run that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.messages import Message, message
from engine.run.commands import Command, Pause, Resume, Start, Step, UseExperiment, UseSpeed
from engine.run.lane_state import RunMemory
from engine.run.past.run_list import RunNotes
from engine.run.snapshot import Origin, RunState, Snapshot
from gui.editing.document import Document, State, Training, steps_of
from gui.editing.fingerprint import Fingerprint
from gui.editing.history import Edit, forget_oldest, runs_of
from gui.editing.run_log import RunLog
from gui.editing.sight import Sight

UNDO_LIMIT = 500  # steps
UNDO_BYTES = 2**28  # of points that the steps keep; the oldest steps are forgotten beyond that
RESTARTED = message("The network starts anew, from the same seed. Undo brings the old one back.")
RETURNED = {
    Origin.KEPT: message("The weights of before are back; paused."),
    Origin.LOST: message("The weights of before are not kept any more: fresh weights, same seed."),
}
"""By what became of the weights of a run that is gone back to."""


class TrainingPort(Protocol):
    """The port to which commands go and from which snapshots come; see `gui.editing.training_thread.TrainingThread`."""

    def send(self, command: Command) -> None: ...
    def take(self) -> Snapshot | None: ...


class Drawer(Protocol):
    """One who draws on the dataset of a session; see `gui.editing.stroke_editor.StrokeEditor`."""

    def hand_over(self) -> tuple[Message, Dataset] | None:
        """End the drawing under way: the name of the step, empty for none, and what was made; None if nobody draws."""

    def give_up(self) -> None:
        """Forget the drawing under way."""


def has_steps(snapshot: Snapshot, run: int) -> bool:
    """True if a run has been trained, as far as a snapshot knows."""
    return snapshot.run_id == run and any(lane.steps for lane in snapshot.lanes)


class Session(QObject):
    """Owns the experiment and its document, the undo history and the id of the current run.

    All commands to the worker go through here, or through `sight`, what the window looks at.

    Signals:
        experiment_changed(Experiment): by an edit, by undo or redo.
        document_changed(): which document it is, its path, or whether it is saved as it is.
        document_replaced(): another document is worked on, by opening, by undo or redo.
        snapshot_arrived(Snapshot): of the current run; those of earlier runs end here.
        train_withdrawn(Snapshot): training that waited for the engine is not wanted any more; the newest snapshot.
        told(Message): where the weights came from, when they are others than before.

    Attributes:
        drawer: is asked for what it has drawn when something else is edited.
        run_id: the number of the current run.
        snapshot: the newest of it.
        runs: those that were trained.
        is_train_wanted: whether training was asked for and begins as soon as the engine is loaded.
    """

    experiment_changed = Signal(object)
    document_changed = Signal()
    document_replaced = Signal()
    snapshot_arrived = Signal(object)
    train_withdrawn = Signal(object)
    told = Signal(object)

    def __init__(self, experiment: Experiment, port: TrainingPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.experiment = experiment
        self.document = Document(None, experiment)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.indexChanged.connect(self._follow_history)
        self.drawer: Drawer | None = None
        self._port, self.sight, self.runs = port, Sight(port.send, self), RunLog(self)
        self.run_id = self._n_runs = 0
        self._brought: dict[int, RunMemory | None] = {}  # with what the run that begins next begins, see `edit`
        self._goes_back = False  # what becomes of the weights of a run that is gone back to is told when it is known
        self._orders = 0  # to train or to save: edits before and after one are not one step
        self.snapshot, self.is_train_wanted = Snapshot(0, RunState.LOADING), False
        self._steps: dict[int, tuple[int, ...]] = {}  # of the lanes of each run that may be gone back to, as last known
        self._before_draft: Experiment | None = None
        self._led_to: State | None = None

    @property
    def state(self) -> State:
        """The work as it is now."""
        return State(self.experiment, self.document, self.run_id, self._steps.get(self.run_id, ()))

    def edit(
        self,
        experiment: Experiment,
        name: Message,
        key: str = "",
        memory: RunMemory | None = (),
        keeps_weights: bool | None = None,
        notes: RunNotes | None = None,
    ) -> None:
        """Change the experiment, undoably; edits in a row with the same `key` become one step.

        With a `memory` its run begins as that tells, with None at the best weights of the run before; with
        `keeps_weights` it is chosen whether the document does; with `notes` these are on its runs.
        """
        self.finish_draft()
        kept, noted = self.document.keeps_weights, self.document.runs.notes
        is_told = keeps_weights not in (None, kept) or notes not in (None, noted)
        if experiment != self.experiment or memory != () or is_told:
            key = f"{key} {self._orders}" if key else ""
            run = self._new_run(memory) if memory != () else None
            before = replace(
                self.state,
                keeps_weights=None if keeps_weights is None else kept,
                notes=None if notes is None else noted,
            )
            after = State(experiment, self.document, run, keeps_weights=keeps_weights, notes=notes)
            self._push(Edit(self, before, after, name, key))

    def visit(self, experiment: Experiment, name: Message) -> None:
        """Work on an experiment that is ready made, in a document of its own that has no name yet, undoably.

        The document that was worked on lies behind it as it is; see `go_back`.
        """
        self.finish_draft()
        if experiment == self.experiment:
            return
        here = self.state
        is_passing = self.document.path is None and self.document.behind is not None and not here.is_modified
        document = Document(None, experiment, self.document.behind if is_passing else here)
        self._push(Edit(self, here, State(experiment, document), name))

    def go_back(self, name: Message) -> None:
        """Work again on the document behind this one, as it was left; redo leads forth.

        Args:
            name: of the step that leads there if that which led here is forgotten.
        """
        self.finish_draft()
        behind = self.document.behind
        if behind is None:
            return
        for index in reversed(range(self.undo_stack.index())):
            edit = self.undo_stack.command(index)
            if isinstance(edit, Edit) and edit.before.document is behind.document is not edit.after.document:
                self.undo_stack.setIndex(index)
                return
        self._push(Edit(self, self.state, behind, name))

    def mark_saved(
        self, state: State, path: str, fingerprint: Fingerprint | None, trained: Training | None = None
    ) -> None:
        """Note that the document of a state is in that file as it is there, with networks that are `trained`."""
        document = state.document
        document.path, document.saved, document.fingerprint = path, state.experiment, fingerprint
        document.kept_weights, document.trained = document.keeps_weights, trained
        document.saved_notes = document.runs.notes
        self._orders += 1  # edits before and after it are not one step
        self.document_changed.emit()

    def finish_draft(self) -> None:
        """Have a drawing under way finished, as one step of its own."""
        drawn = None if self.drawer is None else self.drawer.hand_over()
        self.commit_draft(*(drawn or (message("Draw"),)))

    def draft(self, dataset: Dataset) -> None:
        """Show and train on a dataset that is still being drawn."""
        if self._before_draft is None:
            self._before_draft = self.experiment
        self.apply(self.experiment.with_dataset(dataset))

    def commit_draft(self, name: Message, dataset: Dataset | None = None) -> None:
        """Make what was drawn, in the end `dataset`, one undo step of that name; without a name it is none."""
        if not name:
            self.cancel_draft()
            return
        if dataset is not None:
            self.draft(dataset)
        before, self._before_draft = self._before_draft, None
        if before is not None and before != self.experiment:
            self._push(Edit(self, State(before, self.document, self.run_id), self.state, name))

    def _push(self, edit: Edit) -> None:
        if not self._merge(edit):
            self.undo_stack.push(edit)
        forget_oldest(self.undo_stack, UNDO_BYTES)

    def _merge(self, edit: Edit) -> bool:
        """Make an edit part of the last step, if it is one with that; returns whether it is.

        Not left to the stack: what that merges PySide keeps for ever, with all the points before and after it.
        """
        stack = self.undo_stack
        last = stack.command(stack.index() - 1)
        if not isinstance(last, Edit) or stack.canRedo() or not last.is_one_with(edit):
            return False
        last.after = edit.after
        last.call(edit.name)
        self.use(last.before if last.after == last.before else last.after)  # before has its weights
        if last.after == last.before:
            last.setObsolete(True)
            stack.undo()  # which removes it
        else:
            stack.indexChanged.emit(stack.index())
        return True

    def open(self, experiment: Experiment, document: Document | None = None, memory: RunMemory = ()) -> None:
        """Work on another experiment, without a history; without a document it has no name.

        `memory`: see `start`; of a document that is as it was saved, it is what the file holds.
        """
        self.finish_draft()
        self.document = document or Document(None, experiment)
        self.experiment = self.document.with_looks(experiment)
        self.undo_stack.clear()
        self.start(memory=memory)
        self.runs.forget_others(self.document)
        if memory:
            self.runs.begin(self.document, self.run_id)
        if memory and self.document.saved is experiment:
            self.document.trained = Training(self.run_id, steps_of(memory))
        self.experiment_changed.emit(experiment)
        self.document_changed.emit()
        self.document_replaced.emit()

    def use(self, state: State) -> int | None:
        """Work on what a step of the history leads to, once all steps that are made at a time have been.

        Returns:
            The number of the run that it leads away from.
        """
        left, self._led_to = self.run_id if self._led_to is None else self._led_to.run, state
        if state.keeps_weights is not None:
            state.document.keeps_weights = state.keeps_weights
        if state.notes is not None:
            state.document.runs = state.document.runs.with_notes(state.notes)
        return left

    @Slot()
    def _follow_history(self) -> None:
        """Work on what the history has led to: a click far back leads by hundreds of steps, and only to the last."""
        state, self._led_to = self._led_to, None
        if state is not None:
            if self.drawer is not None:
                self.drawer.give_up()  # what is drawn on is gone
            self.cancel_draft()
            is_other = state.document is not self.document
            self.document = state.document
            self.apply(state.experiment, state.run)
            if is_other:
                self.document_replaced.emit()
        self.document_changed.emit()

    def cancel_draft(self) -> None:
        """Go back to before the drawing."""
        before, self._before_draft = self._before_draft, None
        if before is not None:
            self.apply(before)

    def apply(self, experiment: Experiment, run: int | None = None) -> None:
        """Take over an experiment and tell the worker; without a step in the history. `run`: see `State`."""
        experiment = self.document.with_looks(experiment)
        before, self.experiment = self.experiment, experiment
        had_steps = has_steps(self.snapshot, self.run_id)
        if run not in (None, self.run_id):
            is_new = run in self._brought
            self._begin(run or 0, running=False)
            self._goes_back = not is_new
        elif experiment is before:
            return
        elif run is not None or experiment.goes_on_from(before):
            self._port.send(UseExperiment(experiment))
        else:
            self.start(running=None)  # the worker knows what the run does; the last snapshot may be old
            if had_steps:
                self.told.emit(RESTARTED)
        if experiment is not before:
            self.experiment_changed.emit(experiment)
        if experiment.test_looks != before.test_looks:
            self.document_changed.emit()

    def start(self, *, running: bool | None = False, memory: RunMemory = ()) -> None:
        """Begin a new run: from a fresh initialization, with the same seed, or from the states of trained lanes.

        `running`: see `engine.run.commands.Start`.
        """
        self._begin(self._new_run(memory), running=running)

    def _new_run(self, memory: RunMemory | None = ()) -> int:
        """The number of a new run, which begins with these states if there are any."""
        self._n_runs += 1
        self._brought = {self._n_runs: memory}
        return self._n_runs

    def _begin(self, run: int, *, running: bool | None) -> None:
        """Begin a run, go back to one that was left, or begin the current one anew."""
        if run != self.run_id:
            self.runs.leave()
        self.run_id, self._goes_back = run, False
        needed, memory = runs_of(self.undo_stack, self.state), self._brought.pop(run, ())
        self._steps = {number: self._steps[number] for number in needed & self._steps.keys()}
        if memory:
            self._steps[run] = steps_of(memory)
        welcome = self.runs.worth_keeping()
        self._port.send(Start(run, self.experiment, running, needed, memory or (), welcome, memory is None))
        if running is False and self.is_train_wanted:  # it comes after the order to train, and pauses
            self.is_train_wanted = False
            self.train_withdrawn.emit(self.snapshot)

    def reset(self) -> None:
        """Begin anew from the first weights, undoably if there is something to lose; the seed stays."""
        self.finish_draft()
        if not has_steps(self.snapshot, self.run_id):
            self._begin(self.run_id, running=False)
            return
        self._push(Edit(self, self.state, replace(self.state, run=self._new_run()), message("Reset")))

    def train(self, until: int | None = None) -> None:
        """Train, or go on training; pause at the end of epoch `until`, if that is given."""
        self._orders += 1
        self.is_train_wanted = self.snapshot.state is RunState.LOADING
        self._port.send(Resume(until))

    def pause(self) -> None:
        """Stop training; everything is kept."""
        self.is_train_wanted = False
        self._port.send(Pause())

    def step(self) -> None:
        """Train to the end of the epoch."""
        self._orders += 1
        self._port.send(Step())

    @Slot(object)
    def use_speed(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None is as fast as possible."""
        self._port.send(UseSpeed(epochs_per_second))

    @Slot()
    def take_snapshot(self) -> None:
        """Pass on the newest snapshot if it is of the current run."""
        snapshot = self._port.take()
        if snapshot is None:
            return
        if snapshot.run_id != self.run_id and snapshot.state not in (RunState.UNAVAILABLE, RunState.ENDED):
            return
        self.snapshot, had_new_weights = snapshot, self.state.has_new_weights
        self.is_train_wanted &= snapshot.state is RunState.LOADING
        if snapshot.lanes and snapshot.run_id == self.run_id:
            self._steps[self.run_id] = tuple(lane.steps for lane in snapshot.lanes)
            self.runs.see(snapshot, self.experiment, self.document)
        if self.state.has_new_weights is not had_new_weights:
            self.document_changed.emit()
        if self._goes_back and snapshot.origin is not Origin.DRAWN:
            self._goes_back = False
            self.told.emit(RETURNED[snapshot.origin])
        self.sight.begin_frame(is_running=snapshot.state is RunState.RUNNING)
        with self.sight.painting():
            self.snapshot_arrived.emit(snapshot)
