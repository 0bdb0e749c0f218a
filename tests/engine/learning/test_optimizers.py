"""Every update rule against ``torch.optim``, step by step."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, TrainingConfig
from engine.learning import optimizers
from engine.learning.optimizers import RULES
from engine.training import Trainer
from tests.engine.reference import cloud, mean_loss, relative_error, sequential, standardised


def torch_optimizer(kind: Optimizer, parameters: list[torch.Tensor], rate: float) -> torch.optim.Optimizer:
    """What torch calls this update rule."""
    match kind:
        case Optimizer.ADAM:
            return torch.optim.Adam(parameters, lr=rate)
        case Optimizer.ADAMW:
            return torch.optim.AdamW(parameters, lr=rate)
        case Optimizer.RMSPROP:
            return torch.optim.RMSprop(parameters, lr=rate)
        case Optimizer.NESTEROV:
            return torch.optim.SGD(parameters, lr=rate, momentum=0.9, nesterov=True)
    return torch.optim.SGD(parameters, lr=rate, momentum=0.9 if kind is Optimizer.MOMENTUM else 0.0)


def test_every_optimizer_has_a_rule() -> None:
    assert set(RULES) == set(Optimizer)


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e3])
@pytest.mark.parametrize("kind", Optimizer)
def test_twenty_steps_on_given_gradients_agree_with_torch(
    kind: Optimizer, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimizers, "BLOCK", 7)
    generator = torch.Generator().manual_seed(1)
    start = torch.randn(50, dtype=torch.float64, generator=generator)
    ours, theirs = start.clone(), start.clone().requires_grad_()
    gradient = torch.zeros(50, dtype=torch.float64)
    rule, reference = RULES[kind](ours, gradient), torch_optimizer(kind, [theirs], 0.03)

    for _ in range(20):
        gradient.copy_(scale * torch.randn(50, dtype=torch.float64, generator=generator))
        rule.update(0.03)
        theirs.grad = gradient.clone()
        reference.step()

        torch.testing.assert_close(ours, theirs.detach(), rtol=1e-5, atol=0)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("kind", Optimizer)
def test_twenty_steps_of_training_agree_with_torch(kind: Optimizer) -> None:
    dataset = cloud(90, 3)
    config = TrainingConfig(
        hidden_layers=(6, 5), optimizer=kind, learning_rate=0.05, batch_size=None, validation_fraction=0.0
    )
    trainer = Trainer(dataset, config, torch.float64)
    net = sequential(trainer.weights(), Activation.TANH)
    reference = torch_optimizer(kind, list(net.parameters()), 0.05)
    points, labels = standardised(dataset.points, by=dataset.points), torch.from_numpy(dataset.labels.copy())

    for _ in range(20):
        trainer.step()
        reference.zero_grad()
        mean_loss(net(points), labels).backward()  # type: ignore[no-untyped-call]
        reference.step()

        linears = [module for module in net if isinstance(module, torch.nn.Linear)]
        for (weight, bias), linear in zip(trainer.weights(), linears, strict=True):
            assert relative_error(weight, linear.weight.detach().t().numpy()) < 1e-5
            assert relative_error(bias, linear.bias.detach().numpy()) < 1e-5


@pytest.mark.parametrize("kind", Optimizer)
def test_a_new_learning_rate_counts_from_the_next_step_and_keeps_the_state(kind: Optimizer) -> None:
    start = torch.ones(3, dtype=torch.float64)
    ours, theirs = start.clone(), start.clone().requires_grad_()
    gradient = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    rule, reference = RULES[kind](ours, gradient), torch_optimizer(kind, [theirs], 0.1)

    for rate in (0.1, 0.1, 0.001, 0.5):
        rule.update(rate)
        reference.param_groups[0]["lr"] = rate
        theirs.grad = gradient.clone()
        reference.step()

    np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), rtol=1e-9)
