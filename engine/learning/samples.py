"""The points of a dataset as a network takes them: standardised, in tensors, those for training first."""

# Tests: tests/engine/test_training.py

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from engine.config import TrainingConfig
from engine.data.features import Features
from engine.data.shares import Role, Shares, roles_of, shares_of
from engine.dataset import Dataset, checked_points
from engine.errors import InputError
from engine.mlp.activations import Floats
from engine.mlp.losses import LinearOutput, OutputLayer, make_output

ALL = Shares()
"""All points are trained on."""


class Standardization:
    """Mean 0 and population standard deviation 1 for each coordinate of some points.

    Args:
        points: shape (n_points, n_features); where a value is learned, it is the last coordinate.
        dtype: of what is given out.
        values: mean and deviation, if others are wanted than those of the points.
        features: what a network is given of them; None: all coordinates.

    Attributes:
        values: mean and deviation, float64 (2, n_features).
        of_inputs: those of what a network is given, float64 (2, n_inputs).
        features: what that is.
    """

    def __init__(
        self,
        points: NDArray[np.float32],
        dtype: torch.dtype,
        values: NDArray[np.float64] | None = None,
        features: Features | None = None,
    ) -> None:
        self.values = np.array(standardization(points) if values is None else values)
        self.features = features or Features(self.values.shape[1])
        self.of_inputs = self.values[:, : self.features.n_inputs]
        self._mean, self._deviation = self.of_inputs
        self._dtype = dtype

    def checked(self, points: ArrayLike) -> NDArray[np.float32]:
        """Points as a table (n_points, n_features), or an InputError."""
        table, n_features = checked_points(points), self.of_inputs.shape[1]
        if table.shape[1] != n_features:
            raise InputError(
                "The points have shape {shape}; each needs {n_features} coordinates.",
                shape=table.shape,
                n_features=n_features,
            )
        return table

    def inputs(self, points: NDArray[np.float32]) -> torch.Tensor:
        """The features and a last row of ones, shape (n_features + 1, n_points), point by point in memory.

        Points may come with their values, which are left out.
        """
        return torch.from_numpy(self.exact_inputs(points)).to(self._dtype).t()

    def exact_inputs(self, points: NDArray[np.float32]) -> Floats:
        """`inputs` in double precision and with a row for each point, float64 (n_points, n_features + 1)."""
        n_inputs = self.features.n_inputs
        inputs: Floats = np.ones((len(points), self.features.n_features + 1))
        np.subtract(points[:, :n_inputs], self._mean, out=inputs[:, :n_inputs])
        inputs[:, :n_inputs] /= self._deviation
        self.features.work_out(inputs)
        return inputs

    def target(self, points: NDArray[np.float32]) -> torch.Tensor:
        """The standardised values of points (n_points, n_features), float64 (n_points,), where values are learned."""
        mean, deviation = self.values[:, -1]
        return torch.from_numpy((points[:, -1].astype(np.float64) - mean) / deviation)

    def predicted(self, logits: torch.Tensor) -> NDArray[np.float32]:
        """The values that logits (1, n_points) stand for, float32 (n_points,); the way back from `target`."""
        mean, deviation = self.values[:, -1]
        values: NDArray[np.float32] = (mean + deviation * logits[0].numpy().astype(np.float64)).astype(np.float32)
        return values


@dataclass(frozen=True, eq=False)
class Samples:
    """Points with what is known of them, those for training before those for validation.

    Attributes:
        inputs: shape (n_features + 1, n_points), the last row ones.
        targets: shape (n_units, n_points).
        labels: shape (n_points,); standardised values where these are learned.
        n_training: how many are for training.
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    labels: torch.Tensor
    n_training: int

    def training(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and targets of the training points."""
        # of the rows of targets in one piece batches are picked more quickly
        return self.inputs[:, : self.n_training], self.targets[:, : self.n_training].contiguous()


def order_of(dataset: Dataset, shares: Shares) -> tuple[NDArray[np.intp], int]:
    """The numbers of a dataset's points but those of the test, first those for training, and how many these are."""
    roles = roles_of(dataset.serials, shares)
    n_training, n_validation, _ = np.bincount(roles, minlength=len(Role)).tolist()
    return np.argsort(roles, kind="stable")[: n_training + n_validation], n_training


def make_samples(
    dataset: Dataset,
    standardized: Standardization,
    output: OutputLayer,
    dtype: torch.dtype,
    shares: Shares = ALL,
) -> Samples:
    """The points of a dataset that are trained and validated on."""
    order, n_training = order_of(dataset, shares)
    points = dataset.points[order]
    known = standardized.target(points) if dataset.has_values else torch.from_numpy(dataset.labels[order])
    targets = output.targets(known, dataset.n_classes, dtype)
    return Samples(standardized.inputs(points), targets, known, n_training)


def make_output_of(dataset: Dataset, config: TrainingConfig) -> OutputLayer:
    """The output layer for what is learned of a dataset, with its loss.

    Raises:
        ConfigError: it cannot tell so many classes apart.
    """
    if dataset.has_values:
        return LinearOutput(config.value_loss, config.huber_delta)
    return make_output(config.resolved_output(dataset.n_classes), config.loss)


def check_fit(dataset: Dataset, other: Dataset) -> None:
    """Raise an InputError unless a dataset has as many classes and features as another, and the same target."""
    if dataset.target is not other.target:
        raise InputError("The network learns values, or classes; the dataset has the other. Start a new run.")
    if (dataset.n_classes, dataset.n_features) != (other.n_classes, other.n_features):
        raise InputError(
            "The dataset has {n_classes} classes and {n_features} features; the network was made for "
            "{its_classes} and {its_features}. Start a new run.",
            n_classes=dataset.n_classes,
            n_features=dataset.n_features,
            its_classes=other.n_classes,
            its_features=other.n_features,
        )


def training_points(dataset: Dataset, config: TrainingConfig) -> NDArray[np.float32]:
    """The points of the training split; InputError if there are none."""
    points: NDArray[np.float32] = dataset.points[roles_of(dataset.serials, shares_of(config)) == Role.TRAINING]
    if not len(points):
        raise InputError("There are no points to train on.")
    return points


def standardization(points: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Mean and population standard deviation of each feature; 1 where a feature does not vary."""
    exact = points.astype(np.float64)
    deviation = exact.std(axis=0)
    mean = exact.mean(axis=0)
    # what rounding leaves of a constant is no variation
    return mean, np.where(deviation > 1e-12 * np.abs(mean), deviation, 1.0)
