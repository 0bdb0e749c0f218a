"""Numbers in the cells of a table, as people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

DECIMALS = (".", ",", "/")
"""The signs between whole and tenth; the stroke is what Windows proposed for Persian."""
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "–", "—"))
"""What stands where a value is missing, in small letters."""
GROUPS = "'’٬\u00a0\u202f\u2009"
MINUS = "−－﹣–"


class _PlainSigns(dict[int, str]):
    """For `str.translate`: digits of every script become ASCII's, invisible marks go, equal signs become one."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        digit = unicodedata.decimal(sign, None)
        plain = sign if digit is None else str(digit)
        self[code] = "" if unicodedata.category(sign) == "Cf" else plain
        return self[code]


PLAIN_SIGNS = _PlainSigns(
    {**dict.fromkeys(map(ord, GROUPS), "'"), **dict.fromkeys(map(ord, MINUS), "-"), ord("＋"): "+", ord("．"): "."}
)


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
THOUSANDS = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\s*", re.ASCII)


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a value that is not there."""
    return cell.strip().lower() in MISSING


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell is a decimal number by itself; ``float`` takes nan, inf and 1_000, too."""
    return STRICT[decimal].fullmatch(plain(cell, decimal)) is not None


def number(cell: str, decimal: str, *, lone: bool = False) -> float | None:
    """The number in a cell; None if there is none. `lone`: see `groups_are_proved`."""
    text = plain(cell, decimal)
    if not (LOOSE if lone else STRICT)[decimal].fullmatch(text):
        return None
    return float(written_plainly(text, decimal))


def groups_are_proved(cells: Sequence[str], decimal: str) -> bool:
    """Whether a column shows its decimal sign, so that the other one, as in 1,000, can only part thousands."""
    return any(decimal in cell for cell in cells)


def plain(cell: str, decimal: str) -> str:
    """A cell in the signs of ASCII, as far as it is a number."""
    text = cell.strip()
    return text if text.isascii() else text.translate(PLAIN_SIGNS).strip().replace("٫", decimal)


def written_plainly(text: str, decimal: str) -> str:
    """A number that matches, as ``float`` and ``Decimal`` take it."""
    text = text.replace("'", "").replace(OTHERS[decimal], "")
    return text.replace(decimal, ".").replace("D", "e").replace("d", "e")
