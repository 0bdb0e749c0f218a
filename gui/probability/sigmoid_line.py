"""The logit of a single unit on a number line under the curve of the sigmoid, with the threshold to be dragged."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from engine.isolates import isolated
from engine.mlp.activations import logit, sigmoid
from gui.paint.markers import paint_marker_at
from gui.paint.plots.axes import round_ticks
from gui.paint.theme import CLASS_COLOURS, Chrome, mixed
from gui.paint.type_size import sized
from gui.probability.figures import brief, number
from gui.probability.table import MARKER, Classes
from gui.text.language import say
from gui.text.numbers import with_minus

HEIGHT, LABELS, NUMBERS, HEAD = 152.0, 48.0, 24.0, 20.0
MIN_LIMIT, N_SAMPLES = 6.0, 81
REACH = 10.0  # of the hand from the threshold
FINEST, MIN, MAX = 100, 0.01, 0.99  # of a threshold that is dragged


@dataclass(frozen=True)
class SigmoidLine:
    """The picture in an area.

    Attributes:
        area: of all of it.
        z: the logit.
        threshold: of the probability.
    """

    area: QRectF
    z: float
    threshold: float

    @cached_property
    def plot(self) -> QRectF:
        """The place of the curve."""
        return self.area.adjusted(LABELS, HEAD, -12, -NUMBERS - 8)

    @cached_property
    def limit(self) -> float:
        """The end of the number line to the right, in round steps; far logits lie on it."""
        wanted = max(MIN_LIMIT, abs(self.z) * 1.1, abs(logit(self.threshold)) * 1.1)
        return min(1000.0, 2.0 * math.ceil(wanted / 2))

    def x_of(self, z: float) -> float:
        """The place of a logit; of one beyond the line its end."""
        share = (min(max(z, -self.limit), self.limit) + self.limit) / (2 * self.limit)
        return self.plot.left() + share * self.plot.width()

    def y_of(self, probability: float) -> float:
        """The height of a probability."""
        return self.plot.bottom() - probability * self.plot.height()

    def threshold_at(self, x: float) -> float:
        """The threshold that the hand means there, in hundredths."""
        z = (2 * (x - self.plot.left()) / max(1.0, self.plot.width()) - 1) * self.limit
        return min(max(round(FINEST * float(sigmoid(np.asarray(z)))) / FINEST, MIN), MAX)

    def is_threshold(self, place: QPointF) -> bool:
        """True if the hand would take the threshold there."""
        near = abs(place.x() - self.x_of(logit(self.threshold))) <= REACH
        return near and self.plot.top() - HEAD <= place.y() <= self.area.bottom()

    @property
    def still(self) -> tuple[object, ...]:
        """All that what stands still depends on, but for the classes."""
        return self.limit, self.threshold, *self._numbers()

    def paint_still(self, painter: QPainter, font: QFont, classes: Classes, chrome: Chrome) -> None:
        """Paint for two classes all but the logit."""
        colours, plot, cut = classes.colours, self.plot, self.x_of(logit(self.threshold))
        surface = QColor(chrome.surface)
        sides = ((plot.left(), cut, colours[0]), (cut, plot.right(), colours[1]))
        for start, end, colour in sides:
            shade = mixed(surface, QColor(CLASS_COLOURS[colour]), 0.16)
            painter.fillRect(QRectF(start, plot.top(), end - start, plot.height()), shade)
        painter.setFont(sized(font, 11))
        self._paint_axes(painter, chrome)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(chrome.ink), 1.75))
        painter.drawPolyline(curve(plot.left(), plot.top(), plot.width(), plot.height(), self.limit))
        self._paint_sides(painter, classes, cut, chrome)
        self._paint_threshold(painter, cut, chrome)
        painter.restore()

    def paint(self, painter: QPainter, font: QFont, classes: Classes, chrome: Chrome) -> None:
        """Paint the rest over it."""
        painter.save()
        painter.setFont(sized(font, 11))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_point(painter, classes.colours, chrome)
        painter.restore()

    @cached_property
    def _ticks(self) -> list[float]:
        return round_ticks(-self.limit, self.limit, int(self.plot.width() // 40))

    def _numbers(self) -> list[float]:
        """The ticks whose numbers leave room for the logit."""
        return [z for z in self._ticks if abs(self.x_of(z) - self.x_of(self.z)) > 56]

    def _paint_sides(self, painter: QPainter, classes: Classes, cut: float, chrome: Chrome) -> None:
        """The classes that are decided for on both sides of the threshold, where the curve leaves room."""
        plot, metrics = self.plot, QFontMetricsF(painter.font())
        painter.setPen(QColor(chrome.ink))
        for label, y in enumerate((plot.top() + 12, plot.bottom() - 12)):
            room = (plot.right() - cut if label else cut - plot.left()) - 3 * MARKER
            name = metrics.elidedText(isolated(classes.names[label]), Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(name)
            x = plot.right() - MARKER - width if label else plot.left() + 2 * MARKER
            if room < 0:
                continue
            painter.drawText(QPointF(x, y + 4), name)
            paint_marker_at(painter, QPointF(x - MARKER, y), classes.colours[label], chrome, MARKER)

    def _paint_axes(self, painter: QPainter, chrome: Chrome) -> None:
        plot, right = self.plot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(chrome.grid))
        painter.drawLines([QLineF(plot.left(), self.y_of(p), plot.right(), self.y_of(p)) for p in (0.0, 0.5, 1.0)])
        painter.setPen(QColor(chrome.faint))
        for p, text in ((0.0, "0"), (1.0, "1")):
            painter.drawText(QRectF(plot.left() - LABELS, self.y_of(p) - 8, LABELS - 6, 16), right, text)
        for x in map(self.x_of, self._ticks):
            painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 4))
        for z in self._numbers():
            place = QRectF(self.x_of(z) - 24, plot.bottom() + 8, 48, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, with_minus(f"{z:g}"))

    def _paint_threshold(self, painter: QPainter, cut: float, chrome: Chrome) -> None:
        """A dashed line with a handle at its top."""
        plot = self.plot
        painter.setPen(QPen(QColor(chrome.ink), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(cut, plot.top(), cut, plot.bottom() + 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chrome.ink))
        tip = QPointF(cut, plot.top() + 1)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-6, -8), tip + QPointF(6, -8)]))
        painter.setPen(QColor(chrome.ink))
        text = say("threshold {threshold:.4g}", threshold=self.threshold)
        width = painter.fontMetrics().horizontalAdvance(text) + 2.0
        left = cut + 10 if cut + 10 + width <= self.area.right() else cut - 10 - width
        place = QRectF(left, self.area.top(), width, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_point(self, painter: QPainter, colours: tuple[int, ...], chrome: Chrome) -> None:
        """The logit on the line, and what the curve makes of it."""
        plot, probability = self.plot, float(sigmoid(np.asarray(self.z)))
        place = QPointF(self.x_of(self.z), self.y_of(probability))
        colour = QColor(CLASS_COLOURS[colours[int(self.z > logit(self.threshold))]])
        painter.setPen(QPen(QColor(chrome.faint), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(place, QPointF(place.x(), plot.bottom())))
        painter.drawLine(QLineF(place, QPointF(plot.left(), place.y())))
        painter.setPen(QPen(QColor(chrome.ink), 1.2))
        painter.setBrush(colour)
        painter.drawEllipse(place, 5, 5)
        painter.drawRect(QRectF(place.x() - 3, plot.bottom() - 4, 6, 8))
        painter.setPen(QColor(chrome.ink))
        text = f"z = {number(self.z)}"
        width = painter.fontMetrics().horizontalAdvance(text) + 2.0
        left = min(max(place.x() - width / 2, self.area.left()), self.area.right() - width)
        painter.drawText(QRectF(left, plot.bottom() + 8, width, 16), Qt.AlignmentFlag.AlignCenter, text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if plot.top() + 12 < place.y() < plot.bottom() - 12:  # else 0 or 1 stands there
            painter.drawText(QRectF(self.area.left(), place.y() - 8, LABELS - 6, 16), right, brief(probability))


@lru_cache(maxsize=64)
def curve(left: float, top: float, width: float, height: float, limit: float) -> QPolygonF:
    """The sigmoid in a plot whose number line ends at a limit; the same for many cards and many snapshots."""
    shares = np.linspace(0.0, 1.0, N_SAMPLES)
    across, down = left + shares * width, top + sigmoid(limit * (1 - 2 * shares)) * height
    return QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)])
