"""Gestures: what a hand does on a plane from a press to a release, one at a time."""

# Tests: tests/gui/canvas/test_plane_view.py

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from gui.canvas.camera import Camera
from gui.drawing.brushes import Place
from gui.paint.scene import PlaneScene
from gui.widgets.keys import is_space


class Spot(NamedTuple):
    """A place on the screen and on the plane.

    Attributes:
        pixel: of the view.
        place: in data units; of a pixel beyond the edge, the nearest one on the plane.
    """

    pixel: QPointF
    place: Place


class Press(NamedTuple):
    """A button that went down."""

    spot: Spot
    button: Qt.MouseButton
    modifiers: Qt.KeyboardModifier


class Gesture:
    """A gesture; each kind says what it does.

    Attributes:
        draws: whether points are drawn or selected: then the history waits, and Esc gives it up.
        yields: whether it ends by itself when another one begins.
        cursor: the pointer while it lasts, or None for the usual one.
    """

    draws = False
    yields = False
    cursor: Qt.CursorShape | None = None

    def begin(self) -> None:
        """The gesture is the one under way now."""

    def move(self, spot: Spot) -> None:
        """The pointer went there."""

    def release(self) -> None:
        """The hand is done."""

    def cancel(self) -> None:
        """The hand gave it up."""

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """Its picture over the points."""


class Gestures(QObject):
    """Holds the gesture under way.

    Signals:
        changed(): a gesture has begun or ended.
        drawing_changed(bool): whether one that draws is under way now.

    Attributes:
        current: the gesture, or None.
    """

    changed = Signal()
    drawing_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.current: Gesture | None = None
        self._button = Qt.MouseButton.NoButton  # whose release ends the gesture

    @property
    def is_drawing(self) -> bool:
        """True if a stroke or a marquee is under way."""
        return self.current is not None and self.current.draws

    def begin(self, gesture: Gesture, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """Let a gesture be the one under way, until that button is released; one that was under way ends."""
        self.finish()
        self.current, self._button = gesture, button
        self.changed.emit()
        if gesture.draws:
            self.drawing_changed.emit(True)
        gesture.begin()

    def move(self, spot: Spot, buttons: Qt.MouseButton) -> None:
        """The pointer went there with those buttons down."""
        if self.current is not None and not buttons & self._button:
            self.finish()  # the button was released where the view could not see it
        if self.current is not None:
            self.current.move(spot)

    def release(self, button: Qt.MouseButton) -> None:
        """A button was released."""
        if button == self._button:
            self.finish()

    def finish(self) -> None:
        """End the gesture under way, if there is one."""
        if (gesture := self.end()) is not None:
            gesture.release()

    def cancel(self) -> None:
        """Give up the gesture under way, if there is one."""
        if (gesture := self.end()) is not None:
            gesture.cancel()

    def end(self) -> Gesture | None:
        """Take the gesture under way out of the hand; what becomes of it is the caller's to say."""
        gesture, self.current = self.current, None
        if gesture is not None:
            if gesture.draws:
                self.drawing_changed.emit(False)
            self.changed.emit()
        return gesture

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The picture of the gesture under way."""
        if self.current is not None:
            self.current.paint(painter, scene)


class Pan(Gesture):
    """Moves the plane along with the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, camera: Camera, start: QPointF) -> None:
        self._camera, self._from = camera, start

    def move(self, spot: Spot) -> None:
        step, self._from = spot.pixel - self._from, spot.pixel
        self._camera.pan(step.x(), step.y())


class SpaceBar(QObject):
    """The space bar over a plane: tapped it is told, held it makes the left button move the plane.

    Signals:
        tapped(): it was used, and not for moving.
        changed(): it is held now, or no longer.

    Attributes:
        is_held: whether it is.
        has_moved: whether the plane was taken hold of meanwhile.
    """

    tapped = Signal()
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_held = self.has_moved = False

    def take(self, event: QEvent) -> bool:
        """Take what concerns the space bar."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            self._hold(False)
        elif isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyRelease:
                return self._release(event)
            if not is_space(event):
                return False
            event.accept()  # it is a shortcut elsewhere
            if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self.has_moved = False
                self._hold(True)
            return True
        return False

    def _release(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        is_tap = self.is_held and not self.has_moved
        self._hold(False)
        if is_tap:
            self.tapped.emit()
        return True

    def _hold(self, is_held: bool) -> None:
        self.is_held = is_held
        self.changed.emit()
