"""JSON with arrays of a million numbers, written and read in pieces.

Writing or reading such a text in one call holds the interpreter's lock for seconds, in which no other thread gets on,
and the window stands still. Between pieces it is free for whoever waits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

ROWS = 2**12  # of an array that are written at once
BYTES = 2**17  # of an array that are read at once; what is shorter is no long array
STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
PLACEHOLDER = b"NaN"  # which stands nowhere else, or the text is read in one piece


def pieces_of(value: Any) -> Iterator[str]:
    """The JSON text of a value in pieces, as short as it can be; arrays are written as lists.

    Raises:
        ValueError: a number is not finite.
    """
    if isinstance(value, dict):
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}{text_of(key)}:"
            yield from pieces_of(item)
        yield "}" if value else "{}"
    elif isinstance(value, np.ndarray):
        yield "["
        for first in range(0, len(value), ROWS):
            yield f"{',' if first else ''}{text_of(value[first : first + ROWS].tolist())[1:-1]}"
        yield "]"
    else:
        yield text_of(value)


def text_of(value: Any) -> str:
    """The JSON text of a value that is not large."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class _NoArrayError(ValueError):
    """A text that is no array of numbers as this program writes them; it is read in one piece."""


def value_of(content: bytes, constant: Callable[[str], Any], table: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    """The value of a JSON text; long lists of numbers, or of equally long lists of numbers, as arrays.

    Arrays are int64 where all numbers are whole, else float64. What is not written as it usually is comes as lists, or
    fails as `json.loads` does, with the same places in the message.

    Args:
        content: UTF-8.
        constant: what to make of NaN and Infinity, which JSON does not have.
        table: what to make of pairs of a name and a value.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        skeleton, arrays = without_arrays(content)
        waiting = iter(arrays)
        text = skeleton.decode("utf-8-sig")
        return json.loads(text, parse_constant=lambda _: next(waiting), object_pairs_hook=table)
    except (ValueError, RecursionError):
        return json.loads(content.decode("utf-8-sig"), parse_constant=constant, object_pairs_hook=table)


def without_arrays(content: bytes) -> tuple[bytes, list[NDArray[Any]]]:
    """A JSON text with a placeholder for each long array, and these, at least one."""
    if len(content) < BYTES:
        raise _NoArrayError
    parts, arrays, end = list[bytes](), list[NDArray[Any]](), 0
    while end < len(content):
        start = content.find(b'"', end)
        between = content[end : start if start >= 0 else len(content)]
        if len(between) >= BYTES:
            before, body, after = split_array(between)
            arrays.append(array_of(body))
            between = before + PLACEHOLDER + after
        elif b"N" in between or b"I" in between:
            raise _NoArrayError
        rest = STRING_REST.match(content, start + 1) if start >= 0 else None
        if start >= 0 and rest is None:
            raise _NoArrayError
        end = len(content) if rest is None else rest.end()
        parts += [between, content[start:end] if start >= 0 else b""]
    if not arrays:
        raise _NoArrayError
    return b"".join(parts), arrays


def split_array(text: bytes) -> tuple[bytes, bytes, bytes]:
    """The parts of a text before, within and behind the brackets of its one array."""
    inner = text.rstrip(b" \t\r\n},")
    first = inner.find(b"[")
    if first < 0 or not inner.endswith(b"]") or text[:first].strip() != b":":
        raise _NoArrayError
    return text[:first], inner[first + 1 : -1], text[len(inner) :]


def array_of(body: bytes) -> NDArray[Any]:
    """The array whose elements a text has between its brackets."""
    is_table = body.lstrip()[:1] == b"["
    mark = b"]," if is_table else b","
    parts, first = list[NDArray[Any]](), 0
    while first <= len(body):
        last = body.find(mark, first + BYTES)
        last = len(body) if last < 0 else last + len(mark) - 1
        parts.append(piece_of(body[first:last], is_table=is_table))
        first = last + 1
    if len({(part.dtype, part.shape[1:]) for part in parts}) > 1:
        if len({part.shape[1:] for part in parts}) > 1:
            raise _NoArrayError
        parts = [part.astype(np.float64) for part in parts]
    return np.concatenate(parts)


def piece_of(text: bytes, *, is_table: bool) -> NDArray[Any]:
    """The rows or numbers that a text has, at least one."""
    values = json.loads(b"[" + text + b"]", parse_constant=_refuse)
    rows = values if is_table else [values]
    numbers = set(map(type, chain.from_iterable(rows))) if all(type(row) is list for row in rows) else {list}
    if not values or not numbers <= {int, float} or (is_table and len(set(map(len, rows))) != 1):
        raise _NoArrayError
    try:
        return np.array(values, dtype=np.int64 if numbers == {int} else np.float64)
    except OverflowError as error:
        raise _NoArrayError from error


def _refuse(name: str) -> NoReturn:
    raise _NoArrayError(name)
