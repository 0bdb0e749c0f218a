"""Training as plain calls: make a Trainer, call epoch() as often as you like, look at what it knows."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from engine.config import TrainingConfig
from engine.data.features import features_of
from engine.data.shares import shares_of
from engine.dataset import Dataset
from engine.errors import InputError, as_typed
from engine.insight.diagnosis import Diagnosis
from engine.insight.measurement import Measurement
from engine.insight.probing.diagnosis_probe import DiagnosisProbe, UpdateWatch
from engine.insight.probing.outcome_probe import OutcomeProbe
from engine.insight.probing.probes import GradientProbe, measure_statistics
from engine.insight.verdict import Cause, Divergence, GradientMeasure
from engine.learning.exact_pass import ExactPass
from engine.learning.judging import judged
from engine.learning.metrics import ClassReport, Metrics, class_report
from engine.learning.samples import (
    Standardization,
    check_fit,
    make_output_of,
    make_samples,
    training_points,
)
from engine.learning.schedules import learning_rate
from engine.learning.updates import Updater
from engine.machines.choice import library_for, make_evaluator, make_machine, make_surveyor
from engine.machines.compiled_machine import CompiledMachine
from engine.machines.kind import MachineKind
from engine.machines.machine import Assignment
from engine.machines.resumption import put_back, state_of
from engine.machines.state import NetworkState
from engine.machines.step_share import StepShare
from engine.mlp.activations import Floats
from engine.mlp.dropout import dropout_of
from engine.mlp.kernels import in_engine
from engine.mlp.losses import SigmoidOutput
from engine.mlp.network import Network, Parameters, architecture_of
from engine.mlp.pieces import Bell, Heed, nobody
from engine.settings import ConfigError

DROPOUT_SEED = 0x5DEECE66  # mixed with the seed, from which the weights are drawn


class Trainer:
    """One network, its optimizer and its random generators.

    Args:
        dataset: at least one point for training after the split.
        config: what to train and how.
        dtype: float32, or float64 for comparisons.
        heed: called between the pieces of what is measured; it may raise `CalledAway`.
        machine: what is to make the steps; None: what suits the network, see `engine.machines.choice`.
        bell: rings when somebody wants something else; see `steps`.
        state: of another trainer of such a network on such points, as which this one goes on.

    Attributes:
        epochs_done, steps_done: passes over the training points, updates of the parameters.
        steps_of_epoch: updates of the pass under way; 0 at the end of an epoch.
        features: what the network is given of a point.
        masks: gives those of dropout in the last step, see `engine.machines.machine.Masks`.
        n_training, n_validation: points that are trained on, and that are only looked at.
        losses, is_right: of each point at the last evaluation, those for training first; None before.
        exact: its network in double precision, for a few points.
        outcomes: looks at what the network says of each point.
        surveyor: surveys the plane with this network by compiled code; None without.
        divergence: the first step whose gradient or loss was not finite, and where that was; or None. A gradient whose
            squared norm overflows counts as not finite. From then on the parameters, still finite, change no more.

    Raises:
        InputError: no training points, or a config that does not fit the number of classes.
    """

    @in_engine
    def __init__(
        self,
        dataset: Dataset,
        config: TrainingConfig,
        dtype: torch.dtype = torch.float32,
        heed: Heed = nobody,
        *,
        machine: MachineKind | None = None,
        bell: Bell | None = None,
        state: NetworkState | None = None,
    ) -> None:
        self.config, self.dtype, self._heed, self._bell = config, dtype, heed, bell or Bell()
        self.epochs_done = self.steps_done = 0
        self.divergence: Divergence | None = None
        self.losses: Floats | None = None
        self.is_right: Floats | None = None
        self._output = make_output_of(dataset, config)
        training = training_points(dataset, config)
        config.check_batch(len(training))
        known = None if state is None else state.standardization
        self.features = features_of(config, dataset.n_inputs)
        self._standardization = Standardization(training, dtype, known, self.features)
        n_units = self._output.n_units(dataset.n_classes)
        self._network = Network(architecture_of(config, self.features.n_features, n_units), dtype)
        n_batch = min(config.batch_size or len(training), len(training))
        self._library = library_for(self._network, n_batch, machine or (None if state is None else state.machine))
        self._evaluator = make_evaluator(self._network, self._library, heed)
        self.exact = ExactPass(self._network, self._standardization, has_values=dataset.has_values)
        self.surveyor = make_surveyor(self._network, self._output, self._library, self.features, heed)
        self._network.initialize(config, torch.Generator().manual_seed(config.seed))
        self._gradient = Parameters(self._network.architecture, dtype)
        self._updater = Updater(self._network, self._gradient, config)
        self._watch = UpdateWatch(self._network)
        self._dropout_generator = torch.Generator().manual_seed(config.seed ^ DROPOUT_SEED)
        self._use_data(dataset)
        if state is not None:
            self.epochs_done, self.steps_done, self.steps_of_epoch = state.epochs, state.steps, state.steps_of_epoch
            self.divergence = state.divergence
            put_back(state, self._network, self._updater, self._machine, self._dropout_generator)
        elif self._network.norm is not None:
            measure_statistics(self._network.norm, self._probe, heed)

    @in_engine
    def state(self) -> NetworkState:
        """The state of training, with which another trainer goes on as this one would."""
        kind = MachineKind.TORCH if self._library is None else MachineKind.COMPILED
        done = self.epochs_done, self.steps_done, self.steps_of_epoch
        state = state_of(self._network, self._updater, self._machine, self._dropout_generator, kind, done)
        return replace(state, standardization=self._standardization.values.copy(), divergence=self.divergence)

    def _use_data(self, dataset: Dataset) -> None:
        """Take the data; what was left of the current epoch starts anew."""
        self._dataset, config, self.losses = dataset, self.config, None
        self._samples = make_samples(dataset, self._standardization, self._output, self.dtype, shares_of(config))
        self.n_training = self._samples.n_training
        self.n_validation = self._samples.labels.shape[0] - self.n_training
        inputs, targets = self._samples.training()
        # made anew, so that the buffers for batch sizes of earlier datasets go
        dropout = dropout_of(config, self._dropout_generator)
        task = Assignment(
            self._network,
            self._output,
            self._gradient,
            self._updater,
            self._watch,
            inputs,
            targets,
            config.batch_size,
            config.seed,
            dropout,
            self._bell,
        )
        self._machine, self.steps_of_epoch = make_machine(task, self._library), 0
        self.masks = self._machine.masks
        self._probe = GradientProbe(self._network, self._output, inputs, targets)
        self.outcomes = OutcomeProbe(self._network, self._output, self._standardization.inputs, dataset, config)
        self._diagnosis_probe: DiagnosisProbe | None = None
        self._step_share: StepShare | None = None

    @in_engine
    def use(self, dataset: Dataset, config: TrainingConfig) -> None:
        """Go on with other points of the same classes and other settings; weights and standardisation stay.

        The optimizer's state stays too, unless it is another optimizer.

        Raises:
            InputError: other classes or features, settings that need a new run, or no training points; nothing has
                changed then.
        """
        check_fit(dataset, self._dataset)
        if not config.keeps_weights_of(self.config):
            raise ConfigError("These settings change the network itself; they need a new run.")
        config.check_batch(len(training_points(dataset, config)))
        before, self.config, self.is_right = self.config, config, None
        if dataset is not self._dataset or any(getattr(before, name) != getattr(config, name) for name in REBUILDING):
            self._output = make_output_of(dataset, config)
            self._use_data(dataset)
        self._updater.use(config)
        self._step_share = None

    @property
    def machine(self) -> MachineKind:
        """The kind of machine that makes the steps."""
        return MachineKind.COMPILED if isinstance(self._machine, CompiledMachine) else MachineKind.TORCH

    @property
    def steps_per_epoch(self) -> int:
        """Updates in a pass over the training points."""
        return self._machine.per_epoch

    def step(self) -> None:
        """One update of the parameters, from the next batch; nothing once the run has diverged."""
        self.steps(1)

    def epoch(self) -> None:
        """Steps to the end of the current epoch."""
        self.steps(sys.maxsize)

    @in_engine
    def steps(self, most: int, is_called_away: Callable[[], bool] | None = None, *, until: int | None = None) -> int:
        """At most so many steps, none beyond the end of the current epoch; returns how many were made.

        With `until` they end when so many epochs are done. `is_called_away` is asked between the pieces of a large
        batch; if it says so, the step is left where it is and the next call goes on with it. Compiled code leaves the
        work as soon as the bell rings, too.
        """
        machine, made, last = self._machine, 0, self.epochs_done + 1 if until is None else until
        while made < most and self.epochs_done < last and self.divergence is None:
            new = machine.steps(self.epochs_done, self.steps_of_epoch, most - made, is_called_away, last)
            made += new
            self.steps_done += new
            epochs, self.steps_of_epoch = divmod(self.steps_of_epoch + new - machine.has_diverged, machine.per_epoch)
            self.epochs_done += epochs
            if machine.has_diverged:
                self._watch.forget()
                self.divergence = divergence_at(
                    self.steps_done, self._updater.rate, machine.first_not_finite(), self._gradient
                )
            if self.steps_of_epoch or not new:
                break  # called away, or all are made
        return made

    @in_engine
    def evaluate(self, *, ends_run: bool = False) -> Metrics:
        """Loss and accuracy over all training and all validation points.

        With `ends_run` a loss that is not finite marks the run as diverged: for epochs that do not depend
        on who looks, or with batch normalisation so would the step of the divergence.
        """
        metrics, self.losses, self.is_right = judged(
            self._samples, self._evaluator, self._output, self.config, self._standardization
        )
        if ends_run and not math.isfinite(metrics.train_loss) and self.divergence is None:
            layer = self._evaluator.first_not_finite(self._samples.inputs[:, : self._samples.n_training])
            layer = len(self.config.hidden_layers) if layer is None else layer  # at least the logits led to it
            self.divergence = divergence_at(self.steps_done, self._updater.rate, layer, self._gradient)
        return metrics

    @in_engine
    def evaluate_on(self, dataset: Dataset) -> tuple[float, float]:
        """Mean loss, and accuracy or R², over all points of another such dataset: a test set."""
        loss, _, score, _ = metrics_on(self, dataset).curve
        return loss, score

    @in_engine
    def report(self, *, validation: bool = False) -> ClassReport:
        """Confusion matrix, precision, recall and F1 over all training or all validation points."""
        samples = self._samples
        members = slice(samples.n_training, None) if validation else slice(samples.n_training)
        decisions = self._output.decisions(self._evaluator.logits(samples.inputs[:, members]), self.config.threshold)
        return class_report(samples.labels[members].numpy(), decisions.to(torch.int64).numpy(), self._dataset.n_classes)

    @property
    def threshold(self) -> float:
        """The probability of class 1 above which it is decided for; 0.5 unless there is one sigmoid unit."""
        return self.config.threshold if isinstance(self._output, SigmoidOutput) else 0.5

    @property
    def is_distribution(self) -> bool:
        """True if the probabilities of the classes sum to 1; those of independent sigmoids need not."""
        return self._output.is_distribution

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, by the schedule."""
        return learning_rate(self.config, self.epochs_done)

    @in_engine
    def predictions(self, inputs: ArrayLike) -> NDArray[np.float32]:
        """The values learned, float32 ndarray of shape (n_points,), of (n_points, n_inputs) features of points."""
        return self._standardization.predicted(self._evaluator.logits(self.standardized(inputs)))

    @in_engine
    def probabilities(self, points: ArrayLike) -> NDArray[np.float32]:
        """Class probabilities, float32 ndarray of shape (n_points, n_classes), of (n_points, n_features) points.

        Rows sum to 1, except those of independent sigmoids; see `is_distribution`.
        """
        return self.probabilities_at(self.standardized(points))

    @in_engine
    def standardized(self, points: ArrayLike) -> torch.Tensor:
        """The inputs of the network for (n_points, n_features) points, for `probabilities_at`; they stay the same."""
        return self._standardization.inputs(self._standardization.checked(points))

    @in_engine
    def probabilities_at(self, inputs: torch.Tensor) -> NDArray[np.float32]:
        """`probabilities` of points that are `standardized`: quicker for those that are asked for again and again."""
        logits = self._evaluator.logits(inputs)
        result: NDArray[np.float32] = self._output.probabilities(logits).t().to(torch.float32).numpy()
        return result

    @in_engine
    def gradient_norms(self) -> NDArray[np.float64]:
        """L2 norm of the derivative of the mean training loss by each weight matrix, first layer first.

        float64 ndarray of shape (n_layers,), the output layer included.
        """
        return self.measure_gradient().finished().norms

    @in_engine
    def measure_gradient(self) -> Measurement[GradientMeasure]:
        """The gradient of the mean training loss, piece by piece; see `engine.insight.probing.probes.GradientProbe`.

        Over all training points; with batch normalisation and more than 2**21 hidden values of a choice of them. One
        at a time; steps in between do not change what is measured.
        """
        return Measurement(self._probe.look())

    def diagnose(self) -> Diagnosis:
        """The state of every layer, and what the last step changed in it."""
        return self.measure_diagnosis().finished()

    @in_engine
    def measure_diagnosis(self) -> Measurement[Diagnosis]:
        """`diagnose`, to be measured piece by piece; over the same points, and in the same way, as `measure_gradient`.

        What the last step changed is known of a single step, and of the last of several made by one call.
        """
        if self._diagnosis_probe is None:
            self._diagnosis_probe = DiagnosisProbe(self._network, self._output, *self._samples.training())
        if self._step_share is None:
            library = self._library if self.machine is MachineKind.COMPILED else None
            self._step_share = StepShare(library, self._network, self._output, self.config, *self._samples.training())
        look = self._diagnosis_probe.look(self._watch.ratios(), self.epochs_done)
        return Measurement(self._step_share.after(look))

    @in_engine
    def weights(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Copies of each layer's weights (fan_in, fan_out) and biases (fan_out,), first layer first.

        Scales and shifts of batch normalisation are not among them.
        """
        return [(m[:, :-1].t().numpy().copy(), m[:, -1].numpy().copy()) for m in self._network.parameters.matrices]

    @in_engine
    def load_weights(self, weights: Sequence[tuple[ArrayLike, ArrayLike]]) -> None:
        """Take over weights of the same shapes, as `weights` gives them, and leave a step that was begun.

        Scales and shifts of batch normalisation stay; its running statistics are measured anew. A run that had
        diverged can go on.

        Raises:
            InputError: other shapes, or numbers that are not finite; nothing has changed then.
        """
        matrices = self._network.parameters.matrices
        kind = np.float64 if self.dtype is torch.float64 else np.float32
        with np.errstate(over="ignore"):  # infinite then, which is refused below
            try:
                given = [(np.array(w, dtype=kind), np.array(b, dtype=kind)) for w, b in weights]
            except (TypeError, ValueError) as error:
                raise InputError("The weights are not a list of pairs, a matrix and a vector each.") from error
        wanted = [((m.shape[1] - 1, m.shape[0]), (m.shape[0],)) for m in matrices]
        shapes = [(w.shape, b.shape) for w, b in given]
        if shapes != wanted:
            raise InputError(
                "The weights have shapes {shapes}; this network needs {wanted}.",
                shapes=as_typed(shapes),
                wanted=as_typed(wanted),
            )
        if not all(np.isfinite(w).all() and np.isfinite(b).all() for w, b in given):
            raise InputError("The weights contain a number that is not finite.")
        for matrix, (weight, bias) in zip(matrices, given, strict=True):
            matrix[:, :-1] = torch.from_numpy(weight).t()
            matrix[:, -1] = torch.from_numpy(bias)
        self.divergence = None
        self._machine.forget()
        self._watch.forget()
        if self._network.norm is not None:
            measure_statistics(self._network.norm, self._probe)


@in_engine
def metrics_on(trainer: Trainer, dataset: Dataset) -> Metrics:
    """The metrics of a network over all points of another such dataset, in the place of those of training."""
    check_fit(dataset, trainer._dataset)
    samples = make_samples(dataset, trainer._standardization, trainer._output, trainer.dtype)
    return judged(samples, trainer._evaluator, trainer._output, trainer.config, trainer._standardization)[0]


REBUILDING = ("batch_size", "validation_fraction", "loss", "value_loss", "huber_delta", "dropout")
"""Settings for which the calls of a step are bound anew."""


def divergence_at(step: int, rate: float, layer: int | None, gradient: Parameters) -> Divergence:
    """The divergence at a step; `layer` is the first with a value that is not finite, or None."""
    if layer is not None:
        return Divergence(step, Cause.VALUE, layer, rate)
    wrong = gradient.layers_not_finite()
    return Divergence(step, Cause.GRADIENT if wrong else Cause.NORM, wrong[-1] if wrong else None, rate)
