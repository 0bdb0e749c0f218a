"""The oracle: the same network as ``nn.Sequential``, differentiated by autograd, and points to put through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.config import Activation
from engine.dataset import Dataset
from engine.training import Trainer

MODULES: dict[Activation, Callable[[], nn.Module]] = {
    Activation.SIGMOID: nn.Sigmoid,
    Activation.TANH: nn.Tanh,
    Activation.RELU: nn.ReLU,
    Activation.LEAKY_RELU: lambda: nn.LeakyReLU(0.01),
    Activation.ELU: nn.ELU,
}
Weights = Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]


def cloud(n_points: int, n_classes: int, seed: int = 0, n_features: int = 2) -> Dataset:
    """Points without any order, far from standardised."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(n_points, n_features)) * 3 + 5
    labels = generator.permutation(np.arange(n_points) % n_classes)
    return Dataset(points.astype(np.float32), labels, tuple("ABCDEFGH"[:n_classes]))


def sequential(weights: Weights, activation: Activation) -> nn.Sequential:
    """A float64 network with these weights, given as (fan_in, fan_out) and (fan_out,)."""
    modules: list[nn.Module] = []
    for weight, bias in weights:
        fan_in, fan_out = weight.shape
        linear = nn.Linear(fan_in, fan_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.astype(np.float64).T.copy()))
            linear.bias.copy_(torch.from_numpy(bias.astype(np.float64)))
        modules += [linear, MODULES[activation]()]
    return nn.Sequential(*modules[:-1])


def mean_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of (n_points, n_units) logits: binary for one unit."""
    if logits.shape[1] == 1:
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels.to(logits.dtype))
    return nn.functional.cross_entropy(logits, labels)


def class_probabilities(logits: torch.Tensor) -> torch.Tensor:
    """Of (n_points, n_units) logits, shape (n_points, n_classes)."""
    if logits.shape[1] == 1:
        positive = torch.sigmoid(logits)
        return torch.cat([1 - positive, positive], dim=1)
    return torch.softmax(logits, dim=1)


def standardised(points: NDArray[np.float32], by: NDArray[np.float32]) -> torch.Tensor:
    """Float64 points less the mean of `by`, divided by its population standard deviation."""
    scale = by.astype(np.float64)
    return torch.from_numpy((points.astype(np.float64) - scale.mean(axis=0)) / scale.std(axis=0))


def with_biases(trainer: Trainer, seed: int = 0) -> Trainer:
    """The trainer with random biases: a mistake in a bias of zero would not show."""
    generator = np.random.default_rng(seed)
    trainer.load_weights([(weight, generator.normal(scale=0.2, size=bias.shape)) for weight, bias in trainer.weights()])
    return trainer


def gradients(trainer: Trainer) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Make a step; the gradient it was made with, as (weights, biases) shaped like `Trainer.weights`."""
    trainer.step()
    matrices = trainer._gradient_of_mean.gradient.matrices
    return [(matrix[:, :-1].t().numpy().copy(), matrix[:, -1].numpy().copy()) for matrix in matrices]


def relative_error(actual: NDArray[np.floating], expected: NDArray[np.floating]) -> float:
    """The largest difference, in units of the largest number expected."""
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def same_curve(first: NDArray[np.floating], second: NDArray[np.floating]) -> bool:
    """Whether two histories are equal bit for bit, nan included."""
    return first.shape == second.shape and first.tobytes() == second.tobytes()
