"""From rows of cells to a dataset, in blocks; a cell that is wrong is named with its line and its column."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from engine.data.names import one_writing
from engine.data.precision import in_single_precision
from engine.data.projection import plane_for
from engine.dataset import MAX_CLASSES, MAX_NAME_LENGTH, MAX_POINTS, Dataset, default_names, free_name
from engine.errors import shown
from engine.files.numerals import (
    OTHERS,
    PARTED_BY_BLANKS,
    THOUSANDS,
    groups_are_proved,
    is_missing,
    is_number,
    number,
    plain,
    written_plainly,
)
from engine.files.whole_files import MAX_VALUES
from engine.formats.table_columns import clean_name
from engine.formats.table_format import Columns, TableError, TableFormat
from engine.formats.table_text import NumberedRow
from engine.messages import NOTHING, Message, mark, message

STRANGE = {
    ".": re.compile(r"[^0-9eE+\-. \t\n]"),
    ",": re.compile(r"[^0-9eE+\-, \t\n]|,(?![0-9])"),
    "/": re.compile(r"[^0-9eE+\-/ \t\n]|/(?![0-9])"),
}
"""For each decimal sign, a pattern that never matches the cells of plain numbers, joined by line feeds."""
ASKED_SIGNS = {
    ".": mark("Is the decimal sign a point?"),
    ",": mark("Is the decimal sign a comma?"),
    "/": mark("Is the decimal sign a stroke?"),
}
TOO_LARGE = (2 - 2.0**-24) * 2.0**127  # from here on single precision rounds to infinity
MAX_WRITINGS = 1_000  # of the values of a label


@dataclass(frozen=True)
class TablePoints:
    """The points that were read from a table.

    Attributes:
        dataset: the points.
        left_out: how many rows were left out because a value was missing.
        notes: what else there is to tell.
    """

    dataset: Dataset
    left_out: int
    notes: tuple[Message, ...]


class PointReader:
    """Takes rows block by block and makes one dataset of them.

    Args:
        table_format: as the rows are written.
        columns: those that are used.
        names: of all columns; each row must have as many cells.
        skip_missing: whether rows with missing values are left out, or an error.

    Attributes:
        left_out: how many were left out.
    """

    def __init__(
        self, table_format: TableFormat, columns: Columns, names: tuple[str, ...], *, skip_missing: bool = False
    ) -> None:
        self._format, self._columns, self._names, self._skip = table_format, columns, names, skip_missing
        self._points: list[NDArray[np.float64]] = []
        self._codes: list[NDArray[np.int64]] = []
        self._texts: dict[str, int] = {}
        self._n_points = self.left_out = 0
        self._has_signs = False

    def add(self, block: Sequence[NumberedRow]) -> None:
        """Take some rows of equal length.

        Raises:
            TableError: a cell is no number or missing, or there are too many rows.
        """
        if not self._n_points:
            self._has_signs = labels_are_signs([cells for _, cells, _ in block], self._columns)
        if self._skip:
            kept = [row for row in block if not has_missing(row[1], self._columns, has_signs=self._has_signs)]
            self.left_out += len(block) - len(kept)
            block = kept
        if not block:
            return
        self._n_points += len(block)
        if self._n_points > MAX_POINTS:
            raise TableError("it has more than {most:,} rows; remove some.", most=MAX_POINTS)
        n_features = len(self._columns.features)
        if self._n_points * n_features > MAX_VALUES:
            raise TableError(
                "it has more than {most:,} numbers in {n_features} columns; choose fewer columns.",
                most=MAX_VALUES,
                n_features=n_features,
            )
        columns = list(zip(*(row[1] for row in block), strict=True))
        points = np.empty((len(block), n_features))
        for index, column in enumerate(self._columns.features):
            fast = _converted(columns[column], self._format.decimal)
            points[:, index] = self._cell_by_cell(block, column) if fast is None else fast
        self._points.append(points)
        if self._columns.label is not None:
            self._add_labels(block, list(map(str.strip, columns[self._columns.label])))

    def points(self, notes: tuple[Message, ...] = ()) -> TablePoints:
        """All rows as a dataset; `notes` are told with it.

        Raises:
            TableError: there are no rows, or too many classes.
        """
        if not self._n_points:
            raise TableError("it has no rows of numbers.")
        values = np.concatenate(self._points)
        self._points = []
        names = [self._names[column] for column in self._columns.features]
        points, told = in_single_precision(values, names)
        classes, labels = default_names(2), np.zeros(len(points), dtype=np.int64)
        if self._columns.label is not None:
            classes, places = named_classes(tuple(self._texts), self._format.decimal)
            if len(classes) > MAX_CLASSES:
                raise TableError(
                    "the column “{name}” has {n_values:,} different values; at most {most} classes are possible. "
                    "Choose another column for the label, or none.",
                    name=self._names[self._columns.label],
                    n_values=len(self._texts),
                    most=MAX_CLASSES,
                )
            labels = np.array(places)[np.concatenate(self._codes)]
        features = tuple(names) if self._format.has_header else ()
        dataset = Dataset(points, labels, classes, feature_names=features, projection=plane_for(points))
        return TablePoints(dataset, self.left_out, (*notes, *told))

    def _add_labels(self, block: Sequence[NumberedRow], texts: list[str]) -> None:
        known = self._texts
        new = set(texts).difference(known)
        for text in sorted(filter(is_missing, new), key=texts.index):
            if not self._has_signs:
                raise TableError(
                    "line {line}, column “{name}”: {absence}; every point needs a class. Leave out the rows with "
                    "missing values, or complete them.",
                    line=block[texts.index(text)][0],
                    name=self._names[self._columns.label or 0],
                    absence=_absence(text),
                )
        self._codes.append(np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64))

    def _cell_by_cell(self, block: Sequence[NumberedRow], column: int) -> list[float]:
        decimal, name = self._format.decimal, self._names[column]
        lone = groups_are_proved([cells[column] for _, cells, _ in block], decimal)
        values = []
        for line, cells, _ in block:
            cell = cells[column]
            value = number(cell, decimal, lone=lone)
            if value is None and is_missing(cell):
                raise TableError(
                    "line {line}, column “{name}”: {absence}; every point needs a number there. Leave out the rows with"
                    " missing values, or complete them.",
                    line=line,
                    name=name,
                    absence=_absence(cell),
                )
            if value is None:
                hint = advice(cell, self._format)
                raise TableError(
                    mark("line {line}, column “{name}”: “{cell}” is not a number. {hint}")
                    if hint
                    else mark("line {line}, column “{name}”: “{cell}” is not a number."),
                    line=line,
                    name=name,
                    cell=shown(cell, 40),
                    hint=hint,
                )
            if not abs(value) < TOO_LARGE:
                raise TableError(
                    "line {line}, column “{name}”: “{cell}” is too large a number.",
                    line=line,
                    name=name,
                    cell=shown(cell, 40),
                )
            values.append(value)
        return values


def labels_are_signs(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """True if the classes are called + and -, so that a stroke is no missing value."""
    return columns.label is not None and {row[columns.label].strip() for row in rows} == {"+", "-"}


def has_missing(row: Sequence[str], columns: Columns, *, has_signs: bool = False) -> bool:
    """True if a value that is used is missing in a row."""
    if columns.label is not None and not has_signs and is_missing(row[columns.label]):
        return True
    return any(is_missing(row[column]) for column in columns.features)


def advice(cell: str, table_format: TableFormat) -> Message:
    """Advice about a cell that is no number; nothing if none is known."""
    other = OTHERS[table_format.decimal]
    if PARTED_BY_BLANKS.fullmatch(plain(cell, ".")):
        return message("If these are thousands, write them without blanks.")
    if THOUSANDS.fullmatch(cell) and (table_format.delimiter == "," or not is_number(cell, other)):
        return message("If these are thousands, write them without commas.")
    return message(ASKED_SIGNS[other]) if is_number(cell, other) else NOTHING


def _absence(cell: str) -> Message:
    if not cell.strip():
        return message("the cell is empty")
    return message("“{cell}” is a missing value", cell=shown(cell.strip(), 40))


def _converted(cells: Sequence[str], decimal: str) -> NDArray[np.float64] | None:
    """A column as numbers, all at once; None if a cell is, or may be, no plain number within single precision."""
    joined = "\n".join(cells)
    if STRANGE[decimal].search(joined):
        return None
    texts = cells if decimal == "." else joined.replace(decimal, ".").split("\n")
    try:
        values = np.array(list(map(float, texts)))
    except ValueError:
        return None
    return values if len(values) == len(cells) and (np.abs(values) < TOO_LARGE).all() else None


def named_classes(texts: tuple[str, ...], decimal: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Class names for the different texts of a label column, and the class of each text.

    If all are numbers, equal ones are one class, named the short way, and the classes are in the order of their values;
    else texts that look alike are one class, and the classes are in the order of the texts. Names are made to differ,
    and a second one is found if there is only one. Of too many there are no classes.
    """
    if len(texts) > MAX_WRITINGS:
        return texts, ()
    values = _exact_values(texts, decimal)
    if values:
        groups = {text: _short(value, [t for t in texts if values[t] == value]) for text, value in values.items()}
        order = list(dict.fromkeys(groups[text] for text in sorted(texts, key=values.__getitem__)))
    else:
        groups = {text: one_writing(text) or text for text in texts}
        order = list(dict.fromkeys(groups.values()))
    if len(order) > MAX_CLASSES:
        return tuple(order), ()
    names: list[str] = []
    for text in order:
        name = clean_name(text) or "Class"
        if name in names:
            endings = (f" ({number})" for number in range(2, MAX_CLASSES + 2))
            name = next(n for n in (name[: MAX_NAME_LENGTH - len(e)] + e for e in endings) if n not in names)
        names.append(name)
    if len(names) == 1:
        names.append(free_name(1, names))
    return tuple(names), tuple(order.index(groups[text]) for text in texts)


def _exact_values(texts: tuple[str, ...], decimal: str) -> dict[str, Decimal]:
    """The number that each text is; nothing unless all are some."""
    if not all(is_number(text, decimal) for text in texts):
        return {}
    try:
        return {text: Decimal(written_plainly(plain(text, decimal), decimal)) for text in texts}
    except InvalidOperation:  # an exponent of dozens of digits
        return {}


def _short(value: Decimal, writings: list[str]) -> str:
    """The shortest way to write a number that is a label: one that the table has, or the usual one."""
    usual = f"{value:f}" if abs(value.adjusted()) < MAX_NAME_LENGTH else f"{value:g}"
    usual = usual.rstrip("0").rstrip(".") if "." in usual else usual
    return min([*writings, usual if value else "0"], key=len)
