"""The chain rule as a strip: what each layer makes of the signal on its way back, and what is left of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.insight.diagnosis import DIAGNOSIS, Diagnosis
from gui.layers.chain_panel import Panel, Row, panel_of
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LanesView
from gui.paint.theme import Chrome, chrome_of, mixed
from gui.text.lab_wording import CHAIN_EXPLANATION, CHAIN_TITLE, layer_of
from gui.text.language import say
from gui.text.numbers import scientific

SPLIT_DECADES = 1.2
"""Of the short bars, to either side of 1."""

LOW_DECADE, HIGH_DECADE = -18, 2  # twenty decades of the running product
LABELLED_ROW, MOST_ROW = 9.0, 24.0
TITLE_HEIGHT, TITLE_LINE, HEADING_HEIGHT, AXIS_HEIGHT, MARGIN, GAP = 24.0, 17.0, 16.0, 14, 10, 6.0
LABEL_WIDTH, BRIEF_LABEL_WIDTH, FACTOR_WIDTH, NUMBER_WIDTH = 46.0, 28.0, 60.0, 34.0
LEAST_SPLIT, NARROW, WIDE = 42.0, 260.0, 380.0  # of a cell with a number beside its bar, and of a lane
BAR_STRENGTH = 0.42  # of its colour, so that numbers can be read on it


@dataclass(frozen=True)
class Cells:
    """The places of the parts of a row; without `factor` where that does not fit."""

    label: QRectF
    factor: QRectF | None
    weights: QRectF
    slope: QRectF
    product: QRectF


class ChainStrip(LanesView):
    """Shows each lane's factors and running products, output on top, first layer at the bottom."""

    needs = (DIAGNOSIS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chain_strip")
        self.setAccessibleName(say(CHAIN_TITLE))
        self.setAccessibleDescription(say(CHAIN_EXPLANATION))
        self.setMinimumSize(240, 150)
        self._diagnoses: tuple[Diagnosis | None, ...] = ()
        self._titles: tuple[str, ...] = ()
        self._panels: tuple[Panel, ...] = ()
        self._is_stale = False
        self._lines_each, self._line = 1, 15.0  # for one sentence, and the height of a line

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
        before, lines = self._panels, self._lines_each
        known = {(id(panel.source), panel.title): panel for panel in before}
        self._panels = tuple(
            known.get((id(diagnosis), title)) or panel_of(diagnosis, title)
            for diagnosis, title in zip(self._diagnoses, self._titles, strict=True)
        )
        said = " ".join(
            f"{p.title}: {p.sentence} {p.bound}" if p.title else f"{p.sentence} {p.bound}" for p in self._panels
        )
        self.setAccessibleDescription(f"{said} {say(CHAIN_EXPLANATION)}".strip())
        self._measure_words()
        if len(before) != len(self._panels) or lines != self._lines_each:
            self.update()
            return
        for lane, (old, new) in enumerate(zip(before, self._panels, strict=True)):
            if old is not new:
                self.update(self._area(lane))

    def sizeHint(self) -> QSize:
        return QSize(430, 360)

    def _area(self, lane: int) -> QRect:
        """All that is painted of a lane, in whole pixels; the last one has the margin, too."""
        left = round(lane * self._width())
        right = self.width() if lane == len(self._panels) - 1 else round((lane + 1) * self._width())
        return QRect(left, 0, right - left, self.height())

    def _width(self) -> float:
        """Of one lane."""
        return (self.width() - MARGIN) / max(1, len(self._panels))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure_words()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._measure_words()
        super().changeEvent(event)

    def _measure_words(self) -> None:
        """Count the lines that the longest sentence takes; at least two where most take so many, lest the rows jump."""
        metrics = QFontMetrics(self._font(self._word_size()))
        area, wraps = QRect(0, 0, int(self._width() - MARGIN), 1000), Qt.TextFlag.TextWordWrap
        heights = [
            metrics.boundingRect(area, wraps, text).height() for p in self._panels for text in (p.sentence, p.bound)
        ]
        usual = 1 if self._width() >= WIDE else 2
        self._line = float(metrics.lineSpacing())
        self._lines_each = max(usual, round(max(heights, default=0) / self._line))

    def _word_size(self) -> int:
        return 12 if self._width() >= WIDE else 11

    def _words_top(self) -> float:
        """The upper end of the lanes' words; several lanes have titles of their own."""
        return TITLE_HEIGHT if len(self._panels) < 2 else 4.0

    def _top(self) -> float:
        titles = TITLE_LINE if len(self._panels) > 1 else 0.0
        return self._words_top() + titles + 2 * self._lines_each * self._line + HEADING_HEIGHT

    def rows(self, lane: int = 0) -> list[tuple[int, QRectF]]:
        """For each row, output first, its layer's index and its rectangle; two columns where one would be crowded."""
        count = len(self._panels[lane].rows) if self._panels else 0
        if not count:
            return []
        height = max(20.0, self.height() - self._top() - AXIS_HEIGHT)
        columns = 1 if height / count >= LABELLED_ROW or self._width() < WIDE else 2
        per_column = math.ceil(count / columns)
        row, width, left = min(MOST_ROW, height / per_column), self._width() / columns, lane * self._width()
        return [
            (
                count - 1 - place,
                QRectF(left + place // per_column * width, self._top() + place % per_column * row, width, row),
            )
            for place in range(count)
        ]

    def cells(self, row: QRectF) -> Cells:
        """The parts of a row."""
        left, height = row.left() + MARGIN / 2, row.height()
        label_width = BRIEF_LABEL_WIDTH if row.width() < NARROW else LABEL_WIDTH
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
        return Cells(label, factor, weights, slope, QRectF(slope.right() + GAP, row.top(), long, height))

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome = chrome_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(chrome.surface))
            if len(self._panels) < 2:
                painter.setFont(self._font(13, is_bold=True))
                painter.setPen(QColor(chrome.ink))
                painter.drawText(QPointF(MARGIN, TITLE_HEIGHT - 8), say(CHAIN_TITLE))
            for lane, panel in enumerate(self._panels):
                if not event.region().intersects(self._area(lane)):
                    continue
                painter.setClipRect(self._area(lane))
                self._paint_words(painter, lane, panel, chrome)
                placed = [(row, self.cells(area)) for row, (_, area) in zip(panel.rows, self.rows(lane), strict=True)]
                for _, column in groupby(placed, lambda pair: pair[1].label.left()):
                    self._paint_column(painter, list(column), lane, chrome)

    def _font(self, size: int, *, is_bold: bool = False) -> QFont:
        font = self.font()
        font.setPixelSize(size)
        font.setBold(is_bold)
        return font

    def _paint_words(self, painter: QPainter, lane: int, panel: Panel, chrome: Chrome) -> None:
        """The title of a lane, if there are several, what is left, and what the bounds alone would leave."""
        area = QRectF(lane * self._width() + MARGIN, self._words_top(), self._width() - MARGIN, TITLE_LINE)
        if panel.title:
            painter.setFont(self._font(13, is_bold=True))
            painter.setPen(self.lane_colour(chrome, lane))
            text = painter.fontMetrics().elidedText(panel.title, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            area.translate(0, TITLE_LINE)
        painter.setFont(self._font(self._word_size()))
        painter.setPen(QColor(chrome.ink))
        area.setHeight(self._lines_each * self._line)
        for text in (panel.sentence, panel.bound):
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
            area.translate(0, area.height())

    def _paint_column(self, painter: QPainter, placed: list[tuple[Row, Cells]], lane: int, chrome: Chrome) -> None:
        """Rows one below the other, with their headings and axes."""
        first, last = placed[0][1], placed[-1][1]
        self._paint_axes(painter, first, last.label.bottom(), chrome)
        colour = QColor(chrome.bar) if len(self._panels) == 1 else self.lane_colour(chrome, lane)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(QColor(chrome.surface), colour, BAR_STRENGTH))
        painter.drawRects([bar for row, cells in placed for bar in bars(row, cells)])
        painter.setPen(QPen(QColor(chrome.warning), 1, Qt.PenStyle.DashLine))
        for bound, same in groupby(placed, lambda pair: pair[0].bound):
            if 0 < bound < 1:
                run = [bars_area(cells.slope) for _, cells in same]
                x = run[0].left() + share_around_one(bound) * run[0].width()
                painter.drawLine(QPointF(x, run[0].top()), QPointF(x, run[-1].bottom()))
        height = first.label.height()
        every = max(1, math.ceil(LABELLED_ROW / height - 1e-9))
        painter.setFont(self._font(max(9, min(12, int(height * every) - 1))))
        metrics = QFontMetricsF(painter.font())
        for row, cells in placed[::every]:
            self._paint_numbers(painter, row, cells, metrics, chrome)

    def _paint_axes(self, painter: QPainter, first: Cells, bottom: float, chrome: Chrome) -> None:
        painter.setFont(self._font(10))
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
        ticks = [(cell, share_around_one(value), text) for cell in split for value, text in shown]
        ticks += [
            (first.product, share_of_axis(10.0**decade), scientific(10.0**decade) if decade else "1")
            for decade in ((-12, -6, 0) if first.product.width() > 90 else (-12, 0))
        ]
        lines = []
        for cell, share, text in ticks:
            x = cell.left() + share * cell.width()
            lines.append(QLineF(x, cell.top(), x, bottom))
            painter.drawText(QRectF(x - 20, bottom, 40, AXIS_HEIGHT), Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(chrome.grid))
        painter.drawLines(lines)

    def _paint_numbers(self, painter: QPainter, row: Row, cells: Cells, metrics: QFontMetricsF, chrome: Chrome) -> None:
        """The label and the numbers of a row, over its bars."""
        base = cells.label.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.setPen(QColor(chrome.faint))
        label = row.label if cells.label.width() > BRIEF_LABEL_WIDTH else row.brief_label
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

    def event(self, event: QEvent) -> bool:
        """The exact numbers of the row under the pointer as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), f"<p>{escape(self._tip_at(QPointF(event.pos())))}</p>", self)
            return True
        return super().event(event)

    def _tip_at(self, place: QPointF) -> str:
        for lane, panel in enumerate(self._panels):
            for row, (index, area) in zip(panel.rows, self.rows(lane), strict=True):
                if area.contains(place):
                    return f"{layer_of(panel.title, index, len(panel.rows))}: {row.tip}"
        return say(CHAIN_EXPLANATION)


TICKS = ((1.0, "1"), (0.1, "0.1"), (10.0, "10"))


def slope_heading(cells: Cells) -> str:
    """The heading over the slopes, as far as there is room."""
    if cells.factor is not None:
        return say("× slope f′(z)")
    return say("× slope") if cells.slope.width() > 40 else "× |f′|"


def bars(row: Row, cells: Cells) -> list[QRectF]:
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
        made.append(_thick(cells.product, 0.0, max(2.0, share_of_axis(product) * cells.product.width())))
    return made


def bars_area(cell: QRectF) -> QRectF:
    """The place of the bar in the cell of a factor: right of the number, or under it where there is little room."""
    return cell.adjusted(min(NUMBER_WIDTH, 0.64 * cell.width()), 0, 0, 0) if cell.width() >= LEAST_SPLIT else cell


def _thick(cell: QRectF, left: float, width: float) -> QRectF:
    """A bar in a cell, from `left` on, a little lower than the cell is high."""
    inset = min(2.0, cell.height() * 0.13)
    return QRectF(cell.left() + left, cell.top() + inset, width, cell.height() - 2 * inset)


def share_around_one(value: float) -> float:
    """The place of a positive number on the axis around 1, 0 at its left end, 1 at its right."""
    return min(max(0.5 + math.log10(value) / (2 * SPLIT_DECADES), 0.0), 1.0)


def share_of_axis(product: float) -> float:
    """The place of a positive number on the axis of the products, 0 at its left end, 1 at its right."""
    return min(max((math.log10(product) - LOW_DECADE) / (HIGH_DECADE - LOW_DECADE), 0.0), 1.0)
