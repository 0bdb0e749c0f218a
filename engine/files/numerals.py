"""Numbers in the cells of a table, as people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

DECIMALS = (".", ",", "/")
"""The signs between whole and tenth; the stroke is what Windows proposed for Persian."""
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "–", "—"))
"""The texts that stand for a missing value, in small letters."""
FIXED_BLANK = "\u00a0"
"""Every blank but the usual one: it parts no words, and so may part thousands."""
SIGNS = {
    **dict.fromkeys("−﹣－–", "-"),
    **dict.fromkeys("﹢＋", "+"),
    "．": ".",
    **dict.fromkeys("،，", ","),
    **dict.fromkeys("٬’＇", "'"),  # what groups digits and is nothing else
    **dict.fromkeys("٪﹪％", "%"),
}
"""Signs that mean the same as one of ASCII."""


class _PlainSigns(dict[int, str]):
    """For `str.translate`: the plain sign for each, found when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        digit, category = unicodedata.decimal(sign, None), unicodedata.category(sign)
        if digit is not None:
            plain = str(digit)
        elif category == "Cf":
            plain = ""
        elif category == "Zs" and sign != " ":
            plain = FIXED_BLANK
        else:
            plain = SIGNS.get(sign, sign)
        self[code] = plain
        return plain


PLAIN_SIGNS = _PlainSigns()


def in_plain_signs(text: str) -> str:
    """A text with ASCII's digits and signs instead of those of other scripts, and without marks that cannot be seen.

    ٫ stays, which is the decimal sign whatever that is elsewhere in a text; all blanks but the usual one become one.
    """
    return text if text.isascii() else text.translate(PLAIN_SIGNS)


def _pattern(decimal: str, other: str, *, lone: bool) -> re.Pattern[str]:
    """A number; `lone`: whether a single group of thousands is one without a decimal sign behind it, as in 1,000."""
    end = r"\d*" if decimal == "." else r"\d+"
    sign, group = re.escape(decimal), re.escape(other)
    grouped = rf"[1-9]\d{{0,2}}(?:'\d{{3}})+(?:{sign}{end})?|[1-9]\d{{0,2}}(?:{group}\d{{3}})+"
    grouped += rf"(?:{sign}{end})?" if lone else rf"(?:{sign}{end}|(?<={group}\d{{3}}{group}\d{{3}}))"
    return re.compile(rf"[+-]?(?:\d+(?:{sign}{end})?|{sign}\d+|{grouped})(?:[eEdD][+-]?\d+)?", re.ASCII)


OTHERS = {".": ",", ",": ".", "/": ","}
STRICT = {decimal: _pattern(decimal, other, lone=False) for decimal, other in OTHERS.items()}
LOOSE = {decimal: _pattern(decimal, other, lone=True) for decimal, other in OTHERS.items()}
COUNTED = re.compile(r"\s*[0-9]{1,7}\s*", re.ASCII)
THOUSANDS = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\s*", re.ASCII)
PARTED_BY_BLANKS = re.compile(r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:[.,/]\d*)?", re.ASCII)
"""Thousands, and no number here: the blanks may as well part columns, as in 1,234 567,890."""


def is_missing(cell: str) -> bool:
    """True if a cell stands for a value that is not there."""
    return cell.strip().lower() in MISSING


def is_number(cell: str, decimal: str) -> bool:
    """True if a cell is a decimal number by itself; ``float`` takes nan, inf and 1_000, too."""
    return STRICT[decimal].fullmatch(plain(cell, decimal)) is not None


def number(cell: str, decimal: str, *, lone: bool = False) -> float | None:
    """The number in a cell; None if there is none. `lone`: see `groups_are_proved`."""
    text = plain(cell, decimal)
    if not (LOOSE if lone else STRICT)[decimal].fullmatch(text):
        return None
    return float(written_plainly(text, decimal))


def groups_are_proved(cells: Sequence[str], decimal: str) -> bool:
    """True if a column shows its decimal sign, so that the other one, as in 1,000, can only part thousands."""
    return any(decimal in cell for cell in cells)


def counted_from(cells: Sequence[str]) -> int | None:
    """The first of some cells if each is a whole number, and one more than that before; None if they are not so."""
    if not cells or not all(map(COUNTED.fullmatch, cells)):
        return None
    first = int(cells[0])
    return first if list(map(int, cells)) == list(range(first, first + len(cells))) else None


def plain(cell: str, decimal: str) -> str:
    """A cell in the signs of ASCII, as far as it is a number."""
    return in_plain_signs(cell).strip().replace("٫", decimal).replace(FIXED_BLANK, "'")


def written_plainly(text: str, decimal: str) -> str:
    """A number that matches, as ``float`` and ``Decimal`` take it."""
    text = text.replace("'", "").replace(OTHERS[decimal], "")
    return text.replace(decimal, ".").replace("D", "e").replace("d", "e")
