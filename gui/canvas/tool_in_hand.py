"""The tool in hand, and the strokes it draws."""

# Tests: tests/gui/canvas/test_canvas.py

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QTabletEvent, QWheelEvent

from engine.dataset import Dataset
from gui.canvas.gestures import Gesture, Press, Spot
from gui.canvas.pins.pinboard import Pinboard
from gui.canvas.plane_view import PlaneView, wheel_steps
from gui.canvas.selection import Selecting, mode_of
from gui.canvas.touch import Pen
from gui.drawing.brushes import Place
from gui.drawing.options import MAX_RING, MIN_RING, ToolOptions
from gui.drawing.selection import Marquee
from gui.drawing.strokes import Stroke
from gui.drawing.tools import FinishedStroke, StrokeStart, Tool
from gui.widgets.throttle import Throttle

DEFAULT_SIZE = 0.08
STROKE_MILLISECONDS = 8  # between two looks at what the pointer has done
DRAFT_MILLISECONDS = 50


class ToolInHand(QObject):
    """The tool of the left button on a view, with the class it draws, its size and its options.

    Signals:
        changed(): another tool or class is in hand.
        ring_resized(float): its radius in pixels.
        stroke_moved(Dataset): what a stroke under way has made so far.
        stroke_finished(FinishedStroke): by the hand; it has changed something.
        stroke_cancelled(): the stroke was given up, or has changed nothing.
        no_room(): a stroke could not add all its points.

    Attributes:
        tool, label, radius, options: what is in hand; the radius of the ring is in data units.
        pen: what is known of it.
        generator: of the random numbers of strokes.
    """

    changed = Signal()
    ring_resized = Signal(float)
    stroke_moved = Signal(object)
    stroke_finished = Signal(object)
    stroke_cancelled = Signal()
    no_room = Signal()

    def __init__(self, view: PlaneView, pins: Pinboard) -> None:
        super().__init__(view)
        self.tool, self.label, self.radius, self.options = Tool.BRUSH, 0, DEFAULT_SIZE, ToolOptions()
        self.pen, self.generator = Pen(), np.random.default_rng()
        self._view, self._pins, self._erases = view, pins, False
        self.draft = Throttle(self.stroke_moved.emit, DRAFT_MILLISECONDS, self)
        view.camera.moved.connect(self._keep_size)

    def choose(self, tool: Tool, label: int) -> None:
        """Take a tool for the left button from now on, and the class that it draws."""
        if (tool, label) != (self.tool, self.label):
            self.tool, self.label = tool, label
            self.changed.emit()

    def resize(self, factor: float) -> None:
        """Make the ring larger or smaller."""
        scale = self._view.plane.mean_scale
        pixels = min(max(self.radius * factor * scale, MIN_RING), MAX_RING)
        self.radius = pixels / scale
        self.ring_resized.emit(pixels)
        self._view.refresh()

    def _keep_size(self) -> None:
        self.resize(1.0)  # that can be seen, and that lays no thousand points a drag

    @property
    def shown(self) -> tuple[Tool, int]:
        """The tool that is seen at the pointer, and its class: that of the stroke, or what would be begun."""
        gesture = self._view.gestures.current
        if isinstance(gesture, Drawing):
            return gesture.tool, gesture.label
        return (Tool.ERASER if self._erases else self.tool), self.label

    def take(self, event: QEvent) -> bool:
        """Hear the pen and note with which end it is the pointer; resize the ring by Ctrl and the wheel."""
        if isinstance(event, QTabletEvent):
            self.pen.hear(event)  # the mouse event that Qt makes of this one does the rest
        elif isinstance(event, QMouseEvent) and event.type() != QEvent.Type.MouseButtonRelease:
            self._erases = self.pen.erases()
        elif isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resize(1.15 ** wheel_steps(event))
            event.accept()
            return True
        return False

    def start(self, press: Press) -> Gesture | None:
        """The gesture that a press on the plane begins."""
        right, pixel = Qt.MouseButton.RightButton, press.spot.pixel
        if press.button not in (Qt.MouseButton.LeftButton, right) or not self._view.plane.contains(
            pixel.x(), pixel.y()
        ):
            return None
        tool = Tool.ERASER if self._erases or press.button == right else self.tool
        modifiers = press.modifiers & ~Qt.KeyboardModifier.AltModifier if press.button == right else press.modifiers
        return self.gesture(tool, press.spot.place, modifiers)

    def gesture(self, tool: Tool, start: Place, modifiers: Qt.KeyboardModifier) -> Gesture:
        """The gesture that a tool begins at a place."""
        view = self._view
        if tool is Tool.INSPECT or modifiers == Qt.KeyboardModifier.AltModifier:
            return self._pins.gesture(start)
        if tool.facts.begins is None:
            if modifiers != Qt.KeyboardModifier.NoModifier or not view.selection.is_at(start):
                marquee = Marquee(start, mode_of(modifiers), is_lasso=tool is Tool.LASSO)
                return Selecting(view.selection, marquee, view.refresh)
            tool = Tool.MOVE  # a selected point was taken hold of
        return Drawing(self, view, tool, start, repels=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))


class Drawing(Gesture):
    """A stroke under way: follows the pointer, and shows what becomes of the points.

    Attributes:
        tool, label: it began with.
        stroke: what it makes.
    """

    draws = True

    def __init__(self, hand: ToolInHand, view: PlaneView, tool: Tool, start: Place, *, repels: bool) -> None:
        self.tool, self.label, self._hand, self._view = tool, hand.label, hand, view
        self._before, self._path, self._is_full = view.dataset, [start], False
        begins = tool.facts.begins
        assert begins is not None
        self.stroke: Stroke = begins(
            StrokeStart(
                view.dataset,
                hand.label,
                start,
                hand.radius,
                hand.options,
                hand.generator,
                view.selection.mask,
                repels=repels,
            )
        )
        self.clock, self._timer = QElapsedTimer(), QTimer(hand)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(STROKE_MILLISECONDS)
        self._timer.timeout.connect(self.advance)

    def begin(self) -> None:
        self.clock.start()
        self._timer.start()
        self.advance()

    def move(self, spot: Spot) -> None:
        self._path.append(spot.place)

    def advance(self) -> None:
        """Hand the stroke what the pointer did since it was looked at last, and the time that passed."""
        if len(self._path) > 1:
            self.stroke.follow(np.array(self._path))
            self._path = self._path[-1:]
        seconds = self.clock.nsecsElapsed() * 1e-9  # whole milliseconds would lose a part of every look
        self.clock.start()
        self.stroke.pass_time(seconds * self._hand.pen.pressure)
        if self.stroke.dataset is not self._view.dataset:
            self._show(self.stroke.dataset)
            self._hand.draft(self.stroke.dataset)
        if self.stroke.left_out and not self._is_full:
            self._is_full = True
            self._hand.no_room.emit()

    def release(self) -> None:
        finished = self.result()
        if finished.count:
            self._hand.stroke_finished.emit(finished)
        else:
            self._hand.stroke_cancelled.emit()

    def result(self) -> FinishedStroke:
        """Follow the pointer to the end; what has come of it."""
        self._timer.stop()  # even if the last step fails
        self.advance()
        self._stop()
        stroke = self.stroke
        if not stroke.changed:
            self._show(self._before)
        return FinishedStroke(stroke.dataset, self.tool, stroke.changed, self.label)

    def cancel(self) -> None:
        self.drop()
        self._hand.stroke_cancelled.emit()

    def drop(self) -> None:
        """Give the stroke up without a word."""
        self._stop()
        self._show(self._before)

    def _show(self, dataset: Dataset) -> None:
        self._view.show_points(dataset, self._view.shares)

    def _stop(self) -> None:
        self._timer.stop()
        self._timer.deleteLater()
        self._hand.draft.cancel()
