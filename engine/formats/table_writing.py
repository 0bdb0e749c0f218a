"""Datasets as delimited text."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

import os
import re

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset, names_of_features
from engine.files.decimals import shortest_decimals
from engine.files.numerals import is_number
from engine.files.whole_files import FileError, replace_file
from engine.formats.table_columns import would_be_mistaken
from engine.formats.table_format import TableError
from engine.formats.table_reading import named_classes

ROWS = 2**12  # that are written at once
NEEDS_QUOTES = re.compile(r"[,;\t\"#]|^[ '%/]| $")


def write_table(path: str | os.PathLike[str], dataset: Dataset, decimal: str = ".") -> None:
    """Write all points as CSV in UTF-8, with a header; a file that was there stays whole until the new one is.

    Args:
        path: the file.
        dataset: the points.
        decimal: the decimal sign; with a comma, cells are separated by semicolons, as spreadsheets that use it expect.

    Numbers are the shortest that give the same single-precision number back. A name that a spreadsheet would take for
    a formula, or `engine.formats.tables` for another number or a missing value, gets an apostrophe in front, which the
    latter takes away again; quotation marks would not stop a spreadsheet.
    Where there are names beyond ASCII the file begins with a byte order mark, without which Excel takes them for
    Windows' Western European.

    Raises:
        TableError: the file could not be written.
    """
    text = _text(dataset, dataset.points, dataset.labels, "," if decimal == "." else ";", decimal)
    try:
        replace_file(path, text.encode("utf-8" if text.isascii() else "utf-8-sig"))
    except FileError as error:
        raise TableError(error.message) from error


def as_text(dataset: Dataset, mask: NDArray[np.bool_], decimal: str = ".") -> str:
    """The points where `mask`, bool ndarray of shape (n_samples,), is true, for the clipboard: separated by tabs."""
    return _text(dataset, dataset.points[mask], dataset.labels[mask], "\t", decimal)


def _text(
    dataset: Dataset, points: NDArray[np.float32], labels: NDArray[np.int64], delimiter: str, decimal: str
) -> str:
    features = names_of_features(dataset)
    header = delimiter.join(_cell(name, decimal) for name in (*features, "class"))
    classes = [_cell(name, decimal) for name in dataset.class_names]
    blocks = [f"{header}\n"]
    for first in range(0, len(points), ROWS):  # between two blocks other threads have their turn
        here = slice(first, first + ROWS)
        rows = zip(shortest_decimals(points[here]).tolist(), labels[here].tolist(), strict=True)
        lines = [
            f"{delimiter.join(map(repr, row)).replace('.', decimal)}{delimiter}{classes[label]}\n"
            for row, label in rows
        ]
        blocks.append("".join(lines))
    return "".join(blocks)


def _cell(name: str, decimal: str) -> str:
    is_plain_number = is_number(name, decimal) and named_classes((name,), decimal)[0][0] == name
    if would_be_mistaken(name) and not is_plain_number:
        name = f"'{name}"
    return '"' + name.replace('"', '""') + '"' if NEEDS_QUOTES.search(name) else name
