"""What a delimited text is made of: how its columns are separated, which are numbers, which is the label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.dataset import MAX_CLASSES, MAX_NAME_LENGTH
from engine.errors import InputError, as_typed

DELIMITERS = ("\t", ";", ",", "|", "", ":")
MAX_COLUMNS = 1_000
MOSTLY = 0.8
"""Share of the cells of a column that must be numbers for it to be one of numbers; reading finds those that are not."""
LABEL_NAMES = frozenset(
    ("label", "labels", "class", "classes", "target", "targets", "y", "category", "species", "group", "cluster", "type")
)
INDEX_NAMES = frozenset(("", "id", "index", "nr", "no", "no.", "row", "#", "unnamed: 0"))
NUMBERS = {
    ".": re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*", re.ASCII),
    ",": re.compile(r"\s*[+-]?(?:[0-9]+(?:,[0-9]+)?|,[0-9]+)(?:[eE][+-]?[0-9]+)?\s*", re.ASCII),
}
THOUSANDS = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\s*", re.ASCII)
FORMULA = re.compile("'+[=+\\-@＝＋－＠]")

Rows = Sequence[Sequence[str]]


class TableError(InputError):
    """A text that is no table of points; the message says what is wrong, in which line, and what to do."""


@dataclass(frozen=True)
class TableFormat:
    """How numbers and columns are written.

    Attributes:
        delimiter: what separates columns: one character, or nothing for blanks and tabs in any number.
        decimal: the decimal sign, a point or a comma.
        has_header: whether the first line has the names of the columns.

    Raises:
        TableError: if a part is none of these.
    """

    delimiter: str
    decimal: str
    has_header: bool

    def __post_init__(self) -> None:
        if len(self.delimiter) > 1 or self.delimiter in ("\r", "\n", '"', "\0"):
            raise TableError(f"Columns cannot be separated by {as_typed(self.delimiter)}; it must be one character.")
        if self.decimal not in NUMBERS:
            raise TableError(f"The decimal sign is {as_typed(self.decimal)}; it must be a point or a comma.")


@dataclass(frozen=True)
class Columns:
    """Which columns are used, by their numbers from 0.

    Attributes:
        features: those of the coordinates, at least two for a dataset.
        label: that of the classes, or None: all points are of one class.
    """

    features: tuple[int, ...]
    label: int | None


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell is a plain decimal number; ``float`` takes nan, 1_000 and other scripts' digits too."""
    return NUMBERS[decimal].fullmatch(cell) is not None


def clean_name(text: str) -> str:
    """A text of a file as a name: without what cannot be shown, and not too long; it may be empty.

    An apostrophe before a sign that begins a formula is how `engine.table_writing` keeps spreadsheets from running it.
    """
    if FORMULA.match(text):
        text = text[1:]
    spaced = (" " if character.isspace() else character for character in text)
    shown = "".join(character for character in spaced if character.isprintable())
    return shown.strip()[:MAX_NAME_LENGTH].strip()


def width_of(rows: Rows) -> int:
    """The number of cells that most rows have."""
    return Counter(map(len, rows)).most_common(1)[0][0]


def numeric_columns(rows: Rows, decimal: str) -> tuple[bool, ...]:
    """Which columns are of numbers, by the cells that are not empty."""
    width = width_of(rows)
    columns = zip(*(row for row in rows if len(row) == width), strict=True)
    return tuple(_mostly_numbers([cell for cell in column if cell.strip()], decimal) for column in columns)


def _mostly_numbers(cells: list[str], decimal: str) -> bool:
    good = sum(is_number(cell, decimal) for cell in cells)
    return good > 0 and good >= MOSTLY * len(cells)


def merit(rows: Rows, decimal: str) -> tuple[bool, int, bool, float, int]:
    """How much rows split in one way look like a table, to be compared with other ways.

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


def has_header(rows: Rows, decimal: str) -> bool:
    """Whether the first row has names: where the others have numbers, it has none."""
    first, rest = rows[0], rows[1:]
    if not rest:
        return not any(is_number(cell, decimal) for cell in first)
    numeric = numeric_columns(rest, decimal)
    if len(first) != len(numeric):
        return False
    return not any(is_number(cell, decimal) for cell, column in zip(first, numeric, strict=True) if column)


def column_names(first: Sequence[str] | None, n_columns: int) -> tuple[str, ...]:
    """The names in a header, or made-up ones where there are none."""
    given = [*(first or ()), *[""] * n_columns][:n_columns]
    return tuple(clean_name(cell) or f"x{number}" for number, cell in enumerate(given, 1))


def proposed_columns(names: Sequence[str], rows: Rows, numeric: Sequence[bool], decimal: str) -> Columns:
    """The columns that are probably meant.

    The label is a column of few values that is named so, or is of texts, or of whole numbers and the last, the first or
    any; of two columns of numbers both are features. A column that counts the rows is no feature.
    """
    whole = [row for row in rows if len(row) == len(names)]
    cells = [[row[j].strip() for row in whole] for j in range(len(names))]
    numbers = [j for j in range(len(names)) if numeric[j]]
    spare = [j for j in numbers if _counts_rows(cells[j]) and names[j].lower() in (*INDEX_NAMES, f"x{j + 1}")]
    if len(numbers) - len(spare) >= 2:
        numbers = [j for j in numbers if j not in spare]
    candidates = []
    for j, name in enumerate(names):
        named, text = _named_as_label(name, names), not numeric[j]
        spare_one = j not in numbers or len(numbers) > 2
        if spare_one and _few_values(cells[j]) and (named or text or (j in numbers and _whole(cells[j], decimal))):
            candidates.append((named, text, j == len(names) - 1, j == 0, j))
    label = max(candidates)[-1] if candidates else None
    return Columns(tuple(j for j in numbers if j != label), label)


def doubts(names: Sequence[str], rows: Rows, numeric: Sequence[bool], form: TableFormat, columns: Columns) -> str:
    """What may be meant otherwise than it is proposed, as sentences; "" if nothing.

    That is a column that would be the label if it had fewer values, and numbers between commas that may be thousands.
    """
    whole = [row for row in rows if len(row) == len(names)]
    found = []
    for j, name in enumerate(names if columns.label is None else ()):
        spare = j not in columns.features or len(columns.features) > 2
        if not spare or name.lower() in INDEX_NAMES or (numeric[j] and not _named_as_label(name, names)):
            continue
        n_values = len({row[j].strip() for row in whole} - {""})
        if n_values > MAX_CLASSES:
            found.append(
                f"the column “{name}” has {n_values:,} different values in the first {len(whole):,} rows; "
                f"at most {MAX_CLASSES} classes are possible."
            )
    if form.delimiter == form.decimal == ",":
        cells = [row[j].strip() for j in columns.features for row in whole if "," in row[j]]
        if cells and all(map(THOUSANDS.fullmatch, cells)):
            found.append(f"“{cells[0]}” may be thousands; it is read as {cells[0].replace(',', '.')}.")
    return " ".join(sentence[:1].upper() + sentence[1:] if k else sentence for k, sentence in enumerate(found))


def _named_as_label(name: str, names: Sequence[str]) -> bool:
    return name.lower() in LABEL_NAMES and not (name.lower() == "y" and "x" in map(str.lower, names))


def _few_values(cells: list[str]) -> bool:
    return 1 <= len(set(filter(None, cells))) <= MAX_CLASSES


def _whole(cells: list[str], decimal: str) -> bool:
    return all(
        is_number(cell, decimal) and float(cell.replace(",", ".")) % 1 == 0 for cell in set(cells)
    )  # 1e400 % 1 is nan


def _counts_rows(cells: list[str]) -> bool:
    """Whether each cell is one more than the one before."""
    if len(cells) < 3 or not all(re.fullmatch("[0-9]{1,7}", cell) for cell in cells):
        return False
    return all(int(after) == int(before) + 1 for before, after in pairwise(cells))
