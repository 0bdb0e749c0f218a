"""The grid of activations and initializations."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from engine import toy_datasets
from engine.config import Activation, Initialization, Optimizer, TrainingConfig
from engine.dataset import Dataset
from engine.errors import InputError
from engine.insight.verdict import VANISHING_RATIO
from engine.studies.grid import (
    CHANCE_MARGIN,
    CellRun,
    GridTask,
    cell_config,
    chance_level,
    grid_study,
    summary_of,
    train_cell,
)
from engine.training import Trainer
from tests import ROOT

MOONS = toy_datasets.make("moons", n_samples=60, seed=1)
CONFIG = TrainingConfig(hidden_layers=(6, 6, 6), seed=9, batch_size=16, layer_activations=("relu", "tanh", "elu"))  # type: ignore[arg-type]
TASK = GridTask(
    MOONS,
    CONFIG,
    (Activation.SIGMOID, Activation.RELU),
    (Initialization.TORCH_DEFAULT, Initialization.HE_NORMAL),
    (3, 7),
    8,
)
RUN = CellRun(Activation.RELU, Initialization.ZEROS, 4, 0.25, 0.5, 0.75, 0.1, False, 8)


def first_run(task: GridTask) -> CellRun:
    """What comes of the first job."""
    return train_cell(grid_study(task).jobs[0])


def test_each_pair_is_trained_once_with_each_seed_and_the_first_seed_comes_first() -> None:
    runs = [train_cell(job) for job in grid_study(TASK).jobs]

    assert len(runs) == TASK.n_runs == 8
    assert {(run.activation, run.initialization, run.seed) for run in runs} == set(
        product(TASK.activations, TASK.initializations, TASK.seeds)
    )
    assert [run.seed for run in runs] == [3] * 4 + [7] * 4


def test_the_numbers_of_a_cell_are_those_of_a_trainer_run_by_hand() -> None:
    config = TrainingConfig(
        hidden_layers=(6, 6, 6), activation=Activation.RELU, initialization=Initialization.HE_NORMAL, seed=7,
        batch_size=16,
    )  # fmt: skip
    trainer = Trainer(MOONS, config)
    first = trainer.gradient_norms()
    for _ in range(8):
        trainer.epoch()
    last, metrics = trainer.gradient_norms(), trainer.evaluate()

    assert train_cell(grid_study(TASK).jobs[-1]) == CellRun(
        Activation.RELU, Initialization.HE_NORMAL, 7, first[0] / first[-1], last[0] / last[-1], metrics.train_accuracy,
        metrics.train_loss, False, 8,
    )  # fmt: skip


def test_the_ratio_before_the_first_step_is_that_of_autograd() -> None:
    config = cell_config(CONFIG, Activation.SIGMOID, Initialization.TORCH_DEFAULT, 3)
    trainer = Trainer(MOONS, config)
    training = ~MOONS.validation_mask(config.validation_fraction)
    points = MOONS.points[training].astype(np.float64)
    values = torch.from_numpy((points - points.mean(axis=0)) / points.std(axis=0))
    weights = [
        (torch.from_numpy(w).double().requires_grad_(), torch.from_numpy(b).double()) for w, b in trainer.weights()
    ]
    for weight, bias in weights[:-1]:
        values = torch.sigmoid(values @ weight + bias)
    logits = (values @ weights[-1][0] + weights[-1][1])[:, 0]
    targets = torch.from_numpy(MOONS.labels[training]).double()
    torch.nn.functional.binary_cross_entropy_with_logits(logits, targets).backward()  # type: ignore[no-untyped-call]
    norms = [float(weight.grad.norm()) for weight, _ in weights if weight.grad is not None]

    assert first_run(TASK).first_over_last == pytest.approx(norms[0] / norms[-1], rel=1e-5)


def test_a_run_that_diverges_ends_early_and_says_so() -> None:
    config = replace(CONFIG, optimizer=Optimizer.SGD, learning_rate=1e5)
    run = first_run(replace(TASK, config=config, activations=(Activation.LINEAR,), epochs=200))

    assert run.diverged
    assert run.epochs < 200


def test_without_any_gradient_the_ratio_is_zero() -> None:
    task = replace(TASK, activations=(Activation.TANH,), initializations=(Initialization.ZEROS,), seeds=(1,), epochs=1)

    assert first_run(task).first_over_last == 0.0


def test_a_run_survives_json_and_what_is_not_finite_becomes_nan() -> None:
    assert CellRun.from_json(json.loads(json.dumps(RUN.as_json(), allow_nan=False))) == RUN
    back = CellRun.from_json(json.loads(json.dumps(replace(RUN, loss=math.inf).as_json(), allow_nan=False)))
    assert math.isnan(back.loss)


def test_a_summary_has_medians_and_extremes_over_the_seeds() -> None:
    runs = [
        replace(RUN, seed=seed, accuracy=accuracy, first_over_last=ratio, diverged=diverged)
        for seed, accuracy, ratio, diverged in ((0, 0.5, 1e-9, False), (1, 0.9, 1e-2, True), (2, 0.6, 1e-4, False))
    ]
    summary = summary_of(runs)

    assert (summary.n_runs, summary.n_diverged) == (3, 1)
    assert (summary.accuracy.low, summary.accuracy.median, summary.accuracy.high) == (0.5, 0.6, 0.9)
    assert summary.first_over_last.median == 1e-4


def test_what_is_not_finite_is_left_out_of_the_medians() -> None:
    one_left = summary_of([RUN, replace(RUN, first_over_last=math.nan)])
    none_left = summary_of([replace(RUN, first_over_last=math.nan)])

    assert one_left.first_over_last.median == 0.25
    assert math.isnan(none_left.first_over_last.median)
    assert not none_left.is_vanishing


@pytest.mark.parametrize(("ratio", "vanishing"), [(VANISHING_RATIO * 0.999, True), (VANISHING_RATIO, False), (0, True)])
def test_a_cell_vanishes_below_the_rule_of_the_verdict(ratio: float, vanishing: bool) -> None:
    assert summary_of([replace(RUN, first_over_last=ratio)]).is_vanishing is vanishing


@pytest.mark.parametrize(("above", "at_chance"), [(-0.1, True), (0.0, True), (0.049, True), (0.051, False)])
def test_a_cell_is_at_chance_up_to_a_margin_above_the_largest_class(above: float, at_chance: bool) -> None:
    assert CHANCE_MARGIN == 0.05
    assert summary_of([replace(RUN, accuracy=0.4 + above)]).is_at_chance(0.4) is at_chance


def test_chance_is_the_share_of_the_largest_class_among_the_training_points() -> None:
    dataset = toy_datasets.make("spiral", n_samples=301, n_classes=3, seed=1)
    config = TrainingConfig(validation_fraction=0.3)
    training = dataset.labels[~dataset.validation_mask(0.3)].tolist()

    assert chance_level(dataset, config) == max(training.count(label) for label in range(3)) / len(training)
    empty = Dataset(np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=np.int64), ("a", "b"))
    assert math.isnan(chance_level(empty, config))


def test_the_config_of_a_cell_has_one_activation_everywhere_and_keeps_the_rest() -> None:
    config = cell_config(CONFIG, Activation.ELU, Initialization.HE_UNIFORM)

    assert config.activations == (Activation.ELU,) * 3
    assert config == replace(
        CONFIG, layer_activations=(), activation=Activation.ELU, initialization=Initialization.HE_UNIFORM
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"activations": ()}, "activations is empty"),
        ({"seeds": (1, 2, 1)}, "seeds has 1 twice"),
        ({"initializations": (Initialization.ZEROS,) * 2}, "initializations has zeros twice"),
        ({"epochs": 0}, "epochs is 0"),
        ({"seeds": (-1,)}, "-1"),
    ],
)
def test_a_task_that_cannot_be_done_is_refused_with_a_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        replace(TASK, **change)


def test_importing_the_values_loads_no_torch() -> None:
    code = "import sys; from engine.studies import folds, grid, seeds; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
