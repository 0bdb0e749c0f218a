"""The options of the drawing tools."""

# Tests: tests/gui/canvas/test_tool_options.py

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

MIN_RING, MAX_RING = 4.0, 400.0  # pixels of its radius


class Spread(StrEnum):
    """The way in which sprayed points are spread over the ring."""

    UNIFORM = "uniform"
    GAUSSIAN = "gaussian"


@dataclass(frozen=True)
class ToolOptions:
    """The options of the tools as they are set.

    Attributes:
        spacing: of the brush, as a share of the ring's radius.
        spread, rate: of the spray; points a second at full pressure.
        relabel_share: of the points in the ring that the relabel brush changes.
        strength: of jitter and magnet: the share of the ring's radius that points move in a second.
        stamp_points, stamp_noise: points of a stamp, and their noise as a share of its size.
    """

    spacing: float = 1.0
    spread: Spread = Spread.UNIFORM
    rate: float = 80.0
    relabel_share: float = 1.0
    strength: float = 0.5
    stamp_points: int = 40
    stamp_noise: float = 0.05

    def as_table(self) -> dict[str, Any]:
        """The options as what JSON can hold."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


RANGES: dict[str, tuple[float, float]] = {
    "spacing": (0.1, 10.0),
    "rate": (1.0, 5000.0),
    "relabel_share": (0.01, 1.0),
    "strength": (0.01, 10.0),
    "stamp_points": (1, 5000),
    "stamp_noise": (0.0, 1.0),
}
"""The least and the largest value of each number."""


def options_from(table: dict[str, Any]) -> ToolOptions:
    """The options of a table; what is unknown, of another kind or out of range is as usual."""
    usual, good = ToolOptions(), {}
    for name, value in table.items():
        if name in RANGES:
            low, high = RANGES[name]
            kind = type(getattr(usual, name))
            if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
                good[name] = kind(value)
        elif name == "spread" and value in list(Spread):
            good[name] = Spread(value)
    return ToolOptions(**good)
