"""Small pictures: the line of a lane for buttons and titles, the curve of an activation, and an output layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from engine.config import Activation, Output
from engine.mlp.activations import ACTIVATIONS as FACTS
from engine.mlp.activations import Shape
from gui.paint.markers import paint_marker_at
from gui.paint.theme import Chrome, lane_pen
from gui.paint.type_size import scale_of

Floats = NDArray[np.float64]
LINE_SIZE = QSize(26, 12)  # pixels beside the usual font
Z_LIMIT, N_SAMPLES = 4.0, 161  # a curve is shown from -4 to 4
LOW, HIGH = -1.25, 2.4  # of the axis of f
OUTPUT_SIZE = QSizeF(112, 48)
N_HIDDEN, MAX_SHOWN = 3, 6  # units that stand for the last hidden layer; classes, beyond which every other is left out
RADIUS, MARKER = 4.0, 9.0


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


def heights(count: int, area: QRectF, most: float = 16.0) -> list[float]:
    """Even places from top to bottom, around the middle."""
    step = min(most, area.height() / max(1, count))
    first = area.center().y() - step * (count - 1) / 2
    return [first + step * index for index in range(count)]


def draw_output(painter: QPainter, area: QRectF, output: Output, colours: Sequence[int], chrome: Chrome) -> None:
    """Draw the last hidden layer, the units of the output, their function and the classes.

    One sigmoid unit has a curve and two classes; softmax has one box around all units, independent sigmoids one each.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_single = output is Output.SIGMOID
    classes = [colours[1], colours[0]] if is_single else list(colours)[:MAX_SHOWN]
    ends = heights(len(classes), area)
    units = [area.center().y()] if is_single else ends
    hidden = heights(N_HIDDEN, area, 12.0)
    left, middle, right = area.left() + RADIUS, area.left() + 0.36 * area.width(), area.right() - MARKER / 2 - 1
    painter.setPen(QPen(QColor(chrome.outline), 0.75))
    painter.drawLines([QLineF(left, start, middle, end) for start in hidden for end in units])
    painter.setPen(QPen(QColor(chrome.ink), 1.2))
    painter.setBrush(QColor(chrome.surface))
    for x, places in ((left, hidden), (middle, units)):
        for y in places:
            painter.drawEllipse(QPointF(x, y), RADIUS - 1, RADIUS - 1)
    box_left, box_width = area.left() + 0.48 * area.width(), 0.26 * area.width()
    height = min(20.0, ends[1] - ends[0] - 1 if len(ends) > 1 else 20.0)
    painter.drawLines([QLineF(middle + RADIUS - 1, y, box_left, y) for y in units])
    painter.drawLines(
        [QLineF(box_left + box_width, units[0] if is_single else end, right - MARKER / 2, end) for end in ends]
    )
    if output is Output.SOFTMAX:
        box = QRectF(box_left, ends[0] - height / 2, box_width, ends[-1] - ends[0] + height)
        painter.drawRoundedRect(box, 4, 4)
        draw_shares(painter, box.adjusted(4, 4, -4, -4), chrome)
    else:
        for y in units:
            box = QRectF(box_left, y - (10 if is_single else height / 2), box_width, 20 if is_single else height)
            painter.drawRoundedRect(box, 3, 3)
            draw_sigmoid(painter, box.adjusted(3, 3, -3, -3), chrome)
    for colour, y in zip(classes, ends, strict=True):
        paint_marker_at(painter, QPointF(right, y), colour, chrome, min(MARKER, height + 2))
    painter.restore()


def draw_sigmoid(painter: QPainter, area: QRectF, chrome: Chrome) -> None:
    """The curve of a sigmoid."""
    shares = [step / 16 for step in range(17)]
    rises = [area.height() / (1 + math.exp(-10 * (share - 0.5))) for share in shares]
    painter.save()
    painter.setPen(QPen(QColor(chrome.bar), 1.6))
    painter.drawPolyline(
        [
            QPointF(area.left() + share * area.width(), area.bottom() - rise)
            for share, rise in zip(shares, rises, strict=True)
        ]
    )
    painter.restore()


def draw_shares(painter: QPainter, area: QRectF, chrome: Chrome) -> None:
    """A whole that is divided: three shares of one bar."""
    top = area.top()
    for share, strength in ((0.6, 1.0), (0.27, 0.6), (0.13, 0.3)):
        colour = QColor(chrome.bar)
        colour.setAlphaF(strength)
        painter.fillRect(QRectF(area.left(), top, area.width(), share * area.height() - 1), colour)
        top += share * area.height()
