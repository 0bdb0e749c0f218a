"""The plots of the threshold: thresholds with few digits, few places for many points, and what is painted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from engine.learning.metrics import roc
from gui.decisions.decisions import threshold_in_words
from gui.decisions.ranked import rank, rates_at, threshold_of
from gui.decisions.threshold_chart import Plot, ThresholdChart
from gui.paint.plots.panel import Panel
from gui.paint.theme import CLASS_COLOURS, LIGHT, palette_of
from tests.gui.decisions.looks import outcomes, pair
from tests.gui.pictures import of_colour, pixels
from tests.texts.shown import PaintedTexts


@given(st.lists(st.floats(1e-5, 1 - 1e-5), min_size=2, max_size=20))
def test_the_threshold_of_a_step_decides_as_the_step_does(scores: list[float]) -> None:
    labels = np.arange(len(scores)) % 2
    steps = roc(scores, labels)
    for step in range(len(steps.thresholds)):
        threshold = threshold_of(steps, step)
        assert 1e-6 <= threshold <= 1 - 1e-6
        assert steps.step_of(threshold) == step


def test_a_threshold_has_as_few_digits_as_it_can() -> None:
    steps = roc([0.1234, 0.4567, 0.8001, 0.8002], [0, 1, 0, 1])

    assert [threshold_of(steps, step) for step in range(5)] == [0.9, 0.80015, 0.6, 0.3, 0.1]


def test_the_rates_at_a_threshold_are_counted_by_hand() -> None:
    steps = roc([0.9, 0.8, 0.7, 0.4, 0.3], [1, 0, 1, 1, 0])
    rates = rates_at(steps, 0.5)

    assert (rates.recall, rates.false_rate, rates.precision) == (2 / 3, 1 / 2, 2 / 3)
    assert rates.f1 == pytest.approx(2 / 3)
    assert np.isnan(rates_at(steps, 0.95).precision)


def test_a_line_through_many_points_has_few_places() -> None:
    panel = Panel(QRectF(0, 0, 200, 200))
    x = np.linspace(0, 1, 100_000)
    line = panel.line(x, np.zeros_like(x))

    assert line.count() < 1000
    assert line.first() == panel.place(0, 0)
    assert line.last().x() == pytest.approx(panel.place(1, 0).x(), abs=0.3)


def test_bars_of_both_classes_stand_on_either_side_of_one_line(qtbot: QtBot) -> None:
    chart = ThresholdChart()
    qtbot.addWidget(chart)
    chart.setPalette(palette_of(LIGHT))
    chart.resize(430, 400)
    scores, labels = np.linspace(0.02, 0.98, 60), np.arange(60) >= 30
    chart.show_points(rank(pair(scores, labels), 1), ("Orange", "Blue"), (1, 0))
    chart.show_threshold(0.25, "words")
    image = pixels(chart)
    panel = chart.panels()[Plot.HISTOGRAM]
    zero = float(panel.down(0.0)) * chart.pixels_each
    for colour, is_above in ((CLASS_COLOURS[1], True), (CLASS_COLOURS[0], False)):
        rows = np.nonzero(of_colour(image, colour).any(axis=1))[0]
        assert len(rows) > 20
        assert (rows < zero + 1).all() if is_above else (rows > zero - 2).all()


def test_the_line_of_the_threshold_has_its_name_within_its_plot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = ThresholdChart()
    qtbot.addWidget(chart)
    chart.resize(700, 600)
    chart.show_points(rank(pair(np.linspace(0.02, 0.98, 60), np.arange(60) >= 30), 1), ("Orange", "Blue"), (1, 0))
    texts = PaintedTexts(monkeypatch)
    for threshold in (0.05, 0.5, 0.95):
        chart.show_threshold(threshold, "words")
        chart.grab()
        assert f"threshold {threshold:g}" in texts.texts
    texts.texts.clear()
    chart.resize(400, 600)  # half as wide a plot
    chart.show_threshold(0.53, "words")
    chart.grab()
    assert "threshold 0.53" not in texts.texts
    assert "0.53" in texts.texts


def test_the_hand_takes_hold_of_each_plot_and_the_line_follows_it(qtbot: QtBot) -> None:
    chart, told = ThresholdChart(), list[float]()
    qtbot.addWidget(chart)
    chart.resize(700, 280)
    chart.show_points(rank(pair(np.linspace(0.02, 0.98, 60), np.arange(60) % 3 == 0), 1), ("a", "b"), (1, 0))
    chart.show_threshold(0.5, "words")
    chart.threshold_moved.connect(lambda threshold, _drag: told.append(threshold))
    panels = chart.panels()
    lefts = [panels[plot].outer.left() for plot in Plot]
    assert lefts == sorted(set(lefts)), "side by side where there is width"
    for plot in Plot:
        assert chart.plot_at(panels[plot].area.center()) is plot
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=(panels[Plot.HISTOGRAM].place(0.3, 0)).toPoint())
    assert told == [pytest.approx(0.3, abs=0.01)]
    assert chart.plot_at(QPointF(3, 3)) is None


def test_calibration_is_shown_from_50_points_on_with_its_help_and_is_no_handle(qtbot: QtBot) -> None:
    chart = ThresholdChart()
    qtbot.addWidget(chart)
    chart.setPalette(palette_of(LIGHT))
    chart.resize(430, 400)
    generator = np.random.default_rng(1)
    scores = generator.random(50)
    labels = (generator.random(50) < scores).astype(int)
    fewer = rank(pair(scores[:49], labels[:49]), 1)
    chart.show_points(fewer, ("Orange", "Blue"), (1, 0))
    assert Plot.CALIBRATION not in chart.panels()
    assert any("below 50" in line for line in threshold_in_words(fewer, ("Blue", "Orange"), 0.5))
    enough = rank(pair(scores, labels), 1)
    chart.show_points(enough, ("Orange", "Blue"), (1, 0))
    chart.show_threshold(0.5, "words")
    found, panel = enough.calibration, chart.panels()[Plot.CALIBRATION]
    assert found is not None
    said = f"Expected calibration error {found.error:.3f}; with exact P chance makes up to {found.chance_error:.3f}."
    assert said in threshold_in_words(enough, ("Blue", "Orange"), 0.5)
    chart.resize(430, round(chart.top) + 200)  # as wide as three plots need, not four
    upper, lower = (chart.panels()[plot].outer for plot in (Plot.CALIBRATION, Plot.RECALL))
    assert (upper.left(), upper.bottom()) == (lower.left(), lower.top())
    chart.resize(430, 400)
    middle = panel.area.center()
    assert (chart.plot_at(middle), chart.handle_at(middle)) == (Plot.CALIBRATION, None)
    assert "too modest" in chart.text_at(middle)
    assert "that is of Orange" in chart.text_at(middle)
    inked = of_colour(pixels(chart), LIGHT.ink)
    for p, share in zip(found.predicted, found.hits / found.n_points, strict=True):
        place = panel.place(p, share) * chart.pixels_each
        assert inked[round(place.y()), round(place.x())], "a point where the share was seen"


def test_calibration_of_several_classes_is_of_the_chosen_one_against_the_rest() -> None:
    generator = np.random.default_rng(2)
    table = generator.dirichlet(np.ones(3), 90).T
    labels = generator.integers(0, 3, 90)
    for label in range(3):
        found = rank(outcomes(table, labels), label).calibration
        assert found is not None
        assert found.hits.sum() == (labels == label).sum()
        assert found.predicted @ found.n_points == pytest.approx(table[label].sum())
