from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QTextBrowser
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.experiment import Experiment
from engine.version import VERSION
from gui import dialogs
from gui.actions import make_actions


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    made = QMainWindow()
    qtbot.addWidget(made)
    yield made
    for box in made.findChildren(QMessageBox):
        box.close()


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(toy_datasets.make("xor", n_samples=20))


def box_of(window: QMainWindow) -> QMessageBox:
    """The one that is open; it must not have stopped the program."""
    (box,) = window.findChildren(QMessageBox)
    assert box.isVisible()
    assert box.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box


def test_what_was_saved_can_be_opened(window: QMainWindow, experiment: Experiment, tmp_path: Path) -> None:
    path = str(tmp_path / "mine.marz.json")
    assert dialogs.save_experiment(window, path, experiment)
    assert dialogs.open_experiment(window, path) == experiment
    assert window.findChildren(QMessageBox) == []


def test_a_file_that_cannot_be_read_is_told_with_the_reason(window: QMainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken <b>file.json"
    path.write_text("{ not json")
    assert dialogs.open_experiment(window, str(path)) is None
    box = box_of(window)
    assert path.name in box.text()
    assert "JSON" in box.text()
    assert box.textFormat() == Qt.TextFormat.PlainText  # the name of a file is not markup


def test_a_file_that_is_not_there_is_told(window: QMainWindow, tmp_path: Path) -> None:
    assert dialogs.open_experiment(window, str(tmp_path / "nowhere.json")) is None
    assert "could not be read" in box_of(window).text()


def test_a_file_of_a_newer_version_is_told(window: QMainWindow, experiment: Experiment, tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    dialogs.save_experiment(window, str(path), experiment)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"format": 99}))
    assert dialogs.open_experiment(window, str(path)) is None
    assert "newer version" in box_of(window).text()


def test_a_place_that_cannot_be_written_is_told(window: QMainWindow, experiment: Experiment, tmp_path: Path) -> None:
    assert not dialogs.save_experiment(window, str(tmp_path / "no folder" / "x.json"), experiment)
    assert "could not be saved" in box_of(window).text()


@pytest.mark.parametrize(
    ("chosen", "saved"), [("a", "a.marz.json"), ("a.json", "a.json"), ("a.marz.json", "a.marz.json"), (None, "")]
)
def test_a_file_gets_the_ending_by_which_it_is_found_again(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None, saved: str
) -> None:
    def answer(dialog: QFileDialog) -> int:
        if chosen is not None:
            dialog.selectFile(str(tmp_path / chosen))
        return int(chosen is not None)

    monkeypatch.setattr(QFileDialog, "exec", answer)
    assert Path(dialogs.ask_save_path(window)).name == saved


def test_the_file_to_open_is_what_was_chosen(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def choose(*arguments: object) -> tuple[str, str]:
        asked.append(arguments)
        return "/tmp/some.json", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    assert dialogs.ask_open_path(window) == "/tmp/some.json"
    assert "*.json" in str(asked[0][-1])


def test_the_keys_are_shown_on_one_page_that_fits_a_small_screen(window: QMainWindow) -> None:
    dialogs.show_shortcuts(window, make_actions(window))
    (sheet,) = window.findChildren(QTextBrowser)
    dialog = sheet.window()
    assert dialog.windowTitle() == "Keys and Mouse"
    assert dialog.height() <= 700
    assert "Ctrl+Z" in sheet.toPlainText()
    assert "Right button" in sheet.toPlainText()
    dialog.close()


def test_the_versions_that_a_bug_report_needs_are_shown(window: QMainWindow) -> None:
    dialogs.show_about(window)
    text = box_of(window).text()
    for part in (f"Marz {VERSION}", "Python 3.", "Qt for Python 6.", "MIT"):
        assert part in text
    assert box_of(window).textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_a_sentence_is_told_as_it_is(window: QMainWindow) -> None:
    dialogs.tell(window, "Title", "1 < 2 & <b>more</b>")
    assert box_of(window).text() == "1 < 2 & <b>more</b>"
    assert box_of(window).textFormat() == Qt.TextFormat.PlainText
