"""Runs in documents: saved, opened, reloaded, damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.messages import message
from gui.actions import Action
from gui.files import questions
from gui.files.questions import Answer
from gui.files.recovery import Recovery, leftovers
from gui.main_window import MainWindow
from tests.gui.conftest import small_experiment
from tests.gui.files.test_kept_weights import do, wait


def rows(window: MainWindow) -> list[tuple[tuple[int, int], int]]:
    session = window.session
    return [(found.key, found.epochs) for found in session.runs.of(session.document).shown]


def test_runs_are_saved_and_come_back_and_that_under_way_goes_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session = tmp_path / "lesson.json", window.session
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    do(window, Action.KEEP_WEIGHTS)
    session.train(6)
    wait(qtbot, window, 6)
    session.reset()
    wait(qtbot, window, 0)
    session.train(4)
    wait(qtbot, window, 4)
    (first, _) = session.runs.of(session.document).shown
    assert first.thumbnail is not None
    noted = session.document.runs.notes.named((1, 0), "before").with_marks([(2, 0)], is_marked=True)
    session.edit(session.experiment, message("Note"), notes=noted)
    assert window.isWindowModified()
    do(window, Action.SAVE)
    assert not window.isWindowModified()

    do(window, Action.NEW)
    assert rows(window) == []
    window.files.open_path(str(path))
    wait(qtbot, window, 4)
    assert rows(window) == [((1, 0), 6), ((2, 0), 4)]
    assert session.document.runs.notes == noted
    assert not window.isWindowModified()
    session.train(5)
    wait(qtbot, window, 5)
    assert rows(window) == [((1, 0), 6), ((2, 0), 5)], "the run that the networks of the file are of"
    session.reset()
    wait(qtbot, window, 0)
    session.train(2)
    wait(qtbot, window, 2)
    do(window, Action.RELOAD)
    wait(qtbot, window, 4)
    assert rows(window)[:3] == [((1, 0), 6), ((2, 0), 5), ((3, 0), 2)], "what was trained here stays"

    table = json.loads(path.read_text())
    table["runs"]["records"][0]["config"] = {"of a later version": 1}
    path.write_text(json.dumps(table))
    do(window, Action.NEW)
    window.files.open_path(str(path))
    assert "1 run in it cannot be read and is left out." in window.status_bar.words
    assert [key for key, _ in rows(window)] == [(2, 0)]
    assert len(session.experiment.dataset) > 0


def test_after_a_crash_the_runs_of_unsaved_work_come_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, recovery = window.session, Recovery(window.session, tmp_path / "recovery")
    session.train(3)
    wait(qtbot, window, 3)
    session.edit(small_experiment(30, 3), message("Draw"))
    wait(qtbot, window, 0)
    session.edit(session.experiment, message("Name"), notes=session.document.runs.notes.named((1, 0), "first"))
    assert recovery.flush()
    saved = recovery.path.read_bytes()
    recovery.end(keeps=False)

    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "99999-0.npz").write_bytes(saved)
    (found,) = leftovers(tmp_path / "left")
    assert ([record.key for record in found.runs.records], found.runs.notes.names) == ([(1, 0)], {(1, 0): "first"})
    monkeypatch.setattr(questions, "ask_about_leftover", lambda *_: Answer.RESTORE)
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    window.files.rescue.offer([found])
    assert rows(window) == [((1, 0), 3)]
    assert session.document.runs.notes.names == {(1, 0): "first"}
    found.leave()
