"""Words of any script inside a sentence of another."""

from __future__ import annotations

FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE = "\u2068", "\u2066", "\u2069"
PLAIN = frozenset(map(chr, range(0x20, 0x7F)))


def isolated(name: str) -> str:
    """A name that a user gave, to be put into a sentence: its direction is its own, and leaves the sentence alone.

    By the first strong isolate of the Unicode Bidirectional Algorithm (UAX #9). A name of ASCII alone is left as it is.
    """
    return name if PLAIN.issuperset(name) else f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"


def left_to_right(text: str) -> str:
    """A line that begins with a user's word, or ends with a sign that belongs there: it runs from left to right."""
    return text if PLAIN.issuperset(text) else f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"
