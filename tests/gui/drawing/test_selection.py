"""What is selected, and what becomes of it when points change."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dataset import Dataset, empty_dataset
from gui.drawing.plane import Plane
from gui.drawing.selection import MAX_LOST, LostSelections, Marquee, SelectionMode, carried_over, combined, nearest

BEFORE, HIT = np.array([True, True, False, False]), np.array([True, False, True, False])


@pytest.fixture
def row() -> Dataset:
    """Points at 0, 1, 2, 3 on the x axis."""
    return empty_dataset().with_points([[x, 0] for x in range(4)], [0, 1, 0, 1])


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        (SelectionMode.REPLACE, [True, False, True, False]),
        (SelectionMode.ADD, [True, True, True, False]),
        (SelectionMode.SUBTRACT, [False, True, False, False]),
    ],
)
def test_a_gesture_replaces_adds_to_or_takes_from_the_selection(mode: SelectionMode, wanted: list[bool]) -> None:
    assert combined(BEFORE, HIT, mode).tolist() == wanted


def test_a_selection_outlives_edits_that_keep_its_points(row: Dataset) -> None:
    assert carried_over(BEFORE, row, row.moved(BEFORE, (1, 1))).tolist() == BEFORE.tolist()
    assert carried_over(BEFORE, row, row.relabelled(BEFORE, 1)).tolist() == BEFORE.tolist()
    assert carried_over(BEFORE, row, row.with_points([[9, 9]], 0)).tolist() == [*BEFORE.tolist(), False]
    assert not carried_over(BEFORE, row, row.without(HIT)).any()
    assert carried_over(BEFORE, row, row.recoloured(0, 5)).tolist() == BEFORE.tolist()


def test_a_selection_does_not_pass_to_other_points_that_happen_to_be_as_many(row: Dataset) -> None:
    other = empty_dataset().with_points([[9, x] for x in range(4)], [0, 1, 0, 1])
    assert not carried_over(BEFORE, row, other).any()


def test_a_rectangle_takes_what_lies_between_two_corners(row: Dataset) -> None:
    marquee = Marquee((0.5, 1), SelectionMode.REPLACE, is_lasso=False)
    marquee.follow((9, 9))
    marquee.follow((2.5, -1))
    assert marquee.hit(row).tolist() == [False, True, True, False]
    assert marquee.extent(Plane(scale=5.0)) == 10.0
    assert len(marquee.outline()) == 4


def test_a_lasso_takes_what_its_whole_way_goes_around(row: Dataset) -> None:
    marquee = Marquee((0.5, -1), SelectionMode.ADD, is_lasso=True)
    for place in ((3.5, -1), (3.5, 1), (2.5, 1), (2, -0.5), (1.5, 1), (0.5, 1)):
        marquee.follow(place)
    assert marquee.hit(row).tolist() == [False, True, False, True]


def test_the_nearest_point_counts_only_within_reach(row: Dataset) -> None:
    assert nearest(row, (1.2, 0.1), 0.5).tolist() == [False, True, False, False]
    assert not nearest(row, (1.2, 3), 0.5).any()
    assert nearest(empty_dataset(), (0, 0), 1).shape == (0,)
    assert nearest(row, (1.2, 3), 0.5, stretch=0.1).any(), "on the screen it is near"
    assert not nearest(row, (1.2, 0.1), 0.5, stretch=9).any()


def test_the_many_steps_of_an_eraser_do_not_push_out_what_was_selected_before_them() -> None:
    lost, before = LostSelections(), empty_dataset(2).with_points(np.zeros((200, 2), dtype=np.float32), 0)
    selected, dataset = np.ones(200, dtype=bool), before
    for _ in range(2 * MAX_LOST):
        lost.keep(dataset, selected[: len(dataset)])
        dataset = dataset.without(np.arange(len(dataset)) == 0)
    taken = lost.take(before)
    assert taken is not None
    assert taken.all()
