"""The laboratory of decisions in the real window: a drag on the ROC moves the boundary, a cell selects its points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from engine.config import Output
from engine.insight.lines.contours import Contour
from engine.insight.outcomes import OUTCOMES, Outcomes
from gui.actions import Action
from gui.decisions.confusion_chart import ConfusionChart
from gui.decisions.decisions import Decisions
from gui.decisions.loss_chart import LossChart
from gui.decisions.losses import Losses
from gui.decisions.ranked import rank
from gui.decisions.threshold_chart import Plot, ThresholdChart
from gui.main_window import MainWindow
from gui.views import LabView
from gui.widgets.lane_box import LaneBox
from tests.gui.conftest import MakeWindow, small_experiment, wait_for_epochs


def measured(window: MainWindow) -> Outcomes | None:
    lanes = window.session.snapshot.lanes
    found = lanes[0].readings.value(OUTCOMES) if lanes else None
    return found if found is not None and found.dataset is window.session.experiment.dataset else None


def boundary(window: MainWindow) -> object:
    field = window.session.snapshot.lanes[0].field
    return None if field is None else field.boundary.tobytes()


def test_a_drag_moves_the_boundary_as_one_step_and_a_cell_selects_its_points(qtbot: QtBot, window: MainWindow) -> None:
    deck, session = window.laboratory.panel, window.session
    deck.show_view(LabView.DECISIONS)
    session.train(until=3)
    wait_for_epochs(qtbot, window, 3)
    qtbot.waitUntil(lambda: measured(window) is not None, timeout=10_000)
    outcomes = measured(window)
    assert outcomes is not None
    chart = deck.view_of(Decisions).findChild(ThresholdChart)
    matrix = deck.view_of(Decisions).findChild(ConfusionChart)
    assert isinstance(chart, ThresholdChart)
    assert isinstance(matrix, ConfusionChart)
    qtbot.waitUntil(lambda: chart.ranked is not None and chart.ranked.steps is not None, timeout=10_000)
    steps, before, n_edits = rank(outcomes, 1).steps, boundary(window), session.undo_stack.index()
    assert steps is not None
    panel = chart.panels()[Plot.ROC]

    def at(step: int) -> QPointF:
        place = panel.place(float(steps.false_rate[step]), float(steps.true_rate[step]))
        return place * chart.pixels_each

    last = len(steps.thresholds) - 1
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=at(last // 2).toPoint())
    for step in (last // 3, last // 4, 2):
        QTest.mouseMove(chart, at(step).toPoint())
    qtbot.waitUntil(lambda: session.experiment.lanes[0].threshold == chart.threshold, timeout=2000)
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton)
    assert session.undo_stack.index() == n_edits + 1, "one step for a drag"
    assert chart.threshold != 0.5
    qtbot.waitUntil(lambda: boundary(window) != before, timeout=10_000)
    assert measured(window) is outcomes, "the probabilities are not measured again"

    QTest.mouseClick(
        matrix, Qt.MouseButton.LeftButton, pos=(matrix.cell_area(1, 0).center() * matrix.pixels_each).toPoint()
    )
    labels = outcomes.dataset.labels
    wrong = (labels == 1) & (outcomes.probabilities[1] <= chart.threshold) & outcomes.is_held_out
    assert np.array_equal(window.canvas.selection.mask, wrong)
    assert wrong.any()

    window.actions_by_name[Action.UNDO].trigger()
    assert session.experiment.lanes[0].threshold == 0.5
    qtbot.waitUntil(lambda: chart.threshold == 0.5, timeout=10_000)

    deck.show_view(LabView.LOSSES)
    losses = deck.view_of(Losses).findChild(LossChart)
    assert isinstance(losses, LossChart)
    QTest.keyClick(losses, Qt.Key.Key_Return)
    assert losses.priced is not None
    assert window.canvas.selection.mask.sum() == losses.priced.carriers


def test_another_output_and_one_more_class_are_followed(qtbot: QtBot, window: MainWindow) -> None:
    deck, session = window.laboratory.panel, window.session
    deck.show_view(LabView.DECISIONS)
    matrix = deck.view_of(Decisions).findChild(ConfusionChart)
    assert isinstance(matrix, ConfusionChart)

    def wait_for(output: Output, n_classes: int) -> None:
        def is_shown() -> bool:
            outcomes, report = deck.view_of(Decisions).outcomes, matrix.report
            if outcomes is None or outcomes is not measured(window) or report is None:
                return False
            return (outcomes.output, len(report.confusion)) == (output, n_classes)

        qtbot.waitUntil(is_shown, timeout=10_000)

    wait_for(Output.SIGMOID, 2)
    for output in (Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS):
        window.control_panel.config_chosen.emit(replace(session.experiment.lanes[0], output=output))
        wait_for(output, 2)
    window.actions_by_name[Action.ADD_CLASS].trigger()
    wait_for(Output.INDEPENDENT_SIGMOIDS, 3)
    window.actions_by_name[Action.UNDO].trigger()
    wait_for(Output.INDEPENDENT_SIGMOIDS, 2)


def test_one_class_against_the_rest_draws_its_line_on_the_plane_of_its_lane(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    experiment = small_experiment(n_classes=3)
    window = make_window(replace(experiment, lanes=experiment.lanes * 2))
    deck, session, fields = window.laboratory.panel, window.session, window.workbench.fields
    deck.show_view(LabView.DECISIONS)
    session.train(until=3)
    wait_for_epochs(qtbot, window, 3)
    qtbot.waitUntil(lambda: measured(window) is not None, timeout=10_000)
    view = deck.view_of(Decisions)
    chart, box = view.findChild(ThresholdChart), view.findChild(QComboBox, "decisions_class_box")
    assert isinstance(chart, ThresholdChart)
    assert isinstance(box, QComboBox)
    n_edits, lane_box = session.undo_stack.index(), view.findChild(LaneBox)
    assert lane_box is not None
    lane_box.choose(1)
    box.setCurrentIndex(2)
    for threshold in (0.41, 0.37):
        chart.threshold_moved.emit(threshold, 1)
    wanted = (Contour(0.37, 2, is_threshold=True),)

    def lines() -> object:
        field = session.snapshot.lanes[1].field
        return field is not None and field.view.contours == wanted and field.contours

    qtbot.waitUntil(lambda: bool(lines()), timeout=5000)
    assert [view.field_layer.contours.has_threshold for view in fields.views] == [False, True]
    assert session.undo_stack.index() == n_edits, "it is of the view"
    deck.show_view(LabView.POINT)
    qtbot.waitUntil(lambda: session.sight.attention.view is not None and not session.sight.attention.view.contours)
    deck.show_view(LabView.DECISIONS)
    qtbot.waitUntil(lambda: session.sight.attention.view is not None and bool(session.sight.attention.view.contours))
