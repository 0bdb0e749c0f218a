"""Pins by hand and by keys, on the canvas alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from engine.insight.pins import Pin
from gui.canvas.canvas import Canvas
from gui.drawing.tools import Tool
from gui.paint.markers import PIN_HEAD, PIN_RISE, pin_head
from gui.paint.theme import PIN_COLOURS
from tests.gui.canvas.conftest import pixel, row

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def canvas(canvas_of_row: Canvas) -> Canvas:
    canvas_of_row.hand.choose(Tool.INSPECT, 0)
    return canvas_of_row


def click(qtbot: QtBot, canvas: Canvas, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(canvas, LEFT, modifiers, pos=pixel(canvas, x, y))


def near(pin: Pin, number: int, x: float, y: float) -> bool:
    return pin.number == number and pin.place == pytest.approx((x, y), abs=0.01)


def test_a_click_sets_a_pin_exactly_on_a_point_that_is_near_and_a_click_on_it_takes_it_away(
    qtbot: QtBot, canvas: Canvas
) -> None:
    with qtbot.waitSignal(canvas.pins.pins_chosen) as told:
        click(qtbot, canvas, -0.24, 0.01)
    assert told.args == [(Pin(0, (-0.25, 0.0)),)]
    click(qtbot, canvas, 0.5, 0.5)
    assert near(canvas.pins.pins[1], 1, 0.5, 0.5)
    head = pin_head(QPointF(pixel(canvas, 0.5, 0.5)), 0, 1.0).toPoint()
    assert canvas.grab().toImage().pixelColor(head + QPoint(7, 0)).name().upper() == PIN_COLOURS[1]

    qtbot.mouseClick(canvas, LEFT, pos=head)
    assert canvas.pins.pins == (Pin(0, (-0.25, 0.0)),)
    assert canvas.dataset == row()


def test_a_pin_is_dragged_by_its_head_without_a_jump_and_escape_brings_it_back(qtbot: QtBot, canvas: Canvas) -> None:
    click(qtbot, canvas, 0.5, 0.5)
    head, before = pin_head(QPointF(pixel(canvas, 0.5, 0.5)), 0, 1.0).toPoint(), canvas.pins.pins
    way = pixel(canvas, -0.5, 0.25) - pixel(canvas, 0.5, 0.5)

    def drag() -> None:
        qtbot.mousePress(canvas, LEFT, pos=head)
        qtbot.mouseMove(canvas, head + way / 2)
        qtbot.mouseMove(canvas, head + way)

    drag()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.pins.pins == before
    qtbot.mouseRelease(canvas, LEFT, pos=head + way)
    with qtbot.waitSignal(canvas.pins.pins_chosen) as told:
        drag()
        qtbot.mouseRelease(canvas, LEFT, pos=head + way)
    assert near(canvas.pins.pins[0], 0, -0.5, 0.25)
    assert told.args is not None


def test_alt_pins_with_any_tool_and_the_right_button_still_erases(qtbot: QtBot, canvas: Canvas) -> None:
    for tool in (Tool.BRUSH, Tool.RECTANGLE, Tool.MOVE):
        canvas.hand.choose(tool, 0)
        click(qtbot, canvas, 0.1, 0.5, ALT)
        assert len(canvas.pins.pins) == 1
        click(qtbot, canvas, 0.1, 0.5, ALT)
        assert not canvas.pins.pins
    assert canvas.dataset == row()
    qtbot.mouseClick(canvas, RIGHT, ALT, pos=pixel(canvas, 0.25, 0.0))
    assert canvas.pins.pins == ()
    assert len(canvas.dataset) == 3


def test_keys_set_move_and_remove_pins_and_points_stay(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Right)  # the crosshair appears in the middle
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return):
        qtbot.keyClick(canvas, key)
    assert near(canvas.pins.pins[0], 0, 0.0, 0.0)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert near(canvas.pins.pins[0], 0, 0.0, 80 / canvas.plane.scale)
    canvas.selection.select(np.ones(4, dtype=bool))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.pins.pins == ()
    assert len(canvas.dataset) == 4


def test_the_head_hangs_where_there_is_no_room_above() -> None:
    tip = QPointF(50, 30)

    assert pin_head(tip, 20, 1.0) == QPointF(50, 30 + PIN_RISE)
    assert pin_head(tip, 30 - PIN_RISE - PIN_HEAD - 2, 1.0) == QPointF(50, 30 - PIN_RISE)
