"""A part of the points, as one class against the rest sees them, and their numbers at a threshold."""

# Tests: tests/gui/decisions/test_threshold_chart.py

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.insight.outcomes import Outcomes, Split
from engine.learning.calibration import FEWEST_CALIBRATED, Calibration, calibration
from engine.learning.metrics import Roc, roc

MIN_THRESHOLD, MAX_THRESHOLD = 1e-6, 1 - 1e-6  # that the threshold of a network can be
MAX_DIGITS = 15


@dataclass(frozen=True, eq=False)
class Ranked:
    """Points with the probability of one class.

    Attributes:
        label: of the class.
        scores: its probability at each point, float64 (n_points,).
        is_positive: which points are of it, bool (n_points,).
        steps: at every threshold; None if there are points of one class only, or a probability is no number.
        calibration: of the probabilities; None without steps, or of so few points that it says nothing.
    """

    label: int
    scores: NDArray[np.float64]
    is_positive: NDArray[np.bool_]
    steps: Roc | None
    calibration: Calibration | None = None

    @property
    def n_positive(self) -> int:
        """Points of the class."""
        return int(np.count_nonzero(self.is_positive))

    @property
    def n_negative(self) -> int:
        """Points of the rest."""
        return len(self.is_positive) - self.n_positive


@dataclass(frozen=True)
class Rates:
    """The decisions for one class at one threshold; nan where there is no number.

    Attributes:
        recall: of its points, the share decided for.
        false_rate: of the rest, the share decided for.
        precision: of the points decided for, the share that is of it.
        f1: the harmonic mean of recall and precision.
    """

    recall: float
    false_rate: float
    precision: float
    f1: float


def rank(outcomes: Outcomes, label: int, split: Split = Split.VALIDATION) -> Ranked:
    """The points of a part, by the probability of a class."""
    mask = outcomes.mask(split)
    scores, is_positive = outcomes.probabilities[label][mask], outcomes.dataset.labels[mask] == label
    has_both = bool(is_positive.any() and not is_positive.all())
    steps = roc(scores, is_positive) if has_both and not np.isnan(scores).any() else None
    is_enough = steps is not None and len(scores) >= FEWEST_CALIBRATED
    return Ranked(label, scores, is_positive, steps, calibration(scores, is_positive) if is_enough else None)


def rates_at(steps: Roc, threshold: float) -> Rates:
    """The numbers where all points with a probability above a threshold are decided for."""
    step = steps.step_of(threshold)
    true, false = int(steps.true_positives[step]), int(steps.false_positives[step])
    precision = true / (true + false) if true + false else math.nan
    f1 = 2 * true / (true + false + steps.n_positive)
    return Rates(true / steps.n_positive, false / steps.n_negative, precision, f1)


def possible(threshold: float) -> float:
    """The next threshold that a network can have."""
    return min(max(threshold, MIN_THRESHOLD), MAX_THRESHOLD)


def threshold_of(steps: Roc, step: int) -> float:
    """The threshold with the fewest digits at which a step is decided, that a network can have."""
    low, high = map(possible, steps.thresholds_at(step))
    for digits in range(1, MAX_DIGITS):
        value = round((low + high) / 2, digits)
        if low <= value < high:
            return value
    return low
