"""The actions that are about the program, not about the experiment: help, preferences, the window."""

# Tests: tests/gui/dialogs/test_dialogs.py

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QWhatsThis, QWidget

from gui.actions import Action
from gui.dialogs.about import show_about
from gui.dialogs.first_steps import FirstSteps
from gui.dialogs.history import show_history
from gui.dialogs.palette import show_palette
from gui.dialogs.preferences_dialog import show_preferences
from gui.dialogs.problem import open_log_folder, show_report
from gui.dialogs.reveal import Reveal
from gui.dialogs.shortcut_sheet import show_shortcuts
from gui.editing.session import Session
from gui.text.names import lane_titles


class ProgramActions(QObject):
    """Lets the actions do what they say.

    Args:
        window: that they are of.
        session: whose history and lanes are told.
        actions: by the names of the table.
    """

    def __init__(self, window: QMainWindow, session: Session, actions: dict[str, QAction]) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        connections: dict[str, Callable[[], object]] = {
            Action.CLOSE: window.close,
            Action.QUIT: window.close,
            Action.HISTORY: partial(show_history, window, session.undo_stack, actions[Action.HISTORY]),
            Action.PREFERENCES: partial(show_preferences, window, actions),
            Action.FIRST_STEPS: partial(FirstSteps.show_in, window),
            Action.PALETTE: partial(show_palette, window, actions),
            Action.WHATS_THIS: partial(begin_to_explain, window),
            Action.SHORTCUTS: partial(show_shortcuts, window, actions),
            Action.LOG_FOLDER: partial(open_log_folder, window),
            Action.REPORT: partial(show_report, window),
            Action.ABOUT_QT: QApplication.aboutQt,
            Action.ABOUT: self._show_about,
        }
        for name, do in connections.items():
            actions[name].triggered.connect(lambda _checked=False, do=do: do())
        Reveal(window, session, actions[Action.REVEAL_TEST])

    def _show_about(self) -> None:
        titles = lane_titles(self._session.experiment.lanes)
        show_about(self._window, titles, self._session.snapshot.lanes)


def begin_to_explain(window: QWidget) -> None:
    """Explain the control that has the focus, or the one that is clicked next, by its tip of now."""
    for widget in window.findChildren(QWidget):
        widget.setWhatsThis(widget.toolTip() or widget.accessibleDescription() or widget.statusTip())
    focus = QApplication.focusWidget()
    if focus is not None and focus.objectName() != "canvas" and focus.whatsThis():
        QWhatsThis.showText(focus.mapToGlobal(focus.rect().center()), focus.whatsThis(), focus)
    else:
        QWhatsThis.enterWhatsThisMode()
