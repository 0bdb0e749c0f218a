"""Dropout (Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"), inverted."""

from __future__ import annotations

from functools import partial

import torch

from engine.config import TrainingConfig
from engine.mlp.kernels import Calls


class Dropout:
    """Hidden units that drop out of a training step; what stays is scaled by 1 / (1 - p), so evaluation needs nothing.

    Args:
        probability: of each unit, for each point; above 0.
        generator: its own, so that dropout changes neither first weights nor batches.

    Attributes:
        generator: the same.
    """

    def __init__(self, probability: float, generator: torch.Generator) -> None:
        self._kept, self.generator = 1 - probability, generator

    def draw(self, mask: torch.Tensor) -> Calls:
        """Calls that fill a mask of any shape with 0 for what drops out and 1 / (1 - p) for what stays."""
        return [partial(mask.bernoulli_, self._kept, generator=self.generator), partial(mask.div_, self._kept)]


def dropout_of(config: TrainingConfig, generator: torch.Generator) -> Dropout | None:
    """The dropout of a config; None if nothing drops out, or there is no hidden unit that could."""
    return Dropout(config.dropout, generator) if config.dropout and config.hidden_layers else None
