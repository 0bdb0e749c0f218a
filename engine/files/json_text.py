"""JSON as it may stand in a file from anywhere: what is wrong with it is a sentence."""

# Tests: tests/engine/files/test_json_pieces.py

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from engine.errors import InputError, shown
from engine.files.json_pieces import value_of


class JsonError(InputError):
    """A text that is no JSON, or JSON that can mean two things."""


def parsed(content: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        JsonError: it is no JSON, or a key stands twice in one table, or a number is none.
    """
    try:
        return value_of(content, _no_constant, _unique_keys)
    except UnicodeDecodeError as error:
        raise JsonError("it is not a text file.") from error
    except json.JSONDecodeError as error:
        raise JsonError(
            "it is not JSON ({problem}, line {line}, column {column}).",
            problem=error.msg,
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise JsonError("it is nested too deeply.") from error
    except InputError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise JsonError("it has a number that cannot be read.") from error


def _no_constant(name: str) -> NoReturn:
    raise JsonError("it contains {name} where a finite number is needed.", name=name)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = Counter(keys).most_common(1)[0][0]
        raise JsonError(
            "“{name}” stands twice in one table; which of the two counts cannot be known.", name=shown(twice, 40)
        )
    return table
