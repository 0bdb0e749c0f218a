"""The first window of a process whose screen and scaling its environment has set: prints what does not fit."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication

from engine.experiment import MAX_LANES
from gui.app import make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.layout import first_geometry, usable
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from gui.views import LabView
from tests.gui.conftest import small_experiment, with_lanes
from tests.gui.fit import faults_in
from tests.gui.fonts import own_font


def main() -> int:
    """Open a window with one lane and one with many, as the program does; print its size and what does not fit."""
    application = make_application()
    application.setFont(own_font("middle"))
    for n_lanes in (1, MAX_LANES):
        thread = TrainingThread()
        window = MainWindow(Session(with_lanes(small_experiment(), n_lanes), thread), thread, Preferences())
        window.files.asks = False
        window.remembers_layout = False
        window.resize(first_geometry().size())
        window.show()
        for view in LabView:
            window.laboratory.panel.show_view(view)
            for _ in range(6):  # a layout in a layout follows a round later
                QCoreApplication.processEvents()
            for fault in faults_in(window):
                print(f"{n_lanes} lanes, {view}: {fault}")
        available = window.screen().availableGeometry()
        if window.size() != window.size().boundedTo(usable(available).size()):
            print(f"{window.size().toTuple()} is more than {available.size().toTuple()}")
        print(f"A screen of {available.width()}×{available.height()}")
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
