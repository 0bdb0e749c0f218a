"""The real window, trained by the real engine on its own thread, drawn on with the real mouse."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMessageBox,
    QScrollArea,
    QSlider,
    QSpinBox,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.compiled import cache
from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment
from engine.messages import message
from engine.run.commands import Attend
from engine.run.snapshot import RunState
from engine.training import Trainer
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.paint.theme import DARK, Theme, apply_theme, chrome_of
from tests.gui.canvas.test_canvas import RIGHT, stroke
from tests.gui.conftest import MakeWindow, small_experiment, wait_for_epochs, wait_for_state

CONTRACT = (
    *("canvas", "control_panel", "run_bar", "train_button", "step_button", "reset_button", "activation_box"),
    *("depth_box", "width_box", "optimizer_box", "learning_rate_box", "seed_box", "dataset_box", "class_list"),
    *("loss_plot", "gradient_plot", "status_epoch", "status_loss"),
)


def button(window: MainWindow, name: str) -> QToolButton:
    found = window.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def text_of(window: MainWindow, name: str) -> str:
    found = window.findChild(QWidget, name)
    assert found is not None
    return str(found.property("text"))


def train(qtbot: QtBot, window: MainWindow) -> None:
    button(window, "train_button").click()
    wait_for_state(qtbot, window, RunState.RUNNING)


def pause(qtbot: QtBot, window: MainWindow) -> None:
    button(window, "train_button").click()
    wait_for_state(qtbot, window, RunState.PAUSED)


def test_every_name_of_the_contract_is_there_once(window: MainWindow) -> None:
    assert {name: len(window.findChildren(QObject, name)) for name in CONTRACT} == dict.fromkeys(CONTRACT, 1)


def test_train_pause_resume_step_and_reset_are_acknowledged(qtbot: QtBot, window: MainWindow) -> None:
    assert button(window, "train_button").text() == "Train"
    train(qtbot, window)
    assert button(window, "train_button").text() == "Pause"
    assert not button(window, "step_button").isEnabled()
    wait_for_epochs(qtbot, window, 3)
    pause(qtbot, window)
    assert button(window, "train_button").text() == "Resume"
    epochs = window.session.snapshot.lanes[0].epochs
    qtbot.wait(60)
    assert window.session.snapshot.lanes[0].epochs == epochs, "a paused run stands still"

    button(window, "step_button").click()
    wait_for_epochs(qtbot, window, epochs + 1)
    wait_for_state(qtbot, window, RunState.PAUSED)
    assert window.session.snapshot.lanes[0].epochs == epochs + 1

    button(window, "reset_button").click()
    wait_for_state(qtbot, window, RunState.READY)
    assert window.session.snapshot.lanes[0].epochs == 0
    assert "Epoch 0 " in text_of(window, "status_epoch")


def test_reset_gives_the_same_curve_and_a_new_seed_another(qtbot: QtBot, window: MainWindow) -> None:
    def losses() -> list[float]:
        window.session.train(6)
        wait_for_epochs(qtbot, window, 6)
        wait_for_state(qtbot, window, RunState.PAUSED)
        return [float(loss) for loss in window.session.snapshot.lanes[0].history[:, 1]]

    first = losses()
    button(window, "reset_button").click()
    wait_for_state(qtbot, window, RunState.READY)
    second = losses()
    window.actions_by_name[Action.NEW_SEED].trigger()
    wait_for_state(qtbot, window, RunState.READY)
    third = losses()

    assert first == second
    assert first != third
    assert len(first) == 7


def test_the_window_trains_as_the_engine_alone_does(qtbot: QtBot, window: MainWindow) -> None:
    window.session.train(20)
    wait_for_epochs(qtbot, window, 20)
    wait_for_state(qtbot, window, RunState.PAUSED)
    experiment = window.session.experiment
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(20):
        trainer.epoch()

    lane = window.session.snapshot.lanes[0]
    assert lane.metrics == trainer.evaluate()
    assert lane.gradient_norms.tolist() == trainer.gradient_norms().tolist()
    assert f"{lane.metrics.train_loss:.4f}" in text_of(window, "status_loss")


def test_the_space_bar_trains_and_pauses_from_canvas_and_lists(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    # over the plane, where earlier tests may have left the pointer, the space bar may be held to move it
    window.canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    for focus in (window.canvas, window.control_panel.activation_box, window.gradient_plot):
        focus.setFocus()
        qtbot.keyClick(focus, Qt.Key.Key_Space)
        wait_for_state(qtbot, window, RunState.RUNNING)
        qtbot.keyClick(focus, Qt.Key.Key_Space)
        wait_for_state(qtbot, window, RunState.PAUSED)


def test_a_stroke_while_training_is_learned_at_once_and_the_run_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 5)
    run = window.session.run_id
    before = window.session.experiment
    stroke(qtbot, window.canvas, (100, 100), (180, 120), (300, 140))
    added = len(window.session.experiment.dataset) - len(before.dataset)
    epochs = window.session.snapshot.lanes[0].epochs
    wait_for_epochs(qtbot, window, epochs + 20)

    assert added > 3
    assert window.session.run_id == run
    assert window.session.snapshot.state is RunState.RUNNING
    assert window.session.undo_stack.undoText() == f"Draw {added} points (Blue)"
    pause(qtbot, window)
    # the norms on screen are those over the new points
    experiment, lane = window.session.experiment, window.session.snapshot.lanes[0]
    assert np.isfinite(lane.gradient_norms).all()
    assert lane.metrics.train_accuracy * np.sum(
        ~experiment.dataset.validation_mask(experiment.lanes[0].validation_fraction)
    ) == pytest.approx(round(lane.metrics.train_accuracy * np.sum(~experiment.dataset.validation_mask(0.2))))


def test_a_move_of_a_stroke_shows_the_points_and_leaves_the_settings_alone(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, shown = window.session, list[TrainingConfig]()
    monkeypatch.setattr(window.control_panel, "show_config", shown.append)
    dataset = session.experiment.dataset.with_points(np.zeros((1, 2)), 0)
    session.draft(dataset)

    assert window.canvas.dataset is dataset
    assert not shown
    session.commit_draft(message("Draw"))
    session.edit(session.experiment.with_lane(0, replace(session.experiment.lanes[0], l2=0.5)), message("L2"))
    assert [config.l2 for config in shown] == [0.5]


def test_one_stroke_is_one_undo_step_with_its_name_and_undo_restores_exactly(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.experiment
    window.actions_by_name["class_2"].trigger()
    stroke(qtbot, window.canvas, (100, 100), (200, 130))
    after = window.session.experiment
    added = len(after.dataset) - len(before.dataset)
    stroke(qtbot, window.canvas, (100, 100), (200, 130), button=RIGHT)

    undo = window.actions_by_name[Action.UNDO]
    assert "Erase" in undo.text()
    undo.trigger()
    assert window.session.experiment == after
    assert undo.text() == f"&Undo Draw {added} points (Orange)"
    undo.trigger()
    assert window.session.experiment == before
    assert not undo.isEnabled()
    window.actions_by_name[Action.REDO].trigger()
    assert window.session.experiment == after


@pytest.mark.parametrize("keys", ["Ctrl+Y", "Ctrl+Shift+Z"])
def test_undo_and_redo_by_key(qtbot: QtBot, window: MainWindow, keys: str) -> None:
    window.activateWindow()
    stroke(qtbot, window.canvas, (100, 100), (110, 100))
    after = window.session.experiment
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.experiment != after
    qtbot.keySequence(window.canvas, QKeySequence(keys))
    assert window.session.experiment == after


def test_undo_during_a_stroke_waits(qtbot: QtBot, window: MainWindow) -> None:
    stroke(qtbot, window.canvas, (100, 100), (200, 100))
    after = window.session.experiment
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    window.actions_by_name[Action.UNDO].trigger()
    qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))

    assert len(window.session.experiment.dataset) == len(after.dataset) + 1


def test_about_tells_what_trains_the_run(window: MainWindow) -> None:
    window.actions_by_name[Action.ABOUT].trigger()

    (box,) = window.findChildren(QMessageBox)
    assert f"This run: {'compiled code' if cache.has_compiler() else 'torch'}." in box.text()
    box.close()


def test_number_keys_choose_the_class_and_letters_the_tool(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_2)
    qtbot.keyClick(window.canvas, Qt.Key.Key_S)
    assert (window.canvas.hand.label, window.canvas.hand.tool) == (1, Tool.SPRAY)
    qtbot.keyClick(window.canvas, Qt.Key.Key_7)
    assert window.canvas.hand.label == 1, "there is no class 7"
    radius = window.canvas.hand.radius
    qtbot.keyClick(window.canvas, Qt.Key.Key_BracketRight)
    assert window.canvas.hand.radius > radius


def test_single_keys_are_digits_in_a_number_field(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    depth = window.findChild(QSpinBox, "depth_box")
    assert depth is not None
    depth.setFocus()
    depth.selectAll()
    qtbot.keyClick(depth, Qt.Key.Key_2)
    qtbot.keyClick(depth, Qt.Key.Key_0)
    qtbot.keyClick(depth, Qt.Key.Key_Return)

    assert window.canvas.hand.label == 0
    assert len(window.session.experiment.lanes[0].hidden_layers) == 20


def test_a_change_of_the_network_starts_a_new_run_and_says_so(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 5)
    box = window.findChild(QComboBox, "activation_box")
    assert box is not None
    box.setCurrentText("Sigmoid")
    run = window.session.run_id
    assert run == 2
    assert "starts anew" in text_of(window, "run_message")
    wait_for_state(qtbot, window, RunState.RUNNING)
    assert window.session.experiment.lanes[0].activation is Activation.SIGMOID


def test_the_learning_rate_takes_effect_at_once_and_keeps_the_weights(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 5)
    run, epochs = window.session.run_id, window.session.snapshot.lanes[0].epochs
    window.control_panel.boxes["learning_rate"].setValue(1e-3)
    wait_for_epochs(qtbot, window, epochs + 5)

    assert window.session.run_id == run
    assert window.session.experiment.lanes[0].learning_rate == 1e-3


def test_adding_removing_and_renaming_a_class_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.experiment
    window.actions_by_name[Action.ADD_CLASS].trigger()
    assert window.session.experiment.dataset.n_classes == 3
    window._editor.rename_class(2, "Third")
    window._editor.remove_class(0)
    assert window.session.experiment.dataset.class_names == ("Orange", "Third")
    for _ in range(3):
        window.actions_by_name[Action.UNDO].trigger()
    assert window.session.experiment == before
    qtbot.waitUntil(lambda: window.session.snapshot.run_id == window.session.run_id)
    assert window.session.snapshot.state is RunState.READY


def test_a_name_that_is_taken_is_refused_with_a_sentence(window: MainWindow) -> None:
    before = window.session.experiment
    window._editor.rename_class(0, "Orange")

    assert window.session.experiment is before
    (box,) = window.findChildren(QMessageBox)
    assert "names must differ" in box.text()
    assert box.isVisible()
    box.close()

    tree = window.findChild(QTreeWidget, "class_list")
    assert tree is not None
    first = tree.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "Blue"


def test_there_are_two_to_ten_classes(window: MainWindow) -> None:
    for _ in range(12):
        window.actions_by_name[Action.ADD_CLASS].trigger()
    assert window.session.experiment.dataset.n_classes == 10
    assert not window.actions_by_name[Action.ADD_CLASS].isEnabled()
    for _ in range(12):
        window._editor.remove_class(0)
    assert window.session.experiment.dataset.n_classes == 2


def test_without_points_train_is_disabled_and_says_why(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(Experiment(empty_dataset(), (TrainingConfig(hidden_layers=(4,)),)))
    assert not button(window, "train_button").isEnabled()
    assert "no points" in text_of(window, "run_message")
    assert "no points" in button(window, "train_button").toolTip()

    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.waitUntil(lambda: "Only one class" in text_of(window, "run_message"))
    window.actions_by_name["class_2"].trigger()
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    wait_for_state(qtbot, window, RunState.READY)
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 20)


def test_clearing_while_training_stops_with_a_reason_and_undo_lets_it_go_on(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 5)
    window.actions_by_name[Action.CLEAR].trigger()
    wait_for_state(qtbot, window, RunState.BLOCKED)
    assert "no points" in text_of(window, "run_message")
    assert not window.session.snapshot.lanes, "nothing is claimed of points that are gone"
    window.actions_by_name[Action.UNDO].trigger()
    wait_for_state(qtbot, window, RunState.PAUSED)
    epochs = window.session.snapshot.lanes[0].epochs
    assert epochs >= 5
    train(qtbot, window)
    wait_for_epochs(qtbot, window, epochs + 5)


def test_a_diverged_run_says_at_which_step_and_reset_works(qtbot: QtBot, make_window: MakeWindow) -> None:
    experiment = small_experiment()
    wild = replace(
        experiment.lanes[0], activation=Activation.RELU, optimizer=Optimizer.SGD, learning_rate=1e6, batch_size=None
    )
    window = make_window(experiment.with_lane(0, wild))
    button(window, "train_button").click()
    wait_for_state(qtbot, window, RunState.DIVERGED)

    divergence = window.session.snapshot.lanes[0].divergence
    assert divergence is not None
    assert f"Diverged at step {divergence.step:,}: first non-finite" in text_of(window, "run_message")
    assert "last learning rate 1e+06" in text_of(window, "run_message")
    assert "last learning rate 1e+06" in window.gradient_plot.verdict
    assert "smaller learning rate" in text_of(window, "run_message")
    assert not button(window, "train_button").isEnabled()
    button(window, "reset_button").click()
    wait_for_state(qtbot, window, RunState.READY)
    window.control_panel.boxes["learning_rate"].setValue(0.01)
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 5)


def in_turn(*points: tuple[float, float]) -> Dataset:
    """Points of two classes by turns."""
    return Dataset(np.array(points, dtype=np.float32), np.arange(len(points)) % 2, ("a", "b"))


ODD_DATASETS = {
    "one point a class": in_turn((0, 0), (1, 1)),
    "all points equal": in_turn(*[(1, 1)] * 40),
    "far away": in_turn(*[(1e30, -1e30), (1.1e30, 1e30)] * 5),
    "ten classes": toy_datasets.make("spiral", n_samples=100, n_classes=10),
    "many points": toy_datasets.make("circles", n_samples=20_000, n_classes=3),
}


@pytest.mark.parametrize("name", ODD_DATASETS)
def test_odd_datasets_train_without_a_crash(qtbot: QtBot, make_window: MakeWindow, name: str) -> None:
    config = TrainingConfig(hidden_layers=(6,), batch_size=None, validation_fraction=0.0)
    window = make_window(Experiment(ODD_DATASETS[name], (config,)))
    window.canvas.fit()
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 3)
    pause(qtbot, window)
    window.canvas.grab()


def test_fifty_layers_of_128_show_their_bars_and_can_be_paused(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(
        small_experiment().with_lane(0, TrainingConfig(hidden_layers=(128,) * 50, activation=Activation.SIGMOID))
    )
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 2)
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes[0].gradient_norms) == 51, timeout=20_000)
    assert len(window.gradient_plot.rows()) == 51
    assert "vanishing" in window.gradient_plot.verdict
    pause(qtbot, window)


def test_slow_motion_is_an_epoch_a_second(qtbot: QtBot, window: MainWindow) -> None:
    slider = window.run_bar.findChild(QSlider, "speed_slider")
    assert slider is not None
    slider.setValue(1)  # three a second
    train(qtbot, window)
    started, first = time.monotonic(), window.session.snapshot.lanes[0].epochs
    wait_for_epochs(qtbot, window, first + 3)

    assert time.monotonic() - started > 0.6
    pause(qtbot, window)


def test_the_pointer_shows_exact_probabilities(qtbot: QtBot, window: MainWindow) -> None:
    window.session.train(30)
    wait_for_epochs(qtbot, window, 30)
    wait_for_state(qtbot, window, RunState.PAUSED)
    qtbot.mouseMove(window.canvas, QPoint(250, 250))
    qtbot.mouseMove(window.canvas, QPoint(260, 240))
    qtbot.waitUntil(lambda: "P(" in text_of(window, "status_pointer"))
    experiment = window.session.experiment
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(30):
        trainer.epoch()
    place = window.canvas.plane.to_data(260, 240)
    expected = trainer.probabilities([place])[0]
    qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].pointer is not None)

    def shown() -> bool:
        pointer = window.session.snapshot.lanes[0].pointer
        return pointer is not None and bool(np.allclose(pointer, expected, atol=1e-6))

    qtbot.waitUntil(shown)
    assert f"x {place[0]:.3f}" in text_of(window, "status_pointer")
    assert f"P(Blue) {100 * expected[0]:.1f} %" in text_of(window, "status_pointer")


def test_the_field_on_screen_is_what_the_network_says(qtbot: QtBot, window: MainWindow) -> None:
    window.session.train(40)
    wait_for_epochs(qtbot, window, 40)
    wait_for_state(qtbot, window, RunState.PAUSED)
    qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].field is not None)
    qtbot.wait(300)
    field = window.session.snapshot.lanes[0].field
    assert field is not None
    experiment = window.session.experiment
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(40):
        trainer.epoch()
    rows, columns = field.pixels.shape
    probabilities = trainer.probabilities(field.view.grid_points(rows, columns))
    blue = np.array([pixel & 0xFF for pixel in field.pixels.ravel().tolist()])
    sure_blue, sure_orange = probabilities[:, 0] > 0.9, probabilities[:, 1] > 0.9

    assert sure_blue.any()
    assert sure_orange.any()
    assert blue[sure_blue].min() > blue[sure_orange].max()
    middles = field.boundary.reshape(-1, 2, 2).mean(axis=1)
    on_boundary = trainer.probabilities(middles)
    assert np.abs(on_boundary[:, 0] - 0.5).max() < 0.05


def test_twenty_restarts_leave_one_run_and_no_trace(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    for _ in range(20):
        window.session.start(running=True)
    qtbot.waitUntil(lambda: window.session.snapshot.run_id == 21)
    wait_for_epochs(qtbot, window, 3)
    assert window.session.run_id == 21
    pause(qtbot, window)


def test_fifty_closes_while_training_end_the_worker_within_the_patience_of_the_window(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    for _ in range(50):
        window = make_window()
        window.session.train()
        wait_for_state(qtbot, window, RunState.RUNNING)

        assert window.close()
        assert window._thread.isFinished()


def test_no_frame_is_wrong_after_a_restart_with_more_classes(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    for n_classes in (3, 5, 2, 8, 2):
        dataset = toy_datasets.make("blobs", n_samples=80, n_classes=n_classes, seed=1)
        window.session.edit(window.session.experiment.with_dataset(dataset), message("New Sample"))
        run = window.session.run_id
        qtbot.waitUntil(lambda run=run: window.session.snapshot.run_id == run)  # type: ignore[misc]
    wait_for_epochs(qtbot, window, 3)


def test_a_broken_torch_leaves_a_window_that_draws_and_says_what_to_install(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    window = make_window(wait=False)
    wait_for_state(qtbot, window, RunState.UNAVAILABLE)
    before = len(window.session.experiment.dataset)
    stroke(qtbot, window.canvas, (100, 100), (200, 100))

    assert len(window.session.experiment.dataset) > before
    assert "pip install -r requirements.txt" in text_of(window, "run_message")
    assert not button(window, "train_button").isEnabled()


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit, KeyboardInterrupt, BaseException])
def test_an_error_in_the_engine_is_told_once_and_reset_goes_on(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise error("planted")

    told: list[str] = []
    window.failed.connect(lambda summary, details: told.append(summary + details))
    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "steps", fail)
        window.session.train()
        wait_for_state(qtbot, window, RunState.FAILED)
    assert len(told) == 1
    assert error.__name__ in told[0]
    assert "Traceback" in told[0]
    assert "points are safe" in text_of(window, "run_message")

    button(window, "reset_button").click()
    wait_for_state(qtbot, window, RunState.READY)
    train(qtbot, window)
    wait_for_epochs(qtbot, window, 3)


def test_the_window_fits_a_small_laptop_and_an_old_projector(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700
    for width, height in ((1366, 768), (1024, 768), (1920, 1080)):
        window.resize(width, height)
        QApplication.processEvents()
        assert (window.width(), window.height()) == (width, height)
        for view in (window.canvas, window.loss_plot, window.gradient_plot, window.run_bar, window.control_panel):
            corner = view.mapTo(window, QPoint(view.width(), 0))
            assert 0 < corner.x() <= width
            assert view.width() > 100


def test_the_left_column_is_not_cut_off(window: MainWindow) -> None:
    for box in window.control_panel.findChildren(QWidget):
        if box.isVisible() and (box.objectName().endswith("_box") or box.objectName() == "new_seed_button"):
            right = box.mapTo(window.control_panel, QPoint(box.width(), 0)).x()
            assert right <= window.control_panel.width()
    scroll = window.findChild(QScrollArea)
    assert scroll is not None
    assert window.control_panel.mapTo(scroll, QPoint(window.control_panel.width(), 0)).x() <= scroll.viewport().width()


def test_colours_change_live(qtbot: QtBot, window: MainWindow) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    light = window.grab().toImage().pixelColor(5, 5).lightness()
    try:
        window.actions_by_name[Action.THEME_DARK].trigger()
        qtbot.waitUntil(lambda: chrome_of(window.canvas.palette()) is DARK)
        assert window.grab().toImage().pixelColor(5, 5).lightness() < light - 100
        assert window._preferences.theme is Theme.DARK
        neutral = int(DARK.neutral[1:], 16) | 0xFF000000
        qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].field is not None)

        def field_is_dark() -> bool:
            field = window.session.snapshot.lanes[0].field
            return field is not None and field.view.neutral == (
                (neutral >> 16) & 255,
                (neutral >> 8) & 255,
                neutral & 255,
            )

        qtbot.waitUntil(field_is_dark)
    finally:
        apply_theme(application, Theme.LIGHT)


def test_what_can_be_focused_has_a_name_for_screen_readers_and_a_tip(window: MainWindow) -> None:
    nameless = []
    for widget in window.findChildren(QWidget):
        if (
            widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and not widget.objectName().startswith("qt_")
        ):
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is not None and not interface.text(QAccessible.Text.Name):
                nameless.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    assert nameless == []


def test_the_tab_key_goes_from_left_to_right_and_from_top_to_bottom_of_the_form(window: MainWindow) -> None:
    names = ["activation_box", "depth_box", "width_box", "initialization_box", "optimizer_box", "learning_rate_box"]
    boxes = [window.findChild(QWidget, name) for name in names]
    order = []
    start = widget = boxes[0]
    assert start is not None
    while True:
        assert widget is not None
        if widget.objectName() in names:
            order.append(widget.objectName())
        widget = widget.nextInFocusChain()
        if widget is start:
            break
    assert order == names


def test_the_view_is_sent_when_the_plane_moves(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    with monkeypatch.context() as recording:
        recording.setattr(window.session.sight, "_send", sent.append)
        window.canvas.camera.zoom(2)
        qtbot.waitUntil(lambda: any(isinstance(command, Attend) for command in sent))
    assert window.session.sight.attention.view == sent[-1].attention.view  # type: ignore[attr-defined]


def test_the_worker_is_told_what_painting_takes(qtbot: QtBot, window: MainWindow) -> None:
    sight = window.session.sight
    train(qtbot, window)
    qtbot.waitUntil(lambda: sight.attention.frame_seconds > 0, timeout=20_000)
    pause(qtbot, window)


def test_what_qt_paints_counts_as_painting(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, painting = list[int](), window.session.sight.painting

    def noted() -> AbstractContextManager[None]:
        counted.append(1)
        return painting()

    monkeypatch.setattr(window.session.sight, "painting", noted)
    window.canvas.update()
    qtbot.waitUntil(lambda: len(counted) > 0)


def test_a_button_that_was_reached_by_tab_keeps_the_space_bar(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    step = button(window, "step_button")
    step.setFocus()
    qtbot.keyClick(step, Qt.Key.Key_Space)
    wait_for_epochs(qtbot, window, 1)
    wait_for_state(qtbot, window, RunState.PAUSED)

    assert window.session.snapshot.lanes[0].epochs == 1


@pytest.mark.parametrize("name", ["new_seed", "clear", "add_class"])
def test_an_edit_by_key_during_a_stroke_finishes_the_stroke_first_as_a_step_of_its_own(
    qtbot: QtBot, window: MainWindow, name: str
) -> None:
    before = len(window.session.experiment.dataset)
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 300))
    qtbot.wait(80)
    window.actions_by_name[name].trigger()
    qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))

    assert window.session.undo_stack.count() == 2
    assert window.session.undo_stack.text(0) == "Draw 1 point (Blue)"
    window.actions_by_name[Action.UNDO].trigger()
    assert len(window.session.experiment.dataset) == before + 1


def test_a_pause_just_before_a_restart_is_not_lost(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    window.session.pause()
    window.control_panel.depth_box.setValue(5)
    qtbot.waitUntil(lambda: window.session.snapshot.run_id == 2)

    assert window.session.snapshot.state is RunState.READY


def test_edits_that_come_back_to_the_beginning_leave_no_step(window: MainWindow) -> None:
    window.control_panel.depth_box.setValue(5)
    window.control_panel.depth_box.setValue(2)

    assert window.session.undo_stack.count() == 0


def test_a_new_class_is_the_one_that_is_drawn(window: MainWindow) -> None:
    window.actions_by_name[Action.ADD_CLASS].trigger()

    assert window.canvas.hand.label == 2


def test_hovering_does_not_widen_the_window(qtbot: QtBot, window: MainWindow) -> None:
    width = window.minimumSizeHint().width()
    for label in range(2):
        window._editor.rename_class(label, "A class with quite a long name " + "ab"[label])
    qtbot.mouseMove(window.canvas, QPoint(250, 250))
    qtbot.mouseMove(window.canvas, QPoint(260, 240))
    qtbot.waitUntil(lambda: "P(A class" in text_of(window, "status_pointer"))

    assert window.minimumSizeHint().width() == width


def test_twenty_thousand_points_in_fifty_layers_of_128_can_be_paused_and_closed(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    dataset = toy_datasets.make("circles", n_samples=20_000, n_classes=3)
    window = make_window(Experiment(dataset, (TrainingConfig(hidden_layers=(128,) * 50, batch_size=None),)))
    window.session.train()
    wait_for_state(qtbot, window, RunState.RUNNING)
    qtbot.wait(300)
    window.session.pause()
    wait_for_state(qtbot, window, RunState.PAUSED, RunState.READY)


def test_an_output_that_does_not_fit_is_refused_with_a_sentence_that_stays(window: MainWindow) -> None:
    three = toy_datasets.make("blobs", n_samples=30, n_classes=3)
    window.session.edit(window.session.experiment.with_dataset(three), message("Three classes"))
    before = window.session.experiment

    window.control_panel.config_chosen.emit(replace(before.lanes[0], output=Output.SIGMOID))

    (box,) = window.findChildren(QMessageBox)
    assert box.text().startswith("Output is sigmoid for 3 classes")
    assert window.session.experiment == before
    box.close()
