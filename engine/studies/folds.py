"""Cross-validation: an experiment trained k times, each time without one fold of its points, which then judges.

All points but those of the test take part; the share kept for validation is not used. Importing this loads no torch,
so that a window may know the folds; doing the jobs does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Output, TrainingConfig
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.errors import InputError, shown
from engine.learning.metrics import class_report, mean, mean_of_numbers, r_squared
from engine.mlp.activations import Floats
from engine.settings import checked_whole
from engine.studies.curves import as_numbers, curves_as_json, recorded_epochs, train
from engine.studies.grid import MAX_EPOCHS, finite_or_none
from engine.studies.study import Study

MIN_FOLDS, MAX_FOLDS = 2, 10
MAX_LEFT_OUT_SINGLY = 40
"""Up to so many points each may be a fold of its own, which costs as many trainings."""


@dataclass(frozen=True, eq=False)
class FoldsTask:
    """The cross-validation that is done.

    Attributes:
        dataset, config: of one lane; validation share and patience of the config do not count, its seed chooses the
            folds, too.
        k: folds, 2 to 10; None: each of at most 40 points is left out once.
        epochs: of each run, 1 to 1,000,000.

    Raises:
        InputError: a value is out of its range, or the points do not suffice.
    """

    dataset: Dataset
    config: TrainingConfig
    k: int | None
    epochs: int

    def __post_init__(self) -> None:
        checked_whole("epochs", self.epochs, 1, MAX_EPOCHS)
        if self.k is not None:
            checked_whole("k", self.k, MIN_FOLDS, MAX_FOLDS)
        n_points = len(self.numbers())
        if not n_points:
            raise InputError("There are no points to train on.")
        if self.k is None and n_points > MAX_LEFT_OUT_SINGLY:
            raise InputError(
                "To leave out one point after the other takes a training for each; their number is {n_points:,}, and "
                "up to {most} that is done. Choose a k from {least} to {largest}.",
                n_points=n_points,
                most=MAX_LEFT_OUT_SINGLY,
                least=MIN_FOLDS,
                largest=MAX_FOLDS,
            )
        if max(self.n_folds, MIN_FOLDS) > n_points:
            raise InputError(
                "The number of points is {n_points}; each of {k} folds needs one.",
                n_points=n_points,
                k=max(self.n_folds, MIN_FOLDS),
            )
        if not self.dataset.has_values:
            self._check_classes()

    def _check_classes(self) -> None:
        """Raise an InputError unless there are two classes, and enough points of each that has any."""
        counts = np.bincount(self.dataset.labels[self.numbers()], minlength=self.dataset.n_classes)
        present = np.flatnonzero(counts)
        if len(present) < 2:
            raise InputError("All points are of one class; there is nothing to tell apart.")
        smallest = present[counts[present].argmin()]
        if counts[smallest] < (self.k or MIN_FOLDS):
            raise InputError(
                "Each of {k} folds needs points of every class; the number of those of class “{name}” is {n_points}. "
                "Choose a smaller k, or add points to this class.",
                k=self.n_folds,
                name=shown(self.dataset.class_names[smallest]),
                n_points=int(counts[smallest]),
            )

    def numbers(self) -> NDArray[np.intp]:
        """The points that take part, by their numbers in the dataset: all but those kept back for a test."""
        return np.flatnonzero(roles_of(self.dataset.serials, shares_of(self.config)) != Role.TEST)

    @property
    def n_folds(self) -> int:
        """The number of folds."""
        return self.k or len(self.numbers())


@dataclass(frozen=True, eq=False)
class FoldJob:
    """One fold: its network learns from all other points.

    Attributes:
        fold: its number, from 0 on.
        numbers: of its points in the dataset, int64 (n_held_out,).
        training, held_out: the other points, and its own.
        config, epochs: of the training.
    """

    fold: int
    numbers: NDArray[np.int64]
    training: Dataset
    held_out: Dataset
    config: TrainingConfig
    epochs: int


@dataclass(frozen=True, eq=False)
class FoldRun:
    """The judgement of a fold on the network that has not seen it.

    Attributes:
        fold, numbers: as in its job.
        answers: at the end, of each of its points: the probability of each class, float32 (n_held_out, n_classes), or
            the value, float32 (n_held_out, 1).
        decisions: the class decided for, int64 (n_held_out,); None where values are learned.
        score: the share of right decisions, or R², which is nan where all values of the fold are equal.
        curves: float64 (n_recorded, 4), see `engine.studies.curves.train`: those for validation are of this fold.
        diverged: whether it stopped because its loss or gradient was not finite.
        epochs: that were asked for.
    """

    fold: int
    numbers: NDArray[np.int64]
    answers: NDArray[np.float32]
    decisions: NDArray[np.int64] | None
    score: float
    curves: Floats
    diverged: bool
    epochs: int

    def as_json(self) -> dict[str, Any]:
        """A table for JSON; numbers that are not finite are None."""
        if self.decisions is None:
            said: dict[str, Any] = {"predictions": as_numbers(self.answers[:, 0])}
        else:
            said = {"decisions": self.decisions.tolist(), "probabilities": as_numbers(self.answers)}
        return {
            "fold": self.fold,
            "points": self.numbers.tolist(),
            **finite_or_none({"score": self.score}),
            **said,
            "curves": curves_as_json(self.epochs, self.curves, has_values=self.decisions is None),
            "diverged": self.diverged,
        }


def fold_numbers(dataset: Dataset, k: int, seed: int) -> NDArray[np.int64]:
    """The fold of each point, 0 to k - 1, int64 (n_points,).

    The serial number of a point says where it belongs: those from 0 to k - 1 of a class, those from k to 2 k - 1 and
    so on are dealt to one fold each, in an order that the seed chooses. So no edit of other points moves it, but for
    the few that keep folds even: the numbers of points of a class in two folds differ by one at most, and so do the
    numbers of all points. For that the newest points of a fold that has too many go to one that has too few.
    """
    folds, totals = np.empty(len(dataset), dtype=np.int64), np.zeros(k, dtype=np.int64)
    for label in np.unique(dataset.labels):
        members = np.flatnonzero(dataset.labels == label)
        members = members[np.argsort(dataset.serials[members], kind="stable")]
        dealt = _dealt(dataset.serials[members], int(label), k, seed)
        counts = np.bincount(dealt, minlength=k)
        least, n_more = divmod(len(members), k)
        sizes = np.full(k, least)
        sizes[np.lexsort((-counts, totals))[:n_more]] += 1
        totals += sizes
        by_fold = np.argsort(dealt, kind="stable")
        rank = np.arange(len(members)) - np.repeat(np.cumsum(counts) - counts, counts)
        too_many = by_fold[rank >= np.repeat(sizes, counts)]
        dealt[too_many] = np.repeat(np.arange(k), np.maximum(sizes - counts, 0))
        folds[members] = dealt
    return folds


def _dealt(serials: NDArray[np.int64], label: int, k: int, seed: int) -> NDArray[np.int64]:
    """The fold that each serial number of a class is dealt to, int64 (n_points,)."""
    blocks, block_of = np.unique(serials // k, return_inverse=True)
    orders = [np.random.default_rng((seed, label, block)).permutation(k) for block in blocks.tolist()]
    dealt: NDArray[np.int64] = np.array(orders, dtype=np.int64)[block_of, serials % k]
    return dealt


def folds_study(task: FoldsTask) -> Study[FoldJob, FoldRun]:
    """The cross-validation as a study: a job a fold."""
    config = replace(task.config, validation_fraction=0.0)
    numbers, all_points = task.numbers(), np.arange(len(task.dataset))
    taking_part = task.dataset.without(~np.isin(all_points, numbers))
    folds = fold_numbers(taking_part, task.n_folds, config.seed)
    jobs = [
        FoldJob(
            fold,
            numbers[folds == fold],
            taking_part.without(folds == fold),
            taking_part.without(folds != fold),
            config,
            task.epochs,
        )
        for fold in range(task.n_folds)
    ]
    return Study(jobs, train_fold, FoldRun.as_json, lambda runs: summary_of(task.dataset, runs))


def train_fold(job: FoldJob) -> FoldRun:
    """Train the network of a fold, and let the fold judge it."""
    from engine.training import Trainer

    trainer, held_out = Trainer(job.training, job.config), job.held_out
    curves = train(trainer, job.epochs, held_out)
    decisions = None
    if held_out.has_values:
        answers = trainer.predictions(held_out.points[:, : held_out.n_inputs])[:, np.newaxis]
        score = r_squared(*_squares(held_out.points, answers))
    else:
        answers = trainer.probabilities(held_out.points)
        if job.config.resolved_output(held_out.n_classes) is Output.SIGMOID:
            decisions = (answers[:, 1] > trainer.threshold).astype(np.int64)
        else:
            decisions = answers.argmax(axis=1)
        score = mean(decisions == held_out.labels)
    return FoldRun(job.fold, job.numbers, answers, decisions, score, curves, trainer.divergence is not None, job.epochs)


def _squares(points: NDArray[np.float32], answers: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """The squared errors of predictions (n_points, 1), and the values, both float64 (n_points,)."""
    values = points[:, -1].astype(np.float64)
    return np.square(answers[:, 0].astype(np.float64) - values), values


def summary_of(dataset: Dataset, runs: Sequence[FoldRun]) -> dict[str, Any]:
    """The outcome of all folds, as JSON can hold it.

    “scores” of the folds, their “mean”, and an “interval” of a standard error to both sides; “best_epoch”, at which the
    mean out-of-fold loss in “curve” is least: each point counts once, and only epochs where no network had diverged.
    Of classes the “confusion” of all points, row by row the class, column by column the decision; of values “r2” and
    “rmse” of all points.
    """
    scores = np.array([run.score for run in runs])
    center, error = mean_of_numbers(scores), standard_error(scores)
    losses: Floats = np.average([run.curves[:, 1] for run in runs], axis=0, weights=[len(run.numbers) for run in runs])
    epochs = recorded_epochs(runs[0].epochs)
    finite = np.where(np.isfinite(losses), losses, math.inf)
    best = epochs[int(finite.argmin())] if np.isfinite(losses).any() else None
    return {
        "scores": as_numbers(scores),
        **finite_or_none({"mean": center}),
        "interval": as_numbers([center - error, center + error]),
        **_pooled(dataset, runs),
        "best_epoch": best,
        "curve": {"epochs": epochs, "validation_loss": as_numbers(losses)},
        "n_diverged": sum(run.diverged for run in runs),
    }


def _pooled(dataset: Dataset, runs: Sequence[FoldRun]) -> dict[str, Any]:
    """The judgement on all points, each by the network that has not seen it."""
    numbers = np.concatenate([run.numbers for run in runs])
    if dataset.has_values:
        squares, values = _squares(dataset.points[numbers], np.concatenate([run.answers for run in runs]))
        return finite_or_none({"r2": r_squared(squares, values), "rmse": math.sqrt(mean(squares))})
    decisions = np.concatenate([run.decisions for run in runs if run.decisions is not None])
    return {"confusion": class_report(dataset.labels[numbers], decisions, dataset.n_classes).confusion.tolist()}


def standard_error(scores: Floats) -> float:
    """The rough standard error of the mean of k scores of folds, s √(1/k + 1/(k - 1)); nan of fewer than two scores.

    The networks share most of their points, so their scores are not independent, and s / √k is too small (Nadeau and
    Bengio 2003, "Inference for the Generalization Error", Machine Learning 52); no unbiased estimate exists (Bengio and
    Grandvalet 2004). Scores that are nan are left out.
    """
    known = scores[np.isfinite(scores)]
    k = len(known)
    return float(known.std(ddof=1)) * math.sqrt(1 / k + 1 / (k - 1)) if k > 1 else math.nan
