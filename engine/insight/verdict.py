"""The meaning of the gradient norms of a network, by rules that are shown beside it. Numpy only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation
from engine.insight.quantity import Quantity

VANISHING_RATIO = 1e-3
EXPLODING_NORM = 1e3
LEARNED_ERROR = 0.1
"""Up to this a network is said to have learned; see `Fit.error`."""


class GradientState(StrEnum):
    """The state of the gradient, as a verdict names it."""

    NOT_FINITE = "not_finite"
    ALL_ZERO = "all_zero"
    ONLY_BIASES = "only_biases"
    FLAT = "flat"
    EXPLODING = "exploding"
    VANISHING = "vanishing"
    LEARNED = "learned"
    HEALTHY = "healthy"


@dataclass(frozen=True)
class Fit:
    """The fit of the probabilities to the training points.

    Attributes:
        loss: the mean loss of the data.
        chance_loss: that of saying the shares of the classes, or the mean value, for every point, whatever it is.
        error: what the probabilities of the classes are wrong by: root mean square of p - y over the points of a class
            and over the classes, of the class of which it is the largest. So a rare class counts as much as any. Of
            values it is the root mean square of their errors, in standard deviations.
    """

    loss: float = math.nan
    chance_loss: float = math.nan
    error: float = math.nan


@dataclass(frozen=True, eq=False)
class GradientMeasure:
    """The gradient of the mean training loss, penalties apart.

    Attributes:
        norms: L2 norm of the gradient by the weights of each layer, first layer first; float64 (n_layers,).
        bias_norms: of that by its biases.
        largest_other: the largest of these and of the norms by scales and shifts of batch normalisation.
        fit: of the network that was looked at.
        n_points: training points that were looked at.
        n_training: that there are.
    """

    norms: NDArray[np.float64]
    bias_norms: NDArray[np.float64]
    largest_other: float
    fit: Fit
    n_points: int
    n_training: int

    def tensor_norms(self) -> NDArray[np.float64]:
        """L2 norm of the gradient by each tensor in turn, summed over the training points; float64 (2 n_layers,)."""
        return self.n_training * np.stack([self.norms, self.bias_norms], axis=1).ravel()


GRADIENT: Quantity[GradientMeasure] = Quantity("gradient")


class Cause(StrEnum):
    """The kind of number that was not finite when a run diverged."""

    VALUE = "value"
    GRADIENT = "gradient"
    NORM = "norm"


@dataclass(frozen=True)
class Divergence:
    """The place where a run ended because numbers were not finite.

    Attributes:
        step: the step that could not be made, or after which the loss was not finite.
        cause: a value on the way forward; or, where all of them are finite, a derivative on the way back; or, where
            these are, too, the squared norm of the gradient, for which single precision has no room.
        layer: the layer of the first value that is not finite, or of the first derivative, which on the way back is
            that of the last such layer; 0 for the first layer, None for the norm.
        learning_rate: of the last update; nan if there was none.
    """

    step: int
    cause: Cause
    layer: int | None
    learning_rate: float


@dataclass(frozen=True)
class GradientVerdict:
    """The state, and the number that decides it.

    Attributes:
        state: what holds.
        value: the largest norm if exploding, else the smallest norm over that of the last layer.
        layer: the layer the value is of, 0 for the first; if flat, the last layer with the step activation, and the
            value is the number of layers up to it that get exactly 0.
    """

    state: GradientState
    value: float
    layer: int = 0


def judge(
    norms: NDArray[np.float64],
    activations: Sequence[Activation] = (),
    largest_other: float = 0.0,
    error: float = math.nan,
) -> GradientVerdict:
    """The verdict on the gradient by the weights of each layer.

    Args:
        norms: float64 ndarray of shape (n_layers,), first layer first.
        activations: of the hidden layers.
        largest_other: see `GradientMeasure`.
        error: see `Fit`; nan if it is not known.

    Rules, the first that holds: a norm is not finite; a hidden layer has the step activation, whose derivative is 0
    wherever there is one, and gets exactly 0: flat; all norms are exactly 0, but the biases have a gradient: only they
    learn; all are exactly 0; the largest norm is above 10**3: exploding; the error is at most 0.1: the network has
    learned, and what is small is so for that; the norm of some layer is below 10**-3 of the last layer's: vanishing;
    else the gradient arrives everywhere. The weakest layer counts, not the first: the inputs make the first layer's
    gradient larger again. Where all are 0, it has not stopped for having learned unless the error says so, too.
    """
    if not np.isfinite(norms).all():
        return GradientVerdict(GradientState.NOT_FINITE, math.nan, int(np.argmin(np.isfinite(norms))))
    strongest, weakest = int(norms.argmax()), int(norms.argmin())
    largest, smallest, last = float(norms[strongest]), float(norms[weakest]), float(norms[-1])
    flat = [layer for layer, kind in enumerate(activations) if kind is Activation.STEP and norms[layer] == 0.0]
    if flat:
        return GradientVerdict(GradientState.FLAT, float((norms[: flat[-1] + 1] == 0.0).sum()), flat[-1])
    has_learned = error <= LEARNED_ERROR  # False for nan
    if largest == 0.0 and has_learned:
        return GradientVerdict(GradientState.LEARNED, 1.0, len(norms) - 1)
    if largest == 0.0:
        return GradientVerdict(GradientState.ONLY_BIASES if largest_other > 0 else GradientState.ALL_ZERO, 0.0)
    if largest > EXPLODING_NORM:
        return GradientVerdict(GradientState.EXPLODING, largest, strongest)
    ratio = smallest / last if last > 0 else 0.0
    if has_learned:
        return GradientVerdict(GradientState.LEARNED, ratio, weakest)
    is_healthy = ratio >= VANISHING_RATIO
    return GradientVerdict(GradientState.HEALTHY if is_healthy else GradientState.VANISHING, ratio, weakest)
