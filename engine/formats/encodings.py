"""The guess at the encoding of a text, where nothing says which it is."""

from __future__ import annotations

import codecs
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from types import MappingProxyType

from engine.messages import mark

ENCODINGS = MappingProxyType(
    {
        "utf-8": mark("Unicode (UTF-8)"),
        "utf-16-le": mark("Unicode (UTF-16)"),
        "utf-16-be": mark("Unicode (UTF-16, big-endian)"),
        "cp1252": mark("Western European (cp1252)"),
        "cp1250": mark("Central European (cp1250)"),
        "cp1254": mark("Turkish (cp1254)"),
        "cp1257": mark("Baltic (cp1257)"),
        "cp1251": mark("Cyrillic (cp1251)"),
        "koi8-r": mark("Cyrillic (KOI8-R)"),
        "cp1253": mark("Greek (cp1253)"),
        "cp1256": mark("Persian, Arabic (cp1256)"),
        "cp1255": mark("Hebrew (cp1255)"),
        "cp874": mark("Thai (cp874)"),
        "cp932": mark("Japanese (Shift-JIS)"),
        "gb18030": mark("Chinese (GBK)"),
        "big5": mark("Chinese (Big5)"),
        "cp949": mark("Korean (cp949)"),
    }
)
"""Those that can be chosen, and what they are called."""
USUAL = "cp1252"
RARE = {"koi8-r": 0.3}  # what speaks against those that are hardly met any more
PIECE = 2**20
BEGINNING = 2**16
# the letters before are limited, since a long text of ASCII would be tried from each of its letters
WORD = re.compile(rb"[A-Za-z]{0,40}[\x80-\xff][A-Za-z\x80-\xff]*")
MAX_WORDS, LONGEST_WORD = 300, 1_000  # bytes
WRITTEN = ("Pi", "Pf", "Pd", "Po", "Sc")  # quotation marks, dashes, other signs between words, currencies
EAST_ASIA = "\u3000"  # its signs begin here
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
PLAIN_TEXT = re.compile("[\t\r\n -~]")


def known_encoding(name: str) -> str | None:
    """The name by which Python knows an encoding of texts in which any bytes can be read; None if there is none."""
    try:
        io.TextIOWrapper(io.BytesIO(), name)
        codecs.getincrementaldecoder(name)("backslashreplace").decode(b"")  # not so names of the internet
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None


def found_encoding(content: bytes) -> str:
    """The encoding that a mark says, or UTF-8 or UTF-16 if it can be, or else the old one that fits best."""
    for beginning, encoding in MARKS.items():
        if content.startswith(beginning):
            return encoding
    if b"\0" in content[:BEGINNING]:
        return _without_mark(content[:BEGINNING]) or "utf-8"
    return "utf-8" if _is_utf8(content) else _old_encoding(content)


def _without_mark(beginning: bytes) -> str | None:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = beginning[: len(beginning) // 2 * 2].decode(encoding, errors="replace")
        # delimiters and line ends are of ASCII in every table; the wrong order of bytes makes them signs of East Asia
        if len(PLAIN_TEXT.findall(text)) > len(text) / 20 and "\0" not in text:
            return encoding
    return None


def pieces(content: bytes) -> Iterator[bytes]:
    """The content piece by piece, between which other threads have their turn."""
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))


def _is_utf8(content: bytes) -> bool:
    try:
        for _ in codecs.iterdecode(pieces(content), "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _old_encoding(content: bytes) -> str:
    """The encoding in which the words beyond ASCII have the likeliest letters.

    A table has few words, too few for `charset_normalizer.from_bytes`, which takes سرخ and سبز for Japanese; the
    frequencies of letters that it brings, each encoding judged by the language that suits it best, tell them apart.
    """
    words = (match.group() for match in WORD.finditer(content) if match.end() - match.start() <= LONGEST_WORD)
    sample = b" ".join(dict.fromkeys(islice(words, MAX_WORDS)))
    best, best_merit = USUAL, -math.inf
    for encoding in list(ENCODINGS)[3:]:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        merit = _likelihood(text) / max(len(sample), 1) - RARE.get(encoding, 0.0)
        if merit > best_merit + 1e-9:  # the first of equals, which is the most usual
            best, best_merit = encoding, merit
    return best


def _likelihood(text: str) -> float:
    """The likelihood of the letters of a text, as a logarithm, in the language that suits it best."""
    letters = Counter(text.lower().replace(" ", ""))
    oddness = sum(count * _oddness(a, b) for (a, b), count in Counter(pairwise(text)).items())
    merits = (sum(n * math.log(_share(letter, ranks)) for letter, n in letters.items()) for ranks in _ranks())
    return max(merits) - oddness


@cache
def _ranks() -> list[dict[str, int]]:
    """The letters of each language by their ranks, the most frequent first."""
    from charset_normalizer.constant import FREQUENCIES  # few files need it, and the program would start later

    return [{letter: rank for rank, letter in enumerate(letters)} for letters in FREQUENCIES.values()]


def _share(letter: str, ranks: dict[str, int]) -> float:
    """Roughly how often a letter comes: by Zipf's law if the language has it."""
    if letter in ranks:
        return 1 / (ranks[letter] + 4)
    if letter >= EAST_ASIA:  # the signs of the smaller national standards are the usual ones
        return 1 / 100 if _encodes(letter, "gb2312") else 1 / 500 if _encodes(letter, "euc_kr") else 1 / 2000
    return 1 / 150 if letter.isalpha() or unicodedata.category(letter) in WRITTEN else 1 / 2000


def _oddness(a: str, b: str) -> float:
    """The oddness of one sign after another: a capital after a letter, or a sign of East Asia beside one of ASCII."""
    if a == " " or b == " ":
        return 0.0
    if (a.islower() and b.isupper()) or (a.isascii() != b.isascii() and max(a, b) >= EAST_ASIA):
        return 2.0
    return 0.7 if a.isupper() and b.isupper() else 0.0


def _encodes(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
