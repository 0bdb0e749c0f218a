"""Cross-validation: the folds, their scores, and what they come to."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, mean_squared_error, r2_score
from sklearn.model_selection import PredefinedSplit, StratifiedKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from engine import toy_datasets
from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.errors import InputError
from engine.studies.executors import InThisProcess
from engine.studies.folds import (
    FoldRun,
    FoldsTask,
    fold_numbers,
    folds_study,
    standard_error,
    summary_of,
    train_fold,
)
from engine.studies.study import lines
from engine.training import Trainer

MOONS = toy_datasets.make("moons", n_samples=60, noise=0.8, seed=1)
SPIRAL = toy_datasets.make("spiral", n_samples=62, n_classes=3, noise=0.4, seed=1)
SINE = toy_datasets.make("sine", n_samples=41, noise=0.5, seed=1)
LINEAR = TrainingConfig(hidden_layers=(), learning_rate=0.3, batch_size=None, validation_fraction=0.4, seed=3)
SMALL = TrainingConfig(hidden_layers=(4,), batch_size=16, seed=3)


def of_sizes(*sizes: int) -> Dataset:
    """A dataset with so many points of each class, in no order."""
    labels = np.random.default_rng(5).permutation(np.repeat(np.arange(len(sizes)), sizes))
    points = np.random.default_rng(6).normal(size=(len(labels), 2))
    return Dataset(points.astype(np.float32), labels, tuple(f"class {label}" for label in range(len(sizes))))


def sizes_of(dataset: Dataset, folds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """The number of points of each class in each fold, (n_classes, k)."""
    table = np.zeros((dataset.n_classes, k), dtype=np.int64)
    np.add.at(table, (dataset.labels, folds), 1)
    return table


def summary(task: FoldsTask) -> dict[str, Any]:
    """What the folds of a task come to, done here and now, as a program reads it."""
    *_, last = lines(folds_study(task), InThisProcess(), 1)
    read: dict[str, Any] = json.loads(json.dumps(last, allow_nan=False))["summary"]
    return read


# the choice of folds


@pytest.mark.parametrize("k", [2, 3, 5, 7, 10])
@pytest.mark.parametrize("sizes", [(20, 20), (33, 14, 27), (101, 13), (12, 0, 17), (13, 13, 13, 13, 13, 13, 13)])
def test_folds_are_as_even_as_those_of_scikit_learn(sizes: tuple[int, ...], k: int) -> None:
    dataset = of_sizes(*sizes)
    for seed, n_erased in ((0, 0), (7, 2)):
        rest = dataset.without(dataset.serials < n_erased)
        splits = StratifiedKFold(k).split(rest.points, rest.labels)
        theirs = np.empty(len(rest), dtype=np.int64)
        for fold, (_, held_out) in enumerate(splits):
            theirs[held_out] = fold
        mine = fold_numbers(rest, k, seed)

        table, other = sizes_of(rest, mine, k), sizes_of(rest, theirs, k)
        assert np.ptp(table, axis=1).max() <= 1
        assert np.ptp(table.sum(axis=0)) <= 1
        np.testing.assert_array_equal(np.sort(table, axis=1), np.sort(other, axis=1))
        np.testing.assert_array_equal(np.sort(table.sum(axis=0)), np.sort(other.sum(axis=0)))


def test_leaving_one_out_makes_a_fold_of_each_point() -> None:
    for dataset in (of_sizes(3, 17, 20), SINE.without(SINE.points[:, 0] > 0)):
        assert sorted(fold_numbers(dataset, len(dataset), 1)) == list(range(len(dataset)))


def test_folds_depend_on_the_seed_and_on_serial_numbers_not_on_the_order_or_places_of_points() -> None:
    even = of_sizes(40, 40)
    for dataset in (even, even.without(even.serials % 5 < 1)):
        order = np.random.default_rng(1).permutation(len(dataset))
        shuffled = replace(
            dataset, points=-dataset.points[order], labels=dataset.labels[order], serials=dataset.serials[order]
        )
        np.testing.assert_array_equal(fold_numbers(shuffled, 5, 1), fold_numbers(dataset, 5, 1)[order])

    folds = fold_numbers(even, 5, 1)
    assert 0.5 < (fold_numbers(even, 5, 2) != folds).mean() < 0.95
    assert (folds[even.labels == 0] != folds[even.labels == 1]).any()  # each class has an order of its own


def test_drawing_and_erasing_points_moves_few_others_to_another_fold() -> None:
    dataset = of_sizes(63, 48, 59)
    drawn = dataset.with_points(np.zeros((11, 2)), np.arange(11) % 3)
    erased = np.zeros(len(dataset), dtype=bool)
    erased[[3, 20, 50, 90, 111]] = True

    for k in (2, 5, 10):
        folds = fold_numbers(dataset, k, 4)
        assert (fold_numbers(drawn, k, 4)[: len(dataset)] != folds).mean() <= 0.06
        assert (fold_numbers(dataset.without(erased), k, 4) != folds[~erased]).mean() <= 0.06


# the runs


def test_a_fold_is_judged_by_a_network_that_has_seen_all_other_points_and_only_these() -> None:
    task = FoldsTask(SPIRAL, replace(SMALL, validation_fraction=0.4, patience=1), 4, 6)
    runs = [train_fold(job) for job in folds_study(task).jobs]
    held_out = np.isin(np.arange(len(SPIRAL)), runs[1].numbers)
    trainer = Trainer(SPIRAL.without(held_out), replace(SMALL, validation_fraction=0.0))
    trainer.epoch()
    after_one = trainer.evaluate_on(SPIRAL.without(~held_out))[0]
    for _ in range(5):
        trainer.epoch()
    loss, accuracy = trainer.evaluate_on(SPIRAL.without(~held_out))

    assert sorted(np.concatenate([run.numbers for run in runs])) == list(range(len(SPIRAL)))
    assert [run.fold for run in runs] == [0, 1, 2, 3]
    np.testing.assert_array_equal(runs[1].answers, trainer.probabilities(SPIRAL.points[held_out]))
    assert (runs[1].curves[1, 1], runs[1].curves[-1, 1], runs[1].score) == (after_one, loss, accuracy)
    assert runs[1].curves[-1, 0] == trainer.evaluate().train_loss


def test_points_that_are_kept_back_for_a_test_take_no_part() -> None:
    config = replace(SMALL, test_fraction=0.3)
    is_test = roles_of(SPIRAL.serials, shares_of(config)) == Role.TEST
    runs = [train_fold(job) for job in folds_study(FoldsTask(SPIRAL, config, 3, 2)).jobs]
    rest = [train_fold(job) for job in folds_study(FoldsTask(SPIRAL.without(is_test), SMALL, 3, 2)).jobs]

    assert 10 < is_test.sum() < 30
    assert sorted(np.concatenate([run.numbers for run in runs])) == np.flatnonzero(~is_test).tolist()
    for run, other in zip(runs, rest, strict=True):
        np.testing.assert_array_equal(run.curves, other.curves)
        np.testing.assert_array_equal(run.answers, other.answers)
    assert np.sum(summary_of(SPIRAL, runs)["confusion"]) == (~is_test).sum()
    assert FoldsTask(SPIRAL.without(np.arange(len(SPIRAL)) >= 50), config, None, 2).n_folds <= 40


@pytest.mark.parametrize(
    ("output", "threshold"), [(Output.SIGMOID, 0.8), (Output.SOFTMAX, 0.8), (Output.INDEPENDENT_SIGMOIDS, 0.5)]
)
def test_the_score_is_that_of_the_trainer_for_every_output(output: Output, threshold: float) -> None:
    job = folds_study(FoldsTask(MOONS, replace(SMALL, output=output, threshold=threshold), 3, 3)).jobs[0]
    run = train_fold(job)

    assert run.score == run.curves[-1, 3]


def test_a_line_has_the_points_and_what_was_said_of_them() -> None:
    run = train_fold(folds_study(FoldsTask(MOONS, SMALL, 5, 2)).jobs[2])
    line = json.loads(json.dumps(run.as_json(), allow_nan=False))

    assert set(line) == {"fold", "points", "score", "decisions", "probabilities", "curves", "diverged"}
    assert (line["fold"], line["score"], line["diverged"]) == (2, run.score, False)
    assert line["points"] == run.numbers.tolist()
    np.testing.assert_array_equal(np.float32(line["probabilities"]), run.answers)
    assert line["decisions"] == [int(b > a) for a, b in line["probabilities"]]
    assert (len(line["curves"]["validation_loss"]), line["curves"]["epochs"]) == (3, [0, 1, 2])


def test_a_run_that_diverges_says_so_and_the_best_epoch_is_before() -> None:
    config = replace(SMALL, activation=Activation.LINEAR, optimizer=Optimizer.SGD, learning_rate=1e5)
    *jobs, last = lines(folds_study(FoldsTask(MOONS, config, 2, 60)), InThisProcess(), 1)

    assert [job["diverged"] for job in jobs] == [True, True]
    assert json.loads(json.dumps(last, allow_nan=False))["summary"]["n_diverged"] == 2
    assert last["summary"]["curve"]["validation_loss"][-1] is None
    assert last["summary"]["best_epoch"] == 0


# what they come to


@pytest.mark.parametrize(("kind", "n_classes"), [("moons", 2), ("overlap", 3)])
def test_without_hidden_layer_scores_and_confusion_are_those_of_scikit_learn(kind: str, n_classes: int) -> None:
    dataset = toy_datasets.make(kind, n_samples=90, n_classes=n_classes, noise=0.8, seed=2)
    found = summary(FoldsTask(dataset, LINEAR, 5, 60))
    split = PredefinedSplit(fold_numbers(dataset, 5, LINEAR.seed))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=np.inf))
    scores = cross_val_score(model, dataset.points, dataset.labels, cv=split)
    decided = cross_val_predict(model, dataset.points, dataset.labels, cv=split)

    assert 0.6 < scores.mean() < 1  # else agreeing were easy
    assert found["scores"] == scores.tolist()
    assert found["confusion"] == confusion_matrix(dataset.labels, decided).tolist()
    half = scores.std(ddof=1) * math.sqrt(1 / 5 + 1 / 4)
    assert found["mean"] == pytest.approx(scores.mean(), abs=1e-12)
    assert found["interval"] == pytest.approx([scores.mean() - half, scores.mean() + half], abs=1e-12)


def test_values_have_r2_and_rmse_as_scikit_learn_has_them() -> None:
    task = FoldsTask(SINE, SMALL, 4, 40)
    runs = [train_fold(job) for job in folds_study(task).jobs]
    found, known = summary(task), SINE.points[:, 1].astype(np.float64)
    predicted = np.empty(len(SINE))
    for run in runs:
        predicted[run.numbers] = run.answers[:, 0]

    assert found["scores"] == pytest.approx([r2_score(known[run.numbers], predicted[run.numbers]) for run in runs])
    assert found["r2"] == pytest.approx(r2_score(known, predicted))
    assert found["rmse"] == pytest.approx(math.sqrt(mean_squared_error(known, predicted)))
    assert "confusion" not in found
    assert set(runs[0].as_json()) == {"fold", "points", "score", "predictions", "curves", "diverged"}
    assert "train_r2" in runs[0].as_json()["curves"]


def test_a_value_left_out_alone_has_no_r2_but_all_together_have() -> None:
    few = SINE.without(np.arange(len(SINE)) >= 9)
    found = summary(FoldsTask(few, SMALL, None, 2))

    assert (found["scores"], found["mean"], found["interval"]) == ([None] * 9, None, [None, None])
    assert math.isfinite(found["r2"])


def test_the_best_epoch_has_the_least_loss_over_all_points_and_each_counts_once() -> None:
    dataset = of_sizes(3, 3)
    runs = [
        FoldRun(fold, np.array(numbers), np.zeros((len(numbers), 2), np.float32), np.zeros(len(numbers), np.int64),
                0.5, np.array([[0.0, loss, 0.0, 0.0] for loss in losses]), False, 2)
        for fold, numbers, losses in ((0, [5], [0.0, 9.0, 6.0]), (1, [0, 3, 1, 2, 4], [4.0, 1.0, 3.0]))
    ]  # fmt: skip
    found = summary_of(dataset, runs)

    assert found["curve"] == {"epochs": [0, 1, 2], "validation_loss": [20 / 6, 14 / 6, 21 / 6]}
    assert found["best_epoch"] == 1
    assert found["confusion"] == [[3, 0], [3, 0]]


def test_the_interval_is_wider_than_that_of_independent_scores() -> None:
    scores = np.array([0.9, 0.8, 0.85, 0.95, 1.0])

    assert standard_error(scores) == pytest.approx(math.sqrt(0.00625 * (1 / 5 + 1 / 4)))
    assert standard_error(scores) == pytest.approx(1.5 * scores.std(ddof=1) / math.sqrt(5))
    assert math.isnan(standard_error(np.array([0.5, math.nan])))


# what cannot be done


@pytest.mark.parametrize(
    ("dataset", "k", "sentence"),
    [
        (MOONS, 1, "k is 1"),
        (MOONS, 11, "k is 11"),
        (MOONS, None, "their number is 60"),
        (of_sizes(20, 4), 5, "class “class 1” is 4"),
        (of_sizes(20, 1), None, "class “class 1” is 1"),
        (of_sizes(20, 0), 5, "All points are of one class"),
        (MOONS.cleared(), 5, "no points"),
        (SINE.without(np.arange(len(SINE)) >= 3), 5, "number of points is 3"),
        (SINE.without(np.arange(len(SINE)) >= 1), None, "each of 2 folds"),
    ],
)
def test_folds_that_cannot_be_made_are_refused_in_a_sentence(dataset: Dataset, k: int | None, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        FoldsTask(dataset, SMALL, k, 5)
    with pytest.raises(InputError, match="epochs is 0"):
        FoldsTask(MOONS, SMALL, 5, 0)
