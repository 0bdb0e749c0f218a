"""The curve −log P, and on it what the probability of the true class costs."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from engine.isolates import isolated
from gui.paint.plots.axes import round_ticks
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.paint.type_size import sized
from gui.probability.figures import LOG, Digits, number
from gui.probability.wording import in_digits
from gui.text.language import say

HEIGHT, LABELS, HEAD, FOOT = 160.0, 40.0, 20.0, 36.0
LINE = 16.0  # of text
LIMIT = 3.0  # the least cost at the upper end of the axis
N_SAMPLES = 101


@dataclass(frozen=True)
class CostCurve:
    """The picture in an area.

    Attributes:
        area: of all of it.
        probability: of the true class; what is none lies not on the curve.
        name: of the true class.
        colour: the number of its colour.
        digits: of the numbers.
    """

    area: QRectF
    probability: float
    name: str
    colour: int
    digits: Digits = Digits.FOUR

    @cached_property
    def plot(self) -> QRectF:
        """The place of the curve."""
        return self.area.adjusted(LABELS, HEAD, -12, -FOOT)

    @cached_property
    def cost(self) -> float | None:
        """The height of the point, or None."""
        return 0.0 - math.log(self.probability) if 0 < self.probability <= 1 else None

    @cached_property
    def limit(self) -> float:
        """The cost at the upper end of the axis."""
        return max(LIMIT, math.ceil(1.1 * (self.cost or 0.0)))

    def place(self, probability: float, cost: float) -> QPointF:
        """The place of a probability with a cost."""
        x = self.plot.left() + probability * self.plot.width()
        return QPointF(x, self.plot.bottom() - cost / self.limit * self.plot.height())

    def paint(self, painter: QPainter, font: QFont, chrome: Chrome) -> None:
        """Paint it."""
        painter.save()
        painter.setFont(sized(font, 11))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, chrome)
        costs = np.linspace(self.limit, 0.0, N_SAMPLES).tolist()
        painter.setPen(QPen(QColor(chrome.ink), 1.75))
        painter.drawPolyline(QPolygonF([self.place(math.exp(-cost), cost) for cost in costs]))
        if self.cost is not None:
            self._paint_point(painter, self.cost, chrome)
        painter.restore()

    def _paint_axes(self, painter: QPainter, chrome: Chrome) -> None:
        plot, flags = self.plot, Qt.AlignmentFlag
        across, upward = round_ticks(0.0, 1.0, int(plot.width() // 40)), round_ticks(0.0, self.limit, 4)
        painter.setPen(QColor(chrome.grid))
        painter.drawLines([QLineF(self.place(0.0, cost), self.place(1.0, cost)) for cost in upward])
        painter.drawLines([QLineF(self.place(p, 0.0), self.place(p, self.limit)) for p in across])
        painter.setPen(QColor(chrome.faint))
        for p in across:
            middle = self.place(p, 0.0)
            painter.drawText(QRectF(middle.x() - 20, middle.y() + 3, 40, LINE), flags.AlignCenter, f"{p:g}")
        for cost in upward:
            middle = self.place(0.0, cost)
            left = QRectF(self.area.left(), middle.y() - LINE / 2, LABELS - 6, LINE)
            painter.drawText(left, flags.AlignRight | flags.AlignVCenter, f"{cost:g}")
        painter.setPen(QColor(chrome.ink))
        painter.drawText(QPointF(plot.left(), plot.top() - 7), say(LOG))
        foot = QRectF(plot.left(), plot.bottom() + LINE + 3, plot.width(), LINE)
        painter.drawText(foot, flags.AlignRight | flags.AlignVCenter, say("P({name})", name=isolated(self.name)))

    def _paint_point(self, painter: QPainter, cost: float, chrome: Chrome) -> None:
        """The true class on the curve, and what it costs."""
        place, plot = self.place(self.probability, cost), self.plot
        painter.setPen(QPen(QColor(chrome.faint), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(place, QPointF(place.x(), plot.bottom())))
        painter.drawLine(QLineF(place, QPointF(plot.left(), place.y())))
        painter.setPen(QPen(QColor(chrome.ink), 1.2))
        painter.setBrush(QColor(CLASS_COLOURS[self.colour]))
        painter.drawEllipse(place, 5, 5)
        text = f"−log {in_digits(self.probability, self.digits)} = {number(cost, self.digits)}"
        width = painter.fontMetrics().horizontalAdvance(text) + 2.0
        left = min(place.x() + 8, plot.right() - width)  # above the curve there is room
        share = max((left - plot.left()) / plot.width(), math.exp(-self.limit))
        over = self.place(share, -math.log(share)).y() - 4
        painter.drawText(QPointF(left, max(min(place.y() - 10, over), plot.top() + 12)), text)
