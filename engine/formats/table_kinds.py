"""Files of points that are no delimited text, made into one: spreadsheets, ARFF, LIBSVM, JSON."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.data.dataset_checks import MAX_POINTS
from engine.errors import shown
from engine.files.whole_files import MAX_VALUES
from engine.formats.encodings import BEGINNING, ENCODINGS, MARKS, PIECE, USUAL, found_encoding, known_encoding
from engine.formats.spreadsheet import SpreadsheetError, as_lines, is_spreadsheet, sheet_as_text
from engine.formats.table_format import MAX_COLUMNS, Doubt, TableError
from engine.messages import Message, counted, message

ARFF = re.compile(r"(?:[^\S\n]*+(?:%.*+)?\n)*+[^\S\n]*+@relation\b", re.IGNORECASE)
"""Nothing in it can match in two ways: hundreds of empty lines would be tried in all of them."""
ATTRIBUTE = re.compile(r"""\s*@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)""", re.IGNORECASE)
DOCUMENT, JSON = re.compile(r'\s*\{\s*"format"'), re.compile(r'\s*(?:\[\s*[\[{]|\{\s*")')
SPARSE = re.compile(r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?((?:[ \t]+[0-9]{1,9}:[^\s:,;]+)+)[ \t]*(?:#.*)?")
SPARSE_ROW = re.compile(
    r"\s*+(?:\S++(?:[ \t]++[0-9]{1,9}:\S++)*+)?\s*+(?:#.*)?"
)  # which may have no values, or wrong ones
INDEXED = re.compile(r"([0-9]{1,9}):(\S+)")
TRIED_LINES = 50
MAX_JSON_BYTES = 128 * 2**20
MAX_LINES = 2 * MAX_POINTS  # with remarks and empty ones


@dataclass(frozen=True)
class Recognised:
    """A file as delimited text.

    Attributes:
        kind: what it is, in a word or two.
        content: the text.
        encoding: in which that is.
        file_encoding: in which the file was; "" for a spreadsheet.
        first_number: of its first line; 0 if there is a line of names that the file has not.
        doubts: what may be meant otherwise.
        notes: what there is to tell.
    """

    kind: str
    content: bytes
    encoding: str
    file_encoding: str = ""
    first_number: int = 1
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[Message, ...] = ()


def recognised(
    content: bytes, encoding: str | None = None, is_cancelled: Callable[[], bool] | None = None
) -> Recognised:
    """The kind of a file, recognised by its content.

    Args:
        content: of the file.
        encoding: of a text; None: found by itself.
        is_cancelled: asked from time to time whether to give up.

    Raises:
        TableError: it is damaged, or no such encoding is known.
    """
    if is_spreadsheet(content):
        if encoding:
            raise TableError("it is a spreadsheet, which says itself what its letters are. Choose no encoding.")
        return _spreadsheet(content, is_cancelled)
    name = known_encoding(encoding) if encoding else found_encoding(content)
    if name is None:
        raise TableError("there is no encoding “{encoding}”.", encoding=shown(str(encoding), 40))
    original = name
    if name.startswith(("utf-16", "utf-32")):
        try:
            content, name = _as_utf8(content, name), "utf-8"
        except UnicodeError as error:
            raise TableError(
                "it is not a text file: not all of it is {encoding}.", encoding=name[:6].upper()
            ) from error
    name = name.replace("utf-8-sig", "utf-8").replace("utf-8", "utf-8-sig")  # which reads both
    beginning = content[:BEGINNING].decode(name, errors="replace")
    lines = beginning.splitlines()[:TRIED_LINES]
    found = [line for line in lines if line.strip() and not line.startswith("#")]
    convert: Callable[[str], Iterator[str]] | None = None
    kind, first = "text", 1
    if ARFF.match(beginning):
        kind, convert = "ARFF", _arff_lines
    elif DOCUMENT.match(beginning):
        raise TableError("it is an experiment saved by Marz, no table. Open it, and export its points if need be.")
    elif JSON.match(beginning):
        kind, first, convert = "JSON", 0, _json_lines
    elif found[:-1] and all(map(SPARSE.fullmatch, found[:-1])):  # the last one may be cut off
        kind, first, convert = "LIBSVM", 0, _sparse_lines
    if convert is not None:
        content, name = _text(convert, content, name).encode(errors="replace"), "utf-8"
    original = original.removesuffix("-sig").replace("utf-16", "utf-16-le") if original in MARKS.values() else original
    return Recognised(kind, content, name, original, first, *_about(original, sure=bool(encoding)))


def _spreadsheet(content: bytes, is_cancelled: Callable[[], bool] | None) -> Recognised:
    try:
        text, sheet, n_others = sheet_as_text(content, is_cancelled)
    except SpreadsheetError as error:
        raise TableError(error.message) from error
    more = message(
        "The sheet “{sheet}” is read; the file has {n_others} more.", sheet=shown(sheet, 40), n_others=n_others
    )
    return Recognised("spreadsheet", text, "utf-8", notes=(more,) if n_others else ())


def _as_utf8(content: bytes, encoding: str) -> bytes:
    """A text in UTF-8, made in pieces, since one call for all of it would let no other thread run."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = [decoder.decode(content[start : start + PIECE]).encode() for start in range(0, len(content), PIECE)]
    return b"".join([*pieces, decoder.decode(b"", final=True).encode()])


def _about(encoding: str, *, sure: bool) -> tuple[tuple[Doubt, ...], tuple[Message, ...]]:
    if sure or encoding not in ENCODINGS or encoding.startswith("utf-"):
        return (), ()
    name = message(ENCODINGS[encoding])
    sentence = message("The letters are read as {encoding}, which is guessed.", encoding=name)
    if encoding == USUAL:
        return (), (sentence,)
    return (Doubt(sentence, message("the letters are read as {encoding}, which is guessed.", encoding=name)),), ()


def _text(convert: Callable[[str], Iterator[str]], content: bytes, encoding: str) -> str:
    return "\n".join(convert(content.decode(encoding, errors="backslashreplace")))


def _lines(text: str) -> list[str]:
    if text.count("\n") > MAX_LINES:
        raise TableError("it has more than {most:,} lines; remove some.", most=MAX_LINES)
    return text.splitlines()


def _arff_lines(text: str) -> Iterator[str]:
    """The lines of an ARFF file with the names of the attributes where ``@data`` is, and nothing before."""
    lines, names = iter(_lines(text)), []
    for line in lines:
        if line.strip().lower() == "@data":
            break
        if attribute := ATTRIBUTE.match(line):
            names.append(re.sub(r"[\\,;\t\"']", " ", attribute[1].strip("'\"")).strip())
        yield ""
    rows = list(lines)
    first = next((row for row in rows if row.strip() and not row.startswith("%")), "")
    if first.lstrip().startswith("{"):
        raise TableError(
            "it is sparse ARFF, which Marz cannot read. Save it in dense form; Weka has a filter SparseToNonSparse."
        )
    yield ("," if "," in first else "\t" if "\t" in first else " ").join(names)
    yield from rows


def _sparse_lines(text: str) -> Iterator[str]:
    """The lines of a LIBSVM file, ``label 1:value 3:value``, with all values and a line of names before them."""
    lines = _lines(text)
    cells: list[dict[int, str]] = []
    low, high = 1, 0
    for number, line in enumerate(lines, 1):
        if not SPARSE_ROW.fullmatch(line):
            raise TableError("line {line} is not like the others, a label and then values such as 1:0.5.", line=number)
        cells.append({})
        for pair in INDEXED.finditer(line):
            index = int(pair[1])
            low, high = min(low, index), max(high, index)
            if high - low >= MAX_COLUMNS or (high - low) * len(lines) > MAX_VALUES:  # before more is kept
                raise TableError(
                    "it has {n_columns:,} columns in {rows}, which is too much.",
                    n_columns=high,
                    rows=counted("{n:,} row", "{n:,} rows", len(lines)),
                )
            cells[-1][index] = pair[2]
    yield ",".join(["label", *(f"x{index}" for index in range(low, high + 1))])
    for line, values in zip(lines, cells, strict=True):
        label = line.split("#")[0].split()[:1]
        yield ",".join([*label, *(values.get(index, "0") for index in range(low, high + 1))]) if label else ""


def _json_lines(text: str) -> Iterator[str]:
    """A list of points, or points one after the other, as rows; each is a table of values by name, or a list."""
    if len(text) > MAX_JSON_BYTES:
        raise TableError("it is too large; at most {most} MB of JSON can be read.", most=MAX_JSON_BYTES // 2**20)
    names: tuple[str, ...] | None = None
    for number, point in enumerate(_json_items(text), 1):
        if number > MAX_POINTS:
            raise TableError("it has more than {most:,} points.", most=MAX_POINTS)
        if isinstance(point, dict):
            if names is None:
                names = tuple(map(str, point))
                yield as_lines([names])[:-1]
            values = [point.get(name) for name in names] if len(point) == len(names) else [*point.values()]
        elif isinstance(point, list):
            if names is None:
                names = ()
                yield ""
            values = point
        else:
            values = []
        if not values or any(isinstance(value, dict | list) for value in values):
            raise TableError("point number {number} is no list or table of numbers and texts.", number=number)
        yield as_lines([["" if value is None else value for value in values]])[:-1]


def _json_items(text: str) -> Iterator[object]:
    decoder, place, end = json.JSONDecoder(), 0, len(text)
    between = re.compile(r"[\s,]*")
    is_list = text.lstrip().startswith("[")
    if is_list:
        place = text.index("[") + 1
    while True:
        match = between.match(text, place)
        place = match.end() if match else place
        if place >= end or (is_list and text[place] == "]"):
            return
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, place) + 1
            raise TableError("line {line}: this is no JSON of points.", line=line) from error
        yield item
