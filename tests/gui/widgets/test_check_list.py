from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.config import Optimizer
from gui.paint.theme import DARK, palette_of
from gui.text.names import NAMES
from gui.widgets.check_list import CheckList


def test_what_is_ticked_comes_in_the_order_of_the_list(qtbot: QtBot) -> None:
    box: CheckList[Optimizer] = CheckList("box", NAMES[Optimizer])
    qtbot.addWidget(box)
    assert box.ticked() == ()
    box.tick([Optimizer.ADAM, Optimizer.SGD])
    assert box.ticked() == (Optimizer.SGD, Optimizer.ADAM)
    box.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert box.ticked() == (Optimizer.ADAM,)
    assert isinstance(box.ticked()[0], Optimizer)


def test_an_empty_box_can_be_seen_in_the_dark(qtbot: QtBot) -> None:
    box: CheckList[Optimizer] = CheckList("box", NAMES[Optimizer])
    qtbot.addWidget(box)
    box.setPalette(palette_of(DARK))
    box.show()
    row = box.visualItemRect(box.item(0))
    picture = box.viewport().grab(row).toImage()
    base = palette_of(DARK).base().color().lightness()

    brightest = max(picture.pixelColor(x, picture.height() // 2).lightness() for x in range(14))
    assert brightest > base + 80
