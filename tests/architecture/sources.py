"""The sources of the program and what each of them imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from tests import ROOT

Sources = Mapping[str, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_sources() -> dict[str, str]:
    """Text of every module of the program, by its path from the root, such as ``gui/canvas/canvas.py``."""
    paths = [ROOT / "main.py", *ROOT.glob("engine/**/*.py"), *ROOT.glob("gui/**/*.py"), *ROOT.glob("resources/**/*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths if path.exists()}


SOURCES = read_sources()


@dataclass(frozen=True)
class Import:
    """One module that is imported; `at_import`: when the importing module is, not in a function or for types only."""

    module: str
    line: int
    at_import: bool
    for_types: bool


def module_name(path: str) -> str:
    """``engine/dataset.py`` is engine.dataset, ``engine/__init__.py`` is engine."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: str, source: str) -> list[Import]:
    """Every import in a module; ``from a import b`` counts as a and as a.b, which may be a module too."""
    return list(_all_imports(path, source))


@cache
def _all_imports(path: str, source: str) -> tuple[Import, ...]:
    package = PurePosixPath(path).parent.parts
    return tuple(_imports(ast.parse(source), package, at_import=True, for_types=False))


def _imports(node: ast.AST, package: tuple[str, ...], *, at_import: bool, for_types: bool) -> Iterator[Import]:
    for name in _imported_names(node, package):
        yield Import(name, getattr(node, "lineno", 0), at_import, for_types)
    children: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.body:
            yield from _imports(statement, package, at_import=False, for_types=True)
        children = [*node.orelse]
    at_import = at_import and not isinstance(node, Function | ast.Lambda)
    for child in children:
        yield from _imports(child, package, at_import=at_import, for_types=for_types)


def _imported_names(node: ast.AST, package: tuple[str, ...]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else ()
        base = ".".join((*above, *filter(None, [node.module])))
        return [base, *(f"{base}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "import_module",
        "importlib.import_module",
        "__import__",
    ):
        return [str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant)]
    return []


def is_within(module: str, *packages: str) -> bool:
    """True if a module is one of the packages or inside one."""
    return any(module == package or module.startswith(package + ".") for package in packages)


def modules_that_load_torch(sources: Sources) -> frozenset[str]:
    """The modules of the engine whose import imports torch, themselves or through others, and torch."""
    known = {module_name(path): imports(path, source) for path, source in sources.items() if path.startswith("engine/")}
    loading = {"torch"}
    while True:
        more = {
            name
            for name, found in known.items()
            if any(i.at_import and (i.module in loading or is_within(i.module, "torch")) for i in found)
        }
        if more <= loading:
            return frozenset(loading)
        loading |= more
