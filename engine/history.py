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

    def table(self) -> NDArray[np.float64]:
        """A copy, shape (n_rows, 5): epoch, train_loss, validation_loss, train_accuracy, validation_accuracy."""
        return np.array(self._rows, dtype=np.float64).reshape(-1, 5)
