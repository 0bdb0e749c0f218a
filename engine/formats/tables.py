"""Tables of delimited text, such as CSV files and what a spreadsheet copies: reading and writing datasets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import dropwhile, islice
from pathlib import Path

from engine.errors import shown
from engine.files.numerals import DECIMALS
from engine.files.whole_files import FileError, read_file
from engine.formats.table_columns import column_names, propose
from engine.formats.table_format import DELIMITERS, MAX_COLUMNS, Columns, TableError, TableFormat, merit
from engine.formats.table_layout import Layout, RowFilter, cut, find_layout
from engine.formats.table_reading import PointReader, TablePoints, has_missing, labels_are_signs
from engine.formats.table_sample import TableSample, wrong_cell
from engine.formats.table_text import NumberedRow, TableText
from engine.formats.table_writing import as_text, write_table
from engine.messages import Message, mark, message

__all__ = [
    "MAX_FILE_BYTES",
    "Columns",
    "TableError",
    "TableFormat",
    "TablePoints",
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


class TableSource:
    """A text in which points are looked for. Made by `open_table` and `table_from_text`."""

    def __init__(
        self,
        content: bytes,
        name: str = "",
        encoding: str | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        usual_decimal: str = "",
    ) -> None:
        self._content, self._name, self._usual_decimal = content, name, usual_decimal
        self._is_cancelled = is_cancelled
        self._asked: TableFormat | None = None  # when it was looked at last
        self._looked: tuple[TableSample, list[NumberedRow], Layout] | None = None
        with self._named():
            self._text = TableText(content, encoding, is_cancelled)

    @property
    def size(self) -> int:
        """The number of bytes to look at."""
        return max(len(self._content), len(self._text.found.content))

    def in_encoding(self, encoding: str, is_cancelled: Callable[[], bool] | None = None) -> TableSource:
        """The same file, its text in another encoding.

        Args:
            encoding: of the text.
            is_cancelled: see `open_table`.

        Raises:
            TableError: there is no such encoding, it makes no text of the file, or it was given up.
        """
        return TableSource(self._content, self._name, encoding, is_cancelled, self._usual_decimal)

    def look(
        self, table_format: TableFormat | None = None, is_cancelled: Callable[[], bool] | None = None
    ) -> TableSample:
        """A sample of its beginning, with the format given or the one that fits best.

        Args:
            table_format: how it is written; None: found by itself.
            is_cancelled: see `open_table`; None: the one that was given before.

        Raises:
            TableError: it cannot be split into columns, has too many, or it was given up.
        """
        self._is_cancelled = is_cancelled or self._is_cancelled
        with self._named():
            return self._look(table_format)[0]

    def count_missing(self, table_format: TableFormat, columns: Columns) -> tuple[int, int]:
        """The number of first rows that lack a value that is used, and the number of first rows: 1,000 at most."""
        sample, head, _ = self._look(table_format)
        rows = [fitted for _, cells, _ in head if (fitted := cut(cells, sample.n_columns)) is not None]
        has_signs = labels_are_signs(rows, columns)
        return sum(has_missing(row, columns, has_signs=has_signs) for row in rows), len(rows)

    def first_problem(
        self, table_format: TableFormat, columns: Columns, *, skip_missing: bool = False
    ) -> TableError | None:
        """The first problem in the first rows, with line, column and cell; None if there is none."""
        sample, head, layout = self._look(table_format)
        try:
            reader = PointReader(table_format, columns, sample.names, skip_missing=skip_missing)
            reader.add(RowFilter(layout).fitting(head))
        except TableError as error:
            return error
        return None

    def read(
        self,
        table_format: TableFormat,
        columns: Columns,
        *,
        skip_missing: bool = False,
        progress: Callable[[float], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> TablePoints | None:
        """All points.

        Args:
            table_format: how the table is written.
            columns: which of its columns are used; of more than two features the first two principal components are
                shown.
            skip_missing: whether rows with missing values are left out; else they are an error.
            progress: told from time to time which share is read, 0 to 1.
            is_cancelled: asked from time to time whether to give up.

        Returns:
            The points; None if it was cancelled.

        Raises:
            TableError: something is wrong; says what and in which line.
        """

        def give_up() -> None:
            self._give_up()
            if is_cancelled is not None and is_cancelled():
                raise _CancelledError

        with self._named(), suppress(_CancelledError):
            names, layout = self._checked_names(table_format, columns), self._look(table_format)[2]
            reader = PointReader(table_format, columns, names, skip_missing=skip_missing)
            fit = RowFilter(layout)
            rows = dropwhile(lambda row: row[0] < layout.data_line, self._text.rows(table_format.delimiter, give_up))
            while block := list(islice(rows, BLOCK_ROWS)):
                give_up()
                reader.add(fit.fitting(block))
                if progress is not None:
                    progress(self._text.share_read())
            return reader.points(fit.notes())
        return None

    def read_as_found(
        self,
        label: str | None = None,
        *,
        skip_missing: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> TablePoints:
        """All points, where nobody can be asked how the table is meant.

        Args:
            label: the name of the column that the classes are in; None: it is found by itself.
            skip_missing: whether rows with missing values are left out.
            progress: told from time to time which share is read, 0 to 1.

        Raises:
            TableError: something is wrong, or may be meant otherwise, or it was given up.
        """
        with self._named():
            sample = self._look(None)[0]
            self._checked_names(sample.format, sample.columns)  # what makes no points is told before any doubt
            if doubts := sample.doubts_beside(label):
                raise TableError(
                    "{reason} Choose what is meant with Import Points, or change the table.", reason=doubts[0].reason
                )
        return self.read_with_doubts(label, skip_missing=skip_missing, progress=progress)

    def read_with_doubts(
        self,
        label: str | None = None,
        *,
        skip_missing: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> TablePoints:
        """All points as they are probably meant; see `read_as_found`.

        Raises:
            TableError: something is wrong, no column has the name of the label, or it was given up.
        """
        with self._named():
            sample = self._look(None)[0]
            columns = sample.columns if label is None else _with_label(sample, label)
        read = self.read(sample.format, columns, skip_missing=skip_missing, progress=progress)
        with self._named():
            if read is None:
                raise _CancelledError
        return read

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Tell an error with the name of the table."""
        try:
            yield
        except _CancelledError as error:
            raise self._refusal(message("reading it was given up.")) from error
        except TableError as error:
            raise self._refusal(error) from error

    def _refusal(self, reason: TableError | Message) -> TableError:
        if not self._name:
            return TableError("The text cannot be read as a table: {reason}", reason=reason)
        return TableError("“{name}” cannot be read as a table: {reason}", name=self._name, reason=reason)

    def _give_up(self) -> None:
        if self._is_cancelled is not None and self._is_cancelled():
            raise _CancelledError

    def _head(self, delimiter: str, max_rows: int, max_cells: int, first_line: int = 1) -> list[NumberedRow]:
        """The first rows, as far as they can be split; reading tells where they cannot."""
        head: list[NumberedRow] = []
        n_cells = 0
        try:
            for row in self._text.rows(delimiter, self._give_up):
                if row[0] < first_line > 1:
                    continue
                head.append(row)
                n_cells += len(row[1])
                if len(head) == max_rows or n_cells >= max_cells:
                    break
        except TableError:
            if not head:
                raise
        if not head:
            raise TableError("it has no rows.")
        return head

    def _look(self, table_format: TableFormat | None) -> tuple[TableSample, list[NumberedRow], Layout]:
        """The sample of the beginning, its rows from the first one of the table on, and where that is."""
        if self._looked is not None and table_format in (self._asked, self._looked[0].format):
            return self._looked
        found = table_format or self._found_format()
        head = self._head(found.delimiter, LOOKED_AT_ROWS, LOOKED_AT_CELLS, found.first_line)
        layout = find_layout(head, found.delimiter, found.decimal, table_format)
        if layout.n_columns > MAX_COLUMNS:
            raise TableError(
                "it has {n_columns:,} columns; at most {most:,} are possible.",
                n_columns=layout.n_columns,
                most=MAX_COLUMNS,
            )
        if table_format is None:
            found = replace(found, has_header=layout.names is not None, first_line=layout.first_line)
        names = column_names(layout.names, layout.n_columns)
        rows = [row for row in head if row[0] >= layout.data_line]
        unmarked = [(line, cells) for line, cells, marked in rows if not (marked and layout.numeric[0])]
        fitting = [fitted for _, cells in unmarked if (fitted := cut(cells, layout.n_columns)) is not None]
        proposal = propose(names, fitting, layout.numeric, found, self._usual_decimal)
        text, width = self._text.found, layout.n_columns
        shown_rows = unmarked[:SHOWN_ROWS]
        sample = TableSample(
            found,
            names,
            tuple(tuple([*cells, *[""] * width][:width]) for _, cells in shown_rows),
            tuple(line for line, _ in shown_rows),
            layout.numeric,
            proposal.columns,
            proposal.identifiers,
            width,
            text.kind,
            text.file_encoding,
            (*text.doubts, *proposal.doubts),
            proposal.label_doubt,
            (*text.notes, *layout.notes, *proposal.notes),
        )
        looked = sample, rows, layout
        self._asked, self._looked = table_format, looked
        return looked

    def _found_format(self) -> TableFormat:
        heads: dict[str, list[list[str]]] = {}
        for delimiter in (sign for sign in DELIMITERS if sign in self._text.beginning):
            try:
                head = self._head(delimiter, TRIED_ROWS, TRIED_CELLS)
            except TableError as error:
                problem = error
            else:
                heads[delimiter] = [cells for _, cells, marked in head if not marked] or [row[1] for row in head]
        if not heads:
            raise problem
        merits = {(cells, sign): merit(heads[cells], sign) for sign in DECIMALS for cells in heads}
        usual = [choice for choice in merits if choice[1] != "/"]
        delimiter, decimal = max(usual, key=merits.__getitem__)
        if merits[delimiter, decimal][1] < 2:  # only then a stroke, which dates have, too
            delimiter, decimal = max(merits, key=merits.__getitem__)
        return TableFormat(delimiter, decimal, has_header=True)

    def _checked_names(self, table_format: TableFormat, columns: Columns) -> tuple[str, ...]:
        """The names of all columns, if those chosen make points."""
        sample = self._look(table_format)[0]
        n_numeric, chosen = sum(sample.numeric), columns.features
        if len(chosen) < 2 and n_numeric < 2:
            raise TableError(
                mark("it has only one column of numbers; a point needs two or more. {hint}")
                if n_numeric
                else mark("it has no column of numbers; a point needs two or more. {hint}"),
                hint=wrong_cell(sample),
            )
        if len(chosen) < 2:
            raise TableError("a point needs two or more columns of numbers; choose them.")
        used = chosen if columns.label is None else (*chosen, columns.label)
        if len(set(used)) < len(used):
            raise TableError("one column is chosen twice; each can be one coordinate or the label.")
        for column in used:
            if not 0 <= column < sample.n_columns:
                raise TableError(
                    "there is no column number {number}; it has {n_columns:,}.",
                    number=column + 1,
                    n_columns=sample.n_columns,
                )
        return sample.names


class _CancelledError(Exception):
    """Reading was given up."""


def _with_label(sample: TableSample, label: str) -> Columns:
    if label not in sample.names:
        raise TableError(
            "no column is called “{name}”; there are {names}.",
            name=shown(label, 40),
            names=shown(", ".join(sample.names), 100),
        )
    place = sample.names.index(label)
    used = (j for j in range(sample.n_columns) if sample.numeric[j] and j not in (place, *sample.identifiers))
    return Columns(tuple(used), place)


def open_table(
    path: str | os.PathLike[str], encoding: str | None = None, is_cancelled: Callable[[], bool] | None = None
) -> TableSource:
    """The table in a file.

    Args:
        path: of the file.
        encoding: of its text; None: found by itself.
        is_cancelled: asked from time to time whether to give up, also later in whatever is done with the table; what
            is returned then is of no use.

    Raises:
        TableError: the file cannot be read, is too large, empty or no text.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise TableError(error.message) from error
    return TableSource(content, shown(Path(path).name, 60), encoding, is_cancelled)


def table_from_text(text: str, usual_decimal: str = "") -> TableSource:
    """The table in a text, such as the clipboard's.

    Args:
        text: the text.
        usual_decimal: the decimal sign of the programs on this system; "" if it is not known.

    Raises:
        TableError: it is too large, empty or no text.
    """
    content = text.encode(errors="replace")
    if len(content) > MAX_FILE_BYTES:
        raise TableError("The text is too large; at most {most} MB can be read.", most=MAX_FILE_BYTES // 2**20)
    return TableSource(content, encoding="utf-8", usual_decimal=usual_decimal)
