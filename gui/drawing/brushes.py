"""Pure geometry of the drawing tools. Distances and places are in data units; no Qt, no state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Mask = NDArray[np.bool_]
Path = NDArray[np.float64]
Place = tuple[float, float]


def lengths_along(path: Path) -> NDArray[np.float64]:
    """The way from the start of a path, (n, 2), to each of its places, float64 ndarray of shape (n,)."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def places_at(path: Path, distances: NDArray[np.float64]) -> Points:
    """The places of a path, (n, 2), at distances from its start, float32 ndarray of shape (n_distances, 2)."""
    lengths = lengths_along(path)
    return np.column_stack([np.interp(distances, lengths, path[:, axis]) for axis in (0, 1)]).astype(np.float32)


def places_along(*, path: Path, spacing: float, since_last: float) -> tuple[Points, float]:
    """Places every `spacing` along a path, whatever the number of mouse events it came in.

    Args:
        path: float64 ndarray of shape (n, 2), n at least 1; `since_last` was travelled since the last place.
        spacing: distance between places, above 0.
        since_last: distance from the last place to the start of `path` along the stroke.

    Returns:
        float32 ndarray of shape (n_places, 2), and the distance travelled since the last of them.
    """
    length = float(lengths_along(path)[-1])
    distances = np.arange(spacing - since_last, length + 1e-12, spacing)
    if not len(distances) or length == 0:
        return np.empty((0, 2), dtype=np.float32), since_last + length
    return places_at(path, distances), length - float(distances[-1])


def places_sprayed(*, path: Path, radius: float, count: int, gaussian: bool, generator: np.random.Generator) -> Points:
    """`count` places around a path, evenly along it, float32 ndarray of shape (count, 2).

    Args:
        path: float64 ndarray of shape (n, 2), where the middle of the spray has been; n is at least 1.
        radius: uniform: that of the disc; Gaussian: two standard deviations, and no place is farther away.
        count: of the places.
        gaussian: whether they gather in the middle, instead of being spread uniformly over the disc.
        generator: of the random numbers.
    """
    centres = places_at(path, generator.uniform(0, lengths_along(path)[-1], count))
    share = generator.uniform(0, 1, count)
    # the radius of a Gaussian in two dimensions is cut off at two standard deviations
    spread = np.sqrt(-2 * np.log1p(-share * (1 - np.exp(-2.0)))) / 2 if gaussian else np.sqrt(share)
    angle = generator.uniform(0, 2 * np.pi, count)
    offsets = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius * spread)[:, None]
    places: Points = (centres + offsets).astype(np.float32)
    return places


def near_path(*, points: Points, path: Path, radius: float) -> Mask:
    """The mask of (n, 2) points within `radius` of a path, (m, 2) with m at least 1; bool ndarray of shape (n,)."""
    low, high = path.min(axis=0) - radius, path.max(axis=0) + radius
    x, y = points[:, 0], points[:, 1]
    within: Mask = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    candidates = np.flatnonzero(within)
    hit = np.zeros(len(candidates), dtype=bool)
    for start, end in zip(path[:-1] if len(path) > 1 else path, path[1:] if len(path) > 1 else path, strict=True):
        hit |= _distances_to_line(points[candidates], start, end) <= radius
    within[candidates] = hit
    return within


def _distances_to_line(points: Points, start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    direction = end - start
    length_squared = float(direction @ direction)
    relative = points - start
    share = np.clip(relative @ direction / length_squared, 0, 1) if length_squared > 0 else np.zeros(len(points))
    distances: NDArray[np.float64] = np.hypot(*(relative - share[:, None] * direction).T)
    return distances


def in_rectangle(*, points: Points, corner: Place, opposite: Place) -> Mask:
    """The mask of (n, 2) points that lie in a rectangle, its edges included; bool ndarray of shape (n,)."""
    low, high = np.minimum(corner, opposite), np.maximum(corner, opposite)
    inside: Mask = np.all((points >= low) & (points <= high), axis=1)
    return inside


def in_polygon(*, points: Points, corners: Path) -> Mask:
    """The mask of (n, 2) points that lie in a closed polygon of (m, 2) corners, by the even-odd rule; bool (n,)."""
    inside = np.full(len(points), False)
    x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            inside[crosses & (x < x1 + (y - y1) * ((x2 - x1) / (y2 - y1)))] ^= True
    return inside


def drawn_together(*, points: Points, centre: Place, radius: float, share: float) -> NDArray[np.float64]:
    """Steps of a magnet: towards the centre, or with a negative share away from it and at most to the ring.

    Args:
        points: float32 ndarray of shape (n, 2), all in the ring.
        centre: of the ring.
        radius: of the ring.
        share: of the way, -1 to 1.

    Returns:
        float64 ndarray of shape (n, 2).
    """
    towards: NDArray[np.float64] = np.asarray(centre) - points.astype(np.float64)
    if share >= 0:
        return towards * share
    distance = np.hypot(*towards.T)[:, None]
    outwards = np.divide(-towards, distance, out=np.zeros_like(towards), where=distance > 0)
    steps: NDArray[np.float64] = outwards * (radius - distance) * -share
    return steps
