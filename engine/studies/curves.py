"""The curves of a network of a study, at epochs that all its networks share. Importing this loads no torch."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from engine.mlp.activations import Floats

if TYPE_CHECKING:
    from engine.dataset import Dataset
    from engine.training import Trainer

CURVES = ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy")
"""The columns of a table of curves, see `engine.learning.metrics.Metrics.curve`."""
MAX_DISTANCES = 150


def recorded_epochs(epochs: int) -> list[int]:
    """The epochs of the rows of a run of so many: 0, the last, and at most 150 at even distances before it."""
    stride = 1
    while epochs > MAX_DISTANCES * stride:
        stride *= 2
    return [*range(0, epochs, stride), epochs]


def train(trainer: Trainer, epochs: int, held_out: Dataset | None = None) -> Floats:
    """Train a network to the end; returns its curves, float64 (n_recorded, 4).

    Args:
        trainer: of the network, at its beginning.
        epochs: of the run, 1 or more; patience ends none, so that curves have one length.
        held_out: points that stand in the place of those for validation, if other ones do.

    Rows after a divergence are nan.
    """
    recorded = recorded_epochs(epochs)
    table: Floats = np.full((len(recorded), len(CURVES)), math.nan)
    for row, epoch in zip(table, recorded, strict=True):
        trainer.steps(sys.maxsize, until=epoch)
        metrics = trainer.evaluate(ends_run=True)
        if trainer.divergence is not None:
            break
        row[:] = metrics.curve
        if held_out is not None:
            row[1::2] = trainer.evaluate_on(held_out)
    return table


def names_of_curves(*, has_values: bool) -> tuple[str, ...]:
    """The names of the columns, where values are learned or classes are."""
    return tuple(name.replace("accuracy", "r2") for name in CURVES) if has_values else CURVES


def curves_as_json(epochs: int, curves: Floats, *, has_values: bool) -> dict[str, Any]:
    """The curves of a run of so many epochs, by their names."""
    columns: Iterable[Floats] = curves.T
    names = names_of_curves(has_values=has_values)
    return {"epochs": recorded_epochs(epochs)} | {
        name: as_numbers(column) for name, column in zip(names, columns, strict=True)
    }


def as_numbers(values: ArrayLike) -> list[Any]:
    """Numbers as lists for JSON; what is not finite is None."""
    array = np.asarray(values, dtype=np.float64)
    numbers: list[Any] = np.where(np.isfinite(array), array.astype(object), None).tolist()  # type: ignore[call-overload]
    return numbers
