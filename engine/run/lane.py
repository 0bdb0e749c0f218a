"""One lane of a run: a trainer with its history, and what is shown of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine.config import Loss, Output, TrainingConfig
from engine.dataset import Dataset
from engine.insight.diagnosis import Diagnosis
from engine.insight.field import Field, View, centred, make_field
from engine.insight.verdict import GradientMeasure
from engine.learning.metrics import Metrics
from engine.mlp.pieces import Heed, nobody
from engine.run.history import GradientHistory, History, Measured, is_always_wanted
from engine.run.pace import ALONE, Pace, Resolution, Rhythm
from engine.run.paced import Paced
from engine.run.snapshot import LaneSnapshot
from engine.training import Trainer

DIAGNOSIS_INTERVAL = 0.2  # seconds


class Lane:
    """A trainer and the history of its metrics.

    Args:
        heed: called between the pieces of what is measured; where it raises, nothing has changed.

    Attributes:
        trainer: the network in training.
        step_seconds: what a step takes, as far as it is known.
        is_timed: whether that was measured on these data.
        is_unfinished: whether the last snapshot lacks what is being measured still.
    """

    def __init__(self, dataset: Dataset, config: TrainingConfig, rhythm: Rhythm = ALONE, heed: Heed = nobody) -> None:
        self.trainer, self._dataset, self._heed = Trainer(dataset, config, heed=heed), dataset, heed
        self.step_seconds = 1e-4
        self.is_timed = False
        self._history = History(rhythm.history_rows)
        self._n_offered = 0  # epochs whose metrics the history had or did not want
        self._gradients = GradientHistory()
        self._gradient = Paced(self.trainer.measure_gradient, Pace(rhythm.probe_interval, rhythm.probe_share))
        self._diagnosis = Paced(self.trainer.measure_diagnosis, Pace(DIAGNOSIS_INTERVAL, rhythm.diagnosis_share))
        self.is_unfinished = False
        # the newest of each, and the steps it was measured after: what stands still is not measured again
        self._metrics: tuple[int, float, Metrics] | None = None  # with the epochs, too
        self._field: tuple[int, Field] | None = None
        self._grid: tuple[View, int, torch.Tensor] | None = None  # the middles of the cells of a view, and their number

    def use(self, dataset: Dataset, config: TrainingConfig) -> None:
        """Go on with other data or settings that keep the weights."""
        what = measures_apart((self._dataset, self.trainer.config), (dataset, config))
        self.trainer.use(dataset, config)
        self._dataset = dataset
        if what and self._metrics is not None:
            _, epochs, metrics = self._metrics
            self._history.change(self._epochs(), what, (epochs, *astuple(metrics)))
        self._metrics = self._field = self._grid = None
        self._gradient.forget()
        self._diagnosis.forget()
        self.is_timed = False

    def record(self) -> None:
        """Note the metrics of the epoch that ended, or of the beginning, once, if the history wants them.

        To be called before the step that follows.
        """
        epochs = self.trainer.epochs_done
        if self._n_offered <= epochs:
            if epochs == self.trainer.steps_done == 0:
                self._gradient.begin(0, 0)  # what it was at the start is told all the while
            if self._history.wants(epochs):
                metrics = self._evaluate()
                if is_always_wanted(epochs) and not math.isfinite(metrics.train_loss):
                    self.trainer.evaluate(ends_run=True)
                self._history.record(epochs, metrics)  # nothing calls away from here on
            self._n_offered = epochs + 1

    def history_table(self) -> NDArray[np.float64]:
        """See `engine.run.history.History.table`."""
        return self._history.table()

    def snapshot(
        self,
        view: View | None,
        pointer: tuple[float, float] | None,
        resolution: Resolution,
        clock: Callable[[], float],
        still: bool,
        diagnoses: bool = False,
        has_turn: bool = True,
    ) -> LaneSnapshot:
        """What is shown of this lane now.

        Args:
            view: whose field is wanted, or None.
            pointer: the place whose class probabilities are wanted, or None.
            resolution: of the field.
            clock: seconds that only grow.
            still: whether nothing moves, so everything is measured.
            diagnoses: whether the diagnosis of each layer is wanted.
            has_turn: whether there is time to make a new one.
        """
        self.record()
        metrics, gradient = self._evaluate(), self._measured_gradient(clock, still)
        diagnosis = self._diagnosed(clock, still, has_turn) if diagnoses else None
        self.is_unfinished = self._gradient.is_unfinished or (diagnoses and self._diagnosis.is_unfinished)
        return LaneSnapshot(
            epochs=self.trainer.epochs_done,
            steps=self.trainer.steps_done,
            metrics=metrics,
            epoch_share=self._epochs() - self.trainer.epochs_done,
            history=self.history_table(),
            changes=self._history.changes,
            gradient_norms=np.empty(0) if gradient is None else gradient.norms,
            gradient_epoch=self._gradient.epoch,
            gradient_history=self._gradients.table(),
            diagnosis=diagnosis,
            diagnosis_epoch=self._diagnosis.epoch,
            field=None if view is None else self._field_over(view, resolution),
            pointer=None if pointer is None else self.trainer.probabilities(self._dataset.features_at([pointer]))[0],
            pointer_place=pointer,
            activations=self.trainer.config.activations,
            is_distribution=self.trainer.is_distribution,
            divergence=self.trainer.divergence,
            gradient=gradient,
        )

    def _epochs(self) -> float:
        """How many are done, the share of that under way included."""
        return self.trainer.epochs_done + self.trainer.steps_of_epoch / self.trainer.steps_per_epoch

    def took(self, seconds: float) -> None:
        """Note what a step took."""
        self.step_seconds += (0.2 if self.is_timed else 1.0) * (seconds - self.step_seconds)
        self.is_timed = True

    def misclassified(self) -> NDArray[np.bool_]:
        """Which points the network takes for another class, bool ndarray of shape (n_samples,)."""
        decided = self._decided(self.trainer.standardized(self._dataset.points)).argmax(axis=1)
        wrong: NDArray[np.bool_] = decided != self._dataset.labels
        return wrong

    def _decided(self, inputs: torch.Tensor) -> NDArray[np.float32]:
        """Class probabilities, stretched so that the class that is decided for has the largest."""
        probabilities = self.trainer.probabilities_at(inputs)
        return probabilities if self.trainer.threshold == 0.5 else centred(probabilities, self.trainer.threshold)

    def _evaluate(self) -> Metrics:
        steps = self.trainer.steps_done
        if self._metrics is None or self._metrics[0] != steps:
            self._heed()
            self._metrics = steps, self._epochs(), self.trainer.evaluate()
            self._history.measured(*self._metrics[1:])
        return self._metrics[2]

    def _measured_gradient(self, clock: Callable[[], float], still: bool) -> GradientMeasure | None:
        self._heed()
        while self._gradient.look(self.trainer.steps_done, self.trainer.epochs_done, clock, still=still):
            assert self._gradient.value is not None
            self._gradients.record(self._gradient.epoch, self._gradient.value.norms)
        return self._gradient.value

    @property
    def diagnosis_due(self) -> float:
        """When each layer is to be diagnosed again."""
        return self._diagnosis.due

    def _diagnosed(self, clock: Callable[[], float], still: bool, has_turn: bool) -> Diagnosis | None:
        self._heed()
        while has_turn and self._diagnosis.look(self.trainer.steps_done, self.trainer.epochs_done, clock, still=still):
            pass  # the first may be of an earlier step
        return self._diagnosis.value

    def _field_over(self, view: View, resolution: Resolution) -> Field:
        rows, columns = view.grid_shape(resolution.n_points)
        if self._field is not None:
            steps, field = self._field
            if steps == self.trainer.steps_done and field.view == view and field.pixels.size >= rows * columns:
                return field
        self._heed()
        started = resolution.clock()
        if self._grid is None or self._grid[:2] != (view, rows * columns):
            places = self._dataset.features_at(view.grid_points(rows, columns))
            self._grid = view, rows * columns, self.trainer.standardized(places)
        probabilities = self.trainer.probabilities_at(self._grid[2])
        field = make_field(view, probabilities, rows, columns, self.trainer.threshold)
        resolution.measured(rows * columns, resolution.clock() - started)
        self._field = self.trainer.steps_done, field
        return field


Task = tuple[Dataset, TrainingConfig]


def measures_apart(before: Task, after: Task) -> list[Measured]:
    """By what the loss and the accuracy of one network differ in two tasks that it can go on from one to the other."""
    (data, config), (other_data, other_config) = before, after
    is_apart = {
        Measured.DATA: not data.has_same_points(other_data),
        Measured.SPLIT: config.validation_fraction != other_config.validation_fraction,
        Measured.LOSS: (config.loss is Loss.MSE) is not (other_config.loss is Loss.MSE),
        Measured.THRESHOLD: config.threshold != other_config.threshold
        and config.resolved_output(data.n_classes) is Output.SIGMOID,
    }
    return [kind for kind, differs in is_apart.items() if differs]
