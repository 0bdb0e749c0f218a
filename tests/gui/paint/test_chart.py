from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.paint.chart import HEADING_HEIGHT, LaneColumns, LanesChart, wrapped_height, write_heading
from gui.paint.theme import LIGHT, Chrome, palette_of
from tests.gui.fonts import own_font
from tests.gui.pictures import of_colour, pixels

SQUARE = 20.0


class Squares(LanesChart):
    """A square at the left end of each lane's column, under its title."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        super().__init__()
        self.painted: list[int] = []

    @property
    def heading(self) -> str:
        return "Squares"

    @property
    def n_lanes(self) -> int:
        return len(self.titles)

    def least_size(self) -> QSize:
        return QSize(0, 0)

    def words_end(self) -> float:
        return HEADING_HEIGHT + len(self.titles[0])

    def square(self, lane: int) -> QRectF:
        return QRectF(self.columns.left(lane), self.top, SQUARE, SQUARE)

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        self.painted.append(lane)
        painter.fillRect(self.square(lane), self.lane_colour(chrome, lane))
        area = QRectF(self.columns.left(lane), 0, self.columns.width, HEADING_HEIGHT)
        write_heading(painter, area, self.titles[lane], QColor(chrome.warning))

    def text_at(self, place: QPointF) -> str:
        found = [title for lane, title in enumerate(self.titles) if self.square(lane).contains(place)]
        return f"<{found[0]}>" if found else "nothing"


def made(qtbot: QtBot, titles: list[str], points: float = 9.0) -> Squares:
    chart = Squares(titles)
    qtbot.addWidget(chart)
    chart.setFont(own_font("middle", points))
    chart.setPalette(palette_of(LIGHT))
    chart.resize(310, 200)
    return chart


def columns_with(chart: Squares, colour: str) -> tuple[int, int]:
    """The first and the last column of pixels that has a colour."""
    seen = np.flatnonzero(of_colour(pixels(chart), colour).any(axis=0))
    return int(seen[0]), int(seen[-1])


def test_all_of_a_chart_follows_its_font(qtbot: QtBot) -> None:
    usual, larger = made(qtbot, ["a", "b"]), made(qtbot, ["a", "b"], 18.0)
    larger.resize(620, 400)

    for place in ((5, 40), (155, 40), (149 + SQUARE, 40), (149 + SQUARE + 2, 40)):
        twice = 2 * place[0], 2 * place[1]
        assert pixels(usual)[int(place[1]), int(place[0])] == pixels(larger)[int(twice[1]), int(twice[0])]
    twice_as_far = [2 * x for x in columns_with(usual, LIGHT.lanes[1])]
    assert columns_with(larger, LIGHT.lanes[1]) == pytest.approx(twice_as_far, abs=1)
    assert larger.sizeHint() == usual.sizeHint() * 2
    assert larger.extent == usual.extent


@pytest.mark.parametrize("points", [9.0, 11.25, 18.0])
def test_the_tip_is_that_of_the_place_under_the_pointer_and_no_markup(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, points: float
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_where: said.append(text))
    chart = made(qtbot, ["a", "b"], points)
    left, right = columns_with(chart, LIGHT.lanes[1])
    row = int(np.flatnonzero(of_colour(pixels(chart), LIGHT.lanes[1]).any(axis=1))[0])
    for place in (QPoint(left + 1, row + 1), QPoint(right - 1, row + 1), QPoint(right + 3, row + 1)):
        chart.event(QHelpEvent(QHelpEvent.Type.ToolTip, place, QPoint()))

    assert said == ["<p>&lt;b&gt;</p>", "<p>&lt;b&gt;</p>", "<p>nothing</p>"]


def test_a_tip_takes_no_press_from_what_is_under_it(qtbot: QtBot, qapp: QApplication) -> None:
    chart = made(qtbot, ["a"], 9.0)
    chart.show()
    chart.event(QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(5, 5), chart.mapToGlobal(QPoint(5, 5))))
    tips = [widget for widget in qapp.topLevelWidgets() if widget.inherits("QTipLabel") and widget.isVisible()]
    assert [bool(tip.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput) for tip in tips] == [True]
    QToolTip.hideText()


def test_where_one_reads_from_right_to_left_the_first_lane_is_on_the_right_and_each_reads_as_before(
    qtbot: QtBot, qapp: QApplication
) -> None:
    chart = made(qtbot, ["same"] * 3)
    usual = [columns_with(chart, colour) for colour in LIGHT.lanes[:3]]
    title = columns_with(chart, LIGHT.warning)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        mirrored = [columns_with(chart, colour) for colour in LIGHT.lanes[:3]]
        assert columns_with(chart, LIGHT.warning) == title
        areas = [chart.lane_area(lane) for lane in (2, 1, 0)]
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    assert usual == sorted(usual)
    assert mirrored == usual[::-1]
    assert areas == [chart.lane_area(lane) for lane in range(3)]


@pytest.mark.parametrize("points", [9.0, 11.25])
@pytest.mark.parametrize("n_lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("width", [101, 310, 577])
def test_the_areas_of_lanes_fill_the_widget(qtbot: QtBot, width: int, n_lanes: int, points: float) -> None:
    chart = made(qtbot, list("abcd")[:n_lanes], points)
    chart.resize(width, 100)
    areas = [chart.lane_area(lane) for lane in range(n_lanes)]

    assert areas[0].left() == 0
    assert areas[-1].right() == width - 1
    assert all(a.right() + 1 == b.left() for a, b in pairwise(areas))
    assert {area.height() for area in areas} == {100}


def test_only_lanes_in_the_region_are_painted(qtbot: QtBot) -> None:
    chart = made(qtbot, ["a", "b", "c"])
    picture = chart.grab().toImage()
    chart.painted.clear()
    chart.render(picture, chart.lane_area(1).topLeft(), QRegion(chart.lane_area(1)))

    assert chart.painted == [1]


def test_what_is_new_is_painted_and_all_where_the_words_need_another_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart, areas = made(qtbot, ["a", "b", "c"]), list[tuple[QRect, ...]]()
    monkeypatch.setattr(chart, "update", lambda *area: areas.append(area))
    chart.show_changed(3, [1, 2])
    chart.titles = ["longer", "b", "c"]
    chart.show_changed(3, [0])
    chart.show_changed(2, [2])

    assert areas == [(chart.lane_area(1),), (chart.lane_area(2),), (), ()]


def test_a_single_lane_has_the_heading_of_the_chart_and_a_long_one_is_shortened(qtbot: QtBot) -> None:
    single, several = made(qtbot, ["a"]), made(qtbot, ["a", "b"])
    assert of_colour(pixels(single), LIGHT.ink).sum() > 20
    assert not of_colour(pixels(several), LIGHT.ink).any()
    several.titles[0] = "a very long title that has no room in its column"
    last = columns_with(several, LIGHT.warning)
    several.titles[1] = ""
    assert columns_with(several, LIGHT.warning)[1] < several.columns.width < last[1]


def test_columns_are_counted_from_the_side_where_reading_begins() -> None:
    assert [LaneColumns(3, 10.0, is_mirrored=False).left(lane) for lane in range(3)] == [0, 10, 20]
    assert [LaneColumns(3, 10.0, is_mirrored=True).left(lane) for lane in range(3)] == [20, 10, 0]


@pytest.mark.usefixtures("qapp")
def test_a_text_that_has_half_the_width_takes_more_lines() -> None:
    text, font = "Four words of it " * 4, own_font("middle")

    assert wrapped_height(font, text, 100) > 1.5 * wrapped_height(font, text, 220) > 0
