"""The colours of a survey; see `engine.compiled.plane.survey` and `engine.insight.field.Shading`."""

# Tests: tests/engine/machines/test_compiled_survey.py

from __future__ import annotations

import math
from typing import Any

from engine.compiled import places
from engine.compiled.vectors import compiled

LOG_2 = math.log(2)


@compiled
def shade(whole: Any, reals: Any, m: Any, z: int, out: int, width: int, i: int) -> Any:
    """The number of the colour of column i of a block: so many strengths for each class.

    Of equal classes the first leads; nan leads nobody.
    """
    winner, n_units, n_strengths = 0, whole[places.N_OUTPUTS], whole[places.STRENGTHS]
    for unit in range(1, n_units):
        if m[z + unit * width + i] > m[z + winner * width + i]:
            winner = unit
    if n_units == 1:
        winner = int(m[z + i] > reals[places.LOGIT])
    if whole[places.HAS_ENTROPY]:
        strength = certainty(whole, m, z, out, width, i, winner)
    else:
        strength = lead_over_second(whole, reals, m, out, width, i, winner)
    if not strength > 0:
        return winner * n_strengths
    return winner * n_strengths + int(min(strength, 1.0) * (n_strengths - 1) + 0.5)


@compiled
def lead_over_second(whole: Any, reals: Any, m: Any, out: int, width: int, i: int, winner: int) -> Any:
    """The lead in probability of a class over any other; of the sides of a threshold as `centred` has it."""
    if whole[places.N_OUTPUTS] == 1:
        threshold, probability = reals[places.THRESHOLD], m[out + i]
        return (probability - threshold) / (1 - threshold) if winner else (threshold - probability) / threshold
    second = 0.0
    for unit in range(whole[places.N_OUTPUTS]):
        if unit != winner and m[out + unit * width + i] > second:
            second = m[out + unit * width + i]
    return m[out + winner * width + i] - second


@compiled
def certainty(whole: Any, m: Any, z: int, out: int, width: int, i: int, winner: int) -> Any:
    """1 less the entropy of the probabilities over the largest there is, see `engine.insight.field.certainty`.

    With the leading class at z' and the sum s of e**(z - z') it is log s plus the mean of z' - z.
    """
    n_units, entropy = whole[places.N_OUTPUTS], 0.0
    if whole[places.HAS_SOFTMAX]:
        most = m[z + winner * width + i]
        entropy = log(1 / m[out + winner * width + i])
        for unit in range(n_units):
            probability = m[out + unit * width + i]
            if probability > 0:
                entropy += probability * (most - m[z + unit * width + i])
        return 1 - entropy / log(float(n_units))
    for unit in range(n_units):
        smaller = min(m[out + unit * width + i], 1 - m[out + unit * width + i])
        if smaller != 0:  # nan goes on
            entropy += log(1 / (1 - smaller)) + smaller * abs(m[z + unit * width + i])
    return 1 - entropy / n_units / LOG_2


@compiled
def log(number: float) -> float:
    """The logarithm of a number from 1 on, by the series of artanh: compiled code can call no library."""
    halvings = 0
    while number > 1.5:
        number, halvings = number / 2, halvings + 1
    t = (number - 1) / (number + 1)
    square, total, power = t * t, 0.0, t
    for odd in range(1, 16, 2):
        total, power = total + power / odd, power * square
    return 2 * total + halvings * LOG_2
