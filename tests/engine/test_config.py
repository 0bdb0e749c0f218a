"""Configs: what is allowed, what auto stands for, and what a run can go on with."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from engine.config import RESTARTING_FIELDS, SETTINGS, Activation, Initialization, Optimizer, Output, TrainingConfig
from engine.errors import InputError
from engine.settings import Choice, ConfigError


def test_choices_may_be_given_by_their_stored_value() -> None:
    by_value = TrainingConfig(activation="leaky_relu", optimizer="sgd", output="softmax", initialization="he_normal")  # type: ignore[arg-type]

    assert by_value == TrainingConfig(
        activation=Activation.LEAKY_RELU,
        optimizer=Optimizer.SGD,
        output=Output.SOFTMAX,
        initialization=Initialization.HE_NORMAL,
    )
    for name, row in SETTINGS.items():
        if isinstance(row.kind, Choice):
            assert isinstance(getattr(by_value, name), row.kind.choices), name


def test_every_field_is_a_setting() -> None:
    """A field without a row would be taken unchecked."""
    assert list(SETTINGS) == [field.name for field in dataclasses.fields(TrainingConfig)]


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
        ("hidden_layers", (2,) * 201, "hidden_layers has 201 layers; it must have 0 to 200"),
        ("hidden_layers", (1,) * 201, "hidden_layers has 201 layers"),
        ("hidden_layers", (8, 0), "width in hidden_layers is 0; .* from 1 to 1,024"),
        ("hidden_layers", (8, -3), "width in hidden_layers is -3"),
        ("hidden_layers", (1025,), "width in hidden_layers is 1025"),
        ("hidden_layers", (8.5,), r"width in hidden_layers is 8\.5"),
        ("hidden_layers", (True,), "width in hidden_layers is True"),
        ("hidden_layers", "88", "width in hidden_layers is '8'"),
        ("hidden_layers", 8, "hidden_layers is 8; it must be a list"),
        ("hidden_layers", None, "hidden_layers is None"),
        ("activation", "swish", "activation is 'swish'; it must be one of linear, step, sigmoid, tanh"),
        ("activation", None, "activation is None"),
        ("initialization", "ones", "initialization is 'ones'"),
        ("initialization_sigma", -1, r"initialization_sigma is -1; it must be a number from 0 to 10"),
        (
            "layer_activations",
            ("relu",),
            "layer_activations has 1 name; it must have one for each hidden layer, 3",
        ),
        ("layer_activations", ("relu", "x", "relu"), "a name in layer_activations is 'x'; it must be one of linear"),
        ("layer_activations", "relu", "layer_activations is 'relu'; it must be a list"),
        ("layer_activations", None, "layer_activations is None; it must be a list"),
        ("leaky_slope", -0.1, r"leaky_slope is -0\.1; it must be a number from 0 to 1"),
        ("elu_alpha", 11, "elu_alpha is 11; it must be a number from 0 to 10"),
        ("batch_norm", 1, "batch_norm is 1; it must be true or false"),
        ("skip_connections", "yes", "skip_connections is 'yes'; it must be true or false"),
        ("loss", "huber", "loss is 'huber'; it must be one of auto, cross_entropy, mse"),
        ("threshold", 0, r"threshold is 0; it must be a number from 1e-06 to 0\.999999"),
        ("threshold", 1, "threshold is 1; it must be a number"),
        ("threshold", 1.5, r"threshold is 1\.5; it must be a number"),
        ("batch_size", np.array([3, 4]), "batch_size is a value of the kind ndarray; it must be a whole number"),
        ("l1", b"0.5", "l1 is b'0.5'; it must be a number"),
        ("activation", "x" * 500, r"activation is 'x{50,58}…; it must be one of"),
        ("schedule", "linear", "schedule is 'linear'; it must be one of constant, step, cosine, warm_up"),
        ("schedule_epochs", 0, "schedule_epochs is 0; it must be a whole number from 1 to 1,000,000"),
        ("schedule_factor", 1.5, r"schedule_factor is 1\.5; it must be a number from 0 to 1"),
        ("test_fraction", 0.6, r"test_fraction is 0\.6; .* from 0 to 0\.5"),
        ("patience", 0, "patience is 0; it must be a whole number from 1 to 1,000,000"),
        ("patience", 2.5, r"patience is 2\.5; it must be a whole number"),
        ("clip_norm", 0, "clip_norm is 0; it must be above 0"),
        ("clip_norm", -1, "clip_norm is -1; it must be a number from 0"),
        ("clip_norm", math.inf, "clip_norm is inf"),
        ("l1", -1e-3, r"l1 is -0\.001; it must be a number from 0 to 1000"),
        ("l2", math.nan, "l2 is nan"),
        ("dropout", 1, r"dropout is 1; it must be a number from 0 to 0\.95"),
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


def test_a_number_that_python_does_not_write_is_refused_like_any_other() -> None:
    with pytest.raises(ConfigError, match="seed is a number of thousands of digits; it must be a whole number from 0"):
        TrainingConfig(seed=10**5000)
    with pytest.raises(ConfigError, match="l1 is a number of thousands of digits; it must be a number from 0"):
        TrainingConfig(l1=10**5000)


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
    "layer_activations": ("tanh", "tanh", "relu"),
    "leaky_slope": 0.2,
    "elu_alpha": 0.5,
    "batch_norm": True,
    "skip_connections": True,
    "squares": True,
    "products": True,
    "sines": True,
    "initialization_sigma": 1.0,
    "output": "softmax",
    "loss": "mse",
    "value_loss": "huber",
    "huber_delta": 0.5,
    "threshold": 0.7,
    "optimizer": "sgd",
    "schedule": "cosine",
    "schedule_epochs": 7,
    "schedule_factor": 0.5,
    "clip_norm": 1.0,
    "l1": 0.1,
    "l2": 0.1,
    "dropout": 0.5,
    "learning_rate": 0.5,
    "batch_size": None,
    "validation_fraction": 0.1,
    "test_fraction": 0.2,
    "patience": 30,
    "seed": 2,
}


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(TrainingConfig)])
def test_a_run_goes_on_with_other_settings_unless_they_change_the_network(field: str) -> None:
    other = dataclasses.replace(TrainingConfig(), **{field: OTHER_VALUES[field]})

    assert other != TrainingConfig()
    restarts = field in RESTARTING_FIELDS or field in ("activation", "layer_activations")
    assert other.keeps_weights_of(TrainingConfig()) != restarts


def test_activations_are_one_for_each_layer() -> None:
    mixed = TrainingConfig(hidden_layers=(3, 3), layer_activations=["relu", Activation.SIGMOID])  # type: ignore[arg-type]

    assert mixed.activations == mixed.layer_activations == (Activation.RELU, Activation.SIGMOID)
    assert TrainingConfig(hidden_layers=(3, 3)).activations == (Activation.TANH, Activation.TANH)


def test_the_same_activations_told_in_another_way_are_the_same_network() -> None:
    told = TrainingConfig(layer_activations=("tanh",) * 3)  # type: ignore[arg-type]

    assert told.keeps_weights_of(TrainingConfig())


def test_a_network_too_large_for_memory_is_refused() -> None:
    with pytest.raises(ConfigError, match="208,666,624 weights; at most 20,000,000"):
        TrainingConfig(hidden_layers=(1024,) * 200)
