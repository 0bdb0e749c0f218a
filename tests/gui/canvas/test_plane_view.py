"""A view of the plane: layers that are added by a row, one gesture at a time, and no picture painted twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from gui.canvas.canvas import Canvas
from gui.canvas.gestures import Gesture, Press, Spot
from gui.canvas.plane_view import FRAME_MILLISECONDS, PlaneView
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.paint.scene import PlaneScene

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
INK = QColor("#123456")


class Band:
    """A layer that is planted: a band across the whole widget."""

    def __init__(self, colour: QColor = INK) -> None:
        self.colour, self.scenes = colour, list[PlaneScene]()
        self.found: list[tuple[QPen, bool]] = []

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        hint = QPainter.RenderHint.Antialiasing
        self.scenes.append(scene)
        self.found.append((painter.pen(), painter.testRenderHint(hint)))
        painter.setPen(QPen(self.colour, 7))
        painter.setRenderHint(hint)
        painter.fillRect(0, 100, scene.size.width(), 10, self.colour)


class Noting(Gesture):
    """A gesture that is planted."""

    draws = True

    def __init__(self) -> None:
        self.heard: list[str] = []

    def begin(self) -> None:
        self.heard.append("begin")

    def move(self, spot: Spot) -> None:
        self.heard.append(f"move {spot.pixel.x():.0f}")

    def release(self) -> None:
        self.heard.append("release")

    def cancel(self) -> None:
        self.heard.append("cancel")


class Planted(PlaneView):
    """A view on which the left button begins the planted gesture."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.begun: list[Noting] = []

    def start(self, press: Press) -> Gesture | None:
        if press.button != LEFT:
            return None
        self.begun.append(Noting())
        return self.begun[-1]


def shown(qtbot: QtBot, view: PlaneView) -> None:
    qtbot.addWidget(view)
    view.resize(640, 600)
    view.show()
    qtbot.waitExposed(view)


@pytest.fixture
def view(qtbot: QtBot) -> Planted:
    view = Planted()
    shown(qtbot, view)
    return view


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    shown(qtbot, canvas)
    canvas.show_dataset(empty_dataset(3).with_points([[0.0, 0.0], [0.5, 0.5]], [0, 1]), Shares(0.2))
    return canvas


def move(view: PlaneView, x: float, y: float, buttons: Qt.MouseButton = LEFT) -> None:
    place, none = QPointF(x, y), Qt.MouseButton.NoButton
    modifiers = Qt.KeyboardModifier.NoModifier
    moved = QMouseEvent(QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, buttons, modifiers)
    QApplication.sendEvent(view, moved)


def test_a_layer_is_one_row_and_lies_on_the_plane_only(canvas: Canvas) -> None:
    band = Band()
    canvas.layers.append(band)
    picture = canvas.grab().toImage()

    assert picture.pixelColor(300, 105) == INK
    assert picture.pixelColor(20, 105) != INK, "the axes are not of the plane"
    (scene,) = band.scenes
    assert scene.plane == canvas.plane
    assert scene.dataset is canvas.dataset
    assert scene.selected is canvas.selection.mask


def test_no_layer_leaves_its_pen_to_the_next(canvas: Canvas) -> None:
    first, second = Band(), Band(QColor("#654321"))
    canvas.layers[:0] = [first, second]
    canvas.grab()

    assert first.found == second.found
    assert not second.found[0][1]


def test_a_later_layer_lies_over_an_earlier_one(canvas: Canvas) -> None:
    canvas.layers += [Band(), Band(QColor("#654321"))]
    assert canvas.grab().toImage().pixelColor(300, 105) == QColor("#654321")


def test_a_gesture_is_one_object_from_press_to_release(view: Planted) -> None:
    told: list[bool] = []
    view.gestures.drawing_changed.connect(told.append)
    QTest.mousePress(view, LEFT, pos=QPoint(200, 200))
    move(view, 210, 200)
    QTest.mousePress(view, RIGHT, pos=QPoint(210, 200))
    QTest.mouseRelease(view, RIGHT, pos=QPoint(210, 200))
    QTest.mousePress(view, MIDDLE, pos=QPoint(210, 200))
    move(view, 230, 200)
    QTest.mouseRelease(view, MIDDLE, pos=QPoint(230, 200))
    QTest.mouseRelease(view, LEFT, pos=QPoint(230, 200))

    (gesture,) = view.begun
    assert gesture.heard == ["begin", "move 210", "move 230", "release"]
    assert told == [True, False]
    assert view.gestures.current is None


def test_a_gesture_that_is_given_up_is_not_released_too(view: Planted) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(200, 200))
    view.gestures.cancel()
    view.gestures.cancel()
    QTest.mouseRelease(view, LEFT, pos=QPoint(200, 200))

    assert view.begun[0].heard == ["begin", "cancel"]


def test_a_release_that_the_view_could_not_see_ends_the_gesture(view: Planted) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(200, 200))
    move(view, 250, 200, Qt.MouseButton.NoButton)

    assert view.begun[0].heard == ["begin", "release"]


def test_a_gesture_that_begins_over_another_ends_that_first(view: Planted) -> None:
    first, second = Noting(), Noting()
    view.gestures.begin(first)
    view.gestures.begin(second)

    assert view.gestures.current is second
    assert "release" in first.heard
    assert "release" not in second.heard


def test_a_gesture_that_moves_the_plane_holds_no_history_back(view: Planted) -> None:
    told: list[bool] = []
    view.gestures.drawing_changed.connect(told.append)
    before = view.plane.centre_x
    QTest.mousePress(view, MIDDLE, pos=QPoint(200, 200))
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    move(view, 260, 200, MIDDLE)
    QTest.mouseRelease(view, MIDDLE, pos=QPoint(260, 200))

    assert view.plane.centre_x == pytest.approx(before - 60 / view.plane.scale)
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor
    assert told == []


def test_what_takes_an_event_is_one_row(view: Planted) -> None:
    taken: list[int] = []

    def take(event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            taken.append(event.key())
        return False

    view.takers = (*view.takers, take)
    QTest.keyClick(view, Qt.Key.Key_Q)
    assert taken == [Qt.Key.Key_Q]


@pytest.fixture
def count_paintings(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a canvas was painted since this was asked last."""
    painted, paint = 0, Canvas.paintEvent

    def paint_and_count(canvas: Canvas, event: QPaintEvent) -> None:
        nonlocal painted
        painted += 1
        paint(canvas, event)

    def count() -> int:
        nonlocal painted
        QTest.qWait(2 * FRAME_MILLISECONDS)
        number, painted = painted, 0
        return number

    monkeypatch.setattr(Canvas, "paintEvent", paint_and_count)
    return count


def test_what_is_shown_already_is_not_painted_again(canvas: Canvas, count_paintings: Callable[[], int]) -> None:
    count_paintings()
    canvas.show_dataset(canvas.dataset, canvas.shares)
    canvas.hand.choose(canvas.hand.tool, canvas.hand.label)
    assert count_paintings() == 0
    canvas.show_dataset(canvas.dataset, Shares(0.5))
    assert count_paintings() == 1
    canvas.show_dataset(canvas.dataset.with_points([[0.1, 0.1]], 0), Shares(0.5))
    assert count_paintings() == 1


def test_the_canvas_does_not_paint_its_own_draft_when_it_comes_back(
    qtbot: QtBot, window: MainWindow, count_paintings: Callable[[], int]
) -> None:
    canvas, session = window.canvas, window.session
    window.actions_by_name[Tool.BRUSH].trigger()
    QTest.mousePress(canvas, LEFT, pos=QPoint(200, 200))
    with qtbot.waitSignal(session.experiment_changed):
        for x in range(210, 400, 10):
            move(canvas, x, 200)
    count_paintings()
    assert session.experiment.dataset is canvas.dataset
    window.show_experiment(session.experiment)
    assert count_paintings() == 0
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(390, 200))
    assert session.experiment.dataset is canvas.dataset


class Paintings:
    """What a canvas showed each time it was painted, and how often a screen could have shown it."""

    def __init__(self, canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: list[tuple[Dataset, QPointF | None]] = []
        self.since = time.perf_counter()
        paint = canvas.paintEvent

        def paint_and_note(event: QPaintEvent) -> None:
            self.shown.append((canvas.dataset, canvas.pointer._pixel))
            paint(event)

        monkeypatch.setattr(canvas, "paintEvent", paint_and_note)

    @property
    def frames(self) -> int:
        return int((time.perf_counter() - self.since) * 1000 / FRAME_MILLISECONDS) + 2


def test_the_ring_is_painted_once_a_frame_and_where_the_pointer_went_last(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    QTest.qWait(2 * FRAME_MILLISECONDS)
    paintings = Paintings(canvas, monkeypatch)
    for x in range(100, 500):
        move(canvas, x, 200, Qt.MouseButton.NoButton)
        QTest.qWait(1)
    assert 2 <= len(paintings.shown) <= paintings.frames
    qtbot.waitUntil(lambda: paintings.shown[-1][1] == QPointF(499, 200))


@pytest.mark.parametrize("is_given_up", [False, True])
def test_a_stroke_is_painted_once_a_frame_and_as_it_ends(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch, is_given_up: bool
) -> None:
    before = canvas.dataset
    canvas.hand.choose(Tool.SPRAY, 0)
    QTest.qWait(2 * FRAME_MILLISECONDS)
    paintings = Paintings(canvas, monkeypatch)
    QTest.mousePress(canvas, LEFT, pos=QPoint(100, 200))
    for x in range(100, 400):
        move(canvas, x, 200)
        QTest.qWait(1)
    if is_given_up:
        canvas.gestures.cancel()
    else:
        QTest.mouseRelease(canvas, LEFT, pos=QPoint(399, 200))
    assert (canvas.dataset is before) is is_given_up
    qtbot.waitUntil(lambda: paintings.shown[-1][0] is canvas.dataset)
    assert 2 <= len(paintings.shown) <= paintings.frames


def test_points_that_are_appended_keep_the_selection(canvas: Canvas) -> None:
    canvas.selection.select(np.array([False, True]))
    canvas.show_dataset(canvas.dataset.with_points([[0.1, 0.1]], 0), Shares(0.2))
    assert canvas.selection.mask.tolist() == [False, True, False]
