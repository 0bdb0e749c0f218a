"""The course's experiment: three activations in nine hidden layers on the Breast Cancer data, by its exact protocol."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import Activation, Initialization, Loss, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.training import Trainer

BREAST_CANCER = Path(__file__).resolve().parent.parent / "resources" / "datasets" / "breast_cancer.csv"
CLASS_NAMES = ("malignant", "benign")
EPOCHS = 50
SLIDE_ACTIVATIONS = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU)


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


def load_breast_cancer() -> tuple[Dataset, Dataset, tuple[str, ...]]:
    """Training samples, test samples, and the names of the 30 features."""
    with BREAST_CANCER.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    parts = {
        split: Dataset(
            np.array([row[:-2] for row in rows if row[-1] == split], dtype=np.float32),
            np.array([CLASS_NAMES.index(row[-2]) for row in rows if row[-1] == split]),
            CLASS_NAMES,
        )
        for split in ("training", "test")
    }
    return parts["training"], parts["test"], tuple(header[:-2])


def protocol(activation: Activation, seed: int) -> TrainingConfig:
    """The settings of the slide for one activation."""
    return TrainingConfig(
        hidden_layers=(30,) * 9,
        activation=activation,
        initialization=Initialization.XAVIER_UNIFORM,
        output=Output.SIGMOID,
        loss=Loss.CROSS_ENTROPY,
        optimizer=Optimizer.SGD,
        learning_rate=0.1,
        batch_size=32,
        validation_fraction=0.0,
        seed=seed,
    )


def run(activation: Activation, seed: int, training: Dataset, test: Dataset) -> CourseRow:
    """Train once by the protocol."""
    trainer = Trainer(training, protocol(activation, seed))
    started = time.perf_counter()
    for _ in range(EPOCHS):
        trainer.epoch()
    seconds = time.perf_counter() - started
    loss, accuracy = trainer.evaluate_on(test)
    return CourseRow(activation, seed, loss, accuracy, trainer.tensor_norms(), trainer.gradient_norms(), seconds)
