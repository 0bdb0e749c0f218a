"""The plane to draw on: a view with a tool in hand, a crosshair, and what is said and shown of both."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.data.shares import Shares
from engine.dataset import Dataset
from gui.canvas.crosshair import Crosshair, PlaneKeys
from gui.canvas.gestures import Gesture, Press
from gui.canvas.overlay import AxisTip, EmptyHint, FocusFrame, OutsideNote, Pointer
from gui.canvas.pins.pinboard import Pinboard
from gui.canvas.plane_view import PlaneView
from gui.canvas.tool_in_hand import Drawing, ToolInHand
from gui.drawing.tools import FinishedStroke
from gui.paint.cursors import tool_cursor
from gui.paint.theme import chrome_of
from gui.paint.type_size import scale_of
from gui.text.language import mark, say

DESCRIPTION = mark(
    "The left button uses the tool in hand, the right button erases; a click of it on empty ground opens a menu. The "
    "cursor keys move a crosshair, and Enter uses the tool there."
)


class Canvas(PlaneView):
    """A plane to draw on.

    Signals:
        menu_wanted(Spot): by a key, or by a click of the right button where it erases nothing.

    Attributes:
        hand: the tool in hand, and the strokes it draws.
        pins: what is looked at.
        crosshair, keys: what the keyboard does here.
        pointer: where it is.
        has_halo: whether it is to be found from afar.
    """

    menu_wanted = Signal(object)
    has_halo = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(say("Plane with points and decision boundary"))
        self.setAccessibleDescription(say(DESCRIPTION))
        self.setMouseTracking(True)
        self.setTabletTracking(True)  # a pen that hovers shows with which end
        self.pins, self.crosshair = Pinboard(self), Crosshair(self.camera, self)
        self.hand = ToolInHand(self, self.pins)
        self.keys = PlaneKeys(self.crosshair, self.hand, self.pins, self)
        self.pointer, focus = Pointer(self.crosshair, self.hand, self), FocusFrame(self)
        self.layers += [self.pins, self.crosshair, focus, EmptyHint(), OutsideNote(self.points), self.pointer]
        takers = (AxisTip(self), self.hand, self.pins, self.keys, self.pointer, focus)
        self.takers = (*self.takers, *(taker.take for taker in takers))
        self._clicked: QPointF | None = None  # where the right button went down, while that may be a click
        self.hand.changed.connect(self.show_cursor)
        self.crosshair.changed.connect(self.refresh)
        self.show_cursor()

    def show_dataset(self, dataset: Dataset, shares: Shares) -> None:
        """Show points; a stroke under way goes on with its own."""
        is_stroke = isinstance(self.gestures.current, Drawing)
        self.show_points(self.dataset if is_stroke else dataset, shares)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.gestures.is_drawing:
            self.crosshair.hide()
        super().mousePressEvent(event)
        self.pointer.press(event.position())
        is_right = event.button() == Qt.MouseButton.RightButton and isinstance(self.gestures.current, Drawing)
        self._clicked = event.position() if is_right else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointer.move(event.position())  # after a gesture that moves the plane along with it
        if self._clicked is not None:
            way = (event.position() - self._clicked).manhattanLength()
            self._clicked = self._clicked if way < QApplication.startDragDistance() else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, clicked = self.gestures.current, self._clicked
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.RightButton and isinstance(gesture, Drawing):
            self._clicked = None
            if clicked is not None and gesture is not self.gestures.current and not gesture.stroke.changed:
                self.menu_wanted.emit(self.spot(clicked))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open no menu when the right button goes down, as the system asks for: it may be going to erase."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and is_shifted):
            middle = QPointF(self.plane.x + self.plane.width / 2, self.plane.y + self.plane.height / 2)
            self.menu_wanted.emit(self.crosshair.spot() or self.spot(middle))
        else:
            super().keyPressEvent(event)

    def start(self, press: Press) -> Gesture | None:
        return self.hand.start(press)

    def usual_cursor(self) -> QCursor:
        """The cross of the tool."""
        chrome, scale = chrome_of(self.palette()), scale_of(self.font())
        return tool_cursor(self.hand.tool.value, chrome, scale, self.devicePixelRatioF(), has_halo=self.has_halo)

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
