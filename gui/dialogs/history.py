"""All changes by name."""

# Tests: tests/gui/dialogs/test_dialogs.py

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QDialog, QUndoView, QVBoxLayout, QWidget

from gui.text.language import say


def show_history(parent: QWidget, stack: QUndoStack, action: QAction) -> None:
    """All changes by name; a click on one goes back or forth to it, as long as the action that shows it is enabled."""
    shown = parent.findChild(QDialog, "history")
    if shown is not None:
        shown.raise_()
        shown.activateWindow()
        return
    dialog = QDialog(parent)
    dialog.setObjectName("history")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say("History"))
    view = QUndoView(stack, dialog)
    view.setAccessibleName(say("Changes, the oldest first"))
    view.setEmptyLabel(say("As it was opened"))
    view.setToolTip(say("<p>A click takes back, or makes again, all changes up to this one.</p>"))
    action.enabledChanged.connect(view.setEnabled)
    column = QVBoxLayout(dialog)
    column.addWidget(view)
    dialog.resize(320, 420)
    dialog.show()
