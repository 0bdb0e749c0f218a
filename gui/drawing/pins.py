"""Pins as values: set, moved and taken away. No widgets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.dataset import Dataset
from engine.insight.pins import MAX_PINS, Pin
from gui.drawing.brushes import Place
from gui.drawing.selection import nearest

Pins = tuple[Pin, ...]


def with_pin(pins: Pins, place: Place) -> tuple[Pins, int]:
    """These pins and one more, with the first letter that is free, and its number; if all are set, the last is moved.

    Those that are set stay in the order of their letters.
    """
    taken = {pin.number for pin in pins}
    number = next((number for number in range(MAX_PINS) if number not in taken), MAX_PINS - 1)
    return tuple(sorted((*without(pins, number), Pin(number, place)), key=lambda pin: pin.number)), number


def moved(pins: Pins, number: int, place: Place) -> Pins:
    """These pins with that of a number somewhere else."""
    return tuple(replace(pin, place=place) if pin.number == number else pin for pin in pins)


def without(pins: Pins, number: int) -> Pins:
    """These pins but for that of a number."""
    return tuple(pin for pin in pins if pin.number != number)


def snapped(dataset: Dataset, place: Place, reach: float, stretch: float = 1.0) -> Place:
    """A place, or exactly that of the point nearest to it within a reach: a pin there knows the point's class.

    `reach`, `stretch`: see `gui.drawing.selection.nearest`.
    """
    rows = np.flatnonzero(nearest(dataset, place, reach, stretch))
    if not len(rows):
        return place
    x, y = dataset.places[rows[0]].tolist()
    return x, y
