"""Nothing that comes from a file is markup: every tooltip, label, menu, item, box and plot shows it as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QImage, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMenu,
    QMessageBox,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.config import Activation, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.experiment import Experiment, save
from engine.formats.tables import table_from_text
from engine.insight.quantity import Reading, Readings
from engine.messages import message
from engine.run.snapshot import AT_POINTER
from gui.actions import Action
from gui.files import questions
from gui.files.documents import Opened
from gui.files.import_dialog import ImportDialog
from gui.main_window import MainWindow
from gui.system import background
from gui.widgets import boxes
from gui.widgets.tips import plain_tip
from tests.gui.conftest import MakeWindow, wait_for_epochs

HOSTILE = ("<img src=file:a.png>", "<b>bold</b> &amp;", "<a href=x>&File</a>")
FEATURES = ("<img src=file:f.png>", "<u>under</u>", "<font size=7>x")
FOREIGN = re.compile("|".join(map(re.escape, ("<img src=file:", "<b>bold", "<a href=x", "<u>under", "<font size=7"))))


class Document(QTextDocument):
    """What Qt makes of a rich text; it tells what would be loaded."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.setHtml(text)
        self.size()

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        self.asked.append(str(url))
        return QImage(1, 1, QImage.Format.Format_RGB32)


def is_harmless(text: str) -> bool:
    """Whether nothing foreign in a text would be markup where Qt guesses."""
    return not FOREIGN.search(text)


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """What of a widget Qt may take for markup."""
    yield "tooltip", widget.toolTip()
    yield "what's this", widget.whatsThis()
    if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
        if widget.textFormat() == Qt.TextFormat.RichText:
            yield "label", f"<p>{widget.text()}</p>"
        else:
            yield "label", widget.text()
    if isinstance(widget, QTextEdit):
        yield "text", widget.toHtml()
    if isinstance(widget, QGraphicsView) and widget.scene() is not None:
        for item in widget.scene().items():
            yield "item", item.toolTip()
            if isinstance(item, QGraphicsTextItem):
                yield "item", item.toHtml()


def faults() -> list[str]:
    """What of all windows, menus and boxes that there are would be markup."""
    found = []
    for widget in QApplication.allWidgets():
        found += [f"{type(widget).__name__} {what}: {text}" for what, text in texts_of(widget) if not is_harmless(text)]
        for action in widget.findChildren(QAction):
            if not is_harmless(action.toolTip()) or not is_harmless(action.whatsThis()):
                found.append(f"action: {action.toolTip()}")
    return found


def hostile_experiment() -> Experiment:
    points = np.random.default_rng(1).normal(size=(60, 3)).astype(np.float32)
    dataset = Dataset(points, np.arange(60) % 3, HOSTILE, feature_names=FEATURES, projection=principal_plane(points))
    config = TrainingConfig(hidden_layers=(4, 4))
    return Experiment(dataset, (config, replace(config, activation=Activation.RELU)), title=HOSTILE[0])


def test_the_search_finds_what_would_be_markup(qtbot: QtBot) -> None:
    label = QLabel(HOSTILE[0])
    qtbot.addWidget(label)
    assert len(faults()) == 1
    label.setTextFormat(Qt.TextFormat.PlainText)
    assert faults() == []
    label.setToolTip(f"Points of {HOSTILE[1]}")
    assert len(faults()) == 1
    label.setToolTip("")
    label.addAction(QAction(HOSTILE[0], label))
    assert len(faults()) == 1


@pytest.mark.parametrize("text", [*HOSTILE, "a < b", "&lt;"])
def test_a_plain_tip_shows_the_text_and_loads_nothing(text: str) -> None:
    document = Document(plain_tip(text))
    assert document.toPlainText() == text
    assert document.asked == []
    assert plain_tip("") == ""


def test_no_name_in_the_whole_window_is_markup(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / f"{HOSTILE[0].replace('/', ' ')}.marz.json"
    save(path, hostile_experiment())
    window = make_window(hostile_experiment())
    window.files.use_file(Opened(window.session.experiment, str(path)))
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    show_all(window)

    assert faults() == []
    assert any(HOSTILE[0] in action.text() for action in window.findChildren(QAction)), "the names are there"
    assert "<img src=file:a.png>" in window.status_bar._pointer.text()


def show_all(window: MainWindow) -> None:
    """Fill the menus, the recent files among them; point, open the laboratory, tell sentences."""
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
    window.session.edit(
        window.session.experiment.with_dataset(window.session.experiment.dataset.renamed(0, "<b>b")),
        message(HOSTILE[1]),
    )
    window.session.undo_stack.undo()
    window.files.told.emit(f"Saved in {HOSTILE[0]}.")
    window.actions_by_name[Action.HISTORY].trigger()
    boxes.tell(window, HOSTILE[1], f"“{HOSTILE[0]}” cannot be read.")
    lane = window.session.snapshot.lanes[0]
    found = Reading(np.array([0.5, 0.3, 0.2], np.float32), of=(0.1, 0.2))
    answer = replace(lane, readings=Readings({AT_POINTER: found}))
    snapshot = replace(window.session.snapshot, lanes=(answer, *window.session.snapshot.lanes[1:]))
    window.status_bar.show_pointer((0.1, 0.2), snapshot, window.session.experiment.dataset)


def test_no_name_in_a_box_is_markup(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    seen: list[str] = []

    def look(box: QMessageBox) -> int:
        seen.extend([box.text(), *faults()])
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    questions.ask_about_changes(window, HOSTILE[0])
    questions.ask_about_leftover(window, HOSTILE[1])
    questions.ask_replace_or_add(window, HOSTILE[2], HOSTILE[0], HOSTILE[1])
    assert len(seen) == 3, seen[3:]

    task = background.Task(lambda *_: None)
    waiting = background.TaskDialog(f"Reading {HOSTILE[0]} …", task, window, can_cancel=True)
    assert faults() == []
    waiting.deleteLater()


def test_no_name_in_the_import_dialog_is_markup(window: MainWindow, qtbot: QtBot) -> None:
    text = "\t".join([*FEATURES, "class"]) + "\n" + "".join(f"1\t2\t{i}\t{HOSTILE[i % 3]}\n" for i in range(9))
    dialog = ImportDialog(HOSTILE[0], table_from_text(text), window.session.experiment.dataset, HOSTILE[1], window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert faults() == []
