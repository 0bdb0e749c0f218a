"""What the gradient norms of a network mean, by rules that are shown beside it. Numpy only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation

VANISHING_RATIO = 1e-3
EXPLODING_NORM = 1e3


class GradientState(StrEnum):
    """What can be said of the gradient."""

    NOT_FINITE = "not_finite"
    ALL_ZERO = "all_zero"
    FLAT = "flat"
    EXPLODING = "exploding"
    VANISHING = "vanishing"
    HEALTHY = "healthy"


class Cause(StrEnum):
    """What was not finite when a run diverged."""

    VALUE = "value"
    GRADIENT = "gradient"
    NORM = "norm"


@dataclass(frozen=True)
class Divergence:
    """Where a run ended.

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


def judge(norms: NDArray[np.float64], activations: Sequence[Activation] = ()) -> GradientVerdict:
    """The verdict on gradient norms, float64 ndarray of shape (n_layers,), first layer first, and hidden activations.

    Rules, the first that holds: a norm is not finite; a hidden layer has the step activation, whose derivative is 0
    everywhere, and gets exactly 0: flat; all norms are exactly 0; the largest norm is above
    10**3: exploding; the norm of some layer is below 10**-3 of the last layer's: vanishing; else the gradient arrives
    everywhere. The weakest layer counts, not the first: the inputs make the first layer's gradient larger again.
    """
    if not np.isfinite(norms).all():
        return GradientVerdict(GradientState.NOT_FINITE, math.nan, int(np.argmin(np.isfinite(norms))))
    strongest, weakest = int(norms.argmax()), int(norms.argmin())
    largest, smallest, last = float(norms[strongest]), float(norms[weakest]), float(norms[-1])
    flat = [layer for layer, kind in enumerate(activations) if kind is Activation.STEP and norms[layer] == 0.0]
    if flat:
        return GradientVerdict(GradientState.FLAT, float((norms[: flat[-1] + 1] == 0.0).sum()), flat[-1])
    if largest == 0.0:
        return GradientVerdict(GradientState.ALL_ZERO, 0.0)
    if largest > EXPLODING_NORM:
        return GradientVerdict(GradientState.EXPLODING, largest, strongest)
    ratio = smallest / last if last > 0 else 0.0
    state = GradientState.VANISHING if ratio < VANISHING_RATIO else GradientState.HEALTHY
    return GradientVerdict(state, ratio, weakest)
