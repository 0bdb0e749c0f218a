"""Cards in rows and columns, with one axis for each row."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from engine.insight.inspection import inspect_logits
from gui.probability.board import CardBoard
from gui.probability.parts import Facts
from gui.probability.table import Classes
from gui.widgets.forms import GAP
from tests.gui.probability.test_card import bar_of

PETS = Classes(("cat", "dog", "rabbit"), (0, 1, 2))


def facts(*logits: float, output: str = "softmax") -> Facts:
    return Facts(inspect_logits(logits, output), PETS)


def scrolled(qtbot: QtBot, width: int, height: int) -> tuple[CardBoard, QScrollArea]:
    board, area = CardBoard(), QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(board)
    area.resize(width, height)
    area.show()
    return board, area


def test_the_bars_of_a_row_have_one_axis_and_those_of_another_row_their_own(qtbot: QtBot) -> None:
    board = CardBoard()
    qtbot.addWidget(board)
    board.show_cards([[facts(2, 1, 0), facts(1, 0, 0)], [facts(1, 0, 0), facts(1, 0, 0)]])
    board.resize(800, 700)
    board.show()
    QCoreApplication.processEvents()
    assert bar_of(board.card(0, 1)) / bar_of(board.card(0, 0)) == pytest.approx(np.exp(-1), abs=0.01)
    assert bar_of(board.card(1, 0)) == pytest.approx(bar_of(board.card(0, 0)), abs=2)
    assert board.card(0, 1).x() > board.card(0, 0).x()
    assert board.card(1, 0).y() > board.card(0, 0).y()

    board.shift.click()
    assert bar_of(board.card(0, 1)) == pytest.approx(bar_of(board.card(0, 0)), abs=2), "the largest of each is 1 now"
    assert "eᶻ⁻ᵐᵃˣ" in board.card(1, 1).accessibleDescription()


def test_cards_come_and_go_and_only_powers_can_be_shifted(qtbot: QtBot) -> None:
    board = CardBoard()
    qtbot.addWidget(board)
    board.show_cards([[facts(2, 1, 0), facts(1, 0, 0)]])
    assert not board.shift.isHidden()
    first = board.card(0, 0)
    board.show_cards([[facts(2, 1, 0, output="independent_sigmoids")]])
    assert board.card(0, 0) is first
    assert board.shift.isHidden()
    assert len(board._cards) == 1
    board.show_cards([])
    assert board._cards == {}


def test_a_card_that_is_alone_again_has_the_whole_width(qtbot: QtBot) -> None:
    board = CardBoard()
    qtbot.addWidget(board)
    board.resize(900, 500)
    board.show()
    for n_lanes in (1, 3, 1, 2):
        board.show_cards([[facts(2, 1, 0)] * n_lanes])
        QCoreApplication.processEvents()
        widths = sum(board.card(0, lane).width() for lane in range(n_lanes))
        assert widths + 2 * GAP >= board.width(), n_lanes


def test_a_threshold_is_told_with_its_column(qtbot: QtBot) -> None:
    board, told = CardBoard(), list[tuple[int, float]]()
    qtbot.addWidget(board)
    one = Facts(inspect_logits([0.3], "sigmoid"), Classes(("Blue", "Orange"), (0, 1)))
    board.show_cards([[one, one]])
    board.threshold_chosen.connect(lambda column, threshold: told.append((column, threshold)))
    board.card(0, 1).threshold_chosen.emit(0.7)
    assert told == [(1, 0.7)]


def test_numbers_that_change_fast_follow_in_a_rhythm_and_the_last_ones_are_shown(qtbot: QtBot) -> None:
    board = CardBoard()
    qtbot.addWidget(board)
    for z in (0.0, 1.0, 2.0):
        board.show_cards([[facts(z, 0, 0)]])
    card = board.card(0, 0)
    assert "z 0," in card.accessibleDescription(), "the first is shown at once"
    qtbot.waitUntil(lambda: "z 2.000," in card.accessibleDescription())


def test_a_card_that_is_scrolled_away_is_made_anew_when_it_comes_back(qtbot: QtBot) -> None:
    board, area = scrolled(qtbot, 400, 200)
    board.show_cards([[facts(0, 0, 0)], [facts(0, 0, 0)]])
    QCoreApplication.processEvents()
    board.show_cards([[facts(1, 0, 0)], [facts(1, 0, 0)]])
    qtbot.waitUntil(lambda: "z 1.000," in board.card(0, 0).accessibleDescription())
    assert "z 0," in board.card(1, 0).accessibleDescription()
    area.ensureWidgetVisible(board.card(1, 0))
    qtbot.waitUntil(lambda: "z 1.000," in board.card(1, 0).accessibleDescription())


def test_cards_are_as_wide_as_their_numbers_become(qtbot: QtBot) -> None:
    board, _area = scrolled(qtbot, 300, 300)
    board.show_cards([[facts(0, 0, 0), facts(0, 0, 0)]])
    QCoreApplication.processEvents()
    before = board.card(0, 0).width()
    board.show_cards([[facts(-2e3, 1e-3, 1e3), facts(-2e3, 1e-3, 1e3)]])
    qtbot.waitUntil(lambda: board.card(0, 0).width() > before)
    assert board.card(0, 0).width() >= board.card(0, 0).minimumSizeHint().width()
