"""Boxes that ask what is to be done with files, and which file; none of them stops training. They return the answer."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMessageBox,
    QWidget,
)

from gui.files.documents import TABLE_SUFFIXES
from gui.text.decimals import decimal_sign
from gui.text.language import mark, say

DOCUMENT_SUFFIX = ".marz.json"
DOCUMENT_SUFFIXES = (DOCUMENT_SUFFIX, ".json")
IMPORT_SUFFIXES = (*TABLE_SUFFIXES, ".json", ".npz")
EXPORT_FORMS = {
    mark("Table"): (".csv", "."),
    mark("Table with semicolons and decimal commas"): (".csv", ","),
    mark("NumPy archive"): (".npz", "."),
}
"""The suffix of each form of export, and the decimal sign."""


class Answer(Enum):
    """The answer that was chosen in a box that asks."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()
    RESTORE = auto()
    LATER = auto()
    REPLACE = auto()
    ADD = auto()
    SAVE_AS = auto()
    OVERWRITE = auto()
    RELOAD = auto()


def filter_of(name: str, *suffixes: str) -> str:
    """A kind of file as Qt's dialog shows it."""
    return f"{name} ({' '.join(f'*{suffix}' for suffix in suffixes)})"


def or_any(kind: str) -> str:
    """A kind of file, and all others as the other choice."""
    return f"{kind};;{filter_of(say('All files'), '')}"


def ask_open_path(parent: QWidget, folder: str) -> str:
    """The document to open; empty if the user gave up."""
    kind = or_any(filter_of(say("Marz experiments"), *DOCUMENT_SUFFIXES))
    return QFileDialog.getOpenFileName(parent, say("Open Experiment"), folder, kind)[0]


def ask_save_path(parent: QWidget, proposal: str) -> str:
    """The file to save in; empty if the user gave up."""
    kind = or_any(filter_of(say("Marz experiments"), *DOCUMENT_SUFFIXES))
    dialog = QFileDialog(parent, say("Save Experiment"), proposal, kind)
    return _chosen(dialog, proposal, lambda: DOCUMENT_SUFFIX)


def ask_import_path(parent: QWidget, folder: str) -> str:
    """The file of points to import; empty if the user gave up."""
    kind = or_any(filter_of(say("Points"), *IMPORT_SUFFIXES))
    return QFileDialog.getOpenFileName(parent, say("Import Points"), folder, kind)[0]


def ask_export_path(parent: QWidget, proposal: str, *, of_curves: bool = False) -> tuple[str, str]:
    """The file to export points to, by its suffix in which form, and the decimal sign; empty if the user gave up.

    Args:
        parent: of the dialog.
        proposal: a path.
        of_curves: whether curves are exported instead, which have the forms of tables only.
    """
    kinds = {name: form for name, form in EXPORT_FORMS.items() if not of_curves or form[0] == ".csv"}
    forms = {filter_of(say(name), suffix): (suffix, sign) for name, (suffix, sign) in kinds.items()}
    title = say("Export Curves") if of_curves else say("Export Points")
    dialog = QFileDialog(parent, title, proposal, ";;".join(forms))
    usual = next(name for name, (_, sign) in forms.items() if sign == "," or decimal_sign() != ",")
    dialog.selectNameFilter(usual)  # that in which spreadsheets of this system read it

    def form() -> tuple[str, str]:
        return forms.get(dialog.selectedNameFilter(), forms[usual])

    path = _chosen(dialog, proposal, lambda: form()[0])
    return path, form()[1]


def ask_picture_path(parent: QWidget, proposal: str) -> str:
    """The file to save a picture in; empty if the user gave up."""
    forms = {filter_of(say("PNG picture"), ".png"): ".png", filter_of(say("SVG drawing"), ".svg"): ".svg"}
    dialog = QFileDialog(parent, say("Export Picture"), proposal, ";;".join(forms))
    return _chosen(dialog, proposal, lambda: forms.get(dialog.selectedNameFilter(), ".png"))


def _chosen(dialog: QFileDialog, proposal: str, suffix: Callable[[], str]) -> str:
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(Path(proposal).name)
    dialog.setDefaultSuffix(suffix())  # before Qt asks whether a file may be overwritten
    dialog.filterSelected.connect(lambda: dialog.setDefaultSuffix(suffix()))
    path = dialog.selectedFiles()[0] if dialog.exec() else ""
    dialog.deleteLater()
    return path


def ask_about_changes(parent: QWidget, name: str, is_training: bool = False) -> Answer:
    """Ask whether changes are saved before they are lost; `is_training`: nothing has changed but the weights."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    text, details = say("Save the changes of “{name}”?", name=name), say("They are lost otherwise.")
    if is_training:
        text = say("Save the trained network of “{name}”?", name=name)
        details = say("What it has learned since the last save is lost otherwise.")
    buttons = {say("&Save"): Answer.SAVE, say("&Discard"): Answer.DISCARD, say("Cancel"): Answer.CANCEL}
    return _answer(box, text, details, buttons)


def ask_about_change_on_disk(parent: QWidget, sentence: str, *, can_overwrite: bool, can_reload: bool) -> Answer:
    """Ask where to save a document whose file is not as it was, or whether to take over the file instead."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    buttons, details = {say("Save &As …"): Answer.SAVE_AS}, [say("Save As keeps what is here in another file.")]
    if can_overwrite:
        buttons[say("&Overwrite")] = Answer.OVERWRITE
        details.append(say("Overwrite loses what is in the file now."))
    if can_reload:
        buttons[say("&Reload")] = Answer.RELOAD
        details.append(say("Reload shows the file; Undo brings back what is here."))
    return _answer(box, sentence, " ".join(details), buttons | {say("Cancel"): Answer.CANCEL})


def ask_about_leftover(parent: QWidget, description: str) -> Answer:
    """Ask what shall become of unsaved work that was found."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    text = say("Marz was not closed properly. This was not saved:")
    buttons = {say("&Restore"): Answer.RESTORE, say("&Discard"): Answer.DISCARD, say("&Later"): Answer.LATER}
    return _answer(box, text, description, buttons)


def ask_replace_or_add(parent: QWidget, name: str, description: str, obstacle: str) -> Answer:
    """Ask if imported points replace the drawing or are added to it; `obstacle` says why they cannot be added."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    buttons = {say("&Replace"): Answer.REPLACE}
    if obstacle:
        description = f"{description}\n\n{obstacle}"
    else:
        buttons[say("&Add")] = Answer.ADD
    text = say("Replace the drawing by the points of “{name}”, or add them?", name=name)
    return _answer(box, text, description, buttons | {say("Cancel"): Answer.CANCEL})


ROLES = {
    **dict.fromkeys(
        (Answer.SAVE, Answer.RESTORE, Answer.REPLACE, Answer.ADD, Answer.SAVE_AS), QMessageBox.ButtonRole.AcceptRole
    ),
    **dict.fromkeys((Answer.DISCARD, Answer.OVERWRITE), QMessageBox.ButtonRole.DestructiveRole),
    Answer.RELOAD: QMessageBox.ButtonRole.ActionRole,
    **dict.fromkeys((Answer.CANCEL, Answer.LATER), QMessageBox.ButtonRole.RejectRole),
}


def _answer(box: QMessageBox, text: str, details: str, buttons: dict[str, Answer]) -> Answer:
    """Ask; the first button is the default, the last one what Esc means."""
    box.setWindowTitle("Marz")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(details)
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)  # that of the details is not the box's
    made = {box.addButton(label, ROLES[answer]): answer for label, answer in buttons.items()}
    box.setDefaultButton(next(iter(made)))
    box.setEscapeButton(list(made)[-1])
    box.exec()
    box.deleteLater()
    return made.get(box.clickedButton(), list(made.values())[-1])  # type: ignore[call-overload,no-any-return]
