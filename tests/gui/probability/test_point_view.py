"""Pins in the real window: set, trained, undone, with other outputs and classes; the numbers are those of an oracle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Output, TrainingConfig
from engine.insight.inspection import Inspection, inspect_logits
from engine.insight.pins import PINS, Pin, Pinned, PinsRead
from engine.insight.quantity import Reading, Readings
from engine.messages import message
from engine.run.snapshot import LaneSnapshot
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.paint.lane_view import LaneView
from gui.paint.markers import pin_head
from gui.paint.theme import PIN_COLOURS
from gui.probability.figures import number
from gui.probability.point_view import PointView, facts_of
from gui.stage.frames import scrolled
from gui.views import LabView
from tests.gui.conftest import wait_for_epochs
from tests.gui.snapshots import lane_views_of, make_lane

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
    window.resize(1600, 2400)  # what is scrolled away is not worked out
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
        qtbot.waitUntil(lambda: all(map(is_shown, range(len(pins)), numbers(output))), timeout=20_000)

    def is_shown(row: int, inspection: Inspection) -> bool:
        """True if all numbers stand on a card."""
        text = panel.view_of(PointView).board.card(row, 0).accessibleDescription()
        shown = inspection.probabilities[-len(inspection.logits) :]
        texts = [f"z {number(z)}, " for z in inspection.logits] + [f"P {number(p)}" for p in shown]
        if inspection.loss is not None:
            texts += [number(inspection.loss), "of the mean "]
        return text.startswith("AB"[row] + " x ") and all(part in text for part in texts)

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


def test_delete_takes_the_pin_under_the_pointer_else_the_points_that_are_selected(
    qtbot: QtBot, window: MainWindow
) -> None:
    canvas, note = window.canvas, window.laboratory.panel.view_of(PointView).findChild(QLabel, "point_note")
    window.actions_by_name[Tool.POINT].trigger()
    click(qtbot, window, 0.5, 0.9)
    assert len(canvas.dataset) == 60
    window.actions_by_name[Action.SELECT_ALL].trigger()
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.pins.pins == window.session.sight.attention.pins == ()
    assert len(canvas.dataset) == 60
    assert isinstance(note, QLabel)
    qtbot.waitUntil(lambda: note.text().startswith("Nothing is pinned."))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(window.session.experiment.dataset) == 0
    qtbot.waitUntil(lambda: note.text() == "")


def test_pins_are_seen_on_the_plane_of_every_lane_and_each_lane_has_a_card(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name[Action.DUPLICATE_LANE].trigger()
    click(qtbot, window, 0.1, 0.9)
    qtbot.waitUntil(lambda: (found := read(window, 1)) is not None and len(found.pinned) == 1, timeout=20_000)
    board = window.laboratory.panel.view_of(PointView).board
    assert [board.card(0, lane).accessibleDescription().split(" x ")[0] for lane in (0, 1)] == [
        "A Lane 1 ·",
        "A Lane 2 ·",
    ]
    for view in window.workbench.fields.views:
        (x, y), scale = view.plane.to_pixels(np.array([[0.1, 0.9]], dtype=np.float32))[0].tolist(), 1.0
        head = pin_head(QPointF(x, y), view.plane.y, scale) + QPointF(5, -4)
        assert view.grab().toImage().pixelColor(head.toPoint()).name().upper() == PIN_COLOURS[0]


@pytest.fixture
def point_view(qtbot: QtBot) -> PointView:
    made = PointView()
    qtbot.addWidget(made)
    return made


def test_each_press_of_a_key_is_a_step_of_its_own_after_a_drag_too(point_view: PointView) -> None:
    told = list[tuple[int, float, int]]()
    point_view.threshold_chosen.connect(lambda lane, threshold, drag: told.append((lane, threshold, drag)))
    point_view.board.threshold_chosen.emit(0, 0.51)
    point_view.board.threshold_moved.emit(0, 0.6)
    point_view.board.threshold_chosen.emit(0, 0.7)
    point_view.board.threshold_chosen.emit(0, 0.71)
    point_view.board.threshold_chosen.emit(0, 0.72)
    by_threshold = {threshold: drag for _, threshold, drag in told}
    assert len({by_threshold[threshold] for threshold in (0.51, 0.7, 0.71, 0.72)}) == 4


def test_a_lane_without_numbers_leaves_the_cards_of_the_others(point_view: PointView) -> None:
    dataset, pins = toy_datasets.make("moons", n_samples=20, seed=1), (Pin(0, (0.5, 0.5)), Pin(1, (0.1, 0.2)))
    found, titles = inspect_logits([0.3], "sigmoid"), ("Lane 1", "Lane 2", "Lane 3")

    note = point_view.findChild(QLabel, "point_note")
    assert isinstance(note, QLabel)

    def lane_with(*known: bool) -> LaneSnapshot:
        pinned = tuple(Pinned(pin, found if is_known else None) for pin, is_known in zip(pins, known, strict=True))
        return replace(make_lane(), readings=Readings({PINS: Reading(PinsRead(dataset, pinned))}))

    def show(*known: tuple[bool, bool]) -> str:
        point_view.show_lanes(lane_views_of([lane_with(*each) for each in known], titles))
        return note.text()

    sentence = "the weights are so large that the logits are not finite numbers."
    assert show((True, True), (False, True), (True, True)) == f"Pin A, Lane 2: {sentence}"
    assert set(point_view.board._cards) == {(0, 0), (0, 2), (1, 0), (1, 1), (1, 2)}
    assert "Lane 3" in point_view.board.card(0, 2).accessibleDescription()
    assert show((True, True), (False, True)) == f"Pin A, Lane 2: {sentence}"
    assert set(point_view.board._cards) == {(0, 0), (1, 0), (1, 1)}
    assert show((False, True)) == f"Pin A: {sentence}"
    assert set(point_view.board._cards) == {(0, 0)}, "no room for a pin without a card"
    assert not point_view.board.isHidden()
    show((False, False), (False, False))
    assert point_view.board.isHidden()


def test_the_cards_of_a_pin_that_is_new_or_moved_come_into_view_and_stay(qtbot: QtBot) -> None:
    view = PointView()
    area = scrolled(view)
    qtbot.addWidget(area)
    area.resize(430, 240)
    area.show()
    dataset, bar = toy_datasets.make("moons", n_samples=20, n_classes=2, seed=1), area.verticalScrollBar()

    def show(*places: float, z: float = 1.0, n_lanes: int = 1) -> None:
        inspection = inspect_logits([z], Output.SIGMOID)
        pinned = tuple(Pinned(Pin(number, (x, 0.0)), inspection) for number, x in enumerate(places))
        lane = replace(make_lane(), readings=Readings({PINS: Reading(PinsRead(dataset, pinned))}))
        view.show_lanes(lane_views_of([lane] * n_lanes, ["Lane 1", "Lane 2"]))
        QTest.qWait(0)

    show(0.1, 0.2)
    assert bar.value() == 0
    show(0.1, 0.3)
    top = view.board.card(1, 0).mapTo(area.viewport(), QPoint()).y()
    assert (bar.value() > 100, top) == (True, 0)
    bar.setValue(150)
    show(0.1, 0.3, z=2.0)
    assert bar.value() == 150, "while it learns nothing moves"
    show(0.4, 0.3)
    assert bar.value() == 0
    bar.setValue(150)
    show(0.4, 0.3, n_lanes=2)
    assert bar.value() == 0


def test_a_threshold_that_is_dragged_on_a_card_is_one_step(qtbot: QtBot, window: MainWindow) -> None:
    session, stack = window.session, window.session.undo_stack
    click(qtbot, window, 0.5, 0.9)
    session.train(until=1)
    wait_for_epochs(qtbot, window, 1)
    view = window.laboratory.panel.view_of(PointView)
    qtbot.waitUntil(lambda: read(window) is not None, timeout=20_000)
    for thresholds in ((0.55, 0.6, 0.7), (0.8, 0.75)):
        for threshold in thresholds:
            view.board.threshold_moved.emit(0, threshold)
        view.board.threshold_chosen.emit(0, thresholds[-1])
        assert session.experiment.lanes[0].threshold == thresholds[-1]
    assert stack.count() == 2
    stack.undo()
    assert session.experiment.lanes[0].threshold == 0.7

    def is_told() -> bool:
        found = read(window)
        return bool(found and found.pinned[0].inspection and found.pinned[0].inspection.threshold == 0.7)

    qtbot.waitUntil(is_told, timeout=20_000)


def test_without_hidden_layers_the_parts_are_named_by_what_the_network_is_given() -> None:
    dataset = toy_datasets.make("circles", n_samples=20)
    pinned = Pinned(Pin(0, (0.1, 0.2)), inspect_logits([0.3], "sigmoid"))
    given = TrainingConfig(hidden_layers=(), squares=True, sines=True)
    for config, names in (
        (TrainingConfig(), ()),
        (TrainingConfig(hidden_layers=()), ("x", "y")),
        (given, ("x", "y", "x²", "y²", "sin πx", "sin πy")),
    ):
        facts = facts_of(pinned, dataset, LaneView(make_lane(), config, "", 0))
        assert facts is not None
        assert facts.features == names
