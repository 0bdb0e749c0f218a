"""Output layers with their loss: probabilities, summed loss and the gradient of the loss at the logits.

Everything is computed from logits by log-sum-exp, never from the logarithm of a rounded probability, so the loss stays
finite however wrong and however sure a network is (Goodfellow et al. 2016, Deep Learning, section 6.2.2).
Tensors are features-first: logits of shape (n_units, n_points), targets of the same shape.
"""

from __future__ import annotations

from typing import Protocol

import torch

from engine.config import Output


class OutputLayer(Protocol):
    """The units that turn logits into probabilities, and the cross-entropy that belongs to them."""

    def n_units(self, n_classes: int) -> int:
        """The number of logits for so many classes."""

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        """What the probabilities should be, tensor of shape (n_units, n_points)."""

    def gradient_(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> None:
        """Replace the logits by the derivative of (sum of losses / n_points) with respect to them."""

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The loss of each point, tensor of shape (n_points,)."""

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        """Class probabilities, tensor of shape (n_classes, n_points), columns summing to 1."""

    def decisions(self, logits: torch.Tensor) -> torch.Tensor:
        """The label decided for each point, tensor of shape (n_points,)."""


class SigmoidOutput:
    """One unit; its sigmoid is the probability of class 1. Binary cross-entropy."""

    def n_units(self, n_classes: int) -> int:
        return 1

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        return labels.to(dtype).reshape(1, -1)

    def gradient_(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> None:
        torch.sigmoid_(logits)
        logits.sub_(targets).mul_(1 / n_points)

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        # -log sigmoid(z) = softplus(-z) and -log(1 - sigmoid(z)) = softplus(z)
        return torch.nn.functional.softplus((1 - 2 * targets[0]) * logits[0], threshold=40)

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        # the sigmoid of -z, not 1 - sigmoid(z): exact where the second is rounded to zero
        return torch.sigmoid(torch.cat([-logits, logits]))

    def decisions(self, logits: torch.Tensor) -> torch.Tensor:
        return logits[0] > 0


class SoftmaxOutput:
    """One unit a class; softmax over them. Cross-entropy."""

    def n_units(self, n_classes: int) -> int:
        return n_classes

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        return torch.nn.functional.one_hot(labels, n_classes).to(dtype).t().contiguous()

    def gradient_(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> None:
        torch.softmax(logits, 0, out=logits)
        logits.sub_(targets).mul_(1 / n_points)

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return -(torch.log_softmax(logits, 0).masked_fill(targets == 0, 0.0)).sum(0)

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return torch.softmax(logits, 0)

    def decisions(self, logits: torch.Tensor) -> torch.Tensor:
        return logits.argmax(0)


OUTPUT_LAYERS: dict[Output, OutputLayer] = {Output.SIGMOID: SigmoidOutput(), Output.SOFTMAX: SoftmaxOutput()}
