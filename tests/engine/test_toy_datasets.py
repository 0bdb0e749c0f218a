"""Toy datasets: even, seeded, finite, and separable when they are told to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from engine import toy_datasets
from engine.config import ToyDataset
from engine.dataset import Dataset
from engine.errors import InputError

KINDS = list(ToyDataset)
CLASSES = range(2, 9)


def test_every_kind_has_a_shape() -> None:
    assert set(toy_datasets.SHAPES) == set(ToyDataset)


@pytest.mark.parametrize("n_classes", CLASSES)
@pytest.mark.parametrize("kind", KINDS)
def test_points_are_finite_on_the_plane_and_dealt_evenly(kind: ToyDataset, n_classes: int) -> None:
    dataset = toy_datasets.make(kind, n_samples=301, n_classes=n_classes, noise=0.1, seed=3)

    counts = dataset.class_counts()
    assert dataset.points.shape == (301, 2)
    assert len(counts) == n_classes
    assert counts.sum() == 301
    assert counts.max() - counts.min() <= 1
    assert np.isfinite(dataset.points).all()
    assert np.abs(dataset.points).max() < 1.05
    assert np.abs(dataset.points.mean(axis=0)).max() < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides_every_point(kind: ToyDataset) -> None:
    def made(seed: int) -> Dataset:
        return toy_datasets.make(kind, n_samples=100, n_classes=3, noise=0.2, seed=seed)

    assert made(5) == made(5)
    assert made(5) != made(6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_may_be_given_by_its_value(kind: ToyDataset) -> None:
    assert toy_datasets.make(kind.value) == toy_datasets.make(kind)


def least_distance_between_classes(dataset: Dataset) -> float:
    points = dataset.points.astype(np.float64)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(distances[dataset.labels[:, None] != dataset.labels[None]].min())


@pytest.mark.parametrize("n_classes", CLASSES)
@pytest.mark.parametrize("kind", KINDS)
def test_without_noise_the_classes_keep_apart_and_the_nearest_neighbour_knows_them(
    kind: ToyDataset, n_classes: int
) -> None:
    dataset = toy_datasets.make(kind, n_samples=250 * n_classes, n_classes=n_classes, noise=0.0)
    halves = np.random.default_rng(0).permutation(len(dataset)) % 2 == 0
    neighbour = KNeighborsClassifier(1).fit(dataset.points[halves], dataset.labels[halves])

    assert least_distance_between_classes(dataset) > 0.02
    assert neighbour.score(dataset.points[~halves], dataset.labels[~halves]) > 0.98


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not ToyDataset.BLOBS])
def test_with_all_noise_the_classes_overlap(kind: ToyDataset) -> None:
    dataset = toy_datasets.make(kind, n_samples=600, n_classes=3, noise=1.0)

    assert least_distance_between_classes(dataset) < 0.01


def test_noise_has_the_width_it_says() -> None:
    quiet, noisy = (toy_datasets.make("spiral", n_samples=5000, noise=noise, seed=2) for noise in (0.0, 0.5))

    assert (noisy.points - quiet.points).std() == pytest.approx(0.5 / 5, rel=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_validation_is_a_fair_choice_of_each_class(kind: ToyDataset) -> None:
    dataset = toy_datasets.make(kind, n_samples=1200, n_classes=3, noise=0.0)
    held_out = dataset.validation_mask(0.25)

    for label in range(3):
        mine = dataset.labels == label
        spread = dataset.points[mine].std(axis=0)
        shift = dataset.points[mine & held_out].mean(axis=0) - dataset.points[mine].mean(axis=0)
        assert held_out[mine].mean() == pytest.approx(0.25, abs=0.01)
        assert (np.abs(shift) < 0.35 * spread).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_samples", [0, 1, 3])
def test_few_points_are_no_trouble(kind: ToyDataset, n_samples: int) -> None:
    assert len(toy_datasets.make(kind, n_samples=n_samples, n_classes=8)) == n_samples


def test_of_xor_diagonal_squares_share_a_class() -> None:
    dataset = toy_datasets.make("xor", n_samples=400, n_classes=2, noise=0.0)

    np.testing.assert_array_equal(dataset.labels, (dataset.points[:, 0] * dataset.points[:, 1] < 0).astype(int))


def test_rings_have_the_first_class_innermost() -> None:
    dataset = toy_datasets.make("circles", n_samples=400, n_classes=4, noise=0.0)
    radius = np.linalg.norm(dataset.points, axis=1)

    np.testing.assert_allclose(radius, 0.85 * (dataset.labels + 1) / 4, rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "donut"}, "no dataset 'donut'; there are blobs, moons"),
        ({"n_samples": -1}, "n_samples is -1"),
        ({"n_samples": 10**9}, "n_samples is 1000000000"),
        ({"n_samples": 2.5}, r"n_samples is 2\.5"),
        ({"n_classes": 1}, "n_classes is 1"),
        ({"n_classes": 9}, "n_classes is 9"),
        ({"noise": -0.1}, r"noise is -0\.1"),
        ({"noise": float("nan")}, "noise is nan"),
        ({"noise": 1.1}, r"noise is 1\.1"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**31}, "seed is 2147483648"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name_and_value(change: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"kind": "xor", **change}

    with pytest.raises(InputError, match=message):
        toy_datasets.make(**arguments)
