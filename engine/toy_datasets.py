"""Seeded toy datasets on the square [-1, 1] x [-1, 1]; the same arguments give the same points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.config import ToyDataset, checked_number, checked_whole
from engine.dataset import MAX_CLASSES, MAX_POINTS, MIN_CLASSES, Dataset, DatasetError, default_names

Points = NDArray[np.float64]
Shape = Callable[[NDArray[np.float64], int, int, np.random.Generator], Points]


def make(
    kind: ToyDataset | str, *, n_samples: int = 300, n_classes: int = 2, noise: float = 0.1, seed: int = 1
) -> Dataset:
    """A toy dataset.

    Args:
        kind: a ToyDataset or its value.
        n_samples: points in all, dealt to the classes as evenly as possible.
        n_classes: 2 to 8. Moons are made in pairs along a row, circles as rings, XOR as a board of n by n squares
            whose diagonals share a class, spirals as arms.
        noise: standard deviation of the Gaussian noise in units of 1/5 of the plane's half width, 0 to 1: at 0 every
            point lies on its shape, at 1 the shapes overlap. Blobs are Gaussian themselves: for them it is the width.
        seed: of everything random here.

    Returns:
        A two-feature Dataset with class names by colour, its points in an order that deals the classes in turn.

    Raises:
        InputError: unknown kind, or a value out of its range.
    """
    try:
        shape = SHAPES[ToyDataset(kind)]
    except ValueError:
        known = ", ".join(ToyDataset)
        raise DatasetError(f"There is no dataset {kind!r}; there are {known}.") from None
    checked_whole("n_samples", n_samples, 0, MAX_POINTS)
    checked_whole("n_classes", n_classes, MIN_CLASSES, MAX_CLASSES)
    checked_number("noise", noise, 0.0, 1.0)
    checked_whole("seed", seed, 0, 2**31 - 1)
    generator = np.random.default_rng(seed)
    labels = np.arange(n_samples, dtype=np.int64) % n_classes
    points = np.empty((n_samples, 2))
    for label in range(n_classes):
        members = labels == label
        along = (np.arange(members.sum()) + 0.5) / max(1, members.sum())
        points[members] = shape(generator.permutation(along), label, n_classes, generator)
    points += generator.normal(size=points.shape) * NOISE_SCALE * noise
    return Dataset(points.astype(np.float32), labels, default_names(n_classes))


NOISE_SCALE = 0.2


def blobs(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """One Gaussian cloud a class, the centres evenly on a circle; the smallest width is 0.06."""
    angle = 2 * np.pi * label / n_classes + np.pi / 4
    centre = 0.6 * np.array([np.cos(angle), np.sin(angle)])
    return centre + generator.normal(scale=0.06, size=(len(along), 2))


def moons(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Half circles that reach into each other, open by turns upwards and downwards, in a row."""
    angle = np.pi * along
    sign = 1 if label % 2 == 0 else -1
    spacing = 1.0 if n_classes == 2 else 1.2  # at 1 every other moon would touch the next but one
    x = np.cos(angle) * sign + label * spacing
    y = np.sin(angle) * sign + (0.25 if label % 2 else -0.25)
    span = (n_classes - 1) * spacing
    scale = 1.6 / (span + 2)
    return np.column_stack([(x - span / 2) * scale, y * scale])


def circles(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Rings around the middle, the first class innermost."""
    angle = 2 * np.pi * along
    radius = 0.85 * (label + 1) / n_classes
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def xor(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """A board of n_classes by n_classes squares; square (i, j) belongs to class (i + j) mod n_classes."""
    row = np.arange(len(along)) % n_classes
    column = (label - row) % n_classes
    margin = 0.1  # keeps the classes apart, so that noise 0 is separable
    inside = generator.uniform(margin, 1 - margin, size=(len(along), 2))
    return 0.9 * (2 * (np.column_stack([column, row]) + inside) / n_classes - 1)


def spiral(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Arms of one turn (a turn and a quarter for two classes), evenly around the middle."""
    turns = 1.25 if n_classes == 2 else 0.75
    radius = 0.08 + 0.82 * along
    angle = 2 * np.pi * (turns * along + label / n_classes)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


SHAPES: dict[ToyDataset, Shape] = {
    ToyDataset.BLOBS: blobs,
    ToyDataset.MOONS: moons,
    ToyDataset.CIRCLES: circles,
    ToyDataset.XOR: xor,
    ToyDataset.SPIRAL: spiral,
}
