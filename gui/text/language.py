"""The language of the window: every text that is shown goes through `say` or `count`.

English stands in the source and is the key of a translation. A language is a file ``NAME.po`` of gettext (GNU gettext
manual, "The Format of PO Files"), read by a few lines here, since Python's own reader takes compiled files only.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import resources
from engine.errors import InputError, as_sentence
from engine.messages import Message
from engine.messages import mark as mark

FOLDER = resources.FOLDER / "languages"
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
ISOLATE, POP = "\u2068", "\u2069"

Key = tuple[str, str]
"""The context, "" for none, and the English text; of what is counted that for one."""


class Language:
    """A way to put facts into words.

    Args:
        code: such as ``fa``; ``en`` needs no entries.
        entries: for each key its texts: one, or one for each plural form.
        plural: which form a number takes.
    """

    def __init__(
        self,
        code: str = "en",
        entries: Mapping[Key, tuple[str, ...]] | None = None,
        plural: Callable[[int], int] = lambda n: int(n != 1),
    ) -> None:
        self.code, self._entries, self._plural = code, entries or {}, plural
        self.is_right_to_left = code.partition("_")[0] in RIGHT_TO_LEFT

    def say(self, text: str | Message | InputError, context: str = "", /, **values: object) -> str:
        """A text in this language; of an error a sentence of at most 300 characters."""
        if isinstance(text, InputError):
            return as_sentence(self.say(text.message))
        if isinstance(text, Message):
            if text.many:
                return self._counted(text)
            return self.say(text.template, text.context, **text.values)
        said = self._entries.get((context, text), (text,))[0] if text else ""
        return self._filled(said, values) if values else said

    def count(self, one: str, many: str, n: int, context: str = "", /, **values: object) -> str:
        """A text about `n` things, which stand in it as ``{n}``."""
        return self._counted(Message(one, {"n": n, **values}, many, context))

    def _counted(self, message: Message) -> str:
        forms = self._entries.get((message.context, message.template))
        number = int(str(message.values["n"]))
        if forms is None:
            said = message.template if number == 1 else message.many
        else:
            said = forms[min(self._plural(number), len(forms) - 1)]
        return self._filled(said, message.values)

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        """A text with its values in it."""
        return text.format_map({name: self._shown(value) for name, value in values.items()})

    def _shown(self, value: object) -> object:
        """A value as it stands in a text: facts are said; words that run the other way leave the text in its order."""
        if isinstance(value, InputError | Message):
            value = self.say(value)
        return Isolate(value) if self.is_right_to_left else value


class Isolate:
    """A value that stands apart in a text that runs from right to left."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        text = format(self._value, spec)
        return f"{ISOLATE}{text}{POP}" if text else text


def read_language(path: Path) -> Language:
    """The language of a file, whose name is its code.

    Raises:
        ValueError: a line of it cannot be understood.
    """
    entries, plural = read_entries(path.read_text(encoding="utf-8"))
    return Language(path.stem, entries, plural)


def read_entries(text: str) -> tuple[dict[Key, tuple[str, ...]], Callable[[int], int]]:
    """The translated entries of a .po file, and the rule of its plural forms; what is fuzzy or empty is left out."""
    entries: dict[Key, tuple[str, ...]] = {}
    header = ""
    for block in re.split(r"\n\s*\n", text):
        parts = _parts(block)
        forms = tuple(parts[name] for name in sorted(parts) if name.startswith("msgstr"))
        if "msgid" not in parts or "fuzzy" in "".join(re.findall(r"^#,.*$", block, re.MULTILINE)):
            continue
        if parts["msgid"] == "" and "msgctxt" not in parts:
            header = forms[0]
        elif all(forms):
            entries[parts.get("msgctxt", ""), parts["msgid"]] = forms
    rule = re.search(r"plural=([^;\n]+)", header)
    return entries, gettext.c2py(rule[1].strip() if rule else "n != 1")


def _parts(block: str) -> dict[str, str]:
    """The texts of one entry by their keywords."""
    parts: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        found = re.fullmatch(r'(msg\w+(?:\[\d+\])?)?\s*(".*")\s*', line)
        if found is None or not (found[1] or name):
            raise ValueError(f"not a line of a .po file: {line[:60]}")
        name = found[1] or name
        parts[name] = parts.get(name, "") + str(ast.literal_eval(found[2]))
    return parts


_current = Language()


def use(language: Language) -> None:
    """Speak a language from now on; what is on screen stays as it is."""
    global _current  # one window, one language
    _current = language


def current() -> Language:
    """The language that is spoken."""
    return _current


def say(text: str | Message | InputError, context: str = "", /, **values: object) -> str:
    """A text in the language of the window; see `Language.say`."""
    return _current.say(text, context, **values)


def count(one: str, many: str, n: int, context: str = "", /, **values: object) -> str:
    """A text about `n` things in the language of the window; see `Language.count`."""
    return _current.count(one, many, n, context, **values)
