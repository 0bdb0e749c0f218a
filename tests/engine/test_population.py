"""A dataset as a population: the points that are drawn from it are of its kernel density."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.neighbors import KernelDensity

from engine.data.targets import Target
from engine.dataset import MAX_POINTS, Dataset, DatasetError, empty_dataset
from engine.population import kernel_width, sampled
from engine.toy_datasets import make
from tests.engine.reference import cloud


def drawn_from(dataset: Dataset, n_points: int, width: float | None = None, seed: int = 1) -> Dataset:
    """Only the points that are drawn."""
    result = sampled(dataset, n_points, seed, width)
    return result.without(np.arange(len(result)) < len(dataset))


def distance(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """The largest difference of the shares of two samples below any value (Kolmogorov and Smirnov)."""
    every = np.concatenate([ours, theirs])
    below = [np.searchsorted(np.sort(sample), every, side="right") / len(sample) for sample in (ours, theirs)]
    return float(np.abs(below[0] - below[1]).max())


def uneven() -> Dataset:
    """Three classes, of which the last is rare, with features of other scales."""
    dataset = cloud(300, 3)
    points = dataset.points * np.array([100, 0.01], dtype=np.float32)
    return replace(dataset, points=points).without((dataset.labels == 2) & (np.arange(300) > 60))


def test_drawn_points_have_the_moments_and_the_shares_of_a_kernel_density() -> None:
    dataset, width = uneven(), 0.4
    drawn = drawn_from(dataset, 40_000, width)
    deviation = dataset.points.astype(np.float64).std(axis=0)
    shares = dataset.class_counts() / len(dataset)

    assert drawn.class_counts() / len(drawn) == pytest.approx(shares, abs=0.001)
    for label in range(3):
        of_class, known = (of.points[of.labels == label].astype(np.float64) / deviation for of in (drawn, dataset))
        assert of_class.mean(axis=0) == pytest.approx(known.mean(axis=0), abs=0.05)
        expected = np.cov(known.T, bias=True) + width**2 * np.eye(2)
        assert np.cov(of_class.T) == pytest.approx(expected, abs=0.08)


def test_drawn_points_are_of_one_distribution_with_those_of_scikit_learn() -> None:
    dataset, width = cloud(30, 3), 0.1
    deviation = dataset.points.astype(np.float64).std(axis=0)
    known = dataset.points[dataset.labels == 1] / deviation
    theirs = KernelDensity(bandwidth=width).fit(known).sample(2000, random_state=3)

    def apart(width: float) -> float:
        """The largest distance of two distributions seen from four sides, in units of what 1 % of equal ones exceed."""
        drawn = drawn_from(dataset, 7000, width)
        ours = (drawn.points[drawn.labels == 1] / deviation)[:2000]
        sides = np.array([(1, 0), (0, 1), (1, 1), (1, -1)]).T
        critical = 1.63 * (2 / 2000) ** 0.5  # Kolmogorov and Smirnov, of two samples of 2,000
        return float(max(map(distance, (ours @ sides).T, (theirs @ sides).T)) / critical)

    assert apart(width) < 1
    assert apart(6 * width) > 1.5


def test_values_are_drawn_with_their_features_and_points_of_many_features_with_all() -> None:
    values = make("sine", n_samples=200, noise=0.3)
    x, y = drawn_from(values, 1000).points.T
    many = drawn_from(cloud(90, 3, n_features=5), 200)

    assert np.abs(y - 0.6 * np.sin(4 * x)).mean() < 0.15
    assert many.points.shape == (200, 5)
    assert many.class_counts().min() > 40


def test_drawn_points_are_new_ones_that_split_like_others_and_the_old_stay() -> None:
    dataset = make("moons", n_samples=100)
    more = sampled(dataset, 400, 7)

    assert np.array_equal(more.points[:100], dataset.points)
    assert np.array_equal(more.serials[:100], dataset.serials)
    assert all(len(set(more.serials[more.labels == label])) == more.class_counts()[label] for label in (0, 1))
    assert more.validation_mask(0.2)[100:].mean() == pytest.approx(0.2, abs=0.01)
    assert more == sampled(dataset, 400, 7)
    assert more != sampled(dataset, 400, 8)


def test_a_single_point_of_a_class_a_constant_feature_and_no_points_are_drawn_from_as_well() -> None:
    dataset = cloud(40, 2)
    flat = replace(
        dataset, points=dataset.points * np.array([1, 0], dtype=np.float32), labels=(np.arange(40) == 3).astype(int)
    )
    drawn = drawn_from(flat, 2000)

    assert (drawn.points[:, 1] == 0).all()
    assert 20 < drawn.class_counts()[1] < 90
    assert sampled(empty_dataset(), 10, 1) == empty_dataset()
    assert kernel_width(empty_dataset()) == 0.0
    one = flat.without(np.arange(40) != 3)
    assert np.array_equal(drawn_from(one, 5).points, np.repeat(one.points, 5, axis=0))


def test_more_points_than_a_dataset_takes_are_refused() -> None:
    with pytest.raises(DatasetError):
        sampled(cloud(4, 2), MAX_POINTS - 3, 1)


@pytest.mark.parametrize(("kind", "most"), [("overlap", 1.0), ("spiral", 0.35), ("sine", 0.5)])
def test_kernels_are_as_wide_as_the_points_are_likeliest_up_to_scotts_rule(kind: str, most: float) -> None:
    dataset = make(kind, n_samples=200, noise=0.2, seed=4)
    width = kernel_width(dataset)
    scott = 200 ** (-1 / 6)

    assert scott / 17 < width <= most * scott * (1 + 1e-12)
    assert (width == pytest.approx(scott)) is (most == 1.0)


def test_the_likeliest_width_is_that_of_a_search_with_scikit_learn() -> None:
    dataset = replace(make("circles", n_samples=60, noise=0.3), target=Target.CLASSES)
    places = dataset.points / dataset.points.astype(np.float64).std(axis=0)
    widths = 60 ** (-1 / 6) * np.geomspace(1 / 16, 1, 17)

    def likelihood(width: float) -> float:
        total = 0.0
        for label in (0, 1):
            members = places[dataset.labels == label]
            for row in range(len(members)):
                density = KernelDensity(bandwidth=width).fit(np.delete(members, row, axis=0))
                total += float(density.score_samples(members[[row]])[0])
        return total

    best = widths[int(np.argmax([likelihood(width) for width in widths[8:]])) + 8]
    assert kernel_width(dataset) == pytest.approx(best)


def test_of_many_points_a_choice_is_judged_and_the_width_is_that_of_all() -> None:
    few, many = (make("overlap", n_samples=n) for n in (1000, 8000))

    assert kernel_width(many) == pytest.approx(kernel_width(few) * 8 ** (-1 / 6), rel=0.3)


def test_the_width_of_points_of_many_features_takes_little_memory() -> None:
    points = np.random.default_rng(3).normal(size=(400, 600)).astype(np.float32)
    dataset = Dataset(points, np.arange(400) % 2, ("a", "b"), feature_names=tuple(f"f{n}" for n in range(600)))
    tracemalloc.start()
    width = kernel_width(dataset)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0 < width <= 400 ** (-1 / 604)
    assert peak < 60e6  # each pair of points by each feature would take 400 MB a class
