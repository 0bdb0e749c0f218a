"""The laboratory in the real window: three clicks to the comparison, the course's table, the matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QTableWidget, QToolButton
from pytestqt.qtbot import QtBot

from engine.config import Activation, Initialization, Optimizer, TrainingConfig
from engine.experiment import Obstacle
from engine.insight.diagnosis import DIAGNOSIS, ComplaintKind
from engine.insight.remedies import Cure
from engine.messages import message
from engine.run.snapshot import COSTS, RunState
from engine.studies.course_protocol import SLIDE
from engine.studies.grid import GridTask
from engine.studies.presets import PRESETS, Preset
from gui.actions import Action
from gui.layers.activation_lens import ActivationLens
from gui.layers.complaint_cards import ComplaintCards
from gui.layers.course_table import CourseTable
from gui.main_window import MainWindow
from gui.system.preferences import SMOOTHINGS, USUAL_SMOOTHING, Preferences
from gui.text.names import lane_titles
from gui.views import LabView
from gui.widgets.lane_box import LaneBox
from tests.gui.conftest import MakeStill, wait_for_epochs, wait_for_state
from tests.gui.snapshots import lane_views_of, make_lane, make_snapshot


def tab(window: MainWindow, view: LabView) -> QToolButton:
    found = window.laboratory.panel.findChild(QToolButton, f"{view.value}_tab")
    assert isinstance(found, QToolButton)
    return found


def test_three_clicks_lead_from_a_fresh_start_to_the_comparison(qtbot: QtBot, window: MainWindow) -> None:
    button = window.run_bar.findChild(QToolButton, "experiments_button")
    assert isinstance(button, QToolButton)
    menu = button.menu()
    assert menu is not None
    menu.actions()[0].trigger()  # the first click opens the menu, the second takes its first entry
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes) == 3, timeout=20_000)
    window.actions_by_name[Action.TRAIN].trigger()
    wait_for_epochs(qtbot, window, 150)
    accuracy = [lane.metrics.train_accuracy for lane in window.session.snapshot.lanes]
    assert accuracy[0] < 0.4
    assert min(accuracy[1:]) > 0.9
    assert "vanishing (rule" in window.gradient_plot.verdict


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.option)
def test_each_ready_made_experiment_is_opened_by_its_action(window: MainWindow, preset: Preset) -> None:
    action = window.actions_by_name[preset.name]
    assert action.text() == preset.label
    assert preset.tip in action.toolTip()
    action.trigger()
    assert window.session.experiment == preset.make()
    assert window.session.undo_stack.undoText() == preset.step
    button = window.run_bar.findChild(QToolButton, "experiments_button")
    assert isinstance(button, QToolButton)
    menu = button.menu()
    assert menu is not None
    assert action in menu.actions()


def test_one_click_leaves_a_ready_made_experiment(window: MainWindow) -> None:
    back, before = window.run_bar.findChild(QToolButton, "back_button"), window.session.experiment
    assert back is not None
    assert not back.isVisible()
    for _ in range(2):
        window.actions_by_name[PRESETS[0].name].trigger()
        assert back.isVisible()
        back.click()
        assert window.session.experiment == before
        assert not back.isVisible()


def test_points_are_sized_by_error_while_the_loss_laboratory_is_open(make_still: MakeStill) -> None:
    window = make_still(1280, 720)
    lab, sized = window.actions_by_name["loss_lab"], window.actions_by_name[Action.SIZE_POINTS]
    back = window.run_bar.findChild(QToolButton, "back_button")
    assert back is not None
    for leave in (back.click, window.actions_by_name[Action.UNDO].trigger):
        lab.trigger()
        assert sized.isChecked()
        leave()
        assert not sized.isChecked()
    sized.trigger()
    lab.trigger()
    back.click()
    assert sized.isChecked(), "as it was before"


def test_the_table_of_the_course_is_filled_by_the_run(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["course_lab"].trigger()
    panel = window.laboratory.panel
    assert panel.view is LabView.TABLE
    window.session.train(until=50)
    wait_for_epochs(qtbot, window, 50)
    qtbot.waitUntil(lambda: all(lane.diagnosis is not None for lane in window.session.snapshot.lanes))
    qtbot.wait(200)
    table = panel.view_of(CourseTable).findChild(QTableWidget)
    assert isinstance(table, QTableWidget)
    for row, (kind, lane) in enumerate(zip(SLIDE, window.session.snapshot.lanes, strict=True)):
        cells = [table.item(row, column).text().split("\n") for column in range(1, 5)]  # type: ignore[union-attr]
        assert cells[0] == [f"{SLIDE[kind].loss:.4f}", f"{lane.metrics.validation_loss:.4f}"]
        assert float(cells[1][1].removesuffix(" %")) == pytest.approx(100 * lane.metrics.validation_accuracy, abs=0.05)
        assert lane.diagnosis is not None
    assert table.item(0, 2).text() == "62.3 %\n62.3 %"  # type: ignore[union-attr]


def test_train_pauses_where_the_slide_did_and_then_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["course_lab"].trigger()
    state = window.laboratory.panel.view_of(CourseTable).findChild(QLabel, "course_state")
    assert isinstance(state, QLabel)
    window.actions_by_name[Action.TRAIN].trigger()
    qtbot.waitUntil(lambda: window.session.snapshot.state is RunState.PAUSED, timeout=60_000)
    assert [lane.epochs for lane in window.session.snapshot.lanes] == [50, 50, 50]
    qtbot.waitUntil(lambda: state.text() == "Epoch 50, that of the slide")
    window.actions_by_name[Action.TRAIN].trigger()
    qtbot.waitUntil(lambda: min(lane.epochs for lane in window.session.snapshot.lanes) > 60, timeout=60_000)
    window.session.pause()
    qtbot.waitUntil(lambda: "the slide’s numbers are of epoch 50" in state.text())


@pytest.mark.parametrize(("name", "separator"), [("text", "\t"), ("CSV", ","), ("Markdown", " | ")])
def test_the_table_is_copied(qtbot: QtBot, window: MainWindow, name: str, separator: str) -> None:
    window.actions_by_name["course_lab"].trigger()
    qtbot.waitUntil(lambda: len(window.session.snapshot.lanes) == 3, timeout=20_000)
    button = window.laboratory.panel.view_of(CourseTable).findChild(QToolButton, "copy_course_table")
    assert isinstance(button, QToolButton)
    menu = button.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == name).trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert "Activation" in lines[0]
    sigmoid = next(line for line in lines if "Sigmoid" in line)
    assert separator in sigmoid
    assert "0.6628" in sigmoid


def test_the_table_is_offered_only_for_the_experiment_of_the_course(window: MainWindow) -> None:
    assert not tab(window, LabView.TABLE).isVisible()
    window.actions_by_name["course_lab"].trigger()
    assert tab(window, LabView.TABLE).isVisible()
    window.actions_by_name[Action.UNDO].trigger()
    assert not tab(window, LabView.TABLE).isVisible()
    assert window.laboratory.panel.view is LabView.BARS


def test_the_slides_numbers_stand_only_beside_the_slides_experiment(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["course_lab"].trigger()
    table, state = window.laboratory.panel.view_of(CourseTable), window.session
    numbers, said = table.findChild(QTableWidget), table.findChild(QLabel, "course_state")
    assert numbers is not None
    assert said is not None
    own = state.experiment
    others = [
        (replace(own, lanes=tuple(replace(lane, hidden_layers=(30,) * 3) for lane in own.lanes)), "Layers"),
        (replace(own, lanes=tuple(replace(lane, validation_fraction=0.5) for lane in own.lanes)), "Validation Share"),
        (
            replace(own, lanes=(own.lanes[0], own.lanes[1], replace(own.lanes[2], optimizer=Optimizer.ADAM))),
            "Optimizer",
        ),
        (replace(own, lanes=(replace(own.lanes[0], activation=Activation.TANH), *own.lanes[1:])), "Activation"),
        (own.with_dataset(own.dataset.without(np.arange(len(own.dataset)) == 7)), "the points"),
    ]
    for experiment, name in others:
        state.edit(experiment, message("another"))
        assert numbers.isHidden()
        assert name in said.text()
        assert "brings it back" in said.text()
        assert len(said.text()) <= 300
        assert window.laboratory.pause_at() is None
        state.undo_stack.undo()
        assert not numbers.isHidden()
        assert window.laboratory.pause_at() == 50
    state.edit(replace(own, lanes=tuple(replace(lane, seed=77) for lane in own.lanes)), message("another seed"))
    assert not numbers.isHidden(), "the slide does not say its seed"
    qtbot.waitUntil(lambda: said.text() == "Epoch 0 of 50", timeout=20_000)


def test_layers_are_diagnosed_only_while_a_view_needs_it(qtbot: QtBot, window: MainWindow) -> None:
    assert window.session.snapshot.lanes[0].diagnosis is None
    window.actions_by_name["course_lab"].trigger()
    qtbot.waitUntil(lambda: any(lane.diagnosis for lane in window.session.snapshot.lanes), timeout=20_000)
    tab(window, LabView.BARS).click()
    qtbot.waitUntil(lambda: not any(lane.diagnosis for lane in window.session.snapshot.lanes), timeout=20_000)


def test_a_cell_of_the_matrix_is_opened_as_a_lane(window: MainWindow) -> None:
    window.laboratory.matrix_window.cell_chosen.emit(Activation.ELU, Initialization.HE_NORMAL)
    lanes = window.session.experiment.lanes
    assert len(lanes) == 2
    assert (lanes[1].activation, lanes[1].initialization) == (Activation.ELU, Initialization.HE_NORMAL)
    assert window.session.undo_stack.text(0) == "Add Lane ELU, He, normal"
    window.actions_by_name[Action.UNDO].trigger()
    assert len(window.session.experiment.lanes) == 1


@pytest.mark.parametrize("view", [view for view in LabView if view is not LabView.TABLE])
def test_every_view_shows_all_lanes_and_is_painted(qtbot: QtBot, window: MainWindow, view: LabView) -> None:
    window.actions_by_name["vanishing_lab"].trigger()
    window.laboratory.panel.show_view(view)
    window.session.train(until=20)
    wait_for_state(qtbot, window, RunState.PAUSED)
    panel = window.laboratory.panel
    assert panel.view is view
    assert not panel.grab().toImage().isNull()
    wanted = [DIAGNOSIS in panel.needs] * 3
    qtbot.waitUntil(
        lambda: [lane.diagnosis is not None for lane in window.session.snapshot.lanes] == wanted, timeout=20_000
    )
    if view is LabView.COMPLAINTS:
        assert "Sigmoid" in "".join(label.text() for label in panel.view_of(ComplaintCards).findChildren(QLabel))


def test_every_view_shows_a_network_without_hidden_layers(qtbot: QtBot, window: MainWindow) -> None:
    lanes = (TrainingConfig(hidden_layers=(), batch_norm=True, dropout=0.2), TrainingConfig(hidden_layers=(4,)))
    window.session.edit(replace(window.session.experiment, lanes=lanes), message("Lanes"))
    window.session.train(until=20)
    wait_for_state(qtbot, window, RunState.PAUSED)
    panel = window.laboratory.panel
    for view in (view for view in LabView if view is not LabView.TABLE):
        panel.show_view(view)
        needs = {need for need in panel.needs if need is not COSTS}
        qtbot.waitUntil(
            lambda needs=needs: all(  # type: ignore[misc]  # bound at once
                lane.readings.value(need) is not None for need in needs for lane in window.session.snapshot.lanes
            )
        )
        assert not panel.grab().toImage().isNull()
        if view is LabView.ACTIVATION:
            assert "no hidden layer" in panel.view_of(ActivationLens).words
    assert lane_titles(lanes)[0] == "no hidden layer"


def test_a_view_that_is_first_seen_late_shows_how_things_stand(make_still: MakeStill) -> None:
    window = make_still(1366, 768, 2)
    panel = window.laboratory.panel
    assert {name for name, frame in panel.frames.items() if frame.made} == {LabView.CURVES, LabView.BARS}
    window.actions_by_name[Action.NEXT_LANE].trigger()
    panel.show_lanes(lane_views_of([make_lane(), make_lane()], ["a", "b"]))
    for name in (LabView.ACTIVATION, LabView.DECISIONS, LabView.LOSSES):
        panel.show_view(name)
        box = panel.current.findChild(LaneBox)
        assert box is not None
        assert box.lane == 1, "the lane in hand"
    blocked = make_snapshot(RunState.BLOCKED, obstacle=Obstacle.NO_POINTS)
    window.session.snapshot = blocked
    card = panel.view_of(ComplaintCards).cards[ComplaintKind.VANISHING]
    assert not card.try_button.isEnabled()
    for snapshot, can_try in ((make_snapshot(RunState.READY), True), (blocked, False)):
        window.laboratory.show_snapshot(snapshot, ())
        assert card.try_button.isEnabled() is can_try


def test_a_cure_is_tried_in_one_more_lane_and_taken_back(window: MainWindow) -> None:
    window.control_panel.config_chosen.emit(replace(window.session.experiment.lanes[0], activation=Activation.SIGMOID))
    window.laboratory.panel.view_of(ComplaintCards).cure_chosen.emit(Cure.USE_RELU)
    lanes = window.session.experiment.lanes
    assert [lane.activation for lane in lanes] == [Activation.SIGMOID, Activation.RELU]
    assert window.session.undo_stack.undoText().startswith("Try ")
    window.actions_by_name[Action.UNDO].trigger()
    assert len(window.session.experiment.lanes) == 1


@pytest.mark.parametrize(
    ("kind", "view"), [(ComplaintKind.VANISHING, LabView.BARS), (ComplaintKind.COSTLY, LabView.ACTIVATION)]
)
def test_show_me_jumps_to_the_view(window: MainWindow, kind: ComplaintKind, view: LabView) -> None:
    tab(window, LabView.COMPLAINTS).click()
    window.laboratory.panel.view_of(ComplaintCards).cards[kind].show_button.click()
    assert window.laboratory.panel.view is view


def test_the_matrix_is_trained_in_the_background_and_ends_with_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name[Action.MATRIX].trigger()
    shown, matrix = window.laboratory.matrix_window, window.laboratory._matrix
    experiment = window.session.experiment
    task = GridTask(
        experiment.dataset, experiment.lanes[0], (Activation.RELU,), (Initialization.HE_NORMAL,), (1, 2), 20000
    )
    with qtbot.waitSignal(matrix.job_finished, timeout=30_000):
        shown.start_wanted.emit(task)
    assert matrix.is_running
    window.close()
    assert not matrix.is_running


def test_how_the_curves_are_drawn_is_remembered_and_a_damaged_choice_is_the_usual_one(make_still: MakeStill) -> None:
    first = make_still(1280, 720).loss_plot.buttons
    assert (first.is_logarithmic, first.smoothing, first.strength) == (False, 0.0, USUAL_SMOOTHING)
    first.log_box.click()
    first.smooth_box.menu().actions()[2].trigger()
    first.smooth_box.click()
    second = make_still(1280, 720).loss_plot.buttons
    assert (second.is_logarithmic, second.smoothing, second.strength) == (True, 0.0, SMOOTHINGS[2])
    second.smooth_box.click()
    for damaged in ("8", 5.0, True, None, [3.0], {"a": 1}):
        Preferences()._put("smoothing", damaged)
        assert Preferences().smoothing == USUAL_SMOOTHING
    Preferences()._put("has_log_loss", "yes")
    third = make_still(1280, 720).loss_plot.buttons
    assert (third.is_logarithmic, third.smoothing) == (False, USUAL_SMOOTHING)
