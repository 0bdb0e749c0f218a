"""The window on small screens and in several fonts: all of it is seen, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QSizePolicy,
    QSplitter,
    QToolBar,
    QWidget,
)

from gui.drawing.tools import Tool
from gui.layout import first_geometry
from gui.main_window import MainWindow
from tests.gui.conftest import MakeStill
from tests.gui.test_layout import SCREENS


def cut_in(window: QWidget) -> list[str]:
    """Texts and fields that are less wide than they need, or reach beyond what they are in."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, QLabel | QAbstractButton | QComboBox | QAbstractSpinBox) or not part.isVisible():
            continue
        parent = part.parentWidget()
        if parent is None or isinstance(parent, QToolBar):
            continue  # what does not fit is in the menu at its end
        policy = part.sizePolicy().horizontalPolicy()
        shrinks = isinstance(part, QLabel) and (part.wordWrap() or policy is QSizePolicy.Policy.Ignored)
        is_field = isinstance(part, QComboBox | QAbstractSpinBox)
        needed = part.minimumSizeHint() if is_field else part.sizeHint()
        if not shrinks and part.width() < needed.width():
            found.append(f"narrow: {part.objectName()} {part!r}")
        if not parent.rect().contains(part.geometry()):
            found.append(f"beyond: {part.objectName()} {part!r}")
        place = QRect(part.mapTo(window, QPoint()), part.size())
        if not is_scrolled(part) and not window.rect().contains(place):
            found.append(f"outside: {part.objectName()} {part!r}")
    return found


def is_scrolled(part: QWidget) -> bool:
    return any(type(parent).__name__ in ("QScrollArea", "SidePanel", "ComplaintCards") for parent in parents(part))


def parents(part: QWidget) -> Iterator[QWidget]:
    parent = part.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_first_window_fits_its_screen_and_cuts_nothing(make_still: MakeStill, screen: tuple[int, int]) -> None:
    first = first_geometry(QRect(0, 0, *screen))
    window = make_still(first.width(), first.height())
    for tool in Tool:
        window.workbench.choose_tool(tool)
        QCoreApplication.processEvents()
        assert window.size() == first.size()
        assert cut_in(window) == []


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("n_lanes", [2, 4])
@pytest.mark.parametrize("screen", SCREENS[-3:], ids=str)
def test_lanes_fit_small_screens_and_are_equally_wide(
    make_still: MakeStill, screen: tuple[int, int], n_lanes: int
) -> None:
    first = first_geometry(QRect(0, 0, *screen))
    window = make_still(first.width(), first.height(), n_lanes)
    assert window.size() == first.size()
    widths = [view.width() for view in window.workbench.fields.views]
    assert len(widths) == n_lanes
    assert max(widths) - min(widths) <= 1
    status = window.status_bar
    assert window.rect().contains(QRect(status.mapTo(window, QPoint()), status.size()))


def test_the_tool_changes_the_size_of_nothing(make_still: MakeStill) -> None:
    for width in (837, 1000, 1366):
        window = make_still(width, 600)
        sizes = set()
        for tool in Tool:
            window.workbench.choose_tool(tool)
            QCoreApplication.processEvents()
            sizes.add(window.canvas.size().toTuple())
        assert len(sizes) == 1


def splitter_of(window: MainWindow, part: QWidget) -> QSplitter:
    found = next(parent for parent in parents(part) if isinstance(parent, QSplitter))
    assert isinstance(found, QSplitter)
    return found


SMALL = (784, 700)  # fits the screen of the tests


def test_a_window_that_was_closed_with_lanes_opens_with_all_its_curves(make_still: MakeStill) -> None:
    before = make_still(*SMALL, 3)
    splitter_of(before, before.loss_plot).setSizes([250, 240])
    before.window_layout.save()
    fresh, again = make_still(*SMALL), make_still(*SMALL)
    again.window_layout.restore()
    for window in (fresh, again):
        QCoreApplication.processEvents()
        assert splitter_of(window, window.loss_plot).orientation() is Qt.Orientation.Vertical
        assert window.loss_plot.height() > 200
    assert again.loss_plot.size() == fresh.loss_plot.size()


def curves_of(window: MainWindow) -> int:
    """The height of the part of the window with the curves."""
    return splitter_of(window, window.loss_plot).sizes()[0]


def test_plane_and_charts_share_the_room_as_they_did_and_as_at_first_after_a_reset(make_still: MakeStill) -> None:
    window = make_still(*SMALL)
    first = (window.workbench.width(), curves_of(window))
    splitter_of(window, window.workbench).setSizes([220, 270])
    splitter_of(window, window.loss_plot).setSizes([200, 440])
    moved = (window.workbench.width(), curves_of(window))
    assert moved[0] < first[0] - 20
    assert moved[1] < first[1] - 30
    window.window_layout.save()
    again = make_still(*SMALL)
    again.window_layout.restore()
    QCoreApplication.processEvents()
    assert (again.workbench.width(), curves_of(again)) == pytest.approx(moved, abs=3)
    again.window_layout.reset()
    again.resize(*SMALL)
    QCoreApplication.processEvents()
    assert (again.workbench.width(), curves_of(again)) == pytest.approx(first, abs=12)
