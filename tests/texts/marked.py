"""Which texts of the program are marked for translation, and which look like texts and are not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.architecture.sources import SOURCES, Sources

MARKING = {"say": 1, "count": 2, "mark": 1, "message": 1, "counted": 2}
"""What marks a text, and how many of its first arguments are texts; the context follows, after the number counted."""
OTHERS = (
    "getLogger",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "compile",
    "fullmatch",
    "sub",
    "match",
    "search",
)
"""Calls whose texts no user sees: the log, and patterns."""
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


def n_texts(call: ast.Call) -> int:
    """How many of the first arguments of a call are texts that are marked by it."""
    name = name_of(call)
    return 1 if name in error_names() else MARKING.get(name, 0)


def marked(sources: Sources = SOURCES) -> list[Marked]:
    """All texts that are marked, in the order of paths and lines."""
    return [text for path in sorted(sources) for text in _marked(path, sources[path])]


def _marked(path: str, source: str) -> Iterator[Marked]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and n_texts(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        count = n_texts(call)
        texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        keys = [text for text in texts[:count] if isinstance(text, str)]
        if len(keys) < count or not keys[0]:
            continue  # what is said is marked elsewhere
        after = call.args[count + (count == 2) :]
        context = after[0].value if after and isinstance(after[0], ast.Constant) else ""
        yield Marked(str(context), keys[0], keys[1] if count == 2 else "", f"{path}:{call.lineno}")


def composed_when_written(path: str, source: str) -> list[str]:
    """Texts for users that are put together before they are marked: f-strings and sums are found in no catalogue."""
    return [
        f"{path}:{call.lineno} {name_of(call)} is given a text that is put together"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for argument in call.args[: n_texts(call)]
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]


def looks_like_text(text: str) -> bool:
    """Whether a literal may be shown: words with blanks between, or a word with a capital letter in front."""
    return re.search(r"[A-Za-z]{2}", text) is not None and re.search(r"[\w…:,.;] +\w|^&?[A-Z][a-z]", text) is not None


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
        count = n_texts(node)
        for index, argument in enumerate(node.args):
            is_marked = count and index <= count + (count == 2)  # with the context
            if not (is_marked and isinstance(argument, ast.Constant)):
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


def unmarked(path: str, source: str) -> list[str]:
    """Literals that look like texts and are not marked, as ``path:line text``."""
    finder = Unmarked()
    finder.visit(ast.parse(source))
    return [f"{path}:{line} {text}" for line, text in finder.found]
