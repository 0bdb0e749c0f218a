"""Pins: places of the plane that are looked at all the while, and the arithmetic of each. No torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.insight.inspection import Inspection, Trained, inspect_points
from engine.insight.quantity import Quantity
from engine.mlp.activations import Floats

LETTERS = "ABCD"
MAX_PINS = len(LETTERS)


@dataclass(frozen=True)
class Pin:
    """A place of the plane that is looked at.

    Attributes:
        number: 0 to 3, of its letter and colour.
        place: on the plane; exactly that of a point of the data if it is on one.
    """

    number: int
    place: tuple[float, float]

    @property
    def letter(self) -> str:
        """The letter that it has on the plane and over its numbers."""
        return LETTERS[self.number]


@dataclass(frozen=True)
class Standing:
    """The place of a point among those whose mean loss its own is a part of: for training, or for validation.

    Attributes:
        share: of the sum of their losses, that is its own.
        rank: 1 for the largest loss, and one more for each that is larger.
        n_points: that there are.
        is_validation: whether they are those for validation.
    """

    share: float
    rank: int
    n_points: int
    is_validation: bool = False


@dataclass(frozen=True, eq=False)
class Pinned:
    """The facts at a pin.

    Attributes:
        pin: where that is.
        inspection: None if the logits there are not finite.
        row: of the point of the dataset on which the pin is; None if it is on none.
        standing: of that point, or None.
    """

    pin: Pin
    inspection: Inspection | None
    row: int | None = None
    standing: Standing | None = None


@dataclass(frozen=True, eq=False)
class PinsRead:
    """The numbers at all pins at one moment.

    Attributes:
        dataset: as it was then, with the classes that the numbers are of.
        pinned: at each pin, in their order.
    """

    dataset: Dataset
    pinned: tuple[Pinned, ...]


PINS: Quantity[PinsRead] = Quantity("pins")
"""The arithmetic at the pins."""


def standing_of(losses: Floats, roles: NDArray[np.uint8], row: int) -> Standing | None:
    """The standing of a point of a dataset; None if losses are not finite, or all are 0.

    Args:
        losses: of all points but those of the test, those for training first, float64 (n_points,).
        roles: of all points, in the order of the dataset, see `engine.data.shares.roles_of`.
        row: of the point.
    """
    kind = bool(roles[row] == Role.VALIDATION)
    place = int((roles[:row] == roles[row]).sum())
    n_validation = int((roles == Role.VALIDATION).sum())
    together = losses[len(losses) - n_validation :] if kind else losses[: len(losses) - n_validation]
    total = float(together.sum())
    if not (math.isfinite(total) and total > 0):
        return None
    own = float(together[place])
    rank = 1 + int((together > own).sum())
    return Standing(own / total, rank, len(together), kind)


def rows_at(dataset: Dataset, places: Sequence[tuple[float, float]]) -> list[int | None]:
    """The row of the point that lies exactly at each place, the last of several; None where there is none."""
    x, y = dataset.places.T
    found = [np.flatnonzero((x == np.float32(place[0])) & (y == np.float32(place[1]))) for place in places]
    return [int(rows[-1]) if len(rows) else None for rows in found]


def read_pins(trainer: Trained, dataset: Dataset, losses: Floats, pins: Sequence[Pin]) -> PinsRead:
    """The arithmetic at pins, by one pass of all of them.

    Args:
        trainer: of the network.
        dataset: its points.
        losses: of these, see `standing_of`.
        pins: where that is wanted.
    """
    if not pins:
        return PinsRead(dataset, ())
    places = [pin.place for pin in pins]
    roles = roles_of(dataset.serials, shares_of(trainer.config))
    rows = [row if row is None or roles[row] != Role.TEST else None for row in rows_at(dataset, places)]
    features = dataset.features_at(places).copy()
    for index, row in enumerate(rows):
        if row is not None:
            features[index] = dataset.points[row]
    labels = [None if row is None else int(dataset.labels[row]) for row in rows]
    return PinsRead(
        dataset,
        tuple(
            Pinned(pin, found, row, None if row is None else standing_of(losses, roles, row))
            for pin, found, row in zip(pins, inspect_points(trainer, features, labels), rows, strict=True)
        ),
    )
