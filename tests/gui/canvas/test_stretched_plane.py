"""The plane with a scale of its own for each axis: what is seen, drawn, hit and remembered there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.dataset import empty_dataset
from engine.insight.field import View
from engine.messages import message
from gui.actions import Action
from gui.canvas.canvas import Canvas
from gui.canvas.field_layer import target_of
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from tests.gui.canvas.test_canvas import move, stroke
from tests.gui.conftest import MakeStill

FLAT = empty_dataset(2).with_points(np.column_stack([np.linspace(-40, 40, 9), np.tile([-1.5, 1.5, 0.5], 3)]), 0)


def act(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def pixel_of(canvas: Canvas, number: int) -> QPoint:
    """The pixel of a point."""
    return QPoint(*np.rint(canvas.plane.to_pixels(canvas.dataset.places[[number]]))[0].astype(int).tolist())


@pytest.fixture
def window(make_still: MakeStill) -> MainWindow:
    """A window whose points are far wider than high, on a plane that fills its room."""
    made = make_still(1100, 720)
    made.session.edit(replace(made.session.experiment, dataset=FLAT), message("Flat"))
    act(made, Action.STRETCH_PLANE)
    return made


def test_the_points_fill_the_plane_and_on_equal_scales_do_not(window: MainWindow) -> None:
    canvas = window.canvas
    spans = np.ptp(canvas.plane.to_pixels(canvas.dataset.places), axis=0) / [canvas.plane.width, canvas.plane.height]
    assert spans == pytest.approx([1 / 1.1, 1 / 1.1])
    edges = canvas.plane.edges()
    window.resize(1300, 900)
    QCoreApplication.processEvents()
    assert canvas.plane.edges() == pytest.approx(edges)
    act(window, Action.STRETCH_PLANE)
    assert canvas.plane.stretch == 1
    assert np.ptp(canvas.plane.to_pixels(canvas.dataset.places), axis=0)[1] < 60


def test_it_is_remembered_and_all_lanes_have_it(window: MainWindow, make_still: MakeStill) -> None:
    canvas, *others = make_still(1100, 720, 3).workbench.fields.views
    assert canvas.plane.fills
    assert len(others) == 2
    for view in others:
        assert (view.plane.scale, view.plane.stretch) == (canvas.plane.scale, canvas.plane.stretch)
    others[0].camera.zoom(1.5)
    pixel = 1.01 / canvas.plane.scale  # by which one view is wider where three do not share the room evenly
    assert canvas.plane.edges() == pytest.approx(others[0].plane.edges(), abs=pixel)


def test_a_click_draws_under_the_pointer_and_the_wheel_zooms_there(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.canvas
    act(window, Tool.POINT)
    stroke(qtbot, canvas, (150, 100), (150, 100))
    assert canvas.plane.to_pixels(canvas.dataset.places[-1:])[0] == pytest.approx([150, 100], abs=0.01)
    stretch, place = canvas.plane.stretch, canvas.plane.to_data(200, 120)
    canvas.camera.zoom(1.7, 200, 120)
    assert canvas.plane.to_data(200, 120) == pytest.approx(place)
    canvas.camera.pan(30, 40)
    assert canvas.plane.to_data(230, 160) == pytest.approx(place)
    assert canvas.plane.stretch == stretch


def test_what_is_in_the_ring_as_it_is_painted_is_what_the_eraser_takes(qtbot: QtBot, window: MainWindow) -> None:
    canvas, centre = window.canvas, np.array([canvas_x := 200, canvas_y := 180])
    act(window, Tool.ERASER)
    canvas.hand.radius = 9.0
    across, up = canvas.hand.radius * canvas.plane.scale, canvas.hand.radius * canvas.plane.scale_y
    assert up > 3 * across
    canvas.hand.resize(1.0)
    across, up = canvas.hand.radius * canvas.plane.scale, canvas.hand.radius * canvas.plane.scale_y
    before = canvas.grab().toImage()
    move(canvas, (canvas_x, canvas_y))
    after = canvas.grab().toImage()
    size = canvas.size()
    changed = [
        (x, y)
        for x in range(50, size.width(), 2)
        for y in range(size.height())
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert len(changed) > 50
    ends = np.array(changed) + 0.5 - centre
    assert np.abs(np.hypot(ends[:, 0] / across, ends[:, 1] / up) - 1).max() < 4 / across
    places = np.array([canvas.plane.to_data(x, y) for x in range(60, 340, 7) for y in range(20, 380, 7)])
    window.session.edit(replace(window.session.experiment, dataset=FLAT.with_points(places, 1)), message("More"))
    pixels = canvas.plane.to_pixels(canvas.dataset.places)
    stroke(qtbot, canvas, (canvas_x, canvas_y), (canvas_x, canvas_y))
    outside = np.hypot(*((pixels - centre) / [across, up]).T) > 1
    assert len(canvas.dataset) == outside.sum() < len(pixels)


def test_points_are_hit_and_moved_by_pixels_in_both_directions(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.canvas
    act(window, Tool.RECTANGLE)
    for number, aside in ((3, QPoint(0, 6)), (4, QPoint(6, 0))):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pixel_of(canvas, number) + aside)
        assert np.flatnonzero(canvas.selection.mask).tolist() == [number]
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pixel_of(canvas, 4) + QPoint(0, 40))
    assert not canvas.selection.mask.any(), "in data units that is nearer than six pixels to the right"
    x, y = canvas.plane.to_data(*(pixel_of(canvas, 4) + QPoint(0, 40)).toTuple())
    assert canvas.pins.snapped((x, y)) == (x, y)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pixel_of(canvas, 4))
    canvas.setFocus()
    before = canvas.plane.to_pixels(canvas.dataset.places)[4]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right):
        QTest.keyClick(canvas, key)
    steps = canvas.plane.to_pixels(canvas.dataset.places)[4] - before
    assert steps[0] == pytest.approx(-steps[1], rel=1e-3)
    assert steps[0] > 0


def test_a_field_lies_where_its_view_was(window: MainWindow) -> None:
    plane = window.canvas.plane
    colours = ((0, 0, 0), (1, 1, 1))
    view = View(*plane.edges(), round(plane.width), round(plane.height), colours, (9, 9, 9))
    whole = QRectF(plane.x, plane.y, plane.width, plane.height)
    found, moved = target_of(view, plane), target_of(view, plane.zoomed(2, plane.x, plane.y))
    assert found.getRect() == pytest.approx(whole.getRect())
    assert moved.getRect() == pytest.approx((plane.x, plane.y, 2 * plane.width, 2 * plane.height))
