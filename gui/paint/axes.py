"""Axes of charts: where a number lies on one, and the round numbers that it ends at and is marked with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gui.text.numbers import scientific


@dataclass(frozen=True)
class DecadeAxis:
    """A logarithmic axis from one power of ten to another, the same whatever is measured.

    Attributes:
        low, high: the exponents at its ends.
    """

    low: int
    high: int

    @property
    def decades(self) -> int:
        """The number of factors of ten from one end to the other."""
        return self.high - self.low

    def share(self, value: float) -> float:
        """The place of a positive number, 0 at the low end and below it, 1 at the high end and above it."""
        return min(max((math.log10(value) - self.low) / self.decades, 0.0), 1.0)

    def ticks(self, step: int) -> list[tuple[float, str]]:
        """Share and label of the powers of ten whose exponents are multiples of `step`."""
        exponents = range(math.ceil(self.low / step) * step, self.high + 1, step)
        return [((exponent - self.low) / self.decades, scientific(10.0**exponent)) for exponent in exponents]


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers in [low, high], at most about `most`, a step of 1, 2 or 5 times a power of ten apart."""
    raw = (high - low) / max(1, most)
    if not raw > 0:
        return []
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= raw * 0.999)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [index * step for index in range(first, last + 1)]


def round_up(value: float, factors: Sequence[float] = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)) -> float:
    """The next of the factors, up to 10, times a power of ten."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next((f * magnitude for f in factors if f * magnitude >= value * (1 - 1e-9)), 10 * magnitude)
