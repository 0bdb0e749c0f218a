"""Axes of charts: where a number lies on one, and the round numbers that it ends at and is marked with."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gui.text.numbers import scientific

STEPS, MARK_ROOM = (1, 2, 3, 4, 6, 12), 46.0  # decades from mark to mark, and how far apart marks are at least
FEWEST_DECADES = 6
SHORTEST = 0.5  # decades that the smallest value is from the low end
PATIENCE = 40  # times that other values are shown before what the old ones needed is given up


@dataclass(frozen=True)
class DecadeAxis:
    """A logarithmic axis from one power of ten to another.

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

    def ticks(self, width: float) -> list[tuple[float, str]]:
        """Share and label of powers of ten, 1 among them, as many as have room on an axis of that width."""
        step = next((step for step in STEPS if step * width >= MARK_ROOM * self.decades), STEPS[-1])
        exponents = range(math.ceil(self.low / step) * step, self.high + 1, step)
        return [((exponent - self.low) / self.decades, scientific(10.0**exponent)) for exponent in exponents]


class SteadyAxis:
    """A decade axis for what is shown, that stands still while it can.

    It grows at once; it shrinks when for a while nothing was shown that needed its end.

    Args:
        widest: how far it goes at most.

    Attributes:
        axis: as it is now; six decades at the least.
    """

    def __init__(self, widest: DecadeAxis) -> None:
        self._widest = widest
        self._needed: deque[tuple[int, int]] = deque(maxlen=PATIENCE)
        self._epoch = 0.0
        self.axis = self._fitting()

    def forget(self) -> None:
        """Follow what comes as if nothing had been shown before."""
        self._needed.clear()

    def follow(self, values: Iterable[float], epoch: float) -> bool:
        """Make room for values of an epoch, that are shown now; returns whether the axis is another.

        An epoch before that of the values before is one of another run. What is not positive needs no room, and what is
        beyond the widest axis lies at its end.
        """
        if epoch < self._epoch:
            self.forget()
        self._epoch = epoch
        known = [math.log10(value) for value in values if 0 < value < math.inf]
        if known:
            self._needed.append((math.floor(min(known) - SHORTEST), math.ceil(max(known))))
        before, self.axis = self.axis, self._fitting()
        return self.axis != before

    def _fitting(self) -> DecadeAxis:
        widest = self._widest
        high = max((high for _, high in self._needed), default=0)
        high = min(max(high, widest.low + FEWEST_DECADES), widest.high)
        low = min((low for low, _ in self._needed), default=high)
        return DecadeAxis(max(min(low, high - FEWEST_DECADES), widest.low), high)


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
