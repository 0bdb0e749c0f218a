"""The worth of a network on points, from its logits."""

# Tests: tests/engine/test_training.py

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import torch

from engine.config import TrainingConfig
from engine.learning.metrics import Metrics, mean, r_squared
from engine.learning.samples import Samples, Standardization
from engine.mlp.activations import Floats
from engine.mlp.losses import OutputLayer


class Answers(Protocol):
    """A network that is asked for logits; see `engine.mlp.passes.Evaluator`."""

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (n_units, n_points) of inputs (n_inputs + 1, n_points)."""


def judged(
    samples: Samples,
    network: Answers,
    output: OutputLayer,
    config: TrainingConfig,
    standardization: Standardization,
) -> tuple[Metrics, Floats, Floats | None]:
    """The metrics of a network with this output layer on points.

    And for each point its loss, and 1 if it is decided for its class, else 0; None where values are learned.
    """
    logits = network.logits(samples.inputs)
    # in double precision the loss of what is nearly certain is not rounded to 0
    exact, goals = (torch.from_numpy(of.numpy().astype(np.float64)) for of in (logits, samples.targets))
    losses, known = output.losses(exact, goals).numpy(), samples.labels.numpy()
    parts = slice(samples.n_training), slice(samples.n_training, None)
    both = [mean(losses[part]) for part in parts]
    if not output.has_values:
        is_right = (output.decisions(logits, config.threshold).numpy() == known).astype(np.float64)
        return Metrics(both[0], both[1], mean(is_right[parts[0]]), mean(is_right[parts[1]])), losses, is_right
    errors = np.square(exact[0].numpy() - known)
    unit = float(standardization.values[1, -1])
    rmse = [unit * math.sqrt(mean(errors[part])) for part in parts]
    r2 = [r_squared(errors[part], known[part]) for part in parts]
    return Metrics(both[0], both[1], math.nan, math.nan, rmse[0], rmse[1], r2[0], r2[1]), losses, None
