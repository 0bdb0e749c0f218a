"""Contours: where a probability has a value, on any grid and of any network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import toy_datasets
from engine.compiled import cache
from engine.config import Output, TrainingConfig
from engine.insight.field import View
from engine.insight.lines.contours import (
    LEVELS,
    Contour,
    contour_lines,
    filled,
    heights_of,
    heights_of_logits,
    lines_at,
)
from engine.machines.kind import MachineKind
from engine.run.measurements import Scene
from engine.training import Trainer
from tests.engine.fields import field_of

COLOURS = ((10, 20, 250), (250, 160, 0), (0, 160, 0))
VIEW = View(-1.4, 1.4, -1.2, 1.2, 560, 480, COLOURS, (255, 255, 255))


def bowl(rows: int = 40, columns: int = 50) -> NDArray[np.float32]:
    """The distances of the nodes of a grid from (20, 18)."""
    row, column = np.mgrid[:rows, :columns]
    heights: NDArray[np.float32] = np.hypot(column - 20.0, row - 18.0).astype(np.float32)
    return heights


def test_lines_are_closed_circles_where_the_heights_are_a_bowl() -> None:
    levels = np.array([3.3, 6.97, 7.2, 15.5])
    lines, numbers = lines_at(bowl(), levels)

    distances = np.hypot(*(lines.reshape(-1, 2) - [20, 18]).T).reshape(-1, 2)
    assert np.abs(distances - levels[numbers][:, None]).max() < 0.05
    for number in range(len(levels)):
        ends = np.round(lines[numbers == number].reshape(-1, 2), 3)
        assert (np.unique(ends, axis=0, return_counts=True)[1] == 2).all(), "each end is that of two lines"


@pytest.mark.parametrize(("middle", "n_around"), [(0.2, 2), (-0.2, 0)])
def test_around_a_saddle_lines_keep_high_corners_together_only_if_its_middle_is_high(
    middle: float, n_around: int
) -> None:
    heights = np.array([[1, -1], [-1, 1]], dtype=np.float32) + np.float32(middle)
    lines, _ = lines_at(heights, np.array([0.0]))

    assert len(lines) == 2
    # a line that cuts off the lower left or the upper right corner, which are low
    cuts_low = [(x1 + x2 - 1) * (y1 + y2 - 1) < 0 for x1, y1, x2, y2 in lines.tolist()]
    assert sum(cuts_low) == n_around


def test_nothing_is_drawn_of_what_is_no_number_or_of_a_class_that_there_is_not() -> None:
    nodes, nothing = np.arange(9), np.full((2, 9), np.nan, dtype=np.float32)
    assert not len(contour_lines((Contour(0.5, 1),), nodes, nothing, (3, 3), 1, 8.0)[0])
    steps = np.tile(np.arange(9, dtype=np.float32) - 4.2, (2, 1))
    found = contour_lines((Contour(0.5, 4), Contour(0.5, 1)), nodes, steps, (3, 3), 1, 8.0)
    assert [len(lines) > 0 for lines in found] == [False, True]


def test_lines_reach_the_edge_of_the_view_straight_on() -> None:
    heights = np.tile(np.arange(-2.5, 6.0, dtype=np.float32), 6)[None].repeat(2, axis=0)
    (lines,) = contour_lines((Contour(0.5, 1),), np.arange(54), heights, (6, 9), 1, 8.0)
    assert np.allclose(lines[:, [0, 2]], 2.5)
    assert lines[:, [1, 3]].min() <= -0.5
    assert lines[:, [1, 3]].max() >= 5.5


def test_between_the_nodes_that_were_asked_heights_are_means_and_those_are_kept() -> None:
    shape, step = (9, 13), 4
    row, column = np.mgrid[: shape[0], : shape[1]]
    plane = (0.5 * column - 2.0 * row).astype(np.float32)
    nodes = np.arange(plane.size).reshape(shape)[::step, ::step].ravel()
    nodes = np.append(nodes, 15)
    heights = plane.ravel()[nodes]
    assert np.allclose(filled(nodes, heights, shape, step), plane)
    heights[-1] = 100
    assert filled(nodes, heights, shape, step).ravel()[15] == 100


def test_heights_are_the_same_by_logits_and_by_probabilities_and_do_not_end_near_one() -> None:
    logits = np.array([[2.0, 30.0, -1.0], [1.0, 0.0, 0.5], [0.1, -3.0, 0.0]])
    powers = np.exp(logits)
    of_softmax = heights_of((powers / powers.sum(axis=0)).astype(np.float32), is_distribution=True)
    assert np.allclose(heights_of_logits(logits, is_softmax=True), of_softmax, atol=1e-4)
    assert of_softmax[0, 1] == pytest.approx(30 - np.log1p(np.exp(-3)), abs=0.001), (
        "in single precision P itself is 1 there"
    )
    each = (1 / (1 + np.exp(-logits[:, :1]))).astype(np.float32)
    assert np.allclose(heights_of(each, is_distribution=False), logits[:, :1], atol=1e-4)
    assert np.allclose(heights_of_logits(logits, is_softmax=False), logits)
    assert np.allclose(heights_of_logits(logits[:1], is_softmax=False), [-logits[0], logits[0]])


MACHINES = [MachineKind.TORCH, *([MachineKind.COMPILED] if cache.has_compiler() else [])]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("n_classes", "output", "label"),
    [(2, Output.SIGMOID, 1), (2, Output.SOFTMAX, 1), (3, Output.SOFTMAX, 2), (3, Output.INDEPENDENT_SIGMOIDS, 0),
     (3, Output.SOFTMAX, None)],
)  # fmt: skip
def test_on_each_line_the_network_has_the_probability_of_the_line(
    n_classes: int, output: Output, label: int | None, machine: MachineKind
) -> None:
    dataset = toy_datasets.make("mixture", n_samples=100, n_classes=n_classes, noise=0.4, seed=2)
    config = TrainingConfig(hidden_layers=(6,), learning_rate=0.02, output=output)
    trainer = Trainer(dataset, config, machine=machine)
    trainer.steps(10**6, until=15)
    view = replace(VIEW, contours=tuple(Contour(level, label) for level in LEVELS))
    field = field_of(Scene(trainer, dataset), view, view.mesh(1600, 4.0), 1.6)

    assert len(field.contours) == len(LEVELS)
    seen = 0
    for level, lines in zip(LEVELS, field.contours, strict=True):
        if len(lines):
            found = trainer.probabilities(dataset.features_at(lines[:, :2]))
            misses = np.abs((found.max(axis=1) if label is None else found[:, label]) - level)
            assert np.median(misses) < 0.01
            assert np.quantile(misses, 0.9) < 0.05
            seen += 1
    assert seen >= 3
    plain = field_of(Scene(trainer, dataset), replace(view, contours=()), view.mesh(1600, 4.0), 1.6)
    assert plain.contours == ()
    assert np.array_equal(plain.pixels, field.pixels)
    assert np.array_equal(plain.boundary, field.boundary)
