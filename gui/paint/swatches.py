"""A piece of the line of a lane, for buttons and titles."""

# Tests: tests/gui/editing/test_lane_editor.py

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.paint.theme import Chrome, lane_pen

LINE_SIZE = QSize(26, 12)


def lane_line(chrome: Chrome, lane: int, ratio: float) -> QPixmap:
    """A piece of the line of a lane."""
    picture = QPixmap(LINE_SIZE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setPen(lane_pen(chrome, lane, 2.6))
        painter.drawLine(0, LINE_SIZE.height() // 2, LINE_SIZE.width(), LINE_SIZE.height() // 2)
    return picture
