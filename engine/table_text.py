"""Delimited text as rows of cells, line by line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from engine.table_format import TableError

MAX_LINE_LENGTH = 2**20
MAX_LINES_OF_A_ROW = 100  # quoted cells may go over several lines
PIECE = 2**20
BEGINNING = 2**16
CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b")
FEW_CONTROLS, FEW_CONTROLS_SHARE = 4, 0.001
VISIBLE = re.compile(rb"[^\s\xef\xbb\xbf]")  # beyond the mark of UTF-8
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TableText:
    """The text of a table, decoded as it is read.

    Args:
        content: the bytes of a file: UTF-8, UTF-16 with its mark, or else Windows' Western European.

    Raises:
        TableError: it is empty, or no text.
    """

    def __init__(self, content: bytes) -> None:
        if content.startswith(UTF_16_MARKS):
            try:
                content = content.decode("utf-16").encode()
            except UnicodeError as error:
                raise TableError("it is not a text file: it begins like UTF-16, but goes on otherwise.") from error
        _check_text(content)
        self._content = content
        self._encoding = "utf-8-sig" if _is_utf8(content) else "cp1252"
        self._read = io.BytesIO()

    def share_read(self) -> float:
        """How much of the text the newest iterator of rows has taken, 0 to 1."""
        return 1.0 if self._read.closed else self._read.tell() / len(self._content)  # closed at its end

    def begins_with_some(self, delimiter: str) -> bool:
        """Whether a delimiter is found near the beginning."""
        return delimiter.encode() in self._content[:BEGINNING]

    def rows(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Each row with the number of its first line; without lines that are empty or begin with #.

        Raises:
            TableError: a line, a cell or a row does not end where it could.
        """
        lines = _Lines(self._open(), blanks=not delimiter)
        reader = csv.reader(lines, delimiter=delimiter or " ", skipinitialspace=delimiter not in ("", " "))
        while True:
            lines.taken = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                hint = "A cell is too long; perhaps a quotation mark is missing."
                raise TableError(f"line {lines.first} cannot be split into cells. {hint}") from error
            yield lines.first, row

    def _open(self) -> io.TextIOWrapper:
        self._read = io.BytesIO(self._content)
        return io.TextIOWrapper(self._read, self._encoding, errors="replace", newline="")


class _Lines:
    """An iterator over lines that have cells; `first` is the number of the line that the present row began with.

    `taken`, the lines of the present row, is set to 0 by the reader of rows.
    """

    def __init__(self, file: io.TextIOWrapper, *, blanks: bool) -> None:
        self._lines, self._blanks = enumerate(file, 1), blanks
        self.first = self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            if len(line) > MAX_LINE_LENGTH:
                raise TableError(f"line {number} has more than {MAX_LINE_LENGTH:,} characters.")
            if line.startswith("#") or not line.strip() or (number == 1 and line.startswith("sep=")):  # Excel's hint
                continue
            if not self.taken:
                self.first = number
            self.taken += 1
            if self.taken > MAX_LINES_OF_A_ROW:
                raise TableError(f"the quotation mark in line {self.first} is not closed.")
            return " ".join(line.split()) if self._blanks else line
        raise StopIteration


def _check_text(content: bytes) -> None:
    if not VISIBLE.search(content):
        raise TableError("it is empty.")
    if b"\0" in content:
        raise TableError("it is not a text file. If it is a spreadsheet, save it as CSV in UTF-8.")
    controls = sum(
        len(piece) - len(piece.translate(None, CONTROLS))
        for piece in (content[start : start + PIECE] for start in range(0, len(content), PIECE))
    )
    if controls > max(FEW_CONTROLS, FEW_CONTROLS_SHARE * len(content)):
        raise TableError("it is not a text file. If it is a spreadsheet, save it as CSV in UTF-8.")


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
