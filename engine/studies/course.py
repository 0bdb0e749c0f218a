"""The course's experiment: three activations in nine hidden layers on the Breast Cancer data, by its exact protocol."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation
from engine.dataset import Dataset
from engine.studies.course_protocol import EPOCHS, protocol
from engine.training import Trainer


@dataclass(frozen=True, eq=False)
class CourseRow:
    """One run of the protocol.

    Attributes:
        loss, accuracy: on the 114 test samples after training.
        tensor_norms: the slide's norms: of the gradient by each weight matrix and bias vector in turn, summed over the
            455 training samples; float64 (20,). The slide's "layer 1" is the first, its "layer 20" the last.
        gradient_norms: the norm of the gradient of the mean training loss by the weights of each layer; float64 (10,).
        seconds: of the 50 epochs.
    """

    activation: Activation
    seed: int
    loss: float
    accuracy: float
    tensor_norms: NDArray[np.float64]
    gradient_norms: NDArray[np.float64]
    seconds: float


def run(activation: Activation, seed: int, training: Dataset, test: Dataset) -> CourseRow:
    """Train once by the protocol."""
    trainer = Trainer(training, protocol(activation, seed))
    started = time.perf_counter()
    for _ in range(EPOCHS):
        trainer.epoch()
    seconds = time.perf_counter() - started
    loss, accuracy = trainer.evaluate_on(test)
    gradient = trainer.measure_gradient().finished()
    return CourseRow(activation, seed, loss, accuracy, gradient.tensor_norms(), gradient.norms, seconds)
