"""The questions of a survey to the network, block by block; see `engine.compiled.plane.survey`."""

# Tests: tests/engine/machines/test_compiled_survey.py

from __future__ import annotations

import math
from typing import Any

from engine.compiled import places
from engine.compiled.activations import sigmoid, softmax
from engine.compiled.passes import forward_evenly
from engine.compiled.plane.edges import LOW, N_OF_EDGE, bisect, lead
from engine.compiled.plane.shading import shade
from engine.compiled.vectors import compiled, lanes, load, store

ROUNDS = 1.5 * 2.0**52
"""A double so large that its last bit is worth 1: what is added to it is rounded."""

LAST_DEGREE = 19
"""Of the series of the sine up to π/2: the next term is below 1e-15."""


@compiled
def put_input(reals: Any, n_given: int, m: Any, width: int, i: int, column: float, row: float) -> None:
    """Put the inputs of a place into column i of a block."""
    for given in range(n_given):
        at = places.ACROSS + given
        m[given * width + i] = column * reals[at] + row * reals[at + n_given] + reals[at + 2 * n_given]


@compiled
def put_features(whole: Any, n_features: int, m: Any, b: int, width: int) -> None:
    """Work out the features after the inputs of a block, and fill its last vector with copies of its last input."""
    n_given = whole[places.N_GIVEN]
    for feature in range(n_given, n_features):
        at = places.FACTORS + 2 * (feature - n_given)
        one, other = whole[at] * width, whole[at + 1] * width
        for i in range(b):
            m[feature * width + i] = sine(m[one + i]) if other < 0 else m[one + i] * m[other + i]
    for feature in range(n_features):
        for i in range(b, width):
            m[feature * width + i] = m[feature * width + b - 1]


@compiled
def sine(z: float) -> float:
    """sin(πz), by its series for what z is beyond the nearest whole number: even ones change nothing, odd the sign."""
    whole = (z + ROUNDS) - ROUNDS
    rest = math.pi * (z - whole)
    is_odd = 2 * ((0.5 * whole + ROUNDS) - ROUNDS) != whole
    total, term = rest, rest
    for degree in range(3, LAST_DEGREE + 1, 2):
        term = -term * rest * rest / (degree * (degree - 1))
        total += term
    return -total if is_odd else total


@compiled
def put_outputs(whole: Any, m: Any, z: int, out: int, width: int) -> None:
    """Put the probabilities of a block into the memory at `out`."""
    size = whole[places.N_OUTPUTS] * width
    if whole[places.HAS_SOFTMAX]:
        softmax(m, z, out, size, width)
        return
    for i in range(0, size, lanes(m)):
        store(m, out + i, sigmoid(load(m, z + i)))


@compiled
def ask_nodes(network: Any, survey: Any, end: int, size: int, columns: int) -> None:
    """Ask the network at the nodes from one number to before another, in the order of asking, block by block."""
    _, fields, _, _, m, _, _ = network
    whole, reals, values, _, grid, classes, colours, pixels, _ = survey
    n, n_given, n_units, at = lanes(m), whole[places.N_GIVEN], whole[places.N_OUTPUTS], whole[places.AT]
    while at < end and fields[places.N_BLOCKS] > 0:
        b = min(fields[places.BLOCK], end - at)
        width = (b + n - 1) // n * n
        for i in range(b):
            node = grid[size + at + i]
            put_input(reals, n_given, m, width, i, node % columns, node // columns)
        put_features(whole, fields[places.N_FEATURES], m, b, width)
        z, out = forward_evenly(network, width), fields[places.DELTA]
        put_outputs(whole, m, z, out, width)
        for i in range(b):
            node = grid[size + at + i]
            for unit in range(n_units):
                values[(at + i) * n_units + unit] = m[z + unit * width + i]
            colour = shade(whole, reals, m, z, out, width, i)
            classes[node], pixels[node] = colour // whole[places.STRENGTHS], colours[colour]
        at += b
        fields[places.N_BLOCKS] -= 1
    whole[places.AT] = at


@compiled
def ask_halves(network: Any, survey: Any, size: int, columns: int) -> None:
    """Ask the network in the middles of the edges that are left, block by block."""
    _, fields, _, _, m, _, _ = network
    whole, reals, values, edges, grid, classes, _, _, _ = survey
    n, n_given, n_units = lanes(m), whole[places.N_GIVEN], whole[places.N_OUTPUTS]
    spare = whole[places.N_ASKED] * n_units  # where there is room for the logits of one place
    share = 0.5 ** (whole[places.TURN] + 1)
    while whole[places.AT] < whole[places.N_LEFT] and fields[places.N_BLOCKS] > 0:
        first = 6 * size + whole[places.AT]
        b = min(fields[places.BLOCK], whole[places.N_LEFT] - whole[places.AT])
        width = (b + n - 1) // n * n
        for i in range(b):
            edge = grid[4 * size + grid[first + i]]
            node, along = edge // 2, edges[grid[first + i] * N_OF_EDGE + LOW] + share
            column, row = node % columns + (0.0 if edge % 2 else along), node // columns + (along if edge % 2 else 0.0)
            put_input(reals, n_given, m, width, i, column, row)
        put_features(whole, fields[places.N_FEATURES], m, b, width)
        z = forward_evenly(network, width)
        for i in range(b):
            edge = grid[4 * size + grid[first + i]]
            node, other = edge // 2, edge // 2 + (columns if edge % 2 else 1)
            for unit in range(n_units):
                values[spare + unit] = m[z + unit * width + i]
            height = lead(whole, reals, values, spare, classes[node], classes[other])
            bisect(edges, grid[first + i] * N_OF_EDGE, height, share)
        whole[places.AT] += b
        fields[places.N_BLOCKS] -= 1
