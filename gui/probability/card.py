"""The card of a point: how its logits become probabilities, a decision and a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.config import Output
from engine.insight.inspection import Inspection
from engine.mlp.activations import logit
from gui.paint.chart import Chart, draw_ring
from gui.paint.picture import Still
from gui.paint.theme import Chrome
from gui.probability.figures import Stated
from gui.probability.fonts import Fonts
from gui.probability.parts import (
    USUAL,
    CardLook,
    CardPart,
    Facts,
    KeptRooms,
    SigmoidPart,
    TablePart,
    parts_of,
    stacked,
    told,
)
from gui.probability.sigmoid_line import FINEST, MAX, MIN, SigmoidLine
from gui.text.language import say

SIDE = 8.0
COLUMN_GAP = 24.0
MIN_BESIDE = 280.0  # the width of what stands to the right of the table
MIN_WIDTH = 200.0
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Card(Chart):
    """Shows the arithmetic of one point, part under part, in two columns where it is wide.

    A click on a row, or the keys up and down, choose the class whose z is taken apart; the threshold of a single
    sigmoid unit is dragged, or moved by the keys left and right.

    Signals:
        threshold_moved(float): the threshold is being dragged.
        threshold_chosen(float): it is to be that.
    """

    threshold_moved, threshold_chosen = Signal(float), Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probability_card")
        self.setAccessibleName(say("How the probabilities come about"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self.setMouseTracking(True)
        self._facts: Facts | None = None
        self._look, self._longest = USUAL, 0.0
        self._memory, self._shape = KeptRooms(Fonts(self.font())), object()
        self._row: int | None = None
        self._is_stale = False  # others were shown while nobody saw it
        self._held: float | None = None  # the threshold in the hand
        self._asked: list[float] = []  # the threshold that was shown, and those chosen since, until the last is shown
        self._halves: tuple[list[CardPart], list[CardPart]] = [], []
        self._placed: list[tuple[CardPart, QRectF]] = []
        self._still = Still()
        self._room = 0.0, 0.0  # the least width of the table, and the height of all
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # what is shown

    def show_facts(self, facts: Facts, look: CardLook = USUAL, longest: float = 0.0) -> None:
        """Show a point.

        Args:
            facts: of it.
            look: of the card.
            longest: what the bars of cards beside it reach, so that all have one axis.
        """
        self._facts, self._look, self._longest = facts, look, longest
        shown = facts.shown
        if isinstance(shown, Stated) or shown.threshold not in self._asked or shown.threshold == self._asked[-1]:
            self._asked = []  # the last one is shown, or one from elsewhere
        output, contributions = (
            (None, None) if isinstance(shown, Stated) else ((shown.output, shown.loss_kind), shown.contributions)
        )
        n_terms = 0 if contributions is None else contributions.shape
        shape = (output, n_terms, facts.classes, shown.label is None, facts.standing is None, look, bool(facts.title))
        if shape != self._shape:
            self._shape, self._memory = shape, KeptRooms(Fonts(self.font()))
            self.updateGeometry()
        elif self.isVisible() and self.visibleRegion().isEmpty():  # scrolled away
            self._is_stale = True
            self._still.forget()
            return
        self._renew()

    def _renew(self) -> None:
        """Make the parts of what is shown."""
        facts = self._facts
        if facts is None:
            return
        if self._held is not None:
            facts = replace(facts, shown=with_threshold(facts.shown, self._held))
        words = told(facts, self._look)
        self._halves = parts_of(facts, self._look, words, self._memory, self._longest, self.unit)
        self.setAccessibleDescription(words.in_words(facts))
        self._is_stale = False
        self._place()
        room = self._table_width(), max(area.bottom() for _, area in self._placed)
        if room != self._room:  # which seldom happens: texts keep the room that they have needed
            self._room = room
            self.updateGeometry()
        self.update()

    @property
    def unit(self) -> int:
        """The unit whose logit is taken apart: the one that was chosen, else that of the class decided for."""
        assert self._facts is not None
        shown = self._facts.shown
        if isinstance(shown, Inspection) and shown.output is Output.SIGMOID:
            return 0
        return shown.decided if self._row is None else min(self._row, len(shown.probabilities) - 1)

    # places

    def _in_width(self, width: float) -> list[tuple[CardPart, QRectF]]:
        left, right = self._halves
        inner = width - 2 * SIDE
        beside = inner - COLUMN_GAP - self._table_width()
        if right and beside >= MIN_BESIDE:
            half = max(self._table_width(), (inner - COLUMN_GAP) / 2)
            return [
                *stacked(left, SIDE, half, SIDE),
                *stacked(right, SIDE + half + COLUMN_GAP, inner - half - COLUMN_GAP, SIDE),
            ]
        return list(stacked([*left, *right], SIDE, inner, SIDE))

    def _table_width(self) -> float:
        return max((part.table.least_width for part in self._halves[0] if isinstance(part, TablePart)), default=0.0)

    def _place(self) -> None:
        self._placed = self._in_width(self.extent.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        placed = self._in_width(width / self.pixels_each)
        return self.pixels(max((area.bottom() for _, area in placed), default=0.0) + SIDE)

    def minimumSizeHint(self) -> QSize:
        width = self.pixels(max(MIN_WIDTH, self._table_width() + 2 * SIDE))
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def fit(self) -> None:
        self._memory = KeptRooms(Fonts(self.font()))
        self._renew()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    # painting

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        if self._is_stale:
            self._renew()
        scale, placed = self.pixels_each, self._placed
        key = chrome.is_dark, self._memory.fonts, [(part.still_in(area), area.getRect()) for part, area in placed]
        self._still.paint(painter, self.size(), scale, key, lambda own: paint_still(placed, own, chrome))
        seen = QRectF(region.boundingRect())
        for part, area in placed:
            if seen.intersects(QRectF(area.topLeft() * scale, area.size() * scale)):
                part.paint(painter, area, chrome)
        if self.hasFocus():
            draw_ring(painter, QRectF(QPointF(), self.extent), chrome)

    def text_at(self, place: QPointF) -> str:
        for part, area in self._placed:
            if isinstance(part, TablePart) and area.contains(place):
                return part.table.text_at(area, place)
            if isinstance(part, SigmoidPart) and area.contains(place):
                return say("Drag the threshold: above it the one class is decided for, below it the other")
        return ""

    # the hand

    def _line(self) -> SigmoidLine | None:
        """The number line, if there is one."""
        return next((part.line_in(area) for part, area in self._placed if isinstance(part, SigmoidPart)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, line = event.position() / self.pixels_each, self._line()
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif line is not None and line.is_threshold(place):
            self._held = line.threshold
        else:
            for part, area in self._placed:
                if isinstance(part, TablePart) and area.contains(place):
                    self._choose_row(part.table.row_at(area, place))
                    break

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, line = event.position() / self.pixels_each, self._line()
        if self._held is not None and line is not None:
            self._held = line.threshold_at(place.x())
            self._renew()
            self.threshold_moved.emit(self._held)
        elif line is not None and line.is_threshold(place):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            chosen, self._held = self._held, None
            self._choose_threshold(chosen)
            self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, line = Qt.Key(event.key()), self._line()
        if key in STEPS and line is not None:
            before = self._asked[-1] if self._asked else line.threshold
            step = (round(FINEST * before) + STEPS[key]) / FINEST
            self._choose_threshold(min(max(step, MIN), MAX))
        elif key in ROWS and self._facts is not None and line is None:
            last = len(self._facts.classes.names) - 1
            self._choose_row(min(max(self.unit + ROWS[key], 0), last))
        else:
            super().keyPressEvent(event)

    def _choose_threshold(self, threshold: float) -> None:
        """Ask for a threshold, from which the keys go on before the numbers show it."""
        if self._facts is not None and isinstance(self._facts.shown, Inspection):
            self._asked = [*(self._asked or [self._facts.shown.threshold]), threshold]
        self.threshold_chosen.emit(threshold)

    def _choose_row(self, row: int | None) -> None:
        self._row = row
        self._renew()


def paint_still(placed: Sequence[tuple[CardPart, QRectF]], painter: QPainter, chrome: Chrome) -> None:
    """Paint of parts in their places what stays while a network trains."""
    for part, area in placed:
        part.paint_still(painter, area, chrome)


def with_threshold(shown: Inspection | Stated, threshold: float) -> Inspection | Stated:
    """The numbers of a single sigmoid unit with another threshold, which changes nothing but what is decided."""
    if isinstance(shown, Stated):
        return shown
    return replace(shown, threshold=threshold, decided=int(shown.logits[0] > logit(threshold)))
