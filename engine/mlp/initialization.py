"""Initial weights: each rule draws one weight matrix; biases start at zero, except by torch's default."""

from __future__ import annotations

import math

import torch

from engine.config import Initialization


def draw_layer(
    matrix: torch.Tensor, rule: Initialization, sigma: float, generator: torch.Generator, slope: float = 0.0
) -> None:
    """Fill one layer's matrix of shape (fan_out, fan_in + 1), the bias in its last column.

    Rules, for the weights:
        xavier: variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010, equation 16).
        he: variance 2 / ((1 + slope**2) fan_in), where `slope` is that of the rectifier below 0 (He et al. 2015,
            equation 15).
        torch_default: weights and bias uniform on plus or minus 1 / sqrt(fan_in) (``torch.nn.Linear``).
        normal: standard deviation `sigma`.
        zeros: all alike, so that the units of a layer stay alike for ever.
    """
    fan_out, fan_in = matrix.shape[0], matrix.shape[1] - 1
    if rule is Initialization.TORCH_DEFAULT:
        bound = 1 / math.sqrt(fan_in)
        matrix.uniform_(-bound, bound, generator=generator)
        return
    weights = matrix[:, :-1]
    matrix[:, -1] = 0.0
    match rule:
        case Initialization.ZEROS:
            weights.zero_()
        case Initialization.NORMAL:
            weights.normal_(0.0, sigma, generator=generator)
        case Initialization.XAVIER_NORMAL | Initialization.HE_NORMAL:
            weights.normal_(0.0, deviation(rule, fan_in, fan_out, slope), generator=generator)
        case Initialization.XAVIER_UNIFORM | Initialization.HE_UNIFORM:
            bound = math.sqrt(3) * deviation(rule, fan_in, fan_out, slope)
            weights.uniform_(-bound, bound, generator=generator)
        case Initialization.AUTO:
            raise ValueError("auto names no rule; resolve it with engine.mlp.activations.initializations.")


def deviation(rule: Initialization, fan_in: int, fan_out: int, slope: float = 0.0) -> float:
    """The standard deviation of the weights by a Xavier or He rule."""
    he = rule in (Initialization.HE_UNIFORM, Initialization.HE_NORMAL)
    return math.sqrt(2 / ((1 + slope**2) * fan_in) if he else 2 / (fan_in + fan_out))
