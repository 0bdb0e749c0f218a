"""The real window, with the real engine on its own thread."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.compiled import cache
from engine.config import TrainingConfig
from engine.experiment import Experiment
from engine.run.snapshot import RunState
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.style.marz_style import MarzStyle
from gui.system.preferences import Preferences
from tests.gui.fonts import FAMILIES, own_font

MakeWindow = Callable[..., MainWindow]
MakeStill = Callable[..., MainWindow]
WORTH_COLLECTING = 10_000  # objects; a window leaves more
PATIENCE = 20_000  # milliseconds; the first window of a process imports torch


@pytest.fixture(autouse=True, scope="session")
def own_style_is_used(qapp: QApplication) -> None:
    """The controls look as in the program."""
    qapp.setStyle(MarzStyle())


@pytest.fixture(autouse=True)
def own_font_is_used(qapp: QApplication, request: pytest.FixtureRequest) -> None:
    """The window is as wide here as on any other machine."""
    use_font(qapp, str(request.config.getoption("--font")))


@pytest.fixture(params=list(FAMILIES))
def each_font(qapp: QApplication, request: pytest.FixtureRequest) -> str:
    """One font after the other; its name."""
    use_font(qapp, request.param)
    return str(request.param)


def use_font(application: QApplication, name: str) -> None:
    """Let widgets have a font of the tests, those to come and those there are."""
    font = own_font(name)
    if application.font() != font:
        application.setFont(font)


@pytest.fixture(autouse=True)
def no_compiler_is_started() -> Iterator[None]:
    """The code is there before the first test; a window that has it made would take the processor from the others."""
    yield
    assert cache._maker is None


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program: the collector runs on this thread only, lest it destroys Qt objects on another.

    After tests that leave next to nothing it does not run: it takes longer from test to test.
    """
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if gc.get_count()[0] > WORTH_COLLECTING:
        gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def buttons_are_released(qapp: QApplication) -> Iterator[None]:
    """A button that a test leaves pressed would change what the clicks of the next one are."""
    yield
    for button in QGuiApplication.mouseButtons():
        QTest.mouseRelease(QWidget(), button)
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton


def small_experiment(n_samples: int = 60, n_classes: int = 2) -> Experiment:
    """Two moons and a small network."""
    dataset = toy_datasets.make("moons", n_samples=n_samples, n_classes=n_classes, seed=1)
    return Experiment(dataset, (TrainingConfig(hidden_layers=(8, 8), batch_size=16),))


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Makes windows that are shown and whose engine is ready; closes them after the test."""
    windows: list[tuple[MainWindow, TrainingThread, Session]] = []

    def make(experiment: Experiment | None = None, *, wait: bool = True) -> MainWindow:
        thread = TrainingThread()
        session = Session(experiment or small_experiment(), thread)
        window = MainWindow(session, thread, Preferences())
        windows.append((window, thread, session))
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        session.start()
        thread.start()
        if wait:
            wait_for_state(qtbot, window, RunState.READY, RunState.BLOCKED)
        return window

    yield make
    for window, thread, session in windows:
        window.files.asks = False  # nobody would answer
        window.close()
        assert thread.wait(10_000)  # a window does not wait so long, but the next test must
        for thing in (window, session, thread):
            thing.deleteLater()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window on two moons, ready to train."""
    return make_window()


@pytest.fixture
def make_still(qtbot: QtBot) -> MakeStill:
    """Makes windows whose engine is never started, shown with a number of lanes at a size."""
    made: list[tuple[Session, TrainingThread]] = []

    def make(width: int, height: int, n_lanes: int = 1) -> MainWindow:
        thread, experiment = TrainingThread(), small_experiment()
        session = Session(with_lanes(experiment, n_lanes), thread)
        made.append((session, thread))
        window = MainWindow(session, thread, Preferences())
        window.remembers_layout = window.files.asks = False
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        QCoreApplication.processEvents()
        return window

    return make


def with_lanes(experiment: Experiment, n_lanes: int) -> Experiment:
    return replace(experiment, lanes=experiment.lanes * n_lanes)


def wait_for_state(qtbot: QtBot, window: MainWindow, *states: RunState) -> None:
    """Until the window shows one of the states."""
    qtbot.waitUntil(lambda: window.session.snapshot.state in states, timeout=PATIENCE)


def wait_for_epochs(qtbot: QtBot, window: MainWindow, epochs: int) -> None:
    """Until the window shows at least so many epochs."""

    def reached() -> bool:
        lanes = window.session.snapshot.lanes
        return bool(lanes) and lanes[0].epochs >= epochs

    qtbot.waitUntil(reached, timeout=PATIENCE)
