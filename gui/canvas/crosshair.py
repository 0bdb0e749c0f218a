"""A crosshair that keys move, so that every tool can be used without a mouse; and all keys of the plane."""

# Tests: tests/gui/canvas/test_selecting.py

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from gui.canvas.camera import Camera
from gui.canvas.gestures import Spot
from gui.canvas.pins.pinboard import Pinboard
from gui.canvas.plane_view import PlaneView
from gui.canvas.tool_in_hand import Drawing, ToolInHand
from gui.drawing.brushes import Place
from gui.paint.scene import PlaneScene
from gui.paint.theme import Chrome

KEY_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
KEY_PIXELS, FAST_KEY_PIXELS = 4.0, 40.0
REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
KEY_SECONDS = 0.2  # that the button is held by Enter


class Crosshair(QObject):
    """A place that keys move; hidden until they do.

    Signals:
        moved(Place): to that place.
        changed(): it has moved or is hidden.

    Attributes:
        place: in data units, or None while it is hidden.
    """

    moved = Signal(object)
    changed = Signal()

    def __init__(self, camera: Camera, parent: QObject) -> None:
        super().__init__(parent)
        self.place: Place | None = None
        self._camera = camera

    def step(self, x: float, y: float) -> None:
        """Go so far, in data units, up to the edge; first it appears in the middle."""
        left, right, bottom, top = self._camera.plane.edges()
        if self.place is None:
            self.place = (left + right) / 2, (bottom + top) / 2
        else:
            self.place = min(max(self.place[0] + x, left), right), min(max(self.place[1] + y, bottom), top)
        self.moved.emit(self.place)
        self.changed.emit()

    def hide(self) -> None:
        """Show it no longer."""
        self.place = None
        self.changed.emit()

    def spot(self) -> Spot | None:
        """The place where it is, None if it is nowhere."""
        if self.place is None:
            return None
        pixel = self._camera.plane.to_pixels(np.array([self.place], dtype=np.float32))[0]
        return Spot(QPointF(*pixel.tolist()), self.place)

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The crosshair."""
        if (spot := self.spot()) is not None:
            paint_crosshair(painter, spot.pixel, scene.chrome, scene.scale)


class PlaneKeys(QObject):
    """The keys of a plane to draw on.

    - Esc ends the nearest thing: the gesture, the crosshair, the selection.
    - The cursor keys move the selected points, or else the crosshair; with Shift farther.
    - Enter uses the tool at the crosshair; what must be dragged is begun, and ended by the next Enter.
    - Delete removes the pin at the crosshair or under the pointer, where there is one, instead of points.

    Signals:
        nudged(float, float): the selected points are to be moved so far, in data units.
    """

    nudged = Signal(float, float)

    def __init__(self, crosshair: Crosshair, hand: ToolInHand, pins: Pinboard, view: PlaneView) -> None:
        super().__init__(view)
        self._crosshair, self._hand, self._pins, self._camera = crosshair, hand, pins, view.camera
        self._selection, self._gestures = view.selection, view.gestures
        crosshair.moved.connect(self._drag)

    def take(self, event: QEvent) -> bool:
        """Take the keys of the plane."""
        if not isinstance(event, QKeyEvent):
            return False
        is_escape, is_drawing = event.key() == Qt.Key.Key_Escape, self._gestures.is_drawing
        if event.key() in REMOVING:
            return not is_drawing and self._remove_pin(event)
        if event.type() == QEvent.Type.ShortcutOverride and is_escape:
            if is_drawing or self._crosshair.place is not None or self._selection.mask.any():
                event.accept()  # it ends something here, whoever else has it as a shortcut
                return True
        elif event.type() == QEvent.Type.KeyPress:
            if is_escape:
                return self._give_up()
            spot, step = self._crosshair.spot(), KEY_STEPS.get(Qt.Key(event.key()))
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and spot is not None:
                self._use_tool(spot, event.modifiers())
                return True
            if step is not None and (spot is not None or not is_drawing):
                is_fast = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._step(step, FAST_KEY_PIXELS if is_fast else KEY_PIXELS)
                return True
        return False

    def _remove_pin(self, event: QKeyEvent) -> bool:
        spot = self._crosshair.spot()
        pin = self._pins.under_pointer() if spot is None else self._pins.at(spot.pixel)
        if pin is None:
            return False
        event.accept()  # else the key, a shortcut, removes points
        if event.type() == QEvent.Type.KeyPress:
            self._pins.remove(pin)
        return True

    def _give_up(self) -> bool:
        """End the nearest thing; whether there was any."""
        if self._gestures.is_drawing:
            self._gestures.cancel()
        elif self._crosshair.place is not None:
            self._crosshair.hide()
        elif self._selection.mask.any():
            self._selection.clear()
        else:
            return False
        return True

    def _step(self, direction: tuple[int, int], pixels: float) -> None:
        plane, (across, up) = self._camera.plane, direction
        x, y = across * pixels / plane.scale, up * pixels / plane.scale_y
        if self._selection.mask.any() and not self._gestures.is_drawing:
            self.nudged.emit(x, y)
        else:
            self._crosshair.step(x, y)

    def _use_tool(self, spot: Spot, modifiers: Qt.KeyboardModifier) -> None:
        if self._gestures.is_drawing:
            self._gestures.finish()
            return
        gesture = self._hand.gesture(self._hand.tool, spot.place, modifiers)
        self._gestures.begin(gesture)
        if not self._hand.tool.facts.is_dragged:
            if isinstance(gesture, Drawing):
                gesture.stroke.pass_time(KEY_SECONDS)
            self._gestures.finish()

    def _drag(self) -> None:
        """Let the gesture under way follow the crosshair."""
        if (
            self._gestures.current is not None
            and self._gestures.is_drawing
            and (spot := self._crosshair.spot()) is not None
        ):
            self._gestures.current.move(spot)


def paint_crosshair(painter: QPainter, centre: QPointF, chrome: Chrome, scale: float) -> None:
    """The place that the cursor keys move."""
    arms = [
        QLineF(centre + QPointF(x * near, y * near), centre + QPointF(x * far, y * far))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
        for near, far in ((4 * scale, 16 * scale),)
    ]
    for colour, width in ((chrome.halo, 5.0), (chrome.ink, 2.0)):
        painter.setPen(QPen(QColor(colour), width * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines(arms)
