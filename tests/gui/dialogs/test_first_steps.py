from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox

from gui.actions import Action
from gui.dialogs.first_steps import HINTS, FirstSteps, beside
from gui.main_window import MainWindow
from gui.text.language import say
from tests.gui.conftest import MakeStill

ROOM = QRect(0, 0, 1000, 700)


@pytest.fixture
def window(make_still: MakeStill) -> MainWindow:
    return make_still(1280, 720)


def shown_in(window: MainWindow) -> FirstSteps:
    window.actions_by_name[Action.FIRST_STEPS].trigger()
    QCoreApplication.processEvents()
    (steps,) = [steps for steps in window.findChildren(FirstSteps) if steps.isVisible()]
    return steps


def test_every_step_lies_in_the_window_beside_what_it_is_about_and_the_last_one_ends(window: MainWindow) -> None:
    steps = shown_in(window)
    focus = QApplication.focusWidget()
    for hint in HINTS:
        assert steps.hint is hint
        assert window.rect().contains(steps.geometry())
        assert steps.height() >= steps.heightForWidth(steps.width())
        assert not steps._tip.isNull(), hint.title
        assert say(hint.title) in steps._title.text()
        steps.next.click()
        QCoreApplication.processEvents()
    assert window.findChildren(FirstSteps) == [] or not steps.isVisible()
    assert QApplication.focusWidget() is focus


def test_it_follows_a_window_that_becomes_smaller(window: MainWindow) -> None:
    steps = shown_in(window)
    for width, height in ((1000, 640), (1600, 900)):
        window.resize(width, height)
        QCoreApplication.processEvents()
        for _ in HINTS:
            assert window.rect().contains(steps.geometry())
            steps._index = (steps._index + 1) % len(HINTS)
            steps._show_step()


def test_train_goes_on_from_the_first_step_only(window: MainWindow) -> None:
    steps = shown_in(window)
    train = window.actions_by_name[Action.TRAIN]
    train.triggered.emit()
    assert steps.hint is HINTS[1]
    train.triggered.emit()
    assert steps.hint is HINTS[1]


def test_esc_and_skip_end_it_and_it_can_be_had_again(window: MainWindow) -> None:
    steps = shown_in(window)
    steps.next.setFocus()
    QTest.keyClick(steps.next, Qt.Key.Key_Escape)
    assert not steps.isVisible()
    steps = shown_in(window)
    steps.end.click()
    assert not steps.isVisible()


def test_esc_on_the_plane_ends_what_is_drawn_there_first(window: MainWindow) -> None:
    steps = shown_in(window)
    window.canvas.setFocus()
    window.canvas.selection.select(np.ones(len(window.canvas.dataset), dtype=np.bool_))
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert steps.isVisible()
    assert not window.canvas.selection.mask.any()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not steps.isVisible()


def test_esc_in_a_field_leaves_the_field(window: MainWindow) -> None:
    steps, box = shown_in(window), window.findChild(QSpinBox, "depth_box")
    assert isinstance(box, QSpinBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert steps.isVisible()
    assert window.canvas.hasFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not steps.isVisible()


def test_a_presentation_ends_it(window: MainWindow) -> None:
    steps = shown_in(window)
    window.presentation.begin(fills_screen=False)
    assert not steps.isVisible()
    window.presentation.end()


@pytest.mark.parametrize(
    ("target", "side"),
    [
        (QRect(100, 50, 80, 30), "below"),
        (QRect(0, 100, 400, 600), "right"),
        (QRect(600, 100, 400, 600), "left"),
        (QRect(350, 100, 300, 600), "left"),
        (QRect(0, 600, 1000, 100), "above"),
        (QRect(0, 0, 1000, 700), "within"),
    ],
)
def test_a_card_lies_where_there_is_room(target: QRect, side: str) -> None:
    size = QSize(300, 150)
    place, tip = beside(target, size, ROOM)
    card = QRect(place, size)
    assert ROOM.contains(card)
    found = {
        "below": place.y() > target.center().y(),
        "right": place.x() > target.center().x(),
        "left": card.right() < target.center().x(),
        "above": card.bottom() < target.center().y(),
        "within": tip.isNull(),
    }
    assert found[side]
    if side != "within":
        assert not target.contains(card.center())
        assert target.adjusted(-3, -3, 3, 3).contains(QPoint(place + tip.toPoint()))
