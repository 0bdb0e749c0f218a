"""Numbers as people type them: digits of every script, both decimal signs, signs that group, marks nobody sees."""

from __future__ import annotations

import math
import re

from engine.files.numerals import FIXED_BLANK, in_plain_signs

MAX_CHARACTERS = 400  # of a number; int() and float() need none so long
GROUPS = r"\d{1,3}(?P<group>[ '.,])\d{3}(?:(?P=group)\d{3})*"
EXPONENT = r"(?:[eE][+-]?\d+)?"
WHOLE, GROUPED_WHOLE = re.compile(r"[+-]?\d+"), re.compile(rf"[+-]?{GROUPS}")
REAL = re.compile(rf"[+-]?(?:\d+[.,]?\d*|[.,]\d+){EXPONENT}")
GROUPED_REAL = re.compile(rf"[+-]?{GROUPS}(?:(?!(?P=group))[.,]\d*)?{EXPONENT}")


def plain(text: str) -> str:
    """The text with Latin digits and signs, usual blanks, and without marks that cannot be seen."""
    return in_plain_signs(text).replace("٫", ".").replace(FIXED_BLANK, " ").strip()


def real(text: str) -> float | None:
    """The finite number that a text means, or None; one point or comma is a decimal sign."""
    text = plain(text[: MAX_CHARACTERS + 1])
    if len(text) > MAX_CHARACTERS:
        return None
    if not REAL.fullmatch(text):
        grouped = GROUPED_REAL.fullmatch(text)
        if grouped is None:
            return None
        text = text.replace(grouped["group"], "")
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) else None


def whole(text: str) -> int | None:
    """The whole number that a text means, or None; a point or comma can only group digits by three."""
    text = plain(text[: MAX_CHARACTERS + 1])
    if len(text) > MAX_CHARACTERS:
        return None
    if WHOLE.fullmatch(text):
        return int(text)
    grouped = GROUPED_WHOLE.fullmatch(text)
    return None if grouped is None else int(text.replace(grouped["group"], ""))
