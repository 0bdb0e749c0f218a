"""The visible part of the plane: from data units to pixels and back. Pure values; no widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset

MIN_SCALE, MAX_SCALE = 1e-3, 1e7  # pixels per data unit
MIN_FITTED = 1e-37  # for points that are farther apart than one can zoom by hand


@dataclass(frozen=True)
class Plane:
    """A rectangle of pixels that shows a part of the plane, a data unit being as long in x as in y unless it fills.

    Attributes:
        x, y, width, height: the rectangle in pixels of the widget.
        centre_x, centre_y: what is in its middle, in data units.
        scale: pixels per data unit in x.
        stretch: how many times as long a data unit is in y.
        fills: whether each axis has a scale of its own, so that what is fitted fills the rectangle.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = 100.0
    height: float = 100.0
    centre_x: float = 0.0
    centre_y: float = 0.0
    scale: float = 50.0
    stretch: float = 1.0
    fills: bool = False

    @property
    def scale_y(self) -> float:
        """Pixels per data unit in y."""
        return self.scale * self.stretch

    @property
    def mean_scale(self) -> float:
        """Pixels per data unit, for what is as large in x as in y: the geometric mean."""
        return self.scale * math.sqrt(self.stretch)

    def to_data(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """The place of a pixel."""
        return (
            self.centre_x + (pixel_x - self.x - self.width / 2) / self.scale,
            self.centre_y - (pixel_y - self.y - self.height / 2) / self.scale_y,
        )

    def to_pixels(self, points: NDArray[np.float32]) -> NDArray[np.float64]:
        """The pixels of (n, 2) points, float64 ndarray of shape (n, 2)."""
        pixels = np.empty((len(points), 2))
        pixels[:, 0] = self.x + self.width / 2 + (points[:, 0].astype(np.float64) - self.centre_x) * self.scale
        pixels[:, 1] = self.y + self.height / 2 - (points[:, 1].astype(np.float64) - self.centre_y) * self.scale_y
        return pixels

    def edges(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top in data units."""
        left, top = self.to_data(self.x, self.y)
        right, bottom = self.to_data(self.x + self.width, self.y + self.height)
        return left, right, bottom, top

    def contains(self, pixel_x: float, pixel_y: float) -> bool:
        """True if a pixel is inside."""
        return self.x <= pixel_x <= self.x + self.width and self.y <= pixel_y <= self.y + self.height

    def inside(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """The place of a pixel, or of the nearest one inside: no point is lost beyond the edge."""
        x = min(max(pixel_x, self.x), self.x + self.width)
        return self.to_data(x, min(max(pixel_y, self.y), self.y + self.height))

    def resized(self, x: float, y: float, width: float, height: float) -> Plane:
        """The same part of the plane, as far as the shape allows, in another rectangle."""
        factor, stretch = min(width, height) / min(self.width, self.height), self.stretch
        if self.fills:
            factor = width / self.width
            stretch *= height / self.height / factor
        scale = _limited(self.scale * factor, min(MIN_SCALE, self.scale), stretch)
        return replace(self, x=x, y=y, width=width, height=height, scale=scale, stretch=stretch)

    def zoomed(self, factor: float, pixel_x: float, pixel_y: float) -> Plane:
        """Larger by `factor`; what is under the pixel stays there."""
        scale = _limited(self.scale * factor, min(MIN_SCALE, self.scale), self.stretch)
        place_x, place_y = self.to_data(pixel_x, pixel_y)
        return replace(
            self,
            scale=scale,
            centre_x=place_x - (pixel_x - self.x - self.width / 2) / scale,
            centre_y=place_y + (pixel_y - self.y - self.height / 2) / (scale * self.stretch),
        )

    def panned(self, pixels_x: float, pixels_y: float) -> Plane:
        """Moved along with a pointer that went so far."""
        return replace(
            self, centre_x=self.centre_x - pixels_x / self.scale, centre_y=self.centre_y + pixels_y / self.scale_y
        )

    def fitted(self, points: NDArray[np.float32]) -> Plane:
        """So that all points and the square from -1 to 1 are seen, with a margin."""
        corners = np.concatenate([points.astype(np.float64), [[-1.0, -1.0], [1.0, 1.0]]])
        low, high = corners.min(axis=0), corners.max(axis=0)
        span = np.maximum(high - low, 1e-9) * 1.1
        scales = [_limited(float(room), MIN_FITTED) for room in (self.width / span[0], self.height / span[1])]
        scale, stretch = (scales[0], scales[1] / scales[0]) if self.fills else (min(scales), 1.0)
        centre_x, centre_y = ((low + high) / 2).tolist()
        return replace(self, centre_x=centre_x, centre_y=centre_y, scale=scale, stretch=stretch)


@dataclass(frozen=True)
class Units:
    """The numbers along an axis: a place u of the plane has the number offset + scale u, written in a power of ten."""

    offset: float = 0.0
    scale: float = 1.0
    power: int = 0

    def number(self, place: float) -> float:
        """The number of a place, in the power of ten."""
        return (self.offset + self.scale * place) / 10.0**self.power

    def place(self, number: float) -> float:
        """The place of a number in the power of ten."""
        return (number * 10.0**self.power - self.offset) / self.scale


def units_of(dataset: Dataset) -> tuple[Units, Units]:
    """The units of the axes of the plane: where both are standardised columns, those of the columns."""
    plane = dataset.projection
    if plane is None or plane.n_features != 2 or not np.array_equal(plane.axes, np.eye(2)):
        return Units(), Units()
    across, up = (
        Units(mean, scale, power_for(abs(mean) + 2 * scale))
        for mean, scale in zip(plane.mean.tolist(), plane.scale.tolist(), strict=True)
    )
    return across, up


def power_for(size: float) -> int:
    """The power of ten, a multiple of 3, in which numbers of a size are short; 0 if they are by themselves."""
    return 0 if 0.01 <= size < 10_000 else 3 * math.floor(math.log10(min(max(size, 1e-300), 1e300)) / 3)


def _limited(scale: float, least: float, stretch: float = 1.0) -> float:
    """A scale within the limits, in y, too."""
    return min(max(scale, least), MAX_SCALE / max(1.0, stretch))
