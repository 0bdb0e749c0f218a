"""What a network is worth on data."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Metrics:
    """Mean loss and accuracy; nan where there are no points.

    Attributes:
        train_loss, validation_loss: mean cross-entropy in nats, 0 or larger.
        train_accuracy, validation_accuracy: share of points whose most probable class is theirs, 0 to 1.
    """

    train_loss: float = math.nan
    validation_loss: float = math.nan
    train_accuracy: float = math.nan
    validation_accuracy: float = math.nan
