"""Curves of earlier runs behind those of the run under way."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.paint.plots.ghost import Ghost
from gui.run.loss_plot import LossPlot
from tests.gui.snapshots import lane_views_of, make_lane

ROWS = np.array([[0, 2.0, 3.0, 0.4, 0.3], [50, 0.5, 0.7, 0.9, 0.8], [900, 0.1, np.nan, 1.0, np.nan]], dtype=np.float32)


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 400)
    plot.show()
    history = [[0, 1.0, 1.1, 0.5, 0.5], [10, 0.5, 0.6, 0.8, 0.8]]
    plot.show_lanes(lane_views_of([make_lane(epochs=10, steps=10, history=history)]), at_once=True)
    return plot


def lines(plot: LossPlot) -> list[list[tuple[float, float]]]:
    return [
        [] if line.xData is None else list(zip(line.xData.tolist(), line.yData.tolist(), strict=True))
        for of_ghost in plot._ghosts._lines
        for line in of_ghost
    ]


def test_a_ghost_is_drawn_where_it_was_the_axes_have_room_for_it_and_it_has_a_name(plot: LossPlot) -> None:
    plot.show_ghosts([Ghost("wide", ROWS)])
    training, validation, _, accuracy = lines(plot)

    assert np.allclose(training, [(0.0, 2.0), (50.0, 0.5), (900.0, 0.1)])
    assert [epoch for epoch, _ in validation] == [0.0, 50.0], "what is not a number is nowhere"
    assert accuracy[-1] == pytest.approx((50.0, 0.8))
    assert plot._loss_plot.getViewBox().viewRange()[0][1] >= 900
    assert [[end.text for end in notes.ends][-1] for notes in plot._notes._notes] == ["wide", "wide"]


def test_a_ghost_that_is_taken_away_leaves_nothing(plot: LossPlot) -> None:
    before = plot._loss_plot.getViewBox().viewRange()
    plot.show_ghosts([Ghost("wide", ROWS), Ghost("deep", ROWS[:2])])
    plot.show_ghosts([])

    assert not any(lines(plot))
    assert plot._loss_plot.getViewBox().viewRange() == before
    assert all("wide" not in [end.text for end in notes.ends] for notes in plot._notes._notes)


def test_a_logarithmic_axis_has_ghosts_too(plot: LossPlot) -> None:
    plot.show_ghosts([Ghost("wide", ROWS)])
    plot.buttons.log_box.setChecked(True)

    assert lines(plot)[0][-1][1] == pytest.approx(-1.0)
