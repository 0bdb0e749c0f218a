"""The grid of activations and initializations: one experiment trained with every pair of the two, for several seeds.

Importing this loads no torch, so that a window may know the values; doing its jobs does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import MAX_SEED, SETTINGS, Activation, Initialization, TrainingConfig
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.errors import InputError
from engine.insight.verdict import VANISHING_RATIO
from engine.messages import message
from engine.settings import checked_whole
from engine.studies.lists import check_each_once
from engine.studies.study import Study, TrainingJob

MAX_EPOCHS = 1_000_000
CHANCE_MARGIN = 0.05
"""A cell counts as at chance up to so much above the accuracy of always choosing the largest class."""


@dataclass(frozen=True, eq=False)
class GridTask:
    """The grid that is trained.

    Attributes:
        dataset, config: of one lane; activation, initialization and seed of the config do not count.
        activations, initializations, seeds: at least one each, none twice.
        epochs: of each run, 1 to 1,000,000.

    Raises:
        InputError: a value is out of its range.
    """

    dataset: Dataset
    config: TrainingConfig
    activations: tuple[Activation, ...]
    initializations: tuple[Initialization, ...]
    seeds: tuple[int, ...]
    epochs: int

    def __post_init__(self) -> None:
        check_each_once("activations", self.activations)
        check_each_once("initializations", self.initializations)
        check_seeds(self.seeds)
        checked_whole("epochs", self.epochs, 1, MAX_EPOCHS)

    @property
    def n_runs(self) -> int:
        """Trainings from first weights."""
        return len(self.activations) * len(self.initializations) * len(self.seeds)


def check_seeds(seeds: Sequence[int]) -> None:
    """Raise an InputError unless these are seeds, at least one, none twice."""
    for seed in seeds:
        checked_whole(message("a seed in seeds"), seed, 0, MAX_SEED)
    check_each_once("seeds", seeds)


@dataclass(frozen=True)
class CellRun:
    """One training.

    Attributes:
        activation, initialization, seed: what it was trained with.
        first_over_last: gradient norm of the first layer over that of the last, the output layer, before the first
            step; 0 if the last layer gets none, nan if one of them is not finite.
        final_ratio: the same at the end.
        accuracy, loss: over the training points at the end; the loss may be not finite.
        diverged: whether it stopped because its loss or gradient was not finite.
        epochs: that were done.
    """

    activation: Activation
    initialization: Initialization
    seed: int
    first_over_last: float
    final_ratio: float
    accuracy: float
    loss: float
    diverged: bool
    epochs: int

    def as_json(self) -> dict[str, Any]:
        """A table for JSON; numbers that are not finite are None."""
        return finite_or_none({field.name: getattr(self, field.name) for field in fields(self)})

    @staticmethod
    def from_json(table: Mapping[str, Any]) -> CellRun:
        """The run that `as_json` described; None is nan."""
        values: dict[str, Any] = {name: math.nan if value is None else value for name, value in table.items()}
        for name in ("activation", "initialization"):
            values[name] = SETTINGS[name].checked(name, values[name])
        return CellRun(**values)


@dataclass(frozen=True)
class MedianRange:
    """Median, lowest and highest of some runs; those that are not finite are left out, nan if none is left."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class CellSummary:
    """The runs of one cell in few numbers; `summary_of` makes it."""

    n_runs: int
    n_diverged: int
    accuracy: MedianRange
    first_over_last: MedianRange
    final_ratio: MedianRange

    @property
    def is_vanishing(self) -> bool:
        """True if the first layer gets less than 10**-3 of the last layer's gradient before the first step."""
        return self.first_over_last.median < VANISHING_RATIO

    def is_at_chance(self, chance: float) -> bool:
        """True if the accuracy is hardly above that of always choosing the largest class."""
        return self.accuracy.median <= chance + CHANCE_MARGIN


def summary_of(runs: Sequence[CellRun]) -> CellSummary:
    """Medians over the seeds of one cell."""
    return CellSummary(
        len(runs),
        sum(run.diverged for run in runs),
        median_range([run.accuracy for run in runs]),
        median_range([run.first_over_last for run in runs]),
        median_range([run.final_ratio for run in runs]),
    )


def median_range(values: Sequence[float]) -> MedianRange:
    """Median, lowest and highest of those that are finite."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return MedianRange(math.nan, math.nan, math.nan)
    return MedianRange(float(np.median(finite)), min(finite), max(finite))


def chance_level(dataset: Dataset, config: TrainingConfig) -> float:
    """The share of the largest class among the training points: the accuracy of always choosing it."""
    labels = dataset.labels[roles_of(dataset.serials, shares_of(config)) == Role.TRAINING]
    return float(np.bincount(labels).max() / len(labels)) if len(labels) else math.nan


def cell_config(
    config: TrainingConfig, activation: Activation, initialization: Initialization, seed: int | None = None
) -> TrainingConfig:
    """The config of a cell: one activation in all hidden layers, one initialization, and the seed if one is given."""
    return replace(
        config,
        activation=activation,
        layer_activations=(),
        initialization=initialization,
        seed=config.seed if seed is None else seed,
    )


def grid_study(task: GridTask) -> Study[TrainingJob, CellRun]:
    """The grid as a study, whose summary has the cells row by row and what chance is."""
    if task.dataset.has_values:
        raise InputError("The matrix compares accuracies; values that are learned have none.")
    # the whole grid with the first seed, then with the second, so that all of it is seen early
    jobs = [
        TrainingJob(task.dataset, cell_config(task.config, activation, initialization, seed), task.epochs)
        for seed, activation, initialization in product(task.seeds, task.activations, task.initializations)
    ]
    chance = chance_level(task.dataset, task.config)

    def summary(runs: Sequence[CellRun]) -> dict[str, Any]:
        cells = [
            _summary_as_json(cell, summary_of([run for run in runs if (run.activation, run.initialization) == cell]))
            for cell in product(task.activations, task.initializations)
        ]
        return finite_or_none({"chance": chance}) | {"cells": cells}

    return Study(jobs, train_cell, CellRun.as_json, summary)


def _summary_as_json(cell: tuple[Activation, Initialization], summary: CellSummary) -> dict[str, Any]:
    spreads = {
        name: finite_or_none(asdict(getattr(summary, name))) for name in ("accuracy", "first_over_last", "final_ratio")
    }
    activation, initialization = cell
    counts = {"n_runs": summary.n_runs, "n_diverged": summary.n_diverged}
    return {"activation": activation, "initialization": initialization} | counts | spreads


def finite_or_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON can hold them: it has no number that is not finite."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in values.items()
    }


def train_cell(job: TrainingJob) -> CellRun:
    """Train one network of a cell."""
    from engine.training import Trainer

    trainer, config = Trainer(job.dataset, job.config), job.config
    before = _first_over_last(trainer.gradient_norms())
    while trainer.epochs_done < job.epochs and trainer.divergence is None:
        trainer.epoch()
    metrics = trainer.evaluate(ends_run=True)
    return CellRun(
        activation=config.activation,
        initialization=config.initialization,
        seed=config.seed,
        first_over_last=before,
        final_ratio=_first_over_last(trainer.gradient_norms()),
        accuracy=metrics.train_accuracy,
        loss=metrics.train_loss,
        diverged=trainer.divergence is not None,
        epochs=trainer.epochs_done,
    )


def _first_over_last(norms: NDArray[np.float64]) -> float:
    first, last = float(norms[0]), float(norms[-1])
    if not (math.isfinite(first) and math.isfinite(last)):
        return math.nan
    return first / last if last > 0 else 0.0
