"""Batch normalisation: running statistics, evaluation, batches of one point, and batches that are too large."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine import config as config_module
from engine.config import Activation, Optimizer, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment, Obstacle
from engine.learning.batches import order_seed
from engine.training import Trainer
from tests.engine.reference import Reference, class_probabilities, cloud, config_loss, standardised

CONFIG = TrainingConfig(
    hidden_layers=(6, 5), batch_norm=True, optimizer=Optimizer.SGD, batch_size=16, validation_fraction=0.0
)


def start_like(reference: Reference, trainer: Trainer) -> None:
    """Give the modules the running statistics that the trainer begins with."""
    norm = trainer._network.norm
    assert norm is not None
    used = 0
    for module in reference.norms:
        assert isinstance(module, nn.BatchNorm1d)
        assert module.running_mean is not None
        assert module.running_var is not None
        width = module.num_features
        module.running_mean.copy_(norm.mean[used : used + width].clone())
        module.running_var.copy_(norm.variance[used : used + width].clone())
        used += width


def test_training_and_evaluation_agree_with_torch() -> None:
    dataset = cloud(100, 3)
    trainer = Trainer(dataset, CONFIG, torch.float64)
    reference = Reference(trainer)
    start_like(reference, trainer)
    order = torch.randperm(100, generator=torch.Generator().manual_seed(order_seed(CONFIG.seed, 0)))
    points, labels = standardised(dataset.points, by=dataset.points), torch.from_numpy(dataset.labels.copy())
    optimizer = torch.optim.SGD(reference.parameters(), lr=CONFIG.learning_rate)
    for members in torch.split(order, 16):
        optimizer.zero_grad()
        loss = config_loss(reference(points[members]), labels[members], CONFIG.resolved_output(3), CONFIG.loss)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    reference.eval()
    with torch.no_grad():
        expected = class_probabilities(reference(points))

    trainer.epoch()

    np.testing.assert_allclose(trainer.probabilities(dataset.points), expected.numpy(), atol=1e-6)


def test_before_the_first_step_statistics_are_those_of_the_training_points() -> None:
    dataset = cloud(300, 2)
    trainer = Trainer(dataset, replace(CONFIG, hidden_layers=(4,)), torch.float64)
    norm, (weight, bias) = trainer._network.norm, trainer.weights()[0]
    z = standardised(dataset.points, by=dataset.points).numpy() @ weight + bias

    assert norm is not None
    np.testing.assert_allclose(norm.mean.numpy(), z.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(norm.variance.numpy(), z.var(axis=0, ddof=1), rtol=1e-6)


def test_a_last_batch_of_one_point_does_no_harm() -> None:
    trainer = Trainer(cloud(33, 2), CONFIG)

    for _ in range(10):
        trainer.epoch()

    assert trainer.divergence is None
    assert np.isfinite(trainer.evaluate().train_loss)


def test_looking_does_not_move_the_running_statistics() -> None:
    watched, alone = (Trainer(cloud(100, 2), CONFIG) for _ in range(2))
    for _ in range(5):
        watched.gradient_norms()
        watched.evaluate()
        watched.probabilities([[1.0, 2.0]])
        watched.epoch()
        alone.epoch()

    assert watched.evaluate() == alone.evaluate()


@pytest.mark.parametrize("activation", [Activation.SIGMOID, Activation.TANH])
def test_it_is_a_cure_for_vanishing_gradients(activation: Activation) -> None:
    deep = TrainingConfig(hidden_layers=(16,) * 20, activation=activation, seed=3)
    plain, normalised = (Trainer(cloud(200, 3), replace(deep, batch_norm=on)).gradient_norms() for on in (False, True))

    assert normalised[0] / normalised[-1] > 0.05
    if activation is Activation.SIGMOID:
        assert plain[0] / plain[-1] < 1e-9


def test_so_are_skip_connections() -> None:
    deep = TrainingConfig(hidden_layers=(16,) * 20, activation=Activation.SIGMOID)
    plain, skipping = (
        Trainer(cloud(200, 3), replace(deep, skip_connections=on)).gradient_norms() for on in (False, True)
    )

    assert plain[1] / plain[-1] < 1e-9
    assert skipping[1] / skipping[-1] > 1e-3


def test_a_batch_that_cannot_be_held_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_module, "MAX_VALUES_AT_ONCE", 1000)

    with pytest.raises(InputError, match=r"batch_size is None.* 1,100 values.* at most 1,000"):
        Trainer(cloud(100, 2), replace(CONFIG, batch_size=None))
    assert Experiment(cloud(100, 2), (replace(CONFIG, batch_size=None),)).obstacle() is Obstacle.LARGE_BATCH
    Trainer(cloud(100, 2), replace(CONFIG, batch_size=90))
    Trainer(cloud(100, 2), replace(CONFIG, batch_size=None, batch_norm=False))
