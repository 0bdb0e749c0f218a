"""Looking at the outcome of every point, piece by piece, without disturbing the training."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
import torch
from numpy.typing import NDArray

from engine.config import TrainingConfig
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.insight.outcomes import Outcomes
from engine.mlp.kernels import in_engine
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network
from engine.mlp.passes import PIECE, Evaluator

PIECE_PRODUCTS, FEWEST = 2**25, 16
"""Multiplications that go through the network together, so that a piece takes a millisecond or two; at least 16 points
do."""


class OutcomeProbe:
    """The outcomes of all points of a network as it is when a look begins; steps in between change nothing of it.

    Args:
        network: whose parameters are looked at.
        output: its output layer and loss.
        inputs: the inputs of points, see `engine.learning.samples.Standardization.inputs`.
        dataset: the points.
        config: which of them are kept for validation.
    """

    def __init__(
        self,
        network: Network,
        output: OutputLayer,
        inputs: Callable[[NDArray[np.float32]], torch.Tensor],
        dataset: Dataset,
        config: TrainingConfig,
    ) -> None:
        self._live, self._output, self._inputs = network, output, inputs
        self._dataset, self._config = dataset, config
        self._seen: tuple[Network, Evaluator] | None = None  # made when it is looked for the first time

    @in_engine
    def look(self) -> Generator[None, None, Outcomes]:
        """Measure the network as it is now, for `engine.insight.measurement.Measurement`; one look at a time."""
        if self._seen is None:
            network = Network(self._live.architecture, self._live.dtype)
            self._seen = network, Evaluator(network)
        network, evaluator = self._seen
        network.copy_(self._live)
        if network.norm is not None and self._live.norm is not None:
            network.norm.copy_(self._live.norm)
        return self._go_through(evaluator, min(PIECE, max(FEWEST, PIECE_PRODUCTS // network.parameters.vector.numel())))

    def _go_through(self, evaluator: Evaluator, size: int) -> Generator[None, None, Outcomes]:
        dataset, output = self._dataset, self._output
        n_points, n_classes = len(dataset), dataset.n_classes
        probabilities, losses, signals = np.empty((n_classes, n_points)), np.empty(n_points), np.empty(n_points)
        for first in range(0, n_points, size):
            piece = slice(first, first + size)
            # in double precision the loss of what is nearly certain is not rounded to 0
            logits = evaluator.logits(self._inputs(dataset.points[piece])).double()
            targets = output.targets(torch.from_numpy(dataset.labels[piece].copy()), n_classes, torch.float64)
            probabilities[:, piece] = output.probabilities(logits).numpy()
            losses[piece] = output.losses(logits, targets).numpy()
            for call in output.gradient(logits, targets, 1):
                call()
            signals[piece] = torch.linalg.vector_norm(logits, dim=0).numpy()
            yield
        roles = roles_of(dataset.serials, shares_of(self._config))
        for values in (losses, signals):
            values[roles == Role.TEST] = 0.0  # nobody looks
        return Outcomes(
            dataset,
            roles,
            self._config.resolved_output(n_classes),
            output.is_squared,
            probabilities,
            losses,
            signals,
        )
