"""Stamps: how many points, where they begin and end, and that they turn and grow with the drag."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gui.drawing.brushes import Place
from gui.drawing.stamps import STAMPS, StampShape

SHAPES = list(StampShape)
shapes = st.sampled_from(SHAPES)
counts = st.integers(1, 60)
noises = st.floats(0, 1)
coordinates = st.floats(-100, 100, width=32)
places = st.tuples(coordinates, coordinates)


def deviates_of(count: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(count, 2))


def stamped(
    shape: StampShape, start: Place = (0, 0), end: Place = (1, 0), count: int = 41, noise: float = 0.0
) -> NDArray[np.float64]:
    points = STAMPS[shape](start=start, end=end, count=count, noise=noise, deviates=deviates_of(count))
    return points.astype(np.float64)


def numbers(points: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Points as complex numbers, to turn and stretch them."""
    return points[:, 0] + 1j * points[:, 1]


def test_every_shape_has_its_function() -> None:
    assert set(STAMPS) == set(StampShape)
    assert len(set(STAMPS.values())) == len(StampShape)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        STAMPS[StampShape.LINE] = STAMPS[StampShape.RING]  # type: ignore[index]


@given(shape=shapes, start=places, end=places, count=st.integers(0, 60), noise=noises)
def test_a_stamp_has_the_points_that_were_asked_for(
    shape: StampShape, start: Place, end: Place, count: int, noise: float
) -> None:
    points = STAMPS[shape](start=start, end=end, count=count, noise=noise, deviates=deviates_of(count))

    assert points.shape == (count, 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()


@given(shape=shapes, start=places, count=counts, noise=noises)
def test_without_a_way_all_points_are_in_one_place(shape: StampShape, start: Place, count: int, noise: float) -> None:
    np.testing.assert_array_equal(stamped(shape, start, start, count, noise), np.full((count, 2), start, np.float32))


@given(shape=shapes, start=places, end=places, count=counts, noise=noises)
def test_a_stamp_turns_and_grows_with_the_way(
    shape: StampShape, start: Place, end: Place, count: int, noise: float
) -> None:
    unit = numbers(stamped(shape, (0, 0), (1, 0), count, noise))
    way = complex(end[0] - start[0], end[1] - start[1])

    expected = complex(*start) + way * unit
    tolerance = 1e-5 * (abs(complex(*start)) + abs(way) + 1) * (1 + float(np.abs(unit).max()))
    np.testing.assert_allclose(numbers(stamped(shape, start, end, count, noise)), expected, atol=tolerance)


@pytest.mark.parametrize("shape", [StampShape.LINE, StampShape.ARC, StampShape.MOON, StampShape.SPIRAL])
@given(start=places, end=places, count=st.integers(2, 60))
def test_an_open_shape_begins_where_the_drag_begins_and_ends_where_it_ends(
    shape: StampShape, start: Place, end: Place, count: int
) -> None:
    points = stamped(shape, start, end, count)

    tolerance = 1e-6 * max(1.0, *map(abs, start), *map(abs, end))
    np.testing.assert_allclose(points[0], start, atol=tolerance)
    np.testing.assert_allclose(points[-1], end, atol=4 * tolerance)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape is not StampShape.BLOB])
def test_noise_is_a_share_of_the_way(shape: StampShape) -> None:
    quiet, noisy = (stamped(shape, (3, 1), (3, 5), 4000, noise) for noise in (0.0, 0.1))

    np.testing.assert_allclose((noisy - quiet).std(axis=0), 0.4, rtol=0.05)


@pytest.mark.parametrize("shape", [StampShape.LINE, StampShape.RING, StampShape.ARC])
def test_points_of_a_curve_are_evenly_spaced(shape: StampShape) -> None:
    steps = np.linalg.norm(np.diff(stamped(shape), axis=0), axis=1)

    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)


def test_a_ring_is_a_whole_circle_around_the_start_that_passes_through_the_end() -> None:
    points = stamped(StampShape.RING, (2, 1), (5, 5), 30)

    np.testing.assert_allclose(np.linalg.norm(points - (2, 1), axis=1), 5, rtol=1e-6)
    np.testing.assert_allclose(points.mean(axis=0), (2, 1), atol=1e-5)
    np.testing.assert_allclose(points[0], (5, 5), rtol=1e-6)


@pytest.mark.parametrize("shape", [StampShape.ARC, StampShape.MOON])
def test_arc_and_moon_lie_to_the_left_of_the_way_within_the_half_circle(shape: StampShape) -> None:
    points = stamped(shape, count=200)

    assert points[:, 1].min() > -1e-6
    assert np.linalg.norm(points - (0.5, 0), axis=1).max() < 0.5 + 1e-6
    assert points[:, 1].max() > 0.47


def test_an_arc_is_a_half_circle_and_the_same_seen_from_its_end() -> None:
    points = stamped(StampShape.ARC)

    np.testing.assert_allclose(np.linalg.norm(points - (0.5, 0), axis=1), 0.5, rtol=1e-6)
    np.testing.assert_allclose(points[::-1] * (-1, 1) + (1, 0), points, atol=1e-6)


def test_a_moon_is_thickest_in_the_middle() -> None:
    points = stamped(StampShape.MOON, count=400)

    def thickness(left: float, right: float) -> float:
        inside = points[(points[:, 0] > left) & (points[:, 0] < right)]
        return float(np.ptp(inside[:, 1]))

    assert thickness(0.45, 0.55) > 0.3
    assert thickness(0.0, 0.002) < 0.05


def test_a_blob_is_a_gaussian_around_the_start_as_wide_as_half_the_way() -> None:
    points = stamped(StampShape.BLOB, (1, -2), (1, 2), 4000, noise=0.7)

    np.testing.assert_allclose(points.mean(axis=0), (1, -2), atol=0.1)
    np.testing.assert_allclose(points.std(axis=0), 2, rtol=0.05)


def test_a_spiral_arm_goes_once_around_while_its_radius_grows_evenly() -> None:
    points = numbers(stamped(StampShape.SPIRAL))
    angles = np.unwrap(np.angle(points[1:]))

    np.testing.assert_allclose(np.abs(points), np.linspace(0, 1, len(points)), atol=1e-6)
    np.testing.assert_allclose(np.diff(angles), 2 * math.pi / 40, rtol=1e-4)
