"""Spreadsheets of Excel and LibreOffice as delimited text.

They are read in a process of its own: a file of some kilobytes can ask for terabytes, at which the reader (compiled
code) ends the whole process, and a large one would hold the interpreter lock for seconds.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import resources
from engine.errors import InputError

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
MAX_MEMORY = 4 << 30
MAX_TEXT = 1 << 28  # characters; a file keeps a text once, however many cells have it
MAX_SECONDS = 300
POLL_SECONDS = 0.1
LARGEST_WHOLE = 1e15  # beyond it a double is written with an exponent


class SpreadsheetError(InputError):
    """A file that begins like a spreadsheet but cannot be read as one."""


def is_spreadsheet(content: bytes) -> bool:
    """True if a file begins like a spreadsheet."""
    return content.startswith(MAGIC)


def sheet_as_text(content: bytes, is_cancelled: Callable[[], bool] | None = None) -> tuple[bytes, str, int]:
    """The first sheet that has cells.

    Returns:
        Its rows in UTF-8, a line each, separated by tabs; its name; and how many other sheets have cells.

    Raises:
        SpreadsheetError: it cannot be read, or is too large.
    """
    command = [sys.executable, "-m", "engine.formats.spreadsheet"]
    pipe = subprocess.PIPE
    try:
        started = subprocess.Popen(command, cwd=resources.ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise SpreadsheetError("the program that reads spreadsheets could not be started. Save it as CSV.") from error
    with started as process:
        waited, given = 0.0, content
        while True:
            try:
                output, _ = process.communicate(given, timeout=POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                waited, given = waited + POLL_SECONDS, b""
                if waited > MAX_SECONDS or (is_cancelled is not None and is_cancelled()):
                    process.kill()
        head, _, text = output.partition(b"\n")
    if process.returncode or not head:
        raise SpreadsheetError("it cannot be read as a spreadsheet: it is damaged, or too large. Save it as CSV.")
    told = json.loads(head)
    if problem := told.get("problem"):
        raise SpreadsheetError(InputError.from_json(problem).message)
    return text, str(told["sheet"]), int(told["others"])


def main() -> int:
    """Read a spreadsheet from standard input and write a line of JSON, then its rows, to standard output."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit, but refuses what it lacks
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    head, text = read_sheets(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + text.encode(errors="replace"))
    return 0


def read_sheets(content: bytes) -> tuple[dict[str, Any], str]:
    """A table of facts about the workbook or of its problem, and the rows as text."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        filled = [(name, sheet) for name in names if (sheet := workbook.get_sheet_by_name(name)).height]
        if not filled:
            return {"problem": SpreadsheetError("it is empty.").as_json()}, ""
        name, sheet = filled[0]
        return {"sheet": name, "others": len(filled) - 1}, as_lines(sheet.iter_rows())
    except SpreadsheetError as error:
        problem = error
    except PasswordError:
        problem = SpreadsheetError("it is protected by a password.")
    except CalamineError:
        problem = SpreadsheetError("it begins like a spreadsheet, but is none, or a damaged one. Save it as CSV.")
    return {"problem": problem.as_json()}, ""


def as_lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows of values as lines of cells; an empty row as an empty line, so that lines count as rows do.

    Raises:
        SpreadsheetError: they are too large.
    """
    output = io.StringIO()
    writer = csv.writer(output, delimiter="\t", lineterminator="\n")
    for row in rows:
        if output.tell() > MAX_TEXT:
            raise SpreadsheetError("it is too large; remove some of its rows.")
        cells = [cell_text(value) for value in row]
        if any(cells):
            writer.writerow(cells)
        else:
            output.write("\n")
    return output.getvalue()


def cell_text(value: object) -> str:
    """A value as one would type it, on one line."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return " ".join(str(value).split())


if __name__ == "__main__":
    sys.exit(main())
