"""The pointer of each tool: a small cross, and the tool's icon beside it."""

# Tests: tests/gui/canvas/test_workbench.py

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

from gui.paint.icons import icon
from gui.paint.theme import Chrome

SIDE, MIDDLE, ARM, ICON = 34, 9, 8, 16  # pixels


@lru_cache(maxsize=64)
def tool_cursor(name: str, chrome: Chrome, ratio: float) -> QCursor:
    """The pointer over the plane with the tool of an icon; its hot spot is the middle of the cross."""
    picture = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    arms = [
        QLineF(MIDDLE - ARM, MIDDLE, MIDDLE - 2, MIDDLE),
        QLineF(MIDDLE + 2, MIDDLE, MIDDLE + ARM, MIDDLE),
        QLineF(MIDDLE, MIDDLE - ARM, MIDDLE, MIDDLE - 2),
        QLineF(MIDDLE, MIDDLE + 2, MIDDLE, MIDDLE + ARM),
    ]
    with QPainter(picture) as painter:
        for colour, width in ((chrome.halo, 3.0), (chrome.ink, 1.0)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            painter.drawLines(arms)
        rim, ink = icon(name, chrome.halo, chrome.halo), icon(name, chrome.ink, chrome.ink)
        corner = SIDE - ICON - 1
        for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawPixmap(corner + x, corner + y, rim.pixmap(QSize(ICON, ICON), ratio))
        painter.drawPixmap(corner, corner, ink.pixmap(QSize(ICON, ICON), ratio))
    return QCursor(picture, MIDDLE, MIDDLE)
