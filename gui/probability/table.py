"""The table of a card: numbers under one another by their decimal signs, bars on one axis, and the sums."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.isolates import isolated
from gui.paint.markers import paint_marker_at
from gui.paint.plots.axes import round_ticks
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.probability.figures import Column
from gui.probability.fonts import Face, Fonts
from gui.text.language import say
from gui.text.numbers import scientific

LINE, BAR, GAP = 24.0, 8.0, 12.0  # a row of text, the bar under it, and the room between two columns
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
        fonts: of the card.
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
        fonts: Fonts,
        rooms: dict[str, Room],
        marked: int | None,
    ) -> None:
        self._columns, self._classes, self._bars, self._longest = columns, classes, bars, longest
        self._fonts = fonts
        self._axis, self._marked, self._rooms = axis, marked, rooms
        self._widths: dict[str, float] = {}
        self._blocks: dict[float, list[list[Column]]] = {}
        for column in columns:
            self._rooms[column.title] = room = self._room_of(column)
            self._widths[column.title] = max(sum(room), fonts.plain.width(column.heading))
        self._names = [isolated(name) for name in classes.names]
        widest = max(map(fonts.bold.width, self._names), default=0.0)
        self._name_width = MARKER_ROOM + min(max(widest + 1, MIN_NAME), MAX_NAME)

    def _room_of(self, column: Column) -> Room:
        """The room before and after the decimal signs of a column."""
        texts = [at_sign(text) for text in (*column.cells, column.total) if text]
        advance, known = self._fonts.bold.width, self._rooms.get(column.title, (0.0, 0.0))
        before = max([known[0], *(advance(text) for text, _ in texts)])
        after = max([known[1], *(advance(text) for _, text in texts)])
        return before, after

    def _total_width(self, columns: Sequence[Column]) -> float:
        return self._name_width + sum(GAP + self._widths[column.title] for column in columns)

    @cached_property
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
        if width not in self._blocks:
            self._blocks[width] = self._blocks_in(width)
        return self._blocks[width]

    def _blocks_in(self, width: float) -> list[list[Column]]:
        if self._total_width(self._columns) <= width:
            return [list(self._columns)]
        blocks = self._halves()
        for block in blocks:
            while self._total_width(block) > width and any(column.is_optional for column in block):
                block.remove(next(column for column in reversed(block) if column.is_optional))
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

    @property
    def still(self) -> tuple[object, ...]:
        """All that what stands still depends on, but for the area and the fonts."""
        columns = [(column.heading, self._rooms[column.title], bool(column.total)) for column in self._columns]
        return self._classes, self._marked, *columns

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint at the top of an area what stands around the numbers and the bars."""
        for block, whole, has_bars in self._place_blocks(area):
            plain, top = self._fonts.plain, whole.top() + LINE
            painter.setFont(plain.font)
            painter.setPen(QColor(chrome.faint))
            for each in self.place(block, whole):
                left = each.left + (each.width - plain.width(each.column.heading)) / 2
                painter.drawText(QPointF(left, whole.top() + 16), each.column.heading)
            for index in range(len(self._classes.names)):
                self._paint_name(painter, whole.left(), top, index, chrome)
                top += LINE + BAR * has_bars
                if has_bars:
                    painter.setPen(QPen(QColor(chrome.edge), 1))
                    painter.drawLine(QLineF(whole.left(), top - 4, whole.right(), top - 4))
            if any(column.total for column in block):
                painter.setFont(plain.font)
                painter.setPen(QColor(chrome.faint))
                base = top + AXIS * has_bars + 16
                painter.drawText(QPointF(whole.left() + MARKER_ROOM, base), say("sum", "total"))

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint the numbers and the bars."""
        for block, whole, has_bars in self._place_blocks(area):
            placed, plain, top = list(self.place(block, whole)), self._fonts.plain, whole.top() + LINE
            painter.setPen(QColor(chrome.ink))
            for index in range(len(self._classes.names)):
                face = self._fonts.bold if index == self._marked else plain
                painter.setFont(face.font)
                for each in placed:
                    if text := each.column.cells[index]:
                        write_at_sign(painter, each, text, top + 16, face)
                if has_bars:
                    self._paint_bar(painter, QRectF(whole.left(), top + LINE - 2, whole.width(), BAR - 2), index)
                top += LINE + BAR * has_bars
            if has_bars:
                self._paint_axis(painter, QRectF(whole.left(), top, whole.width(), AXIS), chrome)
                top += AXIS
            painter.setFont(plain.font)
            painter.setPen(QColor(chrome.ink))
            for each in placed:
                if each.column.total:
                    write_at_sign(painter, each, each.column.total, top + 16, plain)

    def _paint_name(self, painter: QPainter, left: float, top: float, index: int, chrome: Chrome) -> None:
        """The marker and the name of a class."""
        middle = QPointF(left + MARKER / 2 + 1, top + LINE / 2)
        paint_marker_at(painter, middle, self._classes.colours[index], chrome, MARKER)
        face, room, name = self._fonts.plain, self._name_width - MARKER_ROOM, self._names[index]
        if index == self._marked:
            face = self._fonts.bold
        if face.width(name) > room:
            name = face.metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(face.font)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(QPointF(left + MARKER_ROOM, top + 16), name)

    def _paint_bar(self, painter: QPainter, area: QRectF, index: int) -> None:
        share = self._bars[index] / self._longest if self._longest > 0 else 0.0
        width = min(max(share, 0.0), 1.0) * area.width()
        bar = QRectF(area.left(), area.top(), max(1.0, width), area.height())
        painter.fillRect(bar, QColor(CLASS_COLOURS[self._classes.colours[index]]))

    def _paint_axis(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """The marks of the bars' axis, which begins at 0, and what it is of."""
        painter.setFont(self._fonts.small.font)
        advance, name = self._fonts.small.width, say("bars: {what}", what=self._axis)
        end = area.right() - advance(name)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(QPointF(end, area.top() + 12), name)
        painter.setPen(QColor(chrome.faint))
        ticks = round_ticks(0.0, self._longest, int(area.width() // TICK_ROOM))
        texts = [scientific(value) for value in ticks]
        if len(set(texts)) < len(ticks):  # half steps of a power of ten
            texts = [scientific(value, 2) for value in ticks]
        for value, text in zip(ticks, texts, strict=True):
            x = area.left() + value / self._longest * area.width()
            left = min(max(x - advance(text) / 2, area.left()), area.right() - advance(text))
            if left + advance(text) + GAP / 2 <= end:
                painter.drawLine(QLineF(x, area.top() - 2, x, area.top() + 2))
                painter.drawText(QPointF(left, area.top() + 12), text)


def write_at_sign(painter: QPainter, placed: Placed, text: str, base: float, face: Face) -> None:
    """Write a number with its decimal sign where those of its column are."""
    painter.drawText(QPointF(placed.sign - face.width(at_sign(text)[0]), base), text)
