from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from gui.actions import TABLE, Action
from gui.dialogs import preferences_dialog
from gui.dialogs.preferences_dialog import ROWS, ActionChoice, PreferenceRow, show_preferences, switch_of
from gui.menus import make_actions


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(window: QMainWindow) -> dict[str, QAction]:
    return make_actions(window)


def dialog_of(window: QMainWindow) -> QDialog:
    (found,) = window.findChildren(QDialog, "preferences")
    return found


def test_every_row_is_of_a_group_or_an_action_and_says_what_it_is_good_for(
    window: QMainWindow, actions: dict[str, QAction]
) -> None:
    groups = {row.group for row in TABLE}
    assert [row.name for row in ROWS if row.name not in groups and not actions[row.name].isCheckable()] == []
    show_preferences(window, actions)
    choices, switches = dialog_of(window).findChildren(ActionChoice), dialog_of(window).findChildren(QCheckBox)
    assert len(choices) + len(switches) == len(ROWS)
    assert all(choice.accessibleName() and len(choice.toolTip()) > 20 for choice in choices)
    assert all(switch.text() and len(switch.toolTip()) > 20 for switch in switches)
    labels = [label for label in dialog_of(window).findChildren(QLabel) if label.text()]
    assert all(label.buddy() is not None for label in labels)


def test_a_choice_is_done_at_once_and_follows_the_menu(window: QMainWindow, actions: dict[str, QAction]) -> None:
    actions[Action.THEME_DARK].setChecked(True)
    done: list[str] = []
    actions[Action.THEME_LIGHT].triggered.connect(lambda: done.append("light"))
    show_preferences(window, actions)
    (box,) = [box for box in dialog_of(window).findChildren(ActionChoice) if box.objectName() == "theme_preference"]
    assert box.currentText() == "Dark Colours"
    box.setCurrentIndex(box.findText("Light Colours"))
    box.activated.emit(box.currentIndex())
    assert done == ["light"]
    assert actions[Action.THEME_LIGHT].isChecked()
    actions[Action.THEME_SYSTEM].trigger()
    assert box.currentText() == "Colours of the System"


def test_a_switch_turns_an_action_on_and_follows_it(window: QMainWindow, qtbot: QtBot) -> None:
    action = QAction("&Grid", window)
    action.setCheckable(True)
    action.setStatusTip("Lines behind the points")
    box = switch_of(PreferenceRow("grid"), action)
    qtbot.addWidget(box)
    assert (box.text(), box.isChecked()) == ("&Grid", False)
    assert "Lines behind the points" in box.toolTip()
    box.click()
    assert (action.isChecked(), box.isChecked()) == (True, True)
    action.trigger()
    assert not box.isChecked()


def test_it_is_opened_once(window: QMainWindow, actions: dict[str, QAction]) -> None:
    show_preferences(window, actions)
    show_preferences(window, actions)
    assert len(window.findChildren(QDialog, "preferences")) == 1
    assert preferences_dialog.ROWS
