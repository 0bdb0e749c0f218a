"""The share of a training step that the activations take: timed on a copy of the network, with batches of its size."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import torch

from engine.compiled.library import Library
from engine.config import TrainingConfig
from engine.insight.diagnosis import Diagnosis
from engine.insight.probing.diagnosis_probe import UpdateWatch
from engine.learning.updates import Updater
from engine.machines.compiled_machine import CompiledMachine
from engine.machines.machine import Assignment
from engine.mlp.dropout import Dropout, dropout_of
from engine.mlp.kernels import Call
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network, Parameters
from engine.mlp.passes import PIECE, Backpropagation

MIN_ROUNDS, MAX_ROUNDS = 3, 7
ENOUGH = 0.03  # seconds
CALLS_AT_ONCE = 32
MANY = 2**13


class StepShare:
    """The time of all activations there and back, over that of the step, the update included.

    Both are of the same moment, so what else the machine does slows both, and the median of several steps counts. The
    network itself is left alone. Of a batch of more than 1,024 points, which goes through the network in pieces, one is
    timed.

    Args:
        library: the compiled code that trains the network, or None.
        network: what is trained.
        output: its output layer and loss.
        config: how it is trained.
        inputs: the training points, as `engine.learning.batches.Batches` takes them.
        targets: what the output units should say of them.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        library: Library | None,
        network: Network,
        output: OutputLayer,
        config: TrainingConfig,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library, self._network, self._output = library, network, output
        self._config, self._clock = config, clock
        self._inputs, self._targets = inputs, targets
        self._share: float | None = None

    def after(self, look: Generator[None, None, Diagnosis]) -> Generator[None, None, Diagnosis]:
        """The diagnosis of a look, together with the share, which is timed the first time."""
        diagnosis = yield from look
        if self._share is None:
            self._share = yield from self.measure()
        return replace(diagnosis, activation_share=self._share)

    def measure(self) -> Generator[None, None, float]:
        """Time the share, piece by piece."""
        return (yield from self._of_calls() if self._library is None else self._of_compiled_code(self._library))

    def _copied(self) -> tuple[Network, Parameters, Updater, Dropout | None]:
        """A network like the one in training, with a gradient, an updater and a dropout of its own."""
        copy = Network(self._network.architecture, self._network.dtype)
        gradient = Parameters(copy.architecture, copy.dtype)
        dropout = dropout_of(self._config, torch.Generator())
        return copy, gradient, Updater(copy, gradient, self._config), dropout

    def _of_compiled_code(self, library: Library) -> Generator[None, None, float]:
        copy, gradient, updater, dropout = self._copied()
        batch_size, inputs, targets = self._config.batch_size, self._inputs, self._targets
        if min(batch_size or MANY, inputs.shape[1]) >= MANY:  # of so many the update takes next to nothing
            batch_size, inputs, targets = None, inputs[:, :MANY], targets[:, :MANY]
        given = inputs, targets, batch_size, self._config.seed, dropout
        machine = CompiledMachine(Assignment(copy, self._output, gradient, updater, UpdateWatch(copy), *given), library)
        shares, taken = list[float](), 0.0
        while len(shares) < MIN_ROUNDS or (taken < ENOUGH and len(shares) < MAX_ROUNDS):
            copy.copy_(self._network)  # the steps of this copy are not to lead anywhere
            whole = machine.step_seconds(self._clock)
            there, back = (machine.activation_seconds(self._clock, back=back) for back in (False, True))
            taken += whole + there + back
            shares.append((there + back) / whole)
            yield
        return statistics.median(shares)

    def _of_calls(self) -> Generator[None, None, float]:
        batch_size = min(self._config.batch_size or self._inputs.shape[1], self._inputs.shape[1])
        n_points = min(batch_size, PIECE)
        copy, gradient, updater, dropout = self._copied()
        passes = Backpropagation(copy, self._output, n_points, gradient, dropout)
        columns = self._inputs[:, :n_points].t().contiguous()
        calls = passes.calls(columns.t(), columns, self._targets[:, :n_points].contiguous(), n_points)
        marked = set(map(id, passes.of_activations))
        parts = [
            [(call, id(call) in marked) for call in calls[first : first + CALLS_AT_ONCE]]
            for first in range(0, len(calls), CALLS_AT_ONCE)
        ]
        shares, n_pieces, taken = list[float](), batch_size / n_points, 0.0
        while len(shares) < MIN_ROUNDS or (taken < ENOUGH and len(shares) < MAX_ROUNDS):
            copy.copy_(self._network)  # the steps of this copy are not to lead anywhere
            whole = spent = 0.0
            for part in parts:
                of_all, of_activations = timed(part, self._clock)
                whole, spent = whole + of_all, spent + of_activations
                yield
            started = self._clock()
            updater.update(0)
            update = self._clock() - started
            taken += whole + update
            shares.append(spent * n_pieces / (whole * n_pieces + update))
            yield
        return statistics.median(shares)


def timed(calls: list[tuple[Call, bool]], clock: Callable[[], float]) -> tuple[float, float]:
    """Make the calls: seconds of all, and of those that are marked, without what it takes to look at the clock."""
    look = statistics.median(-clock() + clock() for _ in range(9))
    spent, n_looks, began = 0.0, 0, clock()
    for call, is_marked in calls:
        if is_marked:
            started = clock()
            call()
            spent += clock() - started
            n_looks += 1
        else:
            call()
    whole = clock() - began
    return whole - 2 * n_looks * look, spent - n_looks * look
