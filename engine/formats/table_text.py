"""Delimited text as rows of cells, line by line."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import partial

from engine.formats.encodings import BEGINNING, pieces
from engine.formats.table_format import TableError
from engine.formats.table_kinds import recognised

MAX_LINE_LENGTH = 2**20
MAX_LINES_OF_A_ROW = 100  # quoted cells may go over several lines
CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b")
FEW_CONTROLS, FEW_CONTROLS_SHARE = 4, 0.001
VISIBLE = re.compile(rb"[^\s\xef\xbb\xbf]")  # beyond the mark of UTF-8
REMARKS = ("#", "%", "//")
CELL_OPENED = re.compile(r"(?<![^\t;,|؛ \n])'")
CELL_IN_SINGLE_QUOTES = re.compile(r"(?<![^\t;,|؛ \n])'[^'\n]*'(?=[\t;,|؛ \r\n]|$)")
IDLE_LINES = 100_000  # between two questions whether to give up

NumberedRow = tuple[int, list[str], bool]
"""The number of its first line, the cells, and whether the line begins like a remark, which a row can, too."""


class TableText:
    """The text of a table, decoded as it is read.

    Args:
        content: the bytes of a file.
        encoding: of its text; None: found by itself.
        is_cancelled: see `engine.formats.table_kinds.recognised`.

    Attributes:
        found: what the file is.
        beginning: of the text, in which delimiters are looked for.
        quote: the sign around cells: " or '.

    Raises:
        TableError: it is empty, or no text.
    """

    def __init__(
        self, content: bytes, encoding: str | None = None, is_cancelled: Callable[[], bool] | None = None
    ) -> None:
        if not VISIBLE.search(content):
            raise TableError("it is empty.")
        self.found = recognised(content, encoding, is_cancelled)
        self._content = self.found.content
        self._bytes = io.BytesIO()
        _check_text(self._content)
        self.beginning = self._content[:BEGINNING].decode(self.found.encoding, errors="replace").replace("\r", "\n")
        opened = len(CELL_OPENED.findall(self.beginning))
        closed = len(CELL_IN_SINGLE_QUOTES.findall(self.beginning))
        self.quote = "'" if closed and opened == closed and '"' not in self.beginning else '"'

    def share_read(self) -> float:
        """The share of the text that the newest iterator of rows has taken, 0 to 1."""
        return 1.0 if self._bytes.closed else self._bytes.tell() / len(self._content)  # closed at its end

    def rows(self, delimiter: str, give_up: Callable[[], object] = bool) -> Iterator[NumberedRow]:
        """The rows, without lines that are empty.

        Args:
            delimiter: between cells; "" for blanks.
            give_up: called from time to time where many lines give no row; may raise.

        Raises:
            TableError: a line, a cell or a row does not end where it could.
        """
        self._bytes = io.BytesIO(self._content)
        # never "replace": different bytes must not become one sign, nor two classes one
        file = io.TextIOWrapper(self._bytes, self.found.encoding, errors="backslashreplace", newline="")
        lines = _Lines(file, self.found.first_number, give_up, blanks=not delimiter, quote=self.quote)
        spaced = delimiter not in ("", " ")
        reader = csv.reader(lines, delimiter=delimiter or " ", quotechar=self.quote, skipinitialspace=spaced)
        while True:
            lines.taken = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise TableError(
                    "line {line} cannot be split into cells. A cell is too long; perhaps a quotation mark is missing.",
                    line=lines.first,
                ) from error
            yield lines.first, row, lines.is_remark


class _Lines:
    """The lines that have cells.

    Attributes:
        first: the number of the line that the present row began with.
        is_remark: whether that line begins like a remark.
        taken: how many lines the present row has; set to 0 by the reader of rows.
    """

    def __init__(
        self, file: io.TextIOWrapper, first_number: int, give_up: Callable[[], object], *, blanks: bool, quote: str
    ) -> None:
        beginnings = iter(partial(file.readline, MAX_LINE_LENGTH + 1), "")  # of a line without end no more is decoded
        self._lines = enumerate(beginnings, first_number)
        self._give_up, self._blanks, self._quote = give_up, blanks, quote
        self.first = self.taken = 0
        self.is_remark = False

    def __iter__(self) -> Iterator[str]:
        blanks, quote = self._blanks, self._quote
        for number, line in self._lines:
            if len(line) > MAX_LINE_LENGTH:
                raise TableError("line {line} has more than {most:,} characters.", line=number, most=MAX_LINE_LENGTH)
            if number % IDLE_LINES == 0:
                self._give_up()
            if line.isspace() or (number == 1 and line.startswith("sep=")):  # Excel's hint
                continue
            if not self.taken:
                self.first, self.is_remark = number, line.startswith(REMARKS)
                if self.is_remark and line.count(quote) % 2:
                    line = line.replace(quote, "")  # a remark may have one that opens nothing
            elif self.taken == MAX_LINES_OF_A_ROW:
                raise TableError("the quotation mark in line {line} is not closed.", line=self.first)
            self.taken += 1
            yield " ".join(line.split()) if blanks else line


def _check_text(content: bytes) -> None:
    """Raise a TableError if there are signs that no text has."""
    if b"\0" in content:
        raise TableError("it is not a text file.")
    controls = sum(len(piece) - len(piece.translate(None, CONTROLS)) for piece in pieces(content))
    if controls > max(FEW_CONTROLS, FEW_CONTROLS_SHARE * len(content)):
        raise TableError("it is not a text file.")
