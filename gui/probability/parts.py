"""The parts of a card, one under another: its head, the table, sentences, the sigmoid, and the waterfall."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from engine.config import Output
from engine.insight.inspection import Inspection
from engine.insight.pins import LETTERS, Standing
from engine.isolates import isolated
from gui.paint.chart import wrapped_height, write_heading
from gui.paint.markers import PIN_HEAD, paint_pin_head
from gui.paint.swatches import OUTPUT_SIZE as SIZE
from gui.paint.swatches import draw_output
from gui.paint.theme import Chrome
from gui.probability.cost_curve import HEIGHT as CURVE_HEIGHT
from gui.probability.cost_curve import CostCurve
from gui.probability.figures import (
    EXP,
    SHIFTED,
    SIGMOID,
    Arithmetic,
    Column,
    Digits,
    bars_of,
    columns_of,
    costs_minus_log,
)
from gui.probability.fonts import Fonts
from gui.probability.sigmoid_line import HEIGHT, SigmoidLine
from gui.probability.table import Classes, Room, Table
from gui.probability.waterfall import Waterfall, steps_of
from gui.probability.wording import (
    class_sentence,
    comparison,
    loss_sentence,
    remark,
    shift_sentence,
    standing_sentence,
    verdict,
)
from gui.text.language import say

HEAD, TITLE, BETWEEN = 48.0, 24.0, 8.0


@dataclass(frozen=True)
class CardLook:
    """The way in which cards are shown.

    Attributes:
        digits: of all numbers.
        is_shifted: whether the largest logit is taken from all before the powers.
        with_sigmoids: whether the sigmoids stand beside softmax.
        with_curve: whether the curve of a loss that is −log P is drawn.
    """

    digits: Digits = Digits.FOUR
    is_shifted: bool = False
    with_sigmoids: bool = False
    with_curve: bool = False


USUAL = CardLook()


@dataclass(frozen=True, eq=False)
class Facts:
    """All that a card shows.

    Attributes:
        shown: what was worked out, or stated.
        classes: their names and colours.
        title: of the card, or "".
        lane: the number of the colour of the title, or None for that of the text.
        standing: of the point among all, or None.
        pin: the number of that whose head stands before the title, or None.
        features: their names, if there is no hidden layer between them and the logits.
    """

    shown: Arithmetic
    classes: Classes
    title: str = ""
    lane: int | None = None
    standing: Standing | None = None
    pin: int | None = None
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The facts as they are shown.

    Attributes:
        columns: the numbers of the table.
        above, below: the sentences over it and under it.
        axis: what its bars are.
    """

    columns: tuple[Column, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    axis: str

    def in_words(self, facts: Facts) -> str:
        """All of it as one text."""
        rows = [
            f"{isolated(name)}: {', '.join(f'{each.title} {each.cells[row]}' for each in self.columns)}."
            for row, name in enumerate(facts.classes.names)
        ]
        letter = "" if facts.pin is None else LETTERS[facts.pin]
        return " ".join(text for text in (letter, facts.title, *self.above, *rows, *self.below) if text)


def told(facts: Facts, look: CardLook) -> Told:
    """Facts as they are shown."""
    shown, names = facts.shown, facts.classes.names
    columns = columns_of(shown, look.digits, is_shifted=look.is_shifted, with_sigmoids=look.with_sigmoids)
    totals = {column.title: column.total for column in columns}
    above = (verdict(shown, names, look.digits), class_sentence(shown, names))
    below, axis = [remark(shown, totals["P"], look.digits)], "P"
    if isinstance(shown, Inspection) and shown.output is Output.SOFTMAX:
        axis = say(SHIFTED if look.is_shifted or shown.shift else EXP)
        if look.is_shifted:
            below.append(shift_sentence(shown, look.digits))
        elif look.with_sigmoids:
            below += comparison(shown, look.digits, totals[SIGMOID], totals[say(EXP)])
    below.append(loss_sentence(shown, names, look.digits))
    below.append("" if facts.standing is None else standing_sentence(facts.standing))
    return Told(columns, tuple(filter(None, above)), tuple(filter(None, below)), axis)


@dataclass
class KeptRooms:
    """The room that texts have needed, which they keep lest all moves while numbers change.

    Attributes:
        fonts: of the texts.
        rooms: of the columns of the table.
        heights: of sentences.
    """

    fonts: Fonts
    rooms: dict[str, Room] = field(default_factory=dict)
    heights: dict[tuple[str, float], float] = field(default_factory=dict)

    def height(self, name: str, width: float, needed: float) -> float:
        """The largest height that was needed in a width."""
        self.heights[name, width] = max(needed, self.heights.get((name, width), 0.0))
        return self.heights[name, width]


class CardPart(Protocol):
    """A part of a card."""

    def height(self, width: float) -> float:
        """Its height in a width."""

    def still_in(self, area: QRectF) -> tuple[object, ...]:
        """All that what stands still in an area depends on, apart from the fonts."""

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint in an area of that height what stays while a network trains."""

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint the rest, over it."""


class Moving:
    """A part of which nothing stands still."""

    def still_in(self, area: QRectF) -> tuple[object, ...]:
        """Nothing."""
        return ()

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint nothing."""


class Head:
    """The title, what is decided for, and a picture of the output layer where there is room."""

    def __init__(self, facts: Facts, words: str, memory: KeptRooms) -> None:
        self._facts, self._words, self._memory = facts, words, memory
        self._font = memory.fonts.bold.font
        shown = facts.shown
        self._output = shown.output if isinstance(shown, Inspection) else None

    def _picture(self, width: float) -> QSizeF:
        return SIZE if self._output is not None and width >= 2.6 * SIZE.width() else QSizeF()

    def _words_width(self, width: float) -> float:
        picture = self._picture(width)
        return width - (picture.width() + 16 if picture.isValid() else 0)

    def height(self, width: float) -> float:
        room = self._words_width(width)
        words = self._memory.height("head", room, wrapped_height(self._font, self._words, room))
        return max(words + (TITLE if self._facts.title else 0), self._picture(width).height()) + BETWEEN

    def still_in(self, area: QRectF) -> tuple[object, ...]:
        facts = self._facts
        return facts.title, facts.lane, facts.pin, facts.classes, self._output

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        if self._facts.title:
            title = QRectF(area.left(), area.top(), self._words_width(area.width()), TITLE)
            if self._facts.pin is not None:
                middle = title.topLeft() + QPointF(PIN_HEAD + 1, TITLE / 2)
                paint_pin_head(painter, middle, self._facts.pin, chrome, PIN_HEAD)
                title.setLeft(title.left() + 2 * PIN_HEAD + 8)
            lane = self._facts.lane
            ink = QColor(chrome.ink if lane is None else chrome.lanes[lane])
            painter.setFont(self._memory.fonts.base)
            write_heading(painter, title, self._facts.title, ink)
        if self._output is not None and self._picture(area.width()).isValid():
            place = QRectF(area.right() - SIZE.width(), area.top(), SIZE.width(), SIZE.height())
            draw_output(painter, place, self._output, self._facts.classes.colours, chrome)

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        room = QRectF(area.left(), area.top(), self._words_width(area.width()), area.height())
        if self._facts.title:
            room.setTop(room.top() + TITLE)
        painter.setFont(self._font)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._words)


class Sentence(Moving):
    """A sentence in as many lines as it needs."""

    def __init__(self, name: str, text: str, memory: KeptRooms) -> None:
        self._name, self._text, self._memory = name, text, memory
        self._font = memory.fonts.plain.font

    def height(self, width: float) -> float:
        return self._memory.height(self._name, width, wrapped_height(self._font, self._text, width)) + BETWEEN

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        painter.setFont(self._font)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._text)


class SigmoidPart:
    """The number line of a single unit.

    Args:
        inspection: of the point, with the threshold that the hand may hold.
        font: of the card.
        classes: the two.
    """

    def __init__(self, inspection: Inspection, font: QFont, classes: Classes) -> None:
        self._z, self._threshold = float(inspection.logits[0]), inspection.threshold
        self._font, self._classes = font, classes

    def line_in(self, area: QRectF) -> SigmoidLine:
        """The number line in an area."""
        return SigmoidLine(area, self._z, self._threshold)

    def height(self, width: float) -> float:
        return HEIGHT + BETWEEN

    def still_in(self, area: QRectF) -> tuple[object, ...]:
        return self._classes, *self.line_in(area).still

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        self.line_in(area.adjusted(0, 0, 0, -BETWEEN)).paint_still(painter, self._font, self._classes, chrome)

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        self.line_in(area.adjusted(0, 0, 0, -BETWEEN)).paint(painter, self._font, self._classes, chrome)


class TablePart:
    """The table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def height(self, width: float) -> float:
        return self.table.height(width) + BETWEEN

    def still_in(self, area: QRectF) -> tuple[object, ...]:
        return self.table.still

    def paint_still(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        self.table.paint_still(painter, area, chrome)

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        self.table.paint(painter, area, chrome)


class CurvePart(Moving):
    """The loss of the true class on its curve."""

    def __init__(self, facts: Facts, label: int, digits: Digits, font: QFont) -> None:
        self._p, self._digits, self._font = float(facts.shown.probabilities[label]), digits, font
        self._name, self._colour = facts.classes.names[label], facts.classes.colours[label]

    def height(self, width: float) -> float:
        return CURVE_HEIGHT + BETWEEN

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        room = area.adjusted(0, 0, 0, -BETWEEN)
        CostCurve(room, self._p, self._name, self._colour, self._digits).paint(painter, self._font, chrome)


class WaterfallPart(Moving):
    """The way in which a logit comes about."""

    def __init__(self, facts: Facts, look: CardLook, unit: int, fonts: Fonts) -> None:
        assert isinstance(facts.shown, Inspection)
        assert facts.shown.contributions is not None
        is_single = facts.shown.output is Output.SIGMOID
        name = isolated(facts.classes.names[1 if is_single else unit])
        of_units, of_features = say("z of {name} = b + Σ w · a", name=name), say("z of {name} = b + Σ w · x", name=name)
        heading = of_features if facts.features else of_units
        steps = steps_of(facts.shown.contributions[unit], features=facts.features)
        self._waterfall = Waterfall(heading, steps, fonts, look.digits)

    def height(self, width: float) -> float:
        return self._waterfall.height + BETWEEN

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        self._waterfall.paint(painter, area, chrome)


def parts_of(
    facts: Facts, look: CardLook, words: Told, memory: KeptRooms, longest: float, unit: int
) -> tuple[list[CardPart], list[CardPart]]:
    """The parts of a card: those of its left half, and those that may stand to the right of it.

    Args:
        facts: that are shown.
        look: of the card.
        words: the facts as they are shown.
        memory: of the card.
        longest: the least that the right end of the bars is.
        unit: whose logit is taken apart.
    """
    shown = facts.shown
    bars = bars_of(shown, is_shifted=look.is_shifted)
    reach = 1.0 if words.axis == "P" else max(longest, float(bars.max()))
    marked = shown.label if shown.label is not None else shown.decided
    table = Table(words.columns, facts.classes, bars.tolist(), reach, words.axis, memory.fonts, memory.rooms, marked)
    left: list[CardPart] = [Head(facts, "\n".join(words.above), memory), TablePart(table)]
    left += [Sentence(f"below {number}", text, memory) for number, text in enumerate(words.below)]
    right: list[CardPart] = []
    if isinstance(shown, Inspection):
        if shown.output is Output.SIGMOID:
            right.append(SigmoidPart(shown, memory.fonts.base, facts.classes))
        if shown.contributions is not None:
            right.append(WaterfallPart(facts, look, unit, memory.fonts))
    if look.with_curve and shown.label is not None and costs_minus_log(shown):
        right.append(CurvePart(facts, shown.label, look.digits, memory.fonts.base))
    return left, right


def stacked(parts: list[CardPart], left: float, width: float, top: float) -> Iterator[tuple[CardPart, QRectF]]:
    """Parts under one another, with their places."""
    for part in parts:
        height = part.height(width)
        yield part, QRectF(left, top, width, height)
        top += height
