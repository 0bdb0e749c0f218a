"""Where the window is and how its parts share the room: remembered, restored, reset."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from gui.preferences import Preferences


class Layout:
    """The geometry of a window and the states of its splitters.

    Args:
        window: whose geometry it is.
        splitters: by name, as they are at first.
        preferences: where they are remembered.
    """

    def __init__(self, window: QMainWindow, splitters: Mapping[str, QSplitter], preferences: Preferences) -> None:
        self._window, self._splitters, self._preferences = window, splitters, preferences
        self._first_states = {name: splitter.saveState() for name, splitter in splitters.items()}

    def save(self) -> None:
        """Remember it."""
        self._preferences.save_layout("window", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            self._preferences.save_layout(name, splitter.saveState())

    def restore(self) -> None:
        """As it was when it was remembered last; Qt brings a window back whose screen is gone."""
        restorers = {"window": self._window.restoreGeometry} | {
            name: splitter.restoreState for name, splitter in self._splitters.items()
        }
        for name, restore in restorers.items():
            state: QByteArray = self._preferences.layout(name)
            if not state.isEmpty() and (name != "window" or is_for_screens(bytes(state.data()))):
                restore(state)

    def reset(self) -> None:
        """As at first."""
        self._preferences.forget_layout()
        self._window.showNormal()
        self._window.setGeometry(first_geometry())
        for name, splitter in self._splitters.items():
            splitter.restoreState(self._first_states[name])


GEOMETRY = struct.Struct(">IHH4i4iiBBi4i")
"""As `QWidget.saveGeometry` writes it: a mark, two numbers of the version, the frame and the normal geometry by their
corners, the screen, maximized or full, the width of the screen, the geometry by its corners."""


def is_for_screens(state: bytes) -> bool:
    """Whether a geometry asks for no more than screens have; a damaged one may ask for millions of pixels."""
    if len(state) != GEOMETRY.size:
        return False
    numbers = GEOMETRY.unpack(state)
    corners = (numbers[3:7], numbers[7:11], numbers[15:19])
    room = QGuiApplication.primaryScreen().virtualGeometry().united(first_geometry())
    most = 2 * max(room.width(), room.height())
    return all(0 <= x2 - x1 < most and 0 <= y2 - y1 < most for x1, y1, x2, y2 in corners)


def first_geometry() -> QRect:
    """Most of the first screen, in its middle."""
    available = QGuiApplication.primaryScreen().availableGeometry()
    width, height = min(1600, int(available.width() * 0.94)), min(1000, int(available.height() * 0.9))
    result = QRect(0, 0, max(1000, width), max(640, height))
    result.moveCenter(available.center())
    result.moveTopLeft(result.topLeft() if available.contains(result.topLeft()) else available.topLeft())
    return result
