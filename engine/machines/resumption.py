"""From a network in training to its state, and back into another network."""

# Tests: tests/engine/test_training_state.py

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.learning.updates import Updater
from engine.machines.kind import MachineKind
from engine.machines.machine import Beginning, Machine
from engine.machines.state import NetworkState
from engine.mlp.network import Network

Counts = tuple[int, int, int]
"""Epochs and steps that are done, and steps of the epoch under way."""


def state_of(
    network: Network, updater: Updater, machine: Machine, generator: torch.Generator, kind: MachineKind, done: Counts
) -> NetworkState:
    """The state of a network in training, copied; a step that was left in the middle counts as not begun.

    Args:
        network: that is trained.
        updater: changes its parameters.
        machine: makes the steps.
        generator: of dropout.
        kind: of the machine that was chosen when the run began.
        done: see `Counts`.
    """
    beginning = machine.begun or Beginning(network.norm, generator)
    numbers = beginning.generator if len(beginning.generator) else generator.get_state()
    arrays: list[NDArray[Any]] = [
        array.numpy().copy()
        for array in (network.parameters.vector, *updater.optimizer.state, *beginning.statistics, numbers)
    ]
    parameters, gradients, squares, mean, variance, random = arrays
    return NetworkState(
        *done,
        parameters=parameters,
        gradients=gradients,
        squares=squares,
        powers=updater.optimizer.powers.copy(),
        mean=mean,
        variance=variance,
        standardization=np.empty((2, 0)),
        generator=random,
        learning_rate=updater.rate,
        machine=kind,
    )


def put_back(
    state: NetworkState, network: Network, updater: Updater, machine: Machine, generator: torch.Generator
) -> None:
    """Have a network of the same shape go on as that which the state is of."""
    updater.rate = state.learning_rate
    vectors, values = [network.parameters.vector, *updater.optimizer.state], [state.parameters, state.gradients]
    values.append(state.squares)
    if network.norm is not None:
        vectors += [network.norm.mean, network.norm.variance]
        values += [state.mean, state.variance]
    for vector, kept in zip(vectors, values, strict=True):
        vector.numpy()[:] = kept
    updater.optimizer.powers[:] = state.powers
    if len(state.generator):
        with contextlib.suppress(RuntimeError):  # of another version of torch: other units drop out
            generator.set_state(torch.from_numpy(state.generator.copy()))
    machine.enter(state.epochs, state.steps_of_epoch)
