"""The deck: its tables, a view that is planted in them, the curves beside the others, and what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QSplitter, QToolButton
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.quantity import Quantity, Reading, Readings
from engine.insight.verdict import GRADIENT
from engine.run.snapshot import LaneSnapshot
from gui import views
from gui.actions import Action
from gui.paint.lane_view import LaneView
from gui.stage.deck import Deck
from gui.views import LABS, VIEWS, Lab, LabView, ViewRow, views_of
from gui.widgets.age_line import AgeLine
from tests.gui.snapshots import lane_views_of, make_lane
from tests.gui.stage.decks import make_deck

LARGEST: Quantity[float] = Quantity("largest_weight")


class LargestWeight(QLabel):
    """Shows the largest weight of each lane."""

    needs = (LARGEST,)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        self.setText(" ".join(str(lane.value(LARGEST)) for lane in lanes))


def measured(value: float) -> LaneSnapshot:
    lane = make_lane(epochs=9)
    return LaneSnapshot(
        lane.epochs,
        lane.steps,
        lane.metrics,
        lane.history,
        (),
        True,
        None,
        readings=Readings({LARGEST: Reading(value, 4)}),
    )


def trigger(deck: Deck, name: str) -> None:
    deck._actions[name].trigger()


def is_shown(deck: Deck, view: LabView) -> bool:
    return deck.frames[view].isVisibleTo(deck)


def test_every_laboratory_and_every_view_has_a_row() -> None:
    assert list(LABS) == list(Lab)
    assert list(VIEWS) == list(LabView)
    assert all(views_of(lab) for lab in Lab), "a laboratory without views would be an empty tab"


def test_the_keys_of_a_laboratory_are_counted_and_its_views_too() -> None:
    assert [row.key for row in LABS.values()] == [f"Ctrl+{number}" for number in range(1, len(Lab) + 1)]
    for lab in Lab:
        wanted = [f"Alt+{number}" for number in range(1, len(views_of(lab)) + 1)] if lab is not Lab.TRAINING else [""]
        assert [VIEWS[view].key for view in views_of(lab)] == wanted


def test_a_planted_view_has_a_tab_is_shown_lanes_and_says_what_it_needs(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ViewRow(Lab.GRADIENTS, f"{__name__}.LargestWeight", "Largest", "The largest weight", (100, 100))
    monkeypatch.setitem(views.VIEWS, "largest", row)  # type: ignore[misc]
    deck, needed = make_deck(qtbot, "largest"), list[Sequence[Quantity[object]]]()
    deck.needs_changed.connect(needed.append)
    deck.show_lanes(lane_views_of([measured(0.5), measured(0.75)], ["a", "b"]))
    button = deck.findChild(QToolButton, "largest_tab")
    assert button is not None
    assert deck.findChild(LargestWeight) is None, "what is not seen is not made"

    button.click()
    view = deck.findChild(LargestWeight)
    assert view is not None
    assert view.text() == "0.5 0.75"
    assert needed == [(LARGEST,)]
    age = deck.frames["largest"].findChild(AgeLine)  # type: ignore[index]
    assert age is not None
    assert age.text() == "Measured at epoch 4"


def test_what_is_needed_is_told_with_every_change_of_view_and_of_laboratory(qtbot: QtBot) -> None:
    deck, needed = make_deck(qtbot), list[object]()
    assert deck.needs == (GRADIENT,)
    deck.needs_changed.connect(needed.append)
    for name in (LabView.CHAIN_RULE, LabView.OVER_TIME, Lab.TRAINING, Lab.GRADIENTS):
        trigger(deck, name)

    assert needed == [(DIAGNOSIS,), (GRADIENT,), (), (GRADIENT,)]
    assert deck.view is LabView.OVER_TIME, "a laboratory remembers its view"


def test_the_keys_of_views_are_those_of_the_laboratory_that_is_chosen(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    keys = {view: [QKeySequence(VIEWS[view].key)] for view in views_of(Lab.GRADIENTS)}
    assert {view: deck._actions[view].shortcuts() for view in keys} == keys
    trigger(deck, Lab.TRAINING)
    assert {tuple(deck._actions[view].shortcuts()) for view in keys} == {()}
    trigger(deck, Lab.GRADIENTS)
    assert {view: deck._actions[view].shortcuts() for view in keys} == keys


def test_the_tabs_are_those_of_the_laboratory(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    deck.show_course(())
    tabs = [deck.findChild(QToolButton, f"{view}_tab") for view in views_of(Lab.GRADIENTS)]
    assert all(tab is not None and tab.isVisibleTo(deck) for tab in tabs)
    trigger(deck, Lab.TRAINING)
    assert not any(tab is not None and tab.isVisibleTo(deck) for tab in tabs)


def test_the_curves_stay_where_there_is_room_and_they_are_wanted(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    window = deck.window()
    window.show()
    assert is_shown(deck, LabView.CURVES)
    assert is_shown(deck, LabView.BARS)
    assert deck.loss_plot.height() >= 200

    window.resize(480, 300)
    QCoreApplication.processEvents()
    assert not is_shown(deck, LabView.CURVES), "no room for both"
    assert is_shown(deck, LabView.BARS)
    trigger(deck, Lab.TRAINING)
    assert is_shown(deck, LabView.CURVES)
    assert not is_shown(deck, LabView.BARS)
    trigger(deck, Lab.GRADIENTS)
    window.resize(480, 640)
    QCoreApplication.processEvents()
    assert is_shown(deck, LabView.CURVES)

    trigger(deck, Action.KEEP_CURVES)
    assert not is_shown(deck, LabView.CURVES)
    trigger(deck, Action.KEEP_CURVES)
    assert is_shown(deck, LabView.CURVES)


def test_beside_each_other_the_width_decides(qtbot: QtBot) -> None:
    deck = make_deck(qtbot, size=(640, 300))
    deck.findChild(QSplitter).setOrientation(Qt.Orientation.Horizontal)  # type: ignore[union-attr]
    deck.window().show()
    assert is_shown(deck, LabView.CURVES)
    deck.window().resize(400, 640)
    QCoreApplication.processEvents()
    assert not is_shown(deck, LabView.CURVES)


def test_the_tabs_of_views_stay_where_they_are_from_view_to_view(qtbot: QtBot) -> None:
    deck = make_deck(qtbot, size=(480, 640))
    deck.window().show()
    for lab, has_curves in ((Lab.PROBABILITY, False), (Lab.GRADIENTS, True)):
        trigger(deck, lab)
        for view in views_of(lab):
            deck.show_view(view)
            QCoreApplication.processEvents()
            assert is_shown(deck, LabView.CURVES) is has_curves, "room for its largest view decides"


def test_curves_that_were_not_seen_are_drawn_when_they_are(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    trigger(deck, Action.KEEP_CURVES)
    deck.show_lanes(lane_views_of([make_lane(epochs=9)]))
    assert deck.loss_plot.vertices() == 0
    trigger(deck, Lab.TRAINING)
    assert deck.loss_plot.vertices() > 0


def test_what_was_chosen_is_remembered(qtbot: QtBot) -> None:
    deck, other = make_deck(qtbot), make_deck(qtbot)
    for name in (LabView.ACTIVATION, Lab.TRAINING, Action.KEEP_CURVES):
        trigger(deck, name)
    other.arrange(deck.arrangement())
    assert other.arrangement() == deck.arrangement()
    assert is_shown(other, LabView.CURVES)
    trigger(other, Lab.GRADIENTS)
    assert is_shown(other, LabView.ACTIVATION)
    assert not is_shown(other, LabView.CURVES)
    other.arrange("")
    assert other.arrangement() == make_deck(qtbot).arrangement()


DAMAGED = (
    *("", "{", "[]", "7", "[" * 9999, '{"laboratory": 3, "views": 4, "keeps_curves": 5}', '{"laboratory": "none"}'),
    *('{"views": {"gradients": "curves"}}', '{"views": {"gradients": "table"}}', '{"views": {"gradients": []}}'),
)


@pytest.mark.parametrize("stored", DAMAGED)
def test_what_cannot_be_chosen_is_as_at_first(qtbot: QtBot, stored: str) -> None:
    deck = make_deck(qtbot)
    deck.show_course(None)
    first = deck.arrangement()
    deck.arrange(stored)
    assert deck.arrangement() == first


def test_no_row_is_kept_free_for_a_button_that_is_not_there(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    deck.show_view(LabView.BARS)
    deck.window().resize(deck._head.sizeHint().width() - 30, 640)  # the tabs have room beside each other, alone
    deck.window().show()
    heights = []
    for view in (LabView.BARS, LabView.CHAIN_RULE, LabView.BARS):
        deck.show_view(view)
        QCoreApplication.processEvents()
        heights.append(deck._head.height())
    assert heights[0] == heights[2] > 1.5 * heights[1]


def test_the_tabs_that_come_back_with_their_row_stand_beside_each_other(qtbot: QtBot) -> None:
    """The row was hidden, and as wide as now, when there were fewer of them."""
    deck = make_deck(qtbot, size=(400, 640))
    window = deck.window()
    window.show()
    qtbot.waitExposed(window)
    for view in (LabView.DECISIONS, LabView.CURVES, LabView.BARS):
        deck.show_view(view)
        QCoreApplication.processEvents()
    buttons = [button for button in deck._head.shown if button.isVisible()]
    places = [button.geometry() for button in (*buttons, deck._measure_button)]

    assert len(places) == len(views_of(Lab.GRADIENTS)) + 1
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
