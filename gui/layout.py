"""The layout: where the window is and how its parts share the room, remembered, restored, reset."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QSplitter, QWidget

from gui.system.preferences import Preferences

FRAME, TITLE_BAR = 8, 40  # pixels that the system takes at most beside and above a window; unknown until it is shown
Turned = tuple[str, Qt.Orientation]  # a splitter by name, turned so
Place = tuple[str, str, Qt.Orientation]  # the occasion before that
ANY = ""  # every occasion on which nobody has moved a splitter


class Arranged(Protocol):
    """A part of a window that can be arranged in several ways."""

    def arrangement(self) -> str: ...
    def arrange(self, stored: str) -> None: ...


class Layout:
    """The geometry of a window and how its splitters share the room, apart for each way that they can be turned.

    For each occasion, such as a laboratory, a splitter that somebody has moved then is apart, too.

    Args:
        window: whose geometry it is.
        splitters: by name.
        first_sizes: how each splitter shares the room at first, for each way that it can be turned.
        preferences: where they are remembered.
        arranged: further parts, by name.
        occasions: by name.
    """

    def __init__(
        self,
        window: QWidget,
        splitters: Mapping[str, QSplitter],
        first_sizes: Mapping[Turned, Sequence[int]],
        preferences: Preferences,
        arranged: Mapping[str, Arranged] | None = None,
        occasions: Sequence[str] = (),
    ) -> None:
        self._window, self._splitters, self._preferences = window, splitters, preferences
        self._arranged, self._occasions, self._occasion = arranged or {}, occasions, ANY
        self._first_sizes = {(ANY, *place): list(sizes) for place, sizes in first_sizes.items()}
        self._sizes = dict(self._first_sizes)
        self._borrower: Callable[[], object] | None = None
        for name, splitter in splitters.items():
            splitter.splitterMoved.connect(partial(self._keep_apart, name))
        self._use_sizes()

    def use(self, occasion: str) -> None:
        """Share the room as on this occasion."""
        if occasion != self._occasion:
            for name in self._splitters:
                self.note(name)
            self._occasion = occasion
            self._use_sizes()

    def _place(self, name: str) -> Place:
        """The place at which the sizes of a splitter are noted now."""
        orientation = self._splitters[name].orientation()
        own = self._occasion, name, orientation
        return own if own in self._sizes else (ANY, name, orientation)

    def _keep_apart(self, name: str, *_: int) -> None:
        """Somebody has moved a splitter: on other occasions it stays where it was."""
        if self._borrower is None:
            self._sizes[self._occasion, name, self._splitters[name].orientation()] = self._splitters[name].sizes()

    def turn(self, name: str, orientation: Qt.Orientation) -> None:
        """Turn a splitter; its parts share the room as they did when it was turned so last."""
        splitter = self._splitters[name]
        if splitter.orientation() is not orientation:
            self.note(name)
            splitter.setOrientation(orientation)
            self.share(name)

    def note(self, name: str) -> None:
        """Note how the parts of a splitter share the room, if all of them are seen."""
        splitter = self._splitters[name]
        if self._borrower is None and splitter.isVisible() and all(splitter.sizes()):  # else nobody has shared the room
            self._sizes[self._place(name)] = splitter.sizes()

    def share(self, name: str) -> None:
        """Let the parts of a splitter share the room as noted."""
        splitter = self._splitters[name]
        if self._borrower is None:
            splitter.setSizes(self._sizes[self._place(name)])
        else:
            self._borrower()

    def lend(self, borrower: Callable[[], object] | None) -> None:
        """Let another share the room whenever that is to be done, and note nothing; with None all is as before that."""
        if borrower is not None:
            for name in self._splitters:
                self.note(name)
        self._borrower = borrower
        if borrower is None:
            self._use_sizes()

    def save(self) -> None:
        """Remember it."""
        self._preferences.save_layout("window", self._window.saveGeometry())
        for name in self._splitters:
            self.note(name)
        for place, sizes in self._sizes.items():
            self._preferences.save_layout(key_of(place), QByteArray(",".join(map(str, sizes)).encode()))
        for name, part in self._arranged.items():
            self._preferences.save_layout(name, QByteArray(part.arrangement().encode()))

    def restore(self) -> None:
        """As it was when it was remembered last; a window whose screen is gone or smaller now is brought onto one."""
        for name, part in self._arranged.items():
            part.arrange(bytes(self._preferences.layout(name).data()).decode("utf-8", errors="replace"))
        for (_, name, orientation), first in self._first_sizes.items():
            for place in ((occasion, name, orientation) for occasion in (ANY, *self._occasions)):
                stored = sizes_in(self._preferences.layout(key_of(place)).data())
                if len(stored) == len(first):
                    self._sizes[place] = stored
        self._use_sizes()
        restore_geometry(self._window, self._preferences.layout("window"))

    def reset(self) -> None:
        """As at first."""
        self._window.showNormal()
        self._window.setGeometry(first_geometry())
        for part in self._arranged.values():
            part.arrange("")
        self._sizes = dict(self._first_sizes)
        self._use_sizes()
        self._preferences.forget_layout()  # what was closed has remembered where it was

    def _use_sizes(self) -> None:
        for name in self._splitters:
            self.share(name)


GEOMETRY = struct.Struct(">IHH4i4iiBBi4i")
"""As `QWidget.saveGeometry` writes it: a mark, two numbers of the version, the frame and the normal geometry by their
corners, the screen, maximized or full, the width of the screen, the geometry by its corners."""


def is_for_screens(state: bytes) -> bool:
    """True if a geometry asks for no more than screens have; a damaged one may ask for millions of pixels."""
    if len(state) != GEOMETRY.size:
        return False
    numbers = GEOMETRY.unpack(state)
    corners = (numbers[3:7], numbers[7:11], numbers[15:19])
    room = QGuiApplication.primaryScreen().virtualGeometry().united(first_geometry())
    most = 2 * max(room.width(), room.height())
    return all(0 <= x2 - x1 < most and 0 <= y2 - y1 < most for x1, y1, x2, y2 in corners)


def key_of(place: Place) -> str:
    """The name under which the sizes of a splitter are remembered."""
    occasion, name, orientation = place
    words = (name, "side_by_side" if orientation is Qt.Orientation.Horizontal else "stacked", occasion)
    return "_".join(word for word in words if word)


def sizes_in(stored: object) -> list[int]:
    """Sizes as they were remembered; none if they cannot be read or nothing of them would be seen."""
    words = bytes(stored).split(b",") if isinstance(stored, bytes | bytearray | memoryview) else []
    sizes = [int(word) for word in words if word.isdigit() and len(word) <= 5]
    return sizes if len(sizes) == len(words) and any(sizes) else []


def restore_geometry(window: QWidget, geometry: QByteArray) -> None:
    """Give a window the geometry that was saved, if it is sound; if its screen is gone or smaller now, on another."""
    is_sound = is_for_screens(bytes(geometry.data()))
    if is_sound and window.restoreGeometry(geometry) and not is_whole_screen(window):
        window.setGeometry(brought_onto(window.screen(), window.geometry()))


def is_whole_screen(window: QWidget) -> bool:
    """True if the system gives the window its size."""
    return window.isMaximized() or window.isFullScreen()


def usable(available: QRect) -> QRect:
    """The part of a screen that a window may fill, its frame left out."""
    return available.adjusted(FRAME, TITLE_BAR, -FRAME, -FRAME)


def brought_onto(screen: QScreen, geometry: QRect) -> QRect:
    """A geometry moved, and if need be shrunk, so that all of the window is on the screen."""
    room = usable(screen.availableGeometry())
    result = QRect(geometry.topLeft(), geometry.size().boundedTo(room.size()))
    result.moveLeft(max(room.left(), min(result.left(), room.right() + 1 - result.width())))
    result.moveTop(max(room.top(), min(result.top(), room.bottom() + 1 - result.height())))
    return result


def first_geometry(available: QRect | None = None) -> QRect:
    """Most of the first screen, in its middle; all that is usable of a small one."""
    if available is None:
        available = QGuiApplication.primaryScreen().availableGeometry()
    room = usable(available)
    width = min(room.width(), max(1000, min(1600, int(available.width() * 0.94))))
    height = min(room.height(), max(640, min(1000, int(available.height() * 0.9))))
    result = QRect(0, 0, width, height)
    result.moveCenter(room.center())
    return result
