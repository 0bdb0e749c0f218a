"""Batch normalisation as compiled code; beside that of `engine.mlp.batch_norm`."""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

import math
from typing import Any

from engine.compiled.vectors import compiled, compiled_sums, typed
from engine.mlp.batch_norm import EPSILON, MOMENTUM


@compiled_sums
def normalise(
    p: Any, scale: int, shift: int, m: Any, z: int, out: int, statistics: int, n_units: int, width: int, b: int
) -> None:
    """Put z, with mean 0 and variance 1 over the b points and then scaled and shifted, into the memory at `out`.

    Means, inverse deviations and variances of the units are put at `statistics`, three for each.
    """
    for unit in range(n_units):
        start = z + unit * width
        mean = 0.0
        for i in range(start, start + b):
            mean += m[i]
        mean /= b
        variance = 0.0
        for i in range(start, start + b):
            variance += (m[i] - mean) * (m[i] - mean)
        # without room for the squares in the precision of the numbers, as with the other machine, the deviation is inf
        variance = typed(m, variance) / b
        inverse = 1.0 / math.sqrt(variance + EPSILON)
        m[statistics + 3 * unit], m[statistics + 3 * unit + 1] = mean, inverse
        m[statistics + 3 * unit + 2] = variance
        factor, offset = p[scale + unit] * inverse, p[shift + unit]
        for i in range(width):
            # the difference first, which is exactly 0 where all numbers are the same
            m[out + unit * width + i] = (m[start + i] - mean) * factor + offset


@compiled
def normalise_evenly(
    p: Any,
    scale: int,
    shift: int,
    mean: Any,
    variance: Any,
    first: int,
    m: Any,
    z: int,
    out: int,
    n_units: int,
    width: int,
) -> None:
    """Put z, normalised with running statistics, those of its first unit at `first`, into the memory at `out`."""
    for unit in range(n_units):
        factor = p[scale + unit] / math.sqrt(variance[first + unit] + EPSILON)
        middle, offset = mean[first + unit], p[shift + unit]
        for i in range(width):
            m[out + unit * width + i] = (m[z + unit * width + i] - middle) * factor + offset


@compiled_sums
def normalise_back(
    p: Any,
    scale: int,
    g: Any,
    m: Any,
    z: int,
    delta: int,
    statistics: int,
    n_units: int,
    width: int,
    b: int,
    shift: int,
) -> None:
    """Turn the derivative by the normalised values into that by z, in place; put those by scale and shift into g."""
    for unit in range(n_units):
        mean, inverse = float(m[statistics + 3 * unit]), float(m[statistics + 3 * unit + 1])
        start, place = z + unit * width, delta + unit * width
        total = 0.0
        along = 0.0
        for i in range(b):
            total += m[place + i]
            along += m[place + i] * (m[start + i] - mean)
        along *= inverse
        g[scale + unit], g[shift + unit] = along, total
        factor = p[scale + unit] * inverse
        for i in range(b):
            m[place + i] = (m[place + i] - total / b - (m[start + i] - mean) * inverse * along / b) * factor
        for i in range(b, width):
            m[place + i] = 0.0


@compiled_sums
def follow(m: Any, statistics: int, first: int, n_units: int, mean: Any, variance: Any, b: int) -> None:
    """Let the running statistics follow this batch."""
    for unit in range(n_units):
        unbiased = m[statistics + 3 * unit + 2] * b / (b - 1)
        mean[first + unit] += MOMENTUM * (m[statistics + 3 * unit] - mean[first + unit])
        variance[first + unit] += MOMENTUM * (unbiased - variance[first + unit])
