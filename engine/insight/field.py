"""The decision field: class probabilities over the visible plane as a picture, and the boundary as a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.insight.quantity import Quantity

Colour = tuple[int, int, int]
STRENGTH_STEPS = 256


@dataclass(frozen=True)
class View:
    """A part of the plane on the screen.

    Attributes:
        left, right, bottom, top: its edges in data units.
        width, height: its size in pixels of the screen.
        colours: of the classes, at full confidence.
        neutral: the colour of no confidence.
    """

    left: float
    right: float
    bottom: float
    top: float
    width: int
    height: int
    colours: tuple[Colour, ...]
    neutral: Colour

    def grid_shape(self, n_points: int) -> tuple[int, int]:
        """Rows and columns of a grid of about `n_points` nearly square cells, at most one a pixel."""
        cell = max(1.0, (self.width * self.height / max(1, n_points)) ** 0.5)
        return max(2, round(self.height / cell)), max(2, round(self.width / cell))

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
        pixels: uint32 ndarray of shape (rows, columns), 0xffRRGGBB, the top row first: the colour of the most
            probable class, the fainter the smaller its lead over the second.
        boundary: float32 ndarray of shape (n_segments, 4): x1, y1, x2, y2 in data units of the line on which the two
            largest probabilities are equal, or that of class 1 is the threshold.
    """

    view: View
    pixels: NDArray[np.uint32]
    boundary: NDArray[np.float32]


FIELD: Quantity[Field] = Quantity("field")


def centred(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """Probabilities (n_points, 2) stretched so that class 1 leads where its probability is above `threshold`.

    The threshold itself becomes 0.5; 0 and 1 stay.
    """
    of_one = probabilities[:, 1]
    below, above = of_one / (2 * threshold), 1 - (1 - of_one) / (2 * (1 - threshold))
    stretched = np.where(of_one > threshold, above, below)
    return np.stack([1 - stretched, stretched], axis=1).astype(np.float32)


def make_field(
    view: View, probabilities: NDArray[np.float32], rows: int, columns: int, threshold: float = 0.5
) -> Field:
    """The field of a view from the probabilities, (rows * columns, n_classes), at `view.grid_points`.

    With another threshold than 0.5 there are two classes, and the second is decided for above it.
    """
    shown = probabilities if threshold == 0.5 else centred(probabilities, threshold)
    classes, stretched = (np.ascontiguousarray(p.T).reshape(-1, rows, columns) for p in (probabilities, shown))
    # of the probabilities themselves: the stretched ones have a kink just where the line is
    return Field(view, colour(stretched, view.colours, view.neutral), boundary_segments(classes, view, threshold))


def leaders(classes: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Of (n_classes, rows, columns) probabilities the class with the largest, and its lead over the second.

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


def colour(classes: NDArray[np.float32], colours: tuple[Colour, ...], neutral: Colour) -> NDArray[np.uint32]:
    """The picture of (n_classes, rows, columns) probabilities; see `Field.pixels`."""
    winner, lead = leaders(classes)
    # a network that overflowed has nan for a probability: no class leads there
    steps = (np.nan_to_num(lead) * (STRENGTH_STEPS - 1) + 0.5).astype(np.intp)
    pixels: NDArray[np.uint32] = colour_table(colours[: len(classes)], neutral)[winner * STRENGTH_STEPS + steps]
    return pixels


@lru_cache(maxsize=8)
def colour_table(colours: tuple[Colour, ...], neutral: Colour) -> NDArray[np.uint32]:
    """0xffRRGGBB of each class at each strength, uint32 ndarray of shape (n_classes * STRENGTH_STEPS,)."""
    strength = np.linspace(0, 1, STRENGTH_STEPS)[None, :, None]
    start, end = np.array(neutral, dtype=float), np.array(colours, dtype=float)[:, None, :]
    channels = np.rint(start + strength * (end - start)).astype(np.uint32)
    packed = 0xFF000000 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    table: NDArray[np.uint32] = packed.astype(np.uint32).ravel()
    return table


MIN_PROBABILITY = np.float32(1e-37)
"""Smaller ones count as this where logarithms are taken."""


def boundary_segments(classes: NDArray[np.float32], view: View, threshold: float = 0.5) -> NDArray[np.float32]:
    """The line on which the two largest of (n_classes, rows, columns) probabilities are equal; see `Field.boundary`.

    With another threshold than 0.5 that on which the second is the threshold, of two classes.

    By marching squares (Lorensen and Cline 1987) over the middles of the grid's cells, each square between four of
    them for itself: where two classes lead at its corners, lines connect the places where they are equal on its edges;
    where three or four do, lines run from those places to their mean. Between two corners the logarithm of the ratio of
    two probabilities is taken for linear: for sigmoid and softmax that is the difference of logits, which has no bend
    where the probabilities have.
    """
    if threshold != 0.5:
        classes = classes / np.array([1 - threshold, threshold], dtype=np.float32)[:, None, None]
    winner, _ = leaders(classes)
    across, down = winner[:, 1:] != winner[:, :-1], winner[1:] != winner[:-1]
    row, column = np.nonzero(across[:-1] | across[1:] | down[:, :-1] | down[:, 1:])
    columns = column + CORNERS[:, :1]
    rows = row + CORNERS[:, 1:]
    corners = winner[rows, columns]
    following, ends = corners[FOLLOWING], (rows[FOLLOWING], columns[FOLLOWING])
    # on each edge, by how much the class at its start leads over that at its end, at either
    at_start = lead(classes[corners, rows, columns], classes[following, rows, columns])
    at_end = lead(classes[corners, *ends], classes[following, *ends])
    shares = crossing(at_start, at_end)[..., None]
    starts = np.stack([columns, rows], axis=2)
    places = starts + shares * EDGES[:, None]
    is_crossed = corners != following
    n_crossed = is_crossed.sum(axis=0)
    ordered = np.sort(corners, axis=0)
    several = (ordered[1:] != ordered[:-1]).sum(axis=0) > 1
    case = ((corners == ordered[-1]) << BITS).sum(axis=0)
    lines = LINE_TABLE[case]
    is_line = (lines[..., 0] >= 0) & ~several[:, None]
    cell, line = np.nonzero(is_line)
    between = np.concatenate([places[lines[cell, line, end], cell] for end in (0, 1)], axis=1)
    edge, cell = np.nonzero(is_crossed & several)
    means = (places * is_crossed[..., None]).sum(axis=0) / np.maximum(n_crossed, 1)[:, None]
    to_mean = np.concatenate([places[edge, cell], means[cell]], axis=1)
    return in_data_units(np.concatenate([to_mean, between]), view, winner.shape)


CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
"""Column and row of a square's corners, clockwise from the top left; edge i is from corner i to the following one."""
FOLLOWING = np.array([1, 2, 3, 0])
EDGES = CORNERS[FOLLOWING] - CORNERS
BITS = np.arange(4)[:, None]

# the edges of a square (0 top, 1 right, 2 bottom, 3 left) that a line connects, by which corners are of the one class:
# bit 0 top left, bit 1 top right, bit 2 bottom right, bit 3 bottom left
CELL_LINES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((0, 1), (2, 3)), 11: ((1, 2),), 12: ((1, 3),), 13: ((0, 1),), 14: ((3, 0),),
}  # fmt: skip
LINE_TABLE = np.full((16, 2, 2), -1)
for _case, _lines in CELL_LINES.items():
    LINE_TABLE[_case, : len(_lines)] = _lines


def in_data_units(ends: NDArray[np.floating], view: View, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Segments (n, 4) given in columns and rows of a grid of cell middles of that shape."""
    rows, columns = shape
    cell_size = (view.right - view.left) / columns, (view.bottom - view.top) / rows
    origin = np.array((view.left, view.top) * 2)
    segments: NDArray[np.float64] = origin + (ends + 0.5) * np.array(cell_size * 2)
    return segments.astype(np.float32)


def lead(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of the ratio of two probabilities."""
    logarithms = (np.log(np.maximum(p, MIN_PROBABILITY)) for p in (one, other))
    difference: NDArray[np.float32] = np.subtract(*logarithms)
    return difference


def crossing(start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32]:
    """The place of zero between two heights of different sign, 0 at `start`, 1 at `end`; unimportant elsewhere."""
    change = start - end
    share: NDArray[np.float32] = np.divide(start, change, out=np.full_like(start, 0.5), where=change != 0)
    return share
