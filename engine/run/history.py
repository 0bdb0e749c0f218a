"""Curves in bounded memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.insight.quantity import Timeline
from engine.learning.metrics import Metrics

CAPACITY = 300
Row = tuple[float, ...]
"""Epochs, a share of the next included, and `Metrics.curve`."""


class Measured(StrEnum):
    """The facts that loss and accuracy depend on; the curves before and after a change of one cannot be compared."""

    DATA = "data"
    SPLIT = "split"  # which points are kept for validation
    LOSS = "loss"
    THRESHOLD = "threshold"


@dataclass(frozen=True)
class Change:
    """A place where the curves end and begin anew, though no training lies between.

    Attributes:
        epoch: where it was; a part of an epoch counts as such a part.
        what: was changed, in the order of `Measured`.
        before: the last row that was measured before it.
        after: the first row that was measured after it, or None as long as there is none.
    """

    epoch: float
    what: tuple[Measured, ...]
    before: Row
    after: Row | None = None

    def then(self, later: Change) -> Change:
        """This change and a later one as one: no row lies between them."""
        what = tuple(kind for kind in Measured if kind in self.what + later.what)
        return Change(later.epoch, what, self.before, later.after)


def with_row(rows: NDArray[np.float64], row: Row | None) -> NDArray[np.float64]:
    """Rows in order of their epochs, with one more in its place if it lies between them."""
    if row is None or not len(rows) or row[0] in rows[:, 0] or not rows[0, 0] < row[0] < rows[-1, 0]:
        return rows
    return np.insert(rows, int(np.searchsorted(rows[:, 0], row[0])), row, axis=0)


def is_always_wanted(epoch: int) -> bool:
    """True if a history of any capacity from 200 on wants this epoch.

    Where a run ends must not depend on how many rows are kept, nor on who looks in between.
    """
    return epoch % widest_stride(epoch) == 0


def widest_stride(epoch: int) -> int:
    """The epochs between two rows at this epoch, of a history of capacity 200."""
    stride = 1
    while 200 * stride <= epoch:
        stride *= 2
    return stride


@dataclass(frozen=True, eq=False)
class Recorded:
    """The content of a `History`: its table, its changes, and the epochs between two rows."""

    table: NDArray[np.float64]
    changes: tuple[Change, ...] = ()
    stride: int = 1

    def until(self, epoch: int, metrics: Metrics) -> Recorded:
        """The content up to an epoch that is always wanted, with its metrics; what follows is as dense as then."""
        rows = self.table[self.table[:, 0] <= epoch]
        changes = tuple(change for change in self.changes if change.epoch <= epoch)
        if not (rows[:, 0] == epoch).any() and not any(change.epoch == epoch for change in changes):
            rows = np.vstack([rows, (epoch, *metrics.curve)])
        rows.flags.writeable = False
        return Recorded(rows, changes, min(self.stride, widest_stride(epoch)))


class History:
    """Metrics at every `stride`-th epoch; the stride doubles whenever the capacity is reached.

    Which epochs are kept depends on their number alone, so the same experiment keeps the same rows, however fast the
    machine is. Memory and the number of vertices of a curve stay bounded however long a run is; each row is a value
    as measured, not an average. The rows at both sides of a change of what is measured are kept beside them; changes
    between two rows are one.

    Args:
        capacity: the most rows.
        past: what it goes on from, if it is not of the beginning.
    """

    def __init__(self, capacity: int = CAPACITY, past: Recorded | None = None) -> None:
        self._capacity = capacity
        self._rows: list[Row] = [] if past is None else [tuple(row) for row in past.table.tolist()]
        self._changes: tuple[Change, ...] = () if past is None else past.changes
        self._table: NDArray[np.float64] | None = None
        self.stride = 1 if past is None else past.stride

    def recorded(self) -> Recorded:
        """The content, with which another history goes on."""
        return Recorded(self.table(), self._changes, self.stride)

    def wants(self, epoch: int) -> bool:
        """True if the metrics at this epoch are to be recorded."""
        return epoch % self.stride == 0

    def next_wanted(self, epoch: int) -> int:
        """The first epoch after this one whose metrics are to be recorded."""
        return (epoch // self.stride + 1) * self.stride

    def record(self, epoch: int, metrics: Metrics) -> None:
        """Add the metrics at an epoch that is wanted; epochs only grow.

        Nothing is added where there is a change: it has a row for either side.
        """
        if self._changes and self._changes[-1].epoch >= epoch:
            return
        self._rows.append((epoch, *metrics.curve))
        if len(self._rows) > self._capacity:
            self.stride *= 2
            self._rows = [row for row in self._rows if row[0] % self.stride == 0]
            changes, self._changes = self._changes, ()
            for change in changes:
                self._add(change)
        self._table = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of what is measured, in order; at most one between two rows."""
        return self._changes

    def change(self, epoch: float, what: Collection[Measured], before: Row) -> None:
        """Note that what is measured is another from here on."""
        if before[0] > epoch:  # an epoch that was under way begins anew with other data
            before = (epoch, *before[1:])
        self._add(Change(epoch, tuple(kind for kind in Measured if kind in what), before))

    def _add(self, change: Change) -> None:
        """Add a change, or make it one with the last."""
        last = self._changes[-1] if self._changes else None
        if last is not None and not any(last.epoch < row[0] <= change.epoch for row in reversed(self._rows)):
            self._changes = (*self._changes[:-1], last.then(change))
        else:
            self._changes = (*self._changes, change)

    def measured(self, epoch: float, metrics: Metrics) -> None:
        """Take what was measured anywhere for the first row after a change, if that is still missing."""
        if not self._changes or self._changes[-1].after is not None:
            return
        change, row = self._changes[-1], (epoch, *metrics.curve)
        is_undone = np.array_equal(change.before, row, equal_nan=True)
        self._changes = self._changes[:-1] + (() if is_undone else (replace(change, after=row),))

    def table(self) -> NDArray[np.float64]:
        """Float64 (n_rows, 5): epoch, train_loss, validation_loss, train_accuracy, validation_accuracy.

        The same array until more is recorded, so nobody may write into it.
        """
        if self._table is None:
            self._table = np.array(self._rows, dtype=np.float64).reshape(-1, 5)
            self._table.flags.writeable = False
        return self._table


class VectorHistory:
    """Vectors over time, such as the gradient norms of the layers: every second row goes when there are many.

    They are measured by the clock, not at every epoch, so which epochs are kept differs from run to run; each row is
    a value as measured.

    Args:
        capacity: the most rows.
        timeline: that it goes on from, if it is not of the beginning.
    """

    def __init__(self, capacity: int = CAPACITY, timeline: Timeline | None = None) -> None:
        self._capacity = capacity
        self._epochs: list[int] = [] if timeline is None else timeline[0].astype(int).tolist()
        self._values: list[NDArray[np.float64]] = [] if timeline is None else list(timeline[1])
        self._table: Timeline | None = None

    def record(self, epoch: int, values: NDArray[np.float64]) -> None:
        """Add a vector, float64 (n_values,), at an epoch; of the same epoch the last one counts, of epoch 0 the first.

        So what was measured at the start is the first row for good.
        """
        if self._epochs and self._epochs[-1] == epoch:
            self._values[-1] = values if epoch else self._values[-1]
        else:
            self._epochs.append(epoch)
            self._values.append(values)
        if len(self._epochs) > self._capacity:
            self._epochs, self._values = self._epochs[::2], self._values[::2]
        self._table = None

    def table(self) -> Timeline:
        """Epochs and vectors, float64 (n_rows,) and (n_rows, n_values); the same arrays until more is recorded."""
        if self._table is None:
            values = np.stack(self._values) if self._values else np.empty((0, 0))
            self._table = np.array(self._epochs, dtype=np.float64), values
        return self._table
