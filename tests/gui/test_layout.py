"""Window and splitters come back as they were, and always onto a screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter
from pytestqt.qtbot import QtBot

from gui.layout import FRAME, TITLE_BAR, Layout, brought_onto, first_geometry, sizes_in
from gui.system.preferences import Preferences

FIRST_SIZES = {("body", Qt.Orientation.Horizontal): (300, 300), ("body", Qt.Orientation.Vertical): (100, 500)}


class Window(QMainWindow):
    """A window with one splitter."""

    def __init__(self) -> None:
        super().__init__()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for _ in range(2):
            self.splitter.addWidget(QLabel())
        self.splitter.setSizes([300, 300])
        self.setCentralWidget(self.splitter)
        self.layout_ = Layout(self, {"body": self.splitter}, FIRST_SIZES, Preferences())


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    return shown(qtbot)


def shown(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.setGeometry(30, 40, 600, 400)
    made.show()
    return made


def screen() -> QRect:
    return QGuiApplication.primaryScreen().availableGeometry()


def test_what_was_saved_is_restored(qtbot: QtBot, window: Window) -> None:
    window.setGeometry(50, 60, 620, 410)
    window.splitter.setSizes([100, 500])
    sizes = window.splitter.sizes()
    window.layout_.save()
    other = shown(qtbot)
    other.layout_.restore()
    assert other.geometry() == QRect(50, 60, 620, 410)
    assert other.splitter.sizes() == sizes


def test_without_anything_saved_nothing_changes(window: Window) -> None:
    before = window.geometry()
    window.layout_.restore()
    assert window.geometry() == before


@pytest.mark.parametrize("place", [QPoint(5000, 100), QPoint(-3000, 100), QPoint(100, 4000), QPoint(100, -2000)])
def test_a_window_that_was_left_on_a_screen_that_is_gone_is_brought_back(
    qtbot: QtBot, window: Window, place: QPoint
) -> None:
    window.setGeometry(QRect(place, QSize(600, 400)))
    window.layout_.save()
    other = shown(qtbot)
    other.layout_.restore()
    assert screen().contains(other.frameGeometry().topLeft() + QPoint(60, 5))


def test_damaged_states_are_as_none(window: Window) -> None:
    before = (window.geometry(), window.splitter.sizes())
    for name in ("window", "body"):
        Preferences().save_layout(name, QByteArray(b"\x01\xd9\xd0\xcb damaged"))
    window.layout_.restore()
    assert (window.geometry(), window.splitter.sizes()) == before


def test_a_reset_is_as_at_first_and_forgets_the_rest(window: Window) -> None:
    window.splitter.setSizes([100, 500])
    window.layout_.save()
    window.showMaximized()
    window.layout_.reset()
    assert not window.isMaximized()
    assert window.geometry() == first_geometry()
    left, right = window.splitter.sizes()
    assert abs(left - right) <= 2
    assert Preferences().layout("window").isEmpty()


SCREENS = [(1920, 1080), (1366, 768), (1280, 720), (1093, 614), (1024, 576), (960, 540), (911, 512), (853, 480)]
"""Logical pixels of common screens at 100, 125, 150 and 200 %."""


@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_the_first_window_and_its_frame_are_on_the_screen_whatever_its_size(size: tuple[int, int]) -> None:
    available = QRect(10, 20, *size)
    first = first_geometry(available)
    assert available.contains(first.adjusted(-FRAME, -TITLE_BAR, FRAME, FRAME))
    assert first.width() >= min(1000, size[0] - 2 * FRAME)
    assert first.height() >= min(640, size[1] - TITLE_BAR - FRAME)


@pytest.mark.parametrize("left", [QRect(0, 0, 4000, 3000), QRect(700, 500, 790, 700), QRect(-300, -200, 400, 300)])
def test_a_window_that_was_left_on_a_larger_screen_is_all_on_this_one(left: QRect) -> None:
    found = brought_onto(QGuiApplication.primaryScreen(), left)
    assert screen().contains(found.adjusted(-FRAME, -TITLE_BAR, FRAME, FRAME))
    assert found.size() == left.size().boundedTo(found.size())


def test_a_splitter_shares_the_room_as_it_did_when_it_was_turned_so_last(window: Window) -> None:
    window.splitter.setSizes([100, 500])
    side_by_side = window.splitter.sizes()
    window.layout_.turn("body", Qt.Orientation.Vertical)
    first_stacked = window.splitter.sizes()
    assert first_stacked[1] > 3 * first_stacked[0]
    window.splitter.setSizes([300, 100])
    stacked = window.splitter.sizes()
    window.layout_.turn("body", Qt.Orientation.Horizontal)
    assert window.splitter.sizes() == side_by_side
    window.layout_.turn("body", Qt.Orientation.Vertical)
    assert window.splitter.sizes() == stacked


def test_what_was_saved_one_way_is_no_matter_for_the_other(qtbot: QtBot, window: Window) -> None:
    window.layout_.turn("body", Qt.Orientation.Vertical)
    window.layout_.save()
    other = shown(qtbot)
    other.layout_.restore()
    left, right = other.splitter.sizes()
    assert other.splitter.orientation() is Qt.Orientation.Horizontal
    assert abs(left - right) <= 2


@pytest.mark.parametrize("stored", [b"", b"1", b"1,2,3", b"a,b", b"-5,7", b"0,0", b"999999999,1", b"\xff,1", None, 5])
def test_sizes_that_cannot_be_are_none(stored: object) -> None:
    assert len(sizes_in(stored)) != 2


def test_sizes_are_read_as_they_were_written() -> None:
    assert sizes_in(b"0,512") == [0, 512]
