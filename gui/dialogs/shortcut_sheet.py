"""All keys on one page."""

# Tests: tests/gui/dialogs/test_dialogs.py, tests/gui/test_actions.py

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from gui.actions import CLASSES, TABLE, class_action
from gui.text.language import say
from gui.widgets.boxes import without_icons


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


def shortcut_sheet(actions: dict[str, QAction]) -> str:
    """All shortcuts and what the mouse does, as rich text."""
    mouse = (
        (say("Left button"), say("draw with the tool")),
        (say("Right button, or the other end of a pen"), say("erase")),
        (say("Right button on empty ground, Menu key, Shift+F10"), say("menu of the plane")),
        (say("Alt and left button"), say("with any tool: look at a place; on a pin, move or remove it")),
        (say("Delete over a pin"), say("remove it")),
        (say("Wheel, or two fingers"), say("zoom at the pointer; two fingers move the plane, too")),
        (say("Ctrl and wheel"), say("size of the tool")),
        (say("Middle button, or Space held and left button"), say("move the plane")),
        (say("Cursor keys"), say("move the selected points, or a crosshair; with Shift farther")),
        (say("Enter"), say("use the tool at the crosshair; in a field, confirm and go to the plane")),
        (
            say("Esc"),
            say("cancel the stroke, hide the crosshair, select nothing; in a field, undo and go to the plane"),
        ),
        (say("Double click on a class"), say("rename it")),
    )
    rows = list(mouse)
    for row in TABLE:
        known = actions[row.name].shortcuts()[: len(row.shortcuts)]  # what else the platform has, it teaches itself
        shortcuts = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in known]
        keys = (
            say("{key} or {other}", key=shortcuts[0], other=shortcuts[1]) if len(shortcuts) == 2 else "".join(shortcuts)
        )
        if row.name == class_action(0):
            rows.append(("1 … 9, 0", say("choose the class")))
        elif keys and row.name not in CLASSES:
            rows.append((keys, say(row.tip)))
    cells = "".join(f"<tr><td><b>{keys}</b></td><td>{what}</td></tr>" for keys, what in rows)
    return f"<table cellpadding='3'>{cells}</table>"
