from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from engine.insight.field import Field, View
from engine.insight.survey import Mesh
from gui.canvas import field_layer
from gui.canvas.field_layer import FieldLayer, note_inset, paint_captions, paint_note, ticks_of
from gui.drawing.plane import Plane, Units
from gui.paint.style.motion import REDUCED_MOTION, is_motion_reduced
from gui.paint.theme import DARK, LIGHT, Chrome, field_colours
from tests.engine.fields import make_field
from tests.gui.pictures import of_colour, pixels

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = QSize(260, 240)
PLANE = Plane(x=44, y=10, width=200, height=200, scale=100.0)  # from -1 to 1
QUADRANTS = np.kron([[0xFFFF0000, 0xFF00FF00], [0xFF0000FF, 0xFFFFFF00]], np.ones((20, 20))).astype(np.uint32)


def view_of(plane: Plane) -> View:
    left, right, bottom, top = plane.edges()
    colours, neutral = field_colours(LIGHT, tuple(range(8)))
    return View(left, right, bottom, top, round(plane.width), round(plane.height), colours, neutral)


def field_of(picture: np.ndarray, segments: object = (9, 9, 9.1, 9), plane: Plane = PLANE) -> Field:
    """A field whose boundary, if none is given, is out of sight."""
    return Field(view_of(plane), picture, np.reshape(np.asarray(segments, dtype=np.float32), (-1, 4)))


def painted(field: Field | None, plane: Plane = PLANE, chrome: Chrome = LIGHT, ratio: float = 1.0) -> np.ndarray:
    layer = FieldLayer()
    layer.show(field)
    return pixels(layer.pixmap(plane, chrome, SIZE, ratio, QFont()))


def rgb(picture: np.ndarray, plane: Plane, x: float, y: float) -> int:
    column, row = plane.to_pixels(np.array([[x, y]], dtype=np.float32))[0]
    return int(picture[int(row), int(column)]) & 0xFFFFFF


def test_each_part_of_the_picture_lies_where_it_was_computed_for() -> None:
    picture = painted(field_of(QUADRANTS))
    corners = [rgb(picture, PLANE, x, y) for x, y in ((-0.9, 0.9), (0.9, 0.9), (-0.9, -0.9), (0.9, -0.9))]
    assert corners == [0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00]


def test_a_field_of_an_earlier_view_is_moved_along_until_the_new_one_comes() -> None:
    field = field_of(QUADRANTS)
    panned = PLANE.panned(50, 0)  # half a unit to the right
    picture = painted(field, panned)
    assert rgb(picture, panned, -0.9, 0.9) == 0xFF0000
    assert rgb(picture, panned, 0.45, -0.9) == 0xFFFF00
    uncovered = int(picture[110, 50]) & 0xFFFFFF
    assert uncovered == QColor(LIGHT.neutral).rgb() & 0xFFFFFF
    zoomed = PLANE.zoomed(4.0, 144 + 50, 110 - 50)  # at (0.5, 0.5)
    assert rgb(painted(field, zoomed), zoomed, 0.4, 0.4) == 0x00FF00


def test_the_boundary_lies_where_its_ends_are_with_a_rim_around_it() -> None:
    plain = np.full((2, 2), 0xFF808080, dtype=np.uint32)
    picture = painted(field_of(plain, [0.3, -1.0, 0.3, 1.0]))
    column = 144 + 30  # between two columns of pixels
    row = picture[60]
    assert of_colour(row[column - 1 : column + 1], LIGHT.boundary).all()
    assert of_colour(row[[column - 2, column + 1]], LIGHT.halo).all()
    assert (row[column + 5 : column + 50] & 0xFFFFFF == 0x808080).all()


def test_the_field_stays_inside_the_plane_and_leaves_the_margins_to_the_axes() -> None:
    far = Plane(x=44, y=10, width=200, height=200, scale=10.0)
    picture = painted(field_of(QUADRANTS, [-50, 0, 50, 0], far), PLANE)
    assert of_colour(picture[:9, 60:], LIGHT.surface).all()
    assert of_colour(picture[:200, 250:], LIGHT.surface).all()
    assert not of_colour(picture[100:120, 36:43], LIGHT.boundary).any()


@pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])
def test_without_a_field_the_plane_is_empty_and_has_axes(chrome: Chrome) -> None:
    picture = painted(None, chrome=chrome)
    assert of_colour(picture[11:209, 45:243], chrome.neutral).all()
    assert of_colour(picture, chrome.faint).any()
    assert ((picture >> 24) == 255).all()  # opaque everywhere


def test_the_axes_have_a_mark_at_each_round_number() -> None:
    picture = painted(None)
    below = of_colour(picture[212], LIGHT.faint)
    np.testing.assert_allclose(np.nonzero(below)[0], [44, 144, 244], atol=1)
    beside = of_colour(picture[:, 41], LIGHT.faint)
    assert len(np.nonzero(beside)[0]) >= 3


def test_a_new_field_replaces_the_old_one_and_the_same_is_not_painted_twice() -> None:
    layer = FieldLayer()
    layer.show(field_of(np.full((2, 2), 0xFF808080, dtype=np.uint32)))
    first = layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont())
    key = first.cacheKey()
    assert layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont()).cacheKey() == key
    layer.show(field_of(np.full((2, 2), 0xFF123456, dtype=np.uint32)))
    assert rgb(pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont())), PLANE, -0.9, 0.9) == 0x123456
    layer.show(None)
    assert of_colour(pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont()))[20, 60], LIGHT.neutral)


def test_another_theme_or_size_is_painted_anew() -> None:
    layer = FieldLayer()
    layer.show(None)
    light = pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont()))
    assert (pixels(layer.pixmap(PLANE, DARK, SIZE, 1.0, QFont())) != light).any()
    assert layer.pixmap(PLANE, LIGHT, QSize(300, 280), 1.0, QFont()).size() == QSize(300, 280)


def test_a_fine_screen_gets_a_finer_picture() -> None:
    picture = painted(field_of(QUADRANTS), ratio=2.0)
    assert picture.shape == (480, 520)
    assert int(picture[40, 100]) & 0xFFFFFF == 0xFF0000


def test_what_the_engine_computes_is_what_is_seen() -> None:
    view = view_of(PLANE)
    rows, columns = 20, 20
    place = (0.4 + 1) / 2 * columns - 0.5  # of the line, in columns

    def asked(places: NDArray[np.float32]) -> NDArray[np.float32]:
        right = (places[:, 0] > place).astype(np.float32)
        return np.stack([1 - right, right])

    field = make_field(view, Mesh(rows, columns), asked)
    picture = painted(field)
    left_colour, right_colour = (QColor(*colour).rgb() & 0xFFFFFF for colour in view.colours[:2])
    assert rgb(picture, PLANE, -0.5, 0.0) == left_colour
    assert rgb(picture, PLANE, 0.8, 0.0) == right_colour
    line = np.nonzero(of_colour(picture[60], LIGHT.boundary))[0]
    assert abs(line.mean() - (144 + 40)) < 6  # within half a cell


def test_a_network_that_overflowed_is_shown_as_undecided() -> None:
    view = view_of(PLANE)
    field = make_field(view, Mesh(4, 4), lambda places: np.full((2, len(places)), np.nan, dtype=np.float32))
    assert rgb(painted(field), PLANE, 0.5, 0.5) == QColor(*view.neutral).rgb() & 0xFFFFFF


def test_a_field_without_a_boundary_says_so_where_there_is_room() -> None:
    wide = Plane(x=44, y=10, width=600, height=200, scale=100.0)
    size = QSize(660, 240)

    def strip(segments: object, plane: Plane) -> int:
        layer = FieldLayer()
        layer.show(field_of(np.full((2, 2), 0xFF808080, dtype=np.uint32), segments, plane))
        picture = pixels(layer.pixmap(plane, LIGHT, size, 1.0, QFont()))
        return int(of_colour(picture[15:50, 60 : int(plane.x + plane.width) - 10], LIGHT.surface).sum())

    assert strip((), wide) > 500
    assert strip([(-1, -0.9, 1, -0.9)], wide) == 0
    assert 500 < strip((), PLANE) < strip((), wide)  # in fewer words
    assert strip((), Plane(x=44, y=10, width=80, height=80, scale=100.0)) == 0


@pytest.mark.parametrize(
    ("has_diverged", "wanted"), [(False, "one class throughout, the surer the stronger"), (True, "has diverged")]
)
def test_why_there_is_no_boundary_is_said_so_that_an_edge_of_colour_does_not_contradict(
    monkeypatch: pytest.MonkeyPatch, has_diverged: bool, wanted: str
) -> None:
    said: list[str] = []
    monkeypatch.setattr(field_layer, "paint_note", lambda _painter, text, *_, **__: said.append(text))
    layer = FieldLayer()
    layer.show(field_of(QUADRANTS, ()), has_diverged=has_diverged)
    layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont())
    assert len(said) == 1
    assert said[0].startswith("No boundary in view: ")
    assert wanted in said[0]


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("at_bottom", [False, True])
def test_a_note_leaves_the_caption_free(at_bottom: bool) -> None:
    plane = Plane(x=44, y=10, width=240, height=200)
    font = QApplication.font()
    captions = ("petal width in centimetres", "") if at_bottom else ("", "petal width in centimetres")

    def painted(*, note: bool, caption: bool) -> NDArray[np.uint32]:
        picture = QPixmap(300, 240)
        picture.fill(QColor(LIGHT.neutral))
        with QPainter(picture) as painter:
            painter.setFont(font)
            if caption:
                paint_captions(painter, captions, plane, LIGHT)
            if note:
                inset = note_inset(max(captions), font)
                paint_note(painter, "1 point lies outside", plane, LIGHT, font, at_bottom=at_bottom, inset=inset)
        return pixels(picture)

    nothing = painted(note=False, caption=False)
    of_caption, of_note = (painted(note=not c, caption=c) != nothing for c in (True, False))
    assert of_caption.any()
    assert of_note.any()
    assert not (of_caption & of_note).any()


def test_ticks_are_round_in_the_units_of_the_axis() -> None:
    assert [text for _, text in ticks_of(Units(), -1.0, 1.0, 4)] == ["-1", "-0.5", "0", "0.5", "1"]
    places, texts = zip(*ticks_of(Units(2000.0, 10.0), -1.0, 1.0, 4), strict=True)
    assert texts == ("1990", "1995", "2000", "2005", "2010")
    assert places == (-1.0, -0.5, 0.0, 0.5, 1.0)
    assert [text for _, text in ticks_of(Units(5e5, 1e5, 3), -1.0, 1.0, 2)] == ["400", "500", "600"]
    assert ticks_of(Units(1e308, 1e308), -9.0, 9.0, 4) == [], "beyond all numbers there are none"


def test_colours_that_would_flash_follow_slowly_and_the_line_at_once() -> None:
    now = 0.0
    layer = FieldLayer(clock=lambda: now)
    blue, orange = (QColor(*rgb).rgb() for rgb in view_of(PLANE).colours[:2])
    shown, truth = [], []
    for number in range(31):
        now = number / 60
        colour, x = (blue, 0.3) if number % 2 else (orange, -0.3)
        layer.show(field_of(np.full((9, 9), colour, dtype=np.uint32), [x, -1.0, x, 1.0]))
        picture = pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont()))
        shown.append(rgb(picture, PLANE, 0.9, 0.9))
        truth.append(colour & 0xFFFFFF)
        assert of_colour(picture[60, 143 + round(100 * x)], LIGHT.boundary).all()
    assert shown[:2] == truth[:2]
    assert shown[2:] != truth[2:]
    assert not layer.is_settled
    while not layer.is_settled:
        assert now < 2
        now += 1 / 30
        layer.go_on()
    assert rgb(pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, QFont())), PLANE, 0.9, 0.9) == truth[-1]


def test_the_field_of_another_view_is_shown_as_it_is() -> None:
    layer = FieldLayer(clock=lambda: 0.0)
    panned = PLANE.panned(10, 0)
    for number, plane in enumerate((PLANE, PLANE, PLANE, PLANE, panned)):
        layer.show(field_of(np.full((9, 9), (0xFF0072B2, 0xFFFFFFFF)[number % 2], dtype=np.uint32), plane=plane))
        is_settled = number < 1 or plane is panned
        assert layer.is_settled == is_settled


def test_motion_is_reduced_by_the_switch_or_where_the_system_animates_nothing(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    assert not is_motion_reduced()
    qapp.setProperty(REDUCED_MOTION, True)
    assert is_motion_reduced()
    qapp.setProperty(REDUCED_MOTION, False)
    assert not is_motion_reduced()
    monkeypatch.setattr(type(qapp.style()), "styleHint", lambda *_: 0)
    assert is_motion_reduced()
