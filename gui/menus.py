"""Actions and menus, made of the table of actions."""

# Tests: tests/gui/test_actions.py

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import SIGNAL, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolButton

from gui.actions import TABLE, Action, ActionRow, Menu
from gui.text.language import say
from gui.widgets.tips import action_tip

Standard = QKeySequence.StandardKey
STANDARD: dict[str, Standard] = {
    Action.NEW: Standard.New,
    Action.OPEN: Standard.Open,
    Action.SAVE: Standard.Save,
    Action.SAVE_AS: Standard.SaveAs,
    Action.CLOSE: Standard.Close,
    Action.QUIT: Standard.Quit,
    Action.UNDO: Standard.Undo,
    Action.REDO: Standard.Redo,
    Action.CUT: Standard.Cut,
    Action.COPY: Standard.Copy,
    Action.PASTE: Standard.Paste,
    Action.DELETE: Standard.Delete,
    Action.SELECT_ALL: Standard.SelectAll,
    Action.SELECT_NONE: Standard.Deselect,
    Action.PREFERENCES: Standard.Preferences,
    Action.ZOOM_IN: Standard.ZoomIn,
    Action.ZOOM_OUT: Standard.ZoomOut,
    Action.FULL_SCREEN: Standard.FullScreen,
    Action.WHATS_THIS: Standard.WhatsThis,
    Action.SHORTCUTS: Standard.HelpContents,
}
"""Actions with keys that the platform gives, beside those of the table, which are the same everywhere."""
REPEATED = (
    Action.UNDO,
    Action.REDO,
    Action.ZOOM_IN,
    Action.ZOOM_OUT,
    Action.LARGER_TEXT,
    Action.SMALLER_TEXT,
    Action.STEP,
    Action.CLASS_UP,
    Action.CLASS_DOWN,
    Action.LARGER,
    Action.SMALLER,
)
"""Actions that a held key does again and again."""


def make_actions(parent: QObject) -> dict[str, QAction]:
    """One QAction for each row of the table, by name."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for row in TABLE:
        action = QAction(say(row.text), parent)
        action.setObjectName(f"action_{row.name}")
        action.setAutoRepeat(row.name in REPEATED)
        action.setShortcuts(keys_of(row))
        action.setToolTip(action_tip(say(row.tip), action))
        action.setStatusTip(say(row.tip))
        action.changed.connect(partial(loosen_buttons, action))
        action.setCheckable(row.is_switch or bool(row.group))
        if row.group:
            groups.setdefault(row.group, QActionGroup(parent)).addAction(action)
        actions[row.name] = action
    return actions


def loosen_buttons(action: QAction) -> None:
    """Undo what the buttons of an action add to it.

    Qt 6.11's tool buttons connect to their action once more with each change of it, so that memory grows and each
    change takes longer than the one before. The connection is for actions that have menus, as none of these does.
    """
    for button in action.associatedObjects():
        if isinstance(button, QToolButton):
            QObject.disconnect(action, SIGNAL("changed()"), button, None)  # type: ignore[call-overload]


def keys_of(row: ActionRow) -> list[QKeySequence]:
    """The keys of an action: those of the table, and what else the platform has for it."""
    keys = [QKeySequence(shortcut) for shortcut in row.shortcuts]
    standard = QKeySequence.keyBindings(STANDARD[row.name]) if row.name in STANDARD else []
    return keys + [key for key in standard if key not in keys]


def fill_menus(bar: QMenuBar, actions: dict[str, QAction]) -> dict[Menu, QMenu]:
    """The menus of the table."""
    menus = {menu: bar.addMenu(say(menu.value)) for menu in Menu}
    inner: dict[str, QMenu] = {}
    for row in TABLE:
        menu = menus[row.menu]
        if row.submenu:
            menu = inner.get(row.submenu) or inner.setdefault(row.submenu, menu.addMenu(say(row.submenu)))
        if row.starts_section:
            menu.addSeparator()
        menu.addAction(actions[row.name])
    for menu in (*menus.values(), *inner.values()):
        menu.aboutToShow.connect(partial(underline, menu))  # entries come and go, and change their texts
        underline(menu)
    return menus


def underline(menu: QMenu) -> None:
    """Give every entry of a menu a letter of its own that chooses it; those that have one keep it."""
    entries = [entry for entry in menu.actions() if not entry.isSeparator() and entry.isVisible()]
    for entry, text in zip(entries, underlined([entry.text() for entry in entries]), strict=True):
        if text != entry.text():
            entry.setText(text)


def underlined(texts: Sequence[str]) -> list[str]:
    """Texts with a mark before a letter or digit of which no other has the mark, as far as there are enough."""
    letters, owners = [letters_of(text) for text in texts], dict[str, int]()

    def find(index: int, tried: set[str]) -> bool:
        """Find a letter for a text, and if need be other letters for those that have its letters."""
        for letter in sorted(letters[index], key=owners.__contains__):  # the free ones first
            if letter not in tried:
                tried.add(letter)
                if letter not in owners or find(owners[letter], tried):
                    owners[letter] = index
                    return True
        return False

    marked = [index for index, text in enumerate(texts) if "&" in text.replace("&&", "")]
    for index in [*marked, *(index for index in range(len(texts)) if index not in marked)]:
        find(index, set())
    chosen = {index: letter for letter, index in owners.items()}
    return [with_mark(text, chosen.get(index, "")) for index, text in enumerate(texts)]


def letters_of(text: str) -> dict[str, int]:
    """The letters and digits of a text that may have the mark, the best first, each with its place without the mark."""
    plain = unmarked(text)
    places = [place for place, letter in enumerate(plain) if letter.isalnum()]
    initials = [place for place in places if place == 0 or not plain[place - 1].isalnum()]
    marked = text.replace("&&", "\0\0").find("&")
    now = [marked - text[:marked].count("&&")] if marked >= 0 else []
    found: dict[str, int] = {}
    for place in (*now, *initials, *places):
        found.setdefault(plain[place].upper(), place)
    return found


def unmarked(text: str) -> str:
    """A text of an entry as it is read."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def with_mark(text: str, letter: str) -> str:
    """A text with the mark before that letter; without any if there is no letter."""
    plain, place = unmarked(text), letters_of(text).get(letter)
    parts = (plain,) if place is None else (plain[:place], plain[place:])
    return "&".join(part.replace("&", "&&") for part in parts)
