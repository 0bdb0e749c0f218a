from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QRegion
from PySide6.QtWidgets import QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import Diagnosis
from gui.layers.chain_cells import MAX_FONT, Cells, RowLook, bars, cells_of
from gui.layers.chain_strip import BAR_STRENGTH, LABELLED_ROW, ChainStrip
from gui.layers.lane_chain import chain_of
from gui.paint.plots.axes import DecadeAxis
from gui.paint.theme import DARK, LIGHT, mixed, palette_of
from tests.gui.diagnoses import make_diagnosis
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import diagnosed

SIGMOIDS = make_diagnosis([0.2] * 20 + [1.5], slope=0.2, bound=0.25)
AXIS = DecadeAxis(-18, 2)
CELLS = cells_of(QRectF(0, 100, 420, 16), RowLook(MAX_FONT, False, 40, (36, 36, 60)))


@pytest.fixture
def strip(qtbot: QtBot) -> ChainStrip:
    made = ChainStrip()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(430, 360)
    made.show()
    return made


def bars_of(diagnosis: Diagnosis, row: int) -> list[QRectF]:
    return bars(chain_of(diagnosis, "").rows[row], CELLS, AXIS)


def bar_of(cells: Cells, part: int) -> QRectF:
    """The place of a bar that there is."""
    bar = cells.bars[part]
    assert bar is not None
    return bar


def test_the_words_say_what_is_left_and_what_the_bound_alone_makes_of_the_depth(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([SIGMOIDS], ["Sigmoid"]))
    said = strip.accessibleDescription()
    assert f"{0.2**19 * 1.5:.1e}" == "7.9e-14"
    assert said.startswith("7.9·10⁻¹⁴ of the signal at the output arrives at layer 1.")
    assert "0.25²⁰ ≈ 9·10⁻¹³" in said


def test_every_layer_of_three_deep_lanes_has_its_numbers_in_a_small_window(strip: ChainStrip) -> None:
    strip.resize(588, 302)
    strip.show_lanes(diagnosed([SIGMOIDS] * 3, ["Sigmoid", "ReLU", "Leaky ReLU"]))
    _, row = strip.rows()[0]
    assert row.height() >= LABELLED_ROW
    cells = cells_of(row, strip._look())
    numbers = [number for number in cells.numbers if number is not None]
    assert len(numbers) == 3
    assert all(number.width() >= 12 for number in numbers)
    assert cells.label.right() <= numbers[0].left() - 4


@pytest.mark.parametrize("width", [525, 560, 400])
def test_what_arrives_has_bars_to_compare_in_four_deep_lanes_too(
    strip: ChainStrip, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    strip.resize(width, 270)
    strip.show_lanes(diagnosed([SIGMOIDS] * 4, list("abcd")))
    rows = [area for _, area in strip.rows()]
    cells = [cells_of(area, strip._look()) for area in rows]
    assert all(bar_of(each, 2).width() >= 24 for each in cells)
    assert all(bar_of(each, 2).right() < area.right() - 3 for each, area in zip(cells, rows, strict=True))
    painted: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda *given: painted.append(str(given[-1])))
    strip.grab()
    assert not any("dashed" in text for text in painted)  # there are no bars beside which it would stand
    assert any("0.25²⁰" in text for text in painted)


@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("factor", [0.3, 0.097, 40.0])
def test_no_edge_runs_through_a_digit(
    strip: ChainStrip, monkeypatch: pytest.MonkeyPatch, lanes: int, factor: float
) -> None:
    texts, edges = [], []

    def write(painter: QPainter, place: QPointF | QRectF, *rest: object) -> None:
        if isinstance(place, QPointF) and isinstance(rest[0], str) and rest[0][0].isdigit():
            width = painter.fontMetrics().horizontalAdvance(rest[0])
            texts.append(QRectF(place.x(), place.y() - 6, width - 1, 4))

    monkeypatch.setattr(QPainter, "drawText", write)
    monkeypatch.setattr(QPainter, "drawRects", lambda _painter, drawn: edges.extend(drawn))
    monkeypatch.setattr(QPainter, "drawLines", lambda _painter, drawn: edges.extend(
        QRectF(line.x1(), line.y1(), 1, line.y2() - line.y1()) for line in drawn))  # fmt: skip
    monkeypatch.setattr(
        QPainter, "drawLine", lambda _painter, a, b: edges.append(QRectF(a.x(), a.y(), 1, b.y() - a.y()))
    )
    strip.resize(588, 302)
    strip.show_lanes(diagnosed([make_diagnosis([factor] * 8, slope=0.2, bound=0.25)] * lanes, list("abcd")[:lanes]))
    strip.grab()
    assert len(texts) >= (3 if lanes < 4 else 2) * 8 * lanes
    assert len(edges) >= 8 * lanes
    for text in texts:
        assert not any(text.intersects(edge) for edge in edges), text


def test_words_that_take_more_lines_push_the_rows_down(strip: ChainStrip) -> None:
    tops = []
    for width in (1500, 600, 260):
        strip.resize(width, 360)
        strip.show_lanes(diagnosed([SIGMOIDS] * 2, ["Sigmoid", "ReLU"]))
        tops.append(strip.rows()[0][1].top())
    assert tops[0] < tops[1] < tops[2]


def test_the_output_is_on_top_and_the_first_layer_at_the_bottom(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([SIGMOIDS], [""]))
    rows = strip.rows()
    assert [index for index, _ in rows] == list(range(20, -1, -1))
    assert [row.top() for _, row in rows] == sorted(row.top() for _, row in rows)


@pytest.mark.parametrize("size", [(430, 360), (240, 150), (900, 500)])
@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_rows_of_every_depth_lie_inside_and_beside_each_other(
    strip: ChainStrip, size: tuple[int, int], lanes: int
) -> None:
    strip.resize(*size)
    for count in (1, 2, 21, 51):
        strip.show_lanes(diagnosed([make_diagnosis([0.5] * count) for _ in range(lanes)], list("abcd")[:lanes]))
        rows = [row for lane in range(lanes) for _, row in strip.rows(lane)]
        assert len(rows) == count * lanes
        for a, b in combinations(rows, 2):
            shared = a.intersected(b)
            assert shared.width() < 1e-6 or shared.height() < 1e-6
        if size != (240, 150):
            assert all(QRectF(strip.rect()).contains(row) for row in rows)
        strip.grab()


def test_a_factor_below_one_has_its_bar_left_of_one_and_above_one_right_of_it() -> None:
    middle = bar_of(CELLS, 0).center().x()
    below, above = (bars_of(make_diagnosis([factor, 1.0]), 1)[0] for factor in (0.5, 2.0))
    assert below.right() == pytest.approx(middle) == pytest.approx(above.left())
    assert below.width() == pytest.approx(above.width())
    assert below.width() > 4


def test_each_decade_of_the_product_has_the_same_length() -> None:
    decades = range(AXIS.low + 1, AXIS.high + 1)
    lengths = [bars_of(make_diagnosis([1.0, 10.0**decade]), 1)[-1].width() for decade in decades]
    assert np.diff(lengths) == pytest.approx(bar_of(CELLS, 2).width() / 20)


@pytest.mark.parametrize("value", [1e-30, 1e-310, 1e10, 1e300])
def test_a_number_beyond_an_axis_has_a_bar_that_ends_in_its_cell(value: float) -> None:
    weights, _, product = bars_of(make_diagnosis([value, value]), 0)
    assert bar_of(CELLS, 0).adjusted(-1, 0, 1, 0).contains(weights)
    product = bars_of(make_diagnosis([1.0, value]), 1)[-1]
    assert bar_of(CELLS, 2).contains(product)
    assert product.width() >= 2


@pytest.mark.parametrize(
    ("factor", "word", "sentence"),
    [
        (0.0, "exactly 0", "Nothing arrives at layer 1: the factor of layer 2 is exactly 0."),
        (math.nan, "not a number", "A factor is not a number: the run has diverged."),
        (math.inf, "infinite", "The signal is infinite at layer 1: it explodes."),
    ],
)
def test_zero_nan_and_infinity_are_words_without_a_bar(
    strip: ChainStrip, factor: float, word: str, sentence: str
) -> None:
    diagnosis = make_diagnosis([0.5, factor, 2.0])
    first = chain_of(diagnosis, "").rows[-1]
    assert first.texts[2] == word
    assert len(bars(first, CELLS, AXIS)) == 2  # of the weights and the slope, not of the product
    strip.show_lanes(diagnosed([diagnosis], [""]))
    assert sentence in strip.accessibleDescription()


def test_the_smallest_number_is_not_called_zero() -> None:
    assert chain_of(make_diagnosis([1.0, 1e-30]), "").rows[-1].texts[2] == "1.0·10⁻³⁰"


def test_a_weight_factor_is_unknown_where_the_slope_is_zero() -> None:
    row = chain_of(make_diagnosis([0.0, 1.0], slope=0.0, bound=0.0), "").rows[-1]
    assert row.texts[:2] == ("unknown", "exactly 0")


def test_the_dashed_bound_is_drawn_only_where_it_is_below_one(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([SIGMOIDS], [""]))
    assert of_colour(pixels(strip), LIGHT.warning).sum() > 100
    strip.show_lanes(diagnosed([make_diagnosis([0.5] * 21)], [""]))
    assert not of_colour(pixels(strip), LIGHT.warning).any()


def test_one_lane_has_the_colour_of_bars_and_several_have_those_of_their_lanes(strip: ChainStrip) -> None:
    def has(colour: str) -> bool:
        bar = mixed(QColor(LIGHT.surface), QColor(colour), BAR_STRENGTH)
        return bool(of_colour(pixels(strip), bar.name()).any())

    strip.show_lanes(diagnosed([SIGMOIDS], ["Sigmoid"]))
    assert has(LIGHT.bar)
    assert not has(LIGHT.lanes[1])
    strip.resize(900, 360)
    strip.show_lanes(diagnosed([SIGMOIDS] * 4, list("abcd")))
    assert all(map(has, LIGHT.lanes))
    assert "d: 7.9·10⁻¹⁴ of the signal" in strip.accessibleDescription()


def test_the_row_under_the_pointer_tells_its_exact_numbers(strip: ChainStrip, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_where: said.append(text))
    strip.show_lanes(diagnosed([SIGMOIDS, None], ["<Sigmoid>", "ReLU"]))
    place = strip.rows()[-1][1].center().toPoint()
    strip.event(QHelpEvent(QHelpEvent.Type.ToolTip, place, QPoint()))
    assert "&lt;Sigmoid&gt;, layer 1: arriving 7.8643·10⁻¹⁴" in said[0]
    assert "slope 0.20000 (at most 0.25)" in said[0]


def test_the_same_objects_are_not_painted_again_and_hidden_nothing_is_done(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([SIGMOIDS], [""]))
    panels = strip._lanes
    strip.show_lanes(diagnosed([SIGMOIDS], [""]))
    assert strip._lanes is panels
    strip.hide()
    strip.show_lanes(diagnosed([make_diagnosis([0.5, 0.5])], [""]))
    assert strip._lanes is panels
    strip.show()
    assert len(strip.rows()) == 2


@pytest.mark.parametrize("width", [430, 601, 1001])
@pytest.mark.parametrize("lane", [0, 1, 2])
@pytest.mark.parametrize("factor", [0.6, 0.3, 1e5, 1e-3])
def test_painting_the_lane_that_is_new_makes_the_whole_picture(
    strip: ChainStrip, monkeypatch: pytest.MonkeyPatch, width: int, lane: int, factor: float
) -> None:
    areas: list[QRect] = []

    def rendered(picture: QImage, area: QRect) -> QImage:
        flags = QWidget.RenderFlag.DrawWindowBackground
        strip.render(picture, area.topLeft(), QRegion(area), flags)
        return picture

    def whole() -> QImage:
        return rendered(QImage(strip.size(), QImage.Format.Format_RGB32), strip.rect())

    strip.resize(width, 360)
    diagnoses = [make_diagnosis([0.5] * 21)] * 3
    monkeypatch.setattr(strip, "update", lambda *_: None)
    strip.show_lanes(diagnosed(diagnoses, list("abc")))
    before, panels = whole(), strip._lanes
    monkeypatch.setattr(strip, "update", lambda *area: areas.append(*(area or (strip.rect(),))))
    diagnoses[lane] = make_diagnosis([factor] * 21)
    strip.show_lanes(diagnosed(diagnoses, list("abc")))
    assert [new is old for new, old in zip(strip._lanes, panels, strict=True)] == [index != lane for index in range(3)]
    (area,) = areas
    assert factor != 0.6 or area.width() <= width / 3 + 10, "the axis is the same"
    assert before != whole()
    assert rendered(before, area) == whole()


def test_what_is_not_measured_is_said_in_both_themes(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([None], [""]))
    assert "Not measured yet." in strip.accessibleDescription()
    strip.setPalette(palette_of(DARK))
    assert of_colour(pixels(strip), DARK.ink).any()


def test_the_axis_of_what_arrives_has_the_decades_that_are_shown(strip: ChainStrip) -> None:
    strip.show_lanes(diagnosed([SIGMOIDS], [""]))
    assert (strip._steady.axis.low, strip._steady.axis.high) == (-14, 1)
    strip.show_lanes(diagnosed([make_diagnosis([0.5] * 3)], [""]))
    assert strip._steady.axis.low == -14, "it shrinks later"
