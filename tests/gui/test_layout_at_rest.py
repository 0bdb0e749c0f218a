"""New numbers are no reason to lay the window out anew: while lanes train that would be twice a frame."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.learning.metrics import Metrics
from gui.main_window import MainWindow
from tests.gui.conftest import wait_for_epochs


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
    qtbot.wait(300)
    snapshot, layouts = window.session.snapshot, Layouts()
    for widget in (window, window.workbench, window.workbench.fields, window.status_bar):
        widget.installEventFilter(layouts)
    for number in range(1, 6):
        metrics = Metrics(10.0**number, 10.0**-number, 0.1 * number, 1 - 0.1 * number)
        lanes = tuple(replace(lane, metrics=metrics, epochs=10**number) for lane in snapshot.lanes)
        window.show_snapshot(replace(snapshot, lanes=lanes))
        QCoreApplication.processEvents()
    assert layouts.count == 0
