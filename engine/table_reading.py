"""From rows of cells to a dataset, in blocks; a cell that is wrong is named with its line and its column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.dataset import MAX_CLASSES, MAX_NAME_LENGTH, MAX_POINTS, Dataset, default_names, free_name
from engine.files import MAX_VALUES, shown
from engine.projection import plane_for
from engine.table_format import NUMBERS, THOUSANDS, Columns, TableError, TableFormat, clean_name, is_number

STRANGE = {".": re.compile(r"[^0-9eE+\-. \t\n]"), ",": re.compile(r"[^0-9eE+\-, \t\n]|,(?![0-9])")}
"""What no column of numbers has in its cells, joined by line feeds."""

NumberedRows = Sequence[tuple[int, list[str]]]


class PointReader:
    """Takes rows block by block and makes one dataset of them.

    Args:
        table_format: as the rows are written.
        columns: those that are used.
        names: of all columns; each row must have as many cells.
    """

    def __init__(self, table_format: TableFormat, columns: Columns, names: tuple[str, ...]) -> None:
        self._format, self._columns, self._names = table_format, columns, names
        self._points: list[NDArray[np.float32]] = []
        self._codes: list[NDArray[np.int64]] = []
        self._texts: dict[str, int] = {}
        self._n_points = 0

    def add(self, block: NumberedRows) -> None:
        """Take some rows, each with the number of its line.

        Raises:
            TableError: a row has too many or too few cells, a cell is no number or empty, or there are too many rows.
        """
        self._check_widths(block)
        self._n_points += len(block)
        if self._n_points > MAX_POINTS:
            raise TableError(f"it has more than {MAX_POINTS:,} rows; remove some.")
        n_features = len(self._columns.features)
        if self._n_points * n_features > MAX_VALUES:
            raise TableError(f"it has more than {MAX_VALUES:,} numbers in {n_features} columns; choose fewer columns.")
        columns = list(zip(*(row for _, row in block), strict=True))
        points = np.empty((len(block), n_features), dtype=np.float32)
        for index, column in enumerate(self._columns.features):
            fast = _converted(columns[column], self._format.decimal)
            points[:, index] = self._cell_by_cell(block, column) if fast is None else fast
        self._points.append(points)
        if self._columns.label is not None:
            self._add_labels(block, list(map(str.strip, columns[self._columns.label])))

    def dataset(self) -> Dataset:
        """All rows as a dataset.

        Raises:
            TableError: there are no rows, or too many classes.
        """
        if not self._n_points:
            raise TableError("it has no rows of numbers.")
        points = np.concatenate(self._points)
        names, labels = default_names(2), np.zeros(len(points), dtype=np.int64)
        if self._columns.label is not None:
            if len(self._texts) > MAX_CLASSES:
                raise TableError(
                    f"the column “{self._names[self._columns.label]}” has {len(self._texts):,} different values; "
                    f"at most {MAX_CLASSES} classes are possible. Choose another column for the label, or none."
                )
            names, places = named_classes(tuple(self._texts), self._format.decimal)
            labels = np.array(places)[np.concatenate(self._codes)]
        plane = plane_for(points)
        features = tuple(self._names[column] for column in self._columns.features) if self._format.has_header else ()
        return Dataset(points, labels, names, feature_names=features, projection=plane)

    def _check_widths(self, block: NumberedRows) -> None:
        for line, row in block:
            if len(row) != len(self._names):
                raise TableError(f"line {line} has {_columns(len(row))}; other lines have {len(self._names)}.")

    def _add_labels(self, block: NumberedRows, texts: list[str]) -> None:
        if "" in texts:
            line, name = block[texts.index("")][0], self._names[self._columns.label or 0]
            raise TableError(f"line {line}, column “{name}”: the cell is empty; every point needs a class.")
        known = self._texts
        self._codes.append(np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64))

    def _cell_by_cell(self, block: NumberedRows, column: int) -> list[float]:
        decimal, name = self._format.decimal, self._names[column]
        largest = float(np.finfo(np.float32).max)
        values = []
        for line, row in block:
            cell = row[column]
            where = f"line {line}, column “{name}”:"
            if not cell.strip():
                raise TableError(f"{where} the cell is empty; every point needs a number there.")
            if not is_number(cell, decimal):
                other = "," if decimal == "." else "."
                if THOUSANDS.fullmatch(cell) and (self._format.delimiter == "," or not is_number(cell, other)):
                    hint = " If these are thousands, write them without commas."
                else:
                    hint = f" Is the decimal sign a {SIGN_NAMES[other]}?" if is_number(cell, other) else ""
                raise TableError(f"{where} “{shown(cell, 40)}” is not a number.{hint}")
            value = float(cell.replace(",", "."))
            if not abs(value) <= largest:
                raise TableError(f"{where} “{shown(cell, 40)}” is too large a number.")
            values.append(value)
        return values


SIGN_NAMES = {".": "point", ",": "comma"}


def _columns(count: int) -> str:
    return f"{count:,} column" if count == 1 else f"{count:,} columns"


def _converted(cells: Sequence[str], decimal: str) -> NDArray[np.float32] | None:
    """A column as numbers, all at once; None if a cell is, or may be, no number of single precision."""
    joined = "\n".join(cells)
    if STRANGE[decimal].search(joined):
        return None
    texts = joined.replace(",", ".").split("\n") if decimal == "," else cells
    try:
        with np.errstate(over="ignore"):
            values = np.array(list(map(float, texts))).astype(np.float32)
    except ValueError:
        return None
    return values if len(values) == len(cells) and np.isfinite(values).all() else None


def named_classes(texts: tuple[str, ...], decimal: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Class names for the different texts of a label column, and the class of each text.

    The classes are in the order of the texts; if all are numbers, by their values. Names are made to differ, and a
    second one is found if there is only one.
    """
    order = list(texts)
    if all(NUMBERS[decimal].fullmatch(text) for text in texts):
        order.sort(key=lambda text: float(text.replace(",", ".")))
    names: list[str] = []
    for text in order:
        name = clean_name(text) or "Class"
        if name in names:
            endings = (f" ({number})" for number in range(2, MAX_CLASSES + 2))
            name = next(n for n in (name[: MAX_NAME_LENGTH - len(e)] + e for e in endings) if n not in names)
        names.append(name)
    if len(names) == 1:
        names.append(free_name(1, names))
    return tuple(names), tuple(order.index(text) for text in texts)
