"""Learning-rate schedules: the factor on the learning rate in each epoch. Standard library only."""

from __future__ import annotations

import math

from engine.config import Schedule, TrainingConfig


def learning_rate(config: TrainingConfig, epoch: int) -> float:
    """The learning rate of an epoch, counted from 0.

    With T = `schedule_epochs` and f = `schedule_factor`, the chosen rate times
        constant: 1.
        step: f after every T epochs (``torch.optim.lr_scheduler.StepLR``).
        cosine: from 1 down to f in T epochs, along half a cosine, and f from then on (Loshchilov and Hutter 2017,
            "SGDR", equation 5, without restarts; ``CosineAnnealingLR``).
        warm_up: from f up to 1 in T epochs, along a line, and 1 from then on (Goyal et al. 2017, "Accurate, large
            minibatch SGD", section 2.2; ``LinearLR``).
    """
    length, factor = config.schedule_epochs, config.schedule_factor
    progress = min(epoch / length, 1.0)
    match config.schedule:
        case Schedule.CONSTANT:
            share = 1.0
        case Schedule.STEP:
            share = float(factor ** (epoch // length))
        case Schedule.COSINE:
            share = factor + (1 - factor) * (1 + math.cos(math.pi * progress)) / 2
        case Schedule.WARM_UP:
            share = factor + (1 - factor) * progress
    return config.learning_rate * share
