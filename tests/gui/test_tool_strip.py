from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gui.theme import Theme, apply_theme
from gui.tool_strip import ToolStrip
from gui.tools import Tool
from tests.gui.pictures import pixels


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_the_button_of_the_tools_that_do_not_fit_is_drawn_in_the_ink_of_the_theme(
    theme: Theme, qtbot: QtBot, qapp: QApplication
) -> None:
    palette = qapp.palette()
    strip = ToolStrip({tool: QAction(tool.value) for tool in Tool})
    qtbot.addWidget(strip)
    try:
        apply_theme(qapp, Theme.LIGHT)
        strip.resize(32, 200)
        strip.show()
        further = strip.findChild(QToolButton, "qt_toolbar_ext_button")
        assert isinstance(further, QToolButton)
        qtbot.waitUntil(further.isVisible)
        apply_theme(qapp, theme)
        ink = strip.palette().color(QPalette.ColorRole.ButtonText)
        ground = strip.palette().color(QPalette.ColorRole.Window)
        wanted = abs(ink.lightness() - ground.lightness())
        qtbot.waitUntil(lambda: np.ptp(pixels(further) & 0xFF) > wanted / 2)
        assert further.accessibleName() == further.toolTip() == "Further tools"
    finally:
        qapp.setPalette(palette)
