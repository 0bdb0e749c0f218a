"""The choices of one lane, as enums with stored values and one frozen, validated dataclass. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from engine.errors import InputError


class ConfigError(InputError):
    """A setting that is out of its range; the message names the field, its value and the range."""


class Activation(StrEnum):
    """Activation of the hidden layers."""

    SIGMOID = "sigmoid"
    TANH = "tanh"
    RELU = "relu"
    LEAKY_RELU = "leaky_relu"
    ELU = "elu"


class Initialization(StrEnum):
    """How the weights are drawn before the first step; see `engine.initialization`."""

    AUTO = "auto"
    TORCH_DEFAULT = "torch_default"
    XAVIER_UNIFORM = "xavier_uniform"
    XAVIER_NORMAL = "xavier_normal"
    HE_UNIFORM = "he_uniform"
    HE_NORMAL = "he_normal"


class Output(StrEnum):
    """Output layer: one sigmoid unit (two classes only), or one softmax unit a class; auto takes sigmoid for two."""

    AUTO = "auto"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"


class Optimizer(StrEnum):
    """Update rule, with the formulas and defaults of ``torch.optim``."""

    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAM = "adam"


class ToyDataset(StrEnum):
    """The shapes that `engine.toy_datasets.make` can make."""

    BLOBS = "blobs"
    MOONS = "moons"
    CIRCLES = "circles"
    XOR = "xor"
    SPIRAL = "spiral"


RECOMMENDED_INITIALIZATION: dict[Activation, Initialization] = {
    Activation.SIGMOID: Initialization.XAVIER_UNIFORM,
    Activation.TANH: Initialization.XAVIER_UNIFORM,
    Activation.RELU: Initialization.HE_NORMAL,
    Activation.LEAKY_RELU: Initialization.HE_NORMAL,
    Activation.ELU: Initialization.XAVIER_UNIFORM,
}
"""Xavier keeps the variance of signals that pass a nearly linear unit (Glorot and Bengio 2010, "Understanding the
difficulty of training deep feedforward neural networks"); He makes up for the half that ReLU cuts off (He et al. 2015,
"Delving deep into rectifiers")."""

MAX_DEPTH = 200
MAX_WIDTH = 1024
MAX_WEIGHTS = 20_000_000  # between hidden layers; training them takes about 1 GB
MAX_LEARNING_RATE = 1e6
MAX_BATCH_SIZE = 1_000_000
MAX_VALIDATION_FRACTION = 0.5
MAX_SEED = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """What one lane is and how it is trained.

    Attributes:
        hidden_layers: units of each hidden layer, first to last; 1 to 200 layers of 1 to 1,024 units.
        activation: of every hidden layer.
        initialization: auto follows the activation (`RECOMMENDED_INITIALIZATION`).
        output: auto is one sigmoid unit for two classes, softmax for more.
        optimizer: the update rule.
        learning_rate: above 0, at most 1e6.
        batch_size: points per step, 1 to 1,000,000; None, or more than there are, is the full batch.
        validation_fraction: share of the points kept for validation, 0 to 0.5.
        seed: of initialization and shuffling, 0 to 2**31 - 1.

    Raises:
        ConfigError: if a value is out of its range.
    """

    hidden_layers: tuple[int, ...] = (8, 8, 8)
    activation: Activation = Activation.TANH
    initialization: Initialization = Initialization.AUTO
    output: Output = Output.AUTO
    optimizer: Optimizer = Optimizer.ADAM
    learning_rate: float = 0.01
    batch_size: int | None = 32
    validation_fraction: float = 0.2
    seed: int = 1

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name, choices in CHOICES.items():
            put(self, name, checked_choice(name, getattr(self, name), choices))
        put(self, "hidden_layers", checked_layers(self.hidden_layers))
        rate = checked_number("learning_rate", self.learning_rate, 0.0, MAX_LEARNING_RATE)
        if rate == 0.0:
            raise ConfigError("learning_rate is 0; it must be above 0.")
        put(self, "learning_rate", rate)
        if self.batch_size is not None:
            put(self, "batch_size", checked_whole("batch_size", self.batch_size, 1, MAX_BATCH_SIZE))
        fraction = checked_number("validation_fraction", self.validation_fraction, 0.0, MAX_VALIDATION_FRACTION)
        put(self, "validation_fraction", fraction)
        put(self, "seed", checked_whole("seed", self.seed, 0, MAX_SEED))

    @property
    def resolved_initialization(self) -> Initialization:
        """The rule that draws the weights of the hidden layers: what auto stands for."""
        if self.initialization is Initialization.AUTO:
            return RECOMMENDED_INITIALIZATION[self.activation]
        return self.initialization

    def resolved_output(self, n_classes: int) -> Output:
        """The output layer for so many classes: what auto stands for.

        Raises:
            ConfigError: one sigmoid unit was chosen for more than two classes.
        """
        if self.output is Output.AUTO:
            return Output.SIGMOID if n_classes == 2 else Output.SOFTMAX
        if self.output is Output.SIGMOID and n_classes != 2:
            raise ConfigError(f"output is sigmoid for {n_classes} classes; one sigmoid unit can tell only 2 apart.")
        return self.output

    def keeps_weights_of(self, other: TrainingConfig) -> bool:
        """Whether a run of `other` can go on with these settings; if not, a new run starts."""
        return all(getattr(self, name) == getattr(other, name) for name in RESTARTING_FIELDS)


RESTARTING_FIELDS = ("hidden_layers", "activation", "initialization", "output", "seed")
CHOICES: dict[str, type[StrEnum]] = {
    "activation": Activation,
    "initialization": Initialization,
    "output": Output,
    "optimizer": Optimizer,
}


def checked_choice(name: str, value: Any, choices: type[StrEnum]) -> StrEnum:
    """The member of `choices` that `value` is or names."""
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(choices)
        raise ConfigError(f"{name} is {value!r}; it must be one of {known}.") from None


def checked_whole(name: str, value: Any, low: int, high: int) -> int:
    """`value` as an int in [low, high]."""
    whole = isinstance(value, int) or (hasattr(value, "__index__") and not isinstance(value, bool))
    if isinstance(value, bool) or not whole or not low <= int(value) <= high:
        raise ConfigError(f"{name} is {value!r}; it must be a whole number from {low} to {high:,}.")
    return int(value)


def checked_number(name: str, value: Any, low: float, high: float) -> float:
    """`value` as a finite float in [low, high]."""
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high:
        raise ConfigError(f"{name} is {value!r}; it must be a number from {low:g} to {high:g}.")
    return number


def checked_layers(layers: Any) -> tuple[int, ...]:
    """`layers` as a tuple of widths."""
    try:
        widths = tuple(layers)
    except TypeError:
        raise ConfigError(f"hidden_layers is {layers!r}; it must be a list of widths, such as (8, 8, 8).") from None
    if not 1 <= len(widths) <= MAX_DEPTH:
        raise ConfigError(f"hidden_layers has {len(widths)} layers; it must have 1 to {MAX_DEPTH}.")
    checked = tuple(checked_whole("a width in hidden_layers", width, 1, MAX_WIDTH) for width in widths)
    n_weights = sum(before * after for before, after in pairwise(checked))
    if n_weights > MAX_WEIGHTS:
        raise ConfigError(f"hidden_layers asks for {n_weights:,} weights; at most {MAX_WEIGHTS:,} are possible.")
    return checked
