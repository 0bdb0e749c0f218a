"""Output layers and losses: probabilities or values, the loss of each point and its gradient at the logits.

Everything is computed from logits. Cross-entropy takes their log-sum-exp, never the logarithm of a rounded probability,
so it stays finite however wrong and however sure a network is (Goodfellow et al. 2016, Deep Learning, section 6.2.2).
Tensors are features-first: logits and targets of shape (n_units, n_points); the target is 1 for the class of the point.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Protocol

import numpy as np
import torch
from torch.nn.functional import one_hot

from engine.config import Loss, Output, ValueLoss
from engine.errors import InputError
from engine.messages import mark
from engine.mlp.activations import logit
from engine.mlp.kernels import Calls, aten, times


class Differentiated(Protocol):
    """A loss that gives its derivative at the logits."""

    def gradient(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> Calls:
        """Calls that replace the logits by the derivative of (sum of losses / n_points) with respect to them."""


class OutputLayer(Differentiated, Protocol):
    """The units that turn logits into probabilities, and the loss that is minimised.

    Attributes:
        is_distribution: whether the probabilities of the classes sum to 1.
        is_squared: whether the loss is the squared error, else cross-entropy, or Huber's where values are learned.
        has_values: whether the only output is a value, and there are no classes.
        huber_delta: the error above which Huber's loss grows evenly.
    """

    is_distribution: bool
    is_squared: bool
    has_values: bool
    huber_delta: float

    def n_units(self, n_classes: int) -> int:
        """The number of logits for so many classes."""

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        """The outputs that the units should have, (n_units, n_points), of the labels, or the values, of points."""

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The loss of each point, tensor of shape (n_points,).

        By numpy, which keeps the interpreter over a few hundred points: each call of torch would wait for a window.
        """

    def chance_loss(self, targets: torch.Tensor, weights: torch.Tensor | None = None) -> float:
        """The mean loss of saying for every point the mean of the targets, (n_units, n_points).

        Of classes that is their share of the points, each of which has a weight. No other constant has a smaller loss,
        except Huber's; for cross-entropy it is the entropy of the shares.
        """

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        """The probability of each class, tensor of shape (n_classes, n_points)."""

    def decisions(self, logits: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
        """The label decided for each point, tensor of shape (n_points,).

        Args:
            logits: of the points.
            threshold: where there is a single sigmoid unit, class 1 is decided for above this probability.
        """


class OneUnitEach:
    """One unit for each class."""

    has_values, huber_delta = False, math.nan

    def n_units(self, n_classes: int) -> int:
        return n_classes

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        return one_hot(labels, n_classes).to(dtype).t().contiguous()

    def decisions(self, logits: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
        return torch.from_numpy(logits.numpy().argmax(axis=0))  # a tenth of the time of torch's, over few classes


class Sigmoids(OneUnitEach):
    """Units that each have a sigmoid: the probability of one class, independent of the others.

    Args:
        loss: binary cross-entropy -y log p - (1 - y) log(1 - p), or squared error (p - y)**2 (Brier 1950,
            "Verification of forecasts expressed in terms of probability"), summed over the units.
    """

    is_distribution = False

    def __init__(self, loss: Loss) -> None:
        self.is_squared = loss is Loss.MSE

    def gradient(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> Calls:
        if not self.is_squared:
            return [partial(torch.sigmoid_, logits), *scaled_difference(logits, targets, 1 / n_points)]
        derivative = torch.empty_like(logits)
        return [
            # sigmoid' = sigmoid(z) sigmoid(-z); 1 - sigmoid(z) would be rounded to zero
            partial(torch.neg, logits, out=derivative),
            partial(torch.sigmoid_, derivative),
            partial(torch.sigmoid_, logits),
            times(derivative, logits, derivative),
            *scaled_difference(logits, targets, 2 / n_points),
            times(logits, derivative, logits),
        ]

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        z, y = logits.numpy(), targets.numpy()
        if self.is_squared:
            return torch.from_numpy(np.square(np.exp(-np.logaddexp(0, -z)) - y).sum(axis=0))
        # -log sigmoid(z) = log(1 + e**-z) and -log(1 - sigmoid(z)) = log(1 + e**z)
        return torch.from_numpy(np.logaddexp(0, (1 - 2 * y) * z).sum(axis=0))

    def chance_loss(self, targets: torch.Tensor, weights: torch.Tensor | None = None) -> float:
        shares = mean_target(targets, weights)
        rest = 1 - shares
        if self.is_squared:
            return float((shares * rest).sum())
        return -float((torch.xlogy(shares, shares) + torch.xlogy(rest, rest)).sum())

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(logits)


class OneUnit:
    """A single unit."""

    def n_units(self, n_classes: int) -> int:
        return 1

    def targets(self, labels: torch.Tensor, n_classes: int, dtype: torch.dtype) -> torch.Tensor:
        return labels.to(dtype).reshape(1, -1)


class SigmoidOutput(OneUnit, Sigmoids):
    """One unit for two classes; its sigmoid is the probability of class 1."""

    is_distribution = True

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        # the sigmoid of -z, not 1 - sigmoid(z): exact where the second is rounded to zero
        return torch.sigmoid(torch.cat([-logits, logits]))

    def decisions(self, logits: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
        return torch.from_numpy(logits[0].numpy() > logit(threshold))


class SoftmaxOutput(OneUnitEach):
    """One unit a class; softmax over them.

    Args:
        loss: cross-entropy -log p of the class of the point, or the squared error summed over the classes.
    """

    is_distribution = True

    def __init__(self, loss: Loss) -> None:
        self.is_squared = loss is Loss.MSE

    def gradient(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> Calls:
        if not self.is_squared:
            softmax = partial(torch.softmax, logits, 0, out=logits)
            return [softmax, *scaled_difference(logits, targets, 1 / n_points)]
        output = torch.empty_like(logits)
        return [
            partial(torch.softmax, logits, 0, out=output),
            partial(logits.copy_, output),
            *scaled_difference(logits, targets, 2 / n_points),
            partial(aten._softmax_backward_data.out, logits, output, 0, logits.dtype, grad_input=logits),
        ]

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        z, y = logits.numpy(), targets.numpy()
        z = z - z.max(axis=0)
        powers = np.exp(z)
        total = powers.sum(axis=0)
        if self.is_squared:
            return torch.from_numpy(np.square(powers / total - y).sum(axis=0))
        return torch.from_numpy(np.where(y == 0, 0, np.log(total) - z).sum(axis=0))

    def chance_loss(self, targets: torch.Tensor, weights: torch.Tensor | None = None) -> float:
        shares = mean_target(targets, weights)
        squared = float((shares * (1 - shares)).sum())
        return squared if self.is_squared else -float(torch.xlogy(shares, shares).sum())

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return torch.softmax(logits, 0)


NO_CLASSES = mark("The network learns values; there are no classes, and no probabilities of them.")


class LinearOutput(OneUnit):
    """One unit whose logit is a value, in standard deviations from the mean.

    Args:
        loss: the squared error (z - y)**2, or Huber's: half of that up to an error of delta, and beyond delta times
            (error - delta / 2) (Huber 1964, "Robust estimation of a location parameter").
        delta: in standard deviations.
    """

    is_distribution, has_values = False, True

    def __init__(self, loss: ValueLoss, delta: float) -> None:
        self.is_squared, self.huber_delta = loss is ValueLoss.MSE, delta

    def gradient(self, logits: torch.Tensor, targets: torch.Tensor, n_points: int) -> Calls:
        if self.is_squared:
            return scaled_difference(logits, targets, 2 / n_points)
        difference, scale = scaled_difference(logits, targets, 1 / n_points)
        return [difference, partial(torch.clamp_, logits, -self.huber_delta, self.huber_delta), scale]

    def losses(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        error = logits.numpy() - targets.numpy()
        if self.is_squared:
            return torch.from_numpy(np.square(error).sum(axis=0))
        inner = np.minimum(np.abs(error), self.huber_delta)
        return torch.from_numpy((inner * (np.abs(error) - inner / 2)).sum(axis=0))

    def chance_loss(self, targets: torch.Tensor, weights: torch.Tensor | None = None) -> float:
        losses = self.losses(mean_target(targets, weights)[:, None], targets)
        return float(mean_target(losses[None], weights))

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        raise InputError(NO_CLASSES)

    def decisions(self, logits: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
        raise InputError(NO_CLASSES)


def mean_target(targets: torch.Tensor, weights: torch.Tensor | None) -> torch.Tensor:
    """The mean of the targets of each unit, tensor of shape (n_units,)."""
    return targets.mean(1) if weights is None else targets @ weights / weights.sum()


def scaled_difference(logits: torch.Tensor, targets: torch.Tensor, factor: float) -> Calls:
    """Calls that replace what is in `logits` by (it - targets) * factor."""
    values = logits.numpy()
    scale = np.full((), factor, values.dtype)
    return [partial(np.subtract, values, targets.numpy(), values), partial(np.multiply, values, scale, values)]


def make_output(output: Output, loss: Loss) -> OutputLayer:
    """The output layer of a resolved choice, with its loss."""
    match output:
        case Output.SIGMOID:
            return SigmoidOutput(loss)
        case Output.INDEPENDENT_SIGMOIDS:
            return Sigmoids(loss)
        case Output.SOFTMAX:
            return SoftmaxOutput(loss)
        case Output.AUTO:
            raise ValueError("auto names no output layer; resolve it with TrainingConfig.resolved_output.")
