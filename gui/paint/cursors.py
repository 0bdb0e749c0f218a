"""The pointer of each tool: a small cross, and the tool's icon beside it."""

# Tests: tests/gui/canvas/test_workbench.py

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap, QPolygonF

from gui.paint.icons import icon
from gui.paint.theme import LIGHT, Chrome

SIDE, MIDDLE, ARM, ICON = 34, 9, 8, 16  # lengths beside the usual font
HALO, ARROW = 44.0, ((0, 0), (0, 17), (4, 13.5), (7, 20), (9.5, 19), (6.5, 12.5), (12, 12.5))


@lru_cache(maxsize=8)
def halo_cursor(chrome: Chrome, scale: float, ratio: float) -> QCursor:
    """An arrow in a bright disc, that is found again from the last row; its hot spot is the middle of the disc."""
    picture, half = empty(HALO, scale, ratio), HALO / 2
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        paint_halo(painter, QPointF(half, half))
        painter.translate(half, half)
        painter.setPen(QPen(QColor(chrome.halo), 1.5, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(QColor(chrome.ink))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ARROW]))
    return QCursor(picture, round(half * scale), round(half * scale))


def paint_halo(painter: QPainter, middle: QPointF) -> None:
    """A disc around the pointer, bright in every theme, through which one sees what is under it."""
    disc = QColor(LIGHT.selection)
    disc.setAlphaF(0.35)
    painter.setBrush(disc)
    painter.setPen(QPen(QColor(LIGHT.selection), 2))
    painter.drawEllipse(middle, HALO / 2 - 2, HALO / 2 - 2)


def empty(side: float, scale: float, ratio: float) -> QPixmap:
    """A transparent picture, so many lengths wide and high."""
    picture = QPixmap(round(side * scale * ratio), round(side * scale * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


@lru_cache(maxsize=64)
def tool_cursor(name: str, chrome: Chrome, scale: float, ratio: float, *, has_halo: bool = False) -> QCursor:
    """The pointer over the plane with the tool of an icon; its hot spot is the middle of the cross."""
    before = HALO / 2 - MIDDLE if has_halo else 0.0  # of the disc, left of the cross and above it
    picture = empty(SIDE + 2 * before if has_halo else SIDE, scale, ratio)
    arms = [
        QLineF(MIDDLE - ARM, MIDDLE, MIDDLE - 2, MIDDLE),
        QLineF(MIDDLE + 2, MIDDLE, MIDDLE + ARM, MIDDLE),
        QLineF(MIDDLE, MIDDLE - ARM, MIDDLE, MIDDLE - 2),
        QLineF(MIDDLE, MIDDLE + 2, MIDDLE, MIDDLE + ARM),
    ]
    with QPainter(picture) as painter:
        painter.scale(scale, scale)
        painter.translate(before, before)
        if has_halo:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_halo(painter, QPointF(MIDDLE, MIDDLE))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, width in ((chrome.halo, 3.0), (chrome.ink, 1.0)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            painter.drawLines(arms)
        rim, ink = icon(name, chrome.halo, chrome.halo), icon(name, chrome.ink, chrome.ink)
        corner = SIDE - ICON - 1
        for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawPixmap(corner + x, corner + y, rim.pixmap(QSize(ICON, ICON), scale * ratio))
        painter.drawPixmap(corner, corner, ink.pixmap(QSize(ICON, ICON), scale * ratio))
    hot = round((MIDDLE + before) * scale)
    return QCursor(picture, hot, hot)
