"""No text is cut or bent after it was said: what is right in English is wrong in other languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests import ROOT

SURGERY = {
    "capitalize", "casefold", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rpartition",
    "rstrip", "split", "strip", "swapcase", "title", "upper",
}  # fmt: skip
SAYING = {"count", "say"}
FROM_OUTSIDE = "gui.text.words"
"""Has what shows texts of others, which are not said."""


def operations(source: str) -> Iterator[tuple[int, str]]:
    """The lines in which the result of a function that makes texts is cut or bent, and the function."""
    tree = ast.parse(source)
    makers = SAYING | {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("gui.text")
        and node.module != FROM_OUTSIDE
        for alias in node.names
    }
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Call(func=ast.Name(id=name)), attr=attr) if name in makers and attr in SURGERY:
                yield node.lineno, name
            case ast.Subscript(value=ast.Call(func=ast.Name(id=name)), slice=ast.Slice()) if name in makers:
                yield node.lineno, name


@pytest.mark.parametrize(
    "source", ["say('A').lower()", "from gui.text.names import name_of\nname_of(x).replace(', ', '')", "count()[1:]"]
)
def test_what_cuts_or_bends_a_text_is_found(source: str) -> None:
    assert len([*operations(source)]) == 1


def test_no_text_is_cut_or_bent_after_it_was_said() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted((ROOT / "gui").rglob("*.py"))
        for line, name in operations(path.read_text(encoding="utf-8"))
    ]
    assert found == []
