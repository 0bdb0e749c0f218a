from __future__ import annotations

from enum import StrEnum

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from gui.widgets.choice_box import ChoiceBox


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"
    PLUM = "plum"


NAMES = {Fruit.PLUM: "A plum", Fruit.APPLE: "An apple", Fruit.PEAR: "A pear"}


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox[Fruit]:
    made = ChoiceBox("fruit_box", NAMES)
    qtbot.addWidget(made)
    return made


def test_the_names_are_shown_in_the_order_given_and_members_are_meant(box: ChoiceBox[Fruit]) -> None:
    assert [box.itemText(index) for index in range(box.count())] == ["A plum", "An apple", "A pear"]
    for index, member in enumerate(NAMES):
        box.setCurrentIndex(index)
        assert box.choice() is member


def test_it_has_the_object_name_it_was_given(box: ChoiceBox[Fruit]) -> None:
    assert box.objectName() == "fruit_box"


def test_showing_a_choice_announces_nothing(box: ChoiceBox[Fruit], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(box.chosen):
        box.show_choice(Fruit.PEAR)
    assert box.currentText() == "A pear"


def test_showing_no_choice_leaves_the_box_without_one(box: ChoiceBox[Fruit], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(box.chosen):
        box.show_choice(None)
    assert box.choice() is None
    assert box.currentText() == ""


def test_another_choice_is_announced(box: ChoiceBox[Fruit], qtbot: QtBot) -> None:
    with qtbot.waitSignal(box.chosen):
        box.setCurrentIndex(1)
    assert box.choice() is Fruit.APPLE


def test_a_choice_by_keyboard_is_announced_once(box: ChoiceBox[Fruit]) -> None:
    told: list[Fruit | None] = []
    box.chosen.connect(lambda: told.append(box.choice()))
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert told == [Fruit.APPLE]


def test_the_wheel_scrolls_the_panel_and_not_the_choice(box: ChoiceBox[Fruit]) -> None:
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    box.wheelEvent(event)
    assert box.choice() is Fruit.PLUM
    assert not event.isAccepted()


def test_a_name_that_has_no_room_is_shortened_and_not_cut(box: ChoiceBox[Fruit]) -> None:
    box.show_choice(Fruit.APPLE)
    for width, is_whole in ((70, False), (300, True)):
        box.resize(width, 26)
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        assert (option.currentText == box.currentText()) is is_whole
        assert option.currentText.endswith("…") is not is_whole
