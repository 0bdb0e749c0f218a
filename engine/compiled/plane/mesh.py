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
            node = (row * columns + column) * step
            grid[node], grid[at] = at - size, node
            at += 1
    whole[places.N_ASKED] = at - size


@compiled
def mean_colour(one: int, other: int) -> int:
    """The mean of two colours in all channels at once: what both have, and half of what one of them has."""
    return (one & other) + (((one ^ other) & MEAN_BITS) >> 1)


@compiled
def list_squares(grid: Any, classes: Any, step: int, rows: int, columns: int) -> int:
    """Put the upper left nodes of all squares whose corners differ in class into the grid; how many there are."""
    count, first = 0, 6 * rows * columns
    for row in range(0, rows - 1, step):
        for at in range(row * columns, (row + 1) * columns - 1, step):
            one, below = classes[at], at + step * columns
            if classes[at + step] != one or classes[below] != one or classes[below + step] != one:
                grid[first + count] = at
                count += 1
    return count


@compiled
def spread(grid: Any, classes: Any, pixels: Any, step: int, rows: int, columns: int) -> None:
    """Give the nodes half way the mean colours of those around them, and logits and class of the one before them."""
    half = step // 2
    for row in range(half, rows, step):
        for at in range(row * columns, (row + 1) * columns, step):
            above = at - half * columns
            pixels[at] = mean_colour(pixels[above], pixels[at + half * columns])
            classes[at], grid[at] = classes[above], grid[above]
    for row in range(0, rows, half):
        for at in range(row * columns + half, (row + 1) * columns, step):
            pixels[at] = mean_colour(pixels[at - half], pixels[at + half])
            classes[at], grid[at] = classes[at - half], grid[at - half]


@compiled
def halve(whole: Any, grid: Any, classes: Any, pixels: Any, rows: int, columns: int) -> None:
    """Go on to a mesh twice as fine; in squares whose corners differ in class its nodes are to be asked next."""
    step, size, count = whole[places.LEVEL], rows * columns, whole[places.N_ASKED]
    n_squares, half = list_squares(grid, classes, step, rows, columns), step // 2
    spread(grid, classes, pixels, step, rows, columns)
    for square in range(n_squares):
        for i in range(3):
            for j in range(3):
                node = grid[6 * size + square] + (i * columns + j) * half
                if grid[size + grid[node]] != node:  # another stands for it
                    grid[node], grid[size + count] = count, node
                    count += 1
    whole[places.N_ASKED], whole[places.LEVEL] = count, half
