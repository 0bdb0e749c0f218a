"""The decision field: class probabilities over the visible plane as a picture, and the boundary as a line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.insight.lines.contours import Contour, Heights, contour_lines, heights_of
from engine.insight.quantity import Quantity
from engine.insight.survey import MIN_PROBABILITY, Mesh, Probabilities, Survey

Colour = tuple[int, int, int]


class Shading(StrEnum):
    """The meaning of the colours of a field.

    Attributes:
        CONFIDENCE: of the most probable class, the fainter the smaller its lead over the second.
        CLASSES: of the most probable class, everywhere alike.
        ENTROPY: of the first colour, the fainter the smaller the entropy of the probabilities: strongest where all
            classes are equally probable. Of independent sigmoids it is the mean entropy of each one's yes and no.
    """

    CONFIDENCE = "confidence"
    CLASSES = "classes"
    ENTROPY = "entropy"


STRENGTH_STEPS = 256
CLASS_STRENGTH = 0.7  # of colours that tell of classes alone
MAX_HALVINGS = 3


@dataclass(frozen=True)
class View:
    """A part of the plane on the screen.

    Attributes:
        left, right, bottom, top: its edges in data units.
        width, height: its size in pixels of the screen.
        colours: of the classes, at full confidence.
        neutral: the colour of no confidence.
        shading: what the colours mean.
        contours: the lines of equal probability that are wanted.
    """

    left: float
    right: float
    bottom: float
    top: float
    width: int
    height: int
    colours: tuple[Colour, ...]
    neutral: Colour
    shading: Shading = Shading.CONFIDENCE
    contours: tuple[Contour, ...] = ()

    def is_coloured_as(self, other: View) -> bool:
        """True if another view shows the same place in the same colours, with whatever lines."""
        return replace(self, contours=other.contours) == other

    def mesh(self, n_points: int, finest: float = 1.0) -> Mesh:
        """About `n_points` nodes of nearly square cells, to be halved as long as they stay `finest` pixels or wider."""
        cell = max(finest, 1.0, (self.width * self.height / max(1, n_points)) ** 0.5)
        halvings = min(MAX_HALVINGS, int(math.log2(cell / finest)))
        return Mesh(max(2, round(self.height / cell)), max(2, round(self.width / cell)), halvings)

    def grid_points(self, rows: int, columns: int) -> NDArray[np.float32]:
        """The middles of the grid's cells, float32 ndarray of shape (rows * columns, 2), the top row first."""
        x = self.left + (np.arange(columns) + 0.5) * ((self.right - self.left) / columns)
        y = self.top - (np.arange(rows) + 0.5) * ((self.top - self.bottom) / rows)
        grid = np.empty((rows, columns, 2), dtype=np.float32)
        grid[..., 0], grid[..., 1] = x, y[:, None]
        return grid.reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Field:
    """A picture of the class probabilities over a view.

    Attributes:
        view: what it shows.
        pixels: uint32 ndarray of shape (rows, columns), 0xffRRGGBB, the top row first; see `Shading`. A single one, of
            no confidence, where values are learned.
        boundary: float32 ndarray of shape (n_segments, 4): x1, y1, x2, y2 in data units of the line on which the two
            largest probabilities are equal, or that of class 1 is the threshold; or of the curve of the learned values.
        contours: the same of each contour of the view.
    """

    view: View
    pixels: NDArray[np.uint32]
    boundary: NDArray[np.float32]
    contours: tuple[NDArray[np.float32], ...] = ()

    @property
    def is_curve(self) -> bool:
        """True if it is of values that are learned."""
        return self.pixels.size == 1


HeightsAsked = Callable[[], tuple[NDArray[np.integer], Heights]]
"""Finds the nodes of the finest grid at which the network was asked, and the heights of each class there, of shape
(n_classes, n_nodes); see `engine.insight.lines.contours`."""

FIELD: Quantity[Field] = Quantity("field")


def centred(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """Probabilities (n_points, 2) stretched so that class 1 leads where its probability is above `threshold`.

    The threshold itself becomes 0.5; 0 and 1 stay.
    """
    of_one = probabilities[:, 1]
    below, above = of_one / (2 * threshold), 1 - (1 - of_one) / (2 * (1 - threshold))
    stretched = np.where(of_one > threshold, above, below)
    return np.stack([1 - stretched, stretched], axis=1).astype(np.float32)


def survey_field(
    view: View,
    mesh: Mesh,
    probabilities: Probabilities,
    threshold: float = 0.5,
    exactness: float = math.inf,
    *,
    is_distribution: bool = True,
) -> tuple[Field, HeightsAsked]:
    """The field of a view without its contours, and what they are made of.

    Args:
        view: what it shows.
        mesh: where the network is asked first; see `View.mesh`.
        probabilities: of the network, at places of the mesh's finest grid; see `View.grid_points`.
        threshold: with another than 0.5 there are two classes, and the second is decided for above it.
        exactness: pixels by which the line may be off where the field is a step.
        is_distribution: whether the probabilities of a place sum to 1.
    """
    colours = class_colours(view, len(view.colours))

    def painted(classes: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
        shown = classes if threshold == 0.5 else centred(classes.T, threshold).T
        winner, lead = leaders(shown)
        strength = lead if view.shading is not Shading.ENTROPY else certainty(classes, is_distribution=is_distribution)
        return winner.astype(np.uint8), colour(winner, strength, colours)

    survey = Survey(mesh, probabilities, painted, threshold)
    field = surveyed_field(view, survey.pixels, survey.boundary(bisections(view, mesh.shape, exactness)))

    def heights() -> tuple[NDArray[np.integer], Heights]:
        nodes, asked = survey.asked()
        return nodes, heights_of(asked, is_distribution=is_distribution)

    return field, heights


def curve_field(view: View, values: NDArray[np.float32]) -> Field:
    """The field of values that are learned: a curve.

    Args:
        view: what it shows.
        values: at places evenly spread from the left edge to the right, in data units, float32 (n_places,), at least 2.
    """
    places = np.column_stack([np.linspace(view.left, view.right, len(values)), values]).astype(np.float32)
    lines, low, high = np.hstack([places[:-1], places[1:]]), min(view.bottom, view.top), max(view.bottom, view.top)
    with np.errstate(invalid="ignore"):
        heights = lines[:, [1, 3]]
        is_seen = np.isfinite(heights).all(axis=1) & (heights.max(axis=1) >= low) & (heights.min(axis=1) <= high)
    pixels = np.full((1, 1), colour_table(view.colours[:1], view.neutral)[0], dtype=np.uint32)
    return Field(view, pixels, lines[is_seen])


def bisections(view: View, shape: tuple[int, int], exactness: float) -> int:
    """The bisections of an edge of a grid of that shape, so that the line of a step is off by so many pixels."""
    cell = max(view.height / shape[0], view.width / shape[1])
    return max(0, math.ceil(math.log2(cell / (2 * exactness)))) if exactness < cell else 0


def surveyed_field(view: View, pixels: NDArray[np.uint32], lines: NDArray[np.float32]) -> Field:
    """The field of what was surveyed: colours of all nodes of a grid, and lines in columns and rows of it."""
    return Field(view, pixels, in_data_units(lines, view, (len(pixels), pixels.shape[1])))


def with_contours(field: Field, mesh: Mesh, heights: HeightsAsked) -> Field:
    """A field of a mesh with the contours that its view wants."""
    view = field.view
    if not view.contours:
        return field
    lines = contour_lines(view.contours, *heights(), mesh.shape, mesh.step, view.width / mesh.shape[1])
    return replace(field, contours=tuple(in_data_units(ends, view, mesh.shape) for ends in lines))


def leaders(classes: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Of probabilities, classes first, the class with the largest, and its lead over the second.

    Of equal ones the first leads; nan leads nobody.
    """
    is_second = classes[1] > classes[0]
    winner = is_second.astype(np.intp)
    first, second = np.maximum(classes[0], classes[1]), np.minimum(classes[0], classes[1])
    for number, other in enumerate(classes[2:], 2):  # a few whole arrays: argmax over the first axis takes five times
        winner[other > first] = number
        second = np.maximum(second, np.minimum(first, other))
        first = np.maximum(first, other)
    return winner, first - second


def certainty(classes: NDArray[np.float32], *, is_distribution: bool) -> NDArray[np.float32]:
    """1 less the entropy of probabilities, classes first, over the largest there is (Shannon 1948); see `Shading`."""
    if is_distribution:
        of_each = -(classes * np.log(np.maximum(classes, MIN_PROBABILITY))).sum(axis=0) / math.log(len(classes))
    else:
        sides = np.stack([classes, 1 - classes])
        of_each = -(sides * np.log(np.maximum(sides, MIN_PROBABILITY))).sum(axis=0).mean(axis=0) / math.log(2)
    certain: NDArray[np.float32] = 1 - of_each
    return certain


def colour(winner: NDArray[np.intp], strength: NDArray[np.float32], colours: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The colours of leading classes at these strengths, 0 to 1; see `colour_table`."""
    # a network that overflowed has nan for a probability: no class leads there
    steps = (np.clip(np.nan_to_num(strength, nan=0.0), 0, 1) * (STRENGTH_STEPS - 1) + 0.5).astype(np.intp)
    steps += winner * STRENGTH_STEPS
    pixels: NDArray[np.uint32] = colours.take(steps)
    return pixels


def class_colours(view: View, n_classes: int) -> NDArray[np.uint32]:
    """0xffRRGGBB of each class at each strength; see `colour_table`."""
    return colour_table(view.colours[:n_classes], view.neutral, view.shading)


@lru_cache(maxsize=8)
def colour_table(
    colours: tuple[Colour, ...], neutral: Colour, shading: Shading = Shading.CONFIDENCE
) -> NDArray[np.uint32]:
    """0xffRRGGBB of each class at each strength, uint32 ndarray of shape (n_classes * STRENGTH_STEPS,)."""
    strength = np.linspace(0, 1, STRENGTH_STEPS)[None, :, None]
    if shading is Shading.CLASSES:
        strength = np.where(strength > 0, CLASS_STRENGTH, strength)  # nan still leads nobody
    elif shading is Shading.ENTROPY:
        strength, colours = 1 - strength, colours[:1] * len(colours)
    start, end = np.array(neutral, dtype=float), np.array(colours, dtype=float)[:, None, :]
    channels = np.rint(start + strength * (end - start)).astype(np.uint32)
    packed = 0xFF000000 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    table: NDArray[np.uint32] = packed.astype(np.uint32).ravel()
    return table


def in_data_units(ends: NDArray[np.float32], view: View, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Segments (n, 4) given in columns and rows of a grid of cell middles of that shape."""
    rows, columns = shape
    cell_size = (view.right - view.left) / columns, (view.bottom - view.top) / rows
    origin = np.array((view.left, view.top) * 2)
    segments: NDArray[np.float64] = origin + (ends + 0.5) * np.array(cell_size * 2)
    return segments.astype(np.float32)
