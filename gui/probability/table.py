"""The table of a card: numbers under one another by their decimal signs, bars on one axis, and the sums."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.isolates import isolated
from gui.paint.axes import round_ticks
from gui.paint.markers import paint_marker_at
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.paint.type_size import sized
from gui.probability.figures import Column
from gui.text.language import say
from gui.text.numbers import scientific

LINE, BAR, GAP = 24.0, 8.0, 12.0  # a row of text, the bar under it, and the room between two columns
TEXT, TICKS = 12, 11
AXIS = 16.0
TICK_ROOM = 64.0
MARKER, MARKER_ROOM, MIN_NAME, MAX_NAME = 10.0, 16.0, 32.0, 96.0
Room = tuple[float, float]


@dataclass(frozen=True)
class Classes:
    """The names and colours of the rows.

    Attributes:
        names: of the classes.
        colours: the numbers of their colours and shapes.
    """

    names: tuple[str, ...]
    colours: tuple[int, ...]


def at_sign(text: str) -> tuple[str, str]:
    """A number before its decimal sign, and from there on; of a power of ten the sign is that of what it multiplies."""
    for place, character in enumerate(text):
        if character in ".·" or (character == " " and not text.startswith("÷")):
            return text[:place], text[place:]
    return text, ""


@dataclass(frozen=True)
class Placed:
    """A column in its place.

    Attributes:
        column: what it holds.
        left, width: of it.
        sign: where decimal signs are.
    """

    column: Column
    left: float
    width: float
    sign: float


class Table:
    """Columns in one block, or in two under one another where that is too wide.

    Args:
        columns: what is shown.
        classes: of the rows.
        bars: the length of the bar of each row, on one axis from 0 to `longest`.
        longest: the value at the right end of the bars.
        axis: what the bars are.
        font: of the card.
        rooms: the widest room that each column has needed, which it keeps, lest all moves while numbers change.
        marked: the row of the point's class, or None.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        classes: Classes,
        bars: Sequence[float],
        longest: float,
        axis: str,
        font: QFont,
        rooms: dict[str, Room],
        marked: int | None,
    ) -> None:
        self._columns, self._classes, self._bars, self._longest = columns, classes, bars, longest
        self._font, self._small = sized(font, TEXT), sized(font, TICKS)
        self._bold = sized(font, TEXT, is_bold=True)
        self._metrics = QFontMetricsF(self._bold)
        self._axis, self._marked, self._rooms = axis, marked, rooms
        heading = QFontMetricsF(self._font)
        self._widths: dict[str, float] = {}
        for column in columns:
            self._rooms[column.title] = room = self._room_of(column)
            self._widths[column.title] = max(sum(room), heading.horizontalAdvance(column.title))
        widest = max(map(self._metrics.horizontalAdvance, map(isolated, classes.names)), default=0.0)
        self._name_width = MARKER_ROOM + min(max(widest + 1, MIN_NAME), MAX_NAME)

    def _room_of(self, column: Column) -> Room:
        """The room before and after the decimal signs of a column."""
        texts = [at_sign(text) for text in (*column.cells, column.total) if text]
        advance, known = self._metrics.horizontalAdvance, self._rooms.get(column.title, (0.0, 0.0))
        before = max([known[0], *(advance(text) for text, _ in texts)])
        after = max([known[1], *(advance(text) for _, text in texts)])
        return before, after

    def _total_width(self, columns: Sequence[Column]) -> float:
        return self._name_width + sum(GAP + self._widths[column.title] for column in columns)

    @property
    def least_width(self) -> float:
        """The width that it needs when it stands in two blocks."""
        return max(
            self._total_width([column for column in block if not column.is_optional]) for block in self._halves()
        )

    def _halves(self) -> list[list[Column]]:
        """The columns on the way to P, and those of the loss, unless all of these may be left out."""
        halves = [[column for column in self._columns if column.is_of_loss is of_loss] for of_loss in (False, True)]
        return [half for half in halves if not all(column.is_optional for column in half)]

    def blocks(self, width: float) -> list[list[Column]]:
        """The columns of each block in a width, without what has no room."""
        if self._total_width(self._columns) <= width:
            return [list(self._columns)]
        blocks = self._halves()
        for block in blocks:
            while self._total_width(block) > width and any(column.is_optional for column in block):
                block.remove(next(column for column in block if column.is_optional))
        return blocks

    def height(self, width: float) -> float:
        """The height in a width."""
        return sum(whole.height() for _, whole, _ in self._place_blocks(QRectF(0, 0, width, 0)))

    def _place_blocks(self, area: QRectF) -> Iterator[tuple[list[Column], QRectF, bool]]:
        """The blocks with their places, and whether they have the bars, as the first has."""
        top = area.top()
        for number, block in enumerate(self.blocks(area.width())):
            has_bars, has_totals = number == 0, any(column.total for column in block)
            height = LINE + (LINE + BAR * has_bars) * len(self._classes.names) + AXIS * has_bars + LINE * has_totals
            yield block, QRectF(area.left(), top, area.width(), height), has_bars
            top += height

    def place(self, block: Sequence[Column], area: QRectF) -> Iterator[Placed]:
        """The places of the columns of a block, spread over the width."""
        spare = area.width() - self._total_width(block)
        gap = GAP + min(36.0, max(0.0, spare) / len(block))
        left = area.left() + self._name_width
        for column in block:
            width, (before, after) = self._widths[column.title], self._rooms[column.title]
            yield Placed(column, left + gap, width, left + gap + (width - before - after) / 2 + before)
            left += gap + width

    def row_at(self, area: QRectF, place: QPointF) -> int | None:
        """The row of a place, or None."""
        for _, whole, has_bars in self._place_blocks(area):
            index = int((place.y() - whole.top() - LINE) // (LINE + BAR * has_bars))
            if 0 <= index < len(self._classes.names):
                return index
        return None

    def text_at(self, area: QRectF, place: QPointF) -> str:
        """The meaning of the column there."""
        for block, whole, _ in self._place_blocks(area):
            if whole.top() <= place.y() < whole.bottom():
                for placed in self.place(block, whole):
                    if placed.left - GAP / 2 <= place.x() < placed.left + placed.width + GAP / 2:
                        return f"{placed.column.title}: {placed.column.tip}"
        return ""

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint it at the top of an area."""
        for block, whole, has_bars in self._place_blocks(area):
            self._paint_block(painter, whole, block, has_bars, chrome)

    def _paint_block(
        self, painter: QPainter, area: QRectF, block: Sequence[Column], has_bars: bool, chrome: Chrome
    ) -> None:
        placed = list(self.place(block, area))
        painter.setFont(self._font)
        painter.setPen(QColor(chrome.faint))
        for each in placed:
            width = painter.fontMetrics().horizontalAdvance(each.column.title)
            painter.drawText(QPointF(each.left + (each.width - width) / 2, area.top() + 16), each.column.title)
        top = area.top() + LINE
        for index in range(len(self._classes.names)):
            if has_bars:
                self._paint_bar(painter, QRectF(area.left(), top + LINE - 2, area.width(), BAR - 2), index, chrome)
            self._paint_row(painter, area.left(), top, index, placed, chrome)
            top += LINE + BAR * has_bars
        if has_bars:
            self._paint_axis(painter, QRectF(area.left(), top, area.width(), AXIS), chrome)
            top += AXIS
        if any(column.total for column in block):
            self._paint_totals(painter, QRectF(area.left(), top, area.width(), LINE), placed, chrome)

    def _paint_row(
        self, painter: QPainter, left: float, top: float, index: int, placed: Sequence[Placed], chrome: Chrome
    ) -> None:
        middle = QPointF(left + MARKER / 2 + 1, top + LINE / 2)
        paint_marker_at(painter, middle, self._classes.colours[index], chrome, MARKER)
        painter.setFont(self._bold if index == self._marked else self._font)
        painter.setPen(QColor(chrome.ink))
        base, room = top + 16, int(self._name_width - MARKER_ROOM)
        name = painter.fontMetrics().elidedText(isolated(self._classes.names[index]), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left + MARKER_ROOM, base), name)
        for each in placed:
            if text := each.column.cells[index]:
                self._write(painter, each, text, base)

    def _write(self, painter: QPainter, placed: Placed, text: str, base: float) -> None:
        before, _ = at_sign(text)
        width = QFontMetricsF(painter.font()).horizontalAdvance(before)
        painter.drawText(QPointF(placed.sign - width, base), text)

    def _paint_bar(self, painter: QPainter, area: QRectF, index: int, chrome: Chrome) -> None:
        share = self._bars[index] / self._longest if self._longest > 0 else 0.0
        width = min(max(share, 0.0), 1.0) * area.width()
        painter.setPen(QPen(QColor(chrome.edge), 1))
        painter.drawLine(QLineF(area.left(), area.bottom(), area.right(), area.bottom()))
        bar = QRectF(area.left(), area.top(), max(1.0, width), area.height())
        painter.fillRect(bar, QColor(CLASS_COLOURS[self._classes.colours[index]]))

    def _paint_axis(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """The marks of the bars' axis, which begins at 0, and what it is of."""
        painter.setFont(self._small)
        advance, name = painter.fontMetrics().horizontalAdvance, self._axis
        painter.setPen(QColor(chrome.faint))
        end = area.right() - advance(name)
        painter.drawText(QPointF(end, area.top() + 12), name)
        for value in round_ticks(0.0, self._longest, int(area.width() // TICK_ROOM)):
            text = scientific(value)
            x = area.left() + value / self._longest * area.width()
            left = min(max(x - advance(text) / 2, area.left()), area.right() - advance(text))
            if left + advance(text) + GAP / 2 <= end:
                painter.drawLine(QLineF(x, area.top() - 2, x, area.top() + 2))
                painter.drawText(QPointF(left, area.top() + 12), text)

    def _paint_totals(self, painter: QPainter, area: QRectF, placed: Sequence[Placed], chrome: Chrome) -> None:
        painter.setFont(self._font)
        painter.setPen(QColor(chrome.faint))
        painter.drawText(QPointF(area.left() + MARKER_ROOM, area.top() + 16), say("sum", "total"))
        painter.setPen(QColor(chrome.ink))
        for each in placed:
            if each.column.total:
                self._write(painter, each, each.column.total, area.top() + 16)
