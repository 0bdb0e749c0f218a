"""Dialogs and the laboratory in words that are 40 % longer: nothing is cut that is not cut in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHeaderView,
    QLabel,
    QListView,
    QMessageBox,
    QTabBar,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.formats.tables import table_from_text
from gui.actions import Action
from gui.files import questions
from gui.files.import_dialog import ImportDialog
from gui.files.pictures import PictureDialog
from gui.layers.chain_strip import ChainStrip
from gui.main_window import MainWindow
from gui.system.background import Task, TaskDialog
from gui.system.crash_report import ErrorReporter
from gui.text import language
from gui.text.language import Language, read_entries, say
from gui.views import LabView
from gui.widgets import boxes
from tests.gui.conftest import MakeStill, MakeWindow, small_experiment, wait_for_epochs, with_lanes
from tests.gui.test_screens import cut_in
from tests.texts.catalogue import catalogue, pseudo
from tests.texts.marked import marked

SIZE = (1280, 720)
TABLE = "a\tb\tname\n" + "".join(f"{i}\t{i * i % 7}\t{'uv'[i % 2]}\n" for i in range(9))


@pytest.fixture(autouse=True)
def longer_words() -> Iterator[None]:
    before = language.current()
    entries, plural = read_entries(catalogue(marked(), pseudo))
    language.use(Language("pseudo", entries, plural))
    yield
    language.use(before)


@pytest.fixture(autouse=True)
def boxes_return_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", QMessageBox.show)
    monkeypatch.setattr(QMessageBox, "deleteLater", lambda _box: None)


def open_history(window: MainWindow) -> None:
    window._editor.add_class()
    window._editor.clear()
    window.actions_by_name[Action.HISTORY].trigger()


def open_import(window: MainWindow) -> None:
    ImportDialog("points.csv", table_from_text(TABLE), window.session.experiment.dataset, "Blue", window).show()


def open_task(window: MainWindow) -> None:
    TaskDialog(say("Looking at the table …"), Task(lambda *_: None, window), window, can_cancel=True).show()


def open_error(window: MainWindow) -> None:
    reporter = ErrorReporter(None, window)
    reporter.window = window
    reporter.show_error("ValueError", "line")


def trigger(action: Action) -> Callable[[MainWindow], object]:
    return lambda window: window.actions_by_name[action].trigger()


DIALOGS: dict[str, Callable[[MainWindow], object]] = {
    "about": trigger(Action.ABOUT),
    "keys": trigger(Action.SHORTCUTS),
    "palette": trigger(Action.PALETTE),
    "preferences": trigger(Action.PREFERENCES),
    "report": trigger(Action.REPORT),
    "activations": trigger(Action.ACTIVATIONS),
    "matrix": trigger(Action.MATRIX),
    "history": open_history,
    "import": open_import,
    "picture": lambda window: PictureDialog(window.pictures, window).show(),
    "task": open_task,
    "error": open_error,
    "refusal": lambda window: boxes.tell(window, say("Not Possible"), say(InputError("There are no points."))),
    "changes": lambda window: questions.ask_about_changes(window, "work"),
    "training": lambda window: questions.ask_about_changes(window, "work", True),
    "leftover": lambda window: questions.ask_about_leftover(window, "work"),
    "replace": lambda window: questions.ask_replace_or_add(window, "work", "points", ""),
    "changed": lambda window: questions.ask_about_change_on_disk(window, "A.", can_overwrite=True, can_reload=True),
}


def cut_texts(window: QWidget) -> list[str]:
    """What is cut in a window: also lines of wrapped texts, pages, headings, tabs, and items of lists."""
    found = cut_in(window)
    for part in filter(QWidget.isVisible, window.findChildren(QWidget)):
        match part:
            case QLabel() if part.wordWrap() and part.height() < part.heightForWidth(part.width()):
                found.append(f"low: {part.objectName()} {part.text()}")
            case QTextBrowser() if part.horizontalScrollBar().maximum() > 0 or words_broken_in(part):
                found.append(f"wide: {part.accessibleName()} {words_broken_in(part)}")
            case QTabBar():
                found += [
                    f"tab: {part.tabText(tab)}"
                    for tab in range(part.count())
                    if part.tabSizeHint(tab).width() > part.tabRect(tab).width()
                ]
            case QHeaderView() if part.orientation() is Qt.Orientation.Horizontal:
                found += [
                    f"heading {section}: {part.accessibleName()}"
                    for section in range(part.count())
                    if part.sectionSizeHint(section) > part.sectionSize(section)
                ]
            case QListView() if part.horizontalScrollBar().maximum() > 0:
                found.append(f"list: {part.accessibleName()}")
    if window.width() > SIZE[0] or window.height() > SIZE[1]:
        found.append(f"larger than the screen: {window.size()}")
    return found


def words_broken_in(page: QTextBrowser) -> list[str]:
    """The words of a page that go on in the next line; the dots that make a sentence longer are no word."""
    found, block = [], page.document().begin()
    while block.isValid():
        text, layout = block.text(), block.layout()
        ends = [layout.lineAt(line).textStart() for line in range(1, layout.lineCount())]
        found += [text for end in ends if not text[end - 1].isspace() and text[end - 1] not in "-/·"]
        block = block.next()
    return found


@pytest.mark.parametrize("name", DIALOGS)
def test_no_words_are_cut_in_a_dialog(make_still: MakeStill, name: str) -> None:
    window = make_still(*SIZE)
    before = {dialog for dialog in QApplication.topLevelWidgets() if dialog.isVisible()}
    DIALOGS[name](window)
    QCoreApplication.processEvents()
    opened = [dialog for dialog in QApplication.topLevelWidgets() if dialog.isVisible() and dialog not in before]
    dialogs = [dialog for dialog in opened if isinstance(dialog, QDialog)]

    assert len(dialogs) == 1
    assert cut_texts(dialogs[0]) == []


@pytest.mark.parametrize("view", list(LabView))
def test_no_words_are_cut_in_the_laboratory(make_window: MakeWindow, qtbot: QtBot, view: LabView) -> None:
    window = make_window(with_lanes(small_experiment(), 3))
    window.resize(*SIZE)
    window.laboratory.panel.show_view(view)
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    QCoreApplication.processEvents()

    assert cut_texts(window) == []


def test_the_labels_of_the_chain_begin_in_their_lane(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(with_lanes(small_experiment(), 3))
    window.resize(*SIZE)
    window.laboratory.panel.show_view(LabView.CHAIN_RULE)
    window.session.train(3)
    wait_for_epochs(qtbot, window, 3)
    QCoreApplication.processEvents()
    places, write = list[float](), QPainter.drawText

    def note(painter: QPainter, *arguments: Any) -> None:
        if arguments[-1] == say("out", "layer"):
            places.append(arguments[0].x())
        write(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", note)
    chain = window.laboratory.panel.findChild(ChainStrip)
    assert isinstance(chain, ChainStrip)
    chain.grab()

    lefts = [chain.columns.left(lane) for lane in range(3)]
    assert len(places) == 3
    assert all(place >= left for place, left in zip(places, lefts, strict=True))
