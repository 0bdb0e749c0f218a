"""The edges of a survey that the boundary crosses, and its lines; see `engine.compiled.plane.survey`."""

# Tests: tests/engine/machines/test_compiled_survey.py

from __future__ import annotations

from typing import Any

from engine.compiled import places
from engine.compiled.vectors import compiled

AT_START, AT_END, LOW, PLACE, BEND = 0, 1, 2, 3, 4
N_OF_EDGE = 5
LARGEST, SMALLEST = 1e30, 1e-30


@compiled
def lead(whole: Any, reals: Any, values: Any, at: int, first: int, second: int) -> Any:
    """By how much the first of two classes leads over the second, of the logits at an index; a finite number."""
    if whole[places.N_OUTPUTS] == 1:
        height = values[at] - reals[places.LOGIT]
        height = height if first else -height
    else:
        height = values[at + first] - values[at + second]
    if not height > -LARGEST:
        return -LARGEST if height < 0 else 0.0
    return min(height, LARGEST)


@compiled
def crossing(start: float, end: float) -> float:
    """The place of zero between two heights of different sign, 0 at `start`, 1 at `end`."""
    return start / max(start - end, SMALLEST)


@compiled
def list_edges(survey: Any, rows: int, columns: int) -> None:
    """The edges whose ends differ in class, each with the place of its crossing if it is straight."""
    whole, reals, values, edges, grid, classes, _, _, _ = survey
    size, count, n_units = rows * columns, 0, whole[places.N_OUTPUTS]
    for row in range(rows):
        for node in range(row * columns, (row + 1) * columns):
            one = classes[node]
            for down in range(2):
                is_last = row + 1 == rows if down else node + 1 == (row + 1) * columns
                other = node + columns if down else node + 1
                if is_last or classes[other] == one:
                    grid[(2 + down) * size + node] = -1
                    continue
                grid[(2 + down) * size + node] = count
                grid[4 * size + count] = 2 * node + down
                grid[6 * size + count] = count
                at = count * N_OF_EDGE
                edges[at + AT_START] = lead(whole, reals, values, grid[node] * n_units, one, classes[other])
                edges[at + AT_END] = lead(whole, reals, values, grid[other] * n_units, one, classes[other])
                edges[at + LOW], edges[at + BEND] = 0.0, 1.0
                edges[at + PLACE] = crossing(edges[at + AT_START], edges[at + AT_END])
                count += 1
    whole[places.N_LEFT] = count


@compiled
def bisect(edges: Any, at: int, height: float, share: float) -> None:
    """Take the half of an edge in which it is crossed, by the lead in its middle; each half is such a share of it."""
    start, end = edges[at + AT_START], edges[at + AT_END]
    bend = abs(height - (start + end) / 2) / max(start - end, SMALLEST)
    if height > 0:
        edges[at + AT_START], edges[at + LOW] = height, edges[at + LOW] + share
    else:
        edges[at + AT_END] = height
    reach = max(0.5 - 2 * bend, 0.0)
    straight = crossing(edges[at + AT_START], edges[at + AT_END])
    straight = min(max(straight, 0.5 - reach), 0.5 + reach)
    edges[at + PLACE], edges[at + BEND] = edges[at + LOW] + share * straight, bend


@compiled
def end_of_turn(survey: Any, size: int) -> None:
    """Leave out the edges that are straight where they are crossed."""
    whole, reals, _, edges, grid, _, _, _, _ = survey
    count = 0
    for i in range(whole[places.N_LEFT]):
        edge = grid[6 * size + i]
        if edges[edge * N_OF_EDGE + BEND] > reals[places.BENT]:
            grid[6 * size + count] = edge
            count += 1
    whole[places.N_LEFT], whole[places.AT] = count, 0
    whole[places.TURN] += 1


@compiled
def put_end(edges: Any, grid: Any, lines: Any, at: int, edge: int, size: int, columns: int) -> None:
    """Put the place of the crossing of an edge into the lines."""
    node, place = grid[4 * size + edge] // 2, edges[edge * N_OF_EDGE + PLACE]
    is_down = grid[4 * size + edge] % 2
    lines[at] = node % columns + (0.0 if is_down else place)
    lines[at + 1] = node // columns + (place if is_down else 0.0)


@compiled
def edge_of(grid: Any, side: int, node: int, size: int, columns: int) -> Any:
    """The number of the edge at a side of the square below and beside a node: top, right, bottom, left; -1 for none."""
    if side == 0:
        return grid[2 * size + node]
    if side == 1:
        return grid[3 * size + node + 1]
    return grid[2 * size + node + columns] if side == 2 else grid[3 * size + node]


@compiled
def put_lines(survey: Any, size: int, columns: int) -> None:
    """The lines in all squares, see `engine.insight.survey.Survey.boundary`."""
    whole, _, _, edges, grid, classes, _, _, lines = survey
    at = 0
    for node in range(size - columns):
        top, right = grid[2 * size + node], grid[3 * size + node + 1]
        bottom, left = grid[2 * size + node + columns], grid[3 * size + node]
        count = (top >= 0) + (right >= 0) + (bottom >= 0) + (left >= 0)
        if count < 2 or node % columns + 1 == columns:
            continue
        below = node + columns
        is_passing = count > 2 and classes[node] == classes[below + 1] and classes[node + 1] == classes[below]
        if count == 2 or is_passing:
            # the first is from the left to the top where two lines pass each other
            for turn in range(4):
                edge = edge_of(grid, (turn + 3) % 4 if is_passing else turn, node, size, columns)
                if edge >= 0:
                    put_end(edges, grid, lines, at, edge, size, columns)
                    at += 2
            continue
        column, row, first = 0.0, 0.0, at
        for side in range(4):
            edge = edge_of(grid, side, node, size, columns)
            if edge >= 0:
                put_end(edges, grid, lines, at, edge, size, columns)
                column, row = column + lines[at] / count, row + lines[at + 1] / count
                at += 4
        for end in range(first, at, 4):
            lines[end + 2], lines[end + 3] = column, row
    whole[places.N_LINES] = at // 4
