"""Bands over seeds: the same points, other first weights."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.errors import InputError
from engine.studies.executors import InThisProcess
from engine.studies.seeds import SeedsTask, seeds_study, summary_of, train_seed
from engine.studies.study import lines
from engine.training import Trainer

MOONS = toy_datasets.make("moons", n_samples=40, seed=1)
CONFIG = TrainingConfig(hidden_layers=(4,), batch_size=16, dropout=0.1, validation_fraction=0.3, seed=99)
TASK = SeedsTask(MOONS, CONFIG, (4, 2, 7), 5)
NAMES = ["train_loss", "validation_loss", "train_accuracy", "validation_accuracy"]


def test_each_seed_trains_the_same_points_as_a_trainer_with_this_seed() -> None:
    runs = [train_seed(job) for job in seeds_study(TASK).jobs]
    trainer = Trainer(MOONS, replace(CONFIG, seed=7))
    for _ in range(5):
        trainer.epoch()

    assert [run.seed for run in runs] == [4, 2, 7]
    assert tuple(runs[2].curves[-1]) == trainer.evaluate().curve
    assert len({run.curves[0, 0] for run in runs}) == 3


def test_the_summary_has_median_and_range_at_the_end_and_at_every_epoch() -> None:
    *jobs, last = lines(seeds_study(TASK), InThisProcess(), 1)
    found: dict[str, Any] = json.loads(json.dumps(last, allow_nan=False))["summary"]
    table = np.array([[job["curves"][name] for name in NAMES] for job in jobs])

    assert set(found) == {"n_runs", "n_diverged", "curves", *NAMES}
    assert (found["n_runs"], found["n_diverged"], found["curves"]["epochs"]) == (3, 0, list(range(6)))
    for column, name in enumerate(NAMES):
        values = table[:, column]
        assert found["curves"][name] == {
            "median": np.median(values, axis=0).tolist(), "low": values.min(axis=0).tolist(),
            "high": values.max(axis=0).tolist(),
        }  # fmt: skip
        assert found[name] == {kind: curve[-1] for kind, curve in found["curves"][name].items()}


def test_runs_are_left_out_from_where_they_diverged() -> None:
    runs = [train_seed(job) for job in seeds_study(TASK).jobs]
    cut = runs[0].curves.copy()
    cut[3:] = np.nan
    found = summary_of([replace(runs[0], curves=cut, diverged=True), *runs[1:]])
    losses = np.array([run.curves[:, 0] for run in runs])

    assert found["n_diverged"] == 1
    assert found["curves"]["train_loss"]["median"][2] == np.median(losses[:, 2])
    assert found["curves"]["train_loss"]["median"][3] == np.median(losses[1:, 3])


def test_values_have_r2_and_without_validation_there_is_none() -> None:
    sine = toy_datasets.make("sine", n_samples=20, seed=1)
    *jobs, last = lines(
        seeds_study(SeedsTask(sine, replace(CONFIG, validation_fraction=0.0), (1, 2), 2)), InThisProcess(), 1
    )

    assert list(jobs[0]["curves"]) == ["epochs", "train_loss", "validation_loss", "train_r2", "validation_r2"]
    assert last["summary"]["train_r2"]["median"] < 1
    assert last["summary"]["validation_r2"] == {"median": None, "low": None, "high": None}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"seeds": ()}, "seeds is empty"), ({"seeds": (1, 1)}, "1 twice"), ({"seeds": (-1,)}, "-1"), ({"epochs": 0}, "0")],
)
def test_seeds_that_cannot_be_trained_are_refused_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        replace(TASK, **change)
