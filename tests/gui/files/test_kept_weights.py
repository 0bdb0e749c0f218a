"""Documents that keep the trained network: saved, opened, reloaded, damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment import load, load_with_weights
from engine.messages import message
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.files import kept_weights, questions
from gui.files.questions import Answer
from gui.main_window import MainWindow
from tests.gui.conftest import small_experiment, wait_for_state


def do(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def wait(qtbot: QtBot, window: MainWindow, epochs: int) -> bytes:
    """Until the current run is paused after so many epochs; its curves."""
    session = window.session

    def is_there() -> bool:
        lanes = session.snapshot.lanes
        return session.snapshot.run_id == session.run_id and bool(lanes) and lanes[0].epochs == epochs

    qtbot.waitUntil(is_there, timeout=20_000)
    wait_for_state(qtbot, window, RunState.PAUSED if epochs else RunState.READY)
    return session.snapshot.lanes[0].history.tobytes()


def test_a_document_that_keeps_weights_shows_the_trained_network_when_it_is_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session, switch = str(tmp_path / "lesson.json"), window.session, window.actions_by_name[Action.KEEP_WEIGHTS]
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: path)
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    session.train(12)
    curves = wait(qtbot, window, 12)
    do(window, Action.SAVE)
    assert "the trained network is not kept" in window.status_bar.words
    assert load_with_weights(path)[1] is None
    assert not switch.isChecked()

    assert not session.state.is_modified
    for is_modified in (True, False, True):  # with what was chosen the file would be another
        do(window, Action.KEEP_WEIGHTS)
        assert session.state.is_modified is window.isWindowModified() is is_modified
    assert "trained network" in window.status_bar.words
    assert "trained network" in window.actions_by_name[Action.SAVE].statusTip()
    do(window, Action.SAVE)
    assert window.status_bar.words.endswith("points, settings and the trained network with its curves.")
    assert not window.isWindowModified()
    assert Path(path).stat().st_size < 40_000
    session.train(20)
    longer = wait(qtbot, window, 20)

    do(window, Action.NEW)
    assert not switch.isChecked()
    window.files.open_path(path)
    assert "trained to epoch 12" in window.status_bar.words
    assert wait(qtbot, window, 12) == curves
    assert switch.isChecked()
    assert not window.isWindowModified()
    session.train(20)
    assert wait(qtbot, window, 20) == longer, "and goes on as if it had not been closed"
    do(window, Action.RELOAD)
    assert wait(qtbot, window, 12) == curves
    do(window, Action.UNDO)
    assert wait(qtbot, window, 20) == longer

    session.visit(small_experiment(30, 3), message("Visit"))  # it lies behind, and its run was left
    wait(qtbot, window, 0)
    behind = session.document.behind
    assert behind is not None
    assert window.files.documents.save(behind)
    assert '"epochs":20' in Path(path).read_text()


def test_weights_that_are_damaged_or_not_to_be_had_do_not_stand_in_the_way(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session = tmp_path / "lesson.json", window.session
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    do(window, Action.KEEP_WEIGHTS)
    do(window, Action.SAVE)
    assert window.status_bar.words.endswith("lesson.json."), "there is nothing to keep yet"
    session.train(3)
    wait(qtbot, window, 3)
    do(window, Action.SAVE)
    path.write_text(path.read_text().replace('"parameters":"', '"parameters":"AAAA'))
    window.files.open_path(str(path))
    wait(qtbot, window, 0)
    assert "training begins anew. The weights in it are not used: “parameters”" in window.status_bar.words
    assert session.experiment == load(path)

    session.train(3)
    wait(qtbot, window, 3)
    monkeypatch.setattr(kept_weights, "PATIENCE", 0.01)
    monkeypatch.setattr(session.sight, "ask", lambda *_, **__: None)
    content, answers = path.read_text(), iter([Answer.CANCEL, Answer.OVERWRITE, Answer.SAVE_AS])
    monkeypatch.setattr(questions, "ask_about_change_on_disk", lambda *_, **__: next(answers))
    do(window, Action.SAVE)
    assert path.read_text() == content, "the weights in the file are not lost without a question"
    do(window, Action.SAVE)
    assert window.status_bar.words.endswith("The weights could not be kept: the engine does not answer.")
    content = path.read_text()
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(tmp_path / "other.json"))
    do(window, Action.SAVE)
    assert path.read_text() == content
    assert load(tmp_path / "other.json") == session.experiment
    assert session.experiment == load(path)
    monkeypatch.undo()
    other = replace(session.state, experiment=small_experiment(31))
    other.document.keeps_weights = True
    memory, reason = window.files.documents._weights.of(other)
    assert memory == ()
    assert "other points or settings" in str(reason)
