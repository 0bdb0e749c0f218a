"""Words of any script inside a sentence of another. Importing this needs the standard library only."""

from __future__ import annotations

import re
import unicodedata

LEFT_TO_RIGHT_MARK, FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u200e", "\u2068", "\u2069"
ISOLATING = LEFT_TO_RIGHT_MARK + FIRST_STRONG_ISOLATE + POP_ISOLATE
RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
"""Classes of characters that turn the direction of what is around them (Unicode Bidirectional Algorithm, UAX #9)."""


def isolated(word: str) -> str:
    """A word from outside, such as a name that a user gave, for a sentence or a line of the program.

    Its direction is its own and leaves the words, numbers and signs around it where they are: it stands in a first
    strong isolate. The mark before that keeps a line that begins with it running from left to right, since Qt takes
    the direction of a line from its first letter, even of an isolated one. Words that turn nothing stay as they are.
    """
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in word):
        return f"{LEFT_TO_RIGHT_MARK}{FIRST_STRONG_ISOLATE}{word}{POP_ISOLATE}"
    return word


def with_isolated_quotes(sentence: str) -> str:
    """A sentence in which each “quoted” word is `isolated`: errors quote whatever is from outside."""
    return re.sub("“([^“”]*)”", lambda quote: f"“{isolated(quote[1])}”", sentence)
