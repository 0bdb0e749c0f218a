"""Confusion matrix, precision, recall and F1 against scikit-learn, and what has no number."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as oracle

from engine.config import TrainingConfig
from engine.errors import InputError
from engine.learning.metrics import class_report, roc, wilson
from engine.training import Trainer
from tests.engine.reference import cloud


@given(st.integers(2, 8), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=60))
def test_every_number_agrees_with_scikit_learn(n_classes: int, pairs: list[tuple[int, int]]) -> None:
    labels, decisions = (np.array(column, dtype=np.int64) % n_classes for column in zip(*pairs, strict=True))
    classes = np.arange(n_classes)
    report = class_report(labels, decisions, n_classes)
    precision, recall, f1, support = oracle.precision_recall_fscore_support(
        labels, decisions, labels=classes, zero_division=np.nan
    )

    assert np.array_equal(report.confusion, oracle.confusion_matrix(labels, decisions, labels=classes))
    np.testing.assert_allclose(report.precision, np.where(support > 0, precision, np.nan))  # nothing of an absent class
    np.testing.assert_allclose(report.recall, recall)
    np.testing.assert_allclose(report.f1, np.where(support > 0, f1, np.nan))
    assert report.accuracy == pytest.approx(oracle.accuracy_score(labels, decisions))
    if (support > 0).all():
        expected = oracle.precision_score(labels, decisions, average="macro", zero_division=np.nan)
        assert report.macro_precision == pytest.approx(expected, nan_ok=True)
        assert report.macro_recall == pytest.approx(oracle.recall_score(labels, decisions, average="macro"))
        assert report.macro_f1 == pytest.approx(oracle.f1_score(labels, decisions, average="macro"))


def test_a_class_without_points_has_no_numbers_and_does_not_count_in_the_mean() -> None:
    report = class_report(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1]), 3)

    assert report.recall.tolist()[:2] == [0.5, 1.0]
    assert report.macro_precision == 1.0
    assert np.isnan([report.precision[2], report.recall[2], report.f1[2]]).all()
    assert report.macro_recall == 0.75


def test_a_class_that_is_never_decided_for_has_no_precision_but_a_recall_of_zero() -> None:
    report = class_report(np.array([0, 1]), np.array([0, 0]), 2)

    assert math.isnan(report.precision[1])
    assert (report.recall[1], report.f1[1]) == (0.0, 0.0)


def test_without_points_there_is_no_number_at_all() -> None:
    report = class_report(np.empty(0, np.int64), np.empty(0, np.int64), 2)

    numbers = [report.accuracy, report.macro_precision, report.macro_recall, report.macro_f1, *report.precision]
    assert np.isnan(numbers).all()
    assert not report.confusion.any()


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_trainer_reports_on_the_points_it_evaluates(n_classes: int) -> None:
    trainer = Trainer(cloud(150, n_classes), TrainingConfig(hidden_layers=(5,)))
    trainer.epoch()
    metrics = trainer.evaluate()

    assert trainer.report().accuracy == pytest.approx(metrics.train_accuracy)
    assert trainer.report(validation=True).accuracy == pytest.approx(metrics.validation_accuracy)
    assert trainer.report().confusion.sum() + trainer.report(validation=True).confusion.sum() == 150


def test_a_higher_threshold_decides_for_class_1_less_often() -> None:
    dataset, config = cloud(200, 2), TrainingConfig(hidden_layers=(5,), validation_fraction=0.0)
    trainer = Trainer(dataset, config)
    for _ in range(5):
        trainer.epoch()
    of_one = trainer.probabilities(dataset.points)[:, 1]
    middle = float(np.median(of_one))

    for threshold in (0.5, middle, 0.9):
        trainer.use(dataset, replace(config, threshold=threshold))
        assert trainer.report().confusion[:, 1].sum() == (of_one > threshold).sum()
        right = (of_one > threshold) == dataset.labels
        assert trainer.evaluate().train_accuracy == pytest.approx(right.mean())


def test_the_threshold_is_of_a_single_sigmoid_unit() -> None:
    config = TrainingConfig(output="softmax", threshold=0.9)  # type: ignore[arg-type]

    assert Trainer(cloud(50, 2), config).threshold == 0.5
    assert Trainer(cloud(50, 2), replace(config, output="auto")).threshold == 0.9  # type: ignore[arg-type]


SCORES = (
    st.lists(st.tuples(st.integers(1, 7), st.booleans()), min_size=2, max_size=50)
    .filter(lambda pairs: len({label for _, label in pairs}) == 2)
    .map(lambda pairs: (np.array([score for score, _ in pairs]) / 9, np.array([label for _, label in pairs])))
)
Scored = tuple[NDArray[np.float64], NDArray[np.bool_]]


@given(SCORES)
def test_roc_precision_and_recall_are_the_steps_of_scikit_learn_ties_included(scored: Scored) -> None:
    scores, labels = scored
    steps = roc(scores, labels)
    false_rate, true_rate, thresholds = oracle.roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, _ = oracle.precision_recall_curve(labels, scores)

    np.testing.assert_array_equal(steps.thresholds, thresholds)
    np.testing.assert_allclose(steps.false_rate, false_rate, rtol=1e-15)
    np.testing.assert_allclose(steps.true_rate, true_rate, rtol=1e-15)
    np.testing.assert_allclose(steps.precision[::-1], precision[-len(thresholds) :], rtol=1e-15)
    np.testing.assert_allclose(steps.true_rate[::-1], recall[-len(thresholds) :], rtol=1e-15)
    assert steps.area == pytest.approx(oracle.roc_auc_score(labels, scores), abs=1e-12)


@given(SCORES)
def test_a_threshold_belongs_to_the_step_at_which_the_scores_above_it_are_decided_for(scored: Scored) -> None:
    scores, labels = scored
    steps = roc(scores, labels)
    for step in range(len(steps.thresholds)):
        low, high = steps.thresholds_at(step)
        for threshold in (low, (low + high) / 2):
            assert steps.step_of(threshold) == step
            assert steps.true_positives[step] + steps.false_positives[step] == np.count_nonzero(scores > threshold)


@pytest.mark.parametrize("each", [7, 24, 69])
def test_the_area_is_1_or_0_only_where_all_pairs_are_in_order_or_none_is(each: int) -> None:
    labels = np.repeat([0, 1], each)
    rising, swapped = np.arange(2 * each), np.arange(2 * each)
    swapped[[each - 1, each]] = swapped[[each, each - 1]]

    assert (roc(rising, labels).area, roc(-rising, labels).area) == (1.0, 0.0)
    assert roc(swapped, labels).area < 1.0
    assert roc(-swapped, labels).area > 0.0


@pytest.mark.parametrize(("each", "expected"), [(10, 0.074), (50, 0.032)])
def test_the_error_of_the_area_is_that_of_hanley_and_mcneil(each: int, expected: float) -> None:
    """Their formula by other hands, for an area of 0.9: each of one fifth of the class lies below half of the rest."""
    lowest = each // 5
    scores = np.concatenate([np.full(lowest, 0.5), np.full(each - lowest, 2.0), np.repeat([0.0, 1.0], each // 2)])
    steps = roc(scores, np.repeat([1, 0], each))

    assert steps.area == pytest.approx(0.9)
    assert steps.area_error == pytest.approx(expected, abs=5e-4)


@given(st.integers(1, 300), st.floats(0, 1))
def test_the_ends_of_an_interval_are_the_shares_that_what_was_seen_just_allows(n: int, share: float) -> None:
    """Wilson's: those from which the share seen is 1.96 of their own standard deviations away."""
    seen = round(share * n) / n
    for end in wilson(round(share * n), n):
        assert abs(seen - end) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / n), abs=1e-6)
        assert 0 <= end <= 1


@pytest.mark.parametrize("n", [1, 50, 400, 999])
def test_the_interval_of_all_or_none_ends_exactly_there(n: int) -> None:
    assert (wilson(n, n)[1], wilson(0, n)[0]) == (1, 0)


def test_two_accuracies_of_the_slide_lie_in_each_others_intervals() -> None:
    """The course's test set has 114 points: .9649 and .9737 cannot be told apart."""
    less, more = wilson(110, 114), wilson(111, 114)

    assert less[0] < 111 / 114 < less[1]
    assert more[0] < 110 / 114 < more[1]


@pytest.mark.parametrize(
    ("scores", "labels", "words"),
    [
        ([0.1, math.nan], [0, 1], "not a number"),
        ([0.1, 0.2, 0.3], [0, 1], "shape"),
        ([[0.1, 0.2]], [[0, 1]], "shape"),
        ([0.1, 0.2], [1, 1], "one class"),
        ([0.1, 0.2], [0, 2], "neither 0 nor 1"),
        ([], [], "one class"),
    ],
)
def test_scores_without_a_roc_are_refused_in_words(scores: object, labels: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        roc(scores, labels)  # type: ignore[arg-type]


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_has_no_interval(hits: int, n: int) -> None:
    with pytest.raises(InputError, match="no share"):
        wilson(hits, n)
