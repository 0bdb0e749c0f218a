"""Lanes with curves of a known course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.insight.neighbours import NEIGHBOURS
from engine.insight.quantity import Reading, Readings
from engine.learning.metrics import Metrics
from engine.run.snapshot import LaneSnapshot
from gui.paint.lane_view import LaneView
from tests.gui.snapshots import lane_views_of, make_lane


def lane_of(
    validation: Sequence[float],
    *,
    training: float = 0.1,
    scores: tuple[float, float] = (1.0, 0.9),
    neighbours: float | None = 0.95,
    n_validation: int = 30,
    has_values: bool = False,
) -> LaneSnapshot:
    """A lane whose validation loss goes in straight lines through these values, over 100 epochs."""
    epochs = np.arange(101.0)
    losses = np.interp(epochs, np.linspace(0, 100, len(validation)), validation)
    train = np.interp(epochs, [0, 100], [validation[0], training])
    start, (last_train, last_held) = 0.5, scores
    history = np.column_stack(
        [
            epochs,
            train,
            losses,
            np.interp(epochs, [0, 40, 100], [start, last_train, last_train]),
            np.interp(epochs, [0, 40, 100], [start, last_held, last_held]),
        ]
    )
    names = ("train_r2", "validation_r2") if has_values else ("train_accuracy", "validation_accuracy")
    metrics = Metrics(train_loss=training, validation_loss=validation[-1], **dict(zip(names, scores, strict=True)))
    lane = make_lane(epochs=100, steps=100, metrics=metrics, history=history)
    readings = Readings({} if neighbours is None else {NEIGHBOURS: Reading(neighbours)})
    return replace(
        lane,
        readings=readings,
        n_training=70,
        n_validation=n_validation,
        has_values=has_values,
        best=tuple(history[losses.argmin()].tolist()) if np.isfinite(losses).all() else None,
    )


OVER = lane_of([0.7, 0.3, 0.3, 0.45, 0.6])
UNDER = lane_of([0.7, 0.5, 0.5, 0.5], training=0.5, scores=(0.8, 0.8))
RIGHT = lane_of([0.7, 0.25, 0.25, 0.25], training=0.2, scores=(0.94, 0.93))


def views_of(*lanes: LaneSnapshot) -> list[LaneView]:
    """These lanes as views are shown them, several with titles."""
    return lane_views_of(lanes, [f"lane {number}" for number in range(1, len(lanes) + 1)])
