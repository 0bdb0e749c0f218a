"""The activations of hidden layers, there and back, as compiled code; beside those of `engine.mlp.kernels`.

A layer is `size` numbers in the memory m, its units one after the other, each for `width` points.
"""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

import math
from typing import Any

from engine.compiled.codes import ACTIVATIONS
from engine.compiled.vectors import (
    choose_below,
    compiled,
    exp,
    expm1,
    filled,
    fused,
    is_single,
    lanes,
    larger,
    load,
    smaller,
    store,
)
from engine.config import Activation

LINEAR, STEP, SIGMOID, TANH = (
    ACTIVATIONS[kind] for kind in (Activation.LINEAR, Activation.STEP, Activation.SIGMOID, Activation.TANH)
)
SOFTMAX, RELU, LEAKY_RELU, ELU = (
    ACTIVATIONS[kind] for kind in (Activation.SOFTMAX, Activation.RELU, Activation.LEAKY_RELU, Activation.ELU)
)
GELU, SILU = ACTIVATIONS[Activation.GELU], ACTIVATIONS[Activation.SILU]
SERIES = tuple(2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(11))
FIT = (
    *(-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806),
    *(0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277),
)
FAR = -80.0  # where e**z is next to nothing, and within the range of either type
ROOT_HALF, ROOT_2_PI = math.sqrt(0.5), math.sqrt(2 * math.pi)


@compiled
def sigmoid(z: Any) -> Any:
    """1 / (1 + e**-z)."""
    one = filled(z, 1.0)
    return one / (one + exp(filled(z, 0.0) - z))


@compiled
def sharp_sigmoid(z: Any) -> Any:
    """The same, but exactly 0 far below 0: what is left there is not to be multiplied by z."""
    return choose_below(z, filled(z, FAR), filled(z, 0.0), sigmoid(z))


@compiled
def tanh(z: Any) -> Any:
    """(e**2z - 1) / (e**2z + 1)."""
    grown = expm1(smaller(z + z, filled(z, 80.0)))
    return grown / (grown + filled(z, 2.0))


@compiled
def erf_series(z: Any) -> Any:
    """The error function by a series of positive numbers, to the last digits (Abramowitz and Stegun 1964, 7.1.6)."""
    zero, one, end = filled(z, 0.0), filled(z, 1.0), filled(z, 6.0)
    size = smaller(larger(z, zero - z), end)
    double, term, result = filled(z, 2.0) * size * size, size, size
    for k in range(1, 130):
        term = term * double / filled(z, 2.0 * k + 1.0)
        result = result + term
    result = smaller(result * exp(zero - size * size) * filled(z, 2 / math.sqrt(math.pi)), one)
    # beyond 6 it is 1 to the last digit, or what is left would be taken for a derivative
    result = choose_below(size, end, result, one * (size / end))
    return choose_below(z, zero, zero - result, result)


@compiled
def erf_quick(z: Any) -> Any:
    """The error function in single precision.

    Its series up to 1 (Abramowitz and Stegun 1964, 7.1.5), and beyond a fit of 1 - erf (Press et al. 1992, "Numerical
    recipes in C", section 6.2), there right to 2e-8.
    """
    zero, one, square = filled(z, 0.0), filled(z, 1.0), z * z
    near = filled(z, SERIES[-1])
    for k in range(len(SERIES) - 2, -1, -1):
        near = fused(near, square, filled(z, SERIES[k]))
    size = larger(z, zero - z)
    t = one / fused(filled(z, 0.5), size, one)
    power = filled(z, FIT[-1])
    for k in range(len(FIT) - 2, -1, -1):
        power = fused(power, t, filled(z, FIT[k]))
    far = one - t * exp(power - square)
    return choose_below(size, one, near * z, choose_below(z, zero, zero - far, far))


@compiled
def normal_cdf(z: Any) -> Any:
    """The standard normal distribution function, as exactly as the type needs."""
    half, x = filled(z, 0.5), z * filled(z, ROOT_HALF)
    return fused(half, erf_quick(x) if is_single(z) else erf_series(x), half)


@compiled
def activate(kind: int, slope: float, alpha: float, m: Any, z: int, f: int, size: int, width: int) -> None:
    """Put f(z) into the memory at f, which may be z; the constants are those of Leaky ReLU and ELU."""
    n = lanes(m)
    if kind == SOFTMAX:
        softmax(m, z, f, size, width)
        return
    for i in range(0, size, n):
        x = load(m, z + i)
        zero, one = filled(x, 0.0), filled(x, 1.0)
        if kind == TANH:
            y = tanh(x)
        elif kind == SIGMOID:
            y = sigmoid(x)
        elif kind == RELU:
            y = larger(x, zero)
        elif kind == LEAKY_RELU:
            y = choose_below(zero, x, x, x * filled(x, slope))
        elif kind == ELU:
            y = choose_below(zero, x, x, filled(x, alpha) * expm1(smaller(x, zero)))
        elif kind == GELU:
            y = x * normal_cdf(x)
        elif kind == SILU:
            y = x * sharp_sigmoid(x)
        elif kind == STEP:
            y = choose_below(zero, x, one, zero)
        else:
            y = x
        store(m, f + i, y)


@compiled
def back(
    kind: int, slope: float, alpha: float, m: Any, z: int, f: int, above: int, delta: int, size: int, width: int
) -> None:
    """Put above * f'(z) into the memory at delta, from z and f(z)."""
    n = lanes(m)
    if kind == SOFTMAX:
        softmax_back(m, f, above, delta, size, width)
        return
    for i in range(0, size, n):
        e = load(m, above + i)
        zero, one = filled(e, 0.0), filled(e, 1.0)
        if kind in (GELU, SILU):
            x = load(m, z + i)
            if kind == GELU:
                power = filled(x, -0.5) * x * x
                density = choose_below(power, filled(x, FAR), zero, exp(power)) * filled(x, 1 / ROOT_2_PI)
                y = e * (normal_cdf(x) + x * density)
            else:
                s = sharp_sigmoid(x)
                y = e * s * (one + x * (one - s))
        else:
            a = load(m, f + i)
            if kind == TANH:
                y = e * (one - a * a)
            elif kind == SIGMOID:
                y = e * a * (one - a)
            elif kind == RELU:
                y = choose_below(zero, a, e, zero)
            elif kind == LEAKY_RELU:
                y = choose_below(zero, a, e, e * filled(e, slope))
            elif kind == ELU:
                y = choose_below(zero, a, e, e * (a + filled(e, alpha)))
            elif kind == STEP:
                y = zero
            else:
                y = e
        store(m, delta + i, y)


@compiled
def softmax(m: Any, z: int, f: int, size: int, width: int) -> None:
    """e**z over the sum of e**z of all units."""
    n = lanes(m)
    for i in range(0, width, n):
        most = load(m, z + i)
        for at in range(width + i, size, width):
            most = larger(most, load(m, z + at))
        powers = filled(most, 0.0)
        for at in range(i, size, width):
            power = exp(load(m, z + at) - most)
            powers = powers + power
            store(m, f + at, power)
        for at in range(i, size, width):
            store(m, f + at, load(m, f + at) / powers)


@compiled
def softmax_back(m: Any, f: int, above: int, delta: int, size: int, width: int) -> None:
    """F * (above - the sum of above * f over the units)."""
    n = lanes(m)
    for i in range(0, width, n):
        mean = filled(load(m, f + i), 0.0)
        for at in range(i, size, width):
            mean = mean + load(m, above + at) * load(m, f + at)
        for at in range(i, size, width):
            store(m, delta + at, load(m, f + at) * (load(m, above + at) - mean))
