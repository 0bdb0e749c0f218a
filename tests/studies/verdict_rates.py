"""The hit rate and the false alarms of the verdict on a run, where the population is known: the generator's.

``python -m tests.studies.verdict_rates``: networks of many shapes on toy datasets, each judged by
`engine.insight.fitting.judge_fit` at its end, against what is true of 2,000 fresh points:

- overfitted: the loss on them is by 0.05 (nats, or the variance of the values) above the least it has been,
  both as medians of three looks;
- underfitted: the error on its training points is by 0.05 above that of the best possible classifier, or R² below that
  of the true curve.

The rules were tuned on runs of even seeds; the table is of those of odd seeds.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation, ToyDataset, TrainingConfig
from engine.dataset import Dataset
from engine.insight.fitting import MIN_VALIDATION, FitState, judge_fit, medians_of_three
from engine.insight.measurement import Measurement
from engine.insight.neighbours import vote_of_neighbours
from engine.learning.metrics import r_squared
from engine.run.history import History
from engine.toy_datasets import NOISE_SCALE, ROWS, make
from engine.training import Trainer

MARGIN, N_FRESH, N_SHAPE = 0.05, 2000, 3000
FRESH_SEED, SHAPE_SEED = 1_000_000, 2_000_000
KINDS = {"moons": 2, "circles": 2, "spiral": 2, "overlap": 3, "sine": 2, "steps": 2}
N_VALIDATION = (12, 20, 40)
NETWORKS = ((), (3,), (8, 8), (32, 32), (32, 32), (32, 32, 32))


@dataclass(frozen=True, eq=False)
class Run:
    """A run that is over, and what is true of it.

    Attributes:
        kind: of its points.
        n_validation: so many were kept for validation.
        seed: of all.
        history: see `engine.run.history.History.table`.
        neighbours: the yardstick.
        overfitted_by: the loss on fresh points less the least it has been.
        underfitted_by: the error on the training points less that of the best possible classifier, or R² of the curve
            less theirs.
    """

    kind: str
    n_validation: int
    seed: int
    history: NDArray[np.float64]
    neighbours: float
    overfitted_by: float
    underfitted_by: float

    @property
    def is_overfitted(self) -> bool:
        """True if it is, on fresh points."""
        return bool(self.overfitted_by > MARGIN)

    @property
    def is_underfitted(self) -> bool:
        """True if it is, on its training points."""
        return bool(self.underfitted_by > MARGIN)

    @property
    def state(self) -> FitState:
        """The state by the verdict, however few points are kept for validation."""
        return judge_fit(self.history, MIN_VALIDATION, self.neighbours).state


def kind_of(name: str) -> ToyDataset:
    """The toy dataset of a name."""
    return next(kind for kind in ROWS if kind == name)


def best_possible(dataset: Dataset, kind: str, noise: float) -> float:
    """The accuracy of the best classifier on points, or R² of the curve."""
    points, curve = dataset.points.astype(np.float64), ROWS[kind_of(kind)].curve
    if curve is not None:
        return r_squared(np.square(curve(points[:, 0]) - points[:, 1]), points[:, 1])
    shapes = make(kind, n_samples=dataset.n_classes * N_SHAPE, n_classes=dataset.n_classes, noise=0.0, seed=SHAPE_SEED)
    density = np.empty((dataset.n_classes, len(points)))
    for label in range(dataset.n_classes):
        shape = shapes.points[shapes.labels == label].astype(np.float64)
        squares = np.square(points[:, None, :] - shape).sum(axis=2)
        density[label] = np.exp(-squares / (2 * (NOISE_SCALE * noise) ** 2)).sum(axis=1)
    return float((density.argmax(axis=0) == dataset.labels).mean())


def split_of(kind: str, n_validation: int, noise: float, config: TrainingConfig) -> tuple[Dataset, NDArray[np.bool_]]:
    """A dataset of which just so many points are kept for validation, and which these are."""
    for n_samples in count(5 * n_validation - 10):
        dataset = make(kind, n_samples=n_samples, n_classes=KINDS[kind], noise=noise, seed=config.seed)
        is_held_out = dataset.validation_mask(config.validation_fraction)
        if is_held_out.sum() == n_validation:
            return dataset, is_held_out
    raise AssertionError


def looked_at(epochs: int) -> list[int]:
    """Epochs from 0 to the last at which fresh points are asked: each, later those that are 4 % apart."""
    looks = [0]
    while looks[-1] < epochs:
        looks.append(min(epochs, looks[-1] + max(1, looks[-1] // 25)))
    return looks


def made(kind: str, n_validation: int, seed: int) -> Run:
    """Train a network that the seed chooses."""
    draw = np.random.default_rng([seed, n_validation, sorted(KINDS).index(kind)])
    has_values = ROWS[kind_of(kind)].curve is not None
    # less noise than that of the curves could not be learned by heart at a cost of 0.05
    noise = float(draw.choice((0.75, 1.0, 1.0) if has_values else (0.5, 0.75, 1.0)))
    config = TrainingConfig(
        activation=(Activation.TANH, Activation.RELU)[draw.integers(2)],
        hidden_layers=NETWORKS[draw.integers(len(NETWORKS))],
        learning_rate=float(draw.choice((0.01, 0.03))),
        batch_size=(None, 32)[draw.integers(2)],
        l2=float(draw.choice((0.0, 0.0, 0.0, 0.003))),
        validation_fraction=0.2,
        seed=seed,
    )
    dataset, is_held_out = split_of(kind, n_validation, noise, config)
    fresh = make(kind, n_samples=N_FRESH, n_classes=KINDS[kind], noise=noise, seed=FRESH_SEED)
    # a curve takes longer to overfit
    epochs = int(draw.choice((200, 500, 1200))) * (10 if dataset.has_values else 1)
    trainer, history, looks = Trainer(dataset, config), History(), looked_at(epochs)
    losses = list[float]()
    while True:
        epoch = trainer.epochs_done
        if history.wants(epoch):
            history.record(epoch, trainer.evaluate())
        if epoch == looks[len(losses)]:
            losses.append(trainer.evaluate_on(fresh)[0])
        if epoch == epochs:
            break
        trainer.steps(sys.maxsize, until=min(history.next_wanted(epoch), looks[len(losses)]))
    on_fresh = medians_of_three(np.array(losses))
    return Run(
        kind,
        n_validation,
        seed,
        history.table(),
        Measurement(vote_of_neighbours(dataset, ~is_held_out)).finished(),
        float(on_fresh[-1] - on_fresh.min()),
        best_possible(dataset.without(is_held_out), kind, noise) - history.table()[-1, 3],
    )


Truth = Callable[[Run], bool]


def rates(runs: Sequence[Run], state: FitState, truth: Truth) -> str:
    """The hit rate and the false alarms of a state, and of how many runs each is, as cells of a table."""
    said = {is_true: [run.state is state for run in runs if truth(run) is is_true] for is_true in (True, False)}
    return " | ".join(f"{np.mean(of):.2f} of {len(of)}" if of else "–" for of in said.values())


def table(runs: Sequence[Run]) -> Iterator[str]:
    """Lines of a table, a row for each number of validation points and each kind, and all kinds together."""
    yield "| validation points | points | overfitting: hits | false alarms | underfitting: hits | false alarms |"
    yield "|---|---|---|---|---|---|"
    for n_validation in N_VALIDATION:
        for name, kinds in {**{kind: (kind,) for kind in KINDS}, "all": tuple(KINDS)}.items():
            chosen = [run for run in runs if run.n_validation == n_validation and run.kind in kinds]
            over = rates(chosen, FitState.OVERFITTING, lambda run: run.is_overfitted)
            under = rates(chosen, FitState.UNDERFITTING, lambda run: run.is_underfitted)
            yield f"| {n_validation} | {name} | {over} | {under} |"


def main(arguments: list[str] | None = None) -> int:
    """Make the runs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=80, help="runs of each kind, half of which are for tuning (80)")
    seeds = range(1, parser.parse_args(arguments).seeds, 2)
    runs = []
    for seed in seeds:
        runs += [made(kind, n_validation, seed) for kind in KINDS for n_validation in N_VALIDATION]
        print(f"seed {seed} of {seeds[-1]}", file=sys.stderr)
    print(*table(runs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
