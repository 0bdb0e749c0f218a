"""The layers over the points: hints, the frame of the keyboard, and the ring of the tool at the pointer."""

# Tests: tests/gui/canvas/test_canvas.py

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QToolTip

from engine.data.shares import Role
from gui.canvas.crosshair import Crosshair
from gui.canvas.field_layer import note_inset, paint_note
from gui.canvas.plane_view import PlaneView
from gui.canvas.point_layer import PointLayer
from gui.canvas.tool_in_hand import ToolInHand
from gui.drawing.plane import Plane
from gui.paint.markers import MARKER_SIZE, marker
from gui.paint.scene import PlaneScene
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.paint.type_size import drawn, scale_of
from gui.text.language import mark, say
from gui.text.sentences import axis_captions, outside_note
from gui.widgets.throttle import Throttle

KEYED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
POINTER_MILLISECONDS = 33
MARK_ASIDE = 13  # pixels that the marker of the class lies below and beside the pointer

EMPTY_HINT = (
    mark("Draw here with the left mouse button"),
    mark("1, 2, 3 … choose the class · the right button erases · or choose a dataset on the left"),
)

AXES_TIP = mark(
    "Inside the network, x and y are standardised: less the mean, over the standard deviation, of the training points "
    "at the start of the run."
)


class AxisTip:
    """Says beside the axes what the network sees of them."""

    def __init__(self, view: PlaneView) -> None:
        self._view = view

    def take(self, event: QEvent) -> bool:
        """Take the wish for a tip."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return False
        if not self._view.plane.contains(event.pos().x(), event.pos().y()):
            QToolTip.showText(event.globalPos(), f"<p>{say(AXES_TIP)}</p>", self._view)
        return True


class EmptyHint:
    """The hint that says what to do with an empty plane."""

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The hint, while there is no point."""
        if not len(scene.dataset):
            paint_hint(painter, scene.plane, scene.chrome, scene.font)


class OutsideNote:
    """The note that says how many points are not in sight."""

    def __init__(self, points: PointLayer) -> None:
        self._points = points

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The note, if there are any."""
        if self._points.n_outside:
            inset = note_inset(axis_captions(scene.dataset)[0], scene.font)
            note = outside_note(self._points.n_outside)
            paint_note(painter, note, scene.plane, scene.chrome, scene.font, at_bottom=True, inset=inset)


class FocusFrame:
    """Takes the keyboard when the pointer comes, and shows that it has come by a key; a pointer shows where it is."""

    def __init__(self, view: PlaneView) -> None:
        self._view, self._came_by_key = view, False

    def take(self, event: QEvent) -> bool:
        """Watch the focus, and whether the pointer comes."""
        if isinstance(event, QEnterEvent):
            # not from somebody who is typing
            is_typing = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)
            if self._view.window().isActiveWindow() and not is_typing:
                self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        elif isinstance(event, QFocusEvent) and event.gotFocus():
            self._came_by_key = event.reason() in KEYED
            self._view.refresh()
        return False

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The frame."""
        if self._came_by_key and self._view.hasFocus():
            paint_focus(painter, scene.plane, self._view.palette().accent().color(), scene.scale)


class Pointer(QObject):
    """The pointer over the plane, or the crosshair that stands for it, and the ring of the tool there.

    Signals:
        moved(object): to a place of the plane as (x, y), or None: away from it.
    """

    moved = Signal(object)

    def __init__(self, crosshair: Crosshair, hand: ToolInHand, view: PlaneView) -> None:
        super().__init__(view)
        self._crosshair, self._hand, self._view = crosshair, hand, view
        self._pixel: QPointF | None = None
        self._tell = Throttle(self.moved.emit, POINTER_MILLISECONDS, self)
        crosshair.moved.connect(self._tell)

    def take(self, event: QEvent) -> bool:
        """Watch whether the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self._move_ring(None)
            self._tell.cancel()
            self.moved.emit(None)
        return False

    def press(self, pixel: QPointF) -> None:
        """A button went down there."""
        self._move_ring(pixel)

    def move(self, pixel: QPointF) -> None:
        """The pointer went there, and what it moves is where it is now."""
        plane, (x, y) = self._view.plane, pixel.toTuple()
        is_inside = plane.contains(x, y)
        self._tell(plane.to_data(x, y) if is_inside else None)
        self._move_ring(pixel if is_inside or self._view.gestures.is_drawing else None)

    def _move_ring(self, pixel: QPointF | None) -> None:
        before, self._pixel = self._pixel, pixel
        scale, plane = scale_of(self._view.font()), self._view.plane
        ring = self._hand.radius * max(plane.scale, plane.scale_y)
        reach = math.ceil(max(ring + 4 * scale, (MARK_ASIDE + MARKER_SIZE) * scale))
        for centre in (before, pixel):
            if centre is not None:
                corner = centre.toPoint()
                self._view.refresh(QRect(corner.x() - reach, corner.y() - reach, 2 * reach + 1, 2 * reach + 1))

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The ring in the colour of the class that the tool draws; where there is no ring, the marker of the class."""
        (tool, label), spot = self._hand.shown, self._crosshair.spot()
        centre = self._pixel if spot is None else spot.pixel
        if centre is None or self._view.is_panning:
            return
        number = scene.dataset.colours[min(label, scene.dataset.n_classes - 1)]
        if tool.facts.has_ring:
            colour = CLASS_COLOURS[number] if tool.facts.uses_class else scene.chrome.ink
            paint_ring(painter, centre, self._hand.radius, colour, scene, dashed=not tool.facts.uses_class)
        elif tool.facts.uses_class:
            aside = QPointF(MARK_ASIDE, MARK_ASIDE) * scene.scale
            paint_mark(painter, centre + aside, number, scene)


def paint_hint(painter: QPainter, plane: Plane, chrome: Chrome, font: QFont) -> None:
    """The hint that says what to do with an empty plane."""
    scale = scale_of(font)
    area = QRectF(plane.x, plane.y, plane.width, plane.height).adjusted(20, 20, -20, -20)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    for text, size, colour, top in zip(EMPTY_HINT, (20, 14), (chrome.ink, chrome.faint), (-34, 10), strict=True):
        painter.setFont(drawn(font, size))
        painter.setPen(QColor(colour))
        painter.drawText(area.adjusted(0, area.height() / 2 + scale * top, 0, 0), flags, say(text))


def paint_ring(
    painter: QPainter, centre: QPointF, radius: float, colour: str, scene: PlaneScene, *, dashed: bool
) -> None:
    """The ring of a tool, as round as the data units are long, with a rim so that it is seen on every colour."""
    across, up = radius * scene.plane.scale, radius * scene.plane.scale_y
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(scene.chrome.halo), 3.5 * scene.scale))
    painter.drawEllipse(centre, across, up)
    painter.setPen(QPen(QColor(colour), 2 * scene.scale, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawEllipse(centre, across, up)


def paint_mark(painter: QPainter, centre: QPointF, number: int, scene: PlaneScene) -> None:
    """The marker of a class, with a rim as the ring has."""
    size = MARKER_SIZE * scene.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(scene.chrome.halo))
    painter.drawEllipse(centre, 0.75 * size, 0.75 * size)
    picture = marker(number, Role.TRAINING, scene.chrome, scene.ratio, size)
    middle = QPointF(picture.deviceIndependentSize().width() / 2, picture.deviceIndependentSize().height() / 2)
    painter.drawPixmap(centre - middle, picture)


def paint_focus(painter: QPainter, plane: Plane, colour: QColor, scale: float) -> None:
    """A frame around the plane that has the keyboard."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2 * scale))
    painter.drawRect(QRectF(plane.x, plane.y, plane.width, plane.height).adjusted(scale, scale, -scale, -scale))
