"""All of the window fits, in every state and at every size from the smallest on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Activation, TrainingConfig
from engine.experiment import MAX_LANES, Experiment
from engine.messages import message
from engine.run.snapshot import RunState, Snapshot
from gui.actions import Action, text_action
from gui.drawing.tools import Tool
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.text import language
from gui.text.language import Language, read_entries
from gui.views import LabView
from gui.widgets.elided_label import ElidedLabel
from tests import ROOT
from tests.gui import fit
from tests.gui.conftest import MakeStill
from tests.gui.diagnoses import make_diagnosis
from tests.gui.fit import faults_in
from tests.gui.snapshots import make_lane
from tests.texts.catalogue import catalogue, pseudo
from tests.texts.marked import marked

SIZES = ((940, 520), (1280, 720), (1920, 1080))
"""The smallest window, and logical pixels of common screens."""
TOOLS = (Tool.LASSO, Tool.SPRAY, Tool.RELABEL, Tool.BLOB)  # of each kind of options one
N_LAYERS = 20
ACTIVATIONS = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU, Activation.SOFTMAX)


@pytest.fixture(params=[Theme.LIGHT, Theme.DARK])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    palette = qapp.palette()
    apply_theme(qapp, request.param)
    yield request.param
    qapp.setPalette(palette)


@pytest.fixture
def longer_words() -> Iterator[None]:
    before = language.current()
    entries, plural = read_entries(catalogue(marked(), pseudo))
    language.use(Language("pseudo", entries, plural))
    yield
    language.use(before)


def experiment(n_lanes: int) -> Experiment:
    """Lanes of many layers, with long titles and classes with long names."""
    dataset = toy_datasets.make("spiral", n_samples=100, n_classes=5, seed=1)
    for label in range(5):
        dataset = dataset.renamed(label, f"{label} of the names that are long, as all")
    config = TrainingConfig(hidden_layers=(16,) * N_LAYERS)
    lanes = [replace(config, activation=ACTIVATIONS[lane], l2=0.001 * lane) for lane in range(n_lanes)]
    return Experiment(dataset, tuple(lanes))


def settle() -> None:
    """Until a layout that follows from another has been made."""
    for _ in range(3):
        QCoreApplication.processEvents()


def show_lanes(window: MainWindow, n_lanes: int) -> None:
    """Lanes in the middle of a long run."""
    window.session.edit(experiment(n_lanes), message("Other lanes"))
    norms, diagnosis = [10.0 ** -(N_LAYERS - layer) for layer in range(N_LAYERS + 1)], make_diagnosis([0.5] * 21)
    history = [[epoch, 1, 1, 0.5, 0.5] for epoch in range(1, 9)]
    lane = make_lane(epochs=123_456, norms=norms, diagnosis=diagnosis, history=history, gradient_epoch=123_400)
    window.show_snapshot(Snapshot(1, RunState.RUNNING, (lane,) * n_lanes, epochs_per_second=12_345))


def walk(window: MainWindow, sizes: tuple[tuple[int, int], ...]) -> list[str]:
    """What does not fit in any view at any of the sizes."""
    found = []
    for size in sizes:
        window.resize(*size)
        for view in LabView:
            window.laboratory.panel.show_view(view)
            settle()
            found += [f"{size} {view}: {fault}" for fault in faults_in(window)]
        if window.size().toTuple() != size:
            found.append(f"{size}: the window is {window.size().toTuple()}")
    return found


def walk_tools(window: MainWindow) -> list[str]:
    """What does not fit with any tool, and with all settings open and folded."""
    found = []
    for tool in TOOLS:
        window.workbench.choose_tool(tool)
        settle()
        found += [f"{tool}: {fault}" for fault in faults_in(window)]
    for section in (window.control_panel.regularization, window.control_panel.more):
        section.toggle()
    for _ in range(2):
        window.actions_by_name[Action.FOLD_SETTINGS].trigger()
        settle()
        found += [f"sections: {fault}" for fault in faults_in(window)]
    return found


def test_everything_fits(make_still: MakeStill, theme: Theme) -> None:
    window = make_still(1366, 768)
    window.laboratory.panel.show_course(())
    for n_lanes in (1, MAX_LANES):
        show_lanes(window, n_lanes)
        assert walk(window, SIZES if theme is Theme.LIGHT else SIZES[:1]) == []
    window.resize(*SIZES[0])
    assert walk_tools(window) == []


@pytest.mark.usefixtures("longer_words")
def test_everything_fits_in_words_that_are_40_percent_longer(make_still: MakeStill) -> None:
    window = make_still(1366, 768)
    show_lanes(window, MAX_LANES)
    window.laboratory.panel.show_course(())
    assert walk(window, SIZES[:1]) == []


def test_everything_fits_with_larger_text(make_still: MakeStill, qapp: QApplication) -> None:
    window, font = make_still(1366, 768), qapp.font()
    try:
        window.actions_by_name[text_action(150)].trigger()
        show_lanes(window, MAX_LANES)
        assert walk(window, (SIZES[0], (1366, 768))) == []
    finally:
        qapp.setFont(font)


SCALED = [(1366, 768, 1.25), (1920, 1080, 1.5), (1920, 1080, 2.0), (3840, 2160, 2.0)]
"""Pixels of common screens, and how many of them the system makes of one."""


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height", "scaling"), SCALED)
def test_the_first_window_fits_scaled_screens(tmp_path: Path, width: int, height: int, scaling: float) -> None:
    screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [{**screen, "logicalBaseDpi": 96}]}))
    platform = f"offscreen:configfile={tmp_path / 'screens.json'}"
    surroundings = {**os.environ, "QT_QPA_PLATFORM": platform, "QT_SCALE_FACTOR": str(scaling)}
    command = [sys.executable, "-m", "tests.gui.scaled_window"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    here = f"A screen of {round(width / scaling)}×{round(height / scaling)}"
    assert done.stdout.splitlines() == [here, here]


# each finder on a planted fault


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def put(page: QWidget, part: QWidget, *place: int) -> QWidget:
    part.setParent(page)
    part.setGeometry(QRect(*place))
    part.show()
    page.show()
    return part


def test_what_reaches_beyond_its_window_is_found(page: QWidget) -> None:
    button = put(page, QPushButton("Train"), 10, 10, 100, 40)
    assert fit.outside(page) == []
    button.move(250, 10)
    assert len(fit.outside(page)) == 1


def test_a_control_that_has_to_be_scrolled_to_sideways_is_found(page: QWidget) -> None:
    area, content = QScrollArea(), QWidget()
    content.resize(500, 900)
    button = put(content, QPushButton("Train"), 10, 700, 100, 40)
    area.setWidget(content)
    put(page, area, 0, 0, 300, 200)
    assert fit.outside(page) == [], "up and down it may be scrolled"
    button.move(350, 700)
    assert len(fit.outside(page)) == 1


def test_texts_over_each_other_are_found(page: QWidget) -> None:
    put(page, QLabel("Loss"), 10, 10, 100, 40)
    other = put(page, QLabel("Accuracy"), 10, 60, 100, 40)
    put(page, QLabel(""), 10, 10, 100, 40)
    assert fit.overlapping(page) == []
    other.move(50, 20)
    assert len(fit.overlapping(page)) == 1


@pytest.mark.parametrize("kind", [QLabel, QPushButton])
def test_a_text_that_is_cut_is_found(page: QWidget, kind: type[QLabel] | type[QPushButton]) -> None:
    part = put(page, kind("A rather long text"), 10, 10, 280, 40)
    assert fit.shortened(page) == []
    part.resize(40, 40)
    assert len(fit.shortened(page)) == 1


def test_a_wrapped_text_and_a_field_that_are_cut_are_found_and_what_is_shortened_on_purpose_is_not(
    page: QWidget,
) -> None:
    label, box, on_purpose = QLabel("Many words in several lines " * 4), QComboBox(), ElidedLabel()
    label.setWordWrap(True)
    box.addItem("A rather long choice")
    on_purpose.setText("A rather long text")
    put(page, on_purpose, 0, 180, 20, 20)
    put(page, label, 0, 0, 300, 120)
    put(page, box, 0, 130, 250, 30)
    assert fit.shortened(page) == []
    label.resize(300, 10)
    box.resize(20, 30)
    assert len(fit.shortened(page)) == 2


def test_a_control_under_a_scroll_bar_is_found(page: QWidget) -> None:
    area, content = QScrollArea(), QLabel()
    content.setPixmap(QPixmap(200, 900))
    area.setWidget(content)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    column = QVBoxLayout(page)
    column.addWidget(area)
    page.show()
    QCoreApplication.processEvents()
    assert fit.covered(page) == []
    put(page, QPushButton("Train"), 240, 50, 60, 40)
    assert len(fit.covered(page)) == 1
