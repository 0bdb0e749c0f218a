from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from engine.dataset import empty_dataset
from engine.learning.metrics import Metrics
from engine.run.snapshot import RunState, Snapshot
from gui.run.status_bar import DROPPED_FIRST, FIELDS, LONGEST_TIP, StatusBar
from gui.widgets.elided_label import ElidedLabel
from tests.gui.pictures import pixels
from tests.gui.snapshots import make_lane, make_snapshot

METRICS = Metrics(0.12341, 0.98765, 0.975, 0.5)
RUNNING = make_snapshot(RunState.RUNNING, make_lane(epochs=1234, steps=56789, metrics=METRICS), speed=321.4)


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    made = StatusBar()
    qtbot.addWidget(made)
    return made


def text(bar: StatusBar, name: str) -> str:
    label = bar.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_one_step_is_said_as_one(bar: StatusBar) -> None:
    bar.show_snapshot(make_snapshot(RunState.PAUSED, make_lane(epochs=1, steps=1, metrics=METRICS)))
    assert text(bar, "status_epoch") == "Epoch 1 · 1 step"


def test_it_shows_where_the_run_is(bar: StatusBar) -> None:
    bar.show_snapshot(RUNNING)
    assert text(bar, "status_epoch") == "Epoch 1,234 · 56,789 steps"
    assert text(bar, "status_loss") == "Loss 0.1234 | 0.9877 val."
    assert text(bar, "status_accuracy") == "Accuracy 97.5 % | 50.0 % val."
    assert text(bar, "status_speed") == "321 epochs/s"


def test_a_slow_run_has_a_decimal_and_a_run_that_rests_has_no_speed(bar: StatusBar) -> None:
    for speed, wanted in ((0.97, "1.0 epochs/s"), (2.5, "2.5 epochs/s"), (0.0, "")):
        bar.show_snapshot(make_snapshot(RunState.RUNNING, make_lane(), speed=speed))
        assert text(bar, "status_speed") == wanted


def test_without_validation_points_there_is_a_dash(bar: StatusBar) -> None:
    bar.show_snapshot(make_snapshot(RunState.READY, make_lane(metrics=Metrics(0.5, train_accuracy=1.0))))
    assert text(bar, "status_loss") == "Loss 0.5000 | – val."
    assert text(bar, "status_accuracy") == "Accuracy 100.0 % | – val."


def test_a_run_that_is_not_there_has_no_numbers(bar: StatusBar) -> None:
    bar.show_snapshot(RUNNING)
    bar.show_snapshot(make_snapshot(RunState.LOADING))
    assert [text(bar, name) for name in FIELDS] == [""] * len(FIELDS)


HERE, THERE = (0.12345, -1.0), (5.0, 2.0)


def at(place: tuple[float, float], *pointers: Sequence[float], is_distribution: bool = True) -> Snapshot:
    """A snapshot with the probabilities at a place, of each lane."""
    lanes = [make_lane(pointer=pointer, pointer_place=place, is_distribution=is_distribution) for pointer in pointers]
    return replace(make_snapshot(RunState.RUNNING), lanes=tuple(lanes))


def test_place_and_largest_probabilities_are_shown_in_the_order_of_classes_and_what_the_others_have(
    bar: StatusBar,
) -> None:
    bar.show_pointer(HERE, at(HERE, [0.1, 0.2, 0.65, 0.05]), empty_dataset(4))
    assert text(bar, "status_pointer").split("   ") == [
        "x 0.123", "y -1.000", "P(Blue) 10.0 %", "P(Orange) 20.0 %", "P(Green) 65.0 %", "others 5.0 %",
    ]  # fmt: skip


def test_without_a_network_the_place_is_shown_alone(bar: StatusBar) -> None:
    bar.show_pointer((1.0, 2.0), make_snapshot(RunState.LOADING), empty_dataset())
    assert text(bar, "status_pointer") == "x 1.000   y 2.000"


def test_probabilities_of_another_number_of_classes_are_of_an_old_run_and_not_shown(bar: StatusBar) -> None:
    bar.show_pointer(HERE, at(HERE, [0.5, 0.5]), empty_dataset(3))
    assert "%" not in text(bar, "status_pointer")


def test_of_several_lanes_the_probabilities_are_those_of_the_lane_in_hand_which_is_named(bar: StatusBar) -> None:
    snapshot = at(HERE, [0.9, 0.1], [0.25, 0.75])
    bar.show_pointer(HERE, snapshot, empty_dataset(), 1)
    assert text(bar, "status_pointer").endswith("lane 2: P(Blue) 25.0 %   P(Orange) 75.0 %")
    bar.show_pointer(HERE, snapshot, empty_dataset(), 0)
    assert text(bar, "status_pointer").endswith("lane 1: P(Blue) 90.0 %   P(Orange) 10.0 %")


def test_a_new_place_is_never_shown_beside_the_probabilities_of_the_old_one(qtbot: QtBot, bar: StatusBar) -> None:
    before = at(HERE, [0.9, 0.1])
    bar.show_pointer(HERE, before, empty_dataset())
    whole = text(bar, "status_pointer")
    assert "x 0.123" in whole
    bar.show_pointer(THERE, before, empty_dataset())
    assert text(bar, "status_pointer") == whole, "until the answer is here, all is of the place that is named"

    qtbot.waitUntil(lambda: text(bar, "status_pointer") != whole)
    assert text(bar, "status_pointer").split("   ") == ["x 5.000", "y 2.000", "P(Blue) …", "P(Orange) …"]
    bar.show_pointer((6.0, 2.0), before, empty_dataset())
    assert text(bar, "status_pointer").split("   ") == ["x 6.000", "y 2.000", "P(Blue) …", "P(Orange) …"]
    bar.show_pointer((6.0, 2.0), at((6.0, 2.0), [0.2, 0.8]), empty_dataset())
    assert text(bar, "status_pointer").split("   ") == ["x 6.000", "y 2.000", "P(Blue) 20.0 %", "P(Orange) 80.0 %"]


def test_answers_that_come_while_the_pointer_moves_are_shown_with_their_own_place(bar: StatusBar) -> None:
    bar.show_pointer((1.0, 1.0), at(HERE, [0.9, 0.1]), empty_dataset())
    assert text(bar, "status_pointer").split("   ")[:3] == ["x 0.123", "y -1.000", "P(Blue) 90.0 %"]
    bar.show_pointer((2.0, 1.0), at((1.0, 1.0), [0.3, 0.7]), empty_dataset())
    assert text(bar, "status_pointer").split("   ")[:3] == ["x 1.000", "y 1.000", "P(Blue) 30.0 %"]


def test_a_pointer_that_comes_back_elsewhere_does_not_find_what_it_left(bar: StatusBar) -> None:
    snapshot = at(HERE, [0.9, 0.1])
    bar.show_pointer(HERE, snapshot, empty_dataset())
    bar.show_pointer(None, snapshot, empty_dataset())
    bar.show_pointer(THERE, snapshot, empty_dataset())
    assert text(bar, "status_pointer").split("   ") == ["x 5.000", "y 2.000", "P(Blue) …", "P(Orange) …"]


def test_a_pointer_that_left_leaves_nothing_behind(bar: StatusBar) -> None:
    bar.show_pointer((1.0, 2.0), RUNNING, empty_dataset())
    bar.show_pointer(None, RUNNING, empty_dataset())
    assert text(bar, "status_pointer") == ""


def test_every_field_is_named_for_those_who_cannot_see_it_and_wide_enough_not_to_move(bar: StatusBar) -> None:
    for name, (meaning, template, widest) in FIELDS.items():
        label = bar.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        assert label.accessibleName() == meaning
        assert label.minimumWidth() >= label.fontMetrics().horizontalAdvance(template.format(**widest))
    bar.show_snapshot(RUNNING)
    for name in FIELDS:
        label = bar.findChild(QLabel, name)
        assert label is not None
        assert label.sizeHint().width() <= label.minimumWidth()


def test_class_names_in_the_status_bar_are_plain_text(bar: StatusBar) -> None:
    pointer = bar.findChild(QLabel, "status_pointer")
    assert isinstance(pointer, QLabel)
    assert pointer.textFormat() == Qt.TextFormat.PlainText


def test_a_sentence_of_the_moment_leaves_all_numbers_alone(bar: StatusBar) -> None:
    bar.resize(1500, 24)
    bar.show()
    bar.show_snapshot(RUNNING)
    bar.show_pointer(HERE, at(HERE, [0.2, 0.8]), empty_dataset())
    bar.showMessage("Saved.")
    for name in (*FIELDS, "status_pointer"):
        label = bar.findChild(QLabel, name)
        assert label is not None
        assert label.isVisible()
    assert text(bar, "status_message") == "Saved."
    bar.clearMessage()
    assert text(bar, "status_message") == ""


def test_a_sentence_is_written_in_its_own_place_only(bar: StatusBar) -> None:
    bar.resize(1300, 24)
    bar.show()
    before = pixels(bar)
    bar.showMessage("Saved. " * 40)
    message = bar.findChild(QLabel, "status_message")
    assert message is not None
    columns = np.flatnonzero((pixels(bar) != before).any(axis=0))
    assert len(columns)
    assert columns[0] >= message.x() + 6  # not at the edge of the window
    assert columns[-1] < message.x() + message.width()


def test_the_tip_of_a_widget_stands_over_what_is_told_and_gives_it_back(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = StatusBar()
    window.setStatusBar(bar)
    bar.follow(window)
    bar.showMessage("Saved.")
    for ends in (QStatusTipEvent(""), QEvent(QEvent.Type.WindowDeactivate), QEvent(QEvent.Type.Leave)):
        QApplication.sendEvent(window, QStatusTipEvent("Train the network"))
        assert text(bar, "status_message") == "Train the network"
        QApplication.sendEvent(window, ends)
        assert text(bar, "status_message") == "Saved."


def test_what_a_click_leads_to_is_told_although_the_pointer_is_still_on_the_button(bar: StatusBar) -> None:
    bar.show_tip("Remove the class")
    bar.showMessage("Blue and its 30 points are removed.")
    assert text(bar, "status_message") == "Blue and its 30 points are removed."
    bar.show_tip("Train the network")
    assert text(bar, "status_message") == "Train the network"
    bar.show_tip("")
    assert text(bar, "status_message") == "Blue and its 30 points are removed."


def test_a_tip_does_not_stay_for_ever(bar: StatusBar) -> None:
    bar.show_tip("Train the network")
    assert text(bar, "status_message") == "Train the network"
    timers = [timer for timer in bar.findChildren(QTimer) if timer.isActive() and timer.interval() == LONGEST_TIP]
    assert len(timers) == 1
    timers[0].timeout.emit()
    assert text(bar, "status_message") == ""


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("width", [837, 1000, 1366])
def test_no_number_is_cut_in_any_font(qtbot: QtBot, width: int) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(width, 24)
    bar.show()
    assert bar.minimumSizeHint().width() <= width
    for name, (_, template, widest) in FIELDS.items():
        label = bar.findChild(QLabel, name)
        assert label is not None
        if label.isVisible():
            assert label.geometry().right() < width
            assert label.width() >= label.fontMetrics().horizontalAdvance(template.format(**widest))
        else:
            assert name in DROPPED_FIRST


def test_of_place_and_sentence_the_one_that_says_nothing_leaves_its_room_to_the_other(
    bar: StatusBar, qtbot: QtBot
) -> None:
    bar.resize(bar.minimumSizeHint().width() + 100 * bar.fontMetrics().averageCharWidth(), bar.sizeHint().height())
    bar.show()
    pointer, message = (bar.findChild(ElidedLabel, name) for name in ("status_pointer", "status_message"))
    assert isinstance(pointer, ElidedLabel)
    assert isinstance(message, ElidedLabel)
    numbers = bar.findChild(QLabel, "status_epoch")
    assert isinstance(numbers, QLabel)
    QApplication.processEvents()
    at_rest = numbers.x()
    bar.show_pointer(HERE, at(HERE, [0.2, 0.8]), empty_dataset())
    qtbot.waitUntil(lambda: pointer.shown_text == pointer.text() != "")
    left = pointer.x()
    bar.showMessage("51 points selected.")
    qtbot.waitUntil(message.isVisible)
    assert pointer.isVisible()
    assert (pointer.x(), numbers.x()) == (left, at_rest)
    bar.show_pointer(None, at(HERE, [0.2, 0.8]), empty_dataset())
    qtbot.waitUntil(lambda: message.shown_text == message.text() and message.x() == left)
    assert not pointer.isVisible()
    assert numbers.x() == at_rest


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("width", [837, 944, 1284, 1366])
def test_beside_a_sentence_the_numbers_at_the_pointer_are_whole(bar: StatusBar, width: int) -> None:
    bar.resize(width, bar.sizeHint().height())
    bar.show()
    pointer, message = (bar.findChild(ElidedLabel, name) for name in ("status_pointer", "status_message"))
    assert pointer is not None
    assert message is not None
    bar.showMessage("A new run has started: fresh weights, same seed. " * 3)
    for place, shares in ((HERE, [0.2, 0.8]), ((-10.125, -10.25), [0.25, 0.75])):
        bar.show_pointer(place, at(place, shares), empty_dataset())
        QApplication.processEvents()
        assert pointer.shown_text == pointer.text() != ""
        assert len(message.shown_text) >= 12
        assert message.shown_text.endswith("…")
        numbers = bar.findChild(QLabel, "status_accuracy")
        assert numbers is not None
        assert numbers.isVisible()
        assert numbers.geometry().right() < width
    bar.clearMessage()
    bar.show_pointer(None, at(HERE, [0.2, 0.8]), empty_dataset())
    for name in ("status_epoch", "status_loss"):
        label = bar.findChild(QLabel, name)
        assert label is not None
        assert label.isVisible(), "what gave way is back"


def test_numbers_at_the_pointer_do_not_lay_the_bar_out_anew_while_a_sentence_stands_beside_them(bar: StatusBar) -> None:
    bar.resize(1284, bar.sizeHint().height())
    bar.show()
    bar.showMessage("Saved.")
    pointer = bar.findChild(ElidedLabel, "status_pointer")
    assert pointer is not None
    widths = []
    for shares in ([0.5, 0.5], [1.0, 0.0], [0.11, 0.89], [0.5, 0.5]):
        bar.show_pointer(HERE, at(HERE, shares), empty_dataset())
        widths.append(pointer.minimumWidth())
    assert widths == sorted(widths)
    bar.clearMessage()
    assert pointer.minimumWidth() == 0


def test_the_time_that_a_run_has_trained_is_shown_while_it_rests_too(bar: StatusBar) -> None:
    for state, seconds, wanted in (
        (RunState.READY, 0.0, ""),
        (RunState.RUNNING, 65.9, "trained 1:05"),
        (RunState.PAUSED, 3661.0, "trained 1:01:01"),
    ):
        bar.show_snapshot(replace(make_snapshot(state, make_lane()), training_seconds=seconds))
        assert text(bar, "status_elapsed") == wanted
