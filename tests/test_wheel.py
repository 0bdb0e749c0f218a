"""The wheel that others install: everything is in it, and it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.version import VERSION
from tests import ROOT

PACKAGES = ("engine", "gui", "resources")
FILES = ("main.py", "pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.slow


def run(*arguments: str, folder: Path) -> str:
    """What a Python prints that sees nothing of this folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built of a copy: building leaves traces."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, source)
    run("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(built), ".", folder=source)
    (found,) = built.iterdir()
    return found


def test_it_holds_every_module_and_every_resource(wheel: Path) -> None:
    wanted = {"main.py"} | {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert held == wanted
    assert {"engine/run/worker.py", "gui/canvas/canvas.py", "resources/datasets/breast_cancer.csv"} <= held


def test_it_runs_where_nothing_else_of_the_program_is(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)

    assert "study" in run("-m", "engine", "--help", folder=tmp_path)
    assert run("main.py", "--version", folder=tmp_path).strip() == f"Marz {VERSION}"
    program = "import gui.app, engine.training; from engine.studies.presets import PRESETS\n"
    program += "print(len([preset.make() for preset in PRESETS]), gui.app.__file__)"
    n_presets, place = run("-c", program, folder=tmp_path).split(maxsplit=1)
    assert int(n_presets) >= 2
    assert Path(place.strip()).is_relative_to(tmp_path)
