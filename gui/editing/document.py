"""A document: its file, what that holds, and the document that it was opened in place of. No widgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.experiment import Experiment
from engine.run.lane_state import RunMemory
from engine.run.past.run_list import NO_NOTES, NO_RUNS, RunList, RunNotes
from gui.editing.fingerprint import Fingerprint


@dataclass(frozen=True)
class Training:
    """The training of the networks that a file holds: of which run, None if of none of this window, and their steps."""

    run: int | None = None
    steps: tuple[int, ...] = ()

    def is_beyond(self, other: Training | None) -> bool:
        """True if these networks were trained, and the others are not the same ones as far or farther."""
        if other is None or self.run != other.run or len(self.steps) != len(other.steps):
            return any(self.steps)
        return any(mine > theirs for mine, theirs in zip(self.steps, other.steps, strict=True))


def steps_of(memory: RunMemory) -> tuple[int, ...]:
    """The steps of the networks of a run."""
    return tuple(lane.network.steps for lane in memory)


@dataclass(eq=False)
class Document:
    """The work that is saved under one name; an undo step that leads to another document keeps both.

    Attributes:
        path: of its file, or None if it has none yet.
        saved: the experiment that the file holds, or that needs no saving because it can be had again;
            None if nobody knows.
        behind: what was worked on when this was opened in its place, or None.
        fingerprint: of the file when it was read or written, or None.
        keeps_weights: whether the trained network is saved, too.
        kept_weights: the same when the file was read or written.
        trained: the networks that the file holds, or None if it holds none.
        runs: that were trained, that under way as it was when it was left last.
        saved_notes: on them, when the file was read or written.
        test_looks: how often the result on the points of the test was looked at; no undo takes a look back.
    """

    path: str | None
    saved: Experiment | None
    behind: State | None = None
    fingerprint: Fingerprint | None = None
    keeps_weights: bool = False
    kept_weights: bool = False
    trained: Training | None = None
    runs: RunList = NO_RUNS
    saved_notes: RunNotes = NO_NOTES
    test_looks: int = 0

    def with_looks(self, experiment: Experiment) -> Experiment:
        """An experiment of this document with all looks at the test that are known."""
        self.test_looks = max(self.test_looks, experiment.test_looks)
        is_known = experiment.test_looks == self.test_looks
        return experiment if is_known else replace(experiment, test_looks=self.test_looks)


@dataclass(frozen=True)
class State:
    """The work at one time: a document, and the experiment as it is.

    Attributes:
        run: the number of the run that belongs to it, with its weights; None: that under way if it can go on, else a
            new one.
        steps: of its networks, as far as is known.
        keeps_weights: the choice of the document that comes back with it; None: as it is.
        notes: on its runs, which come back with it; None: as they are.
    """

    experiment: Experiment
    document: Document
    run: int | None = field(default=None, compare=False)
    steps: tuple[int, ...] = field(default=(), compare=False)
    keeps_weights: bool | None = field(default=None, compare=False)
    notes: RunNotes | None = field(default=None, compare=False)

    @property
    def is_modified(self) -> bool:
        """True if the file of the document does not hold this work, as far as was chosen that it does."""
        return self.has_new_weights or self.has_other_content

    @property
    def has_other_content(self) -> bool:
        """True if the file of the document holds another experiment, or something else was chosen to be in it.

        New runs alone are none: whoever has only trained is not asked whether to save.
        """
        document, saved = self.document, self.document.saved
        is_other = saved is not self.experiment and saved != self.experiment
        is_noted = document.runs.notes is not document.saved_notes and document.runs.notes != document.saved_notes
        return is_other or is_noted or document.keeps_weights is not document.kept_weights

    @property
    def has_new_weights(self) -> bool:
        """True if the document keeps weights, and the file of it does not hold those of this training."""
        return self.document.keeps_weights and Training(self.run, self.steps).is_beyond(self.document.trained)

    def all_unsaved(self) -> list[State]:
        """This state and those behind it, as far as they are not saved; the oldest first."""
        return [state for state in reversed(list(self.with_those_behind())) if state.is_modified]

    def with_those_behind(self) -> Iterator[State]:
        """This state, and those that lie behind one another, the newest first."""
        state: State | None = self
        while state is not None:
            yield state
            state = state.document.behind
