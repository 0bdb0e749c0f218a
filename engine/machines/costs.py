"""The cost of each activation on this machine: nanoseconds a value, forward and backward, by what trains here."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch

from engine.compiled import cache
from engine.compiled.library import Library
from engine.config import Activation, TrainingConfig
from engine.insight.probing.diagnosis_probe import UpdateWatch
from engine.learning.updates import Updater
from engine.machines.compiled_machine import CompiledMachine
from engine.machines.machine import Assignment
from engine.mlp.activations import ActivationCost, Shape
from engine.mlp.kernels import Calls, in_engine, make_kernel
from engine.mlp.losses import SigmoidOutput
from engine.mlp.network import Network, Parameters, architecture_of

UNITS, POINTS = 32, 512
ROUNDS, CALLS = 9, 20
Clock = Callable[[], float]
Side = Callable[[Clock], float]
"""Computes one side of an activation on the whole layer; the seconds that it took, the mean of some."""


@in_engine
def measure_costs(clock: Clock = time.perf_counter) -> dict[Activation, ActivationCost]:
    """The cost of every activation on a layer of 32 units and 512 points in float32; takes about 0.1 seconds.

    By compiled code if there is some, which trains networks of this size then; else by the calls of torch and numpy.
    All activations have their turns in each of several rounds, and the median counts, so that a moment in which the
    machine is busy with something else does not make one of them look expensive.
    """
    library = cache.library("float32")
    sides = {
        activation: sides_of_calls(activation) if library is None else sides_of_compiled_code(activation, library)
        for activation in Activation
    }
    taken: dict[tuple[Activation, int], list[float]] = {
        (activation, side): [] for activation in Activation for side in (0, 1)
    }
    for _ in range(ROUNDS):
        for (activation, side), values in taken.items():
            values.append(sides[activation][side](clock) / (UNITS * POINTS) * 1e9)
    medians = {key: statistics.median(values) for key, values in taken.items()}
    return {activation: ActivationCost(medians[activation, 0], medians[activation, 1]) for activation in Activation}


def sides_of_calls(activation: Activation) -> tuple[Side, Side]:
    """An activation there and back by the kernels of `engine.mlp.kernels`."""
    kernel = make_kernel(activation, Shape())
    z = torch.randn(UNITS, POINTS, generator=torch.Generator().manual_seed(0))
    inputs, delta, above = z.clone(), torch.empty_like(z), torch.ones_like(z)
    output = torch.empty_like(z) if kernel.needs_input else inputs

    def timed(calls: Calls, clock: Clock) -> float:
        seconds = 0.0
        for _ in range(CALLS):
            inputs.copy_(z)  # what was computed in place is not computed again
            started = clock()
            for call in calls:
                call()
            seconds += clock() - started
        return seconds / CALLS

    forward = kernel.forward(inputs, output)
    backward = kernel.backward(above, inputs if kernel.needs_input else output, delta)
    return lambda clock: timed(forward, clock), lambda clock: timed(backward, clock)


def sides_of_compiled_code(activation: Activation, library: Library) -> tuple[Side, Side]:
    """An activation there and back by the compiled code."""
    config = TrainingConfig(hidden_layers=(UNITS,), activation=activation)
    network = Network(architecture_of(config, 2, 1))
    network.initialize(config, torch.Generator().manual_seed(0))
    gradient = Parameters(network.architecture, network.dtype)
    inputs = torch.randn(POINTS, 3, generator=torch.Generator().manual_seed(0)).t()
    given = Updater(network, gradient, config), UpdateWatch(network), inputs, torch.zeros(1, POINTS), None, 0, None
    machine = CompiledMachine(Assignment(network, SigmoidOutput(config.loss), gradient, *given), library)
    machine.steps(0, 0, 1, None)  # so that the layer holds numbers
    return (
        lambda clock: machine.activation_seconds(clock, back=False),
        lambda clock: machine.activation_seconds(clock, back=True),
    )
