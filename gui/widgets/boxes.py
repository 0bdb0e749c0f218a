"""A sentence in a box."""

# Tests: tests/gui/dialogs/test_dialogs.py

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QAbstractButton, QDialog, QDialogButtonBox, QMessageBox, QPushButton, QWidget

from engine.errors import as_sentence
from engine.isolates import with_isolated_quotes
from gui.text.language import mark, say

QT_WORDS = (mark("OK"), mark("Cancel"), mark("Close"), mark("&OK"), mark("&Cancel"), mark("&Close"))
"""The words of Qt's own buttons, with mnemonics where the desktop has them."""


def tell(parent: QWidget, title: str, text: str) -> None:
    """A sentence in a box; a long one is cut, since Qt lays out a megabyte for minutes."""
    sentence = with_isolated_quotes(as_sentence(text))
    box = text_box(parent, title, sentence, Qt.TextFormat.PlainText, QMessageBox.Icon.Warning)
    copy_when_clicked(add_button(box, say("&Copy")), lambda: sentence)
    box.open()


def text_box(
    parent: QWidget, title: str, text: str, text_format: Qt.TextFormat, icon: QMessageBox.Icon | None = None
) -> QMessageBox:
    """A box with a text that can be selected; it is not shown yet."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(text_format)
    box.setText(text)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if icon is not None:
        box.setIcon(icon)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    without_icons(box)
    return box


def dialog_beside(parent: QWidget, name: str, title: str) -> QDialog | None:
    """A new dialog beside the work, which is not shown yet; None if it is open already, and then it is raised."""
    shown = parent.findChild(QDialog, name)
    if shown is not None:
        shown.raise_()
        shown.activateWindow()
        return None
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    return dialog


def without_icons(buttons: QDialogButtonBox | QMessageBox) -> None:
    """Leave the words of buttons alone, and say those that are Qt's: its icons are dark in every theme."""
    for button in buttons.buttons():
        button.setIcon(QIcon())
        if button.text() in QT_WORDS:
            button.setText(say(button.text()))


def add_button(box: QMessageBox, text: str) -> QPushButton:
    """A button beside OK in a box, which stays open when it is clicked."""
    button = box.addButton(text, QMessageBox.ButtonRole.ActionRole)
    button.clicked.disconnect()  # Qt closes a box with every button
    button.setIcon(QIcon())
    box.setDefaultButton(QMessageBox.StandardButton.Ok)
    box.setEscapeButton(QMessageBox.StandardButton.Ok)
    return button


def copy_when_clicked(button: QAbstractButton, text: Callable[[], str]) -> None:
    """Let a button put a text on the clipboard, and say that it is there."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(text())
        button.setText(say("&Copied"))

    button.clicked.connect(copy)
