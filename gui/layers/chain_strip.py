"""The chain rule as a strip: what each layer makes of the signal on its way back, and what is left of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.insight.diagnosis import DIAGNOSIS, Diagnosis
from gui.layers.lane_chain import LaneChain, Row, chain_of
from gui.paint.axes import DecadeAxis, SteadyAxis
from gui.paint.chart import (
    HEADING_HEIGHT,
    MARGIN,
    LanesChart,
    draw_rule,
    lane_ink,
    wrapped_height,
    write_heading,
    write_marks,
)
from gui.paint.lane_view import LaneView
from gui.paint.theme import Chrome, mixed
from gui.paint.type_size import least_text, sized
from gui.text.lab_wording import CHAIN_EXPLANATION, CHAIN_TITLE, layer_of
from gui.text.language import say

SPLIT_DECADES = 1.2
"""Of the short bars, to either side of 1."""

WIDEST = DecadeAxis(-40, 10)  # of the running product
LABELLED_ROW, MAX_ROW, MAX_FONT = 9.0, 24.0, 12
TITLE_TOP, TITLE_LINE, COLUMN_HEADING, AXIS_HEIGHT, GAP = 4.0, 17.0, 16.0, 14, 6.0
LABEL_WIDTH, BRIEF_LABEL_WIDTH, FACTOR_WIDTH, NUMBER_WIDTH = 46.0, 28.0, 60.0, 34.0
MIN_SPLIT, NARROW, WIDE = 42.0, 260.0, 380.0  # of a cell with a number beside its bar, and of a lane
BAR_STRENGTH = 0.42  # of its colour, so that numbers can be read on it


@dataclass(frozen=True)
class Cells:
    """The places of the parts of a row; without `factor` where that does not fit."""

    label: QRectF
    factor: QRectF | None
    weights: QRectF
    slope: QRectF
    product: QRectF
    is_narrow: bool


class ChainStrip(LanesChart):
    """Shows each lane's factors and running products, output on top, first layer at the bottom."""

    needs = (DIAGNOSIS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chain_strip")
        self.setAccessibleName(say(CHAIN_TITLE))
        self.setAccessibleDescription(say(CHAIN_EXPLANATION))
        self._diagnoses: tuple[Diagnosis | None, ...] = ()
        self._titles: tuple[str, ...] = ()
        self._lanes: tuple[LaneChain, ...] = ()
        self._is_stale = False
        self._steady = SteadyAxis(WIDEST)
        self.fit()

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the diagnosis of each lane on one axis.

        Nothing is done for objects that are shown already, and nothing but keeping them while the strip is hidden.
        """
        self.use_colours(lanes)
        diagnoses, names = [lane.value(DIAGNOSIS) for lane in lanes], tuple(lane.title for lane in lanes)
        same = len(diagnoses) == len(self._diagnoses) and names == self._titles
        if same and all(new is old for new, old in zip(diagnoses, self._diagnoses, strict=True)):
            return
        self._diagnoses, self._titles, self._is_stale = tuple(diagnoses), names, True
        if self.isVisible():
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        if self._is_stale:
            self._renew()
        super().showEvent(event)

    def _renew(self) -> None:
        """Lanes are diagnosed by turns: only what is new is made and painted."""
        self._is_stale = False
        before = self._lanes
        known = {(id(chain.source), chain.title): chain for chain in before}
        self._lanes = tuple(
            known.get((id(diagnosis), title)) or chain_of(diagnosis, title)
            for diagnosis, title in zip(self._diagnoses, self._titles, strict=True)
        )
        said = " ".join(
            f"{p.title}: {p.sentence} {p.bound}" if p.title else f"{p.sentence} {p.bound}" for p in self._lanes
        )
        self.setAccessibleDescription(f"{said} {say(CHAIN_EXPLANATION)}".strip())
        epoch = min((made.epochs for made in self._diagnoses if made is not None), default=0)
        is_other = self._steady.follow((row.values[2] for chain in self._lanes for row in chain.rows), epoch)
        pairs = zip(before, self._lanes, strict=False)
        self.show_changed(len(before), [lane for lane, (old, new) in enumerate(pairs) if is_other or old is not new])

    @property
    def heading(self) -> str:
        return say(CHAIN_TITLE)

    @property
    def _words_top(self) -> float:
        """The upper end of the lanes' words, below the heading or the titles."""
        return HEADING_HEIGHT if self.n_lanes < 2 else TITLE_TOP + TITLE_LINE

    def _word_size(self) -> int:
        return 12 if self.columns.width >= WIDE else 11

    def words_end(self) -> float:
        """Below two sentences, as many lines each as the longest takes; two where most take so many, lest rows jump."""
        font, width = sized(self.font(), self._word_size()), self.columns.width
        line = QFontMetrics(font).lineSpacing()
        texts = [text for chain in self._lanes for text in (chain.sentence, chain.bound)]
        highest = max((wrapped_height(font, text, width - MARGIN) for text in texts), default=0)
        lines = max(1 if width >= WIDE else 2, round(highest / line))
        return self._words_top + 2 * lines * line + COLUMN_HEADING

    def rows(self, lane: int = 0) -> list[tuple[int, QRectF]]:
        """For each row, output first, its layer's index and its rectangle; two columns where one would be crowded."""
        count = len(self._lanes[lane].rows) if self._lanes else 0
        if not count:
            return []
        height = max(20.0, self.extent.height() - self.top - AXIS_HEIGHT)
        whole, left = self.columns.width, self.columns.left(lane)
        columns = 1 if height / count >= LABELLED_ROW or whole < WIDE else 2
        per_column = math.ceil(count / columns)
        row, width = min(MAX_ROW, height / per_column), whole / columns
        return [
            (
                count - 1 - place,
                QRectF(left + place // per_column * width, self.top + place % per_column * row, width, row),
            )
            for place in range(count)
        ]

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        chain, columns = self._lanes[lane], self.columns
        if chain.title:
            area = QRectF(columns.left(lane) + MARGIN, TITLE_TOP, columns.width - MARGIN, TITLE_LINE)
            write_heading(painter, area, chain.title, self.lane_colour(chrome, lane))
        painter.setFont(sized(self.font(), self._word_size()))
        painter.setPen(QColor(chrome.ink))
        height = (self.top - COLUMN_HEADING - self._words_top) / 2
        area = QRectF(columns.left(lane) + MARGIN, self._words_top, columns.width - MARGIN, height)
        for text in (chain.sentence, chain.bound):
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
            area.translate(0, height)
        metrics, areas = QFontMetricsF(sized(self.font(), MAX_FONT)), [area for _, area in self.rows(lane)]
        labels = [label_of(row, is_brief=is_narrow(area)) for row, area in zip(chain.rows, areas, strict=True)]
        label_width = max(map(metrics.horizontalAdvance, labels), default=0.0) + GAP
        placed = [(row, cells_of(area, label_width)) for row, area in zip(chain.rows, areas, strict=True)]
        for _, column in groupby(placed, lambda pair: pair[1].label.left()):
            self._paint_column(painter, list(column), lane, chrome)

    def _paint_column(self, painter: QPainter, placed: list[tuple[Row, Cells]], lane: int, chrome: Chrome) -> None:
        """Rows one below the other, with their headings and axes."""
        first, last = placed[0][1], placed[-1][1]
        painter.setFont(sized(self.font(), 10))
        paint_axes(painter, first, last.label.bottom(), self._steady.axis, chrome)
        colour = lane_ink(chrome, None if self.n_lanes == 1 else self.colours[lane])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(QColor(chrome.surface), colour, BAR_STRENGTH))
        painter.drawRects([bar for row, cells in placed for bar in bars(row, cells, self._steady.axis)])
        for bound, same in groupby(placed, lambda pair: pair[0].bound):
            if 0 < bound < 1:
                run = [bars_area(cells.slope) for _, cells in same]
                x = run[0].left() + share_around_one(bound) * run[0].width()
                draw_rule(painter, x, run[0].top(), run[-1].bottom(), chrome)
        height = first.label.height()
        every = max(1, math.ceil(max(LABELLED_ROW, least_text(self.pixels_each)) / height - 1e-9))
        painter.setFont(sized(self.font(), max(9, min(MAX_FONT, int(height * every) - 1))))
        metrics = QFontMetricsF(painter.font())
        for row, cells in placed[::every]:
            paint_numbers(painter, row, cells, metrics, chrome)

    def text_at(self, place: QPointF) -> str:
        """The exact numbers of the row there."""
        for lane, chain in enumerate(self._lanes):
            for row, (index, area) in zip(chain.rows, self.rows(lane), strict=True):
                if area.contains(place):
                    return f"{layer_of(chain.title, index, len(chain.rows))}: {row.tip}"
        return say(CHAIN_EXPLANATION)


def is_narrow(row: QRectF) -> bool:
    """True if a row has room for brief labels only."""
    return row.width() < NARROW


def label_of(row: Row, *, is_brief: bool) -> str:
    """The label that is written before a row."""
    return row.brief_label if is_brief else row.label


def cells_of(row: QRectF, least_label_width: float = 0.0) -> Cells:
    """The parts of a row."""
    left, height = row.left() + MARGIN / 2, row.height()
    label_width = max(BRIEF_LABEL_WIDTH if is_narrow(row) else LABEL_WIDTH, least_label_width)
    label = QRectF(left, row.top(), label_width - GAP, height)
    left += label_width
    factor = None
    if row.width() >= WIDE:
        factor = QRectF(left, row.top(), FACTOR_WIDTH, height)
        left += FACTOR_WIDTH
    room = max(30.0, row.right() - left - 2 * GAP)
    short, long = room * 0.3, room * 0.4
    weights = QRectF(left, row.top(), short, height)
    slope = QRectF(left + short + GAP, row.top(), short, height)
    product = QRectF(slope.right() + GAP, row.top(), long, height)
    return Cells(label, factor, weights, slope, product, is_narrow(row))


def paint_axes(painter: QPainter, first: Cells, bottom: float, axis: DecadeAxis, chrome: Chrome) -> None:
    """The headings of the parts of a row, the marks of their axes and lines down from them."""
    painter.setPen(QColor(chrome.faint))
    is_narrow = first.factor is None
    headings = [
        (first.weights, say("weights", "heading") if first.weights.width() > 40 else "w"),
        (first.slope, slope_heading(first)),
        (first.product, say("arriving") if is_narrow else say("arriving at the layer")),
    ]
    if first.factor is not None:
        headings.append((first.factor, say("factor  =")))
    for cell, text in headings:
        painter.drawText(QPointF(cell.left(), cell.top() - 4), text)
    split = [bars_area(cell) for cell in (first.weights, first.slope)]
    shown = TICKS if split[0].width() > 58 else TICKS[:1]
    marks = [(share_around_one(value), text) for value, text in shown]
    inner = [(share, text) for share, text in axis.ticks(first.product.width()) if share]
    lines = []
    for cell, ticks in ((split[0], marks), (split[1], marks), (first.product, inner)):
        write_marks(painter, QRectF(cell.left(), bottom, cell.width(), AXIS_HEIGHT), ticks)
        places = [cell.left() + share * cell.width() for share, _ in ticks]
        lines += [QLineF(x, cell.top(), x, bottom) for x in places]
    painter.setPen(QColor(chrome.grid))
    painter.drawLines(lines)


def paint_numbers(painter: QPainter, row: Row, cells: Cells, metrics: QFontMetricsF, chrome: Chrome) -> None:
    """The label and the numbers of a row, over its bars."""
    base = cells.label.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.setPen(QColor(chrome.faint))
    label = label_of(row, is_brief=cells.is_narrow)
    painter.drawText(QPointF(cells.label.right() - metrics.horizontalAdvance(label), base), label)
    painter.setPen(QColor(chrome.ink))
    if cells.factor is not None:
        painter.drawText(QPointF(cells.factor.left(), base), row.factor)
    for cell, value, text, brief in zip(
        (cells.weights, cells.slope, cells.product), row.values, row.texts, row.briefly, strict=True
    ):
        is_number = value != 0 and math.isfinite(value)
        # a factor below 1 has its bar left of the middle, and its number must not hide it
        end = bars_area(cell).center().x() if is_number and cell is not cells.product else cell.right()
        fits = metrics.horizontalAdvance(text) <= end - cell.left()
        if not is_number:
            painter.setPen(QColor(chrome.warning))
        painter.drawText(QPointF(cell.left() + 1, base), text if fits else brief)
        if not is_number:
            painter.setPen(QColor(chrome.ink))


TICKS = ((1.0, "1"), (0.1, "0.1"), (10.0, "10"))


def slope_heading(cells: Cells) -> str:
    """The heading over the slopes, as far as there is room."""
    if cells.factor is not None:
        return say("× slope f′(z)")
    return say("× slope") if cells.slope.width() > 40 else "× |f′|"


def bars(row: Row, cells: Cells, axis: DecadeAxis) -> list[QRectF]:
    """The bars of a row: around 1 for the two factors, from the left end for what arrives; none for what is no number.

    One that would end beyond its axis ends there.
    """
    made = []
    for cell, value in zip((bars_area(cells.weights), bars_area(cells.slope)), row.values[:2], strict=True):
        if value > 0 and math.isfinite(value):
            end, middle = share_around_one(value) * cell.width(), cell.width() / 2
            left, right = min(end, middle), max(end, middle)
            made.append(_thick(cell, left, max(1.0, right - left)))
    product = row.values[2]
    if product > 0 and math.isfinite(product):
        made.append(_thick(cells.product, 0.0, max(2.0, axis.share(product) * cells.product.width())))
    return made


def bars_area(cell: QRectF) -> QRectF:
    """The place of the bar in the cell of a factor: right of the number, or under it where there is little room."""
    return cell.adjusted(min(NUMBER_WIDTH, 0.64 * cell.width()), 0, 0, 0) if cell.width() >= MIN_SPLIT else cell


def _thick(cell: QRectF, left: float, width: float) -> QRectF:
    """A bar in a cell, from `left` on, a little lower than the cell is high."""
    inset = min(2.0, cell.height() * 0.13)
    return QRectF(cell.left() + left, cell.top() + inset, width, cell.height() - 2 * inset)


def share_around_one(value: float) -> float:
    """The place of a positive number on the axis around 1, 0 at its left end, 1 at its right."""
    return min(max(0.5 + math.log10(value) / (2 * SPLIT_DECADES), 0.0), 1.0)
