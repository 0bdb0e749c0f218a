"""The runs as they are trained: each becomes rows of its document's list when it is left. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from engine.config import SETTINGS
from engine.experiment import Experiment
from engine.run.past.run_list import RunList
from engine.run.past.run_record import DATA, RunRecord, record_of
from engine.run.snapshot import Origin, Snapshot
from gui.editing.document import Document

MAX_KEPT = 200
"""Runs whose weights are kept beside those that can be gone back to, as far as there is room."""


@dataclass
class UnderWay:
    """The run that is under way.

    Attributes:
        document: whose run it is.
        experiment: as it was when the newest snapshot came.
        snapshot: the newest with lanes.
        begun: the steps of its lanes with which it began.
        number: in the document; None before it is trained.
        changes: names of what was changed while it was trained.
        made: its records, and the snapshot and experiment of which they are.
    """

    document: Document
    experiment: Experiment
    snapshot: Snapshot
    begun: tuple[int, ...]
    number: int | None = None
    changes: set[str] = field(default_factory=set)
    made: tuple[Snapshot, Experiment, tuple[RunRecord, ...]] | None = None

    def records(self) -> tuple[RunRecord, ...]:
        """Its rows as they are now."""
        if self.number is None:
            return ()
        if self.made is None or self.made[0] is not self.snapshot or self.made[1] is not self.experiment:
            changes = [name for name in (DATA, *SETTINGS) if name in self.changes]
            lanes = enumerate(zip(self.snapshot.lanes, self.experiment.lanes, strict=True))
            rows = (
                record_of((self.number, place), lane, config, self.experiment.dataset, changes)
                for place, (lane, config) in lanes
            )
            self.made = self.snapshot, self.experiment, tuple(rows)
        return self.made[2]


class RunLog(QObject):
    """Keeps the runs of documents.

    Of a run that is left, that is kept which was seen last: a snapshot is of one moment, and complete.

    Signals:
        changed(): a run was left, or began to be trained.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._now: UnderWay | None = None
        self._runs: dict[tuple[Document, int], int] = {}  # by document and number, those of this window
        self._left: frozenset[int] = frozenset()

    def of(self, document: Document) -> RunList:
        """The runs of a document, that under way among them as it is now."""
        now = self._now
        if now is None or now.document is not document or now.number is None:
            return document.runs
        return document.runs.with_records(now.records())

    def under_way(self, document: Document) -> int | None:
        """The number of the run of a document that is under way, or None."""
        return self._now.number if self._now is not None and self._now.document is document else None

    def run_with_weights(self, document: Document, number: int) -> int | None:
        """The run of that number, if it was left and its networks are kept."""
        run = self._runs.get((document, number))
        return run if run in self._left else None

    def number_of(self, document: Document, run: int | None) -> int | None:
        """The number of a run in its document, or None if it has none."""
        of_document = {known: number for (other, number), known in self._runs.items() if other is document}
        return None if run is None else of_document.get(run)

    def begin(self, document: Document, run: int) -> None:
        """Take a run that begins with the networks of a document's file for the one of which these are."""
        if document.runs.current is not None:
            self._runs[document, document.runs.current] = run

    def to_save(self, document: Document, run: int | None) -> RunList:
        """The runs of a document as they are saved, with networks of a run, or None if without any."""
        return replace(self.of(document), current=self.number_of(document, run))

    def see(self, snapshot: Snapshot, experiment: Experiment, document: Document) -> None:
        """Take a snapshot of the current run."""
        self._left = snapshot.left_runs
        if not snapshot.lanes or len(snapshot.lanes) != len(experiment.lanes):
            return
        now = self._now
        if now is None or now.snapshot.run_id != snapshot.run_id or now.document is not document:
            self.leave()
            now = self._now = self._begun(snapshot, experiment, document)
        if experiment is not now.experiment and any(lane.steps for lane in now.snapshot.lanes):
            now.changes |= changes_between(now.experiment, experiment)
        now.snapshot, now.experiment = snapshot, experiment
        if now.number is None and any(
            lane.steps > begun for lane, begun in zip(snapshot.lanes, now.begun, strict=False)
        ):
            now.number = document.runs.following
            document.runs = replace(document.runs, following=now.number + 1)
            self._runs[document, now.number] = snapshot.run_id
            self.changed.emit()

    def _begun(self, snapshot: Snapshot, experiment: Experiment, document: Document) -> UnderWay:
        number = self.number_of(document, snapshot.run_id)
        if snapshot.origin is Origin.LOST and number is not None:  # it is trained anew, and what it was stays as it is
            del self._runs[document, number]
            number = None
        steps = tuple(lane.steps for lane in snapshot.lanes)
        begun = steps if snapshot.origin is Origin.KEPT else (0,) * len(steps)
        known = {name for record in document.runs.records if record.key[0] == number for name in record.changes}
        return UnderWay(document, experiment, snapshot, begun, number, known)

    def leave(self) -> None:
        """Put the run under way among those of its document: another one begins."""
        now, self._now = self._now, None
        if now is not None and now.number is not None:
            now.document.runs = now.document.runs.with_records(now.records())
            self.changed.emit()

    def forget_others(self, document: Document) -> None:
        """Forget the runs of all documents but one: nothing leads back to them."""
        self._runs = {key: run for key, run in self._runs.items() if key[0] is document}

    def worth_keeping(self) -> tuple[int, ...]:
        """The runs whose weights may be asked for, those worth most last: the newest, and then the marked ones."""
        shown, marked = set[tuple[Document, int]](), set[tuple[Document, int]]()
        for document in {document for document, _ in self._runs}:
            shown |= {(document, record.key[0]) for record in document.runs.shown}
            marked |= {(document, number) for number, _ in document.runs.notes.marked}
        found = {run: place in marked for place, run in self._runs.items() if place in shown}
        return tuple(sorted(found, key=lambda run: (found[run], run))[-MAX_KEPT:])


def changes_between(before: Experiment, after: Experiment) -> set[str]:
    """The names of what lies between two experiments of one run: of settings, and `DATA`."""
    lanes = [pair for pair in zip(before.lanes, after.lanes, strict=True) if pair[0] is not pair[1]]
    found = {name for name in SETTINGS if any(getattr(one, name) != getattr(other, name) for one, other in lanes)}
    if before.dataset is not after.dataset and not before.dataset.has_same_points(after.dataset):
        found.add(DATA)
    return found
