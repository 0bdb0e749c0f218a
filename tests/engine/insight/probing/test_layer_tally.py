"""What is counted in a layer: units that are dead, saturated or linear, histograms, and sizes of derivatives."""

from __future__ import annotations

import itertools
import math
from dataclasses import astuple, replace

import numpy as np
import pytest

from engine.config import Activation, Initialization, TrainingConfig
from engine.insight.diagnosis import (
    LayerDiagnosis,
)
from engine.insight.probing.layer_tally import gradient_size, histogram, joint_size
from engine.mlp.activations import ACTIVATIONS, Shape
from engine.training import Trainer
from tests.engine.reference import cloud


def placed(activation: Activation, biases: list[float]) -> LayerDiagnosis:
    """A first layer whose units look at the points from these distances; the points are within 0.1 of 0."""
    trainer = Trainer(cloud(50, 2), TrainingConfig(hidden_layers=(len(biases),), activation=activation))
    (weight, _), last = trainer.weights()
    small = 0.02 * weight / np.abs(weight).sum(axis=0)
    trainer.load_weights([(small, np.array(biases)), last])
    return trainer.diagnose().layers[0]


@pytest.mark.parametrize(
    ("activation", "dead", "linear", "saturated"),
    [
        (Activation.RELU, 2, 3, 2),
        (Activation.LEAKY_RELU, 0, 3, 0),  # its slope of 0.01 is just not less than 0.01
        (Activation.ELU, 0, 3, 1),
        (Activation.LINEAR, 0, 6, 0),
        (Activation.STEP, 2, 0, 6),
        (Activation.SIGMOID, 0, 0, 2),
        (Activation.TANH, 0, 0, 3),
    ],
)
def test_dead_linear_and_saturated_units_are_counted(
    activation: Activation, dead: int, linear: int, saturated: int
) -> None:
    layer = placed(activation, [-9.0, -1.0, 0.0, 1.0, 4.0, 9.0])

    assert (layer.n_dead_units, layer.n_linear_units, layer.n_saturated_units) == (dead, linear, saturated)
    assert layer.n_units == 6
    if activation is not Activation.RELU:  # of whose third unit half the points are
        assert layer.saturated_share == pytest.approx(saturated / 6)


def test_rectifiers_that_stand_exactly_at_zero_are_dead_and_saturated() -> None:
    config = TrainingConfig(hidden_layers=(3,), activation=Activation.RELU, initialization=Initialization.ZEROS)

    layer = Trainer(cloud(20, 2), config).diagnose().layers[0]

    assert (layer.n_dead_units, layer.n_saturated_units, layer.saturated_share) == (3, 3, 1.0)


@pytest.mark.parametrize("activation", [Activation.SIGMOID, Activation.TANH])
@pytest.mark.parametrize("bias", [-40.0, 40.0])
def test_far_out_on_either_side_the_slope_is_tiny_and_not_zero(activation: Activation, bias: float) -> None:
    layer = placed(activation, [bias])

    assert layer.rms_slope == pytest.approx(ACTIVATIONS[activation].derivative(np.array(-40.0), Shape()), rel=0.5)
    assert layer.n_dead_units == 0
    assert layer.weight_gradient.norm > 0


def test_a_unit_is_saturated_if_it_is_so_for_more_than_99_percent_of_the_points() -> None:
    points = np.zeros((200, 1), dtype=np.float32)
    points[:3, 0] = [100.0, 101.0, -100.0]
    dataset = replace(cloud(200, 2, n_features=1), points=points)
    config = TrainingConfig(hidden_layers=(2,), activation=Activation.RELU, validation_fraction=0.0)
    trainer = Trainer(dataset, config)
    _, last = trainer.weights()

    trainer.load_weights([(np.array([[-1.0, 1.0]]), np.array([-1.0, -1.0])), last])

    layer = trainer.diagnose().layers[0]
    assert layer.n_saturated_units == 1  # 199 of 200 points are more than 99 %, 198 are not
    assert layer.saturated_share == pytest.approx(397 / 400)
    assert layer.n_dead_units == 0


def test_limits_of_a_histogram_are_powers_of_two_that_few_outliers_do_not_move() -> None:
    values = np.random.default_rng(0).normal(size=(10, 1000))
    values[0, :3] = 60.0, -70.0, 50.0

    edges, counts = histogram(values, -math.inf, math.inf)
    nearly, _ = histogram(values * 1.05, -math.inf, math.inf)

    assert (edges[0], edges[-1]) == (-4.0, 4.0) == (nearly[0], nearly[-1])
    assert edges[20] == pytest.approx(-edges[21])  # 0 is in the middle of the middle bin
    assert counts.sum() == 10_000
    assert counts[-1] >= 2
    assert counts[0] >= 1


def test_a_histogram_counts_infinities_at_its_ends_and_leaves_out_what_is_no_number() -> None:
    edges, counts = histogram(np.array([[math.inf, -math.inf, math.nan, 0.3, -0.3]]), -math.inf, math.inf)

    assert (edges[0], edges[-1]) == (-2.0, 2.0)
    assert (counts[0], counts[-1], counts.sum()) == (1, 1, 4)


@pytest.mark.parametrize("value", [0.0, 5e-324, 1.7e308, math.nan, math.inf])
def test_a_histogram_of_extreme_values_has_edges_in_order(value: float) -> None:
    with np.errstate(over="ignore"):  # as everything in the engine
        edges, counts = histogram(np.full((2, 3), value), -math.inf, math.inf)

    assert np.isfinite(edges).all()
    assert (np.diff(edges) > 0).all()
    assert counts.sum() == (0 if math.isnan(value) else 6)


def test_a_histogram_is_within_what_the_function_can_be() -> None:
    sigmoid, counts = histogram(np.array([[0.0, 1.0, 0.5]]), 0.0, 1.0)
    relu, _ = histogram(np.array([[0.0, 1.0, 0.5]]), 0.0, math.inf)
    elu, _ = histogram(np.array([[-1.0, 20.0]]), -1.0, math.inf)

    assert (sigmoid[0], sigmoid[-1]) == (0.0, 1.0)
    assert counts[0] == counts[20] == counts[-1] == 1
    assert (relu[0], relu[-1]) == (0.0, 2.0)
    assert (elu[0], elu[-1]) == (-1.0, 64.0)


@pytest.mark.parametrize("values", list(itertools.product([0.0, 1e-320, 3.0, 1e308, math.inf, math.nan], repeat=2)))
def test_the_size_of_all_derivatives_is_that_of_weights_and_biases_together(values: tuple[float, float]) -> None:
    weights, biases = (np.array([[0.0, value]]) for value in values)
    found = joint_size(gradient_size(weights), gradient_size(biases), 4)
    expected = gradient_size(np.concatenate([weights, biases], axis=1))
    np.testing.assert_allclose(astuple(found), astuple(expected), rtol=1e-12)
