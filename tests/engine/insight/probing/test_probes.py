"""Gradient norms that do not vanish before the gradient does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import Activation, Initialization, Optimizer, TrainingConfig
from engine.dataset import Dataset
from engine.insight.probing.probes import MAX_PROBED, scaled_norm
from engine.insight.verdict import GradientState, judge
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, mean_loss, standardised

# first and last hidden layer of twenty layers of 16 on a three-class spiral of 300 points, at initialization,
# measured in PyTorch: medians of 5 seeds
MEASURED = [
    (Activation.SIGMOID, Initialization.TORCH_DEFAULT, 6.5e-19, 3.5e-2),
    (Activation.SIGMOID, Initialization.XAVIER_UNIFORM, 2.2e-14, 5.1e-2),
    (Activation.SIGMOID, Initialization.HE_UNIFORM, 3.4e-12, 4.1e-2),
    (Activation.TANH, Initialization.TORCH_DEFAULT, 7.3e-7, 2.4e-2),
    (Activation.TANH, Initialization.XAVIER_UNIFORM, 3.7e-2, 6.5e-2),
    (Activation.TANH, Initialization.HE_UNIFORM, 6.6e-2, 1.5e-1),
    (Activation.RELU, Initialization.TORCH_DEFAULT, 2.9e-10, 7.1e-3),
    (Activation.RELU, Initialization.XAVIER_UNIFORM, 2.2e-5, 4.1e-5),
    (Activation.RELU, Initialization.HE_UNIFORM, 2.7e-2, 1.0e-1),
    (Activation.LEAKY_RELU, Initialization.TORCH_DEFAULT, 3.2e-10, 7.2e-3),
    (Activation.LEAKY_RELU, Initialization.XAVIER_UNIFORM, 2.0e-5, 4.0e-5),
    (Activation.LEAKY_RELU, Initialization.HE_UNIFORM, 2.8e-2, 1.0e-1),
    (Activation.ELU, Initialization.TORCH_DEFAULT, 2.9e-7, 2.1e-2),
    (Activation.ELU, Initialization.XAVIER_UNIFORM, 2.4e-2, 3.9e-2),
    (Activation.ELU, Initialization.HE_UNIFORM, 1.2e-1, 3.4e-1),
]


@pytest.mark.parametrize(("activation", "rule", "first", "last"), MEASURED)
def test_norms_at_initialization_are_those_measured_in_pytorch(
    activation: Activation, rule: Initialization, first: float, last: float
) -> None:
    dataset = toy_datasets.make("spiral", n_samples=300, n_classes=3)
    mean, deviation = dataset.points.mean(axis=0), dataset.points.std(axis=0)

    def norms(seed: int) -> NDArray[np.float64]:
        config = TrainingConfig(
            hidden_layers=(16,) * 20, activation=activation, initialization=rule, seed=seed, validation_fraction=0.0
        )
        trainer = Trainer(dataset, config)
        # as it was measured: on points that are not standardised, with the output layer of nn.Linear
        (weight, bias), *hidden, _ = trainer.weights()
        default = Trainer(dataset, replace(config, initialization=Initialization.TORCH_DEFAULT)).weights()[-1]
        trainer.load_weights([(weight * deviation[:, None], bias + mean @ weight), *hidden, default])
        found = trainer.gradient_norms()
        found[0] *= deviation.mean()
        return found

    medians = np.median([norms(seed) for seed in range(1, 6)], axis=0)

    assert first / 3 < medians[0] < first * 3
    assert last / 3 < medians[19] < last * 3


@pytest.mark.parametrize("activation", [Activation.TANH, Activation.RELU, Activation.LEAKY_RELU, Activation.ELU])
def test_twenty_layers_that_are_well_initialized_learn_the_spiral_to_the_last_point(activation: Activation) -> None:
    dataset = toy_datasets.make("spiral", n_samples=300, n_classes=3)
    config = TrainingConfig(
        hidden_layers=(16,) * 20, activation=activation, optimizer=Optimizer.ADAM, learning_rate=3e-3,
        batch_size=None, validation_fraction=0.0,
    )  # fmt: skip
    trainer = Trainer(dataset, config)

    for _ in range(400):
        trainer.epoch()

    assert trainer.evaluate().train_accuracy == 1.0


def test_behind_a_step_the_gradient_is_exactly_zero() -> None:
    kinds = (Activation.TANH, Activation.STEP, Activation.RELU)
    trainer = Trainer(cloud(100, 2), TrainingConfig(hidden_layers=(5, 5, 5), layer_activations=kinds))

    norms = trainer.gradient_norms()

    assert norms[:2].tolist() == [0.0, 0.0]
    assert (norms[2:] > 0).all()


@pytest.mark.parametrize("rule", [Initialization.AUTO, Initialization.TORCH_DEFAULT])
def test_fifty_sigmoid_layers_have_a_gradient(rule: Initialization) -> None:
    config = TrainingConfig(hidden_layers=(8,) * 50, activation=Activation.SIGMOID, initialization=rule)

    norms = Trainer(cloud(100, 2), config).gradient_norms()

    assert norms.dtype == np.float64
    assert norms.shape == (51,)
    assert (norms > 0).all()
    assert norms[0] ** 2 < np.finfo(np.float32).smallest_subnormal  # single precision would have made it 0


def test_a_true_zero_is_a_zero() -> None:
    trainer = Trainer(cloud(50, 2), TrainingConfig(hidden_layers=(3, 3), activation=Activation.RELU))
    weights = trainer.weights()
    # the second layer is dead: nothing comes back through it
    trainer.load_weights([weights[0], (np.zeros((3, 3)), np.full(3, -1.0)), weights[2]])

    norms = trainer.gradient_norms()

    assert norms[0] == norms[1] == norms[2] == 0.0
    assert trainer.weights()[0][0].any()


@pytest.mark.parametrize("scale", [1e-200, 1e-23, 1.0, 1e200])
def test_the_norm_of_numbers_whose_squares_have_no_room(scale: float) -> None:
    assert scaled_norm(np.full((4, 4), scale)) == pytest.approx(4 * scale)


def test_the_norm_of_numbers_that_are_not_finite_is_not_finite() -> None:
    assert scaled_norm(np.array([[1.0, np.inf]])) == np.inf
    assert np.isnan(scaled_norm(np.array([[1.0, np.nan]])))


def test_norms_are_of_all_training_points_whatever_the_batch() -> None:
    dataset = cloud(300, 2)

    one, another = (Trainer(dataset, TrainingConfig(batch_size=size)) for size in (1, 64))

    np.testing.assert_array_equal(one.gradient_norms(), another.gradient_norms())


@pytest.mark.parametrize("n_rare", [1, 10, 3000])
def test_norms_are_of_all_training_points_however_rare_a_class_is(n_rare: int) -> None:
    generator = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2], [10_000, n_rare, n_rare])
    points = generator.normal(labels[:, None], 1, (len(labels), 2)).astype(np.float32)
    dataset = Dataset(points, labels, ("a", "b", "c"))
    trainer = Trainer(dataset, TrainingConfig(hidden_layers=(8, 8, 8), validation_fraction=0.0), torch.float64)
    for _ in range(3):
        trainer.step()
    reference = Reference(trainer)
    loss = mean_loss(reference(standardised(points, by=points)), torch.from_numpy(labels))
    parameters = [p for linear in reference.linears for p in (linear.weight, linear.bias)]
    expected = [
        float(g.norm()) for g in torch.autograd.grad(loss, [p for p in parameters if isinstance(p, torch.Tensor)])
    ]

    measured = trainer.measure_gradient().finished()

    np.testing.assert_allclose(trainer.gradient_norms(), expected[::2], rtol=1e-9)
    np.testing.assert_allclose(
        trainer.measure_gradient().finished().tensor_norms(), len(labels) * np.array(expected), rtol=1e-9
    )
    assert measured.n_points == measured.n_training == len(labels)
    assert measured.largest_other == pytest.approx(max(expected[1::2]))


def test_a_step_under_way_does_not_change_what_is_looked_at_and_the_same_is_found_again() -> None:
    trainer = Trainer(cloud(3000, 2), TrainingConfig(hidden_layers=(8,), batch_size=None))

    first = trainer.gradient_norms()

    np.testing.assert_array_equal(first, trainer.gradient_norms())


def test_a_look_that_another_one_spoiled_says_so() -> None:
    trainer = Trainer(cloud(3000, 2), TrainingConfig())
    first = trainer.measure_gradient()
    first.go_on(lambda: True)
    trainer.gradient_norms()

    with pytest.raises(RuntimeError, match="Another look"):
        first.finished()


def test_looking_does_not_disturb_training() -> None:
    dataset, config = cloud(100, 3), TrainingConfig(hidden_layers=(4,))
    watched, alone = Trainer(dataset, config), Trainer(dataset, config)

    for _ in range(10):
        watched.gradient_norms()
        watched.evaluate()
        watched.probabilities(dataset.points)
        watched.step()
        alone.step()

    for (weight, bias), (other_weight, other_bias) in zip(watched.weights(), alone.weights(), strict=True):
        np.testing.assert_array_equal(weight, other_weight)
        np.testing.assert_array_equal(bias, other_bias)


@pytest.mark.parametrize("activation", [Activation.SIGMOID, Activation.TANH])
def test_units_saturated_on_either_side_get_the_same_gradient_and_not_zero(activation: Activation) -> None:
    norms = []
    for bias in (-40.0, 40.0):
        trainer = Trainer(cloud(50, 2), TrainingConfig(hidden_layers=(4,), activation=activation))
        (weight, _), last = trainer.weights()
        trainer.load_weights([(weight * 1e-3, np.full(4, bias)), last])
        norms.append(trainer.gradient_norms()[0])

    assert 0 < norms[0] < 1e-15
    assert norms[1] == pytest.approx(norms[0], rel=0.2)  # the outputs, and so the loss, differ a little


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.LEAKY_RELU, Activation.TANH, Activation.GELU])
@pytest.mark.parametrize("depth", [20, 100])
def test_skip_connections_that_are_drawn_automatically_neither_explode_nor_vanish(
    activation: Activation, depth: int
) -> None:
    config = TrainingConfig(hidden_layers=(16,) * depth, activation=activation, skip_connections=True)
    trainer = Trainer(toy_datasets.make("spiral", n_samples=300, n_classes=3), config)

    norms = trainer.gradient_norms()

    assert judge(norms, config.activations).state is GradientState.HEALTHY
    assert trainer.evaluate().train_loss < 100


def test_leaky_rectifiers_of_any_slope_keep_the_gradient_alive() -> None:
    for slope in (0.0, 0.3, 1.0):
        config = TrainingConfig(hidden_layers=(16,) * 30, activation=Activation.LEAKY_RELU, leaky_slope=slope, seed=2)
        norms = Trainer(cloud(200, 3), config).gradient_norms()

        assert 1e-3 < norms[0] / norms[-1] < 1e3


def test_with_batch_normalisation_a_large_network_is_probed_on_fewer_points() -> None:
    config = TrainingConfig(hidden_layers=(300,) * 20, batch_norm=True, activation=Activation.RELU)
    trainer = Trainer(cloud(2000, 2), config)

    assert trainer.measure_gradient().finished().tensor_norms().shape == (42,)
    measured = trainer.measure_gradient().finished()
    assert abs(measured.n_points - MAX_PROBED // 6000) <= 1
    assert measured.n_training == trainer.n_training
    assert list(trainer._probe._made) == [measured.n_points]
    assert trainer.measure_gradient().finished().tensor_norms().shape == (42,)
