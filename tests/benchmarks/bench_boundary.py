"""The boundary: how far the drawn line is from the true one where the field is a step, and what a field costs.

The true line is found on a grid of four places a pixel. Costs are those of the worker's thread, once its resolution has
settled, against a field of one even grid with the same budget, in turns.

``python -m tests.benchmarks.bench_boundary``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.neighbors import KDTree

from engine import toy_datasets
from engine.config import Activation, TrainingConfig
from engine.insight.field import Field, View
from engine.machines.kind import MachineKind
from engine.run.lane import Lane
from engine.run.measurements import Scene, field_over
from engine.run.pace import ALONE, ALONE_COMPILED, Resolution
from gui.paint.theme import LIGHT, field_colours
from tests.benchmarks.even_field import even_field
from tests.benchmarks.report import report

WIDTH, HEIGHT, FINE = 800, 640, 4
VIEW = View(-1.4, 1.4, -1.12, 1.12, WIDTH, HEIGHT, *field_colours(LIGHT, (0, 1, 2)))
STILL_BUDGET = 0.15
EPOCHS, TURNS, FIELDS = 300, 15, 60
EVEN_LIMITS = 28 * 28, 320 * 320
"""Least and most points of the even field."""


@dataclass(frozen=True)
class Case:
    """A network on toy data; so many times steeper, as one that turns within two pixels.

    Attributes:
        name: of its numbers.
        data: kind and number of classes.
        layers, activation, rate: of the network and its training.
        steepness: by which the last two layers are multiplied after it.
    """

    name: str
    data: tuple[str, int]
    layers: tuple[int, ...]
    activation: Activation
    rate: float
    steepness: float = 30.0


CASES = (
    Case("moons", ("moons", 2), (8,) * 3, Activation.TANH, 0.01),
    Case("spiral", ("spiral", 3), (16,) * 4, Activation.TANH, 0.01),
    Case("deep", ("spiral", 2), (8,) * 20, Activation.TANH, 0.003),
    Case("wide", ("spiral", 3), (256,) * 3, Activation.RELU, 0.001),
)


def trained(case: Case, epochs: int) -> Lane:
    """A lane with its network, trained and made steeper."""
    kind, n_classes = case.data
    dataset = toy_datasets.make(kind, n_samples=400, n_classes=n_classes, noise=0.05, seed=1)
    lane = Lane(
        dataset,
        TrainingConfig(hidden_layers=case.layers, activation=case.activation, learning_rate=case.rate, seed=1),
    )
    for _ in range(epochs):
        lane.trainer.epoch()
    weights = lane.trainer.weights()
    for layer in (-2, -1):
        weights[layer] = tuple(case.steepness * part for part in weights[layer])  # type: ignore[assignment]
    lane.trainer.load_weights(weights)
    return lane


def true_line(lane: Lane) -> KDTree:
    """The places, in pixels, between which the class changes on a very fine grid."""
    rows, columns = HEIGHT * FINE, WIDTH * FINE
    points = VIEW.grid_points(rows, columns)
    pieces = [lane.trainer.probabilities(piece).argmax(axis=1) for piece in np.array_split(points, 64)]
    classes = np.concatenate(pieces).reshape(rows, columns)
    upright, level = (np.argwhere(np.diff(classes, axis=axis)) for axis in (1, 0))
    places = np.concatenate([upright[:, ::-1] + [1.0, 0.5], level[:, ::-1] + [0.5, 1.0]])
    return KDTree(places / FINE)


def distances(field: Field, line: KDTree) -> NDArray[np.float64]:
    """Pixels from places along the drawn line to the nearest of the true one."""
    ends = field.boundary.astype(float).reshape(-1, 2, 2)
    ends = (ends - [VIEW.left, VIEW.top]) / [VIEW.right - VIEW.left, VIEW.bottom - VIEW.top] * [WIDTH, HEIGHT]
    drawn = np.concatenate([ends[:, 0] + share * (ends[:, 1] - ends[:, 0]) for share in np.linspace(0, 1, 5)])
    found: NDArray[np.float64] = line.query(drawn)[0].ravel()
    return found


def even_over(lane: Lane, resolution: Resolution) -> Callable[[], Field]:
    """A maker of even fields within the same budget."""
    made: dict[int, tuple[int, int, torch.Tensor]] = {}

    def make() -> Field:
        if resolution.n_points not in made:
            cell = max(1.0, (WIDTH * HEIGHT / resolution.n_points) ** 0.5)
            rows, columns = round(HEIGHT / cell), round(WIDTH / cell)
            made[resolution.n_points] = rows, columns, lane.trainer.standardized(VIEW.grid_points(rows, columns))
        rows, columns, inputs = made[resolution.n_points]
        started = resolution.clock()
        field = even_field(VIEW, lane.trainer.probabilities_at(inputs), rows, columns)
        resolution.measured(rows * columns, resolution.clock() - started)
        return field

    return make


def cost_ratio(lane: Lane, scene: Scene, even: Resolution, turns: int, fields: int) -> float:
    """The time of a field against that of an even one, the median over turns."""
    make_even = even_over(lane, even)

    def seconds(make: Callable[[], object]) -> float:
        times = []
        for _ in range(fields):
            started = time.thread_time()
            make()
            times.append(time.thread_time() - started)
        return float(np.median(times))

    pairs = [(seconds(make_even), seconds(lambda: field_over(scene, VIEW))) for _ in range(turns + 2)]
    return float(np.median([ours / theirs for theirs, ours in pairs[2:]]))


def measure(*, quick: bool) -> dict[str, float]:
    """All numbers."""
    numbers: dict[str, float] = {}
    for case in CASES[:1] if quick else CASES:
        lane = trained(case, 20 if quick else EPOCHS)
        line, scene = true_line(lane), Scene(lane.trainer, toy_datasets.make("moons", n_samples=10))
        is_compiled = lane.trainer.machine is MachineKind.COMPILED
        budget = (ALONE_COMPILED if is_compiled else ALONE).field_budget
        ways = {
            "training": (Resolution(budget), Resolution(budget, n_points=80 * 80)),
            "still": (
                Resolution(STILL_BUDGET, n_points=190 * 190, finest=1.0, exactness=0.2),
                Resolution(STILL_BUDGET, n_points=200 * 200),
            ),
        }
        for way, (ours, even) in ways.items():
            even.least, even.most = EVEN_LIMITS
            scene.resolution = ours
            fields = FIELDS if way == "training" and is_compiled else 5
            numbers[f"{way}_{case.name}_cost_ratio"] = cost_ratio(lane, scene, even, 1 if quick else TURNS, fields)
            off = distances(field_over(scene, VIEW), line)
            numbers[f"{way}_{case.name}_px_p99"] = float(np.percentile(off, 99))
            numbers[f"{way}_{case.name}_px_max"] = float(off.max())
            of_even = distances(even_over(lane, even)(), line)
            numbers[f"{way}_{case.name}_even_px_p99"] = float(np.percentile(of_even, 99))
    return numbers


TARGETS = {
    "training_moons_px_p99": "≤ 1.5",
    "training_moons_cost_ratio": "≤ 1.2",
    "still_moons_px_p99": "≤ 0.5",
    "still_moons_cost_ratio": "≤ 1.2",
}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report("Boundary, 800×640", __doc__, lambda quick: measure(quick=quick), TARGETS, arguments)


if __name__ == "__main__":
    sys.exit(main())
