"""A window that was switched to a theme looks as one that was started in it, to the pixel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunState, Snapshot
from engine.studies.course_protocol import course_lab
from engine.studies.presets import vanishing_lab
from gui.actions import Action
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.lane_view import lane_views
from gui.paint.theme import DARK, LIGHT, Chrome, Theme, apply_theme
from gui.system.preferences import Preferences
from gui.text.names import lane_titles
from gui.views import LabView
from tests.gui.conftest import PATIENCE, MakeWindow, wait_for_epochs, wait_for_state
from tests.gui.pictures import pixels, rgb

SIZE = QSize(1366, 768)
CHROMES = {Theme.LIGHT: LIGHT, Theme.DARK: DARK}


@pytest.fixture(params=[(Theme.LIGHT, Theme.DARK), (Theme.DARK, Theme.LIGHT)], ids=["to dark", "to light"])
def themes(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[tuple[Theme, Theme]]:
    """The theme that a window is started in, and that it is switched to."""
    before, after = request.param
    palette = qapp.palette()
    apply_theme(qapp, before)
    yield before, after
    qapp.setPalette(palette)


def started(qtbot: QtBot, like: MainWindow) -> MainWindow:
    """A window that shows the same and has never known another theme; its thread is not started."""
    thread = TrainingThread()
    session = Session(like.session.experiment, thread)
    session.runs.see(like.session.snapshot, session.experiment, session.document)
    made = MainWindow(session, thread, Preferences())
    made.remembers_layout = made.files.asks = False
    qtbot.addWidget(made)
    made.resize(SIZE)
    made.show()
    return made


def palettes(widget: QWidget, place: str = "") -> dict[tuple[str, str], set[str]]:
    """The colours that are painted with, by the place in the tree and the role; the order of siblings is no matter."""
    place = f"{place}/{type(widget).__name__} {widget.objectName()}"
    roles = [role for role in QPalette.ColorRole if role is not QPalette.ColorRole.NColorRoles]
    found = {(place, role.name): {widget.palette().color(role).name()} for role in roles}
    for child in widget.children():
        if isinstance(child, QWidget):
            for key, colours in palettes(child, place).items():
                found.setdefault(key, set()).update(colours)
    return found


def has_fields_of(window: MainWindow, chrome: Chrome) -> bool:
    """Whether every field has come back from the engine in the colours of a theme."""
    fields = [lane.field for lane in window.session.snapshot.lanes]
    return all(field is not None and field.view.neutral == rgb(chrome.neutral) for field in fields)


def shown_by(window: MainWindow, view: LabView, snapshot: Snapshot) -> dict[str, QWidget]:
    """What is compared: the window with a view of the layers, and what it opens."""
    window.laboratory.panel.show_view(view)
    window.actions_by_name[Action.MATRIX].trigger()
    window.activation_table.show()
    window.show_snapshot(snapshot)
    experiment = window.session.experiment
    window.loss_plot.show_lanes(lane_views(snapshot, experiment, lane_titles(experiment.lanes)), at_once=True)
    return {"window": window, "matrix": window.laboratory.matrix_window, "table": window.activation_table}


def settled(qtbot: QtBot, widget: QWidget) -> NDArray[np.uint32]:
    """A widget in front, with nothing in hand, and nothing said at the moment."""
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    if isinstance(widget, MainWindow):
        widget.canvas.setFocus()
        widget.status_bar.clearMessage()
    elif (focus := widget.focusWidget()) is not None:
        focus.clearFocus()
    QCoreApplication.processEvents()
    return pixels(widget)


@pytest.mark.parametrize("view", list(LabView))
def test_a_window_that_was_switched_looks_as_one_that_was_started_so(
    qtbot: QtBot, qapp: QApplication, make_window: MakeWindow, themes: tuple[Theme, Theme], view: LabView
) -> None:
    window = make_window(course_lab() if view is LabView.TABLE else vanishing_lab())
    window.resize(SIZE)
    shown_by(window, view, window.session.snapshot)
    window.session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    wait_for_state(qtbot, window, RunState.PAUSED)
    apply_theme(qapp, themes[1])
    qtbot.waitUntil(lambda: has_fields_of(window, CHROMES[themes[1]]), timeout=PATIENCE)
    qtbot.wait(300)  # measurements by turns
    window.session.snapshot_arrived.disconnect(window.show_snapshot)  # both show the same from now on
    other = started(qtbot, window)
    switched, fresh = (shown_by(each, view, window.session.snapshot) for each in (window, other))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert palettes(window) == palettes(other)
    for name, widget in switched.items():
        fresh[name].resize(widget.size())
        after, meant = settled(qtbot, widget), settled(qtbot, fresh[name])
        assert (after == meant).all(), (name, np.argwhere(after != meant)[[0, -1]].tolist())
