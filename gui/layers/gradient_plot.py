"""The vanishing-gradient bars: one a layer, on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from engine.insight.diagnosis import DIAGNOSIS, USUAL_UPDATE_RATIO
from engine.insight.quantity import Quantity
from engine.insight.verdict import GRADIENT, VANISHING_RATIO
from gui.paint.chart import (
    HEADING_HEIGHT,
    MARGIN,
    LanesChart,
    draw_cross,
    draw_rule,
    lane_ink,
    wrapped_height,
    write_heading,
    write_marks,
)
from gui.paint.lane_view import LaneView
from gui.paint.plots.axes import DecadeAxis, SteadyAxis
from gui.paint.theme import Chrome
from gui.paint.type_size import least_text, sized
from gui.text.language import mark, say
from gui.text.measures import (
    Part,
    Size,
    bar_label,
    is_numbered,
    measure_of_bar,
    measure_rule,
    measure_title,
    measured_sizes,
)
from gui.text.numbers import scientific
from gui.text.verdict_wording import looked_at, verdict_sentence

WIDEST = DecadeAxis(-40, 10)
MIN_ROW, MAX_ROW, MIN_TEXT = 11.0, 64.0, 9.0
MIN_WIDTH = 200
MAX_NUMBER = 90.0  # pixels that a number beside a bar takes at most
AXIS_HEIGHT, RULE_HEIGHT = 20, 15
USUAL_LINES, CROWDED = 4, 170  # lines of most verdicts on a lane, and the width below which they take one more
USUAL = (Part.WEIGHTS, Size.NORM)
NOT_MEASURED = mark("Not measured yet: it follows while the network trains.")
EXPLANATION = mark(
    "How strongly the loss pulls at the weights of each layer: the L2 norm of the derivative of the mean training "
    "loss with respect to the layer's weights, over the training points, "
    "without dropout and penalties. A bar that ends before the dashed line gets less than a thousandth of "
    "the last layer's; an arrow to the left means smaller than the axis shows; a cross means exactly 0."
)


RULES = (mark("rule: {value} of the last layer’s"), mark("rule: {value} of the last"), mark("rule: {value}"))
USUAL_RULES = (mark("usual: {value}"),)
"""Names of the dashed line, the longest first."""


@dataclass(frozen=True)
class Ruler:
    """The axis that bars lie on, and the value on it at which the dashed line is, None if there is none."""

    axis: DecadeAxis
    guide: float | None

    def guide_in(self, row: QRectF) -> float:
        """The place of the dashed line in a row; nan if there is none."""
        return math.nan if self.guide is None else row.left() + self.axis.share(self.guide) * row.width()


@dataclass(frozen=True, eq=False)
class LaneBars:
    """All that is shown of one lane; `source` is what was measured, new with each measurement."""

    title: str
    source: tuple[object, object]
    norms: NDArray[np.float64]
    verdict: str
    is_wrong: bool


def bars_of(lane: LaneView, part: Part, size: Size) -> LaneBars:
    """All that is shown of a lane, for a part of the parameters and a size."""
    source, title, diagnosis = source_of(lane, part, size), lane.title, lane.value(DIAGNOSIS)
    if (part, size) != USUAL:
        sizes = np.empty(0) if diagnosis is None else measured_sizes(diagnosis, part, size)
        if not len(sizes) or (size is Size.UPDATE_RATIO and np.isnan(sizes).all()):  # no step was watched yet
            return LaneBars(title, source, np.empty(0), say(NOT_MEASURED), is_wrong=False)
        said = measure_rule(size) or (measure_title(part, size) if title else "")  # a single lane has it as its heading
        assert diagnosis is not None
        said = f"{said} {looked_at(diagnosis.n_points, diagnosis.n_training)}".strip()
        return LaneBars(title, source, sizes, said, is_wrong=False)
    norms = lane.snapshot.gradient_norms
    if not len(norms):
        return LaneBars(title, source, norms, "", is_wrong=False)
    sentence, is_wrong = verdict_sentence(lane.snapshot)
    return LaneBars(title, source, norms, sentence, is_wrong)


def source_of(lane: LaneView, part: Part, size: Size) -> tuple[object, object]:
    """The source of a lane's bars and of the sentence over them."""
    measured = lane.value(GRADIENT) if (part, size) == USUAL else lane.value(DIAGNOSIS)
    return measured, lane.snapshot.divergence


class GradientPlot(LanesChart):
    """Shows gradient norms, first layer on top, the output layer at the bottom; lanes side by side on one axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_plot")
        self.setAccessibleName(measure_title(*USUAL))
        self.setAccessibleDescription(say(EXPLANATION))
        self._lanes: list[LaneBars] = []
        self._part, self._size = USUAL
        self._steady = SteadyAxis(WIDEST)
        self.fit()

    @property
    def measure(self) -> tuple[Part, Size]:
        """The parameters whose size the bars show, and which size that is."""
        return self._part, self._size

    @property
    def needs(self) -> tuple[Quantity[Any], ...]:
        """The quantities that are to be measured."""
        return (GRADIENT,) if self.measure == USUAL else (DIAGNOSIS,)

    def show_measure(self, part: Part, size: Size) -> None:
        """Let the bars be the size of something else, from the next lanes on."""
        self._part, self._size = part, size
        self._lanes = []
        self._steady.forget()
        self.setAccessibleName(measure_title(part, size))
        self.update()

    @property
    def verdict(self) -> str:
        """The sentences over the bars."""
        return " ".join(shown.verdict for shown in self._lanes)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the gradient norms of each lane, on one axis."""
        self.use_colours(lanes)
        before = self._lanes
        same = [
            shown.title == lane.title and all(map(is_, shown.source, source_of(lane, *self.measure)))
            for shown, lane in zip(before, lanes, strict=False)
        ]
        if len(before) == len(lanes) and all(same):
            return
        self._lanes = [bars_of(lane, *self.measure) for lane in lanes]
        self.setAccessibleDescription(f"{self.verdict} {explanation(*self.measure)}".strip())
        if len(before) != len(lanes):
            self.fit()
        epoch = min((lane.snapshot.epochs for lane in lanes), default=0)
        is_other = self._steady.follow(values_of(self._lanes, *self.measure), epoch)
        self.show_changed(len(before), [lane for lane, is_same in enumerate(same) if is_other or not is_same])

    @property
    def heading(self) -> str:
        return measure_title(*self.measure)

    def least_size(self) -> QSize:
        """There is room for bars below a verdict that wraps as many lines as most do."""
        return QSize(MIN_WIDTH, 150 if self.n_lanes < 2 else 210)

    def words_end(self) -> float:
        """Below the longest verdict; not higher than most need, lest the bars jump."""
        is_single, width = self.n_lanes < 2, self.columns.width
        font = self._verdict_font(is_single, is_wrong=is_single)
        heights = [wrapped_height(font, shown.verdict, width - 2 * MARGIN) for shown in self._lanes]
        lines = 2 if is_single else USUAL_LINES if width >= CROWDED else USUAL_LINES + 1
        return HEADING_HEIGHT + max(lines * QFontMetrics(font).lineSpacing(), *heights, 0) + 4

    def _verdict_font(self, is_single: bool, *, is_wrong: bool) -> QFont:
        return sized(self.font(), 13 if is_single else 11, is_bold=is_wrong and is_single)

    def rows(self, lane: int = 0) -> list[tuple[int, QRectF]]:
        """Each layer's index and the rectangle of its row; two columns where one would be too crowded."""
        count = len(self._lanes[lane].norms) if self._lanes else 0
        if not count:
            return []
        top, whole, left = self.top, self.columns.width, self.columns.left(lane)
        top += RULE_HEIGHT
        height = max(20.0, self.extent.height() - top - AXIS_HEIGHT)
        columns = 1 if height / count >= MIN_ROW or self.n_lanes > 1 else 2
        per_column = math.ceil(count / columns)
        row = min(MAX_ROW, height / per_column)
        width = whole / columns
        return [
            (index, QRectF(left + index // per_column * width, top + index % per_column * row, width - MARGIN, row))
            for index in range(count)
        ]

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        shown, rows = self._lanes[lane], self.rows(lane)
        if rows:
            self._paint_bars(painter, lane, rows, chrome)
        left, width = self.columns.left(lane) + MARGIN, self.columns.width - 2 * MARGIN
        if shown.title:
            area = QRectF(left, 0, width, HEADING_HEIGHT)
            write_heading(painter, area, shown.title, self.lane_colour(chrome, lane))
        painter.setFont(self._verdict_font(not shown.title, is_wrong=shown.is_wrong))
        painter.setPen(QColor(chrome.warning if shown.is_wrong else chrome.ink))
        area = QRectF(left, HEADING_HEIGHT, width, self.top - HEADING_HEIGHT)
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, shown.verdict)

    def _paint_bars(self, painter: QPainter, lane: int, rows: list[tuple[int, QRectF]], chrome: Chrome) -> None:
        norms, is_single = self._lanes[lane].norms, self.n_lanes == 1
        row_height = rows[0][1].height()
        font = sized(self.font(), max(9, min(14 if is_single else 12, int(row_height - 1))))
        every = math.ceil(max(MIN_TEXT, least_text(self.pixels_each)) / row_height)  # how many rows a number takes
        metrics = QFontMetricsF(font)
        labels = [bar_label(index, len(rows), self._size) for index, _ in rows]
        label_width = metrics.horizontalAdvance(max(labels, key=len)) + MARGIN + 4
        colour = lane_ink(chrome, None if is_single else self.colours[lane])
        ruler = Ruler(self._steady.axis, guide_of(*self.measure, norms))
        column = number_column(metrics, rows[0][1].width() - label_width) if every > 1 else 0.0
        bars = [row.adjusted(label_width, 0, -column, 0) for _, row in rows]
        bottom = max(bar.bottom() for bar in bars)
        painter.setFont(sized(self.font(), 11))
        for first in (bar for bar in bars if bar.top() == bars[0].top()):
            area = first.adjusted(0, 0, 0, bottom - first.bottom())
            paint_axis(painter, area, ruler, chrome)
            if ruler.guide is not None:
                reach = max(0.0, (metrics.capHeight() + 2 - row_height) / 2 + 1)  # of the first number over its row
                name_rule(painter, area.translated(0, -reach), ruler, rule_names(self._size), chrome)
        painter.setFont(font)
        if every > 1:  # numbers reach over the rows beside them, whose bars would cover them
            for (index, _), bar in zip(rows, bars, strict=True):
                paint_bar(painter, bar, float(norms[index]), ruler, None, chrome, colour)
        for (index, row), bar in zip(rows, bars, strict=True):
            has_text = is_numbered(index, len(rows), every, self._size)
            if has_text:
                painter.setPen(QColor(chrome.faint))
                area = QRectF(row.left(), row.top() - 6, label_width - 5, row.height() + 12)
                painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, labels[index])
            elif every > 1:
                continue
            if column and 0 < norms[index] < math.inf:
                write_number(painter, row, scientific(float(norms[index]), digits=2), metrics, chrome)
                continue
            paint_bar(painter, bar, float(norms[index]), ruler, metrics if has_text else None, chrome, colour)

    def text_at(self, place: QPointF) -> str:
        """The exact number of the row there."""
        for lane, shown in enumerate(self._lanes):
            for index, row in self.rows(lane):
                if row.contains(place):
                    return bar_in_words(shown, index, *self.measure)
        return explanation(*self.measure)


def explanation(part: Part, size: Size) -> str:
    """The meaning of the bars, in a sentence."""
    return measure_rule(size) or measure_title(part, size) if (part, size) != USUAL else say(EXPLANATION)


def bar_in_words(shown: LaneBars, index: int, part: Part, size: Size) -> str:
    """The exact number of a bar."""
    layer, number = bar_label(index, len(shown.norms), size), scientific(float(shown.norms[index]), 5)
    what = measure_of_bar(part, size)
    if shown.title:
        return say("{title}, layer {layer}: {what} {number}", title=shown.title, layer=layer, what=what, number=number)
    return say("Layer {layer}: {what} {number}", layer=layer, what=what, number=number)


def guide_of(part: Part, size: Size, norms: NDArray[np.float64]) -> float | None:
    """The value at which the dashed line is, None if it is on no axis."""
    if size is Size.UPDATE_RATIO:
        return USUAL_UPDATE_RATIO
    if (part, size) != USUAL or len(norms) < 2:  # of a single layer there is nothing to compare
        return None
    guide = float(norms[-1]) * VANISHING_RATIO
    return guide if 10.0**WIDEST.low < guide < math.inf else None


def values_of(lanes: Sequence[LaneBars], part: Part, size: Size) -> list[float]:
    """All that is to be seen on the axis, bars and dashed lines."""
    guides = (guide_of(part, size, lane.norms) for lane in lanes)
    return [*(guide for guide in guides if guide is not None), *(float(norm) for lane in lanes for norm in lane.norms)]


def paint_axis(painter: QPainter, bars: QRectF, ruler: Ruler, chrome: Chrome) -> None:
    """The marks below the bars, and the dashed line."""
    ticks = ruler.axis.ticks(bars.width())
    places = [bars.left() + share * bars.width() for share, _ in ticks]
    painter.setPen(QColor(chrome.grid))
    painter.drawLines([QLineF(x, bars.top(), x, bars.bottom()) for x in places])
    painter.setPen(QColor(chrome.faint))
    write_marks(painter, QRectF(bars.left(), bars.bottom() + 1, bars.width(), AXIS_HEIGHT), ticks)
    if ruler.guide is not None:
        draw_rule(painter, QLineF(x := ruler.guide_in(bars), bars.top(), x, bars.bottom()), chrome)


def rule_names(size: Size) -> list[str]:
    """The names of the dashed line, the longest first."""
    is_usual = size is Size.UPDATE_RATIO
    value = scientific(USUAL_UPDATE_RATIO if is_usual else VANISHING_RATIO)
    return [say(name, value=value) for name in (USUAL_RULES if is_usual else RULES)]


def name_rule(painter: QPainter, bars: QRectF, ruler: Ruler, names: Sequence[str], chrome: Chrome) -> None:
    """Write the first name of the dashed line that has room over it."""
    widths = [painter.fontMetrics().horizontalAdvance(name) + 2 for name in names]
    name, width = next(
        ((name, width) for name, width in zip(names, widths, strict=True) if width <= bars.width()), ("", 0)
    )
    painter.setPen(QColor(chrome.faint))
    left = min(max(ruler.guide_in(bars) - width / 2, bars.left()), bars.right() - width)
    painter.drawText(QRectF(left, bars.top() - RULE_HEIGHT, width, RULE_HEIGHT), Qt.AlignmentFlag.AlignCenter, name)


def number_column(metrics: QFontMetricsF, width: float) -> float:
    """The width of a column for the numbers of low bars, which would cover their neighbours; 0 if it leaves no room."""
    column = metrics.horizontalAdvance(scientific(8.8e-88, digits=2)) + 4
    return column if 2 * column <= width else 0.0


def write_number(painter: QPainter, row: QRectF, text: str, metrics: QFontMetricsF, chrome: Chrome) -> None:
    """Write a number at the end of a row."""
    painter.setPen(QColor(chrome.ink))
    x = row.right() - metrics.horizontalAdvance(text)
    painter.drawText(QPointF(x, row.center().y() + (metrics.ascent() - metrics.descent()) / 2), text)


def paint_bar(
    painter: QPainter,
    row: QRectF,
    norm: float,
    ruler: Ruler,
    metrics: QFontMetricsF | None,
    chrome: Chrome,
    bar: QColor,
) -> None:
    """The bar and, with `metrics`, its number: beside the bar where there is room, else on it.

    The dashed line ends where it would strike a number through.
    """
    thickness = max(3.0, row.height() * 0.74)
    top = row.center().y() - thickness / 2
    if norm == 0.0 or not math.isfinite(norm):
        text = say("exactly 0") if norm == 0.0 else say("not finite")
        end, colour = row.left() + 12.0, chrome.warning
        draw_cross(painter, QPointF(row.left() + 6.5, row.center().y()), chrome)
    else:
        text, colour = scientific(norm, digits=2), chrome.ink
        end = row.left() + ruler.axis.share(norm) * row.width()
        painter.fillRect(QRectF(row.left(), top, max(2.0, end - row.left()), thickness), bar)
        if norm < 10.0**ruler.axis.low:
            paint_beyond(painter, row, thickness, bar)
            end = row.left() + 12.0
    if metrics is None:
        return
    text, x, on_bar = placed(text, norm, end, row, metrics)
    height = metrics.capHeight() + 2  # with what is raised; between the rows the line goes on
    is_struck = 0 < ruler.guide_in(row) - x < MAX_NUMBER
    if height > thickness if on_bar else is_struck:
        ground = QRectF(x - 1, row.center().y() - 1 - height / 2, metrics.horizontalAdvance(text) + 2, height)
        painter.fillRect(ground, bar if on_bar else QColor(chrome.surface))
    painter.setPen(QColor(chrome.surface if on_bar else colour))
    # placed by hand: a rectangle to align in takes twice the time
    painter.drawText(QPointF(x, row.center().y() + (metrics.ascent() - metrics.descent()) / 2), text)


def paint_beyond(painter: QPainter, row: QRectF, thickness: float, bar: QColor) -> None:
    """An arrow to the left: the bar would begin before the axis does."""
    middle, half = row.center().y(), min(5.0, thickness / 2)
    tip = QPointF(row.left() + 1, middle)
    painter.setBrush(bar)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(8, -half), tip + QPointF(8, half)]))


def placed(text: str, norm: float, end: float, row: QRectF, metrics: QFontMetricsF) -> tuple[str, float, bool]:
    """The text of a bar that ends there, where it begins, and whether it is on the bar.

    A number that fits neither beside the bar nor on it loses a digit.
    """
    x = end + 4
    if x + MAX_NUMBER <= row.right():
        return text, x, False
    width = metrics.horizontalAdvance(text)
    if x + width + 2 > row.right() and end - width - 6 < row.left() and 0 < norm < math.inf:
        text = scientific(norm)
        width = metrics.horizontalAdvance(text)
    on_bar = x + width + 2 > row.right()
    return text, max(row.left() + 1, end - width - 6) if on_bar else x, on_bar
