"""The architecture as rules over imports and sizes. Each rule is tried on planted violations first."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests import ROOT

PACKAGES = ("engine", "gui", "resources", "main")
RUN_TIME_LIBRARIES = (
    *("numpy", "torch", "PySide6", "shiboken6", "pyqtgraph"),
    *("charset_normalizer", "python_calamine"),
)
QT = ("PySide6", "shiboken6", "pyqtgraph")
VIEWS = (
    "activation_lens",
    "activation_table",
    "canvas",
    "chain_strip",
    "class_list",
    "complaint_cards",
    "control_panel",
    "dataset_panel",
    "course_table",
    "gradient_image",
    "gradient_plot",
    "lane_bar",
    "loss_plot",
    "matrix_window",
    "run_bar",
    "status_bar",
    "tool_options",
    "tool_strip",
)
COMPOSERS = (
    "gui/main_window.py",
    "gui/canvas/workbench.py",
    "gui/layers/lab_panel.py",
    "gui/laboratory.py",
)  # put views together
FORBIDDEN_NAMES = ("util", "utils", "helper", "helpers", "common", "constants")
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_METHODS = 400, 49, 25

Rule = Callable[[str, str], list[str]]
Sources = Mapping[str, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_sources() -> dict[str, str]:
    """Text of every module of the program, by its path from the root, such as ``gui/canvas/canvas.py``."""
    paths = [ROOT / "main.py", *ROOT.glob("engine/**/*.py"), *ROOT.glob("gui/**/*.py"), *ROOT.glob("resources/**/*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths if path.exists()}


SOURCES = read_sources()


# reading imports


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
    package = PurePosixPath(path).parent.parts
    return list(_imports(ast.parse(source), package, at_import=True, for_types=False))


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
    """Whether a module is one of the packages or inside one."""
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


# the rules: (path, source) -> sentences about violations


def complaints(path: str, found: list[Import], sentence: str) -> list[str]:
    """One sentence for each line that breaks a rule."""
    return [
        f"{path}:{line} {sentence.format(name)}" for line, name in {i.line: i.module for i in reversed(found)}.items()
    ]


def engine_knows_no_window(path: str, source: str) -> list[str]:
    """The engine imports neither Qt nor the window; data it may read."""
    if not path.startswith("engine/"):
        return []
    found = [i for i in imports(path, source) if is_within(i.module, "gui", "main", *QT)]
    return complaints(path, found, "the engine imports {}")


def engine_package_imports_nothing(path: str, source: str) -> list[str]:
    """Importing ``engine`` costs nothing."""
    return complaints(path, imports(path, source), "imports {}") if path == "engine/__init__.py" else []


def window_loads_no_torch(path: str, source: str, loading: frozenset[str] = frozenset({"torch"})) -> list[str]:
    """Neither gui nor main.py loads torch; only the body of the training thread does."""
    if not is_within(module_name(path), "gui", "main"):
        return []
    found = [
        i
        for i in imports(path, source)
        if is_within(i.module, "torch") or (i.module in loading and not i.for_types)
        if not (
            path == "gui/editing/training_thread.py"
            and not i.at_import
            and is_within(i.module, "torch", "engine.run.worker")
        )
    ]
    return complaints(path, found, "{} loads torch into the window")


def main_starts_light(path: str, source: str) -> list[str]:
    """``main.py --version`` needs neither Qt nor numpy."""
    found = [i for i in imports(path, source) if i.at_import and is_within(i.module, "gui", "numpy", *QT)]
    return complaints(path, found, "imports {} before the command line is read") if path == "main.py" else []


def views_know_no_others(path: str, source: str) -> list[str]:
    """A view imports neither another view nor the session."""
    if module_name(path) not in view_modules():
        return []
    others = [name for name in (*view_modules(), "gui.editing.session", "gui.main_window") if name != module_name(path)]
    return complaints(path, [i for i in imports(path, source) if is_within(i.module, *others)], "a view imports {}")


def only_the_window_imports_views(path: str, source: str) -> list[str]:
    """Views are put together by the window and its workbench."""
    if path in COMPOSERS or module_name(path) in view_modules():
        return []
    found = [i for i in imports(path, source) if is_within(i.module, *view_modules())]
    return complaints(path, found, "imports the view {}")


def only_declared_libraries(path: str, source: str) -> list[str]:
    """What is imported is the standard library, the program itself or a run-time dependency."""
    known = (*PACKAGES, *RUN_TIME_LIBRARIES, *sys.stdlib_module_names)
    found = [i for i in imports(path, source) if not is_within(i.module, *known)]
    return complaints(path, found, "{} is no run-time dependency")


def modules_are_short(path: str, source: str) -> list[str]:
    """At most 400 lines."""
    lines = len(source.splitlines())
    return [f"{path} has {lines} lines"] if lines > MAX_MODULE_LINES else []


def functions_are_short(path: str, source: str) -> list[str]:
    """Fewer than 50 lines, from the line of def to the last."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]
    lengths = [(node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [f"{path}:{f.lineno} {f.name} has {lines} lines" for f, lines in lengths if lines > MAX_FUNCTION_LINES]


def classes_are_small(path: str, source: str) -> list[str]:
    """At most 25 methods, properties included."""
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    counts = [(node, sum(isinstance(child, Function) for child in node.body)) for node in classes]
    return [f"{path}:{c.lineno} {c.name} has {count} methods" for c, count in counts if count > MAX_METHODS]


def names_say_something(path: str, source: str) -> list[str]:
    """A function lives with its noun, not in a drawer."""
    return [f"{path} is named {part}" for part in PurePosixPath(path).with_suffix("").parts if part in FORBIDDEN_NAMES]


def view_modules() -> tuple[str, ...]:
    """The modules of `VIEWS`."""
    return tuple(f"gui.{name}" for name in VIEWS)


@cache
def modules_that_load_torch_here() -> frozenset[str]:
    """`modules_that_load_torch` of the program."""
    return modules_that_load_torch(SOURCES)


def window_loads_no_torch_here(path: str, source: str) -> list[str]:
    """`window_loads_no_torch` with what the modules of the engine really load."""
    return window_loads_no_torch(path, source, modules_that_load_torch_here())


RULES: tuple[Rule, ...] = (
    engine_knows_no_window,
    engine_package_imports_nothing,
    window_loads_no_torch_here,
    main_starts_light,
    views_know_no_others,
    only_the_window_imports_views,
    only_declared_libraries,
    modules_are_short,
    functions_are_short,
    classes_are_small,
    names_say_something,
)


# each rule on planted violations, and on the nearest thing that is none

IN_FUNCTION = "def run():\n    {}\n"
FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\n"

VIOLATIONS: list[tuple[Rule, str, str]] = [
    (engine_knows_no_window, "engine/run/lane.py", "from PySide6.QtCore import QObject"),
    (engine_knows_no_window, "engine/run/lane.py", "import pyqtgraph as pg"),
    (engine_knows_no_window, "engine/run/lane.py", "import gui.paint.theme"),
    (engine_knows_no_window, "engine/run/lane.py", "from gui import theme"),
    (engine_knows_no_window, "engine/run/lane.py", "from ..gui import theme"),
    (engine_knows_no_window, "engine/run/lane.py", IN_FUNCTION.format("import PySide6")),
    (engine_knows_no_window, "engine/run/lane.py", FOR_TYPES.format("from PySide6.QtGui import QImage")),
    (engine_knows_no_window, "engine/run/lane.py", "import importlib\nimportlib.import_module('gui.app')"),
    (engine_package_imports_nothing, "engine/__init__.py", "from engine.config import TrainingConfig"),
    (engine_package_imports_nothing, "engine/__init__.py", "import math"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "import torch"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from torch.nn import functional"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", IN_FUNCTION.format("import torch")),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "try:\n    import torch\nexcept ImportError:\n    pass"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from engine.training import Trainer"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from engine import worker"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", IN_FUNCTION.format("from engine.run.worker import Worker")),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", "from engine.run.worker import Worker"),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", "import torch"),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", IN_FUNCTION.format("import engine.training")),
    (window_loads_no_torch_here, "main.py", IN_FUNCTION.format("import torch")),
    (main_starts_light, "main.py", "from gui.app import run"),
    (main_starts_light, "main.py", "import PySide6.QtWidgets"),
    (views_know_no_others, "gui/canvas/canvas.py", "from gui.run.run_bar import RunBar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from gui import run_bar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from .run_bar import RunBar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from . import session"),
    (views_know_no_others, "gui/canvas/canvas.py", FOR_TYPES.format("from gui.editing.session import Session")),
    (views_know_no_others, "gui/run/loss_plot.py", "from gui.main_window import MainWindow"),
    (only_the_window_imports_views, "gui/app.py", "from gui.canvas.canvas import Canvas"),
    (only_the_window_imports_views, "gui/editing/session.py", IN_FUNCTION.format("import gui.run.loss_plot")),
    (only_the_window_imports_views, "main.py", "from gui import status_bar"),
    (only_the_window_imports_views, "gui/editing/selection_editor.py", "from gui.canvas.canvas import Canvas"),
    (only_declared_libraries, "engine/learning/metrics.py", "from sklearn.metrics import accuracy_score"),
    (only_declared_libraries, "gui/drawing/brushes.py", IN_FUNCTION.format("import scipy.spatial")),
    (modules_are_short, "gui/canvas/canvas.py", "x = 1\n" * 401),
    (functions_are_short, "gui/canvas/canvas.py", "def f():\n" + "    x = 1\n" * 49),
    (functions_are_short, "gui/canvas/canvas.py", "class C:\n    async def f(self):\n" + "        x = 1\n" * 49),
    (
        classes_are_small,
        "gui/canvas/canvas.py",
        "class C:\n" + "".join(f"    def f{i}(self): ...\n" for i in range(26)),
    ),
    (names_say_something, "gui/utils.py", ""),
    (names_say_something, "engine/common/arrays.py", ""),
]

INNOCENT: list[tuple[Rule, str, str]] = [
    (engine_knows_no_window, "engine/run/lane.py", "import torch\nfrom engine.insight.field import View\nimport guide"),
    (engine_package_imports_nothing, "engine/__init__.py", '"""Vocabulary; import nothing."""'),
    (
        window_loads_no_torch_here,
        "gui/canvas/canvas.py",
        "from engine.dataset import Dataset\nfrom engine import commands",
    ),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", FOR_TYPES.format("from engine.training import Trainer")),
    (
        window_loads_no_torch_here,
        "gui/editing/training_thread.py",
        IN_FUNCTION.format("from engine.run.worker import Worker"),
    ),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", IN_FUNCTION.format("import torch")),
    (main_starts_light, "main.py", "import sys\n" + IN_FUNCTION.format("from gui.app import run")),
    (
        views_know_no_others,
        "gui/canvas/canvas.py",
        "from gui.paint.theme import CLASS_COLOURS\nimport gui.canvas_tools",
    ),
    (
        only_the_window_imports_views,
        "gui/main_window.py",
        "from gui.canvas.canvas import Canvas\nimport gui.run.run_bar",
    ),
    (only_the_window_imports_views, "gui/canvas/workbench.py", "from gui.canvas.canvas import Canvas"),
    (
        only_declared_libraries,
        "gui/app.py",
        "import logging\nimport numpy as np\nimport pyqtgraph\nimport gui.paint.theme",
    ),
    (modules_are_short, "gui/canvas/canvas.py", "x = 1\n" * 400),
    (functions_are_short, "gui/canvas/canvas.py", "@property\ndef f():\n" + "    x = 1\n" * 48),
    (
        classes_are_small,
        "gui/canvas/canvas.py",
        "class C:\n" + "".join(f"    def f{i}(self): ...\n" for i in range(25)),
    ),
    (names_say_something, "gui/commonplace.py", ""),
]


@pytest.mark.parametrize(("rule", "path", "source"), VIOLATIONS)
def test_a_planted_violation_is_caught(rule: Rule, path: str, source: str) -> None:
    found = rule(path, source)

    assert len(found) == 1
    assert found[0].startswith(path)


@pytest.mark.parametrize(("rule", "path", "source"), INNOCENT)
def test_what_is_allowed_is_no_violation(rule: Rule, path: str, source: str) -> None:
    assert rule(path, source) == []


def test_every_rule_is_tried_on_a_violation_and_on_something_allowed() -> None:
    assert {rule for rule, _, _ in VIOLATIONS} == {rule for rule, _, _ in INNOCENT} == set(RULES)


def test_torch_is_followed_through_imports_but_not_into_functions_and_types() -> None:
    sources = {
        "engine/mlp/network.py": "import torch",
        "engine/run/lane.py": "from engine import network",
        "engine/run/worker.py": "from .lane import Lane",
        "engine/late.py": IN_FUNCTION.format("import torch"),
        "engine/typed.py": FOR_TYPES.format("import torch"),
        "engine/insight/field.py": "import numpy",
    }

    loading = modules_that_load_torch(sources)

    assert loading == {"torch", "engine.mlp.network", "engine.run.lane", "engine.run.worker"}


# the program itself


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps_the_rule(rule: Rule) -> None:
    violations = [violation for path, source in SOURCES.items() for violation in rule(path, source)]

    assert violations == []


def test_the_rules_see_the_whole_program() -> None:
    assert {"main.py", "engine/__init__.py", "engine/run/worker.py", "gui/main_window.py"} <= set(SOURCES)


def test_every_listed_view_is_a_module() -> None:
    missing = [name for name in VIEWS if f"gui/{name}.py" not in SOURCES]

    assert missing == []


def loaded_after(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after a statement, beyond those it starts with."""
    script = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_importing_the_window_leaves_torch_unloaded() -> None:
    loaded = loaded_after("import gui.main_window")

    assert "gui.main_window" in loaded
    assert "torch" not in loaded


def test_importing_the_engine_loads_nothing_else() -> None:
    assert loaded_after("import engine") == {"engine"}


def test_the_modules_that_seem_to_load_torch_do_and_the_others_do_not() -> None:
    loading = modules_that_load_torch(SOURCES)
    others = sorted(
        name
        for name in map(module_name, SOURCES)
        if is_within(name, "engine") and name not in loading | {"engine.__main__"}
    )

    assert "torch" not in loaded_after(f"import {', '.join(others)}")
    assert {"engine.run.worker", "engine.training", "engine.mlp.network"} <= loading
