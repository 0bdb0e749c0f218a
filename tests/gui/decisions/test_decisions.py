"""The view of decisions: its matrix and curves are those of the points, and each threshold is told once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot
from sklearn import metrics as oracle

from engine.insight.outcomes import Outcomes, Split
from engine.learning.metrics import class_report
from gui.decisions.confusion_chart import HINT, ConfusionChart, with_interval
from gui.decisions.decisions import Decisions, area_in_words
from gui.decisions.ranked import rank
from gui.decisions.threshold_chart import Plot, ThresholdChart
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.elided_label import ElidedLabel
from tests.gui.decisions.looks import outcomes, pair, shown


@pytest.fixture
def view(qtbot: QtBot) -> Decisions:
    made = Decisions()
    qtbot.addWidget(made)
    made._send.milliseconds = 0
    made.resize(430, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def sure() -> Outcomes:
    """Two classes of 60 points each, well ordered but for some; every third is kept for validation."""
    generator = np.random.default_rng(3)
    labels = np.arange(120) % 2
    scores = 1 / (1 + np.exp(-(generator.normal(size=120) + 2.5 * labels - 1.25)))
    return pair(scores, labels, held_out=np.arange(120) % 3 == 0)


def chart(view: Decisions) -> ThresholdChart:
    found = view.findChild(ThresholdChart)
    assert isinstance(found, ThresholdChart)
    return found


def matrix(view: Decisions) -> ConfusionChart:
    found = view.findChild(ConfusionChart)
    assert isinstance(found, ConfusionChart)
    return found


def words(view: Decisions) -> str:
    label = view.findChild(ElidedLabel, "decisions_accuracy")
    assert isinstance(label, ElidedLabel)
    return label.text()


def choose(view: Decisions, split: Split) -> None:
    box = view.findChild(ChoiceBox, "decisions_points_box")
    assert isinstance(box, ChoiceBox)
    box.setCurrentIndex(list(Split).index(split))


def press(widget: ThresholdChart | ConfusionChart, place: QPointF) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=(place * widget.pixels_each).toPoint())


def move(widget: QWidget, place: QPointF) -> None:
    assert isinstance(widget, ThresholdChart)
    QTest.mouseMove(widget, (place * widget.pixels_each).toPoint())


def test_matrix_and_curves_are_those_of_scikit_learn_of_one_part_of_the_points(view: Decisions, sure: Outcomes) -> None:
    view.show_lanes(shown(sure, threshold=0.7))
    ranked = chart(view).ranked
    assert ranked is not None
    assert len(ranked.scores) == 40, "at first those that the network has not seen"
    for split in Split:
        choose(view, split)
        mask = sure.mask(split)
        decided = (sure.probabilities[1] > 0.7)[mask]
        labels = sure.dataset.labels[mask]
        report = matrix(view).report
        assert report is not None
        assert np.array_equal(report.confusion, oracle.confusion_matrix(labels, decided))
        assert f"of {mask.sum()} (" in words(view)
        ranked = chart(view).ranked
        assert ranked is not None
        assert ranked.steps is not None
        assert ranked.steps.area == pytest.approx(oracle.roc_auc_score(labels, sure.probabilities[1][mask]), abs=1e-12)
        assert f"= {labels.sum()} of Orange" in chart(view).accessibleDescription()


def test_a_click_on_a_cell_tells_its_points(view: Decisions, sure: Outcomes) -> None:
    told = list[tuple[object, NDArray[np.bool_]]]()
    view.points_chosen.connect(lambda *points: told.append(points))
    view.show_lanes(shown(sure))
    choose(view, Split.ALL)
    press(matrix(view), matrix(view).cell_area(0, 1).center())
    expected = (sure.dataset.labels == 0) & (sure.probabilities[1] > 0.5)

    assert told[0][0] is sure.dataset
    assert np.array_equal(told[0][1], expected)
    matrix(view).setFocus()
    QTest.keyClick(matrix(view), Qt.Key.Key_Down)
    QTest.keyClick(matrix(view), Qt.Key.Key_Return)
    assert np.array_equal(told[1][1], (sure.dataset.labels == 1) & (sure.probabilities[1] > 0.5))


def test_a_drag_on_the_roc_moves_the_threshold_to_the_step_under_the_hand(view: Decisions, sure: Outcomes) -> None:
    told = list[tuple[int, float, int]]()
    view.threshold_chosen.connect(lambda *choice: told.append(choice))
    view.show_lanes(shown(sure))
    picture, steps = chart(view), rank(sure, 1).steps
    assert steps is not None
    panel = picture.panels()[Plot.ROC]
    goals = [2, len(steps.thresholds) // 2]
    places = [panel.place(float(steps.false_rate[step]), float(steps.true_rate[step])) for step in goals]
    press(picture, places[0])
    move(picture, places[1])
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton)
    press(picture, places[0])

    assert [steps.step_of(threshold) for _, threshold, _ in told] == [*goals, goals[0]]
    first, second, third = (drag for *_, drag in told)
    assert first == second != third, "both moves are of one drag, the second press is another"
    report = matrix(view).report
    assert report is not None
    labels, decided = sure.dataset.labels[sure.is_held_out], sure.probabilities[1][sure.is_held_out] > told[-1][1]
    assert np.array_equal(report.confusion, oracle.confusion_matrix(labels, decided)), "at once, before it is a setting"


def test_a_threshold_that_is_undone_comes_back_and_one_that_is_on_its_way_does_not(
    view: Decisions, sure: Outcomes
) -> None:
    view.show_lanes(shown(sure))
    view._send.milliseconds = 10_000
    QTest.keyClick(chart(view), Qt.Key.Key_Right)
    QTest.keyClick(chart(view), Qt.Key.Key_Right)
    view.show_lanes(shown(sure))
    assert chart(view).threshold == 0.52
    view._send.at_once(0, 0.52, 2)
    view.show_lanes(shown(sure, threshold=0.3))
    assert chart(view).threshold == 0.3


def test_of_several_classes_one_stands_against_the_rest_and_moves_no_setting(view: Decisions) -> None:
    generator = np.random.default_rng(0)
    found = outcomes(generator.dirichlet(np.ones(3), 60).T, np.arange(60) % 3)
    told = list[object]()
    view.threshold_chosen.connect(lambda *choice: told.append(choice))
    view.show_lanes(shown(found))
    box = view.findChild(QComboBox, "decisions_class_box")
    assert isinstance(box, QComboBox)
    assert box.isVisible()
    box.setCurrentIndex(2)
    ranked = chart(view).ranked
    assert ranked is not None
    assert ranked.steps is not None
    assert ranked.steps.area == pytest.approx(
        oracle.roc_auc_score(found.dataset.labels == 2, found.probabilities[2]), abs=1e-12
    )
    before = matrix(view).report
    QTest.keyClick(chart(view), Qt.Key.Key_Left)
    assert chart(view).threshold == 0.49
    assert "moves no boundary" in chart(view).accessibleDescription()
    assert told == []
    report = matrix(view).report
    assert before is not None
    assert report is not None
    assert np.array_equal(before.confusion, report.confusion), "the largest P decides"


@pytest.mark.parametrize("label", [0, 2])
def test_a_class_with_another_name_stays_chosen(view: Decisions, label: int) -> None:
    found = outcomes(np.random.default_rng(0).dirichlet(np.ones(3), 60).T, np.arange(60) % 3)
    view.show_lanes(shown(found))
    box = view.findChild(QComboBox, "decisions_class_box")
    assert isinstance(box, QComboBox)
    assert box.currentIndex() == 1
    box.setCurrentIndex(label)
    view.show_lanes(shown(replace(found, dataset=replace(found.dataset, class_names=("Blue", "Orange", "Sea")))))
    assert box.currentIndex() == label
    ranked = chart(view).ranked
    assert ranked is not None
    assert ranked.label == label


def test_the_figures_keep_their_room_when_the_names_become_longer(qtbot: QtBot) -> None:
    picture = ConfusionChart()
    qtbot.addWidget(picture)
    report = class_report(np.array([0, 1]), np.array([0, 1]), 2)
    picture.show_report(report, ("a", "b"), (0, 1))
    picture.show()
    picture.resize(200, 100)
    while not picture.is_beside:  # until there is just room beside the matrix
        picture.resize(picture.width() + 4, 100)
    picture.cell = 1, 0
    for names, is_beside in ((("quite a long name of a class", "b"), False), (("a", "b"), True)):
        picture.show_report(report, names, (0, 1))
        assert picture.is_beside is is_beside
        assert picture.figure_areas(1)[0].bottom() * picture.pixels_each <= picture.height()
    assert picture.cell == (1, 0)


def test_the_matrix_is_told_in_words_with_the_cell_in_hand_of_the_keys(view: Decisions) -> None:
    view.show_lanes(shown(pair([0.1, 0.2, 0.6, 0.9, 0.8, 0.3], [0, 0, 0, 1, 1, 1])))
    choose(view, Split.ALL)
    picture = matrix(view)
    said = picture.accessibleDescription()
    assert said.startswith("2 points of Blue decided for Blue.")
    assert "Of Blue: 2 decided for Blue, 1 decided for Orange. Precision 67 % (21–94), recall 67 % (21–94)," in said
    assert "Of Orange: 1 decided for Blue, 2 decided for Orange." in said
    assert HINT in said
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.accessibleDescription().startswith("1 point of Blue decided for Orange.")
    press(picture, picture.cell_area(1, 1).center())
    assert picture.accessibleDescription().startswith("2 points of Orange decided for Orange.")
    view.show_lanes(shown(None))
    assert picture.accessibleDescription() == HINT


def test_what_has_no_number_is_told_in_words(view: Decisions, sure: Outcomes) -> None:
    few = rank(pair([0.1, 0.2, 0.9, 0.8, 0.7, 0.6, 0.3, 0.5], [0, 0, 1, 0, 1, 1, 1, 1]), 1).steps
    assert few is not None
    assert "not told below 5" in area_in_words(few)
    perfect = rank(pair(np.linspace(0, 1, 20), np.arange(20) > 9), 1).steps
    assert perfect is not None
    assert "1.000: no pair" in area_in_words(perfect)
    reverse = rank(pair(np.linspace(0.9, 0.1, 20), np.arange(20) > 9), 1).steps
    assert reverse is not None
    assert "0.000: every pair" in area_in_words(reverse)
    for found, expected in (
        (pair([0.2, 0.8], [0, 1], held_out=False), "No point is kept"),
        (pair([0.2, 0.8, 0.3], [0, 1, 0], held_out=[True, False, True]), "one class"),
    ):
        view.show_lanes(shown(found))
        assert expected in chart(view).accessibleDescription()
        assert chart(view).plot_at(QPointF(100, 200)) is None
    view.show_lanes(shown(pair([np.nan, 0.8], [0, 1])))
    assert "not finite" in words(view)
    view.show_lanes(shown(None))
    assert "asked" in words(view)
    view.show_lanes(shown(sure, sure))
    view.choose_lane(1)
    assert words(view).startswith("Accuracy")


def test_a_share_is_100_percent_only_where_all_are_right() -> None:
    assert with_interval(299, 300) == "99 % (98–100)"
    assert with_interval(300, 300) == "100 % (99–100)"
    assert with_interval(0, 0) == "–"
