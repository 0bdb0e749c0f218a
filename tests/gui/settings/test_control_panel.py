from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLayoutItem,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import (
    RESTARTING_FIELDS,
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    TrainingConfig,
    ValueLoss,
)
from engine.mlp.activations import ACTIVATIONS
from gui.main_window import MainWindow
from gui.settings.control_panel import MAX_LAYERS, MAX_UNITS, ControlPanel
from gui.text.setting_rows import tips
from gui.widgets.side_panel import SidePanel

TIPS = tips()
# widths that differ, and numbers that the fields show rounded or cannot show at all
ODD = TrainingConfig(
    hidden_layers=(16, 8, 4),
    activation=Activation.RELU,
    initialization=Initialization.HE_UNIFORM,
    optimizer=Optimizer.MOMENTUM,
    learning_rate=0.0123456789,
    batch_size=17,
    validation_fraction=0.123,
    test_fraction=0.077,
    patience=345,
    seed=987654321,
    leaky_slope=0.0123456789,
    elu_alpha=0.123456789,
    initialization_sigma=0.123456789,
    threshold=0.123456789,
    schedule_epochs=77,
    schedule_factor=0.123456789,
    clip_norm=0.123456789,
    l1=1e-11,
    l2=0.123456789,
    dropout=0.123,
)
BEYOND = replace(ODD, hidden_layers=(200,) * 60, learning_rate=1e-11, batch_size=700_000, threshold=1e-5)
LINEAR, TANH, RELU, SIGMOID = Activation.LINEAR, Activation.TANH, Activation.RELU, Activation.SIGMOID
LEAKY, ELU = Activation.LEAKY_RELU, Activation.ELU
MIXED = replace(ODD, hidden_layers=(8,) * 5, layer_activations=(RELU, TANH, ELU, LEAKY, SIGMOID))
LAST = replace(ODD, hidden_layers=(8,) * 4, layer_activations=(RELU, RELU, SIGMOID, SIGMOID))
EVERYTHING = replace(
    TrainingConfig(),
    activation=LEAKY,
    layer_activations=(LEAKY, LEAKY, ELU),
    initialization=Initialization.NORMAL,
    schedule=Schedule.STEP,
    value_loss=ValueLoss.HUBER,
)
"""To which every field matters, but for activations that have no such layers, and the loss of values."""
OTHERS = {"elu_alpha_box", "last_leaky_slope_box", "value_loss_box", "huber_delta_box"}


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


def tick(name: str) -> Callable[[ControlPanel], None]:
    """Click a box with a tick."""

    def do(panel: ControlPanel) -> None:
        box = panel.findChild(QCheckBox, name)
        assert isinstance(box, QCheckBox)
        box.click()

    return do


CHANGES: dict[str, tuple[Callable[[ControlPanel], None], object]] = {
    "activation": (pick("activation_box", "Leaky ReLU"), Activation.LEAKY_RELU),
    "initialization": (pick("initialization_box", "Xavier, normal"), Initialization.XAVIER_NORMAL),
    "optimizer": (pick("optimizer_box", "SGD"), Optimizer.SGD),
    "learning_rate": (enter("learning_rate_box", "5e-4"), 5e-4),
    "batch_size": (enter("batch_size_box", "64"), 64),
    "validation_fraction": (enter("validation_box", "30"), 0.3),
    "test_fraction": (enter("test_box", "15"), 0.15),
    "patience": (enter("patience_box", "20"), 20),
    "seed": (enter("seed_box", "12"), 12),
    "leaky_slope": (enter("leaky_slope_box", "0.2"), 0.2),
    "elu_alpha": (enter("elu_alpha_box", "2"), 2.0),
    "batch_norm": (tick("batch_norm_box"), True),
    "skip_connections": (tick("skip_connections_box"), True),
    "value_loss": (pick("value_loss_box", "Huber"), ValueLoss.HUBER),
    "huber_delta": (enter("huber_delta_box", "0.5"), 0.5),
    "squares": (tick("squares_box"), True),
    "products": (tick("products_box"), True),
    "sines": (tick("sines_box"), True),
    "initialization_sigma": (enter("initialization_sigma_box", "0.5"), 0.5),
    "threshold": (enter("threshold_box", "0.7"), 0.7),
    "output": (pick("output_box", "Softmax"), Output.SOFTMAX),
    "loss": (pick("loss_box", "Squared error (MSE)"), Loss.MSE),
    "schedule": (pick("schedule_box", "Cosine"), Schedule.COSINE),
    "schedule_epochs": (enter("schedule_epochs_box", "30"), 30),
    "schedule_factor": (enter("schedule_factor_box", "0.25"), 0.25),
    "clip_norm": (enter("clip_norm_box", "1.5"), 1.5),
    "l1": (enter("l1_box", "0.0001"), 1e-4),
    "l2": (enter("l2_box", "0.001"), 1e-3),
    "dropout": (enter("dropout_box", "20"), 0.2),
}


CONFIGS = {"usual": TrainingConfig(), "odd": ODD, "beyond the fields": BEYOND, "mixed": MIXED, "last layers": LAST}


@pytest.mark.parametrize("kind", list(CONFIGS))
def test_every_change_is_one_whole_new_config_that_differs_in_that_field_only(panel: ControlPanel, kind: str) -> None:
    config = CONFIGS[kind]
    told = told_by(panel)
    for name, (change, value) in CHANGES.items():
        if name == "activation" and config.layer_activations:
            continue  # changes the first layers; see below
        before = replace(config, schedule=Schedule.STEP) if name.startswith("schedule_") else config
        before = replace(before, value_loss=ValueLoss.HUBER) if name == "huber_delta" else before
        panel.show_config(before)
        change(panel)
        assert told == [replace(before, **{name: value})], name  # type: ignore[arg-type]
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
    assert panel.boxes["batch_size"].text() == "full batch"
    panel.show_config(replace(ODD, batch_size=None))
    assert panel.boxes["batch_size"].text() == "full batch"


def test_showing_a_config_announces_nothing(panel: ControlPanel) -> None:
    told = told_by(panel)
    for config in (ODD, BEYOND, TrainingConfig(), TrainingConfig(batch_size=None), MIXED, LAST, EVERYTHING):
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
    assert panel.boxes["initialization"].choice() is Initialization.HE_UNIFORM
    assert panel.boxes["optimizer"].choice() is Optimizer.MOMENTUM
    assert panel.boxes["learning_rate"].text() == "0.0123457"
    assert (
        panel.boxes["batch_size"].value(),
        panel.boxes["validation_fraction"].value(),
        panel.boxes["seed"].value(),
    ) == (17, 12, 987654321)


def test_a_single_input_has_no_products(panel: ControlPanel) -> None:
    values = toy_datasets.make("sine", n_samples=20)
    for dataset, has_products in ((values, False), (toy_datasets.make("moons", n_samples=20), True)):
        panel.show_dataset(dataset)
        panel.show_config(ODD)
        assert panel.boxes["products"].isEnabled() == has_products
        assert panel.boxes["squares"].isEnabled()


def test_entering_what_is_shown_already_announces_nothing(panel: ControlPanel) -> None:
    panel.show_config(ODD)
    told = told_by(panel)
    for box in panel.findChildren(QAbstractSpinBox):
        box.interpretText()
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert told == []


def test_nonsense_in_a_field_never_becomes_a_config(panel: ControlPanel) -> None:
    told = told_by(panel)
    for name in sorted(box.objectName() for box in panel.findChildren(QAbstractSpinBox)):
        for text in ("abc", "-", "nan", "1e400", "99999999999999", ""):
            enter(name, text)(panel)
    config = told[-1] if told else TrainingConfig()  # typing "99999999999999" may end where the field is full
    assert 1 <= len(config.hidden_layers) <= MAX_LAYERS
    assert max(config.hidden_layers) <= MAX_UNITS
    assert config.learning_rate in (TrainingConfig().learning_rate, 1e6)  # the nearest to 99999999999999


def test_automatic_initialization_says_which_one_it_is_for_each_activation(panel: ControlPanel) -> None:
    label = panel.findChild(QLabel, "resolved_initialization")
    assert isinstance(label, QLabel)
    for activation, facts in ACTIVATIONS.items():
        panel.show_config(TrainingConfig(activation=activation))
        assert facts.initialization.label in label.text()
    panel.show_config(TrainingConfig(initialization=Initialization.HE_NORMAL))
    assert label.text() == ""


def test_the_ranges_are_those_of_the_program(panel: ControlPanel) -> None:
    assert (panel.depth_box.minimum(), panel.depth_box.maximum()) == (0, 50)
    assert (panel.width_box.minimum(), panel.width_box.maximum()) == (1, 128)
    assert panel.boxes["validation_fraction"].maximum() == 50
    for box in panel.findChildren(QAbstractSpinBox):
        for edge in (box.minimum(), box.maximum()):  # type: ignore[attr-defined]  # a field of numbers
            box.setValue(edge)  # type: ignore[attr-defined]
            # a config of these values was made, or this raised


def test_the_names_that_others_rely_on_are_there(panel: ControlPanel) -> None:
    assert panel.objectName() == "control_panel"
    for name in ("activation_box", "depth_box", "width_box", "optimizer_box", "learning_rate_box", "seed_box"):
        assert panel.findChild(QWidget, name) is not None, name


def test_every_field_has_a_label_that_leads_to_it_and_explains_itself(panel: ControlPanel) -> None:
    buddies = {buddy.objectName() for label in panel.findChildren(QLabel) if (buddy := label.buddy()) is not None}
    sharing = {"width_box", "products_box", "sines_box", "test_box"}  # a row with another
    assert buddies == set(TIPS) - sharing
    for name, tip in TIPS.items():
        box = panel.findChild(QWidget, name)
        assert box is not None
        assert tip in box.toolTip()
        assert box.statusTip() == tip


def test_each_tip_says_whether_the_weights_stay() -> None:
    others = {"hidden_layers", "activations", "test_fraction"}
    boxes = {f"{name}_box" for name in set(RESTARTING_FIELDS) - others} | {"test_box"}
    restarting = boxes | {"activation_box", "depth_box", "width_box", "last_layers_box", "last_activation_box"}
    restarting |= {"last_leaky_slope_box", "last_elu_alpha_box"}
    assert {name for name, tip in TIPS.items() if tip.endswith("A change starts a new run.")} == restarting
    assert all("Takes effect at once" in tip for name, tip in TIPS.items() if name not in restarting)


def test_every_field_of_a_config_can_be_reached() -> None:
    assert {*CHANGES, "hidden_layers", "layer_activations"} == {field.name for field in fields(TrainingConfig)}


def test_the_tab_key_goes_down_the_panel(panel: ControlPanel) -> None:
    panel.show_config(EVERYTHING)
    for section in (panel.regularization, panel.more):
        section.toggle()
    panel.grab()  # lays it out
    stops: list[QWidget] = []
    names = {*TIPS, "new_seed_button", "regularization_button", "more_button"} - OTHERS
    widget = panel.nextInFocusChain()
    while widget is not None and widget is not panel:
        if widget.objectName() in names:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    places = [stop.mapTo(panel, QPoint(0, 0)) for stop in stops]
    assert {stop.objectName() for stop in stops} == names
    assert all(stop.isVisibleTo(panel) for stop in stops)
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


def test_without_hidden_layers_width_and_activation_wait_for_the_next(panel: ControlPanel) -> None:
    panel.show_config(replace(ODD, hidden_layers=(16, 16, 16)))
    told = told_by(panel)
    enter("depth_box", "0")(panel)
    assert told == [replace(ODD, hidden_layers=())]
    assert not panel.width_box.isEnabled()
    assert not panel.activation_box.isEnabled()
    enter("depth_box", "2")(panel)
    assert told[1:] == [replace(ODD, hidden_layers=(16, 16))]
    assert panel.width_box.isEnabled()


def test_a_change_taken_back_by_others_can_be_made_again(panel: ControlPanel) -> None:
    told = told_by(panel)
    for _ in range(2):
        panel.show_config(ODD)
        pick("optimizer_box", "Adam")(panel)
    assert told == [replace(ODD, optimizer=Optimizer.ADAM)] * 2


# sections


def shown_in(panel: ControlPanel) -> set[str]:
    """The boxes that can be used if their sections are open."""
    for section in (panel.regularization, panel.more):
        if not section.is_open:
            section.toggle()
    boxes = {name: panel.findChild(QWidget, name) for name in TIPS}
    return {name for name, box in boxes.items() if box is not None and box.isVisibleTo(panel) and box.isEnabled()}


def test_what_a_beginner_does_not_need_is_in_sections_that_are_closed_at_first(panel: ControlPanel) -> None:
    closed = {name for name in TIPS if (box := panel.findChild(QWidget, name)) and not box.isVisibleTo(panel)}
    opened = shown_in(panel)
    assert closed & opened == {
        *("dropout_box", "l1_box", "l2_box", "patience_box", "batch_norm_box", "skip_connections_box"),
        *("output_box", "threshold_box", "loss_box", "schedule_box", "clip_norm_box", "last_layers_box"),
    }


def test_a_closed_section_says_which_of_its_settings_are_not_as_usual(panel: ControlPanel) -> None:
    assert (panel.regularization.heading, panel.more.heading) == ("Regularization", "More")
    for name, (change, _) in CHANGES.items():
        panel.show_config(TrainingConfig())
        change(panel)
        said = panel.regularization.heading != "Regularization" or panel.more.heading != "More"
        inside = {"dropout", "l1", "l2", "patience", "batch_norm", "skip_connections"}
        assert said == (name in inside | {"output", "threshold", "loss", "schedule", "clip_norm"}), name
    panel.show_config(replace(TrainingConfig(), dropout=0.2, batch_norm=True))
    assert panel.regularization.heading == "Regularization · Dropout 20 %, Batch Normalization on"
    panel.show_config(LAST)
    assert panel.more.heading.endswith("last 2 Sigmoid")
    panel.show_config(MIXED)
    assert panel.more.heading.endswith("mixed activations")


def test_both_kinds_of_no_limit_are_none(panel: ControlPanel) -> None:
    box = panel.findChild(QAbstractSpinBox, "clip_norm_box")
    assert box is not None
    for text in ("0", ""):
        panel.show_config(replace(ODD, clip_norm=2.0))
        told = told_by(panel)
        box.selectAll()
        QTest.keyClick(box, Qt.Key.Key_Delete)
        enter("clip_norm_box", text)(panel)
        assert told == [replace(ODD, clip_norm=None)]
        assert box.text() == "none"
        panel.config_chosen.disconnect()


# fields that depend on others


@pytest.mark.parametrize(
    ("config", "boxes"),
    [
        (TrainingConfig(), {"threshold_box"}),
        (TrainingConfig(activation=LEAKY), {"leaky_slope_box", "threshold_box"}),
        (TrainingConfig(activation=ELU), {"elu_alpha_box", "threshold_box"}),
        (TrainingConfig(activation=LEAKY, layer_activations=(TANH,) * 3), {"threshold_box"}),
        (MIXED, {"last_leaky_slope_box", "last_elu_alpha_box", "threshold_box", "last_activation_box"}),
        (
            TrainingConfig(activation=TANH, layer_activations=(TANH, TANH, ELU)),
            {"last_elu_alpha_box", "threshold_box", "last_activation_box"},
        ),
        (TrainingConfig(initialization=Initialization.NORMAL), {"initialization_sigma_box", "threshold_box"}),
        (TrainingConfig(output=Output.SIGMOID), {"threshold_box"}),
        (TrainingConfig(output=Output.SOFTMAX), set()),
        (TrainingConfig(output=Output.INDEPENDENT_SIGMOIDS), set()),
        (TrainingConfig(schedule=Schedule.COSINE), {"schedule_epochs_box", "schedule_factor_box", "threshold_box"}),
        (LAST, {"last_activation_box", "threshold_box"}),
    ],
)
def test_a_field_can_be_used_only_where_it_matters(
    panel: ControlPanel, config: TrainingConfig, boxes: set[str]
) -> None:
    panel.show_config(EVERYTHING)
    everything = shown_in(panel)
    assert everything == set(TIPS) - OTHERS
    panel.show_config(config)
    dependent = {
        *("leaky_slope_box", "last_elu_alpha_box", "initialization_sigma_box", "threshold_box"),
        *("schedule_epochs_box", "schedule_factor_box", "last_activation_box"),
    }
    assert shown_in(panel) == (everything - dependent) | boxes


def test_without_points_for_validation_patience_is_dimmed_and_0_is_that_it_never_ends(panel: ControlPanel) -> None:
    assert "patience_box" in shown_in(panel)
    panel.show_config(TrainingConfig(validation_fraction=0.0, patience=5))
    assert "patience_box" not in shown_in(panel)
    panel.show_config(replace(ODD, patience=5))
    told = told_by(panel)
    enter("patience_box", "0")(panel)
    assert told == [replace(ODD, patience=None)]
    assert panel.boxes["patience"].text() == "never stops"


def test_a_field_appears_with_the_choice_it_belongs_to(panel: ControlPanel) -> None:
    pick("activation_box", "Leaky ReLU")(panel)
    assert "leaky_slope_box" in shown_in(panel)
    pick("activation_box", "ELU")(panel)
    assert "leaky_slope_box" not in shown_in(panel)
    assert "elu_alpha_box" in shown_in(panel)


def test_a_parameter_of_an_activation_is_one_number_wherever_it_is_typed(panel: ControlPanel) -> None:
    panel.config_chosen.connect(panel.show_config)  # as the window does
    panel.show_config(replace(ODD, hidden_layers=(8, 8), activation=TANH, layer_activations=(TANH, ELU)))
    told = told_by(panel)
    shown_in(panel)
    enter("last_elu_alpha_box", "2")(panel)
    pick("activation_box", "ELU")(panel)
    assert "last_elu_alpha_box" not in shown_in(panel)
    enter("elu_alpha_box", "3")(panel)
    assert [config.elu_alpha for config in told] == [2.0, 2.0, 3.0]


def test_where_an_activation_has_no_parameter_its_formula_stands_in_the_place_of_one(panel: ControlPanel) -> None:
    label = panel.findChild(QLabel, "activation_formula")
    assert label is not None
    for activation, facts in ACTIVATIONS.items():
        panel.show_config(TrainingConfig(activation=activation))
        assert label.isVisibleTo(panel) is (activation not in (LEAKY, ELU))
        assert label.text() == f"f(z) = {facts.formula}"
    panel.show_config(replace(MIXED, layer_activations=(TANH, RELU, TANH, RELU, SIGMOID)))
    assert label.text() == "", "of several nothing is said that is true of one"


@pytest.mark.usefixtures("each_font")
def test_open_sections_fit_the_column_of_the_window(qtbot: QtBot, panel: ControlPanel) -> None:
    column = SidePanel(panel)
    qtbot.addWidget(column)
    column.resize(column.width(), 600)
    panel.show_config(replace(EVERYTHING, output=Output.INDEPENDENT_SIGMOIDS, loss=Loss.MSE, dropout=0.95))
    shown_in(panel)
    column.show()
    width = panel.width()
    content = column.widget()
    assert content is not None
    assert content.width() + column.verticalScrollBar().sizeHint().width() <= column.width()
    assert panel.minimumSizeHint().width() <= width
    for part in (*panel.findChildren(QComboBox), *panel.findChildren(QAbstractSpinBox), *panel.findChildren(QLabel)):
        if part.isVisibleTo(panel):
            assert part.mapTo(panel, QPoint(part.width(), 0)).x() <= width
            if isinstance(part, QLabel):
                assert part.width() >= part.sizeHint().width(), part.text()
    for name in ("output_box", "loss_box"):
        box = panel.findChild(QComboBox, name)
        assert box is not None
        assert box.width() >= box.sizeHint().width()
    panel.setParent(None)  # it is the fixture's


# activations by layer


def test_some_last_layers_get_an_activation_of_their_own(panel: ControlPanel) -> None:
    config = replace(ODD, hidden_layers=(8,) * 4)
    panel.show_config(config)
    told = told_by(panel)
    enter("last_layers_box", "2")(panel)
    pick("last_activation_box", "Tanh")(panel)
    enter("last_layers_box", "1")(panel)
    enter("last_layers_box", "0")(panel)
    assert told == [
        replace(config, layer_activations=(RELU, RELU, SIGMOID, SIGMOID)),
        replace(config, layer_activations=(RELU, RELU, TANH, TANH)),
        replace(config, layer_activations=(RELU, RELU, RELU, TANH)),
        config,
    ]


def test_another_activation_is_that_of_the_first_layers(panel: ControlPanel) -> None:
    panel.show_config(LAST)
    told = told_by(panel)
    pick("activation_box", "Tanh")(panel)
    assert told == [replace(LAST, activation=TANH, layer_activations=(TANH, TANH, SIGMOID, SIGMOID))]


def test_going_through_the_list_past_the_activation_of_the_last_layers_does_not_lose_them(panel: ControlPanel) -> None:
    panel.config_chosen.connect(panel.show_config)  # as the window does
    panel.show_config(LAST)
    told = told_by(panel)
    pick("activation_box", "Sigmoid")(panel)
    enter("seed_box", "5")(panel)
    pick("activation_box", "Tanh")(panel)
    assert [config.activations for config in told] == [
        (SIGMOID,) * 4,
        (SIGMOID,) * 4,
        (TANH, TANH, SIGMOID, SIGMOID),
    ]
    panel.show_config(TrainingConfig(activation=SIGMOID))  # from elsewhere
    assert panel.last_layers_box.value() == 0


@pytest.mark.parametrize(
    ("depth", "activations"),
    [
        ("6", (RELU,) * 4 + (SIGMOID,) * 2),
        ("3", (RELU, SIGMOID, SIGMOID)),
        ("2", (RELU, SIGMOID)),
        ("1", (RELU,)),
    ],
)
def test_a_change_of_depth_keeps_the_last_layers(
    panel: ControlPanel, depth: str, activations: tuple[Activation, ...]
) -> None:
    panel.show_config(LAST)
    told = told_by(panel)
    enter("depth_box", depth)(panel)
    assert [config.activations for config in told] == [activations]
    assert told[0].hidden_layers == (8,) * len(activations)
    assert panel.last_layers_box.maximum() == len(activations) - 1
    assert panel.last_layers_box.value() == min(2, len(activations) - 1)


def test_mixed_activations_from_a_file_are_named_and_left_alone(panel: ControlPanel) -> None:
    panel.show_config(MIXED)
    label = panel.findChild(QLabel, "mixed_activations")
    assert label is not None
    assert label.isVisibleTo(panel.more) == panel.more.is_open
    shown_in(panel)
    assert label.isVisibleTo(panel)
    assert label.text() == "mixed: ReLU, Tanh, ELU, …"
    assert "Sigmoid" in label.toolTip()
    assert panel.activation_box.choice() is None
    told = told_by(panel)
    enter("width_box", "20")(panel)
    assert told == [replace(MIXED, hidden_layers=(20,) * 5)]
    panel.show_config(LAST)
    assert not label.isVisibleTo(panel)


@pytest.mark.parametrize(
    ("change", "activations"),
    [
        (enter("depth_box", "7"), (RELU, TANH, ELU, LEAKY, SIGMOID, SIGMOID, SIGMOID)),
        (enter("depth_box", "3"), (RELU, TANH, ELU)),
        (enter("depth_box", "1"), (RELU,)),
        (pick("activation_box", "Linear"), (LINEAR,) * 4 + (SIGMOID,)),
        (pick("activation_box", "ReLU"), (RELU,) * 4 + (SIGMOID,)),
        (enter("last_layers_box", "2"), (RELU,) * 3 + (SIGMOID,) * 2),
        (enter("last_layers_box", "0"), (RELU,) * 5),
    ],
)
def test_what_a_change_makes_of_mixed_activations(
    panel: ControlPanel, change: Callable[[ControlPanel], None], activations: tuple[Activation, ...]
) -> None:
    panel.show_config(MIXED)
    told = told_by(panel)
    change(panel)
    assert [config.activations for config in told] == [activations]


def test_layers_that_begin_with_different_rules_are_told_apart(panel: ControlPanel) -> None:
    label = panel.findChild(QLabel, "resolved_initialization")
    assert label is not None
    panel.show_config(replace(LAST, initialization=Initialization.AUTO))
    assert label.text() == "chosen: He, normal; Xavier, uniform"


def test_all_fields_of_the_column_begin_at_one_edge(make_still: Callable[[int, int], MainWindow]) -> None:
    panel = make_still(1366, 768).control_panel
    for section in (panel.regularization, panel.more):
        section.toggle()
    QCoreApplication.processEvents()
    column = panel.parentWidget()
    assert column is not None
    lefts = {
        field.objectName(): field.mapTo(column, QPoint()).x()
        for form in column.findChildren(QFormLayout)
        for row in range(form.rowCount())
        if (item := form.itemAt(row, QFormLayout.ItemRole.FieldRole)) is not None
        if form.itemAt(row, QFormLayout.ItemRole.SpanningRole) is None
        if (field := first_widget(item)).isVisible()
    }
    assert len(lefts) > 20
    assert {"output_box", "loss_box"} <= set(lefts)  # beside their labels, as all others
    assert len(set(lefts.values())) == 1, lefts


def first_widget(item: QLayoutItem) -> QWidget:
    """The widget in an item, the first in a row of several."""
    widget, row = item.widget(), item.layout()
    if widget is None and row is not None:
        first = row.itemAt(0)
        widget = None if first is None else first.widget()
    assert widget is not None
    return widget
