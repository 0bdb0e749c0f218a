"""Documents in the real window: what is on screen, what is in files, and what the title says."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QMessageBox, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Output, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment, load, save
from engine.files.locks import held
from engine.formats.npz import load_npz, save_npz
from engine.formats.recovery_file import write_recovery
from engine.formats.tables import Columns, TableFormat, TablePoints, TableSource, write_table
from engine.messages import Message
from gui.actions import Action
from gui.app import watch_signals
from gui.editing.fingerprint import Change, change_of, fingerprint
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.files import document_files, documents, import_dialog, questions, recovery, rescue
from gui.files.documents import Opened, open_document
from gui.files.import_dialog import ImportChoice, ImportDialog, Reading
from gui.files.questions import Answer
from gui.files.recovery import Leftover, Recovery, leftovers
from gui.main_window import MainWindow
from gui.system import background
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.widgets import boxes
from tests import ROOT
from tests.gui.canvas.test_canvas import stroke
from tests.gui.conftest import small_experiment
from tests.inputs import FOLDER, RIGHT

TELL, ASK, ASK_ON_DISK = boxes.tell, questions.ask_about_changes, questions.ask_about_change_on_disk


class Answers:
    """What the user answers; every question is written down, and one that was not expected fails the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.told: list[str] = []
        self.path = ""
        self.changes: Answer | None = None
        self.leftover: list[Answer] = []
        self.placement: Answer | None = None
        self.on_disk: Answer | None = None
        self.proposal = ""
        self.decimal = "."
        self.descriptions: list[str] = []

        def ask_path(_parent: object, proposal: str) -> str:
            self.proposal = proposal
            return self.path

        for name in ("ask_open_path", "ask_save_path", "ask_import_path"):
            monkeypatch.setattr(questions, name, ask_path)
        monkeypatch.setattr(questions, "ask_export_path", lambda *given: (ask_path(*given), self.decimal))
        monkeypatch.setattr(questions, "ask_about_changes", self._changes)
        monkeypatch.setattr(questions, "ask_about_leftover", self._leftover)
        monkeypatch.setattr(questions, "ask_about_change_on_disk", self._on_disk)
        monkeypatch.setattr(questions, "ask_replace_or_add", self._placement)
        monkeypatch.setattr(boxes, "tell", lambda _parent, _title, text: self.told.append(text))

    def _changes(self, _parent: object, name: str, _is_training: bool) -> Answer:
        self.asked.append(name)
        assert self.changes is not None, "nobody should have been asked"
        return self.changes

    def _on_disk(self, _parent: object, sentence: str, *, can_overwrite: bool, can_reload: bool) -> Answer:
        self.asked.append(sentence)
        assert self.on_disk is not None, "nobody should have been asked"
        assert can_overwrite or self.on_disk is not Answer.OVERWRITE
        assert can_reload or self.on_disk is not Answer.RELOAD
        return self.on_disk

    def _leftover(self, _parent: object, description: str) -> Answer:
        self.descriptions.append(description)
        return self.leftover.pop(0)

    def _placement(self, _parent: object, name: str, description: str, obstacle: str) -> Answer:
        self.descriptions.append(f"{name} {description} {obstacle}")
        assert self.placement is not None
        return self.placement


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


@pytest.fixture
def window(qtbot: QtBot, answers: Answers) -> Iterator[MainWindow]:
    """A window without an engine: nothing here trains."""
    thread = TrainingThread()
    session = Session(small_experiment(), thread)
    made = MainWindow(session, thread, Preferences())
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.files.asks = False
    if made.isVisible():
        made.close()
    for thing in (made, session, thread):
        thing.deleteLater()


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def draw(qtbot: QtBot, window: MainWindow) -> Experiment:
    stroke(qtbot, window.canvas, (100, 100), (200, 130))
    return window.session.experiment


def message(window: MainWindow) -> str:
    return window.status_bar.currentMessage()


# documents


def test_a_fresh_window_is_untitled_and_unmodified(window: MainWindow) -> None:
    assert window.windowTitle() == "Untitled[*] — Marz"
    assert not window.isWindowModified()
    assert window.windowFilePath() == ""


def test_the_modified_mark_follows_the_saved_state_through_undo_and_redo(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.path = str(tmp_path / "mine.marz.json")
    draw(qtbot, window)
    assert window.isWindowModified()
    do(window, Action.SAVE)
    assert not window.isWindowModified()
    assert window.windowTitle() == "mine[*] — Marz"
    assert window.windowFilePath() == answers.path
    do(window, Action.UNDO)
    assert window.isWindowModified()
    do(window, Action.REDO)
    assert not window.isWindowModified()


def test_save_asks_for_a_file_once_and_save_as_always(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    first, second = str(tmp_path / "first.marz.json"), str(tmp_path / "second.marz.json")
    answers.path = first
    do(window, Action.SAVE)
    assert answers.proposal == str(Path.home() / "Untitled.marz.json")
    assert first in message(window)
    answers.path = second
    after = draw(qtbot, window)
    do(window, Action.SAVE)
    assert load(first) == after
    assert not Path(second).exists()
    do(window, Action.SAVE_AS)
    assert answers.proposal == first
    assert load(second) == after
    assert window.windowTitle() == "second[*] — Marz"


def test_open_brings_everything_back_clean_and_without_a_history(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    experiment = Experiment(toy_datasets.make("xor", n_samples=50), (TrainingConfig(hidden_layers=(5,)),), "title")
    answers.path, answers.changes = str(tmp_path / "mine.marz.json"), Answer.DISCARD
    save(answers.path, experiment)
    draw(qtbot, window)
    run = window.session.run_id
    do(window, Action.OPEN)
    assert window.session.experiment == experiment
    assert window.session.undo_stack.count() == 0
    assert not window.isWindowModified()
    assert window.windowTitle() == "mine[*] — Marz"
    assert window.session.run_id > run, "another document has weights of its own"


def test_new_is_an_empty_plane_of_two_classes_with_the_usual_settings(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.path = str(tmp_path / "mine.marz.json")
    do(window, Action.SAVE)
    window.dataset_panel.classes.show_value(5)
    do(window, Action.NEW)
    experiment = window.session.experiment
    assert window.dataset_panel.classes.value() == 2, "so many has the next sample"
    assert (len(experiment.dataset), experiment.dataset.n_classes) == (0, 2)
    assert experiment.lanes == (TrainingConfig(),)
    assert (window.windowTitle(), window.files.path) == ("Untitled[*] — Marz", None)
    assert answers.asked == []


def test_a_name_with_the_mark_of_the_title_in_it_is_shown_as_it_is(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.path = str(tmp_path / "a[*]b.json")
    do(window, Action.SAVE)
    assert window.windowTitle() == "a[*][*]b[*] — Marz"


REPLACING: list[Callable[[MainWindow, str], object]] = [
    lambda window, _: do(window, Action.NEW),
    lambda window, _: do(window, Action.OPEN),
    lambda window, path: window.files.take_dropped([path]),
    lambda window, path: window.files.recent_menu.chosen.emit(path),
    lambda window, _: window.close(),
]
NAMES = ["new", "open", "drop", "recent", "close"]


@pytest.mark.parametrize("replace_document", REPLACING, ids=NAMES)
@pytest.mark.parametrize("answer", [Answer.SAVE, Answer.DISCARD, Answer.CANCEL])
def test_changes_are_asked_about_before_they_are_lost(
    qtbot: QtBot,
    window: MainWindow,
    answers: Answers,
    tmp_path: Path,
    replace_document: Callable[[MainWindow, str], object],
    answer: Answer,
) -> None:
    other, mine = str(tmp_path / "other.json"), str(tmp_path / "mine.json")
    save(other, Experiment(toy_datasets.make("xor", n_samples=20)))
    answers.path = mine
    do(window, Action.SAVE)
    after = draw(qtbot, window)
    answers.path, answers.changes = other, answer
    replace_document(window, other)
    assert answers.asked == ["mine"]
    is_kept = window.session.experiment is after and window.isVisible()
    assert is_kept == (answer is Answer.CANCEL)
    assert (load(mine) == after) == (answer is Answer.SAVE)


@pytest.mark.parametrize("replace_document", REPLACING, ids=NAMES)
def test_without_changes_nobody_is_asked(
    window: MainWindow, answers: Answers, tmp_path: Path, replace_document: Callable[[MainWindow, str], object]
) -> None:
    answers.path = str(tmp_path / "other.json")
    save(answers.path, Experiment(toy_datasets.make("xor", n_samples=20)))
    before = window.session.experiment
    replace_document(window, answers.path)
    assert answers.asked == []
    assert window.session.experiment is not before or not window.isVisible()


@pytest.mark.parametrize("path", ["", "/nowhere/at/all/mine.json"], ids=["cancelled", "failed"])
def test_a_save_that_was_cancelled_or_failed_keeps_the_window_open_and_stores_no_layout(
    qtbot: QtBot, window: MainWindow, answers: Answers, path: str
) -> None:
    after = draw(qtbot, window)
    answers.path, answers.changes = path, Answer.SAVE
    assert not window.close()
    assert window.isVisible()
    assert window.session.experiment is after
    assert window.isWindowModified()
    assert window.files.path is None
    assert len(answers.told) == bool(path)
    assert Preferences().layout("window").isEmpty()
    answers.changes = Answer.DISCARD
    assert window.close()
    assert not Preferences().layout("window").isEmpty()


def write_broken(path: Path) -> None:
    path.write_text('{"format": 1, "dataset": ')


def write_one_coordinate(path: Path) -> None:
    save(path, Experiment(Dataset(np.zeros((4, 1), np.float32), np.array([0, 1, 0, 1]), ("a", "b"))))


@pytest.mark.parametrize(
    ("write", "reason"), [(write_broken, "refused.json"), (write_one_coordinate, "1 coordinate"), (os.mkdir, "refused")]
)
def test_a_failed_open_leaves_the_document_as_it_was(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, write: Callable[[Path], None], reason: str
) -> None:
    write(tmp_path / "refused.json")
    mine = str(tmp_path / "mine.json")
    answers.path = mine
    do(window, Action.SAVE)
    after = draw(qtbot, window)
    answers.path, answers.changes = str(tmp_path / "refused.json"), Answer.DISCARD
    do(window, Action.OPEN)
    assert window.session.experiment is after
    assert window.session.undo_stack.count() == 1
    assert window.isWindowModified()
    assert window.files.path == mine
    assert reason in answers.told[0]


def test_points_of_three_features_are_opened_on_their_principal_plane(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    points = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)
    answers.path = str(tmp_path / "three.json")
    save(answers.path, Experiment(Dataset(points, np.arange(20) % 2, ("a", "b"))))
    do(window, Action.OPEN)
    assert window.session.experiment.dataset.projection == principal_plane(points)
    assert not window.isWindowModified()


def test_a_document_is_not_saved_as_a_table(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    answers.path = str(tmp_path / "mine.csv")
    do(window, Action.SAVE_AS)
    assert not Path(answers.path).exists()
    assert "Export" in answers.told[0]


def test_a_stroke_under_way_is_finished_and_saved(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.path = str(tmp_path / "mine.json")
    before = len(window.session.experiment.dataset)
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=window.canvas.rect().center())
    do(window, Action.SAVE)
    assert len(load(answers.path).dataset) == before + 1
    assert not window.isWindowModified()
    qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=window.canvas.rect().center())


# recent documents


def recent(window: MainWindow) -> list[QAction]:
    window.files.recent_menu.aboutToShow.emit()
    return [action for action in window.files.recent_menu.actions() if not action.isSeparator()]


def test_recent_documents_are_numbered_those_that_are_gone_are_grey_and_the_list_can_be_cleared(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    assert [action.isEnabled() for action in recent(window)] == [False], "there is nothing to clear yet"
    for name in ("a & b.json", "c.json"):
        answers.path = str(tmp_path / name)
        do(window, Action.SAVE_AS)
    Path(answers.path).unlink()
    first, second, clear = recent(window)
    assert first.text().startswith("&1  c.json — ")
    assert second.text().startswith("&2  a && b.json — ")
    assert (first.isEnabled(), second.isEnabled()) == (False, True)
    assert all(action.statusTip() for action in (first, second, clear))
    draw(qtbot, window)
    answers.changes = Answer.DISCARD
    second.trigger()
    assert window.files.path == str(tmp_path / "a & b.json")
    recent(window)[-1].trigger()
    assert Preferences().recent_files == []
    assert len(recent(window)) == 1


def test_the_recent_documents_are_in_the_file_menu_after_open(window: MainWindow) -> None:
    menu = window.menuBar().actions()[0].menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]  # type: ignore[attr-defined]
    assert texts.index("Open &Recent") == texts.index("&Open …") + 1


def test_folders_are_remembered_for_each_purpose(
    window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("documents", "tables"):
        (tmp_path / name).mkdir()
    answers.path = str(tmp_path / "documents" / "mine.json")
    do(window, Action.SAVE)
    answers.path = str(tmp_path / "tables" / "mine.csv")
    do(window, Action.EXPORT)
    answers.path = ""
    do(window, Action.OPEN)
    assert answers.proposal == str(tmp_path / "documents")
    do(window, Action.EXPORT)
    assert answers.proposal == str(tmp_path / "tables" / "mine.csv")
    do(window, Action.IMPORT)
    assert answers.proposal == str(Path.home())


# points


def choose(monkeypatch: pytest.MonkeyPatch, columns: Columns | None = None, *, adds: bool = False) -> list[str]:
    """Have the import dialog accept what is found, or other columns; returns the names it was asked with."""
    names: list[str] = []

    def ask(
        parent: QWidget, name: str, source: TableSource, _drawing: Dataset, class_in_hand: str, read: Reading
    ) -> tuple[ImportChoice, TablePoints] | None:
        names.extend((name, class_in_hand))
        sample = source.look()
        choice = ImportChoice(sample.format, columns or sample.columns, adds)
        points = read(parent, source, choice)
        return None if points is None else (choice, points)

    monkeypatch.setattr(import_dialog, "ask_import", ask)
    return names


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "cells.csv"
    path.write_text("x,y,class\n1,2,Orange\n3,4,Red\n5,6,Orange\n")
    return str(path)


def test_an_import_replaces_the_drawing_as_one_step(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    names = choose(monkeypatch)
    answers.path = table
    before = window.session.experiment
    do(window, Action.IMPORT)
    dataset = window.session.experiment.dataset
    assert dataset.points.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert dataset.class_names == ("Orange", "Red")
    assert window.session.undo_stack.undoText() == "Import 3 points (cells.csv)"
    assert window.session.experiment.lanes == before.lanes
    assert "3 points imported" in message(window)
    assert window.isWindowModified()
    assert window.files.path is None
    assert names == ["cells.csv", "Blue"]
    do(window, Action.UNDO)
    assert window.session.experiment == before
    do(window, Action.REDO)
    assert window.session.experiment.dataset == dataset


def test_an_import_that_adds_matches_classes_by_name_and_makes_new_ones(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    choose(monkeypatch, adds=True)
    answers.path = table
    before = window.session.experiment.dataset
    do(window, Action.IMPORT)
    dataset = window.session.experiment.dataset
    assert dataset.class_names == ("Blue", "Orange", "Red")
    assert dataset.labels[len(before) :].tolist() == [1, 2, 1]
    assert np.array_equal(dataset.points[: len(before)], before.points)


def test_points_without_a_class_are_added_to_the_class_in_hand(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    names = choose(monkeypatch, Columns((0, 1), None), adds=True)
    answers.path = table
    do(window, "class_2")
    before = window.session.experiment.dataset
    do(window, Action.IMPORT)
    dataset = window.session.experiment.dataset
    assert dataset.class_names == before.class_names
    assert dataset.labels[len(before) :].tolist() == [1, 1, 1]
    assert names[1] == "Orange"


def test_an_import_that_does_not_fit_is_told_and_changes_nothing(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("x,y,class\n" + "".join(f"{i}.5,{i * i},c{i}\n" for i in range(10)))
    before = window.session.experiment
    choose(monkeypatch, adds=True)
    window.files.points.import_path(str(path))
    assert "12 classes" in answers.told[0] or "11 classes" in answers.told[0]
    window.session.edit(before.with_lane(0, TrainingConfig(output=Output.SIGMOID)), Message("Output"))
    before = window.session.experiment
    choose(monkeypatch)
    window.files.points.import_path(str(path))
    assert len(answers.told) == 2
    assert window.session.experiment is before


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_changes_nothing(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("x,y\n" + "1,2\n" * 2000 + "3,oops\n")
    before, told = window.session.experiment, []

    def press_import() -> None:
        dialog = window.findChild(ImportDialog)
        assert dialog is not None
        dialog.x_box.setCurrentIndex(1)
        dialog.y_box.setCurrentIndex(0)
        dialog.accept()  # returns when the rows were read
        told.append((dialog.isVisible(), dialog.outcome.text(), dialog.x_box.currentText()))
        dialog.reject()

    QTimer.singleShot(100, press_import)
    window.files.points.import_path(str(path))
    sentence = "“bad.csv” cannot be read as a table: line 2002, column “y”: “oops” is not a number."
    assert told == [(True, sentence, "y")], "the dialog stays as it was chosen, and says what is wrong"
    assert answers.told == []
    assert window.session.experiment is before


def test_rows_with_missing_values_are_left_out_and_that_is_told(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    def press_import() -> None:
        dialog = window.findChild(ImportDialog)
        assert dialog is not None
        dialog.accept()
        assert dialog.isVisible()
        dialog.missing_box.click()
        dialog.accept()

    QTimer.singleShot(100, press_import)
    window.files.points.import_path(str(FOLDER / "01_missing_na.csv"))
    assert len(window.session.experiment.dataset) == 10
    assert "10 points imported from 01_missing_na.csv. 2 rows with missing values were left out." in message(window)


@pytest.mark.parametrize("name", ["20_points.json", "02_missing_question.data", "30_excel.xlsx", "46_d_exponent.dat"])
def test_a_dropped_file_of_points_is_imported_whatever_it_is_called(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    watch = QTimer(window)

    def accept() -> None:
        dialog = window.findChild(ImportDialog)
        if dialog is not None and dialog.isVisible():  # a spreadsheet is read in another process first
            watch.stop()
            dialog.missing_box.setChecked(True)
            dialog.accept()

    watch.timeout.connect(accept)
    watch.start(20)
    window.files.take_dropped([str(FOLDER / name)])
    assert len(window.session.experiment.dataset) == sum(RIGHT[name].counts.values())
    assert answers.told == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 99])
def test_a_file_that_is_no_table_is_told_before_any_dialog(
    window: MainWindow, answers: Answers, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "no.csv").write_bytes(content)
    window.files.points.import_path(str(tmp_path / "no.csv"))
    assert "no.csv" in answers.told[0]


@pytest.mark.parametrize("placement", [Answer.REPLACE, Answer.ADD, Answer.CANCEL])
def test_an_npz_file_replaces_or_is_added(
    window: MainWindow, answers: Answers, tmp_path: Path, placement: Answer
) -> None:
    dataset = toy_datasets.make("xor", n_samples=30, seed=9)
    save_npz(tmp_path / "a.npz", dataset)
    before = window.session.experiment.dataset
    answers.placement = placement
    window.files.points.import_path(str(tmp_path / "a.npz"))
    after = window.session.experiment.dataset
    expected = {Answer.REPLACE: dataset, Answer.ADD: before.joined(dataset), Answer.CANCEL: before}
    assert after == expected[placement]
    assert "a.npz 30 points of 2 features" in answers.descriptions[0]


def test_into_an_empty_plane_an_npz_file_comes_without_a_question(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    do(window, Action.NEW)
    save_npz(tmp_path / "a.npz", toy_datasets.make("xor", n_samples=30))
    window.files.points.import_path(str(tmp_path / "a.npz"))
    assert len(window.session.experiment.dataset) == 30


def test_an_export_for_a_spreadsheet_with_decimal_commas_can_be_read_again_exactly(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    dataset = window.session.experiment.dataset
    answers.path, answers.decimal = str(tmp_path / "points.csv"), ","
    do(window, Action.EXPORT)
    assert (tmp_path / "points.csv").read_text().startswith("x;y;class\n")
    again = documents.load_points(answers.path).dataset
    assert np.array_equal(again.points, dataset.points)
    assert [again.class_names[label] for label in again.labels] == [dataset.class_names[k] for k in dataset.labels]


def test_an_export_can_be_read_again_exactly(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    dataset = window.session.experiment.dataset
    for name in ("points.npz", "points.csv"):
        answers.path = str(tmp_path / name)
        do(window, Action.EXPORT)
        assert answers.path in message(window)
    assert load_npz(tmp_path / "points.npz") == dataset
    lines = (tmp_path / "points.csv").read_text().splitlines()
    assert len(lines) == len(dataset) + 1
    x, y, name = lines[1].split(",")
    assert [np.float32(x), np.float32(y)] == dataset.points[0].tolist()
    assert name == dataset.class_names[dataset.labels[0]]
    assert not window.isWindowModified()
    answers.path = str(tmp_path / "nowhere" / "points.csv")
    do(window, Action.EXPORT)
    assert "could not be saved" in answers.told[0]


# dropped files


def test_of_several_dropped_files_a_document_is_opened_and_the_points_of_the_others_are_imported(
    window: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch, table: str, tmp_path: Path
) -> None:
    imported: list[str] = []
    monkeypatch.setattr(window.files.points, "import_path", imported.append)
    window.files.take_dropped([table, "/some/other.csv"])
    assert imported == [table, "/some/other.csv"]
    documents = [str(tmp_path / f"{name}.marz.json") for name in "ab"]
    for path in documents:
        answers.path = path
        do(window, Action.SAVE_AS)
    window.files.take_dropped([table, f"{tmp_path}//a.marz.json", documents[1]])  # as another system may write it
    assert window.files.path == documents[0]
    assert imported[2:] == [table]
    assert "first of 2 documents" in message(window)
    monkeypatch.setattr(window.files, "_may_lose_changes", lambda: False)
    window.files.take_dropped([documents[1], table])
    assert len(imported) == 3  # who gave the document up did not mean its points for another


@pytest.mark.parametrize(("name", "reason"), [("folder.csv", "is a folder"), ("cat.png", "cat.png"), ("", "folder")])
def test_what_cannot_be_taken_is_told(
    window: MainWindow, answers: Answers, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    before = window.session.experiment
    window.files.take_dropped([str(tmp_path / name)])
    assert reason in answers.told[0]
    assert window.session.experiment is before


# large files


def large_experiment() -> Experiment:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(60_000, 2)).astype(np.float32)
    return Experiment(Dataset(points, np.arange(60_000) % 2, ("a", "b")))


def test_a_large_document_is_opened_and_saved_in_the_background(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    run = background.run

    def noted(parent: MainWindow, text: str, work: background.Work[object], *, can_cancel: bool = True) -> object:
        texts.append(text)
        return run(parent, text, work, can_cancel=can_cancel)

    monkeypatch.setattr(background, "run", noted)
    answers.path = str(tmp_path / "large.json")
    save(answers.path, large_experiment())
    do(window, Action.OPEN)
    assert window.session.experiment == large_experiment()
    window.session.edit(window.session.experiment.with_lane(0, TrainingConfig(seed=7)), Message("Seed"))
    do(window, Action.SAVE)
    assert texts == ["Opening large.json …", "Saving large.json …"]
    assert load(answers.path).lanes[0].seed == 7
    assert not window.isWindowModified()
    answers.path = str(tmp_path / "nowhere" / "large.json")
    do(window, Action.SAVE_AS)
    assert "could not be saved" in answers.told[0]


def slowly(seconds: float) -> Callable[[str], Opened]:
    def load_slowly(path: str) -> Opened:
        time.sleep(seconds)
        return open_document(path)

    return load_slowly


def test_what_is_drawn_while_a_document_is_opened_is_asked_about(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "other.json")
    save(path, Experiment(toy_datasets.make("xor", n_samples=20)))
    monkeypatch.setattr(document_files, "is_large", lambda _path: True)
    monkeypatch.setattr(document_files, "open_document", slowly(0.2))
    answers.changes = Answer.CANCEL
    QTimer.singleShot(50, lambda: draw(qtbot, window))
    window.files.take_dropped([path])
    assert answers.asked == ["Untitled"]
    assert len(window.session.experiment.dataset) > 60


def test_while_a_file_is_read_nothing_else_is_opened_and_the_window_can_be_closed(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "other.json")
    save(path, Experiment(toy_datasets.make("xor", n_samples=20)))
    monkeypatch.setattr(document_files, "is_large", lambda _path: True)
    monkeypatch.setattr(document_files, "open_document", slowly(0.3))
    before = window.session.experiment

    def close() -> None:
        do(window, Action.NEW)
        assert window.session.experiment is before
        assert not window.close(), "a box is open"
        window.files.asks = False
        assert window.close()

    QTimer.singleShot(50, close)
    window.files.take_dropped([path])
    assert not window.isVisible()
    assert window.session.experiment is before
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.findChildren(background.Task)
    assert not window.findChildren(QProgressDialog)


def test_an_import_of_many_rows_can_be_cancelled(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "many.csv")
    write_table(path, large_experiment().dataset)
    choose(monkeypatch)
    read = TableSource.read

    def read_and_cancel(self: TableSource, table_format: TableFormat, columns: Columns, **given: object) -> object:
        shares: list[float] = []

        def progress(share: float) -> None:
            shares.append(share)

        result = read(self, table_format, columns, progress=progress, is_cancelled=lambda: len(shares) >= 3)
        assert 0 < shares[0] < shares[1] < 1
        assert len(shares) == 3
        return result

    monkeypatch.setattr(TableSource, "read", read_and_cancel)
    before = window.session.experiment
    window.files.points.import_path(path)
    assert window.session.experiment is before
    assert answers.told == []


# recovery


def leave_behind(folder: Path, *names: str | None) -> None:
    folder.mkdir()
    for number, name in enumerate(names):
        dataset = toy_datasets.make("xor", n_samples=10 + number, seed=1)
        path = folder / f"99999-{number}.npz"
        write_recovery(path, Experiment(dataset), name and f"/somewhere/{name}.marz.json")
        os.utime(path, (1_700_000_000 + 60 * number,) * 2)


@pytest.fixture
def watched(window: MainWindow, tmp_path: Path) -> Recovery:
    recovery = Recovery(window.session, tmp_path / "recovery", window)
    window.files.watch(recovery)
    return recovery


def test_what_is_restored_has_its_path_is_modified_and_is_kept_further(
    qtbot: QtBot, window: MainWindow, answers: Answers, watched: Recovery, tmp_path: Path
) -> None:
    leave_behind(tmp_path / "recovery", "mine")
    answers.leftover = [Answer.RESTORE]
    window.files.rescue.offer(leftovers(tmp_path / "recovery"))
    assert len(window.session.experiment.dataset) == 10
    assert window.files.path == "/somewhere/mine.marz.json"
    assert window.isWindowModified()
    assert window.windowTitle() == "mine[*] — Marz"
    assert [path.suffix for path in sorted((tmp_path / "recovery").iterdir())] == [".lock", ".npz"]
    assert watched.path.exists()
    assert "“mine”" in answers.descriptions[0]
    assert "10 points in 2 classes" in answers.descriptions[0]
    answers.path = str(tmp_path / "mine.json")
    do(window, Action.SAVE_AS)
    assert not window.isWindowModified()
    assert not watched.path.exists()
    draw(qtbot, window)
    assert watched.path.exists()


def test_what_others_left_is_read_on_a_thread_of_its_own_and_offered_then(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_behind(tmp_path / "recovery", "mine")
    threads: list[bool] = []

    def read(folder: Path, tell: Callable[[Message], object]) -> list[Leftover]:
        threads.append(threading.current_thread() is threading.main_thread())
        tell(Message("One cannot be read."))
        return leftovers(folder, tell)

    monkeypatch.setattr(rescue, "leftovers", read)
    answers.leftover = [Answer.DISCARD]
    window.files.rescue.look(tmp_path / "recovery")
    assert answers.descriptions == []
    qtbot.waitUntil(lambda: answers.leftover == [], timeout=20_000)
    assert threads == [False]
    assert message(window) == "One cannot be read."
    assert list((tmp_path / "recovery").iterdir()) == []


def test_what_is_found_while_something_is_done_with_a_file_is_offered_afterwards(
    qtbot: QtBot, window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    leave_behind(tmp_path / "recovery", "mine")
    answers.leftover = [Answer.DISCARD]

    def open_a_file() -> None:
        window.files.rescue.offer(leftovers(tmp_path / "recovery"))
        QApplication.processEvents()
        assert answers.descriptions == []

    window.files._work.alone(open_a_file)()
    qtbot.waitUntil(lambda: answers.leftover == [], timeout=20_000)


def test_what_is_found_when_the_window_has_closed_stays_for_the_next_start(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    leave_behind(tmp_path / "recovery", "mine")
    found = leftovers(tmp_path / "recovery")
    window.close()
    window.files.rescue.offer(found)
    assert answers.descriptions == []
    (again,) = leftovers(tmp_path / "recovery")
    again.leave()


@pytest.mark.parametrize(("asks", "stays"), [(True, False), (False, True)])
def test_what_is_restored_stays_until_it_is_kept_anew_or_given_up(
    window: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: bool, stays: bool
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    window.files.watch(Recovery(window.session, tmp_path / "recovery", window))
    leave_behind(tmp_path / "recovery", "mine")
    monkeypatch.setattr(recovery, "write_recovery", full)
    answers.leftover, answers.changes = [Answer.RESTORE], Answer.DISCARD
    window.files.rescue.offer(leftovers(tmp_path / "recovery"))
    assert (tmp_path / "recovery" / "99999-0.npz").exists()
    assert leftovers(tmp_path / "recovery") == [], "it is this window's now"
    window.files.asks = asks
    window.close()
    left = leftovers(tmp_path / "recovery")
    assert len(left) == stays
    for leftover in left:
        leftover.leave()


def test_what_is_restored_is_let_go_as_soon_as_it_is_kept_anew(
    qtbot: QtBot,
    window: MainWindow,
    answers: Answers,
    watched: Recovery,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go = threading.Event()

    def write(path: Path, experiment: Experiment, document: str | None, weights: None, runs: None) -> None:
        assert go.wait(20)
        write_recovery(path, experiment, document, weights, runs)

    leave_behind(tmp_path / "recovery", "mine")
    monkeypatch.setattr(recovery, "write_recovery", write)
    answers.leftover = [Answer.RESTORE]
    window.files.rescue.offer(leftovers(tmp_path / "recovery"))
    left = tmp_path / "recovery" / "99999-0.npz"
    assert left.exists(), "one of both is there at every moment"
    go.set()
    qtbot.waitUntil(lambda: not left.exists(), timeout=20_000)
    assert watched.is_up_to_date


def test_several_are_offered_with_the_newest_first_until_one_is_restored(
    window: MainWindow, answers: Answers, watched: Recovery, tmp_path: Path
) -> None:
    leave_behind(tmp_path / "recovery", "old", "middle", "new", None)
    answers.leftover = [Answer.LATER, Answer.DISCARD, Answer.RESTORE]
    window.files.rescue.offer(leftovers(tmp_path / "recovery"))
    assert [text.split(",")[0] for text in answers.descriptions] == ["An untitled drawing", "“new”", "“middle”"]
    assert len(window.session.experiment.dataset) == 11
    left = leftovers(tmp_path / "recovery")
    assert [leftover.document for leftover in left] == [None, "/somewhere/old.marz.json"]
    assert "next start" in message(window)
    for leftover in left:
        leftover.leave()


def test_a_clean_exit_leaves_no_trace_and_ctrl_c_leaves_what_was_not_saved(
    qtbot: QtBot, window: MainWindow, answers: Answers, watched: Recovery, tmp_path: Path
) -> None:
    after = draw(qtbot, window)
    window.files.asks = False
    window.close()
    (found,) = leftovers(tmp_path / "recovery")
    assert found.experiment == after
    found.discard()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_within_the_question_of_closing_nothing_else_is_begun_and_ctrl_c_changes_no_answer(
    qtbot: QtBot,
    window: MainWindow,
    answers: Answers,
    watched: Recovery,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = draw(qtbot, window)

    def ask(*_: object) -> Answer:
        do(window, Action.NEW)
        assert window.session.experiment is after
        window.files.asks = False
        window.close()  # which Qt does not do within another close
        window.files.asks = True
        return Answer.DISCARD

    monkeypatch.setattr(questions, "ask_about_changes", ask)
    assert window.close()
    assert list((tmp_path / "recovery").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_in_the_terminal_takes_back_an_open_question_and_what_is_not_saved_stays_for_recovery(
    qtbot: QtBot, window: MainWindow, watched: Recovery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = signal.getsignal(signal.SIGINT)
    watch_signals(application, window)
    try:
        monkeypatch.setattr(questions, "ask_about_changes", ASK)
        after = draw(qtbot, window)
        QTimer.singleShot(200, lambda: signal.raise_signal(signal.SIGINT))
        assert not window.close(), "the question was taken back"
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=5000)
        assert window.files.asks
    finally:
        signal.signal(signal.SIGINT, before)
    (found,) = leftovers(tmp_path / "recovery")
    assert found.experiment == after
    found.discard()


def test_that_a_window_does_not_close_yet_is_said(window: MainWindow, answers: Answers) -> None:
    def close(*_: object) -> None:
        assert not window.close()
        assert "close the window when" in message(window)

    window.files._work.alone(close)()
    assert window.isVisible()
    assert window.close()


@pytest.mark.parametrize("answer", [Answer.SAVE, Answer.DISCARD])
def test_a_window_that_asked_leaves_nothing_to_recover(
    qtbot: QtBot, window: MainWindow, answers: Answers, watched: Recovery, tmp_path: Path, answer: Answer
) -> None:
    draw(qtbot, window)
    answers.changes, answers.path = answer, str(tmp_path / "mine.json")
    assert window.close()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_that_nothing_can_be_kept_is_said_once_in_the_status_bar(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "occupied").touch()
    window.files.watch(Recovery(window.session, tmp_path / "occupied" / "recovery", window))
    draw(qtbot, window)
    qtbot.waitUntil(lambda: "not kept" in message(window), timeout=20_000)
    window.status_bar.clearMessage()
    draw(qtbot, window)
    assert message(window) == ""


def test_an_error_becomes_a_sentence_and_a_box_is_no_markup(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxes, "tell", TELL)
    assert FileWork(window).result("Title", "", failing, is_long=False) is None
    (box,) = window.findChildren(QMessageBox)
    assert (box.text(), box.textFormat()) == ("It <b>failed</b>.", Qt.TextFormat.PlainText)
    box.close()


def failing(*_: object) -> int:
    raise InputError("it <b>failed</b>.")


# what is remembered, and files that are dragged over the real window


def test_tool_options_are_remembered_and_bad_ones_are_as_usual(qtbot: QtBot, window: MainWindow) -> None:
    usual = window.canvas.hand.options
    window.workbench.options_changed.emit(replace(usual, rate=321.0))
    assert Preferences().tool_options["rate"] == 321.0
    Preferences().tool_options = {"rate": 123.0, "strength": -5.0, "spread": "sideways", "unknown": 1.0}
    other = MainWindow(window.session, TrainingThread(), Preferences())
    qtbot.addWidget(other)
    assert other.canvas.hand.options == replace(usual, rate=123.0)


@pytest.mark.parametrize("part", ["canvas", "loss_plot", "control_panel", "window"])
def test_a_file_can_be_dropped_on_every_part_of_the_window(window: MainWindow, part: str) -> None:
    target = window if part == "window" else getattr(window, part)
    for inner in [target, *target.findChildren(QGraphicsView)]:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile("/tmp/cells.csv")])
        enter = QDragEnterEvent(
            inner.rect().center(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
        )
        QApplication.sendEvent(getattr(inner, "viewport", lambda inner=inner: inner)(), enter)
        veil = window.findChild(QWidget, "drop_veil")
        assert isinstance(veil, QWidget)
        assert enter.isAccepted()
        assert veil.isVisible()
        QApplication.sendEvent(window, QDragLeaveEvent())
        assert not veil.isVisible()


# changes on disk


@pytest.fixture
def opened(window: MainWindow, answers: Answers, tmp_path: Path) -> Path:
    """A document that is open, as it is in its file."""
    path = tmp_path / "fruit.marz.json"
    save(path, small_experiment(30))
    answers.path = str(path)
    do(window, Action.OPEN)
    return path


def come_back(window: MainWindow) -> None:
    """What the window hears when one returns from another."""
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    for task in window.findChildren(background.Task):
        assert task.wait(20_000)
    QCoreApplication.sendPostedEvents()


def test_what_another_window_has_saved_is_not_overwritten_without_a_question(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    draw(qtbot, window)
    save(opened, small_experiment(50))
    answers.on_disk = Answer.CANCEL
    do(window, Action.SAVE)
    assert answers.asked == ["Somebody else has changed “fruit.marz.json” since this window read or saved it."]
    assert load(opened) == small_experiment(50)
    assert window.isWindowModified()


def test_it_can_be_overwritten_and_is_then_ones_own(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    drawn = draw(qtbot, window)
    save(opened, small_experiment(50))
    answers.on_disk = Answer.OVERWRITE
    do(window, Action.SAVE)
    assert load(opened) == drawn
    answers.on_disk = None
    later = draw(qtbot, window)
    do(window, Action.SAVE)
    assert load(opened) == later


def test_both_can_be_kept_by_saving_as(qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path) -> None:
    drawn = draw(qtbot, window)
    save(opened, small_experiment(50))
    answers.on_disk, answers.path = Answer.SAVE_AS, str(opened.with_name("mine.json"))
    do(window, Action.SAVE)
    assert load(opened) == small_experiment(50)
    assert load(answers.path) == drawn
    assert window.files.path == answers.path
    assert not window.isWindowModified()


def test_the_file_can_be_taken_over_and_undo_brings_back_what_was_here(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    drawn = draw(qtbot, window)
    save(opened, small_experiment(50))
    answers.on_disk = Answer.RELOAD
    do(window, Action.SAVE)
    assert window.session.experiment == small_experiment(50)
    assert not window.isWindowModified()
    do(window, Action.UNDO)
    assert window.session.experiment is drawn
    assert window.isWindowModified()


def test_closing_stays_where_the_answer_is_not_to_save(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    draw(qtbot, window)
    save(opened, small_experiment(50))
    answers.changes, answers.on_disk = Answer.SAVE, Answer.CANCEL
    assert not window.close()
    assert load(opened) == small_experiment(50)


def test_a_file_that_is_gone_is_written_again_and_that_is_told(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    drawn = draw(qtbot, window)
    opened.unlink()
    do(window, Action.SAVE)
    assert load(opened) == drawn
    assert "which was gone" in message(window)


def test_a_folder_in_its_place_leads_to_another_name(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    drawn = draw(qtbot, window)
    opened.unlink()
    opened.mkdir()
    answers.on_disk, answers.path = Answer.SAVE_AS, str(opened.with_name("mine.json"))
    do(window, Action.SAVE)
    assert load(answers.path) == drawn
    assert opened.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_no_other_window_saves_between_the_look_at_the_file_and_the_save(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, others = fingerprint(str(opened)), list[tuple[bool, Change]]()

    def save_elsewhere() -> None:
        """As another window does."""
        with held(opened, 20) as is_held:
            others.append((is_held, change_of(str(opened), before)))

    other = threading.Thread(target=save_elsewhere)

    def save_slowly(path: str, experiment: Experiment, *_kept: object) -> None:
        other.start()
        with held(opened, 0) as is_held:
            assert not is_held, "this window has looked and is about to save"
        save(path, experiment)

    drawn = draw(qtbot, window)
    monkeypatch.setattr(document_files, "save", save_slowly)
    do(window, Action.SAVE)
    other.join(20)
    assert load(opened) == drawn
    assert others == [(True, Change.CONTENT)], "the other one hears of it before it saves"


def test_a_file_that_something_else_holds_for_ever_is_saved_all_the_same(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path
) -> None:
    drawn = draw(qtbot, window)
    with held(opened, 0):
        do(window, Action.SAVE)
    assert load(opened) == drawn


@pytest.mark.parametrize("size", [documents.LARGE_FILE, 0])
def test_one_who_comes_back_to_the_window_is_told_of_a_change_once(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGE_FILE", size)
    window.status_bar.clearMessage()
    come_back(window)
    assert message(window) == ""
    save(opened, small_experiment(50))
    come_back(window)
    assert "changed “fruit.marz.json”" in message(window)
    assert "Reload" in message(window)
    window.status_bar.clearMessage()
    come_back(window)
    assert message(window) == ""
    do(window, Action.RELOAD)
    assert window.session.experiment == small_experiment(50)
    window.status_bar.clearMessage()
    come_back(window)
    assert message(window) == ""
    opened.unlink()
    come_back(window)
    assert "gone" in message(window)


def test_there_is_nothing_to_reload_without_a_file(window: MainWindow, opened: Path) -> None:
    assert window.actions_by_name[Action.RELOAD].isEnabled()
    do(window, Action.NEW)
    assert not window.actions_by_name[Action.RELOAD].isEnabled()


def test_what_is_restored_while_its_file_is_away_does_not_overwrite_what_comes_there(
    window: MainWindow, answers: Answers, watched: Recovery, tmp_path: Path
) -> None:
    path, folder = tmp_path / "fruit.marz.json", tmp_path / "left"
    folder.mkdir()
    write_recovery(folder / "99999-0.npz", small_experiment(40), str(path))
    answers.leftover = [Answer.RESTORE]
    window.files.rescue.offer(leftovers(folder))
    save(path, small_experiment(50))
    answers.on_disk = Answer.CANCEL
    do(window, Action.SAVE)
    assert load(path) == small_experiment(50)
    path.unlink()
    answers.on_disk = None
    do(window, Action.SAVE)
    assert load(path) == small_experiment(40)
    assert "which was gone" in message(window)


def test_a_folder_that_cannot_be_entered_is_told(
    qtbot: QtBot, window: MainWindow, answers: Answers, opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(qtbot, window)

    def stat(path: Path, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    answers.on_disk, answers.path = Answer.SAVE_AS, str(opened)
    with monkeypatch.context() as locked:
        locked.setattr(Path, "stat", stat)
        do(window, Action.SAVE)
    assert any("could not be saved: Permission denied" in told for told in answers.told), answers.told
    assert window.isWindowModified()


def test_what_is_restored_does_not_overwrite_a_later_save(
    window: MainWindow, answers: Answers, watched: Recovery, opened: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    write_recovery(folder / "99999-0.npz", small_experiment(40), str(opened))
    os.utime(folder / "99999-0.npz", (1_700_000_000,) * 2)
    answers.leftover = [Answer.RESTORE]
    window.files.rescue.offer(leftovers(folder))
    answers.on_disk = Answer.CANCEL
    do(window, Action.SAVE)
    assert load(opened) == small_experiment(30)


@pytest.mark.parametrize("answer", [Answer.SAVE_AS, Answer.OVERWRITE, Answer.RELOAD, Answer.CANCEL])
def test_the_box_about_a_changed_file_has_a_button_for_each_way(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    texts = {Answer.SAVE_AS: "Save &As …", Answer.OVERWRITE: "&Overwrite", Answer.RELOAD: "&Reload"}

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        buttons = {button.text(): button for button in box.buttons()}
        assert set(texts.values()) | {"Cancel"} == set(buttons)
        assert box.defaultButton().text() == "Save &As …"
        buttons[texts.get(answer, "Cancel")].click()

    QTimer.singleShot(50, press)
    ask = ASK_ON_DISK
    assert ask(window, "It changed.", can_overwrite=True, can_reload=True) is answer


@pytest.mark.parametrize("purpose", ["open", "import", "export"])
def test_dialogs_begin_among_the_users_files_and_never_beside_the_program(
    window: MainWindow, answers: Answers, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    answers.path = ""
    for name in (purpose, "save_as"):
        do(window, name)
        folder = Path(answers.proposal) if name in ("open", "import") else Path(answers.proposal).parent
        assert folder.is_absolute()
        assert folder.is_dir()
        assert not folder.is_relative_to(Path.cwd())
