"""The vote of the neighbours against scikit-learn's, one point left out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import StandardScaler

from engine.data.targets import Target
from engine.dataset import Dataset
from engine.insight.measurement import Measurement
from engine.insight.neighbours import MAX_COMPARED, vote_of_neighbours
from engine.toy_datasets import make
from tests.engine.reference import cloud


def vote(dataset: Dataset, fraction: float = 0.0) -> float:
    return Measurement(vote_of_neighbours(dataset, ~dataset.validation_mask(fraction))).finished()


@pytest.mark.parametrize("n_features", [2, 4])
def test_the_vote_on_classes_is_that_of_scikit_learn_less_the_point_itself(n_features: int) -> None:
    dataset = cloud(150, 3, n_features=n_features)
    points = np.array(dataset.points, dtype=np.float64)
    points[:, 0] = 1000 * points[:, 0] + 10 * dataset.labels  # so that what is not standardised counts for nothing
    dataset = replace(dataset, points=points.astype(np.float32))
    is_training = ~dataset.validation_mask(0.3)
    known = StandardScaler().fit_transform(dataset.points[is_training].astype(np.float64))
    labels, rows = dataset.labels[is_training], np.arange(int(is_training.sum()))
    hits = [
        KNeighborsClassifier(5).fit(known[rows != row], labels[rows != row]).predict(known[[row]])[0] == labels[row]
        for row in rows
    ]

    assert 0.2 < vote(dataset, 0.3) < 0.9
    assert vote(dataset, 0.3) == pytest.approx(np.mean(hits))


def test_the_mean_of_values_is_that_of_scikit_learn_less_the_point_itself() -> None:
    dataset = make("sine", n_samples=120, noise=0.8, seed=2)
    x, y = dataset.points.astype(np.float64).T
    rows = np.arange(len(x))
    means = np.array(
        [
            KNeighborsRegressor(5).fit(x[rows != row, None], y[rows != row]).predict(x[row, None, None])[0]
            for row in rows
        ]
    )

    assert vote(dataset) == pytest.approx(1 - np.square(means - y).mean() / y.var())


def test_of_many_points_some_are_drawn_and_tell_nearly_the_same() -> None:
    few, many = (make("overlap", n_samples=n, n_classes=3, seed=3) for n in (MAX_COMPARED, 20 * MAX_COMPARED))
    pieces = sum(1 for _ in vote_of_neighbours(many, np.ones(len(many), dtype=np.bool_)))

    assert pieces == 10
    assert vote(many) == pytest.approx(vote(few), abs=0.05)
    assert vote(many) == vote(many)


def test_without_six_points_there_is_no_vote_and_equal_points_have_one() -> None:
    dataset = cloud(6, 2)
    same = replace(dataset, points=np.ones((6, 2), dtype=np.float32), labels=np.array([0, 0, 0, 0, 0, 1]))

    assert math.isnan(vote(dataset.without(np.arange(6) == 0)))
    assert vote(same) == pytest.approx(5 / 6)
    assert math.isnan(vote(replace(same, target=Target.VALUES)))
