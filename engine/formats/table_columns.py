"""The names of a table's columns, and a proposal which are meant as coordinates and which as the label."""

# Tests: tests/engine/formats/test_tables.py

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.names import seen
from engine.dataset import MAX_CLASSES, MAX_NAME_LENGTH
from engine.errors import shown
from engine.files.numerals import THOUSANDS, counted_from, is_missing, is_number, number
from engine.formats.table_format import Columns, Doubt, Rows, TableFormat
from engine.messages import Message, mark, message

LABEL_NAMES = frozenset(
    (
        *("label", "labels", "class", "classes", "target", "targets", "species", "survived", "outcome", "diagnosis"),
        *("cluster", "کلاس", "برچسب", "دسته", "رده", "گونه", "klasse", "classe", "clase"),
    )
)
LIKELY_NAMES = frozenset(("y", "category", "group", "type", "quality", "result", "status"))
"""Names that a label may have, but other columns beside it, too."""
IDENTIFIER = re.compile(
    r"#|nr|no\.?|row|index|key|code|(row|serial)?\s?num(ber|\.)?|unnamed: 0|row ?names?|identifier|شناسه|کد|شماره|ردیف"
    r"|ids?|id[ _.\-]?(number|num|no|nr)?\.?|id[ _.\-].*|.*[ _.\-](id|code|no|nr|number)\.?|\w*[a-z]id"
)
NEARLY = 0.9
FEWEST_COUNTED = 3
FEWEST_ROWS = 5  # below which all numbers differ in many a column
SMALLEST_CODE = 10_000
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
WHOLE = re.compile("[+-]?[0-9]+(?:[.,]0*)?")


@dataclass(frozen=True)
class Proposal:
    """The columns that are probably meant as coordinates and as the label.

    Attributes:
        columns: those that are used; fewer than two features if no more were found.
        identifiers: columns of numbers that are no coordinates: they tell the rows apart.
        doubts: what may be meant otherwise.
        label_doubt: the doubt about the label, which is settled when that is chosen; None if there is none.
        notes: what there is to tell.
    """

    columns: Columns
    identifiers: tuple[int, ...]
    doubts: tuple[Doubt, ...]
    label_doubt: Doubt | None
    notes: tuple[Message, ...]


def clean_name(text: str) -> str:
    """A text of a file as a name: without what cannot be shown, and not too long; it may be empty.

    An apostrophe in front may be the guard that `engine.formats.table_writing` gives to names that would be taken for
    others.
    """
    if text.startswith("'") and would_be_mistaken(text[1:]):
        text = text[1:]
    return seen(seen(text)[:MAX_NAME_LENGTH])  # once more, for what the cut has parted


def would_be_mistaken(name: str) -> bool:
    """True if a name, or what is behind the apostrophes of one, looks like a formula, a number or a missing value."""
    bare = name.lstrip("'")
    return bare.startswith(FORMULA_SIGNS) or is_missing(bare) or any(is_number(bare, sign) for sign in ".,")


def column_names(first: Sequence[str] | None, n_columns: int) -> tuple[str, ...]:
    """The names in a header, or made-up ones where there are none."""
    given = [*(first or ()), *[""] * n_columns][:n_columns]
    return tuple(clean_name(cell) or f"x{number}" for number, cell in enumerate(given, 1))


def propose(
    names: Sequence[str], rows: Rows, numeric: Sequence[bool], form: TableFormat, usual_decimal: str = ""
) -> Proposal:
    """The columns that are probably meant; a comma may part thousands unless it is the usual decimal sign.

    The label is a column of few values that is named so, or is of texts, or of whole numbers and the last, the first or
    any; of two columns of numbers both are features. A column that tells the rows apart is no feature.
    """
    cells = [[row[j].strip() for row in rows] for j in range(len(names))]
    numbers = [j for j in range(len(names)) if numeric[j]]
    spare = [j for j in numbers if _tells_rows_apart(names[j], j, cells[j], has_header=form.has_header)]
    if len(numbers) - len(spare) >= 2:
        numbers = [j for j in numbers if j not in spare]
    else:
        spare = []
    candidates = sorted(
        (
            (_rank(names[j], j, names, is_numeric=numeric[j]), j)
            for j in range(len(names))
            if j not in spare
            and (j not in numbers or len(numbers) > 2)
            and _few_values(cells[j])
            and (_named_as_label(names[j], names) > 0 or not numeric[j] or _whole(cells[j], form.decimal))
        ),
        reverse=True,
    )
    label = candidates[0][1] if candidates else None
    columns = Columns(tuple(j for j in numbers if j != label), label)
    rivals = [names[j] for rank, j in candidates if _is_rival(rank, candidates[0][0], cells[j])]
    label_doubt = _label_doubt(rivals) if label is not None else _too_many_values(names, cells, numeric, columns)
    others = _doubts(names, cells, form, columns, usual_decimal)
    left = ", ".join(f"“{names[j]}”" for j in spare[:3])
    note = message("Left out: {columns}, which only tells the rows apart.", columns=left)
    return Proposal(columns, tuple(spare), others, label_doubt, (note,) if spare else ())


Rank = tuple[int, bool, bool, bool, int]


def _rank(name: str, place: int, names: Sequence[str], *, is_numeric: bool) -> Rank:
    """The rank of a column as the label: by its name, then by its cells, then by its place."""
    return (_named_as_label(name, names), not is_numeric, place == len(names) - 1, place == 0, place)


def _is_rival(rank: Rank, best: Rank, cells: list[str]) -> bool:
    """True if a candidate is as good as the best: among numbers only the outer ones, if their values come again."""
    named, text, last, first, _ = rank
    if best[0] == 2:
        return named == 2
    equal = named == best[0] and text == best[1]
    return (equal or best[0] == 1) and bool(named or text or last or (first and 2 * len(set(cells)) <= len(cells)))


def _label_doubt(rivals: list[str]) -> Doubt | None:
    if len(rivals) < 2:
        return None
    shortly = [f"“{shown(name, 20)}”" for name in rivals[:3]]  # there is to be room for what to do
    told = ", ".join(shortly) + (" …" if len(rivals) > 3 else "")
    sentence = mark("The class may be in any of the columns {columns}; {first} is taken.")
    reason = mark("the class may be in any of the columns {columns}; {first} is taken.")
    return _doubt(sentence, reason, columns=told, first=shortly[0])


def _too_many_values(
    names: Sequence[str], cells: list[list[str]], numeric: Sequence[bool], columns: Columns
) -> Doubt | None:
    """A column that would be the label if it had fewer values."""
    for j, name in enumerate(names):
        spare = j not in columns.features or len(columns.features) > 2
        if not spare or _is_identifier(name) or (numeric[j] and not _named_as_label(name, names)):
            continue
        n_values = len({cell for cell in cells[j] if not is_missing(cell)})
        if n_values > MAX_CLASSES:
            return _doubt(
                mark(
                    "The column “{name}” has {n_values:,} different values in the first {n_rows:,} rows; at most {most}"
                    " classes are possible."
                ),
                mark(
                    "the column “{name}” has {n_values:,} different values in the first {n_rows:,} rows; at most {most}"
                    " classes are possible."
                ),
                name=name,
                n_values=n_values,
                n_rows=len(cells[j]),
                most=MAX_CLASSES,
            )
    return None


def _doubts(
    names: Sequence[str], cells: list[list[str]], form: TableFormat, columns: Columns, usual_decimal: str
) -> tuple[Doubt, ...]:
    """Numbers that may be thousands or dates, and a column without a name that may only tell the rows apart."""
    found: list[Doubt] = []
    used = [cell for j in columns.features for cell in cells[j] if not is_missing(cell)]
    commas = [cell for cell in used if "," in cell]
    is_sure = form.delimiter == ";" or usual_decimal == ","
    if form.decimal == "," and not is_sure and commas and all(map(THOUSANDS.fullmatch, commas)):
        text, cell = mark("“{cell}” may be thousands; it is read as {number}."), commas[0]
        found.append(_doubt(text, text, cell=shown(cell, 40), number=cell.replace(",", ".")))
    if form.decimal == "/":
        text, cell = mark("“{cell}” may be a date; it is read as {number}."), next((c for c in used if "/" in c), "")
        found.append(_doubt(text, text, cell=shown(cell, 40), number=number(cell, "/")))
    if not form.has_header and columns.features:
        first, *others = columns.features
        codes = [value for cell in cells[first] if (value := number(cell, form.decimal)) is not None]
        rest = [value for j in others for cell in cells[j] if (value := number(cell, form.decimal)) is not None]
        if _all_differ(cells[first]) and min(codes) >= SMALLEST_CODE > max(rest, default=0):
            found.append(
                _doubt(
                    mark("The column “{name}” may only tell the rows apart; it is read as a coordinate."),
                    mark("the column “{name}” may only tell the rows apart; it is read as a coordinate."),
                    name=names[first],
                )
            )
    return tuple(found)


def _doubt(sentence: str, reason: str, **values: object) -> Doubt:
    return Doubt(message(sentence, **values), message(reason, **values))


def _named_as_label(name: str, names: Sequence[str]) -> int:
    """2: a column is named as only a label is; 1: as others may be, too; 0: neither."""
    if name.lower() == "y" and "x" in map(str.lower, names):
        return 0
    return 2 if name.lower() in LABEL_NAMES else int(name.lower() in LIKELY_NAMES)


def _few_values(cells: list[str]) -> bool:
    return 1 <= len({cell for cell in cells if not is_missing(cell)}) <= MAX_CLASSES


def _whole(cells: list[str], decimal: str) -> bool:
    values = [number(cell, decimal) for cell in set(cells) if not is_missing(cell)]
    return all(value is not None and value % 1 == 0 for value in values)  # infinity % 1 is nan


def _tells_rows_apart(name: str, place: int, cells: list[str], *, has_header: bool) -> bool:
    """True if a column without a name counts the rows, or one named as an identifier has (nearly) no number twice."""
    counts = len(cells) >= FEWEST_COUNTED and counted_from(cells) is not None
    if counts and name == f"x{place + 1}":
        return True
    return has_header and _is_identifier(name) and (counts or _all_differ(cells))


def _is_identifier(name: str) -> bool:
    return IDENTIFIER.fullmatch(name.strip().lower()) is not None


def _all_differ(cells: list[str]) -> bool:
    there = [cell for cell in cells if not is_missing(cell)]
    whole = len(there) >= FEWEST_ROWS and all(map(WHOLE.fullmatch, there))
    return whole and len(set(there)) >= NEARLY * len(there)
