"""The surroundings of every test: no screen, one thread for torch, settings of its own, and no thread left behind."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# before Qt and torch are imported, and inherited by the processes that tests start
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MARZ_COMPILED", str(Path(__file__).parents[1] / ".compiled"))

import hypothesis
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QSettings, QThread
from xdist.scheduler import WorkStealingScheduling

from engine.compiled import cache

hypothesis.settings.register_profile("marz", deadline=None)  # a busy machine is not a failure
hypothesis.settings.load_profile("marz")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The tests of the window are run with any of their fonts: see ``tests/fonts``."""
    parser.addoption("--font", choices=("narrow", "middle", "wide"), default="wide", help="of the window under test")
    parser.addoption("--record-durations", action="store_true", help="write down what the tests of this run took")


DURATIONS = Path(__file__).with_name("durations.json")
"""Seconds that each test function took, all its parameters together, where that is worth writing down."""
WORTH_RECORDING, SLOW = 0.5, 1.0  # seconds
taken: defaultdict[str, float] = defaultdict(float)


def function_of(nodeid: str) -> str:
    """The test function, without parameters."""
    return nodeid.partition("[")[0]


@pytest.hookimpl(tryfirst=True)  # before those are left out that are marked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What took long when durations were recorded is marked as slow."""
    recorded = json.loads(DURATIONS.read_text())
    for item in items:
        if recorded.get(function_of(item.nodeid), 0) >= SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Setting up and clearing away count, too."""
    taken[function_of(report.nodeid)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Record durations, if that was asked for; with several workers the process that has started them does."""
    if session.config.getoption("--record-durations") and not hasattr(session.config, "workerinput"):
        worth = {name: round(seconds, 1) for name, seconds in sorted(taken.items()) if seconds >= WORTH_RECORDING}
        DURATIONS.write_text(json.dumps(worth, indent=1) + "\n")


PATIENCE = 2.0
"""Seconds a thread that was told to end may still take after its test."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WorkStealingScheduling:
    """Let a worker that has nothing left to do take tests of another: a second may hold a test, or a minute."""
    return WorkStealingScheduling(config, log)


@pytest.fixture(autouse=True, scope="session")
def compiled_code() -> None:
    """Have networks trained by compiled code, as they are where people use the program; one worker makes it."""
    if cache.has_compiler() and any(cache.stored(kind) is None for kind in cache.KINDS):
        subprocess.run([sys.executable, "-m", "engine.compiled.build"], check=True, cwd=cache.ROOT)


@pytest.fixture(autouse=True, scope="session")
def old_objects_are_set_aside() -> None:
    """Leave what was imported before the first test out of the searches and collections after each."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, logs and the home folder are the test's own, for the processes it starts too."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for settings_format in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(settings_format, scope, str(home / "settings"))


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test after which threads run that did not run before it."""
    before = running_threads()
    yield
    deadline = time.monotonic() + PATIENCE
    while (leaked := running_threads() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    if leaked:
        pytest.fail(f"threads left behind: {', '.join(sorted(leaked))}")


TASKS = Path("/proc/self/task")
known: tuple[set[int] | None, set[str]] = None, set()
"""The threads that the system had when they were searched for last, where it says, and those that were found."""


def running_threads() -> set[str]:
    """Every thread that runs Python code, whoever started it; and every running QThread that Python knows.

    The search looks at all objects, which takes longer from test to test: as long as the system has the same threads,
    nothing new can be found.
    """
    global known
    python = {f"Python thread {ident}" for ident in sys._current_frames()}
    if QCoreApplication.instance() is None:
        return python
    tasks = {int(task.name) for task in TASKS.iterdir()} if TASKS.exists() else None
    if tasks is None or tasks != known[0]:
        threads = (thing for thing in gc.get_objects() if QThread in type(thing).__mro__)
        known = tasks, {f"{type(t).__name__} at {id(t):#x}" for t in threads if shiboken6.isValid(t) and t.isRunning()}
    return python | known[1]
