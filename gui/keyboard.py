"""Keys of the whole window: whose a key is, where the focus goes on, and Latin shortcuts on every layout."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QWidget,
)
from shiboken6 import isValid

from gui.actions import Action
from gui.widgets.keys import is_space

Key, Modifier = Qt.Key, Qt.KeyboardModifier
COMMANDS = Modifier.ControlModifier | Modifier.AltModifier | Modifier.MetaModifier
SCROLLING = (Key.Key_Home, Key.Key_End, Key.Key_PageUp, Key.Key_PageDown)
OPENING = (Key.Key_Up, Key.Key_Down)  # with Alt, a list of choices
ROWS = {0x02: "1234567890-=", 0x10: "QWERTYUIOP[]", 0x1E: "ASDFGHJKL;'`", 0x2B: "\\ZXCVBNM,./"}
PHYSICAL = {first + index: character for first, row in ROWS.items() for index, character in enumerate(row)}
"""The places of Latin characters on the keyboard, by the scan codes of a PC, which evdev and Windows use too."""
OFFSETS = {"xcb": 8, "wayland": 8, "windows": 0}  # of a platform's scan codes
PERSIAN = dict(zip("ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", "QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,", strict=True))
REGIONS = ("run_bar", "settings", "tool_strip", "canvas", "deck")
"""The parts of the window by their object names, in the order of F6."""
TOLD_AS_POPUP = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class Keyboard(QObject):
    """Watches the keys that no widget of a window has used.

    - A click on what takes no text gives the keys back to the plane.
    - The space bar presses the button that has the focus, moves the plane under the pointer, and trains elsewhere.
    - In lists of choices letters search, in lists and sliders Home and the like scroll.
    - Esc goes to the plane from everywhere, Enter from a field; Tab goes on from the field that was left so.
    - F6 and Shift+F6 go round the parts of the window. Digits choose a class on the plane only.
    - Where the layout has no Latin letters, the physical key counts; so it does in menus and, with Alt, in dialogs.
    - In the window of a view keys are whose they are in the main window, where there are the same actions.

    Args:
        window: whose keys these are.
        plane: where single keys work.
        actions: whose shortcuts are found on every layout, by name.
    """

    def __init__(self, window: QMainWindow, plane: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__(window)
        self._window, self._plane, self._actions = window, plane, list(actions.values())
        self._train = actions[Action.TRAIN]
        self._regions = Regions(window)
        for name, by in ((Action.NEXT_REGION, 1), (Action.PREVIOUS_REGION, -1)):
            actions[name].triggered.connect(lambda _checked=False, by=by: self._regions.go(by))
        self._left: QWidget | None = None  # the field from which Enter or Esc went to the plane
        window.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for clicks on all that does not take the focus itself
        for watched in (window, plane, *window.findChildren(QMenu)):
            watched.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Watch what has the focus, in whatever window: it would take a letter for text even with Alt."""
        if before is not None and isValid(before) and before not in (self._window, self._plane):
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)
            self._regions.note(now)
            if (window := now.window()) is not self._window and self._is_ours(window):
                window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and self._find_mnemonic(watched, event)
        ):
            return True
        if watched is self._plane:
            self._watch_plane(event)
        elif watched is self._window and event.type() == QEvent.Type.FocusIn:
            self._plane.setFocus(Qt.FocusReason.MouseFocusReason)  # a proxy would cut the chain of the Tab key
        elif self._is_ours(watched) and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                return self._keep(event)
            if event.type() == QEvent.Type.KeyPress:
                return (watched is self._window and self._leave_field(event)) or self._find_latin(event)
        return False

    def _is_ours(self, watched: QObject) -> bool:
        """True of the window, and of those that have its actions, too, as those of views."""
        if watched is self._window:
            return True
        return isinstance(watched, QWidget) and watched.isWindow() and self._train in watched.actions()

    def _watch_plane(self, event: QEvent) -> None:
        """Let the Tab key go on from the field that was left; forget it once the focus is elsewhere."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in TOLD_AS_POPUP:
            self._left = None
        tabs = isinstance(event, QKeyEvent) and event.key() in (Key.Key_Tab, Key.Key_Backtab)
        if tabs and event.type() == QEvent.Type.KeyPress and self._left is not None and isValid(self._left):
            self._left.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self, event: QKeyEvent) -> bool:
        """True if a key that is a shortcut elsewhere belongs to the widget that has the focus."""
        focus = QApplication.focusWidget()
        kept = focus is not None and (is_of_widget(event, focus) or (focus is not self._plane and is_digit(event)))
        if is_space(event) and not kept and self._plane.underMouse() and self._plane.isActiveWindow():
            self._plane.setFocus(Qt.FocusReason.OtherFocusReason)  # it may be held to move the plane
            kept = True
        if kept:
            event.accept()
        return kept

    def _leave_field(self, event: QKeyEvent) -> bool:
        focus = QApplication.focusWidget()
        enters = event.key() in (Key.Key_Return, Key.Key_Enter) and not isinstance(focus, QAbstractButton)
        if focus is None or focus is self._plane or not (enters or event.key() == Key.Key_Escape):
            return False
        self._plane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._left = focus
        return True

    def _find_mnemonic(self, watched: QObject, event: QKeyEvent) -> bool:
        """Do what the underlined letter on the same physical key stands for, in a menu, a dialog or the window."""
        if isinstance(watched, QMenu):
            return press_latin(watched, event)
        key, window = latin_key(event), watched.window() if isinstance(watched, QWidget) else None
        if key is None or window is None:
            return False
        if event.modifiers() != Modifier.AltModifier:  # a box of buttons alone needs no Alt
            is_answer = isinstance(window, QMessageBox) and isinstance(watched, QAbstractButton)
            return is_answer and press_latin(window, event)
        return self._find_latin(event) if self._is_ours(window) else press_mnemonic(window, Modifier.AltModifier | key)

    def _find_latin(self, event: QKeyEvent) -> bool:
        """Do what the Latin character on the same physical key would have done."""
        key, modifiers = latin_key(event), event.modifiers() & (COMMANDS | Modifier.ShiftModifier)
        focus = QApplication.focusWidget() or QApplication.activeWindow()
        if key is None or focus is None:
            return False
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            latin = QKeyEvent(kind, key, modifiers)
            latin.ignore()
            QApplication.sendEvent(focus, latin)
            if not latin.isAccepted():
                break
        else:
            return True
        sequence, window = QKeySequence(latin.keyCombination()), focus.window()
        for action in self._actions if window is self._window else window.actions():
            if sequence in action.shortcuts():
                action.trigger()
                return True
        if window is not self._window:
            return False
        for menu in self._window.menuBar().actions():
            if QKeySequence.mnemonic(menu.text()) == sequence:
                self._window.menuBar().setActiveAction(menu)
                return True
        return press_mnemonic(self._window, latin.keyCombination())


class Regions:
    """The parts of a window that F6 goes round, each with the widget that had the keys there last.

    Args:
        window: whose parts are found by their object names, whatever holds them.
    """

    def __init__(self, window: QWidget) -> None:
        self._window, self._last = window, dict[str, QWidget]()

    def note(self, focus: QWidget) -> None:
        """Remember a widget that has the keys now, to come back to it."""
        name = region_of(focus)
        if name:
            self._last[name] = focus

    def go(self, by: int) -> None:
        """Go to the next region that is seen and can take the keys, or the one before."""
        focus = self._window.focusWidget()
        now = region_of(focus) if focus is not None else ""
        start = REGIONS.index(now) if now else -max(0, by)
        for step in range(1, len(REGIONS) + 1):
            target = self._target(REGIONS[(start + by * step) % len(REGIONS)])
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _target(self, name: str) -> QWidget | None:
        """The widget of a region that gets the keys: the one that had them, else the first; None if there is none."""
        region, last = self._window.findChild(QWidget, name), self._last.get(name)
        if region is None:
            return None
        had = [last] if last is not None and isValid(last) else []
        parts = (*had, region, *region.findChildren(QWidget))
        return next((part for part in parts if can_take_keys(part) and region_of(part) == name), None)


def region_of(widget: QWidget) -> str:
    """The innermost part of the window that a widget is in; "" if it is in none."""
    part: QWidget | None = widget
    while part is not None and part.objectName() not in REGIONS:
        part = part.parentWidget()
    return "" if part is None else part.objectName()


def can_take_keys(widget: QWidget) -> bool:
    """True if the Tab key would stop there."""
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def is_digit(event: QKeyEvent) -> bool:
    """True if a key is a digit alone, of the row of digits or of the number pad."""
    return Key.Key_0 <= event.key() <= Key.Key_9 and not event.modifiers() & COMMANDS


def is_of_widget(event: QKeyEvent, focus: QWidget) -> bool:
    """True if a widget that takes no text needs a key itself."""
    if isinstance(focus, QAbstractButton):
        return is_space(event)
    if not isinstance(focus, QComboBox | QAbstractItemView | QAbstractSlider):
        return False
    if event.modifiers() & COMMANDS:
        is_alt = event.modifiers() == Modifier.AltModifier
        return isinstance(focus, QComboBox) and is_alt and event.key() in OPENING
    searches = not isinstance(focus, QAbstractSlider) and event.text().isprintable() and bool(event.text().strip())
    return searches or event.key() in SCROLLING or (isinstance(focus, QComboBox) and event.key() == Key.Key_F4)


def press_latin(widget: QWidget, event: QKeyEvent) -> bool:
    """Give a widget the Latin letter of the same physical key instead; whether there is one."""
    if (key := latin_key(event)) is None:
        return False
    QApplication.sendEvent(widget, QKeyEvent(event.type(), key, event.modifiers(), chr(key).lower()))
    return True


def press_mnemonic(window: QWidget, keys: QKeyCombination) -> bool:
    """Press the button, or go to the field, whose underlined letter that is; whether there is one."""
    for part in window.findChildren(QWidget):
        if not isinstance(part, QAbstractButton | QLabel) or part.window() is not window or not part.isVisible():
            continue
        target = part.buddy() if isinstance(part, QLabel) else part
        if target is None or not target.isEnabled() or QKeySequence.mnemonic(part.text()) != QKeySequence(keys):
            continue
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(part, QAbstractButton):
            part.click()
        return True
    return False


def latin_key(event: QKeyEvent, platform: str | None = None) -> Qt.Key | None:
    """The key of the Latin character on the same place of the keyboard; None for a key that is Latin itself.

    Digits of whatever script are the digits that they are, wherever they lie.

    Args:
        event: of a key.
        platform: by whose scan codes; Qt's, if not given.
    """
    key = event.key()
    if not 0x7F < key <= sys.maxunicode or unicodedata.name(chr(key), "").startswith("LATIN"):
        return None
    if (digit := unicodedata.decimal(chr(key), None)) is not None:
        return Key(ord(str(digit)))
    offset, code = OFFSETS.get(platform or QGuiApplication.platformName()), event.nativeScanCode()
    # a key on a screen or from afar may have no place; then its letter has to do
    character = PHYSICAL.get(code - offset) if code and offset is not None else PERSIAN.get(chr(key))
    return Key(ord(character)) if character else None
