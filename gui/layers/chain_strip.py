"""The chain rule as a strip: what each layer makes of the signal on its way back, and what is left of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.insight.diagnosis import DIAGNOSIS, Diagnosis
from gui.layers.chain_cells import (
    MAX_FONT,
    MIN_FONT,
    WIDE,
    Cells,
    RowLook,
    bars,
    cells_of,
    label_of,
    look_for,
    share_around_one,
    texts_of,
)
from gui.layers.lane_chain import LaneChain, Row, chain_of
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
from gui.paint.plots.axes import MARK_ROOM, DecadeAxis, SteadyAxis
from gui.paint.theme import Chrome, mixed
from gui.paint.type_size import least_text, sized
from gui.text.lab_wording import CHAIN_EXPLANATION, CHAIN_TITLE, layer_of
from gui.text.language import say

WIDEST = DecadeAxis(-40, 10)  # of the running product
LABELLED_ROW, MAX_ROW = 9.0, 64.0
TITLE_TOP, TITLE_LINE, COLUMN_HEADING, AXIS_HEIGHT = 4.0, 17.0, 19.0, 14
BAR_STRENGTH = 0.42  # of its colour: many bars beside each other are no stripes
TICKS = ((1.0, "1"), (0.1, "0.1"), (10.0, "10"))


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
        self._looked: RowLook | None = None  # as it was when lanes came last
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
        known_look, known_top, self.top = self._looked, self.top, self.words_end()
        self._looked = self._look()
        is_other |= (self._looked, self.top) != (known_look, known_top)
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
        look = self._look()
        placed = [(row, cells_of(place, look)) for row, (_, place) in zip(chain.rows, self.rows(lane), strict=True)]
        is_drawn = all(cells.bars[1] is not None for _, cells in placed)
        for text in (chain.sentence, chain.bound if is_drawn else chain.undrawn_bound):
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
            area.translate(0, height)
        for _, column in groupby(placed, lambda pair: pair[1].label.left()):
            self._paint_column(painter, list(column), look, lane, chrome)

    def _look(self) -> RowLook:
        """The look of the rows, the same in all lanes, so that their bars can be compared."""
        areas = [(area, chain.rows) for lane, chain in enumerate(self._lanes) for _, area in self.rows(lane)[:1]]
        if not areas:
            return RowLook(MAX_FONT, False, 0.0, (0.0, 0.0, 0.0))
        area = min((area for area, _ in areas), key=QRectF.width)
        height = min(area.height() for area, _ in areas)
        largest = max(MIN_FONT, min(MAX_FONT, int(height * every(height, self.pixels_each)) - 1))
        return look_for((row for _, rows in areas for row in rows), area, self.font(), largest)

    def _paint_column(
        self, painter: QPainter, placed: list[tuple[Row, Cells]], look: RowLook, lane: int, chrome: Chrome
    ) -> None:
        """Rows one below the other, with their headings and axes."""
        first, last = placed[0][1], placed[-1][1]
        painter.setFont(sized(self.font(), 10))
        paint_axes(painter, first, last.label.bottom(), self._steady.axis, chrome)
        colour = lane_ink(chrome, None if self.n_lanes == 1 else self.colours[lane])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(QColor(chrome.surface), colour, BAR_STRENGTH))
        painter.drawRects([bar for row, cells in placed for bar in bars(row, cells, self._steady.axis)])
        for bound, same in groupby(placed, lambda pair: pair[0].bound):
            run = [cells.bars[1] for _, cells in same]
            if 0 < bound < 1 and run[0] is not None and run[-1] is not None:
                x = run[0].left() + share_around_one(bound) * run[0].width()
                draw_rule(painter, QLineF(x, run[0].top(), x, run[-1].bottom()), chrome)
        painter.setFont(sized(self.font(), look.size))
        metrics = QFontMetricsF(painter.font())
        for row, cells in placed[:: every(first.label.height(), self.pixels_each)]:
            paint_numbers(painter, row, cells, look, metrics, chrome)

    def text_at(self, place: QPointF) -> str:
        """The exact numbers of the row there."""
        for lane, chain in enumerate(self._lanes):
            for row, (index, area) in zip(chain.rows, self.rows(lane), strict=True):
                if area.contains(place):
                    return f"{layer_of(chain.title, index, len(chain.rows))}: {row.tip}"
        return say(CHAIN_EXPLANATION)


def every(height: float, scale: float) -> int:
    """The number of rows of a height, with the font of a scale, of which one has its numbers written."""
    return max(1, math.ceil(max(LABELLED_ROW, least_text(scale)) / height - 1e-9))


def paint_axes(painter: QPainter, first: Cells, bottom: float, axis: DecadeAxis, chrome: Chrome) -> None:
    """The headings of the parts of a row, the marks of their axes and lines down from them."""
    painter.setPen(QColor(chrome.faint))
    width = QFontMetricsF(painter.font()).horizontalAdvance
    end = first.end
    shown = [
        (texts, number) for texts, number in zip(headings(first), first.numbers, strict=True) if number is not None
    ]
    for texts, number in reversed(shown):
        text = next((text for text in texts if number.left() + width(text) + 2 <= end), texts[-1])
        end = min(number.left(), end - 2 - width(text))
        painter.drawText(QPointF(end, first.label.top() - 6), text)
    if first.factor is not None:
        painter.drawText(QPointF(first.factor.left(), first.label.top() - 6), say("factor  ="))
    lines = []
    for part, cell in enumerate(first.bars):
        if cell is not None:
            around_one = TICKS if cell.width() > 58 else TICKS[:1]
            ticks = [(share_around_one(value), text) for value, text in around_one]
            if part == 2:
                ticks = [(share, text) for share, text in axis.ticks(cell.width()) if share]
                ticks = ticks if cell.width() >= MARK_ROOM else ticks[-1:]
            write_marks(painter, QRectF(cell.left(), bottom, cell.width(), AXIS_HEIGHT), ticks)
            places = [cell.left() + share * cell.width() for share, _ in ticks]
            lines += [QLineF(x, cell.top(), x, bottom) for x in places]
    painter.setPen(QColor(chrome.grid))
    painter.drawLines(lines)


def headings(cells: Cells) -> list[list[str]]:
    """The words over the weights, the slopes and the products, the longest first."""
    slopes, arriving = [say("× slope"), "× |f′|"], [say("arriving")]
    if cells.factor is not None:
        slopes.insert(0, say("× slope f′(z)"))
        arriving.insert(0, say("arriving at the layer"))
    return [[say("weights", "heading"), "w"], slopes, arriving]


def paint_numbers(
    painter: QPainter, row: Row, cells: Cells, look: RowLook, metrics: QFontMetricsF, chrome: Chrome
) -> None:
    """The label and the numbers of a row."""
    base = cells.label.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.setPen(QColor(chrome.faint))
    label = label_of(row, is_brief=cells.is_narrow)
    painter.drawText(QPointF(cells.label.right() - metrics.horizontalAdvance(label), base), label)
    painter.setPen(QColor(chrome.ink))
    if cells.factor is not None:
        painter.drawText(QPointF(cells.factor.left(), base), row.factor)
    for cell, value, text in zip(cells.numbers, row.values, texts_of(row, is_brief=look.is_brief), strict=True):
        if cell is not None:
            is_number = value != 0 and math.isfinite(value)
            painter.setPen(QColor(chrome.ink if is_number else chrome.warning))
            painter.drawText(QPointF(cell.left(), base), text)
