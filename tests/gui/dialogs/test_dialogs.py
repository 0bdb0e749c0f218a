from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.compiled import cache
from engine.compiled.cache import CodeState
from engine.errors import MAX_SENTENCE
from engine.machines.kind import MachineKind
from engine.version import VERSION
from gui.dialogs.about import show_about, versions
from gui.dialogs.shortcut_sheet import show_shortcuts
from gui.files import questions
from gui.files.questions import Answer
from gui.layers.activation_table import ActivationTable
from gui.menus import make_actions
from gui.paint.style.marz_style import MarzStyle
from gui.widgets import boxes
from tests.gui.snapshots import make_lane


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    made = QMainWindow()
    qtbot.addWidget(made)
    yield made
    for box in made.findChildren(QMessageBox):
        box.close()


def box_of(window: QMainWindow) -> QMessageBox:
    """The one that is open."""
    (box,) = window.findChildren(QMessageBox)
    assert box.isVisible()
    return box


def answer_with(monkeypatch: pytest.MonkeyPatch, name: str | None, name_filter: str = "") -> list[QFileDialog]:
    """Have file dialogs accept a name, or give up; returns the dialogs."""
    asked: list[QFileDialog] = []

    def answer(dialog: QFileDialog) -> int:
        asked.append(dialog)
        if name_filter:
            dialog.selectNameFilter(name_filter)
            dialog.filterSelected.emit(name_filter)  # as a click does
        if name is not None:
            dialog.selectFile(name)
        return int(name is not None)

    monkeypatch.setattr(QFileDialog, "exec", answer)
    return asked


@pytest.mark.parametrize(
    ("chosen", "saved"), [("a", "a.marz.json"), ("a.json", "a.json"), ("a.marz.json", "a.marz.json"), (None, "")]
)
def test_a_document_gets_the_ending_by_which_it_is_found_again(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None, saved: str
) -> None:
    answer_with(monkeypatch, chosen and str(tmp_path / chosen))
    assert Path(questions.ask_save_path(window, "experiment.marz.json")).name == saved


@pytest.mark.parametrize(
    ("chosen", "name_filter", "written"),
    [
        ("a", "Table (*.csv)", "a.csv"),
        ("a", "Table with semicolons and decimal commas (*.csv)", "a.csv"),
        ("a", "NumPy archive (*.npz)", "a.npz"),
        ("a.npz", "Table (*.csv)", "a.npz"),
        (None, "", ""),
    ],
)
def test_an_export_gets_the_ending_of_its_kind(
    window: QMainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str | None,
    name_filter: str,
    written: str,
) -> None:
    answer_with(monkeypatch, chosen and str(tmp_path / chosen), name_filter)
    path, decimal = questions.ask_export_path(window, "points.csv")
    assert Path(path).name == written
    assert decimal == ("," if "commas" in name_filter else ".")


def test_where_the_system_writes_decimal_commas_an_export_does_so_unless_another_form_is_chosen(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, str(tmp_path / "a"))
    for name, sign in (("cs_CZ", ","), ("en_US", "."), ("fa_IR", ".")):
        monkeypatch.setattr(QLocale, "system", partial(QLocale, name))
        assert questions.ask_export_path(window, "points.csv") == (str(tmp_path / "a.csv"), sign)


def test_dialogs_that_save_begin_with_what_is_proposed_and_ask_before_they_overwrite(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer_with(monkeypatch, None)
    questions.ask_save_path(window, str(tmp_path / "mine.marz.json"))
    questions.ask_export_path(window, str(tmp_path / "mine.csv"))
    assert [dialog.selectedFiles() for dialog in asked] == [[str(tmp_path / n)] for n in ("mine.marz.json", "mine.csv")]
    for dialog in asked:
        assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)


def test_the_file_to_open_or_import_is_what_was_chosen_from_the_folder(
    window: QMainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def choose(*arguments: object) -> tuple[str, str]:
        asked.append(arguments)
        return "/tmp/some.json", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    assert questions.ask_open_path(window, "/tmp") == "/tmp/some.json"
    assert questions.ask_import_path(window, "/var") == "/tmp/some.json"
    assert [arguments[2] for arguments in asked] == ["/tmp", "/var"]
    assert "*.json" in str(asked[0][-1])
    assert all(f"*.{suffix}" in str(asked[1][-1]) for suffix in ("csv", "tsv", "txt", "npz"))


ASKING: list[tuple[Callable[[QMainWindow], Answer], list[Answer]]] = [
    (
        lambda window: questions.ask_about_changes(window, "<b>mine</b>"),
        [Answer.SAVE, Answer.DISCARD, Answer.CANCEL],
    ),
    (
        lambda window: questions.ask_about_leftover(window, "<b>mine</b>, yesterday"),
        [Answer.RESTORE, Answer.DISCARD, Answer.LATER],
    ),
    (
        lambda window: questions.ask_replace_or_add(window, "<b>mine</b>", "9 points", ""),
        [Answer.REPLACE, Answer.ADD, Answer.CANCEL],
    ),
    (
        lambda window: questions.ask_replace_or_add(window, "<b>mine</b>", "9 points", "They do not fit."),
        [Answer.REPLACE, Answer.CANCEL],
    ),
]


@pytest.mark.parametrize(("ask", "answers"), ASKING)
def test_each_button_of_a_box_that_asks_is_its_answer_and_names_are_no_markup(
    qtbot: QtBot, window: QMainWindow, ask: Callable[[QMainWindow], Answer], answers: list[Answer]
) -> None:
    def press(index: int) -> None:
        box = box_of(window)
        try:
            assert "<b>mine</b>" in box.text() + box.informativeText()
            for label in box.findChildren(QLabel):
                assert label.textFormat() == Qt.TextFormat.PlainText
            assert len(box.buttons()) == len(answers)
            wanted = answers[index].name.capitalize()
            (button,) = [button for button in box.buttons() if button.text().replace("&", "") == wanted]
            button.click()
        finally:
            box.reject()  # lest a failure waits for ever

    for index, answer in enumerate(answers):
        QTimer.singleShot(0, partial(press, index))
        assert ask(window) is answer
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(("ask", "answers"), ASKING)
def test_enter_is_the_first_answer_and_esc_the_last(
    qtbot: QtBot, window: QMainWindow, ask: Callable[[QMainWindow], Answer], answers: list[Answer]
) -> None:
    for key, answer in ((Qt.Key.Key_Return, answers[0]), (Qt.Key.Key_Escape, answers[-1])):
        QTimer.singleShot(50, partial(lambda key: qtbot.keyClick(box_of(window), key), key))
        assert ask(window) is answer
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_keys_are_shown_on_one_page_that_fits_a_small_screen(window: QMainWindow) -> None:
    show_shortcuts(window, make_actions(window))
    (sheet,) = window.findChildren(QTextBrowser)
    dialog = sheet.window()
    assert dialog.windowTitle() == "Keys and Mouse"
    assert dialog.height() <= 700
    assert "Ctrl+Z" in sheet.toPlainText()
    assert "Right button" in sheet.toPlainText()
    dialog.close()


def test_the_versions_that_a_bug_report_needs_are_shown(window: QMainWindow) -> None:
    show_about(window)
    text = box_of(window).text()
    for part in (f"Marz {VERSION}", "Python 3.", "PySide6 6.", "Qt 6.", "torch 2.", "numpy 2.", "MIT"):
        assert part in text
    assert box_of(window).testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    assert box_of(window).textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (CodeState.READY, "trained by code compiled for this processor"),
        (CodeState.MISSING, "being compiled in the background"),
        (CodeState.IN_THE_MAKING, "being compiled in the background"),
        (CodeState.FAILED, "could not be made; <i>python -m engine compile</i> tells why"),
        (CodeState.UNAVAILABLE, "if numba is installed"),
    ],
)
def test_about_tells_what_trains(
    state: CodeState, sentence: str, window: QMainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "state", lambda: state)

    show_about(window)

    assert sentence in box_of(window).text()
    assert "This run" not in box_of(window).text()


@pytest.mark.parametrize(
    ("machines", "told", "untold"),
    [
        ((MachineKind.COMPILED,), ["This run: compiled code."], ["Sigmoid"]),
        ((MachineKind.TORCH, MachineKind.TORCH), ["This run: torch."], ["Sigmoid"]),
        ((MachineKind.COMPILED, MachineKind.TORCH), ["Sigmoid: compiled code<br>", "&lt;64&gt;: torch<"], ["This run"]),
    ],
)
def test_about_tells_which_machine_each_lane_has(
    machines: tuple[MachineKind, ...], told: list[str], untold: list[str], window: QMainWindow
) -> None:
    lanes = [replace(make_lane(), machine=machine) for machine in machines]

    show_about(window, ("Sigmoid", "<64>")[: len(lanes)], lanes)

    text = box_of(window).text()
    assert [part for part in told if part not in text] == []
    assert [part for part in untold if part in text] == []


def test_about_does_not_mix_up_lanes_that_have_just_been_changed(window: QMainWindow) -> None:
    lanes = [replace(make_lane(), machine=machine) for machine in MachineKind]

    show_about(window, ("one",), lanes)

    assert "one: " not in box_of(window).text()


def test_a_sentence_is_told_as_it_is(window: QMainWindow) -> None:
    boxes.tell(window, "Title", "1 < 2 & <b>more</b>")
    assert box_of(window).text() == "1 < 2 & <b>more</b>"
    assert box_of(window).textFormat() == Qt.TextFormat.PlainText


def test_a_message_of_a_megabyte_is_cut_and_has_no_escapes(window: QMainWindow) -> None:
    boxes.tell(window, "Import Points", "\x1b[31m\u202e\n" * 10**5)
    text = box_of(window).text()
    assert len(text) == MAX_SENTENCE
    assert text.isprintable()


def button_of(box: QMessageBox, text: str) -> QPushButton:
    (button,) = [button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text]
    return button


def test_what_is_told_can_be_copied_and_the_box_stays(window: QMainWindow, qapp: QApplication) -> None:
    boxes.tell(window, "Title", "Two classes are the least.")
    box = box_of(window)
    button = button_of(box, "Copy")
    button.click()
    assert qapp.clipboard().text() == "Two classes are the least."
    assert button.text() == "&Copied"
    assert box.isVisible()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Ok)


def test_the_versions_can_be_copied_without_markup(window: QMainWindow, qapp: QApplication) -> None:
    show_about(window)
    button_of(box_of(window), "Copy").click()
    assert qapp.clipboard().text().splitlines() == versions()
    assert versions()[0] == f"Marz {VERSION}"
    assert any(line.startswith("compiled code: ") for line in versions())
    assert button_of(box_of(window), "About Qt").isEnabled()


class WithIcons(QProxyStyle):
    """Puts icons before the words of buttons, as is usual on a desktop."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, returned)


def test_no_button_has_an_icon_that_is_dark_in_every_theme(window: QMainWindow, qapp: QApplication) -> None:
    qapp.setStyle(WithIcons("Fusion"))
    try:
        show_shortcuts(window, make_actions(window))
        show_about(window)
        boxes.tell(window, "Not Possible", "two classes are the least")
        ActivationTable(window).show()
        QCoreApplication.processEvents()
        buttons = window.findChildren(QPushButton)
        assert len(buttons) >= 4
        assert [button.text() for button in buttons if not button.icon().isNull()] == []
    finally:
        for dialog in window.findChildren(QDialog):
            dialog.close()
        qapp.setStyle(MarzStyle())


def test_a_box_with_a_button_more_is_still_closed_by_esc_and_its_frame(qtbot: QtBot, window: QMainWindow) -> None:
    for close in (lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape), QMessageBox.close):
        boxes.tell(window, "Title", "text")
        box = box_of(window)
        close(box)
        assert not box.isVisible()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
