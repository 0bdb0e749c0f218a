"""Densities are those of what they draw, and integrate to 1."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.config import ToyDataset
from engine.data.densities import (
    NARROWEST,
    Boxes,
    Clouds,
    Curve,
    Density,
    Floats,
    log_kernels,
    log_normal_between,
    middles,
)
from engine.toy_datasets import NOISE_SCALE, ROWS, Recipe, density_of, make

KINDS = [kind for kind in ToyDataset if ROWS[kind].curve is None]
REACH, N_CELLS = 2.2, 80


def grid() -> Floats:
    """The middles of small cells around the plane, float64 (n_cells², 2), row by row from the left."""
    middle = REACH * (2 * middles(N_CELLS) - 1)
    return np.stack(np.meshgrid(middle, middle, indexing="ij"), axis=-1).reshape(-1, 2)


def masses(density: Density, sigma: float) -> Floats:
    """The mass in each of the cells, float64 (n_cells, n_cells)."""
    cell = (2 * REACH / N_CELLS) ** 2
    return np.exp(density.logarithm(grid(), sigma)).reshape(N_CELLS, N_CELLS) * cell


@pytest.mark.parametrize("kind", KINDS)
def test_the_points_of_a_toy_dataset_are_of_its_density_which_integrates_to_one(kind: ToyDataset) -> None:
    for n_classes, label in ((2, 1), (3, 0), (5, 3)):
        recipe = Recipe(kind, 4000 * n_classes, n_classes, 0.5, 4)
        dataset = make(**vars(recipe))
        mass = masses(density_of(recipe, label), 0.5 * NOISE_SCALE)
        assert mass.sum() == pytest.approx(1, abs=1e-4)

        coarse = mass.reshape(16, 5, 16, 5).sum(axis=(1, 3))
        edges = np.linspace(-REACH, REACH, 17)
        points = dataset.points[dataset.labels == label].astype(np.float64)
        counts = np.histogram2d(points[:, 0], points[:, 1], bins=[edges, edges])[0]
        # deviations in units of those of counts; along its shape points are dealt more evenly
        assert np.abs((counts - 4000 * coarse) / np.sqrt(4000 * coarse + 1)).max() < 4.5


@pytest.mark.parametrize("kind", KINDS)
def test_points_that_a_density_draws_are_those_of_the_shape_without_noise(kind: ToyDataset) -> None:
    recipe = Recipe(kind, 9000, 3, 0.0, 4)
    dataset = make(**vars(recipe))
    for label in range(3):
        drawn = density_of(recipe, label).draw(3000, np.random.default_rng(1))
        made = dataset.points[dataset.labels == label].astype(np.float64)
        assert drawn.shape == (3000, 2)
        for side in np.array([(1, 0), (0, 1), (1, 1), (1, -1)]):
            mine, theirs = np.sort(drawn @ side), np.sort(made @ side)
            below = np.searchsorted(theirs, mine) / 3000
            assert np.abs(below - np.arange(3000) / 3000).max() < 0.04  # Kolmogorov and Smirnov: 0.042 is 1 %


def below(value: Floats) -> Floats:
    """The probability that a standard normal number is below each."""
    return np.array([math.erfc(one / -math.sqrt(2)) / 2 for one in value])


def normal(value: Floats, deviation: float) -> Floats:
    """The density of normal numbers around 0."""
    return np.exp(-((value / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


def test_clouds_boxes_and_curves_have_the_densities_of_closed_forms() -> None:
    points, centres = np.random.default_rng(2).uniform(-1, 1, (50, 2)), np.array([(0.5, 0.0), (-0.5, 0.1)])
    x, y = points.T
    of_clouds = [normal(x - centre[0], 0.5) * normal(y - centre[1], 0.5) for centre in centres]
    assert np.exp(Clouds(centres, 0.3).logarithm(points, 0.4)) == pytest.approx(np.mean(of_clouds, axis=0))

    box = Boxes(np.array([(-0.5, 0.0)]), np.array([(0.25, 0.5)]))
    of_x, of_y = below((x + 0.5) / 0.2) - below((x - 0.25) / 0.2), below(y / 0.2) - below((y - 0.5) / 0.2)
    assert np.exp(box.logarithm(points, 0.2)) == pytest.approx(of_x / 0.75 * of_y / 0.5)

    line = Curve(lambda along: np.column_stack([2 * along - 1, 0 * along]))
    of_x = (below((x + 1) / 0.2) - below((x - 1) / 0.2)) / 2
    assert np.exp(line.logarithm(points, 0.2)) == pytest.approx(of_x * normal(y, 0.2), rel=5e-3)


def test_without_noise_a_density_is_as_narrow_as_it_may_be() -> None:
    box, inside = Boxes(np.array([(0.0, 0.0)]), np.array([(0.5, 2.0)])), np.array([(0.25, 1.0)])

    assert np.exp(box.logarithm(inside, 0.0)) == pytest.approx(1)
    assert np.array_equal(box.logarithm(inside + 1, 0.0), box.logarithm(inside + 1, NARROWEST))


def test_logarithms_stay_numbers_far_away_where_densities_are_zero() -> None:
    low, high = np.array([-36.0, 8.0, -12.0, -1.0, 30.0]), np.array([-35.0, 9.0, -10.0, 2.0, 31.0])
    wanted = np.log(np.where(low > 0, below(-low) - below(-high), below(high) - below(low)))

    assert log_normal_between(low, high) == pytest.approx(wanted, rel=1e-6)
    assert np.isfinite(log_normal_between(low * 1000, high * 1000)[[0, 1, 2, 4]]).all()
    assert log_kernels(np.array([[1e3]]), np.array([[0.0]]), 1.0) == pytest.approx(-5e5, rel=1e-5)
