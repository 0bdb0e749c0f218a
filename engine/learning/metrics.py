"""The worth of a network on data: loss, accuracy, figures for each class and each threshold, and their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import InputError
from engine.mlp.activations import Floats

Z_95 = 1.959963984540054
"""The quantile of the normal distribution for an interval of 95 %."""


@dataclass(frozen=True)
class Metrics:
    """Mean loss, and accuracy or how well values are met; nan where there are no points, or the other is learned.

    Attributes:
        train_loss, validation_loss: mean loss of the data, penalties apart; cross-entropy in nats, the squared error
            of values in their variance over the training points.
        train_accuracy, validation_accuracy: share of points that are decided for their class, 0 to 1.
        train_rmse, validation_rmse: root mean square of the errors of the values, in their own unit.
        train_r2, validation_r2: R², the share of the variance of the values that is explained, 1 less the mean squared
            error over the variance of these points; at most 1, below 0 if their mean were the better guess, nan where
            all are equal.
    """

    train_loss: float = math.nan
    validation_loss: float = math.nan
    train_accuracy: float = math.nan
    validation_accuracy: float = math.nan
    train_rmse: float = math.nan
    validation_rmse: float = math.nan
    train_r2: float = math.nan
    validation_r2: float = math.nan

    @property
    def curve(self) -> tuple[float, float, float, float]:
        """Both losses and both accuracies, or R² in the place of these: what curves are drawn of."""
        scores = (self.train_accuracy, self.validation_accuracy), (self.train_r2, self.validation_r2)
        train, validation = (r2 if math.isnan(accuracy) else accuracy for accuracy, r2 in zip(*scores, strict=True))
        return self.train_loss, self.validation_loss, train, validation


@dataclass(frozen=True, eq=False)
class ClassReport:
    """The decisions judged class by class (Manning et al. 2008, Introduction to Information Retrieval, chapter 8).

    What has no meaning is nan, never 0, and is left out of the macro averages: all three of a class without points, and
    the precision of a class that is never decided for, whose recall and F1 are 0.

    Attributes:
        confusion: int64 (n_classes, n_classes): points of the class of the row that are decided for that of the column.
        precision: of the points decided for a class, the share that is of it; float64 (n_classes,).
        recall: of the points of a class, the share that is decided for it; float64 (n_classes,).
        f1: harmonic mean of the two, 2 TP / (2 TP + FP + FN); float64 (n_classes,).
    """

    confusion: NDArray[np.int64]
    precision: Floats
    recall: Floats
    f1: Floats

    @property
    def accuracy(self) -> float:
        """The share of all points that are decided for their class; nan without points."""
        total = int(self.confusion.sum())
        return int(self.confusion.trace()) / total if total else math.nan

    @property
    def macro_precision(self) -> float:
        """Mean over the classes, each counted once however many points it has."""
        return mean_of_numbers(self.precision)

    @property
    def macro_recall(self) -> float:
        """Mean over the classes, each counted once however many points it has."""
        return mean_of_numbers(self.recall)

    @property
    def macro_f1(self) -> float:
        """Mean over the classes, each counted once however many points it has."""
        return mean_of_numbers(self.f1)


@dataclass(frozen=True, eq=False)
class Roc:
    """The decisions at every threshold: points with a score of at least that are decided for (Fawcett 2006).

    "An introduction to ROC analysis", Pattern Recognition Letters 27. One step for each different score, so points with
    equal scores are decided together; the first step decides for none.

    Attributes:
        thresholds: float64 (n_steps,), falling; the first is infinite.
        true_positives, false_positives: int64 (n_steps,): points decided for, of the class and of the rest.
        n_positive, n_negative: points of the class and of the rest.
    """

    thresholds: Floats
    true_positives: NDArray[np.int64]
    false_positives: NDArray[np.int64]
    n_positive: int
    n_negative: int

    @property
    def true_rate(self) -> Floats:
        """Recall: of the points of the class, the share decided for; float64 (n_steps,)."""
        rate: Floats = self.true_positives / self.n_positive
        return rate

    @property
    def false_rate(self) -> Floats:
        """Of the points of the rest, the share decided for; float64 (n_steps,)."""
        rate: Floats = self.false_positives / self.n_negative
        return rate

    @property
    def precision(self) -> Floats:
        """Of the points decided for, the share that is of the class; float64 (n_steps,), 1 where there are none."""
        decided = self.true_positives + self.false_positives
        result: Floats = np.divide(self.true_positives, decided, out=np.ones(len(decided)), where=decided > 0)
        return result

    @property
    def area(self) -> float:
        """The share of pairs, one of the class and one of the rest, in which it has the larger score; ties count ½.

        Of whole pairs, so it is 1 only where all are in order and 0 only where none is.
        """
        doubled = np.diff(self.false_positives) @ (self.true_positives[1:] + self.true_positives[:-1])
        return int(doubled) / (2 * self.n_positive * self.n_negative)

    @property
    def area_error(self) -> float:
        """The standard error of the area (Hanley and McNeil 1982, Radiology 143, formulas 1 and 2).

        It is 0 where all pairs are in order or none is, which is then no estimate of anything.
        """
        area, n, m = self.area, self.n_positive, self.n_negative
        both_above, both_below = area / (2 - area), 2 * area**2 / (1 + area)
        spread = area * (1 - area) + (n - 1) * (both_above - area**2) + (m - 1) * (both_below - area**2)
        return math.sqrt(max(spread, 0.0) / (n * m))

    def step_of(self, threshold: float) -> int:
        """The step at which those points are decided for whose score is above a threshold."""
        return int(np.searchsorted(-self.thresholds[1:], -threshold, side="left"))

    def thresholds_at(self, step: int) -> tuple[float, float]:
        """The thresholds, from the first one to below the second, at which a step is decided, of scores from 0 to 1."""
        low = self.thresholds[step + 1] if step + 1 < len(self.thresholds) else 0.0
        return float(low), float(self.thresholds[step] if step else 1.0)


def class_report(labels: NDArray[np.int64], decisions: NDArray[np.int64], n_classes: int) -> ClassReport:
    """The report on `decisions` for points of classes `labels`, both int64 ndarrays of shape (n_points,)."""
    confusion = np.bincount(labels * n_classes + decisions, minlength=n_classes**2).reshape(n_classes, n_classes)
    right, decided, there = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
    exists = there > 0
    precision, f1 = share(right, decided * exists), share(2 * right, (decided + there) * exists)
    return ClassReport(confusion, precision, share(right, there), f1)


def roc(scores: ArrayLike, labels: ArrayLike) -> Roc:
    """The steps of scores, (n_points,), of points of which some are of a class.

    Args:
        scores: the larger, the surer of the class.
        labels: true or 1 for the points of the class, false or 0 for the rest.

    Raises:
        InputError: a score that is no number, other lengths, or only one class.
    """
    values, is_positive = checked_scores(scores, labels)
    n_positive = int(np.count_nonzero(is_positive))
    n_negative = len(values) - n_positive
    if not (n_positive and n_negative):
        raise InputError("All points are of one class; a ROC needs points of both.")
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], np.cumsum(is_positive[order])
    ends = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)  # of the points with one score
    true = np.concatenate([[0], hits[ends]]).astype(np.int64)
    decided = np.concatenate([[0], ends + 1]).astype(np.int64)
    return Roc(np.concatenate([[math.inf], ranked[ends]]), true, decided - true, n_positive, n_negative)


def checked_scores(
    scores: ArrayLike, labels: ArrayLike, *, is_probability: bool = False
) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores as float64 (n_points,), and which points are of the class, bool (n_points,); or an InputError."""
    values, is_positive = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    if values.ndim != 1 or values.shape != is_positive.shape:
        raise InputError(
            "There are scores of shape {shape} and labels of shape {other}; each point needs one of both.",
            shape=values.shape,
            other=is_positive.shape,
        )
    if is_probability and not ((values >= 0) & (values <= 1)).all():
        raise InputError("A probability is not between 0 and 1.")
    if is_probability and not len(values):
        raise InputError("There are no points.")
    if np.isnan(values).any():
        raise InputError("A score is not a number.")
    if not np.isin(is_positive, (0, 1)).all():
        raise InputError("A label is neither 0 nor 1.")
    return values, is_positive.astype(bool)


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The interval of 95 %, or of another quantile, of a share of which `hits` of `n` were seen.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22.

    Raises:
        InputError: no cases, or more hits than cases, or less than none.
    """
    if not 0 <= hits <= n or n < 1:
        raise InputError("{hits} of {n} is no share.", hits=hits, n=n)
    share, weight = hits / n, z**2 / n
    middle, half = share + weight / 2, z * math.sqrt(share * (1 - share) / n + weight / (4 * n))
    low, high = (middle - half) / (1 + weight), (middle + half) / (1 + weight)
    return max(0.0, low) if hits else 0.0, min(1.0, high) if hits < n else 1.0  # exactly, not but for what is rounded


def r_squared(errors: Floats, values: Floats) -> float:
    """R² of squared errors of values, both (n_points,); see `Metrics`."""
    spread = float(values.var()) if values.size else 0.0
    return 1 - mean(errors) / spread if spread > 0 else math.nan


def share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
    """The part of the whole, nan where there is no whole."""
    result: Floats = np.divide(part, whole, out=np.full(len(part), math.nan), where=whole > 0)
    return result


def mean(values: NDArray[np.floating] | NDArray[np.integer]) -> float:
    """The mean of all, nan of nothing; several times as quick as numpy's for a few hundred values."""
    return float(values.sum()) / values.size if values.size else math.nan


def mean_of_numbers(values: Floats) -> float:
    """The mean of those that are not nan; nan if none is."""
    numbers = values[~np.isnan(values)]
    return float(numbers.mean()) if len(numbers) else math.nan
