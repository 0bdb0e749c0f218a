"""Tables of delimited text, such as CSV files and what a spreadsheet copies: reading and writing datasets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.dataset import Dataset
from engine.files import FileError, read_file, shown
from engine.table_format import (
    DELIMITERS,
    MAX_COLUMNS,
    NUMBERS,
    Columns,
    TableError,
    TableFormat,
    column_names,
    doubts,
    has_header,
    merit,
    numeric_columns,
    proposed_columns,
    width_of,
)
from engine.table_reading import PointReader
from engine.table_text import TableText
from engine.table_writing import as_text, write_table

__all__ = [
    "MAX_FILE_BYTES",
    "Columns",
    "TableError",
    "TableFormat",
    "TableSample",
    "TableSource",
    "as_text",
    "open_table",
    "table_from_text",
    "write_table",
]

MAX_FILE_BYTES = 256 * 2**20
SHOWN_ROWS = 100
LOOKED_AT_ROWS, LOOKED_AT_CELLS = 1_000, 20_000
TRIED_ROWS, TRIED_CELLS = 40, 4_000
BLOCK_ROWS = 5_000


@dataclass(frozen=True)
class TableSample:
    """What was found in a table by itself.

    Attributes:
        format: how it is written.
        names: of the columns, from the header, or made up: x1, x2, ...
        rows: the first 100, without the header; each with `n_columns` cells, missing ones empty.
        numeric: for each column whether it is of numbers.
        columns: those that are probably meant; fewer than two features if no more were found.
        n_columns: how many there are.
        doubts: what may be meant otherwise, as sentences that begin small; "" if all seems plain.
    """

    format: TableFormat
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    columns: Columns
    n_columns: int
    doubts: str


class TableSource:
    """A text in which points are looked for. Made by `open_table` and `table_from_text`."""

    def __init__(self, content: bytes, title: str) -> None:
        self._title = title
        self._looked: TableSample | None = None
        try:
            self._text = TableText(content)
        except TableError as error:
            raise self._named(error) from error

    def look(self, table_format: TableFormat | None = None) -> TableSample:
        """What its beginning shows, with the format given or the one that fits best.

        Raises:
            TableError: it cannot be split into columns, or has too many.
        """
        try:
            return self._look(table_format)
        except TableError as error:
            raise self._named(error) from error

    def read(
        self,
        table_format: TableFormat,
        columns: Columns,
        *,
        progress: Callable[[float], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Dataset | None:
        """All points.

        Args:
            table_format: how the table is written.
            columns: which of its columns are used; of more than two features the first two principal components are
                shown.
            progress: told from time to time which share is read, 0 to 1.
            is_cancelled: asked from time to time whether to give up.

        Returns:
            The dataset; None if it was cancelled.

        Raises:
            TableError: something is wrong; says what and in which line.
        """
        try:
            reader = PointReader(table_format, columns, self._checked_names(table_format, columns))
            rows = self._rows(table_format)
            while block := list(islice(rows, BLOCK_ROWS)):
                if is_cancelled is not None and is_cancelled():
                    return None
                reader.add(block)
                if progress is not None:
                    progress(self._text.share_read())
            return reader.dataset()
        except TableError as error:
            raise self._named(error) from error

    def read_as_found(self) -> Dataset:
        """All points, where nobody can be asked how the table is meant.

        Raises:
            TableError: something is wrong, or may be meant otherwise.
        """
        sample = self.look()
        if sample.doubts:
            problem = f"{sample.doubts} Choose what is meant with Import Points, or change the table."
            raise self._named(TableError(problem))
        dataset = self.read(sample.format, sample.columns)
        assert dataset is not None  # nobody cancels
        return dataset

    def _named(self, error: TableError) -> TableError:
        return TableError(f"{self._title} cannot be read as a table: {error}")

    def _rows(self, table_format: TableFormat) -> Iterator[tuple[int, list[str]]]:
        return islice(self._text.rows(table_format.delimiter), int(table_format.has_header), None)

    def _head(self, delimiter: str, max_rows: int, max_cells: int) -> list[list[str]]:
        """The first rows, as far as they can be split; reading tells where they cannot."""
        head: list[list[str]] = []
        n_cells = 0
        try:
            for _, row in self._text.rows(delimiter):
                head.append(row)
                n_cells += len(row)
                if len(head) == max_rows or n_cells >= max_cells:
                    break
        except TableError:
            if not head:
                raise
        return head

    def _look(self, table_format: TableFormat | None) -> TableSample:
        if self._looked is not None and self._looked.format == table_format:
            return self._looked
        found = table_format or self._found_format()
        head = self._head(found.delimiter, LOOKED_AT_ROWS, LOOKED_AT_CELLS)
        if not head:
            raise TableError("it has only comments.")
        n_columns = width_of(head)
        if n_columns > MAX_COLUMNS:
            raise TableError(f"it has {n_columns:,} columns; at most {MAX_COLUMNS:,} are possible.")
        rows = head[1:] if found.has_header else head
        names = column_names(head[0] if found.has_header else None, n_columns)
        fitting = [row for row in rows if len(row) == n_columns]
        numeric = numeric_columns(fitting, found.decimal) if fitting else (False,) * n_columns
        columns = proposed_columns(names, fitting, numeric, found.decimal)
        self._looked = TableSample(
            found,
            names,
            tuple(tuple([*row, *[""] * n_columns][:n_columns]) for row in rows[:SHOWN_ROWS]),
            numeric,
            columns,
            n_columns,
            doubts(names, fitting, numeric, found, columns),
        )
        return self._looked

    def _found_format(self) -> TableFormat:
        heads: dict[str, list[list[str]]] = {}
        for delimiter in filter(self._text.begins_with_some, DELIMITERS):
            try:
                heads[delimiter] = self._head(delimiter, TRIED_ROWS, TRIED_CELLS)
            except TableError as error:
                problem = error
        if not heads:
            raise problem
        if not all(heads.values()):
            raise TableError("it has only comments.")
        choices = [(delimiter, decimal) for delimiter in heads for decimal in NUMBERS]
        delimiter, decimal = max(choices, key=lambda choice: merit(heads[choice[0]], choice[1]))
        return TableFormat(delimiter, decimal, has_header(heads[delimiter], decimal))

    def _checked_names(self, table_format: TableFormat, columns: Columns) -> tuple[str, ...]:
        """The names of all columns, if those chosen make points."""
        sample = self._look(table_format)
        n_numeric, chosen = sum(sample.numeric), columns.features
        if len(chosen) < 2 and n_numeric < 2:
            found = "no column" if not n_numeric else "only one column"
            raise TableError(f"it has {found} of numbers; a point needs two or more. Is another delimiter used?")
        if len(chosen) < 2:
            raise TableError("a point needs two or more columns of numbers; choose them.")
        used = chosen if columns.label is None else (*chosen, columns.label)
        if len(set(used)) < len(used):
            raise TableError("one column is chosen twice; each can be one coordinate or the label.")
        for column in used:
            if not 0 <= column < sample.n_columns:
                raise TableError(f"there is no column number {column + 1}; it has {sample.n_columns:,}.")
        return sample.names


def open_table(path: str | os.PathLike[str]) -> TableSource:
    """The table in a file.

    Raises:
        TableError: the file cannot be read, is too large, empty or no text.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise TableError(str(error)) from error
    return TableSource(content, f"“{shown(Path(path).name)}”")


def table_from_text(text: str) -> TableSource:
    """The table in a text, such as the clipboard's.

    Raises:
        TableError: it is too large, empty or no text.
    """
    content = text.encode(errors="replace")
    if len(content) > MAX_FILE_BYTES:
        raise TableError(f"The text is too large; at most {MAX_FILE_BYTES // 2**20} MB can be read.")
    return TableSource(content, "The text")
