"""The yardstick for underfitting: what a vote of the nearest neighbours gets right of the training points. No torch."""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.insight.quantity import Quantity
from engine.learning.metrics import mean, r_squared
from engine.mlp.activations import Floats

NEIGHBOURS: Quantity[float] = Quantity("neighbours")
N_NEIGHBOURS = 5
MAX_COMPARED, PIECE = 1000, 100
"""Of more points so many are drawn; so many are compared with all in a piece, which takes a millisecond."""


def vote_of_neighbours(dataset: Dataset, is_training: NDArray[np.bool_]) -> Generator[None, None, float]:
    """Measure the accuracy, on training points, of the vote of the 5 nearest other training points.

    Where values are learned, R² of their mean. A point has no vote on itself (leave one out); the features are
    standardised, as a network has them; of classes with as many votes the first wins. nan of fewer than 6 points. For
    `engine.insight.measurement.Measurement`.
    """
    numbers = np.flatnonzero(is_training)
    if len(numbers) > MAX_COMPARED:
        numbers = np.random.default_rng(0).choice(numbers, MAX_COMPARED, replace=False)
    if len(numbers) <= N_NEIGHBOURS:
        return math.nan
    features = dataset.points[numbers, : dataset.n_inputs].astype(np.float64)
    deviation = features.std(axis=0)
    features = (features - features.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    nearest = np.empty((len(numbers), N_NEIGHBOURS), dtype=np.intp)
    for first in range(0, len(numbers), PIECE):
        nearest[first : first + PIECE] = nearest_others(features, first)
        yield
    if dataset.has_values:
        values = dataset.points[numbers, -1].astype(np.float64)
        return r_squared(np.square(values[nearest].mean(axis=1) - values), values)
    labels = dataset.labels[numbers]
    votes = (labels[nearest][:, :, None] == np.arange(dataset.n_classes)).sum(axis=1)
    return mean(votes.argmax(axis=1) == labels)


def nearest_others(features: Floats, first: int) -> NDArray[np.intp]:
    """The numbers of the nearest other points of a piece of points (n_points, n_features); (n_piece, 5)."""
    piece = features[first : first + PIECE]
    squares = np.square(features).sum(axis=1)
    distances = squares - 2 * piece @ features.T  # and what is the same for all of a row
    rows = np.arange(len(piece))
    distances[rows, first + rows] = math.inf
    return np.argpartition(distances, N_NEIGHBOURS - 1, axis=1)[:, :N_NEIGHBOURS]
