"""The menu of the documents used last."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from gui.system.preferences import Preferences
from gui.text.language import say
from gui.text.words import shown, shown_path
from gui.widgets.tips import plain_tip


class RecentMenu(QMenu):
    """Filled when it is shown; documents that are gone cannot be chosen.

    Signals:
        chosen(str): the path of a document.
    """

    chosen = Signal(str)

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(say("Open &Recent"), parent)
        self._preferences = preferences
        self.aboutToShow.connect(self.fill)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Show what the preferences remember."""
        paths = self._preferences.recent_files
        self.clear()
        for number, path in enumerate(paths, start=1):
            text = f"{shown(Path(path).name, 60)} — {shown(str(Path(path).parent), 60)}".replace("&", "&&")
            action = self.addAction(f"&{number % 10}  {text}")
            action.setToolTip(plain_tip(shown_path(path)))
            action.setStatusTip(say("Open {file}", file=shown_path(path)))
            action.setEnabled(is_there(path))
            action.triggered.connect(partial(self._choose, path))
        if paths:
            self.addSeparator()
        clear = self.addAction(say("&Clear This List"))
        clear.setStatusTip(say("Forget which documents were used; the files stay"))
        clear.setEnabled(bool(paths))
        clear.triggered.connect(self._forget)

    def _choose(self, path: str, _checked: bool = False) -> None:
        self.chosen.emit(path)

    @Slot()
    def _forget(self) -> None:
        self._preferences.recent_files = []


def is_there(path: str) -> bool:
    """True if a document can be opened, as far as can be seen; one that cannot be looked at is not there."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
