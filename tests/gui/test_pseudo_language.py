"""In the pseudo language every visible text of every window stands in ⟦ ⟧: no sentence escapes translation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Activation, Initialization, Output, Schedule, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment
from engine.formats.tables import table_from_text
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.files import questions
from gui.files.import_dialog import ImportDialog
from gui.main_window import MainWindow
from gui.text import language
from gui.text.language import Language, read_entries
from gui.views import LabView
from gui.widgets import boxes
from tests.gui.conftest import MakeStill, MakeWindow, wait_for_epochs
from tests.gui.test_screens import cut_in
from tests.texts.catalogue import catalogue, pseudo
from tests.texts.marked import marked
from tests.texts.shown import PaintedTexts, escaped, untranslated

CLASSES = ("①", "②", "③")
EARLIER: set[QWidget] = set()
"""Widgets that other tests have left behind."""


@pytest.fixture(autouse=True)
def pseudo_language() -> Iterator[Language]:
    """The window speaks the pseudo language, made of what is marked now."""
    EARLIER.update(QApplication.allWidgets())
    before = language.current()
    entries, plural = read_entries(catalogue(marked(), pseudo))
    language.use(Language("pseudo", entries, plural))
    yield language.current()
    language.use(before)
    EARLIER.clear()


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> PaintedTexts:
    return PaintedTexts(monkeypatch)


def experiment(n_lanes: int = 1) -> Experiment:
    dataset = toy_datasets.make("spiral", n_samples=60, n_classes=3, seed=1)
    for label, name in enumerate(CLASSES):
        dataset = dataset.renamed(label, name)
    config = TrainingConfig(hidden_layers=(6, 6, 6), batch_size=16)
    activations = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU)
    lanes = tuple(replace(config, activation=activation) for activation in activations[:n_lanes])
    return Experiment(dataset, lanes)


def assert_all_said(painted: PaintedTexts | None = None) -> None:
    found = untranslated(EARLIER)
    assert found == [], "\n".join(found[:40])
    if painted is not None:
        assert painted.untranslated() == []


def test_words_that_escape_are_found(qtbot: QtBot, painted: PaintedTexts) -> None:
    label = QLabel("⟦Tŕáíñ ⟦Blue⟧⟧ Points 3.7·10⁻¹⁴")
    qtbot.addWidget(label)
    label.addAction(QAction("⟦óñé⟧", label))
    picture = QPixmap(9, 9)
    with QPainter(picture) as painter:
        painter.drawText(0, 0, "Loss")
        painter.drawText(0, 0, "⟦ĺóśś⟧ 3")

    assert [text.rpartition(": ")[2] for text in untranslated(EARLIER)] == [label.text()]
    assert escaped(label.text()) == ["Points"]
    assert painted.untranslated() == ["Loss"]


@pytest.mark.parametrize("n_lanes", [1, 3])
def test_the_window_in_training(make_window: MakeWindow, qtbot: QtBot, painted: PaintedTexts, n_lanes: int) -> None:
    window = make_window(experiment(n_lanes))
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
    assert_all_said(painted)
    window.session.train(5)
    wait_for_epochs(qtbot, window, 5)
    window.grab()
    assert_all_said(painted)


@pytest.mark.parametrize("view", list(LabView))
def test_each_view_of_the_laboratory(
    make_window: MakeWindow, qtbot: QtBot, painted: PaintedTexts, view: LabView
) -> None:
    window = make_window(experiment(3))
    window.laboratory.panel.show_view(view)
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    window.grab()
    assert_all_said(painted)


def test_changes_by_name_notices_and_refusals(window: MainWindow, qtbot: QtBot, painted: PaintedTexts) -> None:
    session, dataset = window.session, window.session.experiment.dataset
    for label, name in enumerate(CLASSES[: dataset.n_classes]):
        window._editor.rename_class(label, name)
    window._editor.delete(np.arange(len(dataset)) < 3)
    window._editor.recolour_class(0, 4)
    window._editor.add_class()
    window._editor.rename_class(2, "③")
    window._editor.remove_class(2)
    for changes in ({"learning_rate": 0.5}, {"activation": Activation.ELU}, {"hidden_layers": (3, 3)}):
        window.control_panel.config_chosen.emit(replace(session.experiment.lanes[0], **changes))
    window.actions_by_name[Action.HISTORY].trigger()
    window.actions_by_name[Action.SHORTCUTS].trigger()
    window.actions_by_name[Action.ABOUT].trigger()
    window.actions_by_name[Action.ACTIVATIONS].trigger()
    boxes.tell(window, language.say("Import Points"), language.say(InputError("There are no points to train on.")))
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
    window.grab()
    assert_all_said(painted)


def test_the_boxes_that_ask(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    for label, name in enumerate(CLASSES[:2]):
        window._editor.rename_class(label, name)
    seen: list[str] = []

    def look(_box: QMessageBox) -> int:
        seen.extend(["a box", *untranslated(EARLIER)])
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    questions.ask_about_changes(window, "①")
    questions.ask_about_changes(window, "①", True)
    questions.ask_about_leftover(window, "②")
    questions.ask_replace_or_add(window, "①", "②", "")
    questions.ask_about_change_on_disk(window, "①", can_overwrite=True, can_reload=True)

    assert seen == ["a box"] * 5


def test_the_dialog_of_an_import(window: MainWindow, qtbot: QtBot, painted: PaintedTexts) -> None:
    for label, name in enumerate(CLASSES[:2]):
        window._editor.rename_class(label, name)
    text = "①\t②\t③\n" + "".join(f"{i}\t{i * i % 7}\t{'④⑤'[i % 2]}\n" for i in range(9))
    dialog = ImportDialog("⑥", table_from_text(text), window.session.experiment.dataset, "①", window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.grab()

    assert_all_said(painted)


def test_the_matrix_window(make_window: MakeWindow, qtbot: QtBot, painted: PaintedTexts) -> None:
    window = make_window(experiment())
    window.actions_by_name[Action.MATRIX].trigger()
    window.laboratory.matrix_window.grab()

    assert_all_said(painted)


def test_settings_and_tools_in_all_their_states(window: MainWindow, qtbot: QtBot, painted: PaintedTexts) -> None:
    panel, base = window.control_panel, TrainingConfig(hidden_layers=(4,) * 5)
    for label, name in enumerate(CLASSES[:2]):
        window._editor.rename_class(label, name)
    for section in (panel.regularization, panel.more):
        section.toggle()
    mixed = (Activation.RELU, Activation.TANH, Activation.ELU, Activation.LEAKY_RELU, Activation.SIGMOID)
    for config in (
        replace(base, layer_activations=mixed, clip_norm=0.5, l1=0.1),
        replace(base, layer_activations=(Activation.RELU,) * 3 + (Activation.SIGMOID,) * 2, skip_connections=True),
        replace(base, initialization=Initialization.NORMAL, schedule=Schedule.COSINE, batch_size=None),
    ):
        panel.show_config(config)
        assert_all_said(painted)
        for section in (panel.regularization, panel.more):
            section.toggle()
    for tool in Tool:
        window.actions_by_name[tool].trigger()
        window.grab()
        assert_all_said(painted)


def test_an_empty_plane_notices_and_refusals(
    window: MainWindow, qtbot: QtBot, painted: PaintedTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    monkeypatch.setattr(boxes, "tell", lambda _parent, *texts: refused.extend(texts))
    for label, name in enumerate(CLASSES[:2]):
        window._editor.rename_class(label, name)
    notices: list[str] = []
    window.status_bar.messageChanged.connect(notices.append)
    for name in (Action.SELECT_ALL, Action.COPY, Action.PASTE, Action.SELECT_MISCLASSIFIED, Action.CLEAR, Action.PASTE):
        window.actions_by_name[name].trigger()
    window._lanes.compare_activations()
    window._lanes.use_config(replace(window._lanes.config, output=Output.SIGMOID))
    QGuiApplication.clipboard().setText("①")
    window.actions_by_name[Action.PASTE].trigger()
    window._editor.rename_class(0, "")
    window._editor.clear()
    window.grab()

    assert len(refused) >= 2
    assert len([notice for notice in notices if notice]) >= 3
    assert [text for text in (*refused, *notices) if escaped(text)] == []
    assert_all_said(painted)


@pytest.mark.parametrize("n_lanes", [1, 3])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)], ids=str)
def test_words_that_are_40_percent_longer_are_not_cut(
    make_still: MakeStill, size: tuple[int, int], n_lanes: int
) -> None:
    window = make_still(*size, n_lanes)
    QCoreApplication.processEvents()

    assert window.width() == size[0]
    assert cut_in(window) == []
