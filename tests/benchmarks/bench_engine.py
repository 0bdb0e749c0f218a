"""Epochs per second of the engine, and of what a user would take instead, on the same work.

``python -m tests.benchmarks.bench_engine``. Both sides train the same network on the same points with the same batch
size and optimizer, on one thread, by turns; each number is the median of its turns, the ratio that of the ratios of
neighbours. Against autograd, and against the engine of plain objects, both begin with the same weights. scikit-learn
computes in the precision of its input, which is float64 unless its users see to it; both are shown. Against the matrix
products and the single runs the ratio is one of times: less is better. Networks that have learned train as fast as new
ones.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from queue import SimpleQueue

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import torch

from engine import toy_datasets
from engine.config import Activation, Optimizer, Output
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.machines.kind import MachineKind
from engine.run.commands import Command, Start
from engine.run.mailbox import Mailbox
from engine.run.worker import Worker
from tests.benchmarks.opponents import (
    Case,
    Speed,
    autograd_side,
    convnet_package,
    engine_side,
    matrix_products,
    node_speed,
    scikit_learn_speed,
)

AUTOGRAD_OF_VALUES = "autograd + torch.optim, values (sine)"
AUTOGRAD, CONVNETJS, TORCH_MACHINE = "autograd + torch.optim", "ConvNetJS", "its own torch machine"
PLAIN_OBJECTS = "an engine of plain objects in JavaScript"
SCIKIT_LEARN, SCIKIT_LEARN_32 = "scikit-learn MLPClassifier", "scikit-learn MLPClassifier on float32 points"
PRODUCTS, SINGLES = "its matrix products alone", "three runs one after the other"
LEARNED = 20_000  # epochs, after which gradients and moments are so small that they would be denormal numbers
ITSELF = f"itself, with networks that have learned for {LEARNED:,} epochs against new ones"
GEOMETRIC_MEANS, WORST_ROW = {AUTOGRAD: 25.0, TORCH_MACHINE: 3.0}, 1.7
SCIKIT_LEARN_GOALS = {SCIKIT_LEARN: 4.0, SCIKIT_LEARN_32: 2.0}
OF_VALUES_GOAL = 5.0
MAX_OF_PRODUCTS, MAX_OF_SINGLES, LEAST_LATE = 1.2, 1.05, 0.9

WORK: tuple[tuple[str, tuple[int, ...], int, int | None], ...] = (
    ("[4, 2]", (4, 2), 250, 10),
    ("[8]×6", (8,) * 6, 250, 10),
    ("[8]×20", (8,) * 20, 250, 10),
    ("[64]×4", (64,) * 4, 1000, None),
    ("[8]×20", (8,) * 20, 250, None),
    ("[32]×20", (32,) * 20, 1000, None),
)
CASES = [Case(*work, optimizer) for optimizer in (Optimizer.SGD, Optimizer.ADAM) for work in WORK]
VALUES = [Case("[8, 8]", (8, 8), 250, size, Optimizer.ADAM, has_values=True) for size in (10, 32, None)]
CONVNET_GOALS = {
    Case("[4, 2]", (4, 2), 250, 10, output=Output.SOFTMAX): 8.0,
    Case("[8]×6", (8,) * 6, 250, 10, output=Output.SOFTMAX): 5.0,
    Case("[8]×20", (8,) * 20, 250, 10, output=Output.SOFTMAX): 6.0,
    Case("[64]×4", (64,) * 4, 1000, 32, output=Output.SOFTMAX): 30.0,
}
PLAIN_OBJECTS_GOALS = {CASES[0]: 3.0, CASES[1]: 6.0, CASES[2]: 8.0}
WIDE = Case("[256]×8", (256,) * 8, 8192, None)
LANES = (Case("[8]×6", (8,) * 6, 250, 10), Case("[16]×20", (16,) * 20, 500, None))
LEARNERS = {
    Case(name, (16,) * 20, 500, None, Optimizer.ADAM): activation
    for name, activation in (("ReLU×20", Activation.RELU), ("Leaky×20", Activation.LEAKY_RELU))
}
LANE_ACTIVATIONS = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        engine, other: epochs per second.
        ratio: of the speeds; against the matrix products and the single runs, of the times.
        goal: at least for ratios of speeds, at most for those of times.
    """

    against: str
    name: str
    batch: str
    points: int
    optimizer: str
    engine: float
    other: float
    ratio: float
    goal: float

    @property
    def is_met(self) -> bool:
        """True if the goal is reached."""
        return self.ratio <= self.goal if self.against in (PRODUCTS, SINGLES) else self.ratio >= self.goal


def speed_of(epoch: Callable[[], object]) -> Speed:
    """Epochs per second of calls, over at least so many seconds and one epoch."""

    def speed(seconds: float) -> float:
        epochs, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds or epochs == 0:
            epoch()
            epochs += 1
        return epochs / elapsed

    return speed


def make_row(against: str, case: Case, goal: float, mine: Speed, theirs: Speed, turns: int, seconds: float) -> Row:
    """Let both sides train by turns, after a short turn that is not counted."""
    mine(seconds / 4)
    theirs(seconds / 4)
    pairs = [(mine(seconds), theirs(seconds)) for _ in range(turns)]
    engine, other = (statistics.median(speeds) for speeds in zip(*pairs, strict=True))
    ratio = statistics.median(ours / others for ours, others in pairs)
    if against in (PRODUCTS, SINGLES):
        ratio = 1 / ratio
    batch = "full" if case.batch_size is None else str(case.batch_size)
    return Row(against, case.name, batch, case.n_points, case.optimizer.value, engine, other, ratio, goal)


def points_of(case: Case) -> Dataset:
    """The points of a case."""
    if case.has_values:
        return toy_datasets.make("sine", n_samples=case.n_points, noise=0.5, seed=1)
    return toy_datasets.make("spiral", n_samples=case.n_points, n_classes=2, noise=0.1, seed=1)


def against_autograd(case: Case, *, turns: int, seconds: float) -> Row:
    """``nn.Sequential``, autograd and ``torch.optim``."""
    dataset = points_of(case)
    trainer = engine_side(case, dataset)
    first_loss = trainer.evaluate().train_loss
    epoch = autograd_side(case, dataset, trainer)
    if case.batch_size is None and not math.isclose(epoch(), first_loss, rel_tol=1e-4):
        raise AssertionError(f"{case.name}: the two sides do not train the same network")
    against, goal = (AUTOGRAD_OF_VALUES, OF_VALUES_GOAL) if case.has_values else (AUTOGRAD, WORST_ROW)
    return make_row(against, case, goal, speed_of(trainer.epoch), speed_of(epoch), turns, seconds)


def against_torch_machine(case: Case, *, turns: int, seconds: float) -> Row:
    """The engine itself with calls of torch and numpy in place of compiled code."""
    dataset = points_of(case)
    trainer, other = engine_side(case, dataset), engine_side(case, dataset, machine=MachineKind.TORCH)
    return make_row(TORCH_MACHINE, case, 1.0, speed_of(trainer.epoch), speed_of(other.epoch), turns, seconds)


def against_scikit_learn(case: Case, dtype: type[np.floating], *, turns: int, seconds: float) -> Row:
    """``MLPClassifier`` in a precision."""
    dataset = points_of(case)
    against = SCIKIT_LEARN if dtype is np.float64 else SCIKIT_LEARN_32
    mine, theirs = speed_of(engine_side(case, dataset).epoch), scikit_learn_speed(case, dataset, dtype)
    return make_row(against, case, SCIKIT_LEARN_GOALS[against], mine, theirs, turns, seconds)


def against_convnet(*, turns: int, seconds: float) -> list[Row]:
    """ConvNetJS under Node.js, where both can be had."""
    with convnet_package() as package:
        if package is None:
            return []
        return against_node(CONVNETJS, CONVNET_GOALS, "convnet.js", str(package), turns=turns, seconds=seconds)


def against_plain_objects(*, turns: int, seconds: float) -> list[Row]:
    """Units and links as objects of JavaScript, one example at a time, where Node.js can be had."""
    if shutil.which("node") is None:
        print("The engine of plain objects is skipped: there is no Node.js here.")
        return []
    return against_node(PLAIN_OBJECTS, PLAIN_OBJECTS_GOALS, "plain_objects.js", turns=turns, seconds=seconds)


def against_node(
    against: str, goals: Mapping[Case, float], script: str, *arguments: str, turns: int, seconds: float
) -> list[Row]:
    """A script under Node.js."""
    rows = []
    for case, goal in goals.items():
        dataset = points_of(case)
        trainer = engine_side(case, dataset)
        with node_speed(script, case, dataset, trainer, *arguments) as theirs:
            theirs(5 * seconds)  # until its hot functions are compiled
            rows.append(make_row(against, case, goal, speed_of(trainer.epoch), theirs, turns, seconds))
    return rows


def against_products(case: Case, *, turns: int, seconds: float) -> Row:
    """The arithmetic's own floor, all points at once or in pieces, whichever is faster here."""
    trainer = engine_side(case, points_of(case))
    sizes = (2, *case.hidden_layers, 1)
    floors = [speed_of(matrix_products(sizes, case.n_points, piece)) for piece in (case.n_points, 1024, 512)]
    fastest = max(floors, key=lambda floor: floor(seconds))
    return make_row(PRODUCTS, case, MAX_OF_PRODUCTS, speed_of(trainer.epoch), fastest, turns, seconds)


def late_against_early(case: Case, activation: Activation, *, epochs: int, turns: int, seconds: float) -> Row:
    """A network that has learned for so many epochs, against a new one in each turn."""
    dataset = points_of(case)
    learned = engine_side(case, dataset, activation)
    learned.steps(sys.maxsize, until=epochs)

    def early(seconds: float) -> float:
        return speed_of(engine_side(case, dataset, activation).epoch)(seconds)

    return make_row(ITSELF, case, LEAST_LATE, speed_of(learned.epoch), early, turns, seconds)


def lanes_against_singles(case: Case, *, turns: int, seconds: float) -> Row:
    """Three lanes in lock-step in a worker, against the same three in workers of their own, one after the other."""
    dataset = points_of(case)
    configs = tuple(engine_side(case, dataset, activation).config for activation in LANE_ACTIVATIONS)
    together = worker_speed(Experiment(dataset, configs))
    singles = [worker_speed(Experiment(dataset, (config,))) for config in configs]

    def one_after_the_other(seconds: float) -> float:
        return 1 / sum(1 / single(seconds / len(singles)) for single in singles)

    return make_row(SINGLES, case, MAX_OF_SINGLES, together, one_after_the_other, turns, seconds)


def worker_speed(experiment: Experiment) -> Speed:
    """Epochs per second of all lanes of a worker that shows nothing."""
    queue: SimpleQueue[Command] = SimpleQueue()
    worker = Worker(queue, Mailbox(lambda: None))
    queue.put(Start(1, experiment, running=True))
    worker._take_commands()
    worker._follow()

    def speed(seconds: float) -> float:
        first, started = worker._epochs(), time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds or worker._epochs() == first:
            worker._train()
        return (worker._epochs() - first) / elapsed

    return speed


def geometric_mean(rows: Iterable[Row]) -> float:
    """Of the ratios."""
    return math.exp(statistics.fmean(math.log(row.ratio) for row in rows))


def goal_of(row: Row) -> str:
    """The goal in words."""
    sign = "≤" if row.against in (PRODUCTS, SINGLES) else "≥"
    return f"{sign} {row.goal:g}{'' if row.is_met else '   missed'}"


def table(rows: list[Row]) -> str:
    """The rows as text, under a heading for each opponent."""
    lines = []
    for against in dict.fromkeys(row.against for row in rows):
        group = [row for row in rows if row.against == against]
        lines.append(f"against {against}")
        lines.append(
            f"{'network':10}{'batch':>6}{'points':>8}  {'optimizer':10}{'engine':>11}{'other':>11}{'ratio':>8}"
        )
        lines += [
            f"{row.name:10}{row.batch:>6}{row.points:>8}  {row.optimizer:10}{row.engine:>11,.1f}{row.other:>11,.1f}"
            f"{row.ratio:>8.2f}   {goal_of(row)}"
            for row in group
        ]
        if against in GEOMETRIC_MEANS:
            mean, goal = geometric_mean(group), GEOMETRIC_MEANS[against]
            lines.append(f"geometric mean of the ratios: {mean:.2f}   ≥ {goal:g}{'' if mean >= goal else '   missed'}")
        lines.append("")
    return "\n".join(lines)


def measure(*, quick: bool) -> list[Row]:
    """All rows."""
    turns, seconds = (1, 0.0) if quick else (5, 0.25)
    rows = [against_autograd(case, turns=turns, seconds=seconds) for case in CASES]
    rows += [against_autograd(case, turns=turns, seconds=seconds) for case in VALUES]
    rows += [against_torch_machine(case, turns=turns, seconds=seconds) for case in CASES]
    # twice the turns, since some rows are near their goal and a turn of fit is as long as one of its epochs at least
    rows += [against_scikit_learn(case, np.float64, turns=2 * turns, seconds=seconds) for case in CASES]
    rows += [against_scikit_learn(case, np.float32, turns=turns, seconds=seconds) for case in CASES]
    # many short turns against other processes, which have their fast and slow moments at other times
    if quick:
        print("ConvNetJS is skipped: a quick run fetches nothing.")
    else:
        rows += against_convnet(turns=5 * turns, seconds=0.6 * seconds)
    rows += against_plain_objects(turns=5 * turns, seconds=0.6 * seconds)
    rows.append(against_products(WIDE, turns=turns, seconds=4 * seconds))
    epochs = 20 if quick else LEARNED
    rows += [
        late_against_early(case, activation, epochs=epochs, turns=turns, seconds=seconds)
        for case, activation in LEARNERS.items()
    ]
    rows += [lanes_against_singles(case, turns=8 * turns, seconds=seconds / 4) for case in LANES]
    return rows


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0 whatever the numbers are."""
    parser = argparse.ArgumentParser(prog="bench_engine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short turn each: whether it works, not how fast")
    parser.add_argument("--json", metavar="PATH", help="write the numbers as JSON too; - prints them alone")
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    rows = measure(quick=options.quick)
    mean = geometric_mean(row for row in rows if row.against == AUTOGRAD)
    text = json.dumps({"rows": [asdict(row) for row in rows], "geometric_mean": mean})
    if options.json == "-":
        print(text)
        return 0
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print("Epochs per second, tanh, two-class spiral, one thread")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
