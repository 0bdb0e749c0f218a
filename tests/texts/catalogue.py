"""Writes what translators work on: ``python -m tests.texts.catalogue`` writes ``resources/languages`` anew.

``marz.pot`` is the template with every marked text, ``pseudo.po`` a language for tests in which every text stands in
⟦ ⟧ and is 40 % longer, so that what was forgotten, and what has no room for longer words, is seen at once.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable

from gui.text.language import FOLDER, Key
from tests.texts.marked import Marked, marked

HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: Marz\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)
ACCENTS = str.maketrans("aceinosuyACEINOSUYTt", "áçéíñóšúýÁÇÉÍÑÓŠÚÝŦŧ")
KEPT = re.compile(r"\{[^{}]*\}|<[^<>]*>|&\w+;|&")
"""Placeholders, markup and the mark of a mnemonic."""


def pseudo(text: str) -> str:
    """A text with accents, 40 % longer, between ⟦ and ⟧."""
    pieces = KEPT.split(text)
    kept = KEPT.findall(text)
    accented = "".join(
        piece.translate(ACCENTS) + (kept[index] if index < len(kept) else "") for index, piece in enumerate(pieces)
    )
    more = "·" * math.ceil(0.4 * sum(map(len, pieces)))
    return f"⟦{accented}{more}⟧"


def catalogue(texts: Iterable[Marked], translate: Callable[[str], str] = lambda _: "") -> str:
    """A .po file with every text once, and the places where it stands."""
    places: dict[Key, list[str]] = {}
    many: dict[Key, str] = {}
    for found in texts:
        key = found.context, found.text
        places.setdefault(key, []).append(found.place.rpartition(":")[0])
        many[key] = many.get(key) or found.many
    blocks = [HEADER]
    for (context, text), paths in places.items():
        plural = many[context, text]
        lines = [f"#: {' '.join(dict.fromkeys(paths))}"]
        lines += [f"msgctxt {quoted(context)}"] if context else []
        lines += [f"msgid {quoted(text)}"]
        if plural:
            lines += [f"msgid_plural {quoted(plural)}"]
            lines += [f"msgstr[0] {quoted(translate(text))}", f"msgstr[1] {quoted(translate(plural))}"]
        else:
            lines += [f"msgstr {quoted(translate(text))}"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def quoted(text: str) -> str:
    """A text as it stands in a .po file."""
    return json.dumps(text, ensure_ascii=False)


def write_catalogues() -> None:
    """Write both files."""
    texts = marked()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "marz.pot").write_text(catalogue(texts), encoding="utf-8")
    (FOLDER / "pseudo.po").write_text(catalogue(texts, pseudo), encoding="utf-8")


if __name__ == "__main__":
    write_catalogues()
