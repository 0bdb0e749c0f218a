"""What the program relies on in PySide6 itself: some versions lose references and end the process after a while."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPixmap

pytestmark = pytest.mark.usefixtures("qapp")
ROUNDS = 1000


class Talker(QObject):
    happened = Signal()
    counted = Signal(int)
    told = Signal(object)

    @Slot()
    def hear(self) -> None:
        pass

    @Slot(object)
    def hear_of(self, thing: object) -> None:
        pass


def references() -> tuple[int, int, int]:
    return sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)


def assert_kept(before: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    """Some come and go with what the test itself holds; one a call would be a thousand."""
    for old, new in zip(before, after, strict=True):
        assert abs(new - old) < ROUNDS / 10


def test_a_thousand_painter_calls_lose_no_reference() -> None:
    pixmap = QPixmap(40, 40)
    pixmap.fill(Qt.GlobalColor.white)
    picture = QPixmap(5, 5)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(pixmap)
    before = references()
    for _ in range(ROUNDS):
        painter.setPen(QColor("#123456"))
        painter.drawLine(QPointF(0, 0), QPointF(9, 9))
        painter.drawPixmap(QPointF(3, 3), picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    after = references()
    painter.end()
    assert_kept(before, after)


def test_a_thousand_signals_lose_no_reference() -> None:
    talker = Talker()
    talker.happened.connect(talker.hear)
    talker.counted.connect(talker.hear_of)
    talker.told.connect(talker.hear_of)
    before = references()
    for number in range(ROUNDS):
        talker.happened.emit()
        talker.counted.emit(number)
        talker.told.emit(None)
        talker.told.emit(True)
        talker.blockSignals(False)
    assert_kept(before, references())


def test_a_signal_of_objects_hands_over_the_object_itself() -> None:
    heard: list[object] = []
    talker = Talker()
    talker.told.connect(heard.append)
    thing = {"a": [1]}
    talker.told.emit(thing)
    assert heard[0] is thing
