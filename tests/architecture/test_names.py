"""One word for one thing: no two classes of a name, and one pair of words for the ends of a range."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from tests.architecture.sources import SOURCES, Sources

SHARED = {"Change", "Kept", "Kind", "Layout", "Row"}
"""Names that several classes still have; none is added, and one that is told apart leaves this list."""
OTHER_ENDS = re.compile(r"(.*_)?(MOST|LEAST)(_.*)?")


def homonyms(sources: Sources) -> dict[str, list[str]]:
    """The names that classes of several modules have, and the modules."""
    places = defaultdict[str, list[str]](list)
    for path, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def other_ends(sources: Sources) -> list[str]:
    """Constants that call an end of a range MOST or LEAST: they are MAX and MIN here."""
    return [
        f"{path}:{node.lineno} {node.id}"
        for path, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and OTHER_ENDS.fullmatch(node.id)
    ]


def test_planted_homonyms_are_found() -> None:
    sources = {"gui/a.py": "class A: ...\nclass B:\n    class C: ...\n", "engine/b.py": "class A: ...\nclass C: ...\n"}

    assert homonyms(sources) == {"A": ["gui/a.py", "engine/b.py"]}


def test_planted_words_for_ends_are_found() -> None:
    source = "MOSTLY, MAX_ROW = 1, 2\nLEAST_ROW, A_MOST = 3, 4\nmost_rows = LEAST_ROW\n"

    assert other_ends({"gui/a.py": source}) == ["gui/a.py:2 LEAST_ROW", "gui/a.py:2 A_MOST"]


def test_in_the_program_a_word_means_one_thing() -> None:
    assert set(homonyms(SOURCES)) == SHARED
    assert other_ends(SOURCES) == []
