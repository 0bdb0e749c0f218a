"""Bias and variance of many networks at the same points: of their squared error, and of their mistakes. Numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.densities import Floats
from engine.studies.fit.populations import Truth, over_classes

Outputs = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of the squared error at each point, each float64 (n_points,); the error is the sum of the first three.

    Attributes:
        noise: the error that nobody can avoid.
        bias2: the squared distance of the mean network from the truth, without what is left of the variance in the mean
            of so few: unbiased, and so at times a little below 0.
        variance: the distance of the networks from their mean.
        from_data, from_weights: the parts of the variance between training sets, and between first weights on the same
            set; None if each set has one network.
    """

    noise: Floats
    bias2: Floats
    variance: Floats
    from_data: Floats | None = None
    from_weights: Floats | None = None

    @property
    def error(self) -> Floats:
        """The sum of the parts."""
        return self.noise + self.bias2 + self.variance


def parts_of_error(outputs: Sequence[Outputs], n_weights: int, truth: Truth) -> Parts:
    """The parts of the mean squared error of networks.

    Args:
        outputs: of each network at the points, float32 (n_points, n): probabilities, or (n_points, 1) of values; those
            with the same training set in a row.
        n_weights: how many networks, with different first weights, each training set has.
        truth: about the points.

    With S sets of I networks each, between = the variance of the means of the sets and within = the mean variance of
    the networks of a set, divisors S - 1 and I - 1: variance = between + (1 - 1/I) within, bias² = (mean - true)² -
    between / S, from weights = within, from data = between - within / I. Summed by
    `over_classes`. With these divisors
    the parts are unbiased, and add up to the mean error exactly.
    """
    n_sets, true = len(outputs) // n_weights, truth.mean
    sets = [np.array(outputs[first : first + n_weights]) for first in range(0, len(outputs), n_weights)]
    mean: Floats = sum((of_set.mean(axis=0, dtype=np.float64) for of_set in sets), np.zeros(true.shape)) / n_sets
    between, within = np.zeros(true.shape), np.zeros(true.shape)
    for of_set in sets:
        of_mean = of_set.mean(axis=0, dtype=np.float64)
        between += np.square(of_mean - mean)
        within += np.square(of_set - of_mean).sum(axis=0)
    between /= n_sets - 1
    within /= max(1, n_sets * (n_weights - 1))
    variance, bias2 = between + (1 - 1 / n_weights) * within, np.square(mean - true) - between / n_sets
    parts = truth.noise, over_classes(bias2), over_classes(variance)
    if n_weights == 1:
        return Parts(*parts)
    return Parts(*parts, over_classes(between - within / n_weights), over_classes(within))


@dataclass(frozen=True, eq=False)
class Mistakes:
    """The parts of how often networks decide otherwise than the best classifier, at each point, float64 (n_points,).

    See Domingos 2000, "A Unified Bias-Variance Decomposition": P(network ≠ best) = bias + variance_unbiased -
    variance_biased.

    Attributes:
        bias: 1 where the vote of the networks is not the best class, else 0.
        variance_unbiased: the share of networks that differ from their vote, where that is the best class: they err.
        variance_biased: the share of networks that differ from their vote and are right, where it is not.
    """

    bias: Floats
    variance_unbiased: Floats
    variance_biased: Floats


def parts_of_mistakes(decisions: Sequence[NDArray[np.integer]], best: NDArray[np.integer], n_classes: int) -> Mistakes:
    """The parts of the mistakes of networks.

    Args:
        decisions: the class that each network decides for at the points, (n_points,).
        best: that of the largest posterior, (n_points,).
        n_classes: in all.

    Of classes with as many votes the first is the vote.
    """
    rows = np.arange(len(best))
    votes = np.zeros((len(best), n_classes))
    for decided in decisions:
        votes[rows, decided] += 1
    votes /= len(decisions)
    vote = votes.argmax(axis=1)
    is_biased = vote != best
    differ = 1 - votes[rows, vote]
    return Mistakes(is_biased * 1.0, np.where(is_biased, 0, differ), np.where(is_biased, votes[rows, best], 0))
