"""The state of a network in training, as a value: with it another trainer goes on as this one would. No torch."""

# Tests: tests/engine/test_training_state.py

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.insight.verdict import Divergence
from engine.machines.kind import MachineKind

Floats = NDArray[np.floating[Any]]
NOTHING: Floats = np.empty(0, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class NetworkState:
    """All that decides how training goes on, between two steps.

    Attributes:
        epochs, steps: that are done.
        steps_of_epoch: updates of the epoch under way.
        parameters: shape (n_parameters,), see `engine.mlp.network.Parameters`.
        gradients, squares: what the optimizer remembers of each parameter; empty if nothing.
        powers: of the constants of Adam, float64 (2,).
        mean, variance: running statistics of batch normalisation; empty without.
        standardization: mean and deviation of the inputs, float64 (2, n_features).
        generator: of dropout, uint8; empty for that of a fresh run.
        learning_rate: of the last update; nan before the first.
        divergence: where the run diverged, or None.
        machine: what makes the steps; None: what suits the network.
    """

    epochs: int
    steps: int
    steps_of_epoch: int
    parameters: Floats
    gradients: Floats
    squares: Floats
    powers: NDArray[np.float64]
    mean: Floats
    variance: Floats
    standardization: NDArray[np.float64]
    generator: NDArray[np.uint8]
    learning_rate: float = np.nan
    divergence: Divergence | None = None
    machine: MachineKind | None = None

    def __post_init__(self) -> None:
        for array in self.arrays():
            array.flags.writeable = False

    def arrays(self) -> list[NDArray[Any]]:
        """All that takes room."""
        values = (getattr(self, field.name) for field in fields(self))
        return [value for value in values if isinstance(value, np.ndarray)]
