"""One lane of a run: a trainer with its history, and what is shown of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.config import Loss, Output, TrainingConfig, ValueLoss
from engine.dataset import Dataset
from engine.learning.metrics import Metrics
from engine.mlp.pieces import Bell, Heed, nobody
from engine.run.attention import Attention
from engine.run.history import History, Measured, is_always_wanted
from engine.run.kept import AllKept, Look, Moment
from engine.run.lane_state import Best, LaneState
from engine.run.measurements import Scene, rows_for
from engine.run.pace import ALONE, Rhythm
from engine.run.snapshot import LaneSnapshot, LossKind
from engine.training import Trainer


class Lane:
    """A trainer, the history of its metrics, and the newest reading of all that is measured of it.

    Args:
        heed: called between the pieces of what is measured; where it raises, nothing has changed.
        number: among the lanes, 0 for the first.
        bell: rings when training is to be left, see `engine.training.Trainer.steps`.
        state: of a lane that was left, and goes on here, perhaps with other data or settings that keep the weights.

    Attributes:
        trainer: the network in training.
        step_seconds: what a step takes, as far as it is known.
        is_timed: whether that was measured on these data.
        best: the network at the epoch after which its validation loss was least, or None as long as there is none; it
            is looked at only where a history of any capacity has a row, so that it does not depend on who looks.
        is_resting: whether it is not to be trained: it has stopped early, or has gone back to the best.
    """

    def __init__(
        self,
        dataset: Dataset,
        config: TrainingConfig,
        rhythm: Rhythm = ALONE,
        heed: Heed = nobody,
        number: int = 0,
        bell: Bell | None = None,
        state: LaneState | None = None,
    ) -> None:
        self._dataset, self._heed = dataset if state is None else state.dataset, heed
        first = config if state is None else state.config
        network = None if state is None else state.network
        self.trainer = Trainer(self._dataset, first, heed=heed, bell=bell, state=network)
        self._scene = Scene(self.trainer, self._dataset, heed)
        self.step_seconds = 1e-4
        self.is_timed = False
        self._history = History(rhythm.history_rows, None if state is None else state.past)
        self._n_offered = 0  # epochs whose metrics the history had or did not want
        self._kept = AllKept(rows_for(self._dataset), self._scene, number, rhythm.n_lanes, heed)
        # the steps and the epochs after which they were measured, and the metrics
        self._metrics: tuple[int, float, Metrics] | None = None
        self.best: Best | None = None
        self.is_resting, self._waits_from = False, 0  # the epoch from which on patience counts
        if state is not None:
            self._n_offered, self._metrics = state.n_offered, state.metrics
            self.best, self.is_resting, self._waits_from = state.best, state.is_resting, state.waits_from
            self._kept.go_on_from(state.timelines)
            self.use(dataset, config)

    def state(self, seconds: float = 0.0) -> LaneState:
        """The state, with which another lane goes on as this one would, after so many seconds of training."""
        return LaneState(
            self._dataset,
            self.trainer.config,
            self.trainer.state(),
            self._history.recorded(),
            self._kept.timelines(),
            self._n_offered,
            self._metrics,
            seconds,
            self.best,
            self.is_resting,
            self._waits_from,
        )

    def use(self, dataset: Dataset, config: TrainingConfig) -> None:
        """Go on with other data or settings that keep the weights."""
        before = self.trainer.config
        what = measures_apart((self._dataset, before), (dataset, config))
        is_threshold = dataset is self._dataset and replace(config, threshold=before.threshold) == before
        self.trainer.use(dataset, config)
        self._dataset = dataset
        self._scene.use(dataset)
        if what and self._metrics is not None:
            _, epochs, metrics = self._metrics
            self._history.change(self._epochs(), what, (epochs, *metrics.curve))
        if set(what) - {Measured.THRESHOLD}:  # losses of before and after do not compare
            self.best, self.is_resting = None, False
        elif config.patience != before.patience and self.has_stopped_early:
            self.is_resting = False
        self._metrics = None
        self._kept.forget(by_threshold=is_threshold)
        self.is_timed = False

    def record(self) -> None:
        """Note the metrics of the epoch that ended, or of the beginning, once, if the history wants them.

        To be called before the step that follows.
        """
        epochs = self.trainer.epochs_done
        if self._n_offered <= epochs:
            if epochs == self.trainer.steps_done == 0:
                self._kept.begin()  # what it was at the start is told all the while
            if self._history.wants(epochs):
                metrics = self._evaluate()
                if is_always_wanted(epochs) and not math.isfinite(metrics.train_loss):
                    self.trainer.evaluate(ends_run=True)
                self._history.record(epochs, metrics)  # nothing calls away from here on
                if is_always_wanted(epochs) and self.trainer.divergence is None:
                    self._judge(epochs, metrics)
            self._n_offered = epochs + 1

    def _judge(self, epochs: int, metrics: Metrics) -> None:
        """Keep the network if it is the best so far; stop early if there has been none for too long."""
        patience, best = self.trainer.config.patience, self.best
        if metrics.validation_loss < (math.inf if best is None else best.loss):
            self.best = Best(self.trainer.config, self.trainer.state(), metrics)
        elif best is not None and patience is not None and epochs - max(best.epoch, self._waits_from) >= patience:
            self.is_resting = True

    @property
    def has_stopped_early(self) -> bool:
        """True if it rests since there was no better network for so long."""
        return self.is_resting and self.best is not None and self.trainer.epochs_done > self.best.epoch

    def wake(self) -> None:
        """Have it trained again; patience counts from here."""
        self.is_resting, self._waits_from = False, self.trainer.epochs_done

    def train(self, most: int, target: float, is_called_away: Callable[[], bool]) -> int:
        """At most so many steps, to an epoch that is to be recorded or a target; returns how many were made."""
        epochs = self.trainer.epochs_done
        made = self.trainer.steps(most, is_called_away, until=int(min(target, self._history.next_wanted(epochs))))
        # none of the epochs in between is wanted
        self._n_offered = max(self._n_offered, self.trainer.epochs_done)
        return made

    def history_table(self) -> NDArray[np.float64]:
        """See `engine.run.history.History.table`."""
        return self._history.table()

    def snapshot(self, attention: Attention, look: Look) -> LaneSnapshot:
        """A snapshot of this lane now, for this attention and this way of looking."""
        self.record()
        metrics = self._evaluate()
        self._scene.resolution = look.resolution
        self._kept.look(attention, Moment(self.trainer.steps_done, self.trainer.epochs_done), look)
        return LaneSnapshot(
            epochs=self.trainer.epochs_done,
            steps=self.trainer.steps_done,
            metrics=metrics,
            epoch_share=self._epochs() - self.trainer.epochs_done,
            history=self.history_table(),
            changes=self._history.changes,
            activations=self.trainer.config.activations,
            is_distribution=self.trainer.is_distribution,
            has_values=self._dataset.has_values,
            n_training=self.trainer.n_training,
            n_validation=self.trainer.n_validation,
            divergence=self.trainer.divergence,
            machine=self.trainer.machine,
            loss_kind=loss_kind(self.trainer.config, self._dataset),
            readings=self._kept.readings,
            best=None if self.best is None else (self.best.epoch, *self.best.metrics.curve),
            has_stopped_early=self.has_stopped_early,
        )

    @property
    def is_unfinished(self) -> bool:
        """True if the last snapshot lacks what is being measured still."""
        return self._kept.is_unfinished

    def turn_due(self, attention: Attention) -> float:
        """The time at which this lane is to have its turn at what takes long."""
        return self._kept.turn_due(attention)

    def _epochs(self) -> float:
        """The number of epochs done, the share of that under way included."""
        return self.trainer.epochs_done + self.trainer.steps_of_epoch / self.trainer.steps_per_epoch

    def took(self, seconds: float) -> None:
        """Note what a step took."""
        self.step_seconds += (0.2 if self.is_timed else 1.0) * (seconds - self.step_seconds)
        self.is_timed = True

    def _evaluate(self) -> Metrics:
        steps = self.trainer.steps_done
        if self._metrics is None or self._metrics[0] != steps:
            self._heed()
            self._metrics = steps, self._epochs(), self.trainer.evaluate()
            self._history.measured(*self._metrics[1:])
        return self._metrics[2]


def in_training(lanes: Sequence[Lane]) -> list[Lane]:
    """The lanes that do not rest."""
    return [lane for lane in lanes if not lane.is_resting]


Task = tuple[Dataset, TrainingConfig]


def measures_apart(before: Task, after: Task) -> list[Measured]:
    """By what the loss and the accuracy of one network differ in two tasks that it can go on from one to the other."""
    (data, config), (other_data, other_config) = before, after
    is_apart = {
        Measured.DATA: not data.has_same_points(other_data),
        Measured.SPLIT: config.validation_fraction != other_config.validation_fraction,
        Measured.LOSS: loss_kind(config, data) != loss_kind(other_config, data),
        Measured.THRESHOLD: config.threshold != other_config.threshold
        and not data.has_values
        and config.resolved_output(data.n_classes) is Output.SIGMOID,
    }
    return [kind for kind, differs in is_apart.items() if differs]


def loss_kind(config: TrainingConfig, dataset: Dataset) -> LossKind:
    """The kind of the loss: what it is, and of which outputs, as far as they make it another one; Huber's has a delta.

    The cross-entropy of one sigmoid and of softmax is the same, -log P of the class of the point. That of independent
    sigmoids, and each squared error, is a sum over other units.
    """
    if dataset.has_values:
        return config.value_loss, config.huber_delta if config.value_loss is ValueLoss.HUBER else None
    output = config.resolved_output(dataset.n_classes)
    if config.loss is Loss.MSE:
        return Loss.MSE, output
    return Loss.CROSS_ENTROPY, output if output is Output.INDEPENDENT_SIGMOIDS else Output.SOFTMAX
