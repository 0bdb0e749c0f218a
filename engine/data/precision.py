"""The effect of single precision on the numbers of a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message, message

LARGEST = float(np.finfo(np.float32).max)
MAX_EXACT = 2.0**53  # from here on not even double precision has every whole number
MAX_LOST = 0.1  # of different decimals, which are rounded anyway

Values = NDArray[np.float64]


def in_single_precision(points: NDArray[Any], names: Sequence[str]) -> tuple[NDArray[np.float32], list[Message]]:
    """Numbers of any type, a column for each name, in single precision; and what there is to tell.

    What is not finite then is not changed, nor told of; no dataset takes it.
    """
    if np.can_cast(points.dtype, np.float32):
        return points.astype(np.float32), []
    values = points.astype(np.float64)
    told = [
        sentence
        for column, name in zip(values.T, names, strict=True)
        if len(column) and np.abs(column).max() <= LARGEST
        for sentence in keep_apart(column, name)
    ]
    with np.errstate(over="ignore"):
        return values.astype(np.float32), told


def keep_apart(values: Values, name: str) -> list[Message]:
    """Take a round number away from all values of a column, in place, if single precision makes different ones equal.

    That is done where they lie far from zero and close together, so that it helps: in metres of a map, or milliseconds
    since 1970. Returns what there is to tell: the number, and that values are equal nevertheless; of
    decimals only if those are many.
    """
    ordered = np.unique(values)
    told: list[Message] = []
    places = _merged(ordered)
    centre = _round_centre(float(ordered[0]), float(ordered[-1]))
    if len(places) and centre:
        still = _merged(ordered - centre)
        if len(still) < len(places):
            values -= centre
            places = still
            told.append(
                message(
                    "{number} was taken from every “{name}”: in single precision different values would be equal.",
                    number=_number(centre),
                    name=name,
                )
            )
    is_whole = len(places) > 0 and np.array_equal(ordered, np.floor(ordered))
    if len(places) > (0 if is_whole else MAX_LOST * len(ordered)):
        low, high = (_number(value) for value in ordered[places[0] : places[0] + 2].tolist())
        told.append(
            message(
                "Single precision has about seven digits: {low} and {high} of “{name}”, for example, are equal.",
                low=low,
                high=high,
                name=name,
            )
        )
    elif max(-ordered[0], ordered[-1]) >= MAX_EXACT:
        told.append(
            message(
                "Single precision has about seven digits: different values of “{name}” beyond {most:,.0f} may be"
                " equal.",
                name=name,
                most=MAX_EXACT,
            )
        )
    return told


def _merged(ordered: Values) -> NDArray[np.intp]:
    """The places of values, in ascending order, that single precision makes equal to the next one."""
    return np.flatnonzero(np.diff(ordered.astype(np.float32)) == 0)


def _round_centre(low: float, high: float) -> float:
    """A number of few digits near to all values; 0 if none is nearer to them than zero."""
    extent = high - low
    if low * high <= 0 or not 0 < extent < min(abs(low), abs(high)):
        return 0.0
    step = 10.0 ** np.ceil(np.log10(extent))
    return float(np.floor(low / step) * step)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() and abs(value) < MAX_EXACT else f"{value:.15g}"
