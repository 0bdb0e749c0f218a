"""Dialogs. None of them stops training, and none blocks the program while it is open."""

from __future__ import annotations

import platform
from pathlib import Path

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from engine.errors import InputError
from engine.experiment import Experiment, ExperimentError, load, save
from engine.version import VERSION
from gui.actions import shortcut_sheet

FILE_FILTER = "Marz experiments (*.marz.json *.json);;All files (*)"
SUFFIX = ".marz.json"


def ask_open_path(parent: QWidget) -> str:
    """The file to open; empty if the user gave up."""
    return QFileDialog.getOpenFileName(parent, "Open Experiment", "", FILE_FILTER)[0]


def ask_save_path(parent: QWidget) -> str:
    """The file to save in; empty if the user gave up."""
    dialog = QFileDialog(parent, "Save Experiment", f"experiment{SUFFIX}", FILE_FILTER)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX)  # before Qt asks whether a file may be overwritten
    return dialog.selectedFiles()[0] if dialog.exec() else ""


def open_experiment(parent: QWidget, path: str) -> Experiment | None:
    """The experiment of a file; None, with a message, if it cannot be read."""
    try:
        return load_for_plane(path)
    except InputError as error:
        tell(parent, "Open Experiment", str(error))
        return None


def load_for_plane(path: str) -> Experiment:
    """The experiment of a file, if its points have two coordinates; else an ExperimentError."""
    experiment = load(path)
    if experiment.dataset.n_features != 2:
        n_features = experiment.dataset.n_features
        raise ExperimentError(f"“{Path(path).name}” has points of {n_features} coordinates; the plane shows only two.")
    return experiment


def save_experiment(parent: QWidget, path: str, experiment: Experiment) -> bool:
    """Save; False, with a message, if that failed."""
    try:
        save(path, experiment)
    except InputError as error:
        tell(parent, "Save Experiment", str(error))
        return False
    return True


def tell(parent: QWidget, title: str, text: str) -> None:
    """A sentence in a box."""
    _box(parent, title, text, Qt.TextFormat.PlainText, QMessageBox.Icon.Warning).open()


def show_shortcuts(parent: QWidget, actions: dict[str, QAction]) -> None:
    """All keys on one page, which scrolls on a small screen."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Keys and Mouse")
    sheet = QTextBrowser()
    sheet.setAccessibleName("Keys and mouse")
    sheet.setHtml(shortcut_sheet(actions))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(sheet)
    column.addWidget(buttons)
    dialog.resize(680, 600)
    dialog.open()


def show_about(parent: QWidget) -> None:
    """Versions and licence."""
    text = (
        f"<h3>Marz {VERSION}</h3><p>A visual trainer for neural-network classification.<br>"
        "<i>Marz</i> is Persian for <i>boundary</i>. MIT licence.</p>"
        f"<p>Python {platform.python_version()} · Qt for Python {PySide6.__version__} · {platform.platform()}</p>"
    )
    _box(parent, "About Marz", text, Qt.TextFormat.RichText).open()


def _box(
    parent: QWidget, title: str, text: str, text_format: Qt.TextFormat, icon: QMessageBox.Icon | None = None
) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(text_format)
    box.setText(text)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if icon is not None:
        box.setIcon(icon)
    return box
