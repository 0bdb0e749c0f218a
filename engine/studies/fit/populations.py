"""Populations: what fresh training sets are drawn from, and what is true of any point. No torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.data.densities import Floats, parts_of, squared_distances
from engine.data.targets import Target
from engine.dataset import Dataset, default_names, serial_numbers
from engine.errors import InputError, shown
from engine.messages import mark
from engine.population import deviations, kernel_width
from engine.settings import Number
from engine.toy_datasets import NOISE_SCALE, ROWS, Recipe, along_curve, density_of

MAX_BANDWIDTH = 10.0
BANDWIDTH = Number(0.0, MAX_BANDWIDTH, above=True)
BOOTSTRAP_WARNING = mark(
    "Every bootstrap sample repeats the accidents of the one set that was drawn: the variance comes out too small, and "
    "a part of it is counted as bias."
)


class Source(Protocol):
    """A source of training sets; it can be pickled."""

    def sample(self, n_points: int, generator: np.random.Generator) -> Dataset:
        """So many independent points."""


@dataclass(frozen=True, eq=False)
class Truth:
    """The truth about points.

    Attributes:
        mean: the probability of each class, float64 (n_points, n_classes), or the mean of the values, (n_points, 1).
        noise: the squared error that nobody can avoid, float64 (n_points,): the sum of p (1 - p) over the classes, see
            `over_classes`, or the variance of the values.
    """

    mean: Floats
    noise: Floats


class Population(Source, Protocol):
    """A source of which the truth is known."""

    def truth(self, points: NDArray[np.float32]) -> Truth:
        """The truth about points (n_points, n_inputs)."""


def over_classes(parts: Floats) -> Floats:
    """The sum over the classes of (n_points, n_classes); of two classes half of it: what one probability has."""
    return np.asarray(parts.sum(axis=1) / (2 if parts.shape[1] == 2 else 1))


def truth_of_classes(posterior: Floats) -> Truth:
    """The truth where the posterior is known."""
    return Truth(posterior, over_classes(posterior * (1 - posterior)))


@dataclass(frozen=True)
class ToyPopulation:
    """The population of a toy dataset: its points in the recipe's number are not dealt evenly, but independent."""

    recipe: Recipe

    @property
    def sigma(self) -> float:
        """The standard deviation of the noise."""
        return NOISE_SCALE * self.recipe.noise

    def sample(self, n_points: int, generator: np.random.Generator) -> Dataset:
        recipe = self.recipe
        row, n_classes, names = ROWS[recipe.kind], recipe.n_classes, default_names(recipe.n_classes)
        if row.curve is not None:
            points, labels = along_curve(row, n_points, n_classes, self.sigma, generator)
            return Dataset(points.astype(np.float32), labels, names, target=Target.VALUES)
        labels = generator.integers(n_classes, size=n_points)
        points = generator.normal(scale=self.sigma, size=(n_points, 2))
        for label in range(n_classes):
            members = np.flatnonzero(labels == label)
            points[members] += density_of(recipe, label).draw(len(members), generator)
        is_wrong = generator.random(n_points) < recipe.label_noise
        labels = np.where(is_wrong, (labels + generator.integers(1, n_classes, n_points)) % n_classes, labels)
        return Dataset(points.astype(np.float32), labels, names)

    def truth(self, points: NDArray[np.float32]) -> Truth:
        recipe, exact = self.recipe, points.astype(np.float64)
        curve, n_classes = ROWS[recipe.kind].curve, recipe.n_classes
        if curve is not None:
            return Truth(curve(exact[:, :1]), np.full(len(points), self.sigma**2))
        logarithms = [density_of(recipe, label).logarithm(exact, self.sigma) for label in range(n_classes)]
        drawn = shares(np.stack(logarithms, axis=1))
        return truth_of_classes((1 - recipe.label_noise) * drawn + recipe.label_noise * (1 - drawn) / (n_classes - 1))


@dataclass(frozen=True, eq=False)
class PaintedPopulation:
    """Points as a population: their kernel density, see `engine.population.sampled`.

    Attributes:
        dataset: the points.
        bandwidth: of the kernels, in standard deviations of the features, above 0 and at most 10.

    Raises:
        InputError: there is no such density.
    """

    dataset: Dataset
    bandwidth: float

    def __post_init__(self) -> None:
        BANDWIDTH.checked("bandwidth", self.bandwidth)
        check_variety(self.dataset)

    @cached_property
    def widths(self) -> Floats:
        """The standard deviation of the kernels along each feature."""
        return self.bandwidth * deviations(self.dataset)

    def sample(self, n_points: int, generator: np.random.Generator) -> Dataset:
        dataset = self.dataset
        chosen = generator.integers(len(dataset), size=n_points)
        points = dataset.points[chosen] + generator.normal(size=(n_points, dataset.n_features)) * self.widths
        return of_these(dataset, points, chosen)

    def truth(self, points: NDArray[np.float32]) -> Truth:
        dataset, n_inputs = self.dataset, self.dataset.n_inputs
        widths = self.widths[:n_inputs]
        known = np.eye(dataset.n_classes)[dataset.labels]
        if dataset.has_values:
            known = dataset.points[:, -1:].astype(np.float64)
        asked, centres = points[:, :n_inputs] / widths, dataset.points[:, :n_inputs] / widths
        means, squares = np.empty((2, len(points), known.shape[1]))
        for part in parts_of(len(points), len(dataset)):
            weights = shares(squared_distances(asked[part], centres) / -2)
            means[part], squares[part] = weights @ known, weights @ known**2
        if dataset.has_values:
            return Truth(means, np.asarray((squares - means**2)[:, 0] + self.widths[-1] ** 2))
        return truth_of_classes(means)


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Samples of a dataset with replacement: no fresh points."""

    dataset: Dataset

    def __post_init__(self) -> None:
        check_variety(self.dataset)

    def sample(self, n_points: int, generator: np.random.Generator) -> Dataset:
        chosen = generator.integers(len(self.dataset), size=n_points)
        return of_these(self.dataset, self.dataset.points[chosen].astype(np.float64), chosen)


def painted(dataset: Dataset, bandwidth: float | None = None) -> PaintedPopulation:
    """A dataset as a population, with the likeliest bandwidth unless one is given."""
    check_variety(dataset)
    return PaintedPopulation(dataset, kernel_width(dataset) if bandwidth is None else bandwidth)


def check_variety(dataset: Dataset) -> None:
    """Raise an InputError unless the points tell of a population: two or more of a class, and not all on one line."""
    counts = dataset.class_counts()
    if not dataset.has_values:
        if (counts > 0).sum() < 2:
            raise InputError("A population needs points of at least two classes.")
        if 1 in counts:
            name = dataset.class_names[counts.tolist().index(1)]
            raise InputError(
                "The class “{name}” has one point; a population needs two or more of each class.", name=shown(name)
            )
    flat = np.flatnonzero(~(deviations(dataset) > 0)) if len(dataset) > 1 else np.zeros(1)
    if len(flat):
        raise InputError("A population needs points that differ in every coordinate. Draw more of them.")


def of_these(dataset: Dataset, points: Floats, chosen: NDArray[np.int64]) -> Dataset:
    """Points with the labels of those of a dataset from which they come."""
    labels = dataset.labels[chosen]
    return replace(dataset, points=points.astype(np.float32), labels=labels, serials=serial_numbers(labels))


def shares(logarithms: Floats) -> Floats:
    """The shares of what these are the logarithms of along the last axis."""
    relative = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return np.asarray(relative / relative.sum(axis=1, keepdims=True))
