"""What stays where it is: new numbers lay nothing out anew, and no choice moves what is below it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from engine.dataset import MAX_CLASSES, MIN_CLASSES, empty_dataset
from engine.learning.metrics import Metrics
from engine.run.snapshot import RunState
from gui.main_window import MainWindow
from gui.widgets.number_boxes import WholeBox
from gui.widgets.side_panel import SidePanel
from tests.gui.conftest import MakeStill, wait_for_epochs, wait_for_state


class Layouts(QObject):
    """Counts how often a widget is told to lay itself out."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_new_numbers_leave_the_layout_alone(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["vanishing_lab"].trigger()
    window.session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    wait_for_state(qtbot, window, RunState.PAUSED)
    qtbot.wait(300)
    for _ in range(20):  # a layout that follows from others, which came with the lanes, takes as many rounds
        QCoreApplication.processEvents()
    snapshot, layouts = window.session.snapshot, Layouts()
    for widget in (window, window.workbench, window.workbench.fields, window.status_bar):
        widget.installEventFilter(layouts)
    for number in range(1, 6):
        metrics = Metrics(10.0**number, 10.0**-number, 0.1 * number, 1 - 0.1 * number)
        lanes = tuple(replace(lane, metrics=metrics, epochs=10**number) for lane in snapshot.lanes)
        window.show_snapshot(replace(snapshot, lanes=lanes))
        QCoreApplication.processEvents()
    assert layouts.count == 0


def places(column: SidePanel) -> dict[QWidget, QRect]:
    """Where what can be seen of the settings is, when all of the column is looked at."""
    QCoreApplication.processEvents()
    content = column.widget()
    assert content is not None
    found = column.findChildren(QWidget)
    kinds = (QComboBox, QAbstractSpinBox, QAbstractButton, QLabel, QTreeWidget)
    return {
        part: QRect(part.mapTo(content, QPoint()), part.size())
        for part in found
        if isinstance(part, kinds) and part.isVisibleTo(content)
    }


def moved(before: dict[QWidget, QRect], after: dict[QWidget, QRect]) -> list[str]:
    """What is seen before and after, elsewhere or in another size."""
    return [
        f"{part.objectName()} {part!r}: {place.getRect()} {after[part].getRect()}"
        for part, place in before.items()
        if part in after and place != after[part]
    ]


def column_of(window: MainWindow) -> SidePanel:
    found = window.findChild(SidePanel, "side_panel")
    assert found is not None
    for section in (window.control_panel.regularization, window.control_panel.more):
        section.toggle()
    return found


CHOICES = ("activation_box", "initialization_box", "optimizer_box", "output_box", "loss_box", "schedule_box")


@pytest.mark.usefixtures("each_font")
def test_no_choice_moves_a_field(make_still: MakeStill) -> None:
    window = make_still(1280, 720)
    column = column_of(window)
    before = places(column)
    for name in (*CHOICES, "last_activation_box"):
        if name == "last_activation_box":
            last = column.findChild(WholeBox, "last_layers_box")
            assert last is not None
            last.setValue(1)
            assert moved(before, places(column)) == []
        box = column.findChild(QComboBox, name)
        assert box is not None
        assert box.isEnabled()
        for choice in range(box.count()):
            box.setCurrentIndex(choice)
            assert moved(before, places(column)) == [], (name, box.currentText())


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize("height", [480, 720, 1080])
def test_no_number_of_classes_moves_a_field(make_still: MakeStill, height: int) -> None:
    window = make_still(1280, height)
    column = column_of(window)
    before = places(column)
    for count in (*range(MIN_CLASSES, MAX_CLASSES + 1), MIN_CLASSES):
        window.class_list.show_classes(empty_dataset(count), count - 1)
        assert moved(before, places(column)) == []
        tree = window.class_list.findChild(QTreeWidget, "class_list")
        assert tree is not None
        current = tree.currentItem()
        assert current is not None
        assert tree.viewport().rect().contains(tree.visualItemRect(current)), "the class in hand is seen"
