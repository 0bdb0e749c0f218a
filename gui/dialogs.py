"""Dialogs that tell about the program; none of them stops training."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTextBrowser,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from engine.version import VERSION
from gui.actions import shortcut_sheet
from gui.text.language import say
from gui.widgets.boxes import text_box, without_icons


def show_shortcuts(parent: QWidget, actions: dict[str, QAction]) -> None:
    """All keys on one page, which scrolls on a small screen."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say("Keys and Mouse"))
    sheet = QTextBrowser()
    sheet.setAccessibleName(say("Keys and mouse"))
    sheet.setHtml(shortcut_sheet(actions))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    without_icons(buttons)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(sheet)
    column.addWidget(buttons)
    dialog.resize(680, 600)
    dialog.open()


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


def show_about(parent: QWidget) -> None:
    """Versions and licence."""
    text = say(
        "<h3>Marz {version}</h3><p>A visual trainer for neural-network classification.<br><i>Marz</i> is "
        "Persian for <i>boundary</i>. MIT licence.</p><p>Python {python_version} · Qt for Python "
        "{qt_version} · {platform}</p>",
        version=VERSION,
        python_version=platform.python_version(),
        qt_version=PySide6.__version__,
        platform=platform.platform(),
    )
    text_box(parent, say("About Marz"), text, Qt.TextFormat.RichText).open()
