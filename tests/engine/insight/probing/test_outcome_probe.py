"""The outcomes of points against autograd in float64, and that steps in between change nothing of a look."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.config import Loss, Output, TrainingConfig
from engine.insight.measurement import Measurement
from engine.insight.outcomes import Outcomes, Split
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, config_losses


def looked(trainer: Trainer) -> Outcomes:
    return Measurement(trainer.outcomes.look()).finished()


@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
@pytest.mark.parametrize(
    ("output", "n_classes"),
    [(Output.SIGMOID, 2), (Output.SOFTMAX, 2), (Output.SOFTMAX, 3), (Output.INDEPENDENT_SIGMOIDS, 3)],
)
def test_probabilities_losses_and_error_signals_are_those_of_autograd(
    output: Output, n_classes: int, loss: Loss
) -> None:
    dataset = cloud(60, n_classes)
    trainer = Trainer(dataset, TrainingConfig(hidden_layers=(5,), output=output, loss=loss), torch.float64)
    for _ in range(5):
        trainer.epoch()
    found = looked(trainer)

    points = trainer.standardized(dataset.points).t()[:, :-1].clone()
    logits = Reference(trainer)(points).detach().requires_grad_()
    losses = config_losses(logits, torch.from_numpy(dataset.labels.copy()), output, loss)
    losses.sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    np.testing.assert_allclose(found.losses, losses.detach().numpy(), atol=1e-9)
    np.testing.assert_allclose(found.signals, logits.grad.norm(dim=1).numpy(), atol=1e-9)
    np.testing.assert_allclose(found.probabilities.T, trainer.probabilities(dataset.points), atol=1e-6)
    metrics = trainer.evaluate()
    for part, value in ((Split.TRAINING, metrics.train_loss), (Split.VALIDATION, metrics.validation_loss)):
        assert found.losses[found.mask(part)].mean() == pytest.approx(value)
    assert (found.signals <= found.largest_signal).all()
    for point in range(0, 60, 7):
        for kind in (Loss.CROSS_ENTROPY, Loss.MSE):
            logits.grad = None
            config_losses(logits, torch.from_numpy(dataset.labels.copy()), output, kind).sum().backward()  # type: ignore[no-untyped-call]
            wanted = float(logits.grad[point].norm())
            assert found.signal_with(point, squared=kind is Loss.MSE) == pytest.approx(wanted, abs=1e-9)


def test_a_report_of_each_part_is_that_of_the_trainer_and_all_are_both_together() -> None:
    trainer = Trainer(cloud(80, 3), TrainingConfig(hidden_layers=(4,), validation_fraction=0.3))
    trainer.epoch()
    found = looked(trainer)
    training, validation = (found.report(part, 0.5).confusion for part in (Split.TRAINING, Split.VALIDATION))

    assert np.array_equal(training, trainer.report().confusion)
    assert np.array_equal(validation, trainer.report(validation=True).confusion)
    assert np.array_equal(found.report(Split.ALL, 0.5).confusion, training + validation)


def test_the_threshold_decides_where_there_is_one_sigmoid_and_nowhere_else() -> None:
    for output, is_moved in ((Output.SIGMOID, True), (Output.SOFTMAX, False)):
        trainer = Trainer(cloud(80, 2), TrainingConfig(hidden_layers=(4,), output=output, threshold=0.8))
        found = looked(trainer)
        assert found.has_threshold is is_moved
        assert np.array_equal(found.report(Split.TRAINING, 0.8).confusion, trainer.report().confusion)
        assert bool(found.decisions(0.8).sum() < found.decisions(0.5).sum()) is is_moved


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_look_is_of_the_network_as_it_was_when_it_began(batch_norm: bool) -> None:
    dataset = cloud(2500, 2)
    trainer = Trainer(dataset, TrainingConfig(hidden_layers=(6,), batch_norm=batch_norm, learning_rate=0.1))
    trainer.epoch()
    before = trainer.probabilities(dataset.points)
    look = Measurement(trainer.outcomes.look())
    n_pieces = 1
    while not look.go_on(lambda: True):
        n_pieces += 1
        trainer.step()

    assert n_pieces > 2
    np.testing.assert_allclose(look.finished().probabilities.T, before, atol=1e-5)
    assert np.abs(trainer.probabilities(dataset.points) - before).max() > 1e-3


def test_a_wide_network_is_looked_at_in_smaller_pieces() -> None:
    trainer = Trainer(cloud(300, 2), TrainingConfig(hidden_layers=(512, 512)))
    look, n_pieces = Measurement(trainer.outcomes.look()), 1
    while not look.go_on(lambda: True):
        n_pieces += 1

    assert n_pieces >= 4


def test_the_largest_signal_of_the_squared_error_is_at_one_third() -> None:
    p = np.linspace(0, 1, 30001)
    trainer = Trainer(cloud(20, 2), TrainingConfig(output=Output.SIGMOID, loss=Loss.MSE))

    assert looked(trainer).largest_signal == pytest.approx(float((2 * (1 - p) * p * (1 - p)).max()))
    assert p[(2 * (1 - p) * p * (1 - p)).argmax()] == pytest.approx(1 / 3, abs=1e-4)
    softmax = Trainer(cloud(20, 2), TrainingConfig(output=Output.SOFTMAX, loss=Loss.MSE))
    assert looked(softmax).largest_signal == pytest.approx(math.sqrt(2) * float((4 * p * (1 - p) ** 2).max()))
