"""What has colours of its own has those of the theme that is used."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.paint.recoloured import Recoloured


class Swatch(Recoloured, QLabel):
    """Shows the colour of its window in words."""

    def recolour(self) -> None:
        self.setText(self.palette().window().color().name())


def test_another_palette_is_followed_at_once(qtbot: QtBot) -> None:
    swatch = Swatch()
    qtbot.addWidget(swatch)
    palette = QPalette(swatch.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor("#123456"))
    swatch.setPalette(palette)

    assert swatch.text() == "#123456"


def test_nothing_else_is_taken_for_one(qtbot: QtBot) -> None:
    swatch = Swatch()
    qtbot.addWidget(swatch)
    swatch.setEnabled(False)

    assert swatch.text() == ""
