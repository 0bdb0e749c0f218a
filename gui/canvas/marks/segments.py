"""Many short lines in one call."""

# Tests: tests/gui/canvas/test_field_layer.py

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from shiboken6 import wrapInstance

from gui.drawing.plane import Plane
from gui.paint.picture import is_vector


def paint_segments(
    painter: QPainter, segments: NDArray[np.float32], plane: Plane, strokes: Iterable[tuple[str, float]]
) -> None:
    """Lines given in data units, (n_segments, 4), once for each stroke: its colour and width."""
    if not len(segments):
        return
    ends = plane.to_pixels(segments.reshape(-1, 2))
    # the numbers of the array are the lines: neither an object for each nor a path is made
    lines = wrapInstance(ends.ctypes.data, QLineF)
    assert isinstance(lines, QLineF)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # pieces that overlap: between flat ends the ground would shine through
    for colour, width in strokes:
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        if is_vector(painter):
            painter.drawPath(pg.arrayToQPath(*ends.T, connect="pairs"))  # one shape for who edits the picture
        else:
            painter.drawLines(lines, len(ends) // 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
