"""The plane to draw on: a view with a tool in hand, a crosshair, and what is said and shown of both."""

from __future__ import annotations

from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QWidget

from engine.dataset import Dataset
from gui.canvas.crosshair import Crosshair, PlaneKeys
from gui.canvas.gestures import Gesture, Press
from gui.canvas.overlay import EmptyHint, FocusFrame, OutsideNote, Pointer
from gui.canvas.plane_view import PlaneView
from gui.canvas.tool_in_hand import Drawing, ToolInHand
from gui.drawing.tools import FinishedStroke
from gui.paint.cursors import tool_cursor
from gui.paint.theme import chrome_of
from gui.text.language import say


class Canvas(PlaneView):
    """A plane to draw on.

    Attributes:
        hand: the tool in hand, and the strokes it draws.
        crosshair, keys: what the keyboard does here.
        pointer: where it is.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(say("Plane with points and decision boundary"))
        self.setMouseTracking(True)
        self.setTabletTracking(True)  # a pen that hovers shows with which end
        self.hand, self.crosshair = ToolInHand(self), Crosshair(self.camera, self)
        self.keys = PlaneKeys(self.crosshair, self.hand, self)
        self.pointer, focus = Pointer(self.crosshair, self.hand, self), FocusFrame(self)
        self.layers += [self.crosshair, focus, EmptyHint(), OutsideNote(self.points), self.pointer]
        self.takers = (*self.takers, self.hand.take, self.keys.take, self.pointer.take, focus.take)
        self.hand.changed.connect(self.show_cursor)
        self.crosshair.changed.connect(self.refresh)
        self.show_cursor()

    def show_dataset(self, dataset: Dataset, validation_fraction: float) -> None:
        """Show points; a stroke under way goes on with its own."""
        is_stroke = isinstance(self.gestures.current, Drawing)
        self.show_points(self.dataset if is_stroke else dataset, validation_fraction)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.gestures.is_drawing:
            self.crosshair.hide()
        super().mousePressEvent(event)
        self.pointer.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointer.move(event.position())  # after a gesture that moves the plane along with it

    def start(self, press: Press) -> Gesture | None:
        return self.hand.start(press)

    def usual_cursor(self) -> QCursor:
        """The cross of the tool."""
        return tool_cursor(self.hand.tool.value, chrome_of(self.palette()), self.devicePixelRatioF())

    def take_stroke(self) -> FinishedStroke | None:
        """End what is being drawn, because something else is done now; the stroke that was under way, if it was one."""
        gesture = self.gestures.current
        if isinstance(gesture, Drawing):
            self.gestures.end()
            return gesture.result()
        if self.gestures.is_drawing:
            self.gestures.finish()
        return None

    def drop_stroke(self) -> None:
        """Forget what is being drawn, because what it is drawn on is gone."""
        if self.gestures.is_drawing and isinstance(gesture := self.gestures.end(), Drawing):
            gesture.drop()
