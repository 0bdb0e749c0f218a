from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.forms import make_form
from gui.widgets.section import Section

TIP = "What can be found here."


def made_section(n_rows: int = 3) -> Section:
    form = make_form()
    for row in range(n_rows):
        form.addRow(f"Row {row}", QLineEdit())
    return Section("extras", "Extras", TIP, form)


@pytest.fixture
def section(qtbot: QtBot) -> Section:
    made = made_section()
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def rows_are_shown(section: Section) -> bool:
    shown = [line.isVisible() for line in section.findChildren(QLineEdit)]
    assert len(set(shown)) == 1
    return shown[0]


def test_a_section_is_closed_at_first_and_its_button_opens_and_closes_it(section: Section) -> None:
    assert not section.is_open
    assert not rows_are_shown(section)
    assert section.button.arrowType() is Qt.ArrowType.RightArrow
    section.button.click()
    assert section.is_open
    assert rows_are_shown(section)
    assert section.button.arrowType() is Qt.ArrowType.DownArrow
    section.button.click()
    assert not rows_are_shown(section)


def test_the_keyboard_opens_a_section(section: Section, qtbot: QtBot) -> None:
    assert section.button.focusPolicy() is Qt.FocusPolicy.TabFocus
    section.activateWindow()
    section.button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(section.button.hasFocus)
    QTest.keyClick(section.button, Qt.Key.Key_Space)
    assert rows_are_shown(section)
    QTest.keyClick(section.button, Qt.Key.Key_Space)
    assert not rows_are_shown(section)


def test_a_click_beside_the_title_opens_it_too_but_none_among_the_rows_closes_it(section: Section) -> None:
    middle = section.button.geometry().center().y()
    QTest.mouseClick(section, Qt.MouseButton.RightButton, pos=QPoint(230, middle))
    assert not section.is_open
    QTest.mouseClick(section, Qt.MouseButton.LeftButton, pos=QPoint(230, middle))
    assert section.is_open
    QTest.mouseClick(section, Qt.MouseButton.LeftButton, pos=QPoint(5, 290))
    assert section.is_open


def test_a_closed_section_says_what_is_changed_in_it(section: Section) -> None:
    assert section.heading == "Extras"
    section.show_changes(["Dropout 20 %", "L2 0.0001"])
    assert section.heading == "Extras · Dropout 20 %, L2 0.0001"
    section.button.click()
    assert section.heading == "Extras"
    section.show_changes(["Dropout 30 %"])
    assert section.heading == "Extras"
    section.button.click()
    assert section.heading == "Extras · Dropout 30 %"
    section.show_changes([])
    assert section.heading == "Extras"


def test_the_button_explains_itself_to_everybody(section: Section) -> None:
    button = section.button
    assert button.objectName() == "extras_button"
    assert (button.text(), button.accessibleName()) == ("Extras", "Extras")
    assert button.accessibleDescription() == "closed"
    assert TIP in button.toolTip()
    assert button.statusTip() == TIP
    section.show_changes(["Dropout 20 %"])
    assert button.accessibleName() == "Extras, changed: Dropout 20 %"
    assert "Dropout 20 %" in button.toolTip()
    button.click()
    assert button.accessibleDescription() == "open"


def test_a_long_list_of_changes_is_shortened_and_makes_nothing_wider(section: Section) -> None:
    before = section.minimumSizeHint().width()
    section.show_changes([f"Setting {number} on" for number in range(9)])
    assert section.minimumSizeHint().width() == before
    label = section.findChild(ElidedLabel)
    assert label is not None
    assert label.text().startswith("· Sett")
    assert label.shown_text.endswith("…")
    section.resize(2000, 300)
    QApplication.processEvents()
    assert label.shown_text == label.text()
    assert section.heading.endswith("Setting 8 on")


def test_rows_that_open_below_the_edge_come_into_view(qtbot: QtBot) -> None:
    area, panel, section = QScrollArea(), QWidget(), made_section(5)
    qtbot.addWidget(area)
    column = QVBoxLayout(panel)
    tall = QLabel("above")
    tall.setFixedHeight(270)
    column.addWidget(tall)
    column.addWidget(section)
    column.addStretch()
    area.setWidget(panel)
    area.setWidgetResizable(True)
    area.resize(300, 330)
    area.show()
    qtbot.waitExposed(area)
    assert area.verticalScrollBar().value() == 0
    section.button.click()
    last = section.findChildren(QLineEdit)[-1]
    qtbot.waitUntil(lambda: last.mapTo(area.viewport(), QPoint(0, last.height())).y() <= area.viewport().height())
    assert section.button.mapTo(area.viewport(), QPoint(0, 0)).y() >= 0
