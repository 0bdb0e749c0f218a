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
from gui.text.language import count, say
from gui.text.numbers import scientific
from gui.text.sentences import divergence_sentence

FINE = (GradientState.HEALTHY, GradientState.LEARNED)


def gradient_sentence(verdict: GradientVerdict, n_layers: int) -> str:
    """The verdict with its rule, for a network of so many layers."""
    value, rule = scientific(verdict.value, 2), scientific(VANISHING_RATIO)
    is_last, layer = verdict.layer == n_layers - 1, subject(verdict.layer, n_layers)
    match verdict.state:
        case GradientState.NOT_FINITE:
            return say("A gradient is not a finite number: the run has diverged.")
        case GradientState.ALL_ZERO:
            return say("The gradient of every weight and bias is exactly 0: nothing is learned now.")
        case GradientState.ONLY_BIASES:
            return say("The gradient of every weight is exactly 0: only biases learn.")
        case GradientState.FLAT:
            return flat_sentence(verdict)
        case GradientState.EXPLODING:
            return say(
                "{layer} has norm {value}: exploding (rule of thumb: above {rule}).",
                layer=layer,
                value=value,
                rule=scientific(EXPLODING_NORM),
            )
        case GradientState.VANISHING if is_last:
            return say("The gradient of the last layer’s weights is exactly 0.")
        case GradientState.VANISHING:
            return say(
                "{layer} gets {value} of the last layer’s gradient: vanishing (rule: below {rule} of it, dashed).",
                layer=layer,
                value=value,
                rule=rule,
            )
        case GradientState.LEARNED | GradientState.HEALTHY if n_layers == 1:
            return say("There is only the output layer: no other could get less than it.")
        case GradientState.LEARNED:
            return learned_sentence("" if is_last else layer, value)
        case GradientState.HEALTHY if is_last:
            return say("No layer gets less than the last: not vanishing (rule: below {rule} of it, dashed).", rule=rule)
        case GradientState.HEALTHY:
            return say(
                "{layer} is the weakest: {value} of the last. Not vanishing (rule: below {rule} of it, dashed).",
                layer=layer,
                value=value,
                rule=rule,
            )


def subject(index: int, n_layers: int) -> str:
    """A layer as it begins a sentence."""
    if index == n_layers - 1:
        return say("Output layer")
    return say("First layer") if index == 0 else say("Layer {number}", number=index + 1)


def learned_sentence(layer: str, value: str) -> str:
    """A sentence about a network that has learned, and its weakest layer, "" for the last one."""
    error = LEARNED_ERROR  # of p - y over the points of the class for which it is largest, see `Fit`
    if not layer:
        return say(
            "Learned, so small gradients are no fault (rule: RMS error at most {error:g}). "
            "No layer gets less than the last.",
            error=error,
        )
    return say(
        "Learned, so small gradients are no fault (rule: RMS error at most {error:g}). "
        "{layer} is the weakest: {value} of the last.",
        error=error,
        layer=layer,
        value=value,
    )


def flat_sentence(verdict: GradientVerdict) -> str:
    """A sentence about the layers that learn nothing because of Step."""
    number = verdict.layer + 1
    if verdict.value == number > 1:  # a skip connection may lead around it
        return say(
            "The derivative of Step is 0 (at 0 there is none): layers 1 to {number} get no gradient at all and "
            "cannot learn.",
            number=number,
        )
    return say(
        "The derivative of Step is 0 (at 0 there is none): layer {number} gets no gradient at all and cannot learn.",
        number=number,
    )


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
    """A sentence about the weakest layer's gradient at the start, if that was vanishing; else ""."""
    epochs, norms = lane.readings.timeline(GRADIENT)
    if not lane.steps or not len(epochs) or epochs[0] != 0:
        return ""
    verdict = judge(norms[0], lane.activations)
    if verdict.state is not GradientState.VANISHING:
        return ""
    return say("At the start: {value}.", value=scientific(verdict.value, 2))


def looked_at(n_points: int, n_training: int) -> str:
    """Of how many of the training points something is, if not of all."""
    if n_points >= n_training:
        return ""
    return count(
        "Of {looked_at:,} of {n:,} point.", "Of {looked_at:,} of {n:,} points.", n_training, looked_at=n_points
    )
