"""The presentation: read from the last row, left as the window was, and drawn and trained in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunState
from engine.studies.presets import vanishing_lab
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.layout import first_geometry
from gui.main_window import MainWindow
from gui.paint.picture import svg_of
from gui.views import LabView
from tests.gui.conftest import MakeStill, MakeWindow, small_experiment, wait_for_epochs, wait_for_state

NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def size_is_as_before(qapp: QApplication) -> Iterator[None]:
    """What follows has the font that it had."""
    font = qapp.font()
    yield
    qapp.setFont(font)


def texts_of(window: MainWindow) -> dict[str, float]:
    """Every text that is shown, painted ones too, with the height of its capitals in pixels; the lowest of each."""
    found: dict[str, float] = {}
    for group in ElementTree.fromstring(svg_of(window, "window")).iter(f"{NAMESPACE}g"):
        matrix = [float(number) for number in re.findall(r"[-\d.e]+", group.get("transform") or "")]
        for text in group.findall(f"{NAMESPACE}text"):
            font = QFont([name.strip("'\" ") for name in (text.get("font-family") or "").split(",")])
            font.setPixelSize(100)
            scale = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
            height = float(text.get("font-size") or 0) * scale * QFontMetricsF(font).capHeight() / 100
            words = (text.text or "").strip()
            found[words] = min(height, found.get(words, height))
    return found


def thin_lines(window: MainWindow) -> list[float]:
    """The widths of the curves."""
    items = [item for view in window.findChildren(pg.GraphicsView) for item in view.items()]
    pens = [item.opts["pen"] for item in items if isinstance(item, pg.PlotCurveItem)]
    return [pen.widthF() for pen in pens if pen is not None and pen.style() != Qt.PenStyle.NoPen]


@pytest.mark.parametrize(("size", "capital"), [((1920, 1080), 21.0), ((1280, 720), 14.0)], ids=["1080", "720"])
def test_every_word_and_number_is_read_from_the_last_row(
    make_window: MakeWindow, qtbot: QtBot, size: tuple[int, int], capital: float
) -> None:
    window = make_window(vanishing_lab())
    window.resize(*size)
    window.presentation.begin(fills_screen=False)
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    wait_for_state(qtbot, window, RunState.PAUSED)
    for view in LabView:
        if not window.actions_by_name.get(view, window.actions_by_name[Action.TRAIN]).isVisible():
            continue
        window.laboratory.panel.show_view(view)
        qtbot.wait(20)
        texts = texts_of(window)
        assert len(texts) > 10
        assert {text: height for text, height in texts.items() if height < capital} == {}, view
    assert min(thin_lines(window)) >= 3 * size[1] / 1080


def test_it_shows_what_matters_and_ends_as_it_began(make_still: MakeStill) -> None:
    window = make_still(1366, 768, 2)
    action, bar = window.actions_by_name[Action.PRESENTATION], window.menuBar()
    rest = [bar, window.statusBar(), window.regions.settings, window.lane_bar, window.workbench.tool_strip]
    pointer = window.canvas.cursor().pixmap().width()
    geometry, sizes, font = window.geometry(), window.regions.work.sizes(), window.font()
    action.trigger()
    QCoreApplication.processEvents()
    assert window.windowState() & Qt.WindowState.WindowFullScreen
    assert not any(part.isVisible() for part in rest)
    assert window.run_bar.isVisible()
    assert window.canvas.isVisible()
    assert window.cursor().shape() is Qt.CursorShape.BitmapCursor
    halo = window.canvas.cursor()
    assert halo.pixmap().width() > 1.5 * pointer
    edge = halo.hotSpot() - QPoint(halo.hotSpot().x() // 2, 0)
    assert halo.pixmap().toImage().pixelColor(edge).alphaF() > 0.3  # around the cross, too

    window.actions_by_name[Action.DUPLICATE_LANE].trigger()
    assert not window.lane_bar.isVisible()
    window.actions_by_name[Action.UNDO].trigger()

    QTest.keyClick(window.canvas, Qt.Key.Key_Alt)
    assert bar.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_Alt)
    assert not bar.isVisible()

    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QCoreApplication.processEvents()
    assert not action.isChecked()
    assert not window.presentation.is_on
    assert all(part.isVisible() for part in rest)
    assert not window.windowState() & Qt.WindowState.WindowFullScreen
    assert window.geometry() == geometry
    assert window.font() == font
    assert window.regions.work.sizes() == pytest.approx(sizes, abs=2)
    assert window.cursor().shape() is Qt.CursorShape.ArrowCursor
    assert window.canvas.cursor().pixmap().width() == pointer


def test_the_epoch_stands_beside_the_figures_and_alone_over_several_lanes(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(small_experiment())
    window.resize(1280, 720)
    window.presentation.begin(fills_screen=False)
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    wait_for_state(qtbot, window, RunState.PAUSED)
    said = window.run_bar.headline.accessibleDescription()
    assert said.startswith("Accuracy: ")
    assert said.endswith("; Epoch: 3")
    window.actions_by_name[Action.DUPLICATE_LANE].trigger()
    qtbot.waitUntil(lambda: window.run_bar.headline.accessibleDescription() == "Epoch: 0")
    assert window.run_bar.headline.isVisible()
    window.presentation.end()
    assert not window.run_bar.headline.isVisible()


def test_reset_layout_ends_it_and_full_screen_leaves_it_on(make_still: MakeStill) -> None:
    window = make_still(1000, 650)
    geometry = window.geometry()
    window.actions_by_name[Action.PRESENTATION].trigger()
    font = window.font()
    for is_full in (False, True, False):
        window.actions_by_name[Action.FULL_SCREEN].trigger()
        QCoreApplication.processEvents()
        assert window.isFullScreen() is is_full
        assert window.presentation.is_on
    assert window.font() != font, "as large as the window is high"
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QCoreApplication.processEvents()
    assert window.geometry() == geometry
    window.actions_by_name[Action.PRESENTATION].trigger()
    window.actions_by_name[Action.RESET_LAYOUT].trigger()
    QCoreApplication.processEvents()
    assert not window.presentation.is_on
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()
    assert window.geometry().size() == first_geometry().size()


def test_lanes_that_come_meanwhile_have_its_shares_and_leave_those_of_the_window(make_still: MakeStill) -> None:
    window = make_still(1366, 768)
    work, undo = window.regions.work, window.actions_by_name[Action.UNDO]
    sizes = work.sizes()
    window.presentation.begin(fills_screen=False)
    QCoreApplication.processEvents()
    window.actions_by_name[Action.DUPLICATE_LANE].trigger()
    QCoreApplication.processEvents()
    assert work.orientation() is Qt.Orientation.Vertical
    assert work.sizes()[0] < 0.9 * work.sizes()[1]
    window.presentation.end()
    QCoreApplication.processEvents()
    undo.trigger()
    QCoreApplication.processEvents()
    assert work.sizes() == pytest.approx(sizes, abs=2)


def test_keys_draw_train_choose_views_and_lanes_while_the_menus_are_hidden(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(vanishing_lab())
    window.actions_by_name[Action.PRESENTATION].trigger()
    canvas, n_points = window.canvas, len(window.session.experiment.dataset)
    QTest.keyClick(canvas, Qt.Key.Key_P)
    assert canvas.hand.tool is Tool.POINT
    for key in (Qt.Key.Key_2, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(canvas, key)
    assert len(window.session.experiment.dataset) == n_points + 1
    assert canvas.hand.label == 1
    QTest.keyClick(canvas, Qt.Key.Key_Escape)  # the crosshair goes first
    assert window.presentation.is_on

    QTest.keyClick(canvas, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.laboratory.panel.view is LabView.CHAIN_RULE
    assert window.menuBar().isHidden()  # Alt was for the view
    QTest.keyPress(canvas, Qt.Key.Key_Alt)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, canvas.rect().center())
    QTest.keyRelease(canvas, Qt.Key.Key_Alt)
    assert window.menuBar().isHidden()  # and here for the click
    for lane in (1, 2, 0):
        QTest.keyClick(canvas, Qt.Key.Key_N)
        assert window._lanes.current == lane
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    wait_for_state(qtbot, window, RunState.RUNNING)
    QTest.keyClick(canvas, Qt.Key.Key_F5)
    assert not window.presentation.is_on
