"""Quantities that can be measured, by name, and the readings of those that were. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

R = TypeVar("R")
Timeline = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Epochs, growing, of shape (n_rows,), and what was measured at each, of shape (n_rows, n_values)."""

NOTHING_YET: Timeline = (np.empty(0), np.empty((0, 0)))


@dataclass(frozen=True)
class Quantity(Generic[R]):
    """Something that can be measured, with a name of its own; R is what is found."""

    name: str


@dataclass(frozen=True, eq=False)
class Reading(Generic[R]):
    """A quantity as it was measured.

    Attributes:
        value: what was found.
        epoch: the epochs that were done when measuring began.
        steps: the steps that were.
        of: what it is of, if one can ask for it of several things: a view, a place, a question.
        timeline: earlier values, if they are kept over time.
    """

    value: R
    epoch: int = 0
    steps: int = 0
    of: Any = True
    timeline: Timeline | None = None


class Readings:
    """At most one reading of each quantity, not to be changed."""

    def __init__(self, readings: Mapping[Quantity[Any], Reading[Any]] | None = None) -> None:
        self._readings = dict(readings or {})

    def of(self, quantity: Quantity[R]) -> Reading[R] | None:
        """The reading of a quantity, or None."""
        return cast("Reading[R] | None", self._readings.get(quantity))

    def value(self, quantity: Quantity[R]) -> R | None:
        """The value that was measured of a quantity, or None."""
        reading = self.of(quantity)
        return None if reading is None else reading.value

    def epoch(self, quantity: Quantity[Any]) -> int:
        """The epoch at which a quantity was measured; 0 if it was not."""
        reading = self.of(quantity)
        return 0 if reading is None else reading.epoch

    def timeline(self, quantity: Quantity[Any]) -> Timeline:
        """The earlier values of a quantity; of no rows if none are kept."""
        reading = self.of(quantity)
        return NOTHING_YET if reading is None or reading.timeline is None else reading.timeline


NO_READINGS = Readings()
