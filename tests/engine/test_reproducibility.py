"""The same experiment gives the same bits, whatever runs beside it and in whatever process."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
import time
from dataclasses import replace
from threading import Thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import Activation, Optimizer, Schedule, TrainingConfig
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.field import View
from engine.learning.metrics import Metrics
from engine.run.attention import Attention
from engine.run.commands import Attend, Pause, Quit, Resume, Start
from engine.run.history import History, is_always_wanted
from engine.run.inbox import CommandQueue
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.mailbox import Mailbox
from engine.run.pace import Resolution
from engine.run.worker import Worker
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


CONFIGS = {
    "everything": EVERYTHING,
    "wide": WIDE,
    "default": TrainingConfig(),
    "whole": TrainingConfig(hidden_layers=(12, 12), batch_size=None, dropout=0.4, optimizer=Optimizer.RMSPROP),
    "normal": TrainingConfig(hidden_layers=(12, 12), batch_size=20, batch_norm=True, activation=Activation.SILU),
    # gradients of the first layers, and their squares in the optimizer, are below the smallest normal number
    "vanishing": TrainingConfig(hidden_layers=(6,) * 80, activation=Activation.SIGMOID, batch_size=None),
}


LANES = tuple(config for name, config in CONFIGS.items() if name not in ("default", "vanishing"))


def elsewhere(expression: str) -> str:
    """What a fresh process makes of an expression of this module."""
    script = (
        f"import torch; torch.set_num_threads(1)\nfrom tests.engine.test_reproducibility import *\nprint({expression})"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", CONFIGS)
def test_twice_in_one_process_and_once_in_another(name: str) -> None:
    config = CONFIGS[name]

    assert fingerprint(config) == fingerprint(config) == elsewhere(f"fingerprint(CONFIGS[{name!r}])")


def test_a_batch_of_several_pieces_gives_the_same_bits_in_another_process() -> None:
    assert fingerprint(CONFIGS["whole"], 5, 3000) == elsewhere('fingerprint(CONFIGS["whole"], 5, 3000)')


def state_of(trainer: Trainer) -> str:
    """A fingerprint of parameters and running statistics."""
    norm, vector = trainer._network.norm, trainer._network.parameters.vector
    parts = [vector] if norm is None else [vector, norm.mean, norm.variance]
    return hashlib.sha256(b"".join(part.numpy().tobytes() for part in parts)).hexdigest()


def headless(epochs: int) -> str:
    """What each config leads to after so many epochs, as on the command line."""
    found = []
    for config in LANES:
        trainer = Trainer(cloud(150, 3), config)
        for _ in range(epochs):
            trainer.epoch()
        found.append(f"{trainer.machine} {state_of(trainer)}")
    return ", ".join(found)


def test_lanes_behind_a_window_that_pauses_and_looks_are_those_of_the_command_line() -> None:
    queue = CommandQueue()
    mailbox, generator = Mailbox(lambda: None), np.random.default_rng(0)
    worker = Worker(queue, mailbox)
    thread = Thread(target=worker.run)
    thread.start()
    view = View(-1.0, 1.0, -1.0, 1.0, 200, 100, ((255, 0, 0), (0, 255, 0), (0, 0, 255)), (255, 255, 255))
    looks = [Attention(view), Attention(view, (0.1, 0.2), frozenset({DIAGNOSIS})), Attention()]
    queue.put(Start(1, Experiment(cloud(150, 3), LANES)))
    try:
        for _ in range(12):
            queue.put(Attend(looks[generator.integers(3)]))
            queue.put(Resume(until=150))
            time.sleep(generator.uniform(0.0, 0.03))
            queue.put(Pause())
        queue.put(Resume(until=150))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            time.sleep(0.1)
            queue.put(Attend(looks[generator.integers(3)]))
            if (snapshot := mailbox.take()) is not None and min(lane.epochs for lane in snapshot.lanes) == 150:
                break
    finally:
        queue.put(Quit())
        thread.join(10)
    assert not thread.is_alive()
    here = ", ".join(f"{lane.trainer.machine} {state_of(lane.trainer)}" for lane in worker._lanes)
    assert [lane.trainer.epochs_done for lane in worker._lanes] == [150] * len(LANES)

    assert here == headless(150) == elsewhere("headless(150)")


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
