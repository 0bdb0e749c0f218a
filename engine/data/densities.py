"""Densities on the plane, from which the classes of the toy datasets come, and kernels around points. Numpy only."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NARROWEST = 0.003
"""Noise below this counts as so much where a density is asked for: of points on a line there is none."""
NODES_A_SIGMA = 5  # of a curve that is integrated over
MIN_NODES = 100
AT_ONCE = 2**20  # pairs of a point and a node


class Density(Protocol):
    """A density on the plane to which Gaussian noise is added."""

    def draw(self, n_points: int, generator: np.random.Generator) -> Floats:
        """Independent points, float64 (n_points, 2), without noise."""

    def logarithm(self, points: Floats, sigma: float) -> Floats:
        """Of the density with noise of that standard deviation at each of the points, float64 (n_points,)."""


@dataclass(frozen=True, eq=False)
class Clouds:
    """Gaussian clouds, each as likely, around centres (n_clouds, 2)."""

    centres: Floats
    deviation: float

    def draw(self, n_points: int, generator: np.random.Generator) -> Floats:
        chosen = generator.integers(len(self.centres), size=n_points)
        drawn: Floats = self.centres[chosen] + generator.normal(scale=self.deviation, size=(n_points, 2))
        return drawn

    def logarithm(self, points: Floats, sigma: float) -> Floats:
        return log_kernels(points, self.centres, max(NARROWEST, math.hypot(self.deviation, sigma)))


@dataclass(frozen=True, eq=False)
class Boxes:
    """Rectangles, each as likely and evenly filled, from their low to their high corners (n_boxes, 2)."""

    low: Floats
    high: Floats

    def draw(self, n_points: int, generator: np.random.Generator) -> Floats:
        chosen = generator.integers(len(self.low), size=n_points)
        drawn: Floats = generator.uniform(self.low[chosen], self.high[chosen])
        return drawn

    def logarithm(self, points: Floats, sigma: float) -> Floats:
        sigma = max(NARROWEST, sigma)
        above, below = points[:, None] - self.low, points[:, None] - self.high
        of_sides = log_normal_between(below / sigma, above / sigma) - np.log(self.high - self.low)
        return log_mean(of_sides.sum(axis=2))


@dataclass(frozen=True)
class Curve:
    """A curve through the places (n, 2) at shares (n,) of its way, 0 to 1, each share as likely."""

    places: Callable[[Floats], Floats]

    def draw(self, n_points: int, generator: np.random.Generator) -> Floats:
        return self.places(generator.random(n_points))

    def logarithm(self, points: Floats, sigma: float) -> Floats:
        sigma = max(NARROWEST, sigma)
        length = np.hypot(*np.diff(self.places(middles(MIN_NODES)), axis=0).T).sum()
        n_nodes = max(MIN_NODES, math.ceil(NODES_A_SIGMA * length / sigma))
        return log_kernels(points, self.places(middles(n_nodes)), sigma)


def middles(n_parts: int) -> Floats:
    """The middles of so many equal parts of [0, 1]."""
    return np.asarray((np.arange(n_parts) + 0.5) / n_parts)


def log_kernels(points: Floats, centres: Floats, width: float) -> Floats:
    """The logarithm of the mean of Gaussian kernels around centres, at each of the points; all of some dimension."""
    n_points, n_features = points.shape
    result = np.empty(n_points)
    for part in parts_of(n_points, len(centres)):
        squares = squared_distances(points[part], centres)
        result[part] = log_mean(squares / (-2 * width**2))
    return np.asarray(result - n_features * math.log(width * math.sqrt(2 * math.pi)))


def parts_of(n_points: int, n_others: int) -> list[slice]:
    """The points in parts, each small enough to be held beside so many others."""
    size = max(1, AT_ONCE // max(1, n_others))
    return [slice(first, first + size) for first in range(0, n_points, size)]


def squared_distances(points: Floats, centres: Floats) -> Floats:
    """Those of each point and each centre, float64 (n_points, n_centres)."""
    squares = np.zeros((len(points), len(centres)))
    for mine, theirs in zip(points.T, centres.T, strict=True):
        squares += np.square(mine[:, None] - theirs)
    return squares


def log_mean(logarithms: Floats) -> Floats:
    """The logarithm of the mean along the last axis of what these are the logarithms of."""
    largest = logarithms.max(axis=-1, keepdims=True)
    result: Floats = np.log(np.exp(logarithms - largest).mean(axis=-1)) + largest[..., 0]
    return result


def log_normal_between(low: Floats, high: Floats) -> Floats:
    """The logarithm of the probability that a standard normal number lies between two, also far from both."""
    is_above = low + high > 0
    low, high = np.where(is_above, -high, low), np.where(is_above, -low, high)  # the nearer end is the upper one
    of_high = log_normal_below(high)
    result: Floats = of_high + np.log1p(-np.exp(log_normal_below(low) - of_high))
    return result


def log_normal_below(value: Floats) -> Floats:
    """The logarithm of the probability that a standard normal number is below each.

    Far down by the asymptotic series (Abramowitz and Stegun 1964, 26.2.12), else from a table, to 1e-8.
    """
    far = np.minimum(value, -END_OF_TABLE)
    series = -(far**2) / 2 - np.log(-far * math.sqrt(2 * math.pi)) + np.log1p(-1 / far**2 + 3 / far**4 - 15 / far**6)
    return np.where(value < -END_OF_TABLE, series, np.interp(value, *table_of_normal()))


END_OF_TABLE = 10.0


@cache
def table_of_normal() -> tuple[Floats, Floats]:
    """Numbers, and the logarithm of the probability that a standard normal number is below them."""
    values = np.linspace(-END_OF_TABLE, END_OF_TABLE, 100_001)
    return values, np.log([math.erfc(value / -math.sqrt(2)) / 2 for value in values])
