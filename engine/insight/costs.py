"""The cost of each activation on this machine: nanoseconds a value, forward and backward, by the engine's kernels."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch

from engine.config import Activation
from engine.mlp.activations import ActivationCost, Shape
from engine.mlp.kernels import Calls, in_engine, make_kernel

UNITS, POINTS = 32, 512
ROUNDS, CALLS = 9, 20


@in_engine
def measure_costs(clock: Callable[[], float] = time.perf_counter) -> dict[Activation, ActivationCost]:
    """The cost of every activation on a layer of 32 units and 512 points in float32; takes about 0.1 seconds.

    All activations have their turns in each of several rounds, and the median counts, so that a moment in which the
    machine is busy with something else does not make one of them look expensive.
    """
    z = torch.randn(UNITS, POINTS, generator=torch.Generator().manual_seed(0))
    sides: dict[tuple[Activation, str], tuple[Calls, torch.Tensor]] = {}
    for activation in Activation:
        kernel = make_kernel(activation, Shape())
        inputs, delta, above = z.clone(), torch.empty_like(z), torch.ones_like(z)
        output = torch.empty_like(z) if kernel.needs_input else inputs
        forward = kernel.forward(inputs, output)
        sides[activation, "forward"] = forward, inputs
        backward = kernel.backward(above, inputs if kernel.needs_input else output, delta)
        sides[activation, "backward"] = backward, inputs
    taken: dict[tuple[Activation, str], list[float]] = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side, (calls, inputs) in sides.items():
            seconds = 0.0
            for _ in range(CALLS):
                inputs.copy_(z)  # what was computed in place is not computed again
                started = clock()
                for call in calls:
                    call()
                seconds += clock() - started
            taken[side].append(seconds / CALLS / z.numel() * 1e9)
    medians = {side: statistics.median(values) for side, values in taken.items()}
    return {
        activation: ActivationCost(medians[activation, "forward"], medians[activation, "backward"])
        for activation in Activation
    }
