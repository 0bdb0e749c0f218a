"""The decision field: class probabilities over the visible plane as a picture, and the boundary as a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def centred(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """Probabilities (n_points, 2) stretched so that class 1 leads where its probability is above `threshold`.

    The threshold itself becomes 0.5; 0 and 1 stay.
    """
    of_one = probabilities[:, 1]
    below, above = of_one / (2 * threshold), 1 - (1 - of_one) / (2 * (1 - threshold))
    stretched = np.where(of_one > threshold, above, below)
    return np.stack([1 - stretched, stretched], axis=1).astype(np.float32)


def make_field(view: View, probabilities: NDArray[np.float32], rows: int, columns: int) -> Field:
    """The field of a view from the probabilities, (rows * columns, n_classes), at `view.grid_points`."""
    classes = np.ascontiguousarray(probabilities.T).reshape(-1, rows, columns)
    return Field(view, colour(classes, view.colours, view.neutral), boundary_segments(classes, view))


def colour(classes: NDArray[np.float32], colours: tuple[Colour, ...], neutral: Colour) -> NDArray[np.uint32]:
    """The picture of (n_classes, rows, columns) probabilities; see `Field.pixels`."""
    if len(classes) == 2:
        lead = classes[1] - classes[0]
        winner = (lead > 0).astype(np.intp)
        lead = np.abs(lead)
    else:
        winner = classes.argmax(axis=0)
        ordered = np.partition(classes, len(classes) - 2, axis=0)
        lead = ordered[-1] - ordered[-2]
    # a network that overflowed has nan for a probability: no class leads there
    steps = (np.nan_to_num(lead) * (STRENGTH_STEPS - 1) + 0.5).astype(np.intp)
    pixels: NDArray[np.uint32] = colour_table(colours[: len(classes)], neutral)[winner * STRENGTH_STEPS + steps]
    return pixels


def colour_table(colours: tuple[Colour, ...], neutral: Colour) -> NDArray[np.uint32]:
    """0xffRRGGBB of each class at each strength, uint32 ndarray of shape (n_classes * STRENGTH_STEPS,)."""
    strength = np.linspace(0, 1, STRENGTH_STEPS)[None, :, None]
    start, end = np.array(neutral, dtype=float), np.array(colours, dtype=float)[:, None, :]
    channels = np.rint(start + strength * (end - start)).astype(np.uint32)
    packed = 0xFF000000 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    table: NDArray[np.uint32] = packed.astype(np.uint32).ravel()
    return table


def boundary_segments(classes: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """The line on which the two largest of (n_classes, rows, columns) probabilities are equal; see `Field.boundary`."""
    winner = classes.argmax(axis=0)
    corners = np.stack([winner[:-1, :-1], winner[:-1, 1:], winner[1:, 1:], winner[1:, :-1]])
    row, column = np.nonzero((corners != corners[0]).any(axis=0))
    corners = corners[:, row, column]
    ordered = np.sort(corners, axis=0)
    n_labels = 1 + (ordered[1:] != ordered[:-1]).sum(axis=0)
    several = n_labels > 2
    parts = [junction_segments(classes, view, corners[:, several], row[several], column[several])]
    for low in range(len(classes) - 1):
        of_low = (corners == low).any(axis=0) & ~several
        for high in range(low + 1, len(classes)):
            meet = of_low & (corners == high).any(axis=0)
            if meet.any():
                parts.append(contour_segments(classes[high] - classes[low], view, row[meet], column[meet]))
    return np.concatenate(parts)


def junction_segments(
    classes: NDArray[np.float32],
    view: View,
    winners: NDArray[np.intp],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
) -> NDArray[np.float32]:
    """The lines in cells where three or four classes meet: from where they cross the edges to a common point.

    `winners`, of shape (4, n_cells), are the classes at the corners, clockwise from the top left.
    """
    starts, middles = [np.empty((0, 2))], [np.empty((0, 2))]
    for cell in range(len(row)):
        crossings = []
        for edge in range(4):
            following = (edge + 1) % 4
            one, other = int(winners[edge, cell]), int(winners[following, cell])
            if one != other:
                start = np.array([column[cell], row[cell]]) + CORNERS[edge]
                end = np.array([column[cell], row[cell]]) + CORNERS[following]
                lead = classes[one] - classes[other]
                share = crossing(lead[start[1], start[0]][None], lead[end[1], end[0]][None])[0]
                crossings.append(start + share * (end - start))
        starts.append(np.array(crossings))
        middles.append(np.broadcast_to(np.mean(crossings, axis=0), (len(crossings), 2)))
    return in_data_units(np.hstack([np.concatenate(starts), np.concatenate(middles)]), view, classes.shape[1:])


CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
"""Column and row of a cell's corners, clockwise from the top left."""


# the edges of a cell (0 top, 1 right, 2 bottom, 3 left) that a line connects, by which corners are above zero:
# bit 0 top left, bit 1 top right, bit 2 bottom right, bit 3 bottom left
CELL_LINES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((0, 1), (2, 3)), 11: ((1, 2),), 12: ((1, 3),), 13: ((0, 1),), 14: ((3, 0),),
}  # fmt: skip
LINE_TABLE = np.full((16, 2, 2), -1)
for _case, _lines in CELL_LINES.items():
    LINE_TABLE[_case, : len(_lines)] = _lines


def contour_segments(
    height: NDArray[np.float32], view: View, row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The zero line of a (rows, columns) grid of cell middles, by marching squares (Lorensen and Cline 1987).

    Only in the cells whose top left corners are at `row` and `column`.
    """
    corners = height[row, column], height[row, column + 1], height[row + 1, column + 1], height[row + 1, column]
    places = np.empty((4, len(row), 2), dtype=np.float32)  # of the crossing on each edge, in cells
    places[0] = np.column_stack([column + crossing(corners[0], corners[1]), row])
    places[1] = np.column_stack([column + 1, row + crossing(corners[1], corners[2])])
    places[2] = np.column_stack([column + crossing(corners[3], corners[2]), row + 1])
    places[3] = np.column_stack([column, row + crossing(corners[0], corners[3])])
    case = sum((corner > 0).astype(np.intp) << bit for bit, corner in enumerate(corners))
    lines = LINE_TABLE[case].reshape(-1, 2)
    cell = np.repeat(np.arange(len(row)), 2)
    real = lines[:, 0] >= 0
    lines, cell = lines[real], cell[real]
    ends = np.concatenate([places[lines[:, 0], cell], places[lines[:, 1], cell]], axis=1)
    return in_data_units(ends, view, height.shape)


def in_data_units(ends: NDArray[np.floating], view: View, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Segments (n, 4) given in columns and rows of a grid of cell middles of that shape."""
    rows, columns = shape
    cell_size = (view.right - view.left) / columns, (view.bottom - view.top) / rows
    origin = np.array((view.left, view.top) * 2)
    segments: NDArray[np.float64] = origin + (ends + 0.5) * np.array(cell_size * 2)
    return segments.astype(np.float32)


def crossing(start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where between two heights of different sign zero is, 0 at `start`, 1 at `end`; unimportant elsewhere."""
    change = start - end
    share: NDArray[np.float32] = np.divide(start, change, out=np.full_like(start, 0.5), where=change != 0)
    return share
