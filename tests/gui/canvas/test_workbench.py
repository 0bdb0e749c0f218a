"""Tools in the real window: each by its key and its button, with a real stroke, undone and redone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeySequence, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset
from gui.actions import Action, class_action
from gui.canvas.tool_in_hand import Drawing
from gui.drawing.options import ToolOptions
from gui.drawing.strokes import SprayStroke
from gui.drawing.tools import Tool
from gui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
DRAWING = [tool for tool in Tool if tool.facts.begins is not None]


@pytest.fixture
def focused(qtbot: QtBot, window: MainWindow) -> MainWindow:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    return window


def dataset_of(window: MainWindow) -> Dataset:
    return window.session.experiment.dataset


def drag(window: MainWindow) -> None:
    """A stroke across the middle of the canvas that takes long enough for the tools that need time."""
    canvas = window.canvas
    middle = canvas.rect().center()
    QTest.mousePress(canvas, LEFT, pos=middle)
    for x in range(5, 60, 5):
        QTest.mouseMove(canvas, middle + QPoint(x, x // 2))
        QTest.qWait(4)
    QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(55, 27))


@pytest.mark.parametrize("tool", Tool)
def test_a_key_takes_a_tool_in_hand_and_shows_so_everywhere(focused: MainWindow, tool: Tool) -> None:
    QTest.keyClick(focused.canvas, Qt.Key(ord(tool.facts.key)))
    assert focused.canvas.hand.tool is tool
    assert focused.actions_by_name[tool].isChecked()
    button = focused.workbench.tool_strip.widgetForAction(focused.actions_by_name[tool])
    assert button.property("checked")
    assert button.accessibleName()
    assert not focused.canvas.cursor().pixmap().isNull()
    assert focused.workbench.tool_options.findChild(QLineEdit) is not None


def test_every_tool_has_a_cursor_of_its_own(focused: MainWindow) -> None:
    pictures = set()
    for tool in Tool:
        focused.actions_by_name[tool].trigger()
        pictures.add(bytes(focused.canvas.cursor().pixmap().toImage().constBits()))
    assert len(pictures) == len(Tool)


@pytest.mark.parametrize("tool", DRAWING)
def test_a_stroke_of_any_tool_is_one_step_that_is_undone_and_redone_exactly(focused: MainWindow, tool: Tool) -> None:
    focused.canvas.hand.radius = 0.5
    focused.actions_by_name["class_2"].trigger()
    focused.actions_by_name[tool].trigger()
    before = dataset_of(focused)
    drag(focused)
    after = dataset_of(focused)
    stack = focused.session.undo_stack

    assert after != before
    assert stack.count() == 1
    assert stack.text(0)
    if tool.facts.uses_class and tool is not Tool.RELABEL:
        assert len(after) > len(before)
        assert set(after.labels[len(before) :].tolist()) == {1}
    focused.actions_by_name[Action.UNDO].trigger()
    assert dataset_of(focused) is before
    focused.actions_by_name[Action.REDO].trigger()
    assert dataset_of(focused) is after


@pytest.mark.parametrize("tool", DRAWING)
def test_escape_gives_any_stroke_up_and_leaves_no_step(focused: MainWindow, tool: Tool) -> None:
    focused.canvas.hand.radius = 0.5
    focused.actions_by_name[tool].trigger()
    before = dataset_of(focused)
    middle = focused.canvas.rect().center()
    QTest.mousePress(focused.canvas, LEFT, pos=middle)
    QTest.mouseMove(focused.canvas, middle + QPoint(30, 10))
    QTest.qWait(80)
    QTest.keyClick(focused.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(focused.canvas, LEFT, pos=middle)

    assert dataset_of(focused) == before
    assert focused.session.undo_stack.count() == 0


@pytest.mark.parametrize("tool", [tool for tool in Tool if "stamp_points" in tool.facts.options])
def test_a_stamp_is_where_it_was_dragged(focused: MainWindow, tool: Tool) -> None:
    focused.workbench.use_options(ToolOptions(stamp_noise=0.0, stamp_points=30))
    focused.actions_by_name[tool].trigger()
    before = dataset_of(focused)
    drag(focused)
    canvas = focused.canvas
    middle = canvas.rect().center()
    stamped = canvas.plane.to_pixels(dataset_of(focused).points[len(before) :])
    assert len(stamped) == 30
    reach = {Tool.BLOB: 5.0}.get(tool, 1.3) * np.hypot(55, 27)
    assert np.hypot(*(stamped - (middle.x(), middle.y())).T).max() < reach


def test_choosing_a_class_puts_a_tool_away_that_has_no_use_for_it(focused: MainWindow) -> None:
    for tool in Tool:
        focused.actions_by_name[tool].trigger()
        focused.actions_by_name["class_1"].trigger()
        assert focused.canvas.hand.tool is (tool if tool.facts.uses_class else Tool.BRUSH)


def test_the_keys_of_the_tools_are_letters_in_a_text_field(qtbot: QtBot, focused: MainWindow) -> None:
    focused.actions_by_name[Action.RENAME_CLASS].trigger()
    field = focused.class_list.findChild(QLineEdit)
    assert field is not None
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "pes.[1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dataset_of(focused).class_names[0] == "pes.[1")
    assert focused.canvas.hand.tool is Tool.BRUSH


def test_the_pressure_of_a_pen_scales_the_rate_of_the_spray(focused: MainWindow) -> None:
    focused.workbench.use_options(ToolOptions(rate=1000))
    focused.actions_by_name[Tool.SPRAY].trigger()
    canvas = focused.canvas
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    gesture = with_clock(focused, Clock(0.04))
    stroke = gesture.stroke
    assert isinstance(stroke, SprayStroke)
    seconds: list[float] = []
    stroke.pass_time = seconds.append  # type: ignore[method-assign, assignment]
    press(focused, 0.25)
    gesture.advance()
    QTest.mouseRelease(canvas, LEFT, pos=canvas.rect().center())
    assert seconds[-1] == pytest.approx(0.01), "a quarter of what has passed"


class Clock:
    """At each look as much time has passed since the one before it, however long that really is ago."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self.looks = seconds, 0

    def start(self) -> None: ...

    def nsecsElapsed(self) -> int:
        self.looks += 1
        return round(self._seconds * 1e9)


def with_clock(window: MainWindow, clock: Clock) -> Drawing:
    """The stroke that is under way, to which time passes by this clock."""
    gesture = window.canvas.gestures.current
    assert isinstance(gesture, Drawing)
    gesture.clock = clock  # type: ignore[assignment]
    return gesture


def test_the_spray_keeps_the_rate_it_says(focused: MainWindow) -> None:
    rate, seconds = 2000.0, 0.0087
    focused.workbench.use_options(ToolOptions(rate=rate))
    focused.actions_by_name[Tool.SPRAY].trigger()
    canvas = focused.canvas
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    clock = Clock(seconds)
    gesture, before = with_clock(focused, clock), len(canvas.dataset)
    for _ in range(80):
        gesture.advance()
    QTest.mouseRelease(canvas, LEFT, pos=canvas.rect().center())
    assert len(dataset_of(focused)) - before == pytest.approx(rate * seconds * clock.looks, abs=1)


def press(window: MainWindow, pressure: float) -> None:
    """A pen that moves with a pressure."""
    place, none = QPointF(window.canvas.rect().center()), Qt.KeyboardModifier.NoModifier
    event = QTabletEvent(
        QTabletEvent.Type.TabletMove,
        QPointingDevice.primaryPointingDevice(),
        place,
        window.canvas.mapToGlobal(place),
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        none,
        LEFT,
        LEFT,
    )
    QApplication.sendEvent(window.canvas, event)
    assert not event.isAccepted(), "Qt makes a mouse event of it"


def test_points_beyond_the_edge_are_counted_on_the_plane(focused: MainWindow) -> None:
    canvas = focused.canvas
    assert canvas.points.n_outside == 0
    canvas.camera.zoom(6.0)
    canvas.grab()
    inside = [canvas.plane.contains(x, y) for x, y in canvas.plane.to_pixels(dataset_of(focused).points).tolist()]
    assert canvas.points.n_outside == inside.count(False) > 0
    canvas.fit()
    canvas.grab()
    assert canvas.points.n_outside == 0


# the menu of the plane


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QMenu]:
    """The menus that are opened; without a screen none can take the keys."""
    found: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: found.append(menu))
    return found


def right_click(window: MainWindow, place: QPoint, way: int = 0) -> None:
    """Down and up, going so far meanwhile."""
    canvas, right = window.canvas, Qt.MouseButton.RightButton
    QTest.mousePress(canvas, right, pos=place)
    for part in (way // 2, way):
        QTest.mouseMove(canvas, place + QPoint(0, part))
    QTest.mouseRelease(canvas, right, pos=place + QPoint(0, way))


def empty_place(window: MainWindow) -> QPoint:
    """A pixel where the eraser would erase nothing."""
    canvas = window.canvas
    x, y = canvas.plane.to_pixels(canvas.dataset.places).T
    reach = canvas.hand.radius * canvas.plane.scale + 3
    for place in ((column, row) for column in range(80, 400, 10) for row in range(40, 400, 10)):
        if ((x - place[0]) ** 2 + (y - place[1]) ** 2 > reach**2).all():
            return QPoint(*place)
    raise AssertionError


def test_a_right_click_opens_a_menu_where_it_erases_nothing_and_a_drag_never(
    focused: MainWindow, opened: list[QMenu]
) -> None:
    n_points, empty = len(dataset_of(focused)), empty_place(focused)
    right_click(focused, empty)
    assert opened == [focused.workbench.menu]
    assert focused.session.undo_stack.count() == 0
    right_click(focused, empty, 40)
    right_click(focused, QPointF(*focused.canvas.plane.to_pixels(dataset_of(focused).places)[0].tolist()).toPoint())
    assert len(opened) == 1
    assert len(dataset_of(focused)) < n_points


def test_the_menu_key_opens_it_and_every_entry_has_a_letter(focused: MainWindow, opened: list[QMenu]) -> None:
    menu, handle = focused.workbench.menu, focused.windowHandle()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(focused.canvas, event)
    assert event.isAccepted()  # lest the window opens one of its own
    assert opened == []
    QTest.keyClick(handle, Qt.Key.Key_Menu)
    QTest.keyClick(handle, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert opened == [menu, menu]
    for each in (menu, *menu.findChildren(QMenu)):
        each.aboutToShow.emit()
        entries = [entry for entry in each.actions() if not entry.isSeparator() and entry.isVisible()]
        letters = [QKeySequence.mnemonic(entry.text()).toString() for entry in entries]
        assert "" not in letters
        assert len(set(letters)) == len(letters)
    named = [entry.text().replace("&", "") for entry in menu.actions()]
    assert {"Tools", "Class", "Copy", "Paste Here", "Select All", "Fit to Points"} <= set(named)


def test_points_are_pasted_where_the_menu_was_opened(
    focused: MainWindow, opened: list[QMenu], qapp: QApplication
) -> None:
    qapp.clipboard().setText("10\t20\n12\t24\n")
    before, empty = len(dataset_of(focused)), empty_place(focused)
    right_click(focused, empty)
    (here,) = [entry for entry in opened[0].actions() if entry.text().replace("&", "") == "Paste Here"]
    here.trigger()
    pasted = dataset_of(focused).places[before:]
    assert len(pasted) == 2
    place = focused.canvas.plane.to_data(empty.x(), empty.y())
    assert pasted.mean(axis=0) == pytest.approx(place, abs=1e-5)
    assert pasted[1] - pasted[0] == pytest.approx((2, 4), abs=1e-4)


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool.facts.uses_class])
def test_the_class_is_seen_at_the_pointer_with_every_tool_that_draws_one(focused: MainWindow, tool: Tool) -> None:
    focused.actions_by_name[tool].trigger()
    empty = empty_place(focused)
    area = QRect(empty - QPoint(30, 30), empty + QPoint(30, 30))
    pictures = []
    for label in (0, 1):
        focused.actions_by_name[class_action(label)].trigger()
        focused.canvas.pointer.move(QPointF(empty))
        pictures.append(focused.canvas.grab(area).toImage())
    focused.canvas.pointer.take(QEvent(QEvent.Type.Leave))
    assert pictures[0] != pictures[1]
    assert focused.canvas.grab(area).toImage() not in pictures


def test_beside_the_axes_it_is_said_what_the_network_sees_of_them(
    focused: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: told.append(text))
    for place in (QPoint(300, 200), QPoint(8, 200)):
        QApplication.sendEvent(focused.canvas, QHelpEvent(QEvent.Type.ToolTip, place, place))
    assert len(told) == 1
    assert "standardised" in told[0]
