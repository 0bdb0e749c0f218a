"""Drawing tools: each turns one gesture into a changed dataset. No widgets."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import numpy as np

from engine.dataset import MAX_POINTS, Dataset
from gui.brushes import Place, near_line, places_along, places_in_disc

SPRAY_RATE = 80.0  # points a second


class Tool(StrEnum):
    """What the left button does."""

    BRUSH = "brush"
    SPRAY = "spray"
    ERASER = "eraser"


class Stroke(Protocol):
    """A gesture under way.

    Attributes:
        dataset: with what the gesture has changed so far.
        changed: points added or removed so far.
    """

    dataset: Dataset
    changed: int

    def move(self, place: Place) -> None:
        """The pointer went there."""

    def pass_time(self, seconds: float) -> None:
        """The button was held for so long."""


class _Adding:
    def __init__(self, dataset: Dataset, label: int) -> None:
        self.dataset, self.changed, self._label = dataset, 0, label

    def _add(self, places: np.ndarray) -> None:
        places = places[: max(0, MAX_POINTS - len(self.dataset))]
        if len(places):
            self.dataset = self.dataset.with_points(places, self._label)
            self.changed += len(places)


class BrushStroke(_Adding):
    """A point where the button goes down, then one every `spacing` of the way."""

    def __init__(self, dataset: Dataset, label: int, start: Place, spacing: float) -> None:
        super().__init__(dataset, label)
        self._place, self._spacing, self._since_last = start, spacing, 0.0
        self._add(np.array([start], dtype=np.float32))

    def move(self, place: Place) -> None:
        places, self._since_last = places_along(
            start=self._place, end=place, spacing=self._spacing, since_last=self._since_last
        )
        self._place = place
        self._add(places)

    def pass_time(self, seconds: float) -> None:
        pass


class SprayStroke(_Adding):
    """Points at a steady rate, uniformly over a disc around the pointer, also while it is held still."""

    def __init__(
        self, dataset: Dataset, label: int, start: Place, radius: float, generator: np.random.Generator
    ) -> None:
        super().__init__(dataset, label)
        self._place, self._radius, self._generator = start, radius, generator
        self._owed = 1.0
        self.pass_time(0.0)

    def move(self, place: Place) -> None:
        self._place = place

    def pass_time(self, seconds: float) -> None:
        self._owed += seconds * SPRAY_RATE
        count = int(self._owed)
        self._owed -= count
        self._add(places_in_disc(centre=self._place, radius=self._radius, count=count, generator=self._generator))


class EraserStroke:
    """Removes what the disc passes over."""

    def __init__(self, dataset: Dataset, start: Place, radius: float) -> None:
        self.dataset, self.changed = dataset, 0
        self._place, self._radius = start, radius
        self.move(start)

    def move(self, place: Place) -> None:
        hit = near_line(points=self.dataset.points, start=self._place, end=place, radius=self._radius)
        self._place = place
        if hit.any():
            self.dataset = self.dataset.without(hit)
            self.changed += int(hit.sum())

    def pass_time(self, seconds: float) -> None:
        pass
