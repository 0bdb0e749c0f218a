"""The size of text, chosen while the window is open, remembered, and followed by all that is painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QTreeWidget

from gui.actions import Action, text_action
from gui.main_window import MainWindow
from gui.paint.chart import Chart
from gui.paint.type_size import STEPS
from gui.system.preferences import Preferences
from tests.gui.conftest import MakeStill
from tests.gui.test_screens import cut_in


@pytest.fixture(autouse=True)
def size_is_as_before(qapp: QApplication) -> Iterator[None]:
    """What follows has the font that it had."""
    font = qapp.font()
    yield
    qapp.setFont(font)


def sizes(window: MainWindow) -> tuple[float, float, float]:
    """The size of the font of a label, of that of the axes of the plane, and of the lengths of a chart."""
    label = window.run_bar.findChild(QLabel, "run_message")
    chart = window.findChild(Chart)
    assert isinstance(label, QLabel)
    assert chart is not None
    return QFontInfo(label.font()).pixelSize(), window.canvas.plane.x, chart.pixels_each


def test_every_step_is_followed_at_once_and_remembered(make_still: MakeStill) -> None:
    window = make_still(1366, 768)
    actions, found = window.actions_by_name, []
    for percent in STEPS:
        actions[text_action(percent)].trigger()
        found.append(sizes(window))
        assert Preferences().text_size == percent
        assert actions[Action.SMALLER_TEXT].isEnabled() == (percent > STEPS[0])
        assert actions[Action.LARGER_TEXT].isEnabled() == (percent < STEPS[-1])

    for of_one in zip(*found, strict=True):
        assert list(of_one) == sorted(set(of_one))
        assert of_one[-1] / of_one[1] == pytest.approx(1.5, rel=0.05)
    actions[Action.SMALLER_TEXT].trigger()
    assert sizes(window) == found[3]
    assert actions["text_130"].isChecked()


@pytest.mark.parametrize("n_lanes", [1, 3])
def test_no_text_is_cut_at_any_step_on_a_usual_screen(make_still: MakeStill, n_lanes: int) -> None:
    window, widths = make_still(1366, 768, n_lanes), dict[int, int]()
    for percent in (100, *STEPS, 100):
        window.actions_by_name[text_action(percent)].trigger()
        QCoreApplication.processEvents()
        assert window.size() == QSize(1366, 768)
        assert cut_in(window) == [], percent
        width = window.regions.settings.unfolded_width
        assert widths.setdefault(percent, width) == width, percent  # whatever the size was before


def test_a_window_opens_with_the_size_that_was_chosen(make_still: MakeStill) -> None:
    usual = sizes(make_still(1366, 768))
    Preferences().text_size = 150

    assert list(sizes(make_still(1366, 768))) == pytest.approx([1.5 * size for size in usual], rel=0.05)


def test_the_plane_shows_the_same_place_in_its_middle(make_still: MakeStill) -> None:
    window = make_still(1366, 768)
    before = window.canvas.plane
    window.actions_by_name["text_150"].trigger()
    QCoreApplication.processEvents()
    after = window.canvas.plane

    assert (after.centre_x, after.centre_y) == pytest.approx((before.centre_x, before.centre_y))


@pytest.mark.parametrize("stored", [99, 150.5, "115", None, [130], True])
def test_a_size_that_is_none_of_the_steps_is_the_usual_one(stored: object) -> None:
    preferences = Preferences()
    preferences._put("text_size", stored)

    assert preferences.text_size == 100


def test_icons_and_rows_are_as_large_as_the_letters(make_still: MakeStill) -> None:
    window = make_still(1366, 768, 2)
    names = ("train_button", "undo_button", "brush_button", "lane_1_button", "settings_button")
    buttons = [button for name in names if (button := window.findChild(QToolButton, name)) is not None]
    assert len(buttons) >= 4
    rows = window.class_list.findChild(QTreeWidget)
    assert rows is not None

    def lengths() -> list[int]:
        heights = [button.iconSize().width() for button in buttons]
        return [*heights, rows.visualRect(rows.model().index(0, 0)).height()]

    usual = lengths()
    window.actions_by_name[text_action(150)].trigger()
    QCoreApplication.processEvents()
    assert [large / small for large, small in zip(lengths(), usual, strict=True)] == pytest.approx(
        [1.5] * len(usual), rel=0.1
    )
