"""The verdict on the gradient in sentences, each with its rule and the number that decided."""

from __future__ import annotations

from engine.insight.verdict import (
    EXPLODING_NORM,
    GRADIENT,
    LEARNED_ERROR,
    VANISHING_RATIO,
    GradientState,
    GradientVerdict,
    judge,
)
from engine.run.snapshot import LaneSnapshot
from gui.text.numbers import points, scientific
from gui.text.sentences import divergence_sentence

FINE = (GradientState.HEALTHY, GradientState.LEARNED)
LEARNED_RULE = f"rule: probabilities wrong by at most {LEARNED_ERROR:g}, root mean square"
"""Of p - y over the points of the class for which it is largest, see `engine.insight.verdict.Fit`."""


def gradient_sentence(verdict: GradientVerdict, n_layers: int) -> str:
    """The verdict with its rule, for a network of so many layers."""
    value, rule = scientific(verdict.value, 2), scientific(VANISHING_RATIO)
    layer = "First layer" if verdict.layer == 0 else f"Layer {verdict.layer + 1}"
    if verdict.layer == n_layers - 1:
        layer = "Output layer"
    match verdict.state:
        case GradientState.NOT_FINITE:
            return "A gradient is not a finite number: the run has diverged."
        case GradientState.ALL_ZERO:
            return "The gradient of every weight and bias is exactly 0: nothing is learned now."
        case GradientState.ONLY_BIASES:
            return "The gradient of every weight is exactly 0: only biases learn."
        case GradientState.FLAT:
            number = verdict.layer + 1
            whole = verdict.value == number > 1  # a skip connection may lead around it
            those = f"layers 1 to {number} get" if whole else f"layer {number} gets"
            return f"The derivative of Step is 0 (at 0 there is none): {those} no gradient at all and cannot learn."
        case GradientState.EXPLODING:
            return f"{layer} has norm {value}: exploding (rule of thumb: above {scientific(EXPLODING_NORM)})."
        case GradientState.VANISHING:
            if verdict.layer == n_layers - 1:
                return "The gradient of the last layer’s weights is exactly 0."
            return f"{layer} gets {value} of the last layer’s gradient: vanishing (rule: below {rule} of it, dashed)."
        case GradientState.LEARNED:
            return f"{layer} gets {value} of the last layer’s gradient, but the network has learned ({LEARNED_RULE})."
        case GradientState.HEALTHY:
            if verdict.layer == n_layers - 1:
                return f"No layer gets less than the last: not vanishing (rule: below {rule} of it, dashed)."
            return f"{layer} is the weakest: {value} of the last. Not vanishing (rule: below {rule} of it, dashed)."


def verdict_sentence(lane: LaneSnapshot) -> tuple[str, bool]:
    """All that is said over the bars of a lane that has been measured, and whether something is wrong."""
    gradient = lane.readings.value(GRADIENT)
    assert gradient is not None
    norms = gradient.norms
    if lane.divergence is not None:
        return divergence_sentence(lane.divergence, len(norms)), True
    verdict = judge(norms, lane.activations, gradient.largest_other, gradient.fit.error)
    of = looked_at(gradient.n_points, gradient.n_training)
    start = start_sentence(lane) if verdict.state in FINE else ""
    said = (gradient_sentence(verdict, len(norms)), start, of)
    return " ".join(filter(None, said)), verdict.state not in FINE


def start_sentence(lane: LaneSnapshot) -> str:
    """What the weakest layer got at the start, if that was vanishing; else ""."""
    epochs, norms = lane.readings.timeline(GRADIENT)
    if not lane.steps or not len(epochs) or epochs[0] != 0:
        return ""
    verdict = judge(norms[0], lane.activations)
    return f"At the start: {scientific(verdict.value, 2)}." if verdict.state is GradientState.VANISHING else ""


def looked_at(n_points: int, n_training: int) -> str:
    """Of how many of the training points something is, if not of all."""
    return "" if n_points >= n_training else f"Of {n_points:,} of {points(n_training)}."
