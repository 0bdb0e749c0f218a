"""Bias and variance, measured: networks trained on fresh training sets, and what they come to at the same points.

Importing this loads no torch, so that a window may know the values; doing its jobs does.
"""

from __future__ import annotations

import base64
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import MAX_SEED, Output, TrainingConfig
from engine.dataset import MAX_POINTS, Dataset
from engine.errors import InputError
from engine.insight.field import View
from engine.messages import message
from engine.settings import checked_whole
from engine.studies.fit.decomposition import Outputs, parts_of_error, parts_of_mistakes
from engine.studies.fit.populations import (
    BOOTSTRAP_WARNING,
    Bootstrap,
    PaintedPopulation,
    Population,
    Source,
    Truth,
    over_classes,
)
from engine.studies.grid import MAX_EPOCHS, check_seeds, finite_or_none
from engine.studies.lists import MAX_NETWORKS
from engine.studies.study import Study

Edges = tuple[float, float, float, float]

MAX_OUTPUTS = 2**25
"""Points at which all networks of a study are asked, taken together; of two classes what they say takes 256 MB."""
FIELD_SIDE = 64
OF_SETS, OF_WEIGHTS, OF_TEST = range(3)
"""Random numbers of their own for each use."""


@dataclass(frozen=True, eq=False)
class BiasVarianceTask:
    """The networks that are trained.

    Attributes:
        population: the training sets and the test points are drawn from it.
        config: of one lane; its seed is that of all that is random; shares kept back and patience do not count.
        n_points: of each training set.
        epochs: of each network, 1 to 1,000,000.
        training_sets: their numbers, each the seed of one; at least two, none twice.
        weights: networks for each, with different first weights; 1 to 10,000.
        n_test: points at which they are compared, the same for all.
        view: left, right, bottom and top edge of a part of the plane over which the outputs of each network are told,
            see `field_places`; or None.
        resampled: points of the population of which the training sets are bootstrap samples, instead of fresh ones.

    Raises:
        InputError: a value is out of its range.
    """

    population: Population
    config: TrainingConfig
    n_points: int
    epochs: int
    training_sets: Sequence[int]
    weights: int
    n_test: int
    resampled: Dataset | None = None
    view: Edges | None = None

    def __post_init__(self) -> None:
        checked_whole("n_points", self.n_points, 1, MAX_POINTS)
        checked_whole("epochs", self.epochs, 1, MAX_EPOCHS)
        check_seeds(self.training_sets)
        n_sets = checked_whole(message("the number of training sets"), len(self.training_sets), 2, MAX_NETWORKS)
        checked_whole("weights", self.weights, 1, MAX_NETWORKS // n_sets)
        checked_whole("n_test", self.n_test, 1, MAX_OUTPUTS // self.n_networks)

    @property
    def n_networks(self) -> int:
        """All that are trained."""
        return len(self.training_sets) * self.weights


@dataclass(frozen=True, eq=False)
class NetworkJob:
    """One network to train.

    Attributes:
        source, n_points: the training set is drawn from it.
        config: with the seed of all networks.
        epochs: to train.
        training_set, weights: the numbers of the training set and of the first weights.
        points: float32 (n_test, n_inputs), at which the network is asked.
        places: of the field, see `field_places`; none, if none is wanted.
    """

    source: Source
    n_points: int
    config: TrainingConfig
    epochs: int
    training_set: int
    weights: int
    points: NDArray[np.float32]
    places: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class NetworkRun:
    """One network that was trained.

    Attributes:
        training_set, weights: the numbers of its job.
        outputs: float32 (n_test, n_classes): the probabilities, or (n_test, 1): the values.
        field: the same at the places of the field.
        train_error: the mean squared error of its outputs on its training points, see `over_classes`.
        train_mistakes: the share of its training points that it gets wrong; nan of values.
        diverged: whether it stopped because its loss or gradient was not finite.
        epochs: that were done.
    """

    training_set: int
    weights: int
    outputs: Outputs
    field: Outputs
    train_error: float
    train_mistakes: float
    diverged: bool
    epochs: int


def bias_variance_study(task: BiasVarianceTask) -> Study[NetworkJob, NetworkRun]:
    """The networks as a study, whose summary has bias and variance."""
    config = task.config
    sample = task.population.sample(task.n_test, generator_for(config, OF_TEST))
    points = sample.points[:, : sample.n_inputs]
    truth = task.population.truth(points)
    source: Source = task.population if task.resampled is None else Bootstrap(task.resampled)
    places = points[:0] if task.view is None else field_places(task.view, points.shape[1])
    whole = replace(config, validation_fraction=0.0, test_fraction=0.0)
    jobs = [
        NetworkJob(source, task.n_points, whole, task.epochs, number, weights, points, places)
        for number in task.training_sets
        for weights in range(task.weights)
    ]
    threshold = None if sample.has_values else threshold_of(config, sample.n_classes)

    def as_json(run: NetworkRun) -> dict[str, Any]:
        numbers: dict[str, Any] = {
            "training_set": run.training_set,
            "weights": run.weights,
            "error": error_of(run.outputs, truth),
        }
        if threshold is not None:
            numbers["mistakes"] = mistakes_of(decided(run.outputs, threshold), truth)
        if len(run.field):
            numbers["field"] = base64.b64encode(run.field.tobytes()).decode("ascii")
        ended = {"train_error": run.train_error, "diverged": run.diverged, "epochs": run.epochs}
        return finite_or_none(numbers | ended)

    def summary(runs: Sequence[NetworkRun]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "n_points": task.n_points,
            "networks": len(runs),
            "diverged": sum(run.diverged for run in runs),
        }
        if isinstance(task.population, PaintedPopulation):
            told["bandwidth"] = task.population.bandwidth
        if task.resampled is not None:
            told["warning"] = BOOTSTRAP_WARNING
        return errors_in_all(runs, task.weights, truth) | mistakes_in_all(runs, threshold, truth) | told

    return Study(jobs, train_network, as_json, summary)


def generator_for(config: TrainingConfig, *use: int) -> np.random.Generator:
    """Random numbers for one use, the same whoever asks."""
    return np.random.default_rng((config.seed, *use))


def train_network(job: NetworkJob) -> NetworkRun:
    """Draw a training set and train a network on it."""
    from engine.training import Trainer

    dataset = job.source.sample(job.n_points, generator_for(job.config, OF_SETS, job.training_set))
    of_weights = generator_for(job.config, OF_WEIGHTS, job.training_set, job.weights)
    config = replace(job.config, seed=int(of_weights.integers(MAX_SEED + 1)))
    trainer = Trainer(dataset, config)
    trainer.steps(sys.maxsize, until=job.epochs)

    def asked(points: NDArray[np.float32]) -> Outputs:
        """The outputs of the network at points (n_points, n_inputs)."""
        return trainer.predictions(points)[:, None] if dataset.has_values else trainer.probabilities(points)

    outputs = asked(dataset.points[:, : dataset.n_inputs])
    if dataset.has_values:
        known, mistakes = dataset.points[:, -1:].astype(np.float64), math.nan
    else:
        known = np.eye(dataset.n_classes)[dataset.labels]
        mistakes = float((decided(outputs, trainer.threshold) != dataset.labels).mean())
    return NetworkRun(
        job.training_set,
        job.weights,
        asked(job.points),
        asked(job.places) if len(job.places) else outputs[:0],
        error_of(outputs, Truth(known, np.zeros(len(dataset)))),
        mistakes,
        trainer.divergence is not None,
        trainer.epochs_done,
    )


def field_places(view: Edges, n_inputs: int) -> NDArray[np.float32]:
    """The places of a field, float32 (n_places, n_inputs): 64 by 64, the top row first, or 64 of values, from the left.

    Raises:
        InputError: the points have more features than a plane.
    """
    if n_inputs > 2:
        raise InputError(
            "The points have {n_features} features; a field is of points that have two.", n_features=n_inputs
        )
    grid = View(*view, FIELD_SIDE, FIELD_SIDE, (), (0, 0, 0)).grid_points(FIELD_SIDE, FIELD_SIDE)
    return grid if n_inputs == 2 else grid[:FIELD_SIDE, :1]


def field_in(line: Mapping[str, Any], n_outputs: int) -> Outputs:
    """The outputs at the places of the field that the line of a network tells, float32 (n_places, n_outputs)."""
    return np.frombuffer(base64.b64decode(line["field"]), dtype=np.float32).reshape(-1, n_outputs)


def error_of(outputs: Outputs, truth: Truth) -> float:
    """The mean squared error that is to be expected of outputs."""
    with np.errstate(all="ignore"):
        return float((over_classes(np.square(outputs - truth.mean)) + truth.noise).mean())


def threshold_of(config: TrainingConfig, n_classes: int) -> float:
    """The probability of class 1 above which it is decided for, see `engine.training.Trainer.threshold`."""
    return config.threshold if config.resolved_output(n_classes) is Output.SIGMOID else 0.5


def decided(probabilities: Outputs, threshold: float) -> NDArray[np.intp]:
    """The class that is decided for at each point."""
    if probabilities.shape[1] == 2 and threshold != 0.5:
        return (probabilities[:, 1] > threshold).astype(np.intp)
    return np.asarray(probabilities.argmax(axis=1))


def mistakes_of(decisions: NDArray[np.intp], truth: Truth) -> float:
    """The share of mistakes that is to be expected of decisions."""
    return float(1 - truth.mean[np.arange(len(decisions)), decisions].mean())


def errors_in_all(runs: Sequence[NetworkRun], weights: int, truth: Truth) -> dict[str, Any]:
    """The parts of the squared error, averaged over the points; None if a network says what is no number."""
    with np.errstate(all="ignore"):
        parts = parts_of_error([run.outputs for run in runs], weights, truth)
        numbers = {
            "noise": parts.noise.mean(),
            "bias2": parts.bias2.mean(),
            "variance": parts.variance.mean(),
            "error": np.mean([error_of(run.outputs, truth) for run in runs]),
            "train_error": np.mean([run.train_error for run in runs]),
        }
        if parts.from_data is not None and parts.from_weights is not None:
            numbers |= {"from_data": parts.from_data.mean(), "from_weights": parts.from_weights.mean()}
    return finite_or_none({name: float(number) for name, number in numbers.items()})


def mistakes_in_all(runs: Sequence[NetworkRun], threshold: float | None, truth: Truth) -> dict[str, Any]:
    """The parts of the mistakes, averaged over the points; None of values, and if a network says what is no number."""
    if threshold is None or not all(np.isfinite(run.outputs).all() for run in runs):
        return {"bayes_error": None, "mistakes": None, "domingos": None}
    decisions, best = [decided(run.outputs, threshold) for run in runs], truth.mean.argmax(axis=1)
    parts = parts_of_mistakes(decisions, best, truth.mean.shape[1])
    return {
        "bayes_error": mistakes_of(best, truth),
        "mistakes": {
            "error": float(np.mean([mistakes_of(of_one, truth) for of_one in decisions])),
            "train_error": float(np.mean([run.train_mistakes for run in runs])),
        },
        "domingos": {name: float(getattr(parts, name).mean()) for name in DOMINGOS},
    }


DOMINGOS = ("bias", "variance_unbiased", "variance_biased")
