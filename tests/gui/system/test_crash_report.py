from __future__ import annotations

import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QtMsgType, qInstallMessageHandler, qWarning
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gui.system.crash_report import LOG_BYTES, MAX_CHARACTERS, ErrorReporter, PlainLines, logger, set_up_logging
from gui.text import language


@pytest.fixture(autouse=True)
def own_logger(qapp: QApplication) -> Iterator[None]:
    """The handlers a test adds to the log are gone after it."""
    qapp.setApplicationName("Marz")
    qapp.setOrganizationName("Marz")
    logs = (logger, logging.getLogger("py.warnings"))
    before = [list(log.handlers) for log in logs]
    yield
    logging.captureWarnings(False)
    for log, handlers in zip(logs, before, strict=True):
        for handler in log.handlers[:]:
            if handler not in handlers:
                log.removeHandler(handler)
                handler.close()


@pytest.fixture
def log_file() -> Path:
    path = set_up_logging()
    assert path is not None
    return path


@pytest.fixture
def reporter(log_file: Path, qtbot: QtBot) -> Iterator[ErrorReporter]:
    made = ErrorReporter(log_file)
    yield made
    for box in boxes():
        box.close()
    made.deleteLater()


def boxes() -> list[QMessageBox]:
    """Those that are open."""
    found = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMessageBox))
    return [box for box in found if box.objectName() == "error_box" and box.isVisible()]


def raised(error: Exception) -> Exception:
    """The error with a traceback."""
    try:
        raise error
    except type(error) as caught:
        return caught


def test_the_log_is_a_file_in_the_users_folder(log_file: Path, tmp_path: Path) -> None:
    assert tmp_path in log_file.parents
    logger.error("a line with ü and مرز")
    assert "a line with ü and مرز" in log_file.read_text(encoding="utf-8")


def test_setting_up_the_log_twice_writes_each_line_once(log_file: Path) -> None:
    assert set_up_logging() == log_file
    logger.error("only once")
    logging.getLogger("py.warnings").warning("a warning, once")
    assert log_file.read_text(encoding="utf-8").count("a warning, once") == 1
    assert log_file.read_text(encoding="utf-8").count("only once") == 1


def test_the_log_does_not_grow_without_end(log_file: Path) -> None:
    for _ in range(300):
        logger.info("x" * (LOG_BYTES // 100))
    files = list(log_file.parent.iterdir())
    assert len(files) == 2
    assert sum(file.stat().st_size for file in files) <= 2.2 * LOG_BYTES


def test_a_folder_that_cannot_be_written_costs_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_DATA_HOME", str(blocked))
    monkeypatch.setattr("gui.system.crash_report.QStandardPaths.writableLocation", lambda _kind: str(blocked / "Marz"))
    assert set_up_logging() is None
    with caplog.at_level(logging.ERROR, logger="marz"):
        logger.error("still there")
    assert "still there" in caplog.text


def test_an_error_is_shown_in_plain_words_with_the_details_folded(
    reporter: ErrorReporter, log_file: Path, qtbot: QtBot
) -> None:
    error = raised(ValueError("seven <b>sheep</b>"))
    reporter._on_exception(type(error), error, error.__traceback__)
    assert boxes() == []  # not inside the call, which may be in the middle of a paint
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    (box,) = boxes()
    assert "ValueError" not in box.text()
    assert "still here" in box.text()
    assert str(log_file) in box.informativeText()
    assert "ValueError: seven <b>sheep</b>" in box.detailedText()
    assert "Traceback" in box.detailedText()
    assert "in raised" in box.detailedText()
    assert box.textFormat() == box.textFormat().PlainText
    assert not box.isModal() or box.windowModality() != box.windowModality().ApplicationModal


def test_the_button_of_the_details_speaks_the_language_of_the_window(
    reporter: ErrorReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {("", "Show &Details"): ("&Zeigen",), ("", "Hide &Details"): ("&Verbergen",)}
    monkeypatch.setattr(language, "_current", language.Language("de", words))
    reporter.report("ValueError: again", "details")
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    button = next(button for button in boxes()[0].buttons() if button.text() == "&Zeigen")

    button.click()
    assert button.text() == "&Verbergen"
    button.click()
    assert button.text() == "&Zeigen"


def test_the_same_error_is_logged_each_time_and_shown_once(
    reporter: ErrorReporter, log_file: Path, qtbot: QtBot
) -> None:
    for _ in range(3):
        reporter.report("ValueError: again", "details")
    reporter.report("KeyError: another", "details")
    qtbot.waitUntil(lambda: len(boxes()) == 2)
    QCoreApplication.processEvents()
    assert len(boxes()) == 2
    assert log_file.read_text(encoding="utf-8").count("ValueError: again") == 3


def test_an_error_that_was_shown_and_closed_is_not_shown_again(reporter: ErrorReporter, qtbot: QtBot) -> None:
    reporter.report("ValueError: again", "details")
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    boxes()[0].close()
    reporter.report("ValueError: again", "details")
    qtbot.wait(30)
    assert boxes() == []


def test_without_a_log_file_none_is_named(qtbot: QtBot) -> None:
    reporter = ErrorReporter(None)
    reporter.show_error("ValueError: x", "details")
    (box,) = boxes()
    assert "None" not in box.informativeText()
    box.close()


def test_an_error_of_another_thread_is_shown_by_the_thread_of_the_window(
    reporter: ErrorReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_by: list[int] = []
    original = ErrorReporter.show_error

    class Spying(ErrorReporter):
        def show_error(self, summary: str, details: str) -> None:
            shown_by.append(threading.get_ident())
            original(self, summary, details)

    spying = Spying(None)
    monkeypatch.setattr(threading, "excepthook", spying._on_thread_exception)

    def fail() -> None:
        raise RuntimeError("in the other thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert boxes() == []
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    assert "RuntimeError: in the other thread" in boxes()[0].detailedText()
    assert shown_by == [threading.main_thread().ident]
    boxes()[0].close()


def test_ctrl_c_is_no_error(reporter: ErrorReporter, qtbot: QtBot) -> None:
    reporter._on_exception(KeyboardInterrupt, KeyboardInterrupt(), None)
    qtbot.wait(20)
    assert boxes() == []


def test_once_installed_it_hears_of_exceptions_threads_and_qt(
    reporter: ErrorReporter, log_file: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # puts them back afterwards
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    previous = qInstallMessageHandler(None)
    try:
        reporter.install()
        qWarning("a warning of Qt's")
        error = raised(ValueError("from a slot"))
        sys.excepthook(type(error), error, error.__traceback__)
        assert threading.excepthook == reporter._on_thread_exception
    finally:
        qInstallMessageHandler(previous)
    written = log_file.read_text(encoding="utf-8")
    assert "WARNING Qt: a warning of Qt's" in written
    assert "ERROR ValueError: from a slot" in written
    qtbot.waitUntil(lambda: len(boxes()) == 1)


def test_each_kind_of_qt_message_has_its_level(reporter: ErrorReporter, log_file: Path) -> None:
    for kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg, QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg):
        reporter._on_qt_message(kind, None, f"said {kind.name}")
    written = log_file.read_text(encoding="utf-8")
    assert "said QtDebugMsg" not in written  # too many
    for line in ("INFO Qt: said QtInfoMsg", "WARNING Qt: said QtWarningMsg", "ERROR Qt: said QtCriticalMsg"):
        assert line in written


ESCAPES = "\x1b]0;title\x07\x1b[31m\r\x9b\u202e\ud800"


def test_neither_the_log_nor_the_terminal_gets_an_escape_sequence(
    log_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger, "propagate", False)  # pytest's log could not be passed on: no encoding can hold it
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(PlainLines())
    logger.addHandler(terminal)
    try:
        raise ValueError(ESCAPES)
    except ValueError:
        logger.exception("reading %s failed\non two lines", f"/home/{ESCAPES}.json")
    logger.removeHandler(terminal)

    for text in (log_file.read_text(encoding="utf-8"), capsys.readouterr().err):
        assert "ValueError" in text
        assert "on two lines" in text
        assert all(line.isprintable() for line in text.splitlines())
        assert len(text.splitlines()) > 3


def test_an_error_of_a_hundred_megabytes_makes_a_short_box_and_a_short_entry(
    log_file: Path, reporter: ErrorReporter, qtbot: QtBot
) -> None:
    error = raised(ValueError(ESCAPES + "n" * 10**8))
    reporter._on_exception(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(boxes()) == 1)

    details = boxes()[0].detailedText()
    assert "raise error" in details
    assert len(details) < 2 * MAX_CHARACTERS
    assert "\x1b" not in details
    assert log_file.stat().st_size < 10 * MAX_CHARACTERS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes")
def test_the_log_is_for_its_owner_alone_also_that_of_an_earlier_version(log_file: Path) -> None:
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    log_file.chmod(0o644)
    assert set_up_logging() == log_file
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
