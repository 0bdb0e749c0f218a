"""Lanes in the real window: added, removed, edited, compared, undone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.config import Activation, Optimizer, TrainingConfig
from engine.errors import InputError
from engine.experiment import MAX_LANES, SHARED_SETTINGS, as_json, from_json, load, save
from engine.learning.metrics import Metrics
from engine.run.snapshot import RunState
from engine.studies.presets import vanishing_lab
from engine.training import Trainer
from gui.actions import Action
from gui.canvas.lane_fields import LaneTitle
from gui.main_window import MainWindow
from gui.paint.theme import chrome_of
from gui.text.names import lane_titles
from gui.text.numbers import loss
from gui.views import LabView
from gui.widgets.elided_label import ElidedLabel
from tests.gui.conftest import wait_for_epochs, wait_for_state
from tests.gui.snapshots import make_lane


def act(window: MainWindow, *names: str) -> None:
    for name in names:
        window.actions_by_name[name].trigger()


def lanes(window: MainWindow) -> tuple[TrainingConfig, ...]:
    return window.session.experiment.lanes


def button(window: MainWindow, lane: int) -> QToolButton:
    found = window.lane_bar.findChild(QToolButton, f"lane_{lane + 1}_button")
    assert isinstance(found, QToolButton)
    return found


def test_one_lane_has_no_bar_no_titles_and_one_field(window: MainWindow) -> None:
    assert not window.lane_bar.isVisible()
    assert window.workbench.fields.views == (window.canvas,)
    assert not [title for title in window.findChildren(LaneTitle) if title.isVisible()]


def test_one_click_compares_three_activations_and_one_undo_takes_it_back(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.experiment
    act(window, Action.COMPARE_ACTIVATIONS)
    assert [lane.activation for lane in lanes(window)] == [
        Activation.SIGMOID,
        Activation.RELU,
        Activation.LEAKY_RELU,
    ]
    assert [button(window, lane).text() for lane in range(3)] == ["Sigmoid", "ReLU", "Leaky ReLU"]
    assert not button(window, 3).isVisible()
    assert len(window.workbench.fields.views) == 3
    window.session.train(until=3)
    wait_for_epochs(qtbot, window, 3)
    assert len(window.session.snapshot.lanes) == 3
    act(window, Action.UNDO)
    assert window.session.experiment == before
    assert list(window.workbench.fields.views) == [window.canvas]


def test_the_lane_in_hand_is_the_one_whose_settings_are_shown_and_changed(window: MainWindow) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    button(window, 1).click()
    panel = window.control_panel
    assert panel.activation_box.choice() is Activation.RELU
    panel.boxes["learning_rate"].setValue(0.07)
    assert [lane.learning_rate for lane in lanes(window)] == pytest.approx([0.01, 0.07, 0.01])
    assert button(window, 1).text() == "ReLU, Learning Rate 0.07"
    act(window, Action.UNDO)
    assert {lane.learning_rate for lane in lanes(window)} == {0.01}


@pytest.mark.parametrize("name", SHARED_SETTINGS)
def test_what_lanes_must_share_changes_in_all_of_them(window: MainWindow, name: str) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    button(window, 2).click()
    values = {"seed": 77, "batch_size": 9, "validation_fraction": 0.4, "test_fraction": 0.1}
    window.control_panel.config_chosen.emit(replace(lanes(window)[2], **{name: values[name]}))  # type: ignore[arg-type]
    assert {getattr(lane, name) for lane in lanes(window)} == {values[name]}


def test_a_lane_is_duplicated_to_change_one_thing_and_removed_again(window: MainWindow) -> None:
    act(window, Action.DUPLICATE_LANE)
    assert len(lanes(window)) == 2
    assert button(window, 1).isChecked()
    window.control_panel.depth_box.setValue(5)
    assert [len(lane.hidden_layers) for lane in lanes(window)] == [2, 5]
    act(window, Action.REMOVE_LANE)
    assert [len(lane.hidden_layers) for lane in lanes(window)] == [2]
    assert not window.actions_by_name[Action.REMOVE_LANE].isEnabled()


def test_there_are_at_most_four_lanes(window: MainWindow) -> None:
    for _ in range(6):
        act(window, Action.DUPLICATE_LANE)
    assert len(lanes(window)) == MAX_LANES
    assert not window.actions_by_name[Action.DUPLICATE_LANE].isEnabled()


def test_all_fields_show_the_same_points_and_the_same_part_of_the_plane(qtbot: QtBot, window: MainWindow) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    window.resize(1500, 900)
    QTest.qWait(50)
    canvas, *others = window.workbench.fields.views
    window.canvas.camera.zoom(2.0)
    for view in others:
        assert view.plane.scale == pytest.approx(canvas.plane.scale)
        assert (view.plane.centre_x, view.plane.centre_y) == (canvas.plane.centre_x, canvas.plane.centre_y)
    others[0].camera.zoom(1.5)
    assert canvas.plane.scale == pytest.approx(others[0].plane.scale)
    assert others[1].plane.scale == pytest.approx(others[0].plane.scale)
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=window.canvas.rect().center())
    for view in others:
        assert view.dataset is window.session.experiment.dataset


def test_every_lane_shows_its_own_numbers_and_field(qtbot: QtBot, window: MainWindow) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    window.session.train(until=30)
    wait_for_state(qtbot, window, RunState.PAUSED)  # the first lane may be there earlier, and the curves behind it
    snapshot = window.session.snapshot
    assert all(lane.field is not None for lane in snapshot.lanes)
    pictures = {lane.field.pixels.tobytes() for lane in snapshot.lanes if lane.field is not None}
    assert len(pictures) == 3
    assert window.loss_plot.vertices() == len(snapshot.lanes[0].history) + int(
        snapshot.lanes[0].history[-1, 0] < snapshot.lanes[0].epochs
    )
    assert "Sigmoid" not in window.gradient_plot.verdict, "titles are painted, verdicts are sentences"
    assert window.gradient_plot.verdict.count("rule") == 3


def test_titles_name_what_differs_and_nothing_else() -> None:
    base = TrainingConfig(hidden_layers=(8, 8))
    deep = replace(base, hidden_layers=(8,) * 20, learning_rate=0.5)
    assert lane_titles((base, deep)) == ("Layers 2 × 8, Learning Rate 0.01", "Layers 20 × 8, Learning Rate 0.5")
    assert lane_titles((base, base)) == ("Lane 1", "Lane 2")
    assert lane_titles((base,)) == ("Lane 1",)
    assert lane_titles(vanishing_lab().lanes) == ("Sigmoid", "ReLU", "Leaky ReLU")


def test_the_rows_of_each_lane_lie_in_its_own_part_of_the_gradient_plot(qtbot: QtBot, window: MainWindow) -> None:
    act(window, "vanishing_lab")
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes) == 3, timeout=20_000)
    plot = window.gradient_plot
    qtbot.waitUntil(lambda: len(plot.rows(2)) == 21, timeout=20_000)  # once they are measured
    third = plot.width() / 3
    for lane in range(3):
        rows = [row for _, row in plot.rows(lane)]
        assert len(rows) == 21
        assert all(lane * third - 20 <= row.left() < row.right() <= (lane + 1) * third + 1 for row in rows)
        assert rows[-1].bottom() <= plot.height()
    assert plot.rows(0)[3][1].top() == plot.rows(2)[3][1].top()
    assert plot.rect().contains(QPointF(plot.rows(2)[20][1].center()).toPoint())


def test_fields_that_come_back_show_the_points_of_now(window: MainWindow) -> None:
    act(window, "vanishing_lab")
    act(window, Action.REMOVE_LANE)
    act(window, Action.REMOVE_LANE)
    act(window, "course_lab")
    dataset = window.session.experiment.dataset
    assert dataset.n_features == 30
    assert len(window.workbench.fields.views) == 3
    assert all(view.dataset is dataset for view in window.workbench.fields.views)


def test_the_status_bar_tells_of_the_lane_in_hand(qtbot: QtBot, window: MainWindow) -> None:
    act(window, "vanishing_lab")
    window.session.train(until=5)
    wait_for_state(qtbot, window, RunState.PAUSED)
    label = window.status_bar.findChild(QLabel, "status_loss")
    assert isinstance(label, QLabel)
    for number, lane in enumerate(window.session.snapshot.lanes):
        button(window, number).click()
        assert loss(lane.metrics.train_loss) in label.text()
        epoch = window.status_bar.findChild(QLabel, "status_epoch")
        assert isinstance(epoch, QLabel)
        assert epoch.text() == f"Lane {number + 1} · epoch 5"


def test_however_long_the_titles_of_lanes_are_the_window_stays_as_wide(window: MainWindow) -> None:
    act(window, "vanishing_lab")
    width = window.width()
    for rate in (0.1, 0.2):
        act(window, Action.DUPLICATE_LANE)
        config = replace(window.session.experiment.lanes[-1], learning_rate=rate, batch_norm=True, clip_norm=rate)
        window.control_panel.config_chosen.emit(replace(config, optimizer=Optimizer.NESTEROV))
    QApplication.processEvents()
    titles = lane_titles(window.session.experiment.lanes)
    assert max(map(len, titles)) > 60
    assert window.width() == width
    assert window.minimumSizeHint().width() <= 1284
    assert titles[-1] in button(window, len(titles) - 1).toolTip()


def test_probabilities_and_misclassified_points_are_those_of_the_lane_in_hand(qtbot: QtBot, window: MainWindow) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    window.session.train(40)
    wait_for_epochs(qtbot, window, 40)
    wait_for_state(qtbot, window, RunState.PAUSED)
    window.show()
    qtbot.mouseMove(window.canvas, QPoint(250, 250))
    qtbot.mouseMove(window.canvas, QPoint(260, 240))
    experiment, shown = window.session.experiment, window.status_bar.findChild(QLabel, "status_pointer")
    assert shown is not None
    place = window.canvas.plane.to_data(260, 240)
    for number in (2, 0, 1):
        button(window, number).click()
        trainer = Trainer(experiment.dataset, experiment.lanes[number])
        for _ in range(40):
            trainer.epoch()
        tenths = 1000 * trainer.probabilities([place])[0]

        def is_told(number: int = number, tenths: NDArray[np.float32] = tenths) -> bool:
            told = re.findall(r"([0-9.]+) %", shown.text())
            is_near = len(told) == 2 and np.allclose([10 * float(text) for text in told], tenths, atol=1.01)
            return bool(is_near) and f"lane {number + 1}: P(" in shown.text()

        qtbot.waitUntil(is_told)
        wrong = trainer.probabilities(experiment.dataset.points).argmax(axis=1) != experiment.dataset.labels
        with qtbot.waitSignal(window._selection.told) as signal:
            act(window, Action.SELECT_MISCLASSIFIED)
        np.testing.assert_array_equal(window.canvas.selection.mask, wrong)
        assert f"by lane {number + 1}" in str(signal.args[0])


def lines(window: MainWindow) -> dict[str, tuple[str, object]]:
    """Colour and style of each lane's curves, by its title."""
    titles = lane_titles(lanes(window))
    curves = [item for item in window.loss_plot._loss_plot.listDataItems() if item.isVisible()]
    pens = [curve.opts["pen"] for curve in curves[::2][: len(titles)]]
    return {title: (pen.color().name(), pen.style()) for title, pen in zip(titles, pens, strict=True)}


def colours_of(widget: QWidget) -> set[int]:
    """Of all pixels of a widget."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return set(np.frombuffer(picture.constBits(), dtype=np.uint32).tolist())


def test_a_lane_keeps_its_colour_and_its_dashes_when_others_go_and_come(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    act(window, Action.COMPARE_ACTIVATIONS)
    window.session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    before, icons = lines(window), [button(window, lane).icon().pixmap(26, 12).toImage() for lane in range(3)]
    assert len(set(before.values())) == 3
    button(window, 0).click()
    act(window, Action.REMOVE_LANE)
    window.session.train(until=2)
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes) == 2, timeout=20_000)
    wait_for_epochs(qtbot, window, 2)
    assert lines(window) == {title: line for title, line in before.items() if title != "Sigmoid"}
    assert [button(window, lane).icon().pixmap(26, 12).toImage() for lane in range(2)] == icons[1:]
    for view in (LabView.BARS, LabView.OVER_TIME):
        window.laboratory.panel.show_view(view)
        seen = colours_of(window.laboratory.panel)
        lanes_of_theme = [QColor(name).rgb() for name in chrome_of(window.palette()).lanes]
        assert [rgb in seen for rgb in lanes_of_theme[:3]] == [False, True, True], view
    save(tmp_path / "f.json", window.session.experiment)
    assert load(tmp_path / "f.json") == window.session.experiment
    act(window, Action.DUPLICATE_LANE)
    assert window.session.experiment.lane_colours == (1, 2, 0)
    act(window, Action.UNDO, Action.UNDO)
    assert window.session.experiment.lane_colours == (0, 1, 2)


def test_two_lanes_of_a_file_cannot_have_one_colour() -> None:
    for colours in ([1, 1], [0, 4], [-1], ["0"], [True]):
        table = as_json(vanishing_lab()) | {"lane_colours": colours}
        with pytest.raises(InputError, match="colour"):
            from_json(table)


@pytest.mark.usefixtures("each_font")
def test_the_numbers_of_a_lane_are_whole_in_a_narrow_field(qtbot: QtBot) -> None:
    title = LaneTitle()
    qtbot.addWidget(title)
    title.show_lane(make_lane(metrics=Metrics(1.0995, 1.0995, 0.333, 0.333)))
    title.show()
    label = title.findChildren(ElidedLabel)[-1]
    said = []
    for width in (400, 170):
        title.resize(width, 40)
        QApplication.processEvents()
        assert label.shown_text == label.text()
        said.append(label.text())
    assert said == ["Accuracy 33.3 % · loss 1.0995", "33.3 % · 1.0995"]
    assert said[0] in label.toolTip()
    title.show_lane(make_lane(metrics=Metrics(2e-4, 2e-4, 1.0, 1.0)))
    for width in range(170, 400, 10):  # numbers of different lengths are said alike
        title.resize(width, 40)
        said.clear()
        for metrics in (Metrics(2e-4, 2e-4, 1.0, 1.0), Metrics(1.0995, 1.0995, 0.333, 0.333)):
            title.show_lane(make_lane(metrics=metrics))
            said.append(label.text())
        assert len({text.startswith("Accuracy") for text in said}) == 1, width
