"""Errors nobody foresaw: written to a file, shown once in plain words, and work goes on."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import sys
import threading
import traceback
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QStandardPaths, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QMessageBox, QTextEdit, QWidget

from engine.errors import as_sentence, shown
from engine.files.whole_files import PRIVATE
from gui.text.language import say
from gui.widgets.boxes import add_button, copy_when_clicked, without_icons

logger = logging.getLogger("marz")
LOG_BYTES = 1_000_000
MAX_CHARACTERS = 20_000
"""Of one entry of the log, and of the details in a box."""
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def set_up_logging() -> Path | None:
    """Log to standard error and, if the folder can be written, to a file; returns the file."""
    logger.setLevel(logging.INFO)
    if not logger.handlers:
        to_terminal = logging.StreamHandler()
        to_terminal.setLevel(logging.WARNING)
        to_terminal.setFormatter(PlainLines())
        logger.addHandler(to_terminal)
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = PrivateLog(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    handler.setFormatter(PlainLines("%(asctime)s %(levelname)s %(message)s"))
    # pyqtgraph turns exceptions in its own handlers into warnings
    logging.captureWarnings(True)
    for log in (logger, logging.getLogger("py.warnings")):
        for other in [other for other in log.handlers if isinstance(other, logging.FileHandler)]:
            log.removeHandler(other)  # of an earlier call: each line is written once
            other.close()
        log.addHandler(handler)
    return path


def log_path() -> Path:
    """The file of the log, whether it could be written or not."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "marz.log"


class PlainLines(logging.Formatter):
    """Writes what is logged without escape sequences, which texts from outside may have, and not without end."""

    def format(self, record: logging.LogRecord) -> str:
        return plain_lines(super().format(record))


def plain_lines(text: str) -> str:
    """The lines of a text, less what cannot be seen; of a long text the beginning and the end."""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = f"{text[:half]}\n[{len(text) - 2 * half:,} characters are left out]\n{text[-half:]}"
    return "\n".join(shown(line.expandtabs(), MAX_CHARACTERS) for line in text.split("\n"))


class PrivateLog(logging.handlers.RotatingFileHandler):
    """A log for its owner alone: it has paths of documents."""

    def _open(self) -> TextIOWrapper:
        with contextlib.suppress(OSError):
            Path(self.baseFilename).chmod(PRIVATE)  # that of an earlier version
        raw = open(self.baseFilename, "ab", opener=private_opener)  # noqa: SIM115  # closed by the base class
        return TextIOWrapper(raw, self.encoding, self.errors)


def private_opener(path: str, flags: int) -> int:
    """Opens a file that only its owner may read, if it is a new one."""
    return os.open(path, flags, PRIVATE)


class ErrorReporter(QObject):
    """Takes uncaught exceptions from every thread to the log and, once each, to the user.

    Signals:
        caught(str, str): summary and details, from any thread.
    """

    caught = Signal(str, str)

    def __init__(self, log_file: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._shown: dict[str, QMessageBox] = {}
        self.window: QWidget | None = None
        # queued: an exception raised while painting must not open a dialog inside the paint
        self.caught.connect(self.show_error, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch what is not caught elsewhere."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        details = plain_lines("".join(traceback.format_exception(kind, error, trace)))
        self.report(as_sentence(f"{kind.__name__}: {error}"), details)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: object, message: str) -> None:
        logger.log(QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)

    def report(self, summary: str, details: str) -> None:
        """Log an error and tell the user; can be called from any thread."""
        logger.error("%s\n%s", summary, details)
        self.caught.emit(summary, details)

    @Slot(str, str)
    def show_error(self, summary: str, details: str) -> None:
        """Show an error, unless the same one was shown before."""
        if summary in self._shown:
            return
        # kept here: without a window the box belongs to nobody else
        box = self._shown[summary] = QMessageBox(self.window)
        box.setObjectName("error_box")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Marz")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(say("Something went wrong that should not have. Your points and settings are still here."))
        told = [say("You can go on; if the program behaves oddly, save and start it again.")]
        if self._log_file:
            told.append(say("The details are also in {file}.", file=self._log_file))
        box.setInformativeText("\n".join(told))
        fold_details(box, f"{summary}\n\n{details}")
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        copy_when_clicked(add_button(box, say("&Copy")), box.detailedText)
        without_icons(box)
        box.open()


def fold_details(box: QMessageBox, details: str) -> None:
    """Add details, folded, under a button in the language of the window: that of Qt speaks its own."""
    box.setDetailedText(details)
    (button,) = box.buttons()
    text = box.findChild(QTextEdit)

    def name() -> None:
        is_shown = text is not None and text.isVisibleTo(box)
        button.setText(say("Hide &Details") if is_shown else say("Show &Details"))

    button.clicked.connect(name)  # after Qt has shown or hidden them, and named the button
    name()
