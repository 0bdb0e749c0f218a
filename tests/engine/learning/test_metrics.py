"""Confusion matrix, precision, recall and F1 against scikit-learn, and what has no number."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from engine.config import TrainingConfig
from engine.learning.metrics import class_report
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
