"""The pins on the planes: how they are seen, set, moved and taken away by hand."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from engine.insight.pins import Pin
from gui.canvas.gestures import Gesture, Spot
from gui.canvas.plane_view import PlaneView
from gui.canvas.selection import REACH_PIXELS
from gui.drawing.brushes import Place
from gui.drawing.pins import Pins, moved, snapped, with_pin, without
from gui.drawing.plane import Plane
from gui.paint.markers import PIN_HEAD, paint_pin, pin_head
from gui.paint.scene import PlaneScene
from gui.paint.type_size import scale_of
from gui.widgets.throttle import Throttle

TELL_MILLISECONDS = 33


class Pinboard(QObject):
    """Holds the pins that are seen on a view, and takes them in hand there; other planes may show them, too.

    Args:
        view: where they are taken in hand.

    Signals:
        pins_chosen(tuple[Pin, ...]): these are wanted, by hand.
        changed(): others are seen.

    Attributes:
        pins: those that are seen.
    """

    pins_chosen = Signal(object)
    changed = Signal()

    def __init__(self, view: PlaneView) -> None:
        super().__init__(view)
        self.pins: Pins = ()
        self._view = view
        self._pixel: QPointF | None = None  # of the pointer
        self._tell = Throttle(self.pins_chosen.emit, TELL_MILLISECONDS, self)
        self.changed.connect(view.refresh)

    def choose(self, pins: Pins, *, at_once: bool = True) -> None:
        """Have other pins, while one is dragged told in a rhythm that a network can follow."""
        if pins != self.pins:
            self.pins = pins
            self.changed.emit()
        if at_once:
            self._tell.at_once(pins)
        else:
            self._tell(pins)

    @Slot()
    def clear(self) -> None:
        """Have no pins."""
        if isinstance(self._view.gestures.current, Pinning):
            self._view.gestures.end()
        self.choose(())

    def at(self, pixel: QPointF) -> Pin | None:
        """The pin at a pixel of the view, the uppermost of several."""
        plane, scale = self._view.plane, scale_of(self._view.font())
        for pin in reversed(self.pins):
            tip = pixel_of(plane, pin.place)
            near = min(math.dist(pixel.toTuple(), spot.toTuple()) for spot in (tip, pin_head(tip, plane.y, scale)))
            if near <= (PIN_HEAD + 2) * scale:
                return pin
        return None

    def snapped(self, place: Place) -> Place:
        """A place, or that of the point that is meant."""
        plane = self._view.plane
        return snapped(self._view.dataset, place, REACH_PIXELS / plane.scale, plane.stretch)

    def gesture(self, start: Place) -> Gesture:
        """The gesture that sets a pin, or takes the one at a place in hand."""
        return Pinning(self, self._view.plane, start)

    def take(self, event: QEvent) -> bool:
        """Watch where the pointer is."""
        if event.type() == QEvent.Type.Leave:
            self._pixel = None
        elif isinstance(event, QMouseEvent):
            self._pixel = event.position()
        return False

    def under_pointer(self) -> Pin | None:
        """The pin under the pointer."""
        return None if self._pixel is None else self.at(self._pixel)

    def remove(self, pin: Pin) -> None:
        """Have a pin no longer."""
        self.choose(without(self.pins, pin.number))

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The pins."""
        for pin in self.pins:
            tip = pixel_of(scene.plane, pin.place)
            head = pin_head(tip, scene.plane.y, scene.scale)
            paint_pin(painter, tip, head, pin.number, scene.chrome, scene.scale)


class Pinning(Gesture):
    """Sets a pin or takes one in hand, and moves it; one that was there before and is not moved is taken away."""

    draws = True

    def __init__(self, board: Pinboard, plane: Plane, start: Place) -> None:
        self._board, self._before = board, board.pins
        self._start = pixel_of(plane, start)
        self._held, self._is_moved = board.at(self._start), False
        self._aside = QPointF() if self._held is None else pixel_of(plane, self._held.place) - self._start
        self._plane, self._number = plane, -1

    def begin(self) -> None:
        if self._held is None:
            place = self._board.snapped(self._plane.to_data(*self._start.toTuple()))
            pins, self._number = with_pin(self._before, place)
            self._board.choose(pins)
        else:
            self._number = self._held.number

    def move(self, spot: Spot) -> None:
        way = (spot.pixel - self._start).manhattanLength()
        self._is_moved = self._is_moved or way >= QApplication.startDragDistance()
        if self._is_moved:
            place = self._board.snapped(self._plane.inside(*(spot.pixel + self._aside).toTuple()))
            self._board.choose(moved(self._board.pins, self._number, place), at_once=False)

    def release(self) -> None:
        is_click = self._held is not None and not self._is_moved
        self._board.choose(without(self._board.pins, self._number) if is_click else self._board.pins)

    def cancel(self) -> None:
        self._board.choose(self._before)


def pixel_of(plane: Plane, place: Place) -> QPointF:
    """The pixel of a place."""
    x, y = plane.to_pixels(np.array([place], dtype=np.float32))[0].tolist()
    return QPointF(x, y)
