"""The plan of the work of training: where compiled code finds what, as three arrays of numbers."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from engine.compiled import places
from engine.compiled.codes import ACTIVATIONS, NEEDS_INPUT
from engine.mlp.network import Architecture, Parameters

LANES = 16  # numbers of float32 in the longest vector; a multiple of those of float64
PIECE = 1024  # points for which a mask of dropout is drawn


@dataclass(frozen=True, eq=False)
class Plan:
    """The numbers that compiled code works by.

    Attributes:
        table: a row a layer, see `engine.compiled.places`; int64.
        fields: see `engine.compiled.places`; int64.
        numbers: see `engine.compiled.places`; float64.
        size: numbers of the memory of a block.
    """

    table: NDArray[np.int64]
    fields: NDArray[np.int64]
    numbers: NDArray[np.float64]
    size: int

    def row(self, layer: int) -> NDArray[np.int64]:
        """The numbers of a layer."""
        return self.table[layer * places.N_COLUMNS : (layer + 1) * places.N_COLUMNS]


class Memory:
    """Room that is given out, one array after the other."""

    def __init__(self, width: int) -> None:
        self._width, self.size = width, 0

    def rows(self, count: int) -> int:
        """The place of so many rows of a block."""
        place, self.size = self.size, self.size + count * self._width
        return place


def make_plan(
    architecture: Architecture, parameters: Parameters, n_points: int, batch: int, block: int, *, has_dropout: bool
) -> Plan:
    """The plan of a network for batches of so many of so many points, which go through it in blocks."""
    table = np.zeros((len(architecture.sizes) - 1, places.N_COLUMNS), dtype=np.int64)
    fields, numbers = np.zeros(places.N_FIELDS, dtype=np.int64), np.zeros(places.N_NUMBERS)
    widths = architecture.widths
    width = -(-block // LANES) * LANES
    memory = Memory(width)
    memory.rows(architecture.sizes[0])  # the inputs come first
    fields[places.TARGETS] = memory.rows(architecture.sizes[-1])
    most = max(architecture.sizes[1:])
    for place in (places.DELTA, places.ABOVE, places.BELOW):
        fields[place] = memory.rows(most)
    n_hidden = sum(widths)
    fields[places.STATISTICS] = memory.rows(-(-3 * n_hidden // width) if architecture.batch_norm else 0)
    first_units = [0, *accumulate(widths)]
    for layer, row in enumerate(table):
        units = architecture.sizes[layer + 1]
        row[places.N_INPUTS], row[places.N_UNITS] = architecture.sizes[layer], units
        row[places.WEIGHTS] = parameters.matrices[layer].storage_offset()
        row[places.PRODUCT] = row[places.INPUT] = row[places.VALUE] = row[places.OUTPUT] = memory.rows(units)
        if layer == len(widths):
            break
        kind, skips = architecture.activations[layer], architecture.skips(layer)
        row[places.ACTIVATION], row[places.SKIPS] = ACTIVATIONS[kind], skips
        row[places.FIRST_UNIT], row[places.MASK] = first_units[layer], first_units[layer] + layer
        if architecture.batch_norm:
            row[places.INPUT : places.OUTPUT + 1] = memory.rows(units)
        if kind in NEEDS_INPUT:
            row[places.VALUE] = row[places.OUTPUT] = memory.rows(units)
        if has_dropout or skips:
            row[places.OUTPUT] = memory.rows(units)
    fields[places.N_LAYERS], fields[places.N_FEATURES] = len(table), architecture.sizes[0]
    fields[places.N_POINTS], fields[places.BATCH], fields[places.BLOCK], fields[places.WIDTH] = (
        n_points,
        batch,
        block,
        width,
    )
    fields[places.PIECE] = batch if architecture.batch_norm else PIECE
    fields[places.N_PARAMETERS] = parameters.vector.numel()
    fields[places.N_HIDDEN] = n_hidden if architecture.batch_norm else 0
    fields[places.HAS_NORM] = architecture.batch_norm
    fields[places.MASK_ROWS] = n_hidden + len(widths) - 1 if has_dropout else 0
    fields[places.IS_SHUFFLED] = batch < n_points
    numbers[places.SLOPE], numbers[places.ALPHA] = architecture.shape.leaky_slope, architecture.shape.elu_alpha
    return Plan(table.reshape(-1), fields, numbers, memory.size)
