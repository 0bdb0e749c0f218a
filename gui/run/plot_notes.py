"""The words and signs in the plots: names at the ends of lines, the lowest loss, what is off the axis, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.paint.theme import LIGHT, Chrome
from gui.paint.type_size import drawn, scale_of

TEXT = 11
GAP, BEFORE_NAME, RING, ARROW = 4.0, 9.0, 4.0, 5.0  # lengths beside a text, before a name, of a ring, of an arrow
VEIL = 200  # opacity, of 255, of the ground under words


@dataclass(frozen=True)
class End:
    """The name of a line where it ends, in pixels of the scene."""

    place: QPointF
    text: str
    colour: QColor


@dataclass(frozen=True)
class Notes:
    """All that is written into one plot.

    Attributes:
        area: of the plot, in pixels of the scene, as are all places.
        ends: of its lines.
        rings: at the lowest validation losses.
        arrows: where values lie above the axis, with the value.
        change: the name of the last upright line and where it is.
    """

    area: QRectF
    ends: Sequence[End] = ()
    rings: Sequence[tuple[QPointF, QColor]] = ()
    arrows: Sequence[tuple[float, str, QColor]] = ()
    change: tuple[float, str] | None = None


def dodged(places: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Places for the middles of texts of a height, near those that are wanted: none over another, all inside.

    If there is no room for all, they are as far apart as there is room.
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    step = min(height, (bottom - top) / max(1, len(places)))
    made = [0.0] * len(places)
    least = top + step / 2
    for index in order:
        made[index] = least = max(places[index], least)
        least += step
    most = bottom - step / 2
    for index in reversed(order):
        made[index] = most = min(made[index], most)
        most -= step
    return made


class PlotNotes(QGraphicsItem):
    """Paints notes over the plots of a scene, in the pixels of the scene."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: tuple[Notes, ...] = ()
        self._area, self._font, self._scale, self._chrome = QRectF(), QFont(), 1.0, LIGHT
        self.setZValue(1000)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self._area

    def cover(self, area: QRectF, font: QFont, chrome: Chrome) -> None:
        """Lie over an area, in the colours of a theme and with texts beside a font."""
        self.prepareGeometryChange()
        self._area, self._font, self._scale, self._chrome = area, drawn(font, TEXT), scale_of(font), chrome
        self.update()

    def width(self, text: str) -> float:
        """The room that the name of a line takes beside the plot."""
        return QFontMetricsF(self._font).horizontalAdvance(text) + (BEFORE_NAME + GAP) * self._scale

    def shortened(self, text: str, room: float) -> str:
        """A name that takes no more room."""
        metrics = QFontMetricsF(self._font)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - (BEFORE_NAME + GAP) * self._scale)

    def show_notes(self, notes: Sequence[Notes]) -> None:
        """Show the notes of each plot."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for notes in self._notes:
            if notes.change is not None:
                self._write(painter, *notes.change, notes.area, QColor(self._chrome.faint))
            for place, colour in notes.rings:
                painter.setPen(QPen(colour, 2 * self._scale))
                painter.setBrush(QColor(self._chrome.surface))
                painter.drawEllipse(place, RING * self._scale, RING * self._scale)
            for x, text, colour in notes.arrows:
                self._paint_arrow(painter, QPointF(x, notes.area.top()), colour)
                if text:
                    lower = QFontMetricsF(self._font).height() if notes.change is not None else 0.0
                    self._write(painter, x + ARROW * self._scale, text, notes.area.adjusted(0, lower, 0, 0), colour)
            self._name_ends(painter, notes)

    def _paint_arrow(self, painter: QPainter, tip: QPointF, colour: QColor) -> None:
        half = ARROW * self._scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-half, 1.6 * half), tip + QPointF(half, 1.6 * half)]))

    def _write(self, painter: QPainter, x: float, text: str, area: QRectF, colour: QColor) -> None:
        """Write at the top of a plot, right of a place, or left of it where there is no room."""
        metrics, gap = QFontMetricsF(self._font), GAP * self._scale
        width = metrics.horizontalAdvance(text)
        left = x + gap if x + gap + width <= area.right() else max(area.left(), x - gap - width)
        room = QRectF(left, area.top(), width, metrics.height())
        ground = QColor(self._chrome.surface)
        ground.setAlpha(VEIL)
        painter.fillRect(room, ground)
        painter.setPen(colour)
        painter.drawText(QPointF(left, area.top() + metrics.ascent()), text)

    def _name_ends(self, painter: QPainter, notes: Notes) -> None:
        if not notes.ends:
            return
        metrics = QFontMetricsF(self._font)
        middles = dodged([end.place.y() for end in notes.ends], metrics.height(), notes.area.top(), notes.area.bottom())
        left = max(end.place.x() for end in notes.ends) + BEFORE_NAME * self._scale
        for end, middle in zip(notes.ends, middles, strict=True):
            painter.setPen(end.colour)
            painter.drawText(QPointF(left, middle + (metrics.ascent() - metrics.descent()) / 2), end.text)
