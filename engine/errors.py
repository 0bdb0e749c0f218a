"""The one error the engine raises for input it cannot use, and how texts and values from outside stand in its sentence.

Importing this needs the standard library only.
"""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AnySet
from typing import Any

from engine.isolates import ISOLATING
from engine.messages import Message, mark

NO_MEMORY = mark("There is not enough memory for this.")
MAX_SENTENCE = 300
"""Characters; a box with a text of a megabyte takes a minute to lay out."""
QUOTED = 60
"""Characters of a name or value that is quoted in a sentence."""
QUOTED_PATH = 160
JOINERS = "\u200c\u200d"  # not printable to Python, and part of Persian names
MAX_BITS = 10_000  # of a whole number; Python writes none of thousands of digits


class InputError(ValueError):
    """A value from outside cannot be used; the message is a sentence a user can act on.

    It carries facts, which are put into words where they are shown (`gui.text.language.say`): an English template with
    named placeholders, and the values that stand there, errors and messages among them. `str` of it is the English
    sentence, for the log, the terminal and tests.

    Whatever it quotes, it is one line of at most 300 characters without any that cannot be seen: a terminal and a box
    take it as it is. What would be long is made short where it is quoted, see `shown` and `as_typed`; the limit here is
    for what was forgotten, and cuts the end off.

    Args:
        template: English, or a message.
        values: by the names of the placeholders.
    """

    def __init__(self, template: str | Message, /, **values: object) -> None:
        self.message = template if isinstance(template, Message) else Message(template, values)
        super().__init__(as_sentence(str(self.message)))

    @property
    def template(self) -> str:
        """English, with placeholders."""
        return self.message.template

    @property
    def values(self) -> Mapping[str, object]:
        """The values of the placeholders."""
        return self.message.values

    def __reduce__(self) -> tuple[type[InputError], tuple[Message]]:
        return type(self), (self.message,)

    def as_json(self) -> dict[str, Any]:
        """A table for JSON, with the English sentence for readers without templates; `from_json` reads it back."""
        return {"sentence": str(self), **_as_json(self.message)}

    @staticmethod
    def from_json(table: Mapping[str, Any]) -> InputError:
        """The error that `as_json` described; raises a TypeError, LookupError or AttributeError if it is none."""
        return InputError(_from_json(table))


def _as_json(fact: object) -> Any:
    if isinstance(fact, InputError):
        return _as_json(fact.message)
    if isinstance(fact, Message):
        values = {name: _as_json(value) for name, value in fact.values.items()}
        return {"template": fact.template, "values": values, "many": fact.many, "context": fact.context}
    if isinstance(fact, numbers.Integral):
        return int(fact)
    return float(fact) if isinstance(fact, numbers.Real) and math.isfinite(fact) else str(fact)


def _from_json(table: Mapping[str, Any]) -> Message:
    values = {
        name: _from_json(value) if isinstance(value, Mapping) else value for name, value in table["values"].items()
    }
    return Message(str(table["template"]), values, str(table["many"]), str(table["context"]))


def as_sentence(text: str) -> str:
    """A text of the program that quotes others: at most 300 characters of it, on one line, none that cannot be seen."""
    return _clean(text, MAX_SENTENCE, JOINERS + ISOLATING)


def shown(text: str, length: int = QUOTED) -> str:
    """A text from outside as it stands in a sentence: on one line, without characters that cannot be seen, not long."""
    return _clean(text, length, JOINERS)


def shown_path(path: str | os.PathLike[str], length: int = QUOTED_PATH) -> str:
    """The path of a file as it stands in a sentence; of a long one the end, which has the name of the file."""
    text = os.fspath(path)
    return shown(text, length) if len(text) <= length else f"…{shown(text[1 - length :], length)}"


def as_typed(value: object, length: int = QUOTED) -> str:
    """A value from outside as it would be typed, or the beginning of that: no more is made of it than is shown."""
    text = ""
    for piece in _pieces(value, length):
        text += piece
        if len(text) > length:
            break
    return shown(text, length)


def _clean(text: str, length: int, kept: str) -> str:
    beginning = text[: length + 1]
    clean = "".join(character if character.isprintable() or character in kept else "�" for character in beginning)
    return clean if len(clean) <= length else f"{clean[: length - 1]}…"


def _pieces(value: object, length: int) -> Iterator[str]:
    """The value as it would be typed, piece by piece; a list that is nested deeply is left before Python's limit."""
    if isinstance(value, str | bytes | bytearray):
        yield repr(value[: length + 1])
    elif isinstance(value, int) and value.bit_length() > MAX_BITS:
        yield "a number of thousands of digits"
    elif value is None or isinstance(value, numbers.Number):
        yield str(value)
    elif isinstance(value, Mapping):
        yield "{"
        for index, key in enumerate(value):
            yield ", " if index else ""
            yield from _pieces(key, length)
            yield ": "
            yield from _pieces(value[key], length)
        yield "}"
    elif isinstance(value, list | tuple | AnySet):
        begin, end = ("(", ",)" if len(value) == 1 else ")") if isinstance(value, tuple) else ("[", "]")
        yield begin
        for index, item in enumerate(value):
            yield ", " if index else ""
            yield from _pieces(item, length)
        yield end
    else:
        yield f"a value of the kind {type(value).__name__}"
