"""Optimizers on one flat parameter vector, in order of increasing complexity.

Formulas and defaults are those of ``torch.optim``; a call updates the whole network, whatever its depth. In the
formulas p are the parameters, g is the gradient and lr the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from engine.config import Optimizer
from engine.mlp.kernels import Call

Floats = NDArray[np.floating[Any]]


class UpdateRule(Protocol):
    """An update rule with its state, bound to a vector of parameters and the one where their gradient is found.

    Attributes:
        state: what it remembers of each parameter: of the gradients, and of their squares; empty if nothing.
        powers: constants to the power of the updates, float64 (2,); 1 if it has none.
    """

    state: tuple[torch.Tensor, torch.Tensor]
    powers: NDArray[np.float64]

    def update(self, learning_rate: float) -> None:
        """Change the parameters in place, by the gradient as it is now."""

    def pull(self, learning_rate: float, l1: float) -> float | Floats:
        """By how much L1 pulls at the parameters after an update: one number, or one for each.

        What the update would make of a gradient of l1 that stays the same, so that a run ends where the loss and
        l1 |w| together are smallest. Where the optimizer scales the gradient weight by weight, so is the pull (Yun,
        Lozano and Yang 2021, "Adaptive proximal gradient methods for structured neural networks"), up to ten times the
        learning rate: so a weight with hardly any gradient goes to 0 in steps, too.
        """


class SGD:
    """p <- p - lr g."""

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        # numpy's two calls take less time than torch's one
        values, step = parameters.numpy(), torch.empty_like(parameters).numpy()
        self.state, self.powers = (torch.empty(0), torch.empty(0)), np.ones(2)
        self._factor = np.zeros((), values.dtype)
        self._scale = partial(np.multiply, gradient.numpy(), self._factor, step)
        self._add = partial(np.add, values, step, values)

    def update(self, learning_rate: float) -> None:
        self._factor[()] = -learning_rate
        self._scale()
        self._add()

    def pull(self, learning_rate: float, l1: float) -> float:
        return learning_rate * l1


class Momentum:
    """v <- 0.9 v + g; p <- p - lr v (Polyak 1964, in the form of ``torch.optim.SGD``)."""

    momentum = 0.9

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        self._parameters, self._gradient = parameters, gradient
        self._velocity = torch.zeros_like(parameters)
        self.state, self.powers = (self._velocity, torch.empty(0)), np.ones(2)

    def update(self, learning_rate: float) -> None:
        self._velocity.mul_(self.momentum).add_(self._gradient)
        self._parameters.add_(self._velocity, alpha=-learning_rate)

    def pull(self, learning_rate: float, l1: float) -> float:
        return learning_rate * l1 / (1 - self.momentum)  # the velocity ends at g times the sum of 0.9**k


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
        self.state, self.powers = (torch.empty(0), self._square), np.ones(2)
        self._root = torch.zeros_like(parameters)

    def update(self, learning_rate: float) -> None:
        self._square.mul_(self.smoothing).addcmul_(self._gradient, self._gradient, value=1 - self.smoothing)
        torch.sqrt(self._square, out=self._root)
        self._parameters.addcdiv_(self._gradient, self._root.add_(self.epsilon), value=-learning_rate)

    def pull(self, learning_rate: float, l1: float) -> Floats:
        return scaled_pull(learning_rate, l1, self._root.numpy())


MAX_PULL = 10.0
"""In learning rates; more than any step of Adam, which is at most (1 - 0.9) / sqrt(1 - 0.999) of them."""


def scaled_pull(learning_rate: float, l1: float, divisors: Floats) -> Floats:
    """The learning rate times l1 over what the gradient of each parameter is divided by, within `MAX_PULL`."""
    pull: Floats = np.divide(l1, divisors)
    np.minimum(pull, MAX_PULL, out=pull)
    return np.multiply(pull, learning_rate, out=pull)


BLOCK = 2**14
"""Parameters that Adam updates together, so that what it computes in between stays in the cache."""


class Adam:
    """Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.

    In numpy, which takes half the time of torch for as much.

    Attributes:
        powers: beta1 and beta2 to the power of the updates, float64 (2,).
    """

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, parameters: torch.Tensor, gradient: torch.Tensor) -> None:
        self._parameters = parameters
        self.state = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._square = self.state[1].numpy()
        scratch = torch.empty(min(BLOCK, len(parameters)), dtype=parameters.dtype)
        dtype = scratch.numpy().dtype
        self._epsilon, self._step = np.zeros((), dtype), np.zeros((), dtype)
        blocks = zip(*(torch.split(vector, BLOCK) for vector in (parameters, gradient, *self.state)), strict=True)
        self._calls: list[Call] = []
        for block in blocks:
            p, g, mean, square = (part.numpy() for part in block)
            self._calls += self._block_calls(p, g, mean, square, scratch.numpy()[: len(p)])
        self.powers = np.ones(2)

    def _block_calls(self, p: Floats, g: Floats, mean: Floats, square: Floats, scratch: Floats) -> list[Call]:
        share1, share2, kept2 = (np.full((), x, p.dtype) for x in (1 - self.beta1, 1 - self.beta2, self.beta2))
        return [
            partial(np.subtract, g, mean, scratch),
            partial(np.multiply, scratch, share1, scratch),
            partial(np.add, mean, scratch, mean),  # m <- m + (1 - beta1) (g - m)
            partial(np.multiply, g, g, scratch),
            partial(np.multiply, scratch, share2, scratch),
            partial(np.multiply, square, kept2, square),
            partial(np.add, square, scratch, square),  # v <- beta2 v + (1 - beta2) g**2
            partial(np.sqrt, square, scratch),
            partial(np.add, scratch, self._epsilon, scratch),
            partial(np.divide, mean, scratch, scratch),
            partial(np.multiply, scratch, self._step, scratch),
            partial(np.add, p, scratch, p),  # p <- p + step m / (sqrt(v) + epsilon)
        ]

    def update(self, learning_rate: float) -> None:
        self.powers *= (self.beta1, self.beta2)
        power1, power2 = self.powers.tolist()
        # sqrt(v / correction2) + epsilon, with both sides multiplied by sqrt(correction2): one call fewer
        scale = math.sqrt(1 - power2)
        self._epsilon[()] = self.epsilon * scale
        self._step[()] = -learning_rate * scale / (1 - power1)
        for call in self._calls:
            call()

    def pull(self, learning_rate: float, l1: float) -> Floats:
        # in single precision the square of a tiny gradient is 0, and epsilon what is left
        roots = np.sqrt(self._square) + self._epsilon
        return scaled_pull(learning_rate, l1 * math.sqrt(1 - float(self.powers[1])), roots)


class AdamW(Adam):
    """Adam after p <- (1 - 0.01 lr) p (Loshchilov and Hutter 2019, "Decoupled weight decay regularization")."""

    weight_decay = 0.01

    def update(self, learning_rate: float) -> None:
        # from a learning rate of 200 on the decay would be a growth without end
        self._parameters.mul_(max(-1.0, 1 - learning_rate * self.weight_decay))
        super().update(learning_rate)


RULES: dict[Optimizer, Callable[[torch.Tensor, torch.Tensor], UpdateRule]] = {
    Optimizer.SGD: SGD,
    Optimizer.MOMENTUM: Momentum,
    Optimizer.NESTEROV: Nesterov,
    Optimizer.RMSPROP: RMSprop,
    Optimizer.ADAM: Adam,
    Optimizer.ADAMW: AdamW,
}
