"""Fields of a table that was read from JSON, each of the kind that it must be."""

# Tests: tests/engine/test_experiment.py

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.messages import Message, message


class FieldError(InputError):
    """A field that is missing or of another kind."""


def plain(value: Any) -> Any:
    """A list, if it is an array."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def array_in(table: dict[str, Any], name: str, n_axes: int) -> list[Any] | NDArray[Any]:
    """A list, or the array that it was read as."""
    value = table.get(name)
    return value if isinstance(value, np.ndarray) and value.ndim == n_axes else list_in(table, name)


def list_in(table: dict[str, Any], name: str) -> list[Any]:
    """The list in a field, or a FieldError."""
    value = plain(table.get(name))
    if not isinstance(value, list):
        raise FieldError("“{name}” is missing or not a list.", name=name)
    return value


def holds(values: Iterable[Any], *kinds: type) -> bool:
    """True if all values are of these very types; numpy would make texts of numbers, and the other way round."""
    if isinstance(values, np.ndarray):
        return values.dtype == np.int64 or float in kinds
    return set(map(type, values)) <= set(kinds)


def no_table(name: str) -> Message:
    """The complaint about a field that is no table."""
    return message("“{name}” is missing or not a table of names and values.", name=name)


def as_table(value: Any, complaint: Message) -> dict[str, Any]:
    """The value if it is a table, or a FieldError with the complaint."""
    if not isinstance(value, dict):
        raise FieldError(complaint)
    return value
