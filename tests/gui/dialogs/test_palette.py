from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gui.actions import TABLE, Action
from gui.dialogs.palette import Palette, rating_of_word, show_palette
from gui.drawing.tools import Tool
from gui.menus import make_actions


@pytest.fixture
def actions(window: QMainWindow) -> dict[str, QAction]:
    return make_actions(window)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


@pytest.fixture
def palette(window: QMainWindow, actions: dict[str, QAction]) -> Iterator[Palette]:
    show_palette(window, actions)
    (made,) = window.findChildren(Palette)
    yield made
    if isValid(made):
        made.close()


def titles(palette: Palette) -> list[str]:
    tree = palette.found
    return [item.text(0) for index in range(tree.topLevelItemCount()) if (item := tree.topLevelItem(index))]


def note(palette: Palette) -> str:
    return palette._note.text()


def test_it_has_every_action_with_its_menu_and_key_in_the_order_of_the_table(
    palette: Palette, actions: dict[str, QAction]
) -> None:
    assert titles(palette) == [actions[row.name].text().replace("&", "") for row in TABLE]
    first = palette.found.topLevelItem(0)
    assert first is not None
    assert [first.text(column) for column in range(3)] == ["New", "File", "Ctrl+N"]
    assert palette.found.currentItem() is first
    assert note(palette) == actions[Action.NEW].statusTip()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("mis", "Select Misclassified"),
        ("sel mis", "Select Misclassified"),
        ("MISCL select", "Select Misclassified"),
        ("ns", "New Seed"),
        ("dark", "Dark Colours"),
        ("seed", "New Seed"),
        ("spray", "Spray"),
        ("imprt", "Import Points …"),
        ("log", "Open Log Folder"),
    ],
)
def test_a_few_letters_find_an_action_first(palette: Palette, text: str, title: str) -> None:
    palette.field.setText(text)
    assert titles(palette)[0] == title


def test_words_that_fit_nothing_find_nothing(palette: Palette) -> None:
    palette.field.setText("xyzzy")
    assert titles(palette) == []
    assert note(palette) == "No command has these words."
    palette.run()
    assert palette.isVisible()


def test_the_beginning_of_a_word_is_better_than_letters_within_and_those_than_what_is_beside() -> None:
    title, beside = "select misclassified", "what the network gets wrong edit"
    ratings = [rating_of_word(word, title, beside) for word in ("mis", "class", "sm", "network", "slct", "zz")]
    assert ratings == [0, 2, 1, 4, 3, None]


def test_enter_does_what_the_arrow_keys_have_chosen_and_closes(
    qtbot: QtBot, palette: Palette, actions: dict[str, QAction]
) -> None:
    done: list[str] = []
    for name in (Tool.BRUSH, Tool.SPRAY, Action.ZOOM_IN, Action.ZOOM_OUT):
        actions[name].triggered.connect(lambda _checked=False, name=name: done.append(name))
    QTest.keyClicks(palette.field, "zoom")
    assert titles(palette)[:2] == ["Zoom In", "Zoom Out"]
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.field.text() == "zoom"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done == [Action.ZOOM_OUT])
    QCoreApplication.processEvents()
    assert done == [Action.ZOOM_OUT]


def test_what_cannot_be_done_now_says_why_and_is_not_done(palette: Palette, actions: dict[str, QAction]) -> None:
    done: list[bool] = []
    actions[Action.CUT].setEnabled(False)
    actions[Action.CUT].triggered.connect(done.append)
    palette.field.setText("cut")
    assert titles(palette)[0] == "Cut"
    assert note(palette) == "No point is selected."
    item = palette.found.topLevelItem(0)
    assert item is not None
    assert item.foreground(0).color() != palette.palette().text().color()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    QCoreApplication.processEvents()
    assert palette.isVisible()
    assert done == []


def test_what_is_hidden_now_is_not_offered(window: QMainWindow, actions: dict[str, QAction]) -> None:
    actions[Action.CUT].setVisible(False)
    palette = Palette(window, actions)
    assert "Cut" not in titles(palette)
    palette.close()
