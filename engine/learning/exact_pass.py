"""A network worked out in double precision for a few points, whatever it computes in, without disturbing its training.

By numpy and the formulas of `engine.mlp.activations`, not by the calls that train.
"""

# Tests: tests/engine/insight/test_inspection.py

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike

from engine.learning.samples import Standardization
from engine.mlp.activations import ACTIVATIONS, Floats
from engine.mlp.batch_norm import EPSILON
from engine.mlp.network import Network


class ExactPass:
    """The pass forward in evaluation mode.

    Args:
        network: whose parameters are used, as they are at each call.
        standardization: of the features.
        has_values: whether the output is a value.

    Attributes:
        n_classes: that the network tells apart; 0 where it learns values.
    """

    def __init__(self, network: Network, standardization: Standardization, *, has_values: bool = False) -> None:
        self._network, self._standardization = network, standardization
        self.n_classes = 0 if has_values else max(network.architecture.sizes[-1], 2)

    def contributions(self, points: ArrayLike) -> Floats:
        """The parts of the logits of points (n_points, n_features): float64 (n_points, n_units, 1 + n_hidden).

        The bias first, then weight times output of each unit of the last hidden layer; a row sums to its logit.
        """
        table = self._standardization.checked(points)
        with np.errstate(all="ignore"):
            outputs = self._last_outputs(self._standardization.exact_inputs(table)[:, :-1].T)
            last = exact(self._network.parameters.matrices[-1])
            parts: Floats = np.empty((len(table), *last.shape))
            parts[:, :, 0] = last[:, -1]
            np.multiply(outputs.T[:, None, :], last[:, :-1], out=parts[:, :, 1:])
        return parts

    def _last_outputs(self, inputs: Floats) -> Floats:
        """The outputs of the last hidden layer, (n_units, n_points), of inputs (n_features, n_points)."""
        network, architecture = self._network, self._network.architecture
        outputs = inputs
        for layer, activation in enumerate(architecture.activations):
            ones: Floats = np.ones((len(outputs) + 1, outputs.shape[1]))
            ones[:-1] = outputs
            z: Floats = exact(network.parameters.matrices[layer]).dot(ones)
            if network.norm is not None:
                units = architecture.units(layer)
                shift, scale, mean, variance = (
                    exact(of[units])[:, None]
                    for of in (network.norm.shift, network.norm.scale, network.norm.mean, network.norm.variance)
                )
                z = shift + scale * (z - mean) / np.sqrt(variance + EPSILON)
            value = ACTIVATIONS[activation].value(z, architecture.shape)
            outputs = value + outputs if architecture.skips(layer) else value
        return outputs


def exact(values: torch.Tensor) -> Floats:
    """A copy in double precision."""
    result: Floats = values.numpy().astype(np.float64)
    return result
