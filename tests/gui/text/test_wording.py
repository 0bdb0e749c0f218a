from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import (
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    ToyDataset,
    TrainingConfig,
)
from engine.experiment import Obstacle
from engine.insight.verdict import Cause, Divergence
from engine.run.snapshot import RunState
from engine.training import Trainer
from gui.drawing.options import Spread
from gui.drawing.tools import Tool
from gui.text import names, sentences
from gui.text.edits import config_edit, stroke_edit
from gui.text.names import lane_titles
from gui.text.numbers import loss, percent, scientific
from gui.text.sentences import outside_note, state_sentence, what_helps
from tests.engine.reference import cloud
from tests.gui.snapshots import make_lane, make_snapshot

TABLES: list[tuple[Mapping[Any, str], type[StrEnum]]] = [
    (names.ACTIVATIONS, Activation),
    (names.INITIALIZATIONS, Initialization),
    (names.OPTIMIZERS, Optimizer),
    (names.OUTPUTS, Output),
    (names.LOSSES, Loss),
    (names.SCHEDULES, Schedule),
    (names.TOY_DATASETS, ToyDataset),
    (names.SPREADS, Spread),
    (sentences.STATES, RunState),
    (sentences.OBSTACLES, Obstacle),
]


def read(text: str) -> float:
    """The number that `scientific` wrote."""
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    if "·10" in plain:
        mantissa, exponent = plain.split("·10")
        return float(f"{mantissa}e{exponent}")
    if text.startswith("10") and text != plain:
        return float(f"1e{plain[2:]}")
    return float(text.replace(",", ""))


def test_every_member_of_every_enum_has_a_name_of_its_own() -> None:
    for table, members in TABLES:
        assert set(table) == set(members), members
        assert len(set(table.values())) == len(table)
        assert all(text == text.strip() and text for text in table.values())


def test_every_state_has_a_sentence_with_a_way_out_of_trouble() -> None:
    sentences = {state: state_sentence(make_snapshot(state)) for state in RunState}
    assert len(set(sentences.values())) == len(RunState)
    assert "Reset" in sentences[RunState.DIVERGED]
    assert "Reset" in sentences[RunState.FAILED]
    assert "pip install" in sentences[RunState.UNAVAILABLE]
    for obstacle in Obstacle:
        assert re.search("draw|choose", state_sentence(make_snapshot(RunState.BLOCKED, obstacle=obstacle)))


@pytest.mark.parametrize(
    ("divergence", "sentence"),
    [
        (Divergence(212, Cause.VALUE, 4, 3.0), "step 212: first non-finite value in layer 5, last learning rate 3."),
        (Divergence(12345, Cause.VALUE, 5, 0.5), "step 12,345: first non-finite value in the output layer, last"),
        (Divergence(7, Cause.GRADIENT, 0, 0.01), "step 7: first non-finite derivative in layer 1, last learning rate"),
        (Divergence(7, Cause.NORM, None, 1e9), "step 7: the gradient is too large for single precision, last learning"),
        (Divergence(0, Cause.VALUE, 1, math.nan), "step 0: first non-finite value in layer 2. The first weights"),
    ],
)
def test_a_diverged_run_says_where(divergence: Divergence, sentence: str) -> None:
    lane = make_lane(divergence=divergence, activations=[Activation.RELU] * 5)
    said = state_sentence(make_snapshot(RunState.DIVERGED, lane))
    assert said.startswith(f"Diverged at {sentence}")
    if math.isnan(divergence.learning_rate):  # no rate is to blame, and Reset would draw the same weights
        assert said.endswith("The first weights are too large: choose another initialization.")
    else:
        assert said.endswith("Press Reset and try a smaller learning rate.")


@pytest.mark.parametrize("rate", [1e-8, 0.1])
def test_weights_that_are_too_large_diverge_at_any_rate_and_others_do_not(rate: float) -> None:
    config = TrainingConfig(
        hidden_layers=(16,) * 40, initialization=Initialization.NORMAL, initialization_sigma=10.0, learning_rate=rate,
        activation=Activation.RELU,
    )  # fmt: skip
    wild, tame = (Trainer(cloud(60, 2), made) for made in (config, replace(config, initialization=Initialization.AUTO)))
    for trainer in (wild, tame):
        trainer.step()

    assert tame.divergence is None
    assert wild.divergence is not None
    assert wild.steps_done <= 1
    assert what_helps(wild.divergence) == "The first weights are too large: choose another initialization."


def test_of_several_lanes_the_one_that_diverged_is_named() -> None:
    wild = make_lane(divergence=Divergence(3, Cause.VALUE, 0, 3.0), activations=[Activation.RELU])
    said = state_sentence(replace(make_snapshot(RunState.DIVERGED), lanes=(make_lane(), wild)))
    assert said.startswith("Lane 2: Diverged at step 3")
    assert "All lanes stop with it." in said


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1, "1"), (0.5, "0.5"), (0.01, "0.01"), (12.34, "12"), (250.4, "250"), (99.6, "100"), (999.4, "999"),
        (4e-14, "4·10⁻¹⁴"), (1e-3, "10⁻³"), (1000, "10³"), (2e5, "2·10⁵"), (9.99e-5, "10⁻⁴"), (1e-310, "10⁻³¹⁰"),
        (math.inf, "not finite"), (math.nan, "not finite"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_a_book(value: float, text: str) -> None:
    assert scientific(value) == text


def test_more_digits_are_written_where_they_are_asked_for() -> None:
    assert scientific(4.25e-14, digits=3) == "4.25·10⁻¹⁴"
    assert scientific(0.123456, digits=5) == "0.12346"
    assert scientific(123.456, digits=5) == "123.46"
    assert [scientific(value, digits=3) for value in (3.00435, 0.5, 300.0, 3.3e-3, 1e-3)] == [
        "3.00", "0.500", "300", "3.30·10⁻³", "1.00·10⁻³",
    ]  # fmt: skip
    assert [scientific(value) for value in (3.0, 0.5, 300.0, 0.25)] == ["3", "0.5", "300", "0.25"]
    assert scientific(999.96, digits=4) == "1000"
    assert scientific(1e-4, digits=2) in ("1.0·10⁻⁴", "10⁻⁴")


@given(value=st.floats(5e-324, 1e300), digits=st.integers(1, 4))
def test_what_is_written_is_the_number_but_for_rounding(value: float, digits: int) -> None:
    text = scientific(value, digits)
    assert "e" not in text
    if value > 1e-300:  # smaller floats have fewer digits themselves
        assert read(text) == pytest.approx(value, rel=max(0.0501, 0.501 * 10.0 ** (1 - digits)))


@given(value=st.floats(5e-324, 1e300))
def test_a_tiny_number_is_never_written_as_zero(value: float) -> None:
    assert scientific(value) != "0"
    assert read(scientific(value, 2)) > 0


def test_an_edit_of_points_says_how_many_and_of_which_class() -> None:
    assert str(stroke_edit(Tool.BRUSH, 14, "Blue")) == "Draw 14 points (Blue)"
    assert str(stroke_edit(Tool.POINT, 1, "Blue")) == "Draw 1 point (Blue)"
    assert str(stroke_edit(Tool.RING, 40, "Blue")) == "Draw Ring of 40 points (Blue)"
    assert str(stroke_edit(Tool.ERASER, 1, "Blue")) == "Erase 1 point"
    assert str(stroke_edit(Tool.ERASER, 1234, "Blue")) == "Erase 1,234 points"
    assert str(stroke_edit(Tool.RELABEL, 2, "Blue")) == "Relabel 2 points (Blue)"
    assert str(stroke_edit(Tool.MOVE, 2, "Blue")) == "Move 2 points"
    assert str(stroke_edit(Tool.JITTER, 2, "Blue")) == "Jitter 2 points"
    assert str(stroke_edit(Tool.SPRAY, 0, "Blue")) == "", "nothing is no step"


def test_points_out_of_sight_are_counted() -> None:
    assert outside_note(1) == "1 point lies outside: Home shows all"
    assert outside_note(1500) == "1,500 points lie outside: Home shows all"


def test_shares_are_percentages_with_one_digit() -> None:
    assert [percent(share) for share in (0.0, 0.975, 1.0, math.nan)] == ["0.0 %", "97.5 %", "100.0 %", "–"]


def test_losses_have_four_digits_and_tiny_ones_an_exponent() -> None:
    values = (0.69312, 0.0, 12.3456, 1e-5, 1e30, math.nan, math.inf)
    texts = [loss(value) for value in values]
    assert texts == ["0.6931", "0", "12.3456", "1.00·10⁻⁵", "1.00·10³⁰", "–", "∞"]


def test_changing_one_setting_names_it_and_its_new_value() -> None:
    config = TrainingConfig()
    texts = {
        "hidden_layers": ((8, 8), "Change Layers to 2 × 8"),
        "activation": (Activation.LEAKY_RELU, "Change Activation to Leaky ReLU"),
        "initialization": (Initialization.HE_NORMAL, "Change Initialization to He, normal"),
        "optimizer": (Optimizer.SGD, "Change Optimizer to SGD"),
        "learning_rate": (5e-5, "Change Learning Rate to 5e-05"),
        "batch_size": (None, "Change Batch Size to full batch"),
        "validation_fraction": (0.35, "Change Validation Share to 35 %"),
        "seed": (7, "Change Seed to 7"),
        "layer_activations": (
            (Activation.TANH, Activation.TANH, Activation.RELU),
            "Change Activation by Layer to Tanh, Tanh, ReLU",
        ),
        "leaky_slope": (0.2, "Change Leaky ReLU Slope to 0.2"),
        "elu_alpha": (2.0, "Change ELU α to 2"),
        "batch_norm": (True, "Change Batch Normalization to on"),
        "skip_connections": (True, "Change Skip Connections to on"),
        "initialization_sigma": (0.5, "Change σ of First Weights to 0.5"),
        "output": (Output.SOFTMAX, "Change Output to Softmax"),
        "loss": (Loss.MSE, "Change Loss to Squared error (MSE)"),
        "threshold": (0.7, "Change Threshold to 0.7"),
        "schedule": (Schedule.STEP, "Change Schedule to Step"),
        "schedule_epochs": (20, "Change Schedule Epochs to 20"),
        "schedule_factor": (0.5, "Change Schedule Factor to 0.5"),
        "clip_norm": (1.0, "Change Gradient Limit to 1"),
        "l1": (0.001, "Change L1 to 0.001"),
        "l2": (0.01, "Change L2 to 0.01"),
        "dropout": (0.25, "Change Dropout to 25 %"),
    }
    for name, (value, text) in texts.items():
        after = replace(config, **{name: value})  # type: ignore[arg-type]  # each field its own
        assert str(config_edit(config, after)[0]) == text
    assert {field.name for field in fields(TrainingConfig)} == set(texts)


def test_activations_by_layer_that_follow_the_depth_are_not_named() -> None:
    before = TrainingConfig(hidden_layers=(4, 4), layer_activations=("relu", "tanh"))  # type: ignore[arg-type]
    after = replace(before, hidden_layers=(4,) * 3, layer_activations=("relu", "relu", "tanh"))  # type: ignore[arg-type]
    assert str(config_edit(before, after)[0]) == "Change Layers to 3 × 4"


def test_layers_of_different_widths_are_listed() -> None:
    config = TrainingConfig()
    assert str(config_edit(config, replace(config, hidden_layers=(16, 8, 4)))[0]) == "Change Layers to 16, 8, 4"


def test_taking_a_choice_back_is_named_too() -> None:
    config = TrainingConfig(clip_norm=1.0, layer_activations=("relu",) * 3)  # type: ignore[arg-type]
    assert str(config_edit(config, replace(config, clip_norm=None))[0]) == "Change Gradient Limit to none"
    assert (
        str(config_edit(config, replace(config, layer_activations=()))[0]) == "Change Activation by Layer to all alike"
    )


def test_changing_several_settings_at_once_names_none_and_is_a_step_of_its_own() -> None:
    config = TrainingConfig()
    assert str(config_edit(config, replace(config, seed=2, batch_size=8))[0]) == "Change Settings"


def test_equal_lanes_are_told_apart() -> None:
    relu, tanh = TrainingConfig(activation=Activation.RELU), TrainingConfig(activation=Activation.TANH)
    assert lane_titles((relu, tanh, relu)) == ("ReLU", "Tanh", "ReLU (2)")
    assert lane_titles((tanh, relu, relu, relu)) == ("Tanh", "ReLU", "ReLU (2)", "ReLU (3)")
    assert lane_titles((relu, relu)) == ("Lane 1", "Lane 2")
