"""Small pictures of lines: that of a lane for buttons and titles, and the curve of an activation."""

# Tests: tests/gui/settings/test_thumbnails.py

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from engine.config import Activation
from engine.mlp.activations import ACTIVATIONS as FACTS
from engine.mlp.activations import Shape
from gui.paint.theme import Chrome, lane_pen
from gui.paint.type_size import scale_of

Floats = NDArray[np.float64]
LINE_SIZE = QSize(26, 12)  # pixels beside the usual font
Z_LIMIT, N_SAMPLES = 4.0, 161  # a curve is shown from -4 to 4
LOW, HIGH = -1.25, 2.4  # of the axis of f


def line_size(font: QFont) -> QSize:
    """The size of the piece of line beside a text."""
    return LINE_SIZE * scale_of(font)


def lane_line(chrome: Chrome, lane: int, font: QFont, ratio: float) -> QPixmap:
    """A piece of the line of a lane, beside a text."""
    scale, size = scale_of(font), line_size(font)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setPen(lane_pen(chrome, lane, 2.6 * scale))
        painter.drawLine(0, size.height() // 2, size.width(), size.height() // 2)
    return picture


def curves(activation: Activation, shape: Shape, z: Floats, n_units: int) -> tuple[Floats, Floats]:
    """Values of f and f′ at z; softmax for one of so many units, the others at 0."""
    facts = FACTS[activation]
    units = np.zeros((n_units if activation is Activation.SOFTMAX else 1, len(z)))
    units[0] = z
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        value, slope = facts.value(units, shape)[0], facts.derivative(units, shape)[0]
    return value, slope


@lru_cache(maxsize=32)
def usual_curves(activation: Activation) -> tuple[Floats, Floats, Floats]:
    """z, f and f′ with the usual constants; softmax for one of two units."""
    z = np.linspace(-Z_LIMIT, Z_LIMIT, N_SAMPLES)
    return z, *curves(activation, Shape(), z, 2)


def draw_curve(
    painter: QPainter, area: QRectF, activation: Activation, chrome: Chrome, width: float, *, with_slope: bool
) -> None:
    """The curve of f, and f′ dashed if that is wanted, with the axes through 0: the same for all activations."""
    z, value, slope = usual_curves(activation)

    def place(x: Floats, y: Floats) -> QPolygonF:
        across = area.left() + (x + Z_LIMIT) / (2 * Z_LIMIT) * area.width()
        down = area.bottom() - (y - LOW) / (HIGH - LOW) * area.height()
        return QPolygonF([QPointF(a, b) for a, b in zip(across.tolist(), down.tolist(), strict=True)])

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(chrome.edge), 1))
    for ends in (([-Z_LIMIT, Z_LIMIT], [0.0, 0.0]), ([0.0, 0.0], [LOW, HIGH])):
        painter.drawPolyline(place(*map(np.array, ends)))
    if with_slope:
        painter.setPen(QPen(QColor(chrome.faint), 0.75 * width, Qt.PenStyle.DashLine))
        painter.drawPolyline(place(z, slope))
    pen = QPen(QColor(chrome.bar), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(place(z, value))
    painter.restore()


def curve_tile(activation: Activation, chrome: Chrome, size: QSize, ratio: float) -> QPixmap:
    """A tile with the curve of an activation."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0.5, 0.5, size.width() - 1, size.height() - 1)
        painter.setPen(QPen(QColor(chrome.edge), 1))
        painter.setBrush(QColor(chrome.surface))
        painter.drawRoundedRect(whole, 3, 3)
        draw_curve(painter, whole.adjusted(2, 2, -2, -2), activation, chrome, size.height() / 18, with_slope=False)
    return picture
