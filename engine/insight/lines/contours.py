"""The lines on which the probability of a class has a given value, over what a survey of the plane knows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS = tuple(round(0.1 * tenth, 1) for tenth in range(1, 10))
FINEST = 5.0
"""Pixels of a square that a line is taken through: smaller ones cost more than anybody sees."""
FARTHEST = 1e6
"""The largest height that a network is taken to have."""

Heights = NDArray[np.float32]
"""Of a class, log P / (1 - P): along it a sigmoid unit is linear, and so are the probabilities of softmax nearly."""
CORNERS = (0, 0), (0, 1), (1, 1), (1, 0)
"""Of a square, clockwise: how far down and to the right."""
SIDES = np.array([[0, 0, 1, 0], [1, 0, 0, 1], [1, 1, -1, 0], [0, 1, 0, -1]], dtype=np.float32)
"""Of a square, clockwise from the top: column and row at which each side begins, and where it goes."""


@dataclass(frozen=True)
class Contour:
    """A line that is wanted.

    Attributes:
        level: the probability on it, between 0 and 1.
        label: of the class whose it is; None: the class that is decided for, which has the largest.
        is_threshold: whether one class is compared with the rest there.
    """

    level: float
    label: int | None = None
    is_threshold: bool = False


def heights_of(probabilities: NDArray[np.float32], *, is_distribution: bool) -> Heights:
    """The heights of each class, (n_classes, n_points), of their probabilities.

    In a distribution the rest is the sum of the others, so that nothing is lost near 1.
    """
    if is_distribution:
        rest = np.stack([np.delete(probabilities, label, axis=0).sum(axis=0) for label in range(len(probabilities))])
    else:
        rest = 1 - probabilities
    least = np.float32(1e-37)
    heights: Heights = np.log(np.maximum(probabilities, least)) - np.log(np.maximum(rest, least))
    return heights


def heights_of_logits(logits: NDArray[np.floating], *, is_softmax: bool) -> Heights:
    """The same of the logits of a network, (n_units, n_points)."""
    if not is_softmax:
        both = np.concatenate([-logits, logits]) if len(logits) == 1 else logits
        return both.astype(np.float32)
    # the logarithm of the sum of the powers of the others
    others = np.stack([np.delete(logits, label, axis=0) for label in range(len(logits))])
    most = others.max(axis=1)
    rest = most + np.log(np.exp(others - most[:, None]).sum(axis=1))
    heights: Heights = (logits - rest).astype(np.float32)
    return heights


def filled(nodes: NDArray[np.integer], heights: Heights, shape: tuple[int, int], step: int) -> Heights:
    """A grid of that shape with the heights at some of its nodes, and between them means of what is around.

    Args:
        nodes: that are known, row after row; every `step`-th of a row and column is.
        heights: of these.
        shape: rows and columns of the grid.
        step: nodes between those of the mesh.
    """
    grid = np.full(shape, np.nan, dtype=np.float32)
    grid.ravel()[nodes] = np.clip(heights, -FARTHEST, FARTHEST)
    while step > 1:
        half = step // 2
        down = grid[::step, ::step], grid[half::step, ::step]
        across = grid[::half, ::step].T, grid[::half, half::step].T
        for known, between in (down, across):
            np.copyto(between, (known[:-1] + known[1:]) / 2, where=np.isnan(between))
        step = half
    return grid


def lines_at(heights: Heights, levels: NDArray[np.floating]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The lines at rising levels by marching squares (Lorensen and Cline 1987), of all levels together.

    Returns:
        columns and rows of the ends of each line, (n_lines, 4), and the number of its level, (n_lines,).
    """
    band = np.zeros(heights.shape, dtype=np.int8)  # how many levels a node is above; nan is above none
    for level in levels:
        band += heights > level
    upper, lower = np.minimum(band[:-1], band[1:]), np.maximum(band[:-1], band[1:])
    first, count = np.minimum(upper[:, :-1], upper[:, 1:]), np.maximum(lower[:, :-1], lower[:, 1:])
    count -= first
    rows, columns = np.nonzero(count)
    n_levels, first = count[rows, columns].astype(np.intp), first[rows, columns].astype(np.intp)
    each = np.repeat(np.arange(len(rows)), n_levels)
    # of each square its levels in turn, from the first on
    numbers = np.arange(len(each)) - np.repeat(np.cumsum(n_levels) - n_levels - first, n_levels)
    rows, columns = rows[each], columns[each]
    corners = np.stack([heights[rows + down, columns + aside] for down, aside in CORNERS], axis=1)
    corners -= np.asarray(levels, dtype=np.float32)[numbers][:, None]
    following, is_above = np.roll(corners, -1, axis=1), corners > 0
    is_crossed = is_above != np.roll(is_above, -1, axis=1)
    squares = np.stack([columns, rows], axis=1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):  # along sides that are not crossed
        ways = (corners / (corners - following))[..., None] * SIDES[:, 2:]
    places = squares.astype(np.float32) + SIDES[:, :2] + ways
    is_saddle = is_crossed.all(axis=1)
    simple = ~is_saddle
    # around a saddle the lines keep its middle on the side of the corners that are like it
    turned = (corners.sum(axis=1) > 0) == is_above[:, 0]
    order = np.where(turned[:, None], [0, 1, 2, 3], [3, 0, 1, 2])[is_saddle]
    around = np.take_along_axis(places[is_saddle], order[..., None], axis=1)
    lines = np.concatenate([places[simple][is_crossed[simple]].reshape(-1, 4), around.reshape(-1, 4)])
    numbers = np.concatenate([numbers[simple], np.repeat(numbers[is_saddle], 2)])
    is_finite = np.isfinite(lines).all(axis=1)
    return lines[is_finite], numbers[is_finite]


def contour_lines(
    contours: tuple[Contour, ...],
    nodes: NDArray[np.integer],
    heights: Heights,
    shape: tuple[int, int],
    step: int,
    cell: float,
) -> list[NDArray[np.float32]]:
    """The lines of each contour, columns and rows of their ends, (n_lines, 4).

    Args:
        contours: that are wanted; of a class that there is not, none is found.
        nodes: that are known, see `filled`.
        heights: of each class there, (n_classes, n_nodes).
        shape: of the grid.
        step: nodes between those of the mesh.
        cell: the width of a square of the grid in pixels.
    """
    found = [np.empty((0, 4), dtype=np.float32) for _ in contours]
    coarser = 1 << max(0, math.ceil(math.log2(FINEST / cell)))
    for label in {contour.label for contour in contours}:
        if label is not None and label >= len(heights):
            continue
        mine = [index for index, contour in enumerate(contours) if contour.label == label]
        mine.sort(key=lambda index: contours[index].level)
        levels = np.array([contours[index].level for index in mine])
        surface = filled(nodes, heights.max(axis=0) if label is None else heights[label], shape, step)
        # nodes are the middles of cells: straight on by one more, lines reach the edge of the view
        surface = np.pad(surface[::coarser, ::coarser], 1, mode="reflect", reflect_type="odd")
        lines, numbers = lines_at(surface, np.log(levels / (1 - levels)))
        for number, index in enumerate(mine):
            found[index] = coarser * (lines[numbers == number] - np.float32(1))
    return found
