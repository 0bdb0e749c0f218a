"""Penalties and clipping, against autograd and torch's own clipping."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, TrainingConfig
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, config_loss, relative_error, standardised

CONFIG = TrainingConfig(
    hidden_layers=(5, 4),
    optimizer=Optimizer.SGD,
    learning_rate=0.1,
    batch_size=None,
    validation_fraction=0.0,
)


def trained_by_autograd(trainer: Trainer, steps: int) -> Reference:
    """The network of a trainer after as many steps of autograd, torch's clipping and torch's SGD."""
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
        np.testing.assert_allclose(matrix, 0.1 - 0.1 * (0.5 + 0.5 * 0.1), rtol=1e-5)


def test_a_weight_of_zero_is_not_held_there_by_l1() -> None:
    trainer = Trainer(cloud(80, 2), replace(CONFIG, l1=1e-4, hidden_layers=(2,)))
    weights = trainer.weights()
    weights[-1][0][:] = 0
    trainer.load_weights(weights)

    trainer.step()

    assert trainer.weights()[-1][0].all()


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
