"""The choice of a machine for a run: by its shape, so that the same run has the same one at every start.

Compiled code wins wherever a step is small or its layers are narrow. Products of wide layers with many points are left
to the library of torch, which has a kernel for each processor.
"""

# Tests: tests/engine/machines/test_choice.py

from __future__ import annotations

import math

from engine.compiled import cache
from engine.compiled.library import Library
from engine.data.features import Features
from engine.machines.compiled_machine import CompiledEvaluator, CompiledMachine
from engine.machines.compiled_survey import CompiledSurveyor
from engine.machines.kind import MachineKind
from engine.machines.machine import Assignment, Machine
from engine.machines.torch_machine import TorchMachine
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network
from engine.mlp.passes import Evaluator
from engine.mlp.pieces import Heed, nobody

BATCH_LIMITS = ((64, math.inf), (96, 256), (128, 64))
"""Units of the widest layer, and points of a batch up to which compiled code is the quicker machine for it."""

MAX_FEATURES = 256
"""Columns of a table are copied one by one into the memory of a block."""

MAX_WHOLE = 2**17
"""Values of a batch, hidden units times points, that batch normalisation may take together: a call cannot be left."""


def suits_compiled_code(network: Network, batch: int) -> bool:
    """True if compiled code is the quicker machine for batches of so many points."""
    widths, n_features = network.architecture.widths, network.architecture.sizes[0]
    if n_features > MAX_FEATURES or not can_be_left(network, batch):
        return False
    return any(max(widths, default=0) <= width and batch <= most for width, most in BATCH_LIMITS)


def can_be_left(network: Network, batch: int) -> bool:
    """True if no call of compiled code is long for batches of so many points."""
    return network.norm is None or batch * sum(network.architecture.widths) <= MAX_WHOLE


def library_for(network: Network, batch: int, kind: MachineKind | None = None) -> Library | None:
    """The compiled code that is to train a network, or None.

    Args:
        network: what is trained.
        batch: points of a batch.
        kind: a machine that is wanted whatever the shape; without compiled code it is that of torch all the same.
    """
    if kind is None:
        kind = MachineKind.COMPILED if suits_compiled_code(network, batch) else MachineKind.TORCH
    return cache.library(str(network.dtype).removeprefix("torch.")) if kind is MachineKind.COMPILED else None


def make_machine(task: Assignment, library: Library | None) -> Machine:
    """The machine for a task: that of compiled code if there is some, unless a batch has grown too large for it."""
    n_points = task.inputs.shape[1]
    if library is None or not can_be_left(task.network, min(task.batch_size or n_points, n_points)):
        return TorchMachine(task)
    return CompiledMachine(task, library)


def make_evaluator(network: Network, library: Library | None, heed: Heed = nobody) -> Evaluator | CompiledEvaluator:
    """The computer of logits: compiled code if there is some."""
    return Evaluator(network, heed) if library is None else CompiledEvaluator(network, library, heed)


def make_surveyor(
    network: Network, output: OutputLayer, library: Library | None, features: Features, heed: Heed = nobody
) -> CompiledSurveyor | None:
    """The surveyor of compiled code, if there is some; else `engine.insight.survey` asks. Values have a curve."""
    if library is None or output.has_values:
        return None
    return CompiledSurveyor(network, output, library, features, heed)
