"""Optimizers on one flat parameter vector, in order of increasing complexity.

Formulas and defaults are those of ``torch.optim``; a call updates the whole network, whatever its depth. In the
formulas p are the parameters, g is the gradient and lr the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
import torch

from engine import config


class Optimizer(Protocol):
    """An update rule with its state, bound to a vector of parameters and the one where their gradient is found."""

    def update(self, learning_rate: float) -> None:
        """Change the parameters in place, by the gradient as it is now."""


class SGD:
    """p <- p - lr g."""

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        # numpy's two calls take less time than torch's one
        values, step = parameters.numpy(), torch.empty_like(parameters).numpy()
        self._factor = np.zeros((), values.dtype)
        self._scale = partial(np.multiply, gradient.numpy(), self._factor, step)
        self._add = partial(np.add, values, step, values)

    def update(self, learning_rate: float) -> None:
        self._factor[()] = -learning_rate
        self._scale()
        self._add()


class Momentum:
    """v <- 0.9 v + g; p <- p - lr v (Polyak 1964, in the form of ``torch.optim.SGD``)."""

    momentum = 0.9

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        self._parameters, self._gradient = parameters, gradient
        self._velocity = torch.zeros_like(parameters)

    def update(self, learning_rate: float) -> None:
        self._velocity.mul_(self.momentum).add_(self._gradient)
        self._parameters.add_(self._velocity, alpha=-learning_rate)


class Nesterov(Momentum):
    """v <- 0.9 v + g; p <- p - lr (g + 0.9 v) (Nesterov 1983, in the form of ``torch.optim.SGD``)."""

    def update(self, learning_rate: float) -> None:
        self._velocity.mul_(self.momentum).add_(self._gradient)
        self._parameters.add_(self._gradient, alpha=-learning_rate)
        self._parameters.add_(self._velocity, alpha=-learning_rate * self.momentum)


class RMSprop:
    """s <- 0.99 s + 0.01 g**2; p <- p - lr g / (sqrt(s) + 1e-8) (Tieleman and Hinton 2012, lecture 6.5)."""

    smoothing, epsilon = 0.99, 1e-8

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        self._parameters, self._gradient = parameters, gradient
        self._square = torch.zeros_like(parameters)
        self._root = torch.zeros_like(parameters)

    def update(self, learning_rate: float) -> None:
        self._square.mul_(self.smoothing).addcmul_(self._gradient, self._gradient, value=1 - self.smoothing)
        torch.sqrt(self._square, out=self._root)
        self._parameters.addcdiv_(self._gradient, self._root.add_(self.epsilon), value=-learning_rate)


class Adam:
    """Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1."""

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        self._parameters, self._gradient = parameters, gradient
        self._mean = torch.zeros_like(parameters)
        self._square = torch.zeros_like(parameters)
        self._root = torch.zeros_like(parameters)
        self._updates = 0

    def update(self, learning_rate: float) -> None:
        self._updates += 1
        correction1 = 1 - self.beta1**self._updates
        correction2 = 1 - self.beta2**self._updates
        self._mean.lerp_(self._gradient, 1 - self.beta1)
        self._square.mul_(self.beta2).addcmul_(self._gradient, self._gradient, value=1 - self.beta2)
        torch.sqrt(self._square, out=self._root)
        # root / sqrt(correction2) + epsilon, both sides multiplied by sqrt(correction2): one operation fewer
        scale = math.sqrt(correction2)
        self._root.add_(self.epsilon * scale)
        self._parameters.addcdiv_(self._mean, self._root, value=-learning_rate * scale / correction1)


class AdamW(Adam):
    """Adam after p <- (1 - 0.01 lr) p (Loshchilov and Hutter 2019, "Decoupled weight decay regularization")."""

    weight_decay = 0.01

    def update(self, learning_rate: float) -> None:
        self._parameters.mul_(1 - learning_rate * self.weight_decay)
        super().update(learning_rate)


RULES: dict[config.Optimizer, Callable[[torch.Tensor, torch.Tensor], Optimizer]] = {
    config.Optimizer.SGD: SGD,
    config.Optimizer.MOMENTUM: Momentum,
    config.Optimizer.NESTEROV: Nesterov,
    config.Optimizer.RMSPROP: RMSprop,
    config.Optimizer.ADAM: Adam,
    config.Optimizer.ADAMW: AdamW,
}
