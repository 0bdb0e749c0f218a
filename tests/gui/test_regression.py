"""Values in the real window: the same points as regression and as classification, and what each view says of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.data.targets import Target
from engine.experiment import Experiment, Obstacle
from engine.messages import message
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.main_window import MainWindow
from gui.text.sentences import OBSTACLES
from gui.views import VIEWS, LabView
from tests.gui.conftest import MakeWindow, wait_for_state

CONFIG = TrainingConfig(hidden_layers=(8,), batch_size=16, learning_rate=0.03)


def sine(n_samples: int = 80) -> Experiment:
    return Experiment(toy_datasets.make("sine", n_samples=n_samples, noise=0.3, seed=1), (CONFIG,))


def check_box(window: MainWindow) -> QCheckBox:
    found = window.dataset_panel.findChild(QCheckBox, "learns_values_box")
    assert isinstance(found, QCheckBox)
    return found


def text(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def trained(qtbot: QtBot, window: MainWindow, epochs: int = 40) -> None:
    has_values = window.session.experiment.dataset.has_values
    window.session.train(until=epochs)

    def is_done() -> bool:
        lanes = window.session.snapshot.lanes
        return bool(lanes) and lanes[0].has_values is has_values and lanes[0].epochs == epochs

    qtbot.waitUntil(is_done, timeout=20_000)


def row_of(window: MainWindow, name: str) -> bool:
    box = window.control_panel.findChild(QWidget, name)
    assert isinstance(box, QWidget)
    return not box.isHidden()


def test_one_click_shows_the_same_points_as_regression_and_as_classification(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(Experiment(toy_datasets.make("moons", n_samples=60), (CONFIG,)))
    points, box = window.session.experiment.dataset.points, check_box(window)
    assert not box.isChecked()
    shown = {name: row_of(window, name) for name in ("output_box", "loss_box", "value_loss_box")}
    assert shown == {"output_box": True, "loss_box": True, "value_loss_box": False}
    for is_values in (True, False):
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() / 2)
        assert window.session.experiment.dataset.has_values is is_values
        np.testing.assert_array_equal(window.session.experiment.dataset.points, points)
        trained(qtbot, window)
        assert ("R²" in text(window, "status_accuracy")) is is_values
        assert row_of(window, "value_loss_box") is is_values
        assert row_of(window, "loss_box") is not is_values
    assert window.session.undo_stack.undoText() == "Learn Classes"
    window.session.undo_stack.undo()
    assert check_box(window).isChecked()
    window.session.undo_stack.undo()
    assert not check_box(window).isChecked()


def test_the_plane_the_numbers_and_the_pointer_tell_the_learned_curve(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(sine())
    trained(qtbot, window, 60)
    (lane,) = window.session.snapshot.lanes
    assert text(window, "status_accuracy") == (
        f"R² {lane.metrics.train_r2:.3f} | {lane.metrics.validation_r2:.3f} val."
    )
    headline = window.laboratory.panel.loss_plot.headline
    assert headline.accessibleDescription().startswith("R²")
    assert "RMSE" in headline.accessibleDescription()
    qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].field is not None)
    field = window.session.snapshot.lanes[0].field
    assert field is not None
    assert field.is_curve
    ends = field.boundary.reshape(-1, 2)
    is_apart = (ends[:, 0] < window.session.experiment.dataset.points[:, 0].min() - 0.08) & (np.abs(ends[:, 1]) < 1)
    x, y = ends[is_apart][is_apart.sum() // 2]  # where no point is
    picture, plane = window.canvas.grab().toImage(), window.canvas.plane
    (place,) = plane.to_pixels(np.array([[x, y]]))
    ratio = picture.devicePixelRatio()
    colours = [
        QColor(picture.pixel(round(place[0] * ratio), round(place[1] * ratio) + offset)).lightness()
        for offset in range(-2, 3)
    ]
    assert min(colours) < 128, "the curve, dark on the light ground"
    window.session.sight.use_pointer((float(x), float(y)))
    qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].pointer is not None)
    found = window.session.snapshot.lanes[0].pointer
    assert found is not None
    assert found[0] == pytest.approx(y, abs=0.02)


def test_views_of_classes_say_that_there_are_none_and_come_back_with_them(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(sine())
    trained(qtbot, window)
    panel = window.laboratory.panel
    for has_values in (True, False):
        if not has_values:
            check_box(window).click()
            trained(qtbot, window)
        for name in LabView:
            if name is LabView.TABLE:
                continue
            panel.show_view(name)
            frame = panel.frames[name]
            note = frame.findChild(QLabel, "no_classes")
            assert isinstance(note, QLabel)
            assert note.isHidden() is not (has_values and VIEWS[name].of_classes), name
            assert not panel.grab().isNull()


def test_what_needs_classes_is_told_of_in_a_sentence(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(sine())
    trained(qtbot, window)
    window.actions_by_name[Action.SELECT_MISCLASSIFIED].trigger()
    assert window.status_bar.words == "Values are learned: no point is of a wrong class."
    dataset = window.session.experiment.dataset
    one_x = replace(dataset, points=np.column_stack([np.zeros(len(dataset)), dataset.points[:, 1]]))
    window.session.edit(window.session.experiment.with_dataset(one_x), message("One x"))
    wait_for_state(qtbot, window, RunState.BLOCKED)
    assert OBSTACLES[Obstacle.ONE_X] in text(window, "run_message")


def test_points_of_many_features_have_no_values_to_learn(make_window: MakeWindow) -> None:
    window = make_window(Experiment(replace(sine().dataset, target=Target.CLASSES), (CONFIG,)))
    assert check_box(window).isEnabled()
    window.actions_by_name["course_lab"].trigger()
    assert not check_box(window).isEnabled()
