"""Documents that keep the trained network: saved, opened, reloaded, damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, load, load_whole
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.messages import message
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.files import kept_weights, questions
from gui.files.documents import open_document
from gui.files.questions import Answer
from gui.files.recovery import Recovery, leftovers
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
    asked: list[tuple[object, ...]] = []

    def ask(*about: object) -> Answer:
        asked.append(about)
        return Answer.DISCARD

    monkeypatch.setattr(questions, "ask_about_changes", ask)
    session.train(12)
    curves = wait(qtbot, window, 12)
    do(window, Action.SAVE)
    assert "the trained network is not kept" in window.status_bar.words
    assert load_whole(path)[1] is None
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
    assert window.isWindowModified(), "the file has those of epoch 12"

    do(window, Action.NEW)
    assert asked == [(window, "lesson", True)]
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
    assert not window.isWindowModified()
    do(window, Action.UNDO)
    assert wait(qtbot, window, 20) == longer
    assert window.isWindowModified()

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


def test_training_beyond_the_file_is_asked_about_and_marked_once(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session, answers = str(tmp_path / "lesson.json"), window.session, iter([Answer.CANCEL, Answer.SAVE])
    asked: list[object] = []

    def ask(_window: object, _name: str, is_training: bool) -> Answer:
        asked.append(is_training)
        return next(answers)

    monkeypatch.setattr(questions, "ask_save_path", lambda *_: path)
    monkeypatch.setattr(questions, "ask_about_changes", ask)
    do(window, Action.KEEP_WEIGHTS)
    do(window, Action.SAVE)
    assert not window.isWindowModified()
    notices: list[bool] = []
    session.document_changed.connect(lambda: notices.append(window.isWindowModified()))
    session.train(30)
    wait(qtbot, window, 30)
    assert notices == [True], "however many epochs there were"
    do(window, Action.NEW)
    assert session.document.path == path
    do(window, Action.NEW)
    assert asked == [True, True]
    assert session.document.path is None
    assert '"epochs":30' in Path(path).read_text()

    window.files.open_path(path)
    wait(qtbot, window, 30)
    do(window, Action.RESET)
    wait(qtbot, window, 0)
    assert not window.isWindowModified(), "there is nothing to lose"
    do(window, Action.UNDO)
    wait(qtbot, window, 30)
    assert not window.isWindowModified(), "it is as it was saved"
    window.files.use_file(open_document(path))
    wait(qtbot, window, 30)
    assert not window.isWindowModified(), "as when it is named on the command line"
    do(window, Action.NEW)
    assert session.document.path is None


def test_a_trained_network_in_a_file_is_not_overwritten_by_none_without_a_question(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session, asked = tmp_path / "lesson.json", window.session, list[str]()
    answers = iter([Answer.CANCEL, Answer.OVERWRITE])

    def ask(_window: object, sentence: str, **_: object) -> Answer:
        asked.append(sentence)
        return next(answers)

    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    monkeypatch.setattr(questions, "ask_about_change_on_disk", ask)
    do(window, Action.KEEP_WEIGHTS)
    session.train(3)
    wait(qtbot, window, 3)
    do(window, Action.SAVE)
    do(window, Action.RESET)
    wait(qtbot, window, 0)
    do(window, Action.SAVE)
    assert asked == ["The file holds a trained network; the one here is not trained."]
    assert '"epochs":3' in path.read_text()
    do(window, Action.SAVE)
    assert load_whole(path)[1] == []
    do(window, Action.SAVE)
    assert len(asked) == 2, "there is nothing to lose any more"
    window.files.open_path(str(path))
    assert session.document.keeps_weights, "the choice is in the file, too"


def test_undo_of_reload_brings_back_whether_weights_are_kept(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session, switch = tmp_path / "lesson.json", window.session, window.actions_by_name[Action.KEEP_WEIGHTS]
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    do(window, Action.SAVE)
    do(window, Action.KEEP_WEIGHTS)
    do(window, Action.RELOAD)
    assert not switch.isChecked()
    assert not window.isWindowModified()
    do(window, Action.UNDO)
    assert switch.isChecked()
    assert window.isWindowModified()
    do(window, Action.REDO)
    assert not switch.isChecked()
    do(window, Action.KEEP_WEIGHTS)
    session.edit(small_experiment(30), message("Draw"))
    do(window, Action.UNDO)
    assert switch.isChecked(), "other steps leave the choice alone"
    do(window, Action.REDO)
    session.undo_stack.setIndex(0)
    assert switch.isChecked()


def restore(window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take up the only unsaved work that lies in a folder."""
    monkeypatch.setattr(questions, "ask_about_leftover", lambda *_: Answer.RESTORE)
    window.files.rescue.offer(leftovers(folder))


def test_after_a_crash_the_trained_network_and_the_choice_to_keep_it_come_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session = tmp_path / "lesson.json", window.session
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    monkeypatch.setattr(kept_weights, "RECENT_MILLISECONDS", 10)
    recovery = Recovery(session, tmp_path / "recovery", window)
    window.files.watch(recovery)
    do(window, Action.KEEP_WEIGHTS)
    assert recovery.flush()
    assert read_recovery(recovery.path)[2] == [], "the choice is kept before anything is trained"
    session.train(12)
    wait(qtbot, window, 12)
    do(window, Action.SAVE)
    session.train(20)
    curves = wait(qtbot, window, 20)

    def is_kept() -> bool:
        memory = recovery.weights.of(session.state)
        return bool(memory) and memory[0].network.epochs == 20 and recovery.is_up_to_date

    qtbot.waitUntil(is_kept, timeout=20_000)
    assert session.sight.attention.questions == ()
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "99999-0.npz").write_bytes(recovery.path.read_bytes())
    do(window, Action.NEW)
    assert not recovery.path.exists()

    restore(window, tmp_path / "left", monkeypatch)
    assert wait(qtbot, window, 20) == curves
    assert session.document.keeps_weights
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: recovery.is_up_to_date, timeout=20_000)
    assert len(str(read_recovery(recovery.path)[2])) > 1000
    do(window, Action.SAVE)
    assert '"epochs":20' in path.read_text()
    assert not window.isWindowModified()


def test_what_is_restored_never_drops_the_weights_in_its_file_unasked(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, session, asked = tmp_path / "lesson.json", window.session, list[str]()

    def ask(_window: object, sentence: str, **_: object) -> Answer:
        asked.append(sentence)
        return Answer.CANCEL

    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    monkeypatch.setattr(questions, "ask_about_changes", lambda *_: Answer.DISCARD)
    monkeypatch.setattr(questions, "ask_about_change_on_disk", ask)
    do(window, Action.KEEP_WEIGHTS)
    session.train(12)
    wait(qtbot, window, 12)
    do(window, Action.SAVE)
    experiment, content = session.experiment, path.read_text()

    def crash(left: Experiment) -> None:
        """As a version did that kept no weights."""
        folder = tmp_path / f"left {len(asked)}"
        folder.mkdir()
        write_recovery(folder / "99999-0.npz", left, str(path))
        restore(window, folder, monkeypatch)

    crash(experiment.with_lane(0, replace(experiment.lanes[0], hidden_layers=(4,))))
    wait(qtbot, window, 0)
    assert session.document.keeps_weights
    do(window, Action.SAVE)
    session.train(2)
    wait(qtbot, window, 2)
    do(window, Action.SAVE)
    assert [sentence.split(";")[0] for sentence in asked] == [
        "The file holds a trained network",
        "The file holds another trained network than the one here.",
    ]
    assert path.read_text() == content

    more = experiment.with_lane(0, replace(experiment.lanes[0], learning_rate=0.5))
    crash(more)
    wait(qtbot, window, 12)
    do(window, Action.SAVE)
    assert len(asked) == 2
    assert load(path) == more
    assert '"epochs":12' in path.read_text()


def test_large_networks_do_not_slow_recovery_down(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_weights, "MAX_RUN_BYTES", 10)
    recovery, session = Recovery(window.session, tmp_path / "recovery", window), window.session
    do(window, Action.KEEP_WEIGHTS)
    session.train(3)
    wait(qtbot, window, 3)
    recovery.weights._ask()
    assert session.sight.attention.questions == ()
    monkeypatch.undo()
    recovery.weights._ask()
    assert session.sight.attention.questions != ()
    recovery.end(keeps=False)
