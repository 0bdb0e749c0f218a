"""The verdict on a run: under-, just right or overfitted, by rules that are shown beside it. Numpy only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.mlp.activations import Floats

OVERFITTED_RATIO, OVERFITTED_RISE, OVERFITTED_WAIT = 1.3, 0.03, 0.2
"""The validation loss is at least so many times its minimum and so far above it, and that so large a share of the run
ago."""
MIN_VALIDATION = 20
"""Of fewer validation points nothing is said."""
UNDERFITTED_GAP = 0.03
"""The training accuracy is by more than this below that of the neighbours' vote; of values it is R²."""
MIN_ROWS = 10
"""Of fewer rows nothing is said."""
FALLING_SHARE, FALLING_LOSS = 0.05, 0.01
"""It falls still: it is by such a share, and so much, below its minimum up to a fifth of the run ago."""


class FitState(StrEnum):
    """The state of a run, as a verdict names it."""

    OVERFITTING = "overfitting"
    UNDERFITTING = "underfitting"
    JUST_RIGHT = "just_right"
    TOO_EARLY = "too_early"
    FEW_POINTS = "few_points"
    NO_VALIDATION = "no_validation"


@dataclass(frozen=True)
class FitVerdict:
    """The state, and the numbers that decide it; nan where there are none.

    Attributes:
        state: what holds.
        epoch: of the last row.
        loss: the validation loss now: the median of its last three.
        best_loss: the smallest median of three in a row.
        best_epoch: that of the middle one of these.
        ratio: the loss over the best.
        train_score, validation_score: accuracy, or R² of values, in the last row.
        best_validation_score: that at the best epoch.
        neighbours: the score of the yardstick; see `engine.insight.neighbours`.
    """

    state: FitState
    epoch: float = math.nan
    loss: float = math.nan
    best_loss: float = math.nan
    best_epoch: float = math.nan
    ratio: float = math.nan
    train_score: float = math.nan
    validation_score: float = math.nan
    best_validation_score: float = math.nan
    neighbours: float = math.nan


def judge_fit(history: NDArray[np.float64], n_validation: int, neighbours: float = math.nan) -> FitVerdict:
    """The verdict on a run.

    Args:
        history: float64 (n_rows, 5), see `engine.run.history.History.table`, at even distances, less what was measured
            of other data, of another split or by another loss; rows that have no finite loss are left out.
        n_validation: points for validation.
        neighbours: the score of the yardstick, see `engine.insight.neighbours`; nan as long as it is not known, and
            so long a network that is not overfitted is not said to be just right.

    Rules, the first that holds: there are no validation points; there are fewer than 20; there are fewer than 10 rows:
    too early; the validation loss, a median of three, is at least 1.3 times its minimum and 0.03 above it, and that at
    least 20 % of the run ago: overfitting (GL of Prechelt 1998, "Early Stopping - But When?", with a wait); the
    validation loss is by 5 % and 0.01 below what it was up to a fifth of the run ago: too early, it learns still; the
    training accuracy is more than 3 points below a vote of 5 neighbours: underfitting; else just right.
    """
    if not n_validation:
        return FitVerdict(FitState.NO_VALIDATION)
    if n_validation < MIN_VALIDATION:
        return FitVerdict(FitState.FEW_POINTS)
    rows = history[np.isfinite(history[:, 1:3]).all(axis=1)]
    if len(rows) < MIN_ROWS:
        return FitVerdict(FitState.TOO_EARLY)
    epochs, smooth = rows[:, 0], medians_of_three(rows[:, 2])
    best, loss, length = int(smooth.argmin()), float(smooth[-1]), float(epochs[-1] - epochs[0])
    best_loss, best_epoch = float(smooth[best]), float(epochs[best + 1])
    ratio = loss / best_loss if best_loss > 0 else 1.0 if loss == 0 else math.inf
    has_risen = ratio >= OVERFITTED_RATIO and loss - best_loss >= OVERFITTED_RISE
    if has_risen and epochs[-1] - best_epoch >= OVERFITTED_WAIT * length:
        state = FitState.OVERFITTING
    elif math.isnan(neighbours) or falls(smooth):
        state = FitState.TOO_EARLY
    elif neighbours - rows[-1, 3] > UNDERFITTED_GAP:
        state = FitState.UNDERFITTING
    else:
        state = FitState.JUST_RIGHT
    scores = float(rows[-1, 3]), float(rows[-1, 4]), float(rows[best + 1, 4])
    return FitVerdict(state, float(epochs[-1]), loss, best_loss, best_epoch, ratio, *scores, neighbours)


def medians_of_three(values: Floats) -> Floats:
    """The medians of each three in a row, float64 (n - 2,)."""
    result: Floats = np.median(np.lib.stride_tricks.sliding_window_view(values, 3), axis=1)
    return result


def falls(losses: Floats) -> bool:
    """True if the last loss is clearly below all but the last fifth."""
    before = float(losses[: -max(1, len(losses) // 5)].min())
    return before - float(losses[-1]) >= max(FALLING_LOSS, FALLING_SHARE * before)
