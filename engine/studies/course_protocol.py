"""The protocol of the course's experiment: its data, its settings, and what the slide says came of it. No torch."""

# Tests: tests/engine/studies/test_course.py

from __future__ import annotations

import csv
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

import resources
from engine.config import Activation, Initialization, Loss, Optimizer, Output, TrainingConfig
from engine.data.projection import principal_plane
from engine.data.shares import GOLDEN_RATIO
from engine.dataset import Dataset
from engine.experiment import Experiment

BREAST_CANCER = resources.FOLDER / "datasets" / "breast_cancer.csv"
CLASS_NAMES = ("malignant", "benign")
EPOCHS = 50
SLIDE_ACTIVATIONS = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU)
TEST_SHARE = 0.2


@dataclass(frozen=True)
class SlideRow:
    """The slide's numbers for one activation.

    Attributes:
        loss, accuracy: on the 114 test samples.
        first_norm, last_norm: of the gradient by its "layer 1", the first weight matrix, and its "layer 20", the bias
            of the output unit, summed over the 455 training samples.
    """

    loss: float
    accuracy: float
    first_norm: float
    last_norm: float


SLIDE = {
    Activation.SIGMOID: SlideRow(0.662834, 0.622807, 0.000908, 1.318084),
    Activation.RELU: SlideRow(0.177435, 0.964912, 3.004350, 0.407361),
    Activation.LEAKY_RELU: SlideRow(0.176373, 0.973684, 2.161442, 0.456306),
}


@lru_cache(maxsize=1)
def feature_names() -> tuple[str, ...]:
    """The names of the features, by which the data are known; reading them alone costs nothing."""
    with BREAST_CANCER.open(encoding="utf-8", newline="") as file:
        return tuple(name[:40] for name in next(csv.reader(file))[:-2])


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


@lru_cache(maxsize=4)
def course_lab(seed: int = 1) -> Experiment:
    """The experiment in lanes, with the 114 test samples kept for validation, seen on the training samples' plane.

    The serial numbers are chosen so that exactly the test samples fall below the share kept for validation; so the
    training samples, their order, the first weights and the batches are those of the protocol.
    """
    training, test, _ = load_breast_cancer()
    numbers = np.arange(20 * (len(training) + len(test)))
    is_test = np.mod((numbers + 1) * GOLDEN_RATIO, 1.0) < TEST_SHARE
    dataset = Dataset(
        np.concatenate([training.points, test.points]),
        np.concatenate([training.labels, test.labels]),
        training.class_names,
        np.concatenate([numbers[~is_test][: len(training)], numbers[is_test][: len(test)]]),
        feature_names=feature_names(),
        projection=principal_plane(training.points),
    )
    lanes = tuple(replace(protocol(kind, seed), validation_fraction=TEST_SHARE) for kind in SLIDE_ACTIVATIONS)
    return Experiment(dataset, lanes, "The course's experiment")


def departures(experiment: Experiment) -> tuple[str, ...] | None:
    """In what an experiment on the Breast Cancer data is another than the course's, the seed apart.

    Names of fields of `TrainingConfig`, and "data" for other points, labels or another split; empty where the slide's
    numbers can stand beside those of each lane; None where the data are not these at all.
    """
    if experiment.dataset.feature_names != feature_names():
        return None
    course = course_lab()
    names = [field.name for field in fields(TrainingConfig) if field.name != "seed"]
    wanted = {lane.activation: lane for lane in course.lanes}
    usual = next(iter(wanted.values()))
    differing = {
        name
        for lane in experiment.lanes
        for name in names
        if getattr(lane, name) != getattr(wanted.get(lane.activation, usual), name)
    }
    same_data = course.dataset.has_same_points(experiment.dataset)
    return (*(() if same_data else ("data",)), *(name for name in names if name in differing))
