"""The history is held back during a stroke: by its keys, its entries, and the view of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QUndoView
from pytestqt.qtbot import QtBot

from gui.actions import Action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from tests.gui.canvas.test_canvas import move, stroke
from tests.gui.files.test_file_actions import Answers, answers, do, window

__all__ = ["answers", "window"]  # fixtures
LEFT = Qt.MouseButton.LeftButton


def view_of(window: MainWindow) -> QUndoView:
    do(window, Action.HISTORY)
    dialog = window.findChild(QDialog, "history")
    assert isinstance(dialog, QDialog)
    view = dialog.findChild(QUndoView)
    assert isinstance(view, QUndoView)
    return view


def click_on_first(view: QUndoView) -> None:
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(0, 0)).center())


@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.ERASER, Tool.RECTANGLE])
def test_in_the_middle_of_a_stroke_nothing_goes_back(
    qtbot: QtBot, window: MainWindow, answers: Answers, tool: Tool
) -> None:
    stroke(qtbot, window.canvas, (100, 100), (200, 130))
    view, stack = view_of(window), window.session.undo_stack
    do(window, tool)
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(300, 300))
    move(window.canvas, (340, 300), LEFT)
    click_on_first(view)
    for name in ("undo", "redo", "history"):
        assert not window.actions_by_name[name].isEnabled()
        do(window, name)
    assert stack.index() == 1
    qtbot.mouseRelease(window.canvas, LEFT, pos=QPoint(340, 300))
    assert window.canvas.dataset is window.session.experiment.dataset
    assert window.actions_by_name[Action.UNDO].isEnabled()
    click_on_first(view)
    assert stack.index() == 0


def test_after_a_cancelled_stroke_the_history_is_back(qtbot: QtBot, window: MainWindow) -> None:
    stroke(qtbot, window.canvas, (100, 100), (200, 130))
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(300, 300))
    assert not window.actions_by_name[Action.UNDO].isEnabled()
    window.canvas.gestures.cancel()
    assert window.actions_by_name[Action.UNDO].isEnabled()


@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.MOVE, Tool.ERASER])
def test_whoever_moves_the_history_even_so_ends_the_stroke_and_all_show_the_same(
    qtbot: QtBot, window: MainWindow, tool: Tool
) -> None:
    opened = window.session.experiment
    stroke(qtbot, window.canvas, (100, 100), (200, 130))
    do(window, tool)
    qtbot.mousePress(window.canvas, LEFT, pos=QPoint(300, 300))
    move(window.canvas, (340, 300), LEFT)
    window.session.undo_stack.setIndex(0)
    assert not window.canvas.gestures.is_drawing
    move(window.canvas, (380, 300), LEFT)
    qtbot.mouseRelease(window.canvas, LEFT, pos=QPoint(380, 300))
    assert window.session.experiment is opened
    assert window.canvas.dataset is opened.dataset
    assert window.session.undo_stack.index() == 0
