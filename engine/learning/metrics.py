"""The worth of a network on data: loss, accuracy, and figures for each class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Metrics:
    """Mean loss and accuracy; nan where there are no points.

    Attributes:
        train_loss, validation_loss: mean loss of the data, penalties apart; cross-entropy in nats.
        train_accuracy, validation_accuracy: share of points that are decided for their class, 0 to 1.
    """

    train_loss: float = math.nan
    validation_loss: float = math.nan
    train_accuracy: float = math.nan
    validation_accuracy: float = math.nan


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
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]

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


def class_report(labels: NDArray[np.int64], decisions: NDArray[np.int64], n_classes: int) -> ClassReport:
    """The report on `decisions` for points of classes `labels`, both int64 ndarrays of shape (n_points,)."""
    confusion = np.bincount(labels * n_classes + decisions, minlength=n_classes**2).reshape(n_classes, n_classes)
    right, decided, there = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
    exists = there > 0
    precision, f1 = share(right, decided * exists), share(2 * right, (decided + there) * exists)
    return ClassReport(confusion, precision, share(right, there), f1)


def share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """The part of the whole, nan where there is no whole."""
    result: NDArray[np.float64] = np.divide(part, whole, out=np.full(len(part), math.nan), where=whole > 0)
    return result


def mean(values: NDArray[np.floating] | NDArray[np.integer]) -> float:
    """The mean of all, nan of nothing; several times as quick as numpy's for a few hundred values."""
    return float(values.sum()) / values.size if values.size else math.nan


def mean_of_numbers(values: NDArray[np.float64]) -> float:
    """The mean of those that are not nan; nan if none is."""
    numbers = values[~np.isnan(values)]
    return float(numbers.mean()) if len(numbers) else math.nan
