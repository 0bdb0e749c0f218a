"""The regions of the window: the settings fold, by hand and by themselves, and the plane keeps its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QToolButton

from gui.actions import Action
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from gui.views import Lab
from gui.widgets.side_panel import FoldingPanel
from tests.gui.conftest import MakeStill


def settings_of(window: MainWindow) -> FoldingPanel:
    found = window.findChild(FoldingPanel)
    assert isinstance(found, FoldingPanel)
    return found


def resize(window: MainWindow, width: int) -> None:
    window.resize(width, 600)
    QCoreApplication.processEvents()


def test_a_click_on_the_strip_folds_the_settings_and_unfolds_them(make_still: MakeStill) -> None:
    window = make_still(1280, 720)
    settings, strip = settings_of(window), window.findChild(QToolButton, "fold_settings_button")
    assert strip is not None
    assert strip.accessibleName()
    fields, width = window.control_panel, window.workbench.width()
    for _ in range(2):
        strip.click()
        QCoreApplication.processEvents()
        assert not fields.isVisible()
        assert settings.width() == strip.width()
        assert window.workbench.width() > width + 50
        strip.click()
        QCoreApplication.processEvents()
        assert fields.isVisible()
        assert window.workbench.width() == width


@pytest.mark.parametrize("is_zoomed", [False, True])
def test_the_plane_keeps_its_place(make_still: MakeStill, is_zoomed: bool) -> None:
    window = make_still(1280, 720)
    window.canvas.fit()
    if is_zoomed:
        window.canvas.camera.zoom(2.0, 100, 100)
    plane = window.canvas.plane
    for _ in range(2):
        window.actions_by_name[Action.FOLD_SETTINGS].trigger()
        QCoreApplication.processEvents()
        now = window.canvas.plane
        assert (now.centre_x, now.centre_y) == (plane.centre_x, plane.centre_y)
    assert now.edges() == pytest.approx(plane.edges())


def test_settings_fold_by_themselves_where_there_is_no_room_and_unfold_again(make_still: MakeStill) -> None:
    window = make_still(1280, 600)
    settings = settings_of(window)
    for width in (900, 1280, 860, 1280):
        resize(window, width)
        assert settings.is_folded is (width < 1000)
        assert window.actions_by_name[Action.FOLD_SETTINGS].isChecked() is settings.is_folded


def test_what_somebody_has_decided_stays_until_it_is_what_would_be_so(make_still: MakeStill) -> None:
    window = make_still(1280, 600)
    settings, fold = settings_of(window), window.actions_by_name[Action.FOLD_SETTINGS]
    fold.trigger()
    resize(window, 900)
    resize(window, 1280)
    assert settings.is_folded
    fold.trigger()
    resize(window, 900)
    assert settings.is_folded, "unfolded is what a wide window is by itself: no decision"
    fold.trigger()
    assert not settings.is_folded
    resize(window, 1280)
    resize(window, 900)
    assert not settings.is_folded


def test_it_is_remembered_and_a_reset_follows_the_room_again(make_still: MakeStill) -> None:
    window, other = make_still(1280, 600), make_still(1280, 600)
    window.actions_by_name[Action.FOLD_SETTINGS].trigger()
    window.window_layout.save()
    other.window_layout.restore()
    assert settings_of(other).is_folded
    other.window_layout.reset()
    assert settings_of(other).arrangement() == ""
    assert Preferences().layout("settings").isEmpty()


def test_each_laboratory_shares_the_room_as_somebody_has_moved_it_there_and_a_reset_forgets_all(
    make_still: MakeStill,
) -> None:
    window = make_still(1366, 768)
    deck, work = window.laboratory.panel, window.regions.work
    deck.show_lab(Lab.GRADIENTS)
    usual, charts = work.sizes(), deck.splitter.sizes()
    deck.show_lab(Lab.PROBABILITY)
    assert work.sizes() == usual
    work.moveSplitter(work.sizes()[0] - 60, 1)
    deck.splitter.moveSplitter(deck.splitter.sizes()[0] + 20, 1)
    moved, moved_charts = work.sizes(), deck.splitter.sizes()
    assert (moved[0], moved_charts) != (usual[0], charts)
    for lab, sizes in ((Lab.TRAINING, usual), (Lab.GRADIENTS, usual), (Lab.PROBABILITY, moved)) * 2:
        deck.show_lab(lab)
        assert work.sizes() == sizes
    assert deck.splitter.sizes() == moved_charts
    window.presentation.begin(fills_screen=False)
    deck.show_lab(Lab.GRADIENTS)
    window.presentation.end()
    QCoreApplication.processEvents()
    assert (work.sizes(), deck.splitter.sizes()) == (usual, charts)
    window.window_layout.save()
    other = make_still(1366, 768)
    other.window_layout.restore()
    QCoreApplication.processEvents()
    for lab, (stage, views) in ((Lab.GRADIENTS, usual), (Lab.PROBABILITY, moved)):
        other.laboratory.panel.show_lab(lab)
        now = other.regions.work.sizes()
        assert now[0] / now[1] == pytest.approx(stage / views, rel=0.02)
    other.window_layout.reset()
    QCoreApplication.processEvents()
    first = other.regions.work.sizes()
    for lab in Lab:
        other.laboratory.panel.show_lab(lab)
        assert other.regions.work.sizes() == first
