"""Names and sentences of the laboratory: what goes on in the layers, and what helps."""

# Tests: tests/gui/layers/test_complaint_cards.py

from __future__ import annotations

import math
from itertools import groupby

from engine.insight.diagnosis import (
    GUESSING,
    PATIENCE,
    SATURATED_POINTS,
    ZERO_CENTRED,
    Complaint,
    ComplaintKind,
    Diagnosis,
    UnitState,
    UnitVerdict,
)
from engine.insight.remedies import Cure
from engine.insight.verdict import LEARNED_ERROR
from gui.text.numbers import SUPERSCRIPTS, measured, percent, scientific

CHAIN_TITLE = "The chain rule, layer by layer"
CHAIN_EXPLANATION = (
    "What becomes of the signal, the derivative of the loss by a layer's output, on its way from the output back to "
    "the first layer. Each layer multiplies it by a factor. The factor is measured, and so is the slope f′(z) of the "
    "activation, as its root mean square; “weights” is what is left: the weights, batch normalization, skip "
    "connections, and how slopes and signal go together. A bar to the left of 1 shrinks the signal, to the right makes "
    "it grow. The long bars are what arrives at the layer, the product of all factors above. The dashed line is the "
    "largest slope there can be, where that is below 1."
)
COMPLAINTS = {
    ComplaintKind.VANISHING: "Vanishing gradient",
    ComplaintKind.NOT_ZERO_CENTRED: "Outputs not zero-centred",
    ComplaintKind.SLOW_LEARNING: "Slow learning",
    ComplaintKind.COSTLY: "Computing cost",
}
SHOW_TIPS = {
    ComplaintKind.VANISHING: "Show the gradient of each layer",
    ComplaintKind.NOT_ZERO_CENTRED: "Show the outputs of a layer and their mean",
    ComplaintKind.SLOW_LEARNING: "Show by how much a step changes the weights of each layer",
    ComplaintKind.COSTLY: "Show what each activation costs on this machine",
}
CURES = {
    Cure.USE_RELU: "Use ReLU",
    Cure.USE_TANH: "Use Tanh",
    Cure.USE_HE: "Use He Initialization",
    Cure.USE_BATCH_NORM: "Use Batch Normalization",
    Cure.USE_SKIP_CONNECTIONS: "Use Skip Connections",
    Cure.USE_FEWER_LAYERS: "Use Half as Many Layers",
}
CURE_TIPS = {
    Cure.USE_RELU: "The slope of ReLU is exactly 1 wherever it is not 0, and costs one comparison",
    Cure.USE_TANH: "The outputs of Tanh lie evenly around 0 if z does, and its slope reaches 1",
    Cure.USE_HE: "Larger first weights shrink the signal less; for many layers of sigmoid that is not enough",
    Cure.USE_BATCH_NORM: "Keeps z where the activation is steep; outputs may lean, but the next layer takes that out",
    Cure.USE_SKIP_CONNECTIONS: (
        "Leads the signal around each hidden layer as wide as the one before, so that it need not pass every slope"
    ),
    Cure.USE_FEWER_LAYERS: "Fewer factors in the product: the first half of the hidden layers stays",
}
FITTING = {
    ComplaintKind.VANISHING: (
        *(Cure.USE_RELU, Cure.USE_HE, Cure.USE_BATCH_NORM, Cure.USE_SKIP_CONNECTIONS, Cure.USE_FEWER_LAYERS),
    ),
    ComplaintKind.NOT_ZERO_CENTRED: (Cure.USE_TANH, Cure.USE_BATCH_NORM),
    ComplaintKind.SLOW_LEARNING: (
        *(Cure.USE_RELU, Cure.USE_HE, Cure.USE_BATCH_NORM, Cure.USE_SKIP_CONNECTIONS, Cure.USE_FEWER_LAYERS),
    ),
    ComplaintKind.COSTLY: (Cure.USE_RELU,),
}
"""Which cures are offered for which complaint."""


def layer_name(index: int, n_layers: int, *, briefly: bool = False) -> str:
    """A layer as it is called beside bars, of a network with so many layers, the output layer included."""
    return ("out" if briefly else "output") if index == n_layers - 1 else str(index + 1)


def weight_factor_text(value: float, digits: int = 2) -> str:
    """A weight factor, which cannot be told from the slopes where nothing comes through them."""
    return "unknown" if math.isnan(value) else measured(value, digits)


def chain_sentence(diagnosis: Diagnosis) -> str:
    """What is left of the signal at the first layer."""
    left = diagnosis.running_products()[0]
    if len(diagnosis.layers) == 1:
        return "There is only the output layer: nothing comes between the loss and its weights."
    if left == 0:
        stop = max(i for i, product in enumerate(diagnosis.running_products()) if product == 0) + 1
        layer = "the output layer" if stop == len(diagnosis.layers) - 1 else f"layer {stop + 1}"
        return f"Nothing arrives at layer 1: the factor of {layer} is exactly 0."
    if math.isnan(left):
        return "A factor is not a number: the run has diverged."
    if math.isinf(left):
        return "The signal is infinite at layer 1: it explodes."
    share = f"{scientific(left, 2)} of" if left < 1 else f"{scientific(left, 2)} times"
    return f"{share} the signal at the output arrives at layer 1."


def bound_sentence(diagnosis: Diagnosis) -> str:
    """What the bounds of the slopes alone make of this depth; "" without hidden layers."""
    bounds = sorted(layer.slope_bound for layer in diagnosis.layers if layer.slope_bound < 1)
    if not bounds:
        return "The slopes can reach 1: they need not shrink it." if len(diagnosis.layers) > 1 else ""
    if bounds[0] == 0:
        return "The slope of Step is 0 everywhere (at 0 there is none): nothing can pass."
    factors = [f"{bound:g}{_exponent(len(list(same)))}" for bound, same in groupby(bounds)]
    if len(bounds) == 1:
        return f"Largest slope (dashed): {factors[0]}."
    most = f"{' · '.join(factors)} ≈ {scientific(math.prod(bounds))}"
    return f"Slopes of {len(bounds)} layers (dashed): at most {most}."


def _exponent(count: int) -> str:
    return str(count).translate(SUPERSCRIPTS) if count > 1 else ""


def units_sentence(verdict: UnitVerdict) -> str:
    """A layer most of whose units hardly learn, with the rule."""
    meaning = {
        UnitState.DEAD: "output and slope are 0 for every point",
        UnitState.SATURATED: f"the slope is tiny for more than {100 * SATURATED_POINTS:g} % of the points",
    }
    return (
        f"{verdict.n_units} of {verdict.n_all} units in layer {verdict.layer + 1} are {verdict.state}: "
        f"{meaning[verdict.state]} (rule: more than half of a layer)."
    )


def complaint_number(complaint: Complaint) -> str:
    """What was measured, in the unit that the rule speaks of; a dash if nothing was."""
    if not complaint.is_judged:
        return "–"
    if not math.isnan(complaint.of_guessing):
        return f"{percent(complaint.of_guessing)} of guessing"
    match complaint.kind:
        case ComplaintKind.NOT_ZERO_CENTRED:
            return percent(complaint.value)
        case ComplaintKind.COSTLY:
            return f"{complaint.value:.2g} ×"
        case _:
            return measured(complaint.value)


def complaint_standing(complaint: Complaint | None) -> str:
    """Whether a complaint holds, as a mark and words."""
    if complaint is None or not complaint.is_judged:
        return "… not measured yet"
    return "▲ holds" if complaint.holds else "✓ does not hold"


OF_ERROR = (
    "The error is what the probabilities are wrong by, as the root mean square over the points of the class for which "
    "that is largest."
)
RULE_TIPS = {
    ComplaintKind.VANISHING: OF_ERROR,
    ComplaintKind.NOT_ZERO_CENTRED: "Of the outputs of a layer over units and points.",
    ComplaintKind.SLOW_LEARNING: (
        f"{OF_ERROR} Of the steps, the median over the layers counts. It still guesses if after {PATIENCE} epochs the "
        f"loss is above {100 * GUESSING:g} % of that of saying the shares of the classes for every point."
    ),
    ComplaintKind.COSTLY: "There and back, measured in large layers on this machine.",
}
"""What the words of the rules mean."""


def complaint_rule(kind: ComplaintKind, threshold: float) -> str:
    """When a complaint holds."""
    match kind:
        case ComplaintKind.VANISHING:
            return (
                f"Holds if a layer gets less than {scientific(threshold)} of the last layer’s gradient "
                f"at an error over {LEARNED_ERROR:g}."
            )
        case ComplaintKind.NOT_ZERO_CENTRED:
            return (
                f"Holds if the size of the mean is over {ZERO_CENTRED:g} of the RMS in over {100 * threshold:.0f} % of "
                "the hidden layers."
            )
        case ComplaintKind.SLOW_LEARNING:
            return (
                f"Holds if steps are under {scientific(threshold)} of the weights, or it still guesses, at an error "
                f"over {LEARNED_ERROR:g}."
            )
        case ComplaintKind.COSTLY:
            return (
                f"Holds if a value takes over {threshold:g} times as long as in ReLU, there and back, in large layers."
            )


def complaint_sentence(title: str, complaint: Complaint | None) -> str:
    """One lane's complaint in full, for those who hear it."""
    subject = f"{title}: " if title else ""
    standing = complaint_standing(complaint)[2:]
    if complaint is None or not complaint.is_judged:
        return f"{subject}{standing}."
    layer = "" if complaint.layer is None else f", layer {complaint.layer + 1}"
    return f"{subject}{standing}, {complaint_number(complaint)}{layer}."
