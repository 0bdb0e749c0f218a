"""Fingers and pens on a plane: one finger is a mouse, more are a hand that moves and zooms, a pen has pressure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from gui.canvas.camera import Camera
from gui.canvas.gestures import Gesture, Gestures
from gui.drawing.plane import Plane

MIN_SPREAD = 8.0  # pixels; fingers nearer to each other than this do not zoom
PEN_MILLISECONDS = 500  # for which the pen is the pointer after it was heard of; it goes without a word


@dataclass(frozen=True)
class Hand:
    """The fingers that touch.

    Attributes:
        places: of each finger, in pixels.
    """

    places: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.places)

    def centre(self) -> tuple[float, float]:
        """The middle of the fingers."""
        x, y = zip(*self.places.values(), strict=True)
        return sum(x) / len(x), sum(y) / len(y)

    def spread(self) -> float:
        """Their mean distance from it."""
        centre = self.centre()
        return sum(math.dist(place, centre) for place in self.places.values()) / len(self.places)

    def carried(self, plane: Plane, before: Hand) -> Plane:
        """The plane as this hand has moved and zoomed it; if fingers came or went since, it only takes hold."""
        if self.places.keys() != before.places.keys():
            return plane
        (x, y), (x_before, y_before) = self.centre(), before.centre()
        spread, spread_before = self.spread(), before.spread()
        factor = spread / spread_before if min(spread, spread_before) >= MIN_SPREAD else 1.0
        return plane.panned(x - x_before, y - y_before).zoomed(factor, x, y)


def hand_of(event: QTouchEvent, before: Hand) -> Hand:
    """The fingers that touch after an event; those that rest are where they were."""
    if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
        return Hand()
    places = {}
    for point in event.points():
        place = (point.position().x(), point.position().y())
        if point.state() is QEventPoint.State.Stationary:
            place = before.places.get(point.id(), place)
        if point.state() is not QEventPoint.State.Released:
            places[point.id()] = place
    return Hand(places)


def as_mouse(kind: QEvent.Type, event: QTouchEvent) -> QMouseEvent:
    """The event of the first finger, as if the left button did it."""
    point, none, left = event.points()[0], Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    button = none if kind is QEvent.Type.MouseMove else left
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    return QMouseEvent(kind, QPointF(point.position()), point.globalPosition(), button, held, event.modifiers())


class Pinch(Gesture):
    """A hand of several fingers that moves and zooms the plane."""

    yields = True

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    def follow(self, hand: Hand, before: Hand) -> None:
        """The fingers are there now, and were there before."""
        self._camera.look_like(hand.carried(self._camera.plane, before))


class Touch:
    """Fingers on a view: the first is the left button; with a second the hand has hold of the plane.

    A second finger cancels what the first has begun, since a hand that zooms puts one finger down a little earlier.
    """

    def __init__(self, view: QWidget, camera: Camera, gestures: Gestures) -> None:
        view.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._view, self._camera, self._gestures = view, camera, gestures
        self._hand, self._first_presses = Hand(), False  # and whether the first finger is a button that is down

    def take(self, event: QEvent) -> bool:
        """Take what fingers do on a screen, and how they pinch on a touchpad."""
        if isinstance(event, QTouchEvent):
            if event.device().type() == QInputDevice.DeviceType.TouchScreen:
                self._touch(event)
            event.accept()  # else Qt makes a mouse of the first finger, on a touchpad too
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            place = event.position()
            self._camera.zoom(1 + event.value(), place.x(), place.y())
            return True
        return False

    def _touch(self, event: QTouchEvent) -> None:
        gesture = self._gestures.current
        if not (gesture is None or isinstance(gesture, Pinch) or self._first_presses):
            return  # a hand that rests beside the pen
        before, self._hand = self._hand, hand_of(event, self._hand)
        if self._first_presses and (len(self._hand) > 1 or event.type() == QEvent.Type.TouchCancel):
            self._first_presses = False
            self._gestures.cancel()
        if len(self._hand) > 1:
            self._pinch(before)
        elif event.type() == QEvent.Type.TouchBegin:
            self._first_presses = True
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            self._view.event(as_mouse(QEvent.Type.MouseButtonPress, event))
        elif self._first_presses and self._hand:
            self._view.event(as_mouse(QEvent.Type.MouseMove, event))
        elif self._first_presses:
            self._first_presses = False
            self._view.event(as_mouse(QEvent.Type.MouseButtonRelease, event))
        if not self._hand:
            if isinstance(self._gestures.current, Pinch):
                self._gestures.finish()
            self._view.event(QEvent(QEvent.Type.Leave))  # no finger hovers

    def _pinch(self, before: Hand) -> None:
        pinch = self._gestures.current
        if isinstance(pinch, Pinch):
            pinch.follow(self._hand, before)
        else:
            self._gestures.begin(Pinch(self._camera))


class Pen:
    """The pen as it was heard last; it says its pressure and its end just before Qt makes a mouse of it.

    Attributes:
        pressure: from 0 to 1; 1 while the pen does not touch.
    """

    def __init__(self) -> None:
        self.pressure = 1.0
        self._is_other_end, self._clock = False, QElapsedTimer()

    def hear(self, event: QTabletEvent) -> None:
        """Note what the pen says."""
        self.pressure = 1.0 if event.type() == QEvent.Type.TabletRelease else event.pressure()
        self._is_other_end = event.pointerType() == QPointingDevice.PointerType.Eraser
        self._clock.start()

    def erases(self) -> bool:
        """True if its other end is the pointer now."""
        return self._is_other_end and self._clock.elapsed() <= PEN_MILLISECONDS
