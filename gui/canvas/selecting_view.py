"""A plane on which points can be selected: by rectangle, by lasso, by click; and a crosshair that keys move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from engine.dataset import Dataset
from gui.canvas.overlay import paint_crosshair, paint_focus, paint_marquee
from gui.canvas.plane_view import PlaneView
from gui.drawing.brushes import Place
from gui.drawing.selection import LostSelections, Marquee, SelectionMode, carried_over, combined, nearest
from gui.paint.theme import chrome_of

REACH_PIXELS = 10.0  # a click this near to a point means the point
LEAST_MARQUEE = 4.0  # pixels; what is smaller is a click
KEY_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
KEYED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
KEY_PIXELS, FAST_KEY_PIXELS = 4.0, 40.0


class SelectingView(PlaneView):
    """Shows points, some of them selected.

    Signals:
        selection_changed(int): so many points are selected now.
        nudged(float, float): the selected points are to be moved so far, in data units.
        crosshair_moved(object): to the place (x, y).

    Attributes:
        marquee: the selecting gesture under way, or None.
        crosshair: the place in data units that the cursor keys move, or None while it is hidden.
    """

    selection_changed = Signal(int)
    nudged = Signal(float, float)
    crosshair_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marquee: Marquee | None = None
        self._lost = LostSelections()
        self.crosshair: Place | None = None
        self._came_by_key = False  # the focus

    def select(self, selected: NDArray[np.bool_], mode: SelectionMode = SelectionMode.REPLACE) -> None:
        """Select points, bool ndarray of shape (n_samples,)."""
        self.selected = combined(self.selected, selected, mode)
        self._points.show(self._dataset, self._fraction, self.selected)
        self.selection_changed.emit(int(self.selected.sum()))
        self.update()

    def deselect(self) -> None:
        """Select nothing."""
        self.select(np.zeros(len(self._dataset), dtype=bool))

    def show_points(self, dataset: Dataset, validation_fraction: float) -> None:
        before = self.selected
        self.selected = carried_over(before, self._dataset, dataset)
        if dataset is not self._dataset:
            if self.selected.sum() < before.sum():
                self._lost.keep(self._dataset, before)
            if (lost := self._lost.take(dataset)) is not None:
                self.selected = lost
        super().show_points(dataset, validation_fraction)
        if before.sum() != self.selected.sum():
            self.selection_changed.emit(int(self.selected.sum()))

    def is_selected_at(self, place: Place) -> bool:
        """Whether the point nearest to a place is near enough, and selected."""
        return bool((nearest(self._dataset, place, REACH_PIXELS / self.plane.scale) & self.selected).any())

    def begin_marquee(self, start: Place, modifiers: Qt.KeyboardModifier, *, is_lasso: bool) -> None:
        """Begin to select; Shift adds to what is selected, Alt or Ctrl takes away from it."""
        mode = SelectionMode.REPLACE
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            mode = SelectionMode.ADD
        elif modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            mode = SelectionMode.SUBTRACT
        self.marquee = Marquee(start, mode, is_lasso=is_lasso)

    def finish_marquee(self) -> None:
        """Select what is inside the marquee, if there is one; without a size it is a click on a point."""
        marquee, self.marquee = self.marquee, None
        if marquee is None:
            return
        if marquee.extent() * self.plane.scale < LEAST_MARQUEE:
            hit = nearest(self._dataset, marquee.path[0], REACH_PIXELS / self.plane.scale)
        else:
            hit = marquee.hit(self._dataset)
        self.select(hit, marquee.mode)

    def paint_overlay(self, painter: QPainter) -> None:
        """The marquee and the crosshair."""
        chrome = chrome_of(self.palette())
        if self.marquee is not None:
            paint_marquee(painter, self.marquee.outline(), self.plane, chrome)
        if self.crosshair is not None:
            paint_crosshair(painter, self.crosshair_pixel(), chrome)
        if self._came_by_key and self.hasFocus():
            paint_focus(painter, self.plane, self.palette().highlight().color())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard has come here, if it came by a key; a pointer shows by itself where it is."""
        self._came_by_key = event.reason() in KEYED
        self.update()
        super().focusInEvent(event)

    def crosshair_pixel(self) -> QPointF:
        """Where the crosshair is on the screen."""
        return QPointF(*self.plane.to_pixels(np.array([self.crosshair], dtype=np.float32))[0].tolist())

    def event(self, event: QEvent) -> bool:
        """Keep Esc where it ends something here, whoever else has it as a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ends = self.is_drawing or self.crosshair is not None or self.selected.any()
            if event.key() == Qt.Key.Key_Escape and ends:
                event.accept()
                return True
        return super().event(event)

    @property
    def is_drawing(self) -> bool:
        """Whether a gesture is under way."""
        return self.marquee is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = KEY_STEPS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            if self.crosshair is None:
                self.deselect()
            self.crosshair = None
            self.update()
        elif steps is not None and (self.crosshair is not None or not self.is_drawing):
            fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = (FAST_KEY_PIXELS if fast else KEY_PIXELS) / self.plane.scale
            self._step_by_key(steps[0] * step, -steps[1] * step)
        else:
            super().keyPressEvent(event)

    def _step_by_key(self, x: float, y: float) -> None:
        """Move the selected points if there are some, else the crosshair, which first appears in the middle."""
        if self.selected.any() and not self.is_drawing:
            self.nudged.emit(x, y)
            return
        left, right, bottom, top = self.plane.edges()
        place = (left + right) / 2, (bottom + top) / 2
        if self.crosshair is not None:
            place = min(max(self.crosshair[0] + x, left), right), min(max(self.crosshair[1] + y, bottom), top)
        self.crosshair = place
        self.crosshair_moved.emit(place)
        self.update()
