"""All that the laboratory Fit shows of a lane: its curves since the last change, and the verdict on them."""

# Tests: tests/gui/fitting/test_fit_curves.py

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.insight.fitting import FitVerdict, judge_fit
from engine.insight.neighbours import NEIGHBOURS
from engine.run.snapshot import LaneSnapshot
from gui.paint.lane_view import LaneView


@dataclass(frozen=True, eq=False)
class LaneFit:
    """A lane.

    Attributes:
        title: what sets it apart from the others; "" if there are none.
        rows: float64 (n_rows, 5), see `LaneSnapshot.with_best`.
        verdict: on them, but for the best, which is kept however dense the others are.
        lane: the snapshot.
    """

    title: str
    rows: NDArray[np.float64]
    verdict: FitVerdict
    lane: LaneSnapshot

    @property
    def best(self) -> tuple[float, float] | None:
        """The epoch of the lowest validation loss, and that loss; None if there is none."""
        if self.lane.best_epoch is not None and self.lane.best_loss is not None:
            return self.lane.best_epoch, self.lane.best_loss
        return None

    @property
    def train_score(self) -> float:
        """The accuracy of the training points, or R², as it is now."""
        return float(self.rows[-1, 3])

    @property
    def validation_score(self) -> float:
        """That of the validation points."""
        return float(self.rows[-1, 4])

    @property
    def validation_loss(self) -> float:
        """The validation loss as it is now."""
        return float(self.rows[-1, 2])

    @property
    def lowest_loss(self) -> float:
        """The lowest validation loss; nan if there is none."""
        return math.nan if self.best is None else self.best[1]

    def is_as(self, other: LaneFit) -> bool:
        """True if it shows the same."""
        return (
            self.title == other.title
            and np.array_equal(self.rows, other.rows, equal_nan=True)
            and repr(self.verdict) == repr(other.verdict)  # which nan is equal to itself in
        )


def fit_of(lane: LaneView) -> LaneFit:
    """All that is shown of a lane."""
    shown = lane.snapshot
    neighbours = lane.value(NEIGHBOURS)
    known = math.nan if neighbours is None else neighbours
    verdict = judge_fit(shown.since_change, shown.n_validation, known)
    return LaneFit(lane.title, shown.with_best, verdict, shown)
