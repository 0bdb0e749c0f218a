"""A view in a window of its own: fed, closed, back in the deck, and never left behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, QSize
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.verdict import GRADIENT
from gui.actions import Action
from gui.stage.deck import Deck
from gui.stage.view_windows import ViewWindow
from gui.system.preferences import Preferences
from gui.views import Lab, LabView
from tests.gui.conftest import MakeStill
from tests.gui.snapshots import lane_views_of, make_lane
from tests.gui.stage.decks import make_deck


def trigger(deck: Deck, name: str) -> None:
    deck._actions[name].trigger()


def popped(deck: Deck, view: LabView) -> ViewWindow:
    deck.show_view(view)
    trigger(deck, Action.POP_OUT)
    window = deck.frames[view].window()
    assert isinstance(window, ViewWindow)
    assert window.isVisible()
    return window


@pytest.mark.parametrize("view", list(LabView))
def test_each_view_goes_into_a_window_and_comes_back_when_it_is_closed(qtbot: QtBot, view: LabView) -> None:
    deck = make_deck(qtbot)
    deck.window().show()
    window, frame = popped(deck, view), deck.frames[view]
    note = deck.findChild(QToolButton, f"bring_back_{view}")
    assert note is not None
    assert frame.isVisible()
    assert note.isVisible()
    assert deck._actions[Action.POP_OUT].isChecked()
    window.close()
    assert frame.window() is deck.window()
    assert frame.isVisible()
    assert not note.isVisible()
    assert not deck._actions[Action.POP_OUT].isChecked()
    popped(deck, view)
    note.click()
    assert frame.window() is deck.window()
    popped(deck, view)
    trigger(deck, Action.POP_OUT)
    assert frame.window() is deck.window()


def test_it_is_fed_and_its_needs_are_measured_beside_those_of_the_deck(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    trigger(deck, Action.KEEP_CURVES)
    popped(deck, LabView.CURVES)
    window = popped(deck, LabView.CHAIN_RULE)
    deck.show_view(LabView.BARS)
    assert set(deck.needs) == {GRADIENT, DIAGNOSIS}
    deck.show_lanes(lane_views_of([make_lane(epochs=9)]), at_once=True)
    assert deck.loss_plot.vertices() > 0
    window.close()
    assert deck.needs == (GRADIENT,)


def test_the_choice_of_the_measure_goes_with_the_bars(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    deck.window().show()
    button = deck._measure_button
    window = popped(deck, LabView.BARS)
    assert button.window() is window
    assert button.isVisible()
    deck.show_view(LabView.ACTIVATION)
    assert button.isVisible()
    window.close()
    assert button.window() is deck.window()
    assert not button.isVisible()
    deck.show_view(LabView.BARS)
    assert button.isVisible()


def test_curves_in_a_window_leave_their_room_in_the_deck(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    deck.window().show()
    window = popped(deck, LabView.CURVES)
    trigger(deck, Lab.GRADIENTS)
    QCoreApplication.processEvents()
    height = deck.frames[LabView.BARS].height()
    window.close()
    QCoreApplication.processEvents()
    assert deck.loss_plot.isVisible()
    assert deck.frames[LabView.BARS].height() < height


def test_it_follows_font_and_colours(qtbot: QtBot, qapp: QApplication) -> None:
    deck = make_deck(qtbot)
    window = popped(deck, LabView.BARS)
    font, palette = qapp.font(), qapp.palette()
    try:
        larger, other = qapp.font(), qapp.palette()
        larger.setPointSize(27)
        other.setColor(other.ColorRole.Base, "#123456")
        qapp.setFont(larger)
        qapp.setPalette(other)
        QCoreApplication.processEvents()
        assert deck.gradient_plot.font().pointSize() == 27
        assert window.palette().color(other.ColorRole.Base).name() == "#123456"
    finally:
        qapp.setFont(font)
        qapp.setPalette(palette)


def test_its_geometry_is_remembered_and_brought_onto_a_screen(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    window = popped(deck, LabView.BARS)
    window.setGeometry(QRect(50, 60, 500, 400))
    window.close()
    again = popped(deck, LabView.BARS)
    assert again.geometry() == QRect(50, 60, 500, 400)
    again.setGeometry(QRect(9000, 60, 500, 400))
    again.close()
    window = popped(deck, LabView.BARS)
    assert window.screen().availableGeometry().contains(window.geometry())


def test_the_key_of_train_works_there_and_nothing_is_left_when_all_is_closed(make_still: MakeStill) -> None:
    window = make_still(1280, 720)
    view = popped(window.laboratory.panel, LabView.BARS)
    assert window.actions_by_name[Action.TRAIN] in view.actions()
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, ViewWindow)] == []
    assert not window.isVisible()


def test_what_was_in_windows_when_the_program_closed_is_there_again(make_still: MakeStill) -> None:
    first = make_still(1280, 720)
    window = popped(first.laboratory.panel, LabView.BARS)
    popped(first.laboratory.panel, LabView.CURVES)
    window.setGeometry(QRect(9000, 60, 500, 400))
    first.remembers_layout = True
    first.close()
    second = make_still(1280, 720)
    windows = second.laboratory.panel.windows
    second.window_layout.restore()
    assert windows.open == {}, "the main window comes first"
    QCoreApplication.processEvents()
    assert set(windows.open) == {LabView.BARS, LabView.CURVES}
    bars = windows.open[LabView.BARS]
    assert bars.isVisible()
    assert bars.size() == QSize(500, 400)
    assert bars.screen().availableGeometry().contains(bars.geometry())
    second.window_layout.reset()
    assert windows.open == {}
    assert not Preferences().layout("view_bars")


@pytest.mark.parametrize("stored", ["", "{", "[" * 10_000, "null", '{"bars": 1}', '[["bars"], 5, "nothing", "table"]'])
def test_windows_that_cannot_be_read_or_have_no_view_are_none(qtbot: QtBot, stored: str) -> None:
    deck = make_deck(qtbot)
    deck.show_course(None)
    deck.windows.arrange(stored)
    deck.windows._open_remembered()
    assert deck.windows.open == {}
    assert deck.windows.arrangement() == "[]"
