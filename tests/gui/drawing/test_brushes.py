from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gui.drawing.brushes import (
    Place,
    Points,
    drawn_together,
    in_polygon,
    in_rectangle,
    near_path,
    places_along,
    places_sprayed,
)

coordinates = st.floats(-3, 3)
places = st.tuples(coordinates, coordinates)
spacings = st.floats(0.01, 0.7)


def drag(corners: list[Place], spacing: float) -> Points:
    """The points of a stroke whose mouse events are at these corners."""
    since_last, laid = 0.0, [np.empty((0, 2), dtype=np.float32)]
    for start, end in itertools.pairwise(corners):
        some, since_last = places_along(path=np.array([start, end]), spacing=spacing, since_last=since_last)
        laid.append(some)
    return np.concatenate(laid)


def at_distance(corners: list[Place], distance: float) -> Place:
    """The place that far along a path, by walking it."""
    for start, end in itertools.pairwise(corners):
        length = math.dist(start, end)
        if distance <= length:
            share = distance / length if length else 0.0
            return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
        distance -= length
    return corners[-1]


@given(start=places, end=places, spacing=spacings, cuts=st.lists(st.floats(0, 1), max_size=12))
def test_a_line_gets_the_same_points_however_many_mouse_events_it_came_in(
    start: Place, end: Place, spacing: float, cuts: list[float]
) -> None:
    turns = math.dist(start, end) / spacing
    assume(abs(turns - round(turns)) > 1e-6)  # whether a point is due at the very end is a matter of rounding
    stops = [(start[0] + cut * (end[0] - start[0]), start[1] + cut * (end[1] - start[1])) for cut in sorted(cuts)]
    whole, in_parts = drag([start, end], spacing), drag([start, *stops, end], spacing)
    assert len(whole) == len(in_parts) == math.floor(turns)
    np.testing.assert_allclose(in_parts, whole, atol=1e-5)


@given(corners=st.lists(places, min_size=2, max_size=8), spacing=spacings)
def test_the_points_of_a_stroke_lie_exactly_one_spacing_apart_along_its_path(
    corners: list[Place], spacing: float
) -> None:
    length = sum(math.dist(start, end) for start, end in itertools.pairwise(corners))
    assume(abs(length / spacing - round(length / spacing)) > 1e-6)
    wanted = [at_distance(corners, number * spacing) for number in range(1, math.floor(length / spacing) + 1)]
    np.testing.assert_allclose(drag(corners, spacing), np.reshape(wanted, (-1, 2)), atol=1e-5)


@pytest.mark.parametrize("events", [1, 2, 4, 8, 32])
def test_a_point_due_exactly_at_the_end_of_a_move_is_laid_once(events: int) -> None:
    corners = [(step / events, 0.0) for step in range(events + 1)]
    np.testing.assert_allclose(drag(corners, 0.125)[:, 0], np.arange(1, 9) / 8, atol=1e-6)


def test_a_pointer_that_stays_where_it_is_lays_nothing_and_owes_what_it_owed() -> None:
    laid, since_last = places_along(path=np.array([(1.0, 2.0), (1.0, 2.0)]), spacing=0.1, since_last=0.07)
    assert laid.shape == (0, 2)
    assert since_last == 0.07


def test_the_way_to_the_last_point_is_what_the_next_move_begins_with() -> None:
    laid, since_last = places_along(path=np.array([(0.0, 0.0), (0.0, 1.0)]), spacing=0.3, since_last=0.1)
    np.testing.assert_allclose(laid, [[0, 0.2], [0, 0.5], [0, 0.8]], atol=1e-6)
    assert since_last == pytest.approx(0.2)
    assert laid.dtype == np.float32


def test_sprayed_points_are_spread_evenly_over_the_disc() -> None:
    generator = np.random.default_rng(5)
    count = 20_000
    centre = np.array([[3.0, -1.0]])
    offsets = places_sprayed(path=centre, radius=0.5, count=count, gaussian=False, generator=generator) - centre
    area = (offsets**2).sum(axis=1) / 0.25  # the share of the disc that is nearer to its middle
    angle = np.arctan2(offsets[:, 1], offsets[:, 0])
    assert area.max() <= 1 + 1e-5
    bound = 5 * math.sqrt(count * 0.1 * 0.9)  # five standard deviations of a count
    for values, span in ((area, (0.0, 1.0)), (angle, (-math.pi, math.pi))):
        counts, _ = np.histogram(values, bins=10, range=span)
        assert np.abs(counts - count / 10).max() < bound


def test_a_gaussian_spray_is_a_gaussian_cut_off_at_two_standard_deviations() -> None:
    generator, count = np.random.default_rng(5), 20_000
    path = np.array([[0.0, 0.0]])
    sprayed = places_sprayed(path=path, radius=2.0, count=count, gaussian=True, generator=generator)
    plain = np.random.default_rng(6).normal(size=(4 * count, 2))
    kept = plain[np.hypot(*plain.T) <= 2.0]
    np.testing.assert_allclose(sprayed.std(axis=0), kept.std(axis=0), rtol=0.03)
    quantiles = [0.1, 0.5, 0.9]
    wanted = np.quantile(np.hypot(*kept.T), quantiles)
    np.testing.assert_allclose(np.quantile(np.hypot(*sprayed.T), quantiles), wanted, rtol=0.05)


def test_what_is_sprayed_on_the_way_lies_along_the_way_and_not_only_where_it_ends() -> None:
    path = np.array([[0.0, 0.0], [0.5, 0.0], [4.0, 0.0]])
    sprayed = places_sprayed(path=path, radius=0.01, count=4000, gaussian=False, generator=np.random.default_rng(1))
    counts, _ = np.histogram(sprayed[:, 0], bins=8, range=(0, 4))
    assert np.abs(counts - 500).max() < 120


@given(
    centre=places, radius=st.floats(1e-3, 10), count=st.integers(0, 40), gaussian=st.booleans(), seed=st.integers(0, 99)
)
def test_no_sprayed_point_is_outside_the_ring(
    centre: Place, radius: float, count: int, gaussian: bool, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    path = np.array([centre])
    sprayed = places_sprayed(path=path, radius=radius, count=count, gaussian=gaussian, generator=generator)
    assert sprayed.shape == (count, 2)
    assert sprayed.dtype == np.float32
    distance = np.hypot(sprayed[:, 0] - centre[0], sprayed[:, 1] - centre[1])
    assert (distance <= radius * (1 + 1e-5) + 1e-5).all()


@given(start=places, end=places, radius=st.floats(0.05, 2), seed=st.integers(0, 99))
def test_near_a_line_is_what_a_search_along_it_finds(start: Place, end: Place, radius: float, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-4, 4, (60, 2)).astype(np.float32)
    along = np.linspace(0, 1, 2001)[:, None]
    line = (1 - along) * np.array(start) + along * np.array(end)
    distance = np.sqrt(((points[:, None, :] - line) ** 2).sum(axis=2)).min(axis=1)
    clear = np.abs(distance - radius) > 1e-2  # the search has gaps
    found = near_path(points=points, path=np.array([start, end], dtype=float), radius=radius)
    np.testing.assert_array_equal(found[clear], (distance <= radius)[clear])


def test_near_a_line_of_no_length_is_what_the_disc_covers_and_its_edge_counts() -> None:
    points = np.array([[0, 0], [0.5, 0], [0, -0.5], [0.51, 0]], dtype=np.float32)
    assert near_path(points=points, path=np.array([(0, 0), (0, 0)], dtype=float), radius=0.5).tolist() == [
        True,
        True,
        True,
        False,
    ]


def test_beyond_the_ends_of_a_line_the_ring_is_round() -> None:
    points = np.array([[1.4, 0.0], [1.4, 0.4], [-0.4, -0.4], [0.5, 0.49]], dtype=np.float32)
    assert near_path(points=points, path=np.array([(0, 0), (1, 0)], dtype=float), radius=0.5).tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_no_points_are_near_anything() -> None:
    assert near_path(
        points=np.empty((0, 2), np.float32), path=np.array([(0, 0), (1, 1)], dtype=float), radius=1
    ).shape == (0,)


def test_near_a_path_is_near_one_of_its_lines() -> None:
    generator = np.random.default_rng(3)
    points, path = generator.uniform(-2, 2, (500, 2)).astype(np.float32), generator.uniform(-2, 2, (6, 2))
    wanted = np.zeros(500, dtype=bool)
    for line in itertools.pairwise(path):
        wanted |= near_path(points=points, path=np.array(line), radius=0.3)
    assert 0 < wanted.sum() < 500
    np.testing.assert_array_equal(near_path(points=points, path=path, radius=0.3), wanted)


@given(first=places, second=places, seed=st.integers(0, 99))
def test_a_rectangle_is_the_same_from_any_of_its_corners_and_is_its_polygon(
    first: Place, second: Place, seed: int
) -> None:
    points = np.random.default_rng(seed).uniform(-4, 4, (80, 2)).astype(np.float32)
    inside = in_rectangle(points=points, corner=first, opposite=second)
    np.testing.assert_array_equal(
        inside, in_rectangle(points=points, corner=(first[0], second[1]), opposite=(second[0], first[1]))
    )
    (x1, y1), (x2, y2) = first, second
    corners = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    np.testing.assert_array_equal(inside, in_polygon(points=points, corners=corners))


def test_a_lasso_around_a_ring_leaves_out_what_lies_in_a_dent_of_it() -> None:
    corners = np.array([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], dtype=float)  # like the letter M
    points = np.array([[2, 0.5], [0.5, 2], [3.5, 2], [2, 3], [5, 1], [-1, 1]], dtype=np.float32)
    assert in_polygon(points=points, corners=corners).tolist() == [True, True, True, False, False, False]


def test_a_magnet_draws_points_a_share_of_the_way_or_pushes_them_at_most_to_the_edge() -> None:
    points = np.array([[1.0, 0.0], [0.0, -0.5], [0.0, 0.0]], dtype=np.float32)
    drawn = drawn_together(points=points, centre=(0.0, 0.0), radius=2.0, share=0.25)
    np.testing.assert_allclose(points + drawn, np.array([[0.75, 0], [0, -0.375], [0, 0]]))
    pushed = drawn_together(points=points, centre=(0.0, 0.0), radius=2.0, share=-1.0)
    np.testing.assert_allclose(points + pushed, np.array([[2, 0], [0, -2], [0, 0]]))
