from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPushButton,
    QSlider,
    QSpinBox,
    QStyle,
    QTabBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.paint.icons import icon
from gui.paint.style.marz_style import OWN_ICONS, PRIMARY
from gui.paint.theme import DARK, LIGHT, Chrome, Theme, apply_theme
from tests.gui.paint.test_theme import contrast
from tests.gui.pictures import of_colour, pixels

Grid = NDArray[np.uint32]


@pytest.fixture(params=[(Theme.LIGHT, LIGHT), (Theme.DARK, DARK)], ids=["light", "dark"])
def chrome(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Chrome]:
    before = qapp.palette()
    apply_theme(qapp, request.param[0])
    yield request.param[1]
    qapp.setPalette(before)


def tool_button() -> QToolButton:
    button = QToolButton()
    button.setText("Step")
    return button


def pressed_button() -> QToolButton:
    button = tool_button()
    button.setCheckable(True)
    button.setChecked(True)
    return button


def primary_button() -> QToolButton:
    button = tool_button()
    button.setProperty(PRIMARY, True)
    return button


def combo_box() -> QComboBox:
    box = QComboBox()
    box.addItems(["Tanh", "ReLU"])
    return box


def list_of_rows() -> QListWidget:
    rows = QListWidget()
    rows.addItems(["one", "two", "three"])
    rows.setCurrentRow(1)
    return rows


def tab_bar() -> QTabBar:
    tabs = QTabBar()
    tabs.setExpanding(False)
    for name in ("one", "two"):
        tabs.addTab(name)
    return tabs


KINDS: dict[str, Callable[[], QWidget]] = {
    "tool button": tool_button,
    "primary button": primary_button,
    "pressed button": pressed_button,
    "push button": lambda: QPushButton("Close"),
    "check box": lambda: QCheckBox("Skip"),
    "list box": combo_box,
    "whole number": QSpinBox,
    "number": QDoubleSpinBox,
    "line": lambda: QLineEdit("words"),
    "slider": lambda: QSlider(Qt.Orientation.Horizontal),
    "tabs": tab_bar,
    "list": list_of_rows,
}


KEPT: list[QWidget] = []


@pytest.fixture(autouse=True)
def windows_are_kept_until_then() -> Iterator[None]:
    """A window goes with its last name, and the control in it, too."""
    yield
    KEPT.clear()


def shown(qtbot: QtBot, make: Callable[[], QWidget]) -> QWidget:
    """A control in a window, beside which another one has the focus."""
    window, control = QWidget(), make()
    qtbot.addWidget(window)
    KEPT.append(window)
    other = QLineEdit(window)
    control.setParent(window)
    window.resize(300, 160)
    control.setGeometry(10, 40, 160, 100 if isinstance(control, QListWidget) else 28)
    other.setGeometry(10, 5, 100, 24)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    return control


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_has_the_focus_has_a_ring_two_pixels_wide(qtbot: QtBot, chrome: Chrome, kind: str) -> None:
    control = shown(qtbot, KINDS[kind])
    colour = chrome.ink if kind == "primary button" else chrome.ring
    before = of_colour(pixels(control), colour)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus()
    after = of_colour(pixels(control), colour)

    new = after & ~before
    assert new.sum() >= 20, "nothing tells where the keys go"
    deep = new[:-1] & new[1:]  # two pixels, one over the other
    assert deep.sum() >= 8


@pytest.mark.parametrize("kind", ["tool button", "pressed button", "primary button"])
def test_the_ring_of_a_button_differs_from_the_button_and_from_the_ground(
    qtbot: QtBot, chrome: Chrome, kind: str
) -> None:
    control = shown(qtbot, KINDS[kind])
    row, usual = pixels(control)[20, :20], pixels(control)[20, 10]
    control.setFocus(Qt.FocusReason.TabFocusReason)
    ringed = pixels(control)[20, :20]
    ring, beside, button = (QColor(int(colour) & 0xFFFFFF).name() for colour in ringed[[1, 2, 10]])
    assert button == QColor(int(usual) & 0xFFFFFF).name()
    assert all(contrast(ring, other) >= 3 for other in (beside, button, chrome.window))
    assert (ringed != row).sum() >= (2 if kind == "tool button" else 3), "a pressed one has a gap, too"


@pytest.mark.parametrize("kind", ["list box", "whole number", "number", "line"])
def test_a_field_that_can_be_used_does_not_look_disabled(qtbot: QtBot, chrome: Chrome, kind: str) -> None:
    control = shown(qtbot, KINDS[kind])
    usable = pixels(control)
    control.setEnabled(False)
    disabled = pixels(control)

    assert of_colour(usable, chrome.outline).sum() > 150
    assert of_colour(usable, chrome.surface).sum() > 2000
    assert not of_colour(disabled, chrome.outline).any()
    assert not of_colour(disabled, chrome.surface).any()


@pytest.mark.parametrize("kind", ["tool button", "push button", "primary button", "list box", "check box"])
def test_what_the_pointer_is_over_looks_otherwise(qtbot: QtBot, chrome: Chrome, kind: str) -> None:
    control = shown(qtbot, KINDS[kind])
    calm = pixels(control)
    control.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert (pixels(control) != calm).sum() > 30


def test_a_button_that_is_pressed_is_darker_than_one_under_the_pointer(qtbot: QtBot, chrome: Chrome) -> None:
    control = shown(qtbot, tool_button)
    assert isinstance(control, QToolButton)
    control.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    over = pixels(control)[5, 5]
    control.setDown(True)
    assert pixels(control)[5, 5] != over


def test_only_the_button_that_counts_most_is_filled(qtbot: QtBot, chrome: Chrome) -> None:
    picture = pixels(shown(qtbot, primary_button))
    assert of_colour(picture, chrome.accent).sum() > 2500
    assert of_colour(picture, "#FFFFFF").any()  # its words
    assert not of_colour(pixels(shown(qtbot, tool_button)), chrome.accent).any()


def test_the_icon_of_the_filled_button_is_white_too(qtbot: QtBot, chrome: Chrome) -> None:
    button = shown(qtbot, primary_button)
    assert isinstance(button, QToolButton)
    button.setIcon(icon("train", "#123456", "#888888"))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    picture = pixels(button)
    assert of_colour(picture, "#FFFFFF").sum() > 20
    assert not of_colour(picture, "#123456").any()


def test_the_arrow_of_a_menu_stands_beside_the_words(qtbot: QtBot, chrome: Chrome) -> None:
    button = tool_button()
    qtbot.addWidget(button)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    narrow = button.sizeHint().width()
    button.setMenu(QMenu(button))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    assert button.sizeHint().width() >= narrow + 12


def test_surfaces_are_flat(qtbot: QtBot, chrome: Chrome) -> None:
    for kind in ("tool button", "push button", "list box"):
        picture = pixels(shown(qtbot, KINDS[kind]))
        column = picture[4:-4, 80 if kind == "list box" else 8]
        assert len(set(column.tolist())) == 1, kind


def test_a_chosen_row_is_tinted_with_a_bar_before_it(qtbot: QtBot, chrome: Chrome) -> None:
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    tree.setColumnCount(2)
    tree.setRootIsDecorated(False)
    tree.setHeaderHidden(True)
    rows = [QTreeWidgetItem(["Blue", "150"]), QTreeWidgetItem(["Orange", "150"])]
    tree.addTopLevelItems(rows)
    tree.setCurrentItem(rows[0])
    picture = pixels(tree.viewport())
    assert of_colour(picture, chrome.chosen).sum() > 1000
    bar = of_colour(picture, chrome.ring)
    assert set(np.flatnonzero(bar.any(axis=0)).tolist()) == {0, 1, 2}


@pytest.mark.parametrize("mark", list(QMessageBox.Icon)[1:])
def test_boxes_have_icons_of_our_own_in_colours_of_the_theme(
    qtbot: QtBot, chrome: Chrome, mark: QMessageBox.Icon
) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setIcon(mark)
    picture = pixels(box.iconPixmap())
    wanted = chrome.warning if mark in (QMessageBox.Icon.Warning, QMessageBox.Icon.Critical) else chrome.ink
    opaque = picture >> 24 == 255
    assert opaque.any()
    assert of_colour(picture, wanted)[opaque].all()


def test_a_theme_that_changes_recolours_every_control(qtbot: QtBot, qapp: QApplication, chrome: Chrome) -> None:
    control = shown(qtbot, combo_box)
    other = DARK if chrome is LIGHT else LIGHT
    apply_theme(qapp, Theme.DARK if other is DARK else Theme.LIGHT)
    qapp.processEvents()
    picture = pixels(control)
    assert of_colour(picture, other.outline).any()
    assert not of_colour(picture, chrome.outline).any()


def test_an_icon_of_a_disabled_button_is_fainter() -> None:
    made = icon("train", "#FF0000", "#0000FF")
    assert of_colour(pixels(made.pixmap(24, 24, QIcon.Mode.Disabled)), QColor("#0000FF").name()).any()


def test_ticks_and_arrows_are_as_large_as_the_letters(qtbot: QtBot) -> None:
    sides, arrows = [], []
    for pixels_high in (12, 24):
        window = QWidget()
        qtbot.addWidget(window)
        font = window.font()
        font.setPixelSize(pixels_high)
        window.setFont(font)
        tick, box = QCheckBox(window), combo_box()
        box.setParent(window)
        tick.adjustSize()
        box.adjustSize()
        tick.setChecked(True)
        sides.append(int(of_colour(pixels(tick), LIGHT.accent).any(axis=1).sum()))
        arrows.append(int((pixels(box)[:, -16:-5] != pixels(box)[box.height() // 4, -5]).any(axis=1)[3:-3].sum()))
    assert sides[1] >= 1.6 * sides[0]
    assert arrows[1] > arrows[0]


@pytest.mark.parametrize("stock", list(OWN_ICONS))
def test_dialogs_have_icons_of_our_own(qtbot: QtBot, chrome: Chrome, stock: QStyle.StandardPixmap) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    picture = pixels(widget.style().standardIcon(stock, None, widget).pixmap(32, 32))
    opaque = picture >> 24 == 255
    assert opaque.any()
    assert (of_colour(picture, chrome.ink) | of_colour(picture, chrome.warning))[opaque].all()
