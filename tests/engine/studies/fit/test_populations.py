"""Populations: what is said to be true of their points is what comes of many of them."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.config import ToyDataset
from engine.dataset import Dataset, empty_dataset
from engine.errors import InputError
from engine.population import kernel_width
from engine.studies.fit.populations import Bootstrap, PaintedPopulation, Population, ToyPopulation, painted
from engine.toy_datasets import ROWS, Recipe, make
from tests.engine.reference import cloud

KINDS = [kind for kind in ToyDataset if ROWS[kind].curve is None]
CURVES = [kind for kind in ToyDataset if ROWS[kind].curve is not None]
PAINTING = make("spiral", n_samples=60, n_classes=3, noise=0.4)


def worst_share(population: Population, n_points: int) -> float:
    """The largest difference between how often a class is and how often it should be, among points that are alike.

    Alike are those for which the class has nearly the same probability; at least an eighth of all.
    """
    sample = population.sample(n_points, np.random.default_rng(3))
    posterior = population.truth(sample.points).mean
    worst = 0.0
    for label in range(sample.n_classes):
        bins = (8 * posterior[:, label]).astype(int)
        for number in np.unique(bins):
            alike = bins == number
            if alike.sum() >= n_points / 8:
                share, wanted = (sample.labels[alike] == label).mean(), posterior[alike, label].mean()
                worst = max(worst, abs(float(share - wanted)))
    return worst


@pytest.mark.parametrize("kind", KINDS)
def test_posteriors_agree_with_counts(kind: ToyDataset) -> None:
    assert worst_share(ToyPopulation(Recipe(kind, 1, 3, 0.7, 4, 0.1)), 8000) < 0.04
    assert worst_share(ToyPopulation(Recipe(kind, 1, 2, 0.2, 4)), 3000) < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("kind", [ToyDataset.MOONS, ToyDataset.STRIPES, ToyDataset.OVERLAP])
def test_posteriors_agree_with_a_million_points(kind: ToyDataset) -> None:
    assert worst_share(ToyPopulation(Recipe(kind, 1, 3, 0.8, 4, 0.1)), 10**6) < 0.005


@pytest.mark.parametrize("n_points", [20_000, pytest.param(10**6, marks=pytest.mark.slow)])
def test_the_posterior_of_a_painting_agrees_with_counts(n_points: int) -> None:
    assert worst_share(painted(PAINTING, 0.3), n_points) < (0.005 if n_points == 10**6 else 0.05)


def test_the_posterior_of_overlapping_clouds_is_the_logistic_function_of_the_distance() -> None:
    population = ToyPopulation(Recipe(ToyDataset.OVERLAP, 1, 2, 0.0, 1))
    points = np.random.default_rng(1).uniform(-1, 1, (100, 2)).astype(np.float32)
    radius, deviation = 0.95 / 4, 0.95 / 4 / 1.0364
    along = points.astype(np.float64) @ (2**-0.5, 2**-0.5)
    of_first = 1 / (1 + np.exp(-2 * radius * along / deviation**2))

    truth = population.truth(points)
    assert truth.mean == pytest.approx(np.column_stack([of_first, 1 - of_first]))
    assert truth.noise == pytest.approx(of_first * (1 - of_first))  # of two classes one probability counts
    of_three = ToyPopulation(Recipe(ToyDataset.OVERLAP, 1, 3, 0.0, 1)).truth(points)
    assert of_three.noise == pytest.approx((of_three.mean * (1 - of_three.mean)).sum(axis=1))


def test_wrong_labels_are_as_frequent_as_the_recipe_has_them() -> None:
    points = np.array([[0.4, 0.4], [-0.4, -0.4]], dtype=np.float32)
    population = ToyPopulation(Recipe(ToyDataset.BLOBS, 1, 2, 0.0, 1, 0.2))

    assert population.truth(points).mean == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8]]))


def moments(sample: Dataset, place: float) -> tuple[float, float]:
    """Mean and variance of the values near a place."""
    values = sample.points[np.abs(sample.points[:, 0] - place) < 0.01, 1].astype(np.float64)
    return float(values.mean()), float(values.var())


@pytest.mark.parametrize("kind", [*CURVES, "painting"])
def test_values_have_the_mean_and_the_variance_of_many(kind: str) -> None:
    population: Population = (
        painted(make("sine", n_samples=40, noise=0.5, seed=2), 0.4)
        if kind == "painting"
        else ToyPopulation(Recipe(ToyDataset(kind), 1, 2, 0.6, 1))
    )
    sample = population.sample(300_000, np.random.default_rng(2))
    places = np.array([-0.6, 0.1, 0.5], dtype=np.float32)
    truth = population.truth(places[:, None])

    assert sample.has_values
    assert truth.mean.shape == (3, 1)
    for place, mean, noise in zip(places, truth.mean[:, 0], truth.noise, strict=True):
        found = moments(sample, float(place))
        assert found[0] == pytest.approx(mean, abs=0.02)
        assert found[1] == pytest.approx(noise, rel=0.1)


def test_samples_are_the_same_for_the_same_random_numbers_and_keep_what_a_dataset_has() -> None:
    dataset = replace(PAINTING, class_names=("a", "b", "c"), colours=(4, 2, 0))
    for source in (painted(dataset), Bootstrap(dataset)):
        first, again, other = (source.sample(200, np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert first == again
        assert first != other
        assert (first.class_names, first.colours) == (dataset.class_names, dataset.colours)
        assert first.validation_mask(0.25).sum() == pytest.approx(50, abs=2)
        assert pickle.loads(pickle.dumps(source)).sample(200, np.random.default_rng(1)) == first
    assert painted(dataset).bandwidth == kernel_width(dataset)


def test_a_bootstrap_draws_the_points_themselves_some_of_them_twice() -> None:
    sample = Bootstrap(PAINTING).sample(60, np.random.default_rng(1))
    known = {(*point, label) for point, label in zip(PAINTING.points.tolist(), PAINTING.labels, strict=True)}
    drawn = {(*point, label) for point, label in zip(sample.points.tolist(), sample.labels, strict=True)}

    assert drawn < known
    assert 0.5 < len(drawn) / 60 < 0.75


def test_points_of_many_features_are_a_population_too() -> None:
    assert worst_share(painted(cloud(80, 3, n_features=5), 0.5), 8000) < 0.1


def with_labels(labels: list[int]) -> NDArray[np.int64]:
    return np.array(labels, dtype=np.int64)


@pytest.mark.parametrize(
    ("dataset", "sentence"),
    [
        (empty_dataset(), "at least two classes"),
        (PAINTING.without(PAINTING.labels > 0), "at least two classes"),
        (replace(PAINTING, labels=with_labels([0] * 30 + [2] * 29 + [1])), "has one point"),
        (replace(PAINTING, points=np.ones((60, 2), dtype=np.float32)), "differ in every coordinate"),
        (replace(PAINTING, points=PAINTING.points * np.array([1, 0], dtype=np.float32)), "differ in every coordinate"),
        (make("sine", n_samples=1), "differ in every coordinate"),
    ],
)
def test_points_that_tell_of_no_population_are_refused(dataset: Dataset, sentence: str) -> None:
    for make_source in (painted, Bootstrap):
        with pytest.raises(InputError, match=sentence):
            make_source(dataset)


@pytest.mark.parametrize(("bandwidth", "sentence"), [(0.0, "above 0"), (-1.0, "bandwidth is -1"), (11.0, "11")])
def test_a_bandwidth_that_is_none_is_refused(bandwidth: float, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        PaintedPopulation(PAINTING, bandwidth)
