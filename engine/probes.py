"""Looking into a network without disturbing its training."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from engine.batch_norm import BatchNorm
from engine.batches import GradientOfMean
from engine.kernels import Calls
from engine.losses import OutputLayer
from engine.network import Network, Parameters
from engine.pieces import Heed, nobody

CALLS_BETWEEN = 32  # of those that compute a gradient, between two looks whether somebody waits
MAX_PROBED_POINTS = 2048
MAX_PROBED_VALUES = 2**21  # hidden units times points that go through the network together


def probed_points(
    network: Network, inputs: torch.Tensor, targets: torch.Tensor, *, at_once: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """A fixed random choice of 2,048 of the points, or of all if there are no more.

    Args:
        network: that they go through.
        inputs: shape (n_features + 1, n_points), the last row ones; so is what is returned.
        targets: shape (n_units, n_points); so is what is returned.
        at_once: whether they go through the network together; then fewer are chosen for a large one, the first of
            those 2,048.
    """
    most = MAX_PROBED_POINTS
    if at_once:
        most = min(most, max(2, MAX_PROBED_VALUES // sum(network.architecture.widths)))
    if inputs.shape[1] <= most:
        return inputs, targets
    order = torch.randperm(inputs.shape[1], generator=torch.Generator().manual_seed(0))[:most]
    return inputs[:, order], targets[:, order]


class GradientProbe:
    """Gradient norms of the mean loss over the training points, computed in float64.

    Single precision ends near 1e-45, where fifty sigmoid layers only begin, and 64 values of 1e-23 have a
    single-precision norm of 0. Derivatives of sigmoid and tanh are taken from z, not from an output that is rounded
    to 1: so in double precision a bar that shows zero is zero.

    Args:
        network: whose parameters are used, as they are at each call.
        inputs, targets: the training points; above 2,048, or fewer for large networks with batch normalisation, a
            fixed random choice of them is used.
        heed: called every few layers.
    """

    def __init__(
        self,
        network: Network,
        output: OutputLayer,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        heed: Heed = nobody,
    ) -> None:
        self._live, self._n_training, self._heed = network, inputs.shape[1], heed
        # batch normalisation cannot take them in pieces
        self._points = probed_points(network, inputs, targets, at_once=network.norm is not None)
        self._network = Network(network.architecture, torch.float64, exact=True)
        # running statistics that follow at once are those of the points looked at
        self._gradient = Parameters(network.architecture, torch.float64)
        self._gradient_of_mean = GradientOfMean(self._network, output, self._gradient, momentum=1.0)
        self._pieces: list[Calls] = []

    def _compute(self) -> list[NDArray[np.float64]]:
        """The gradient of the mean loss by each layer's matrix (fan_out, fan_in + 1), the bias in its last column."""
        if not self._pieces:  # their buffers are large, and not every network is looked at
            inputs, targets = self._points
            self._pieces = self._gradient_of_mean.pieces(inputs.double(), targets.double())
        self._network.copy_(self._live)
        for calls in self._pieces:
            for number, call in enumerate(calls):
                if number % CALLS_BETWEEN == 0:
                    self._heed()
                call()
        return [matrix.numpy() for matrix in self._gradient.matrices]

    def gradient_norms(self) -> NDArray[np.float64]:
        """L2 norm of the gradient of each weight matrix, biases apart, float64 ndarray of shape (n_layers,)."""
        return np.array([scaled_norm(matrix[:, :-1]) for matrix in self._compute()])

    def tensor_norms(self) -> NDArray[np.float64]:
        """L2 norm of the gradient of each weight matrix and each vector of biases in turn, *summed* over the points.

        The slide's way (course notes, section 6): float64 ndarray of shape (2 n_layers,), weights of the first layer
        first, bias of the output last. Where not all points are probed, the sum is estimated from their mean.
        """
        parts = [part for matrix in self._compute() for part in (matrix[:, :-1], matrix[:, -1])]
        return self._n_training * np.array([scaled_norm(part) for part in parts])

    def statistics(self) -> BatchNorm:
        """The statistics of the hidden units over the points looked at; for networks with batch normalisation."""
        self._compute()
        assert self._network.norm is not None
        return self._network.norm


def scaled_norm(matrix: NDArray[np.float64]) -> float:
    """The L2 norm; where squares have no room, of the numbers divided by the largest one."""
    largest = float(np.abs(matrix).max())
    if 1e-100 < largest < 1e100:
        flat = matrix.ravel()
        return math.sqrt(flat.dot(flat))
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(matrix / largest))
