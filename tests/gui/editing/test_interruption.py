"""What happens to a drawing when something else is done meanwhile: it is a step, under its name, and told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.dataset import Dataset
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.text.sentences import NO_ROOM
from tests.gui.conftest import MakeWindow

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
DRAWING = [tool for tool in Tool if tool.facts.begins is not None]


@pytest.fixture
def window(window: MainWindow) -> Iterator[MainWindow]:
    """A window; the button that goes down on it comes up again, or it would be down for other tests, too."""
    yield window
    QTest.mouseRelease(window.canvas, LEFT)


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def begin(window: MainWindow, tool: Tool, *places: tuple[int, int]) -> None:
    """A stroke that nobody has ended."""
    window.canvas.hand.radius = 0.5
    do(window, tool)
    QTest.mousePress(window.canvas, LEFT, pos=QPoint(*places[0]))
    for place in places[1:]:
        pixel, none = QPointF(*place), Qt.MouseButton.NoButton
        there, modifiers = window.canvas.mapToGlobal(pixel), Qt.KeyboardModifier.NoModifier
        moved = QMouseEvent(QEvent.Type.MouseMove, pixel, there, none, LEFT, modifiers)
        QApplication.sendEvent(window.canvas, moved)


def texts(window: MainWindow) -> list[str]:
    stack = window.session.undo_stack
    return [stack.text(index) for index in range(stack.count())]


class Heard:
    """What the canvas says of strokes."""

    def __init__(self, window: MainWindow) -> None:
        self.said: list[str] = []
        hand = window.canvas.hand
        hand.stroke_finished.connect(lambda _stroke: self.said.append("finished"))
        hand.stroke_cancelled.connect(lambda: self.said.append("cancelled"))


@pytest.mark.parametrize("tool", DRAWING)
def test_another_edit_makes_the_stroke_a_step_of_its_own_up_to_the_last_move(window: MainWindow, tool: Tool) -> None:
    before, heard = window.session.experiment.dataset, Heard(window)
    begin(window, tool, (250, 250), (300, 280), (340, 290))
    do(window, Action.ADD_CLASS)

    assert window.canvas.gestures.current is None
    drawn, added = texts(window)
    assert drawn.split()[0] == str(tool.facts.step(2, "Blue")).split()[0]
    assert added == "Add Class"
    assert heard.said == [], "what was asked for is not told again"
    assert window.canvas.dataset is window.session.experiment.dataset
    do(window, Action.UNDO)
    after: Dataset = window.session.experiment.dataset
    assert after != before
    assert window.canvas.dataset is after
    do(window, Action.UNDO)
    assert window.session.experiment.dataset is before
    assert window.canvas.dataset is before


def test_no_move_of_the_pointer_is_lost_by_an_interruption(window: MainWindow) -> None:
    begin(window, Tool.POINT, (250, 250), (300, 280), (341, 297))
    do(window, Action.SELECT_ALL)
    drawn = window.canvas.plane.to_pixels(window.session.experiment.dataset.points[-1:])[0]
    assert np.abs(drawn - (341, 297)).max() <= 0.5
    assert window.canvas.selection.mask.all()


def test_a_stroke_that_has_changed_nothing_is_no_step(window: MainWindow) -> None:
    before = window.session.experiment
    begin(window, Tool.MOVE, (250, 250), (300, 280))
    QTest.qWait(80)  # a draft has reached the session
    begin_again = QPointF(250, 250)
    there, none = window.canvas.mapToGlobal(begin_again), Qt.MouseButton.NoButton
    back = QMouseEvent(QEvent.Type.MouseMove, begin_again, there, none, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.canvas, back)
    do(window, Action.COPY)
    assert texts(window) == []
    assert window.session.experiment == before
    assert window.canvas.dataset is window.session.experiment.dataset


def test_a_marquee_selects_what_it_surrounds_when_it_is_interrupted(window: MainWindow) -> None:
    rect = window.canvas.rect()
    begin(window, Tool.RECTANGLE, (50, 20), (rect.right() - 20, rect.bottom() - 40))
    do(window, Action.ADD_CLASS)
    assert window.canvas.selection.mask.all()
    assert texts(window) == ["Add Class"]


@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.ERASER, Tool.MOVE, Tool.RECTANGLE])
def test_the_history_that_moves_takes_what_is_drawn_with_it(window: MainWindow, tool: Tool) -> None:
    do(window, Action.ADD_CLASS)
    heard = Heard(window)
    begin(window, tool, (250, 250), (300, 280))
    window.session.undo_stack.undo()
    assert window.canvas.gestures.current is None
    assert heard.said == []
    assert window.canvas.dataset is window.session.experiment.dataset
    assert texts(window) == ["Add Class"]


def test_a_full_plane_is_told_in_a_sentence(window: MainWindow) -> None:
    window.canvas.hand.no_room.emit()
    assert window.status_bar.currentMessage() == str(NO_ROOM)


def connections(window: MainWindow) -> list[tuple[Any, Callable[..., object]]]:
    """What is connected between the plane, the session and the window where a signal has several listeners."""
    canvas, session, fields = window.canvas, window.session, window.workbench.fields
    return [
        (canvas.camera.moved, canvas._show_part),
        (canvas.camera.moved, canvas.hand._keep_size),
        (canvas.camera.moved, fields._follow),
        (canvas.selection.changed, canvas._show_selection),
        (canvas.selection.changed, window.workbench._show_selection),
        (canvas.selection.changed, window._show_selection),
        (canvas.crosshair.moved, canvas.keys._drag),
        (canvas.crosshair.moved, canvas.pointer._tell),
        (canvas.gestures.changed, canvas.show_cursor),
        (canvas.gestures.drawing_changed, window._hold_history),
        (canvas.hand.stroke_moved, session.draft),
        (canvas.hand.stroke_finished, window._strokes.commit),
        (canvas.hand.stroke_cancelled, session.cancel_draft),
        (canvas.hand.ring_resized, window.workbench.tool_options.show_ring),
        (session.experiment_changed, window.laboratory._show_experiment),
        (session.experiment_changed, window.show_experiment),
    ]


def an_afternoon(window: MainWindow) -> list[object]:
    """Strokes, a selection, a nudge, an interruption, undo and the keyboard; what is left of them."""
    canvas, left = window.canvas, list[object]()

    def note() -> None:
        assert canvas.dataset is window.session.experiment.dataset
        dataset, undo = canvas.dataset, window.actions_by_name[Action.UNDO]
        numbers = dataset.points.tolist(), dataset.labels.tolist(), canvas.selection.mask.tolist()
        left.append((numbers, texts(window), undo.isEnabled(), canvas.plane, canvas.hand.radius))

    begin(window, Tool.BRUSH, (100, 100), (160, 100), (220, 160))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(220, 160))
    note()
    begin(window, Tool.RECTANGLE, (80, 80), (240, 240))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(240, 240))
    note()
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    note()
    begin(window, Tool.MOVE, (200, 200), (260, 200))
    canvas.camera.zoom(1.5)
    do(window, Action.ADD_CLASS)
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(260, 200))
    note()
    begin(window, Tool.ERASER, (200, 200), (260, 200))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(260, 200))
    note()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    do(window, Tool.LINE)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(canvas, key, SHIFT if key is Qt.Key.Key_Left else Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    note()
    for _ in range(3):
        do(window, Action.UNDO)
        note()
    return left


def test_no_order_of_connections_matters(make_window: MakeWindow) -> None:
    outcomes = []
    for is_reversed in (False, True):
        window = make_window()
        window.canvas.hand.generator = np.random.default_rng(3)
        made = connections(window)
        for signal, slot in made:
            signal.disconnect(slot)
        for signal, slot in reversed(made) if is_reversed else made:
            signal.connect(slot)
        outcomes.append(an_afternoon(window))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) == 9
