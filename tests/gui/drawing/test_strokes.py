from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from engine.dataset import Dataset, empty_dataset
from gui.drawing import strokes
from gui.drawing.brushes import Path
from gui.drawing.options import Spread, ToolOptions
from gui.drawing.stamps import StampShape
from gui.drawing.strokes import (
    BrushStroke,
    EraserStroke,
    JitterStroke,
    MagnetStroke,
    MoveStroke,
    PointStroke,
    RelabelStroke,
    SprayStroke,
    StampStroke,
)
from gui.drawing.tools import StrokeStart, Tool

OPTIONS = ToolOptions()


def way(*places: tuple[float, float]) -> Path:
    return np.array(places, dtype=float)


def spray(
    start: tuple[float, float], dataset: Dataset | None = None, options: ToolOptions = OPTIONS, label: int = 0
) -> SprayStroke:
    dataset = empty_dataset() if dataset is None else dataset
    return SprayStroke(dataset, label, start, 0.1, options, np.random.default_rng(1))


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
    stroke.follow(way((0, 0), (0.1, 0), (0.3, 0)))
    stroke.follow(way((0.3, 0), (0.4, 0)))
    stroke.follow(way((0.4, 0), (1.1, 0)))
    np.testing.assert_allclose(stroke.dataset.points, [[x, 0] for x in (0, 0.25, 0.5, 0.75, 1.0)], atol=1e-6)
    assert stroke.changed == 5


def test_a_brush_held_still_adds_nothing() -> None:
    stroke = BrushStroke(empty_dataset(), 0, (0.0, 0.0), 0.25)
    before = stroke.dataset
    stroke.pass_time(10.0)
    stroke.follow(way((0, 0), (0, 0)))
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
    monkeypatch.setattr(strokes, "MAX_POINTS", len(grid) + room)
    brush = BrushStroke(grid, 0, (0.0, 0.0), 0.1)
    brush.follow(way((0, 0), (1, 0)))
    sprayed = spray((0.0, 0.0), grid)
    sprayed.pass_time(1.0)
    for stroke in (brush, sprayed):
        assert len(stroke.dataset) == len(grid) + room
        assert stroke.changed == room
        assert stroke.left_out > 0


def test_the_spray_begins_with_one_point() -> None:
    stroke = spray((0.3, 0.3), label=1)
    assert stroke.changed == len(stroke.dataset) == 1
    assert stroke.dataset.labels.tolist() == [1]


def test_a_spray_held_still_adds_points_at_its_rate_however_often_the_clock_ticks() -> None:
    for ticks in (1, 7, 200):
        stroke = spray((0.0, 0.0))
        for _ in range(ticks):
            stroke.pass_time(2.0 / ticks)
        assert abs(stroke.changed - (1 + 2 * OPTIONS.rate)) <= 1
        assert np.hypot(*stroke.dataset.points.T).max() <= 0.1 + 1e-6


def test_the_spray_follows_the_pointer() -> None:
    stroke = spray((0.0, 0.0))
    stroke.pass_time(0.001)
    stroke.follow(way((0, 0), (5, 5)))
    assert stroke.changed == 1
    stroke.pass_time(0.001)
    stroke.pass_time(0.5)
    assert np.hypot(*(stroke.dataset.points[1:] - 5.0).T).max() <= 0.1 + 1e-5


def test_the_eraser_removes_what_its_ring_covers_and_nothing_else(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.5, 0.0), 0.15)
    np.testing.assert_allclose(stroke.dataset.points[:, 0], [0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9], atol=1e-6)
    assert stroke.changed == 3


def test_a_fast_eraser_leaves_no_point_between_two_mouse_events(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (-1.0, 0.0), 0.02)
    stroke.follow(way((-1, 0), (2, 0)))
    assert len(stroke.dataset) == 0
    assert stroke.changed == 10


def test_an_eraser_that_hits_nothing_leaves_the_very_same_dataset(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.0, 1.0), 0.5)
    stroke.follow(way((0, 1), (1, 1)))
    stroke.pass_time(1.0)
    assert stroke.dataset is grid
    assert stroke.changed == 0


def test_points_that_are_erased_move_no_other_point_between_training_and_validation(grid: Dataset) -> None:
    stroke = EraserStroke(grid, (0.0, 0.0), 0.25)
    kept = grid.validation_mask(0.4)[3:]
    np.testing.assert_array_equal(stroke.dataset.validation_mask(0.4), kept)


def test_a_point_follows_the_pointer_until_it_is_let_go(grid: Dataset) -> None:
    stroke = PointStroke(grid, 1, (0.0, 1.0))
    stroke.follow(way((0, 1), (0.5, 1), (0.5, 2)))
    assert stroke.changed == 1
    assert stroke.dataset.points[10:].tolist() == [[0.5, 2.0]]
    assert stroke.dataset.labels[10:].tolist() == [1]


def test_a_gaussian_spray_gathers_in_the_middle() -> None:
    even, gathered = (
        spray((0.0, 0.0), options=ToolOptions(spread=spread, rate=5000.0))
        for spread in (Spread.UNIFORM, Spread.GAUSSIAN)
    )
    for stroke in (even, gathered):
        stroke.pass_time(1.0)
    radius = [np.median(np.hypot(*stroke.dataset.points.T)) for stroke in (even, gathered)]
    assert radius[1] < 0.8 * radius[0]


def test_relabelling_changes_the_class_of_what_the_ring_passes_over_and_keeps_everything_else(grid: Dataset) -> None:
    stroke = RelabelStroke(grid, 1, (-1.0, 0.0), 0.05, OPTIONS, np.random.default_rng(1))
    stroke.follow(way((-1, 0), (0.42, 0)))
    assert stroke.dataset.labels.tolist() == [1, 1, 1, 1, 1, 1, 0, 1, 0, 1]
    assert stroke.changed == 3, "those that were of the class already do not count"
    np.testing.assert_array_equal(stroke.dataset.points, grid.points)
    np.testing.assert_array_equal(stroke.dataset.validation_mask(0.4), grid.validation_mask(0.4))


def test_a_share_of_the_points_is_relabelled_however_often_the_ring_passes() -> None:
    dataset = empty_dataset().with_points(np.random.default_rng(0).uniform(-1, 1, (2000, 2)), 0)
    stroke = RelabelStroke(dataset, 1, (0.0, 0.0), 3.0, ToolOptions(relabel_share=0.3), np.random.default_rng(1))
    for _ in range(20):
        stroke.follow(way((0, 0), (0.1, 0)))
    assert stroke.changed == int((stroke.dataset.labels == 1).sum())
    assert abs(stroke.changed - 600) < 5 * np.sqrt(2000 * 0.3 * 0.7)


def test_a_move_takes_the_chosen_points_along_and_no_others(grid: Dataset) -> None:
    mask = grid.labels == 1
    stroke = MoveStroke(grid, mask, (0.0, 0.0))
    stroke.follow(way((0, 0), (9, 9), (0.5, -0.25)))
    np.testing.assert_allclose(stroke.dataset.points[mask], grid.points[mask] + [0.5, -0.25], atol=1e-6)
    np.testing.assert_array_equal(stroke.dataset.points[~mask], grid.points[~mask])
    assert stroke.changed == 5
    stroke.follow(way((0.5, -0.25), (0, 0)))
    assert stroke.dataset is grid
    assert stroke.changed == 0


@pytest.mark.parametrize("kind", ["jitter", "magnet", "repel"])
def test_stirring_moves_the_points_in_the_ring_and_no_others(grid: Dataset, kind: str) -> None:
    if kind == "jitter":
        stroke: JitterStroke | MagnetStroke = JitterStroke(grid, (0.2, 0.01), 0.25, OPTIONS, np.random.default_rng(1))
    else:
        stroke = MagnetStroke(grid, (0.2, 0.01), 0.25, OPTIONS, repels=kind == "repel")
    stroke.pass_time(0.05)
    moved = (stroke.dataset.points != grid.points).any(axis=1)
    assert moved.tolist() == [True] * 5 + [False] * 5
    assert stroke.changed == 5
    before, after = (np.hypot(*(data.points[:5] - (0.2, 0.01)).T) for data in (grid, stroke.dataset))
    if kind == "magnet":
        assert (after < before).all()
    if kind == "repel":
        assert (after > before).all()
        assert after.max() <= 0.25 + 1e-6


def test_the_strength_of_a_magnet_does_not_depend_on_how_often_the_clock_ticks(grid: Dataset) -> None:
    ends = []
    for ticks in (1, 50):
        stroke = MagnetStroke(grid, (0.2, 0.0), 0.9, OPTIONS, repels=False)
        for _ in range(ticks):
            stroke.pass_time(0.5 / ticks)
        ends.append(stroke.dataset.points)
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-5)


@pytest.mark.parametrize("shape", StampShape)
def test_a_stamp_follows_the_pointer_without_dancing(grid: Dataset, shape: StampShape) -> None:
    stroke = StampStroke(grid, 1, (1.0, 1.0), shape, 0.1, OPTIONS, np.random.default_rng(1))
    assert stroke.changed == OPTIONS.stamp_points, "a click is a stamp of the ring's size"
    stroke.follow(way((1, 1), (1, 2)))
    first = stroke.dataset.points
    stroke.follow(way((1, 2), (3, 3)))
    assert len(stroke.dataset) == 10 + OPTIONS.stamp_points
    stroke.follow(way((3, 3), (1, 2)))
    np.testing.assert_array_equal(stroke.dataset.points, first)
    assert set(stroke.dataset.labels[10:].tolist()) == {1}


DRAWING = [tool for tool in Tool if tool.facts.begins is not None]


@pytest.mark.parametrize("tool", DRAWING)
def test_every_tool_that_draws_has_a_stroke_that_keeps_the_classes(grid: Dataset, tool: Tool) -> None:
    generator, selected = np.random.default_rng(1), np.zeros(10, dtype=bool)
    assert tool.facts.begins is not None
    stroke = tool.facts.begins(StrokeStart(grid, 1, (0.2, 0.0), 0.15, OPTIONS, generator, selected))
    stroke.follow(way((0.2, 0), (0.4, 0.1)))
    stroke.pass_time(0.1)
    assert stroke.dataset.class_names == grid.class_names
    assert stroke.changed > 0


def test_a_tool_without_a_stroke_selects_or_looks() -> None:
    assert [tool for tool in Tool if tool not in DRAWING] == [Tool.RECTANGLE, Tool.LASSO, Tool.INSPECT]


def test_every_tool_has_a_key_of_its_own_a_hint_and_options_that_there_are() -> None:
    assert len({tool.facts.key for tool in Tool}) == len(Tool)
    assert all(tool.facts.hint and tool.facts.title for tool in Tool)
    known = {"size", *(field.name for field in fields(ToolOptions))}
    assert all(set(tool.facts.options) <= known for tool in Tool)
    assert known == {name for tool in Tool for name in tool.facts.options}
