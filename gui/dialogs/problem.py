"""The report of a problem, which is copied: the program sends nothing."""

# Tests: tests/gui/dialogs/test_problem.py

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from engine.errors import shown_path
from gui.dialogs.about import versions
from gui.system.crash_report import log_path
from gui.text.language import say
from gui.widgets import boxes

LOG_LINES, LOG_BYTES = 60, 20_000


def open_log_folder(parent: QWidget) -> None:
    """Have the system show the folder of the log; where it cannot, say where that is."""
    folder = log_path().parent
    if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        boxes.tell(
            parent, say("Log Folder"), say("The log is in the folder “{folder}”.", folder=shown_path(str(folder)))
        )


def show_report(parent: QWidget) -> None:
    """A text to complete and to copy: what happened, versions, and the last lines of the log."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say("Report a Problem"))
    note = QLabel(say("Nothing is sent: complete the text, copy it, and give it to whoever looks after Marz for you."))
    note.setWordWrap(True)
    text = QPlainTextEdit(report_text(log_path()))
    text.setAccessibleName(say("Report"))
    text.setToolTip(
        f"<p>{say('The end is from the log, and may name files of yours: delete what is nobody’s business.')}</p>"
    )
    text.setTabChangesFocus(True)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = buttons.addButton(say("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
    folder = buttons.addButton(say("Open &Log Folder"), QDialogButtonBox.ButtonRole.ActionRole)
    boxes.copy_when_clicked(copy, text.toPlainText)
    folder.clicked.connect(lambda: open_log_folder(dialog))
    boxes.without_icons(buttons)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    for part in (note, text, buttons):
        column.addWidget(part)
    dialog.resize(640, 480)
    dialog.open()


def report_text(log: Path) -> str:
    """The text to begin with."""
    heads = (say("What I did:"), say("What happened:"), say("What I expected:"))
    blank = "\n\n\n"
    return blank.join((*heads, "\n".join(versions()), last_lines(log))).rstrip() + "\n"


def last_lines(log: Path) -> str:
    """The end of the log, as far as it can be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LOG_BYTES))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LOG_LINES:])
