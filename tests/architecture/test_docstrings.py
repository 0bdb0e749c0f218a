"""Docstrings begin with the thing: a reader who looks for a noun finds it first, and need not guess it from What."""

from __future__ import annotations

import ast
import re

import pytest

from tests import ROOT
from tests.architecture.sources import SOURCES

QUESTION = re.compile(r"\s*(What|Whether|Where|How|Which|Why|When|Who)\b")
MEASURED = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("benchmarks", "trials")
    for path in sorted((ROOT / "tests" / folder).glob("*.py"))
}
"""The programs beside the tests that measure and try the program, by their paths."""


def docstrings_begin_with_the_thing(path: str, source: str) -> list[str]:
    """No docstring of a module, class, function or constant begins with What, Whether, Where or the like."""
    return [
        f"{path}:{node.lineno} a docstring begins with {found[1]}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if (found := QUESTION.match(node.value.value))
    ]


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ('"""What leaves the worker."""', 1, "What"),
        ('class Kept:\n    """\n    Whether it is kept.\n    """', 2, "Whether"),
        ('class Kept:\n    @property\n    def due(self) -> float:\n        """When it is due."""', 4, "When"),
        ('async def place() -> None:\n    """Where it is."""', 2, "Where"),
        ('PLACES = (1, 2)\n"""Which places there are."""', 2, "Which"),
        ('class Row:\n    size: int\n    """How large it is."""', 3, "How"),
        ('if TYPE_CHECKING:\n    class Box:\n        """Who boxes."""', 3, "Who"),
        ('def run() -> None:\n    def inner() -> None:\n        """Why, as a sentence."""', 3, "Why"),
    ],
)
def test_a_planted_question_is_caught(source: str, line: int, word: str) -> None:
    found = docstrings_begin_with_the_thing("engine/run/lane.py", source)

    assert found == [f"engine/run/lane.py:{line} a docstring begins with {word}"]


@pytest.mark.parametrize(
    "source",
    [
        '"""The snapshots that leave the worker: what, when and how."""',
        'def is_due() -> bool:\n    """True if it is due; whether it is wanted is another matter."""',
        'def kept() -> None:\n    """Whatever is kept; However and Wherever are other words."""',
        'def text() -> str:\n    return say("What to do: start again.")',
        'TEXT = "Which file?"\nASKED = """Where is it?"""',
        "# What is a comment\nx = 1",
    ],
)
def test_what_is_allowed_is_no_violation(source: str) -> None:
    assert docstrings_begin_with_the_thing("engine/run/lane.py", source) == []


def test_the_program_its_benchmarks_and_its_trials_keep_the_rule() -> None:
    assert {"main.py", "engine/run/lane.py", "gui/canvas/canvas.py"} <= set(SOURCES)
    assert {"tests/benchmarks/report.py", "tests/trials/monkey.py"} <= set(MEASURED)

    sources = {**SOURCES, **MEASURED}
    violations = [found for path, source in sources.items() for found in docstrings_begin_with_the_thing(path, source)]

    assert violations == []
