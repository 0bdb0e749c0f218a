"""The architecture as rules over imports and sizes. Each rule is tried on planted violations first."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import PurePosixPath

import pytest

from gui.views import VIEWS, LabView
from tests import ROOT
from tests.architecture.sources import (
    SOURCES,
    Function,
    Import,
    Sources,
    imports,
    is_within,
    module_name,
    modules_that_load_torch,
)

PACKAGES = ("engine", "gui", "resources", "main")
LATE_VIEWS = {
    row.widget.rpartition(".")[0] for name, row in VIEWS.items() if name not in (LabView.CURVES, LabView.BARS)
}
RUN_TIME_LIBRARIES = (
    *("numpy", "torch", "PySide6", "shiboken6", "pyqtgraph"),
    *("charset_normalizer", "python_calamine"),
)
OPTIONAL_LIBRARIES = {
    "distributed": "engine/studies/executors.py",
    "numba": "engine/compiled/",
    "llvmlite": "engine/compiled/",
}
"""Extras, each with the module or room that may import it, in a function, for who has it installed."""
OF_THE_COMPILER = ("engine/compiled/vectors.py",)
"""Modules that only the process of the compiler imports, so that they need not wait with what is optional."""
QT = ("PySide6", "shiboken6", "pyqtgraph")
VIEW_ROOMS = (
    "gui.canvas",
    "gui.settings",
    "gui.run",
    "gui.layers",
    "gui.decisions",
    "gui.studies",
    "gui.probability",
    "gui.fitting",
)
LEVELS = (
    ("resources", "engine", "engine.isolates", "engine.messages", "engine.version"),
    ("engine.errors",),
    ("engine.settings", "engine.files"),
    ("engine.config",),
    ("engine.data",),
    ("engine.dataset",),
    ("engine.mlp", "engine.toy_datasets", "engine.population", "engine.experiment"),
    ("engine.formats", "engine.learning", "engine.options"),
    ("engine.insight",),
    ("engine.compiled",),
    ("engine.machines",),
    ("engine.training",),
    ("engine.run", "engine.studies"),
    ("engine.__main__",),
    ("gui", "gui.drawing"),
    ("gui.text",),
    ("gui.paint", "gui.views"),
    ("gui.widgets",),
    ("gui.system", "gui.actions"),
    ("gui.menus",),
    ("gui.appearance", "gui.editing"),
    ("gui.files",),
    (*VIEW_ROOMS, "gui.layout"),
    ("gui.dialogs", "gui.keyboard", "gui.stage"),
    ("gui.laboratory",),
    ("gui.main_window",),
    ("gui.app",),
    ("main",),
)
"""The rooms; a room imports only rooms that stand before its line."""
COMPOSERS = ("gui.main_window", "gui.laboratory", "gui.stage", "gui.app")
"""Rooms that put views together, and views and what edits."""
FORBIDDEN_NAMES = ("util", "utils", "helper", "helpers", "common", "constants")
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_METHODS, MAX_MODULES = 400, 49, 25, 15

Rule = Callable[[str, str], list[str]]

IN_FUNCTION = "def run():\n    {}\n"
FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\n"


def room_of(module: str) -> str:
    """The package a module is in, ``engine.run`` of ``engine.run.worker``; of one that is in none, the module."""
    rooms = [room for level in LEVELS for room in level]
    parts = module.split(".")
    candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in candidates if name in rooms), "")


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


def arrows_run_one_way(path: str, source: str) -> list[str]:
    """A room imports only rooms of a level before its own; every module is in a room."""
    levels = {room: number for number, level in enumerate(LEVELS) for room in level}
    here = room_of(module_name(path))
    if here in ("", "engine", "gui") and module_name(path) not in levels:
        return [f"{path} is in no room of LEVELS"]
    found = []
    for i in imports(path, source):
        there = room_of(i.module)
        if there in levels and there not in (here, "engine", "gui") and levels[there] >= levels[here]:
            found.append(i)
    return complaints(path, found, f"{here} imports {{}}")


def views_know_no_others(path: str, source: str) -> list[str]:
    """A view imports no view of another room, and neither what edits nor what reads and writes files."""
    here = room_of(module_name(path))
    if here not in VIEW_ROOMS:
        return []
    others = [room for room in (*VIEW_ROOMS, "gui.editing", "gui.files") if room != here]
    return complaints(path, [i for i in imports(path, source) if is_within(i.module, *others)], "a view imports {}")


def only_composers_import_views(path: str, source: str) -> list[str]:
    """Views are put together by the window, the laboratory and the program."""
    here = room_of(module_name(path))
    if here in COMPOSERS or here in VIEW_ROOMS:
        return []
    found = [i for i in imports(path, source) if is_within(i.module, *VIEW_ROOMS)]
    return complaints(path, found, "imports the view {}")


def late_views_are_imported_late(path: str, source: str) -> list[str]:
    """Who puts views together imports those that are not seen at first when they are; see `ViewFrame.when_made`."""
    if room_of(module_name(path)) in VIEW_ROOMS:
        return []
    found = [i for i in imports(path, source) if i.at_import and i.module in LATE_VIEWS]
    return complaints(path, found, "the window would begin with {}")


def only_declared_libraries(path: str, source: str) -> list[str]:
    """Only the standard library, the program itself, run-time dependencies, and extras in their place are imported."""
    known = (*PACKAGES, *RUN_TIME_LIBRARIES, *sys.stdlib_module_names)
    extras = [name for name, place in OPTIONAL_LIBRARIES.items() if path.startswith(place)]
    found = [
        i
        for i in imports(path, source)
        if not is_within(i.module, *known)
        and not (is_within(i.module, *extras) and (not i.at_import or path in OF_THE_COMPILER))
    ]
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
    arrows_run_one_way,
    views_know_no_others,
    only_composers_import_views,
    late_views_are_imported_late,
    only_declared_libraries,
    modules_are_short,
    functions_are_short,
    classes_are_small,
    names_say_something,
)


# rules over the whole program: sources -> sentences about violations


def circles(sources: Sources) -> list[str]:
    """No module leads back to itself, not even through what is imported late or for types only."""
    known = {module_name(path): path for path in sources}
    ways = {name: {i.module for i in imports(path, sources[path])} & set(known) for name, path in known.items()}
    return [f"{name} leads back to itself" for name in sorted(known) if name in reached_from(name, ways)]


def reached_from(name: str, ways: dict[str, set[str]]) -> set[str]:
    """The modules that a module imports, directly or through others."""
    reached: set[str] = set()
    waiting = set(ways[name])
    while waiting:
        there = waiting.pop()
        reached.add(there)
        waiting |= ways[there] - reached
    return reached


def folders_are_small(sources: Sources) -> list[str]:
    """At most 15 modules in a folder, apart from what makes it a package."""
    paths = map(PurePosixPath, sources)
    counts = Counter(path.parent.as_posix() for path in paths if path.name != "__init__.py")
    return [f"{folder} has {count} modules" for folder, count in sorted(counts.items()) if count > MAX_MODULES]


def every_module_has_tests(sources: Sources, is_file: Callable[[str], bool]) -> list[str]:
    """A test file of its name, or a line ``# Tests: path`` under its docstring that says which tests are its."""
    found = []
    for path, source in sources.items():
        where = PurePosixPath(path)
        if where.name == "__init__.py" or is_file(f"tests/{where.parent}/test_{where.name}"):
            continue
        lines = [line.removeprefix("# Tests: ") for line in source.splitlines() if line.startswith("# Tests: ")]
        if len(lines) != 1 or not all(is_file(named) for named in lines[0].split(", ")):
            found.append(f"{path} names no tests")
    return found


@pytest.mark.parametrize(
    "sources",
    [
        {"engine/a.py": "import engine.b", "engine/b.py": "from engine import c", "engine/c.py": "from .a import x"},
        {"gui/a.py": IN_FUNCTION.format("import gui.b"), "gui/b.py": FOR_TYPES.format("from gui.a import A")},
    ],
)
def test_a_planted_circle_is_found(sources: Sources) -> None:
    assert len(circles(sources)) == len(sources)
    assert circles({**sources, next(iter(sources)): ""}) == []


def test_a_planted_crowd_is_found() -> None:
    crowd = {f"gui/run/view_{number}.py": "" for number in range(15)} | {"gui/run/__init__.py": ""}

    assert folders_are_small(crowd) == []
    assert folders_are_small({**crowd, "gui/run/view_15.py": ""}) == ["gui/run has 16 modules"]


def test_a_planted_module_without_tests_is_found() -> None:
    files = {"tests/gui/run/test_a.py"}
    sources = {
        "gui/run/__init__.py": "",
        "gui/run/a.py": "",
        "gui/run/b.py": '"""B."""\n\n# Tests: tests/gui/run/test_a.py\n',
        "gui/run/c.py": "",
        "gui/run/d.py": "# Tests: tests/gui/run/test_b.py",
    }

    found = every_module_has_tests(sources, files.__contains__)

    assert found == ["gui/run/c.py names no tests", "gui/run/d.py names no tests"]


def test_the_program_has_no_circle_no_crowd_and_no_module_without_tests() -> None:
    assert circles(SOURCES) == []
    assert folders_are_small(SOURCES) == []
    assert every_module_has_tests(SOURCES, lambda path: (ROOT / path).is_file()) == []


# each rule on planted violations, and on the nearest thing that is none

VIOLATIONS: list[tuple[Rule, str, str]] = [
    (engine_knows_no_window, "engine/run/lane.py", "from PySide6.QtCore import QObject"),
    (engine_knows_no_window, "engine/run/lane.py", "import pyqtgraph as pg"),
    (engine_knows_no_window, "engine/run/lane.py", "import gui.paint.theme"),
    (engine_knows_no_window, "engine/run/lane.py", "from gui import theme"),
    (engine_knows_no_window, "engine/run/lane.py", "from ...gui.paint import theme"),
    (engine_knows_no_window, "engine/run/lane.py", IN_FUNCTION.format("import PySide6")),
    (engine_knows_no_window, "engine/run/lane.py", FOR_TYPES.format("from PySide6.QtGui import QImage")),
    (engine_knows_no_window, "engine/run/lane.py", "import importlib\nimportlib.import_module('gui.app')"),
    (engine_package_imports_nothing, "engine/__init__.py", "from engine.config import TrainingConfig"),
    (engine_package_imports_nothing, "engine/__init__.py", "import math"),
    (late_views_are_imported_late, "gui/laboratory.py", "from gui.decisions.losses import Losses"),
    (late_views_are_imported_late, "gui/stage/deck.py", "from gui.decisions import losses"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "import torch"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from torch.nn import functional"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", IN_FUNCTION.format("import torch")),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "try:\n    import torch\nexcept ImportError:\n    pass"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from engine.training import Trainer"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", "from engine.run import worker"),
    (window_loads_no_torch_here, "gui/canvas/canvas.py", IN_FUNCTION.format("from engine.run.worker import Worker")),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", "from engine.run.worker import Worker"),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", "import torch"),
    (window_loads_no_torch_here, "gui/editing/training_thread.py", IN_FUNCTION.format("import engine.training")),
    (window_loads_no_torch_here, "main.py", IN_FUNCTION.format("import torch")),
    (main_starts_light, "main.py", "from gui.app import run"),
    (main_starts_light, "main.py", "import PySide6.QtWidgets"),
    (arrows_run_one_way, "engine/mlp/network.py", "from engine.insight.probing.probes import GradientProbe"),
    (arrows_run_one_way, "engine/run/lane.py", "from engine.studies import presets"),
    (arrows_run_one_way, "engine/data/names.py", IN_FUNCTION.format("from engine.dataset import Dataset")),
    (arrows_run_one_way, "gui/widgets/forms.py", "from ..editing import session"),
    (arrows_run_one_way, "gui/paint/theme.py", FOR_TYPES.format("from gui.widgets.tips import plain_tip")),
    (arrows_run_one_way, "gui/editing/editor.py", "from gui.main_window import MainWindow"),
    (arrows_run_one_way, "gui/lost.py", ""),
    (views_know_no_others, "gui/canvas/canvas.py", "from gui.run.run_bar import RunBar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from gui.run import run_bar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from ..run.run_bar import RunBar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from ..editing import session"),
    (views_know_no_others, "gui/canvas/canvas.py", FOR_TYPES.format("from gui.editing.session import Session")),
    (views_know_no_others, "gui/run/loss_plot.py", "from gui.files.documents import load_points"),
    (only_composers_import_views, "gui/dialogs/about.py", "from gui.canvas.canvas import Canvas"),
    (only_composers_import_views, "gui/editing/session.py", IN_FUNCTION.format("import gui.run.loss_plot")),
    (only_composers_import_views, "main.py", "from gui.run import status_bar"),
    (only_declared_libraries, "engine/learning/metrics.py", "from sklearn.metrics import accuracy_score"),
    (only_declared_libraries, "gui/drawing/brushes.py", IN_FUNCTION.format("import scipy.spatial")),
    (only_declared_libraries, "engine/studies/executors.py", "from distributed import Client"),
    (only_declared_libraries, "engine/studies/grid.py", IN_FUNCTION.format("from distributed import Client")),
    (only_declared_libraries, "engine/compiled/plan.py", "import numba"),
    (only_declared_libraries, "engine/machines/choice.py", IN_FUNCTION.format("import llvmlite.binding")),
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
    (arrows_run_one_way, "engine/run/lane.py", "from engine.training import Trainer\nfrom engine.run import pace"),
    (arrows_run_one_way, "gui/main_window.py", "from gui.canvas.canvas import Canvas\nimport gui.run.run_bar"),
    (views_know_no_others, "gui/canvas/canvas.py", "from gui.paint.theme import Theme\nimport gui.canvas.pen"),
    (only_composers_import_views, "gui/main_window.py", "from gui.canvas.canvas import Canvas\nimport gui.run.run_bar"),
    (only_composers_import_views, "gui/canvas/workbench.py", "from gui.canvas.canvas import Canvas"),
    (late_views_are_imported_late, "gui/laboratory.py", FOR_TYPES.format("from gui.decisions.losses import Losses")),
    (late_views_are_imported_late, "gui/laboratory.py", IN_FUNCTION.format("from gui.decisions.losses import Losses")),
    (late_views_are_imported_late, "gui/stage/deck.py", "from gui.run.loss_plot import LossPlot"),
    (
        only_declared_libraries,
        "gui/app.py",
        "import logging\nimport numpy as np\nimport pyqtgraph\nimport gui.paint.theme",
    ),
    (only_declared_libraries, "engine/studies/executors.py", IN_FUNCTION.format("from distributed import Client")),
    (only_declared_libraries, "engine/compiled/library.py", IN_FUNCTION.format("import llvmlite.binding")),
    (only_declared_libraries, "engine/compiled/vectors.py", "from numba import njit"),
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
        "engine/run/lane.py": "from engine.mlp import network",
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


def test_every_room_is_there_and_every_module_is_in_one() -> None:
    names = set(map(module_name, SOURCES))

    assert [room for level in LEVELS for room in level if not any(is_within(name, room) for name in names)] == []
    assert {room_of(name) for name in names} == {room for level in LEVELS for room in level}


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
