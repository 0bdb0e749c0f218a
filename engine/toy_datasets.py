"""Seeded toy datasets of classes and of values on the square [-1, 1] x [-1, 1]: equal arguments, equal points."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import MAX_LABEL_NOISE, MAX_SEED, ToyDataset
from engine.data.densities import Boxes, Clouds, Curve, Density
from engine.data.targets import Target
from engine.dataset import MAX_CLASSES, MAX_POINTS, MIN_CLASSES, Dataset, DatasetError, default_names
from engine.errors import as_typed
from engine.messages import mark
from engine.settings import checked_number, checked_whole

Points = NDArray[np.float64]
Shape = Callable[[NDArray[np.float64], int, int, np.random.Generator], Points]
ValueCurve = Callable[[Points], Points]


@dataclass(frozen=True)
class Recipe:
    """A toy dataset to be made; see `make`."""

    kind: ToyDataset
    n_samples: int
    n_classes: int
    noise: float
    seed: int
    label_noise: float = 0.0

    def make(self) -> Dataset:
        """The dataset; an InputError if a number is out of its range."""
        return make(**vars(self))


DEFAULT_RECIPE = Recipe(ToyDataset.SPIRAL, 300, 3, 0.1, 1)


def make(
    kind: ToyDataset | str,
    *,
    n_samples: int = 300,
    n_classes: int = 2,
    noise: float = 0.1,
    seed: int = 1,
    label_noise: float = 0.0,
) -> Dataset:
    """A toy dataset.

    Args:
        kind: a ToyDataset or its value.
        n_samples: points in all, dealt to the classes as evenly as possible.
        n_classes: 2 to 10; how a shape is made for so many, its function says.
        noise: standard deviation of the Gaussian noise in units of 1/5 of the plane's half width, 0 to 1: at 0 every
            point lies on its shape, at 1 the shapes overlap. Blobs, mixture and overlap are Gaussian themselves: for
            them it is added width. Of a curve the values alone have it.
        seed: of everything random here.
        label_noise: share of the points, 0 to 0.5, rounded, that are labelled as one of the other classes, each as
            likely. The points are the same whatever it is, and a larger share mislabels those of a smaller one too.

    Returns:
        A two-feature Dataset with class names by colour, its points in an order that deals the classes in turn. Of a
        curve the values are to be learned; its classes are the points by how far above the curve they lie, lowest
        first, as many of each.

    Raises:
        InputError: unknown kind, or a value out of its range.
    """
    if kind not in list(ToyDataset):
        raise DatasetError(
            "There is no dataset {kind}; there are {choices}.", kind=as_typed(kind), choices=", ".join(ToyDataset)
        )
    row = ROWS[ToyDataset(kind)]
    checked_whole("n_samples", n_samples, 0, MAX_POINTS)
    checked_whole("n_classes", n_classes, MIN_CLASSES, MAX_CLASSES)
    checked_number("noise", noise, 0.0, 1.0)
    checked_whole("seed", seed, 0, MAX_SEED)
    checked_number("label_noise", label_noise, 0.0, MAX_LABEL_NOISE)
    generator = np.random.default_rng(seed)
    made = of_classes if row.curve is None else along_curve
    points, labels = made(row, n_samples, n_classes, NOISE_SCALE * noise, generator)
    wrong = generator.permutation(n_samples)[: round(label_noise * n_samples)]
    labels[wrong] = (labels + generator.integers(1, n_classes, n_samples))[wrong] % n_classes
    target = Target.CLASSES if row.curve is None else Target.VALUES
    return Dataset(points.astype(np.float32), labels, default_names(n_classes), target=target)


NOISE_SCALE = 0.2


def of_classes(
    row: ToyRow, n_samples: int, n_classes: int, sigma: float, generator: np.random.Generator
) -> tuple[Points, NDArray[np.int64]]:
    """Points of classes in turn, each with its shape and Gaussian noise, and their labels."""
    assert row.shape is not None
    labels = np.arange(n_samples, dtype=np.int64) % n_classes
    points = np.empty((n_samples, 2))
    for label in range(n_classes):
        members = labels == label
        along = (np.arange(members.sum()) + 0.5) / max(1, members.sum())
        points[members] = row.shape(generator.permutation(along), label, n_classes, generator)
    return points + generator.normal(size=points.shape) * sigma, labels


def along_curve(
    row: ToyRow, n_samples: int, n_classes: int, sigma: float, generator: np.random.Generator
) -> tuple[Points, NDArray[np.int64]]:
    """Points evenly spread along x whose y is the curve and Gaussian noise, and labels by the rank of the noise."""
    assert row.curve is not None
    x, error = generator.uniform(-0.9, 0.9, n_samples), generator.normal(size=n_samples)
    labels = np.empty(n_samples, dtype=np.int64)
    labels[np.argsort(error, kind="stable")] = np.arange(n_samples) * n_classes // max(1, n_samples)
    return np.column_stack([x, row.curve(x) + sigma * error]), labels


def blobs(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """One Gaussian cloud a class, the centres evenly on a circle; the smallest width is 0.06."""
    cloud = blob_clouds(label, n_classes, 0)
    return cloud.centres + generator.normal(scale=cloud.deviation, size=(len(along), 2))


def blob_clouds(label: int, n_classes: int, seed: int) -> Clouds:
    """The cloud of a class of `blobs`."""
    radius = max(0.6, 0.075 * n_classes)  # more than eight need the larger circle to keep apart
    return Clouds(on_circle(radius, label, n_classes), 0.06)


def on_circle(radius: float, label: int, n_classes: int) -> Points:
    """The place of a class among others evenly on a circle, float64 (1, 2)."""
    angle = 2 * np.pi * label / n_classes + np.pi / 4
    return radius * np.array([[np.cos(angle), np.sin(angle)]])


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
    """Circles around the middle, the first class innermost."""
    angle = 2 * np.pi * along
    radius = 0.85 * (label + 1) / n_classes
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def xor(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """A board of n_classes by n_classes squares; square (i, j) belongs to class (i + j) mod n_classes."""
    squares = xor_squares(label, n_classes)[np.arange(len(along)) % n_classes]
    inside = generator.uniform(MARGIN, 1 - MARGIN, size=(len(along), 2))
    return on_board(squares + inside, n_classes)


def xor_squares(label: int, n_classes: int) -> Points:
    """Column and row of each square of a class of `xor`."""
    row = np.arange(n_classes)
    return np.column_stack([(label - row) % n_classes, row]).astype(np.float64)


def xor_boxes(label: int, n_classes: int, seed: int) -> Boxes:
    """The squares of a class of `xor`."""
    squares = xor_squares(label, n_classes)
    return Boxes(on_board(squares + MARGIN, n_classes), on_board(squares + 1 - MARGIN, n_classes))


MARGIN, STRIPE_MARGIN = 0.1, 0.15
"""Of the squares of a board, and of stripes: keeps the classes apart, so that noise 0 is separable."""


def on_board(places: Points, side: float | Points) -> Points:
    """The places on the plane of places on a board of so many squares a side."""
    return np.asarray(0.9 * (2 * places / side - 1))


def spiral(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Arms of one turn (a turn and a quarter for two classes), evenly around the middle."""
    turns = 1.25 if n_classes == 2 else 0.75
    radius = 0.08 + 0.82 * along
    angle = 2 * np.pi * (turns * along + label / n_classes)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def checkerboard(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """A board of 4 by 4 squares, 6 by 6 from five classes on; neighbouring squares differ in class."""
    squares, side = checkerboard_squares(label, n_classes)
    inside = generator.uniform(MARGIN, 1 - MARGIN, size=(len(along), 2))
    return on_board(squares[np.arange(len(along)) % len(squares)] + inside, side)


def checkerboard_squares(label: int, n_classes: int) -> tuple[Points, int]:
    """Column and row of each square of a class of `checkerboard`, and how many squares a side has."""
    side = 4 if n_classes < 5 else 6
    rows, columns = np.divmod(np.arange(side * side), side)
    # each row goes on some classes further, so that equal squares spread evenly instead of along diagonals
    mine = (columns + round(n_classes**0.5) * rows) % n_classes == label
    return np.column_stack([columns[mine], rows[mine]]).astype(np.float64), side


def checkerboard_boxes(label: int, n_classes: int, seed: int) -> Boxes:
    """The squares of a class of `checkerboard`."""
    squares, side = checkerboard_squares(label, n_classes)
    return Boxes(on_board(squares + MARGIN, side), on_board(squares + 1 - MARGIN, side))


def rings(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Rings that interlock like links of a chain: in a row, from five classes on closed to a loop.

    Two neighbours cross twice; each passes under the other once and has a gap there.
    """
    if n_classes < 5:
        radius = 1.8 / (RING_DISTANCE * (n_classes - 1) + 2)
        centre = RING_DISTANCE * radius * np.array([label - (n_classes - 1) / 2, 0.0])
        neighbours = np.array([np.pi] * (label > 0) + [0.0] * (label < n_classes - 1))
    else:
        loop = RING_DISTANCE / (2 * np.sin(np.pi / n_classes))  # its radius in units of that of the rings
        radius = 0.9 / (loop + 1)
        turn = 2 * np.pi * label / n_classes + np.pi / 2
        centre = loop * radius * np.array([np.cos(turn), np.sin(turn)])
        neighbours = turn + np.pi * np.array([0.5 + 1 / n_classes, -0.5 - 1 / n_classes])
    under = np.sort(np.mod(neighbours - np.arccos(RING_DISTANCE / 2), 2 * np.pi))
    starts = under + RING_GAP
    ends = np.append(under[1:], under[0] + 2 * np.pi) - RING_GAP
    lengths = np.cumsum(ends - starts)
    way = along * lengths[-1]
    arc = np.searchsorted(lengths, way)
    angle = way + (ends - lengths)[arc]
    return centre + radius * np.column_stack([np.cos(angle), np.sin(angle)])


RING_DISTANCE = 1.4  # of neighbouring centres, in units of the radius
RING_GAP = 0.25  # half of the gap, in radians


def stripes(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Upright stripes, six or more, whose classes take turns."""
    turns = math.ceil(6 / n_classes)
    stripe = label + n_classes * (np.arange(len(along)) % turns)
    x = (stripe + generator.uniform(STRIPE_MARGIN, 1 - STRIPE_MARGIN, len(along))) / (n_classes * turns)
    return on_board(np.column_stack([x, along]), 1)


def stripe_boxes(label: int, n_classes: int, seed: int) -> Boxes:
    """The stripes of a class of `stripes`."""
    turns = math.ceil(6 / n_classes)
    left, size = label + n_classes * np.arange(turns), np.array([n_classes * turns, 1])
    low = np.column_stack([left + STRIPE_MARGIN, np.zeros(turns)])
    high = np.column_stack([left + 1 - STRIPE_MARGIN, np.ones(turns)])
    return Boxes(on_board(low, size), on_board(high, size))


def mixture(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """Three small Gaussian clouds a class, in squares of a board that the seed chooses, one cloud a square."""
    seeds = generator.bit_generator.seed_seq
    assert isinstance(seeds, np.random.SeedSequence)
    centres, deviation = mixture_board(label, n_classes, np.random.default_rng(seeds))
    cloud = np.arange(len(along)) % 3
    places = centres[cloud] + generator.normal(scale=deviation, size=(len(along), 2))
    return np.asarray(1.8 * places - 0.9)


def mixture_board(label: int, n_classes: int, board: np.random.Generator) -> tuple[Points, float]:
    """Centres and width of the clouds of a class of `mixture` on a unit square.

    The board begins with the seed, so that it is the same for all classes.
    """
    side = math.ceil((3 * n_classes) ** 0.5)
    squares = board.permutation(side * side)[3 * label : 3 * label + 3]
    shifts = board.uniform(-0.1, 0.1, size=(side * side, 2))[squares]
    return (np.column_stack(np.divmod(squares, side)) + 0.5 + shifts) / side, 0.1 / side


def mixture_clouds(label: int, n_classes: int, seed: int) -> Clouds:
    """The clouds of a class of `mixture`."""
    centres, deviation = mixture_board(label, n_classes, np.random.default_rng(seed))
    return Clouds(1.8 * centres - 0.9, 1.8 * deviation)


def overlap(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
    """One Gaussian cloud a class, the centres on a circle so that neighbouring clouds overlap.

    For two classes and noise 0 the centres are 2 * 1.0364 standard deviations apart, so that the best possible
    classifier, the nearer centre, is right with the probability Phi(1.0364) = 0.85. No classifier expects more on new
    points. With more classes, or noise, it is less.
    """
    cloud = overlap_clouds(label, n_classes, 0)
    return cloud.centres + generator.normal(scale=cloud.deviation, size=(len(along), 2))


def overlap_clouds(label: int, n_classes: int, seed: int) -> Clouds:
    """The cloud of a class of `overlap`."""
    between = math.sin(math.pi / n_classes)  # half the distance of neighbours on a circle of radius 1
    radius = 0.95 / (1 + 3 * between)
    return Clouds(on_circle(radius, label, n_classes), radius * between / 1.0364)


def line(x: Points) -> Points:
    """A straight line."""
    return 0.7 * x


def sine(x: Points) -> Points:
    """A sine of a little more than one turn."""
    return 0.6 * np.sin(4 * x)


def steps(x: Points) -> Points:
    """Five even steps upwards."""
    return 0.3 * np.floor(2.2 * x + 0.5)


def parabola(x: Points) -> Points:
    """A parabola that opens upwards."""
    return 1.6 * x**2 - 0.6


@dataclass(frozen=True)
class ToyRow:
    """The facts about a toy dataset.

    Attributes:
        name: as it is shown.
        shape: makes the points of one class; its docstring describes them.
        curve: the true value at each x, where values are to be learned, in the place of a shape.
        usual_classes: as many as it has unless others are asked for.
        parts: what a class is drawn from, of its label, the number of classes and the seed; None where the shape is a
            curve of the share of its way alone.
    """

    name: str
    shape: Shape | None = None
    usual_classes: int = 2
    curve: ValueCurve | None = None
    parts: Callable[[int, int, int], Density] | None = None


ROWS = {
    ToyDataset.BLOBS: ToyRow(mark("Blobs"), blobs, 3, parts=blob_clouds),
    ToyDataset.MOONS: ToyRow(mark("Moons"), moons, 2),
    ToyDataset.CIRCLES: ToyRow(mark("Circles"), circles, 2),
    ToyDataset.XOR: ToyRow(mark("XOR"), xor, 2, parts=xor_boxes),
    ToyDataset.SPIRAL: ToyRow(mark("Spiral"), spiral, 3),
    ToyDataset.CHECKERBOARD: ToyRow(mark("Checkerboard"), checkerboard, 2, parts=checkerboard_boxes),
    ToyDataset.RINGS: ToyRow(mark("Rings"), rings, 3),
    ToyDataset.STRIPES: ToyRow(mark("Stripes"), stripes, 2, parts=stripe_boxes),
    ToyDataset.MIXTURE: ToyRow(mark("Gaussian mixture"), mixture, 3, parts=mixture_clouds),
    ToyDataset.OVERLAP: ToyRow(mark("Overlapping classes"), overlap, 2, parts=overlap_clouds),
    ToyDataset.LINE: ToyRow(mark("Line (values)"), curve=line),
    ToyDataset.SINE: ToyRow(mark("Sine (values)"), curve=sine),
    ToyDataset.STEPS: ToyRow(mark("Steps (values)"), curve=steps),
    ToyDataset.PARABOLA: ToyRow(mark("Parabola (values)"), curve=parabola),
}


def density_of(recipe: Recipe, label: int) -> Density:
    """The density from which the points of a class come, without their noise; the classes are equally likely."""
    row, n_classes, seed = ROWS[recipe.kind], recipe.n_classes, recipe.seed
    if row.parts is not None:
        return row.parts(label, n_classes, seed)
    shape = row.shape
    assert shape is not None, "values have a curve"
    return Curve(lambda along: shape(along, label, n_classes, np.random.default_rng(seed)))
