"""The runs of a document, as one immutable value: what was measured of them, and what the user said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.run.past.run_record import Key, RunRecord

MAX_RUNS = 1000
"""Rows that are kept; beyond it those go that were neither marked nor named, the oldest first."""


@dataclass(frozen=True)
class RunNotes:
    """The words of the user on runs.

    Attributes:
        names: that were given to some.
        marked: those that matter.
        deleted: those that are not shown and not saved.
    """

    names: Mapping[Key, str] = field(default_factory=dict)
    marked: frozenset[Key] = frozenset()
    deleted: frozenset[Key] = frozenset()

    def named(self, key: Key, name: str) -> RunNotes:
        """These, and a name for one; "" for none."""
        names = {other: text for other, text in self.names.items() if other != key}
        return replace(self, names=names | ({key: name} if name else {}))

    def with_marks(self, keys: Collection[Key], *, is_marked: bool) -> RunNotes:
        """These, with marks set or taken away."""
        return replace(self, marked=self.marked | frozenset(keys) if is_marked else self.marked - frozenset(keys))

    def without(self, keys: Collection[Key]) -> RunNotes:
        """These, with some runs deleted."""
        return replace(self, deleted=self.deleted | frozenset(keys))


NO_NOTES = RunNotes()


@dataclass(frozen=True, eq=False)
class RunList:
    """All runs of a document.

    Attributes:
        records: each lane of each run, in the order of their numbers, those that are deleted included.
        notes: on them.
        following: the number of the next run.
        current: the number of the run whose trained network the file holds, or None.
    """

    records: tuple[RunRecord, ...] = ()
    notes: RunNotes = NO_NOTES
    following: int = 1
    current: int | None = None

    @property
    def shown(self) -> tuple[RunRecord, ...]:
        """Those that are not deleted."""
        return tuple(record for record in self.records if record.key not in self.notes.deleted)

    def with_notes(self, notes: RunNotes) -> RunList:
        """The same runs, with other notes."""
        return replace(self, notes=notes)

    def with_records(self, records: Iterable[RunRecord]) -> RunList:
        """With these records, which take the places of those of the same runs."""
        new = {record.key: record for record in records}
        runs = {number for number, _ in new}
        kept = {record.key: record for record in self.records if record.key[0] not in runs} | new
        excess = len(kept) - len(self.notes.deleted & kept.keys()) - MAX_RUNS
        if excess > 0:
            dear = self.notes.marked | self.notes.names.keys() | self.notes.deleted | new.keys()
            for key in [key for key in sorted(kept) if key not in dear][:excess]:
                del kept[key]
        following = max([self.following, *(number + 1 for number in runs)])
        return replace(self, records=tuple(kept[key] for key in sorted(kept)), following=following)

    def newest(self, count: int) -> RunList:
        """The newest of those that are not deleted, and all that are marked or named; without a `current` one."""
        dear = self.notes.marked | self.notes.names.keys()
        shown = self.shown
        kept = [record for record in shown[:-count] if record.key in dear] + list(shown[-count:])
        return replace(self, records=tuple(kept), current=None)

    def joined(self, other: RunList) -> RunList:
        """These, and those of another list that are not among them; with the notes of both, and the other's `current`.

        Those that are new have numbers of their own.
        """
        mine = {mark_of(record): record.key for record in self.records}
        added, notes, current, fresh = list[RunRecord](), self.notes, None, dict[int, int]()
        for record in other.shown:
            key = mine.get(mark_of(record))
            if key is None:
                key = fresh.setdefault(record.key[0], self.following + len(fresh)), record.key[1]
                added.append(replace(record, key=key))
            notes = notes.named(key, notes.names.get(key) or other.notes.names.get(record.key, ""))
            notes = notes.with_marks([key] if record.key in other.notes.marked else [], is_marked=True)
            current = key[0] if record.key[0] == other.current else current
        return replace(self.with_notes(notes).with_records(added), current=current)


NO_RUNS = RunList()


@dataclass(frozen=True, eq=False)
class ListedRun:
    """A run as it stands in a list.

    Attributes:
        record: what was measured.
        name: that it was given, or "".
        is_marked: whether it matters.
        is_under_way: whether it is of the run that is under way.
        has_weights: whether its networks are kept, so that it can go on.
        is_ghost: whether its curves are shown behind those of the run under way.
        has_other_points: whether it was trained on other points than there are now.
        has_lanes: whether its run has several.
    """

    record: RunRecord
    name: str = ""
    is_marked: bool = False
    is_under_way: bool = False
    has_weights: bool = False
    is_ghost: bool = False
    has_other_points: bool = False
    has_lanes: bool = False


def mark_of(record: RunRecord) -> tuple[object, ...]:
    """A value that only records of the same training have."""
    return record.config, record.epochs, record.data, record.curves.tobytes()
