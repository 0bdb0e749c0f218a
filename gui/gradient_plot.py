"""The vanishing-gradient bars: one a layer, on a fixed logarithmic axis."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from engine.snapshot import LaneSnapshot
from engine.verdict import VANISHING_RATIO, GradientState, judge
from gui.theme import Chrome, chrome_of
from gui.wording import gradient_sentence, scientific

LOW_DECADE, HIGH_DECADE = -17, 4  # twenty-one decades, whatever is measured
LEAST_ROW, MOST_ROW = 11.0, 30.0
TITLE_HEIGHT, VERDICT_HEIGHT, AXIS_HEIGHT, MARGIN = 24, 36, 20, 10
BARS_TOP = TITLE_HEIGHT + VERDICT_HEIGHT + 4
TITLE = "Gradient norm of each layer"
EXPLANATION = (
    "How strongly the loss pulls at the weights of each layer: the L2 norm of the derivative of the mean training "
    "loss with respect to the layer's weights. A bar that ends before the dashed line gets less than a thousandth of "
    "the last layer's; an arrow to the left means smaller than the axis shows; a cross means exactly 0."
)


class GradientPlot(QWidget):
    """Shows gradient norms, first layer on top, the output layer at the bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_plot")
        self.setAccessibleName(TITLE)
        self.setAccessibleDescription(EXPLANATION)
        self.setMinimumSize(240, 150)
        self._norms: NDArray[np.float64] = np.empty(0)
        self._verdict = ""
        self._is_wrong = False

    @property
    def verdict(self) -> str:
        """The sentence under the bars."""
        return self._verdict

    def show_lane(self, lane: LaneSnapshot | None) -> None:
        """Show the gradient norms of a lane, or nothing."""
        norms = np.empty(0) if lane is None else lane.gradient_norms
        if norms is self._norms:
            return
        self._norms = norms
        if lane is not None and len(norms):
            verdict = judge(norms, lane.activations)
            self._verdict, self._is_wrong = (
                gradient_sentence(verdict, len(norms)),
                verdict.state is not GradientState.HEALTHY,
            )
        else:
            self._verdict, self._is_wrong = "", False
        self.setAccessibleDescription(f"{self._verdict} {EXPLANATION}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(430, 360)

    def rows(self) -> list[tuple[int, QRectF]]:
        """Each layer's index and the rectangle of its row; two columns where one would be too crowded."""
        count = len(self._norms)
        if not count:
            return []
        top = BARS_TOP
        height = max(20.0, self.height() - top - AXIS_HEIGHT)
        columns = 1 if height / count >= LEAST_ROW else 2
        per_column = math.ceil(count / columns)
        row = min(MOST_ROW, height / per_column)
        width = (self.width() - MARGIN) / columns
        return [
            (index, QRectF(index // per_column * width, top + index % per_column * row, width - MARGIN, row))
            for index in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome = chrome_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(chrome.surface))
            font = self.font()
            font.setPixelSize(13)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(chrome.ink))
            left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(MARGIN, 0, self.width(), TITLE_HEIGHT), left_middle, TITLE)
            rows = self.rows()
            if rows:
                self._paint_bars(painter, rows, chrome)
            painter.setPen(QColor(chrome.warning if self._is_wrong else chrome.ink))
            font.setBold(self._is_wrong)
            painter.setFont(font)
            area = QRectF(MARGIN, TITLE_HEIGHT, self.width() - 2 * MARGIN, VERDICT_HEIGHT)
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._verdict)

    def _paint_bars(self, painter: QPainter, rows: list[tuple[int, QRectF]], chrome: Chrome) -> None:
        font = self.font()
        font.setPixelSize(max(8, min(13, int(rows[0][1].height() - 1))))
        metrics = QFontMetricsF(font)
        labels = [self._label(index, len(rows)) for index, _ in rows]
        label_width = max(metrics.horizontalAdvance(label) for label in labels) + MARGIN + 4
        tick_font = QFont(font)
        tick_font.setPixelSize(11)
        for index, row in rows:
            bars = row.adjusted(label_width, 0, 0, 0)
            if row.top() == BARS_TOP:
                self._paint_axis(painter, bars, max(other.bottom() for _, other in rows), tick_font, chrome)
            painter.setFont(font)
            painter.setPen(QColor(chrome.faint))
            area = QRectF(row.left(), row.top(), label_width - 5, row.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, labels[index])
            self._paint_bar(painter, bars, float(self._norms[index]), metrics, chrome)

    def _label(self, index: int, count: int) -> str:
        return "output" if index == count - 1 else str(index + 1)

    def _paint_axis(self, painter: QPainter, bars: QRectF, bottom: float, font: QFont, chrome: Chrome) -> None:
        painter.setFont(font)
        step = 3 if bars.width() > 260 else 6
        first = math.ceil(LOW_DECADE / step) * step
        for decade in range(first, HIGH_DECADE + 1, step):
            x = bars.left() + share_of_axis(10.0**decade) * bars.width()
            painter.setPen(QPen(QColor(chrome.grid), 1))
            painter.drawLine(QPointF(x, bars.top()), QPointF(x, bottom))
            painter.setPen(QColor(chrome.faint))
            text = scientific(10.0**decade) if decade else "1"
            painter.drawText(QRectF(x - 24, bottom + 1, 48, AXIS_HEIGHT), Qt.AlignmentFlag.AlignCenter, text)
        last = float(self._norms[-1])
        if math.isfinite(last) and last * VANISHING_RATIO > 10.0**LOW_DECADE:
            x = bars.left() + share_of_axis(last * VANISHING_RATIO) * bars.width()
            painter.setPen(QPen(QColor(chrome.warning), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, bars.top()), QPointF(x, bottom))

    def _paint_bar(self, painter: QPainter, row: QRectF, norm: float, metrics: QFontMetricsF, chrome: Chrome) -> None:
        """The bar and its number: beside the bar where there is room, else on it."""
        thickness = max(3.0, row.height() * 0.74)
        top = row.center().y() - thickness / 2
        if norm == 0.0 or not math.isfinite(norm):
            text, end, colour = "exactly 0" if norm == 0.0 else "not finite", row.left() + 12.0, chrome.warning
            painter.setPen(QPen(QColor(colour), 1.6))
            mark = QRectF(row.left() + 3, row.center().y() - 3.5, 7, 7)
            painter.drawLine(mark.topLeft(), mark.bottomRight())
            painter.drawLine(mark.bottomLeft(), mark.topRight())
        else:
            text, colour = scientific(norm, digits=2), chrome.ink
            end = row.left() + share_of_axis(norm) * row.width()
            painter.fillRect(QRectF(row.left(), top, max(2.0, end - row.left()), thickness), QColor(chrome.bar))
            if norm < 10.0**LOW_DECADE:
                self._paint_beyond(painter, row, thickness, chrome)
                end = row.left() + 12.0
        width = metrics.horizontalAdvance(text) + 4
        on_bar = end + width + 2 > row.right()
        painter.setPen(QColor(chrome.surface if on_bar else colour))
        area = QRectF(end - width - 2 if on_bar else end + 4, row.top(), width, row.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_beyond(self, painter: QPainter, row: QRectF, thickness: float, chrome: Chrome) -> None:
        """An arrow to the left: the bar would begin before the axis does."""
        middle, half = row.center().y(), min(5.0, thickness / 2)
        tip = QPointF(row.left() + 1, middle)
        painter.setBrush(QColor(chrome.bar))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(8, -half), tip + QPointF(8, half)]))

    def event(self, event: QEvent) -> bool:
        """The exact number of the row under the pointer as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = [index for index, row in self.rows() if row.contains(QPointF(event.pos()))]
            if hit:
                layer = self._label(hit[0], len(self._norms))
                text = f"Layer {layer}: gradient norm {scientific(float(self._norms[hit[0]]), 5)}"
            else:
                text = EXPLANATION
            QToolTip.showText(event.globalPos(), f"<p>{text}</p>", self)
            return True
        return super().event(event)


def share_of_axis(norm: float) -> float:
    """Where on the axis a positive norm lies, 0 at its left end, 1 at its right."""
    share = (math.log10(norm) - LOW_DECADE) / (HIGH_DECADE - LOW_DECADE)
    return min(max(share, 0.0), 1.0)
