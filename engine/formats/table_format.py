"""The form of a delimited text: how its columns are separated, which are numbers, where the table begins."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import InputError, as_typed
from engine.files.numerals import DECIMALS, groups_are_proved, is_missing, is_number, number
from engine.messages import Message

DELIMITERS = ("\t", ";", ",", "|", "؛", "،", "", ":")
MAX_COLUMNS = 1_000
MOSTLY = 0.8
"""Share of the cells of a column that must be numbers for it to be one of numbers; reading finds those that are not."""

Rows = Sequence[Sequence[str]]


class TableError(InputError):
    """A text that is no table of points; the message says what is wrong, in which line, and what to do."""


@dataclass(frozen=True)
class Doubt:
    """Something in a table that may be meant otherwise.

    Attributes:
        sentence: what it is.
        reason: the same where it stands after a colon.
    """

    sentence: Message
    reason: Message

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class TableFormat:
    """The way in which numbers and columns are written.

    Attributes:
        delimiter: what separates columns: one character, or nothing for blanks and tabs in any number.
        decimal: the decimal sign: a point, a comma, or a stroke.
        has_header: whether the table begins with the names of the columns.
        first_line: the number of the line in which the table begins; what is before it is left out.

    Raises:
        TableError: if a part is none of these.
    """

    delimiter: str
    decimal: str
    has_header: bool
    first_line: int = 1

    def __post_init__(self) -> None:
        if len(self.delimiter) > 1 or self.delimiter in ("\r", "\n", '"', "\0"):
            raise TableError(
                "Columns cannot be separated by {sign}; it must be one character.",
                sign=as_typed(self.delimiter),
            )
        if self.decimal not in DECIMALS:
            raise TableError(
                "The decimal sign is {sign}; it must be a point, a comma or a stroke.", sign=as_typed(self.decimal)
            )


@dataclass(frozen=True)
class Columns:
    """The columns that are used, by their numbers from 0.

    Attributes:
        features: those of the coordinates, at least two for a dataset.
        label: that of the classes, or None: all points are of one class.
    """

    features: tuple[int, ...]
    label: int | None


def width_of(rows: Iterable[Sequence[str]]) -> int:
    """The number of cells that most rows have."""
    return Counter(map(len, rows)).most_common(1)[0][0]


def numeric_columns(rows: Rows, decimal: str) -> tuple[bool, ...]:
    """For each column True if it is of numbers, by the cells that are not missing."""
    width = width_of(rows)
    columns = zip(*(row for row in rows if len(row) == width), strict=True)
    return tuple(_mostly_numbers([cell for cell in column if not is_missing(cell)], decimal) for column in columns)


def _mostly_numbers(cells: list[str], decimal: str) -> bool:
    lone = groups_are_proved(cells, decimal)
    good = sum(number(cell, decimal, lone=lone) is not None for cell in cells)
    return good > 0 and good >= MOSTLY * len(cells)


def merit(rows: Rows, decimal: str) -> tuple[bool, int, bool, float, int]:
    """The likeness to a table of rows that are split in one way, to be compared with other ways.

    Rows that are mostly of one length count most; then two columns of numbers; then that all rows, the header too, are
    of one length, which a blank in a name would break; then the share of columns that are of numbers; then the number
    of cells that are.
    """
    width = width_of(rows)
    if width < 2:
        return (False, 0, False, 0.0, 0)
    even = sum(len(row) == width for row in rows) / len(rows)
    n_numeric = sum(numeric_columns(rows[1:] or rows, decimal))
    n_cells = sum(is_number(cell, decimal) for row in rows for cell in row)
    return (even >= MOSTLY, min(n_numeric, 2), even == 1, n_numeric / width, n_cells)
