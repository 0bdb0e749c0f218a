"""The plane as a drawing surface: tools turn gestures into changed datasets."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCursor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from engine.dataset import Dataset
from engine.isolates import isolated
from gui.canvas.cursors import tool_cursor
from gui.canvas.field_layer import note_inset, paint_note
from gui.canvas.overlay import paint_hint, paint_ring
from gui.canvas.pen import Pen
from gui.canvas.plane_view import wheel_steps
from gui.canvas.selecting_view import SelectingView
from gui.drawing.brushes import Place
from gui.drawing.plane import Plane
from gui.drawing.strokes import Stroke, begin_stroke
from gui.drawing.tools import DRAGGED, LEAST_RING, MOST_RING, SELECTING, USES_CLASS, USES_RING, Tool, ToolOptions
from gui.paint.theme import CLASS_COLOURS, chrome_of
from gui.text.edits import stroke_edit
from gui.text.language import say
from gui.text.sentences import NO_ROOM, axis_captions, outside_note
from gui.widgets.throttle import Throttle

DEFAULT_SIZE = 0.08
KEY_SECONDS = 0.2  # that the button is held by Enter
STROKE_MILLISECONDS = 8  # between two looks at what the pointer has done
DRAFT_MILLISECONDS = 50
POINTER_MILLISECONDS = 33


class Canvas(SelectingView):
    """A plane to draw on.

    Signals:
        stroke_moved(Dataset): what a stroke under way has made so far.
        stroke_drawn(Dataset, str): the result, and the name of the edit, or "" if nothing was changed.
        stroke_cancelled(): the stroke was given up.
        drawing_changed(bool): whether a stroke or a marquee is under way now.
        pointer_moved(object): the place of the pointer as (x, y), or None.
        ring_resized(float): its radius in pixels.
        told(str): a sentence on what a stroke could not do.

    Attributes:
        tool, label, radius, options: what the left button does, for which class, how large (data units), and how.
    """

    stroke_moved = Signal(object)
    stroke_drawn = Signal(object, str)
    stroke_cancelled = Signal()
    drawing_changed = Signal(bool)
    pointer_moved = Signal(object)
    ring_resized = Signal(float)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Plane with points and decision boundary")
        self.setMouseTracking(True)
        self.setTabletTracking(True)  # a pen that hovers shows with which end
        self.tool, self.label, self.radius, self.options = Tool.BRUSH, 0, DEFAULT_SIZE, ToolOptions()
        self._stroke: Stroke | None = None
        self._is_full = False  # whether this stroke was told that there is no room for more points
        self._stroke_tool, self._stroke_label = Tool.BRUSH, 0
        self._before_stroke = self._dataset
        self._button = Qt.MouseButton.NoButton  # that began the gesture, and ends it
        self._pointer: QPointF | None = None
        self._pen, self._erases = Pen(), False  # and whether its other end is the pointer
        self._path: list[Place] = []  # where the pointer went since the stroke was looked at
        self._generator = np.random.default_rng()
        self._stroke_timer, self._stroke_clock = QTimer(self), QElapsedTimer()
        self._stroke_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._stroke_timer.setInterval(STROKE_MILLISECONDS)
        self._stroke_timer.timeout.connect(self._advance)
        self._draft = Throttle(self.stroke_moved.emit, DRAFT_MILLISECONDS, self)
        self._tell_pointer = Throttle(self.pointer_moved.emit, POINTER_MILLISECONDS, self)
        self.crosshair_moved.connect(self._tell_pointer)
        self.crosshair_moved.connect(self._drag_to)
        self._show_cursor()

    def show_dataset(self, dataset: Dataset, validation_fraction: float) -> None:
        """Show points; a stroke under way goes on with its own."""
        self.show_points(dataset if self._stroke is None else self._stroke.dataset, validation_fraction)

    def choose_tool(self, tool: Tool, label: int) -> None:
        """What the left button does from now on, and for which class."""
        self.tool, self.label = tool, label
        self._show_cursor()

    def resize_tool(self, factor: float) -> None:
        """Make the ring larger or smaller."""
        pixels = min(max(self.radius * factor * self.plane.scale, LEAST_RING), MOST_RING)
        self.radius = pixels / self.plane.scale
        self.ring_resized.emit(pixels)
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
        """Whether a stroke or a marquee is under way."""
        return self._stroke is not None or super().is_drawing

    # painting

    def paint_overlay(self, painter: QPainter) -> None:
        """The hint of an empty plane, what selects, and the ring."""
        super().paint_overlay(painter)
        chrome = chrome_of(self.palette())
        if not len(self._dataset):
            paint_hint(painter, self.plane, chrome, self.font())
        if self._points.n_outside:
            font = self.font()
            font.setPixelSize(12)
            inset = note_inset(axis_captions(self._dataset)[0], font)
            note = outside_note(self._points.n_outside)
            paint_note(painter, note, self.plane, chrome, font, at_bottom=True, inset=inset)
        tool = Tool.ERASER if self._erases else self.tool
        if self._stroke is not None:
            tool = self._stroke_tool
        centre = self._pointer if self.crosshair is None else self.crosshair_pixel()
        if centre is not None and not self.is_panning and tool in USES_RING:
            colour = chrome.ink
            if tool in USES_CLASS:
                label = self._stroke_label if self._stroke is not None else self.label
                colour = CLASS_COLOURS[self._dataset.colours[min(label, self._dataset.n_classes - 1)]]
            radius = self.radius * self.plane.scale
            paint_ring(painter, centre, radius, colour, chrome, dashed=tool not in USES_CLASS)

    def tool_cursor(self) -> QCursor:
        """The cross of the tool."""
        return tool_cursor(self.tool, chrome_of(self.palette()), self.devicePixelRatioF())

    def _move_ring(self, place: QPointF | None) -> None:
        before, self._pointer = self._pointer, place
        reach = math.ceil(self.radius * self.plane.scale) + 4
        for centre in (before, place):
            if centre is not None:
                corner = centre.toPoint()
                self.update(corner.x() - reach, corner.y() - reach, 2 * reach + 1, 2 * reach + 1)

    # events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, button = event.position(), event.button()
        if self.is_drawing:
            return
        super().mousePressEvent(event)
        self._erases, self.crosshair = self._pen.erases(), None
        draws = button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if draws and not self.is_panning and self.plane.contains(place.x(), place.y()):
            self._button = button
            tool = Tool.ERASER if self._erases or button == Qt.MouseButton.RightButton else self.tool
            self._begin(tool, self.plane.inside(place.x(), place.y()), event.modifiers())
        self._move_ring(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, self._erases = event.position(), self._pen.erases()
        super().mouseMoveEvent(event)
        if self.is_drawing and not event.buttons() & self._button:
            self.finish_stroke()  # the button was released where this widget could not see it
        self._drag_to(self.plane.inside(place.x(), place.y()))
        is_inside = self.plane.contains(place.x(), place.y())
        self._tell_pointer(self.plane.to_data(place.x(), place.y()) if is_inside else None)
        self._move_ring(place if is_inside or self.is_drawing else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.is_drawing and event.button() == self._button:
            self.finish_stroke()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Note what the pen says; the mouse event that Qt makes of this one does the rest."""
        self._pen.hear(event)
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        self._move_ring(None)
        self._tell_pointer.cancel()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_drawing:
            self.cancel_stroke()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.crosshair is not None:
            self._use_tool_by_key(self.crosshair, event.modifiers())
        else:
            super().keyPressEvent(event)

    def _use_tool_by_key(self, place: Place, modifiers: Qt.KeyboardModifier) -> None:
        """Use the tool at the crosshair; what must be dragged is begun, and ended by the next time."""
        if self.is_drawing:
            self.finish_stroke()
            return
        self._button = Qt.MouseButton.NoButton
        self._begin(self.tool, place, modifiers)
        if self.tool not in DRAGGED:
            if self._stroke is not None:
                self._stroke.pass_time(KEY_SECONDS)
            self.finish_stroke()

    # gestures

    def _drag_to(self, place: Place) -> None:
        """The pointer or the crosshair went there."""
        if self._stroke is not None:
            self._path.append(place)
        elif self.marquee is not None:
            self.marquee.follow(place)
            self.update()

    def _begin(self, tool: Tool, start: Place, modifiers: Qt.KeyboardModifier) -> None:
        shift = Qt.KeyboardModifier.ShiftModifier
        self.drawing_changed.emit(True)
        if tool in SELECTING:
            if modifiers != Qt.KeyboardModifier.NoModifier or not self.is_selected_at(start):
                self.begin_marquee(start, modifiers, is_lasso=tool is Tool.LASSO)
                return
            tool = Tool.MOVE  # a selected point was taken hold of
        self._stroke_tool, self._stroke_label, self._before_stroke = tool, self.label, self._dataset
        self._path, self._is_full = [start], False
        self._stroke = begin_stroke(
            tool,
            self._dataset,
            label=self.label,
            start=start,
            radius=self.radius,
            options=self.options,
            generator=self._generator,
            selected=self.selected,
            repels=bool(modifiers & shift),
        )
        self._stroke_clock.start()
        self._stroke_timer.start()
        self._advance()

    def _advance(self) -> None:
        """Hand the stroke what the pointer did since it was looked at last, and the time that passed."""
        if self._stroke is not None:
            if len(self._path) > 1:
                self._stroke.follow(np.array(self._path))
                self._path = self._path[-1:]
            seconds = self._stroke_clock.nsecsElapsed() * 1e-9  # whole milliseconds would lose a part of every look
            self._stroke_clock.start()
            self._stroke.pass_time(seconds * self._pen.pressure)
            if self._stroke.dataset is not self._dataset:
                self.show_points(self._stroke.dataset, self._fraction)
                self._draft(self._dataset)
            if self._stroke.left_out and not self._is_full:
                self._is_full = True
                self.told.emit(say(NO_ROOM))

    def finish_stroke(self) -> None:
        """End the stroke or marquee under way, if there is one, and hand it over."""
        self._advance()
        stroke, was_drawing = self._stroke, self.is_drawing
        self._end_stroke()
        if stroke is not None:
            name = self._dataset.class_names[min(self._stroke_label, self._dataset.n_classes - 1)]
            text = say(stroke_edit(self._stroke_tool, stroke.changed, isolated(name)))
            if not text:
                self.show_points(self._before_stroke, self._fraction)
            self.stroke_drawn.emit(stroke.dataset, text)
        self.finish_marquee()
        if was_drawing:
            self.drawing_changed.emit(False)

    def cancel_stroke(self) -> None:
        """Give up the stroke or marquee under way."""
        had_stroke, was_drawing, self.marquee = self._stroke is not None, self.is_drawing, None
        self._end_stroke()
        if had_stroke:
            # the session may not have heard of the stroke yet
            self.show_points(self._before_stroke, self._fraction)
            self.stroke_cancelled.emit()
        if was_drawing:
            self.drawing_changed.emit(False)

    def _end_stroke(self) -> None:
        self._stroke = None
        self._stroke_timer.stop()
        self._draft.cancel()
        self.update()
