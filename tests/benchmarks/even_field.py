"""The field as it was made until version 2: at the middles of one even grid; what a finer boundary is compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.insight.field import Field, View, class_colours, colour, leaders


def even_field(view: View, probabilities: NDArray[np.float32], rows: int, columns: int) -> Field:
    """The field of a view from the probabilities, (rows * columns, n_classes), at its grid points."""
    classes = np.ascontiguousarray(probabilities.T).reshape(-1, rows, columns)
    pixels = colour(*leaders(classes), class_colours(view, len(classes)))
    return Field(view, pixels, boundary_segments(classes, view))


MIN_PROBABILITY = np.float32(1e-37)
"""Smaller ones count as this where logarithms are taken."""


def boundary_segments(classes: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """The line on which the two largest of (n_classes, rows, columns) probabilities are equal; see `Field.boundary`.

    By marching squares (Lorensen and Cline 1987) over the middles of the grid's cells, each square between four of
    them for itself: where two classes lead at its corners, lines connect the places where they are equal on its edges;
    where three or four do, lines run from those places to their mean. Between two corners the logarithm of the ratio of
    two probabilities is taken for linear: for sigmoid and softmax that is the difference of logits, which has no bend
    where the probabilities have.
    """
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
