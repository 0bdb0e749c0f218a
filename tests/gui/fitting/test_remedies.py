"""The effect of each remedy, against the lane as it was."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.insight.remedies import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Cure
from gui.fitting.remedies import Remedies
from tests.gui.fitting.courses import OVER, RIGHT, UNDER, lane_of, views_of
from tests.gui.fitting.test_slide import cells


def test_a_lane_is_compared_with_the_one_that_the_remedy_was_tried_on(qtbot: QtBot) -> None:
    view = Remedies()
    qtbot.addWidget(view)
    view.show_lanes(views_of(OVER))
    assert cells(view.table) == [["This network\n▲ Overfitting", "0.0 %", "10.0 %", "0.6000", "0.3000"]]
    view.remember(views_of(OVER)[0])
    view.show_lanes(views_of(OVER, RIGHT))
    rows = cells(view.table)
    assert rows[0] == ["Before\nepoch 100, 70 points\n▲ Overfitting", "0.0 %", "10.0 %", "0.6000", "0.3000"]
    assert rows[1][1:] == [
        *("0.0 %\nas before", "10.0 %\nas before", "0.6000\nas before", "0.3000\nas before"),
    ]
    assert rows[2] == [
        "lane 2\n✓ Just right",
        "6.0 %\n+6.0, worse",
        "7.0 %\n−3.0, better",
        "0.2500\n−0.350, better",
        "0.2500\n−0.050, better",
    ]
    view.forget()
    view.show_lanes(views_of(UNDER, RIGHT))
    assert [row[0] for row in cells(view.table)] == ["lane 1\n▼ Underfitting", "lane 2\n✓ Just right"]


def test_a_larger_r_squared_is_better(qtbot: QtBot) -> None:
    view = Remedies()
    qtbot.addWidget(view)
    one, other = (lane_of([1, 0.3], scores=(score, score), has_values=True) for score in (0.5, 0.7))
    view.show_lanes(views_of(one, other))
    assert cells(view.table)[1][1:3] == ["0.700\n+0.200, better"] * 2


def test_all_remedies_are_offered(qtbot: QtBot) -> None:
    view = Remedies()
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    buttons = {cure: button for bar in view.bars.values() for cure, button in bar.buttons.items()}
    assert set(buttons) == {*AGAINST_UNDERFITTING, *AGAINST_OVERFITTING}
    assert all(button.isVisible() for button in buttons.values())
    with qtbot.waitSignal(view.cure_chosen) as chosen:
        qtbot.mouseClick(buttons[Cure.WIDEN], Qt.MouseButton.LeftButton)
    assert chosen.args == [Cure.WIDEN]
