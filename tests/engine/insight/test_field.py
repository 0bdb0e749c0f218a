"""The picture of the probabilities, and where its boundary lies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.insight.field import (
    Colour,
    Field,
    Shading,
    View,
    centred,
    certainty,
    colour,
    colour_table,
    leaders,
)
from engine.insight.survey import Mesh
from tests.engine.fields import make_field

COLOURS: tuple[Colour, ...] = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 8, 7))
NEUTRAL: Colour = (250, 240, 230)
VIEW = View(left=-2.0, right=2.0, bottom=-1.0, top=1.0, width=400, height=200, colours=COLOURS, neutral=NEUTRAL)


def packed(red: int, green: int, blue: int) -> int:
    return 0xFF000000 | red << 16 | green << 8 | blue


def one_pixel(*probabilities: float) -> int:
    """The colour of a place with these class probabilities."""
    winner, lead = leaders(np.array(probabilities, dtype=np.float32).reshape(-1, 1))
    return int(colour(winner, lead, colour_table(COLOURS, NEUTRAL))[0])


def field_of(probabilities: NDArray[np.float32], rows: int, columns: int, threshold: float = 0.5) -> Field:
    """The field of a view from probabilities (rows * columns, n_classes) at its grid points."""

    def asked(places: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = probabilities[(places @ [1, columns]).astype(int)].T
        return found

    return make_field(VIEW, Mesh(rows, columns), asked, threshold)


def field_of_classes(classes: NDArray[np.float32]) -> Field:
    """The same from probabilities (n_classes, rows, columns)."""
    return field_of(classes.reshape(len(classes), -1).T, *classes.shape[1:])


# the grid


def test_the_first_grid_point_is_the_middle_of_the_top_left_cell_and_y_points_up() -> None:
    points = VIEW.grid_points(rows=2, columns=4)

    assert points.dtype == np.float32
    assert points.tolist() == [
        [-1.5, 0.5], [-0.5, 0.5], [0.5, 0.5], [1.5, 0.5],
        [-1.5, -0.5], [-0.5, -0.5], [0.5, -0.5], [1.5, -0.5],
    ]  # fmt: skip


@given(st.integers(2, 2000), st.integers(2, 2000), st.integers(0, 200_000))
def test_cells_are_nearly_square_as_many_as_wanted_and_at_most_one_a_pixel(width: int, height: int, n: int) -> None:
    view = View(0, 1, 0, 1, width, height, COLOURS, NEUTRAL)

    mesh = view.mesh(n)
    rows, columns = mesh.rows, mesh.columns

    assert 2 <= rows <= height
    assert 2 <= columns <= width
    if 100 < n <= width * height and min(rows, columns) > 10:
        assert rows * columns == pytest.approx(n, rel=0.15)
        assert (width / columns) / (height / rows) == pytest.approx(1, rel=0.15)


# the colours


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ((1.0, 0.0), COLOURS[0]),
        ((0.0, 1.0), COLOURS[1]),
        ((0.0, 1.0, 0.0), COLOURS[1]),
        ((0.0, 0.0, 0.0, 1.0), COLOURS[3]),
        ((0.5, 0.5), NEUTRAL),
        ((0.4, 0.2, 0.4), NEUTRAL),
        ((0.25, 0.25, 0.25, 0.25), NEUTRAL),
    ],
)
def test_a_sure_class_has_its_colour_and_a_tie_the_neutral_one(
    probabilities: tuple[float, ...], expected: Colour
) -> None:
    assert one_pixel(*probabilities) == packed(*expected)


@pytest.mark.parametrize("probabilities", [(0.75, 0.25), (0.7, 0.2, 0.1), (0.1, 0.7, 0.2, 0.0)])
def test_between_them_the_strength_is_the_lead_over_the_second(probabilities: tuple[float, ...]) -> None:
    first, second = sorted(probabilities)[-1], sorted(probabilities)[-2]
    winner = COLOURS[probabilities.index(first)]
    expected = [n + (first - second) * (w - n) for n, w in zip(NEUTRAL, winner, strict=True)]

    pixel = one_pixel(*probabilities)

    channels = [pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255]
    assert channels == pytest.approx(expected, abs=1.01)
    assert pixel >> 24 == 255


def test_two_classes_are_coloured_as_more_classes_are() -> None:
    p = np.random.default_rng(0).random((1, 20, 20)).astype(np.float32)
    two = np.concatenate([1 - p, p])
    three = np.concatenate([two, np.zeros_like(p)])

    # the lead of two classes is p1 - p0 here and largest - second there
    np.testing.assert_array_equal(field_of_classes(two).pixels, field_of_classes(three).pixels)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_where_probabilities_are_nan_no_class_leads(n_classes: int) -> None:
    classes = np.zeros((n_classes, 4, 6), dtype=np.float32)
    classes[0] = 1.0
    classes[:, 1, 2] = np.nan

    field = field_of_classes(classes)
    pixels, segments = field.pixels, field.boundary

    assert pixels[1, 2] == packed(*NEUTRAL)
    assert (np.delete(pixels.ravel(), 8) == packed(*COLOURS[0])).all()
    assert segments.shape[1] == 4


def test_a_field_of_nothing_but_nan_is_neutral_and_has_no_boundary() -> None:
    field = field_of(np.full((50, 3), np.nan, dtype=np.float32), 5, 10)

    assert (field.pixels == packed(*NEUTRAL)).all()
    assert field.boundary.shape == (0, 4)


def test_the_top_of_the_picture_is_the_top_of_the_plane() -> None:
    points = VIEW.grid_points(10, 20)
    upper = (points[:, 1] > 0).astype(np.float32)

    field = field_of(np.column_stack([1 - upper, upper]), 10, 20)

    assert field.pixels.dtype == np.uint32
    assert field.pixels.shape == (10, 20)
    assert (field.pixels[:5] == packed(*COLOURS[1])).all()
    assert (field.pixels[5:] == packed(*COLOURS[0])).all()


def test_the_left_of_the_picture_is_the_left_of_the_plane() -> None:
    left = (VIEW.grid_points(10, 20)[:, 0] < 0).astype(np.float32)

    field = field_of(np.column_stack([1 - left, left]), 10, 20)

    assert (field.pixels[:, :10] == packed(*COLOURS[1])).all()
    assert (field.pixels[:, 10:] == packed(*COLOURS[0])).all()


# the boundary


def softmax(heights: NDArray[np.float64]) -> NDArray[np.float32]:
    exponentials = np.exp(heights - heights.max(axis=1, keepdims=True))
    result: NDArray[np.float32] = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def ends_of(segments: NDArray[np.float32]) -> NDArray[np.float32]:
    return segments.reshape(-1, 2)


CENTRE, RADIUS = np.array([0.3, -0.1]), 0.7


@pytest.mark.parametrize(("rows", "columns"), [(40, 80), (100, 200), (37, 51)])
def test_the_boundary_of_a_circle_lies_on_the_circle(rows: int, columns: int) -> None:
    distance = np.linalg.norm(VIEW.grid_points(rows, columns) - CENTRE, axis=1)
    probabilities = softmax(np.column_stack([np.zeros(rows * columns), 3 * (RADIUS - distance)]))
    cell = max(4.0 / columns, 2.0 / rows)

    segments = field_of(probabilities, rows, columns).boundary

    off = np.linalg.norm(ends_of(segments) - CENTRE, axis=1) - RADIUS
    assert np.abs(off).max() < 0.05 * cell
    lengths = np.linalg.norm(segments[:, 2:] - segments[:, :2], axis=1)
    assert lengths.sum() == pytest.approx(2 * np.pi * RADIUS, rel=0.01)
    assert lengths.max() < 1.5 * cell


def test_the_boundary_of_a_circle_is_closed() -> None:
    distance = np.linalg.norm(VIEW.grid_points(40, 80) - CENTRE, axis=1)
    probabilities = softmax(np.column_stack([np.zeros(3200), 3 * (RADIUS - distance)]))

    ends = ends_of(field_of(probabilities, 40, 80).boundary)

    gaps = np.linalg.norm(ends[:, None] - ends[None], axis=2)
    assert ((gaps < 1e-5).sum(axis=1) == 2).all()  # itself, and the end of one other segment


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 0.0, 0.31), (0.0, 1.0, -0.2), (1.0, 2.0, 0.1), (-1.0, 1.0, 0.0)])
def test_a_straight_boundary_is_where_it_should_be(a: float, b: float, c: float) -> None:
    points = VIEW.grid_points(20, 40)
    height = a * points[:, 0] + b * points[:, 1] - c
    # two classes whose logits differ by the height itself
    probabilities = softmax(np.column_stack([np.zeros_like(height), height]))

    ends = ends_of(field_of(probabilities, 20, 40).boundary)

    assert len(ends) >= 2 * 18
    np.testing.assert_allclose(ends @ np.array([a, b]), c, atol=1e-5)


def test_with_more_classes_the_two_largest_are_equal_on_the_boundary_and_every_border_is_drawn() -> None:
    centres = np.array([[-1.0, -0.5], [1.0, -0.5], [0.0, 0.6]])
    points = VIEW.grid_points(60, 120)

    def heights(places: NDArray[np.float32]) -> NDArray[np.float64]:
        squares: NDArray[np.float64] = ((places[:, None] - centres) ** 2).sum(axis=2)
        return -squares

    ends = ends_of(field_of(softmax(heights(points)), 60, 120).boundary)

    ordered = np.sort(heights(ends), axis=1)
    assert (ordered[:, 2] - ordered[:, 1]).max() < 0.15
    assert np.median(ordered[:, 2] - ordered[:, 1]) < 0.002
    pairs = {tuple(sorted(pair)) for pair in np.argsort(heights(ends), axis=1)[:, 1:].tolist()}
    assert pairs == {(0, 1), (0, 2), (1, 2)}


@pytest.mark.parametrize("n_classes", [2, 3, 8])
def test_where_one_class_rules_there_is_no_boundary(n_classes: int) -> None:
    classes = np.zeros((n_classes, 5, 7), dtype=np.float32)
    classes[1] = 1.0

    assert field_of_classes(classes).boundary.shape == (0, 4)


def test_a_chessboard_of_four_cells_has_two_lines() -> None:
    p = np.array([[0.9, 0.1], [0.1, 0.9]], dtype=np.float32)

    for height in (p, 1 - p):
        segments = field_of_classes(np.stack([1 - height, height])).boundary

        # all four crossings of the only cell between the middles, each once: half way, at (±1, 0) and (0, ±0.5)
        ends = sorted((round(float(x), 5), round(float(y), 5)) for x, y in ends_of(segments))
        assert ends == [(-1.0, 0.0), (0.0, -0.5), (0.0, 0.5), (1.0, 0.0)]


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.7])
def test_a_threshold_is_where_centred_probabilities_are_equal(threshold: float) -> None:
    of_one = np.array([0.0, threshold - 0.01, threshold, threshold + 0.01, 1.0], dtype=np.float32)

    moved = centred(np.stack([1 - of_one, of_one], axis=1), threshold)

    np.testing.assert_allclose(moved.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(moved[[0, 2, 4], 1], [0, 0.5, 1], atol=1e-6)
    assert moved[1, 1] < 0.5 < moved[3, 1]
    if threshold == 0.5:
        np.testing.assert_allclose(moved[:, 1], of_one, atol=1e-6)


@pytest.mark.parametrize("threshold", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("steepness", [1.0, 6.0])
def test_the_line_of_a_threshold_is_where_the_probability_is_the_threshold(threshold: float, steepness: float) -> None:
    def logit(points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        x, y = points[:, 0].astype(float), points[:, 1].astype(float)
        return steepness * (np.sin(1.3 * x) + 0.7 * y)

    rows, columns = 60, 120
    of_one = 1 / (1 + np.exp(-logit(VIEW.grid_points(rows, columns))))
    probabilities = np.stack([1 - of_one, of_one], axis=1).astype(np.float32)
    cell = (VIEW.right - VIEW.left) / columns

    ends = ends_of(field_of(probabilities, rows, columns, threshold).boundary).astype(float)

    wanted, step = np.log(threshold / (1 - threshold)), 1e-5
    slope = np.hypot(*((logit(ends + d) - logit(ends - d)) / (2 * step) for d in step * np.eye(2)))
    off = np.abs(logit(ends) - wanted) / slope / cell  # to first order, the distance to the exact line
    steep = slope > 0.3 * steepness
    assert len(ends) > 50 or abs(wanted) > 1.5 * steepness
    assert off[steep].max(initial=0.0) < 0.05


def test_colours_of_entropy_are_strongest_where_all_classes_are_equally_probable() -> None:
    table = colour_table(COLOURS[:2], NEUTRAL, Shading.ENTROPY)
    even, sure = (
        colour(np.array([0]), certainty(np.array(p, dtype=np.float32)[:, None], is_distribution=True), table)[0]
        for p in ((0.5, 0.5), (1.0, 0.0))
    )

    assert (even, sure) == (packed(*COLOURS[0]), packed(*NEUTRAL))
    for p, is_distribution, share in (((0.5, 0.25, 0.25), True, 1.5 / math.log2(3)), ((0.5, 1.0, 0.0), False, 1 / 3)):
        found = certainty(np.array(p, dtype=np.float32)[:, None], is_distribution=is_distribution)
        assert found == pytest.approx([1 - share], abs=1e-6)
