from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.dialogs.about import versions
from gui.dialogs.problem import LOG_LINES, last_lines, open_log_folder, report_text, show_report
from gui.system.crash_report import log_path


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_the_report_has_versions_and_the_end_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "marz.log"
    log.write_text("".join(f"line {number} é\n" for number in range(10**4)), encoding="utf-8")
    text = report_text(log)
    assert text.startswith("What I did:")
    assert all(line in text for line in versions())
    assert text.endswith("line 9999 é\n")
    assert len(last_lines(log).splitlines()) == LOG_LINES


def test_without_a_log_the_report_ends_with_the_versions(tmp_path: Path) -> None:
    assert report_text(tmp_path / "none").endswith(f"{versions()[-1]}\n")


def test_what_was_written_into_the_report_is_copied(window: QMainWindow, qapp: QApplication) -> None:
    show_report(window)
    (dialog,) = window.findChildren(QDialog)
    (edit,) = dialog.findChildren(QPlainTextEdit)
    edit.setPlainText("mine")
    (copy,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Copy"]
    copy.click()
    assert qapp.clipboard().text() == "mine"
    assert dialog.isVisible()
    dialog.close()


def test_the_folder_of_the_log_is_opened_or_named(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    log_path().parent.mkdir(parents=True)
    open_log_folder(window)
    assert opened == [str(log_path().parent)]
    assert window.findChildren(QMessageBox) == []
    open_log_folder(window)  # a system that has nothing to open it with
    (box,) = window.findChildren(QMessageBox)
    assert log_path().parent.name in box.text()
    box.close()
