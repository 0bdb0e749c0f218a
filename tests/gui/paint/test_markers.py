from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap

from engine.data.shares import Role
from engine.dataset import MAX_CLASSES
from gui.paint.markers import (
    MARKER_SIZE,
    MIN_OPACITY,
    MIN_SIZE,
    SHAPE_NAMES,
    class_icon,
    marker,
    opacity_for,
    shapes,
    size_for,
)
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT, Chrome
from tests.gui.pictures import of_colour, pixels, rgb

pytestmark = pytest.mark.usefixtures("qapp")
both = pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])


def silhouette(picture: QPixmap) -> np.ndarray:
    """Where anything is painted, colour apart."""
    return (pixels(picture) >> 24) > 127


def test_there_is_a_shape_with_a_name_for_each_class() -> None:
    assert len(shapes()) == len(SHAPE_NAMES) == len(set(SHAPE_NAMES)) == MAX_CLASSES


@both
def test_classes_differ_in_shape_too_for_those_who_see_no_colour(chrome: Chrome) -> None:
    outlines = [silhouette(marker(label, False, chrome, 2.0)) for label in range(MAX_CLASSES)]
    area = np.mean([outline.sum() for outline in outlines])
    for a, b in combinations(range(MAX_CLASSES), 2):
        assert (outlines[a] != outlines[b]).sum() > 0.08 * area, (SHAPE_NAMES[a], SHAPE_NAMES[b])


@both
def test_a_filled_marker_is_of_the_colour_of_its_class_in_the_middle_and_a_hollow_one_is_not(chrome: Chrome) -> None:
    for label, name in enumerate(CLASS_COLOURS):
        for ratio in (1.0, 2.0):
            filled, hollow = (pixels(marker(label, is_hollow, chrome, ratio)) for is_hollow in (False, True))
            middle = filled.shape[0] // 2
            assert of_colour(filled, name)[middle, middle]
            assert of_colour(hollow, chrome.surface)[middle, middle]


@both
def test_a_point_of_the_test_has_a_dot_where_one_of_validation_is_hollow(chrome: Chrome) -> None:
    for label in range(MAX_CLASSES):
        tested = pixels(marker(label, Role.TEST, chrome, 2.0))
        middle = tested.shape[0] // 2
        assert of_colour(tested, chrome.point_edge)[middle, middle]
        assert of_colour(tested, chrome.surface).any()


@both
def test_a_hollow_marker_still_shows_its_class(chrome: Chrome) -> None:
    for label, name in enumerate(CLASS_COLOURS):
        hollow = pixels(marker(label, True, chrome, 2.0))
        hues = {
            QColor(int(value)).hue()
            for value in np.unique(hollow[(hollow >> 24) == 255])
            if QColor(int(value)).saturation() > 60
        }
        wanted = QColor(name)
        assert wanted.saturation() < 60 or any(abs(hue - wanted.hue()) <= 12 for hue in hues), SHAPE_NAMES[label]


def test_a_marker_has_a_middle_pixel_and_room_for_its_rim() -> None:
    for ratio, label in product((1.0, 1.25, 1.5, 2.0, 3.0), range(MAX_CLASSES)):
        for role in Role:
            picture = marker(label, role, LIGHT, ratio)
            outline = silhouette(picture)
            assert picture.width() == picture.height()
            assert picture.width() % 2 == 1
            assert picture.devicePixelRatio() == ratio
            # at the edge is the rim at most, never the shape, and it is about as large as it should be
            painted = pixels(picture)
            edge = np.concatenate([painted[0], painted[-1], painted[:, 0], painted[:, -1]])
            for value in edge[edge >> 24 > 127].tolist():
                assert max(abs(a - b) for a, b in zip(rgb(value), rgb(LIGHT.point_edge), strict=True)) < 20
            assert 0.75 * MARKER_SIZE * ratio <= outline.any(axis=0).sum() <= 1.5 * MARKER_SIZE * ratio


def test_the_same_marker_is_painted_once() -> None:
    assert marker(1, False, LIGHT, 1.0) is marker(1, False, LIGHT, 1.0)


def test_the_icon_of_a_class_is_its_filled_marker() -> None:
    for label, name in enumerate(CLASS_COLOURS):
        assert of_colour(pixels(class_icon(label, LIGHT).pixmap(16, 16)), name).any()


@pytest.mark.parametrize("colour", range(len(CLASS_COLOURS)))
def test_a_marker_on_the_bar_of_what_is_selected_has_a_white_rim(colour: int) -> None:
    picture = class_icon(colour, LIGHT).pixmap(QSize(16, 16), 2.0, QIcon.Mode.Selected)
    seen = pixels(picture)
    channels = np.stack([seen >> shift & 255 for shift in (24, 16, 8, 0)])
    rim = channels.min(axis=0) > 200
    assert rim.sum() > 30
    shape = of_colour(seen, CLASS_COLOURS[colour])
    assert shape.sum() > 80
    rows = np.flatnonzero(shape.any(axis=1))
    columns = np.flatnonzero(shape.any(axis=0))
    for line in (rim[rows[len(rows) // 2]], rim[:, columns[len(columns) // 2]]):  # the rim is on both sides
        assert line[:16].any()
        assert line[16:].any()


def test_one_point_alone_is_large_and_very_many_are_small_and_let_the_field_through() -> None:
    plane = 500.0 * 500
    assert size_for(plane) == MARKER_SIZE
    assert size_for(plane / 300) == MARKER_SIZE  # the usual sample
    assert opacity_for(plane / 300) == 1
    assert size_for(plane / 20_000) == MIN_SIZE
    assert opacity_for(plane / 1_000_000) == pytest.approx(MIN_OPACITY, abs=0.02)


def test_markers_shrink_in_steps_that_nobody_sees() -> None:
    rooms = [250_000 / count for count in range(1, 60_000, 7)]
    sizes, opacities = [size_for(room) for room in rooms], [opacity_for(room) for room in rooms]
    for values, most in ((sizes, 0.5), (opacities, 0.01)):
        steps = -np.diff(values)
        assert steps.min() >= 0
        assert steps[60:].max() <= most
    assert len(set(sizes)) == 1 + 2 * (MARKER_SIZE - MIN_SIZE)  # as often are all painted anew while one sprays
