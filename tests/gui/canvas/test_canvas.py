"""Real mouse strokes on the canvas."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from gui.canvas.canvas import Canvas
from gui.canvas.tool_in_hand import STROKE_MILLISECONDS, Drawing
from gui.drawing.options import ToolOptions
from gui.drawing.tools import Tool
from gui.editing.stroke_editor import step_of
from gui.paint.theme import chrome_of, field_colours
from gui.text.sentences import NO_ROOM
from tests import ROOT

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 600)
    canvas.show_dataset(empty_dataset(3), Shares(0.2))
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def stroke(qtbot: QtBot, canvas: Canvas, *places: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    """Press, move through the places with the button down, release."""
    qtbot.mousePress(canvas, button, pos=QPoint(*places[0]))
    for place in places[1:]:
        move(canvas, place, button)
    qtbot.mouseRelease(canvas, button, pos=QPoint(*places[-1]))


def move(canvas: Canvas, place: tuple[float, float], buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    local = QPointF(*place)
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QMouseEvent(kind, local, canvas.mapToGlobal(local), none, buttons, modifiers))


def wheel(canvas: Canvas, place: tuple[float, float], notches: int, *, control: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    local = QPointF(*place)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    angle = QPoint(0, 120 * notches)
    event = QWheelEvent(local, canvas.mapToGlobal(local), QPoint(), angle, none, modifiers, phase, False)
    QApplication.sendEvent(canvas, event)


class Strokes:
    """What a canvas said."""

    def __init__(self, canvas: Canvas) -> None:
        self.drawn: list[tuple[Dataset, str]] = []
        self.cancelled = 0
        canvas.hand.stroke_finished.connect(lambda stroke: self.drawn.append((stroke.dataset, str(step_of(stroke)[0]))))
        canvas.hand.stroke_cancelled.connect(self._cancel)

    def _cancel(self) -> None:
        self.cancelled += 1

    @property
    def points(self) -> NDArray[np.float32]:
        return self.drawn[-1][0].points


@pytest.mark.parametrize("place", [(300, 300), (60, 20), (620, 565), (301, 57)])
@pytest.mark.parametrize("zoom", [0.2, 1.0, 7.0])
def test_a_click_is_one_point_within_a_pixel_of_the_pointer(
    qtbot: QtBot, canvas: Canvas, place: tuple[int, int], zoom: float
) -> None:
    canvas.camera.zoom(zoom)
    strokes = Strokes(canvas)

    qtbot.mouseClick(canvas, LEFT, pos=QPoint(*place))

    assert [text for _, text in strokes.drawn] == ["Draw 1 point (Blue)"]
    pixel = canvas.plane.to_pixels(strokes.points)[0]
    assert np.abs(pixel - place).max() <= 0.5


@pytest.mark.parametrize("ratio_of_zoom", [1.0, 3.0])
def test_a_point_is_painted_where_it_was_clicked(qtbot: QtBot, canvas: Canvas, ratio_of_zoom: float) -> None:
    canvas.camera.zoom(ratio_of_zoom)
    canvas.hand.resize(0.01)
    place = (333, 222)
    before = canvas.grab().toImage()

    qtbot.mouseClick(canvas, LEFT, pos=QPoint(*place))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    after = canvas.grab().toImage()

    ratio = after.devicePixelRatio()
    left, top = (round((side - 30) * ratio) for side in place)
    changed = [
        (x, y)
        for x in range(left, left + round(60 * ratio))
        for y in range(top, top + round(60 * ratio))
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    centre = (np.mean(changed, axis=0) + 0.5) / ratio  # of the pixels' middles
    assert np.abs(centre - place).max() <= 1.0


def test_points_are_painted_where_they_are_clicked_on_a_screen_of_double_density() -> None:
    test = "tests/gui/canvas/test_canvas.py::test_a_point_is_painted_where_it_was_clicked"
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "2 passed" in result.stdout, result.stdout


def test_a_drag_lays_points_by_distance_whatever_the_speed_of_the_hand(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    stroke(qtbot, canvas, (100, 300), (500, 300))
    slow = [(100 + step, 300) for step in range(0, 401)]
    quick = strokes.points
    canvas.show_dataset(empty_dataset(3), Shares(0.2))
    stroke(qtbot, canvas, *slow)

    np.testing.assert_allclose(strokes.points, quick, atol=1e-4)
    gaps = np.hypot(*np.diff(quick, axis=0).T)
    np.testing.assert_allclose(gaps, canvas.hand.radius, rtol=1e-3)
    assert len(quick) == int(400 / canvas.plane.scale / canvas.hand.radius) + 1


def test_points_get_the_chosen_class_and_keep_what_was_there(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    canvas.hand.choose(Tool.BRUSH, 2)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(200, 200))
    canvas.hand.choose(Tool.BRUSH, 1)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(300, 200))

    assert strokes.drawn[-1][0].labels.tolist() == [2, 1]


def test_a_drag_beyond_the_edge_stays_on_the_plane(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    stroke(qtbot, canvas, (600, 300), (900, 300), (900, 700))

    left, right, bottom, top = canvas.plane.edges()
    x, y = strokes.points.T
    assert len(x) > 2
    assert x.min() >= left - 1e-5
    assert x.max() <= right + 1e-5
    assert y.min() >= bottom - 1e-5
    assert y.max() <= top + 1e-5


def test_a_press_on_the_axes_draws_nothing(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(10, 300))

    assert strokes.drawn == []


def test_the_right_button_erases_what_the_ring_passes_over(qtbot: QtBot, canvas: Canvas) -> None:
    stroke(qtbot, canvas, (100, 300), (500, 300))
    strokes = Strokes(canvas)
    before = len(canvas.dataset)
    stroke(qtbot, canvas, (300, 250), (300, 350), button=RIGHT)

    dataset, text = strokes.drawn[-1]
    changed = before - len(dataset)
    assert changed >= 1
    assert text.startswith(f"Erase {changed} point")
    centre = canvas.plane.to_data(300, 300)
    assert np.hypot(*(dataset.points - centre).T).min() > canvas.hand.radius


def test_an_eraser_that_hits_nothing_changes_nothing(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(500, 500))
    dataset = canvas.dataset
    strokes = Strokes(canvas)
    canvas.hand.choose(Tool.ERASER, 0)
    stroke(qtbot, canvas, (100, 100), (200, 100))

    assert strokes.drawn == []
    assert strokes.cancelled == 1
    assert canvas.dataset is dataset


def test_the_spray_goes_on_while_it_is_held_still(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.hand.choose(Tool.SPRAY, 1)
    strokes = Strokes(canvas)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(300, 300))
    qtbot.waitUntil(lambda: len(canvas.dataset) >= 12, timeout=5000)
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(300, 300))
    drawn = len(strokes.points)
    qtbot.wait(100)

    assert len(canvas.dataset) == drawn, "it stops when the button is released"
    offsets = strokes.points - np.array(canvas.plane.to_data(300, 300), dtype=np.float32)
    assert np.hypot(*offsets.T).max() <= canvas.hand.radius * 1.0001
    assert len(np.unique(strokes.points, axis=0)) == drawn


def test_escape_gives_the_stroke_up(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(300, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(300, 300))

    assert strokes.cancelled == 1
    assert strokes.drawn == []


def test_a_second_button_during_a_stroke_is_ignored(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(300, 300))
    qtbot.mousePress(canvas, RIGHT, pos=QPoint(300, 300))
    move(canvas, (400, 300), LEFT)
    qtbot.mouseRelease(canvas, RIGHT, pos=QPoint(400, 300))  # a button that stays down is down for other tests, too
    assert strokes.drawn == []
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(400, 300))

    assert len(strokes.drawn) == 1
    assert strokes.drawn[0][1].startswith("Draw")


def test_what_the_session_says_during_a_stroke_does_not_disturb_it(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mousePress(canvas, LEFT, pos=QPoint(100, 300))
    move(canvas, (400, 300), LEFT)
    qtbot.waitUntil(lambda: len(canvas.dataset) > 3)
    drawn = len(canvas.dataset)
    canvas.show_dataset(empty_dataset(3), Shares(0.2))

    assert len(canvas.dataset) == drawn > 3
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(400, 300))


def test_the_wheel_zooms_at_the_pointer(canvas: Canvas) -> None:
    place = (500.0, 120.0)
    before = canvas.plane.to_data(*place)
    scale = canvas.plane.scale
    wheel(canvas, place, 2)

    assert canvas.plane.scale > scale
    assert canvas.plane.to_data(*place) == pytest.approx(before)


def test_control_and_the_wheel_change_the_tool(canvas: Canvas) -> None:
    radius, scale = canvas.hand.radius, canvas.plane.scale
    wheel(canvas, (300, 300), 1, control=True)

    assert canvas.hand.radius > radius
    assert canvas.plane.scale == scale


def test_the_middle_button_moves_the_plane_and_draws_nothing(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    under = canvas.plane.to_data(300, 300)
    stroke(qtbot, canvas, (300, 300), (360, 340), (400, 350), button=MIDDLE)

    assert canvas.plane.to_data(400, 350) == pytest.approx(under)
    assert strokes.drawn == []


def test_the_place_at_the_pointer_stays_the_same_while_it_moves_the_plane(qtbot: QtBot, canvas: Canvas) -> None:
    grasped, told = canvas.plane.to_data(200, 200), list[tuple[float, float]]()
    canvas.pointer.moved.connect(told.append)
    qtbot.mousePress(canvas, MIDDLE, pos=QPoint(200, 200))
    move(canvas, (320, 260), MIDDLE)
    assert canvas.plane.to_data(320, 260) == pytest.approx(grasped)
    assert told == [pytest.approx(grasped)]


def test_space_held_and_a_drag_move_the_plane_and_are_no_tap(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    under = canvas.plane.to_data(300, 300)
    with qtbot.assertNotEmitted(canvas.space_tapped):
        qtbot.keyPress(canvas, Qt.Key.Key_Space)
        stroke(qtbot, canvas, (300, 300), (360, 340))
        qtbot.keyRelease(canvas, Qt.Key.Key_Space)

    assert canvas.plane.to_data(360, 340) == pytest.approx(under)
    assert strokes.drawn == []


def test_a_tap_of_space_is_told(qtbot: QtBot, canvas: Canvas) -> None:
    with qtbot.waitSignal(canvas.space_tapped):
        qtbot.keyClick(canvas, Qt.Key.Key_Space)


def test_fit_shows_all_points(canvas: Canvas) -> None:
    canvas.show_dataset(empty_dataset(2).with_points([[-40, 3], [25, 90]], 0), Shares(0.0))
    canvas.fit()
    pixels = canvas.plane.to_pixels(canvas.dataset.points)

    assert all(canvas.plane.contains(x, y) for x, y in pixels.tolist())


def test_the_ring_has_the_true_size_of_the_tool(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_dataset(empty_dataset(3).with_points([[50.0, 50.0]], 0), Shares(0.0))  # out of sight: no hint
    canvas.hand.radius = 90 / canvas.plane.scale
    before = canvas.grab().toImage()
    move(canvas, (320, 300))
    after = canvas.grab().toImage()
    changed = np.array([
        (x, y) for x in range(150, 500) for y in range(120, 480) if before.pixel(x, y) != after.pixel(x, y)
    ])  # fmt: skip
    distance = np.hypot(*(changed + 0.5 - (320, 300)).T)

    assert len(changed) > 300
    assert np.abs(distance - 90).max() <= 3.5


def test_an_empty_canvas_says_what_to_do_until_there_is_a_point(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []
    monkeypatch.setattr("gui.canvas.overlay.paint_hint", lambda *_: painted.append("hint"))
    canvas.grab()
    assert painted

    painted.clear()
    canvas.show_dataset(empty_dataset(3).with_points([[0, 0]], 0), Shares(0.2))
    canvas.grab()
    assert not painted


def test_an_error_in_a_handler_that_qt_calls_reaches_the_exception_hook(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(canvas.hand, "gesture", broken)
    place, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonPress, place, canvas.mapToGlobal(place), LEFT, LEFT, none)
    with capture_exceptions() as exceptions:
        QApplication.postEvent(canvas, event)
        QApplication.processEvents()

    assert len(exceptions) == 1
    assert "planted" in str(exceptions[0][1])


def test_a_stroke_that_fails_is_not_tried_again_and_again(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def broken(*_: object) -> None:
        tried.append(True)
        raise RuntimeError("planted")

    qtbot.mousePress(canvas, LEFT, pos=QPoint(300, 300))
    gesture = canvas.gestures.current
    assert isinstance(gesture, Drawing)
    monkeypatch.setattr(gesture.stroke, "pass_time", broken)
    with pytest.raises(RuntimeError, match="planted"):
        canvas.gestures.finish()
    qtbot.wait(5 * STROKE_MILLISECONDS)

    assert len(tried) == 1
    assert canvas.gestures.current is None


PLANTED = """
import pytest
from PySide6.QtCore import QPoint, Qt
from gui.canvas.canvas import Canvas

class Broken(Canvas):
    def {handler}(self, event):
        raise RuntimeError("planted")

def test_stroke(qtbot):
    canvas = Broken()
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show()
    qtbot.waitExposed(canvas)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    canvas.grab()
"""


@pytest.mark.parametrize("handler", ["mousePressEvent", "mouseReleaseEvent", "paintEvent"])
def test_an_error_in_a_handler_fails_the_suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, handler: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(PLANTED.format(handler=handler))

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    assert result.ret != 0
    result.stdout.fnmatch_lines(["*RuntimeError*planted*"])


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool.facts.begins is not None])
def test_what_is_given_up_at_once_is_gone_from_the_canvas_too(qtbot: QtBot, canvas: Canvas, tool: Tool) -> None:
    canvas.hand.radius = 0.5
    stroke(qtbot, canvas, (250, 300), (350, 300))  # the next draft has to wait
    before = canvas.dataset
    strokes = Strokes(canvas)
    canvas.hand.choose(tool, 0)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(300, 300))
    move(canvas, (310, 305), LEFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(310, 305))

    assert strokes.cancelled == 1
    assert canvas.dataset is before


def test_a_stroke_is_named_after_the_class_it_began_with(qtbot: QtBot, canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    canvas.hand.choose(Tool.BRUSH, 0)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(100, 300))
    canvas.hand.choose(Tool.BRUSH, 2)
    move(canvas, (300, 300), LEFT)
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(300, 300))

    ((dataset, text),) = strokes.drawn
    assert set(dataset.labels.tolist()) == {0}
    assert text.endswith("(Blue)")


def test_the_field_is_asked_for_in_the_colours_that_the_classes_have_now(qtbot: QtBot, canvas: Canvas) -> None:
    dataset = empty_dataset(3).with_points([[0, 0], [1, 1]], [0, 1])
    canvas.show_dataset(dataset, Shares(0.0))
    qtbot.wait(60)
    for changed in (dataset.recoloured(0, 6), dataset.recoloured(0, 6).reordered([1, 0, 2]), dataset):
        with qtbot.waitSignal(canvas.view_changed) as signal:
            canvas.show_dataset(changed, Shares(0.0))
        wanted, _ = field_colours(chrome_of(canvas.palette()), changed.colours)
        assert signal.args[0].colours == wanted
        qtbot.wait(60)


def test_the_plane_does_not_jump_to_what_was_drawn_since_when_the_canvas_changes_its_size(canvas: Canvas) -> None:
    canvas.fit()
    canvas.show_dataset(empty_dataset(3).with_points([[30.0, 30.0]], 0), Shares(0.0))
    scale = canvas.plane.scale
    canvas.resize(canvas.width(), canvas.height() + 3)
    assert canvas.plane.scale == pytest.approx(scale, rel=0.02)


@pytest.mark.parametrize("tool", [Tool.POINT, Tool.BRUSH, Tool.SPRAY, Tool.RING])
@pytest.mark.parametrize("room", [0, 1])
def test_a_stroke_without_room_for_its_points_says_so_once(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch, tool: Tool, room: int
) -> None:
    full, told = empty_dataset().with_points([[0.0, 0.0], [0.5, 0.5]], [0, 1]), list[bool]()
    monkeypatch.setattr("gui.drawing.strokes.MAX_POINTS", len(full) + room)
    canvas.show_dataset(full, Shares(0.0))
    canvas.hand.no_room.connect(lambda: told.append(True))
    canvas.hand.choose(tool, 0)
    canvas.hand.options = ToolOptions(rate=100_000)
    for _ in range(2):
        stroke(qtbot, canvas, (100, 100), (150, 160), (200, 120))

    n_full = 1 if tool is Tool.POINT and room == 1 else 2  # the one point of the first stroke has room
    assert told == [True] * n_full
    assert "1,000,000" in str(NO_ROOM)


def test_a_stroke_that_adds_nothing_says_nothing_of_room(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, told = empty_dataset().with_points([[0.0, 0.0], [0.5, 0.5]], [0, 1]), list[bool]()
    monkeypatch.setattr("gui.drawing.strokes.MAX_POINTS", len(full))
    canvas.show_dataset(full, Shares(0.0))
    canvas.hand.no_room.connect(lambda: told.append(True))
    for tool in (Tool.ERASER, Tool.MOVE, Tool.JITTER, Tool.RELABEL, Tool.MAGNET):
        canvas.hand.choose(tool, 0)
        stroke(qtbot, canvas, (100, 100), (150, 160))

    assert not told
