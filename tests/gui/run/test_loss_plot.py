from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.learning.metrics import Metrics
from engine.run.history import CAPACITY, Change, History, Measured
from engine.run.snapshot import LaneSnapshot
from gui.paint.theme import DARK, LIGHT, palette_of
from gui.run import loss_plot
from gui.run.curves import MIN_LOSS, axis_ranges, curves_of, epoch_text
from gui.run.loss_plot import MIN_PLOTS, LossPlot
from gui.run.plot_notes import Notes
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import lane_views_of, make_lane

NAN = math.nan


def lane_of(rows: Sequence[tuple[float, ...]]) -> LaneSnapshot:
    """A lane whose history is all rows but the last, which is now."""
    *earlier, now = rows
    return make_lane(epochs=int(now[0]), metrics=Metrics(*now[1:]), history=earlier)


FALLING = [(epoch, 1.0 / (1 + epoch), 1.1 / (1 + epoch), 1 - 0.5**epoch, NAN) for epoch in range(6)]


class Shown:
    """A plot, its parts, and what can be read from it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.plot = LossPlot()
        qtbot.addWidget(self.plot)
        self.plot.resize(430, 320)
        view = self.plot.findChild(pg.GraphicsLayoutWidget)
        assert view is not None
        self.view = view
        self.loss, self.accuracy = (item for item in self.view.ci.items if isinstance(item, pg.PlotItem))

    def curves(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """x and y of training loss, validation loss, training accuracy, validation accuracy."""
        return [curve.getData() for plot in (self.loss, self.accuracy) for curve in plot.curves]

    def marks(self) -> list[float]:
        """Where the upright lines are, the same in both plots."""
        found = [
            sorted({x for item in plot.getViewBox().childGroup.childItems() if isinstance(item, pg.PlotCurveItem)
                    and str(item.opts["connect"]) == "pairs" for x in item.getData()[0]})
            for plot in (self.loss, self.accuracy)
        ]  # fmt: skip
        assert found[0] == found[1]
        return found[0]

    def ranges(self) -> tuple[list[float], list[float]]:
        """Of the loss plot: epochs, then losses."""
        x, y = self.loss.getViewBox().viewRange()
        return x, y

    def point_at(self, epoch: float, qtbot: QtBot) -> str:
        """Put the pointer there and read what is said."""
        self.plot.grab()  # lays it out
        place = self.loss.getViewBox().mapViewToScene(QPointF(epoch, 0.5))
        before = self.readout()
        self.view.scene().sigMouseMoved.emit(place)
        qtbot.waitUntil(lambda: self.readout() != before)
        return self.readout()

    def readout(self) -> str:
        texts = [label.text() for label in self.plot.findChildren(QLabel)]
        return next((text for text in texts if text.startswith("Epoch")), "")

    def notes(self) -> tuple[Notes, Notes]:
        """What is written into the plot of the loss and that of the accuracy."""
        self.plot.grab()  # lays it out
        loss, accuracy = self.plot._notes._notes
        return loss, accuracy


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_each_curve_goes_through_the_values_as_measured(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    table = np.array(FALLING)
    for column, (x, y) in enumerate(shown.curves(), start=1):
        known = np.isfinite(table[:, column])
        np.testing.assert_array_equal(x, table[known, 0])
        np.testing.assert_array_equal(y, table[known, column])


def test_a_million_epochs_have_some_hundred_vertices_and_end_where_the_run_is(shown: Shown) -> None:
    history = History()
    for epoch in range(1_000_001):
        if history.wants(epoch):
            history.record(epoch, Metrics(2.0 / (1 + epoch), 0.5, 0.9, 0.8))
    shown.plot.show_lanes(
        lane_views_of([make_lane(epochs=1_000_001, metrics=Metrics(0.1, 0.2, 0.9, 0.8), history=history.table())])
    )
    assert 100 < shown.plot.vertices() <= CAPACITY + 1
    for x, _ in shown.curves():
        assert len(x) <= CAPACITY + 1
        assert x[-1] == 1_000_001
    assert shown.ranges()[0] == [0, 1_500_000]


def test_a_point_of_the_history_that_is_now_is_drawn_once() -> None:
    lane = make_lane(
        epochs=2, metrics=Metrics(0.3, 0.3, 1, 1), history=[[0, 1, 1, 0, 0], [1, 1, 1, 0, 0], [2, 9, 9, 0, 0]]
    )
    np.testing.assert_array_equal(curves_of(lane).table[:, 0], [0, 1, 2])
    assert curves_of(lane).table[-1, 1] == 0.3


def test_nothing_to_show_has_no_curves_and_no_readout(shown: Shown) -> None:
    assert shown.plot.vertices() == 0
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    shown.plot.show_lanes(lane_views_of([]), at_once=True)
    assert shown.plot.vertices() == 0
    assert all(len(x) == 0 for x, _ in shown.curves())
    shown.plot.grab()
    shown.view.scene().sigMouseMoved.emit(shown.loss.getViewBox().mapViewToScene(QPointF(1, 0.5)))
    assert shown.readout() == ""


def test_the_scale_can_be_switched_before_there_is_anything_to_show(shown: Shown) -> None:
    shown.plot.buttons.log_box.click()
    shown.plot.grab()
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert shown.curves()[0][1][0] == 0.0  # the logarithm of 1


def test_the_logarithmic_scale_changes_the_loss_and_not_the_accuracy(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    linear = shown.curves()
    shown.plot.buttons.log_box.click()
    logarithmic = shown.curves()
    for before, after in zip(linear[:2], logarithmic[:2], strict=True):
        np.testing.assert_allclose(after[1], np.log10(before[1]))
    np.testing.assert_array_equal(linear[2][1], logarithmic[2][1])
    assert shown.ranges()[1] == [-1, 1]
    axis = shown.loss.getAxis("left")
    assert axis.tickStrings([-1.0, 0.0], 1.0, 1.0) != axis.tickStrings([0.1, 1.0], 1.0, 1.0)
    shown.plot.buttons.log_box.click()
    np.testing.assert_array_equal(shown.curves()[0][1], linear[0][1])


def test_a_loss_of_zero_on_the_logarithmic_scale_ends_below_the_axis(shown: Shown) -> None:
    rows = [(0, 1.0, NAN, 0.5, NAN), (1, 0.01, NAN, 0.5, NAN), (2, 0.0, NAN, 1.0, NAN)]
    shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    shown.plot.buttons.log_box.click()
    y = shown.curves()[0][1]
    assert y[-1] == math.log10(MIN_LOSS)
    assert np.isfinite(y).all()
    low, high = shown.ranges()[1]
    assert (low, high) == (-2, 1)
    shown.plot.grab()


def test_a_loss_that_was_always_zero_can_be_shown_on_both_scales(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 0.0, 0.0, 1.0, 1.0), (1, 0.0, 0.0, 1.0, 1.0)])]), at_once=True)
    for _ in range(2):
        shown.plot.grab()
        low, high = shown.ranges()[1]
        assert math.isfinite(low)
        assert low < high
        shown.plot.buttons.log_box.click()


def test_without_validation_points_there_are_two_curves(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, NAN, 0.5, NAN), (1, 0.5, NAN, 0.75, NAN)])]), at_once=True)
    assert [len(x) for x, _ in shown.curves()] == [2, 0, 2, 0]
    shown.plot.grab()


def test_a_loss_that_is_not_finite_leaves_the_axes_as_they_were(shown: Shown) -> None:
    good = [(0, 1.0, 1.0, 0.5, 0.5), (1, 0.9, 0.9, 0.5, 0.5)]
    shown.plot.show_lanes(lane_views_of([lane_of(good)]), at_once=True)
    before = shown.ranges()
    shown.plot.show_lanes(lane_views_of([lane_of([*good, (2, math.inf, NAN, 0.3, 0.3)])]), at_once=True)
    assert shown.ranges() == before
    assert [len(x) for x, _ in shown.curves()] == [2, 2, 3, 3]
    shown.plot.grab()


def test_the_axes_stay_as_they_are_while_the_values_stay_inside(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, 1.2, 0.5, 0.5), (21, 0.9, 1.1, 0.5, 0.5)])]), at_once=True)
    changes: list[object] = []
    shown.loss.getViewBox().sigRangeChanged.connect(lambda *_: changes.append(1))
    for epoch in range(22, 31):
        rows = [(0, 1.0, 1.2, 0.5, 0.5), (epoch, 0.9 - epoch / 50, 1.1 - epoch / 50, 0.6, 0.6)]
        shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    assert changes == []
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, 1.2, 0.5, 0.5), (31, 0.9, 1.1, 0.5, 0.5)])]), at_once=True)
    assert changes


def test_a_new_run_does_not_keep_the_extremes_of_the_old_one(shown: Shown) -> None:
    shown.plot.show_lanes(
        lane_views_of([lane_of([(0, 900.0, 800.0, 0.5, 0.5), (5000, 1.0, 1.0, 0.5, 0.5)])]), at_once=True
    )
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 0.7, 0.7, 0.5, 0.5), (1, 0.6, 0.6, 0.5, 0.5)])]), at_once=True)
    assert shown.ranges() == ([0, 10], [0, 0.8])


def test_the_accuracy_axis_always_goes_from_nothing_to_everything(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    low, high = shown.accuracy.getViewBox().viewRange()[1]
    assert low <= 0
    assert high >= 1
    assert shown.accuracy.getViewBox().viewRange()[0] == shown.ranges()[0]


def test_the_axes_say_what_they_show(shown: Shown) -> None:
    assert shown.loss.getAxis("left").labelText == "Loss"
    assert shown.accuracy.getAxis("left").labelText == "Accuracy"
    assert shown.accuracy.getAxis("bottom").labelText == "Epoch"
    assert shown.plot.objectName() == "loss_plot"
    assert shown.plot.accessibleName()


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_values_at_the_pointer_are_those_of_the_nearest_epoch_exactly(
    shown: Shown, qtbot: QtBot, logarithmic: bool
) -> None:
    rows = [(epoch, 1.2345 / (1 + epoch), NAN, 0.1 * epoch, 0.25) for epoch in range(0, 9, 2)]
    if logarithmic:
        shown.plot.buttons.log_box.click()
    shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    assert shown.point_at(3.9, qtbot) == "Epoch 4:  loss 0.2469 | –   accuracy 40.0 % | 25.0 %"
    assert shown.point_at(6.9, qtbot) == "Epoch 6:  loss 0.1764 | –   accuracy 60.0 % | 25.0 %"


def test_a_pointer_that_leaves_takes_the_values_with_it(shown: Shown, qtbot: QtBot) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert shown.point_at(2, qtbot)
    shown.plot.leaveEvent(QEvent(QEvent.Type.Leave))
    assert shown.readout() == ""


def test_while_training_the_newest_curves_are_drawn_a_few_times_a_second(shown: Shown, qtbot: QtBot) -> None:
    lanes = [lane_of([(0, 1.0, 1.0, 0, 0), (epoch, 0.5, 0.5, 0, 0)]) for epoch in range(1, 40)]
    for lane in lanes:
        shown.plot.show_lanes(lane_views_of([lane]))
    assert shown.curves()[0][0][-1] < 39
    qtbot.waitUntil(lambda: shown.curves()[0][0][-1] == 39)


def test_the_lane_of_a_paused_run_is_drawn_at_once_and_stays(shown: Shown, qtbot: QtBot) -> None:
    for epoch in (1, 2, 3):
        shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, 1.0, 0, 0), (epoch, 0.5, 0.5, 0, 0)])]))
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, 1.0, 0, 0), (7, 0.5, 0.5, 0, 0)])]), at_once=True)
    assert shown.curves()[0][0][-1] == 7
    qtbot.wait(150)
    assert shown.curves()[0][0][-1] == 7


def test_curves_that_are_the_same_are_not_drawn_again_and_a_drag_at_rest_has_their_rhythm(
    shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(loss_plot, "draw_line", lambda *_: drawn.append(1))
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert drawn
    drawn.clear()
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert not drawn, "only something else of the snapshot is new"
    lane = replace(changed_lane(), epochs=20, steps=99)  # edited where it is
    shown.plot.show_lanes(lane_views_of([lane]), at_once=True)
    assert drawn
    drawn.clear()
    edited = replace(lane, metrics=Metrics(9.0, 9.0, 0.1, 0.1))
    shown.plot.show_lanes(lane_views_of([edited]), at_once=True)
    assert not drawn
    qtbot.waitUntil(lambda: bool(drawn))
    assert shown.plot._tables[0].table[-1, 1] == 9.0


def test_curves_axes_and_ground_follow_the_theme(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    for chrome in (LIGHT, DARK):
        shown.plot.setPalette(palette_of(chrome))
        picture = pixels(shown.plot)
        assert of_colour(picture, chrome.surface).mean() > 0.5
        assert of_colour(picture, chrome.training).any()
        assert shown.loss.curves[0].opts["pen"].color().name().upper() == chrome.training
        assert shown.loss.curves[1].opts["pen"].style() == Qt.PenStyle.DashLine
        assert shown.loss.getAxis("left").textPen().color().name().upper() == chrome.faint


def test_the_wheel_and_a_drag_leave_the_axes_alone(shown: Shown) -> None:
    for plot in (shown.loss, shown.accuracy):
        assert plot.getViewBox().mouseEnabled() == [False, False]
        assert plot.getViewBox().autoRangeEnabled() == [False, False]


@given(losses=st.lists(st.floats(0, 1e38) | st.just(NAN), min_size=2, max_size=6))
def test_the_axes_contain_every_finite_loss_but_those_far_above_most(losses: list[float]) -> None:
    table = np.array([(epoch, value, NAN, 0.5, 0.5) for epoch, value in enumerate(losses)])
    finite = sorted(value for value in losses if math.isfinite(value))
    for logarithmic in (False, True):
        last, low, high = axis_ranges(table, logarithmic)
        assert last >= len(losses) - 1
        assert low < high
        for value in finite[: int(0.9 * (len(finite) - 1)) + 1]:
            shown_as = math.log10(max(value, MIN_LOSS)) if logarithmic else value
            assert shown_as <= high * (1 + 1e-9) + 1e-9
            assert shown_as >= low or value == 0


def test_the_end_of_the_epoch_axis_grows_seldom() -> None:
    ends = []
    for epoch in range(1, 1001):
        table = np.array([(0, 1.0, 1.0, 0, 0), (epoch, 1.0, 1.0, 0, 0)])
        ends.append(axis_ranges(table, False)[0])
    assert len(set(ends)) <= 20
    assert all(a <= b for a, b in pairwise(ends))


def test_several_lanes_have_a_colour_and_a_style_each_and_thin_lines_for_validation(shown: Shown) -> None:
    lanes = [lane_of(FALLING), lane_of(FALLING[:2])]
    shown.plot.show_lanes(lane_views_of(lanes, ("Sigmoid", "<b>ReLU")), at_once=True)
    pens = [[curve.opts["pen"] for curve in curves] for curves in shown.plot._curves]

    assert len(pens) == 2
    assert len({pen[0].color().name() for pen in pens}) == len({pen[0].style() for pen in pens}) == 2
    for pen in pens:
        assert pen[1].widthF() < pen[0].widthF()
    assert [end.text for end in shown.notes()[0].ends] == ["Sigmoid", "<b>ReLU"]
    shown.plot.show_lanes(lane_views_of(lanes[:1], ("Lane 1",)), at_once=True)
    assert [end.text for end in shown.notes()[0].ends] == ["training", "validation"]
    assert len(shown.plot._curves[1][0].getData()[0]) == 0


def test_lines_are_named_where_they_end_and_no_name_lies_over_another(shown: Shown) -> None:
    lanes = [lane_of(FALLING)] * 4
    shown.plot.show_lanes(
        lane_views_of(lanes, ("Sigmoid", "ReLU", "Leaky ReLU", "A very long title of a lane")), at_once=True
    )
    for notes in shown.notes():
        assert [end.text for end in notes.ends][:2] == ["Sigmoid", "ReLU"]
        assert notes.ends[3].text.endswith("…")
        assert len({end.colour.name() for end in notes.ends}) == 4
        right = max(end.place.x() for end in notes.ends) + max(shown.plot._notes.width(end.text) for end in notes.ends)
        assert right <= shown.view.width()
    shown.plot.resize(120, 320)
    assert shown.notes()[0].ends == (), "where a name would be some letters there is none"


def test_the_lowest_validation_loss_has_a_ring_and_is_named_below(shown: Shown, qtbot: QtBot) -> None:
    rows = [(0, 1.0, 1.0, 0.5, 0.5), (1, 0.5, 0.25, 0.5, 0.5), (2, 0.2, 0.75, 0.5, 0.5)]
    shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    ((place, _),) = shown.notes()[0].rings
    at = shown.loss.getViewBox().mapSceneToView(place)
    assert (at.x(), at.y()) == pytest.approx((1, 0.25), abs=1e-6)
    assert shown.plot._readout.text() == "○ lowest validation loss 0.2500, epoch 1"
    assert shown.point_at(0.9, qtbot).endswith("0.2500   accuracy 50.0 % | 50.0 %   ○ lowest validation loss")
    shown.plot.show_lanes(lane_views_of([lane_of([(0, 1.0, NAN, 0.5, NAN), (1, 0.5, NAN, 0.5, NAN)])]), at_once=True)
    assert shown.notes()[0].rings == ()
    assert shown.plot._readout.text() == ""


def test_one_divergent_loss_does_not_rule_the_axis_and_is_told_with_an_arrow(shown: Shown) -> None:
    rows = [(epoch, 1.0 - epoch / 50, NAN, 0.5, NAN) for epoch in range(30)]
    shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    before = shown.ranges()
    assert shown.notes()[0].arrows == ()
    far = [*rows, (30, 5e6, NAN, 0.3, NAN)]
    shown.plot.show_lanes(lane_views_of([lane_of(far)]), at_once=True)
    assert shown.ranges() == before
    ((x, text, _),) = shown.notes()[0].arrows
    assert text == "5·10⁶"
    assert shown.loss.getViewBox().mapSceneToView(QPointF(x, 0)).x() == pytest.approx(30, abs=1e-6)
    shown.plot.show_lanes(lane_views_of([lane_of([*rows, (30, math.inf, NAN, 0.3, NAN)])]), at_once=True)
    assert shown.notes()[0].arrows[0][1] == "∞"
    shown.plot.buttons.log_box.click()
    shown.plot.show_lanes(lane_views_of([lane_of(far)]), at_once=True)
    assert shown.ranges()[1][1] < 3
    assert len(shown.notes()[0].arrows) == 1


@given(st.lists(st.floats(0.01, 2.0), min_size=20, max_size=60), st.floats(0.0, 1e38))
def test_no_single_loss_makes_the_axis_much_higher(losses: list[float], odd: float) -> None:
    table = np.array([(epoch, value, NAN, 0.5, NAN) for epoch, value in enumerate([*losses, odd])])
    assert axis_ranges(table, False)[2] <= 1.5 * 4 * max(losses)
    assert axis_ranges(table, False)[2] >= sorted(losses)[int(0.8 * len(losses))], "some nine of ten are seen"
    assert axis_ranges(table[:-1], False)[2] >= losses[0]


def is_empty(curve: pg.PlotCurveItem) -> bool:
    x = curve.getData()[0]
    return x is None or len(x) == 0


def test_a_smooth_line_is_the_moving_average_over_the_thin_line_as_measured(shown: Shown) -> None:
    rows = [(epoch, 1.0 + (-1) ** epoch * 0.5, NAN, 0.5, NAN) for epoch in range(0, 120, 2)]
    shown.plot.show_lanes(lane_views_of([lane_of(rows)]), at_once=True)
    assert all(is_empty(raw) for raw in shown.plot._raw[0])
    shown.plot.buttons.smooth_box.click()
    smooth, raw = shown.plot._curves[0][0], shown.plot._raw[0][0]
    np.testing.assert_array_equal(raw.getData()[1], [row[1] for row in rows])
    assert raw.opts["pen"].widthF() < smooth.opts["pen"].widthF()
    # by hand, as each step of the average is made, divided by what the weights sum to so far
    keep, total, weight, expected = math.exp(-1 / shown.plot.buttons.smoothing), 0.0, 0.0, []
    for row in rows:
        total, weight = keep * total + (1 - keep) * row[1], keep * weight + (1 - keep)
        expected.append(total / weight)
    np.testing.assert_allclose(smooth.getData()[1], expected, rtol=1e-9)
    light, _, strong = shown.plot.buttons.smooth_box.menu().actions()
    spreads = []
    for action in (light, strong):
        action.trigger()
        spreads.append(float(np.std(smooth.getData()[1][20:])))
    assert spreads[1] < spreads[0] < 0.5
    shown.plot.buttons.smooth_box.click()
    assert is_empty(raw)
    np.testing.assert_array_equal(smooth.getData()[1], [row[1] for row in rows])
    strong.trigger()
    assert shown.plot.buttons.smooth_box.isChecked(), "a strength is chosen to be seen"


def test_a_smooth_line_begins_anew_where_something_else_is_measured_and_is_constant_where_the_curve_is() -> None:
    curves = curves_of(changed_lane())
    smooth = curves.smoothed(curves.table[:, 1], 8.0)
    first = np.flatnonzero(curves.piece == 1)[0]
    assert smooth[first] == curves.table[first, 1]
    assert np.isnan(curves.smoothed(curves.table[:, 2], 8.0)).all()
    np.testing.assert_allclose(curves.smoothed(curves.table[:, 3], 8.0), curves.table[:, 3])


def test_both_plots_together_are_never_lower_than_they_need(shown: Shown) -> None:
    shown.plot.resize(shown.plot.minimumSizeHint())
    shown.plot.grab()
    assert sum(plot.getViewBox().height() for plot in (shown.loss, shown.accuracy)) >= MIN_PLOTS


def test_texts_lines_and_rooms_follow_the_font(shown: Shown) -> None:
    def sizes() -> list[float]:
        shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
        shown.plot.grab()
        axis, pen = shown.loss.getAxis("left"), shown.loss.curves[0].opts["pen"]
        return [axis.width(), pen.widthF(), shown.plot._notes.width("x"), shown.plot.headline.height(),
                float(shown.view.minimumHeight()), axis.style["tickFont"].pixelSize()]  # fmt: skip

    before, font = sizes(), shown.plot.font()
    font.setPixelSize(2 * QFontInfo(font).pixelSize())
    for widget in (shown.plot, shown.plot.headline):
        widget.setFont(font)
    ratios = [later / earlier for earlier, later in zip(before, sizes(), strict=True)]
    assert min(ratios) > 1.6, ratios


def changed_lane(*, what: tuple[Measured, ...] = (Measured.LOSS,), after: bool = True) -> LaneSnapshot:
    """Forty epochs, with another loss from epoch 20 on."""
    rows = [(epoch, 1.0 - epoch / 50, NAN, 0.5, NAN) for epoch in range(0, 21, 4)]
    rows += [(epoch, 0.3 - epoch / 500, NAN, 0.75, NAN) for epoch in range(24, 41, 4)]
    change = Change(20.0, what, (20.0, 0.6, NAN, 0.5, NAN), (20.0, 0.26, NAN, 0.75, NAN) if after else None)
    return make_lane(epochs=42, metrics=Metrics(0.21, NAN, 0.75, NAN), history=rows, changes=[change])


def test_a_curve_ends_where_something_else_is_measured_and_begins_anew(shown: Shown) -> None:
    shown.plot.show_lanes(lane_views_of([changed_lane()]), at_once=True)
    curve = shown.loss.curves[0]
    x, y = curve.getData()
    at = np.flatnonzero(x == 20)
    np.testing.assert_allclose(y[at], [0.6, 0.26])
    connect = np.asarray(curve.opts["connect"])
    assert not connect[at[0]]
    assert connect[: at[0]].all()
    assert connect[at[1] : -1].all()
    accuracy = shown.accuracy.curves[0].getData()[1]
    np.testing.assert_allclose(accuracy[at], [0.5, 0.75])


def test_a_change_has_an_upright_line_that_is_named_beside_it_and_in_the_readout(shown: Shown, qtbot: QtBot) -> None:
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert not shown.marks()
    shown.plot.show_lanes(lane_views_of([changed_lane()]), at_once=True)
    assert shown.marks() == [20.0]
    change = shown.notes()[0].change
    assert change is not None
    assert change[1] == "another loss"
    assert shown.loss.getViewBox().mapSceneToView(QPointF(change[0], 0)).x() == pytest.approx(20, abs=1e-6)
    assert "another loss" in shown.view.toolTip()
    assert shown.point_at(20.4, qtbot) == (
        "Epoch 20, then another loss:  loss 0.6000 → 0.2600 | – → –   accuracy 50.0 % → 75.0 % | – → –"
    )
    assert "→" not in shown.point_at(24.4, qtbot)
    shown.plot.show_lanes(lane_views_of([lane_of(FALLING)]), at_once=True)
    assert not shown.marks()
    assert shown.notes()[0].change is None
    assert not shown.view.toolTip()


def test_until_anything_is_measured_after_a_change_the_curve_ends_there(shown: Shown) -> None:
    lane = replace(changed_lane(after=False), epochs=20, history=changed_lane().history[:6])
    shown.plot.show_lanes(lane_views_of([lane]), at_once=True)
    curve = shown.loss.curves[0]
    assert list(curve.getData()[0][-2:]) == [20, 20]
    assert not np.asarray(curve.opts["connect"])[-2]


def test_what_is_measured_within_an_epoch_stands_there_and_leaves_its_beginning(shown: Shown, qtbot: QtBot) -> None:
    rows = [(epoch, 1 / (1 + epoch), NAN, 0.5, NAN) for epoch in range(5)]
    lane = make_lane(epochs=4, epoch_share=0.75, metrics=Metrics(0.15, NAN, 0.5, NAN), history=rows)
    shown.plot.show_lanes(lane_views_of([lane]), at_once=True)
    x, y = shown.curves()[0]
    assert list(x[-2:]) == [4, 4.75]
    assert list(y[-2:]) == [0.2, 0.15]
    assert shown.point_at(4.7, qtbot).startswith("Epoch 4.8:  loss 0.1500")
    assert shown.point_at(4.1, qtbot).startswith("Epoch 4:  loss 0.2000")


@pytest.mark.parametrize(("epoch", "wanted"), [(94, "94"), (94.01, "94.1"), (94.4, "94.4"), (94.99, "94.9")])
def test_a_part_of_an_epoch_is_never_told_as_a_whole_one(epoch: float, wanted: str) -> None:
    assert epoch_text(epoch) == wanted
