"""Learning-rate schedules against those of ``torch.optim.lr_scheduler``."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch.optim import lr_scheduler

from engine.config import Schedule, TrainingConfig
from engine.learning.schedules import learning_rate
from engine.training import Trainer
from tests.engine.reference import cloud

CONFIG = TrainingConfig(learning_rate=0.2, schedule_epochs=7, schedule_factor=0.3)


def of_torch(schedule: Schedule, optimizer: torch.optim.Optimizer) -> lr_scheduler.LRScheduler:
    match schedule:
        case Schedule.CONSTANT:
            return lr_scheduler.LambdaLR(optimizer, lambda _: 1.0)
        case Schedule.STEP:
            return lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.3)
        case Schedule.COSINE:
            return lr_scheduler.CosineAnnealingLR(optimizer, T_max=7, eta_min=0.2 * 0.3)
        case Schedule.WARM_UP:
            return lr_scheduler.LinearLR(optimizer, start_factor=0.3, total_iters=7)


@pytest.mark.parametrize("schedule", Schedule)
def test_schedules_agree_with_torch(schedule: Schedule) -> None:
    config = replace(CONFIG, schedule=schedule)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    theirs = of_torch(schedule, optimizer)
    for epoch in range(8 if schedule is Schedule.COSINE else 30):  # torch's cosine rises again, ours stays down
        assert learning_rate(config, epoch) == pytest.approx(theirs.get_last_lr()[0], rel=1e-9)
        optimizer.step()
        theirs.step()


def test_the_cosine_stays_where_it_has_come_down_to() -> None:
    config = replace(CONFIG, schedule=Schedule.COSINE)

    assert [learning_rate(config, epoch) for epoch in (7, 8, 1000)] == pytest.approx([0.06] * 3)


@pytest.mark.parametrize("schedule", Schedule)
def test_a_trainer_follows_the_schedule_of_its_epochs(schedule: Schedule) -> None:
    config = replace(CONFIG, schedule=schedule, optimizer="sgd", batch_size=None, hidden_layers=(2,))  # type: ignore[arg-type]
    trainer = Trainer(cloud(40, 2), config, torch.float64)
    for epoch in range(12):
        before = trainer.weights()[0][0]
        assert trainer.learning_rate == learning_rate(config, epoch)
        trainer.epoch()
        gradient = trainer._gradient.matrices[0][:, :-1].t().numpy()

        assert trainer.weights()[0][0] == pytest.approx(before - learning_rate(config, epoch) * gradient)


def test_a_schedule_can_be_chosen_during_a_run() -> None:
    trainer, dataset = Trainer(cloud(40, 2), CONFIG), cloud(40, 2)
    for _ in range(10):
        trainer.epoch()

    trainer.use(dataset, replace(CONFIG, schedule=Schedule.STEP))

    assert trainer.learning_rate == pytest.approx(0.2 * 0.3)
