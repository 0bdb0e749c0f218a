"""The snapshots that leave the worker: complete, immutable, of one instant. No torch."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation, Loss, Output, ValueLoss
from engine.dataset import Dataset
from engine.experiment import Obstacle
from engine.insight.diagnosis import DIAGNOSIS, Diagnosis
from engine.insight.field import FIELD, Field
from engine.insight.quantity import NO_READINGS, Quantity, Readings
from engine.insight.verdict import GRADIENT, Divergence, GradientMeasure
from engine.learning.metrics import Metrics
from engine.machines.kind import MachineKind
from engine.mlp.activations import ActivationCost
from engine.run.history import Change, Row, with_row

AT_POINTER: Quantity[NDArray[np.float32]] = Quantity("at_pointer")
"""Class probabilities, float32 (n_classes,), of a place."""

COSTS: Quantity[Mapping[Activation, ActivationCost]] = Quantity("costs")
"""The costs of the activations on this machine."""


class RunState(StrEnum):
    """The state of a run."""

    LOADING = "loading"  # the engine is not there yet
    BLOCKED = "blocked"  # the dataset cannot be trained on; see Snapshot.obstacle
    READY = "ready"  # initialized, no step made
    RUNNING = "running"
    PAUSED = "paused"
    DIVERGED = "diverged"  # a gradient or the loss was not finite
    FAILED = "failed"  # an error nobody foresaw; see Snapshot.failure
    UNAVAILABLE = "unavailable"  # the engine could not be loaded; see Snapshot.failure
    ENDED = "ended"  # the thread that trains is gone, and nobody asked it to go; see Snapshot.failure


class Origin(StrEnum):
    """The place where the weights of a run came from when it was started last."""

    DRAWN = "drawn"  # a fresh initialization
    KEPT = "kept"  # they were trained before; the run goes on
    LOST = "lost"  # drawn, since those of before are not kept any more


@dataclass(frozen=True)
class Failure:
    """An unexpected error, told once."""

    summary: str
    details: str


@dataclass(frozen=True, eq=False)
class Misclassified:
    """The points that a network takes for another class.

    Attributes:
        dataset: whose points were looked at.
        mask: bool ndarray of shape (n_samples,).
    """

    dataset: Dataset
    mask: NDArray[np.bool_]


MISCLASSIFIED: Quantity[Misclassified] = Quantity("misclassified")


LossKind = tuple[Loss, Output] | tuple[ValueLoss, float | None]
"""See `engine.run.lane.loss_kind`."""


@dataclass(frozen=True, eq=False)
class LaneSnapshot:
    """One lane at one instant.

    Attributes:
        epoch_share: of the next epoch, that is done already; 0 at the end of an epoch.
        history: float64 (n_rows, 5), see `engine.run.history.History.table`; its last row may be older than `metrics`.
        changes: where what `history` and `metrics` are of was changed.
        activations: of each hidden layer.
        is_distribution: whether class probabilities sum to 1.
        has_values: whether values are learned, not classes.
        n_training, n_validation: points of either kind.
        divergence: where the run diverged, or None if it did not.
        machine: what makes its steps.
        loss_kind: only losses of one kind can be compared; see `engine.run.lane.loss_kind`.
        readings: what was measured for those who look, see `engine.run.measurements`.
        best: the row of the least validation loss so far, which `history` may lack; None without.
        has_stopped_early: whether it is trained no more, since there was no lower one for so long.
    """

    epochs: int
    steps: int
    metrics: Metrics
    history: NDArray[np.float64]
    activations: tuple[Activation, ...]
    is_distribution: bool
    divergence: Divergence | None
    machine: MachineKind = MachineKind.TORCH
    readings: Readings = NO_READINGS
    epoch_share: float = 0.0
    changes: tuple[Change, ...] = ()
    loss_kind: LossKind | None = None
    has_values: bool = False
    n_training: int = 0
    n_validation: int = 0
    best: Row | None = None
    has_stopped_early: bool = False

    @property
    def since_change(self) -> NDArray[np.float64]:
        """The rows of the history that can be compared with each other, and as the last one how the lane is now.

        Float64 (n_rows, 5): those since what is measured was changed last.
        """
        now = np.array([[self.epochs + self.epoch_share, *self.metrics.curve]])
        rows = self.history
        if self.changes:
            change = self.changes[-1]
            rows = rows[rows[:, 0] > change.epoch]
            if change.after is not None:
                rows = np.concatenate([[change.after], rows[rows[:, 0] > change.after[0]]])
        return np.concatenate([rows[rows[:, 0] < now[0, 0]], now])

    @property
    def with_best(self) -> NDArray[np.float64]:
        """The same rows, and among them the best, so that all who name the lowest validation loss name the same."""
        return with_row(self.since_change, self.best)

    @property
    def best_epoch(self) -> int | None:
        """The epoch after which the validation loss was least so far; None without."""
        return None if self.best is None else int(self.best[0])

    @property
    def best_loss(self) -> float | None:
        """That loss."""
        return None if self.best is None else self.best[2]

    @property
    def field(self) -> Field | None:
        """The decision field over the view, or None if there is no view."""
        return self.readings.value(FIELD)

    @property
    def pointer(self) -> NDArray[np.float32] | None:
        """Class probabilities where the pointer was, float32 (n_classes,), or the value that is learned; or None."""
        return self.readings.value(AT_POINTER)

    @property
    def gradient(self) -> GradientMeasure | None:
        """The gradient as it was measured last, or None before that."""
        return self.readings.value(GRADIENT)

    @property
    def gradient_norms(self) -> NDArray[np.float64]:
        """Float64 (n_layers,), first layer first; empty before there are any."""
        return np.empty(0) if self.gradient is None else self.gradient.norms

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The diagnosis of each layer, or None while no view needs it."""
        return self.readings.value(DIAGNOSIS)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The run at one instant; any number of snapshots may be dropped without losing anything."""

    run_id: int
    state: RunState
    lanes: tuple[LaneSnapshot, ...] = ()
    obstacle: Obstacle | None = None
    failure: Failure | None = None
    epochs_per_second: float = 0.0
    readings: Readings = NO_READINGS  # of the machine, see `engine.run.measurements`
    training_seconds: float = 0.0  # that the run has trained for
    origin: Origin = Origin.DRAWN
    left_runs: frozenset[int] = frozenset()  # whose networks are kept, see `engine.run.lane_state.LeftRuns`
