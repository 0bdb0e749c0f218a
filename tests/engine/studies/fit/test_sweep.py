"""Bias and variance along axes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from engine.config import ToyDataset, TrainingConfig
from engine.errors import InputError
from engine.studies.executors import InThisProcess
from engine.studies.fit.bias_variance import BiasVarianceTask, bias_variance_study
from engine.studies.fit.populations import ToyPopulation
from engine.studies.fit.sweep import SweepCell, sweep_study
from engine.studies.study import Study, lines
from engine.toy_datasets import Recipe

CONFIG = TrainingConfig(hidden_layers=(4,), batch_size=None)
TASK = BiasVarianceTask(ToyPopulation(Recipe(ToyDataset.MOONS, 1, 2, 0.8, 1)), CONFIG, 20, 3, (5, 3), 2, 30)
CELLS = [SweepCell({"epochs": epochs}, replace(TASK, epochs=epochs)) for epochs in (1, 6)]


def done(study: Study[Any, Any]) -> Sequence[dict[str, Any]]:
    """All lines."""
    return [json.loads(json.dumps(line, allow_nan=False)) for line in lines(study, InThisProcess(), 1)]


def test_each_cell_is_a_study_of_its_own_on_the_same_training_sets_and_the_first_sets_come_first() -> None:
    *jobs, last = done(sweep_study(CELLS))
    assert [(job["training_set"], job["values"]["epochs"]) for job in jobs] == [
        (5, 1), (5, 6), (5, 1), (5, 6), (3, 1), (3, 6), (3, 1), (3, 6),
    ]  # fmt: skip

    for cell, found in zip(CELLS, last["summary"]["cells"], strict=True):
        alone = [*done(bias_variance_study(cell.task))]
        assert found == {"values": cell.values} | alone[-1]["summary"]
        of_cell = [job for job in jobs if job["values"] == cell.values]
        assert sorted(of_cell, key=str) == sorted(({"values": cell.values} | job for job in alone[:-1]), key=str)


def test_more_networks_than_can_be_compared_are_refused() -> None:
    many = SweepCell({}, replace(TASK, training_sets=range(2501)))
    with pytest.raises(InputError, match="10,004 networks; at most 10,000"):
        sweep_study([many] * 2)
    wide = SweepCell({}, replace(TASK, n_test=2**22))
    with pytest.raises(InputError, match="12 networks; at most 8"):
        sweep_study([wide] * 3)
