from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QColor, QPalette
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
        assert further.accessibleName() == further.toolTip() == "Further tools"
    finally:
        qapp.setPalette(palette)
