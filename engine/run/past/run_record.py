"""The record of one lane of a run: what is kept of it when its networks are gone. No torch."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.learning.metrics import Metrics
from engine.run.past.thumbnail import THUMBNAIL, Thumbnail
from engine.run.snapshot import LaneSnapshot

MAX_ROWS = 36  # of the curves that are kept
EARLY = 1.7  # how much denser they are at the beginning, where curves fall
DATA = "data"
"""The name of a change of the points, beside those of settings."""

Key = tuple[int, int]
"""The number of a run in its document, from 1, and of one of its lanes, from 0."""


@dataclass(frozen=True, eq=False)
class RunRecord:
    """One lane of a run as it was when it was seen last.

    Attributes:
        key: of which run and lane.
        config: its settings at the end.
        epochs: that it was trained for.
        metrics: at the end.
        lowest: the lowest validation loss since something else was measured, and its epoch; nan without any.
        n_points: that there were.
        data: of these points a number that others hardly have.
        curves: float32 (n_rows, 5), columns as in `engine.run.history.History.table`: some rows of the curves since
            something else was measured, the last one included.
        changes: names of the settings, or `DATA`, that were changed while it was trained.
        thumbnail: of what it decides, if that is known.
        is_diverged: whether it had.
    """

    key: Key
    config: TrainingConfig
    epochs: int
    metrics: Metrics
    lowest: tuple[float, float]
    n_points: int
    data: int
    curves: NDArray[np.float32]
    changes: tuple[str, ...] = ()
    thumbnail: Thumbnail | None = None
    is_diverged: bool = False

    @property
    def has_values(self) -> bool:
        """True if values were learned, not classes."""
        return math.isnan(self.metrics.train_accuracy) and not math.isnan(self.metrics.train_rmse)


def record_of(
    key: Key, lane: LaneSnapshot, config: TrainingConfig, dataset: Dataset, changes: Sequence[str] = ()
) -> RunRecord:
    """The record of a lane as a snapshot shows it."""
    rows = lane.with_best
    return RunRecord(
        key,
        config,
        lane.epochs,
        lane.metrics,
        lowest_of(rows),
        len(dataset),
        data_number(dataset),
        thinned(rows),
        tuple(changes),
        lane.readings.value(THUMBNAIL),
        lane.divergence is not None,
    )


def lowest_of(rows: NDArray[np.float64]) -> tuple[float, float]:
    """The lowest validation loss of rows of curves, and its epoch; nan if none is finite."""
    known = rows[np.isfinite(rows[:, 2])]
    if not len(known):
        return math.nan, math.nan
    epoch, loss = known[known[:, 2].argmin(), [0, 2]]
    return float(loss), float(epoch)


def thinned(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Some rows of curves, the first, the last and the lowest among them; of what is long, more of its beginning."""
    if len(rows) > MAX_ROWS:
        chosen = np.rint(np.linspace(0, 1, MAX_ROWS - 1) ** EARLY * (len(rows) - 1)).astype(np.intp)
        known = np.where(np.isfinite(rows[:, 2]), rows[:, 2], np.inf)
        rows = rows[np.union1d(chosen, known.argmin())]
    with np.errstate(over="ignore"):  # what float32 has no room for is infinite
        return rows.astype(np.float32)


def data_number(dataset: Dataset) -> int:
    """A number by which points with their labels, what is learned of them, and their split are known again."""
    number = int(dataset.has_values)
    for array in (dataset.points, dataset.labels, dataset.serials):
        number = zlib.crc32(np.ascontiguousarray(array).data, number)
    return number
