from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.activations import ACTIVATIONS
from engine.config import (
    Activation,
    Initialization,
    Optimizer,
    TrainingConfig,
)
from gui.control_panel import MOST_LAYERS, MOST_UNITS, TIPS, ControlPanel
from gui.wording import INITIALIZATIONS

# widths that differ, and numbers that the fields show rounded or cannot show at all
ODD = TrainingConfig(
    hidden_layers=(16, 8, 4),
    activation=Activation.RELU,
    initialization=Initialization.HE_UNIFORM,
    optimizer=Optimizer.MOMENTUM,
    learning_rate=0.0123456789,
    batch_size=17,
    validation_fraction=0.123,
    seed=987654321,
)
BEYOND = replace(ODD, hidden_layers=(200,) * 60, learning_rate=1e-11, batch_size=700_000)


@pytest.fixture
def panel(qtbot: QtBot) -> ControlPanel:
    made = ControlPanel(QAction("&New Seed"))
    qtbot.addWidget(made)
    return made


def told_by(panel: ControlPanel) -> list[TrainingConfig]:
    """What the panel announces from now on."""
    told: list[TrainingConfig] = []
    panel.config_chosen.connect(told.append)
    return told


def pick(name: str, text: str) -> Callable[[ControlPanel], None]:
    """Choose an entry of a list."""

    def do(panel: ControlPanel) -> None:
        box = panel.findChild(QComboBox, name)
        assert isinstance(box, QComboBox)
        box.setCurrentText(text)

    return do


def enter(name: str, text: str) -> Callable[[ControlPanel], None]:
    """Type a number and Enter."""

    def do(panel: ControlPanel) -> None:
        box = panel.findChild(QAbstractSpinBox, name)
        assert isinstance(box, QAbstractSpinBox)
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)

    return do


CHANGES = {
    "activation": (pick("activation_box", "Leaky ReLU"), Activation.LEAKY_RELU),
    "initialization": (pick("initialization_box", "Xavier, normal"), Initialization.XAVIER_NORMAL),
    "optimizer": (pick("optimizer_box", "SGD"), Optimizer.SGD),
    "learning_rate": (enter("learning_rate_box", "5e-4"), 5e-4),
    "batch_size": (enter("batch_size_box", "64"), 64),
    "validation_fraction": (enter("validation_box", "30"), 0.3),
    "seed": (enter("seed_box", "12"), 12),
}


@pytest.mark.parametrize("config", [TrainingConfig(), ODD, BEYOND], ids=["usual", "odd", "beyond the fields"])
def test_every_change_is_one_whole_new_config_that_differs_in_that_field_only(
    panel: ControlPanel, config: TrainingConfig
) -> None:
    told = told_by(panel)
    for name, (change, value) in CHANGES.items():
        panel.show_config(config)
        change(panel)
        assert told == [replace(config, **{name: value})], name  # type: ignore[arg-type]
        told.clear()


@pytest.mark.parametrize(("name", "text", "layers"), [("depth_box", "5", (8,) * 5), ("width_box", "20", (20,) * 3)])
def test_depth_and_width_change_the_hidden_layers_only(
    panel: ControlPanel, name: str, text: str, layers: tuple[int, ...]
) -> None:
    config = replace(ODD, hidden_layers=(8, 8, 8))
    panel.show_config(config)
    told = told_by(panel)
    enter(name, text)(panel)
    assert told == [replace(config, hidden_layers=layers)]


def test_several_changes_in_a_row_build_on_each_other_even_if_nobody_shows_the_result(panel: ControlPanel) -> None:
    panel.show_config(ODD)
    told = told_by(panel)
    for change, _ in CHANGES.values():
        change(panel)
    assert len(told) == len(CHANGES)
    assert told[-1] == replace(ODD, **{name: value for name, (_, value) in CHANGES.items()})  # type: ignore[arg-type]


def test_a_batch_size_of_zero_is_the_full_batch_and_says_so(panel: ControlPanel) -> None:
    told = told_by(panel)
    enter("batch_size_box", "0")(panel)
    assert [config.batch_size for config in told] == [None]
    assert panel.batch_size_box.text() == "full batch"
    panel.show_config(replace(ODD, batch_size=None))
    assert panel.batch_size_box.text() == "full batch"


def test_showing_a_config_announces_nothing(panel: ControlPanel) -> None:
    told = told_by(panel)
    for config in (ODD, BEYOND, TrainingConfig(), TrainingConfig(batch_size=None)):
        panel.show_config(config)
    assert told == []


def test_a_config_that_was_shown_while_signals_were_blocked_leaves_them_blocked(panel: ControlPanel) -> None:
    panel.blockSignals(True)
    panel.show_config(ODD)
    assert panel.signalsBlocked()


def test_every_field_shows_what_the_config_says(panel: ControlPanel) -> None:
    panel.show_config(ODD)
    assert (panel.depth_box.value(), panel.width_box.value()) == (3, 16)
    assert panel.activation_box.choice() is Activation.RELU
    assert panel.initialization_box.choice() is Initialization.HE_UNIFORM
    assert panel.optimizer_box.choice() is Optimizer.MOMENTUM
    assert panel.learning_rate_box.text() == "0.0123457"
    assert (panel.batch_size_box.value(), panel.validation_box.value(), panel.seed_box.value()) == (17, 12, 987654321)


def test_entering_what_is_shown_already_announces_nothing(panel: ControlPanel) -> None:
    panel.show_config(ODD)
    told = told_by(panel)
    for name in ("depth_box", "width_box", "batch_size_box", "validation_box", "seed_box", "learning_rate_box"):
        box = panel.findChild(QAbstractSpinBox, name)
        assert isinstance(box, QAbstractSpinBox)
        box.interpretText()
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert told == []


def test_nonsense_in_a_field_never_becomes_a_config(panel: ControlPanel) -> None:
    told = told_by(panel)
    for name in ("depth_box", "width_box", "batch_size_box", "validation_box", "seed_box", "learning_rate_box"):
        for text in ("abc", "-", "nan", "1e400", "99999999999999", ""):
            enter(name, text)(panel)
    config = told[-1] if told else TrainingConfig()  # typing "99999999999999" may end where the field is full
    assert 1 <= len(config.hidden_layers) <= MOST_LAYERS
    assert max(config.hidden_layers) <= MOST_UNITS
    assert config.learning_rate in (TrainingConfig().learning_rate, 1e6)  # the nearest to 99999999999999


def test_automatic_initialization_says_which_one_it_is_for_each_activation(panel: ControlPanel) -> None:
    label = panel.findChild(QLabel, "resolved_initialization")
    assert isinstance(label, QLabel)
    for activation, facts in ACTIVATIONS.items():
        panel.show_config(TrainingConfig(activation=activation))
        assert INITIALIZATIONS[facts.initialization] in label.text()
    panel.show_config(TrainingConfig(initialization=Initialization.HE_NORMAL))
    assert label.text() == ""


def test_the_ranges_are_those_of_the_program(panel: ControlPanel) -> None:
    assert (panel.depth_box.minimum(), panel.depth_box.maximum()) == (1, 50)
    assert (panel.width_box.minimum(), panel.width_box.maximum()) == (1, 128)
    assert panel.validation_box.maximum() == 50
    for name in ("depth_box", "width_box", "batch_size_box", "validation_box", "seed_box", "learning_rate_box"):
        box = panel.findChild(QAbstractSpinBox, name)
        assert box is not None
        for edge in (box.minimum(), box.maximum()):  # type: ignore[attr-defined]  # a field of numbers
            box.setValue(edge)  # type: ignore[attr-defined]
            # a config of these values was made, or this raised


def test_the_names_that_others_rely_on_are_there(panel: ControlPanel) -> None:
    assert panel.objectName() == "control_panel"
    for name in ("activation_box", "depth_box", "width_box", "optimizer_box", "learning_rate_box", "seed_box"):
        assert panel.findChild(QWidget, name) is not None, name


def test_every_field_has_a_label_that_leads_to_it_and_explains_itself(panel: ControlPanel) -> None:
    buddies = {buddy.objectName() for label in panel.findChildren(QLabel) if (buddy := label.buddy()) is not None}
    assert buddies == set(TIPS)
    for name, tip in TIPS.items():
        box = panel.findChild(QWidget, name)
        assert box is not None
        assert tip in box.toolTip()
        assert box.statusTip() == tip


def test_each_tip_says_whether_the_weights_stay() -> None:
    restarting = {"activation_box", "depth_box", "width_box", "initialization_box", "seed_box"}
    assert {name for name, tip in TIPS.items() if "starts a new run" in tip} == restarting
    assert all("Takes effect at once" in tip for name, tip in TIPS.items() if name not in restarting)


def test_every_field_of_a_config_can_be_reached_or_is_known_not_to(panel: ControlPanel) -> None:
    reached = {*CHANGES, "hidden_layers"}
    assert {field.name for field in fields(TrainingConfig)} - reached >= {"output"}


def test_the_tab_key_goes_down_the_panel(panel: ControlPanel) -> None:
    panel.grab()  # lays it out
    stops: list[QWidget] = []
    widget = panel.nextInFocusChain()
    while widget is not None and widget is not panel:
        if widget.objectName() in {*TIPS, "new_seed_button"}:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    places = [stop.mapTo(panel, QPoint(0, 0)) for stop in stops]
    assert len(stops) == len(TIPS) + 1
    assert all((a.y() // 8, a.x()) < (b.y() // 8, b.x()) for a, b in pairwise(places))


def test_the_button_beside_the_seed_takes_another_one(qtbot: QtBot) -> None:
    action = QAction("&New Seed")
    panel = ControlPanel(action)
    qtbot.addWidget(panel)
    button = panel.findChild(QToolButton, "new_seed_button")
    assert button is not None
    with qtbot.waitSignal(action.triggered):
        button.click()


def test_a_change_of_depth_alone_keeps_the_width_of_the_first_layer(panel: ControlPanel) -> None:
    panel.show_config(ODD)
    told = told_by(panel)
    enter("depth_box", "2")(panel)
    assert told == [replace(ODD, hidden_layers=(16, 16))]


def test_a_change_taken_back_by_others_can_be_made_again(panel: ControlPanel) -> None:
    told = told_by(panel)
    for _ in range(2):
        panel.show_config(ODD)
        pick("optimizer_box", "Adam")(panel)
    assert told == [replace(ODD, optimizer=Optimizer.ADAM)] * 2
