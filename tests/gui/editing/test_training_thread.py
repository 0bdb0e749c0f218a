"""The thread that trains ends when it is asked to, and is missed otherwise."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.compiled import cache
from engine.machines.kind import MachineKind
from engine.run.snapshot import RunState
from engine.run.worker import Worker
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from tests.gui.conftest import MakeWindow, wait_for_epochs, wait_for_state
from tests.gui.test_main_window import button, pause, text_of, train


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


ENDLESS = """
import os, sys, time
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from engine.compiled import build

def make():
    niceness = os.nice(0) if hasattr(os, "nice") else ""
    group = Path("/proc/self/autogroup")
    shared = group.read_text().split()[-1] if group.exists() else ""
    Path({log!r} + ".part").write_text(f"{{os.getpid()}} {{niceness}} {{shared}}")
    os.replace({log!r} + ".part", {log!r})
    time.sleep(600)

build.make = make
build.main()
"""


def test_a_compiler_that_never_ends_holds_nothing_up(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not cache.has_compiler():
        pytest.skip("there is no compiler")
    log = tmp_path / "log"
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "code"))
    monkeypatch.setattr(cache, "_loaded", {})
    monkeypatch.setattr(cache, "_maker", None)
    monkeypatch.setattr(cache, "PROGRAM", ENDLESS.format(log=str(log)))
    window: MainWindow = make_window()
    maker = cache._maker
    assert maker is not None
    qtbot.waitUntil(log.exists, timeout=20_000)
    process, *priority = log.read_text().split()
    try:
        train(qtbot, window)
        wait_for_epochs(qtbot, window, 5)
        pause(qtbot, window)
        (lane,) = window.session.snapshot.lanes
        assert lane.machine is MachineKind.TORCH
        assert not window.grab().isNull()
        assert cache.state() is cache.CodeState.IN_THE_MAKING
        window.files.asks = False
        window.close()
        assert not window.isVisible()
        assert maker.is_alive()
        if sys.platform != "win32":
            assert set(priority) == {"19"}, "others go first"
    finally:
        os.kill(int(process), 9)
        maker.join()
        monkeypatch.undo()
