from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gui.canvas.tool_strip import ToolStrip
from gui.drawing.tools import Tool
from gui.paint.theme import Theme, apply_theme
from tests.gui.pictures import pixels


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of a colour of 0 to 1 (WCAG 2.2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(further: QToolButton) -> float:
    """The ratio of the lightest pixel to the darkest; 21 is black on white."""
    colours = [QColor(int(pixel)) for pixel in np.unique(pixels(further))]
    found = [luminance(colour.redF(), colour.greenF(), colour.blueF()) for colour in colours]
    return (max(found) + 0.05) / (min(found) + 0.05)


@pytest.mark.parametrize("themes", [[theme] for theme in (Theme.LIGHT, Theme.DARK)]
    + [[*both, both[0]] for both in permutations((Theme.LIGHT, Theme.DARK))], ids=" to ".join)  # fmt: skip
def test_the_button_of_the_tools_that_do_not_fit_is_seen_in_each_theme_and_after_a_switch(
    themes: list[Theme], qtbot: QtBot, qapp: QApplication
) -> None:
    palette = qapp.palette()
    try:
        apply_theme(qapp, themes[0])
        strip = ToolStrip({tool: QAction(tool.value) for tool in Tool})
        qtbot.addWidget(strip)
        strip.resize(32, 200)
        strip.show()
        further = strip.findChild(QToolButton, "qt_toolbar_ext_button")
        assert isinstance(further, QToolButton)
        qtbot.waitUntil(further.isVisible)
        for theme in themes:
            apply_theme(qapp, theme)
            QCoreApplication.processEvents()
            strip.resize(32, strip.height() + 1)  # has it laid out, where Qt sets its icon
            QCoreApplication.processEvents()
            ground = further.palette().color(QPalette.ColorRole.Window)
            assert (ground.lightness() < 127) is (theme is Theme.DARK)
            assert contrast(further) > 4.5
        assert further.accessibleName() == "Further tools"
        assert further.toolTip() == "<p>Further tools</p>"
    finally:
        qapp.setPalette(palette)


def strip_of(qtbot: QtBot, height: int) -> tuple[ToolStrip, dict[str, QAction]]:
    """A strip that is seen, with the brush in hand."""
    actions: dict[str, QAction] = {tool: QAction(tool.value) for tool in Tool}
    for action in actions.values():
        action.setCheckable(True)
    actions[Tool.BRUSH].setChecked(True)
    strip = ToolStrip(actions)
    qtbot.addWidget(strip)
    strip.resize(40, height)
    strip.show()
    strip.activateWindow()
    QTest.qWaitForWindowActive(strip)
    return strip, actions


def tab_stops(strip: ToolStrip) -> list[str]:
    buttons = strip.findChildren(QToolButton)
    return [button.objectName() for button in buttons if button.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_the_tab_key_stops_once_at_the_tool_in_hand_and_arrows_go_round(qtbot: QtBot) -> None:
    strip, actions = strip_of(qtbot, 900)
    assert tab_stops(strip) == ["brush_button"]
    brush = strip.widgetForAction(actions[Tool.BRUSH])
    brush.setFocus()
    for key, name in (
        (Qt.Key.Key_Down, "spray_button"),
        (Qt.Key.Key_Up, "brush_button"),
        (Qt.Key.Key_Left, "point_button"),
        (Qt.Key.Key_Up, "spiral_button"),
        (Qt.Key.Key_Right, "point_button"),
        (Qt.Key.Key_End, "spiral_button"),
        (Qt.Key.Key_Home, "point_button"),
    ):
        QTest.keyClick(strip.windowHandle(), key)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.objectName() == name
        assert tab_stops(strip) == [name]
    assert actions[Tool.BRUSH].isChecked()  # arrows only look
    QTest.keyClick(strip.windowHandle(), Qt.Key.Key_Space)
    assert actions[Tool.POINT].isChecked()


def test_when_the_keys_are_elsewhere_the_stop_is_the_tool_in_hand_again(qtbot: QtBot) -> None:
    strip, actions = strip_of(qtbot, 900)
    strip.widgetForAction(actions[Tool.BRUSH]).setFocus()
    QTest.keyClick(strip.windowHandle(), Qt.Key.Key_Down)
    assert tab_stops(strip) == ["spray_button"]
    strip.setFocus()
    assert tab_stops(strip) == ["brush_button"]
    actions[Tool.BRUSH].setChecked(False)
    actions[Tool.ARC].setChecked(True)
    assert tab_stops(strip) == ["arc_button"]


def test_a_tool_that_has_no_room_leaves_the_stop_to_the_button_of_the_others(qtbot: QtBot) -> None:
    strip, actions = strip_of(qtbot, 200)
    actions[Tool.BRUSH].setChecked(False)
    actions[Tool.SPIRAL].setChecked(True)
    assert tab_stops(strip) == ["qt_toolbar_ext_button"]
    strip.resize(40, 900)
    assert tab_stops(strip) == ["spiral_button"]
