from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import ArrayLike
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from engine.insight.quantity import Timeline
from gui.layers import gradient_image
from gui.layers.gradient_image import TABLE, GradientImage
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from gui.paint.type_size import sized
from tests.gui.pictures import of_colour, pixels, rgb
from tests.gui.snapshots import over_time

STOPS = (
    *("#440154", "#482878", "#3E4A89", "#31688E", "#26828E"),
    *("#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"),
)
"""Ten colours of viridis, as published, at equal steps."""
SIZES = [(430, 360), (560, 250), (240, 150)]


@pytest.fixture
def image(qtbot: QtBot) -> GradientImage:
    made = GradientImage()
    qtbot.addWidget(made)
    made.resize(430, 360)
    made.setPalette(palette_of(LIGHT))
    return made


def table(epochs: ArrayLike, norms: ArrayLike) -> Timeline:
    return np.asarray(epochs, dtype=np.float64), np.asarray(norms, dtype=np.float64)


def colour_at(image: GradientImage, across: float, down: float, lane: int = 0) -> int:
    """The pixel so far, 0 to 1, through the picture of a lane."""
    area = image.area(lane)
    x, y = area.left() + across * area.width(), area.top() + down * area.height()
    return int(pixels(image)[int(y), int(x)])


def lightness(colour: int) -> float:
    """L* of sRGB by IEC 61966-2-1 and CIE 1976."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in rgb(colour))]
    y = float(np.dot((0.2126, 0.7152, 0.0722), linear))
    return float(116 * np.cbrt(y) - 16) if y > 0.008856 else 903.3 * y


def test_a_larger_norm_is_never_darker() -> None:
    lights = [lightness(int(colour)) for colour in TABLE]

    assert np.diff(lights).min() >= 0
    assert lights[-1] - lights[0] > 70


def test_the_scale_is_viridis() -> None:
    at_stops = TABLE[np.linspace(0, len(TABLE) - 1, len(STOPS)).round().astype(np.intp)]
    differences = np.subtract([rgb(int(colour)) for colour in at_stops], [rgb(stop) for stop in STOPS])
    assert np.abs(differences).max() <= 2


@pytest.mark.parametrize(
    ("norm", "stop"),
    [(1e-40, 0), (1e-50, 0), (5e-324, 0), (1e10, -1), (1e300, -1), (10.0 ** (-40 + 50 * 4 / 9), 4)],
)
def test_known_norms_have_known_colours(image: GradientImage, norm: float, stop: int) -> None:
    image.show_lanes(over_time([table([0], [[1e-50, norm, 1e10]])]))

    expected = rgb(STOPS[stop])
    shown = rgb(colour_at(image, 0.5, 0.5))
    assert np.abs(np.subtract(shown, expected)).max() <= 3


def test_the_first_layer_is_on_top_and_epochs_run_to_the_right(image: GradientImage) -> None:
    image.show_lanes(over_time([table([0, 9], [[1e-50, 1e4], [1e4, 1e-50]])]))

    low, high = rgb(STOPS[0]), rgb(STOPS[-1])
    assert [rgb(colour_at(image, x, y)) for x, y in ((0.1, 0.2), (0.1, 0.8), (0.97, 0.2), (0.97, 0.8))] == [
        low,
        high,
        high,
        low,
    ]


def test_a_row_holds_until_the_next_one(image: GradientImage) -> None:
    image.show_lanes(over_time([table([0, 80, 99], [[1e-50], [1e4], [1e-50]])]))

    light = {x for x in np.arange(0.005, 1, 0.01) if rgb(colour_at(image, float(x), 0.5)) == rgb(STOPS[-1])}
    assert min(light) == pytest.approx(0.805, abs=0.011)
    assert max(light) == pytest.approx(0.985, abs=0.011)


def test_before_the_first_measurement_there_is_nothing(image: GradientImage) -> None:
    image.show_lanes(over_time([table([50, 99], [[1.0], [1.0]])]))

    assert rgb(colour_at(image, 0.25, 0.5)) == rgb(LIGHT.surface)
    assert rgb(colour_at(image, 0.75, 0.5)) != rgb(LIGHT.surface)


def test_the_newest_row_is_seen_however_many_there_are(image: GradientImage) -> None:
    epochs = np.arange(300.0) * 1000
    norms = np.full((300, 1), 1e-50)
    norms[-1] = 1e4
    image.show_lanes(over_time([(epochs, norms)]))

    area = image.area(0)
    assert rgb(int(pixels(image)[int(area.center().y()), int(area.right()) - 1])) == rgb(STOPS[-1])


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
def test_exactly_zero_is_hatched_and_what_is_not_finite_is_dotted(image: GradientImage, chrome: Chrome) -> None:
    image.setPalette(palette_of(chrome))
    image.show_lanes(over_time([table([0], [[0.0, np.nan, np.inf, 1e-50]])]))
    picture, area = pixels(image), image.area(0)
    quarter = area.height() / 4
    zero, nan, inf, tiny = (
        picture[int(area.top() + layer * quarter + 2) : int(area.top() + (layer + 1) * quarter - 2), 50:250]
        for layer in range(4)
    )

    assert set(np.unique(zero)) == {QColor(chrome.ink).rgba(), QColor(chrome.surface).rgba()}
    for part in (nan, inf):
        assert set(np.unique(part)) == {QColor(chrome.warning).rgba(), QColor(chrome.surface).rgba()}
    assert of_colour(tiny, STOPS[0]).all()


def test_zero_and_not_finite_are_in_the_colour_bar(image: GradientImage) -> None:
    image.show_lanes(over_time([table([0], [[1.0]])]))
    picture = pixels(image)
    scale, zero, wrong = image.colour_bar()

    def part(area: QRectF) -> tuple[int, int]:
        centre = area.center()
        inside = picture[int(centre.y()) - 4 : int(centre.y()) + 4, int(centre.x()) - 8 : int(centre.x()) + 8]
        return int(of_colour(inside, LIGHT.ink).sum()), int(of_colour(inside, LIGHT.warning).sum())

    assert part(zero)[0] > 20
    assert part(wrong)[1] > 20
    ends = picture[int(scale.center().y()), [int(scale.left()) + 1, int(scale.right()) - 2]]
    expected = [rgb(STOPS[0]), rgb(STOPS[-1])]
    assert np.abs(np.subtract([rgb(int(end)) for end in ends], expected)).max() <= 6


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("n_layers", [1, 2, 51, 201])
def test_any_depth_any_number_of_lanes_and_one_epoch_are_painted(
    image: GradientImage, size: tuple[int, int], n_layers: int
) -> None:
    image.resize(*size)
    for n_lanes in (1, 2, 3, 4):
        image.show_lanes(over_time([table([7], np.ones((1, n_layers)))] * n_lanes, ["a", "b", "c", "d"][:n_lanes]))
        areas = [image.area(lane) for lane in range(n_lanes)]

        assert all(image.rect().contains(area.toRect()) for area in areas)
        assert all(a.right() < b.left() for a, b in pairwise(areas))
        highest = gradient_image.colours_of(np.array([1.0]), image._steady.axis)[0]
        for lane in range(n_lanes):
            assert rgb(colour_at(image, 0.97, 0.5, lane)) == rgb(int(highest))


@pytest.mark.parametrize("width", [240, 300, 430])
def test_the_labels_of_the_scale_stand_apart(image: GradientImage, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    labels: list[tuple[float, float]] = []  # where the middle of each is, and half its width

    def spy(painter: QPainter, area: QRectF, marks: list[tuple[float, str]]) -> None:
        advance = QFontMetricsF(painter.font()).horizontalAdvance
        labels.extend((area.left() + share * area.width(), advance(text) / 2) for share, text in marks)

    monkeypatch.setattr(gradient_image, "write_marks", spy)
    image.resize(width, 220)
    image.show_lanes(over_time([table([0], [[1.0]])]))
    image.grab()

    assert len(labels) >= 2
    for (left, half), (right, other) in pairwise(labels):
        assert left + half + 2 < right - other


def test_the_samples_stand_apart_from_the_end_of_the_scale(image: GradientImage) -> None:
    scale, zero, _ = image.colour_bar()
    half = QFontMetricsF(sized(image.font(), 10)).horizontalAdvance
    assert scale.right() + half("100") / 2 + 8 < zero.center().x() - half("exactly 0") / 2


def test_each_title_has_the_colour_of_its_lane(image: GradientImage) -> None:
    image.show_lanes(over_time([table([0], [[1.0]])] * 4, ["MMMM", "MMMM", "MMMM", "MMMM"]))
    picture = pixels(image)
    for lane, colour in enumerate(LIGHT.lanes):
        area = image.area(lane)
        above = picture[int(area.top()) - 20 : int(area.top()), int(area.left()) : int(area.right())]
        assert of_colour(above, colour).sum() > 5


def test_without_measurements_it_is_said_what_to_expect(image: GradientImage) -> None:
    image.show_lanes(over_time([(np.empty(0), np.empty((0, 0))), table([0], np.empty((1, 0)))], ["a", "b"]))
    image.grab()

    assert gradient_image.NOTHING_YET in image.accessibleDescription()


def test_the_tooltip_names_lane_layer_epoch_and_norm(image: GradientImage, monkeypatch: pytest.MonkeyPatch) -> None:
    image.show_lanes(
        over_time(
            [table([0], [[1.0]]), table([5, 50, 99], [[1.0, 2.0], [3.25e-14, 4.0], [5.0, 6.0]])], ["Sigmoid", "<b>"]
        )
    )
    texts: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, *where: texts.append(text))
    area = image.area(1)
    for across, down in ((0.7, 0.2), (0.7, 0.8), (0.01, 0.2)):
        place = QPoint(int(area.left() + across * area.width()), int(area.top() + down * area.height()))
        image.event(QHelpEvent(QHelpEvent.Type.ToolTip, place, place))

    assert texts == [
        "<p>&lt;b&gt;, layer 1, epoch 50: gradient norm 3.2500·10⁻¹⁴</p>",
        "<p>&lt;b&gt;, output layer, epoch 50: gradient norm 4.0000</p>",
        "<p>&lt;b&gt;, layer 1: not measured before epoch 5</p>",
    ]
    assert image.text_at(QPointF(2, 2)) == gradient_image.EXPLANATION


def test_the_same_arrays_are_not_painted_again_and_nothing_is_made_while_hidden(
    image: GradientImage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    original = gradient_image.painted
    monkeypatch.setattr(gradient_image, "painted", lambda *args: made.append(1) or original(*args))  # type: ignore[func-returns-value]
    history = table([0], [[1.0]])
    image.show_lanes(over_time([history]))
    assert not made
    image.show()
    qtbot.waitExposed(image)
    qtbot.waitUntil(lambda: bool(made))
    image.grab()
    before = image._images
    image.show_lanes(over_time([history]))
    image.grab()
    assert image._images is before
    image.show_lanes(over_time([table([0], [[1.0]])]))
    image.grab()
    assert image._images is not before
