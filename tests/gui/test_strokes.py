from __future__ import annotations

import numpy as np
import pytest

from engine.dataset import Dataset, empty_dataset
from gui import tools
from gui.tools import SPRAY_RATE, BrushStroke, EraserStroke, SprayStroke


@pytest.fixture
def grid() -> Dataset:
    """Points at 0, 0.1, … 0.9 on the x axis, the classes in turn."""
    return empty_dataset().with_points([[x / 10, 0] for x in range(10)], [x % 2 for x in range(10)])


def test_a_click_of_the_brush_is_one_point_of_the_chosen_class_where_the_pointer_is() -> None:
    stroke = BrushStroke(empty_dataset(3), 2, (0.25, -0.5), 0.1)
    assert stroke.changed == 1
    assert stroke.dataset.points.tolist() == [[0.25, -0.5]]
    assert stroke.dataset.labels.tolist() == [2]


def test_a_drag_of_the_brush_lays_a_point_every_spacing() -> None:
    stroke = BrushStroke(empty_dataset(), 0, (0.0, 0.0), 0.25)
    for x in (0.1, 0.3, 0.4, 1.1):
        stroke.move((x, 0.0))
    np.testing.assert_allclose(stroke.dataset.points, [[x, 0] for x in (0, 0.25, 0.5, 0.75, 1.0)], atol=1e-6)
    assert stroke.changed == 5


def test_a_brush_held_still_adds_nothing() -> None:
    stroke = BrushStroke(empty_dataset(), 0, (0.0, 0.0), 0.25)
    before = stroke.dataset
    stroke.pass_time(10.0)
    stroke.move((0.0, 0.0))
    assert stroke.dataset is before


def test_a_drag_on_top_of_points_keeps_those_that_were_there(grid: Dataset) -> None:
    stroke = BrushStroke(grid, 1, (0.0, 0.0), 0.1)
    assert len(stroke.dataset) == 11
    np.testing.assert_array_equal(stroke.dataset.points[:10], grid.points)
    assert stroke.changed == 1


@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_full_dataset_takes_as_many_points_as_there_is_room_for(
    grid: Dataset, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "MAX_POINTS", len(grid) + room)
    brush = BrushStroke(grid, 0, (0.0, 0.0), 0.1)
    brush.move((1.0, 0.0))
    spray = SprayStroke(grid, 0, (0.0, 0.0), 0.1, np.random.default_rng(1))
    spray.pass_time(1.0)
    for stroke in (brush, spray):
        assert len(stroke.dataset) == len(grid) + room
        assert stroke.changed == room


def test_the_spray_begins_with_one_point() -> None:
    stroke = SprayStroke(empty_dataset(), 1, (0.3, 0.3), 0.1, np.random.default_rng(1))
    assert stroke.changed == len(stroke.dataset) == 1
    assert stroke.dataset.labels.tolist() == [1]


def test_a_spray_held_still_adds_points_at_its_rate_however_often_the_clock_ticks() -> None:
    for ticks in (1, 7, 200):
        stroke = SprayStroke(empty_dataset(), 0, (0.0, 0.0), 0.1, np.random.default_rng(1))
        for _ in range(ticks):
            stroke.pass_time(2.0 / ticks)
        assert abs(stroke.changed - (1 + 2 * SPRAY_RATE)) <= 1
        assert np.hypot(*stroke.dataset.points.T).max() <= 0.1 + 1e-6


def test_the_spray_follows_the_pointer() -> None:
    stroke = SprayStroke(empty_dataset(), 0, (0.0, 0.0), 0.1, np.random.default_rng(1))
    stroke.move((5.0, 5.0))
    assert stroke.changed == 1
    stroke.pass_time(0.5)
    assert np.hypot(*(stroke.dataset.points[1:] - 5.0).T).max() <= 0.1 + 1e-5


def test_the_eraser_removes_what_its_ring_covers_and_nothing_else(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.5, 0.0), 0.15)
    np.testing.assert_allclose(stroke.dataset.points[:, 0], [0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9], atol=1e-6)
    assert stroke.changed == 3


def test_a_fast_eraser_leaves_no_point_between_two_mouse_events(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (-1.0, 0.0), 0.02)
    stroke.move((2.0, 0.0))
    assert len(stroke.dataset) == 0
    assert stroke.changed == 10


def test_an_eraser_that_hits_nothing_leaves_the_very_same_dataset(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.0, 1.0), 0.5)
    stroke.move((1.0, 1.0))
    stroke.pass_time(1.0)
    assert stroke.dataset is grid
    assert stroke.changed == 0


def test_points_that_are_erased_move_no_other_point_between_training_and_validation(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.0, 0.0), 0.25)
    kept = grid.validation_mask(0.4)[3:]
    np.testing.assert_array_equal(stroke.dataset.validation_mask(0.4), kept)
