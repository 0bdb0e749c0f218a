"""The settings as the window shows them: one row each, from which forms, tips, and names of edits and lanes are made.

Kind, range, and whether a change starts a new run stand in `engine.config`, once for all; the names
of `gui.text.names` and the boxes of `gui.settings.fields` follow from both.
"""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from engine.config import SETTINGS, Activation, Initialization, Output, Schedule, TrainingConfig, ValueLoss
from engine.data.targets import Target
from gui.text.language import mark, say


class Place(Enum):
    """The place of a setting in the panel."""

    ACTIVATION = auto()  # beneath the list of activations: a parameter of one of them
    FEATURES = auto()  # one row of them all
    NETWORK = auto()
    TRAINING = auto()
    REGULARIZATION = auto()
    MORE = auto()


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """The way in which the window shows a setting. All titles and labels are of the context ``setting``.

    Attributes:
        title: its name in the list of changes and in titles of lanes.
        label: in front of its box; "": the title.
        tip: what it does.
        effect: of a change, with ``{tip}`` before it; "": as of other settings that restart a run, or do not.
        place: None if the panel shows it in its own way.
        box: the name of its box without ``_box``; "": that of the setting.
        spoken: the name of the box for those who hear the window; "": the label says it.
        matters: whether it does to a config; None: always.
        is_hidden: whether its row is hidden where it does not matter, and not dimmed.
        activation: whose parameter it is.
        target: what it is of; None: of classes and of values.
        is_percent: whether its box is of whole percents.
        most: of its box, if that is less than may be.
        first, step: of the arrows of a box of numbers, see `gui.widgets.number_boxes.RateBox`.
        nothing: what None is called, in the context ``setting`` too.
    """

    title: str
    label: str = ""
    tip: str = ""
    effect: str = ""
    place: Place | None = None
    box: str = ""
    spoken: str = ""
    matters: Callable[[TrainingConfig], bool] | None = None
    is_hidden: bool = False
    activation: Activation | None = None
    target: Target | None = None
    is_percent: bool = False
    most: int | None = None
    first: float = 1e-4
    step: float | None = None
    nothing: str = ""

    def box_name(self, name: str) -> str:
        """The name of the box of the setting `name`."""
        return f"{self.box or name}_box"


def has_schedule(config: TrainingConfig) -> bool:
    """True if the learning rate changes with the epochs."""
    return config.schedule is not Schedule.CONSTANT


ROWS: dict[str, SettingRow] = {
    "hidden_layers": SettingRow(title=mark("Layers", "setting")),
    "activation": SettingRow(title=mark("Activation", "setting"), tip=mark("What each hidden unit does with its sum.")),
    "layer_activations": SettingRow(title=mark("Activation by Layer", "setting")),
    "leaky_slope": SettingRow(
        title=mark("Leaky ReLU Slope", "setting"),
        label=mark("Leaky slope", "setting"),
        tip=mark("What Leaky ReLU multiplies a negative sum by; 0 is ReLU."),
        place=Place.ACTIVATION,
        activation=Activation.LEAKY_RELU,
    ),
    "elu_alpha": SettingRow(
        title=mark("ELU α", "setting"),
        tip=mark("How far below 0 the output of ELU can go."),
        place=Place.ACTIVATION,
        activation=Activation.ELU,
    ),
    "squares": SettingRow(
        title=mark("Squares x²", "setting"),
        label=mark("x²", "setting"),
        spoken=mark("Squares of the inputs"),
        tip=mark(
            "Gives the network the square of each standardised input, too. With x² and y² even a network without "
            "hidden layer can draw a circle."
        ),
        place=Place.FEATURES,
    ),
    "products": SettingRow(
        title=mark("Products x·y", "setting"),
        label=mark("x·y", "setting"),
        spoken=mark("Products of each two inputs"),
        tip=mark(
            "Gives the network the product of each two standardised inputs, too. With x·y even a network without "
            "hidden layer can tell the quarters of XOR apart."
        ),
        place=Place.FEATURES,
    ),
    "sines": SettingRow(
        title=mark("Sines sin πx", "setting"),
        label=mark("sin πx", "setting"),
        spoken=mark("Sines of the inputs"),
        tip=mark(
            "Gives the network sin(πx) of each standardised input x, too: waves that are two standard deviations "
            "long, of which stripes and checkerboards are made."
        ),
        place=Place.FEATURES,
    ),
    "initialization": SettingRow(
        title=mark("Initialization", "setting"),
        tip=mark("How the first weights are drawn."),
        place=Place.NETWORK,
    ),
    "initialization_sigma": SettingRow(
        title=mark("σ of First Weights", "setting"),
        label=mark("Spread σ", "setting"),
        tip=mark("Standard deviation of the first weights around 0."),
        place=Place.NETWORK,
        matters=lambda config: config.initialization is Initialization.NORMAL,
        is_hidden=True,
    ),
    "optimizer": SettingRow(
        title=mark("Optimizer", "setting"), tip=mark("How the gradient becomes a step."), place=Place.TRAINING
    ),
    "learning_rate": SettingRow(
        title=mark("Learning Rate", "setting"),
        label=mark("Learning rate", "setting"),
        tip=mark("Multiplies each step."),
        place=Place.TRAINING,
    ),
    "batch_size": SettingRow(
        title=mark("Batch Size", "setting"),
        label=mark("Batch size", "setting"),
        tip=mark("Points per step; 0 is the full batch."),
        place=Place.TRAINING,
        most=100_000,
        nothing=mark("full batch", "setting"),
    ),
    "validation_fraction": SettingRow(
        title=mark("Validation Share", "setting"),
        label=mark("Validation, test", "setting"),
        spoken=mark("Kept for validation"),
        tip=mark("Share of the points that are kept from training, drawn hollow."),
        effect=mark(
            "{tip} Takes effect at once: points that were trained on may now count as validation; press Reset for a "
            "fair one."
        ),
        place=Place.TRAINING,
        box="validation",
        is_percent=True,
    ),
    "test_fraction": SettingRow(
        title=mark("Test Share", "setting"),
        tip=mark(
            "Share of the points that are kept back for a test, drawn with a dot: not trained on, not validated on, in "
            "no view until Reveal Test Result in the menu Train shows what the networks make of them."
        ),
        spoken=mark("Kept back for a test"),
        box="test",
        is_percent=True,
    ),
    "seed": SettingRow(
        title=mark("Seed", "setting"),
        label=mark("Weight seed", "setting"),
        tip=mark("Of the network: same seed, same first weights, same order of points, same dropped units."),
        place=Place.TRAINING,
    ),
    "dropout": SettingRow(
        title=mark("Dropout", "setting"),
        tip=mark("Probability that a hidden unit is left out, drawn anew for every point and step."),
        place=Place.REGULARIZATION,
        is_percent=True,
    ),
    "l1": SettingRow(
        title=mark("L1", "setting"),
        tip=mark(
            "Pulls every weight towards 0 until the data hold against it: many become exactly 0, more the larger it is."
        ),
        place=Place.REGULARIZATION,
    ),
    "l2": SettingRow(
        title=mark("L2", "setting"),
        tip=mark("Keeps weights small, the more the larger it is."),
        place=Place.REGULARIZATION,
    ),
    "patience": SettingRow(
        title=mark("Patience", "setting"),
        tip=mark(
            "Early stopping: epochs without a lower validation loss after which training stops; 0 is never. Each lane "
            "stops by itself; Train goes on for as many epochs again. The weights stay those of the last epoch; Back "
            "to Best Weights in the menu Train brings the best back. Without points for validation it never stops."
        ),
        place=Place.REGULARIZATION,
        matters=lambda config: config.validation_fraction > 0,
        nothing=mark("never stops", "setting"),
    ),
    "batch_norm": SettingRow(
        title=mark("Batch Normalization", "setting"),
        label=mark("Batch normalization", "setting"),
        tip=mark("Brings the sums of each hidden layer to one scale, batch by batch."),
        place=Place.REGULARIZATION,
    ),
    "skip_connections": SettingRow(
        title=mark("Skip Connections", "setting"),
        label=mark("Skip connections", "setting"),
        tip=mark("Adds the output of the layer before to that of each hidden layer as wide."),
        place=Place.REGULARIZATION,
    ),
    "output": SettingRow(
        title=mark("Output", "setting"),
        tip=mark("How the last layer makes probabilities of its sums."),
        place=Place.MORE,
        target=Target.CLASSES,
    ),
    "threshold": SettingRow(
        title=mark("Threshold", "setting"),
        tip=mark("Probability above which one sigmoid unit decides for the second class; counts for two classes only."),
        place=Place.MORE,
        matters=lambda config: config.output in (Output.AUTO, Output.SIGMOID),
        target=Target.CLASSES,
        step=0.05,
    ),
    "loss": SettingRow(
        title=mark("Loss", "setting"),
        tip=mark(
            "What training makes small: the mean over the points. Squared error, and cross-entropy of a sigmoid for "
            "each class, are sums over the output units, so lanes with other outputs cannot be compared by it."
        ),
        place=Place.MORE,
        target=Target.CLASSES,
    ),
    "value_loss": SettingRow(
        title=mark("Loss of Values", "setting"),
        label=mark("Loss", "setting"),
        spoken=mark("Loss of values"),
        tip=mark(
            "What training makes small where values are learned: the mean over the points, of errors in standard "
            "deviations of the values. Huber’s loss counts points that are far off less."
        ),
        place=Place.MORE,
        target=Target.VALUES,
    ),
    "huber_delta": SettingRow(
        title=mark("Huber’s δ", "setting"),
        tip=mark("Error, in standard deviations of the values, above which Huber’s loss grows evenly, not by squares."),
        place=Place.MORE,
        matters=lambda config: config.value_loss is ValueLoss.HUBER,
        target=Target.VALUES,
        step=0.1,
    ),
    "schedule": SettingRow(
        title=mark("Schedule", "setting"),
        tip=mark("How the learning rate changes with the epochs."),
        place=Place.MORE,
    ),
    "schedule_epochs": SettingRow(
        title=mark("Schedule Epochs", "setting"),
        label=mark("Epochs", "setting"),
        spoken=mark("Epochs of the schedule"),
        tip=mark("Epochs until the next step, or until a curve or warm-up ends."),
        place=Place.MORE,
        matters=has_schedule,
    ),
    "schedule_factor": SettingRow(
        title=mark("Schedule Factor", "setting"),
        label=mark("Factor", "setting"),
        spoken=mark("Factor of the schedule"),
        tip=mark("Multiplies the learning rate: at each step, at the end of a curve, at the start of a warm-up."),
        place=Place.MORE,
        matters=has_schedule,
    ),
    "clip_norm": SettingRow(
        title=mark("Gradient Limit", "setting"),
        label=mark("Gradient limit", "setting"),
        tip=mark("Shortens gradients that are longer than this; 0 is none."),
        place=Place.MORE,
        first=0.1,
        nothing=mark("none", "setting"),
    ),
}
PARTS = {
    "depth_box": (
        "hidden_layers",
        mark("Number of hidden layers, 0 to 50. Without any, the boundary is straight, but for more features."),
    ),
    "width_box": ("hidden_layers", mark("Units in each hidden layer, 1 to 128.")),
    "last_layers_box": (
        "layer_activations",
        mark("How many of the last hidden layers differ in activation; 0 is none."),
    ),
    "last_activation_box": (
        "layer_activations",
        mark("What the units of those last hidden layers do with their sums."),
    ),
    "last_leaky_slope_box": (
        "leaky_slope",
        mark("What Leaky ReLU multiplies a negative sum by in all layers that have it; 0 is ReLU."),
    ),
    "last_elu_alpha_box": (
        "elu_alpha",
        mark("How far below 0 the output of ELU can go in all layers that have it."),
    ),
}
"""Boxes that show a part of a setting, or one that stands elsewhere too: of which, and what it does."""
RESTARTS = mark("{tip} A change starts a new run.")
KEEPS_WEIGHTS = mark("{tip} Takes effect at once, the weights stay.")


def rows_in(place: Place) -> dict[str, SettingRow]:
    """The settings that stand somewhere in the panel, in their order."""
    return {name: row for name, row in ROWS.items() if row.place is place}


def tips() -> dict[str, str]:
    """The tips on each setting and on whether a change starts a new run, by the name of its box."""
    told = {row.box_name(name): tip_of(name, row.tip) for name, row in ROWS.items() if row.tip}
    return told | {box: tip_of(name, tip) for box, (name, tip) in PARTS.items()}


def tip_of(name: str, tip: str) -> str:
    """The tip at the box of a setting: what it does, and what a change brings about."""
    effect = ROWS[name].effect or (RESTARTS if SETTINGS[name].restarts else KEEPS_WEIGHTS)
    return say(effect, tip=say(tip))
