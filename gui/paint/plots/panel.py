"""A plot within a painted chart: where numbers lie in it, its frame, and its lines."""

# Tests: tests/gui/decisions/test_threshold_chart.py

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from gui.paint.chart import write_marks, write_shortened
from gui.paint.plots.axes import round_ticks
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.numbers import scientific

TEXT = 10
LEFT, RIGHT, TOP, BOTTOM = 36.0, 8.0, 16.0, 28.0  # around the plot, for its numbers and names
LINE = 14.0  # of text
TICK_WIDTH, TICK_HEIGHT = 44.0, 28.0  # apart, at least
TINY = 0.01
FINE = 4  # parts of a pixel that a line may differ in


@dataclass(frozen=True)
class Panel:
    """A plot.

    Attributes:
        outer: with its numbers and names.
        x, y: the numbers at its left and right, and at its lower and upper edge.
    """

    outer: QRectF
    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)

    @cached_property
    def area(self) -> QRectF:
        """The plot alone."""
        area = self.outer.adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        return area if area.isValid() else QRectF(area.topLeft(), area.topLeft())

    def across(self, values: ArrayLike) -> NDArray[np.float64]:
        """The places of numbers from left to right."""
        share = (np.asarray(values, dtype=np.float64) - self.x[0]) / (self.x[1] - self.x[0])
        result: NDArray[np.float64] = self.area.left() + share * self.area.width()
        return result

    def down(self, values: ArrayLike) -> NDArray[np.float64]:
        """The places of numbers from top to bottom."""
        share = (np.asarray(values, dtype=np.float64) - self.y[0]) / (self.y[1] - self.y[0])
        result: NDArray[np.float64] = self.area.bottom() - share * self.area.height()
        return result

    def place(self, x: float, y: float) -> QPointF:
        """The place of a pair of numbers."""
        return QPointF(float(self.across(x)), float(self.down(y)))

    def number_at(self, place: QPointF) -> float:
        """The number on the x axis at a place, or that at the nearer edge."""
        share = (place.x() - self.area.left()) / max(self.area.width(), 1.0)
        return self.x[0] + min(max(share, 0.0), 1.0) * (self.x[1] - self.x[0])

    def line(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
        """A line through many pairs of numbers, less those that nobody can tell from the one before."""
        places = np.stack([self.across(x), self.down(y)], axis=1)
        fine = np.rint(places * FINE)
        keep = np.ones(len(places), dtype=bool)
        keep[1:] = (fine[1:] != fine[:-1]).any(axis=1)
        return QPolygonF([QPointF(across, down) for across, down in places[keep].tolist()])

    def paint_frame(
        self, painter: QPainter, chrome: Chrome, font: QFont, names: tuple[str, str], *, counts: bool = False
    ) -> None:
        """The frame with round numbers and the names of both axes; `counts`: those of y are so many, up and down."""
        area, flags = self.area, Qt.AlignmentFlag
        painter.setFont(sized(font, TEXT))
        painter.setPen(QPen(QColor(chrome.grid), 1))
        across = round_ticks(*self.x, int(area.width() / TICK_WIDTH))
        upward = round_ticks(*self.y, max(1, int(area.height() / TICK_HEIGHT)))
        for value in across:
            painter.drawLine(QLineF(self.place(value, self.y[0]), self.place(value, self.y[1])))
        for value in upward:
            painter.drawLine(QLineF(self.place(self.x[0], value), self.place(self.x[1], value)))
        painter.setPen(QColor(chrome.faint))
        painter.drawLine(QLineF(area.bottomLeft(), area.bottomRight()))
        painter.drawLine(QLineF(area.topLeft(), area.bottomLeft()))
        marks = [((value - self.x[0]) / (self.x[1] - self.x[0]), f"{value:.6g}") for value in across]
        write_marks(painter, QRectF(area.left(), area.bottom() + 1, area.width(), LINE), marks)
        for value in upward:
            middle = self.place(self.x[0], value)
            is_tiny = 0 < value < TINY  # with all its zeros it would be cut
            text = scientific(value) if is_tiny else f"{abs(value) if counts else value:.6g}"
            place = QRectF(self.outer.left(), middle.y() - LINE / 2, LEFT - 4, LINE)
            painter.drawText(place, flags.AlignRight | flags.AlignVCenter, text)
        painter.setPen(QColor(chrome.ink))
        write_shortened(painter, QRectF(area.left(), self.outer.top(), area.width(), LINE), names[1])
        below = QRectF(area.left(), area.bottom() + LINE - 1, area.width(), LINE)
        write_shortened(painter, below, names[0], flags.AlignRight)
