"""The thread that trains ends when it is asked to, and is missed otherwise."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from engine.compiled import cache
from engine.run.snapshot import RunState
from engine.run.worker import Worker
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from tests.gui.conftest import MakeWindow, wait_for_state
from tests.gui.test_main_window import button, text_of


def test_a_thread_that_is_asked_to_end_says_nothing(qtbot: QtBot) -> None:
    thread = TrainingThread()
    thread.start()
    thread.stop()
    assert thread.wait(20_000)
    qtbot.wait(10)
    taken = thread.take()
    assert taken is None or taken.state is not RunState.ENDED


def test_one_that_ends_without_having_been_asked_is_told_of(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_worker: Worker) -> None:
        raise SystemExit("planted")

    told: list[str] = []
    monkeypatch.setattr(Worker, "run", end)
    window: MainWindow = make_window(wait=False)
    window.failed.connect(lambda summary, details: told.append(summary + details))
    wait_for_state(qtbot, window, RunState.ENDED)
    assert len(told) == 1
    assert "SystemExit: planted" in told[0]
    assert "Traceback" in told[0]
    assert "start it again" in text_of(window, "run_message")
    assert not any(button(window, f"{name}_button").isEnabled() for name in ("train", "step", "reset"))


def test_and_of_one_that_left_no_word(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "run", lambda _worker: None)
    window: MainWindow = make_window(wait=False)
    wait_for_state(qtbot, window, RunState.ENDED)


@pytest.mark.parametrize("error", [ImportError, OSError, SystemExit, BaseException])
def test_whatever_loading_the_engine_raises_is_told(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(_count: int) -> None:
        raise error("planted")

    monkeypatch.setattr("torch.set_num_threads", fail)
    window: MainWindow = make_window(wait=False)
    wait_for_state(qtbot, window, RunState.UNAVAILABLE)


def test_it_has_the_compiled_code_made_once_the_engine_is_loaded(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(cache, "make", lambda: made.append(threading.current_thread().name))

    make_window()

    assert len(made) == 1
    assert made != [threading.main_thread().name]
