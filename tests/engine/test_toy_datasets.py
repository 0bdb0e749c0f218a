"""Toy datasets: even, seeded, finite, and separable when they are told to be."""

from __future__ import annotations

import hashlib
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier

from engine import toy_datasets
from engine.config import ToyDataset
from engine.dataset import Dataset
from engine.errors import InputError

KINDS = list(ToyDataset)
CURVES = [kind for kind in KINDS if toy_datasets.ROWS[kind].curve is not None]  # whose classes lie above one another
SEPARABLE = [kind for kind in KINDS if kind not in (ToyDataset.OVERLAP, *CURVES)]
CLASSES = range(2, 11)
FIRST_SHAPES = {  # SHA-256 of points and labels, as the first version made them
    "blobs": "e3cadadcb35aeb2be73a095b20a23f8972ec195aca1017750134e86ce7073480",
    "moons": "7314395f6001169978877b11ace35c1d04d70ecfe2d4a237ebc0e621e74fbf2a",
    "circles": "4fcf9607710c0685e72a93b2055a0333110438aba5e597a13580e8b214dffbd0",
    "xor": "8525fc9b514b0359d4cc6b9908d5ddfc5fafc71c40c3d01856d386961d0cc2de",
    "spiral": "7579fcce90d9e441018787830aa124d7f7d65ccd2ec1718743ba0e620aa84c4b",
}


def test_every_kind_has_a_shape() -> None:
    assert set(toy_datasets.ROWS) == set(ToyDataset)


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
    assert np.abs(dataset.points.mean(axis=0)).max() < 0.3


@pytest.mark.parametrize("kind", list(FIRST_SHAPES))
def test_the_first_shapes_stay_bit_for_bit_what_they_were(kind: str) -> None:
    digest = hashlib.sha256()
    for n_samples, n_classes, noise, seed in (
        *((0, 2, 0.0, 1), (301, 2, 0.1, 1), (100, 3, 0.0, 7), (90, 5, 0.5, 2), (200, 8, 1.0, 3)),
    ):
        dataset = toy_datasets.make(kind, n_samples=n_samples, n_classes=n_classes, noise=noise, seed=seed)
        digest.update(dataset.points.tobytes())
        digest.update(dataset.labels.tobytes())

    assert digest.hexdigest() == FIRST_SHAPES[kind]


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
@pytest.mark.parametrize("kind", SEPARABLE)
def test_without_noise_the_classes_keep_apart_and_the_nearest_neighbour_knows_them(
    kind: ToyDataset, n_classes: int
) -> None:
    dataset = toy_datasets.make(kind, n_samples=250 * n_classes, n_classes=n_classes, noise=0.0)
    halves = np.random.default_rng(0).permutation(len(dataset)) % 2 == 0
    neighbour = KNeighborsClassifier(1).fit(dataset.points[halves], dataset.labels[halves])

    assert least_distance_between_classes(dataset) > 0.02
    assert neighbour.score(dataset.points[~halves], dataset.labels[~halves]) > 0.97


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
    assert len(toy_datasets.make(kind, n_samples=n_samples, n_classes=10, label_noise=0.5)) == n_samples


def test_of_xor_diagonal_squares_share_a_class() -> None:
    dataset = toy_datasets.make("xor", n_samples=400, n_classes=2, noise=0.0)

    np.testing.assert_array_equal(dataset.labels, (dataset.points[:, 0] * dataset.points[:, 1] < 0).astype(int))


def test_circles_have_the_first_class_innermost() -> None:
    dataset = toy_datasets.make("circles", n_samples=400, n_classes=4, noise=0.0)
    radius = np.linalg.norm(dataset.points, axis=1)

    np.testing.assert_allclose(radius, 0.85 * (dataset.labels + 1) / 4, rtol=1e-5)


def squares_of(dataset: Dataset, side: int) -> dict[tuple[int, int], set[int]]:
    """The labels in each square of a board of `side` by `side` squares on [-0.9, 0.9]."""
    columns, rows = np.floor((dataset.points.astype(np.float64).T / 1.8 + 0.5) * side).astype(int)
    squares: dict[tuple[int, int], set[int]] = {}
    for square, label in zip(zip(columns.tolist(), rows.tolist(), strict=True), dataset.labels.tolist(), strict=True):
        squares.setdefault(square, set()).add(label)
    return squares


@pytest.mark.parametrize("n_classes", CLASSES)
def test_of_a_checkerboard_every_square_has_one_class_and_its_neighbours_another(n_classes: int) -> None:
    side = 4 if n_classes < 5 else 6
    squares = squares_of(toy_datasets.make("checkerboard", n_samples=1200, n_classes=n_classes, noise=0.0), side)

    assert len(squares) == side * side
    assert all(len(labels) == 1 for labels in squares.values())
    for (column, row), labels in squares.items():
        for neighbour in ((column + 1, row), (column, row + 1)):
            assert not labels & squares.get(neighbour, set())


@pytest.mark.parametrize("n_classes", CLASSES)
def test_stripes_of_all_classes_take_turns_from_left_to_right(n_classes: int) -> None:
    dataset = toy_datasets.make("stripes", n_samples=900, n_classes=n_classes, noise=0.0)
    from_left = dataset.labels[np.argsort(dataset.points[:, 0])]
    stripes = from_left[np.flatnonzero(np.diff(from_left, prepend=-1))]

    assert len(stripes) >= 6
    np.testing.assert_array_equal(stripes, np.arange(len(stripes)) % n_classes)


def circle_through(points: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """Centre and radius of the circle on which points lie, by least squares (Kåsa's method)."""
    values = points.astype(np.float64)
    unknown, *_ = np.linalg.lstsq(np.column_stack([2 * values, np.ones(len(values))]), (values**2).sum(axis=1))
    return unknown[:2], float(np.sqrt(unknown[2] + unknown[:2] @ unknown[:2]))


@pytest.mark.parametrize("n_classes", CLASSES)
def test_rings_interlock_with_their_neighbours_in_the_chain_only(n_classes: int) -> None:
    dataset = toy_datasets.make("rings", n_samples=100 * n_classes, n_classes=n_classes, noise=0.0)
    rings = [circle_through(dataset.points[dataset.labels == label]) for label in range(n_classes)]
    closed = n_classes >= 5

    for label, (centre, radius) in enumerate(rings):
        mine = dataset.points[dataset.labels == label]
        np.testing.assert_allclose(np.linalg.norm(mine - centre, axis=1), radius, rtol=1e-4)
        for other in range(label):
            steps = (label - other, n_classes - label + other)
            linked = 1 in (steps if closed else steps[:1])
            distance = float(np.linalg.norm(centre - rings[other][0]))
            assert (distance < radius + rings[other][1]) == linked
            assert distance > abs(radius - rings[other][1])


@pytest.mark.parametrize("n_classes", CLASSES)
def test_a_mixture_has_three_clouds_a_class_none_of_which_sits_on_one_of_another(n_classes: int) -> None:
    for seed in range(1, 6):
        dataset = toy_datasets.make("mixture", n_samples=60 * n_classes, n_classes=n_classes, noise=0.0, seed=seed)
        centres = np.empty((n_classes, 3, 2))
        for label in range(n_classes):
            mine = dataset.points[dataset.labels == label]
            clouds = KMeans(3, n_init=5, random_state=0).fit(mine)
            centres[label] = clouds.cluster_centers_
            assert sorted(np.bincount(clouds.labels_)) == [20, 20, 20]
        distances = np.linalg.norm(centres.reshape(-1, 1, 2) - centres.reshape(1, -1, 2), axis=2)
        assert distances[~np.eye(3 * n_classes, dtype=bool)].min() > 0.2


def test_the_seed_decides_where_the_clouds_of_a_mixture_are() -> None:
    first, second = (toy_datasets.make("mixture", n_samples=90, noise=0.0, seed=seed) for seed in (1, 2))

    distances = np.linalg.norm(first.points[:, None] - second.points[None], axis=2)
    assert distances.min(axis=1).max() > 0.3


@pytest.mark.parametrize(("noise", "best"), [(0.0, 0.85), (1.0, None)])
def test_of_two_classes_that_overlap_the_bayes_rule_gets_what_is_said_to_be_the_best(
    noise: float, best: float | None
) -> None:
    dataset = toy_datasets.make("overlap", n_samples=200_000, noise=noise, seed=4)
    points, labels = dataset.points.astype(np.float64), dataset.labels
    means = np.array([points[labels == label].mean(axis=0) for label in (0, 1)])
    spread = np.cov((points - means[labels]).T)
    between = means[1] - means[0]
    # equal priors and covariances: the Bayes rule is linear, and errs by half the Mahalanobis distance
    rule = np.linalg.solve(spread, between)
    decided = (points - means.mean(axis=0)) @ rule > 0
    expected = NormalDist().cdf(float(between @ rule) ** 0.5 / 2)

    np.testing.assert_allclose(spread, np.eye(2) * spread[0, 0], atol=0.02 * spread[0, 0])
    assert (decided == labels).mean() == pytest.approx(expected, abs=0.003)
    assert expected == pytest.approx(best, abs=0.003) if best is not None else 0.5 < expected < 0.84


@pytest.mark.parametrize("n_classes", CLASSES)
def test_nobody_tells_overlapping_classes_apart_and_nobody_has_to_guess(n_classes: int) -> None:
    dataset = toy_datasets.make("overlap", n_samples=2000 * n_classes, n_classes=n_classes, noise=0.0)
    halves = np.random.default_rng(0).permutation(len(dataset)) % 2 == 0
    rule = LinearDiscriminantAnalysis().fit(dataset.points[halves], dataset.labels[halves])

    assert 0.65 < rule.score(dataset.points[~halves], dataset.labels[~halves]) < 0.87


# label noise


@pytest.mark.parametrize("n_classes", [2, 3, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_label_noise_mislabels_the_share_it_says_and_moves_no_point(kind: ToyDataset, n_classes: int) -> None:
    clean, noisy = (
        toy_datasets.make(kind, n_samples=333, n_classes=n_classes, label_noise=share) for share in (0.0, 0.2)
    )

    np.testing.assert_array_equal(noisy.points, clean.points)
    assert (noisy.labels != clean.labels).sum() == round(0.2 * 333)
    assert noisy.class_names == clean.class_names
    assert noisy == toy_datasets.make(kind, n_samples=333, n_classes=n_classes, label_noise=0.2)


def test_a_wrong_label_is_any_of_the_others_alike() -> None:
    clean, noisy = (
        toy_datasets.make("blobs", n_samples=40_000, n_classes=5, label_noise=share) for share in (0.0, 0.5)
    )
    moves = np.zeros((5, 5))
    np.add.at(moves, (clean.labels, noisy.labels), 1)

    np.testing.assert_allclose(np.diag(moves), 4000, rtol=0.05)
    np.testing.assert_allclose(moves[~np.eye(5, dtype=bool)], 1000, rtol=0.15)


def test_more_label_noise_keeps_the_wrong_labels_of_less() -> None:
    some, more = (toy_datasets.make("moons", n_classes=3, label_noise=share) for share in (0.1, 0.3))
    wrong = some.labels != toy_datasets.make("moons", n_classes=3).labels

    np.testing.assert_array_equal(more.labels[wrong], some.labels[wrong])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "donut"}, "no dataset 'donut'; there are blobs, moons"),
        ({"n_samples": -1}, "n_samples is -1"),
        ({"n_samples": 10**9}, "n_samples is 1000000000"),
        ({"n_samples": 2.5}, r"n_samples is 2\.5"),
        ({"n_classes": 1}, "n_classes is 1"),
        ({"n_classes": 11}, "n_classes is 11; it must be a whole number from 2 to 10"),
        ({"noise": -0.1}, r"noise is -0\.1"),
        ({"noise": float("nan")}, "noise is nan"),
        ({"noise": 1.1}, r"noise is 1\.1"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**31}, "seed is 2147483648"),
        ({"label_noise": -0.1}, r"label_noise is -0\.1; it must be a number from 0 to 0\.5"),
        ({"label_noise": 0.51}, r"label_noise is 0\.51"),
        ({"label_noise": float("nan")}, "label_noise is nan"),
        ({"label_noise": "much"}, "label_noise is 'much'"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name_and_value(change: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"kind": "xor", **change}

    with pytest.raises(InputError, match=message):
        toy_datasets.make(**arguments)
