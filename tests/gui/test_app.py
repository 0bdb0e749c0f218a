from __future__ import annotations

import gc
from typing import cast

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import app
from gui.app import OncePainted, collect
from gui.main_window import MainWindow
from gui.menus import make_actions
from gui.run.run_bar import RunBar
from gui.system.preferences import FIRST_SPEED, Preferences
from main import parser


class Painted(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.times: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.times.append("painted")


def test_what_waits_for_the_first_paint_comes_after_it_and_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "UNSEEN_MILLISECONDS", 600_000)
    widget = Painted()
    qtbot.addWidget(widget)
    OncePainted(widget, lambda: widget.times.append("called"))
    widget.show()
    qtbot.waitUntil(lambda: "called" in widget.times)
    widget.update()
    qtbot.waitUntil(lambda: widget.times.count("painted") > 1)
    qtbot.wait(50)
    assert widget.times[:2] == ["painted", "called"]
    assert widget.times.count("called") == 1


def test_what_is_never_painted_does_not_keep_it_waiting(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "UNSEEN_MILLISECONDS", 10)
    widget, calls = QWidget(), list[QObject]()
    qtbot.addWidget(widget)
    OncePainted(widget, lambda: calls.append(widget))
    qtbot.waitUntil(lambda: bool(calls))


def test_nothing_is_called_for_a_window_that_is_gone(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "UNSEEN_MILLISECONDS", 10)
    widget, calls = QWidget(), list[str]()
    OncePainted(widget, lambda: calls.append("called"))
    widget.deleteLater()
    qtbot.wait(100)
    assert not calls


def test_what_a_library_brings_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()
    collected: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr("gui.app.LIBRARY_OBJECTS", 1000)
        patch.setattr(gc, "collect", collected.append)
        collect(0)
        brought = [[number] for number in range(5000)]
        collect(1)
    frozen = gc.get_freeze_count()
    gc.unfreeze()

    assert collected == [0]
    assert frozen >= len(brought)


def test_the_speed_is_that_of_a_film_at_first_and_then_the_one_that_was_chosen_last(qtbot: QtBot) -> None:
    holder, speeds = QWidget(), list[float | None]()
    qtbot.addWidget(holder)
    for arguments, chosen in (([], 100.0), (["--epochs", "9"], 3.0), ([], None), (["--train"], 1.0), ([], 10.0)):
        bar = RunBar(make_actions(holder), holder)  # which lives no longer than its actions
        bar.speed_chosen.connect(speeds.append)
        app.use_speed(bar, Preferences(), parser().parse_args(arguments))
        bar.use_speed(chosen)

    # a new bar is as fast as possible, and where a run is asked for nothing is said or remembered
    assert speeds == [FIRST_SPEED, 100.0, 3.0, 100.0, None, 1.0, 10.0]
    assert Preferences().speed == 10.0


@pytest.mark.parametrize(
    ("arguments", "rate"),
    [([], 0.0005), (["--dataset", "moons"], 0.0005), (["--epochs", "9"], 0.003), (["--learning-rate", "0.1"], 0.1)],
)
def test_only_a_run_that_is_watched_learns_slowly_by_itself(arguments: list[str], rate: float) -> None:
    asked = app.what_is_asked_for(parser().parse_args(arguments))
    assert asked.opened.experiment.lanes[0].learning_rate == rate


def test_the_first_steps_are_shown_once_and_to_nobody_who_has_asked_for_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(app, "OncePainted", lambda window, call: shown.append(window))
    window = cast(MainWindow, "window")
    for arguments in (
        ["a.csv"],
        ["--lab", "vanishing"],
        ["--train"],
        ["--epochs", "3"],
        ["--screenshot", "a.png"],
        ["--presentation"],
        [],
    ):
        app.greet(window, parser().parse_args(arguments), Preferences())
    assert shown == []  # not even without arguments where there is no screen
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    for _ in range(2):
        app.greet(window, parser().parse_args(["--theme", "dark"]), Preferences())
    assert shown == [window]
