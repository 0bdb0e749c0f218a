"""A survey of a plane as compiled code: coarsely all over, finely along the boundary; beside `engine.insight.survey`.

The same mesh, squares, colours and lines as there. The nodes of the finest grid have numbers, row after row; what is
known of them lies in these arrays, whose room is told by `Room` in `engine.machines.compiled_survey`:

    whole: see `engine.compiled.places`.
    reals: see there.
    values: logits, those of a node one after the other, in the order of asking.
    edges: of each edge that is crossed the lead of its first class at its start and at its end, where the rest of it
        begins, the place of the crossing, and by how much it is bent.
    grid: four numbers for each node: that of the node whose logits stand for it; the nodes in the order of asking; the
        edge that is crossed from it to the next one and to that below. Then for each edge twice its first node, plus
        1 if it goes down; and the edges that are left, or before that the squares that are crossed.
    classes: that leads at each node, uint8.
    colours: of each class at each strength, uint32.
    pixels: of each node, uint32.
    lines: columns and rows of the ends of each, float32.

A class leads by the difference of two logits, which is 0 where two probabilities are equal, for any kind of output.
"""

# Tests: tests/engine/machines/test_compiled_survey.py

from __future__ import annotations

from typing import Any

from engine.compiled import places
from engine.compiled.plane.asking import ask_halves, ask_nodes
from engine.compiled.plane.edges import end_of_turn, list_edges, put_lines
from engine.compiled.plane.mesh import halve, list_mesh
from engine.compiled.vectors import compiled


@compiled
def survey(network: Any, survey: Any) -> None:
    """Go on with a survey until it is done, or so many blocks were asked."""
    fields, (whole, _, _, _, grid, classes, _, pixels, _) = network[1], survey
    step = whole[places.SPACING]
    rows, columns = (whole[places.ROWS] - 1) * step + 1, (whole[places.COLUMNS] - 1) * step + 1
    size = rows * columns
    while whole[places.STAGE] != places.DONE and fields[places.N_BLOCKS] > 0:
        stage = whole[places.STAGE]
        if stage == places.MESH or stage == places.ALONG:
            if stage == places.MESH and whole[places.AT] == 0:
                list_mesh(whole, grid, size, columns)
            ask_nodes(network, survey, whole[places.N_ASKED], size, columns)
            if whole[places.AT] == whole[places.N_ASKED]:
                whole[places.STAGE] = places.SQUARES
        elif stage == places.SQUARES and whole[places.LEVEL] > 1:
            halve(whole, grid, classes, pixels, rows, columns)
            whole[places.STAGE] = places.ALONG
        elif stage == places.SQUARES:
            whole[places.STAGE] = places.EDGES
        elif stage == places.EDGES:
            list_edges(survey, rows, columns)
            whole[places.STAGE], whole[places.AT], whole[places.TURN] = places.HALVES, 0, 0
        elif stage == places.HALVES and whole[places.TURN] < whole[places.BISECTIONS] and whole[places.N_LEFT]:
            ask_halves(network, survey, size, columns)
            if whole[places.AT] == whole[places.N_LEFT]:
                end_of_turn(survey, size)
        elif stage == places.HALVES:
            whole[places.STAGE] = places.LINES
        else:
            put_lines(survey, size, columns)
            whole[places.STAGE] = places.DONE
