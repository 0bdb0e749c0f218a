"""The program by keys alone, as the system sends them: draw, train, compare, read, and see where the keys go."""

from __future__ import annotations

from itertools import pairwise
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.config import TrainingConfig
from engine.dataset import empty_dataset
from engine.experiment import Experiment
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.dialogs.palette import Palette
from gui.editing import training_thread
from gui.keyboard import region_of
from gui.main_window import MainWindow
from tests.gui.conftest import MakeStill, MakeWindow, small_experiment, wait_for_epochs, wait_for_state

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """An empty plane in a window that has the keyboard, as after the start."""
    window = make_window(Experiment(empty_dataset(), (TrainingConfig(hidden_layers=(4,), validation_fraction=0.0),)))
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    return window


def press(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(window.windowHandle(), key, modifiers)


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def go_to(window: MainWindow, region: str) -> None:
    """By F6."""
    for _ in range(8):
        if region_of(focus()) == region:
            return
        press(window, Key.Key_F6)
    pytest.fail(f"F6 does not reach {region}")


def draw(window: MainWindow) -> None:
    """Two points of each of two classes, at four places: the arrow keys go there, Enter draws."""
    press(window, Key.Key_B)
    for digit, way, steps in ((Key.Key_1, Key.Key_Left, 3), (Key.Key_2, Key.Key_Right, 6)):
        press(window, digit)
        press(window, way, Modifier.ShiftModifier, steps)
        press(window, Key.Key_Return)
        press(window, Key.Key_Up, Modifier.ShiftModifier, 2)
        press(window, Key.Key_Return)


def test_drawing_training_comparing_and_reading_need_no_mouse(qtbot: QtBot, window: MainWindow) -> None:
    go_to(window, "canvas")
    draw(window)
    dataset = window.session.experiment.dataset
    assert sorted(dataset.labels.tolist()) == [0, 0, 1, 1]
    wait_for_state(qtbot, window, RunState.READY)
    press(window, Key.Key_Space)
    wait_for_epochs(qtbot, window, 3)
    press(window, Key.Key_Space)
    wait_for_state(qtbot, window, RunState.PAUSED)
    press(window, Key.Key_P, Modifier.ControlModifier | Modifier.ShiftModifier)
    (palette,) = window.findChildren(Palette)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is palette.field)
    QTest.keyClicks(palette.field, "compare sigmoid")
    press(palette, Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.session.experiment.lanes) == 3)
    window.activateWindow()  # a desktop does so when a dialog closes
    QTest.qWaitForWindowActive(window)
    go_to(window, "canvas")
    wait_for_state(qtbot, window, RunState.READY)
    press(window, Key.Key_Space)
    wait_for_epochs(qtbot, window, 3)
    press(window, Key.Key_Space)
    wait_for_state(qtbot, window, RunState.PAUSED)
    press(window, Key.Key_Left)
    qtbot.waitUntil(lambda: any("%" in label.text() for label in window.status_bar.findChildren(QLabel)))
    assert any(character.isdigit() for character in window.gradient_plot.accessibleDescription())


def test_training_that_is_asked_for_while_the_engine_is_loaded_is_not_promised_for_another_run(
    make_still: MakeStill,
) -> None:
    window = make_still(1280, 720)
    train, said = window.actions_by_name[Action.TRAIN], window.run_bar.findChild(QLabel, "run_message")
    assert said is not None
    train.trigger()
    assert "begins as soon" in said.text()
    window.session.open(small_experiment(20))
    assert (train.text(), said.text()) == ("&Train", "Loading the training engine …")
    train.trigger()
    assert "begins as soon" in said.text(), "asked for again, it comes after the start"


def test_training_that_is_asked_for_while_the_engine_is_loaded_begins_when_it_is(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = Event()
    monkeypatch.setattr(training_thread, "preload", may_load.wait)
    try:
        window = make_window(wait=False)
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        train, said = window.actions_by_name[Action.TRAIN], window.run_bar.findChild(QLabel, "run_message")
        assert said is not None
        shown = []
        for _ in range(3):  # asked for, taken back, asked for again
            press(window, Key.Key_Space)
            shown.append((train.text(), said.text()))
        assert shown[0] == shown[2] == ("&Pause", "Training begins as soon as the engine is loaded …")
        assert shown[1] == ("&Train", "Loading the training engine …")
    finally:
        may_load.set()
    wait_for_epochs(qtbot, window, 1)
    assert window.session.snapshot.state is RunState.RUNNING
    assert train.text() == "&Pause"


def picture(window: MainWindow, widget: QWidget) -> bytes:
    """The pixels of a widget, with what the style draws around it."""
    area = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-4, -4, 4, 4)
    return bytes(window.grab(area & window.rect()).toImage().constBits())


def test_it_is_seen_where_the_keys_go_at_every_stop_of_the_tab_key(window: MainWindow) -> None:
    go_to(window, "settings")
    go_to(window, "canvas")
    seen, unseen = list[str](), list[str]()
    for _ in range(80):
        stop = focus()
        with_focus = picture(window, stop)
        press(window, Key.Key_Tab)
        QCoreApplication.processEvents()
        (seen if picture(window, stop) != with_focus else unseen).append(stop.objectName() or type(stop).__name__)
        if focus() is window.canvas:
            break
    assert focus() is window.canvas
    assert len(seen) > 30
    assert unseen == []


def test_the_tab_key_goes_through_the_settings_from_top_to_bottom(window: MainWindow) -> None:
    go_to(window, "settings")
    panel = window.findChild(QWidget, "side_panel")
    assert panel is not None
    places: list[tuple[int, int]] = []
    while region_of(focus()) == "settings":
        if panel.isAncestorOf(focus()):  # beside it is the strip that folds it
            corner = focus().mapTo(panel, QPoint())
            places.append((corner.y() + focus().height() // 2, corner.x()))
        press(window, Key.Key_Tab)
    assert len(places) > 12
    steps = [(down - up, right - left) for (up, left), (down, right) in pairwise(places)]
    assert [step for step in steps if step[0] < -12 or (abs(step[0]) <= 12 and step[1] < 0)] == []
