"""Curves in bounded memory."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from engine.metrics import Metrics

CAPACITY = 300


class History:
    """Metrics at every `stride`-th epoch; the stride doubles whenever the capacity is reached.

    Which epochs are kept depends on their number alone, so the same experiment keeps the same rows, however fast the
    machine is. Memory and the number of vertices of a curve stay bounded however long a run is; each row is a value
    as measured, not an average.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._rows: list[tuple[float, ...]] = []
        self._table: NDArray[np.float64] | None = None
        self.stride = 1

    def wants(self, epoch: int) -> bool:
        """Whether the metrics at this epoch are to be recorded."""
        return epoch % self.stride == 0

    def record(self, epoch: int, metrics: Metrics) -> None:
        """Add the metrics at an epoch that is wanted; epochs only grow."""
        self._rows.append((epoch, *astuple(metrics)))
        if len(self._rows) > self._capacity:
            self.stride *= 2
            self._rows = [row for row in self._rows if row[0] % self.stride == 0]
        self._table = None

    def table(self) -> NDArray[np.float64]:
        """Float64 (n_rows, 5): epoch, train_loss, validation_loss, train_accuracy, validation_accuracy.

        The same array until more is recorded, so nobody may write into it.
        """
        if self._table is None:
            self._table = np.array(self._rows, dtype=np.float64).reshape(-1, 5)
            self._table.flags.writeable = False
        return self._table


class GradientHistory:
    """Gradient norms of every layer over time, as far apart as memory wants: every second row goes when it is full.

    Norms are measured by the clock, not at every epoch, so which epochs are kept differs from run to run; each row is
    a value as measured.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._epochs: list[int] = []
        self._norms: list[NDArray[np.float64]] = []
        self._table: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    def record(self, epoch: int, norms: NDArray[np.float64]) -> None:
        """Add the norms, float64 (n_layers,), at an epoch; of the same epoch the last ones count."""
        if self._epochs and self._epochs[-1] == epoch:
            self._norms[-1] = norms
        else:
            self._epochs.append(epoch)
            self._norms.append(norms)
        if len(self._epochs) > self._capacity:
            self._epochs, self._norms = self._epochs[::2], self._norms[::2]
        self._table = None

    def table(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Epochs, float64 (n_rows,), and norms, float64 (n_rows, n_layers); the same arrays until more is recorded."""
        if self._table is None:
            norms = np.stack(self._norms) if self._norms else np.empty((0, 0))
            self._table = np.array(self._epochs, dtype=np.float64), norms
        return self._table
