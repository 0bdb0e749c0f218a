from __future__ import annotations

import ast
from collections import Counter

import pytest
from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QMainWindow, QMenu, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.dataset import MAX_CLASSES
from engine.insight.field import Shading
from engine.studies.presets import PRESETS
from engine.toy_datasets import DEFAULT_RECIPE
from gui.actions import TABLE, Action, Menu, class_action, shading_action, text_action
from gui.dialogs.shortcut_sheet import shortcut_sheet
from gui.drawing.tools import Tool
from gui.menus import STANDARD, fill_menus, make_actions, underlined, unmarked
from gui.paint.theme import Theme
from gui.paint.type_size import STEPS
from gui.run.loss_plot import LossPlot
from gui.run.run_bar import RunBar
from gui.settings.control_panel import ControlPanel
from gui.settings.dataset_panel import DatasetPanel
from gui.views import VIEWS, Example, Lab, views_of
from gui.widgets.tips import action_tip
from tests.architecture.sources import SOURCES

STEP_NAMES = [text_action(percent) for percent in STEPS]
SHADING_NAMES = [shading_action(shading) for shading in Shading]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(window: QMainWindow) -> dict[str, QAction]:
    return make_actions(window)


def entries_of(menu: QMenu) -> list[QAction]:
    """The entries of a menu, and those of the menus in it at their places."""
    inner = {found.menuAction(): found for found in menu.findChildren(QMenu)}
    return [
        entry for action in menu.actions() for entry in (entries_of(inner[action]) if action in inner else [action])
    ]


def mnemonic(text: str) -> str:
    """The letter that is pressed with Alt; empty if there is none."""
    return QKeySequence.mnemonic(text).toString().removeprefix("Alt+")


def test_every_row_becomes_one_action_with_a_name_of_its_own(actions: dict[str, QAction]) -> None:
    assert list(actions) == [row.name for row in TABLE]
    assert len(actions) == len(TABLE)
    for row in TABLE:
        action = actions[row.name]
        assert action.objectName() == f"action_{row.name}"
        assert action.text() == str(row.text)


def test_no_key_is_given_twice(actions: dict[str, QAction]) -> None:
    """The views of a laboratory have theirs while it is chosen; see the deck."""
    for lab in Lab:
        others = {view for view in VIEWS if view not in views_of(lab)}
        keys = Counter(
            key.toString() for name, action in actions.items() if name not in others for key in action.shortcuts()
        )
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_key_can_be_pressed(actions: dict[str, QAction]) -> None:
    for row in TABLE:
        found = actions[row.name].shortcuts()
        assert [key.toString() for key in found[: len(row.shortcuts)]] == list(row.shortcuts)
        for key in found:
            assert not key.isEmpty(), row
            assert key[0].key() not in (Qt.Key.Key_unknown, Qt.Key(0)), row  # type: ignore[index]  # it can be


def test_the_keys_that_people_know_are_there(actions: dict[str, QAction]) -> None:
    known = {
        "quit": ("Ctrl+Q",), "undo": ("Ctrl+Z",), "redo": ("Ctrl+Y", "Ctrl+Shift+Z"), "full_screen": ("F11",),
        "train": ("Space",), "reset": ("Ctrl+R",), "fit": ("Home",), "larger": ("]",), "smaller": ("[",),
        "open": ("Ctrl+O",), "save": ("Ctrl+S",), "shortcuts": ("F1",), "copy": ("Ctrl+C",), "paste": ("Ctrl+V",),
        "close": ("Ctrl+W",), "preferences": ("Ctrl+,",), "palette": ("Ctrl+Shift+P",), "whats_this": ("Shift+F1",),
        "next_region": ("F6",), "previous_region": ("Shift+F6",),
        "cut": ("Ctrl+X",), "select_all": ("Ctrl+A",), "delete": ("Del", "Backspace"), "new": ("Ctrl+N",),
    }  # fmt: skip
    for name, keys in known.items():
        assert set(keys) <= {key.toString() for key in actions[name].shortcuts()}, name
    for number in range(1, MAX_CLASSES + 1):
        assert [key.toString() for key in actions[f"class_{number}"].shortcuts()] == [str(number % 10)]


def test_every_action_says_what_it_does(actions: dict[str, QAction]) -> None:
    for row in TABLE:
        assert len(str(row.tip)) > 8, row
        assert actions[row.name].statusTip() == str(row.tip)
        assert str(row.tip) in actions[row.name].toolTip()


def test_the_tip_of_an_action_names_its_first_key(actions: dict[str, QAction]) -> None:
    for row in TABLE:
        tip = actions[row.name].toolTip()
        if row.shortcuts:
            key = QKeySequence(row.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
            assert f"({key})" in tip, row
        else:
            assert "(" not in tip, row


def test_a_tip_without_a_key_has_no_empty_brackets(window: QMainWindow) -> None:
    assert action_tip("Do it", QAction("x", window)) == "<p>Do it</p>"


def test_of_the_tools_and_of_the_themes_one_is_checked(actions: dict[str, QAction]) -> None:
    for names in ([tool.value for tool in Tool], [f"theme_{theme}" for theme in Theme], STEP_NAMES, SHADING_NAMES):
        for name in names:
            actions[name].trigger()
            assert [other for other in names if actions[other].isChecked()] == [name]
    checkable = {name for name, action in actions.items() if action.isCheckable()}
    assert checkable == {
        *Tool, *Lab, *(view for view, row in VIEWS.items() if row.key), *(f"theme_{theme}" for theme in Theme),
        *STEP_NAMES, *SHADING_NAMES, *(row.name for row in TABLE if row.is_switch),
    }  # fmt: skip


def test_every_action_is_in_its_menu_in_the_order_of_the_table(
    window: QMainWindow, actions: dict[str, QAction]
) -> None:
    menus = fill_menus(window.menuBar(), actions)
    assert [action.text() for action in window.menuBar().actions()] == [menu.value for menu in Menu]
    for menu in Menu:
        entries = entries_of(menus[menu])
        assert [action for action in entries if not action.isSeparator()] == [
            actions[row.name] for row in TABLE if row.menu is menu
        ]
        lines = sum(action.isSeparator() for action in entries)
        assert lines == sum(row.starts_section for row in TABLE if row.menu is menu)


def test_every_entry_of_every_menu_has_a_letter_of_its_own(window: QMainWindow, actions: dict[str, QAction]) -> None:
    menus = fill_menus(window.menuBar(), actions).values()
    inner = [entry.menu() for menu in menus for entry in menu.actions() if entry.menu() is not None]
    assert inner
    for menu in (*menus, *inner):
        assert isinstance(menu, QMenu)
        letters = [mnemonic(action.text()) for action in menu.actions() if not action.isSeparator()]
        assert "" not in letters, menu.title()
        assert len(set(letters)) == len(letters), menu.title()


def test_the_letters_of_the_table_are_different_in_each_menu() -> None:
    for menu in Menu:
        rows = [row for row in TABLE if row.menu is menu]
        inner = {row.submenu for row in rows} - {""}
        for title in ("", *inner):
            texts = [str(row.text) for row in rows if row.submenu == title]
            letters = Counter(mnemonic(text) for text in (*texts, *(() if title else inner)))
            del letters[""]
            assert [letter for letter, count in letters.items() if count > 1] == [], menu


def test_an_entry_that_changes_its_text_has_a_letter_when_the_menu_is_opened(
    window: QMainWindow, actions: dict[str, QAction]
) -> None:
    menu = fill_menus(window.menuBar(), actions)[Menu.TOOLS]
    actions[Tool.BRUSH].setText("Brush && more")
    menu.aboutToShow.emit()
    letter = mnemonic(actions[Tool.BRUSH].text())
    assert letter
    assert unmarked(actions[Tool.BRUSH].text()) == "Brush & more"
    others = [mnemonic(action.text()) for action in menu.actions() if action is not actions[Tool.BRUSH]]
    assert letter not in others


@pytest.mark.parametrize(
    ("texts", "letters"),
    [
        (["Open", "Save"], ["O", "S"]),
        (["&Save", "Save As", "Sa"], ["V", "A", "S"]),  # the third has no other letter
        (["Spray", "&Select"], ["P", "S"]),
        (["Save && Quit", "&1  R && D"], ["S", "1"]),
        (["a", "A", "…"], ["A", "", ""]),
        (["ab", "a"], ["B", "A"]),
    ],
)
def test_letters_are_given_so_that_as_many_as_possible_have_one(texts: list[str], letters: list[str]) -> None:
    found = underlined(texts)
    assert [mnemonic(text) for text in found] == letters
    assert [unmarked(text) for text in found] == [unmarked(text) for text in texts]


def test_actions_have_the_keys_that_the_platform_has_for_them(actions: dict[str, QAction]) -> None:
    for name, standard in STANDARD.items():
        assert set(QKeySequence.keyBindings(standard)) <= set(actions[name].shortcuts()), name


def test_no_letter_leads_to_two_places_of_the_window(actions: dict[str, QAction], qtbot: QtBot) -> None:
    views: list[QWidget] = [
        ControlPanel(actions[Action.NEW_SEED]),
        DatasetPanel(DEFAULT_RECIPE),
        RunBar(actions),
        LossPlot(),
    ]
    letters = Counter(mnemonic(menu.value) for menu in Menu)
    for view in views:
        qtbot.addWidget(view)
        letters.update(mnemonic(label.text()) for label in view.findChildren(QLabel) if label.buddy() is not None)
        letters.update(mnemonic(button.text()) for button in view.findChildren(QAbstractButton))
    del letters[""]
    assert sum(letters.values()) >= len(Menu)
    assert [letter for letter, count in letters.items() if count > 1] == []


def test_the_sheet_has_every_key_and_what_the_mouse_does(actions: dict[str, QAction]) -> None:
    sheet = shortcut_sheet(actions)
    for row in TABLE:
        if row.name.startswith("class_"):
            continue
        for key in row.shortcuts:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) in sheet, row
        assert (str(row.tip) in sheet) == bool(row.shortcuts)
    assert "1 … 9, 0" in sheet
    for gesture in ("Left button", "Right button", "Wheel", "Ctrl and wheel", "Middle button", "Esc"):
        assert gesture in sheet


def test_changes_of_an_action_are_followed_by_its_buttons_and_leave_nothing_behind(
    qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction]
) -> None:
    action, bar, button = actions["brush"], QToolBar(window), QToolButton(window)
    bar.addAction(action)
    button.setDefaultAction(action)
    action.setToolTip("Once")
    connected = action.receivers(SIGNAL("changed()"))
    for number in range(20):
        action.setText(f"Text {number}")
        action.setEnabled(number % 2 == 0)
    assert action.receivers(SIGNAL("changed()")) == connected
    for shown in (button, bar.widgetForAction(action)):
        assert isinstance(shown, QToolButton)
        assert shown.text() == "Text 19"
        assert not shown.isEnabled()
    with qtbot.waitSignal(action.triggered):
        action.setEnabled(True)
        button.click()


def named_by_hand(source: str) -> list[int]:
    """The lines that look up an action by a text that somebody typed."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).rpartition(".")[2] in TABLES
        if isinstance(node.slice, ast.JoinedStr | ast.Constant)
        if not isinstance(getattr(node.slice, "value", ""), int)  # a number is the place in a list
    ]


TABLES = ("action", "actions", "_actions", "actions_by_name")


@pytest.mark.parametrize("name", ['actions["undo"]', 'self._actions["undo"]', 'window.actions_by_name[f"class_{1}"]'])
def test_an_action_that_is_named_by_hand_is_found(name: str) -> None:
    assert named_by_hand(f"1\n{name}.trigger()") == [2]
    assert named_by_hand("actions[Action.UNDO].trigger()\nactions[class_action(1)].trigger()") == []


def test_no_action_is_named_by_hand() -> None:
    found = {path: lines for path, source in SOURCES.items() if (lines := named_by_hand(source))}
    assert found == {}


def test_every_action_has_a_row_and_every_row_is_an_action_a_tool_a_preset_or_a_class() -> None:
    names = [row.name for row in TABLE]
    presets, classes = {preset.name for preset in PRESETS}, {class_action(label) for label in range(MAX_CLASSES)}
    assert set(Action) <= set(names)
    views = {view for view, row in VIEWS.items() if row.key}
    assert set(names) == {*Action, *Lab, *views, *Example, *Tool, *SHADING_NAMES, *presets, *classes}
