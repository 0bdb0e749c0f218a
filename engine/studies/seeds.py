"""Bands: one experiment trained with several seeds, whose curves have a median and a range at each epoch.

The points stay, and so does their split; a seed chooses first weights, batches and dropout. Importing this loads no
torch; doing the jobs does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.mlp.activations import Floats
from engine.settings import checked_whole
from engine.studies.curves import curves_as_json, names_of_curves, recorded_epochs, train
from engine.studies.grid import MAX_EPOCHS, check_seeds, finite_or_none, median_range
from engine.studies.study import Study, TrainingJob


@dataclass(frozen=True, eq=False)
class SeedsTask:
    """The trainings that differ in their seed.

    Attributes:
        dataset, config: of one lane; patience and seed of the config do not count.
        seeds: at least one, none twice.
        epochs: of each run, 1 to 1,000,000.

    Raises:
        InputError: a value is out of its range.
    """

    dataset: Dataset
    config: TrainingConfig
    seeds: tuple[int, ...]
    epochs: int

    def __post_init__(self) -> None:
        check_seeds(self.seeds)
        checked_whole("epochs", self.epochs, 1, MAX_EPOCHS)


@dataclass(frozen=True, eq=False)
class SeedRun:
    """One training.

    Attributes:
        seed: it was trained with.
        curves: float64 (n_recorded, 4), see `engine.studies.curves.train`.
        has_values: whether values were learned, else classes.
        diverged: whether it stopped because its loss or gradient was not finite.
        epochs: that were asked for.
    """

    seed: int
    curves: Floats
    has_values: bool
    diverged: bool
    epochs: int

    def as_json(self) -> dict[str, Any]:
        """A table for JSON; numbers that are not finite are None."""
        curves = curves_as_json(self.epochs, self.curves, has_values=self.has_values)
        return {"seed": self.seed, "curves": curves, "diverged": self.diverged}


def seeds_study(task: SeedsTask) -> Study[TrainingJob, SeedRun]:
    """The trainings as a study: a job a seed."""
    jobs = [TrainingJob(task.dataset, replace(task.config, seed=seed), task.epochs) for seed in task.seeds]
    return Study(jobs, train_seed, SeedRun.as_json, summary_of)


def train_seed(job: TrainingJob) -> SeedRun:
    """Train with one seed."""
    from engine.training import Trainer

    trainer = Trainer(job.dataset, job.config)
    curves = train(trainer, job.epochs)
    return SeedRun(job.config.seed, curves, job.dataset.has_values, trainer.divergence is not None, job.epochs)


def summary_of(runs: Sequence[SeedRun]) -> dict[str, Any]:
    """The outcome of all seeds, as JSON can hold it.

    Each of “train_loss”, “validation_loss”, “train_accuracy” and “validation_accuracy”, or “train_r2” and
    “validation_r2”, has “median”, “low” and “high” at the end; in “curves” it has a list of each, a number for each of
    the “epochs”. Numbers that are not finite are left out, so runs are from where they diverged.
    """
    epochs = recorded_epochs(runs[0].epochs)
    curves: dict[str, Any] = {"epochs": epochs}
    final: dict[str, Any] = {}
    for column, name in enumerate(names_of_curves(has_values=runs[0].has_values)):
        rows = [
            finite_or_none(asdict(median_range([float(run.curves[row, column]) for run in runs])))
            for row in range(len(epochs))
        ]
        curves[name] = {kind: [row[kind] for row in rows] for kind in rows[-1]}
        final[name] = rows[-1]
    return {"n_runs": len(runs), "n_diverged": sum(run.diverged for run in runs), **final, "curves": curves}
