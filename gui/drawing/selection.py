"""The selection of points, and the gestures that select. No widgets."""

from __future__ import annotations

from enum import StrEnum
from weakref import ref

import numpy as np

from engine.dataset import Dataset, is_extension
from gui.drawing.brushes import Mask, Path, Place, in_polygon, in_rectangle
from gui.drawing.plane import Plane

MAX_LOST = 50


class SelectionMode(StrEnum):
    """The effect of a gesture on the points that were selected before."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"


def combined(before: Mask, hit: Mask, mode: SelectionMode) -> Mask:
    """The selection after a gesture that hit some points; bool ndarrays of shape (n_samples,)."""
    if mode is SelectionMode.ADD:
        return before | hit
    return before & ~hit if mode is SelectionMode.SUBTRACT else hit


def carried_over(selected: Mask, before: Dataset, after: Dataset) -> Mask:
    """The selection after an edit: kept where the points are the same ones, none where that cannot be told."""
    if after.serials is before.serials or np.array_equal(after.points, before.points):
        return selected
    if is_extension(after, before):
        return np.concatenate([selected, np.zeros(len(after) - len(before), dtype=bool)])
    return np.zeros(len(after), dtype=bool)


class LostSelections:
    """The selections from which an edit took points away, for the case that the edit is taken back."""

    def __init__(self) -> None:
        self._kept: list[tuple[ref[Dataset], Mask]] = []

    def keep(self, dataset: Dataset, selected: Mask) -> None:
        """Remember what is selected of a dataset that is left."""
        alive = [pair for pair in self._kept if pair[0]() is not None]  # the steps of a stroke do not come back
        self._kept = [*alive[1 - MAX_LOST :], (ref(dataset), selected)]

    def take(self, dataset: Dataset) -> Mask | None:
        """The selection of a dataset that comes back, once; None if nothing was lost with it."""
        found = next((pair for pair in reversed(self._kept) if pair[0]() is dataset), None)
        if found is None:
            return None
        self._kept = [pair for pair in self._kept if pair[0]() is not None and pair[0]() is not dataset]
        return found[1]


class Marquee:
    """A rectangle or a lasso under way.

    Attributes:
        path: its corners so far, in data units: two of a rectangle, all of a lasso.
        mode: what it does to the selection.
    """

    def __init__(self, start: Place, mode: SelectionMode, *, is_lasso: bool) -> None:
        self.path: list[Place] = [start, start]
        self.mode, self._is_lasso = mode, is_lasso

    def follow(self, place: Place) -> None:
        """The pointer went there."""
        if self._is_lasso:
            self.path.append(place)
        else:
            self.path[1] = place

    def extent(self, plane: Plane) -> float:
        """Its size in pixels of a plane: the longer side."""
        return float(np.ptp(plane.to_pixels(np.array(self.path)), axis=0).max())

    def outline(self) -> Path:
        """Its corners to be drawn, float64 ndarray of shape (n, 2)."""
        if self._is_lasso:
            return np.array(self.path)
        (left, top), (right, bottom) = self.path
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])

    def hit(self, dataset: Dataset) -> Mask:
        """The points inside, bool ndarray of shape (n_samples,)."""
        if self._is_lasso:
            return in_polygon(points=dataset.places, corners=np.array(self.path))
        return in_rectangle(points=dataset.places, corner=self.path[0], opposite=self.path[1])


def nearest(dataset: Dataset, place: Place, reach: float, stretch: float = 1.0) -> Mask:
    """The point nearest to a place, if it is within `reach`; bool ndarray of shape (n_samples,).

    A data unit is `stretch` times as long in y as in x, in which the reach is.
    """
    mask = np.zeros(len(dataset), dtype=bool)
    if len(dataset):
        across, up = (dataset.places - np.asarray(place)).T
        distances = np.hypot(across, up * stretch)
        closest = int(distances.argmin())
        mask[closest] = distances[closest] <= reach
    return mask
