"""Looking into a network without disturbing its training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.batches import GradientOfMean
from engine.losses import OutputLayer
from engine.network import Network

MAX_PROBED_POINTS = 2048


class GradientProbe:
    """Gradient norms of the mean loss over the training points, computed in float64.

    Single precision ends near 1e-45, where fifty sigmoid layers only begin, and 64 values of 1e-23 have a
    single-precision norm of 0; in double precision a bar that shows zero is zero.

    Args:
        network: whose parameters are used, as they are at each call.
        inputs, targets: the training points; above 2,048, a fixed random choice of them is used.
    """

    def __init__(self, network: Network, output: OutputLayer, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        if inputs.shape[1] > MAX_PROBED_POINTS:
            order = torch.randperm(inputs.shape[1], generator=torch.Generator().manual_seed(0))
            inputs, targets = inputs[:, order[:MAX_PROBED_POINTS]], targets[:, order[:MAX_PROBED_POINTS]]
        self._live = network
        self._network = Network(network.sizes, network.activation, torch.float64)
        self._gradient_of_mean = GradientOfMean(self._network, output)
        self._n_points = inputs.shape[1]
        self._pieces = self._gradient_of_mean.pieces(inputs.double(), targets.double())

    def gradient_norms(self) -> NDArray[np.float64]:
        """L2 norm of the gradient of each weight matrix, biases apart, float64 ndarray of shape (n_layers,)."""
        self._network.parameters.copy_(self._live.parameters)
        self._gradient_of_mean.compute(self._pieces, self._n_points)
        matrices = self._gradient_of_mean.gradient.matrices
        return np.array([scaled_norm(matrix[:, :-1].numpy()) for matrix in matrices])


def scaled_norm(matrix: NDArray[np.float64]) -> float:
    """The L2 norm without squaring small numbers to nothing: scaled by the largest entry."""
    largest = float(np.abs(matrix).max())
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(matrix / largest))
