"""Dropout: how many, how they are scaled, whose dice they are, and that evaluation knows nothing of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.config import TrainingConfig
from engine.mlp.dropout import Dropout
from engine.training import Trainer
from tests.engine.reference import cloud, order_of

pytestmark = pytest.mark.usefixtures("machine")
CONFIG = TrainingConfig(hidden_layers=(20, 20), dropout=0.3, batch_size=50)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.95])
def test_what_stays_is_scaled_so_that_the_mean_stays(probability: float) -> None:
    mask = torch.full((400, 500), 7.0)
    for call in Dropout(probability, torch.Generator().manual_seed(1)).draw(mask):
        call()

    assert np.unique(mask.numpy()).tolist() == pytest.approx([0.0, 1 / (1 - probability)])
    assert (mask == 0).double().mean().item() == pytest.approx(probability, abs=0.005)
    assert mask.double().mean().item() == pytest.approx(1, abs=0.02)


def test_evaluation_is_without_dropout() -> None:
    dropped, plain = (Trainer(cloud(100, 3), replace(CONFIG, dropout=p)) for p in (0.5, 0.0))

    assert dropped.evaluate() == plain.evaluate()
    np.testing.assert_array_equal(dropped.probabilities([[1, 2]]), plain.probabilities([[1, 2]]))
    np.testing.assert_array_equal(dropped.gradient_norms(), plain.gradient_norms())


def test_every_step_draws_anew() -> None:
    trainer = Trainer(cloud(100, 2), replace(CONFIG, batch_size=None, learning_rate=1e-30))
    gradients = []
    for _ in range(3):
        trainer.step()
        gradients.append(trainer._gradient.vector.numpy().copy())

    assert not np.array_equal(gradients[0], gradients[1])
    assert not np.array_equal(gradients[1], gradients[2])


def test_the_mean_gradient_of_many_draws_is_near_that_without_dropout() -> None:
    config = replace(CONFIG, hidden_layers=(8,), dropout=0.2, batch_size=None, learning_rate=1e-30)
    trainer, plain = (Trainer(cloud(100, 2), replace(config, dropout=p), torch.float64) for p in (0.2, 0.0))
    plain.step()
    total = np.zeros_like(plain._gradient.vector.numpy())
    for _ in range(2000):
        trainer.step()
        total += trainer._gradient.vector.numpy()

    expected = plain._gradient.vector.numpy()
    assert np.abs(total / 2000 - expected).max() < 0.15 * np.abs(expected).max()


def test_dropout_changes_neither_first_weights_nor_batches() -> None:
    dropped, plain = (Trainer(cloud(100, 2), replace(CONFIG, dropout=p)) for p in (0.5, 0.0))
    for (weight, _), (same, _) in zip(dropped.weights(), plain.weights(), strict=True):
        np.testing.assert_array_equal(weight, same)
    for trainer in (dropped, plain):
        trainer.epoch()
        trainer.step()

    assert torch.equal(order_of(dropped), order_of(plain))


def test_dropout_can_be_switched_on_during_a_run() -> None:
    dataset = cloud(100, 2)
    trainer = Trainer(dataset, replace(CONFIG, dropout=0.0))
    trainer.epoch()
    before = trainer.evaluate()

    trainer.use(dataset, CONFIG)

    assert trainer.evaluate() == before
    same = Trainer(dataset, replace(CONFIG, dropout=0.0))
    for other in (trainer, same):
        other.epoch()
    same.epoch()
    assert trainer.epochs_done == same.epochs_done == 2
    assert trainer.evaluate() != same.evaluate()
