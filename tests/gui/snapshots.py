"""Snapshots for views to show, with everything that a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.config import Activation, TrainingConfig
from engine.experiment import Obstacle
from engine.insight.diagnosis import DIAGNOSIS, Diagnosis
from engine.insight.field import FIELD, Field
from engine.insight.quantity import Quantity, Reading, Readings, Timeline
from engine.insight.verdict import GRADIENT, Divergence, Fit, GradientMeasure
from engine.learning.metrics import Metrics
from engine.mlp.activations import ActivationCost
from engine.run.history import Change
from engine.run.snapshot import AT_POINTER, COSTS, Failure, LaneSnapshot, RunState, Snapshot
from gui.paint.lane_view import LaneView


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
    timeline: Timeline | None = None,
    diagnosis: Diagnosis | None = None,
    epoch_share: float = 0.0,
    changes: Sequence[Change] = (),
    gradient_epoch: int | None = None,
    diagnosis_epoch: int | None = None,
) -> LaneSnapshot:
    """A lane; its history has five columns: epoch, two losses, two accuracies."""
    readings: dict[Quantity[Any], Reading[Any]] = {}
    if field is not None:
        readings[FIELD] = Reading(field)
    if pointer is not None:
        readings[AT_POINTER] = Reading(np.asarray(pointer, dtype=np.float32), of=pointer_place)
    if diagnosis is not None:
        readings[DIAGNOSIS] = Reading(diagnosis, epochs if diagnosis_epoch is None else diagnosis_epoch)
    sizes = np.asarray(norms, dtype=np.float64)
    if gradient is None and (len(sizes) or timeline is not None):
        gradient = GradientMeasure(sizes, np.empty(0), 0.0, Fit(), 1, 1)
    if gradient is not None:
        rows = (np.array([epochs], dtype=np.float64), np.atleast_2d(sizes)) if timeline is None else timeline
        at = epochs if gradient_epoch is None else gradient_epoch
        readings[GRADIENT] = Reading(replace(gradient, norms=sizes), at, timeline=rows)
    return LaneSnapshot(
        epochs=epochs,
        steps=steps,
        metrics=metrics or Metrics(),
        history=np.asarray(history, dtype=np.float64).reshape(-1, 5),
        activations=tuple(activations),
        is_distribution=is_distribution,
        divergence=divergence,
        readings=Readings(readings),
        epoch_share=epoch_share,
        changes=tuple(changes),
    )


def lane_views_of(
    lanes: Sequence[LaneSnapshot],
    titles: Sequence[str] = (),
    costs: Mapping[Activation, ActivationCost] | None = None,
    configs: Sequence[TrainingConfig] = (),
) -> list[LaneView]:
    """Lanes as the window shows them; a single one has no title."""
    names = titles if len(lanes) > 1 else ("",)
    machine = Readings() if costs is None else Readings({COSTS: Reading(costs)})
    return [
        LaneView(lane, configs[number] if configs else TrainingConfig(), names[number], number, machine)
        for number, lane in enumerate(lanes)
    ]


def diagnosed(
    diagnoses: Sequence[Diagnosis | None],
    titles: Sequence[str] = (),
    costs: Mapping[Activation, ActivationCost] | None = None,
    configs: Sequence[TrainingConfig] = (),
) -> list[LaneView]:
    """Lanes of which nothing but a diagnosis is known, if that."""
    return lane_views_of([make_lane(diagnosis=diagnosis) for diagnosis in diagnoses], titles, costs, configs)


def over_time(timelines: Sequence[Timeline], titles: Sequence[str] = ()) -> list[LaneView]:
    """Lanes of which the gradients of some epochs are known."""
    return lane_views_of([make_lane(timeline=timeline) for timeline in timelines], titles)


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
