"""The state of each layer of a network, and the course's four complaints about sigmoid, by rules that are shown.

Numpy only; what is measured here is measured by `engine.insight.probing.diagnosis_probe`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from operator import mul

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation
from engine.insight.quantity import Quantity
from engine.insight.verdict import LEARNED_ERROR, VANISHING_RATIO, Fit
from engine.mlp.activations import ActivationCost

HISTOGRAM_BINS = 41
"""An odd number, so that 0 is the middle of a bin where the limits are symmetric."""

SATURATED_POINTS = 0.99
"""A unit is called saturated if it is so for a larger share of the points than this."""

ZERO_CENTRED = 0.25
"""Outputs are called zero-centred if their mean is at most this share of their root mean square.

For standard normal z it is 0 with tanh, 0.2 with ELU, 0.56 with ReLU and 0.9 or more with sigmoid.
"""


@dataclass(frozen=True)
class GradientSize:
    """The size of the derivatives of the mean loss by some parameters, in float64: what is 0 here is 0.

    Attributes:
        norm: L2 norm.
        rms: root mean square, the norm over the root of their number.
        largest: the largest absolute value.
    """

    norm: float
    rms: float
    largest: float


@dataclass(frozen=True, eq=False)
class LayerDiagnosis:
    """One layer, over the points that were looked at; z is what goes into the activation f.

    With batch normalisation z is what it gives out. For the output layer f(z) stands for the logits themselves. What is
    not a number is nan here, too, and is in no bin of a histogram.

    Attributes:
        activation: f; None for the output layer.
        weight_gradient, bias_gradient, layer_gradient: of d(mean loss)/d(weights), by the biases, and by both together;
            scales and shifts of batch normalisation are not among them.
        update_ratio: L2 norm of the change that the last step made to the weights, over that of the weights; nan if
            that step was not watched, see `engine.training.Trainer.diagnose`.
        signal: Frobenius norm of d(mean loss)/d(output of the layer); what a skip connection adds has the same.
        factor: by how much the layer changes the signal on its way back: the signal of the layer before (for the first
            layer that of the inputs) over its own. 0 if none arrives.
        rms_slope: root mean square of f'(z) over points and units, since norms are sums of squares; 1 for the output
            layer. For softmax, by its own z.
        weight_factor: factor / rms_slope, which is what is left: the weights, batch normalisation and skip connections
            where there are any, and how slopes and signal go together. With ReLU and weights by He's rule it is about
            the root of 2, and the slope the root of 1/2 (He et al. 2015, "Delving deep into rectifiers"). nan if the
            slope is 0 or no signal arrives.
        slope_bound: the largest |f'| there is; 1 for the output layer.
        z_edges, z_counts: histogram of z, float64 ndarray (n_bins + 1,) and int64 ndarray (n_bins,). The limits are
            symmetric; what is beyond them is counted in the end bins.
        output_edges, output_counts: that of f(z), within what f can be. Limits that depend on the data are powers of
            two, so that they stand still most of the time.
        n_units: units of the layer.
        saturated_share: share of all values of z at which f is saturated, see `engine.mlp.activations.saturation`.
        n_saturated_units: units saturated for more than 99 % of the points.
        n_dead_units: units whose f(z) and f'(z) are both exactly 0 for every point: nothing goes through, there or
            back. With ReLU those whose z is never above 0; with Leaky ReLU there are none.
        n_linear_units: units whose slope is exactly 1 for every point.
        mean_output: mean of f(z) over points and units.
        is_zero_centred: whether |mean_output| is at most a quarter of the root mean square of f(z).
        one_sign_share: mean over the points of the share of positive, or of negative, inputs of the layer, whichever is
            larger; inputs that are 0 are neither. The derivatives by the weights into a unit have the sign of their
            input, or all the opposite: where this is 1, they all rise or all fall together, and a way that needs some
            to rise and some to fall becomes a zig-zag (LeCun et al. 1998, "Efficient backprop", section 4.3).
    """

    activation: Activation | None
    weight_gradient: GradientSize
    bias_gradient: GradientSize
    layer_gradient: GradientSize
    update_ratio: float
    signal: float
    factor: float
    rms_slope: float
    weight_factor: float
    slope_bound: float
    z_edges: NDArray[np.float64]
    z_counts: NDArray[np.int64]
    output_edges: NDArray[np.float64]
    output_counts: NDArray[np.int64]
    n_units: int
    saturated_share: float
    n_saturated_units: int
    n_dead_units: int
    n_linear_units: int
    mean_output: float
    is_zero_centred: bool
    one_sign_share: float


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """All layers of a network at one instant.

    Attributes:
        layers: those that are trained, first layer first, the output layer last.
        n_points: training points that were looked at.
        n_training: that there are.
        signal_at_output: the signal of the output layer.
        fit: how right the probabilities are.
        epochs: that were done.
        activation_share: of the time of a training step that its activations take, see `engine.machines.step_share`;
            nan if that was not measured.
    """

    layers: tuple[LayerDiagnosis, ...]
    n_points: int
    n_training: int
    signal_at_output: float
    fit: Fit
    epochs: int
    activation_share: float = math.nan

    def running_products(self) -> tuple[float, ...]:
        """For each layer, first layer first, the product of the factors of all layers after it.

        It is what is left of the signal at the output when it arrives at the layer: 1 for the output layer, and for
        each layer signal / signal_at_output.
        """
        factors = [layer.factor for layer in reversed(self.layers[1:])]
        return tuple(accumulate(factors, mul, initial=1.0))[::-1]


DIAGNOSIS: Quantity[Diagnosis] = Quantity("diagnosis")


class UnitState(StrEnum):
    """The state that keeps a unit from learning."""

    DEAD = "dead"
    SATURATED = "saturated"


@dataclass(frozen=True)
class UnitVerdict:
    """A layer most of whose units hardly learn.

    Attributes:
        state: what keeps them from it.
        layer: which one, 0 for the first.
        n_units: how many of its units are so.
        n_all: how many it has.
    """

    state: UnitState
    layer: int
    n_units: int
    n_all: int


MAX_UNITS = 0.5


def judge_units(diagnosis: Diagnosis) -> UnitVerdict | None:
    """The hidden layer with the largest share of dead units if they are more than half; else of saturated ones."""
    hidden = diagnosis.layers[:-1]
    for state, counts in (
        (UnitState.DEAD, [layer.n_dead_units for layer in hidden]),
        (UnitState.SATURATED, [layer.n_saturated_units for layer in hidden]),
    ):
        shares = [count / layer.n_units for count, layer in zip(counts, hidden, strict=True)]
        if max(shares) > MAX_UNITS:
            worst = shares.index(max(shares))
            return UnitVerdict(state, worst, counts[worst], hidden[worst].n_units)
    return None


class ComplaintKind(StrEnum):
    """The course's complaints about sigmoid in hidden layers (course notes, section 5), in its order."""

    VANISHING = "vanishing"
    NOT_ZERO_CENTRED = "not_zero_centred"
    SLOW_LEARNING = "slow_learning"
    COSTLY = "costly"


@dataclass(frozen=True)
class Complaint:
    """One complaint, whether it holds, and the number and the limit that decide it.

    Attributes:
        kind: which one.
        holds: whether it does.
        value: what was measured; nan if it could not be.
        threshold: where the complaint begins; below it for vanishing and slow learning, above it for the others.
        layer: the layer to look at, 0 for the first; None if there is none.
        of_guessing: of slow learning, the loss over that of guessing, if it is for this that it holds; else nan.
    """

    kind: ComplaintKind
    holds: bool
    value: float
    threshold: float
    layer: int | None
    of_guessing: float = math.nan

    @property
    def is_judged(self) -> bool:
        """True if enough was measured to say whether it holds."""
        return self.holds or not math.isnan(self.value)


NOT_CENTRED_SHARE = 0.5
USUAL_UPDATE_RATIO = 1e-3
"""About by how much of their norm a step changes the weights (Karpathy 2015, notes of the course CS231n)."""
SLOW_UPDATE_RATIO = USUAL_UPDATE_RATIO / 10
PATIENCE, GUESSING = 20, 0.98
"""Epochs after which a network learns slowly whose loss is above this share of that of guessing, `Fit.chance_loss`."""
COSTLY_RATIO = 1.5


def complaints(diagnosis: Diagnosis, costs: Mapping[Activation, ActivationCost] | None = None) -> tuple[Complaint, ...]:
    """The four complaints, in the order of `ComplaintKind`.

    Args:
        diagnosis: of the network.
        costs: what activations cost, see `engine.machines.costs`; None if that is not known, and then none is called
            costly.
    """
    return (
        _vanishing(diagnosis),
        _not_zero_centred(diagnosis.layers[:-1]),
        _slow_learning(diagnosis),
        _costly(diagnosis.layers[:-1], costs or {}),
    )


def _vanishing(diagnosis: Diagnosis) -> Complaint:
    """The weights of the weakest layer get less than 10**-3 of the last layer's gradient, and the error is above 0.1.

    A network that has learned has small gradients, too, and not in all layers equally small ones.
    """
    norms = np.array([layer.weight_gradient.norm for layer in diagnosis.layers])
    if not np.isfinite(norms).all() or not norms[-1] > 0:
        return Complaint(ComplaintKind.VANISHING, False, math.nan, VANISHING_RATIO, None)
    weakest = int(norms.argmin())
    ratio = float(norms[weakest] / norms[-1])
    holds = ratio < VANISHING_RATIO and not diagnosis.fit.error <= LEARNED_ERROR
    return Complaint(ComplaintKind.VANISHING, holds, ratio, VANISHING_RATIO, weakest)


def _not_zero_centred(hidden: Sequence[LayerDiagnosis]) -> Complaint:
    """More than half of the hidden layers have outputs that are not zero-centred; the first of them is named."""
    kind, threshold = ComplaintKind.NOT_ZERO_CENTRED, NOT_CENTRED_SHARE
    if not all(math.isfinite(layer.mean_output) for layer in hidden):
        return Complaint(kind, False, math.nan, threshold, None)
    leaning = [index for index, layer in enumerate(hidden) if not layer.is_zero_centred]
    share = len(leaning) / max(1, len(hidden))
    return Complaint(kind, share > threshold, share, threshold, leaning[0] if leaning else None)


def _slow_learning(diagnosis: Diagnosis) -> Complaint:
    """Much is left to learn, but steps are small, or after 20 epochs the network still guesses.

    Much is left as long as the error is above 0.1, see `engine.insight.verdict.Fit`; a network that has learned makes
    small steps, too. Steps are small if in most layers the weights change by less than 10**-4 of their norm: usually it
    is about 10**-3 (Karpathy 2015, notes of the course CS231n, "Ratio of weights:updates"), and the limit is a tenth of
    that. The value is the median over the layers; the slowest is named. RMSprop and Adam make steps of the usual size
    of whatever gradient there is; so a network also learns slowly whose loss is above 98 % of that of saying the shares
    of the classes for every point, after as many epochs as others take to begin.
    """
    kind, threshold, fit = ComplaintKind.SLOW_LEARNING, SLOW_UPDATE_RATIO, diagnosis.fit
    ratios = np.array([layer.update_ratio for layer in diagnosis.layers])
    is_known = bool(np.isfinite(ratios).all())
    median, slowest = (float(np.median(ratios)), int(ratios.argmin())) if is_known else (math.nan, None)
    is_left = fit.error > LEARNED_ERROR
    of_guessing = fit.loss / fit.chance_loss if fit.chance_loss > 0 else math.nan
    if is_left and diagnosis.epochs >= PATIENCE and of_guessing > GUESSING and not median < threshold:
        return Complaint(kind, True, median, threshold, slowest, of_guessing)
    return Complaint(kind, is_left and median < threshold, median, threshold, slowest)


def _costly(hidden: Sequence[LayerDiagnosis], costs: Mapping[Activation, ActivationCost]) -> Complaint:
    """The way there and back through the costliest hidden activation takes more than 1.5 times that through ReLU."""
    kinds = [layer.activation for layer in hidden]
    totals = [cost.forward + cost.backward for kind in kinds if kind is not None and (cost := costs.get(kind))]
    relu = costs.get(Activation.RELU)
    if relu is None or len(totals) < len(kinds):
        return Complaint(ComplaintKind.COSTLY, False, math.nan, COSTLY_RATIO, None)
    most = max(totals, default=0.0)
    ratio, costliest = most / (relu.forward + relu.backward), totals.index(most) if totals else None
    return Complaint(ComplaintKind.COSTLY, ratio > COSTLY_RATIO, ratio, COSTLY_RATIO, costliest)
