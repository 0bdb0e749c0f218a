"""A dataset as a population from which fresh points are drawn: a kernel density."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset

MAX_JUDGED, N_WIDTHS, NARROWEST = 500, 17, 1 / 16
"""A width is chosen by so many points at most; so many are tried, from such a share of Scott's rule on."""


def kernel_width(dataset: Dataset) -> float:
    """The width h of the kernels of `sampled`, in standard deviations of the features: the likeliest.

    That under which each point is likeliest by the others of its class (leave one out: Habbema, Hermans and van den
    Broek 1974; Duin 1976), up to Scott's rule n**(-1 / (n_features + 4)) (Scott 1992), which is right for one cloud and
    smears rings and spirals. Of many points a choice is judged, and h made smaller as the rule makes it for all.
    """
    if not len(dataset):
        return 0.0
    n_points, n_features = dataset.points.shape
    numbers = np.arange(n_points)
    if n_points > MAX_JUDGED:
        numbers = np.random.default_rng(0).choice(n_points, MAX_JUDGED, replace=False)
    power = -1 / (n_features + 4)
    widths = len(numbers) ** power * np.geomspace(NARROWEST, 1.0, N_WIDTHS)
    deviation = deviations(dataset)
    places = dataset.points[numbers] / np.where(deviation > 0, deviation, 1.0)
    labels = np.zeros(len(numbers)) if dataset.has_values else dataset.labels[numbers]
    worth = np.zeros(N_WIDTHS)
    for label in np.unique(labels):
        members = places[labels == label]
        if len(members) == 1:
            continue
        members = members - members.mean(axis=0)  # so that little is lost in the differences of squares
        lengths = np.square(members).sum(axis=1)
        squares = np.maximum(lengths[:, None] + lengths - 2 * members @ members.T, 0.0)
        np.fill_diagonal(squares, np.inf)
        nearest = squares.min(axis=1)  # left out of the exponential, or that would be 0 of what lies apart
        for number, width in enumerate(widths):
            sums = np.exp((nearest[:, None] - squares) / (2 * width**2)).sum(axis=1)
            worth[number] += (np.log(sums) - nearest / (2 * width**2) - n_features * np.log(width)).sum()
    best = len(widths) - 1 - int(worth[::-1].argmax())  # of equals the widest
    return float(widths[best] * (n_points / len(numbers)) ** power)


def sampled(dataset: Dataset, n_points: int, seed: int, width: float | None = None) -> Dataset:
    """This dataset and so many points more, drawn from it as a population.

    Its density for a class k is p(x | k) = mean_i N(x; x_i, h² diag(σ²)) over the points of the class, those for
    training and those for validation alike, with the standard deviations σ of all points. Each point i is drawn from
    as often as any other, or once more, so that classes stay as frequent as they are. Where values are learned, x is
    both coordinates.

    Args:
        dataset: the population.
        n_points: how many are drawn.
        seed: of what is random.
        width: h; None: `kernel_width`.

    Raises:
        DatasetError: there would be too many points, or a coordinate too large a number.
    """
    if not len(dataset):
        return dataset
    generator = np.random.default_rng(seed)
    chosen = np.resize(generator.permutation(len(dataset)), n_points)
    width = kernel_width(dataset) if width is None else width
    steps = width * deviations(dataset) * generator.normal(size=(n_points, dataset.n_features))
    return dataset.with_points(dataset.points[chosen] + steps, dataset.labels[chosen])


def deviations(dataset: Dataset) -> NDArray[np.float64]:
    """The standard deviation of each feature, float64 (n_features,)."""
    result: NDArray[np.float64] = dataset.points.astype(np.float64).std(axis=0)
    return result
