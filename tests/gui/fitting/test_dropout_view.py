"""Dropout made visible: the picture is of what was measured, says what there is to see, and fits its room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.experiment import Experiment
from engine.insight.dropped import DROPPED, Dropped
from engine.insight.quantity import Reading, Readings
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.fitting.dropout_view import MAX_LINES, NO_DROPOUT, NO_LAYER, NO_STEP, DropoutView, lines_between
from gui.main_window import MainWindow
from gui.paint.lane_view import LaneView
from gui.paint.theme import LIGHT, palette_of
from gui.views import LabView
from tests.gui.conftest import MakeWindow, wait_for_state
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import lane_views_of, make_lane


def dropped(*hidden: int, out: float = 0.3, seed: int = 1, n_points: int = 16, probability: float = 0.3) -> Dropped:
    generator = np.random.default_rng(seed)
    layers = tuple(generator.random((width, n_points)) < out for width in hidden) if out else ()
    return Dropped(118, probability, layers, n_points, ("x", "y", "x²"), (3, *hidden, 1), 100)


def lanes_of(*seen: Dropped, titles: tuple[str, ...] = ("First", "Second", "Third", "Fourth")) -> list[LaneView]:
    return lane_views_of([replace(make_lane(), readings=Readings({DROPPED: Reading(value)})) for value in seen], titles)


@pytest.fixture
def view(qtbot: QtBot) -> DropoutView:
    made = DropoutView()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(441, 357)
    return made


def test_units_that_are_out_are_hollow_and_counted(view: DropoutView) -> None:
    seen = dropped(8, 6)
    view.show_lanes(lanes_of(seen))

    found = {(unit.layer, unit.number): unit for unit in view.places(0).units}
    assert len(found) == 3 + 8 + 6 + 1
    picture = of_colour(pixels(view), LIGHT.bar)
    for (layer, number), unit in found.items():
        is_out = layer in (1, 2) and bool(seen.layers[layer - 1][number, 0])
        assert unit.is_out == is_out
        x, y = round(unit.place.x()), round(unit.place.y() + 3)
        assert picture[y, x] == (layer > 0 and not is_out)
    for layer, (row, out) in enumerate(zip(view.row_texts(0), seen.layers, strict=True), start=1):
        n_out, n_units = int(out[:, 0].sum()), len(out)
        assert row.startswith(f"Layer {layer}: {n_out} of {n_units} out, expected {0.3 * n_units:.1f}; over all")
        assert row in view.accessibleDescription()
    assert not any(line.p1() == unit.place for unit in found.values() if unit.is_out for line in
                   lines_between(view.places(0).units, seen.widths))  # fmt: skip


@pytest.mark.parametrize("size", [(240, 220), (441, 357), (900, 700)])
def test_networks_of_any_shape_stay_in_their_room(view: DropoutView, size: tuple[int, int]) -> None:
    for hidden in ((1,), (8, 8, 8), (128,) * 50, (1024, 3), ()):
        for n_lanes in (1, 2, 4):
            view.show_lanes(lanes_of(*[dropped(*hidden)] * n_lanes))
            view.resize(*size)
            for lane in range(n_lanes):
                places, area = view.places(lane), view.lane_area(lane)
                assert {unit.layer for unit in places.units} >= {0, len(hidden) + 1}
                for place in [unit.place for unit in places.units] + [place for place, _ in places.folded]:
                    assert area.contains((place * view.pixels_each).toPoint())
                    assert place.y() > view.top
                shown = sum(unit.layer == 1 for unit in places.units)
                assert shown <= (hidden[0] if hidden else 1)
                assert len(lines_between(places.units, (3, *hidden, 1))) <= MAX_LINES
            view.grab()


def test_it_says_why_nobody_is_out(view: DropoutView) -> None:
    for seen, sentence in (
        (dropped(out=0), NO_LAYER),
        (dropped(8, out=0, probability=0.0), NO_DROPOUT),
        (dropped(8, out=0), NO_STEP),
    ):
        view.show_lanes(lanes_of(seen))
        assert sentence in view.accessibleDescription()
        assert not any(unit.is_out for unit in view.places(0).units)
        assert view.row_texts(0) == []
    view.show_lanes(lane_views_of([make_lane()]))
    assert view.places(0).units == ()


def test_the_tip_of_a_unit_counts_over_all_points(view: DropoutView) -> None:
    seen = dropped(8, 6)
    view.show_lanes(lanes_of(seen))
    units = {(unit.layer, unit.number): unit for unit in view.places(0).units}

    n_out, word = int(seen.layers[0][4].sum()), "out" if seen.layers[0][4, 0] else "takes part"
    assert view.text_at(units[1, 4].place) == f"Layer 1, unit 5: {word}; of 16 points out for {n_out}."
    assert view.text_at(units[0, 2].place).startswith("Input x²")
    assert view.text_at(units[3, 0].place).startswith("Output unit 1")
    assert "no unit is out" in view.text_at(QPointF(2, 2))


def test_in_the_window_each_step_draws_anew(qtbot: QtBot, make_window: MakeWindow) -> None:
    config = TrainingConfig(hidden_layers=(8, 8), dropout=0.4, squares=True)
    window: MainWindow = make_window(Experiment(toy_datasets.make("moons", n_samples=60), (config,)))
    panel = window.laboratory.panel
    panel.show_view(LabView.DROPOUT)
    wait_for_state(qtbot, window, RunState.READY)
    view = panel.view_of(DropoutView)
    qtbot.waitUntil(lambda: NO_STEP in view.accessibleDescription(), timeout=10_000)
    assert view._lanes[0].seen is not None
    assert view._lanes[0].seen.inputs == ("x", "y", "x²", "y²")
    shown = []
    for step in (2, 4, 6):  # an epoch each time
        window.actions_by_name[Action.STEP].trigger()
        qtbot.waitUntil(lambda step=step: f"Step {step}," in view.accessibleDescription(), timeout=10_000)  # type: ignore[misc]
        shown.append([unit.is_out for unit in view.places(0).units])
    assert shown[0] != shown[1] != shown[2]
