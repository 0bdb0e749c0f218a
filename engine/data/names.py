"""Names that people give to classes and features: what of them can be seen, in one way of writing."""

from __future__ import annotations

import re
import unicodedata

from engine.errors import JOINERS

NEEDED = re.compile(
    # joiners, where scripts join (from Hebrew on) and within emoji; a word may end with the one that joins
    rf"(?<=[^\s\x00-\u058f{JOINERS}])(?:\u200c(?=[^\s{JOINERS}])|\u200d(?![{JOINERS}]))"
    # signs that stand before or below numbers, Mongolian's separator: of the same category, and visible
    "|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\u180e]"
    # tags that say of which country a black flag is
    "|(?<=\U0001f3f4)[\U000e0020-\U000e007e]+\U000e007f"
)
"""Format characters that change what is seen, and nothing around them."""
REPEATED = re.compile(rf"([{JOINERS}])[{JOINERS}]+")


def one_writing(text: str) -> str:
    """A text in Unicode's form C without format characters that make no difference: what looks alike is equal."""
    text = REPEATED.sub(r"\1", unicodedata.normalize("NFC", text))
    needed = {place for match in NEEDED.finditer(text) for place in range(*match.span())}
    return "".join(c for place, c in enumerate(text) if place in needed or unicodedata.category(c) != "Cf")


def seen(text: str) -> str:
    """The part of a text from outside that can be a name: one line, all of which can be shown; it may be empty."""
    spaced = "".join(" " if character.isspace() else character for character in text)
    shown = "".join(character for character in spaced if character.isprintable() or _is_format(character))
    return one_writing(shown.strip()).strip()


def can_be_shown(name: str) -> bool:
    """True if a name has no characters but those that can be seen, and joiners."""
    needed = "".join(NEEDED.findall(name)) + JOINERS
    return all(character.isprintable() or character in needed for character in name)


def _is_format(character: str) -> bool:
    return unicodedata.category(character) == "Cf"
