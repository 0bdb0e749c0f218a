"""Cards beside and under one another: a row for each pin, a column for each lane."""

# Tests: tests/gui/probability/test_board.py

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from engine.config import Output
from engine.insight.inspection import Inspection
from gui.probability.card import Card
from gui.probability.parts import USUAL, CardLook, Facts
from gui.text.language import say
from gui.widgets.check_list import tell
from gui.widgets.forms import GAP, NEAR
from gui.widgets.throttle import Throttle

MIN_INTERVAL, INTERVAL = 50, 25  # milliseconds between two pictures, and of these for each card


class CardBoard(QWidget):
    """Shows cards in rows and columns; the bars of a row have one axis.

    Signals:
        threshold_moved(int, float): the threshold of a column is being dragged.
        threshold_chosen(int, float): the threshold of a column is to be that.
    """

    threshold_moved, threshold_chosen = Signal(int, float), Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_board")
        self._facts: Sequence[Sequence[Facts | None]] = ()
        self._cards: dict[tuple[int, int], Card] = {}
        self.shift = shift_box("board_shift_box")
        self._rhythm = Throttle(self._show, MIN_INTERVAL, self)
        self.shift.toggled.connect(lambda _is_on: self._rhythm.at_once())
        self.shift.hide()
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, NEAR, 0, NEAR)
        column.setSpacing(NEAR)
        column.addWidget(self.shift, 0, Qt.AlignmentFlag.AlignLeading)
        column.addLayout(self._grid)
        column.addStretch(1)

    def card(self, row: int, column: int) -> Card:
        """The card in a place."""
        return self._cards[row, column]

    def top(self, row: int) -> int:
        """The upper edge of a row."""
        return min(card.y() for (of_row, _), card in self._cards.items() if of_row == row)

    def show_cards(self, facts: Sequence[Sequence[Facts | None]]) -> None:
        """Show points: a row for each of them, with one card for each column but those of None.

        Others of the same points follow in a rhythm: the more cards there are, the longer it takes to paint them.
        """
        self._facts = facts
        places = {(row, column) for row, several in enumerate(facts) for column, one in enumerate(several) if one}
        if places == set(self._cards):
            self._rhythm()
            return
        for place in places - set(self._cards):
            self._add(*place)
        for place in set(self._cards) - places:
            card = self._cards.pop(place)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        taken = {column for _, column in places}
        for column in range(self._grid.columnCount()):  # a column stays in the grid when its cards go
            self._grid.setColumnStretch(column, int(column in taken))
        self._rhythm.milliseconds = max(MIN_INTERVAL, INTERVAL * len(places))
        self._rhythm.at_once()

    def _show(self) -> None:
        facts = self._facts
        has_powers = any(reach_of(one) for several in facts for one in several if one)
        self.shift.setVisible(has_powers)
        look = CardLook(is_shifted=True) if self.shift.isChecked() else USUAL
        for row, several in enumerate(facts):
            longest = 0.0 if look.is_shifted else max((reach_of(one) for one in several if one), default=0.0)
            for column, one in enumerate(several):
                if one is not None:
                    self._cards[row, column].show_facts(one, look, longest)

    def _add(self, row: int, column: int) -> None:
        card = self._cards[row, column] = Card()
        card.threshold_moved.connect(partial(self.threshold_moved.emit, column))
        card.threshold_chosen.connect(partial(self.threshold_chosen.emit, column))
        self._grid.addWidget(card, row, column)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(430, 360))


def shift_box(name: str) -> QCheckBox:
    """The switch for powers of z less the largest z."""
    box = QCheckBox(say("Subtract the largest z"))
    box.setObjectName(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    tell(box, say("Take the largest z from all before the powers: the numbers stay small, and no P changes"))
    return box


def reach_of(facts: Facts) -> float:
    """The longest bar of powers, as they are without a shift; 0 if there is none."""
    shown = facts.shown
    if not isinstance(shown, Inspection) or shown.output is not Output.SOFTMAX:
        return 0.0
    return float(shown.exps.max())
