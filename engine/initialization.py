"""Initial weights: each rule draws one weight matrix; biases start at zero, except by torch's default."""

from __future__ import annotations

import math

import torch

from engine.config import Initialization


def draw_layer(matrix: torch.Tensor, rule: Initialization, generator: torch.Generator) -> None:
    """Fill one layer's matrix of shape (fan_out, fan_in + 1), the bias in its last column.

    Rules, for the weights:
        xavier: variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010, equation 16).
        he: variance 2 / fan_in (He et al. 2015, equation 10).
        torch_default: weights and bias uniform on plus or minus 1 / sqrt(fan_in) (``torch.nn.Linear``).
    """
    fan_out, fan_in = matrix.shape[0], matrix.shape[1] - 1
    if rule is Initialization.TORCH_DEFAULT:
        bound = 1 / math.sqrt(fan_in)
        matrix.uniform_(-bound, bound, generator=generator)
        return
    weights = matrix[:, :-1]
    sigma = math.sqrt(2 / fan_in if rule in HE else 2 / (fan_in + fan_out))
    if rule in UNIFORM:
        bound = math.sqrt(3) * sigma
        weights.uniform_(-bound, bound, generator=generator)
    else:
        weights.normal_(0.0, sigma, generator=generator)
    matrix[:, -1] = 0.0


HE = (Initialization.HE_UNIFORM, Initialization.HE_NORMAL)
UNIFORM = (Initialization.HE_UNIFORM, Initialization.XAVIER_UNIFORM)
