"""The same experiment gives the same bits, whatever runs beside it and in whatever process."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import Activation, Optimizer, Schedule, TrainingConfig
from engine.dataset import Dataset
from engine.insight.diagnosis import DIAGNOSIS
from engine.learning.metrics import Metrics
from engine.run.attention import Attention
from engine.run.history import History, is_always_wanted
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.training import Trainer
from tests import ROOT
from tests.engine.reference import cloud

EVERYTHING = TrainingConfig(
    hidden_layers=(9, 9, 9, 7),
    layer_activations=(Activation.RELU, Activation.GELU, Activation.ELU, Activation.SIGMOID),
    batch_norm=True,
    skip_connections=True,
    optimizer=Optimizer.ADAMW,
    schedule=Schedule.COSINE,
    clip_norm=1.0,
    l1=1e-4,
    l2=1e-3,
    dropout=0.2,
    batch_size=17,
    seed=5,
)
WIDE = TrainingConfig(hidden_layers=(200, 200), batch_size=None, dropout=0.1)


def fingerprint(config: TrainingConfig, epochs: int = 12, n_points: int = 150) -> str:
    """Of the weights, the curve, the norms and the probabilities after some epochs."""
    dataset: Dataset = cloud(n_points, 3)
    lane = Lane(dataset, config)
    for _ in range(epochs):
        lane.trainer.epoch()
        lane.record()
    arrays: list[NDArray[Any]] = [part for layer in lane.trainer.weights() for part in layer]
    arrays += [lane.history_table(), lane.trainer.gradient_norms(), lane.trainer.probabilities(dataset.points)]
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


@pytest.mark.parametrize("config", [EVERYTHING, WIDE, TrainingConfig()], ids=["everything", "wide", "default"])
def test_twice_in_one_process_and_once_in_another(config: TrainingConfig) -> None:
    name = {id(EVERYTHING): "EVERYTHING", id(WIDE): "WIDE"}.get(id(config), "TrainingConfig()")
    script = (
        "import torch; torch.set_num_threads(1)\n"
        "from tests.engine.test_reproducibility import *\n"
        f"print(fingerprint({name}))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()

    assert fingerprint(config) == fingerprint(config) == elsewhere


def test_a_lane_does_not_feel_the_others_whatever_they_are() -> None:
    dataset = cloud(150, 3)
    alone = Trainer(dataset, EVERYTHING)
    beside = [
        Trainer(dataset, config) for config in (WIDE, EVERYTHING, replace(EVERYTHING, activation=Activation.STEP))
    ]
    curve, same = [], []
    for _ in range(8):
        alone.epoch()
        curve.append(alone.evaluate())
    for _ in range(8):
        for trainer in beside:
            trainer.epoch()
        same.append(beside[1].evaluate())

    assert same == curve


DIVERGING = [
    TrainingConfig(
        hidden_layers=(8, 8), activation=Activation.RELU, batch_norm=batch_norm, optimizer=Optimizer.NESTEROV,
        learning_rate=rate, batch_size=8,
    )
    for batch_norm, rate in ((True, 15304.0), (True, 1e5), (False, 1e3), (False, 0.1))
]  # fmt: skip


@pytest.mark.parametrize("config", DIVERGING)
def test_who_looks_changes_neither_the_run_nor_the_step_of_its_divergence(config: TrainingConfig) -> None:
    dataset = toy_datasets.make("moons", n_samples=200, n_classes=2)

    def run(*, is_watched: bool) -> tuple[object, ...]:
        lane, generator = Lane(dataset, config), np.random.default_rng(5)
        trainer, clock = lane.trainer, itertools.count().__next__
        attention = Attention(wanted=frozenset({DIAGNOSIS}))
        lane.record()
        while trainer.epochs_done < 12 and trainer.divergence is None:
            epochs = trainer.epochs_done
            trainer.steps(1)
            looks = generator.integers(0, 4) if is_watched else 3
            if looks == 0:
                trainer.evaluate()
            elif looks == 1:
                looked_at = replace(attention, pointer=(0.1, 0.2))
                lane.snapshot(looked_at, Look(Resolution(1.0), lambda: float(clock()), still=True))
            elif looks == 2:
                lane.snapshot(attention, Look(Resolution(1.0), lambda: float(clock()), still=False))
            if trainer.epochs_done > epochs:
                lane.record()
        return trainer.divergence, trainer.steps_done, trainer._network.parameters.vector.numpy().tobytes()

    assert run(is_watched=True) == run(is_watched=False)


def test_where_a_run_can_end_does_not_depend_on_how_many_rows_are_kept() -> None:
    for capacity in (200, 300):
        history = History(capacity)
        for epoch in range(5000):
            if history.wants(epoch):
                history.record(epoch, Metrics())
            else:
                assert not is_always_wanted(epoch)
    assert sum(map(is_always_wanted, range(5000))) > 100
