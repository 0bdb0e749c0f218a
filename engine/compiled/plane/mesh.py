"""The nodes and squares of a survey's mesh; see `engine.compiled.plane.survey`."""

# Tests: tests/engine/machines/test_compiled_survey.py

from __future__ import annotations

from typing import Any

from engine.compiled import places
from engine.compiled.vectors import compiled

MEAN_BITS = 0xFEFEFEFE


@compiled
def list_mesh(whole: Any, grid: Any, size: int, columns: int) -> None:
    """The nodes of the mesh, in the order of asking."""
    at, step = size, whole[places.SPACING]
    for row in range(whole[places.ROWS]):
        for column in range(whole[places.COLUMNS]):
            grid[at] = row * step * columns + column * step
            at += 1
    whole[places.N_ASKED] = at - size


@compiled
def mean_colour(one: int, other: int) -> int:
    """The mean of two colours in all channels at once: what both have, and half of what one of them has."""
    return (one & other) + (((one ^ other) & MEAN_BITS) >> 1)


@compiled
def spread(whole: Any, grid: Any, classes: Any, pixels: Any, rows: int, columns: int) -> None:
    """Give each node the mean colour of those of the mesh around it, and the logits and class of the one before it."""
    step = whole[places.SPACING]
    half = step // 2
    while half > 0:
        for row in range(half, rows, 2 * half):
            for at in range(row * columns, (row + 1) * columns, 2 * half):
                pixels[at] = mean_colour(pixels[at - half * columns], pixels[at + half * columns])
        for row in range(0, rows, half):
            for at in range(row * columns + half, (row + 1) * columns, 2 * half):
                pixels[at] = mean_colour(pixels[at - half], pixels[at + half])
        half //= 2
    for row in range(rows):
        start, number = row // step * step * columns, row // step * whole[places.COLUMNS]
        for square in range(whole[places.COLUMNS]):
            one = classes[start + square * step]
            for at in range(row * columns + square * step, row * columns + min((square + 1) * step, columns)):
                classes[at], grid[at] = one, number + square


@compiled
def list_squares(whole: Any, grid: Any, classes: Any, size: int, columns: int) -> None:
    """The nodes, but for the corners, of all squares of the mesh whose corners differ in class, to be asked next."""
    step, n_mesh = whole[places.SPACING], whole[places.N_ASKED]
    count = n_mesh
    for row in range(whole[places.ROWS] - 1):
        for column in range(whole[places.COLUMNS] - 1):
            at = (row * columns + column) * step
            one, below = classes[at], at + step * columns
            if classes[at + step] == one and classes[below] == one and classes[below + step] == one:
                continue
            for i in range(step + 1):
                for j in range(step + 1):
                    node = at + i * columns + j
                    if (i % step or j % step) and grid[node] < n_mesh:
                        grid[node] = count
                        grid[size + count] = node
                        count += 1
    whole[places.N_ASKED] = count
