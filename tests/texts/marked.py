"""Which texts of the program are marked for translation, and which look like texts and are not."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.architecture.sources import SOURCES, Sources

MARKING = {"say": (0,), "mark": (0,), "message": (0,), "count": (0, 1), "counted": (0, 1), "ActionRow": (2, 3)}
"""What marks texts, and which of its arguments they are. What counts has a text for one and a text for many."""
COUNTING = ("count", "counted")
CONTEXT = {"say": 1, "mark": 1, "message": 1, "count": 3, "counted": 3}
"""Which argument is the context, if there is one."""
OTHERS = (
    "getLogger",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "log",
    "compile",
    "fullmatch",
    "sub",
    "match",
    "search",
    "TypeVar",
)
"""Calls whose texts no user sees: the log, patterns, types."""
PROGRAMMERS = ("ValueError", "RuntimeError", "TypeError", "AssertionError", "KeyError", "NotImplementedError")


@dataclass(frozen=True)
class Marked:
    """A text that can be translated.

    Attributes:
        context, text: the key.
        many: the text for other numbers than one; "" if nothing is counted.
        place: ``path:line`` where it stands.
    """

    context: str
    text: str
    many: str
    place: str


def name_of(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@cache
def error_names() -> frozenset[str]:
    """The names of InputError and of all classes made from it."""
    names = {"InputError"}
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in names for base in node.bases):
                names.add(node.name)
    return frozenset(names)


def texts_of(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that are marked as texts by it."""
    name = name_of(call)
    places = (0,) if name in error_names() else MARKING.get(name, ())
    return [call.args[place] for place in places if place < len(call.args)]


def marked(sources: Sources = SOURCES) -> list[Marked]:
    """All texts that are marked, in the order of paths and lines."""
    return [text for path in sorted(sources) for text in _marked(path, sources[path])]


def _marked(path: str, source: str) -> Iterator[Marked]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name, place = name_of(call), f"{path}:{call.lineno}"
        texts = [text for argument in texts_of(call) if (text := _literal(argument))]  # others are marked elsewhere
        context = _literal(call.args[CONTEXT[name]]) if name in CONTEXT and CONTEXT[name] < len(call.args) else ""
        if name in COUNTING:
            if len(texts) == 2:
                yield Marked(context, texts[0], texts[1], place)
        else:
            for text in texts:
                yield Marked(context, text, "", place)


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def composed_when_written(path: str, source: str) -> list[str]:
    """Texts for users that are put together before they are marked: f-strings and sums are found in no catalogue."""
    return [
        f"{path}:{call.lineno} {name_of(call)} is given a text that is put together"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for argument in texts_of(call)
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]


def misfits(path: str, source: str) -> list[str]:
    """Placeholders that a call with a text gives no value for, and values that no placeholder of it takes."""
    found: list[str] = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or name_of(call) == "mark" or any(key.arg is None for key in call.keywords):
            continue
        wanted = [placeholders(text) for argument in texts_of(call) for text in _choices(argument)]
        given = {key.arg or "" for key in call.keywords if name_of(call) != "ActionRow"}
        known = given | {"n"} if name_of(call) in COUNTING else given
        missing = sorted(set().union(*wanted) - known)
        spare = sorted(given - set().union(*wanted)) if wanted else []
        found += [f"{path}:{call.lineno} {name_of(call)} is given no {name}" for name in missing]
        found += [f"{path}:{call.lineno} {name_of(call)} has no place for {name}" for name in spare]
    return found


def placeholders(text: str) -> set[str]:
    """The names that a template has places for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _choices(node: ast.expr) -> list[str]:
    """The texts that an argument can be, as far as they stand there."""
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    if isinstance(node, ast.Call) and name_of(node) == "mark":
        return _choices(node.args[0])
    return [text for text in [_literal(node)] if text]


KEYS = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)+\S+|Del|Backspace|Home|Space|Esc")
MARKUP = re.compile(r"<[^<>]*>")


def looks_like_text(text: str) -> bool:
    """Whether a literal may be shown: words with blanks between, or a word with a capital letter in front."""
    words = re.sub(r"&(?=\w)", "", MARKUP.sub("", text))
    if KEYS.fullmatch(words) or not re.search(r"[A-Za-z]{2}", words):
        return False
    return re.search(r"[\w…:,.;] +\w|^[A-Z][a-z]", words) is not None


class Unmarked(ast.NodeVisitor):
    """Finds the literals of a module that look like texts and are not marked.

    Attributes:
        found: line and text of each.
    """

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # else a docstring
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if name_of(node) in (*OTHERS, *PROGRAMMERS):
            return
        name, texts = name_of(node), texts_of(node)
        context = CONTEXT.get(name, len(node.args))
        for place, argument in enumerate(node.args):
            if not ((argument in texts or place == context) and isinstance(argument, ast.Constant)):
                self.visit(argument)
        for child in (*node.keywords, node.func):
            self.visit(child)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._look_at(node, "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._look_at(node, node.value)

    def _look_at(self, node: ast.expr, text: str) -> None:
        if looks_like_text(text):
            self.found.append((node.lineno, text))


def unmarked_texts(source: str) -> list[str]:
    """Literals of a module that look like texts and are not marked."""
    finder = Unmarked()
    finder.visit(ast.parse(source))
    return [text for _, text in finder.found]


def unmarked(path: str, source: str) -> list[str]:
    """Literals that look like texts and are not marked, as ``path:line text``."""
    finder = Unmarked()
    finder.visit(ast.parse(source))
    return [f"{path}:{line} {text}" for line, text in finder.found]
