from __future__ import annotations

from dataclasses import fields, replace

from engine.config import (
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    TrainingConfig,
    ValueLoss,
)
from gui.drawing.tools import Tool
from gui.text.edits import config_edit, stroke_edit


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
        "test_fraction": (0.1, "Change Test Share to 10 %"),
        "patience": (30, "Change Patience to 30"),
        "seed": (7, "Change Seed to 7"),
        "layer_activations": (
            (Activation.TANH, Activation.TANH, Activation.RELU),
            "Change Activation by Layer to Tanh, Tanh, ReLU",
        ),
        "leaky_slope": (0.2, "Change Leaky ReLU Slope to 0.2"),
        "elu_alpha": (2.0, "Change ELU α to 2"),
        "batch_norm": (True, "Change Batch Normalization to on"),
        "squares": (True, "Change Squares x² to on"),
        "products": (True, "Change Products x·y to on"),
        "sines": (True, "Change Sines sin πx to on"),
        "skip_connections": (True, "Change Skip Connections to on"),
        "initialization_sigma": (0.5, "Change σ of First Weights to 0.5"),
        "output": (Output.SOFTMAX, "Change Output to Softmax"),
        "loss": (Loss.MSE, "Change Loss to Squared error (MSE)"),
        "value_loss": (ValueLoss.HUBER, "Change Loss of Values to Huber"),
        "huber_delta": (0.5, "Change Huber’s δ to 0.5"),
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
