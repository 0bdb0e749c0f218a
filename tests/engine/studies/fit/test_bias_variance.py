"""Bias and variance of trained networks."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.config import Activation, Optimizer, Output, ToyDataset, TrainingConfig
from engine.data.densities import Floats
from engine.errors import InputError
from engine.studies.executors import InThisProcess, Workers, here, local_workers
from engine.studies.fit.bias_variance import (
    OF_SETS,
    BiasVarianceTask,
    bias_variance_study,
    decided,
    field_in,
    generator_for,
    train_network,
)
from engine.studies.fit.populations import ToyPopulation, painted
from engine.studies.study import lines
from engine.toy_datasets import Recipe, make
from engine.training import Trainer
from tests import ROOT
from tests.engine.reference import cloud

CONFIG = TrainingConfig(
    hidden_layers=(8, 8), activation=Activation.TANH, learning_rate=0.02, batch_size=None, validation_fraction=0.0
)
RECIPE = Recipe(ToyDataset.MOONS, 60, 2, 0.8, 1)
TASK = BiasVarianceTask(ToyPopulation(RECIPE), CONFIG, 60, 10, training_sets=range(3), weights=1, n_test=50)


def summary_of(task: BiasVarianceTask) -> dict[str, Any]:
    """What the networks come to."""
    *_, last = lines(bias_variance_study(task), InThisProcess(), 1)
    found: dict[str, Any] = json.loads(json.dumps(last, allow_nan=False))["summary"]
    return found


def test_the_parts_are_those_of_networks_trained_by_hand() -> None:
    study = bias_variance_study(replace(TASK, weights=2))
    runs = [train_network(job) for job in study.jobs]
    summary = study.summary(runs)
    points = study.jobs[0].points
    truth = TASK.population.truth(points)
    of_first = truth.mean[:, 1]

    assert [(run.training_set, run.weights) for run in runs] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert len({run.outputs.tobytes() for run in runs}) == 6
    assert {run.epochs for run in runs} == {10}
    brier = [np.mean((run.outputs[:, 1] - of_first) ** 2 + of_first * (1 - of_first)) for run in runs]
    assert summary["error"] == pytest.approx(np.mean(brier), abs=1e-6)
    assert summary["noise"] + summary["bias2"] + summary["variance"] == pytest.approx(summary["error"], abs=1e-12)
    assert summary["from_data"] + summary["from_weights"] == pytest.approx(summary["variance"], abs=1e-12)
    assert [study.as_json(run)["error"] for run in runs] == pytest.approx(brier, abs=1e-6)
    right = [truth.mean[np.arange(50), run.outputs.argmax(axis=1)].mean() for run in runs]
    assert summary["mistakes"]["error"] == pytest.approx(1 - np.mean(right))
    assert summary["bayes_error"] == pytest.approx(1 - truth.mean.max(axis=1).mean())
    assert sum(summary["domingos"].values()) > 0

    dataset = TASK.population.sample(60, generator_for(CONFIG, OF_SETS, 1))
    trainer = Trainer(dataset, replace(CONFIG, seed=int(generator_for(CONFIG, 1, 1, 1).integers(2**31))))
    for _ in range(10):
        trainer.epoch()
    assert np.array_equal(trainer.probabilities(points), runs[3].outputs)
    assert runs[3].train_mistakes == pytest.approx(1 - trainer.evaluate().train_accuracy)
    of_label = (trainer.probabilities(dataset.points)[:, 1] - dataset.labels) ** 2
    assert runs[3].train_error == pytest.approx(of_label.mean(), abs=1e-6)


def test_a_line_is_that_of_least_squares_and_has_the_variance_of_the_closed_form() -> None:
    recipe = Recipe(ToyDataset.LINE, 20, 2, 1.0, 1)
    config = replace(CONFIG, hidden_layers=(), learning_rate=0.05)
    task = BiasVarianceTask(ToyPopulation(recipe), config, 20, 300, training_sets=range(12), weights=1, n_test=200)
    study = bias_variance_study(task)
    runs = [train_network(job) for job in study.jobs]
    x = study.jobs[0].points[:, 0].astype(np.float64)
    lines_by_hand = []
    for number, run in enumerate(runs):
        sample = task.population.sample(20, generator_for(config, OF_SETS, number)).points.astype(np.float64)
        slope, start = np.polyfit(sample[:, 0], sample[:, 1], 1)
        lines_by_hand.append(start + slope * x)
        assert run.outputs[:, 0] == pytest.approx(lines_by_hand[-1], abs=2e-3)
        rest = sample[:, 1] - start - slope * sample[:, 0]
        assert run.train_error == pytest.approx(np.mean(rest**2), abs=1e-4)

    summary = study.summary(runs)
    assert summary["noise"] == pytest.approx(0.04)
    assert summary["variance"] == pytest.approx(np.var(lines_by_hand, axis=0, ddof=1).mean(), abs=1e-4)
    assert summary["variance"] == pytest.approx(0.04 * 2 / 20, rel=0.6)  # sigma² of each of two coefficients over n
    assert summary["bias2"] == pytest.approx(0, abs=1e-3)
    assert (summary["domingos"], summary["bayes_error"], summary["mistakes"]) == (None, None, None)


def test_the_outputs_over_a_part_of_the_plane_are_told_in_each_line() -> None:
    task = replace(TASK, training_sets=range(2), epochs=2, view=(-1.0, 1.0, -0.5, 0.5))
    study = bias_variance_study(task)
    run = train_network(study.jobs[1])
    field = field_in(json.loads(json.dumps(study.as_json(run))), 2).reshape(64, 64, 2)

    dataset = TASK.population.sample(60, generator_for(CONFIG, OF_SETS, 1))
    trainer = Trainer(dataset, replace(CONFIG, seed=int(generator_for(CONFIG, 1, 1, 0).integers(2**31))))
    trainer.epoch()
    trainer.epoch()
    corners = trainer.probabilities([(-1 + 1 / 64, 0.5 - 1 / 128), (1 - 1 / 64, -0.5 + 1 / 128)])
    assert field[[0, -1], [0, -1]] == pytest.approx(corners, abs=1e-6)

    of_values = replace(task, population=ToyPopulation(Recipe(ToyDataset.SINE, 1, 2, 0.5, 1)))
    study = bias_variance_study(of_values)
    assert field_in(study.as_json(train_network(study.jobs[0])), 1).shape == (64, 1)
    assert "field" not in bias_variance_study(TASK).as_json(replace(run, field=run.field[:0]))
    with pytest.raises(InputError, match="5 features"):
        bias_variance_study(replace(task, population=painted(cloud(60, 3, n_features=5))))


def test_a_painting_tells_its_bandwidth_and_a_bootstrap_what_is_wrong_with_it() -> None:
    dataset = make("circles", n_samples=40, noise=0.5)
    task = replace(TASK, population=painted(dataset, 0.3), training_sets=range(2), epochs=1)

    assert summary_of(task)["bandwidth"] == 0.3
    assert "warning" not in summary_of(task)
    assert "counted as bias" in summary_of(replace(task, resampled=dataset))["warning"]


def test_a_threshold_moves_the_decisions_of_one_sigmoid_only() -> None:
    probabilities = np.array([[0.7, 0.3], [0.4, 0.6]], dtype=np.float32)
    assert decided(probabilities, 0.5).tolist() == [0, 1]
    assert decided(probabilities, 0.2).tolist() == [1, 1]

    low = replace(TASK, config=replace(CONFIG, threshold=1e-6), epochs=40, training_sets=range(2))
    of_softmax = replace(low, config=replace(low.config, output=Output.SOFTMAX))
    assert summary_of(low)["mistakes"]["error"] == pytest.approx(0.5, abs=0.1)  # all is class 1
    assert summary_of(of_softmax)["mistakes"]["error"] < 0.4


def test_networks_that_diverge_are_counted_and_numbers_that_are_none_are_null() -> None:
    wild = replace(CONFIG, optimizer=Optimizer.SGD, learning_rate=1e6, activation=Activation.RELU)
    study = bias_variance_study(replace(TASK, config=wild, training_sets=range(2), epochs=50))
    runs = [train_network(job) for job in study.jobs]
    assert study.summary(runs)["diverged"] == sum(run.diverged for run in runs)

    broken = [replace(runs[0], outputs=np.full_like(runs[0].outputs, math.nan), diverged=True), runs[1]]
    summary = study.summary(broken)
    json.dumps([summary, study.as_json(broken[0])], allow_nan=False)
    assert summary["error"] is summary["domingos"] is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"training_sets": range(1)}, "training sets is 1"),
        ({"training_sets": range(10_001)}, "training sets is 10001"),
        ({"training_sets": (1, 2, 1)}, "1 twice"),
        ({"weights": 0}, "weights is 0"),
        ({"training_sets": range(5000), "weights": 3}, "weights is 3"),
        ({"epochs": 0}, "epochs is 0"),
        ({"n_test": 0}, "n_test is 0"),
        ({"n_test": 2**26}, "n_test is"),
        ({"n_points": 0}, "n_points is 0"),
    ],
)
def test_a_task_that_cannot_be_done_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        replace(TASK, **change)


@pytest.mark.slow
def test_two_workers_give_the_lines_of_one_bit_for_bit() -> None:
    tasks = (replace(TASK, weights=2), replace(TASK, population=painted(make("spiral", n_classes=3), 0.2)))

    def done_by(workers: Workers) -> list[list[str]]:
        studies = [bias_variance_study(task) for task in tasks]
        return [sorted(map(repr, lines(study, workers.executor, workers.ahead))) for study in studies]

    for count in (1, 2):
        with local_workers(count) as workers:
            assert done_by(workers) == done_by(here())


@pytest.mark.slow
def test_a_line_is_bias_and_a_flexible_network_is_variance_on_moons() -> None:
    def means(layers: tuple[int, ...], **change: Any) -> Floats:
        """Bias² and variance, means of four repetitions."""
        tasks = [
            replace(
                TASK,
                config=replace(CONFIG, hidden_layers=layers, seed=seed),
                epochs=400,
                training_sets=range(20),
                n_test=2000,
            )
            for seed in range(4)
        ]
        found = [summary_of(replace(task, **change)) for task in tasks]
        mean: Floats = np.mean([(one["bias2"], one["variance"]) for one in found], axis=0)
        return mean

    bias2, variance = means(())
    assert 0.030 <= bias2 <= 0.050
    assert variance <= 0.010
    bias2, variance = means((8, 8))
    assert bias2 <= 0.006
    assert 0.045 <= variance <= 0.080
    of_bootstrap, variance = means((8, 8), resampled=make(**vars(RECIPE)))
    assert of_bootstrap > 3 * bias2


def test_importing_the_values_loads_no_torch() -> None:
    code = "import sys, engine.studies.fit.bias_variance; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
