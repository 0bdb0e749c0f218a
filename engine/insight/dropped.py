"""The units that dropout leaves out in a step, and what the network around them is made of. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.insight.quantity import Quantity

EXAMPLES, MAX_EXAMPLE_VALUES = 64, 2**16
"""Points of which is kept who was out, and units times points; of one point at least."""


@dataclass(frozen=True, eq=False)
class Dropped:
    """A network in a step.

    Attributes:
        step: the number of the step, 1 for the first.
        probability: with which a unit is out.
        layers: of each hidden layer which units were out, bool (n_units, n_examples), of the first points that were
            drawn for; none if nothing was drawn yet.
        n_points: that were drawn for together; a large batch is made in several goes, of which this is the last.
        inputs: the names of the inputs of the network.
        widths: how many these are, units of each hidden layer, units of the output layer.
        n_parameters: all its weights and biases.
    """

    step: int
    probability: float
    layers: tuple[NDArray[np.bool_], ...]
    n_points: int
    inputs: tuple[str, ...]
    widths: tuple[int, ...]
    n_parameters: int


DROPPED: Quantity[Dropped] = Quantity("dropped")


def units_out(masks: Sequence[NDArray[np.floating[Any]]]) -> tuple[NDArray[np.bool_], ...]:
    """The units that were out, by masks (n_units, n_points) that the outputs of layers were multiplied by."""
    n_units = sum(len(mask) for mask in masks)
    n_examples = min(EXAMPLES, max(1, MAX_EXAMPLE_VALUES // max(1, n_units)))
    return tuple(mask[:, :n_examples] == 0 for mask in masks)
