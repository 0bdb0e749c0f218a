"""The sample of a table: all that its beginning shows, before it is read."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import shown
from engine.files.numerals import is_missing, number
from engine.formats.table_format import Columns, Doubt, TableFormat
from engine.formats.table_reading import advice
from engine.messages import NOTHING, Message, mark, message

ASKED_DELIMITER = mark("Is another delimiter used?")


@dataclass(frozen=True)
class TableSample:
    """The facts that were found in a table without being told.

    Attributes:
        format: how it is written.
        names: of the columns, from the header, or made up: x1, x2, ...
        rows: the first 100, without the header; each with `n_columns` cells.
        lines: the number of the line that each begins with.
        numeric: for each column whether it is of numbers.
        columns: those that are probably meant; fewer than two features if no more were found.
        identifiers: columns of numbers that only tell the rows apart.
        n_columns: how many there are.
        kind: what the file is: text, spreadsheet, ARFF, LIBSVM, or JSON.
        encoding: of a text; "" for a spreadsheet.
        doubts: what may be meant otherwise.
        label_doubt: which other column the label may be; None if that seems plain.
        notes: what else there is to tell.
    """

    format: TableFormat
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    numeric: tuple[bool, ...]
    columns: Columns
    identifiers: tuple[int, ...]
    n_columns: int
    kind: str
    encoding: str
    doubts: tuple[Doubt, ...]
    label_doubt: Doubt | None
    notes: tuple[Message, ...]

    def doubts_beside(self, label: str | None) -> tuple[Doubt, ...]:
        """The doubts that are left where the column of the label is chosen, or None is."""
        return self.doubts if label is not None or self.label_doubt is None else (*self.doubts, self.label_doubt)


def wrong_cell(sample: TableSample) -> Message:
    """The reason why a table has fewer than two columns of numbers: a cell that keeps the likeliest from being one."""
    decimal, best, told = sample.format.decimal, -1.0, message(ASKED_DELIMITER)
    for column in (j for j, is_numeric in enumerate(sample.numeric) if not is_numeric):
        cells = [(line, row[column].strip()) for line, row in zip(sample.lines, sample.rows, strict=True)]
        cells = [(line, cell) for line, cell in cells if not is_missing(cell)]
        wrong = [(line, cell) for line, cell in cells if number(cell, decimal) is None]
        share = 1 - len(wrong) / max(1, len(cells)) - (column == sample.columns.label) / 2
        if wrong and share > best:
            (line, cell), best = wrong[0], share
            hint = advice(cell, sample.format) or (NOTHING if share > 0 else message(ASKED_DELIMITER))
            told = message(
                mark("Line {line}, column “{name}”: “{cell}” is not a number. {hint}")
                if hint
                else mark("Line {line}, column “{name}”: “{cell}” is not a number."),
                line=line,
                name=sample.names[column],
                cell=shown(cell, 40),
                hint=hint,
            )
    return told
