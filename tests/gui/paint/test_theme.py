from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import SIGNAL, QObject
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QApplication

from engine.dataset import MAX_CLASSES
from gui.main_window import MainWindow
from gui.paint.theme import (
    CLASS_COLOURS,
    DARK,
    LIGHT,
    Chrome,
    Theme,
    apply_theme,
    chrome_of,
    field_colours,
    lane_pen,
    mixed,
    palette_of,
)
from tests import ROOT
from tests.gui.colour_vision import VISIONS, difference, lab
from tests.gui.pictures import rgb

pytestmark = pytest.mark.usefixtures("qapp")
ALL = tuple(range(MAX_CLASSES))
both = pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])


def luminance(name: str) -> float:
    """Relative luminance by WCAG 2.2."""
    colour = QColor(name)
    assert colour.isValid(), name
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@both
def test_text_can_be_read_on_what_it_stands_on(chrome: Chrome) -> None:
    for ground in (chrome.surface, chrome.neutral):
        assert contrast(chrome.ink, ground) >= 7
        assert contrast(chrome.faint, ground) >= 4.5
        assert contrast(chrome.warning, ground) >= 4.5
    assert contrast(chrome.surface, chrome.bar) >= 4.5  # numbers on bars


@both
def test_lines_and_bars_stand_out_from_the_surface(chrome: Chrome) -> None:
    for name in (chrome.training, chrome.validation, chrome.bar):
        assert contrast(name, chrome.surface) >= 3
    assert contrast(chrome.boundary, chrome.halo) >= 7
    assert contrast(chrome.grid, chrome.surface) < contrast(chrome.faint, chrome.surface)


@both
def test_the_boundary_stands_out_from_every_colour_of_the_field(chrome: Chrome) -> None:
    colours, neutral = field_colours(chrome, ALL)
    for red, green, blue in (*colours, neutral):
        ground = QColor(red, green, blue).name()
        assert max(contrast(chrome.boundary, ground), contrast(chrome.halo, ground)) >= 3


@both
def test_markers_and_what_marks_the_selected_ones_stand_out(chrome: Chrome) -> None:
    colours, neutral = field_colours(chrome, ALL)
    for red, green, blue in (*colours, neutral):
        ground = QColor(red, green, blue).name()
        assert contrast(chrome.point_edge, ground) >= 3  # around every marker
        assert contrast(chrome.ink, ground) >= 3  # around the mark of a selected point
    assert contrast(chrome.selection, chrome.point_edge) >= 3  # the mark around its point
    assert contrast(chrome.selection, chrome.ink) >= 3


@both
def test_widgets_have_text_that_can_be_read(chrome: Chrome) -> None:
    palette, role = palette_of(chrome), QPalette.ColorRole
    for ink, ground in (
        (role.WindowText, role.Window), (role.Text, role.Base), (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button), (role.ToolTipText, role.ToolTipBase), (role.HighlightedText, role.Highlight),
        (role.Link, role.Base), (role.Link, role.Window),
    ):  # fmt: skip
        assert contrast(palette.color(ink).name(), palette.color(ground).name()) >= 4.5, (ink, ground)
    for ground in (role.Window, role.Base, role.Highlight):  # around the field that has the focus, beside a chosen row
        assert contrast(palette.color(role.Accent).name(), palette.color(ground).name()) >= 3
    assert contrast(palette.color(role.PlaceholderText).name(), palette.color(role.Base).name()) >= 3


@both
def test_fields_and_what_is_filled_can_be_seen(chrome: Chrome) -> None:
    for ground in (chrome.window, chrome.surface):
        assert contrast(chrome.outline, ground) >= 3
        assert contrast(chrome.ring, ground) >= 3
    assert contrast(chrome.accent, "#FFFFFF") >= 4.5  # words on the one button that is filled
    assert contrast(chrome.edge, chrome.window) < contrast(chrome.outline, chrome.window)


@both
def test_disabled_text_is_fainter(chrome: Chrome) -> None:
    palette, ground = palette_of(chrome), palette_of(chrome).color(QPalette.ColorRole.Window).name()
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        disabled = palette.color(QPalette.ColorGroup.Disabled, role).name()
        assert contrast(disabled, ground) < contrast(palette.color(role).name(), ground) / 2


@both
def test_a_palette_is_recognised_as_that_of_its_chrome(chrome: Chrome) -> None:
    assert chrome_of(palette_of(chrome)) is chrome
    disabled = palette_of(chrome)
    disabled.setCurrentColorGroup(QPalette.ColorGroup.Disabled)  # as a widget that is disabled has it
    assert chrome_of(disabled) is chrome


def test_class_colours_are_those_of_okabe_and_ito_then_grey_and_two_darker_ones() -> None:
    okabe_ito = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert set(CLASS_COLOURS[:8]) == okabe_ito | {"#999999"}
    luminance = [
        np.dot(
            [0.2126, 0.7152, 0.0722],
            np.array([QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]) ** 2.2,
        )
        for colour in CLASS_COLOURS
    ]
    assert max(luminance[8:]) < 0.7 * min(luminance[:8])
    assert len(CLASS_COLOURS) == MAX_CLASSES


@both
def test_the_field_has_a_colour_for_each_class_all_different_and_weaker_than_the_points(chrome: Chrome) -> None:
    colours, neutral = field_colours(chrome, ALL)
    assert len(colours) == MAX_CLASSES
    for a, b in combinations((*colours, neutral), 2):
        assert sum(abs(x - y) for x, y in zip(a, b, strict=True)) >= 20
    for strong, weak in zip(CLASS_COLOURS, colours, strict=True):
        point = rgb(strong)
        distance = [abs(x - y) for x, y in zip(weak, neutral, strict=True)]
        assert sum(distance) < sum(abs(x - y) for x, y in zip(point, neutral, strict=True))


def test_the_colours_of_the_field_are_in_the_order_of_the_classes_and_there_are_always_eight() -> None:
    in_order, neutral = field_colours(LIGHT, ALL)
    picked, same_neutral = field_colours(LIGHT, (5, 2))
    assert picked[:2] == (in_order[5], in_order[2])
    assert sorted(picked) == sorted(in_order)
    assert same_neutral == neutral


def test_a_mixture_begins_and_ends_with_its_parts() -> None:
    start, end = QColor(0, 100, 200), QColor(200, 100, 0)
    assert mixed(start, end, 0.0) == start
    assert mixed(start, end, 1.0) == end
    assert rgb(mixed(start, end, 0.5)) == (100, 100, 100)


def test_the_user_can_choose_light_and_dark_whatever_the_system_is(qapp: QApplication) -> None:
    before = qapp.palette()
    try:
        for theme, chrome in ((Theme.DARK, DARK), (Theme.LIGHT, LIGHT)):
            apply_theme(qapp, theme)
            assert chrome_of(qapp.palette()) is chrome
        apply_theme(qapp, Theme.SYSTEM)  # without a screen the system has no wish
        assert chrome_of(qapp.palette()) is LIGHT
    finally:
        qapp.setPalette(before)


def test_no_change_of_the_theme_leaves_connections_or_objects_behind(window: MainWindow, qapp: QApplication) -> None:
    def counts() -> tuple[int, int]:
        things = window.findChildren(QObject)
        return len(things), sum(thing.receivers(SIGNAL("changed()")) for thing in things if isinstance(thing, QAction))

    def change(times: int) -> tuple[int, int]:
        for turn in range(times):
            apply_theme(qapp, (Theme.DARK, Theme.LIGHT)[turn % 2])
            qapp.processEvents()
        return counts()

    before, after = change(10), change(20)
    assert after[0] <= before[0]  # a timer of what the status bar says may have ended meanwhile
    assert after[1] <= before[1]


CHANGES = """
import gc, mmap, os
from pathlib import Path
from engine import toy_datasets
from engine.experiment import Experiment
from gui.app import make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.system.preferences import Preferences
application = make_application()
thread = TrainingThread()
session = Session(Experiment(toy_datasets.make("moons", n_samples=100, seed=1)), thread)
window = MainWindow(session, thread, Preferences())
window.show()
def change(times):
    for turn in range(times):
        apply_theme(application, (Theme.DARK, Theme.LIGHT)[turn % 2])
        application.processEvents()
        window.repaint()
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE
before = change(100)  # what is drawn for the first time is kept
print(change(200) - before, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_two_hundred_changes_of_the_theme_keep_no_memory() -> None:
    # in a process of its own: windows that other tests have left take part in each change
    done = subprocess.run([sys.executable, "-c", CHANGES], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(done.stdout.split()[0]) < 4 * 2**20  # 8 MB, as long as Qt kept pictures of every palette


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [  # Sharma, Wu and Dalal (2005), table 1: pairs 1, 4, 7, 16, 17, 25 and 33
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ],
)
def test_differences_are_measured_as_the_standard_says(
    one: tuple[float, ...], other: tuple[float, ...], wanted: float
) -> None:
    assert difference(np.array(one), np.array(other)) == pytest.approx(wanted, abs=1e-4)


def test_grey_is_seen_as_grey_and_red_as_green_by_those_who_see_no_green() -> None:
    for vision in VISIONS:
        assert lab("#808080", vision) == pytest.approx(lab("#808080"), abs=0.1)
    apart = [difference(lab("#4F6B00", vision), lab("#B5331E", vision)) for vision in ("normal", "deuteranopia")]
    assert apart[0] > 40
    assert apart[1] < 6


@both
@pytest.mark.parametrize("vision", list(VISIONS))
def test_lanes_are_told_apart_by_everybody(chrome: Chrome, vision: str) -> None:
    for one, other in combinations(chrome.lanes, 2):
        assert difference(lab(one, vision), lab(other, vision)) >= 20, (one, other)


@both
def test_lanes_are_not_taken_for_classes(chrome: Chrome) -> None:
    for lane in chrome.lanes:
        for number, colour in enumerate(CLASS_COLOURS[:8]):
            assert difference(lab(lane), lab(colour)) >= (12 if number < 3 else 9), (lane, colour)


def test_a_lane_is_called_the_same_in_both_themes() -> None:
    for light, dark in zip(LIGHT.lanes, DARK.lanes, strict=True):
        turn = abs(QColor(light).hue() - QColor(dark).hue())
        assert min(turn, 360 - turn) <= 35, (light, dark)  # blue, rust, plum and teal


@both
def test_in_grey_the_lines_of_lanes_tell_them_apart(chrome: Chrome) -> None:
    assert len({lane_pen(chrome, lane).style() for lane in range(len(chrome.lanes))}) == len(chrome.lanes)


@both
def test_lanes_can_be_read_as_text(chrome: Chrome) -> None:
    for lane in chrome.lanes:
        assert contrast(lane, chrome.surface) >= 4.5
