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
from engine.messages import message
from gui.text.language import count, mark, say
from gui.text.numbers import SUPERSCRIPTS, measured, percent, scientific

CHAIN_TITLE = mark("The chain rule, layer by layer")
CHAIN_EXPLANATION = mark(
    "What becomes of the signal, the derivative of the loss by a layer's output, on its way from the output back to "
    "the first layer. Each layer multiplies it by a factor. The factor is measured, and so is the slope f′(z) of the "
    "activation, as its root mean square; “weights” is what is left: the weights, batch normalization, skip "
    "connections, and how slopes and signal go together. A bar to the left of 1 shrinks the signal, to the right makes "
    "it grow. The long bars are what arrives at the layer, the product of all factors above. The dashed line is the "
    "largest slope there can be, where that is below 1."
)
COMPLAINTS = {
    ComplaintKind.VANISHING: mark("Vanishing gradient"),
    ComplaintKind.NOT_ZERO_CENTRED: mark("Outputs not zero-centred"),
    ComplaintKind.SLOW_LEARNING: mark("Slow learning"),
    ComplaintKind.COSTLY: mark("Computing cost"),
}
SHOW_TIPS = {
    ComplaintKind.VANISHING: mark("Show the gradient of each layer"),
    ComplaintKind.NOT_ZERO_CENTRED: mark("Show the outputs of a layer and their mean"),
    ComplaintKind.SLOW_LEARNING: mark("Show by how much a step changes the weights of each layer"),
    ComplaintKind.COSTLY: mark("Show what each activation costs on this machine"),
}
CURES = {
    Cure.USE_RELU: mark("Use ReLU"),
    Cure.USE_TANH: mark("Use Tanh"),
    Cure.USE_HE: mark("Use He Initialization"),
    Cure.USE_BATCH_NORM: mark("Use Batch Normalization"),
    Cure.USE_SKIP_CONNECTIONS: mark("Use Skip Connections"),
    Cure.USE_FEWER_LAYERS: mark("Use Half as Many Layers"),
    Cure.WIDEN: mark("Wider"),
    Cure.DEEPEN: mark("Deeper"),
    Cure.MORE_FEATURES: mark("More Features"),
    Cure.TRAIN_LONGER: mark("Train Longer"),
    Cure.USE_L2: mark("L2"),
    Cure.USE_DROPOUT: mark("Dropout"),
    Cure.STOP_EARLY: mark("Early Stopping"),
    Cure.MORE_DATA: mark("More Data"),
}
CURE_TIPS = {
    Cure.USE_RELU: mark("The slope of ReLU is exactly 1 wherever it is not 0, and costs one comparison"),
    Cure.USE_TANH: mark("The outputs of Tanh lie evenly around 0 if z does, and its slope reaches 1"),
    Cure.USE_HE: mark("Larger first weights shrink the signal less; for many layers of sigmoid that is not enough"),
    Cure.USE_BATCH_NORM: mark(
        "Keeps z where the activation is steep; outputs may lean, but the next layer takes that out"
    ),
    Cure.USE_SKIP_CONNECTIONS: mark(
        "Leads the signal around each hidden layer as wide as the one before, so that it need not pass every slope"
    ),
    Cure.USE_FEWER_LAYERS: mark("Fewer factors in the product: the first half of the hidden layers stays"),
    Cure.WIDEN: mark("One more lane with twice as many units in each hidden layer: a more complex model"),
    Cure.DEEPEN: mark("One more lane with one hidden layer more: a more complex model"),
    Cure.MORE_FEATURES: mark("One more lane that is given x², y² and x·y beside x and y, then sin πx and sin πy, too"),
    Cure.TRAIN_LONGER: mark("Train on, for as many epochs again"),
    Cure.USE_L2: mark("One more lane that is charged for large weights, which makes the boundary smoother"),
    Cure.USE_DROPOUT: mark("One more lane in which units are left out at random, so that none can rely on another"),
    Cure.STOP_EARLY: mark("One more lane that stops when its validation loss has not fallen for 20 epochs"),
    Cure.MORE_DATA: mark(
        "Twice as many points more, drawn like these and selected on the plane: chance has less to say. All lanes "
        "begin anew"
    ),
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
"""The cures that are offered for each complaint."""


def layer_name(index: int, n_layers: int, *, briefly: bool = False) -> str:
    """A layer as it is called beside bars, of a network with so many layers, the output layer included."""
    if index != n_layers - 1:
        return str(index + 1)
    return say("out", "layer") if briefly else say("output", "layer")


def layer_of(title: str, index: int, n_layers: int) -> str:
    """A layer as it begins what is said of it; of several lanes their title goes before it."""
    is_output = index == n_layers - 1
    if not title:
        return say("Output layer") if is_output else say("Layer {number}", number=index + 1)
    if is_output:
        return say("{title}, output layer", title=title)
    return say("{title}, layer {number}", title=title, number=index + 1)


def weight_factor_text(value: float, digits: int = 2) -> str:
    """A weight factor, which cannot be told from the slopes where nothing comes through them."""
    return say("unknown") if math.isnan(value) else measured(value, digits)


def chain_sentence(diagnosis: Diagnosis) -> str:
    """A sentence about the signal that is left at the first layer."""
    products, n_layers = diagnosis.running_products(), len(diagnosis.layers)
    left = products[0]
    if n_layers == 1:
        return say("There is only the output layer: nothing comes between the loss and its weights.")
    if left == 0:
        stop = max(i for i, product in enumerate(products) if product == 0) + 1
        if stop == n_layers - 1:
            return say("Nothing arrives at layer 1: the factor of the output layer is exactly 0.")
        return say("Nothing arrives at layer 1: the factor of layer {number} is exactly 0.", number=stop + 1)
    if math.isnan(left):
        return say("A factor is not a number: the run has diverged.")
    if math.isinf(left):
        return say("The signal is infinite at layer 1: it explodes.")
    if left < 1:
        return say("{share} of the signal at the output arrives at layer 1.", share=scientific(left, 2))
    return say("{factor} times the signal at the output arrives at layer 1.", factor=scientific(left, 2))


def bound_sentence(diagnosis: Diagnosis, *, is_drawn: bool = True) -> str:
    """A sentence about what the bounds of the slopes alone do at this depth; "" without hidden layers.

    Args:
        diagnosis: of the lane.
        is_drawn: whether there is a dashed line at the bounds.
    """
    bounds = sorted(layer.slope_bound for layer in diagnosis.layers if layer.slope_bound < 1)
    if not bounds:
        return say("The slopes can reach 1: they need not shrink it.") if len(diagnosis.layers) > 1 else ""
    if bounds[0] == 0:
        return say("The slope of Step is 0 everywhere (at 0 there is none): nothing can pass.")
    factors = [f"{bound:g}{_exponent(len(list(same)))}" for bound, same in groupby(bounds)]
    if len(bounds) == 1:
        if not is_drawn:
            return say("Largest slope: {slope}.", slope=factors[0])
        return say("Largest slope (dashed): {slope}.", slope=factors[0])
    most = f"{' · '.join(factors)} ≈ {scientific(math.prod(bounds))}"
    if not is_drawn:
        return count(
            "Slope of {n} layer: at most {most}.", "Slopes of {n} layers: at most {most}.", len(bounds), most=most
        )
    return count(
        "Slope of {n} layer (dashed): at most {most}.",
        "Slopes of {n} layers (dashed): at most {most}.",
        len(bounds),
        most=most,
    )


def _exponent(n: int) -> str:
    return str(n).translate(SUPERSCRIPTS) if n > 1 else ""


def units_sentence(verdict: UnitVerdict) -> str:
    """A layer most of whose units hardly learn, with the rule."""
    n_units, n_all, layer = verdict.n_units, verdict.n_all, verdict.layer + 1
    match verdict.state:
        case UnitState.DEAD:
            return count(
                "The unit of layer {layer} is dead: output and slope are 0 for every point (rule: more than half of a "
                "layer).",
                "{n_units} of {n} units in layer {layer} are dead: output and slope are 0 for every point (rule: more "
                "than half of a layer).",
                n_all,
                n_units=n_units,
                layer=layer,
            )
        case UnitState.SATURATED:
            return count(
                "The unit of layer {layer} is saturated: the slope is tiny for more than {most:g} % of the points "
                "(rule: more than half of a layer).",
                "{n_units} of {n} units in layer {layer} are saturated: the slope is tiny for more than {most:g} % of "
                "the points (rule: more than half of a layer).",
                n_all,
                n_units=n_units,
                layer=layer,
                most=100 * SATURATED_POINTS,
            )


def complaint_number(complaint: Complaint) -> str:
    """The number that was measured, in the unit that the rule speaks of; a dash if none was."""
    if not complaint.is_judged:
        return "–"
    if not math.isnan(complaint.of_guessing):
        return say("{share} of guessing", share=percent(complaint.of_guessing))
    match complaint.kind:
        case ComplaintKind.NOT_ZERO_CENTRED:
            return percent(complaint.value)
        case ComplaintKind.COSTLY:
            return f"{complaint.value:.2g} ×"
        case _:
            return measured(complaint.value)


def complaint_standing(complaint: Complaint | None) -> str:
    """A mark and words that say whether a complaint holds."""
    if complaint is None or not complaint.is_judged:
        return f"… {complaint_verdict(complaint)}"
    return f"{'▲' if complaint.holds else '✓'} {complaint_verdict(complaint)}"


def complaint_verdict(complaint: Complaint | None) -> str:
    """The words that say whether a complaint holds."""
    if complaint is None or not complaint.is_judged:
        return say("not measured yet")
    return say("holds") if complaint.holds else say("does not hold")


OF_ERROR = mark(
    "The error is what the probabilities are wrong by, as the root mean square over the points of the class for which "
    "that is largest."
)
RULE_TIPS = {
    ComplaintKind.VANISHING: message(OF_ERROR),
    ComplaintKind.NOT_ZERO_CENTRED: message("Of the outputs of a layer over units and points."),
    ComplaintKind.SLOW_LEARNING: message(
        "{of_error} Of the steps, the median over the layers counts. It still guesses if after {epochs} epochs the "
        "loss is above {share:g} % of that of saying the shares of the classes for every point.",
        of_error=message(OF_ERROR),
        epochs=PATIENCE,
        share=100 * GUESSING,
    ),
    ComplaintKind.COSTLY: message("There and back, measured in large layers on this machine."),
}
"""The meaning of the words in the rules."""


def complaint_rule(kind: ComplaintKind, threshold: float) -> str:
    """The rule by which a complaint holds."""
    match kind:
        case ComplaintKind.VANISHING:
            return say(
                "Holds if a layer gets less than {least} of the last layer’s gradient at an error over {error:g}.",
                least=scientific(threshold),
                error=LEARNED_ERROR,
            )
        case ComplaintKind.NOT_ZERO_CENTRED:
            return say(
                "Holds if the size of the mean is over {most:g} of the RMS in over {share:.0f} % of the hidden layers.",
                most=ZERO_CENTRED,
                share=100 * threshold,
            )
        case ComplaintKind.SLOW_LEARNING:
            return say(
                "Holds if steps are under {least} of the weights, or it still guesses, at an error over {error:g}.",
                least=scientific(threshold),
                error=LEARNED_ERROR,
            )
        case ComplaintKind.COSTLY:
            return say(
                "Holds if a value takes over {times:g} times as long as in ReLU, there and back, in large layers.",
                times=threshold,
            )


def complaint_sentence(title: str, complaint: Complaint | None) -> str:
    """One lane's complaint in full, for those who hear it."""
    holds = complaint_verdict(complaint)
    if complaint is None or not complaint.is_judged:
        said = f"{holds}."
    elif complaint.layer is None:
        said = say("{holds}, {number}.", holds=holds, number=complaint_number(complaint))
    else:
        number, layer = complaint_number(complaint), complaint.layer + 1
        said = say("{holds}, {number}, layer {layer}.", holds=holds, number=number, layer=layer)
    return f"{title}: {said}" if title else said
