"""Small matters of a session, as a student meets them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.config import Activation, ToyDataset
from engine.messages import message
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.files import questions
from gui.files.questions import Answer
from gui.layers.complaint_cards import ComplaintCards
from gui.main_window import MainWindow
from gui.run.curves import axis_ranges
from tests.gui.conftest import wait_for_epochs, wait_for_state
from tests.gui.test_main_window import button, text_of


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def test_each_choice_of_a_setting_is_a_step(window: MainWindow) -> None:
    box, config = window.control_panel.activation_box, window.session.experiment.lanes[0]
    wanted = [kind for kind in (Activation.SIGMOID, Activation.RELU, Activation.ELU) if kind is not config.activation]
    for kind in wanted:
        box.setCurrentIndex(list(Activation).index(kind))
    seen = []
    while window.session.undo_stack.canUndo():
        seen.append(window.session.experiment.lanes[0].activation)
        do(window, Action.UNDO)
    assert seen == wanted[::-1]
    assert window.session.experiment.lanes[0] == config


def test_new_and_then_moons_are_two_classes(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = window.dataset_panel
    panel.kind.setCurrentIndex(list(ToyDataset).index(ToyDataset.SPIRAL))
    panel.classes.setValue(3)
    assert window.session.experiment.dataset.n_classes == 3
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    do(window, Action.NEW)
    assert panel.classes.value() == 2
    panel.kind.setCurrentIndex(list(ToyDataset).index(ToyDataset.MOONS))
    assert window.session.experiment.dataset.n_classes == 2
    assert set(np.unique(window.session.experiment.dataset.labels)) == {0, 1}


def test_what_was_typed_for_the_next_sample_stays_while_one_draws(window: MainWindow) -> None:
    do(window, Action.NEW)
    window.dataset_panel.classes.setValue(4)
    dataset = window.session.experiment.dataset.with_points([(0.0, 0.0)], 0)
    window.session.edit(window.session.experiment.with_dataset(dataset), message("Draw"))
    assert window.dataset_panel.classes.value() == 4
    do(window, Action.ADD_CLASS)
    assert window.dataset_panel.classes.value() == 3


@pytest.mark.parametrize(
    ("name", "text"), [("train", "Starting …"), ("step", "Training one epoch …"), ("reset", "Resetting …")]
)
def test_an_order_says_at_once_that_it_was_heard(qtbot: QtBot, window: MainWindow, name: str, text: str) -> None:
    button(window, f"{name}_button").click()
    assert text_of(window, "run_message") == text
    qtbot.waitUntil(lambda: text_of(window, "run_message") != text, timeout=20_000)


def test_resuming_is_called_so(qtbot: QtBot, window: MainWindow) -> None:
    do(window, Action.STEP)
    wait_for_epochs(qtbot, window, 1)
    wait_for_state(qtbot, window, RunState.PAUSED)
    do(window, Action.TRAIN)
    assert text_of(window, "run_message") == "Resuming …"
    wait_for_state(qtbot, window, RunState.RUNNING)


def test_nothing_trains_behind_the_question_about_changes(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(window, Action.ADD_CLASS)
    do(window, Action.UNDO)
    do(window, Action.DUPLICATE_LANE)
    do(window, Action.TRAIN)
    wait_for_state(qtbot, window, RunState.RUNNING)

    def ask(*_: object) -> Answer:
        wait_for_state(qtbot, window, RunState.PAUSED)
        return Answer.CANCEL

    monkeypatch.setattr(questions, "ask_about_changes", ask)
    assert not window.close()
    assert "paused" in window.status_bar.currentMessage()


def test_without_points_nothing_can_be_shown_or_tried_and_the_reason_is_told(qtbot: QtBot, window: MainWindow) -> None:
    cards = window.laboratory.panel.view_of(ComplaintCards)
    buttons = [one for one in cards.findChildren(QPushButton) if one.text() in ("Show Me", "Try This")]
    assert len(buttons) == 8
    assert all(one.isEnabled() for one in buttons)
    tips = [one.toolTip() for one in buttons]
    do(window, Action.CLEAR)
    wait_for_state(qtbot, window, RunState.BLOCKED)
    assert not any(one.isEnabled() for one in buttons)
    assert all("There are no points yet" in one.toolTip() for one in buttons)
    do(window, Action.UNDO)
    wait_for_state(qtbot, window, RunState.READY)
    assert [one.toolTip() for one in buttons] == tips


def test_the_axes_of_the_last_run_do_not_stay(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    empty = axis_ranges(np.empty((0, 5)), False)
    window.session.train(until=60)
    wait_for_epochs(qtbot, window, 60)
    wait_for_state(qtbot, window, RunState.PAUSED)
    assert window.loss_plot._ranges != empty
    do(window, Action.NEW)
    wait_for_state(qtbot, window, RunState.BLOCKED)
    assert window.loss_plot._ranges == empty


def test_a_hover_text_goes_with_the_pointer_and_takes_no_sentence_with_it(window: MainWindow) -> None:
    bar, train = window.status_bar, button(window, "train_button")
    bar.clearMessage()
    QApplication.sendEvent(train, QStatusTipEvent("Train the network"))
    assert bar.words == "Train the network"
    QApplication.sendEvent(train, QStatusTipEvent(""))
    assert bar.words == ""
    QApplication.sendEvent(train, QStatusTipEvent("Train the network"))
    bar.showMessage("3 points selected.")
    QApplication.sendEvent(train, QStatusTipEvent(""))
    assert bar.words == "3 points selected."


def test_undo_of_what_began_a_new_run_brings_weights_and_curves_back(qtbot: QtBot, window: MainWindow) -> None:
    def seen() -> tuple[int, bytes]:
        (lane,) = window.session.snapshot.lanes
        return lane.steps, lane.history.tobytes()

    def wait(run: int, epochs: int) -> None:
        qtbot.waitUntil(lambda: window.session.snapshot.run_id == run, timeout=20_000)
        wait_for_epochs(qtbot, window, epochs)
        wait_for_state(qtbot, window, RunState.PAUSED if epochs else RunState.READY)

    window.session.train(20)
    wait(1, 20)
    first = seen()
    box = window.control_panel.activation_box
    box.setCurrentIndex(list(Activation).index(Activation.SIGMOID))
    assert "Undo brings the old one back" in text_of(window, "run_message")
    window.session.train(8)
    wait(2, 8)
    second = seen()
    do(window, Action.RESET)
    wait(3, 0)
    for name, run, epochs, there in (
        (Action.UNDO, 2, 8, second), (Action.UNDO, 1, 20, first), (Action.REDO, 2, 8, second),
    ):  # fmt: skip
        do(window, name)
        wait(run, epochs)
        assert seen() == there
        assert text_of(window, "run_message") == "The weights of before are back; paused."
        assert text_of(window, "train_button") == "Resume"
