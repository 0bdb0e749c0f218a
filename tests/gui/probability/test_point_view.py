"""Pins in the real window: set, trained, undone, with other outputs and classes; the numbers are those of an oracle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.config import Output
from engine.insight.inspection import Inspection
from engine.insight.pins import PINS, Pin, PinsRead
from engine.messages import message
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.views import LabView
from tests.gui.conftest import wait_for_epochs

ALT = Qt.KeyboardModifier.AltModifier


def click(qtbot: QtBot, window: MainWindow, x: float, y: float, *, key: Qt.KeyboardModifier = ALT) -> None:
    places = np.array([[x, y]], dtype=np.float32)
    pixel = QPoint(*np.rint(window.canvas.plane.to_pixels(places)[0]).astype(int).tolist())
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, key, pos=pixel)


def read(window: MainWindow, lane: int = 0) -> PinsRead | None:
    lanes = window.session.snapshot.lanes
    return lanes[lane].readings.value(PINS) if lane < len(lanes) else None


def test_pins_survive_training_undo_other_outputs_and_classes(qtbot: QtBot, window: MainWindow) -> None:
    session, panel, canvas = window.session, window.laboratory.panel, window.canvas
    place = session.experiment.dataset.places[5].tolist()
    window.actions_by_name[Tool.INSPECT].trigger()
    click(qtbot, window, *place, key=Qt.KeyboardModifier.NoModifier)
    assert panel.view is LabView.POINT
    click(qtbot, window, 0.5, 0.9)
    pins = session.sight.attention.pins
    assert pins == canvas.pins.pins
    assert pins[0] == Pin(0, tuple(place))

    def numbers(output: Output) -> list[Inspection]:
        """Wait until they are of the network and the data as they are."""

        def current() -> list[Inspection]:
            found = read(window)
            if found is None or found.dataset is not session.experiment.dataset:
                return []
            inspections = [pinned.inspection for pinned in found.pinned if pinned.inspection is not None]
            return [inspection for inspection in inspections if inspection.output is output]

        qtbot.waitUntil(lambda: len(current()) == len(pins), timeout=20_000)
        return current()

    def check(output: Output, n_classes: int = 2) -> None:
        for inspection in numbers(output):
            z = torch.tensor(inspection.logits)
            p = torch.softmax(z, 0) if output is Output.SOFTMAX else torch.sigmoid(z)
            p = torch.cat([1 - p, p]) if output is Output.SIGMOID else p
            assert inspection.probabilities == pytest.approx(p.numpy(), abs=1e-9)
            assert len(inspection.probabilities) == n_classes

    check(Output.SIGMOID)
    before = numbers(Output.SIGMOID)[0]
    assert before.label == session.experiment.dataset.labels[5]
    session.train(until=3)
    wait_for_epochs(qtbot, window, 3)
    check(Output.SIGMOID)
    assert numbers(Output.SIGMOID)[0].logits != pytest.approx(before.logits)
    for output in (Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS):
        lanes = tuple(replace(lane, output=output) for lane in session.experiment.lanes)
        session.edit(replace(session.experiment, lanes=lanes), message("Output"))
        check(output)
    window.actions_by_name[Action.ADD_CLASS].trigger()
    check(Output.INDEPENDENT_SIGMOIDS, 3)
    window.actions_by_name[Action.REMOVE_CLASS].trigger()
    check(Output.INDEPENDENT_SIGMOIDS)
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    check(Output.SIGMOID)
    assert session.sight.attention.pins == canvas.pins.pins == pins

    assert window.actions_by_name[Action.REMOVE_PINS].isEnabled()
    session.open(session.experiment)
    assert session.sight.attention.pins == canvas.pins.pins == ()
    assert not window.actions_by_name[Action.REMOVE_PINS].isEnabled()
