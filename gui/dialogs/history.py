"""All changes by name."""

# Tests: tests/gui/dialogs/test_dialogs.py

from __future__ import annotations

from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QUndoView, QVBoxLayout, QWidget

from gui.text.language import say
from gui.widgets.boxes import dialog_beside


def show_history(parent: QWidget, stack: QUndoStack, action: QAction) -> None:
    """All changes by name; a click on one goes back or forth to it, as long as the action that shows it is enabled."""
    dialog = dialog_beside(parent, "history", say("History"))
    if dialog is None:
        return
    view = QUndoView(stack, dialog)
    view.setAccessibleName(say("Changes, the oldest first"))
    view.setEmptyLabel(say("As it was opened"))
    view.setToolTip(say("<p>A click takes back, or makes again, all changes up to this one.</p>"))
    action.enabledChanged.connect(view.setEnabled)
    column = QVBoxLayout(dialog)
    column.addWidget(view)
    dialog.resize(320, 420)
    dialog.show()
