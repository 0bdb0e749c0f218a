"""The plot of calibration: the share that was seen against the probability that was said, and words about it."""

# Tests: tests/gui/decisions/test_threshold_chart.py

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from engine.learning.calibration import Calibration
from gui.paint.plots.panel import LINE, TEXT, Panel
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.language import mark, say

DOT, CAP = 3.5, 3.0  # radius of a point, and half the width of an end of its interval
HINT = mark(
    "The points in five groups of as many each, by P. Across: the mean P of a group; up: the share of it that is of "
    "{name}, with its 95 % interval. Above the diagonal the network is too modest. Band: where 95 of 100 networks "
    "would lie whose P is exactly right."
)
MODEST, SURE = mark("too modest"), mark("too sure")


def hint(name: str) -> str:
    """The help for reading it."""
    return say(HINT, name=name)


def calibration_in_words(found: Calibration | None) -> str:
    """The error with what chance alone would make, or why there is none."""
    if found is None:
        return say("Calibration: not told below 50 points, where chance alone looks like an error.")
    return say(
        "Expected calibration error {error:.3f}; with exact P chance makes up to {chance:.3f}.",
        error=found.error,
        chance=found.chance_error,
    )


def paint_calibration(
    painter: QPainter, panel: Panel, found: Calibration, name: str, font: QFont, chrome: Chrome
) -> None:
    """Paint the plot for a class of that name, on an empty ground."""
    names = say("mean P({name})", name=name), say("Calibration: share of {name}", name=name)
    panel.paint_frame(painter, chrome, font, names)
    band = QColor(chrome.bar)
    band.setAlphaF(0.25)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(band)
    x = np.concatenate([found.predicted, found.predicted[::-1]])
    edge = np.concatenate([found.band_high, found.band_low[::-1]])
    painter.drawPolygon(QPolygonF([panel.place(*pair) for pair in zip(x, edge, strict=True)]))
    painter.setPen(QPen(QColor(chrome.faint), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(panel.place(0, 0), panel.place(1, 1)))
    write_sides(painter, panel, font, chrome)
    painter.setPen(QPen(QColor(chrome.ink), 1.5))
    painter.setBrush(QColor(chrome.ink))
    places = [panel.place(*pair) for pair in zip(found.predicted, found.seen, strict=True)]
    painter.drawPolyline(QPolygonF(places))
    for place, low, high in zip(places, panel.down(found.low), panel.down(found.high), strict=True):
        painter.drawLine(QLineF(place.x(), low, place.x(), high))
        for end in (low, high):
            painter.drawLine(QLineF(place.x() - CAP, end, place.x() + CAP, end))
        painter.drawEllipse(place, DOT, DOT)


def write_sides(painter: QPainter, panel: Panel, font: QFont, chrome: Chrome) -> None:
    """Write what lies above the diagonal and below it, where there is room."""
    small, area = sized(font, TEXT), panel.area
    painter.setFont(small)
    painter.setPen(QColor(chrome.faint))
    above, below = say(MODEST), say(SURE)
    widest = max(map(QFontMetricsF(small).horizontalAdvance, (above, below)))
    if widest + 4 <= 0.6 * area.width() and area.height() >= 3 * LINE:
        top = QRectF(area.topLeft() + QPointF(4, 1), area.bottomRight())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, above)
        bottom = QRectF(area.topLeft(), area.bottomRight() - QPointF(4, 1))
        painter.drawText(bottom, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, below)
