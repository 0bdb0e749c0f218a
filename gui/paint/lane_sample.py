"""A piece of the line of a lane, for buttons and titles."""

# Tests: tests/gui/editing/test_lane_editor.py

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.paint.theme import Chrome, lane_pen

SAMPLE = QSize(26, 12)


def lane_sample(chrome: Chrome, lane: int, ratio: float) -> QPixmap:
    """A piece of the line of a lane."""
    picture = QPixmap(SAMPLE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setPen(lane_pen(chrome, lane, 2.6))
        painter.drawLine(0, SAMPLE.height() // 2, SAMPLE.width(), SAMPLE.height() // 2)
    return picture
