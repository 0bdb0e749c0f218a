"""Points sized by their error signals: how large, on which plane, and only while their outcomes are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.data.shares import Shares
from engine.insight.outcomes import OUTCOMES
from gui.actions import Action
from gui.canvas.plane_view import PlaneView
from gui.canvas.signals import sized_points
from gui.canvas.signals.sized_points import LARGEST, SMALLEST
from gui.main_window import MainWindow
from gui.paint.theme import CLASS_COLOURS, LIGHT, palette_of
from gui.views import LabView
from tests.gui.conftest import wait_for_epochs
from tests.gui.decisions.looks import pair
from tests.gui.pictures import of_colour, pixels


@pytest.fixture
def view(qtbot: QtBot) -> PlaneView:
    made = PlaneView()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(400, 300)
    return made


def painted(view: PlaneView, label: int) -> int:
    """The pixels in the colour of a class."""
    return int(of_colour(pixels(view), CLASS_COLOURS[label]).sum())


def test_with_cross_entropy_the_more_wrong_a_point_is_the_larger(view: PlaneView) -> None:
    found = pair([0.01, 0.3, 0.99], [1, 1, 1])
    squared = pair([0.01, 1 / 3, 0.99], [1, 1, 1], squared=True)

    view.sized.show(found)
    assert view.sized.sizes(found) == sorted(view.sized.sizes(found), reverse=True)
    view.sized.show(squared)
    wrong, unsure, right = view.sized.sizes(squared)
    assert unsure == pytest.approx(LARGEST), "the most that the squared error of a sigmoid pulls is at 1/3"
    assert wrong < unsure / 2, "the confidently wrong shrink"
    assert right == SMALLEST
    view.sized.show(squared, found.largest_signal)
    assert view.sized.sizes(squared)[1] < 0.7 * LARGEST, "on the scale of cross-entropy"


def test_the_most_wrong_of_the_training_points_is_ringed_and_its_numbers_are_said(
    view: PlaneView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, ringed = list[str](), list[float]()
    monkeypatch.setattr(sized_points, "paint_note", lambda _painter, words, *_, **__: said.append(words))
    monkeypatch.setattr(sized_points, "paint_ring", lambda _painter, place, _scene: ringed.append(place[0]))
    squared = pair([0.0001, 0.01, 0.6], [1, 1, 1], held_out=[True, False, False], squared=True)
    view.show_points(squared.dataset, Shares(0.0))
    view.fit()
    view.sized.show(squared, 1.0)
    pixels(view)
    assert said[:2] == [
        "Size of a point: |∂L/∂z|, full at 1",
        "Ringed, most wrong: P = 0.010, |∂L/∂z| = 0.020",
    ], "that with P = 0.0001 is kept for validation, and pulls at nothing"
    assert ringed[0] == pytest.approx(view.plane.to_pixels(squared.dataset.places[[1]])[0, 0])


def test_points_are_sized_only_while_the_outcomes_of_these_points_are_shown(view: PlaneView) -> None:
    wrong = pair([0.02, 0.03], [1, 1])
    view.show_points(wrong.dataset, Shares(0.0))
    view.fit()
    alike = painted(view, 1)
    view.sized.show(wrong)
    sized = painted(view, 1)
    view.sized.show(pair([0.02, 0.03], [1, 1]))
    assert painted(view, 1) == alike, "those of other points"
    view.sized.show(wrong)
    assert painted(view, 1) == sized
    view.sized.show(None)
    assert painted(view, 1) == alike
    assert sized > 2 * alike
    broken = pair([np.nan, 0.03], [1, 1])
    view.sized.show(broken)
    assert painted(view, 1) == alike


def test_what_comes_in_the_place_of_forgotten_outcomes_is_painted_anew(view: PlaneView) -> None:
    small, large = pair([0.99], [1]), pair([0.01], [1])
    view.show_points(small.dataset, Shares(0.0))
    view.fit()
    areas = list[int]()
    for found in (small, large) * 5:
        view.sized.show(replace(found, dataset=small.dataset))
        areas.append(painted(view, 1))
        view.sized.show(None)
    assert areas[1] > 2 * areas[0]
    assert areas == areas[:2] * 5


def test_selected_points_are_marked_and_a_picture_in_vectors_has_sizes_too(view: PlaneView) -> None:
    found = pair([0.5, 0.03], [1, 1])
    view.show_points(found.dataset, Shares(0.0))
    view.fit()
    view.sized.show(found)
    before = pixels(view)
    view.selection.select(np.array([False, True]))
    assert of_colour(pixels(view), LIGHT.selection).sum() > of_colour(before, LIGHT.selection).sum()


def test_the_loss_laboratory_shows_two_lanes_sizes_and_losses_and_says_that_these_differ(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.actions_by_name["loss_lab"].trigger()
    deck, session = window.laboratory.panel, window.session
    assert deck.view is LabView.LOSSES
    assert window.actions_by_name[Action.SIZE_POINTS].isChecked()
    qtbot.waitUntil(lambda: len(session.snapshot.lanes) == 2, timeout=10_000)
    session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    views = window.workbench.fields.views
    qtbot.waitUntil(lambda: all(view.sized._outcomes is not None for view in views), timeout=10_000)
    kinds = [view.sized._outcomes is not None and view.sized._outcomes.is_squared for view in views]
    assert kinds == [False, True]
    assert [view.sized._largest for view in views] == [1.0, 1.0], "one scale, so that sizes compare"
    readouts = [title._numbers._texts[0] for title in window.workbench.fields._titles]
    assert [readout.startswith("Accuracy") and "loss" not in readout for readout in readouts] == [True, True]
    assert [figure.small for figure in deck.loss_plot.headline._figures] == ["", ""], "as if losses compared"
    note = window.lane_bar.findChild(QLabel, "lane_note")
    assert note is not None
    assert "σ = 4" in note.text()
    window.actions_by_name[Action.NEW_SEED].trigger()
    assert note.text() == "", "its lanes are others"
    window.actions_by_name[Action.UNDO].trigger()
    assert "σ = 4" in note.text()
    qtbot.waitUntil(lambda: "different kinds" in deck.loss_plot._readout.text(), timeout=5000)
    assert "different kinds" in deck.loss_plot._loss_plot.getAxis("left").labelText
    window.actions_by_name[Action.SIZE_POINTS].setChecked(False)
    assert [view.sized._outcomes for view in views] == [None, None]
    deck.show_view(LabView.BARS)
    assert OUTCOMES not in session.sight.attention.wanted
