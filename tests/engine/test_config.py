"""Configs: what is allowed, what auto stands for, and what a run can go on with."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from engine.config import (
    CHOICES,
    RESTARTING_FIELDS,
    Activation,
    ConfigError,
    Initialization,
    Optimizer,
    Output,
    TrainingConfig,
)
from engine.errors import InputError


def test_choices_may_be_given_by_their_stored_value() -> None:
    by_value = TrainingConfig(activation="leaky_relu", optimizer="sgd", output="softmax", initialization="he_normal")  # type: ignore[arg-type]

    assert by_value == TrainingConfig(
        activation=Activation.LEAKY_RELU,
        optimizer=Optimizer.SGD,
        output=Output.SOFTMAX,
        initialization=Initialization.HE_NORMAL,
    )
    assert all(isinstance(getattr(by_value, name), choices) for name, choices in CHOICES.items())


def test_numbers_of_numpy_become_plain_ones() -> None:
    config = TrainingConfig(
        hidden_layers=np.array([4, 5]),  # type: ignore[arg-type]
        learning_rate=np.float32(0.5),  # type: ignore[arg-type]
        batch_size=np.int64(7),  # type: ignore[arg-type]
        seed=np.uint8(3),  # type: ignore[arg-type]
    )

    assert (config.hidden_layers, config.learning_rate, config.batch_size, config.seed) == ((4, 5), 0.5, 7, 3)
    values = (*config.hidden_layers, config.learning_rate, config.batch_size, config.seed)
    assert [type(value) for value in values] == [int, int, float, int, int]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hidden_layers", (), "hidden_layers has 0 layers; it must have 1 to 200"),
        ("hidden_layers", (1,) * 201, "hidden_layers has 201 layers"),
        ("hidden_layers", (8, 0), "width in hidden_layers is 0; .* from 1 to 1,024"),
        ("hidden_layers", (8, -3), "width in hidden_layers is -3"),
        ("hidden_layers", (1025,), "width in hidden_layers is 1025"),
        ("hidden_layers", (8.5,), r"width in hidden_layers is 8\.5"),
        ("hidden_layers", (True,), "width in hidden_layers is True"),
        ("hidden_layers", "88", "width in hidden_layers is '8'"),
        ("hidden_layers", 8, "hidden_layers is 8; it must be a list"),
        ("hidden_layers", None, "hidden_layers is None"),
        ("activation", "swish", "activation is 'swish'; it must be one of sigmoid, tanh"),
        ("activation", None, "activation is None"),
        ("initialization", "zeros", "initialization is 'zeros'"),
        ("output", 3, "output is 3"),
        ("optimizer", "", "optimizer is ''"),
        ("learning_rate", 0, "learning_rate is 0; it must be above 0"),
        ("learning_rate", -0.1, r"learning_rate is -0\.1; it must be a number from 0 to 1e\+06"),
        ("learning_rate", math.nan, "learning_rate is nan"),
        ("learning_rate", math.inf, "learning_rate is inf"),
        ("learning_rate", "0.1", r"learning_rate is '0\.1'"),
        ("learning_rate", True, "learning_rate is True"),
        ("learning_rate", 10**400, "learning_rate is 1000"),
        ("learning_rate", None, "learning_rate is None"),
        ("batch_size", 0, "batch_size is 0"),
        ("batch_size", -5, "batch_size is -5"),
        ("batch_size", 1.0, r"batch_size is 1\.0"),
        ("batch_size", False, "batch_size is False"),
        ("validation_fraction", -0.01, r"validation_fraction is -0\.01"),
        ("validation_fraction", 0.51, r"validation_fraction is 0\.51; .* from 0 to 0\.5"),
        ("validation_fraction", math.nan, "validation_fraction is nan"),
        ("seed", -1, "seed is -1"),
        ("seed", 2**31, "seed is 2147483648"),
        ("seed", None, "seed is None"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name_and_value(field: str, value: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        TrainingConfig(**{field: value})

    assert isinstance(caught.value, InputError)


def test_the_limits_are_allowed() -> None:
    TrainingConfig(
        hidden_layers=(1024,) * 20 + (1,) * 180,
        learning_rate=1e6,
        batch_size=1_000_000,
        validation_fraction=0.5,
        seed=2**31 - 1,
    )
    TrainingConfig(hidden_layers=(1,), learning_rate=5e-324, batch_size=1, validation_fraction=0, seed=0)


def test_a_config_is_immutable_and_hashable() -> None:
    config = TrainingConfig()

    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 5  # type: ignore[misc]
    assert {config: 1}[TrainingConfig()] == 1


@pytest.mark.parametrize(
    ("activation", "rule"),
    [
        (Activation.SIGMOID, Initialization.XAVIER_UNIFORM),
        (Activation.TANH, Initialization.XAVIER_UNIFORM),
        (Activation.ELU, Initialization.XAVIER_UNIFORM),
        (Activation.RELU, Initialization.HE_NORMAL),
        (Activation.LEAKY_RELU, Initialization.HE_NORMAL),
    ],
)
def test_auto_initialization_follows_the_activation(activation: Activation, rule: Initialization) -> None:
    assert TrainingConfig(activation=activation).resolved_initialization is rule


def test_a_chosen_initialization_is_kept() -> None:
    chosen = TrainingConfig(initialization=Initialization.TORCH_DEFAULT)

    assert chosen.resolved_initialization is Initialization.TORCH_DEFAULT


@pytest.mark.parametrize(
    ("output", "n_classes", "resolved"),
    [
        (Output.AUTO, 2, Output.SIGMOID),
        (Output.AUTO, 3, Output.SOFTMAX),
        (Output.SIGMOID, 2, Output.SIGMOID),
        (Output.SOFTMAX, 2, Output.SOFTMAX),
        (Output.SOFTMAX, 8, Output.SOFTMAX),
    ],
)
def test_auto_output_is_one_sigmoid_unit_for_two_classes(output: Output, n_classes: int, resolved: Output) -> None:
    assert TrainingConfig(output=output).resolved_output(n_classes) is resolved


def test_one_sigmoid_unit_cannot_tell_three_classes_apart() -> None:
    with pytest.raises(ConfigError, match="output is sigmoid for 3 classes"):
        TrainingConfig(output=Output.SIGMOID).resolved_output(3)


OTHER_VALUES: dict[str, Any] = {
    "hidden_layers": (8, 8),
    "activation": "relu",
    "initialization": "he_normal",
    "output": "softmax",
    "optimizer": "sgd",
    "learning_rate": 0.5,
    "batch_size": None,
    "validation_fraction": 0.1,
    "seed": 2,
}


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(TrainingConfig)])
def test_a_run_goes_on_with_other_settings_unless_they_change_the_network(field: str) -> None:
    other = dataclasses.replace(TrainingConfig(), **{field: OTHER_VALUES[field]})

    assert other != TrainingConfig()
    assert other.keeps_weights_of(TrainingConfig()) == (field not in RESTARTING_FIELDS)


def test_a_network_too_large_for_memory_is_refused() -> None:
    with pytest.raises(ConfigError, match="208,666,624 weights; at most 20,000,000"):
        TrainingConfig(hidden_layers=(1024,) * 200)
