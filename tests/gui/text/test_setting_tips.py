"""What is said of a setting, beside what the engine makes of it."""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from engine.config import Activation, Initialization, Loss, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.insight.remedies import Cure
from engine.mlp.dropout import Dropout
from engine.options import add_experiment_options
from engine.training import Trainer
from gui.settings.control_panel import ControlPanel
from gui.text.lab_wording import CURE_TIPS
from gui.text.setting_rows import tips
from tests.engine.reference import cloud

TIPS = tips()
CONFIG = TrainingConfig(
    hidden_layers=(8, 8), activation=Activation.TANH, optimizer=Optimizer.SGD, learning_rate=0.05, batch_size=16,
    validation_fraction=0.0,
)  # fmt: skip
UNSURE = replace(CONFIG, initialization=Initialization.ZEROS)  # whose logits are 0


def values(trainer: Trainer) -> NDArray[np.float64]:
    """All weights and biases."""
    return np.concatenate([part.ravel() for pair in trainer.weights() for part in pair]).astype(np.float64)


def trained(config: TrainingConfig, epochs: int = 2, dataset: Dataset | None = None) -> Trainer:
    trainer = Trainer(dataset or cloud(100, 2), config)
    for _ in range(epochs):
        trainer.epoch()
    return trainer


@pytest.mark.parametrize("optimizer", [Optimizer.SGD, Optimizer.ADAM])
def test_of_l1_many_weights_become_exactly_0_and_more_the_larger_it_is(optimizer: Optimizer) -> None:
    def zeros(l1: float) -> int:
        trainer = trained(replace(CONFIG, optimizer=optimizer, l1=l1), epochs=150)
        return sum(int((weight == 0).sum()) for weight, _ in trainer.weights())

    none, some, more = zeros(0.0), zeros(0.01), zeros(0.05)

    assert none == 0
    assert 10 < some < more
    assert "many become exactly 0, more the larger it is" in TIPS["l1_box"]


@pytest.mark.parametrize("optimizer", Optimizer)
def test_the_learning_rate_multiplies_a_step_and_is_not_its_length(optimizer: Optimizer) -> None:
    def step(rate: float) -> NDArray[np.float64]:
        trainer = Trainer(
            cloud(100, 2), replace(CONFIG, optimizer=optimizer, learning_rate=rate, l2=0.1), torch.float64
        )
        before = values(trainer)
        trainer.step()
        moved: NDArray[np.float64] = values(trainer) - before
        return moved

    once, twice = step(0.01), step(0.02)

    np.testing.assert_allclose(twice, 2 * once, rtol=1e-9, atol=1e-15)
    assert np.linalg.norm(once) != pytest.approx(0.01, rel=0.01)
    assert TIPS["learning_rate_box"].startswith("Multiplies each step")


def test_dropout_is_a_probability_that_is_drawn_anew_for_every_point_and_step() -> None:
    masks = []
    generator = torch.Generator().manual_seed(1)
    for _ in range(2):
        mask = torch.empty((50, 200))
        for call in Dropout(0.3, generator).draw(mask):
            call()
        masks.append(mask.numpy() == 0)
    of_points = masks[0].sum(axis=0)

    assert not (masks[0] == masks[0][:, :1]).all(), "not the same units for all points"
    assert (masks[0] != masks[1]).any(), "not the same units in every step"
    assert np.unique(of_points).size > 3, "not a fixed share of the units"
    assert masks[0].mean() == pytest.approx(0.3, abs=0.03)
    tip = TIPS["dropout_box"]
    assert tip.startswith("Probability that a hidden unit is left out, drawn anew for every point and step")


def test_a_larger_share_makes_validation_points_of_those_that_were_trained_on() -> None:
    dataset = cloud(200, 2)
    small, large = (dataset.validation_mask(share) for share in (0.2, 0.5))

    assert (large & ~small).any()
    assert "points that were trained on may now count as validation; press Reset" in TIPS["validation_box"]


def test_the_same_seed_has_the_same_weights_batches_and_dropped_units_and_another_has_others() -> None:
    config = replace(CONFIG, dropout=0.4)
    first, again, other = (Trainer(cloud(100, 2), replace(config, seed=seed)) for seed in (3, 3, 4))
    assert np.array_equal(values(first), values(again))
    assert not np.array_equal(values(first), values(other))
    for trainer in (first, again):
        for _ in range(3):
            trainer.epoch()
    # one unit that was dropped otherwise, or one point in another batch, would show in every weight
    assert np.array_equal(values(first), values(again))

    other.load_weights(Trainer(cloud(100, 2), config).weights())
    for trainer in (again := Trainer(cloud(100, 2), config), other):
        trainer.step()
    assert not np.array_equal(values(again), values(other)), "other points or other dropped units"
    for words in ("same first weights", "same order of points", "same dropped units"):
        assert words in TIPS["seed_box"]


@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
def test_losses_of_equal_probabilities_differ_by_the_output_where_they_are_sums_over_its_units(loss: Loss) -> None:
    outputs = (Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS)
    told = {output: Trainer(cloud(100, 2), replace(UNSURE, output=output, loss=loss)) for output in outputs}
    for trainer in told.values():
        np.testing.assert_array_equal(trainer.probabilities([[1, 2]]), [[0.5, 0.5]])
    of_a_unit = 0.25 if loss is Loss.MSE else np.log(2)
    is_sum = {Output.SIGMOID: False, Output.SOFTMAX: loss is Loss.MSE, Output.INDEPENDENT_SIGMOIDS: True}

    for output, trainer in told.items():
        assert trainer.evaluate().train_loss == pytest.approx(of_a_unit * (2 if is_sum[output] else 1))
    tip = TIPS["loss_box"]
    assert "the mean over the points" in tip
    assert "Squared error, and cross-entropy of a sigmoid for each class, are sums over the output units" in tip
    assert "lanes with other outputs cannot be compared by it" in tip


def test_at_the_threshold_itself_the_first_class_is_decided_for() -> None:
    labels = np.repeat([0, 1], [70, 30])
    dataset = Dataset(cloud(100, 2).points, labels, ("a", "b"))
    at, below = (Trainer(dataset, replace(UNSURE, threshold=threshold)) for threshold in (0.5, 0.4999))

    assert at.evaluate().train_accuracy == pytest.approx(0.7)
    assert below.evaluate().train_accuracy == pytest.approx(0.3)
    parser = argparse.ArgumentParser()
    add_experiment_options(parser)
    assert TIPS["threshold_box"].startswith("Probability above which one sigmoid unit decides for the second class")
    assert "probability above which class 1" in " ".join(parser.format_help().split())


def passes(widths: tuple[int, ...], n_features: int = 2) -> bool:
    """Whether anything of the inputs arrives at the output if all but the first layer's hidden weights are 0."""
    trainer = Trainer(cloud(50, 2, n_features=n_features), replace(CONFIG, hidden_layers=widths, skip_connections=True))
    first, *hidden, output = trainer.weights()
    closed = [(np.zeros_like(weight), np.zeros_like(bias)) for weight, bias in hidden]
    trainer.load_weights([first, *closed, output] if hidden else [(0 * first[0], first[1]), output])
    return bool(np.ptp(trainer.probabilities(cloud(50, 2, n_features=n_features).points)[:, 0]) > 1e-3)


def test_skip_connections_lead_around_hidden_layers_as_wide_as_the_one_before_and_no_others() -> None:
    assert passes((8, 8))
    assert passes((8, 8, 8))
    assert not passes((8, 5))
    assert not passes((8, 8, 5))
    assert not passes((2,)), "the inputs are no layer"
    parser = argparse.ArgumentParser()
    add_experiment_options(parser)
    assert "around each hidden layer as wide as the one before" in CURE_TIPS[Cure.USE_SKIP_CONNECTIONS]
    said = (TIPS["skip_connections_box"], " ".join(parser.format_help().split()))
    for text in said:
        assert "the output of the layer before to that of each hidden layer as wide" in text


def test_what_keeps_from_learning_by_heart_is_told_apart_from_what_helps_deep_networks(qtbot: QtBot) -> None:
    panel = ControlPanel(QAction("&New Seed"))
    qtbot.addWidget(panel)
    by_heart, deep = panel.regularization.button.toolTip().split(
        " keep the network from learning the points by heart; "
    )

    assert {name for name in ("Dropout", "L1", "L2") if name in by_heart} == {"Dropout", "L1", "L2"}
    assert "batch normalization and skip connections help deep networks to learn" in deep
    assert "normalization" not in by_heart
    assert "skip" not in by_heart


def test_penalties_and_dropout_keep_the_training_loss_up_and_shortcuts_do_not() -> None:
    """What keeps from learning by heart shows in the loss of points that could be learned by heart."""
    noise = Dataset(cloud(40, 2).points, np.random.default_rng(0).integers(0, 2, 40), ("a", "b"))
    config = replace(CONFIG, hidden_layers=(32, 32), optimizer=Optimizer.ADAM, learning_rate=0.01)

    def left(changed: TrainingConfig) -> float:
        return trained(changed, epochs=400, dataset=noise).evaluate().train_loss

    plain = left(config)
    for regularised in (replace(config, dropout=0.5), replace(config, l1=0.01), replace(config, l2=0.1)):
        assert left(regularised) > plain + 0.1
    assert left(replace(config, skip_connections=True)) < plain + 0.05
