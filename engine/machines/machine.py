"""A machine makes the steps of training; there are two, which agree with each other, see `engine.machines.choice`."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from engine.insight.probing.diagnosis_probe import UpdateWatch
from engine.learning.updates import Updater
from engine.mlp.batch_norm import BatchNorm
from engine.mlp.dropout import Dropout
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network, Parameters
from engine.mlp.pieces import Bell


@dataclass(frozen=True, eq=False)
class Assignment:
    """The network that a machine trains, with all that it needs for that.

    Attributes:
        network, output: the network, its output layer and loss.
        gradient: where the gradient of a batch is put.
        updater: what changes the parameters by it.
        watch: remembers the parameters before an update.
        inputs: of all training points, shape (n_features + 1, n_points), the last row ones, point by point in memory.
        targets: shape (n_units, n_points).
        batch_size: points of a batch; None: all.
        seed: of the order of the points in each epoch.
        dropout: which units drop out, or None.
        bell: rings when the work is to be left after a piece of it.
    """

    network: Network
    output: OutputLayer
    gradient: Parameters
    updater: Updater
    watch: UpdateWatch
    inputs: torch.Tensor
    targets: torch.Tensor
    batch_size: int | None
    seed: int
    dropout: Dropout | None
    bell: Bell = field(default_factory=Bell)

    def beginning(self) -> Beginning:
        """The values that a step that begins now changes before it has a gradient."""
        return Beginning(self.network.norm, None if self.dropout is None else self.dropout.generator)


class Beginning:
    """Running statistics and random numbers as they are when a step begins, copied.

    Attributes:
        statistics: mean and variance of the batch normalisation, shape (2, n_hidden_units); of no units without.
        generator: the state of the generator of dropout; of no numbers without.
    """

    def __init__(self, norm: BatchNorm | None, generator: torch.Generator | None) -> None:
        self.statistics = torch.empty(2, 0) if norm is None else torch.stack([norm.mean, norm.variance])
        self.generator = torch.empty(0, dtype=torch.uint8) if generator is None else generator.get_state()


@dataclass(frozen=True, eq=False)
class Masks:
    """The numbers by which a step multiplied the outputs of hidden layers: 0 for what drops out.

    Attributes:
        layers: of each hidden layer (n_units, n_points), of the last piece of points that was computed; these arrays
            change with the next step. None if no step was made, or nothing drops out.
        is_under_way: whether they are of the step that was left in the middle, not of the last one that was made.
    """

    layers: tuple[NDArray[np.floating[Any]], ...] = ()
    is_under_way: bool = False


class Machine(Protocol):
    """Makes steps of one task.

    Attributes:
        per_epoch: steps in a pass over the training points.
        has_diverged: whether the last step had a gradient that was not finite, and so changed nothing.
        begun: what a step that was left in the middle began with, or None if there is none.
    """

    per_epoch: int
    has_diverged: bool
    begun: Beginning | None

    def steps(
        self, epoch: int, first: int, most: int, is_called_away: Callable[[], bool] | None, until: int | None = None
    ) -> int:
        """Make steps from number `first` of an epoch on, at most so many; how many were made.

        They end at the latest before epoch number `until`; the machine of torch ends at the end of every epoch. Between
        the pieces of a large batch `is_called_away` is asked; if it says so, the step is left where it is, and the next
        call goes on with it.
        """

    def masks(self) -> Masks:
        """The masks of dropout; looking at them changes nothing."""

    def first_not_finite(self) -> int | None:
        """The first layer with a value that was not finite in the step that has diverged; None if there is none."""

    def forget(self) -> None:
        """Leave a step that was begun."""

    def enter(self, epoch: int, first: int) -> None:
        """Go into the middle of an epoch: step number `first` of it is next."""
