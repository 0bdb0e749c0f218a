"""Snapshots for views to show, with everything that a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.config import Activation
from engine.experiment import Obstacle
from engine.insight.diagnosis import Diagnosis
from engine.insight.field import Field
from engine.insight.verdict import Divergence, GradientMeasure
from engine.learning.metrics import Metrics
from engine.run.history import Change
from engine.run.snapshot import Failure, LaneSnapshot, RunState, Snapshot


def make_lane(
    *,
    epochs: int = 0,
    steps: int = 0,
    metrics: Metrics | None = None,
    history: ArrayLike = (),
    norms: ArrayLike = (),
    field: Field | None = None,
    pointer: Sequence[float] | None = None,
    pointer_place: tuple[float, float] | None = None,
    activations: Sequence[Activation] = (),
    is_distribution: bool = True,
    divergence: Divergence | None = None,
    gradient: GradientMeasure | None = None,
    diagnosis: Diagnosis | None = None,
    epoch_share: float = 0.0,
    changes: Sequence[Change] = (),
    gradient_epoch: int | None = None,
    diagnosis_epoch: int | None = None,
) -> LaneSnapshot:
    """A lane; its history has five columns: epoch, two losses, two accuracies."""
    return LaneSnapshot(
        epochs=epochs,
        steps=steps,
        metrics=metrics or Metrics(),
        history=np.asarray(history, dtype=np.float64).reshape(-1, 5),
        gradient_norms=np.asarray(norms, dtype=np.float64),
        gradient_epoch=epochs if gradient_epoch is None else gradient_epoch,
        gradient_history=(np.array([epochs], dtype=np.float64), np.atleast_2d(np.asarray(norms, dtype=np.float64))),
        diagnosis=diagnosis,
        field=field,
        pointer=None if pointer is None else np.asarray(pointer, dtype=np.float32),
        activations=tuple(activations),
        is_distribution=is_distribution,
        divergence=divergence,
        gradient=gradient,
        epoch_share=epoch_share,
        changes=tuple(changes),
        diagnosis_epoch=epochs if diagnosis_epoch is None else diagnosis_epoch,
        pointer_place=pointer_place,
    )


def make_snapshot(
    state: RunState,
    lane: LaneSnapshot | None = None,
    *,
    obstacle: Obstacle | None = None,
    failure: Failure | None = None,
    speed: float = 0.0,
) -> Snapshot:
    """A snapshot of run 1 with one lane or none."""
    return Snapshot(1, state, () if lane is None else (lane,), obstacle, failure, speed)
