"""A network asked coarsely over a whole view, and finely along the boundary: a picture, and the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Probabilities = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Class probabilities, (n_classes, n_points), of places (n_points, 2): column and row in the finest grid."""

Painted = Callable[[NDArray[np.float32]], tuple[NDArray[np.uint8], NDArray[np.uint32]]]
"""The leading classes and the colours, 0xffRRGGBB, of probabilities (n_classes, n_points)."""

MIN_PROBABILITY = np.float32(1e-37)
"""Smaller ones count as this where logarithms are taken."""

AXES = np.eye(2, dtype=np.float32)
MIN_CHANGE = np.float32(1e-30)
BENT = 0.05
"""Of the change along an edge: if half way it misses a straight line by more, the crossing is not taken from one."""


@dataclass(frozen=True)
class Mesh:
    """Nodes in rows and columns, and how often the squares between them can be halved.

    Attributes:
        rows, columns: of the nodes, at least two.
        halvings: from these nodes to those of the finest grid.
    """

    rows: int
    columns: int
    halvings: int = 0

    @property
    def step(self) -> int:
        """Nodes of the finest grid from one of these to the next."""
        return 1 << self.halvings

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the finest grid."""
        return (self.rows - 1) * self.step + 1, (self.columns - 1) * self.step + 1


class Survey:
    """A network at the nodes of a mesh, and between them, half way again and again, in squares whose corners differ.

    Args:
        mesh: the nodes.
        probabilities: of the network.
        painted: what is seen of them.
        threshold: above which the second of two classes is decided for.

    Attributes:
        pixels: uint32 ndarray of the shape of the finest grid; what was not asked is the mean of what is around it.
    """

    def __init__(self, mesh: Mesh, probabilities: Probabilities, painted: Painted, threshold: float = 0.5) -> None:
        self._probabilities, self._painted = probabilities, painted
        # logarithms of the probabilities that are needed to be decided for, unless all are the same
        self._needed = np.log(np.array([1 - threshold, threshold], dtype=np.float32)) if threshold != 0.5 else None
        step, coarse = mesh.step, (mesh.rows, mesh.columns)
        nodes = np.arange(mesh.rows * mesh.columns, dtype=np.int32)
        values, winner, pixels = self._ask(nodes, mesh.columns, step)
        self._values, self.pixels = [values], pixels.reshape(coarse)
        self._nodes, self._width = [finest_nodes(nodes, mesh.columns, step, mesh.shape[1])], mesh.shape[1]
        # of each node the number of the one that was asked for it, and the class that leads there
        self._numbers, self._winner = nodes.reshape(coarse), winner.reshape(coarse)
        is_asked = np.ones(coarse, dtype=np.bool_)
        while step > 1:
            step //= 2
            is_asked = self._halve(is_asked, step)

    def _halve(self, is_asked: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
        """Go on to a mesh twice as fine, and ask at its nodes in squares whose corners differ in class.

        Args:
            is_asked: where the network was asked.
            step: nodes of the finest grid from one of the finer mesh to the next.

        Returns:
            where on the finer mesh it was asked now.
        """
        rows, columns = np.nonzero(is_crossed(self._winner))
        self.pixels = halved(self.pixels)
        self._numbers, self._winner = doubled(self._numbers), doubled(self._winner)
        finer, wanted = np.zeros((2, *self._winner.shape), dtype=np.bool_)
        finer[::2, ::2] = is_asked
        width = finer.shape[1]
        within = np.add.outer(width * np.arange(3), np.arange(3)).reshape(-1, 1)
        wanted.ravel()[within + 2 * (rows * width + columns)] = True
        nodes = np.flatnonzero(wanted & ~finer)
        if len(nodes):
            first = sum(values.shape[1] for values in self._values)
            values, self._winner.ravel()[nodes], self.pixels.ravel()[nodes] = self._ask(nodes, width, step)
            self._numbers.ravel()[nodes] = np.arange(first, first + len(nodes))
            self._values.append(values)
            self._nodes.append(finest_nodes(nodes, width, step, self._width))
        return finer | wanted

    def asked(self) -> tuple[NDArray[np.signedinteger], NDArray[np.float32]]:
        """The nodes of the finest grid at which the network was asked, and its probabilities there."""
        return np.concatenate(self._nodes), np.concatenate(self._values, axis=1)

    def _ask(
        self, nodes: NDArray[np.signedinteger], width: int, step: int = 1
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.uint32]]:
        """Probabilities, leading classes and colours at nodes of a grid of that width, so many finest nodes apart."""
        values = self._probabilities(places_of(nodes, width) * step)
        return values, *self._painted(values)

    def boundary(self, bisections: int = 0) -> NDArray[np.float32]:
        """The line on which the two largest probabilities are equal, (n_segments, 4): columns and rows of its ends.

        By marching squares (Lorensen and Cline 1987) over the nodes of the finest grid, each square between four of
        them for itself: a line connects the two places on its edges where two classes are equal; from three or four
        such places of three or four classes lines run to their mean.

        Args:
            bisections: of edges along which the field is a step.
        """
        winner = self._winner
        size, width = winner.size, winner.shape[1]
        edges = np.zeros((2, *winner.shape), dtype=np.bool_)  # from each node to the next one, and to that below
        across, down = edges
        np.not_equal(winner[:, 1:], winner[:, :-1], out=across[:, :-1])
        np.not_equal(winner[1:], winner[:-1], out=down[:-1])
        count = np.zeros(winner.shape, dtype=np.uint8)  # of those around the square below and beside each node
        np.add(across[:-1, :-1], across[1:, :-1], out=count[:-1, :-1], dtype=np.uint8)
        count[:-1, :-1] += down[:-1, :-1]
        count[:-1, :-1] += down[:-1, 1:]
        crossed, is_crossing = np.flatnonzero(edges), edges.ravel()
        places, numbers = self._crossings(crossed, bisections), np.zeros(edges.size, dtype=np.int32)
        numbers[crossed] = np.arange(len(crossed))
        around = np.array([0, size + 1, width, size])  # the top, right, bottom and left edge of a square
        squares = np.flatnonzero(count == 2)[:, None] + around
        lines: NDArray[np.float32] = places[numbers[squares[is_crossing[squares]]]].reshape(-1, 4)
        corners = np.flatnonzero(count > 2)[:, None]
        if not len(corners):
            return lines
        classes = winner.ravel()[corners + np.array([0, 1, width + 1, width])]
        meeting = lines_where_several_meet(is_crossing[corners + around], places[numbers[corners + around]], classes)
        return np.concatenate([lines, meeting])

    def _crossings(self, edges: NDArray[np.intp], bisections: int) -> NDArray[np.float32]:
        """The places, columns and rows, at which the classes at the ends of edges are equal.

        Between two places that were asked the logarithm of the ratio of two probabilities is taken for linear: for
        sigmoid and softmax that is the difference of logits, which has no bend where the probabilities have. Where it
        has one, an edge is bisected, and from a step there remains the middle.
        """
        size, width = self._winner.shape[0] * self._winner.shape[1], self._winner.shape[1]
        is_down, starts = np.divmod(edges, size)
        nodes = np.concatenate([starts, starts + np.array([1, width])[is_down]])
        pair, numbers, n_edges = self._winner.ravel()[nodes].reshape(2, -1), self._numbers.ravel()[nodes], len(edges)
        leads = self._lead(np.concatenate(self._values, axis=1), numbers, np.tile(pair, 2))
        at_start, at_end = leads[:n_edges], leads[n_edges:]
        places, along = places_of(starts, width), AXES[is_down]
        shares, low, share, left = crossing(at_start, at_end), np.zeros_like(at_start), 1.0, np.arange(n_edges)
        bend = np.ones_like(at_start)
        for turn in range(bisections):
            if turn:
                is_bent = bend > BENT
                left, low, at_start, at_end = left[is_bent], low[is_bent], at_start[is_bent], at_end[is_bent]
            if not len(left):
                break
            share /= 2
            middle = low + share
            found = self._probabilities(places[left] + along[left] * middle[:, None])
            at_middle = self._lead(found, np.arange(len(left)), pair[:, left])
            bend = np.abs(at_middle - (at_start + at_end) / 2) / np.maximum(at_start - at_end, MIN_CHANGE)
            is_beyond = at_middle > 0
            low = np.where(is_beyond, middle, low)
            at_start, at_end = np.where(is_beyond, at_middle, at_start), np.where(is_beyond, at_end, at_middle)
            reach = np.maximum(0.5 - 2 * bend, 0)
            straight = np.minimum(np.maximum(crossing(at_start, at_end), 0.5 - reach), 0.5 + reach)
            shares[left] = low + share * straight
        return places + along * shares[:, None]

    def _lead(
        self, values: NDArray[np.float32], numbers: NDArray[np.intp], pair: NDArray[np.uint8]
    ) -> NDArray[np.float32]:
        """By how much the first of two classes leads over the second, of some of the probabilities."""
        both = np.log(np.maximum(values.ravel()[pair.astype(np.intp) * values.shape[1] + numbers], MIN_PROBABILITY))
        if self._needed is not None:
            both -= self._needed[pair]
        lead: NDArray[np.float32] = both[0] - both[1]
        return lead


def places_of(nodes: NDArray[np.signedinteger], width: int) -> NDArray[np.float32]:
    """Columns and rows, (n_nodes, 2), of nodes of a grid of that width."""
    places = np.empty((len(nodes), 2), dtype=np.float32)
    places[:, 1], places[:, 0] = np.divmod(nodes, width)
    return places


def finest_nodes(
    nodes: NDArray[np.signedinteger], width: int, step: int, finest_width: int
) -> NDArray[np.signedinteger]:
    """The numbers on the finest grid of nodes of a grid of that width, so many finest nodes apart."""
    rows, columns = np.divmod(nodes, width)
    return (rows * finest_width + columns) * step


def doubled(grid: NDArray[Any]) -> NDArray[Any]:
    """A grid with two nodes instead of one, up to the last row and column."""
    return np.ascontiguousarray(grid.repeat(2, axis=0)[:-1].repeat(2, axis=1)[:, :-1])


def is_crossed(winner: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Of the squares between nodes those whose corners have several classes."""
    across, down = winner[:, 1:] != winner[:, :-1], winner[1:] != winner[:-1]
    squares: NDArray[np.bool_] = across[:-1] | across[1:] | down[:, :-1] | down[:, 1:]
    return squares


def halved(pixels: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A picture with the mean between each two pixels."""
    rows, columns = pixels.shape
    finer = np.empty((2 * rows - 1, 2 * columns - 1), dtype=np.uint32)
    finer[::2, ::2] = pixels
    finer[1::2, ::2] = mean_colour(pixels[:-1], pixels[1:])
    finer[:, 1::2] = mean_colour(finer[:, :-1:2], finer[:, 2::2])
    return finer


def mean_colour(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The mean of two colours in all channels at once: what both have, and half of what one of them has."""
    mean: NDArray[np.uint32] = (one & other) + (((one ^ other) & 0xFEFEFEFE) >> 1)
    return mean


def crossing(start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32]:
    """The place of zero between two heights of different sign, 0 at `start`, 1 at `end`."""
    share: NDArray[np.float32] = start / np.maximum(start - end, MIN_CHANGE)
    return share


def lines_where_several_meet(
    is_crossing: NDArray[np.bool_], places: NDArray[np.float32], corners: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """The lines in squares of which three or four edges are crossed, (n_segments, 4).

    Args:
        is_crossing: which edges are, (n_squares, 4): top, right, bottom and left.
        places: of the crossings, (n_squares, 4, 2); anything where there is none.
        corners: the classes at the corners at which these edges begin, clockwise, (n_squares, 4).
    """
    is_saddle = (corners[:, :2] == corners[:, 2:]).all(axis=1)  # of two classes: two lines pass each other
    passing = places[is_saddle][:, [3, 0, 1, 2]].reshape(-1, 4)
    is_crossing, places = is_crossing[~is_saddle], places[~is_saddle]
    means = np.where(is_crossing[..., None], places, 0).sum(axis=1) / is_crossing.sum(axis=1)[:, None]
    square, edge = np.nonzero(is_crossing)
    return np.concatenate([passing, np.concatenate([places[square, edge], means[square]], axis=1)])
