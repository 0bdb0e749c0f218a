"""The result of the test, asked for in the real window: what is shown, and that every look is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine.data.shares import Role, roles_of, shares_of
from engine.experiment import Experiment, load
from engine.insight.revealed import REVEALED, Revealed
from engine.learning.metrics import Metrics, wilson
from gui.actions import Action
from gui.dialogs.reveal import result_of, reveal_text
from gui.files import questions
from gui.main_window import MainWindow
from tests.engine.run.test_best import DATASET, OVERFITS
from tests.gui.conftest import MakeWindow
from tests.gui.snapshots import make_lane

TESTED = replace(OVERFITS, test_fraction=0.25)


def told(qtbot: QtBot, window: MainWindow) -> str:
    """What a click on the action leads to."""
    window.actions_by_name[Action.REVEAL_TEST].trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=20_000)
    (box,) = window.findChildren(QMessageBox)
    text = box.text()
    box.done(0)
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox), timeout=20_000)
    return text


def test_each_look_is_shown_with_its_interval_and_counted_whatever_is_undone(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(Experiment(DATASET, (OVERFITS, replace(OVERFITS, learning_rate=0.01))))
    session, action = window.session, window.actions_by_name[Action.REVEAL_TEST]
    assert not action.isEnabled()
    assert action.statusTip().startswith("No points are kept back for a test")
    note = window.workbench.tool_options._note
    assert "test" not in note.text()
    window.control_panel.config_chosen.emit(TESTED)  # of all lanes
    assert {lane.test_fraction for lane in session.experiment.lanes} == {0.25}
    assert note.text().endswith("◉ test")
    qtbot.waitUntil(lambda: session.snapshot.run_id == session.run_id and bool(session.snapshot.lanes), timeout=20_000)
    session.train(15)
    qtbot.waitUntil(lambda: min(lane.epochs for lane in session.snapshot.lanes) == 15, timeout=20_000)
    n_points = int((roles_of(DATASET.serials, shares_of(TESTED)) == Role.TEST).sum())

    text = told(qtbot, window)
    assert text.startswith(f"{n_points} points kept back for the test:\n\nLane 1: accuracy ")
    assert text.count("after epoch 15") == 2
    assert text.endswith("This was the first look: the test was unseen.")
    share = float(re.findall(r"accuracy ([\d.]+) %", text)[0]) / 100
    low, high = wilson(round(share * n_points), n_points)
    assert f"(95 %: {100 * low:.1f} % to {100 * high:.1f} %)" in text
    assert REVEALED not in session.sight.attention.wanted

    session.undo_stack.undo()  # the share
    assert session.experiment.test_looks == 1
    session.undo_stack.redo()
    qtbot.waitUntil(lambda: session.snapshot.run_id == session.run_id and bool(session.snapshot.lanes), timeout=20_000)
    assert action.statusTip() == "Already looked at once"
    assert "Looked at 2 times: it is no longer unseen." in told(qtbot, window)
    assert window.isWindowModified()
    path = tmp_path / "lesson.json"
    monkeypatch.setattr(questions, "ask_save_path", lambda *_: str(path))
    window.actions_by_name[Action.SAVE].trigger()
    assert load(path).test_looks == 2
    assert not window.isWindowModified()
    window.files.open_path(str(path))
    assert (session.document.test_looks, session.experiment.test_looks) == (2, 2)


def test_results_of_values_and_of_too_few_points() -> None:
    lane = replace(make_lane(epochs=7), has_values=True)
    metrics = Metrics(train_loss=0.25, train_rmse=0.5, train_r2=0.75)
    assert str(result_of(lane, Revealed(9, metrics))) == "R² 0.750, RMSE 0.5000, after epoch 7"
    assert "so few points" in reveal_text([lane], [Revealed(0, Metrics())], 0)
