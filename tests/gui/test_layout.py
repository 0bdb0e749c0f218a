"""Window and splitters come back as they were, and always onto a screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter
from pytestqt.qtbot import QtBot

from gui.layout import Layout, first_geometry
from gui.preferences import Preferences


class Window(QMainWindow):
    """A window with one splitter."""

    def __init__(self) -> None:
        super().__init__()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for _ in range(2):
            self.splitter.addWidget(QLabel())
        self.splitter.setSizes([300, 300])
        self.setCentralWidget(self.splitter)
        self.layout_ = Layout(self, {"body": self.splitter}, Preferences())


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


def test_the_first_geometry_is_on_the_screen_and_not_too_small() -> None:
    first = first_geometry()
    assert screen().contains(first.topLeft())
    assert first.width() >= 1000
    assert first.height() >= 640
