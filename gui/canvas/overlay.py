"""What lies over the points: hint, ring, marquee and crosshair. Painting only."""

# Tests: tests/gui/canvas/test_canvas.py

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from gui.drawing.brushes import Path
from gui.drawing.plane import Plane
from gui.paint.theme import Chrome

EMPTY_HINT = (
    "Draw here with the left mouse button",
    "1, 2, 3 … choose the class · the right button erases · or choose a dataset on the left",
)


def paint_hint(painter: QPainter, plane: Plane, chrome: Chrome, font: QFont) -> None:
    """What to do with an empty plane."""
    area = QRectF(plane.x, plane.y, plane.width, plane.height).adjusted(20, 20, -20, -20)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    for text, size, colour, top in zip(EMPTY_HINT, (20, 14), (chrome.ink, chrome.faint), (-34, 10), strict=True):
        font.setPixelSize(size)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(area.adjusted(0, area.height() / 2 + top, 0, 0), flags, text)


def paint_ring(painter: QPainter, centre: QPointF, radius: float, colour: str, chrome: Chrome, *, dashed: bool) -> None:
    """The ring of a tool, in pixels, with a rim so that it is seen on every colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(chrome.halo), 3.5))
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(QPen(QColor(colour), 2, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawEllipse(centre, radius, radius)


def paint_focus(painter: QPainter, plane: Plane, colour: QColor) -> None:
    """A frame around the plane that has the keyboard."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRect(QRectF(plane.x + 1, plane.y + 1, plane.width - 2, plane.height - 2))


def paint_marquee(painter: QPainter, outline: Path, plane: Plane, chrome: Chrome) -> None:
    """The outline, (n, 2) in data units, of a selection under way."""
    pixels = plane.to_pixels(outline.astype(np.float32))
    polygon = QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
    tint = QColor(chrome.bar)
    tint.setAlphaF(0.12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(tint)
    painter.setPen(QPen(QColor(chrome.halo), 2.5))
    painter.drawPolygon(polygon)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(chrome.ink), 1.2, Qt.PenStyle.DashLine))
    painter.drawPolygon(polygon)


def paint_crosshair(painter: QPainter, centre: QPointF, chrome: Chrome) -> None:
    """The place that the cursor keys move."""
    arms = [
        QLineF(centre + QPointF(x * near, y * near), centre + QPointF(x * far, y * far))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
        for near, far in ((4, 16),)
    ]
    for colour, width in ((chrome.halo, 5.0), (chrome.ink, 2.0)):
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines(arms)
