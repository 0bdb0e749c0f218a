"""The boundary of a field that is a step: asked finely along itself, and how far it is from the true one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.neighbors import KDTree

from engine.insight.field import Field, View
from engine.insight.survey import mean_colour
from engine.run.pace import Resolution
from tests.engine.fields import make_field

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255))
VIEW = View(0.0, 240.0, 0.0, 180.0, 240, 180, COLOURS, (255, 255, 255))  # a unit is a pixel
TRAINING = Resolution(1.0, n_points=240 * 180 // 18**2)  # as coarse as it is in use
STILL = Resolution(1.0, n_points=240 * 180 // 3**2, finest=2.0, exactness=0.2)
FINE = 5  # of the oracle: places on each pixel's side


def classes_at(x: NDArray[np.float64], y: NDArray[np.float64], n_classes: int) -> NDArray[np.intp]:
    """A wavy ring, and a third class on one side of a line that crosses it."""
    angle = np.arctan2(y - 95, x - 115)
    is_inside = np.hypot(x - 115, y - 95) < 55 + 9 * np.sin(5 * angle)
    return np.where((n_classes == 3) & (x - 1.3 * y > 20), 2, is_inside)


class Steps:
    """Probabilities of these classes, of other heights on either side; notes how many places were asked for."""

    def __init__(self, shape: tuple[int, int], n_classes: int) -> None:
        self.shape, self.n_classes, self.n_asked = shape, n_classes, 0

    def __call__(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        self.n_asked += len(places)
        x = (places[:, 0].astype(float) + 0.5) * VIEW.width / self.shape[1]
        y = VIEW.height - (places[:, 1].astype(float) + 0.5) * VIEW.height / self.shape[0]
        leading = classes_at(x, y, self.n_classes)
        heights = np.array([0.9, 0.6, 0.99])[leading]
        values = np.tile((1 - heights) / (self.n_classes - 1), (self.n_classes, 1))
        values[leading, np.arange(len(places))] = heights
        return values.astype(np.float32)


def step_field(resolution: Resolution, n_classes: int) -> tuple[Field, Steps]:
    mesh = VIEW.mesh(resolution.n_points, resolution.finest)
    steps = Steps(mesh.shape, n_classes)
    return make_field(VIEW, mesh, steps, exactness=resolution.exactness), steps


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize(("resolution", "most"), [(TRAINING, 1.5), (STILL, 0.5)], ids=["training", "still"])
def test_the_line_of_a_step_is_near_the_true_one_all_along(resolution: Resolution, most: float, n_classes: int) -> None:
    field, _ = step_field(resolution, n_classes)

    steps = (np.arange(VIEW.width * FINE) + 0.5) / FINE, (np.arange(VIEW.height * FINE) + 0.5) / FINE
    truth = classes_at(steps[0][None], steps[1][:, None], n_classes)
    is_line = np.zeros(truth.shape, dtype=bool)
    is_line[:, 1:] |= truth[:, 1:] != truth[:, :-1]
    is_line[1:] |= truth[1:] != truth[:-1]
    ends = field.boundary.astype(float).reshape(-1, 2, 2)
    drawn = np.concatenate([ends[:, 0] + share * (ends[:, 1] - ends[:, 0]) for share in np.linspace(0, 1, 5)])
    rows, columns = np.nonzero(is_line)
    off, _ = KDTree(np.stack([columns, rows], axis=1) / FINE).query(drawn)
    assert np.percentile(off, 99) <= most
    assert off.max() <= 2 * most  # a corner is cut
    back, _ = KDTree(drawn).query(np.stack([columns, rows], axis=1)[::7] / FINE)
    assert np.percentile(back, 99) <= 5  # none is missing; at the edge the line ends at the middle of a cell


def test_only_along_the_line_the_network_is_asked_finely() -> None:
    field, steps = step_field(TRAINING, 2)

    assert steps.n_asked < field.pixels.size / 2


@pytest.mark.parametrize("n_classes", [2, 3])
def test_beside_the_line_of_a_step_no_single_coarse_cell_is_seen(n_classes: int) -> None:
    field, _ = step_field(TRAINING, n_classes)
    rows, columns = field.pixels.shape

    x = (np.arange(columns) + 0.5) * VIEW.width / columns
    y = VIEW.height - (np.arange(rows) + 0.5) * VIEW.height / rows
    truth = classes_at(x[None], y[:, None], n_classes)
    of_class = [np.unique(field.pixels[truth == label], return_counts=True) for label in range(n_classes)]
    for _, counts in of_class:
        assert counts.max() > 0.99 * counts.sum()  # one colour throughout, up to fingers narrower than a coarse cell


def test_at_rest_an_island_of_some_pixels_is_found() -> None:
    mesh = VIEW.mesh(STILL.n_points, STILL.finest)

    def island(places: NDArray[np.float32]) -> NDArray[np.float32]:
        x, y = ((places[:, axis] + 0.5) * VIEW.width / mesh.shape[1] for axis in (0, 1))
        inside = (np.hypot(x - 100.3, y - 70.6) < 3).astype(np.float32)
        return np.stack([1 - inside, inside])

    assert len(make_field(VIEW, mesh, island).boundary)


def test_the_mean_of_two_colours_is_that_of_each_channel() -> None:
    one, other = np.array([0xFF10FF03, 0xFFFFFFFF], np.uint32), np.array([0xFF20FE05, 0xFF000000], np.uint32)

    assert mean_colour(one, other).tolist() == [0xFF18FE04, 0xFF7F7F7F]
