"""The outcome of every point: what a network says of it, what that costs, and what is decided. No torch."""

# Tests: tests/engine/insight/probing/test_outcome_probe.py

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.config import Output
from engine.data.shares import Role
from engine.dataset import Dataset
from engine.insight.quantity import Quantity
from engine.learning.metrics import ClassReport, class_report
from engine.mlp.activations import Floats

Mask = NDArray[np.bool_]


class Split(StrEnum):
    """Some of the points, or all but those of the test: how the dataset is split."""

    TRAINING = "training"
    VALIDATION = "validation"
    ALL = "all"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcomes of all points of a dataset at one instant.

    Attributes:
        dataset: the points.
        roles: what each is used for, see `engine.data.shares.roles_of`; of those of the test losses and signals are 0.
        output: of the network; not `Output.AUTO`.
        is_squared: whether the loss is the squared error, else cross-entropy.
        probabilities: float64 ndarray of shape (n_classes, n_points).
        losses: of each point, penalties apart, summed over the output units; float64 ndarray of shape (n_points,).
        signals: the L2 norm of the derivative of a point's loss by the logits, float64 ndarray of shape (n_points,).
    """

    dataset: Dataset
    roles: NDArray[np.uint8]
    output: Output
    is_squared: bool
    probabilities: Floats
    losses: Floats
    signals: Floats

    @property
    def is_held_out(self) -> Mask:
        """The points that are kept for validation, bool ndarray of shape (n_points,)."""
        result: Mask = self.roles == Role.VALIDATION
        return result

    @property
    def is_finite(self) -> bool:
        """True if there is a number for every point; a network that has diverged may have none."""
        return bool(np.isfinite(self.losses).all() and np.isfinite(self.probabilities).all())

    @property
    def has_threshold(self) -> bool:
        """True if the network decides by a threshold: that of the setting, for the second of two classes."""
        return self.output is Output.SIGMOID

    @property
    def largest_signal(self) -> float:
        """The largest that a signal can be: with the squared error not where a point is most wrong, but at P = 1/3."""
        n_units = len(self.probabilities) if self.output is Output.INDEPENDENT_SIGMOIDS else 1
        if self.output is Output.SOFTMAX:
            return math.sqrt(2) * (16 / 27 if self.is_squared else 1.0)
        return math.sqrt(n_units) * (8 / 27 if self.is_squared else 1.0)

    def mask(self, split: Split) -> Mask:
        """The points of one part of the split, bool ndarray of shape (n_points,)."""
        match split:
            case Split.TRAINING:
                return np.asarray(self.roles == Role.TRAINING)
            case Split.VALIDATION:
                return self.is_held_out
            case Split.ALL:
                return np.asarray(self.roles != Role.TEST)

    def decisions(self, threshold: float) -> NDArray[np.int64]:
        """The class that is decided for at each point, int64 ndarray of shape (n_points,).

        `threshold`: of the probability of the second of two classes; see `has_threshold`.
        """
        if self.has_threshold:
            return np.asarray(self.probabilities[1] > threshold, dtype=np.int64)
        return np.asarray(self.probabilities.argmax(axis=0), dtype=np.int64)

    def report(self, split: Split, threshold: float) -> ClassReport:
        """The decisions at the points of one part of the split, judged class by class."""
        mask = self.mask(split)
        return class_report(self.dataset.labels[mask], self.decisions(threshold)[mask], self.dataset.n_classes)

    def most_wrong(self, split: Split) -> int | None:
        """The number of the point of a part to whose own class the network gives least; None if the part is empty."""
        points = np.flatnonzero(self.mask(split))
        return int(points[self.of_own_class()[points].argmin()]) if len(points) else None

    def signal_with(self, point: int, *, squared: bool) -> float:
        """The signal that a point of a number has or would have with the squared error, or else with cross-entropy."""
        p = self.probabilities[:, point]
        error = p - (np.arange(len(p)) == self.dataset.labels[point])
        match self.output:
            case Output.SOFTMAX:
                by_logit = 2 * p * (error - error @ p) if squared else error
            case Output.INDEPENDENT_SIGMOIDS:
                by_logit = 2 * error * p * (1 - p) if squared else error
            case _:
                by_logit = 2 * error[1:] * p[0] * p[1] if squared else error[1:]
        return float(np.linalg.norm(by_logit))

    def of_own_class(self) -> Floats:
        """The probability of each point's own class, float64 ndarray of shape (n_points,)."""
        result: Floats = self.probabilities[self.dataset.labels, np.arange(len(self.dataset))]
        return result


OUTCOMES: Quantity[Outcomes] = Quantity("outcomes")
