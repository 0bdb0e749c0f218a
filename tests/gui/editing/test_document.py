"""A ready-made experiment never takes the name of the document that was open, and leaving it brings that back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.config import Activation, Initialization
from engine.experiment import Experiment, load, save
from gui.actions import Action
from gui.editing.history import forget_oldest
from gui.files.questions import Answer
from gui.files.recovery import Recovery, leftovers
from gui.main_window import MainWindow
from tests.gui.conftest import small_experiment
from tests.gui.files.test_file_actions import Answers, answers, do, draw, window

__all__ = ["answers", "window"]  # fixtures


def twenty_layers(window: MainWindow) -> None:
    do(window, "vanishing_lab")


def course_table(window: MainWindow) -> None:
    do(window, "course_lab")


def a_cell(window: MainWindow) -> None:
    window.laboratory.matrix_window.cell_chosen.emit(Activation.ELU, Initialization.HE_NORMAL)


READY_MADE = pytest.mark.parametrize("visit", [twenty_layers, course_table, a_cell])
Visit = Callable[[MainWindow], None]


@pytest.fixture
def fruit(window: MainWindow, answers: Answers, tmp_path: Path) -> Path:
    """A document that is open, as it is in its file."""
    path = tmp_path / "fruit.marz.json"
    save(path, small_experiment(30))
    answers.path = str(path)
    do(window, Action.OPEN)
    return path


@READY_MADE
def test_a_ready_made_experiment_is_untitled_and_saving_asks_for_a_name(
    window: MainWindow, answers: Answers, fruit: Path, visit: Visit
) -> None:
    before = fruit.read_bytes()
    visit(window)
    assert window.session.experiment != small_experiment(30)
    assert window.windowTitle() == "Untitled[*] — Marz"
    assert window.windowFilePath() == ""
    assert not window.isWindowModified(), "it can be had again at any time"
    answers.path = str(fruit.with_name("lab.json"))
    do(window, Action.SAVE)
    assert fruit.read_bytes() == before
    assert load(fruit.with_name("lab.json")) == window.session.experiment
    assert window.windowTitle() == "lab[*] — Marz"


@READY_MADE
@pytest.mark.parametrize("leave", ["undo", "back"])
def test_leaving_it_brings_the_document_back_with_its_path_state_and_history(
    qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path, visit: Visit, leave: str
) -> None:
    opened = window.session.experiment
    drawn = draw(qtbot, window)
    visit(window)
    do(window, leave)
    assert window.session.experiment is drawn
    assert window.windowTitle() == "fruit[*] — Marz"
    assert window.isWindowModified()
    do(window, Action.UNDO)
    assert window.session.experiment is opened
    assert not window.isWindowModified()
    do(window, Action.REDO)
    do(window, Action.REDO)
    assert window.windowTitle() == "Untitled[*] — Marz"
    do(window, Action.UNDO)
    do(window, Action.SAVE)
    assert load(fruit) == drawn
    assert not answers.asked


def test_a_name_that_was_given_there_does_not_come_along(
    window: MainWindow, answers: Answers, fruit: Path, tmp_path: Path
) -> None:
    twenty_layers(window)
    answers.path = str(tmp_path / "lab.json")
    do(window, Action.SAVE)
    do(window, Action.UNDO)
    assert window.files.path == str(fruit)
    assert not window.isWindowModified(), "it is as it was opened, whatever else was saved since"
    do(window, Action.REDO)
    assert window.files.path == str(tmp_path / "lab.json")
    assert not window.isWindowModified()


def test_unsaved_work_behind_a_ready_made_experiment_is_asked_for_at_the_end(
    qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path
) -> None:
    drawn = draw(qtbot, window)
    twenty_layers(window)
    answers.changes = Answer.CANCEL
    assert not window.close()
    assert answers.asked == ["fruit"]
    answers.changes = Answer.SAVE
    assert window.close()
    assert load(fruit) == drawn


@pytest.mark.parametrize("name", ["new", "open"])
def test_and_by_whatever_else_would_take_it_away(
    qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path, name: str
) -> None:
    drawn = draw(qtbot, window)
    course_table(window)
    answers.changes = Answer.CANCEL
    do(window, name)
    assert answers.asked == ["fruit"]
    do(window, Action.UNDO)
    assert window.session.experiment is drawn


def test_each_of_several_unsaved_documents_is_asked_for(
    qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path
) -> None:
    draw(qtbot, window)
    twenty_layers(window)
    draw(qtbot, window)
    course_table(window)
    answers.changes = Answer.DISCARD
    assert window.close()
    assert answers.asked == ["fruit", "Untitled"]


def test_from_one_that_is_untouched_back_leads_to_what_was_there_before_it(
    window: MainWindow, answers: Answers, fruit: Path
) -> None:
    twenty_layers(window)
    course_table(window)
    assert window.actions_by_name[Action.BACK].text() == "&Back to “fruit”"
    do(window, Action.BACK)
    assert window.files.path == str(fruit)
    assert not window.actions_by_name[Action.BACK].isVisible()
    assert window.session.undo_stack.index() == 0


def test_back_asks_for_what_was_drawn_there(qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path) -> None:
    twenty_layers(window)
    drawn = draw(qtbot, window)
    answers.changes = Answer.CANCEL
    do(window, Action.BACK)
    assert window.session.experiment is drawn
    assert answers.asked == ["Untitled"]
    answers.changes = Answer.DISCARD
    do(window, Action.BACK)
    assert window.files.path == str(fruit)


def test_the_document_is_there_when_the_step_that_led_away_is_forgotten(
    qtbot: QtBot, window: MainWindow, answers: Answers, fruit: Path
) -> None:
    drawn = draw(qtbot, window)
    twenty_layers(window)
    answers.changes = Answer.DISCARD
    draw(qtbot, window)
    forget_oldest(window.session.undo_stack, 1)
    assert window.session.undo_stack.count() == 1
    do(window, Action.BACK)
    assert window.session.experiment is drawn
    assert window.files.path == str(fruit)
    do(window, Action.UNDO)
    assert window.files.path is None


def test_a_kill_loses_neither_the_ready_made_experiment_nor_what_is_behind_it(
    qtbot: QtBot, window: MainWindow, fruit: Path, tmp_path: Path
) -> None:
    recovery = Recovery(window.session, tmp_path / "recovery", window)
    window.files.watch(recovery)
    behind = draw(qtbot, window)
    twenty_layers(window)
    assert kept(tmp_path) == [(behind, str(fruit))]
    here = draw(qtbot, window)
    assert kept(tmp_path) == [(behind, str(fruit)), (here, None)]
    do(window, Action.UNDO)
    do(window, Action.UNDO)
    assert kept(tmp_path) == [(behind, str(fruit))]
    do(window, Action.UNDO)
    assert kept(tmp_path) == []


def kept(folder: Path) -> list[tuple[Experiment, str | None]]:
    """What another process would find if this one were killed now; the documents with a path first."""
    copy = folder / "copy"
    copy.mkdir()
    for path in (folder / "recovery").glob("*.npz"):
        (copy / path.name).write_bytes(path.read_bytes())
    found = leftovers(copy)
    content = sorted(((left.experiment, left.document) for left in found), key=lambda pair: pair[1] is None)
    for leftover in found:
        leftover.discard()
    for path in copy.iterdir():
        path.unlink()
    copy.rmdir()
    return content


def test_lanes_and_samples_are_edits_of_the_document_itself(window: MainWindow, fruit: Path) -> None:
    for name in ("compare_activations", "duplicate_lane", "remove_lane"):
        do(window, name)
        assert window.files.path == str(fruit)
    assert window.isWindowModified()
