"""The selected points of a view, and the gesture that selects."""

# Tests: tests/gui/canvas/test_selecting.py

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.dataset import Dataset, empty_dataset
from gui.canvas.camera import Camera
from gui.canvas.gestures import Gesture, Spot
from gui.drawing.brushes import Path, Place
from gui.drawing.plane import Plane
from gui.drawing.selection import LostSelections, Marquee, SelectionMode, carried_over, combined, nearest
from gui.paint.scene import PlaneScene
from gui.paint.theme import Chrome

REACH_PIXELS = 10.0  # a click this near to a point means the point
MIN_MARQUEE = 4.0  # pixels; what is smaller is a click


class Selection(QObject):
    """The points that are selected.

    Args:
        camera: of the view.
        parent: owner.

    Signals:
        changed(int): so many points are selected now.

    Attributes:
        mask: which ones, bool ndarray of shape (n_samples,); never changed in place.
    """

    changed = Signal(int)

    def __init__(self, camera: Camera, parent: QObject) -> None:
        super().__init__(parent)
        self.mask: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self._camera, self._dataset = camera, empty_dataset()
        self._lost = LostSelections()

    def select(self, selected: NDArray[np.bool_], mode: SelectionMode = SelectionMode.REPLACE) -> None:
        """Select points, bool ndarray of shape (n_samples,)."""
        self.mask = combined(self.mask, selected, mode)
        self.changed.emit(int(self.mask.sum()))

    def clear(self) -> None:
        """Select nothing."""
        self.select(np.zeros(len(self._dataset), dtype=bool))

    def carry_over(self, dataset: Dataset) -> None:
        """Keep what is selected, as far as it can be told, on another dataset."""
        before, count = self.mask, int(self.mask.sum())
        self.mask = carried_over(before, self._dataset, dataset) if count else np.zeros(len(dataset), dtype=bool)
        if count > self.mask.sum():
            self._lost.keep(self._dataset, before)
        if (lost := self._lost.take(dataset)) is not None:
            self.mask = lost
        self._dataset = dataset
        if count != self.mask.sum():
            self.changed.emit(int(self.mask.sum()))

    def is_at(self, place: Place) -> bool:
        """True if the point nearest to a place is near enough, and selected."""
        return bool((self._nearest(place) & self.mask).any())

    def take(self, marquee: Marquee) -> None:
        """Select what is inside a marquee; without a size it is a click on a point."""
        is_click = marquee.extent(self._camera.plane) < MIN_MARQUEE
        hit = self._nearest(marquee.path[0]) if is_click else marquee.hit(self._dataset)
        self.select(hit, marquee.mode)

    def _nearest(self, place: Place) -> NDArray[np.bool_]:
        plane = self._camera.plane
        return nearest(self._dataset, place, REACH_PIXELS / plane.scale, plane.stretch)


class Selecting(Gesture):
    """Draws a marquee around points.

    Args:
        selection: what it changes in the end.
        marquee: where it begins, and what it does to the selection.
        update: has it painted anew.
    """

    draws = True

    def __init__(self, selection: Selection, marquee: Marquee, update: Callable[[], object]) -> None:
        self._selection, self._marquee, self._update = selection, marquee, update

    def move(self, spot: Spot) -> None:
        self._marquee.follow(spot.place)
        self._update()

    def release(self) -> None:
        self._selection.take(self._marquee)

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        paint_marquee(painter, self._marquee.outline(), scene.plane, scene.chrome)


def mode_of(modifiers: Qt.KeyboardModifier) -> SelectionMode:
    """The effect of a marquee on the selection: Shift adds, Ctrl takes away."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return SelectionMode.ADD
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return SelectionMode.SUBTRACT
    return SelectionMode.REPLACE


def paint_marquee(painter: QPainter, outline: Path, plane: Plane, chrome: Chrome) -> None:
    """The outline, (n, 2) in data units, of a selection under way."""
    pixels = plane.to_pixels(outline.astype(np.float32))
    polygon = QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
    tint = QColor(chrome.bar)
    tint.setAlphaF(0.12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(tint)
    painter.setPen(QPen(QColor(chrome.halo), 2.5))
    painter.drawPolygon(polygon)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(chrome.ink), 1.2, Qt.PenStyle.DashLine))
    painter.drawPolygon(polygon)
