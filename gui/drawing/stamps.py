"""Pure geometry of the stamps: shapes that are drawn by dragging from one place to another. No Qt, no state.

Each is a function of the places `start` and `end` in data units, the number of points, `noise`, the standard deviation
of the noise as a share of the distance between the two, and `deviates`, a (count, 2) array of standard normal numbers.
The caller draws these once a drag, so that the points keep their places in the shape while it turns and grows. The
result is a float32 ndarray of shape (count, 2). A drag that has not moved puts all points in `start`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gui.drawing.brushes import Place, Points

Numbers = NDArray[np.float64]
GOLDEN_RATIO = 0.6180339887498949
CRESCENT_INNER = 0.3  # height of the inner edge of a moon as a share of the outer one's


class StampShape(StrEnum):
    """The shapes that can be stamped."""

    LINE = "line"
    RING = "ring"
    ARC = "arc"
    BLOB = "blob"
    MOON = "moon"
    SPIRAL = "spiral"


class Stamp(Protocol):
    """A function that places the points of a shape."""

    def __call__(self, *, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
        """The points, float32 ndarray of shape (count, 2)."""


def line(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """From start to end."""
    along = np.linspace(0, 1, count)
    return _placed(start, end, along, np.zeros(count), noise * deviates)


def ring(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """A circle around start, counter-clockwise from end."""
    angle = 2 * np.pi * np.linspace(0, 1, count, endpoint=False)
    return _placed(start, end, np.cos(angle), np.sin(angle), noise * deviates)


def arc(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """A half circle from start to end that bulges to the left."""
    angle = np.pi * np.linspace(0, 1, count)
    return _placed(start, end, (1 - np.cos(angle)) / 2, np.sin(angle) / 2, noise * deviates)


def blob(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """A Gaussian around start whose standard deviation is half the distance to end, whatever the noise."""
    return _placed(start, end, np.zeros(count), np.zeros(count), deviates / 2)


def moon(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """A crescent from start to end that bulges to the left, with its tips in both.

    Its outer edge is a half circle, its inner one half an ellipse; the golden ratio fills the space between evenly.
    """
    angle = np.pi * np.linspace(0, 1, count)
    height = CRESCENT_INNER + (1 - CRESCENT_INNER) * np.mod(np.arange(count) * GOLDEN_RATIO, 1)
    return _placed(start, end, (1 - np.cos(angle)) / 2, height * np.sin(angle) / 2, noise * deviates)


def spiral_arm(*, start: Place, end: Place, count: int, noise: float, deviates: Numbers) -> Points:
    """One turn counter-clockwise from start out to end; the radius grows evenly with the angle."""
    radius = np.linspace(0, 1, count)
    angle = 2 * np.pi * radius
    return _placed(start, end, radius * np.cos(angle), radius * np.sin(angle), noise * deviates)


STAMPS: Mapping[StampShape, Stamp] = MappingProxyType(
    {
        StampShape.LINE: line,
        StampShape.RING: ring,
        StampShape.ARC: arc,
        StampShape.BLOB: blob,
        StampShape.MOON: moon,
        StampShape.SPIRAL: spiral_arm,
    }
)


def _placed(start: Place, end: Place, forward: Numbers, left: Numbers, offsets: Numbers) -> Points:
    """The points of a shape that was made for start (0, 0) and end (1, 0): turned, enlarged and moved."""
    x, y = forward + offsets[:, 0], left + offsets[:, 1]
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    places = np.column_stack([start[0] + x * along_x - y * along_y, start[1] + x * along_y + y * along_x])
    return places.astype(np.float32)
