"""All that is known of each hidden activation, in one table. Numpy only.

How the engine computes them fast is in `engine.mlp.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation, Initialization, TrainingConfig
from engine.messages import mark

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The constants of the activations that have one.

    Attributes:
        leaky_slope: of Leaky ReLU below 0.
        elu_alpha: what ELU approaches far below 0, negated.
    """

    leaky_slope: float = 0.01
    elu_alpha: float = 1.0


@dataclass(frozen=True, kw_only=True)
class ActivationFacts:
    """One row of the table.

    Attributes:
        formula: f(z), as one line of text.
        value: f of z, both float64 ndarrays of one shape; softmax takes (n_units, n_points).
        derivative: f' of z; for softmax, whose outputs depend on every z of the layer, that of an output by its own z.
        lowest, highest: what f can be, given the constants; not always reached.
        is_zero_centred: whether f(-z) = -f(z), so that outputs lie evenly around 0 where z does.
        largest_derivative: the largest value of f', given the constants, by which a gradient is multiplied at most on
            its way back. For softmax that of an output by its own z, f (1 - f); the norm of its whole Jacobian is at
            most 1/2, since x' J x is the variance of the x under f, and numbers of one length are at most the root of 2
            apart (Popoviciu's inequality).
        initialization: the rule that keeps signals alive through many layers of it.
    """

    formula: str
    value: Callable[[Floats, Shape], Floats]
    derivative: Callable[[Floats, Shape], Floats]
    lowest: Callable[[Shape], float]
    highest: float
    is_zero_centred: bool
    largest_derivative: Callable[[Shape], float]
    initialization: Initialization


@dataclass(frozen=True)
class ActivationCost:
    """Nanoseconds a value: of f, and of the way back through it; see `engine.machines.costs`."""

    forward: float
    backward: float


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e**-z), without overflow."""
    share: Floats = np.exp(-np.abs(z))
    result: Floats = np.where(z >= 0, 1, share) / (1 + share)
    return result


def logit(probability: float) -> float:
    """The z whose sigmoid is a probability between 0 and 1."""
    return math.log(probability / (1 - probability))


def softmax(z: Floats) -> Floats:
    """e**z / sum of e**z over the first axis (course notes, section 3), without overflow."""
    powers: Floats = np.exp(z - z.max(axis=0, keepdims=True))
    result: Floats = powers / powers.sum(axis=0, keepdims=True)
    return result


_erf = np.vectorize(math.erf, otypes=[np.float64])


def normal_cdf(z: Floats) -> Floats:
    """The standard normal distribution function."""
    result: Floats = 0.5 * (1 + _erf(z / math.sqrt(2)))
    return result


def normal_density(z: Floats) -> Floats:
    """The standard normal density."""
    result: Floats = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return result


ACTIVATIONS: dict[Activation, ActivationFacts] = {
    Activation.LINEAR: ActivationFacts(
        formula="z",
        value=lambda z, _: z.copy(),
        derivative=lambda z, _: np.ones_like(z),
        lowest=lambda _: -math.inf,
        highest=math.inf,
        is_zero_centred=True,
        largest_derivative=lambda _: 1.0,
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    Activation.STEP: ActivationFacts(
        formula=mark("1 for z > 0, else 0"),
        value=lambda z, _: (z > 0).astype(float),
        derivative=lambda z, _: np.zeros_like(z),
        lowest=lambda _: 0.0,
        highest=1.0,
        is_zero_centred=False,
        largest_derivative=lambda _: 0.0,
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    Activation.SIGMOID: ActivationFacts(
        formula="1 / (1 + e⁻ᶻ)",
        value=lambda z, _: sigmoid(z),
        derivative=lambda z, _: sigmoid(z) * sigmoid(-z),
        lowest=lambda _: 0.0,
        highest=1.0,
        is_zero_centred=False,
        largest_derivative=lambda _: 0.25,
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    Activation.TANH: ActivationFacts(
        formula=mark("tanh z"),
        value=lambda z, _: np.tanh(z),
        derivative=lambda z, _: 4 * sigmoid(2 * z) * sigmoid(-2 * z),
        lowest=lambda _: -1.0,
        highest=1.0,
        is_zero_centred=True,
        largest_derivative=lambda _: 1.0,
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    Activation.SOFTMAX: ActivationFacts(
        formula=mark("eᶻ / sum of eᶻ over the layer"),
        value=lambda z, _: softmax(z),
        derivative=lambda z, _: softmax(z) * (1 - softmax(z)),
        lowest=lambda _: 0.0,
        highest=1.0,
        is_zero_centred=False,
        largest_derivative=lambda _: 0.25,
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    Activation.RELU: ActivationFacts(
        formula=mark("z for z > 0, else 0"),
        value=lambda z, _: np.maximum(z, 0),
        derivative=lambda z, _: (z > 0).astype(float),
        lowest=lambda _: 0.0,
        highest=math.inf,
        is_zero_centred=False,
        largest_derivative=lambda _: 1.0,
        initialization=Initialization.HE_NORMAL,
    ),
    # Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models"
    Activation.LEAKY_RELU: ActivationFacts(
        formula=mark("z for z > 0, else slope · z"),
        value=lambda z, shape: np.where(z > 0, z, shape.leaky_slope * z),
        derivative=lambda z, shape: np.where(z > 0, 1.0, shape.leaky_slope),
        lowest=lambda shape: -math.inf if shape.leaky_slope else 0.0,
        highest=math.inf,
        is_zero_centred=False,
        largest_derivative=lambda _: 1.0,
        initialization=Initialization.HE_NORMAL,
    ),
    # Clevert et al. 2016, "Fast and accurate deep network learning by exponential linear units (ELUs)"
    Activation.ELU: ActivationFacts(
        formula=mark("z for z > 0, else α (eᶻ − 1)"),
        value=lambda z, shape: np.where(z > 0, z, shape.elu_alpha * np.expm1(np.minimum(z, 0))),
        derivative=lambda z, shape: np.where(z > 0, 1.0, shape.elu_alpha * np.exp(np.minimum(z, 0))),
        lowest=lambda shape: -shape.elu_alpha,
        highest=math.inf,
        is_zero_centred=False,
        largest_derivative=lambda shape: max(1.0, shape.elu_alpha),
        initialization=Initialization.XAVIER_UNIFORM,
    ),
    # Hendrycks and Gimpel 2016, "Gaussian error linear units (GELUs)"
    Activation.GELU: ActivationFacts(
        formula=mark("z · Φ(z), Φ: normal CDF"),
        value=lambda z, _: z * normal_cdf(z),
        derivative=lambda z, _: normal_cdf(z) + z * normal_density(z),
        lowest=lambda _: -0.16997120747990369,
        highest=math.inf,
        is_zero_centred=False,
        largest_derivative=lambda _: 1.1289041451849154,  # at z = √2
        initialization=Initialization.HE_NORMAL,
    ),
    # Elfwing et al. 2018, "Sigmoid-weighted linear units for neural network function approximation"
    Activation.SILU: ActivationFacts(
        formula="z / (1 + e⁻ᶻ)",
        value=lambda z, _: z * sigmoid(z),
        derivative=lambda z, _: sigmoid(z) * (1 + z * sigmoid(-z)),
        lowest=lambda _: -0.2784645427610738,
        highest=math.inf,
        is_zero_centred=False,
        largest_derivative=lambda _: 1.0998393194985442,
        initialization=Initialization.HE_NORMAL,
    ),
}
"""The initializations: Xavier keeps the variance of signals that pass a nearly linear unit (Glorot and Bengio 2010,
"Understanding the difficulty of training deep feedforward neural networks"); He makes up for the half that a rectifier
cuts off (He et al. 2015, "Delving deep into rectifiers")."""

SATURATED_BELOW = 0.01
"""A unit is called saturated from where on the size of the derivative stays below this; see `saturation`."""


@cache
def saturation(activation: Activation, shape: Shape) -> tuple[float, float]:
    """The two limits of saturation of an activation: it is saturated for all z up to the first and from the second on.

    Minus infinity and infinity where it is not; both 0 if it is saturated everywhere. Found on the derivative itself,
    to three decimals. Softmax has no such region, since its derivative depends on the other units: (-inf, inf).
    """
    if activation is Activation.SOFTMAX:
        return -math.inf, math.inf
    z = np.linspace(-30, 30, 60_001)
    alive = np.abs(ACTIVATIONS[activation].derivative(z, shape)) >= SATURATED_BELOW
    if not alive.any():
        return 0.0, 0.0
    first, last = int(alive.argmax()), len(z) - 1 - int(alive[::-1].argmax())
    left = -math.inf if first == 0 else round(float(z[first - 1]), 3)
    right = math.inf if last == len(z) - 1 else round(float(z[last + 1]), 3)
    return left, right


def initializations(config: TrainingConfig) -> tuple[Initialization, ...]:
    """The rule that draws the weights of each hidden layer: what auto stands for."""
    if config.initialization is not Initialization.AUTO:
        return (config.initialization,) * len(config.hidden_layers)
    return tuple(ACTIVATIONS[activation].initialization for activation in config.activations)
