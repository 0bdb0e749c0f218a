"""Optimizers on one flat parameter vector, in order of increasing complexity.

Formulas and defaults are those of ``torch.optim``; a call updates the whole network, whatever its depth.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch

from engine import config


class Optimizer(Protocol):
    """An update rule with its state."""

    def update(self, parameters: torch.Tensor, gradient: torch.Tensor, learning_rate: float) -> None:
        """Change `parameters` in place; all tensors have shape (n_parameters,)."""


class SGD:
    """p <- p - lr g."""

    def __init__(self, parameters: torch.Tensor) -> None:
        pass

    def update(self, parameters: torch.Tensor, gradient: torch.Tensor, learning_rate: float) -> None:
        parameters.add_(gradient, alpha=-learning_rate)


class Momentum:
    """v <- 0.9 v + g; p <- p - lr v (Polyak 1964, in the form of ``torch.optim.SGD``)."""

    momentum = 0.9

    def __init__(self, parameters: torch.Tensor) -> None:
        self.velocity = torch.zeros_like(parameters)

    def update(self, parameters: torch.Tensor, gradient: torch.Tensor, learning_rate: float) -> None:
        self.velocity.mul_(self.momentum).add_(gradient)
        parameters.add_(self.velocity, alpha=-learning_rate)


class Adam:
    """Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1."""

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, parameters: torch.Tensor) -> None:
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.root = torch.zeros_like(parameters)
        self.updates = 0

    def update(self, parameters: torch.Tensor, gradient: torch.Tensor, learning_rate: float) -> None:
        self.updates += 1
        correction1 = 1 - self.beta1**self.updates
        correction2 = 1 - self.beta2**self.updates
        self.mean.lerp_(gradient, 1 - self.beta1)
        self.square.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        torch.sqrt(self.square, out=self.root)
        # root / sqrt(correction2) + epsilon, both sides multiplied by sqrt(correction2): one operation fewer
        scale = math.sqrt(correction2)
        self.root.add_(self.epsilon * scale)
        parameters.addcdiv_(self.mean, self.root, value=-learning_rate * scale / correction1)


RULES: dict[config.Optimizer, type[SGD] | type[Momentum] | type[Adam]] = {
    config.Optimizer.SGD: SGD,
    config.Optimizer.MOMENTUM: Momentum,
    config.Optimizer.ADAM: Adam,
}
