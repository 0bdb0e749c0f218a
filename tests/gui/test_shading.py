"""What the colours of the plane mean: chosen in the menu, said on the plane, remembered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.config import TrainingConfig
from engine.insight.field import FIELD, Field, Shading
from engine.insight.lines.contours import LEVELS
from engine.run.snapshot import MISCLASSIFIED
from gui.actions import Action, shading_action
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from gui.text.names import SHADINGS
from tests.gui.conftest import MakeStill, MakeWindow, small_experiment, wait_for_epochs
from tests.texts.shown import PaintedTexts


def field_of(qtbot: QtBot, window: MainWindow, shading: Shading) -> Field:
    def has_come() -> bool:
        lanes = window.session.snapshot.lanes
        field = lanes[0].readings.value(FIELD) if lanes else None
        return field is not None and field.view.shading is shading

    qtbot.waitUntil(has_come)
    found = window.session.snapshot.lanes[0].readings.value(FIELD)
    assert found is not None
    return found


def test_the_colours_of_the_plane_are_chosen_said_and_remembered(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = PaintedTexts(monkeypatch)
    window.session.train(until=30)
    wait_for_epochs(qtbot, window, 30)
    usual = field_of(qtbot, window, Shading.CONFIDENCE)
    for shading in (Shading.CLASSES, Shading.ENTROPY):
        window.actions_by_name[shading_action(shading)].trigger()
        field = field_of(qtbot, window, shading)
        assert not np.array_equal(field.pixels, usual.pixels)
        window.canvas.repaint()
        said = SHADINGS[shading].note
        assert {said, said.split(":")[0]} & set(painted.texts)
        assert Preferences().shading is shading
        assert window.actions_by_name[shading_action(shading)].isChecked()
    assert len(set(field.view.colours)) == 1  # that of no class


def test_a_shading_that_nobody_knows_is_the_usual_one(window: MainWindow) -> None:
    preferences = Preferences()
    preferences._put("shading", ["?"])

    assert Preferences().shading is Shading.CONFIDENCE


def test_contours_and_rings_are_of_each_lane_as_it_is_shown_and_are_remembered(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    lanes = tuple(TrainingConfig(hidden_layers=(4,), seed=seed, threshold=0.8) for seed in (1, 2))
    window = make_window(replace(small_experiment(), lanes=lanes))
    session, actions = window.session, window.actions_by_name
    session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    assert field_of(qtbot, window, Shading.CONFIDENCE).contours == ()
    assert session.snapshot.lanes[0].readings.value(MISCLASSIFIED) is None
    for name in (Action.CONTOURS, Action.RING_MISTAKES):
        actions[name].trigger()
    qtbot.waitUntil(
        lambda: all(
            lane.field is not None and lane.field.contours and lane.readings.value(MISCLASSIFIED) is not None
            for lane in session.snapshot.lanes
        )
    )
    for lane, view in zip(session.snapshot.lanes, window.workbench.fields.views, strict=True):
        assert lane.field is not None
        assert {contour.label for contour in lane.field.view.contours} == {1}
        found = lane.readings.value(MISCLASSIFIED)
        assert found is not None
        assert view.rings._found is found
        held = found.dataset.validation_mask(lanes[0].validation_fraction)
        assert 1 - found.mask[~held].mean() == pytest.approx(lane.metrics.train_accuracy)
        assert 1 - found.mask[held].mean() == pytest.approx(lane.metrics.validation_accuracy)
    assert (Preferences().has_contours, Preferences().rings_mistakes) == (True, True)
    for name in (Action.CONTOURS, Action.RING_MISTAKES):
        actions[name].trigger()
    qtbot.waitUntil(lambda: session.snapshot.lanes[1].readings.value(MISCLASSIFIED) is None)
    qtbot.waitUntil(lambda: field_of(qtbot, window, Shading.CONFIDENCE).contours == ())
    assert all(view.rings._found is None for view in window.workbench.fields.views)


def test_what_the_plane_showed_it_shows_after_the_next_start(make_still: MakeStill) -> None:
    Preferences().has_contours = Preferences().rings_mistakes = True
    window = make_still(1000, 700)
    assert window.session.sight.attention.view is not None
    assert len(window.session.sight.attention.view.contours) == len(LEVELS)
    assert MISCLASSIFIED in window.session.sight.attention.wanted
