"""A class is small together with what it inherits from classes of ours: a line of inheritance is one object."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import SOURCES, Function, Sources, module_name

MAX_WITH_INHERITED = 30
Name = tuple[str, str]
"""The module and the name of a class."""


def classes_with_inherited_are_small(sources: Sources) -> list[str]:
    """At most 30 methods, those of all our classes above included; one that is overridden counts once."""
    own, above = dict[Name, set[str]](), dict[Name, list[Name]]()
    for path, source in sources.items():
        module, tree = module_name(path), ast.parse(source)
        imported = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                here = module, node.name
                own[here] = {child.name for child in node.body if isinstance(child, Function)}
                names = [last_name(base) for base in node.bases]
                above[here] = [imported.get(name, (module, name)) for name in names if name != node.name]
    counts = {here: len(methods(here, own, above)) for here in own}
    return [
        f"{module}.{name} has {counts[module, name]} methods"
        for module, name in sorted(own)
        if counts[module, name] > MAX_WITH_INHERITED
    ]


def last_name(base: ast.expr) -> str:
    """The name of a base class, without its module and its parameters."""
    while isinstance(base, ast.Subscript):
        base = base.value
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")


def methods(here: Name, own: dict[Name, set[str]], above: dict[Name, list[Name]]) -> set[str]:
    """The names of the methods of a class and of all our classes above it."""
    found = set(own[here])
    for base in above[here]:
        if base in own and base != here:
            found |= methods(base, own, above)
    return found


def lines(name: str, base: str, numbers: range) -> str:
    return f"class {name}({base}):\n" + "".join(f"    def f{number}(self): ...\n" for number in numbers)


LINE = {
    "gui/a.py": lines("A", "QWidget", range(12)),
    "gui/b.py": "from gui.a import A as Above\n" + lines("B", "Above", range(12, 24)),
    "gui/c.py": "from gui.b import B\n" + lines("C", "B[int]", range(24, 30)),
}


def test_a_planted_line_of_inheritance_is_one_object() -> None:
    assert classes_with_inherited_are_small(LINE) == []
    longer = {**LINE, "gui/c.py": LINE["gui/c.py"] + "    @property\n    def last(self): ...\n"}
    assert classes_with_inherited_are_small(longer) == ["gui.c.C has 31 methods"]


def test_two_planted_bases_are_both_counted() -> None:
    both = "from gui.a import A\nfrom gui.d import D\n" + lines("E", "A, D", range(50, 57))
    sources = {**LINE, "gui/d.py": lines("D", "object", range(30, 42)), "gui/e.py": both}
    assert classes_with_inherited_are_small(sources) == ["gui.e.E has 31 methods"]


@pytest.mark.parametrize("change", ["f0", "f12"])
def test_a_method_that_is_overridden_counts_once(change: str) -> None:
    sources = {**LINE, "gui/c.py": LINE["gui/c.py"] + f"    def {change}(self): ...\n"}
    assert classes_with_inherited_are_small(sources) == []


def test_a_class_of_the_same_name_elsewhere_is_another() -> None:
    other = "from PySide6.QtWidgets import A\n" + lines("F", "A", range(100, 130))
    assert classes_with_inherited_are_small({**LINE, "gui/f.py": other}) == []


def test_the_program_keeps_the_rule() -> None:
    assert classes_with_inherited_are_small(SOURCES) == []
