"""The plane through points of more than two features on which they are shown: their first two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import InputError


class ProjectionError(InputError):
    """Numbers that do not make a plane."""


@dataclass(frozen=True, eq=False)
class Projection:
    """A plane in the space of the features; immutable, the arrays are read-only.

    A place (u, v) of the plane stands for the features ``mean + scale * (axes @ (u, v))``.

    Attributes:
        mean, scale: float64 ndarrays of shape (n_features,), by which features are standardised; no scale is 0.
        axes: float64 ndarray of shape (n_features, 2) with orthonormal columns.
        explained: shares of the variance that lie along the two axes.

    Raises:
        ProjectionError: if the parts do not fit together.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    axes: NDArray[np.float64]
    explained: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        parts = ("mean", "scale", "axes", "explained")
        mean, scale, axes, explained = (_finite(name, getattr(self, name)) for name in parts)
        if mean.ndim != 1 or scale.shape != mean.shape or axes.shape != (len(mean), 2) or explained.shape != (2,):
            raise ProjectionError("The plane needs a mean, a scale and two axes with one number for each feature.")
        if not (scale > 0).all():
            raise ProjectionError("The scales of the plane must be larger than 0.")
        if not np.allclose(axes.T @ axes, np.eye(2), atol=1e-6):
            raise ProjectionError("The axes of the plane must be of length 1 and at right angles.")
        for name, value in (("mean", mean), ("scale", scale), ("axes", axes)):
            value.flags.writeable = False
            object.__setattr__(self, name, value)
        object.__setattr__(self, "explained", tuple(explained.tolist()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Projection):
            return NotImplemented
        return self.explained == other.explained and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in ("mean", "scale", "axes")
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def n_features(self) -> int:
        """The number of features of a point."""
        return len(self.mean)

    def to_plane(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """The places of (n, n_features) points on the plane, float32 ndarray of shape (n, 2)."""
        places: NDArray[np.float32] = (((points - self.mean) / self.scale) @ self.axes).astype(np.float32)
        return places

    def to_features(self, places: ArrayLike) -> NDArray[np.float32]:
        """The points of (n, 2) places, which lie on the plane; float32 ndarray of shape (n, n_features)."""
        return (self.mean + self.offsets(places)).astype(np.float32)

    def offsets(self, steps: ArrayLike) -> NDArray[np.float64]:
        """By how much features change along (n, 2) steps on the plane, float64 ndarray of shape (n, n_features)."""
        changes: NDArray[np.float64] = (np.asarray(steps, dtype=np.float64) @ self.axes.T) * self.scale
        return changes


def principal_plane(points: NDArray[np.float32]) -> Projection:
    """The plane of the first two principal components of standardised points (Jolliffe, Principal Component Analysis).

    Args:
        points: float32 ndarray of shape (n_samples, n_features) with at least two features.

    Each axis points to where its largest entry is positive, so that the same points give the same picture.
    """
    values = np.asarray(points, dtype=np.float64)
    n_samples, n_features = values.shape
    if n_features < 2:
        raise ProjectionError("A plane needs points of at least two features.")
    mean = values.mean(axis=0) if n_samples else np.zeros(n_features)
    scale = values.std(axis=0) if n_samples else np.ones(n_features)
    scale[~(scale > 1e-12 * np.maximum(1.0, np.abs(mean)))] = 1.0
    standardised = (values - mean) / scale
    variances, axes = np.linalg.eigh(standardised.T @ standardised / max(1, n_samples))
    axes = axes[:, [-1, -2]]
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, [0, 1]] < 0, -1.0, 1.0)
    total = float(variances.sum())
    shares = np.maximum(variances[[-1, -2]], 0) / total if total > 0 else np.zeros(2)
    return Projection(mean, scale, axes, (float(shares[0]), float(shares[1])))


MIN_SPAN, MAX_SPAN, MAX_RATIO = 0.2, 20.0, 10.0


def plane_for(points: NDArray[np.float32]) -> Projection | None:
    """The plane on which points from a file are seen, or None if they are their own places.

    Of more than two features it is that of the principal components. Two features are standardised if they would not be
    seen well side by side with the square from -1 to 1: one is more than ten times as wide as the other, or they are
    very large, very small or far away.

    Args:
        points: float32 ndarray of shape (n_samples, n_features) with at least two features.
    """
    if not np.isfinite(points).all():  # which is told elsewhere
        return None
    if points.shape[1] > 2:
        return principal_plane(points)
    if len(points) < 2:
        return None
    values = points.astype(np.float64)
    low, high = values.min(axis=0), values.max(axis=0)
    span = high - low
    is_fine = MIN_SPAN <= span.max() <= MAX_SPAN and span.max() <= MAX_RATIO * span.min()
    if (is_fine and np.abs(low + high).max() <= 2 * MAX_SPAN) or not span.min() > 0:
        return None
    return Projection(values.mean(axis=0), values.std(axis=0), np.eye(2), (0.5, 0.5))


def _finite(name: str, values: object) -> NDArray[np.float64]:
    try:
        array = np.array(values, dtype=np.float64)
    except OverflowError as error:
        raise ProjectionError("The {name} of the plane has a number that is too large.", name=name) from error
    except (TypeError, ValueError) as error:
        raise ProjectionError("The {name} of the plane is no list of numbers.", name=name) from error
    if not np.isfinite(array).all():
        raise ProjectionError("The {name} of the plane has a number that is not finite.", name=name)
    return array
