"""Sentences as facts: an English template and what stands in it, put into words when they are shown.

The engine makes no finished sentences, and neither does what is kept, such as the name of an undo step: the window says
each in the language it speaks then, see `gui.text.language`. `str` of a message is the English sentence, for the log,
the terminal and tests. Importing this needs the standard library only.
"""

# Tests: tests/gui/text/test_language.py

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """A sentence that is not said yet; `message` and `counted` make one.

    Attributes:
        template: English, with a named placeholder for each value, such as ``{name}`` or ``{n:,}``.
        values: by name; messages and errors among them are said in the same language.
        many: the template for numbers other than one; "" if nothing is counted. The number is the value ``n``.
        context: tells apart meanings of the same English words; "" where there is one only.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    many: str = ""
    context: str = ""

    def __str__(self) -> str:
        template = self.many if self.many and self.values["n"] != 1 else self.template
        return template.format_map(self.values) if self.values else template

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self.template)


NOTHING = Message("")
"""The message where there is nothing to say: it is said as ""."""


def message(template: str, context: str = "", /, **values: object) -> Message:
    """A sentence with values in it."""
    return Message(template, values, context=context)


def counted(one: str, many: str, n: int, context: str = "", /, **values: object) -> Message:
    """A sentence about `n` things: the template `one` is for a single one; ``{n}`` stands for the number in both."""
    return Message(one, {"n": n, **values}, many, context)


def mark(text: str, context: str = "") -> str:
    """A text of a table, to be said where it is shown: the English text itself; `context` is for the translation."""
    del context
    return text
