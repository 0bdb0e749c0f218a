"""The choices of one lane, as enums with stored values and one frozen, validated dataclass. No torch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from engine.errors import as_typed
from engine.messages import counted, mark, message
from engine.settings import (
    Choice,
    ConfigError,
    Flag,
    Named,
    Number,
    Whole,
    checked_choice,
    checked_whole,
    setting,
    settings_of,
)


class Activation(Named):
    """Activation of a hidden layer; the facts about each are in `engine.mlp.activations`."""

    LINEAR = "linear", mark("Linear", "function")
    STEP = "step", mark("Step", "function")
    SIGMOID = "sigmoid", mark("Sigmoid", "function")
    TANH = "tanh", mark("Tanh", "function")
    SOFTMAX = "softmax", mark("Softmax", "function")
    RELU = "relu", mark("ReLU", "function")
    LEAKY_RELU = "leaky_relu", mark("Leaky ReLU", "function")
    ELU = "elu", mark("ELU", "function")
    GELU = "gelu", mark("GELU", "function")
    SILU = "silu", mark("SiLU", "function")


class Initialization(Named):
    """The way in which the weights are drawn before the first step; see `engine.mlp.initialization`."""

    AUTO = "auto", mark("Automatic")
    TORCH_DEFAULT = "torch_default", mark("PyTorch default")
    XAVIER_UNIFORM = "xavier_uniform", mark("Xavier, uniform")
    XAVIER_NORMAL = "xavier_normal", mark("Xavier, normal")
    HE_UNIFORM = "he_uniform", mark("He, uniform")
    HE_NORMAL = "he_normal", mark("He, normal")
    NORMAL = "normal", mark("Normal")
    ZEROS = "zeros", mark("Zeros")


class Output(Named):
    """Output layer: one sigmoid unit (two classes only), softmax over one unit a class, or a sigmoid for each class.

    Auto takes one sigmoid unit for two classes, softmax for more. The probabilities of independent sigmoids need not
    sum to 1.
    """

    AUTO = "auto", mark("Automatic")
    SIGMOID = "sigmoid", mark("One sigmoid unit")
    SOFTMAX = "softmax", mark("Softmax")
    INDEPENDENT_SIGMOIDS = "independent_sigmoids", mark("A sigmoid for each class")


class Loss(Named):
    """The loss that is minimised: cross-entropy (auto takes it), or the squared error of the probabilities."""

    AUTO = "auto", mark("Automatic")
    CROSS_ENTROPY = "cross_entropy", mark("Cross-entropy")
    MSE = "mse", mark("Squared error (MSE)")


class ValueLoss(Named):
    """The loss of a network that learns values: their squared error, or Huber's, which counts far outliers less."""

    MSE = "mse", mark("Squared error (MSE)")
    HUBER = "huber", mark("Huber")


class Optimizer(Named):
    """Update rule, with the formulas and defaults of ``torch.optim``."""

    SGD = "sgd", mark("SGD")
    MOMENTUM = "momentum", mark("SGD with momentum 0.9")
    NESTEROV = "nesterov", mark("SGD with Nesterov momentum")
    RMSPROP = "rmsprop", mark("RMSprop")
    ADAM = "adam", mark("Adam")
    ADAMW = "adamw", mark("AdamW")


class Schedule(Named):
    """The way in which the learning rate changes with the epochs; see `engine.learning.schedules`."""

    CONSTANT = "constant", mark("Constant", "schedule")
    STEP = "step", mark("Step", "schedule")
    COSINE = "cosine", mark("Cosine", "schedule")
    WARM_UP = "warm_up", mark("Warm-up", "schedule")


class ToyDataset(StrEnum):
    """The shapes that `engine.toy_datasets.make` can make."""

    BLOBS = "blobs"
    MOONS = "moons"
    CIRCLES = "circles"
    XOR = "xor"
    SPIRAL = "spiral"
    CHECKERBOARD = "checkerboard"
    RINGS = "rings"
    STRIPES = "stripes"
    MIXTURE = "mixture"
    OVERLAP = "overlap"
    LINE = "line"
    SINE = "sine"
    STEPS = "steps"
    PARABOLA = "parabola"


MAX_DEPTH = 200
MAX_WIDTH = 1024  # of the inputs too, if some are worked out
MAX_WEIGHTS = 20_000_000  # between hidden layers; training them takes about 1 GB
MAX_VALUES_AT_ONCE = 2**24  # hidden units times points of a batch; batch normalization cannot take it in pieces
MAX_LEARNING_RATE = 1e6
MAX_BATCH_SIZE = 1_000_000
MAX_VALIDATION_FRACTION = 0.5
MAX_TEST_FRACTION = 0.5
MAX_PATIENCE = 1_000_000
MAX_DROPOUT = 0.95
MAX_PENALTY = 1e3
MAX_SIGMA = 10.0
MAX_ALPHA = 10.0
MAX_CLIP_NORM = 1e6
MAX_HUBER_DELTA = 1e3
MAX_SCHEDULE_EPOCHS = 1_000_000
MAX_SEED = 2**31 - 1
MAX_LABEL_NOISE = 0.5


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """The settings of one lane: its network and its training.

    Attributes:
        hidden_layers: units of each hidden layer, first to last; 0 to 200 layers of 1 to 1,024 units. None is a
            line between two classes.
        activation: of the hidden layers.
        layer_activations: empty, or one for each hidden layer, which then count instead of `activation`.
        leaky_slope: of Leaky ReLU below 0, 0 to 1.
        elu_alpha: what ELU approaches far below 0, negated; 0 to 10.
        batch_norm: whether each hidden layer is normalised over the batch before its activation.
        skip_connections: whether a hidden layer that is as wide as the one before adds that one's output to its own.
        squares, products, sines: whether the network is given x² of each input, x·y of each two, sin πx of each, too,
            made of the standardised inputs; see `engine.data.features`. Together 1,024 inputs at most.
        initialization: auto follows the activation (`engine.mlp.activations.initializations`).
        initialization_sigma: standard deviation of the weights if `initialization` is normal, 0 to 10.
        output: auto is one sigmoid unit for two classes, softmax for more.
        loss: auto is the cross-entropy of the output.
        value_loss: the loss where values are learned, not classes; output, loss and threshold do not matter then.
        huber_delta: error, in standard deviations of the values, above which Huber's loss grows evenly; above 0, at
            most 1,000.
        threshold: probability of class 1 above which a single sigmoid unit decides for it, 1e-6 to 1 - 1e-6.
        optimizer: the update rule.
        learning_rate: above 0, at most 1e6.
        schedule, schedule_epochs, schedule_factor: see `engine.learning.schedules`; 1 to 1,000,000 epochs, factor
            0 to 1.
        clip_norm: a gradient with a larger L2 norm is scaled down to it; above 0, at most 1e6, or None for never.
        batch_size: points per step, 1 to 1,000,000; None, or more than there are, is the full batch.
        l1, l2: l1 |w| + l2/2 w**2, summed over the weights, is added to the loss that is minimised; 0 to 1,000. By l1
            weights become exactly 0, see `engine.learning.updates.Shrinkage`.
        dropout: probability that the output of a hidden unit is dropped in a training step, 0 to 0.95.
        validation_fraction: share of the points kept for validation, 0 to 0.5.
        test_fraction: share of the points kept back for a test, 0 to 0.5: they are neither trained nor validated on.
        patience: epochs without a lower validation loss after which training stops, 1 to 1,000,000; None: it never does
            by itself, nor without points for validation.
        seed: of initialization, shuffling and dropout, 0 to 2**31 - 1.

    Raises:
        ConfigError: if a value is out of its range.
    """

    hidden_layers: tuple[int, ...] = setting((8, 8, 8), None, restarts=True)
    activation: Activation = setting(
        Activation.TANH, Choice(Activation), "activation of the hidden layers", restarts=True, group="network"
    )
    layer_activations: tuple[Activation, ...] = setting((), None, restarts=True)
    leaky_slope: float = setting(0.01, Number(0.0, 1.0), "slope of Leaky ReLU below 0", restarts=True, group="network")
    elu_alpha: float = setting(1.0, Number(0.0, MAX_ALPHA), "α of ELU", restarts=True, group="network")
    batch_norm: bool = setting(False, Flag(), "normalise each hidden layer", restarts=True, group="network")
    skip_connections: bool = setting(
        False,
        Flag(),
        "add the output of the layer before to that of each hidden layer as wide",
        restarts=True,
        group="network",
    )
    squares: bool = setting(
        False, Flag(), "give the network the square of each input, too", restarts=True, group="network"
    )
    products: bool = setting(
        False, Flag(), "give the network the product of each two inputs, too", restarts=True, group="network"
    )
    sines: bool = setting(
        False, Flag(), "give the network sin πx of each standardised input, too", restarts=True, group="network"
    )
    initialization: Initialization = setting(
        Initialization.AUTO, Choice(Initialization), "rule for the first weights", restarts=True, group="network"
    )
    initialization_sigma: float = setting(
        0.1, Number(0.0, MAX_SIGMA), "σ of the normal initialization", restarts=True, group="network"
    )
    output: Output = setting(Output.AUTO, Choice(Output), "output layer", restarts=True, group="network")
    loss: Loss = setting(Loss.AUTO, Choice(Loss), "what is minimised")
    value_loss: ValueLoss = setting(ValueLoss.MSE, Choice(ValueLoss), "what is minimised where values are learned")
    huber_delta: float = setting(
        1.0, Number(0.0, MAX_HUBER_DELTA, above=True), "error above which Huber's loss grows evenly, in deviations"
    )
    threshold: float = setting(
        0.5,
        Number(1e-6, 1 - 1e-6),
        "probability above which class 1 is decided for",
        group="network",
        metavar="P",
    )
    optimizer: Optimizer = setting(Optimizer.ADAM, Choice(Optimizer), "update rule")
    learning_rate: float = setting(0.01, Number(0.0, MAX_LEARNING_RATE, above=True), "learning rate", metavar="R")
    schedule: Schedule = setting(Schedule.CONSTANT, Choice(Schedule), "how the learning rate changes")
    schedule_epochs: int = setting(50, Whole(1, MAX_SCHEDULE_EPOCHS), "epochs of the schedule", metavar="N")
    schedule_factor: float = setting(0.1, Number(0.0, 1.0), "factor of the schedule, 0 to 1")
    clip_norm: float | None = setting(
        None, Number(0.0, MAX_CLIP_NORM, above=True), "largest norm of a gradient", is_optional=True
    )
    batch_size: int | None = setting(
        32,
        Whole(1, MAX_BATCH_SIZE),
        "points per step; 0 is the full batch",
        metavar="B",
        is_optional=True,
        is_shared=True,
    )
    l1: float = setting(0.0, Number(0.0, MAX_PENALTY), "L1 penalty of the weights")
    l2: float = setting(0.0, Number(0.0, MAX_PENALTY), "L2 penalty of the weights")
    dropout: float = setting(0.0, Number(0.0, MAX_DROPOUT), "probability that a hidden unit drops out", metavar="P")
    validation_fraction: float = setting(
        0.2,
        Number(0.0, MAX_VALIDATION_FRACTION),
        "share kept for validation, 0 to 0.5",
        metavar="F",
        option="validation",
    )
    test_fraction: float = setting(
        0.0,
        Number(0.0, MAX_TEST_FRACTION),
        "share kept back for a test, 0 to 0.5",
        restarts=True,
        metavar="F",
        option="test",
        is_shared=True,
    )
    patience: int | None = setting(
        None,
        Whole(1, MAX_PATIENCE),
        "epochs without a lower validation loss after which training stops; 0 is never",
        metavar="N",
        is_optional=True,
    )
    seed: int = setting(
        1,
        Whole(0, MAX_SEED),
        "seed of data, first weights, shuffling and dropout",
        restarts=True,
        metavar="S",
        is_shared=True,
    )

    def __post_init__(self) -> None:
        for name, row in SETTINGS.items():
            object.__setattr__(self, name, row.checked(name, getattr(self, name)))
        layers = checked_layers(self.hidden_layers)
        object.__setattr__(self, "hidden_layers", layers)
        object.__setattr__(self, "layer_activations", checked_activations(self.layer_activations, len(layers)))

    @property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer, first to last."""
        return self.layer_activations or (self.activation,) * len(self.hidden_layers)

    def resolved_output(self, n_classes: int) -> Output:
        """The output layer for so many classes: what auto stands for.

        Raises:
            ConfigError: one sigmoid unit was chosen for more than two classes.
        """
        if self.output is Output.AUTO:
            return Output.SIGMOID if n_classes == 2 else Output.SOFTMAX
        if self.output is Output.SIGMOID and n_classes != 2:
            raise ConfigError(
                "output is sigmoid for {n_classes} classes; one sigmoid unit can tell only 2 apart.",
                n_classes=n_classes,
            )
        return self.output

    def check_batch(self, n_points: int) -> None:
        """Raise a ConfigError if a batch of so many training points must go through the network at once and cannot."""
        size = min(self.batch_size or n_points, n_points)
        n_values = size * sum(self.hidden_layers)
        if self.batch_norm and n_values > MAX_VALUES_AT_ONCE:
            raise ConfigError(
                "batch_size is {batch_size}: with batch normalization a batch of {size:,} points has {n_values:,}"
                " values, and at most {most:,} can be held. Choose a smaller batch.",
                batch_size=self.batch_size,
                size=size,
                n_values=n_values,
                most=MAX_VALUES_AT_ONCE,
            )

    def keeps_weights_of(self, other: TrainingConfig) -> bool:
        """True if a run of `other` can go on with these settings; if not, a new run starts."""
        return all(getattr(self, name) == getattr(other, name) for name in RESTARTING_FIELDS)


SETTINGS = settings_of(TrainingConfig)
RESTARTING_FIELDS = tuple(
    dict.fromkeys(
        "activations" if name in ("activation", "layer_activations") else name  # together they are those of the layers
        for name, row in SETTINGS.items()
        if row.restarts
    )
)


def checked_layers(layers: Any) -> tuple[int, ...]:
    """`layers` as a tuple of widths."""
    try:
        widths = tuple(layers)
    except TypeError:
        raise ConfigError(
            "hidden_layers is {layers}; it must be a list of widths, such as (8, 8, 8).", layers=as_typed(layers)
        ) from None
    if len(widths) > MAX_DEPTH:
        raise ConfigError(
            "hidden_layers has {n_widths:,} layers; it must have 0 to {most}.", n_widths=len(widths), most=MAX_DEPTH
        )
    checked = tuple(checked_whole(message("a width in hidden_layers"), width, 1, MAX_WIDTH) for width in widths)
    n_weights = sum(before * after for before, after in pairwise(checked))
    if n_weights > MAX_WEIGHTS:
        raise ConfigError(
            "hidden_layers asks for {n_weights:,} weights; at most {most:,} are possible.",
            n_weights=n_weights,
            most=MAX_WEIGHTS,
        )
    return checked


def checked_activations(activations: Any, n_layers: int) -> tuple[Activation, ...]:
    """`activations` as a tuple of members, none or one for each of `n_layers`."""
    if isinstance(activations, str) or not isinstance(activations, Collection):
        raise ConfigError(
            "layer_activations is {activations}; it must be a list with one name a hidden layer.",
            activations=as_typed(activations),
        )
    if activations and len(activations) != n_layers:
        raise ConfigError(
            "layer_activations has {names}; it must have one for each hidden layer, {n_layers} in all.",
            names=counted("{n:,} name", "{n:,} names", len(activations)),
            n_layers=n_layers,
        )
    return tuple(
        Activation(checked_choice(message("a name in layer_activations"), name, Activation)) for name in activations
    )
