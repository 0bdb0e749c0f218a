"""The plane as a drawing surface: tools turn gestures into changed datasets."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from engine.dataset import Dataset
from gui.plane import Plane
from gui.plane_view import PlaneView, wheel_steps
from gui.theme import CLASS_COLOURS, chrome_of
from gui.throttle import Throttle
from gui.tools import BrushStroke, EraserStroke, SprayStroke, Stroke, Tool

DEFAULT_SIZE = 0.08
LEAST_PIXELS, MOST_PIXELS = 4.0, 400.0  # of the ring's radius
SPRAY_MILLISECONDS = 16
DRAFT_MILLISECONDS = 50
EMPTY_HINT = (
    "Draw here with the left mouse button",
    "1, 2, 3 … choose the class · the right button erases · or choose a dataset on the left",
)


class Canvas(PlaneView):
    """A plane to draw on.

    Signals:
        stroke_moved(Dataset): what a stroke under way has made so far.
        stroke_drawn(Dataset, int, bool): the result, the points it changed, and whether it erased them.
        stroke_cancelled(): the stroke was given up.
        pointer_moved(object): the place of the pointer as (x, y), or None.

    Attributes:
        tool, label, radius: what the left button does, for which class, and how large (data units).
    """

    stroke_moved = Signal(object)
    stroke_drawn = Signal(object, int, bool)
    stroke_cancelled = Signal()
    pointer_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Plane with points and decision boundary")
        self.setMouseTracking(True)
        self.tool, self.label, self.radius = Tool.BRUSH, 0, DEFAULT_SIZE
        self._stroke: Stroke | None = None
        self._button = Qt.MouseButton.NoButton  # that began the stroke, and ends it
        self._pointer: QPointF | None = None
        self._generator = np.random.default_rng()
        self._spray_timer, self._spray_clock = QTimer(self), QElapsedTimer()
        self._spray_timer.setInterval(SPRAY_MILLISECONDS)
        self._spray_timer.timeout.connect(self._spray)
        self._draft = Throttle(self.stroke_moved.emit, DRAFT_MILLISECONDS, self)

    def show_dataset(self, dataset: Dataset, validation_fraction: float) -> None:
        """Show points; a stroke under way goes on with its own."""
        self.show_points(dataset if self._stroke is None else self._stroke.dataset, validation_fraction)

    def choose_tool(self, tool: Tool, label: int) -> None:
        """What the left button does from now on, and for which class."""
        self.tool, self.label = tool, label
        self.update()

    def resize_tool(self, factor: float) -> None:
        """Make the tool larger or smaller."""
        pixels = min(max(self.radius * factor * self.plane.scale, LEAST_PIXELS), MOST_PIXELS)
        self.radius = pixels / self.plane.scale
        self.update()

    def _use_plane(self, plane: Plane) -> None:
        super()._use_plane(plane)
        self.resize_tool(1.0)  # the ring stays a size that can be seen and that lays no thousand points a drag

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.finish_stroke()  # a dialog has taken the mouse
        super().changeEvent(event)

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    def cancel_stroke(self) -> None:
        """Give up the stroke under way."""
        if self._stroke is not None:
            self._end_stroke()
            self.stroke_cancelled.emit()

    def paint_overlay(self, painter: QPainter) -> None:
        """The hint of an empty plane, and the ring."""
        if not len(self._dataset):
            self._paint_hint(painter)
        if self._pointer is not None and not self.is_panning:
            self._paint_ring(painter, self._pointer)

    def _paint_hint(self, painter: QPainter) -> None:
        chrome = chrome_of(self.palette())
        area = QRectF(self._plane_rect()).adjusted(20, 20, -20, -20)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        font = self.font()
        for text, size, colour, top in zip(EMPTY_HINT, (20, 14), (chrome.ink, chrome.faint), (-34, 10), strict=True):
            font.setPixelSize(size)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(area.adjusted(0, area.height() / 2 + top, 0, 0), flags, text)

    def _paint_ring(self, painter: QPainter, centre: QPointF) -> None:
        chrome = chrome_of(self.palette())
        erasing = self.tool is Tool.ERASER or isinstance(self._stroke, EraserStroke)
        radius = self.radius * self.plane.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(chrome.halo), 3.5))
        painter.drawEllipse(centre, radius, radius)
        colour = QColor(
            chrome.ink
            if erasing
            else CLASS_COLOURS[self._dataset.colours[min(self.label, self._dataset.n_classes - 1)]]
        )
        pen = QPen(colour, 2, Qt.PenStyle.DashLine if erasing else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawEllipse(centre, radius, radius)

    def _move_ring(self, place: QPointF | None) -> None:
        before, self._pointer = self._pointer, place
        reach = math.ceil(self.radius * self.plane.scale) + 4
        for centre in (before, place):
            if centre is not None:
                corner = centre.toPoint()
                self.update(corner.x() - reach, corner.y() - reach, 2 * reach + 1, 2 * reach + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, button = event.position(), event.button()
        if self._stroke is not None:
            return
        super().mousePressEvent(event)
        draws = button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if draws and not self.is_panning and self.plane.contains(place.x(), place.y()):
            self._button = button
            self._begin_stroke(place, erase=button == Qt.MouseButton.RightButton)
        self._move_ring(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        super().mouseMoveEvent(event)
        if self._stroke is not None and not event.buttons() & self._button:
            self.finish_stroke()  # the button was released where this widget could not see it
        if self._stroke is not None:
            self._stroke.move(self.inside(place))
            self._stroke_went_on()
        is_inside = self.plane.contains(place.x(), place.y())
        self.pointer_moved.emit(self.plane.to_data(place.x(), place.y()) if is_inside else None)
        self._move_ring(place if is_inside or self._stroke is not None else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._stroke is not None and event.button() == self._button:
            self.finish_stroke()

    def leaveEvent(self, event: QEvent) -> None:
        self._move_ring(None)
        self.pointer_moved.emit(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keyboard, for the space bar and the keys of the tools; not from somebody who is typing."""
        is_typing = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)
        if self.window().isActiveWindow() and not is_typing:
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resize_tool(1.15 ** wheel_steps(event))
            event.accept()
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc during a stroke, whoever else has it as a shortcut."""
        mine = False
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = event.key() == Qt.Key.Key_Escape and self._stroke is not None
        if mine:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stroke is not None:
            self.cancel_stroke()
        else:
            super().keyPressEvent(event)

    def _begin_stroke(self, place: QPointF, *, erase: bool) -> None:
        start = self.inside(place)
        if erase or self.tool is Tool.ERASER:
            self._stroke = EraserStroke(self._dataset, start, self.radius)
        elif self.tool is Tool.SPRAY:
            self._stroke = SprayStroke(self._dataset, self.label, start, self.radius, self._generator)
            self._spray_clock.start()
            self._spray_timer.start()
        else:
            self._stroke = BrushStroke(self._dataset, self.label, start, self.radius)
        self._stroke_went_on()

    def _stroke_went_on(self) -> None:
        if self._stroke is None or self._stroke.dataset is self._dataset:
            return
        self.show_points(self._stroke.dataset, self._fraction)
        self._draft(self._dataset)

    def _spray(self) -> None:
        if self._stroke is not None:
            self._stroke.pass_time(self._spray_clock.restart() / 1000)
            self._stroke_went_on()

    def finish_stroke(self) -> None:
        """End the stroke under way, if there is one, and hand it over."""
        stroke = self._stroke
        if stroke is not None:
            self._end_stroke()
            self.stroke_drawn.emit(stroke.dataset, stroke.changed, isinstance(stroke, EraserStroke))

    def _end_stroke(self) -> None:
        self._stroke = None
        self._spray_timer.stop()
        self._draft.cancel()
