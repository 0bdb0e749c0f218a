"""The wheel that others install: everything is in it, and it runs."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

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
        held = {name for name in archive.namelist() if ".dist-info/" not in name and ".data/" not in name}

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


DESKTOP = ROOT / "resources" / "desktop"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_it_installs_and_marz_starts(wheel: Path, tmp_path: Path) -> None:
    """Into a folder of its own, with the libraries that are here; with menu entry and icons where desktops look."""
    run("-m", "pip", "install", "--no-deps", "--no-index", "--prefix", str(tmp_path), str(wheel), folder=tmp_path)
    (packages,) = tmp_path.glob("[lL]ib/**/site-packages")
    (marz,) = [*tmp_path.glob("bin/marz"), *tmp_path.glob("Scripts/marz*.exe")]
    environment = {**os.environ, "PYTHONPATH": str(packages)}
    picture = tmp_path / "picture.png"
    for arguments in (["--version"], ["--epochs", "1", "--screenshot", str(picture)]):
        done = subprocess.run(
            [marz, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200
        )
        assert done.returncode == 0, done.stderr
    assert not QImage(str(picture)).isNull()
    share = tmp_path / "share"
    assert (share / "applications" / "marz.desktop").is_file()
    assert [path.suffix for path in (share / "metainfo").iterdir()] == [".xml"]
    icons = {path.relative_to(share / "icons").as_posix() for path in share.glob("icons/**/marz.*")}
    sizes = ["scalable", *(f"{path.parent.name}x{path.parent.name}" for path in DESKTOP.glob("*/marz.png"))]
    assert icons == {f"hicolor/{size}/apps/marz.{'svg' if size == 'scalable' else 'png'}" for size in sizes}
    assert len(icons) >= 5


def test_the_menu_entry_starts_the_program_and_opens_files() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # names of an entry have capitals
    entry.read(DESKTOP / "marz.desktop", encoding="utf-8")
    facts = dict(entry["Desktop Entry"])
    assert facts["Type"] == "Application"
    assert facts["Exec"].split() == [*PROJECT["project"]["gui-scripts"], "%f"]
    assert (ROOT / "resources" / "icons" / f"{facts['Icon']}.svg").is_file()
    assert {"Name", "GenericName", "Comment", "Categories", "Keywords"} <= set(facts)
    assert all(facts[name].endswith(";") for name in ("Categories", "Keywords"))


def test_what_software_centres_read_agrees_with_the_program() -> None:
    (path,) = DESKTOP.glob("*.metainfo.xml")
    component = ElementTree.parse(path).getroot()
    texts = {part.tag: (part.text or "").strip() for part in component}
    assert component.get("type") == "desktop-application"
    assert path.name == f"{texts['id']}.metainfo.xml"
    assert texts["project_license"] == PROJECT["project"]["license"]
    assert (DESKTOP / texts["launchable"]).is_file()
    assert [part.text for part in component.iter("binary")] == list(PROJECT["project"]["gui-scripts"])
    assert not texts["summary"].endswith(".")
    if checker := shutil.which("appstreamcli"):
        done = subprocess.run([checker, "validate", "--no-net", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout


def test_the_icons_of_each_size_are_pictures_of_the_one_that_scales() -> None:
    renderer = QSvgRenderer(str(ROOT / "resources" / "icons" / "marz.svg"))
    for path in DESKTOP.glob("*/marz.png"):
        stored, size = QImage(str(path)), int(path.parent.name)
        drawn = QImage(size, size, QImage.Format.Format_ARGB32)
        drawn.fill(Qt.GlobalColor.transparent)
        with QPainter(drawn) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            renderer.render(painter, QRectF(0, 0, size, size))
        assert stored.size() == drawn.size()
        pairs = [image.convertToFormat(drawn.format()).constBits() for image in (stored, drawn)]
        difference = np.subtract(*(np.frombuffer(bits, dtype=np.uint8).astype(float) for bits in pairs))
        assert np.abs(difference).mean() < 2  # another version of Qt may smooth edges otherwise
