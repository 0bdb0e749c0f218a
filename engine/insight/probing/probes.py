"""Looking into a network without disturbing its training."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from engine.insight.measurement import Measurement
from engine.insight.verdict import Fit, GradientMeasure
from engine.mlp.activations import Floats
from engine.mlp.batch_norm import BatchNorm
from engine.mlp.kernels import Calls
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network, Parameters
from engine.mlp.passes import Backpropagation
from engine.mlp.pieces import Heed, nobody

PIECE, FEWEST = 1024, 32
PIECE_VALUES = 2**19  # hidden units times points that go through the network together, at least `FEWEST` points
MAX_PROBED = 2**21  # with batch normalisation, which needs all points together
MIN_OF_CLASS = 8  # points of a class, as far as it has them, where not all can be looked at
CALLS_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class Chosen:
    """The points that are looked at.

    Attributes:
        inputs: shape (n_features + 1, n_points), the last row ones.
        targets: shape (n_units, n_points).
        weights: how many training points each stands for, float64 (n_points,); None: each for itself.
        n_training: training points there are.
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor | None
    n_training: int

    @property
    def n_points(self) -> int:
        """The number of chosen points."""
        return self.inputs.shape[1]


def piece_size(network: Network, n_points: int) -> int:
    """The number of points that go through a network together; all, if batch normalisation needs them so."""
    if network.norm is not None:
        return n_points
    return min(n_points, PIECE, max(FEWEST, PIECE_VALUES // network.architecture.n_hidden))


def chosen_points(network: Network, inputs: torch.Tensor, targets: torch.Tensor) -> Chosen:
    """All training points; of too many for a network with batch normalisation a fixed choice, stratified by class.

    Each class has its share of the choice, but at least `MIN_OF_CLASS` points, and each point the weight (points of
    the class / chosen ones): so a weighted sum estimates that over all points without bias (Cochran 1977, "Sampling
    techniques", section 5.3), as rare as a class may be. Batch normalisation itself counts the chosen points alike.

    Args:
        network: that they go through.
        inputs: of the training points, as `Chosen` has them.
        targets: of these.
    """
    n_training = inputs.shape[1]
    most = n_training if network.norm is None else max(2, MAX_PROBED // network.architecture.n_hidden)
    if n_training <= most:
        return Chosen(inputs, targets, None, n_training)
    labels = targets.argmax(0) if len(targets) > 1 else targets[0].to(torch.int64)
    order = torch.randperm(n_training, generator=torch.Generator().manual_seed(0))
    parts, weights = [], []
    for label in np.unique(labels.numpy()):
        members = order[labels[order] == label]
        part = members[: max(most * len(members) // n_training, MIN_OF_CLASS)]
        parts.append(part)
        weights.append(torch.full((len(part),), len(members) / len(part), dtype=torch.float64))
    chosen = torch.cat(parts)
    return Chosen(inputs[:, chosen], targets[:, chosen], torch.cat(weights), n_training)


class FitTally:
    """A tally of how right the probabilities, or the values, of points are that come in pieces.

    Args:
        output: the output layer and its loss.
        chosen: the points.
    """

    def __init__(self, output: OutputLayer, chosen: Chosen) -> None:
        self._output, self._chosen = output, chosen
        self._loss, self._n = 0.0, 0.0
        self._squares, self._counts = torch.zeros(1), torch.zeros(1)

    def add(self, logits: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor | None) -> None:
        """Count a piece: logits and targets (n_units, n_points), which stay as they are."""
        if self._output.has_values:
            members, deviations = torch.ones_like(targets), logits - targets
        else:
            members = targets if len(targets) > 1 else torch.cat([1 - targets, targets])
            deviations = self._output.probabilities(logits) - members
        if weights is not None:
            members = members * weights
        of_points = members.sum(0)
        self._squares = self._squares + members @ deviations.square().mean(0)
        self._counts = self._counts + members.sum(1)
        self._loss += float(self._output.losses(logits, targets) @ of_points)
        self._n += float(of_points.sum())

    def result(self) -> Fit:
        """Of all that was counted."""
        errors = (self._squares / self._counts).sqrt()[self._counts > 0]
        chance = self._output.chance_loss(self._chosen.targets.double(), self._chosen.weights)
        return Fit(self._loss / self._n, chance, float(errors.max()))


class WatchedOutput:
    """An output layer that counts how right it is before it gives the derivative, each point with its weight.

    Everything else is that of the output layer itself.
    """

    def __init__(self, output: OutputLayer, tally: FitTally, weights: torch.Tensor | None) -> None:
        self._output, self.tally, self.weights = output, tally, weights

    def gradient(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> Calls:
        """See `engine.mlp.losses.OutputLayer.gradient`."""
        calls: Calls = [
            lambda: self.tally.add(logits, targets, self.weights),
            *self._output.gradient(logits, targets, n_points),
        ]
        if self.weights is not None:
            calls.append(partial(logits.mul_, self.weights))
        return calls


class GradientProbe:
    """The gradient of the mean loss over all training points, in float64.

    Single precision ends near 1e-45, where fifty sigmoid layers only begin, and 64 values of 1e-23 have a
    single-precision norm of 0. Derivatives of sigmoid and tanh are taken from z, not from an output that is rounded
    to 1: so in double precision a bar that shows zero is zero.

    Args:
        network: whose parameters are used, as they are when a look begins.
        output: the output layer and its loss.
        inputs, targets: the training points; see `chosen_points` for large networks with batch normalisation.
    """

    def __init__(self, network: Network, output: OutputLayer, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        self._live, self._output = network, output
        self._chosen = chosen = chosen_points(network, inputs, targets)
        self._network = Network(network.architecture, torch.float64, exact=True)
        self._sum = Parameters(network.architecture, torch.float64)
        self._part = Parameters(network.architecture, torch.float64)
        self._watched = WatchedOutput(output, FitTally(output, chosen), chosen.weights)
        self._size = piece_size(network, chosen.n_points)
        self._made: dict[int, tuple[torch.Tensor, torch.Tensor, Calls]] = {}
        self._look = 0

    def _piece(self, n_points: int) -> tuple[torch.Tensor, torch.Tensor, Calls]:
        """Buffers for inputs and targets of so many points, and the calls that compute their part of the gradient."""
        if n_points not in self._made:
            chosen = self._chosen
            inputs_t = torch.empty((n_points, len(chosen.inputs)), dtype=torch.float64)
            targets = torch.empty((len(chosen.targets), n_points), dtype=torch.float64)
            # running statistics that follow at once are those of the points looked at
            passes = Backpropagation(self._network, self._watched, n_points, self._part, momentum=1.0)
            self._made[n_points] = (
                inputs_t,
                targets,
                passes.calls(inputs_t.t(), inputs_t, targets, chosen.n_training),
            )
        return self._made[n_points]

    def look(self) -> Generator[None, None, GradientMeasure]:
        """Measure the network as it is now, for `engine.insight.measurement.Measurement`; one look at a time."""
        self._look += 1
        self._network.copy_(self._live)
        return self._go_through(self._look)

    def _go_through(self, number: int) -> Generator[None, None, GradientMeasure]:
        """See `look`, of which this is that of a number."""
        chosen = self._chosen
        self._sum.vector.zero_()
        self._watched.tally = FitTally(self._output, chosen)
        pieces = (torch.split(values, self._size, dim=1) for values in (chosen.inputs, chosen.targets))
        for inputs, targets in zip(*pieces, strict=True):
            inputs_t, goals, calls = self._piece(inputs.shape[1])
            inputs_t.copy_(inputs.t())
            goals.copy_(targets)
            for done, call in enumerate(calls, 1):
                call()
                if done % CALLS_AT_ONCE == 0:
                    yield
                    if number != self._look:
                        raise RuntimeError("Another look at the gradient began before this one had ended.")
            self._sum.vector.add_(self._part.vector)
        return self._measured()

    def _measured(self) -> GradientMeasure:
        matrices = [matrix.numpy() for matrix in self._sum.matrices]
        weights, biases = (
            [scaled_norm(part) for part in parts]
            for parts in zip(*((matrix[:, :-1], matrix[:, -1]) for matrix in matrices), strict=True)
        )
        scales = [scaled_norm(part.numpy()) for part in (self._sum.scale, self._sum.shift) if len(part)]
        return GradientMeasure(
            np.array(weights),
            np.array(biases),
            max([*biases, *scales]),
            self._watched.tally.result(),
            self._chosen.n_points,
            self._chosen.n_training,
        )

    def statistics(self) -> BatchNorm:
        """The statistics of the hidden units at the last look; for networks with batch normalisation."""
        assert self._network.norm is not None
        return self._network.norm


def scaled_norm(matrix: Floats) -> float:
    """The L2 norm; where squares have no room, of the numbers divided by the largest one."""
    largest = float(np.abs(matrix).max())
    if 1e-100 < largest < 1e100:
        flat: NDArray[np.float64] = matrix.ravel()
        return math.sqrt(flat.dot(flat))
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(matrix / largest))


def measure_statistics(norm: BatchNorm, probe: GradientProbe, heed: Heed = nobody) -> None:
    """Let batch normalisation evaluate with the statistics of the training points, until steps change them."""
    heed()
    look = Measurement(probe.look())
    while not look.go_on(lambda: True):
        heed()
    norm.copy_(probe.statistics())
