"""From a gradient to new parameters: L2, the look for divergence, clipping, learning rate, optimizer, and L1."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from engine.config import TrainingConfig
from engine.learning.optimizers import RULES, Floats
from engine.learning.schedules import learning_rate
from engine.mlp.kernels import Calls
from engine.mlp.network import Network, Parameters

NUMPY_DOT = 8192
CLIP_EPSILON = 1e-6  # that of torch.nn.utils.clip_grad_norm_


class Updater:
    """Updates the parameters of a network by the gradient that is found in a buffer.

    Args:
        network: whose parameters are updated.
        gradient: the buffer.
        config: optimizer, learning rate, penalties and clipping.

    Attributes:
        config: the settings.
        optimizer: the update rule with its state.
        rate: the learning rate of the last update; nan before the first.
    """

    rate = math.nan

    def __init__(self, network: Network, gradient: Parameters, config: TrainingConfig) -> None:
        self._parameters, self._gradient = network.parameters.vector, gradient.vector
        self._is_weight = network.is_weight()
        self._shrinkage = Shrinkage(self._parameters, self._is_weight)
        # numpy's is the quicker one for small vectors; for large ones it would use threads
        dot: Callable[..., Any] = torch.dot
        vector: object = self._gradient
        if self._gradient.numel() <= NUMPY_DOT:
            dot, vector = np.dot, self._gradient.numpy()
        self._squared = partial(dot, vector, vector)
        self.config = config
        self.optimizer = RULES[config.optimizer](self._parameters, self._gradient)
        self.use(config)

    def use(self, config: TrainingConfig) -> None:
        """Take other settings; the optimizer's state stays, unless it is another one."""
        if config.optimizer is not self.config.optimizer:
            self.optimizer = RULES[config.optimizer](self._parameters, self._gradient)
        self.config = config
        self._penalties = self._penalty_calls(config.l2)
        self._clip_squared = math.inf if config.clip_norm is None else config.clip_norm**2
        self._epoch = -1  # that the rate is of

    def _penalty_calls(self, l2: float) -> Calls:
        """Add the derivative of l2/2 w**2 of each weight."""
        return [partial(self._gradient.addcmul_, self._parameters, self._is_weight, value=l2)] if l2 else []

    def begin_epoch(self, epoch: int) -> float:
        """The learning rate of the updates in the epoch of that number."""
        if epoch != self._epoch:
            self._epoch, self.rate = epoch, learning_rate(self.config, epoch)
        return self.rate

    def update(self, epoch: int) -> bool:
        """Update once, in the epoch of that number; False, and nothing is changed, if the gradient is not finite.

        A gradient whose squared norm overflows counts as not finite, so that no learning rate can make an update of a
        finite one overflow.
        """
        for call in self._penalties:
            call()
        squared: float = self._squared().item()
        if not math.isfinite(squared) and self._clip_squared < math.inf:
            exact = self._gradient.double()  # a long gradient is what clipping is for
            squared = torch.dot(exact, exact).item()
        if not math.isfinite(squared):
            return False
        if squared > self._clip_squared:
            self._gradient.mul_(math.sqrt(self._clip_squared) / (math.sqrt(squared) + CLIP_EPSILON))
        self.optimizer.update(self.begin_epoch(epoch))
        if self.config.l1:
            self._shrinkage.shrink(self.optimizer.pull(self.rate, self.config.l1))
        return True


class Shrinkage:
    """Pulls every weight towards 0 by some amount, and no further: w <- sign(w) max(|w| - amount, 0).

    That is the proximal operator of amount |w| (Parikh and Boyd 2014, "Proximal algorithms", section 6.5.2). With the
    derivative of |w| as a part of the gradient no weight would ever become 0, but swing around it. A weight that is 0
    stays so as long as a step would move it by no more than the amount; no weight is held for ever.

    Args:
        parameters: shape (n_parameters,), changed in place.
        is_weight: 1 for each weight, 0 for what is not pulled; of the same shape.
    """

    def __init__(self, parameters: torch.Tensor, is_weight: torch.Tensor) -> None:
        values = parameters.numpy()
        self._most, least, part = (np.empty_like(values) for _ in range(3))
        self._spread = partial(np.multiply, is_weight.numpy(), out=self._most)
        self._calls: Calls = [
            partial(np.negative, self._most, out=least),
            partial(np.minimum, values, self._most, out=part),
            partial(np.maximum, part, least, out=part),
            partial(np.subtract, values, part, out=values),  # of equal numbers 0, never -0
        ]

    def shrink(self, amount: float | Floats) -> None:
        """Pull by so much; one amount for all, or one for each parameter."""
        self._spread(amount)
        for call in self._calls:
            call()
