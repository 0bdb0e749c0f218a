"""Fingers on a plane: one as a mouse, more as a hand that moves and zooms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QInputDevice, QMouseEvent, QNativeGestureEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from gui.drawing.plane import Plane

LEAST_SPREAD = 8.0  # pixels; fingers nearer to each other than this do not zoom


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
        factor = spread / spread_before if min(spread, spread_before) >= LEAST_SPREAD else 1.0
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
    """What the first finger does, as done by the left button."""
    point, none, left = event.points()[0], Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    button = none if kind is QEvent.Type.MouseMove else left
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    return QMouseEvent(kind, QPointF(point.position()), point.globalPosition(), button, held, event.modifiers())


def release_of(event: QTouchEvent) -> QMouseEvent:
    """The release of the left button, also for a touch that was taken away, which has no place."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseButtonRelease, QPointF(), QPointF(), left, none, event.modifiers())


class TouchedWidget(QWidget):
    """A widget that shows a plane and knows fingers: the first is the left button; with a second the hand has hold.

    A second finger cancels what the first has begun, since a hand that zooms puts one finger down a little earlier.

    Attributes:
        plane: the visible part.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.plane = Plane()
        self._hand, self._finger_draws = Hand(), False

    @property
    def is_drawing(self) -> bool:
        """Whether a gesture that draws is under way; for subclasses."""
        return False

    def cancel_stroke(self) -> None:
        """Give up the gesture under way; for subclasses."""

    def look_like(self, plane: Plane) -> None:
        """Show what a plane shows, as far as the shape allows; for subclasses."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            if event.device().type() == QInputDevice.DeviceType.TouchScreen:
                self._take_touch(event)
            event.accept()  # else Qt makes a mouse of the first finger, on a touchpad too
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            place = event.position()
            self.look_like(self.plane.zoomed(1 + event.value(), place.x(), place.y()))  # a pinch on a touchpad
            return True
        return super().event(event)

    def _take_touch(self, event: QTouchEvent) -> None:
        if self.is_drawing and not self._finger_draws:
            return  # a hand that rests beside the pen
        before, self._hand = self._hand, hand_of(event, self._hand)
        if self._finger_draws and (len(self._hand) > 1 or event.type() == QEvent.Type.TouchCancel):
            self._finger_draws = False
            self.cancel_stroke()
            self.mouseReleaseEvent(release_of(event))  # it may have moved the plane instead
        if len(self._hand) > 1:
            self.look_like(self._hand.carried(self.plane, before))
        elif event.type() == QEvent.Type.TouchBegin:
            self._finger_draws = True
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.mousePressEvent(as_mouse(QEvent.Type.MouseButtonPress, event))
        elif self._finger_draws and self._hand:
            self.mouseMoveEvent(as_mouse(QEvent.Type.MouseMove, event))
        elif self._finger_draws:
            self._finger_draws = False
            self.mouseReleaseEvent(as_mouse(QEvent.Type.MouseButtonRelease, event))
        if not self._hand:
            self.leaveEvent(QEvent(QEvent.Type.Leave))  # no finger hovers
