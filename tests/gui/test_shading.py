"""What the colours of the plane mean: chosen in the menu, said on the plane, remembered."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.insight.field import FIELD, Field, Shading
from gui.actions import shading_action
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from gui.text.names import SHADINGS
from tests.gui.conftest import wait_for_epochs
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
