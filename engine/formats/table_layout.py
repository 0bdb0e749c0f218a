"""The layout of a table: the line where it begins, the row with its names, and the rows that do not belong to it."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.errors import shown
from engine.files.numerals import COUNTED, counted_from, is_missing, number
from engine.formats.table_format import Rows, TableError, TableFormat, numeric_columns, width_of
from engine.formats.table_text import NumberedRow
from engine.messages import Message, counted, message

TRIED_STARTS, TRIED_ROWS = 40, 40


@dataclass(frozen=True)
class Layout:
    """The places of the parts of a table.

    Attributes:
        n_columns: how many cells a row has.
        names: the cells of the header; None if there is none.
        first_line: where the table begins, 1 if nothing but remarks is before it.
        data_line: where the rows begin.
        numeric: for each column whether it is of numbers.
        notes: what there is to tell.
    """

    n_columns: int
    names: tuple[str, ...] | None
    first_line: int
    data_line: int
    numeric: tuple[bool, ...]
    notes: tuple[Message, ...]


class RowFilter:
    """Gives rows of a table their width, and takes out remarks and what comes after the table."""

    def __init__(self, layout: Layout) -> None:
        # of a column of numbers no row can begin like a remark
        self._width, self._numeric_first = layout.n_columns, layout.numeric[0]
        self._waiting: NumberedRow | None = None
        self._n_remarks = self._n_after = 0

    def fitting(self, rows: Sequence[NumberedRow]) -> list[NumberedRow]:
        """Those that are rows of the table.

        Raises:
            TableError: a row has too many or too few cells.
        """
        width, result = self._width, []
        for row in rows:
            line, cells, marked = row
            if len(cells) != width:
                fitted = cut(cells, width)
                if fitted is None:
                    self._take_misfit(row)
                    continue
                row = (line, fitted, marked)
            if marked and self._numeric_first:
                self._n_remarks += 1
            elif self._waiting is not None:
                raise self._misfit(*self._waiting[:2])
            else:
                result.append(row)
        return result

    def notes(self) -> tuple[Message, ...]:
        """The notes about the lines that were left out."""
        remarks = counted(
            "Left out: {n:,} line of remarks (#, % or //).",
            "Left out: {n:,} lines of remarks (#, % or //).",
            self._n_remarks,
        )
        after = counted(
            "Left out: {n:,} line after the table.", "Left out: {n:,} lines after the table.", self._n_after
        )
        return tuple(note for note in (remarks, after) if note.values["n"])

    def _take_misfit(self, row: NumberedRow) -> None:
        line, cells, marked = row
        if marked:
            self._n_remarks += 1
        elif any(number(cell, sign) is not None for cell in cells for sign in ".,"):
            raise self._misfit(line, cells)
        else:  # it may be a line after the table
            self._waiting = self._waiting or row
            self._n_after += 1

    def _misfit(self, line: int, cells: list[str]) -> TableError:
        return TableError(
            counted(
                "line {line} has {n:,} column; other lines have {n_usual}.",
                "line {line} has {n:,} columns; other lines have {n_usual}.",
                len(cells),
                line=line,
                n_usual=self._width,
            )
        )


def cut(cells: list[str], width: int) -> list[str] | None:
    """Cells without empty ones at the end; None if there are still not as many as are wanted."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    return cells if len(cells) == width else None


@dataclass
class _Head:
    """The first rows of a text while it is looked where the table begins in them."""

    rows: Sequence[NumberedRow]
    decimal: str
    width: int
    delimiter: str
    fitted: list[list[str]] = field(init=False)  # empty for rows of other lengths

    def __post_init__(self) -> None:
        self.fitted = [cut(cells, self.width) or [] for _, cells, _ in self.rows]

    def start(self) -> int | None:
        """The place of the first row with numbers where those below have them; None if there is none."""
        places = [k for k, (row, cells) in enumerate(zip(self.rows, self.fitted, strict=True)) if cells and not row[2]]
        places = places or [k for k, cells in enumerate(self.fitted) if cells]
        for n, k in enumerate(places[:TRIED_STARTS]):
            below = [cells for j in places[n : n + TRIED_ROWS] if (cells := self.fitted[j])]
            numeric = numeric_columns(below, self.decimal)
            if any(numeric) and self._has_numbers(below[0], numeric):
                return k
        return None

    def _has_numbers(self, cells: list[str], numeric: Sequence[bool]) -> bool:
        there = [cell for cell, is_numeric in zip(cells, numeric, strict=True) if is_numeric]
        if any(number(cell, self.decimal, lone=True) is not None for cell in there):
            return True
        return all(is_missing(cell) and cell.strip() for cell in there)

    def header(self, start: int) -> tuple[int, list[str]] | None:
        """The row of names above the row `start`, and its cells."""
        first = start
        while first and self.fitted[first - 1] and not self.rows[first - 1][2]:
            if first < start and self.rows[first][0] - self.rows[first - 1][0] > 1:
                break
            first -= 1
        if first < start:  # of several the fullest: others have units, types, or a title
            best = max(range(first, start), key=lambda k: sum(bool(cell.strip()) for cell in self.fitted[k]))
            return best, self.fitted[best]
        if not start:
            return None
        _, cells, marked = self.rows[start - 1]
        if marked:
            return self._marked_header(start - 1)
        names = [cell for cell in cells if cell.strip()]
        if len(names) == self.width - 1 == len(cells) and not self._numbers(names):
            return start - 1, ["", *cells]  # as R writes it: the names of the rows have none
        return None

    def _marked_header(self, place: int) -> tuple[int, list[str]] | None:
        first, *others = self.rows[place][1]
        first = first.lstrip("#%/ ")
        cells = [first, *others] if first else others
        for names in (cells, self.delimiter.join(cells).split()):
            if len(names) == self.width and all(cell.strip() for cell in names) and not self._numbers(names):
                return place, list(names)
        return None

    def _numbers(self, cells: Sequence[str]) -> int:
        return sum(number(cell, self.decimal) is not None for cell in cells)

    def counts_columns(self, start: int) -> bool:
        """True if a row is 0, 1, 2, … or 1, 2, 3, …, perhaps after an empty cell, and the columns below are others."""
        cells, below = self.fitted[start], [cells for cells in self.fitted[start + 1 :] if cells]
        told = cells[1:] if cells and not cells[0].strip() else cells
        first = counted_from(told)
        if len(told) < 2 or not below or first not in (0, 1):
            return False
        others = sum(any(not COUNTED.fullmatch(row[j]) for row in below) for j in range(self.width))
        return others >= 2 and (self.width > 2 or first == 0)

    def counts_points(self, start: int) -> bool:
        """True if a row has the numbers of points and of features and then the names of the classes."""
        cells = [cell.strip() for cell in self.fitted[start]]
        if len(cells) < 4 or not COUNTED.fullmatch(cells[0]) or cells[1] != str(self.width - 1):
            return False
        names = [cell for cell in cells[2:] if cell]
        return len(names) >= 2 and not self._numbers(names)


def find_layout(rows: Sequence[NumberedRow], delimiter: str, decimal: str, given: TableFormat | None = None) -> Layout:
    """The place of the table in the first rows of a text.

    Args:
        rows: the first ones, of which those before the first line given must be left out.
        delimiter: with which they were split.
        decimal: the decimal sign.
        given: where it begins and whether it has a header, if that is known.
    """
    plain = [cells for _, cells, marked in rows if not marked] or [cells for _, cells, _ in rows]
    head = _Head(rows, decimal, _trimmed_width(plain), delimiter)
    found = head.start()
    if found is None and all(marked for _, _, marked in rows):
        raise TableError("it has only comments.")
    start = next(k for k, cells in enumerate(head.fitted) if cells) if found is None else found
    names: tuple[int, list[str]] | None
    if given is not None:
        start, names = _as_given(head, given.has_header, start, found is not None)
    elif found is None:
        names, start = (start, head.fitted[start]), start + 1
    elif head.counts_points(start) and len(rows) > start + 1:
        names, start = None, start + 1
    elif head.counts_columns(start):
        names, start = (start, head.fitted[start]), start + 1
    else:
        names = head.header(start)
    return _described(head, start, names, given)


def _trimmed_width(rows: Rows) -> int:
    width = width_of(rows)
    full = [row for row in rows if len(row) == width]
    while width > 1 and not any(row[width - 1].strip() for row in full):
        width -= 1
    return width


def _as_given(head: _Head, has_header: bool, start: int, found: bool) -> tuple[int, tuple[int, list[str]] | None]:
    unmarked = next((k for k, row in enumerate(head.rows) if not row[2]), 0)
    if not has_header:
        return (min(start, unmarked) if found else unmarked), None
    names = head.header(start) if found and start > unmarked else None
    if names is not None:
        return start, names
    cells = (head.rows[unmarked][1] + [""] * head.width)[: head.width]
    return unmarked + 1, (unmarked, cells)


def _described(head: _Head, start: int, names: tuple[int, list[str]] | None, given: TableFormat | None) -> Layout:
    rows = head.rows
    notes: list[Message] = []
    first = names[0] if names else start
    before = [row for row in rows[:first] if not row[2]]
    first_line = rows[first][0] if first < len(rows) else 1
    if before and given is None:
        notes.append(message("The table begins in line {line}; what is before it is left out.", line=first_line))
    between = [row for row in rows[first + 1 : start] if not row[2]] if names else []
    if between:
        text = shown(" ".join(cell for cell in between[0][1] if cell), 40)
        notes.append(
            counted(
                "Left out: {n:,} line below the names, “{text}”.",
                "Left out: {n:,} lines below the names, “{text}”.",
                len(between),
                text=text,
            )
        )
    if given is not None:
        first_line = given.first_line
    elif not before and not (names and rows[first][2]):
        first_line = 1
    below = [cells for cells in head.fitted[start:] if cells]
    numeric = numeric_columns(below, head.decimal) if below else (False,) * head.width
    data_line = rows[start][0] if start < len(rows) else rows[-1][0] + 1
    cells = tuple(names[1]) if names else None
    return Layout(head.width, cells, first_line, data_line, numeric, tuple(notes))
