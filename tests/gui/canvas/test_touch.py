"""Fingers and pens on the plane of the real window."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QNativeGestureEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment
from gui.canvas.plane_view import PlaneView
from gui.canvas.touch import MIN_SPREAD, Hand
from gui.drawing.options import ToolOptions
from gui.drawing.plane import Plane
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from tests.gui.conftest import MakeWindow, small_experiment

LEFT, RIGHT, MIDDLE, NO_BUTTON = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.NoButton,
)
NONE = Qt.KeyboardModifier.NoModifier
SCREEN = QTest.createTouchDevice()
PAD = QTest.createTouchDevice(QInputDevice.DeviceType.TouchPad)
Places = dict[int, tuple[float, float]]
EXACT = (Tool.BRUSH, Tool.POINT, Tool.ERASER, Tool.RELABEL)
TIMED = (Tool.SPRAY, Tool.JITTER, Tool.MAGNET)  # what they do depends on how long they are held


class Touch:
    """Fingers on a view, each by its number."""

    def __init__(self, view: PlaneView, device: QPointingDevice = SCREEN) -> None:
        self.view, self.device = view, device
        self.places: Places = {}

    def touch(self, fingers: Places) -> None:
        """Put fingers down, move those that are there, lift those that are missing."""
        sequence = QTest.touchEvent(self.view, self.device, False)
        for finger, place in fingers.items():
            if finger not in self.places:
                sequence.press(finger, QPoint(*map(round, place)), self.view)
            elif place != self.places[finger]:
                sequence.move(finger, QPoint(*map(round, place)), self.view)
            else:
                sequence.stationary(finger)
        for finger, place in self.places.items():
            if finger not in fingers:
                sequence.release(finger, QPoint(*map(round, place)), self.view)
        sequence.commit()
        self.places = dict(fingers)


def pinch(touch: Touch, factor: float, shift: tuple[float, float] = (0, 0), *, first: bool = False) -> None:
    """Two fingers, 100 pixels apart about (300, 250), to `factor` times that about a middle `shift` away."""
    if first:
        touch.touch({0: (250, 250)})
        touch.touch({0: (252, 250)})
    touch.touch({0: (250, 250), 1: (350, 250)})
    for step in range(1, 9):
        half, share = 50 * factor ** (step / 8), step / 8
        x, y = 300 + shift[0] * share, 250 + shift[1] * share
        touch.touch({0: (x - half, y), 1: (x + half, y)})
    touch.touch({0: touch.places[0]})
    touch.touch({})


def n_points(window: MainWindow) -> int:
    return len(window.session.experiment.dataset)


def n_steps(window: MainWindow) -> int:
    return window.session.undo_stack.count()


def draw(touch: Touch) -> None:
    touch.touch({0: (200, 200)})
    for x in range(210, 320, 10):
        touch.touch({0: (x, 220)})
    touch.touch({})


def draw_by_mouse(canvas: PlaneView) -> None:
    """The same way as `draw`."""
    QTest.mousePress(canvas, LEFT, NONE, QPoint(200, 200))
    for x in range(210, 320, 10):
        local = QPointF(x, 220)
        moved = QMouseEvent(QEvent.Type.MouseMove, local, canvas.mapToGlobal(local), NO_BUTTON, LEFT, NONE)
        QApplication.sendEvent(canvas, moved)
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(310, 220))


def test_one_finger_does_what_the_mouse_does_with_every_tool(window: MainWindow) -> None:
    canvas, stack, touch = window.canvas, window.session.undo_stack, Touch(window.canvas)
    for tool in Tool:
        window.actions_by_name[tool].trigger()
        outcomes = []
        for gesture in (partial(draw_by_mouse, canvas), partial(draw, touch)):
            canvas.selection.clear()
            canvas.hand.generator = np.random.default_rng(0)
            before = stack.index()
            gesture()
            assert not canvas.gestures.is_drawing, tool
            # what time or chance has a part in is compared by what kind of step it is
            points = window.session.experiment.dataset.points.tolist() if tool in EXACT else []
            outcomes.append(
                (stack.undoText().split()[:1], int(canvas.selection.mask.sum()), points, stack.index() - before)
            )
            if stack.index() > before:
                stack.undo()
        if tool not in TIMED:
            assert outcomes[0] == outcomes[1], tool


def test_a_second_finger_takes_back_what_the_first_has_begun_with_every_tool(window: MainWindow) -> None:
    canvas, before = window.canvas, window.session.experiment
    for tool in Tool:
        window.actions_by_name[tool].trigger()
        selected = canvas.selection.mask.copy()
        pinch(Touch(canvas), 1.2, first=True)
        assert not canvas.gestures.is_drawing, tool
        assert window.session.experiment.dataset == before.dataset, tool
        assert canvas.dataset == before.dataset, tool
        assert n_steps(window) == 0, tool
        assert (canvas.selection.mask == selected).all(), tool
        canvas.fit()


def test_a_second_finger_ends_a_move_of_the_plane_by_the_first(window: MainWindow) -> None:
    canvas = window.canvas
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    pinch(Touch(canvas), 1.0, first=True)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    before = canvas.plane
    hover(canvas, 400, 300)
    hover(canvas, 420, 300)
    assert canvas.plane == before
    assert not canvas.is_panning


def test_a_move_of_the_plane_ends_where_the_release_was_not_seen(window: MainWindow) -> None:
    canvas = window.canvas
    QTest.mousePress(canvas, MIDDLE, NONE, QPoint(300, 300))
    before = canvas.plane
    hover(canvas, 320, 300)
    assert canvas.plane == before
    assert not canvas.is_panning


def hover(canvas: PlaneView, x: int, y: int) -> None:
    """The mouse moves without a button."""
    place = QPointF(x, y)
    QApplication.sendEvent(
        canvas, QMouseEvent(QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), NO_BUTTON, NO_BUTTON, NONE)
    )


@pytest.mark.parametrize("factor", [0.4, 3.0])
def test_a_pinch_zooms_about_the_middle_of_the_fingers(window: MainWindow, factor: float) -> None:
    canvas = window.canvas
    before, place = canvas.plane, canvas.plane.to_data(300, 250)
    pinch(Touch(canvas), factor)
    assert canvas.plane.scale == pytest.approx(before.scale * factor, rel=0.03)  # fingers are on whole pixels
    assert canvas.plane.to_data(300, 250) == pytest.approx(place, abs=1.5 / before.scale)


def test_two_fingers_move_the_plane_with_them(window: MainWindow) -> None:
    canvas = window.canvas
    scale, place = canvas.plane.scale, canvas.plane.to_data(300, 250)
    pinch(Touch(canvas), 1.0, (80, -40))
    assert canvas.plane.scale == pytest.approx(scale)
    assert canvas.plane.to_data(380, 210) == pytest.approx(place, abs=1e-3)


def test_three_fingers_move_it_too_and_one_that_comes_or_goes_makes_no_jump(window: MainWindow) -> None:
    canvas, touch = window.canvas, Touch(window.canvas)
    touch.touch({0: (250, 250), 1: (350, 250)})
    plane = canvas.plane
    touch.touch({0: (250, 250), 1: (350, 250), 2: (300, 400)})
    assert canvas.plane == plane
    touch.touch({0: (260, 250), 1: (360, 250), 2: (310, 400)})
    assert canvas.plane.to_data(10, 0) == pytest.approx(plane.to_data(0, 0))
    plane = canvas.plane
    touch.touch({0: (260, 250), 1: (360, 250)})
    touch.touch({0: (260, 250)})
    touch.touch({0: (100, 100)})
    assert canvas.plane == plane
    touch.touch({})
    assert n_points(window) == 60
    draw(touch)
    assert n_points(window) > 60


def test_a_finger_that_is_put_back_elsewhere_only_takes_hold(window: MainWindow) -> None:
    canvas, touch = window.canvas, Touch(window.canvas)
    touch.touch({0: (250, 250)})
    touch.touch({0: (250, 250), 1: (350, 250)})
    touch.touch({0: (240, 250), 1: (360, 250)})
    before = canvas.plane
    touch.touch({0: (240, 250)})
    touch.touch({0: (260, 300)})
    touch.touch({0: (260, 300), 1: (300, 400)})  # with the number it had
    assert canvas.plane == before
    touch.touch({})


def test_a_hand_that_rests_on_the_screen_leaves_the_stroke_of_the_mouse_alone(window: MainWindow) -> None:
    canvas, touch = window.canvas, Touch(window.canvas)
    plane = canvas.plane
    QTest.mousePress(canvas, LEFT, NONE, QPoint(200, 200))
    touch.touch({0: (300, 300)})
    touch.touch({0: (300, 300), 1: (400, 300)})
    touch.touch({0: (300, 300), 1: (440, 300)})
    touch.touch({})
    assert canvas.gestures.is_drawing
    assert canvas.plane == plane
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(200, 200))
    assert n_points(window) == 61


def test_a_touch_that_the_system_takes_away_leaves_nothing(window: MainWindow) -> None:
    canvas, touch = window.canvas, Touch(window.canvas)
    touch.touch({0: (200, 200)})
    touch.touch({0: (260, 220)})
    assert canvas.gestures.is_drawing
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, SCREEN, NONE, []))
    assert not canvas.gestures.is_drawing
    assert n_points(window) == 60
    assert n_steps(window) == 0


def test_a_field_of_another_lane_is_moved_by_two_fingers_and_the_others_follow(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    lane = small_experiment()
    window = make_window(Experiment(lane.dataset, lane.lanes * 2))
    window.move(-500, 0)  # what is beyond the edge of the screen cannot be touched
    field = window.workbench.fields.views[1]
    before = window.canvas.plane
    touch = Touch(field)
    touch.touch({0: (40, 80)})
    touch.touch({0: (40, 80), 1: (80, 80)})
    touch.touch({0: (20, 80), 1: (100, 80)})
    touch.touch({})
    assert window.canvas.plane.scale == pytest.approx(2 * before.scale)
    assert n_points(window) == 60


def test_fingers_on_a_touchpad_are_its_own_affair(window: MainWindow) -> None:
    draw(Touch(window.canvas, PAD))
    assert n_points(window) == 60


def test_a_pinch_on_a_touchpad_zooms_at_the_pointer(window: MainWindow) -> None:
    canvas, place = window.canvas, QPointF(300, 250)
    before, under = canvas.plane, canvas.plane.to_data(300, 250)
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, PAD, 2, place, place, canvas.mapToGlobal(place), 0.25, QPointF())
    QApplication.sendEvent(canvas, event)
    assert canvas.plane.scale == pytest.approx(1.25 * before.scale)
    assert canvas.plane.to_data(300, 250) == pytest.approx(under)


def test_fingers_that_nearly_meet_do_not_zoom_to_infinity() -> None:
    plane, half = Plane(), MIN_SPREAD / 100
    near, far = Hand({0: (50 - half, 50), 1: (50 + half, 50)}), Hand({0: (0, 50), 1: (100, 50)})
    assert far.carried(plane, near).scale == plane.scale
    assert near.carried(plane, far).scale == plane.scale
    assert far.carried(plane, Hand({0: (25, 50), 1: (75, 50)})).scale == 2 * plane.scale


# pens


def pen(end: QPointingDevice.PointerType) -> QPointingDevice:
    kind, capability = QInputDevice.DeviceType.Stylus, QInputDevice.Capability.Position
    return QPointingDevice("pen", 7, kind, end, capability, 1, 3)


PEN, OTHER_END = pen(QPointingDevice.PointerType.Pen), pen(QPointingDevice.PointerType.Eraser)
TABLET = {
    QEvent.Type.MouseButtonPress: QEvent.Type.TabletPress,
    QEvent.Type.MouseMove: QEvent.Type.TabletMove,
    QEvent.Type.MouseButtonRelease: QEvent.Type.TabletRelease,
}


def pen_stroke(window: MainWindow, device: QPointingDevice, button: Qt.MouseButton = LEFT) -> None:
    """A stroke over the middle of the plane, as Qt delivers it: the pen's event, and the mouse's if it is ignored."""
    canvas = window.canvas
    places = [QPointF(x, 250) for x in range(120, 420, 12)]
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * len(places), QEvent.Type.MouseButtonRelease]
    for kind, place in zip(kinds, [places[0], *places, places[-1]], strict=True):
        held = NO_BUTTON if kind is QEvent.Type.MouseButtonRelease else button
        changed = NO_BUTTON if kind is QEvent.Type.MouseMove else button
        there = canvas.mapToGlobal(place)
        told = QTabletEvent(TABLET[kind], device, place, there, 0.5, 0, 0, 0, 0, 0, NONE, changed, held)
        QApplication.sendEvent(canvas, told)
        assert not told.isAccepted()
        QApplication.sendEvent(canvas, QMouseEvent(kind, place, there, changed, held, NONE))


@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.SPIRAL, Tool.LASSO, Tool.MOVE])
def test_the_other_end_of_the_pen_erases_whatever_the_tool(window: MainWindow, tool: Tool) -> None:
    window.actions_by_name[tool].trigger()
    window.workbench.resize_ring(60)
    pen_stroke(window, OTHER_END)
    assert n_points(window) < 60
    assert window.session.undo_stack.text(0).startswith("Erase")
    assert window.canvas.hand.tool is tool


def test_the_tip_of_the_pen_draws_its_button_erases_or_moves(window: MainWindow) -> None:
    canvas = window.canvas
    pen_stroke(window, PEN)
    drawn = n_points(window)
    assert drawn > 60
    plane = canvas.plane
    pen_stroke(window, PEN, MIDDLE)
    assert canvas.plane.centre_x != plane.centre_x
    assert n_points(window) == drawn
    pen_stroke(window, PEN, RIGHT)
    assert window.session.undo_stack.undoText().startswith("Erase")


def test_the_mouse_draws_after_the_pen_has_erased(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    pen_stroke(window, OTHER_END)
    erased = n_points(window)
    monkeypatch.setattr("gui.canvas.touch.PEN_MILLISECONDS", -1)  # as if some time had passed
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 100))
    assert n_points(window) == erased + 1


def test_a_pen_that_hovers_with_its_other_end_shows_the_ring_of_the_eraser(window: MainWindow) -> None:
    canvas, place = window.canvas, QPointF(300, 250)
    window.workbench.use_options(ToolOptions())
    window.actions_by_name[Tool.POINT].trigger()  # a tool without a ring
    pictures = []
    for device in (PEN, OTHER_END):
        there, kind = canvas.mapToGlobal(place), QEvent.Type.TabletMove
        told = QTabletEvent(kind, device, place, there, 0, 0, 0, 0, 0, 0, NONE, NO_BUTTON, NO_BUTTON)
        QApplication.sendEvent(canvas, told)
        QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, place, there, NO_BUTTON, NO_BUTTON, NONE))
        pictures.append(canvas.grab().toImage())
    assert pictures[0] != pictures[1]
