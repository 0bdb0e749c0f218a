"""Contours as they are painted: thin lines with numbers, and the double line of one class against the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from engine.dataset import empty_dataset
from engine.insight.field import Field, Shading, class_colours
from engine.insight.lines.contours import LEVELS, Contour
from gui.canvas.marks.contours import ContourLines, wanted_contours
from gui.drawing.plane import Plane
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT, Chrome, entropy_colour, field_colours
from tests.gui.canvas.test_field_layer import PLANE, QUADRANTS, SIZE, field_of, view_of
from tests.gui.paint.test_theme import contrast
from tests.gui.pictures import of_colour, pixels
from tests.texts.shown import PaintedTexts

pytestmark = pytest.mark.usefixtures("qapp")
NAMES = "Blue", "Orange"


def upright(*levels: float, threshold: float | None = None) -> Field:
    """A field whose lines are upright, those of each level by itself, from the left to the right."""
    contours = tuple(Contour(level, 1) for level in levels)
    if threshold is not None:
        contours += (Contour(threshold, 1, is_threshold=True),)
    rows = np.linspace(-1, 1, 41)
    x = np.linspace(-0.8, 0.8, len(contours)) if len(contours) > 1 else [0.0]
    lines = tuple(np.stack([0 * rows[1:] + at, rows[:-1], 0 * rows[1:] + at, rows[1:]], 1) for at in x)
    field = field_of(QUADRANTS)
    view = replace(view_of(PLANE), contours=contours)
    return replace(field, view=view, contours=tuple(ends.astype(np.float32) for ends in lines))


def painted(contours: ContourLines, field: Field, plane: Plane = PLANE) -> QPixmap:
    picture = QPixmap(SIZE)
    picture.fill("#808080")
    with QPainter(picture) as painter:
        contours.paint_thin(painter, field, plane, LIGHT, QFont())
        contours.paint_over(painter, field, plane, LIGHT, QFont(), NAMES)
    return picture


def test_the_lines_that_are_asked_for_are_of_the_class_that_a_lecturer_means() -> None:
    assert wanted_contours(3, None, has_levels=False) == ()
    assert [(each.level, each.label) for each in wanted_contours(2, None, has_levels=True)] == [
        (level, 1) for level in LEVELS
    ]
    assert {each.label for each in wanted_contours(4, None, has_levels=True)} == {None}
    compared = wanted_contours(4, (2, 0.35), has_levels=True)
    assert {each.label for each in compared} == {2}
    assert [each.level for each in compared if each.is_threshold] == [0.35]
    assert wanted_contours(3, (3, 0.5), has_levels=False) == (), "that class is gone"


def test_each_line_has_its_number_once_and_the_first_says_of_what(monkeypatch: pytest.MonkeyPatch) -> None:
    said = PaintedTexts(monkeypatch)
    painted(ContourLines(), upright(0.2, 0.5, 0.9))
    assert sorted(said.texts) == ["0.2", "0.9", "P(Orange) = 0.5"]
    said.texts.clear()
    painted(ContourLines(), replace(upright(0.4), view=replace(view_of(PLANE), contours=(Contour(0.4),))))
    assert [*said.texts] == ["Largest P = 0.4"]


def test_numbers_lie_on_their_lines_apart_from_each_other_and_from_points(monkeypatch: pytest.MonkeyPatch) -> None:
    plates = list[QRect]()
    monkeypatch.setattr(QPainter, "fillRect", lambda _painter, area, _colour: plates.append(area.toRect()))
    contours = ContourLines()
    left = np.stack([np.full(30, -0.8), np.linspace(-0.5, 0.5, 30)], axis=1)
    contours.keep_clear_of(empty_dataset(2).with_points(left, 0), PLANE)
    painted(contours, upright(*LEVELS))

    assert len(plates) >= 5
    assert not any(one.intersects(other) for number, one in enumerate(plates) for other in plates[:number])
    assert all(QRect(44, 10, 200, 200).contains(plate) for plate in plates)
    pixels_of_points = PLANE.to_pixels(left.astype(np.float32))
    assert not any(plate.contains(round(x), round(y)) for plate in plates for x, y in pixels_of_points)


def test_the_line_of_the_threshold_is_double_and_on_the_plane_of_its_lane_only() -> None:
    contours, field = ContourLines(), upright(threshold=0.7)
    row = pixels(painted(contours, field))[200]
    middle = int(PLANE.to_pixels(np.zeros((1, 2), dtype=np.float32))[0, 0])
    inks = np.flatnonzero(of_colour(row, LIGHT.ink))
    assert inks.min() < middle - 1 < middle + 1 <= inks.max(), "ink on both sides"
    assert not of_colour(row[middle - 1 : middle + 1], LIGHT.ink).any(), "and none between"
    contours.has_threshold = False
    assert (pixels(painted(contours, field)) & 0xFFFFFF == 0x808080).all()


@pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shading", Shading)
def test_thin_lines_stand_out_from_every_colour_of_the_field(chrome: Chrome, shading: Shading) -> None:
    colours, neutral = field_colours(chrome, tuple(range(len(CLASS_COLOURS))))
    if shading is Shading.ENTROPY:
        colours = (entropy_colour(chrome),) * len(colours)
    view = replace(view_of(PLANE), colours=colours, neutral=neutral, shading=shading)
    for colour in np.unique(class_colours(view, len(colours))).tolist():
        assert contrast(chrome.ink, QColor(colour).name()) >= 3
