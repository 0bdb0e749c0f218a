"""The sizes that a bar of the gradient plot can show."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.insight.diagnosis import USUAL_UPDATE_RATIO, Diagnosis, LayerDiagnosis
from gui.text.lab_wording import layer_name
from gui.text.language import mark, say
from gui.text.numbers import scientific


class Part(StrEnum):
    """The parameters of a layer that are looked at."""

    WEIGHTS = "weights"
    BIASES = "biases"
    BOTH = "both"


class Size(StrEnum):
    """The size that is measured of the derivatives by those parameters."""

    NORM = "norm"
    RMS = "rms"
    LARGEST = "largest"
    SUMMED = "summed"
    UPDATE_RATIO = "update_ratio"


PARTS = {Part.WEIGHTS: mark("Weights"), Part.BIASES: mark("Biases"), Part.BOTH: mark("Weights and Biases")}
SIZES = {
    Size.NORM: mark("L2 Norm"),
    Size.RMS: mark("Root Mean Square"),
    Size.LARGEST: mark("Largest Entry"),
    Size.SUMMED: mark("Slide: Each Tensor in Turn, Summed over the Points"),
    Size.UPDATE_RATIO: mark("Last Step ÷ Weights"),
}
OF_ALL_TENSORS = (Size.SUMMED, Size.UPDATE_RATIO)
"""Sizes that settle by themselves what they are of."""
TITLES = {
    (Size.NORM, Part.WEIGHTS): mark("Gradient norm of each layer"),
    (Size.NORM, Part.BIASES): mark("Gradient norm of each layer, biases"),
    (Size.NORM, Part.BOTH): mark("Gradient norm of each layer, weights and biases"),
    (Size.RMS, Part.WEIGHTS): mark("Root mean square gradient of each layer"),
    (Size.RMS, Part.BIASES): mark("Root mean square gradient of each layer, biases"),
    (Size.RMS, Part.BOTH): mark("Root mean square gradient of each layer, weights and biases"),
    (Size.LARGEST, Part.WEIGHTS): mark("Largest gradient entry of each layer"),
    (Size.LARGEST, Part.BIASES): mark("Largest gradient entry of each layer, biases"),
    (Size.LARGEST, Part.BOTH): mark("Largest gradient entry of each layer, weights and biases"),
}

OF_A_BAR = {
    (Size.NORM, Part.WEIGHTS): mark("gradient norm"),
    (Size.NORM, Part.BIASES): mark("gradient norm of the biases"),
    (Size.NORM, Part.BOTH): mark("gradient norm of weights and biases"),
    (Size.RMS, Part.WEIGHTS): mark("root mean square gradient"),
    (Size.RMS, Part.BIASES): mark("root mean square gradient of the biases"),
    (Size.RMS, Part.BOTH): mark("root mean square gradient of weights and biases"),
    (Size.LARGEST, Part.WEIGHTS): mark("largest gradient entry"),
    (Size.LARGEST, Part.BIASES): mark("largest gradient entry of the biases"),
    (Size.LARGEST, Part.BOTH): mark("largest gradient entry of weights and biases"),
}


def measure_title(part: Part, size: Size) -> str:
    """The heading over the bars."""
    match size:
        case Size.SUMMED:
            return say("Gradient norm of each tensor, summed over the points")
        case Size.UPDATE_RATIO:
            return say("Last step ÷ weights of each layer")
        case _:
            return say(TITLES[size, part])


def measure_of_bar(part: Part, size: Size) -> str:
    """The measure of one layer, before its number."""
    match size:
        case Size.SUMMED:
            return say("gradient norm, summed over the points")
        case Size.UPDATE_RATIO:
            return say("last step ÷ weights")
        case _:
            return say(OF_A_BAR[size, part])


def measure_rule(size: Size) -> str:
    """An explanation of a size that is not the usual one; "" if it needs none."""
    match size:
        case Size.SUMMED:
            return say("The slide’s way: the sum over the points, not their mean; weights W and biases b apart.")
        case Size.UPDATE_RATIO:
            return say(
                "What the last step changed of the weights. Usual: about {usual} (dashed); far less is slow.",
                usual=scientific(USUAL_UPDATE_RATIO),
            )
        case _:
            return ""


def measured_sizes(diagnosis: Diagnosis, part: Part, size: Size) -> NDArray[np.float64]:
    """One number a bar, float64 ndarray of shape (n_layers,), first layer first; twice as many for `Size.SUMMED`.

    Sums are over all training points.
    """
    layers = diagnosis.layers
    if size is Size.UPDATE_RATIO:
        return np.array([layer.update_ratio for layer in layers])
    if size is Size.SUMMED:
        pairs = [(layer.weight_gradient.norm, layer.bias_gradient.norm) for layer in layers]
        return diagnosis.n_training * np.array(pairs).ravel()
    return np.array([_size_of(layer, part, size) for layer in layers])


def _size_of(layer: LayerDiagnosis, part: Part, size: Size) -> float:
    gradients = {Part.WEIGHTS: layer.weight_gradient, Part.BIASES: layer.bias_gradient, Part.BOTH: layer.layer_gradient}
    gradient = gradients[part]
    return {Size.NORM: gradient.norm, Size.RMS: gradient.rms, Size.LARGEST: gradient.largest}[size]


def bar_label(index: int, count: int, size: Size) -> str:
    """The label beside a bar, of so many."""
    if size is Size.SUMMED:
        return f"{'bW'[(index + 1) % 2]}{index // 2 + 1}"
    return layer_name(index, count)


def is_numbered(index: int, count: int, every: int, size: Size) -> bool:
    """True if a bar has its number where one in `every` has room: the output's; of tensors in turn, the weights'."""
    if size is Size.SUMMED and every > 1:
        return index % (every + every % 2) == 0
    return (count - 1 - index) % every == 0
