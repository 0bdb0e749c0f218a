"""Hidden activations: value and derivative, both in place and both without allocating.

Every derivative here is a function of the activation's *output*, so the pass backward needs no copy of z.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from engine.config import Activation

LEAKY_SLOPE = 0.01
ELU_ALPHA = 1.0


@dataclass(frozen=True)
class ActivationRule:
    """One row of the table.

    Attributes:
        apply: replaces z by f(z), tensor of any shape.
        backpropagate: multiplies `delta` in place by f'(z), given the output f(z), both of one shape.
    """

    apply: Callable[[torch.Tensor], object]
    backpropagate: Callable[[torch.Tensor, torch.Tensor], object]


aten = torch.ops.aten


def sigmoid_backward(delta: torch.Tensor, output: torch.Tensor) -> None:
    """F' = f (1 - f), at most 1/4."""
    aten.sigmoid_backward.grad_input(delta, output, grad_input=delta)


def tanh_backward(delta: torch.Tensor, output: torch.Tensor) -> None:
    """F' = 1 - f**2, at most 1."""
    aten.tanh_backward.grad_input(delta, output, grad_input=delta)


def relu_backward(delta: torch.Tensor, output: torch.Tensor) -> None:
    """F' = 1 where z > 0, else 0."""
    aten.threshold_backward.grad_input(delta, output, 0, grad_input=delta)


def leaky_relu(z: torch.Tensor) -> None:
    """Z where z > 0, else 0.01 z (Maas et al. 2013)."""
    torch.nn.functional.leaky_relu_(z, LEAKY_SLOPE)


def leaky_relu_backward(delta: torch.Tensor, output: torch.Tensor) -> None:
    """F' = 1 where z > 0, else 0.01; the output has the sign of z."""
    aten.leaky_relu_backward.grad_input(delta, output, LEAKY_SLOPE, True, grad_input=delta)


def elu(z: torch.Tensor) -> None:
    """Z where z > 0, else e**z - 1 (Clevert et al. 2016)."""
    torch.nn.functional.elu_(z, ELU_ALPHA)


def elu_backward(delta: torch.Tensor, output: torch.Tensor) -> None:
    """F' = 1 where z > 0, else f + 1."""
    aten.elu_backward.grad_input(delta, ELU_ALPHA, 1, 1, True, output, grad_input=delta)


RULES: dict[Activation, ActivationRule] = {
    Activation.SIGMOID: ActivationRule(torch.sigmoid_, sigmoid_backward),
    Activation.TANH: ActivationRule(torch.tanh_, tanh_backward),
    Activation.RELU: ActivationRule(torch.relu_, relu_backward),
    Activation.LEAKY_RELU: ActivationRule(leaky_relu, leaky_relu_backward),
    Activation.ELU: ActivationRule(elu, elu_backward),
}
