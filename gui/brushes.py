"""Pure geometry of the drawing tools. Distances and places are in data units; no Qt, no state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Place = tuple[float, float]


def places_along(*, start: Place, end: Place, spacing: float, since_last: float) -> tuple[Points, float]:
    """Places every `spacing` along a line, whatever the number of mouse events it came in.

    Args:
        start: where the line begins; `since_last` was travelled since the last place.
        end: where it ends.
        spacing: distance between places, above 0.
        since_last: distance from the last place to `start` along the stroke.

    Returns:
        float32 ndarray of shape (n, 2), and the distance travelled since the last of them.
    """
    origin, target = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    length = float(np.hypot(*(target - origin)))
    distances = np.arange(spacing - since_last, length + 1e-12, spacing)
    if not len(distances) or length == 0:
        return np.empty((0, 2), dtype=np.float32), since_last + length
    places = origin + distances[:, None] / length * (target - origin)
    return places.astype(np.float32), length - float(distances[-1])


def places_in_disc(*, centre: Place, radius: float, count: int, generator: np.random.Generator) -> Points:
    """`count` places spread uniformly over a disc, float32 ndarray of shape (count, 2)."""
    angle = generator.uniform(0, 2 * np.pi, count)
    distance = radius * np.sqrt(generator.uniform(0, 1, count))
    offsets = np.column_stack([np.cos(angle), np.sin(angle)]) * distance[:, None]
    return (np.asarray(centre) + offsets).astype(np.float32)


def near_line(*, points: Points, start: Place, end: Place, radius: float) -> NDArray[np.bool_]:
    """Which of (n, 2) points are within `radius` of the line from `start` to `end`, bool ndarray of shape (n,)."""
    origin = np.asarray(start, dtype=np.float64)
    direction = np.asarray(end, dtype=np.float64) - origin
    length_squared = float(direction @ direction)
    relative = points - origin
    share = np.clip(relative @ direction / length_squared, 0, 1) if length_squared > 0 else np.zeros(len(points))
    distance = np.hypot(*(relative - share[:, None] * direction).T)
    within: NDArray[np.bool_] = distance <= radius
    return within
