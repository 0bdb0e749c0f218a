"""Many pictures composed in numpy look as if each had been painted by Qt."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from engine.data.shares import Role
from gui.canvas.point_layer import mark_of, pixels_of, sprites_of, unscaled
from gui.paint.markers import marker, selection_mark
from gui.paint.sprites import Sprites, compose, shape_of
from gui.paint.theme import DARK, LIGHT, Chrome

pytestmark = pytest.mark.usefixtures("qapp")
ALL_COLOURS = tuple(range(10))
Picture = NDArray[np.uint32]


def painted(
    shape: tuple[int, int], columns: NDArray[np.int32], rows: NDArray[np.int32], kinds: NDArray[np.uint8],
    chrome: Chrome, ratio: float,
) -> Picture:  # fmt: skip
    """What Qt makes of it, one call each."""
    pictures = [unscaled(marker(colour, role, chrome, ratio)) for colour, role in product(ALL_COLOURS, Role)]
    image = QImage(shape[1], shape[0], QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with QPainter(image) as painter:
        for x, y, kind in zip(columns.tolist(), rows.tolist(), kinds.tolist(), strict=True):
            painter.drawPixmap(x, y, pictures[kind])
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(shape).copy()


def differences(one: Picture, other: Picture) -> NDArray[np.int64]:
    """The largest difference of the channels of each pixel."""
    channels = [image.view(np.uint8).reshape(*image.shape, 4).astype(np.int64) for image in (one, other)]
    result: NDArray[np.int64] = np.abs(channels[0] - channels[1]).max(axis=2)
    return result


def random_places(
    count: int, shape: tuple[int, int], side: int, seed: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]:
    generator = np.random.default_rng(seed)
    height, width = shape[0] + side + 6, shape[1] + side + 6
    # of several at one place only the last is drawn
    places = generator.choice(height * width, count, replace=False).astype(np.int32)
    columns, rows = places % width - side - 3, places // width - side - 3
    return columns, rows, generator.integers(0, 30, count, dtype=np.uint8)


@pytest.mark.parametrize(("chrome", "ratio"), list(product((LIGHT, DARK), (1.0, 1.25, 1.5, 2.0, 3.0))))
def test_one_marker_of_each_kind_is_painted_exactly(chrome: Chrome, ratio: float) -> None:
    sprites = sprites_of(ALL_COLOURS, chrome, ratio)
    pitch, kinds = sprites.side + 1, np.arange(30, dtype=np.uint8)
    columns, rows = (kinds % 5).astype(np.int32) * pitch, (kinds // 5).astype(np.int32) * pitch
    image = np.zeros((6 * pitch, 5 * pitch), dtype=np.uint32)
    compose(image, columns, rows, kinds, sprites)

    assert image.any()
    np.testing.assert_array_equal(image, painted(image.shape, columns, rows, kinds, chrome, ratio))


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_markers_over_one_another_look_as_painted(ratio: float) -> None:
    sprites = sprites_of(ALL_COLOURS, LIGHT, ratio)
    shape = round(300 * ratio), round(200 * ratio)
    places = random_places(400, shape, sprites.side, seed=1)
    image = np.zeros(shape, dtype=np.uint32)
    compose(image, *places, sprites)
    expected = painted(shape, *places, LIGHT, ratio)
    wrong = differences(image, expected)

    # something is painted exactly where it should be
    np.testing.assert_array_equal(image > 0, expected > 0)
    assert (wrong > 8).mean() < 0.04
    assert wrong.mean() < 1.5


def test_however_many_there_are_the_last_one_is_in_front() -> None:
    sprites = sprites_of(ALL_COLOURS, LIGHT, 1.0)
    shape = 400, 500  # several bands of rows, which are composed one by one
    places = random_places(60_000, shape, sprites.side, seed=2)
    image = np.zeros(shape, dtype=np.uint32)
    compose(image, *places, sprites)
    expected = painted(shape, *places, LIGHT, 1.0)
    wrong = differences(image, expected)

    # rims between rims differ; the insides do not
    assert (wrong <= 24).mean() > 0.75
    # and no pixel has a colour that no marker there has: the colours are distributed as they should be
    for colour in np.unique(sprites.pictures[:, 7, 7]):
        assert (image == colour).mean() == pytest.approx((expected == colour).mean(), abs=0.004)


def test_a_selected_points_mark_is_painted_exactly_beneath() -> None:
    mark, sprites = mark_of(LIGHT, 1.0), sprites_of(ALL_COLOURS, LIGHT, 1.0)
    image, place = np.zeros((40, 40), dtype=np.uint32), np.array([9], dtype=np.int32)
    compose(image, place, place, np.zeros(1, dtype=np.uint8), mark)
    np.testing.assert_array_equal(image[9 : 9 + mark.side, 9 : 9 + mark.side], pixels_of(selection_mark(LIGHT, 1.0)))

    compose(image, place + 3, place + 3, np.zeros(1, dtype=np.uint8), sprites)
    assert image[9 + mark.side // 2, 9 + mark.side // 2] == sprites.pictures[0, 7, 7]
    assert image[9 + mark.side // 2, 11] == mark.pictures[0, mark.side // 2, 2]


def test_what_lies_beyond_the_edge_is_cut_and_comes_in_nowhere_else() -> None:
    sprites, nothing = sprites_of(ALL_COLOURS, LIGHT, 1.0), np.zeros(0, dtype=np.int32)
    for column, row in product((-15, -14, -1, 0, 30, 59, 60, 61), (-15, -14, 0, 30, 39, 40)):
        image = np.zeros((40, 60), dtype=np.uint32)
        place = np.array([column], dtype=np.int32), np.array([row], dtype=np.int32), np.array([2], dtype=np.uint8)
        compose(image, *place, sprites)
        np.testing.assert_array_equal(image, painted((40, 60), *place, LIGHT, 1.0))
    compose(image, nothing, nothing, np.zeros(0, dtype=np.uint8), sprites)


@pytest.mark.parametrize("side", [1, 2, 3, 7, 31])
def test_any_shape_is_covered_by_its_runs(side: int) -> None:
    generator = np.random.default_rng(side)
    for _ in range(10):
        alpha = generator.choice(np.array([0, 1, 120, 255], dtype=np.uint32), (side, side))
        sprites = Sprites.of((alpha << 24).astype(np.uint32)[None])
        image = np.zeros((side + 6, side + 9), dtype=np.uint32)
        compose(image, np.array([5], np.int32), np.array([2], np.int32), np.zeros(1, np.uint8), sprites)
        expected = np.zeros_like(image)
        expected[2 : 2 + side, 5 : 5 + side] = alpha << 24
        np.testing.assert_array_equal(image, expected)
        for layer, least in enumerate((225, 1)):
            pixels = sum(length for length, starts in shape_of(alpha) for start in starts if start[0] == layer)
            assert pixels == np.count_nonzero(alpha >= least)
