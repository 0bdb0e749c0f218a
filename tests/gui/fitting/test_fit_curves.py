"""The verdict on each lane with its numbers and its rule, and what is offered to mend it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from engine.insight.remedies import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Cure
from engine.run.history import Change, Measured
from engine.run.snapshot import LaneSnapshot
from gui.fitting.fit_chart import reach_of
from gui.fitting.fit_curves import FitCurves
from gui.fitting.lane_fit import fit_of
from gui.fitting.wording import headline, rule_sentence, verdict_sentence
from tests.gui.fitting.courses import OVER, RIGHT, UNDER, lane_of, views_of
from tests.texts.shown import PaintedTexts


@pytest.fixture
def curves(qtbot: QtBot) -> FitCurves:
    made = FitCurves()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


@pytest.mark.parametrize(
    ("lane", "sentence", "rule"),
    [
        (
            OVER,
            "Validation loss 0.5940 is 2.0 × its minimum, 0.3000 at epoch 25 (both smoothed). No more "
            "points are wrong than then (3 of 30): they are wrong more surely.",
            "Rule: at least 1.3 × its minimum and 0.03 above it, and that minimum at least 20 % of the run ago.",
        ),
        (
            UNDER,
            "Training accuracy is 80.0 %; a vote of 5 neighbours gets 95.0 %.",
            "Rule: 5 neighbours are better by over 3 % of the points, and the loss falls no more.",
        ),
        (
            lane_of([1, 0.9, 0.9], training=0.9, scores=(0.1, 0.1), neighbours=0.8, has_values=True),
            "R² of the training points is 0.100; the mean of 5 neighbours gets 0.800.",
            "Rule: R² over 0.03 below that of 5 neighbours, and the loss falls no more.",
        ),
        (
            lane_of([0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.6]),
            "Validation loss 0.6000, lowest 0.3000 at epoch 90. Accuracy: training 100.0 %, validation 90.0 %.",
            "Rule: below 1.3 × the minimum or 0.03 above it, or that less than 20 % of the run ago, and 5 neighbours "
            "no better by over 3 % of the points.",
        ),
        (lane_of([0.7, 0.5, 0.3]), "Validation loss 0.3000 at epoch 100: train on.", ""),
        (
            lane_of([0.7, 0.3, 0.6], n_validation=1),
            "1 validation point; 20 are needed. Draw more points or keep a larger share for validation.",
            "",
        ),
        (
            lane_of([0.7, 0.3], n_validation=0),
            "Draw more points or keep a share for validation: only points not trained on show overfitting.",
            "",
        ),
    ],
)
def test_a_verdict_is_told_with_its_numbers_and_its_rule(lane: LaneSnapshot, sentence: str, rule: str) -> None:
    fit = fit_of(views_of(lane)[0])
    assert verdict_sentence(fit.verdict, lane) == sentence
    assert rule_sentence(fit.verdict.state, has_values=lane.has_values) == rule


def test_more_surely_is_said_only_where_no_more_points_are_wrong_than_at_the_best() -> None:
    for held in (0.1, 1.0):
        lane = lane_of([0.7, 0.3, 0.3, 0.6], scores=(1.0, held))
        assert "surely" not in verdict_sentence(fit_of(views_of(lane)[0]).verdict, lane)


def test_the_chart_shows_each_lanes_verdict_and_where_its_best_was(
    curves: FitCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = PaintedTexts(monkeypatch)
    curves.show_lanes(views_of(UNDER, RIGHT, OVER))
    curves.grab()
    for text in ("▼ Underfitting: lane 1", "✓ Just right: lane 2", "▲ Overfitting: lane 3", "2.0 ×"):
        assert text in painted.texts
    assert "best: 0.3000, epoch 25" in painted.texts
    width = curves.chart.columns.width
    assert curves.chart.text_at(QPointF(2.5 * width, 30)).startswith("▲ Overfitting: lane 3 Validation loss 0.5940")
    assert "overfitting" in curves.chart.text_at(QPointF(2.5 * width, curves.chart.top + 50))
    assert "▲ Overfitting: lane 3" in curves.chart.accessibleDescription()


def test_where_there_is_little_room_the_plots_stay_and_words_go(
    curves: FitCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves.show_lanes(views_of(UNDER, RIGHT, OVER))
    seen = []
    for height in (600, 280, 230):
        curves.resize(600, height)
        painted = PaintedTexts(monkeypatch)
        curves.grab()
        assert "▲ Overfitting: lane 3" in painted.texts
        assert any(text.startswith("best: ") for text in painted.texts)
        seen.append([any(text.startswith(start) for text in painted.texts) for start in ("Validation loss", "Rule:")])
    assert seen == [[True, True], [True, False], [False, False]]


def test_what_helps_is_offered_for_the_lane_in_hand(curves: FitCurves, qtbot: QtBot) -> None:
    curves.show_lanes(views_of(UNDER, RIGHT, OVER))

    def offered() -> set[Cure]:
        return {cure for cure, button in curves.remedies.buttons.items() if button.isVisible()}

    assert offered() == set(AGAINST_UNDERFITTING)
    curves.choose_lane(1)
    assert offered() == set()
    curves.choose_lane(2)
    assert offered() == set(AGAINST_OVERFITTING)
    with qtbot.waitSignal(curves.cure_chosen) as chosen:
        qtbot.mouseClick(curves.remedies.buttons[Cure.USE_L2], Qt.MouseButton.LeftButton)
    assert chosen.args == [Cure.USE_L2]
    curves.show_lanes(views_of(OVER))  # the third is no more
    assert offered() == set()
    curves.choose_lane(0)
    assert offered() == set(AGAINST_OVERFITTING)


def test_the_way_back_to_the_best_weights_is_offered_as_far_as_there_is_one(curves: FitCurves, qtbot: QtBot) -> None:
    action = QAction("&Back to Best Weights", curves)
    curves.offer_best(action)
    assert curves.best_button.text() == "Back to Best Weights"
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(curves.best_button, Qt.MouseButton.LeftButton)
    action.setEnabled(False)
    assert not curves.best_button.isEnabled()


def test_lanes_of_one_row_or_with_losses_that_are_not_finite_are_shown(curves: FitCurves) -> None:
    for lane in (lane_of([float("nan")] * 2), lane_of([1e30, 1e300]), lane_of([0.0, 0.0])):
        curves.show_lanes(views_of(lane))
        assert not curves.grab().isNull()
    curves.show_lanes([])
    assert not curves.grab().isNull()


def test_of_a_few_rows_nothing_is_said_yet_not_even_to_train_on() -> None:
    lane = lane_of([0.7, 0.3])
    few = fit_of(views_of(replace(lane, epochs=40, history=lane.history[[0, 20]]))[0])
    assert headline(few.verdict) == "… Too early to say"
    assert "train on" not in verdict_sentence(few.verdict, few.lane)
    assert headline(fit_of(views_of(lane)[0]).verdict) == "… Still learning"


def test_after_a_change_of_the_points_it_is_said_from_where_curves_are_judged() -> None:
    lane = lane_of([0.7, 0.3], training=1e-4)
    change = Change(100.0, (Measured.DATA,), tuple(lane.history[-1]))
    fit = fit_of(views_of(replace(lane, changes=(change,)))[0])
    assert "from the last change of points" in verdict_sentence(fit.verdict, fit.lane)
    assert reach_of([fit])[1] >= 0.3  # the larger of the two losses there are
