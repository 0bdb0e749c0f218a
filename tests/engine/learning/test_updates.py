"""Penalties and clipping, against autograd and torch's own clipping."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from engine import toy_datasets
from engine.config import Activation, Optimizer, Schedule, TrainingConfig
from engine.mlp.activations import Floats
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, config_loss, mean_loss, relative_error, standardised
from tests.engine.test_gradients import gradient_of

pytestmark = pytest.mark.usefixtures("machine")
CONFIG = TrainingConfig(
    hidden_layers=(5, 4),
    optimizer=Optimizer.SGD,
    learning_rate=0.1,
    batch_size=None,
    validation_fraction=0.0,
)


def soft_threshold(values: Floats, amount: float) -> Floats:
    """The w with the smallest (w - value)**2 / 2 + amount |w|, case by case (Tibshirani 1996, section 2.2)."""
    result: Floats = np.where(values > amount, values - amount, np.where(values < -amount, values + amount, 0.0))
    return result


def trained_by_autograd(trainer: Trainer, steps: int) -> Reference:
    """The network of a trainer after as many steps of autograd, torch's clipping and SGD, and soft thresholding."""
    config, dataset = trainer.config, trainer._dataset
    reference = Reference(trainer)
    optimizer = torch.optim.SGD(reference.parameters(), lr=config.learning_rate)
    points, labels = standardised(dataset.points, by=dataset.points), torch.from_numpy(dataset.labels.copy())
    for _ in range(steps):
        optimizer.zero_grad()
        loss = config_loss(reference(points), labels, config.resolved_output(dataset.n_classes), config.loss)
        (loss + reference.penalty()).backward()  # type: ignore[no-untyped-call]
        if config.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(reference.parameters(), config.clip_norm)
        optimizer.step()
        for weight in reference.weights:
            values = weight.detach().numpy()
            values[:] = soft_threshold(values, config.learning_rate * config.l1)
    return reference


@pytest.mark.parametrize(
    "changes",
    [
        {"l2": 0.3},
        {"l1": 0.05},
        {"l1": 0.02, "l2": 0.1},
        {"clip_norm": 0.01},
        {"clip_norm": 1e5},
        {"l2": 1.0, "clip_norm": 0.5},
        {"l2": 0.1, "batch_norm": True},
    ],
)
def test_twenty_steps_agree_with_autograd(changes: dict[str, Any]) -> None:
    trainer = Trainer(cloud(80, 3), replace(CONFIG, **changes), torch.float64)
    reference = trained_by_autograd(trainer, 20)

    for _ in range(20):
        trainer.step()

    for (weight, bias), linear in zip(trainer.weights(), reference.linears, strict=True):
        assert isinstance(linear, torch.nn.Linear)
        assert relative_error(weight, linear.weight.detach().t().numpy()) < 1e-6
        # a bias before batch normalisation changes by rounding only
        assert np.allclose(bias, linear.bias.detach().numpy(), atol=1e-6)


def test_penalties_are_of_weights_and_not_of_biases() -> None:
    trainer = Trainer(cloud(80, 2), replace(CONFIG, l1=0.5, l2=0.5, activation=Activation.STEP))
    trainer.load_weights([(np.full_like(weight, 0.1), np.full_like(bias, -9)) for weight, bias in trainer.weights()])

    trainer.step()  # every unit is off: the data pull at nothing but the last bias

    (weight, bias), (inner, _), (last, _) = trainer.weights()
    np.testing.assert_allclose(bias, -9)
    for matrix in (weight, inner, last):
        np.testing.assert_allclose(matrix, 0.1 - 0.1 * 0.5 * 0.1 - 0.1 * 0.5, rtol=1e-5)


def test_a_weight_of_zero_is_not_held_there_by_l1() -> None:
    trainer = Trainer(cloud(80, 2), replace(CONFIG, l1=1e-4, hidden_layers=(2,)))
    weights = trainer.weights()
    weights[-1][0][:] = 0
    trainer.load_weights(weights)

    trainer.step()

    assert trainer.weights()[-1][0].all()


@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_l1_makes_weights_exactly_0_whatever_the_optimizer_and_leaves_those_that_are_needed(
    optimizer: Optimizer,
) -> None:
    rate = 0.01 if optimizer in (Optimizer.ADAM, Optimizer.ADAMW, Optimizer.RMSPROP) else 0.05
    config = replace(CONFIG, hidden_layers=(16, 16), optimizer=optimizer, learning_rate=rate, l1=0.01)
    trainer = Trainer(toy_datasets.make("moons", n_samples=200, n_classes=2, noise=0.1, seed=1), config)

    for _ in range(800):
        trainer.epoch()

    weights = np.concatenate([weight.ravel() for weight, _ in trainer.weights()])
    assert 0.3 < (weights == 0).mean() < 1
    assert not np.signbit(weights[weights == 0]).any()
    assert trainer.evaluate().train_accuracy > 0.8


@pytest.mark.parametrize("optimizer", [kind for kind in Optimizer if kind is not Optimizer.ADAMW])  # which decays
def test_a_run_with_l1_ends_where_loss_and_penalty_together_are_smallest(optimizer: Optimizer) -> None:
    rate = 0.05 if optimizer is Optimizer.SGD else 0.005
    scales = optimizer in (Optimizer.RMSPROP, Optimizer.ADAM)  # by a gradient that is never quite the same
    config = replace(
        CONFIG, hidden_layers=(3,), activation=Activation.TANH, optimizer=optimizer, learning_rate=rate, l1=0.02
    )
    trainer = Trainer(cloud(60, 2), config, torch.float64)
    for _ in range(20_000):
        trainer.step()

    reference = Reference(trainer)
    points, labels = (
        standardised(cloud(60, 2).points, by=cloud(60, 2).points),
        torch.from_numpy(cloud(60, 2).labels.copy()),
    )
    mean_loss(reference(points), labels).backward()  # type: ignore[no-untyped-call]

    tolerance = 1e-3 if scales else 1e-6
    for weight in reference.weights:
        values, slopes = weight.detach(), gradient_of(weight)
        # 0 is in the subdifferential: slope + l1 sign(w) = 0 where w is not 0, and |slope| <= l1 where it is
        torch.testing.assert_close(slopes[values != 0], -0.02 * values[values != 0].sign(), atol=tolerance, rtol=0.0)
        assert bool((slopes[values == 0].abs() <= 0.02 + tolerance).all())
    assert any(bool((weight == 0).any()) for weight in reference.weights)


@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_a_network_of_zeros_leaves_them_as_soon_as_l1_is_smaller_than_what_the_data_pull(optimizer: Optimizer) -> None:
    dataset = cloud(80, 2)
    config = replace(CONFIG, optimizer=optimizer, learning_rate=0.01, l1=1000.0, hidden_layers=(4,))
    trainer = Trainer(dataset, config)
    for _ in range(400):
        trainer.step()
    assert not any(weight.any() for weight, _ in trainer.weights())

    first = Trainer(dataset, replace(config, l1=0.0)).weights()[0]
    trainer.load_weights([first, trainer.weights()[1]])
    trainer.use(dataset, replace(config, l1=1e-4))
    for _ in range(50):
        trainer.step()

    assert trainer.weights()[-1][0].any()


def test_the_pull_of_l1_follows_the_schedule_of_the_learning_rate() -> None:
    schedule = replace(CONFIG, l1=0.5, schedule=Schedule.STEP, schedule_epochs=1, schedule_factor=0.1)
    trainer = Trainer(cloud(80, 2), replace(schedule, activation=Activation.STEP))
    trainer.load_weights([(np.full_like(weight, 0.2), np.full_like(bias, -9)) for weight, bias in trainer.weights()])

    for left in (0.15, 0.145, 0.1445):
        trainer.epoch()
        np.testing.assert_allclose(trainer.weights()[0][0], left, rtol=1e-5)


def test_the_loss_that_is_told_is_that_of_the_data() -> None:
    plain, penalised = (Trainer(cloud(80, 2), replace(CONFIG, l2=l2)) for l2 in (0.0, 10.0))

    assert plain.evaluate() == penalised.evaluate()
    np.testing.assert_array_equal(plain.gradient_norms(), penalised.gradient_norms())


def test_penalties_can_be_chosen_during_a_run_and_keep_the_weights() -> None:
    trainer, dataset = Trainer(cloud(80, 2), CONFIG), cloud(80, 2)
    trainer.epoch()
    before = trainer.weights()

    trainer.use(dataset, replace(CONFIG, l1=0.1, l2=0.1, clip_norm=1.0))

    for (weight, _), (kept, _) in zip(trainer.weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)
    trainer.epoch()
    assert trainer.divergence is None


def test_clipping_does_not_hide_a_gradient_that_is_not_finite() -> None:
    trainer = Trainer(cloud(80, 2), replace(CONFIG, clip_norm=1.0, activation=Activation.RELU))
    trainer.load_weights([(np.full_like(weight, 3e30), bias) for weight, bias in trainer.weights()])

    trainer.step()

    assert trainer.divergence is not None
    assert trainer.divergence.step == 1
