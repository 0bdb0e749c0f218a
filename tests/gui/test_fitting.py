"""The laboratory Fit in the real window: overfit, be told, try remedies, undo all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.insight.fitting import FitState
from engine.insight.remedies import Cure
from engine.messages import Message
from engine.run.snapshot import RunState
from engine.studies.presets import fit_lab, fit_values_lab
from gui.actions import Action
from gui.fitting.fit_curves import FitCurves
from gui.fitting.lane_fit import fit_of
from gui.fitting.remedies import Remedies
from gui.main_window import MainWindow
from gui.paint.lane_view import LaneView
from gui.stage.deck import Deck
from gui.text.language import say
from gui.views import LabView
from gui.widgets import boxes
from tests.gui.conftest import MakeWindow, wait_for_state


def states(window: MainWindow) -> list[FitState]:
    lanes = zip(window.session.snapshot.lanes, window.session.experiment.lanes, strict=True)
    return [fit_of(LaneView(lane, config, "", 0)).verdict.state for lane, config in lanes]


def remedy_buttons(panel: Deck) -> dict[Cure, QToolButton]:
    return {cure: button for bar in panel.view_of(Remedies).bars.values() for cure, button in bar.buttons.items()}


def wait_until(qtbot: QtBot, window: MainWindow, epochs: int) -> None:
    session = window.session

    def is_there() -> bool:
        shown, lanes = session.snapshot, session.experiment.lanes
        is_paused = shown.state is RunState.PAUSED and shown.run_id == session.run_id
        return is_paused and [lane.epochs for lane in shown.lanes] == [epochs] * len(lanes)

    qtbot.waitUntil(is_there, timeout=30_000)


def train_to(qtbot: QtBot, window: MainWindow, epochs: int) -> None:
    window.session.train(epochs)
    wait_until(qtbot, window, epochs)


@pytest.mark.parametrize("option", ["fit_lab", "fit_values_lab"])
def test_one_click_shows_under_just_right_and_over(qtbot: QtBot, window: MainWindow, option: str) -> None:
    window.actions_by_name[option].trigger()
    assert window.laboratory.panel.view is LabView.FIT_CURVES
    wait_for_state(qtbot, window, RunState.READY)
    train_to(qtbot, window, 400 if option == "fit_lab" else 1000)
    wanted = [FitState.UNDERFITTING, FitState.JUST_RIGHT, FitState.OVERFITTING]
    qtbot.waitUntil(lambda: states(window) == wanted, timeout=5000)


def test_a_remedy_is_one_more_lane_trained_as_long_and_can_be_undone(qtbot: QtBot, make_window: MakeWindow) -> None:
    over = fit_lab()
    experiment = Experiment(over.dataset, over.lanes[2:])
    window = make_window(experiment)
    panel = window.laboratory.panel
    panel.show_view(LabView.FIT_CURVES)
    train_to(qtbot, window, 400)
    qtbot.waitUntil(lambda: states(window) == [FitState.OVERFITTING], timeout=5000)
    alone = window.session.snapshot.lanes[0].metrics

    button = panel.view_of(FitCurves).remedies.buttons[Cure.USE_L2]
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(qtbot, window, 400)
    first, second = window.session.snapshot.lanes
    assert first.metrics == alone
    assert window.session.experiment.lanes[1].l2 == 0.01
    assert second.metrics.validation_loss < first.metrics.validation_loss
    panel.show_view(LabView.REMEDIES)
    assert panel.view_of(Remedies).table.rowCount() == 3

    for cure in (Cure.WIDEN, Cure.USE_DROPOUT, Cure.DEEPEN):  # the last takes the place of the one before
        qtbot.mouseClick(remedy_buttons(panel)[cure], Qt.MouseButton.LeftButton)
    lanes = window.session.experiment.lanes
    assert lanes[0] == experiment.lanes[0]
    assert [lane.hidden_layers for lane in lanes] == [(32, 32), (32, 32), (64, 64), (32, 32, 32)]
    while window.session.undo_stack.canUndo():
        window.session.undo_stack.undo()
    assert window.session.experiment == experiment
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes) == 1, timeout=5000)
    assert window.session.snapshot.lanes[0].metrics == alone


def test_training_longer_goes_on_for_as_many_epochs_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    experiment = fit_values_lab()
    window = make_window(Experiment(experiment.dataset, experiment.lanes[:1]))
    panel = window.laboratory.panel
    panel.show_view(LabView.REMEDIES)
    train_to(qtbot, window, 30)
    qtbot.mouseClick(remedy_buttons(panel)[Cure.TRAIN_LONGER], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.snapshot.lanes[0].epochs == 60, timeout=10_000)
    row = panel.view_of(Remedies).table.verticalHeaderItem(0)
    assert row is not None
    assert row.text().startswith("Before\nepoch 30")


def test_curves_need_not_stand_beside_the_view_that_has_them(window: MainWindow) -> None:
    window.resize(1600, 1000)
    panel = window.laboratory.panel
    assert window.actions_by_name[Action.KEEP_CURVES].isChecked()
    panel.show_view(LabView.SLIDE)
    assert panel.loss_plot.isVisible()
    panel.show_view(LabView.FIT_CURVES)
    assert not panel.loss_plot.isVisible()


def test_more_data_early_stopping_and_the_way_back_are_one_press_each(qtbot: QtBot, make_window: MakeWindow) -> None:
    over = fit_lab()
    window = make_window(Experiment(over.dataset, over.lanes[2:]))
    panel = window.laboratory.panel
    panel.show_view(LabView.FIT_CURVES)
    train_to(qtbot, window, 200)
    qtbot.waitUntil(lambda: states(window) == [FitState.OVERFITTING], timeout=5000)
    lane = window.session.snapshot.lanes[0]

    qtbot.mouseClick(panel.view_of(FitCurves).best_button, Qt.MouseButton.LeftButton)
    wait_until(qtbot, window, lane.best_epoch or 0)
    assert window.session.snapshot.lanes[0].metrics.validation_loss == lane.best_loss
    window.session.undo_stack.undo()
    wait_until(qtbot, window, 200)
    assert window.session.snapshot.lanes[0].metrics == lane.metrics

    panel.show_view(LabView.REMEDIES)
    buttons = remedy_buttons(panel)
    qtbot.mouseClick(buttons[Cure.STOP_EARLY], Qt.MouseButton.LeftButton)
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot.state is RunState.PAUSED and len(session.snapshot.lanes) == 2)
    first, second = session.snapshot.lanes
    assert first.epochs == 200
    assert second.epochs == (lane.best_epoch or 0) + 20
    session.undo_stack.undo()
    wait_until(qtbot, window, 200)

    qtbot.mouseClick(buttons[Cure.MORE_DATA], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.snapshot.lanes[0].n_training > 1.8 * lane.n_training)
    wait_until(qtbot, window, 200)
    row = panel.view_of(Remedies).table.verticalHeaderItem(0)
    assert row is not None
    assert row.text().startswith(f"Before\nepoch 200, {lane.n_training} points")


def test_a_remedy_that_is_not_possible_is_told_and_changes_nothing(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(boxes, "tell", lambda *words: told.append(words[-1]))
    random = np.random.default_rng(0)
    points = random.normal(size=(60, 60)).astype(np.float32)
    many = Dataset(points, np.arange(60) % 2, ("A", "B"), projection=principal_plane(points))
    window = make_window(Experiment(many))
    session, treat = window.session, window.laboratory._treat
    train_to(qtbot, window, 1)
    state = session.state
    said: list[Message] = []
    session.told.connect(said.append)
    window._lanes.use_config(replace(window._lanes.config, patience=30))
    treat(Cure.STOP_EARLY)
    assert [say(each) for each in said] == ["This lane has that already, or as much of it as is possible."]
    session.undo_stack.undo()
    treat(Cure.MORE_FEATURES)
    assert "60 inputs become 1,890" in str(told.pop())
    monkeypatch.setattr("engine.dataset.MAX_POINTS", 100)
    treat(Cure.MORE_DATA)
    assert told
    assert (session.experiment, session.run_id) == (state.experiment, state.run)
    window.laboratory.panel.show_view(LabView.REMEDIES)
    assert window.laboratory.panel.view_of(Remedies).table.rowCount() == 1  # nothing was tried on the lane
    assert not session.undo_stack.canUndo()
