from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QImage, QPainter, QRegion
from PySide6.QtWidgets import QLabel, QToolTip
from pytestqt.qtbot import QtBot

from engine.insight.verdict import EXPLODING_NORM, VANISHING_RATIO
from gui.layers import gradient_plot
from gui.layers.gradient_plot import GradientPlot, LaneBars, Ruler, bar_in_words
from gui.paint.chart import HEADING_HEIGHT, MARGIN
from gui.paint.plots.axes import DecadeAxis
from gui.paint.theme import DARK, LIGHT, palette_of
from gui.paint.type_size import sized
from gui.text.measures import Part, Size
from gui.text.numbers import scientific
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import lane_views_of, make_lane

AT_1366_BY_768 = (441, 357)  # what the window leaves for the plot there
EXTREMES = [1e-30, 0.0, 1e10, np.nan, np.inf, 1e-310, 1e300, 1e-17, 1e4, 1.0]


@pytest.fixture
def plot(qtbot: QtBot) -> GradientPlot:
    made = GradientPlot()
    qtbot.addWidget(made)
    made.resize(*AT_1366_BY_768)
    made.setPalette(palette_of(LIGHT))
    return made


def row_pictures(plot: GradientPlot, norms: ArrayLike) -> list[NDArray[np.uint32]]:
    """The pixels of each row from where bars begin, right of its label; equal norms have equal pictures."""
    count = len(np.asarray(norms))
    plot.show_lanes(lane_views_of([make_lane(norms=np.ones(count))]))
    left = int(np.flatnonzero(of_colour(pixels(plot), LIGHT.bar).any(axis=0))[0])
    plot.show_lanes(lane_views_of([make_lane(norms=norms)]))
    picture = pixels(plot)
    rows = [row for _, row in plot.rows()]
    assert len({row.height() for row in rows}) == 1
    height = int(rows[0].height())
    return [picture[int(row.top() + 0.5) : int(row.top() + 0.5) + height, left:] for row in rows]


def bar_length(picture: NDArray[np.uint32]) -> int:
    """Columns of pixels that the bar reaches over."""
    return int(of_colour(picture, LIGHT.bar).any(axis=0).sum())


@pytest.mark.parametrize("size", [AT_1366_BY_768, (240, 150), (260, 290), (900, 800)])
def test_the_rows_of_every_depth_lie_inside_and_beside_each_other(plot: GradientPlot, size: tuple[int, int]) -> None:
    plot.resize(*size)
    for count in (1, 4, 20, 51, 201):
        plot.show_lanes(lane_views_of([make_lane(norms=np.full(count, 0.5))]))
        rows = plot.rows()
        assert [index for index, _ in rows] == list(range(count))
        for _, row in rows:
            assert QRectF(plot.rect()).contains(row)
        for (_, a), (_, b) in combinations(rows, 2):
            shared = a.intersected(b)
            assert shared.width() < 1e-6 or shared.height() < 1e-6
        plot.grab()


def test_the_first_layer_is_on_top_and_the_output_at_the_bottom(plot: GradientPlot) -> None:
    plot.show_lanes(lane_views_of([make_lane(norms=np.full(5, 0.5))]))
    tops = [row.top() for _, row in plot.rows()]
    assert tops == sorted(tops)


@pytest.mark.parametrize("count", [2, 9, 21, 51])
def test_at_the_first_size_of_the_window_every_row_is_high_enough_to_be_read(plot: GradientPlot, count: int) -> None:
    plot.show_lanes(lane_views_of([make_lane(norms=np.full(count, 0.5))]))
    assert min(row.height() for _, row in plot.rows()) >= 9


@pytest.mark.parametrize("count", [3, 51])
def test_the_number_of_every_bar_is_written_in_its_row(
    plot: GradientPlot, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[float] = []

    def spy(value: float, digits: int = 1) -> str:
        if digits == 2:
            written.append(value)
        return scientific(value, digits)

    monkeypatch.setattr(gradient_plot, "scientific", spy)
    norms = np.geomspace(1e-14, 0.9, count)
    plot.show_lanes(lane_views_of([make_lane(norms=norms)]))
    picture = pixels(plot)
    assert set(norms.tolist()) <= set(written)
    for _, row in plot.rows():
        part = picture[int(row.top()) : int(row.bottom()), int(row.left() + 60) : int(row.right())]
        plain = (LIGHT.surface, LIGHT.bar, LIGHT.grid, LIGHT.warning)
        assert (~np.any([of_colour(part, name) for name in plain], axis=0)).sum() > 8  # of the digits


def test_a_longer_bar_is_a_larger_norm(plot: GradientPlot) -> None:
    pictures = row_pictures(plot, np.geomspace(1e-16, 1e3, 20))
    steps = np.diff([bar_length(picture) for picture in pictures])
    assert steps.min() > 0
    assert steps.max() - steps.min() <= 2  # the same for each factor of ten, but for whole pixels


def test_bars_stand_still_until_one_needs_more_room(plot: GradientPlot) -> None:
    row_pictures(plot, [1e-8, 1.0, 1.0])
    lengths = [bar_length(row_pictures(plot, [0.01, other, 1.0])[0]) for other in (1e-8, 1e-3, 1.0, 1e-12)]
    assert lengths[0] == lengths[1] == lengths[2] < lengths[3]


def test_the_axis_has_the_decades_of_the_bars_of_all_lanes_and_of_the_rule_and_at_least_six(plot: GradientPlot) -> None:
    def shown(*norms: ArrayLike, epochs: int = 0) -> tuple[int, int]:
        plot.show_lanes(lane_views_of([make_lane(norms=lane, epochs=epochs) for lane in norms], "abc"))
        return plot._steady.axis.low, plot._steady.axis.high

    assert shown([0.2, 0.3]) == (-6, 0)
    assert shown([0.2, 0.3], [2e-9, 30.0], epochs=1) == (-10, 2)
    assert shown([0.2, 0.3], epochs=2) == (-10, 2), "it shrinks later"
    assert shown([0.2, 0.3], epochs=0) == (-6, 0), "a new run"
    assert shown([1.0, 2e-5]) == (-9, 0), "the rule is a thousandth of the last"


@pytest.mark.usefixtures("qapp")
def test_the_dashed_line_has_a_name_as_long_as_there_is_room() -> None:
    names = ["rule: 10⁻³ of the last layer’s", "rule: 10⁻³ of the last", "rule: 10⁻³"]
    written, ruler = list[str](), Ruler(DecadeAxis(-6, 0), 1e-3)

    class Painter(QPainter):
        def drawText(self, area: QRectF, flags: int, text: str) -> None:  # type: ignore[override]
            written.append(text)

    for width, name in ((220.0, names[0]), (130.0, names[1]), (70.0, names[2]), (20.0, "")):
        picture = QImage(400, 40, QImage.Format.Format_RGB32)
        with Painter(picture) as painter:
            gradient_plot.name_rule(painter, QRectF(50, 20, width, 20), ruler, names, LIGHT)
        assert written.pop() == name


def test_whatever_a_norm_is_its_bar_is_painted(plot: GradientPlot) -> None:
    for norm in EXTREMES:
        plot.show_lanes(lane_views_of([make_lane(norms=[norm, 0.5])]))
        assert plot.grab().width() == plot.width()
    plot.show_lanes(lane_views_of([make_lane(norms=EXTREMES * 5)]))
    plot.grab()


def test_zero_tiny_huge_and_no_number_at_all_look_different(plot: GradientPlot) -> None:
    pictures = [row_pictures(plot, [norm, 0.5])[0] for norm in (0.0, 1e-30, 1e-16, 1.0, 1e10, np.nan)]
    for a, b in combinations(pictures, 2):
        assert (a != b).mean() > 0.005


def test_only_exactly_zero_is_marked_with_a_cross_and_has_no_bar(plot: GradientPlot) -> None:
    zero, tiny = (row_pictures(plot, [norm, 0.5])[0] for norm in (0.0, 5e-324))

    def red(picture: NDArray[np.uint32]) -> int:
        return int(of_colour(picture, LIGHT.warning).sum())

    assert bar_length(zero) == 0
    assert of_colour(tiny, LIGHT.bar).sum() > 10
    assert red(zero) > red(tiny)


def test_norms_off_the_axis_differ_by_their_numbers(plot: GradientPlot) -> None:
    a, b = (row_pictures(plot, [norm, 0.5])[0] for norm in (1e-20, 1e-30))
    assert (a != b).any()


def test_a_bar_that_fills_the_axis_has_its_number_on_it(plot: GradientPlot) -> None:
    picture = row_pictures(plot, [1e10, 0.5])[0]
    columns = np.nonzero(of_colour(picture, LIGHT.bar).any(axis=0))[0]
    inside = picture[4:-4, columns.min() + 5 : columns.max() - 5]
    assert of_colour(inside, LIGHT.surface).any() or (inside >> 8 & 0xFF).max() > 220


@pytest.mark.parametrize(("width", "has_column"), [(600, True), (300, False)])
def test_numbers_of_low_bars_stand_in_a_column_beside_all_of_them_where_there_is_room(
    plot: GradientPlot, width: int, has_column: bool
) -> None:
    plot.resize(width, 300)
    lanes = [make_lane(norms=np.full(21, 0.5)) for _ in range(3)]
    plot.show_lanes(lane_views_of(lanes, ["a", "b", "c"]))
    row = plot.rows()[0][1]
    bars = of_colour(pixels(plot), LIGHT.lanes[0])[round(plot.rows()[-1][1].top()) :, : round(row.right())]
    ends = np.flatnonzero(bars.any(axis=0))[-1]
    assert (row.right() - ends > 45) == has_column


def test_the_dashed_line_strikes_no_number_through_and_goes_on_between_them(plot: GradientPlot) -> None:
    # the line is at 10⁻³; where bars end before it, their numbers are on it
    def dashes(norms: NDArray[np.float64]) -> NDArray[np.bool_]:
        pictures = row_pictures(plot, [1e-16, *norms, 1.0])
        column = int(np.flatnonzero(of_colour(pictures[0], LIGHT.warning).any(axis=0))[0])
        return np.stack([of_colour(picture[:, column], LIGHT.warning) for picture in pictures[1:-1]])

    beside, under = dashes(np.full(18, 1e-16)), dashes(np.geomspace(2e-5, 4e-4, 18))
    middle = slice(beside.shape[1] // 2 - 2, beside.shape[1] // 2 + 3)

    assert beside[:, middle].any(axis=1).sum() > 9
    assert not under[:, middle].any()
    assert under.any(axis=1).sum() > 9


def test_the_name_of_the_dashed_line_is_above_the_first_number(
    plot: GradientPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = list[QRectF]()
    monkeypatch.setattr(gradient_plot, "name_rule", lambda painter, bars, *rest: named.append(bars))
    plot.show_lanes(lane_views_of([make_lane(norms=np.full(21, 0.5))] * 4, ["A"] * 4))
    plot.resize(900, 180)
    plot.grab()
    row = plot.rows()[0][1]
    capital = QFontMetricsF(sized(plot.font(), 9)).capHeight()
    assert row.height() < capital + 2
    assert named[0].top() <= row.center().y() - capital / 2 - 1


def said_of(plot: GradientPlot, norms: ArrayLike) -> str:
    plot.show_lanes(lane_views_of([make_lane(norms=norms)]))
    return plot.verdict


def test_a_first_layer_just_below_the_rule_vanishes_and_just_above_it_does_not(plot: GradientPlot) -> None:
    below = said_of(plot, [0.999 * VANISHING_RATIO, 0.5, 1.0])
    above = said_of(plot, [1.001 * VANISHING_RATIO, 0.5, 1.0])
    assert ": vanishing" in below
    assert "rule: below 10⁻³" in below
    assert "Not vanishing" in above


def test_the_ratio_counts_and_not_the_size(plot: GradientPlot) -> None:
    assert ": vanishing" not in said_of(plot, [1e-12, 1e-12, 2e-12])
    assert ": vanishing" in said_of(plot, [1e-12, 1e-6, 1e-3])


def test_a_largest_norm_just_above_the_rule_explodes_and_just_below_it_does_not(plot: GradientPlot) -> None:
    above = said_of(plot, [1.001 * EXPLODING_NORM, 10.0, 5.0])
    below = said_of(plot, [0.999 * EXPLODING_NORM, 10.0, 5.0])
    assert "exploding" in above
    assert "rule of thumb: above 10³" in above
    assert "exploding" not in below


def test_a_net_that_merely_vanishes_is_never_said_to_explode(plot: GradientPlot) -> None:
    for decades in range(3, 30):
        norms = np.geomspace(10.0**-decades, 1.0, 20)
        sentence = said_of(plot, norms * 0.9)
        assert "explod" not in sentence
        assert (": vanishing" in sentence) is (decades > 3)


def test_zero_everywhere_and_no_number_at_all_have_sentences_of_their_own(plot: GradientPlot) -> None:
    sentences = {said_of(plot, norms) for norms in ([0.0, 0.0], [np.nan, 1.0], [1.0, 1.0], [1e-9, 1.0], [1e9, 1.0])}
    assert len(sentences) == 5
    assert "exactly 0" in said_of(plot, [0.0, 0.0, 0.0])
    for norms in ([np.nan, 1.0], [1.0, np.inf]):
        assert "not a finite number" in said_of(plot, norms)


def test_no_sentence_says_not_finite_of_numbers_that_are(plot: GradientPlot) -> None:
    for norms in ([1.0, 0.0], [0.0, 1.0], [0.5, 0.0, 0.5], [1e-300, 1e300]):
        assert "finite" not in said_of(plot, norms), norms


def test_before_there_is_a_run_there_is_nothing(plot: GradientPlot) -> None:
    said_of(plot, [1.0, 1.0])
    plot.show_lanes(lane_views_of([]))
    assert plot.verdict == ""
    assert plot.rows() == []
    plot.grab()


def test_a_verdict_that_fails_is_painted_in_the_colour_of_a_warning(plot: GradientPlot) -> None:
    for norms, is_wrong in (([1.0, 1.0], False), ([1e-9, 1.0], True)):
        plot.show_lanes(lane_views_of([make_lane(norms=norms)]))
        heading = pixels(plot)[: int(plot.rows()[0][1].top())]
        assert of_colour(heading, LIGHT.warning).any() == is_wrong


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("width", [240, 300, 430])
@pytest.mark.parametrize("n_lanes", [1, 3])
def test_the_longest_sentence_fits_above_the_bars(plot: GradientPlot, width: int, n_lanes: int) -> None:
    plot.resize(width, 400)
    plot.show_lanes(lane_views_of([make_lane(norms=[1.0, 4e-14, *np.ones(40)])] * n_lanes, ["ReLU"] * n_lanes))
    label = QLabel(plot.verdict if n_lanes == 1 else plot.verdict[: len(plot.verdict) // n_lanes])
    label.setWordWrap(True)
    font = plot.font()
    font.setPixelSize(13 if n_lanes == 1 else 11)
    font.setBold(n_lanes == 1)
    label.setFont(font)
    room = (width - MARGIN) // n_lanes - 2 * MARGIN
    assert label.heightForWidth(room) <= plot.rows()[0][1].top() - HEADING_HEIGHT


def test_the_sentence_is_there_for_those_who_cannot_see_the_bars(plot: GradientPlot) -> None:
    sentence = said_of(plot, [1e-9, 1.0])
    assert sentence in plot.accessibleDescription()
    assert plot.accessibleName()
    assert plot.objectName() == "gradient_plot"


def test_the_tip_of_a_row_is_its_layer_with_more_digits(plot: GradientPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_where: said.append(text))
    plot.show_lanes(lane_views_of([make_lane(norms=[0.123456, 2.0])]))
    for place in (plot.rows()[0][1].center().toPoint(), plot.rows()[1][1].center().toPoint(), QPoint(5, 5)):
        plot.event(QHelpEvent(QHelpEvent.Type.ToolTip, place, place))
    assert "Layer 1: gradient norm 0.12346" in said[0]
    assert "Layer output" in said[1]
    assert "L2 norm" in said[2]


def test_the_tip_of_a_row_names_what_is_measured_of_one_layer() -> None:
    bars = LaneBars("", (None, None), np.array([0.5, 0.25]), "", is_wrong=False)
    words = {(part, size): bar_in_words(bars, 0, part, size) for part in Part for size in Size}
    assert words[Part.BIASES, Size.NORM] == "Layer 1: gradient norm of the biases 0.50000"
    assert words[Part.WEIGHTS, Size.UPDATE_RATIO] == "Layer 1: last step ÷ weights 0.50000"
    assert not [text for text in words.values() if "each layer" in text]


def test_the_plot_follows_the_theme(plot: GradientPlot) -> None:
    plot.show_lanes(lane_views_of([make_lane(norms=[0.1, 0.5])]))
    for chrome in (LIGHT, DARK):
        plot.setPalette(palette_of(chrome))
        picture = pixels(plot)
        assert of_colour(picture, chrome.surface).mean() > 0.4
        assert of_colour(picture, chrome.bar).any()


@pytest.mark.parametrize("width", [80.0, 95.0, 120.0, 300.0])
def test_the_number_of_a_bar_begins_in_its_row_and_ends_there(width: float) -> None:
    font = QFont()
    font.setPixelSize(9)
    metrics, row, axis = QFontMetricsF(font), QRectF(40, 0, width, 8), DecadeAxis(-17, 4)
    for exponent in range(-17, 5):
        norm = 2.04 * 10.0**exponent
        end = row.left() + axis.share(norm) * width
        text, x, on_bar = gradient_plot.placed(scientific(norm, 2), norm, end, row, metrics)
        assert row.left() <= x
        assert x + metrics.horizontalAdvance(text) <= row.right()
        assert on_bar or x > end


def test_twenty_layers_of_several_lanes_have_room_on_any_screen_and_no_scroll_bar_at_1280_by_720(
    plot: GradientPlot,
) -> None:
    plot.show_lanes(lane_views_of([make_lane(norms=[1.0, 4e-14, *np.ones(19)])] * 3, ["ReLU"] * 3))
    plot.resize(480, 100)
    assert plot.minimumHeight() <= 215  # what the window leaves there
    for lane in range(3):
        rows = plot.rows(lane)
        assert rows[-1][1].bottom() - rows[0][1].top() > 80
    plot.show_lanes(lane_views_of([make_lane(norms=[1.0])]))
    assert plot.minimumHeight() == 150


@pytest.mark.parametrize("lane", [0, 1, 2])
@pytest.mark.parametrize("width", [430, 601])
@pytest.mark.parametrize("norms", [np.geomspace(1e-14, 0.9, 21), [0.0, np.nan, *np.ones(19)], np.full(21, 3e9)])
def test_painting_what_is_new_makes_the_whole_picture_also_where_a_longer_verdict_moves_all_bars(
    plot: GradientPlot, monkeypatch: pytest.MonkeyPatch, width: int, lane: int, norms: ArrayLike
) -> None:
    plot.resize(width, 360)
    lanes = [make_lane(norms=np.full(21, 0.5))] * 3
    areas: list[tuple[QRect, ...]] = []
    monkeypatch.setattr(plot, "update", lambda *area: areas.append(area))
    plot.show_lanes(lane_views_of(lanes, list("abc")))
    before = plot.grab().toImage()
    lanes[lane] = make_lane(norms=norms)
    areas.clear()
    plot.show_lanes(lane_views_of(lanes, list("abc")))
    ((area,),) = [found or (plot.rect(),) for found in areas]

    assert before != plot.grab().toImage()
    plot.render(before, area.topLeft(), QRegion(area))
    assert before == plot.grab().toImage()
