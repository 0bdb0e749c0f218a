"""Epochs per second of the engine, and of ``nn.Sequential`` with autograd and ``torch.optim`` on the same work.

``python -m tests.benchmarks.bench_engine``. Both sides train the same network from the same weights on the same points
with the same batch size and optimizer, on one thread, by turns; each number is the median of its turns.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from torch import nn

from engine import toy_datasets
from engine.config import Activation, Optimizer, TrainingConfig
from engine.dataset import Dataset
from engine.training import Trainer

TARGET = 4.0
LEARNING_RATE = 0.001


@dataclass(frozen=True)
class Case:
    """A network and its work."""

    name: str
    hidden_layers: tuple[int, ...]
    n_points: int
    batch_size: int | None
    optimizer: Optimizer


@dataclass(frozen=True)
class Row:
    """One line of the table; speeds in epochs per second."""

    name: str
    batch: str
    points: int
    optimizer: str
    engine: float
    torch: float
    ratio: float


WORK: tuple[tuple[str, tuple[int, ...], int, int | None], ...] = (
    ("[4, 2]", (4, 2), 250, 10),
    ("[8]×6", (8,) * 6, 250, 10),
    ("[8]×20", (8,) * 20, 250, 10),
    ("[64]×4", (64,) * 4, 1000, None),
    ("[8]×20", (8,) * 20, 250, None),
    ("[32]×20", (32,) * 20, 1000, None),
)
CASES = [Case(*work, optimizer) for optimizer in (Optimizer.SGD, Optimizer.ADAM) for work in WORK]


def engine_side(case: Case, dataset: Dataset) -> Trainer:
    """The engine's side of a case."""
    config = TrainingConfig(
        hidden_layers=case.hidden_layers,
        activation=Activation.TANH,
        optimizer=case.optimizer,
        learning_rate=LEARNING_RATE,
        batch_size=case.batch_size,
        validation_fraction=0.0,
    )
    return Trainer(dataset, config)


def torch_side(case: Case, dataset: Dataset, trainer: Trainer) -> Callable[[], float]:
    """An epoch in PyTorch, beginning with the weights of `trainer`; it returns the last loss."""
    layers: list[nn.Module] = []
    for weight, bias in trainer.weights():
        fan_in, fan_out = weight.shape
        linear = nn.Linear(fan_in, fan_out)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T.copy()))
            linear.bias.copy_(torch.from_numpy(bias))
        layers += [linear, nn.Tanh()]
    net, criterion = nn.Sequential(*layers[:-1]), nn.BCEWithLogitsLoss()
    optimizer: torch.optim.Optimizer
    if case.optimizer is Optimizer.ADAM:
        optimizer = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    points = dataset.points.astype(np.float64)
    inputs = torch.from_numpy((points - points.mean(axis=0)) / points.std(axis=0)).float()
    targets = torch.from_numpy(dataset.labels.copy()).float()[:, None]
    n_points, size = len(dataset), case.batch_size

    def step(batch_inputs: torch.Tensor, batch_targets: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss: torch.Tensor = criterion(net(batch_inputs), batch_targets)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss

    def epoch() -> float:
        if size is None:
            return step(inputs, targets).item()
        order = torch.randperm(n_points)
        for members in torch.split(order, size):
            loss = step(inputs[members], targets[members])
        return loss.item()

    return epoch


def speed(epoch: Callable[[], object], seconds: float) -> float:
    """Epochs per second, over at least so many seconds and one epoch."""
    epochs, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds or epochs == 0:
        epoch()
        epochs += 1
    return epochs / elapsed


def measure(case: Case, *, turns: int, seconds: float) -> Row:
    """Let both sides of a case train by turns."""
    dataset = toy_datasets.make("spiral", n_samples=case.n_points, n_classes=2, noise=0.1, seed=1)
    trainer = engine_side(case, dataset)
    first_loss = trainer.evaluate().train_loss
    epoch = torch_side(case, dataset, trainer)
    if case.batch_size is None and not math.isclose(epoch(), first_loss, rel_tol=1e-4):
        raise AssertionError(f"{case.name}: the two sides do not train the same network")
    speed(trainer.epoch, seconds / 4)
    speed(epoch, seconds / 4)
    mine, theirs = [], []
    for _ in range(turns):
        mine.append(speed(trainer.epoch, seconds))
        theirs.append(speed(epoch, seconds))
    engine, reference = statistics.median(mine), statistics.median(theirs)
    batch = "full" if case.batch_size is None else str(case.batch_size)
    return Row(case.name, batch, case.n_points, case.optimizer.value, engine, reference, engine / reference)


def geometric_mean(rows: Iterable[Row]) -> float:
    """Of the ratios."""
    return math.exp(statistics.fmean(math.log(row.ratio) for row in rows))


def table(rows: list[Row]) -> str:
    """The rows as text."""
    lines = [f"{'network':10}{'batch':>6}{'points':>8}  {'optimizer':10}{'engine':>11}{'torch':>11}{'ratio':>8}"]
    lines += [
        f"{row.name:10}{row.batch:>6}{row.points:>8}  {row.optimizer:10}{row.engine:>11,.1f}{row.torch:>11,.1f}"
        f"{row.ratio:>8.2f}"
        for row in rows
    ]
    lines.append(f"geometric mean of the ratios: {geometric_mean(rows):.2f} (target: at least {TARGET:g})")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0 whatever the numbers are."""
    parser = argparse.ArgumentParser(prog="bench_engine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short turn each: whether it works, not how fast")
    parser.add_argument("--json", metavar="PATH", help="write the numbers as JSON too; - prints them alone")
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    turns, seconds = (1, 0.0) if options.quick else (5, 0.25)
    rows = [measure(case, turns=turns, seconds=seconds) for case in CASES]
    text = json.dumps({"rows": [asdict(row) for row in rows], "geometric_mean": geometric_mean(rows)})
    if options.json == "-":
        print(text)
        return 0
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print("Epochs per second, tanh, two-class spiral, one thread; more is better")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
