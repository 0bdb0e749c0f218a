"""Selecting and nudging on the canvas, with the mouse and with keys alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset
from gui.canvas.canvas import Canvas
from gui.canvas.crosshair import FAST_KEY_PIXELS, KEY_PIXELS
from gui.drawing.tools import Tool
from gui.editing.stroke_editor import step_of
from gui.paint.theme import LIGHT, chrome_of
from tests.gui.canvas.conftest import pixel, row

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(canvas_of_row: Canvas) -> Canvas:
    canvas_of_row.hand.choose(Tool.RECTANGLE, 0)
    return canvas_of_row


def drag(qtbot: QtBot, canvas: Canvas, *places: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
    pixels = [pixel(canvas, *place) for place in places]
    qtbot.mousePress(canvas, LEFT, modifiers, pos=pixels[0])
    for place in pixels[1:]:
        qtbot.mouseMove(canvas, place)
    qtbot.mouseRelease(canvas, LEFT, modifiers, pos=pixels[-1])


def selected(canvas: Canvas) -> list[int]:
    return np.flatnonzero(canvas.selection.mask).tolist()


def test_a_rectangle_selects_what_it_encloses_and_changes_no_point(qtbot: QtBot, canvas: Canvas) -> None:
    with qtbot.assertNotEmitted(canvas.hand.stroke_finished), qtbot.waitSignal(canvas.selection.changed) as signal:
        drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))

    assert selected(canvas) == [1, 2]
    assert signal.args == [2]


def test_shift_adds_and_ctrl_subtracts(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))
    drag(qtbot, canvas, (0.5, 0.5), (1, -0.5), modifiers=SHIFT)
    assert selected(canvas) == [1, 2, 3]
    drag(qtbot, canvas, (-0.5, 0.5), (0, -0.5), modifiers=CTRL)
    assert selected(canvas) == [2, 3]


def test_a_lasso_selects_what_it_goes_around(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.hand.choose(Tool.LASSO, 0)
    drag(qtbot, canvas, (-0.9, -0.3), (0.5, -0.3), (0.5, 0.3), (0.1, 0.3), (-0.25, -0.1), (-0.6, 0.3), (-0.9, 0.3))
    assert selected(canvas) == [0, 2]


def test_a_click_selects_the_point_under_the_pointer_and_beside_the_points_nothing(
    qtbot: QtBot, canvas: Canvas
) -> None:
    qtbot.mouseClick(canvas, LEFT, pos=pixel(canvas, 0.25, 0.0) + QPoint(3, 3))
    assert selected(canvas) == [2]
    qtbot.mouseClick(canvas, LEFT, pos=pixel(canvas, 0.0, 0.6))
    assert selected(canvas) == []


def test_selected_points_are_taken_along_by_a_drag_that_begins_on_one_of_them(qtbot: QtBot, canvas: Canvas) -> None:
    drawn: list[tuple[Dataset, str]] = []
    canvas.hand.stroke_finished.connect(lambda stroke: drawn.append((stroke.dataset, str(step_of(stroke)[0]))))
    drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))
    drag(qtbot, canvas, (0.25, 0.0), (0.25, 0.3), (0.25, 0.5))

    ((dataset, text),) = drawn
    assert text == "Move 2 points"
    wanted = row().points + np.array([[0, 0], [0, 0.5], [0, 0.5], [0, 0]])
    np.testing.assert_allclose(dataset.points, wanted, atol=1.5 / canvas.plane.scale)
    assert selected(canvas) == [1, 2]


def test_selected_points_are_marked(qtbot: QtBot, canvas: Canvas) -> None:
    def marks() -> int:
        image = canvas.grab().toImage()
        return sum(
            image.pixelColor(x, y) == QColor(chrome_of(canvas.palette()).selection)
            for x in range(image.width())
            for y in range(250, 350)
        )

    assert chrome_of(canvas.palette()) is LIGHT
    assert marks() == 0
    drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))
    two = marks()
    drag(qtbot, canvas, (0.5, 0.5), (1, -0.5), modifiers=SHIFT)
    assert marks() > two > 20


def test_escape_gives_up_the_marquee_then_the_selection(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))
    qtbot.mousePress(canvas, LEFT, pos=pixel(canvas, -1, 0.5))
    qtbot.mouseMove(canvas, pixel(canvas, 1, -0.5))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, pos=pixel(canvas, 1, -0.5))
    assert selected(canvas) == [1, 2]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert selected(canvas) == []


@pytest.mark.parametrize(
    ("key", "modifiers", "wanted"),
    [
        (Qt.Key.Key_Left, NONE, (-KEY_PIXELS, 0)),
        (Qt.Key.Key_Up, NONE, (0, KEY_PIXELS)),
        (Qt.Key.Key_Down, SHIFT, (0, -FAST_KEY_PIXELS)),
    ],
)
def test_arrows_nudge_what_is_selected(
    qtbot: QtBot, canvas: Canvas, key: Qt.Key, modifiers: Qt.KeyboardModifier, wanted: tuple[float, float]
) -> None:
    drag(qtbot, canvas, (-0.5, 0.5), (0.5, -0.5))
    with qtbot.waitSignal(canvas.keys.nudged) as signal:
        qtbot.keyClick(canvas, key, modifiers)
    assert np.multiply(signal.args, canvas.plane.scale) == pytest.approx(wanted)


def test_points_are_drawn_with_the_keyboard_alone(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.hand.choose(Tool.POINT, 1)
    drawn: list[tuple[Dataset, str]] = []
    canvas.hand.stroke_finished.connect(lambda stroke: drawn.append((stroke.dataset, str(step_of(stroke)[0]))))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)  # shows the crosshair, in the middle
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    with qtbot.waitSignal(canvas.pointer.moved):
        qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)

    left, right, bottom, top = canvas.plane.edges()
    middle = np.array([(left + right) / 2, (bottom + top) / 2])
    step = np.array([3 * KEY_PIXELS, FAST_KEY_PIXELS + KEY_PIXELS]) / canvas.plane.scale
    np.testing.assert_allclose(drawn[0][0].points[-1], middle + step, atol=1e-5)
    assert drawn[0][1] == "Draw 1 point (Orange)"


def test_the_crosshair_stays_on_the_plane_and_goes_with_escape_or_a_click(qtbot: QtBot, canvas: Canvas) -> None:
    for _ in range(100):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert canvas.crosshair.place is not None
    assert canvas.crosshair.place[0] == pytest.approx(canvas.plane.edges()[0])
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.crosshair.place is None
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(300, 200))
    assert canvas.crosshair.place is None


def test_the_crosshair_goes_when_the_mouse_moves_the_plane(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.crosshair.place is not None
    qtbot.mouseClick(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 200))
    assert canvas.crosshair.place is None
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(300, 200))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.crosshair.place is None


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool is not Tool.INSPECT])  # see pins/test_pinboard.py
def test_every_tool_can_be_used_with_keys_alone(qtbot: QtBot, canvas: Canvas, tool: Tool) -> None:
    canvas.hand.choose(tool, 0)
    canvas.hand.radius = 0.4
    drawn: list[tuple[Dataset, str]] = []
    canvas.hand.stroke_finished.connect(lambda stroke: drawn.append((stroke.dataset, str(step_of(stroke)[0]))))
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    if tool.facts.is_dragged:
        assert canvas.gestures.is_drawing
        steps = [Qt.Key.Key_Up] * 2 + [Qt.Key.Key_Right] * 7 + [Qt.Key.Key_Down] * 4 + [Qt.Key.Key_Left] * 3
        for key in steps:
            qtbot.keyClick(canvas, key, SHIFT)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert not canvas.gestures.is_drawing

    if tool.facts.begins is None:
        assert canvas.selection.mask.any()
    else:
        ((dataset, text),) = drawn
        assert text
        assert dataset != row()


def test_the_ring_is_seen_at_the_crosshair(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.hand.choose(Tool.BRUSH, 0)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    pictures = []
    for radius in (0.1, 0.3):
        canvas.hand.radius = radius
        pictures.append(canvas.grab().toImage())
    assert pictures[0] != pictures[1]
