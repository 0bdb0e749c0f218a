"""Thumbnails: small pictures of what a network decides over its points, in the colours of the classes. No torch."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.insight.field import centred, leaders
from engine.insight.quantity import Quantity

SIDE = 24
NOTHING = 15
"""A cell without a colour: where no class leads, or where the curve of the values is not."""

MARGIN = 0.05  # of the extent of the points, beside them
ROWS_AT_ONCE = 6  # that go through the network together
Asked = Callable[[NDArray[np.float64]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A picture of `SIDE` rows and columns, whose edges are those of the points.

    Attributes:
        cells: uint8 ndarray of shape (SIDE, SIDE), the top row first: the number of the colour of the class that is
            decided for; of values 0 along their curve. `NOTHING` elsewhere.
    """

    cells: NDArray[np.uint8]

    def packed(self) -> bytes:
        """The picture in few bytes, never more than 300."""
        pairs = self.cells.reshape(-1, 2)
        return zlib.compress((pairs[:, 0] << 4 | pairs[:, 1]).tobytes(), 9)


def unpacked(content: bytes) -> Thumbnail:
    """The picture that `Thumbnail.packed` made.

    Raises:
        ValueError: it is none.
    """
    size = SIDE * SIDE // 2
    unpacking = zlib.decompressobj()
    try:
        found = np.frombuffer(unpacking.decompress(content, size + 1), dtype=np.uint8)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(found) != size or not unpacking.eof:
        raise ValueError("a thumbnail of another size")
    return Thumbnail(np.column_stack([found >> 4, found & 15]).reshape(SIDE, SIDE))


THUMBNAIL: Quantity[Thumbnail] = Quantity("thumbnail")


def extent_of(dataset: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and the highest places that a thumbnail shows, float64 (2,) each."""
    low, high = dataset.places.min(axis=0).astype(np.float64), dataset.places.max(axis=0).astype(np.float64)
    room = MARGIN * np.where(high > low, high - low, 1.0)
    return low - room, high + room


def look(dataset: Dataset, probabilities: Asked, threshold: float) -> Generator[None, None, Thumbnail]:
    """A thumbnail of classes, made in portions, between which training may go on.

    Args:
        dataset: its points, at least one.
        probabilities: of each class, float32 (n_places, n_classes), at places of the plane, float64 (n_places, 2).
        threshold: of the decision, see `engine.insight.field.centred`.
    """
    low, high = extent_of(dataset)
    middles = (np.arange(SIDE) + 0.5) / SIDE
    x, y = low[0] + middles * (high[0] - low[0]), high[1] - middles * (high[1] - low[1])
    cells = np.full((SIDE, SIDE), NOTHING, dtype=np.uint8)
    colours = np.array(dataset.colours, dtype=np.uint8)
    for first in range(0, SIDE, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        asked = probabilities(np.column_stack([np.tile(x, ROWS_AT_ONCE), np.repeat(y[rows], SIDE)]))
        winner, _ = leaders((asked if threshold == 0.5 else centred(asked, threshold)).T)
        cells[rows] = np.where(np.isfinite(asked).all(axis=1), colours[winner], NOTHING).reshape(-1, SIDE)
        yield
    return Thumbnail(cells)


def curve(dataset: Dataset, heights: Callable[[NDArray[np.float64]], NDArray[np.float32]]) -> Thumbnail:
    """A thumbnail of values that are learned: their curve, whose columns hang together.

    Args:
        dataset: its points, at least one.
        heights: of the curve on the plane, float32 (n_places,), at these places along it.
    """
    low, high = extent_of(dataset)
    x = low[0] + (np.arange(SIDE + 1) / SIDE) * (high[0] - low[0])
    ends = (high[1] - heights(x).astype(np.float64)) / (high[1] - low[1]) * SIDE
    cells = np.full((SIDE, SIDE), NOTHING, dtype=np.uint8)
    for column in range(SIDE):
        of_column = ends[column : column + 2]
        if np.isfinite(of_column).all() and of_column.max() >= 0 and of_column.min() < SIDE:
            top, bottom = np.clip(np.sort(of_column), 0, SIDE - 1).astype(int)
            cells[top : bottom + 1, column] = 0
    return Thumbnail(cells)
