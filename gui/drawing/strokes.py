"""Strokes: each turns one gesture into a changed dataset. No widgets."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.dataset import MAX_POINTS, Dataset
from gui.drawing.brushes import Mask, Path, Place, drawn_together, near_path, places_along, places_sprayed
from gui.drawing.options import Spread, ToolOptions
from gui.drawing.stamps import STAMPS, StampShape


class Stroke(Protocol):
    """A gesture under way.

    Attributes:
        dataset: with what the gesture has changed so far.
        changed: points added, removed or altered so far.
        left_out: points that there was no room for.
    """

    dataset: Dataset
    changed: int
    left_out: int

    def follow(self, path: Path) -> None:
        """The pointer went along a path, float64 ndarray of shape (n, 2); it begins where the last one ended."""

    def pass_time(self, seconds: float) -> None:
        """The button was held for so long, times the pressure of the pen."""


class _Timeless:
    """A stroke for which only the way counts."""

    left_out = 0

    def pass_time(self, seconds: float) -> None:
        pass


class _Adding:
    """A stroke that adds points of one class."""

    def __init__(self, dataset: Dataset, label: int) -> None:
        self.dataset, self.changed, self._label = dataset, 0, label
        self.left_out = 0

    def _add(self, places: NDArray[np.float32]) -> None:
        room = max(0, MAX_POINTS - len(self.dataset))
        self.left_out += max(0, len(places) - room)
        places = places[:room]
        if len(places):
            self.dataset = self.dataset.with_points(self.dataset.features_at(places), self._label)
            self.changed += len(places)


class PointStroke(_Adding, _Timeless):
    """One point, which follows the pointer until the button is released."""

    def __init__(self, dataset: Dataset, label: int, start: Place) -> None:
        super().__init__(dataset, label)
        self._before = dataset
        self.follow(np.array([start]))

    def follow(self, path: Path) -> None:
        self.dataset, self.changed, self.left_out = self._before, 0, 0
        self._add(path[-1:].astype(np.float32))


class BrushStroke(_Adding, _Timeless):
    """A point where the button goes down, then one every `spacing` of the way."""

    def __init__(self, dataset: Dataset, label: int, start: Place, spacing: float) -> None:
        super().__init__(dataset, label)
        self._spacing, self._since_last = spacing, 0.0
        self._add(np.array([start], dtype=np.float32))

    def follow(self, path: Path) -> None:
        places, self._since_last = places_along(path=path, spacing=self._spacing, since_last=self._since_last)
        self._add(places)


class SprayStroke(_Adding):
    """Points at a steady rate around the way of the pointer, also while it is held still."""

    def __init__(
        self,
        dataset: Dataset,
        label: int,
        start: Place,
        radius: float,
        options: ToolOptions,
        generator: np.random.Generator,
    ) -> None:
        super().__init__(dataset, label)
        self._radius, self._options, self._generator = radius, options, generator
        self._path: Path = np.array([start])
        self._owed = 1.0
        self.pass_time(0.0)

    def follow(self, path: Path) -> None:
        self._path = np.concatenate([self._path, path[1:]])

    def pass_time(self, seconds: float) -> None:
        self._owed += seconds * self._options.rate
        count = int(self._owed)
        self._owed -= count
        places = places_sprayed(
            path=self._path,
            radius=self._radius,
            count=count,
            gaussian=self._options.spread is Spread.GAUSSIAN,
            generator=self._generator,
        )
        self._path = self._path[-1:]
        self._add(places)


class EraserStroke(_Timeless):
    """Removes what the disc passes over."""

    def __init__(self, dataset: Dataset, start: Place, radius: float) -> None:
        self.dataset, self.changed = dataset, 0
        self._radius = radius
        self.follow(np.array([start]))

    def follow(self, path: Path) -> None:
        hit = near_path(points=self.dataset.places, path=path, radius=self._radius)
        if hit.any():
            self.dataset = self.dataset.without(hit)
            self.changed += int(hit.sum())


class RelabelStroke(_Timeless):
    """Gives the points that the disc passes over another class, or a share of them; each is considered once."""

    def __init__(
        self,
        dataset: Dataset,
        label: int,
        start: Place,
        radius: float,
        options: ToolOptions,
        generator: np.random.Generator,
    ) -> None:
        self.dataset, self.changed = dataset, 0
        self._label, self._radius = label, radius
        self._spared = generator.uniform(size=len(dataset)) >= options.relabel_share
        self.follow(np.array([start]))

    def follow(self, path: Path) -> None:
        hit = near_path(points=self.dataset.places, path=path, radius=self._radius)
        hit &= ~self._spared & (self.dataset.labels != self._label)
        if hit.any():
            self.dataset = self.dataset.relabelled(hit, self._label)
            self.changed += int(hit.sum())


class MoveStroke(_Timeless):
    """Moves points along with the pointer."""

    def __init__(self, dataset: Dataset, mask: Mask, start: Place) -> None:
        self.dataset, self.changed = dataset, 0
        self._before, self._mask, self._start = dataset, mask, np.asarray(start)

    def follow(self, path: Path) -> None:
        step = path[-1] - self._start
        moves = bool(step.any()) and bool(self._mask.any())
        self.dataset = self._before.moved(self._mask, step) if moves else self._before
        self.changed = int(self._mask.sum()) if moves else 0


class _Stirring:
    """Moves the points in the ring as time passes; those outside stay."""

    left_out = 0

    def __init__(self, dataset: Dataset, start: Place, radius: float, options: ToolOptions) -> None:
        self.dataset, self.changed = dataset, 0
        self._centre: Path = np.array([start])
        self._radius, self._strength = radius, options.strength
        self._touched = np.zeros(len(dataset), dtype=bool)

    def follow(self, path: Path) -> None:
        self._centre = path[-1:]

    def pass_time(self, seconds: float) -> None:
        inside = near_path(points=self.dataset.places, path=self._centre, radius=self._radius)
        if seconds > 0 and inside.any():
            self.dataset = self.dataset.moved(inside, self._steps(self.dataset.places[inside], seconds))
            self._touched |= inside
            self.changed = int(self._touched.sum())

    def _steps(self, points: NDArray[np.float32], seconds: float) -> NDArray[np.float64]:
        raise NotImplementedError


class JitterStroke(_Stirring):
    """Lets the points in the ring wander at random, as Brownian motion does."""

    def __init__(
        self, dataset: Dataset, start: Place, radius: float, options: ToolOptions, generator: np.random.Generator
    ) -> None:
        super().__init__(dataset, start, radius, options)
        self._generator = generator

    def _steps(self, points: NDArray[np.float32], seconds: float) -> NDArray[np.float64]:
        return self._generator.normal(scale=self._strength * self._radius * seconds**0.5, size=points.shape)


class MagnetStroke(_Stirring):
    """Draws the points in the ring to its middle, or pushes them to its edge."""

    def __init__(self, dataset: Dataset, start: Place, radius: float, options: ToolOptions, *, repels: bool) -> None:
        super().__init__(dataset, start, radius, options)
        self._sign = -1 if repels else 1

    def _steps(self, points: NDArray[np.float32], seconds: float) -> NDArray[np.float64]:
        share = -np.expm1(-2 * self._strength * seconds)
        centre = (float(self._centre[0, 0]), float(self._centre[0, 1]))
        return drawn_together(points=points, centre=centre, radius=self._radius, share=self._sign * share)


class StampStroke(_Adding, _Timeless):
    """A shape from where the button goes down to where it is released; without a way, one of the ring's size."""

    def __init__(
        self,
        dataset: Dataset,
        label: int,
        start: Place,
        shape: StampShape,
        radius: float,
        options: ToolOptions,
        generator: np.random.Generator,
    ) -> None:
        super().__init__(dataset, label)
        self._before, self._start, self._shape = dataset, start, shape
        self._least, self._options = radius / 4, options
        # drawn once, so that the points do not dance while the shape follows the pointer
        self._deviates = generator.normal(size=(options.stamp_points, 2))
        self._place((start[0] + radius, start[1]))

    def follow(self, path: Path) -> None:
        end = (float(path[-1, 0]), float(path[-1, 1]))
        if np.hypot(end[0] - self._start[0], end[1] - self._start[1]) > self._least:
            self._place(end)

    def _place(self, end: Place) -> None:
        places = STAMPS[self._shape](
            start=self._start,
            end=end,
            count=self._options.stamp_points,
            noise=self._options.stamp_noise,
            deviates=self._deviates,
        )
        self.dataset, self.changed, self.left_out = self._before, 0, 0
        self._add(places)
