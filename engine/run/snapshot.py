"""What leaves the worker: complete, immutable, of one instant. No torch."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation
from engine.dataset import Dataset
from engine.experiment import Obstacle
from engine.insight.diagnosis import Diagnosis
from engine.insight.field import Field
from engine.insight.verdict import Divergence, GradientMeasure
from engine.learning.metrics import Metrics
from engine.mlp.activations import ActivationCost
from engine.run.history import Change


class RunState(StrEnum):
    """What the run is doing."""

    LOADING = "loading"  # the engine is not there yet
    BLOCKED = "blocked"  # the dataset cannot be trained on; see Snapshot.obstacle
    READY = "ready"  # initialized, no step made
    RUNNING = "running"
    PAUSED = "paused"
    DIVERGED = "diverged"  # a gradient or the loss was not finite
    FAILED = "failed"  # an error nobody foresaw; see Snapshot.failure
    UNAVAILABLE = "unavailable"  # the engine could not be loaded; see Snapshot.failure
    ENDED = "ended"  # the thread that trains is gone, and nobody asked it to go; see Snapshot.failure


@dataclass(frozen=True)
class Failure:
    """An unexpected error, told once."""

    summary: str
    details: str


@dataclass(frozen=True, eq=False)
class LaneSnapshot:
    """One lane at one instant.

    Attributes:
        epoch_share: of the next epoch, that is done already; 0 at the end of an epoch.
        history: float64 (n_rows, 5), see `engine.run.history.History.table`; its last row may be older than `metrics`.
        changes: where what `history` and `metrics` are of was changed.
        gradient_norms: float64 (n_layers,), first layer first, as measured at epoch `gradient_epoch`; empty
            before there are any.
        gradient_history: earlier norms: epochs, float64 (n_rows,), and norms, float64 (n_rows, n_layers).
        diagnosis: of each layer, as measured at epoch `diagnosis_epoch`, or None while the laboratory is closed.
        field: the decision field over the current view, or None if there is no view.
        pointer: class probabilities where the pointer was, at `pointer_place`, float32 (n_classes,), or None.
        activations: of each hidden layer.
        is_distribution: whether class probabilities sum to 1.
        divergence: where the run diverged, or None if it did not.
        gradient: all that was measured with `gradient_norms`; None before that.
    """

    epochs: int
    steps: int
    metrics: Metrics
    history: NDArray[np.float64]
    gradient_norms: NDArray[np.float64]
    gradient_epoch: int
    gradient_history: tuple[NDArray[np.float64], NDArray[np.float64]]
    diagnosis: Diagnosis | None
    field: Field | None
    pointer: NDArray[np.float32] | None
    activations: tuple[Activation, ...]
    is_distribution: bool
    divergence: Divergence | None
    gradient: GradientMeasure | None = None
    epoch_share: float = 0.0
    changes: tuple[Change, ...] = ()
    diagnosis_epoch: int = 0
    pointer_place: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Misclassified:
    """The points that a network takes for another class.

    Attributes:
        request: the number of the command that asked.
        dataset: whose points were looked at.
        mask: bool ndarray of shape (n_samples,).
    """

    request: int
    dataset: Dataset
    mask: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The run at one instant; any number of snapshots may be dropped without losing anything."""

    run_id: int
    state: RunState
    lanes: tuple[LaneSnapshot, ...] = ()
    obstacle: Obstacle | None = None
    failure: Failure | None = None
    epochs_per_second: float = 0.0
    activation_costs: Mapping[Activation, ActivationCost] | None = None  # once they were asked for
    misclassified: Misclassified | None = None  # the newest answer
