from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset, empty_dataset
from gui.actions import Action
from gui.menus import make_actions
from gui.paint.markers import SHAPE_NAMES
from gui.paint.theme import DARK, palette_of
from gui.settings.class_list import ClassList
from tests.gui.pictures import pixels


class Shown:
    """A class list, its tree, and what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.holder = QObject()
        self.actions = make_actions(self.holder)
        self.add, self.remove = self.actions[Action.ADD_CLASS], self.actions[Action.REMOVE_CLASS]
        self.view = ClassList(self.actions)
        qtbot.addWidget(self.view)
        tree = self.view.findChild(QTreeWidget, "class_list")
        assert isinstance(tree, QTreeWidget)
        self.tree = tree
        self.told: list[tuple[object, ...]] = []
        self.view.class_chosen.connect(lambda label: self.told.append(("chosen", label)))
        self.view.class_renamed.connect(lambda label, name: self.told.append(("renamed", label, name)))
        self.view.class_recoloured.connect(lambda label, colour: self.told.append(("recoloured", label, colour)))
        self.view.class_merged.connect(lambda label, into: self.told.append(("merged", label, into)))

    def item(self, label: int) -> QTreeWidgetItem:
        found = self.tree.topLevelItem(label)
        assert found is not None
        return found

    def texts(self, column: int) -> list[str]:
        return [self.item(label).text(column) for label in range(self.tree.topLevelItemCount())]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """Three classes with 1,200, 1 and 0 points, the second one current."""
    result = Shown(qtbot)
    dataset = empty_dataset(3).with_points([[0, 0]] * 1201, [0] * 1200 + [1])
    result.view.show_classes(dataset, 1)
    return result


def test_names_and_numbers_of_points_are_shown_and_nothing_is_announced(shown: Shown) -> None:
    assert shown.texts(0) == ["Blue", "Orange", "Green"]
    assert shown.texts(1) == ["1,200", "1", "0"]
    assert shown.tree.currentItem() is shown.item(1)
    assert shown.told == []


def test_each_class_has_the_marker_of_the_canvas_and_its_shape_in_words(shown: Shown) -> None:
    pictures = [pixels(shown.item(label).icon(0).pixmap(16, 16)).tobytes() for label in range(3)]
    assert len(set(pictures)) == 3
    for label in range(3):
        spoken = shown.item(label).data(0, Qt.ItemDataRole.AccessibleDescriptionRole)
        assert spoken == SHAPE_NAMES[label]


def test_a_class_keeps_its_marker_when_one_before_it_is_removed(shown: Shown) -> None:
    before = pixels(shown.item(2).icon(0).pixmap(16, 16))
    shown.view.show_classes(empty_dataset(3).without_class(0), 0)
    assert (pixels(shown.item(1).icon(0).pixmap(16, 16)) == before).all()
    assert shown.item(1).data(0, Qt.ItemDataRole.AccessibleDescriptionRole) == SHAPE_NAMES[2]


def test_new_points_change_the_numbers_and_keep_the_entries(shown: Shown) -> None:
    items = [shown.item(label) for label in range(3)]
    shown.view.show_classes(empty_dataset(3).with_points([[0, 0], [1, 1]], 2), 1)
    assert shown.texts(1) == ["0", "0", "2"]
    assert [shown.item(label) for label in range(3)] == items
    assert shown.told == []


def test_a_click_on_a_class_chooses_it(shown: Shown) -> None:
    shown.tree.setCurrentItem(shown.item(2))
    assert shown.told == [("chosen", 2)]


def test_the_arrow_keys_choose(shown: Shown) -> None:
    QTest.keyClick(shown.tree, Qt.Key.Key_Up)
    assert shown.told == [("chosen", 0)]


def test_showing_another_current_class_announces_nothing(shown: Shown) -> None:
    shown.view.show_classes(empty_dataset(3), 2)
    assert shown.tree.currentItem() is shown.item(2)
    assert shown.told == []


def test_more_classes_and_fewer_are_shown(shown: Shown) -> None:
    shown.view.show_classes(empty_dataset(8), 7)
    assert len(shown.texts(0)) == 8
    shown.view.show_classes(empty_dataset(2), 0)
    assert shown.texts(0) == ["Blue", "Orange"]
    assert shown.told == []


def test_the_room_there_is_decides_how_many_rows_are_seen_and_not_the_number_of_classes(shown: Shown) -> None:
    heights = []
    for room in (-500, 0, 10, 60, 1000):
        shown.view.use_room(room)
        heights.append(shown.view.sizeHint().height())
        for count in (2, 5, 10):
            shown.view.show_classes(empty_dataset(count), 0)
            assert shown.view.sizeHint().height() == heights[-1]
    assert heights[0] == heights[1] == heights[2] < heights[3] < heights[4]
    assert heights[3] <= heights[2] + 60
    last = shown.tree.visualItemRect(shown.item(9))
    assert shown.tree.height() - last.bottom() < 2 * last.height(), "no more room than for all"


def test_a_new_name_is_told_and_the_old_one_stays_until_the_dataset_has_it(shown: Shown) -> None:
    shown.item(1).setText(0, "Cats")
    assert shown.told == [("renamed", 1, "Cats")]
    assert shown.texts(0) == ["Blue", "Orange", "Green"]
    shown.view.show_classes(empty_dataset(3).renamed(1, "Cats"), 1)
    assert shown.texts(0) == ["Blue", "Cats", "Green"]


@pytest.mark.parametrize("name", ["Orange", "  Orange ", "Orange\t"])
def test_a_name_that_differs_in_blanks_only_is_no_new_name(shown: Shown, name: str) -> None:
    shown.item(1).setText(0, name)
    assert shown.told == []
    assert shown.texts(0)[1] == "Orange"


@pytest.mark.parametrize("name", ["", "   ", "Blue", "x" * 300])
def test_a_name_that_cannot_be_is_told_so_that_the_reason_can_be_said_and_is_not_kept(shown: Shown, name: str) -> None:
    shown.item(1).setText(0, name)
    assert shown.told == [("renamed", 1, name)]
    assert shown.texts(0)[1] == "Orange"


def test_a_name_is_typed_in_its_row(shown: Shown, qtbot: QtBot) -> None:
    shown.view.show()
    shown.tree.editItem(shown.item(0), 0)
    editor = shown.tree.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "Dogs")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(shown.told))  # the editor closes first
    assert shown.told == [("renamed", 0, "Dogs")]


def test_the_number_of_points_cannot_be_typed_over(shown: Shown) -> None:
    shown.view.show()
    shown.tree.setCurrentItem(shown.item(0), 1)
    shown.tree.edit(shown.tree.currentIndex())
    assert shown.tree.findChild(QLineEdit) is None


@pytest.mark.parametrize(("n_classes", "can_add", "can_remove"), [(2, True, False), (3, True, True), (10, False, True)])
def test_two_to_ten_classes_are_possible(shown: Shown, n_classes: int, can_add: bool, can_remove: bool) -> None:
    shown.view.show_classes(empty_dataset(n_classes), 0)
    assert shown.add.isEnabled() is can_add
    assert shown.remove.isEnabled() is can_remove


def test_the_buttons_have_icons_names_and_tips(shown: Shown) -> None:
    buttons = shown.view.findChildren(QToolButton)
    assert [button.accessibleName() for button in buttons] == ["Add Class", "Remove Class"]
    for button in buttons:
        assert not button.icon().isNull()
        assert button.toolTip()
    assert shown.tree.accessibleName()
    assert "number keys" in shown.tree.toolTip()


def test_names_are_shown_as_they_are_and_not_as_rich_text(shown: Shown) -> None:
    dataset = Dataset(empty_dataset().points, empty_dataset().labels, ("<b>bold</b>", "a & b"))
    shown.view.show_classes(dataset, 0)
    assert shown.texts(0) == ["<b>bold</b>", "a & b"]


def test_the_markers_follow_the_theme(shown: Shown) -> None:
    before = pixels(shown.item(0).icon(0).pixmap(16, 16))
    shown.view.setPalette(palette_of(DARK))
    after = pixels(shown.item(0).icon(0).pixmap(16, 16))
    assert (before != after).any()
    assert shown.told == []


def test_a_colour_is_chosen_from_a_menu_that_says_who_has_it(shown: Shown) -> None:
    shown.view.recolour_menu.aboutToShow.emit()
    actions = shown.view.recolour_menu.actions()
    assert [action.text() for action in actions[:3]] == [
        "Blue, circle (exchange with Blue)",
        "Orange, square (exchange with Orange)",
        "Green, triangle (exchange with Green)",
    ]
    assert actions[3].text() == "Pink, diamond"
    assert [action.isEnabled() for action in actions[:3]] == [True, False, True], "it has the second one itself"
    actions[9].trigger()
    assert shown.told == [("recoloured", 1, 9)]


def test_a_class_is_merged_into_one_of_the_others(shown: Shown) -> None:
    shown.view.merge_menu.aboutToShow.emit()
    actions = shown.view.merge_menu.actions()
    assert [action.text() for action in actions] == ["Blue", "Green"]
    actions[1].trigger()
    assert shown.told == [("merged", 1, 2)]


def test_a_class_at_the_end_cannot_be_moved_beyond_it(shown: Shown) -> None:
    dataset = empty_dataset(3)
    ends = {0: (False, True), 1: (True, True), 2: (True, False)}
    for label, wanted in ends.items():
        shown.view.show_classes(dataset, label)
        assert tuple(shown.actions[name].isEnabled() for name in ("class_up", "class_down")) == wanted
