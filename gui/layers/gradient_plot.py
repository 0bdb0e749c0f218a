"""The vanishing-gradient bars: one a layer, on a fixed logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from engine.insight.diagnosis import DIAGNOSIS, USUAL_UPDATE_RATIO
from engine.insight.quantity import Quantity
from engine.insight.verdict import GRADIENT, VANISHING_RATIO
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LanesView
from gui.paint.theme import Chrome, chrome_of
from gui.text.measures import Part, Size, bar_label, is_numbered, measure_rule, measure_title, measured_sizes
from gui.text.numbers import scientific
from gui.text.verdict_wording import looked_at, verdict_sentence

LOW_DECADE, HIGH_DECADE = -17, 4  # twenty-one decades, whatever is measured
LEAST_ROW, MOST_ROW, LEAST_TEXT = 11.0, 30.0, 9.0
LEAST_WIDTH = 200
MOST_NUMBER = 90.0  # pixels that a number beside a bar takes at most
TITLE_HEIGHT, AXIS_HEIGHT, MARGIN = 24, 20, 10
USUAL_LINES, CROWDED = 4, 170  # lines of most verdicts on a lane, and the width below which they take one more
USUAL = (Part.WEIGHTS, Size.NORM)
TITLE = measure_title(*USUAL)
NOT_MEASURED = "Not measured yet: it follows while the network trains."
EXPLANATION = (
    "How strongly the loss pulls at the weights of each layer: the L2 norm of the derivative of the mean training "
    "loss with respect to the layer's weights, over the training points, "
    "without dropout and penalties. A bar that ends before the dashed line gets less than a thousandth of "
    "the last layer's; an arrow to the left means smaller than the axis shows; a cross means exactly 0."
)


@dataclass(frozen=True, eq=False)
class Panel:
    """What is shown of one lane; `source` is what was measured, new with each measurement."""

    title: str
    source: tuple[object, object]
    norms: NDArray[np.float64]
    verdict: str
    is_wrong: bool


def panel_of(lane: LaneView, part: Part, size: Size) -> Panel:
    """What is shown of a lane."""
    source, title, diagnosis = source_of(lane, part, size), lane.title, lane.value(DIAGNOSIS)
    if (part, size) != USUAL:
        sizes = np.empty(0) if diagnosis is None else measured_sizes(diagnosis, part, size)
        if not len(sizes) or (size is Size.UPDATE_RATIO and np.isnan(sizes).all()):  # no step was watched yet
            return Panel(title, source, np.empty(0), NOT_MEASURED, is_wrong=False)
        said = measure_rule(size) or (measure_title(part, size) if title else "")  # a single lane has it as its heading
        assert diagnosis is not None
        said = f"{said} {looked_at(diagnosis.n_points, diagnosis.n_training)}".strip()
        return Panel(title, source, sizes, said, is_wrong=False)
    norms = lane.snapshot.gradient_norms
    if not len(norms):
        return Panel(title, source, norms, "", is_wrong=False)
    sentence, is_wrong = verdict_sentence(lane.snapshot)
    return Panel(title, source, norms, sentence, is_wrong)


def source_of(lane: LaneView, part: Part, size: Size) -> tuple[object, object]:
    """What the bars of a lane and the sentence over them are made from."""
    measured = lane.value(GRADIENT) if (part, size) == USUAL else lane.value(DIAGNOSIS)
    return measured, lane.snapshot.divergence


class GradientPlot(LanesView):
    """Shows gradient norms, first layer on top, the output layer at the bottom; lanes side by side on one axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_plot")
        self.setAccessibleName(TITLE)
        self.setAccessibleDescription(EXPLANATION)
        self._panels: list[Panel] = []
        self._part, self._size = USUAL
        self._fit()

    @property
    def measure(self) -> tuple[Part, Size]:
        """What the bars are the size of."""
        return self._part, self._size

    @property
    def needs(self) -> tuple[Quantity[Any], ...]:
        """What is to be measured."""
        return (GRADIENT,) if self.measure == USUAL else (DIAGNOSIS,)

    def show_measure(self, part: Part, size: Size) -> None:
        """Let the bars be the size of something else, from the next lanes on."""
        self._part, self._size = part, size
        self._panels = []
        self.setAccessibleName(measure_title(part, size))
        self.update()

    @property
    def verdict(self) -> str:
        """The sentences over the bars."""
        return " ".join(panel.verdict for panel in self._panels)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the gradient norms of each lane, on one axis."""
        self.use_colours(lanes)
        before = self._panels
        same = [
            panel.title == lane.title and all(map(is_, panel.source, source_of(lane, *self.measure)))
            for panel, lane in zip(before, lanes, strict=False)
        ]
        if len(before) == len(lanes) and all(same):
            return
        self._panels = [panel_of(lane, *self.measure) for lane in lanes]
        self.setAccessibleDescription(f"{self.verdict} {self._explanation()}".strip())
        if len(before) != len(lanes):
            self._fit()
            self.update()
        else:  # lanes are looked at by turns
            for lane in (lane for lane, is_same in enumerate(same) if not is_same):
                self.update(self._area(lane).toAlignedRect())

    def _explanation(self) -> str:
        """What the bars mean."""
        return measure_rule(self._size) or measure_title(*self.measure) if self.measure != USUAL else EXPLANATION

    def sizeHint(self) -> QSize:
        return QSize(430, 360)

    def _left(self, lane: int) -> float:
        """Where the bars of a lane begin."""
        return lane * (self.width() - MARGIN) / max(1, len(self._panels))

    def _area(self, lane: int) -> QRectF:
        """All that is painted of a lane."""
        return QRectF(self._left(lane), 0, self._left(1) + MARGIN, self.height())

    def _fit(self) -> None:
        """Ask for room for bars below a verdict that wraps as many lines as most do."""
        self.setMinimumSize(LEAST_WIDTH, 150 if len(self._panels) < 2 else 210)

    def _top(self) -> float:
        """Where the bars begin: below the longest verdict; not higher than most need, lest they jump."""
        is_single = len(self._panels) < 2
        metrics = QFontMetrics(self._verdict_font(is_single, is_wrong=is_single))
        area, wraps = QRect(0, 0, int(self._left(1) - 2 * MARGIN), 1000), Qt.TextFlag.TextWordWrap
        heights = [metrics.boundingRect(area, wraps, panel.verdict).height() for panel in self._panels]
        usual = (
            2 if is_single else USUAL_LINES if self._left(1) >= CROWDED else USUAL_LINES + 1
        ) * metrics.lineSpacing()
        return TITLE_HEIGHT + max(usual, *heights, 0) + 4

    def _verdict_font(self, is_single: bool, *, is_wrong: bool) -> QFont:
        font = self.font()
        font.setPixelSize(13 if is_single else 11)
        font.setBold(is_wrong and is_single)
        return font

    def rows(self, lane: int = 0) -> list[tuple[int, QRectF]]:
        """Each layer's index and the rectangle of its row; two columns where one would be too crowded."""
        count = len(self._panels[lane].norms) if self._panels else 0
        if not count:
            return []
        top, whole = self._top(), self._left(1)
        height = max(20.0, self.height() - top - AXIS_HEIGHT)
        columns = 1 if height / count >= LEAST_ROW or len(self._panels) > 1 else 2
        per_column = math.ceil(count / columns)
        row = min(MOST_ROW, height / per_column)
        width = whole / columns
        left = self._left(lane)
        return [
            (index, QRectF(left + index // per_column * width, top + index % per_column * row, width - MARGIN, row))
            for index in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome = chrome_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(chrome.surface))
            font = self.font()
            font.setPixelSize(13)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(chrome.ink))
            left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            if len(self._panels) < 2:  # several have titles of their own
                painter.drawText(
                    QRectF(MARGIN, 0, self.width(), TITLE_HEIGHT), left_middle, measure_title(*self.measure)
                )
            for lane, panel in enumerate(self._panels):
                if not self._area(lane).intersects(QRectF(event.rect())):
                    continue
                rows = self.rows(lane)
                if rows:
                    self._paint_bars(painter, lane, rows, chrome)
                self._paint_heading(painter, lane, panel, chrome)

    def _paint_heading(self, painter: QPainter, lane: int, panel: Panel, chrome: Chrome) -> None:
        """The title of a lane, if there are several, and its verdict."""
        font, top = self.font(), 0.0
        left, width = self._left(lane) + MARGIN, self._left(1) - 2 * MARGIN
        if panel.title:
            font.setPixelSize(13)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(self.lane_colour(chrome, lane))
            area = QRectF(left, top, width, TITLE_HEIGHT)
            text = painter.fontMetrics().elidedText(panel.title, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        top += TITLE_HEIGHT
        painter.setFont(self._verdict_font(not panel.title, is_wrong=panel.is_wrong))
        painter.setPen(QColor(chrome.warning if panel.is_wrong else chrome.ink))
        area = QRectF(left, top, width, self._top() - top)
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, panel.verdict)

    def _paint_bars(self, painter: QPainter, lane: int, rows: list[tuple[int, QRectF]], chrome: Chrome) -> None:
        norms, is_single = self._panels[lane].norms, len(self._panels) == 1
        font = self.font()
        font.setPixelSize(max(9, min(13 if is_single else 11, int(rows[0][1].height() - 1))))
        every = math.ceil(LEAST_TEXT / rows[0][1].height())  # how many rows a number takes
        metrics = QFontMetricsF(font)
        labels = [self._label(index, len(rows)) for index, _ in rows]
        label_width = metrics.horizontalAdvance(max(labels, key=len)) + MARGIN + 4
        tick_font = QFont(font)
        tick_font.setPixelSize(11)
        colour = chrome.bar if is_single else self.lane_colour(chrome, lane).name()
        guide = self._guide(float(norms[-1]))
        for index, row in rows:
            bars = row.adjusted(label_width, 0, 0, 0)
            if row.top() == self._top():
                bottom = max(other.bottom() for _, other in rows)
                self._paint_axis(painter, bars, bottom, guide, tick_font, chrome)
            painter.setFont(font)
            has_text = is_numbered(index, len(rows), every, self._size)
            if has_text:
                painter.setPen(QColor(chrome.faint))
                area = QRectF(row.left(), row.top() - 6, label_width - 5, row.height() + 12)
                painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, labels[index])
            self._paint_bar(painter, bars, float(norms[index]), guide, metrics if has_text else None, chrome, colour)

    def _label(self, index: int, count: int) -> str:
        return bar_label(index, count, self._size)

    def _guide(self, last: float) -> float | None:
        """Where the dashed line is, None if it is not on the axis; `last` is the size of the last bar."""
        if self._size is Size.UPDATE_RATIO:
            return USUAL_UPDATE_RATIO
        guide = last * VANISHING_RATIO
        return guide if self.measure == USUAL and 10.0**LOW_DECADE < guide < math.inf else None

    def _paint_axis(
        self, painter: QPainter, bars: QRectF, bottom: float, guide: float | None, font: QFont, chrome: Chrome
    ) -> None:
        painter.setFont(font)
        step = 3 if bars.width() > 260 else 6 if bars.width() > 120 else 12
        first = math.ceil(LOW_DECADE / step) * step
        for decade in range(first, HIGH_DECADE + 1, step):
            x = bars.left() + share_of_axis(10.0**decade) * bars.width()
            painter.setPen(QPen(QColor(chrome.grid), 1))
            painter.drawLine(QPointF(x, bars.top()), QPointF(x, bottom))
            painter.setPen(QColor(chrome.faint))
            text = scientific(10.0**decade) if decade else "1"
            painter.drawText(QRectF(x - 24, bottom + 1, 48, AXIS_HEIGHT), Qt.AlignmentFlag.AlignCenter, text)
        if guide is not None:
            x = bars.left() + share_of_axis(guide) * bars.width()
            painter.setPen(QPen(QColor(chrome.warning), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, bars.top()), QPointF(x, bottom))

    def _paint_bar(
        self,
        painter: QPainter,
        row: QRectF,
        norm: float,
        guide: float | None,
        metrics: QFontMetricsF | None,
        chrome: Chrome,
        bar: str,
    ) -> None:
        """The bar and, with `metrics`, its number: beside the bar where there is room, else on it.

        The dashed line at `guide` ends where it would strike a number through.
        """
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
            painter.fillRect(QRectF(row.left(), top, max(2.0, end - row.left()), thickness), QColor(bar))
            if norm < 10.0**LOW_DECADE:
                self._paint_beyond(painter, row, thickness, bar)
                end = row.left() + 12.0
        if metrics is None:
            return
        text, x, on_bar = placed(text, norm, end, row, metrics)
        height = metrics.capHeight() + 2  # with what is raised; between the rows the line goes on
        is_struck = guide is not None and 0 < row.left() + share_of_axis(guide) * row.width() - x < MOST_NUMBER
        if height > thickness if on_bar else is_struck:
            ground = QRectF(x - 1, row.center().y() - 1 - height / 2, metrics.horizontalAdvance(text) + 2, height)
            painter.fillRect(ground, QColor(bar if on_bar else chrome.surface))
        painter.setPen(QColor(chrome.surface if on_bar else colour))
        # placed by hand: a rectangle to align in takes twice the time
        painter.drawText(QPointF(x, row.center().y() + (metrics.ascent() - metrics.descent()) / 2), text)

    def _paint_beyond(self, painter: QPainter, row: QRectF, thickness: float, bar: str) -> None:
        """An arrow to the left: the bar would begin before the axis does."""
        middle, half = row.center().y(), min(5.0, thickness / 2)
        tip = QPointF(row.left() + 1, middle)
        painter.setBrush(QColor(bar))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(8, -half), tip + QPointF(8, half)]))

    def event(self, event: QEvent) -> bool:
        """The exact number of the row under the pointer as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._explanation()
            for lane, panel in enumerate(self._panels):
                for index, row in self.rows(lane):
                    if row.contains(QPointF(event.pos())):
                        name = f"{escape(panel.title)}, layer" if panel.title else "Layer"
                        layer = self._label(index, len(panel.norms))
                        number = scientific(float(panel.norms[index]), 5)
                        what = "gradient norm" if self.measure == USUAL else measure_title(*self.measure).lower()
                        text = f"{name} {layer}: {what} {number}"
            QToolTip.showText(event.globalPos(), f"<p>{text}</p>", self)
            return True
        return super().event(event)


def placed(text: str, norm: float, end: float, row: QRectF, metrics: QFontMetricsF) -> tuple[str, float, bool]:
    """The text of a bar that ends there, where it begins, and whether it is on the bar.

    A number that fits neither beside the bar nor on it loses a digit.
    """
    x = end + 4
    if x + MOST_NUMBER <= row.right():
        return text, x, False
    width = metrics.horizontalAdvance(text)
    if x + width + 2 > row.right() and end - width - 6 < row.left() and 0 < norm < math.inf:
        text = scientific(norm)
        width = metrics.horizontalAdvance(text)
    on_bar = x + width + 2 > row.right()
    return text, max(row.left() + 1, end - width - 6) if on_bar else x, on_bar


def share_of_axis(norm: float) -> float:
    """Where on the axis a positive norm lies, 0 at its left end, 1 at its right."""
    share = (math.log10(norm) - LOW_DECADE) / (HIGH_DECADE - LOW_DECADE)
    return min(max(share, 0.0), 1.0)
