"""A part of the plane with field, boundary and points, to be zoomed and moved; `gui.canvas.canvas` draws on it."""

# Tests: tests/gui/canvas/test_canvas.py

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.dataset import Dataset, empty_dataset
from engine.insight.field import Field, View
from gui.canvas.field_layer import FieldLayer
from gui.canvas.point_layer import PointLayer
from gui.canvas.touch import TouchedWidget
from gui.drawing.plane import Plane
from gui.paint.theme import chrome_of, field_colours
from gui.text.sentences import axis_captions
from gui.widgets.throttle import Throttle

LEFT_MARGIN, BOTTOM_MARGIN, MARGIN = 44, 24, 10
LEAST_SIZE = (120, 100)  # pixels: four lanes beside the settings of a small screen
VIEW_MILLISECONDS = 30


class PlaneView(TouchedWidget):
    """Shows a dataset and a decision field; the wheel zooms, the middle button or the space bar and a drag move.

    Args:
        parent: owner.
        follows: whether another view decides what part of the plane is shown; see `look_like`.

    Signals:
        view_changed(View): another part of the plane is visible, or it is coloured otherwise.
        plane_changed(Plane): another part of the plane is shown, or on another place of the screen.
        space_tapped(): the space bar was used, and not for moving.

    Attributes:
        plane: the visible part.
        selected: which points are marked, bool ndarray of shape (n_samples,).
        fields_painted: how many fields have reached the screen.
    """

    view_changed = Signal(object)
    plane_changed = Signal(object)
    space_tapped = Signal()

    def __init__(self, parent: QWidget | None = None, *, follows: bool = False) -> None:
        super().__init__(parent)
        self._follows = follows
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(*LEAST_SIZE)
        self.fields_painted = 0
        self._dataset, self._fraction = empty_dataset(), 0.0
        self.selected: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self._points, self._field = PointLayer(), FieldLayer()
        self._fitted = not follows
        self._fitted_to = self._dataset
        self._new_field = False
        self._pan_from: QPointF | None = None
        self._space_held = self._space_panned = False
        self._view = Throttle(self._send_view, VIEW_MILLISECONDS, self)

    def show_points(self, dataset: Dataset, validation_fraction: float) -> None:
        """Show points, those for validation hollow."""
        recoloured = dataset.colours != self._dataset.colours
        self._dataset, self._fraction = dataset, validation_fraction
        if recoloured:
            self._view()
        self._points.show(dataset, validation_fraction, self.selected)
        self.update()

    @property
    def shown_points(self) -> tuple[Dataset, float]:
        """The points that are shown, and the share kept for validation."""
        return self._dataset, self._fraction

    def show_field(self, field: Field | None, *, has_diverged: bool = False) -> None:
        """Show a decision field, maybe of a run that has diverged, or none."""
        if not len(self._dataset):
            field = None  # what is left of points that are gone
        self._field.show(field, has_diverged=has_diverged)
        self._new_field = field is not None
        self.update(plane_rect(self.plane))

    def fit(self) -> None:
        """Show all points."""
        self._fitted, self._fitted_to = True, self._dataset
        self._use_plane(self.plane.fitted(self._dataset.places))

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Zoom at a pixel, or at the middle."""
        self._fitted = False
        middle_x, middle_y = self.plane.x + self.plane.width / 2, self.plane.y + self.plane.height / 2
        self._use_plane(self.plane.zoomed(factor, middle_x if x is None else x, middle_y if y is None else y))

    @property
    def is_panning(self) -> bool:
        """Whether the plane is being moved, or about to be."""
        return self._pan_from is not None or self._space_held

    def look_like(self, plane: Plane) -> None:
        """Show what another view shows, as far as the shape allows."""
        mine = replace(self.plane, centre_x=plane.centre_x, centre_y=plane.centre_y, scale=plane.scale)
        if mine != self.plane:
            self._fitted = False
            self._use_plane(mine)

    def _use_plane(self, plane: Plane) -> None:
        self.plane = plane
        self.update()
        self._view()
        self.plane_changed.emit(plane)

    def _send_view(self) -> None:
        left, right, bottom, top = self.plane.edges()
        colours, neutral = field_colours(chrome_of(self.palette()), self._dataset.colours)
        width, height = max(1, round(self.plane.width)), max(1, round(self.plane.height))
        self.view_changed.emit(View(left, right, bottom, top, width, height, colours, neutral))

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio, chrome = self.devicePixelRatioF(), chrome_of(self.palette())
        with QPainter(self) as painter:
            font = self.font()
            font.setPixelSize(12)
            captions = axis_captions(self._dataset)
            painter.drawPixmap(0, 0, self._field.pixmap(self.plane, chrome, self.size(), ratio, font, captions))
            painter.setClipRect(plane_rect(self.plane))
            painter.drawPixmap(0, 0, self._points.pixmap(self.plane, chrome, self.size(), ratio))
            if self._new_field:
                self.fields_painted, self._new_field = self.fields_painted + 1, False
            self.paint_overlay(painter)

    def paint_overlay(self, painter: QPainter) -> None:
        """What lies over the points; for subclasses."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        by_space = self._space_held and button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or by_space:
            self._pan_from, self._space_panned = event.position(), self._space_panned or by_space
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        PlaneView.mouseReleaseEvent(self, event)  # if it has come where this widget could not see it
        if self._pan_from is not None:
            step, self._pan_from = event.position() - self._pan_from, event.position()
            self._fitted = False
            self._use_plane(self.plane.panned(step.x(), step.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None and not event.buttons():
            self._pan_from = None
            self._show_cursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.2 ** wheel_steps(event), event.position().x(), event.position().y())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the space bar, which is a shortcut elsewhere, to tell a tap from holding it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_space(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not is_space(event):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._space_held, self._space_panned = True, False
            self._show_cursor()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            tapped, self._space_held = self._space_held and not self._space_panned, False
            self._show_cursor()
            if tapped:
                self.space_tapped.emit()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._space_held else self.tool_cursor())
        self.update()

    def tool_cursor(self) -> QCursor | Qt.CursorShape:
        """The pointer over the plane; for subclasses."""
        return Qt.CursorShape.CrossCursor

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = event.size()
        width = max(20, size.width() - LEFT_MARGIN - MARGIN)
        height = max(20, size.height() - BOTTOM_MARGIN - MARGIN)
        plane = self.plane.resized(LEFT_MARGIN, MARGIN, width, height)
        if self._follows:
            plane = replace(plane, scale=self.plane.scale)
        # what was drawn since must not make the plane jump
        self._use_plane(plane.fitted(self._fitted_to.places) if self._fitted else plane)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._view()
            self._show_cursor()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(640, 640)


def plane_rect(plane: Plane) -> QRect:
    """The rectangle of a plane in pixels of its widget."""
    return QRectF(plane.x, plane.y, plane.width, plane.height).toAlignedRect()


def is_space(event: QKeyEvent) -> bool:
    """Whether a key event is of the space bar alone."""
    return event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier


def wheel_steps(event: QWheelEvent) -> float:
    """Notches of the wheel; with some modifiers Qt reports them sideways."""
    return (event.angleDelta().y() or event.angleDelta().x()) / 120
