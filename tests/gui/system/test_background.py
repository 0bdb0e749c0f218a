"""Long work: the window lives on, the work can be ended, and no thread is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QProgressDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from gui.system import background

Tell = Callable[[float], None]
IsCancelled = Callable[[], bool]


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def box_of(parent: QWidget) -> QProgressDialog:
    (box,) = parent.findChildren(QProgressDialog)
    assert isinstance(box, QProgressDialog)
    return box


def until_cancelled(tell: Tell, is_cancelled: IsCancelled) -> str:
    for step in range(10_000):
        if is_cancelled():
            break
        tell(step / 10_000)
        time.sleep(0.001)
    return "came to an end"


def test_work_is_done_on_another_thread_and_its_result_comes_back(parent: QWidget) -> None:
    result = background.run(parent, "Counting …", lambda *_: (threading.get_ident(), 42))
    assert result is not None
    assert result[0] != threading.get_ident()
    assert result[1] == 42


def test_quick_work_shows_no_box(parent: QWidget) -> None:
    seen: list[bool] = []

    def work(*_: object) -> None:
        time.sleep(0.1)

    QTimer.singleShot(60, lambda: seen.append(box_of(parent).isVisible()))
    background.run(parent, "Quick …", work)
    assert seen == [False]


def test_the_window_lives_on_and_after_a_moment_the_box_shows_how_far_it_is(qtbot: QtBot, parent: QWidget) -> None:
    values: list[int] = []
    ticks: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(20)

    def look() -> None:
        box = box_of(parent)
        assert box.isVisible()
        assert box.labelText() == "Slow <b>…"
        values.append(box.value())

    def work(tell: Tell, _: IsCancelled) -> str:
        for step in range(100):
            tell(step / 100)
            time.sleep(0.01)
        return "done"

    for delay in (500, 900):
        QTimer.singleShot(delay, look)
    assert background.run(parent, "Slow <b>…", work) == "done"
    assert 0 < values[0] < values[1] < 100
    assert max(after - before for before, after in pairwise(ticks)) < 0.25


def test_the_button_ends_the_work_and_its_result_is_dropped(qtbot: QtBot, parent: QWidget) -> None:
    QTimer.singleShot(450, lambda: box_of(parent).findChildren(QPushButton)[0].click())
    assert background.run(parent, "Endless …", until_cancelled) is None
    assert background.end_tasks(parent, 2000)


def test_work_that_may_not_be_cancelled_has_no_button(parent: QWidget) -> None:
    buttons: list[int] = []
    QTimer.singleShot(50, lambda: buttons.append(len(box_of(parent).findChildren(QPushButton))))
    background.run(parent, "Saving …", lambda *_: time.sleep(0.15), can_cancel=False)
    assert buttons == [0]


def test_a_failure_comes_back_as_its_sentence(parent: QWidget) -> None:
    def work(*_: object) -> None:
        raise InputError("The file is empty.")

    with pytest.raises(background.TaskError, match=r"^The file is empty\.$"):
        background.run(parent, "Reading …", work)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "memory"),
        (ZeroDivisionError("no"), "foresaw"),
        (SystemExit(3), "foresaw"),
        (KeyboardInterrupt(), "foresaw"),
        (BaseException("a panic of a library"), "foresaw"),
    ],
)
def test_an_error_nobody_foresaw_is_a_sentence_too(parent: QWidget, error: BaseException, sentence: str) -> None:
    def work(*_: object) -> None:
        raise error

    with pytest.raises(background.TaskError, match=sentence):
        background.run(parent, "Reading …", work)


def test_a_window_that_closes_ends_its_work(qtbot: QtBot, parent: QWidget) -> None:
    QTimer.singleShot(100, lambda: background.end_tasks(parent, 2000))
    assert background.run(parent, "Endless …", until_cancelled) is None


def test_work_that_does_not_listen_is_waited_for_no_longer_than_allowed(qtbot: QtBot, parent: QWidget) -> None:
    release = threading.Event()
    ended: list[bool] = []

    def work(*_: object) -> None:
        release.wait(20)

    QTimer.singleShot(50, lambda: ended.append(background.end_tasks(parent, 50)))
    QTimer.singleShot(200, release.set)
    background.run(parent, "Deaf …", work)
    assert ended == [False]


def test_work_that_does_not_listen_outlives_the_dialog_it_was_begun_in(qtbot: QtBot, parent: QWidget) -> None:
    release = threading.Event()
    dialog = QDialog(parent)
    dialog.show()
    QTimer.singleShot(50, lambda: box_of(dialog).canceled.emit())
    assert background.run(dialog, "Deaf …", lambda *_: release.wait(20)) is None
    assert not dialog.findChildren(QThread), "a thread that is destroyed while it runs ends the process"
    dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not background.end_tasks(parent, 0)
    release.set()
    assert background.end_tasks(parent, 5000)


def test_nothing_of_it_is_left(qtbot: QtBot, parent: QWidget) -> None:
    for _ in range(20):
        background.run(parent, "Counting …", lambda *_: 1)
    qtbot.waitUntil(lambda: not parent.findChildren(QObject), timeout=3000)
    assert not parent.findChildren(QThread)


def test_progress_does_not_flood_the_window(parent: QWidget) -> None:
    told: list[float] = []

    def work(tell: Tell, _: IsCancelled) -> None:
        for step in range(50_000):
            tell(step / 50_000)

    task = background.Task(work)
    task.advanced.connect(told.append)  # on the task's thread: counts what is sent
    begin = time.monotonic()
    task.run()
    assert len(told) <= 2 + (time.monotonic() - begin) / background.TELL_SECONDS


def test_a_box_that_was_not_needed_does_not_come_up_later(parent: QWidget) -> None:
    assert background.run(parent, "Reading <b>points</b> …", lambda *_: 1) == 1
    dialog = QDialog(parent)
    QTimer.singleShot(4600, dialog.reject)  # Qt brings a progress box up after four seconds by itself
    seen: list[QWidget] = []
    watch = QTimer(dialog)
    watch.timeout.connect(
        lambda: seen.extend(box for box in parent.findChildren(background.TaskDialog) if box.isVisible())
    )
    watch.start(100)
    dialog.exec()
    assert seen == []


def test_the_text_of_the_box_is_no_markup(parent: QWidget) -> None:
    formats: list[Qt.TextFormat] = []
    QTimer.singleShot(50, lambda: formats.extend(label.textFormat() for label in box_of(parent).findChildren(QLabel)))
    background.run(parent, "Opening <b>a.json</b> …", lambda *_: time.sleep(0.15))
    assert formats == [Qt.TextFormat.PlainText]


@pytest.mark.parametrize("can_cancel", [True, False])
def test_esc_and_the_cross_end_the_work_if_it_may_be_ended_and_leave_the_box_otherwise(
    qtbot: QtBot, parent: QWidget, can_cancel: bool
) -> None:
    seen: list[bool] = []

    def give_up() -> None:
        box = box_of(parent)
        assert box.isVisible(), "it tells no share, and is shown all the same"
        for _ in range(2):
            qtbot.keyClick(box, Qt.Key.Key_Escape)
            box.close()
        seen.append(box.isVisible())

    def work(_: Tell, is_cancelled: IsCancelled) -> int:
        time.sleep(0.6)
        return 42

    QTimer.singleShot(400, give_up)
    assert background.run(parent, "Saving …", work, can_cancel=can_cancel) == (None if can_cancel else 42)
    assert seen == [not can_cancel]
    assert background.end_tasks(parent, 2000)


def test_a_result_that_came_in_the_moment_of_giving_up_is_dropped(parent: QWidget) -> None:
    task = background.Task(lambda *_: 42)
    box = background.TaskDialog("Reading …", task, parent, can_cancel=True)
    task.start()
    assert task.wait(5000)  # its result waits in the queue of this thread
    box.canceled.emit()
    QApplication.processEvents()
    assert box.outcome is None
