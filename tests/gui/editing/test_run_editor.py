"""Edits of the list of runs, and the ways back, through the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from engine.config import Output
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.messages import Message, message
from gui.actions import Action
from gui.fitting.runs import Runs
from gui.main_window import MainWindow
from gui.text.language import say
from gui.views import LabView
from tests.gui.files.test_kept_weights import do, wait


def rows(view: Runs) -> list[tuple[tuple[int, int], int]]:
    view._refresh.at_once()
    return sorted((run.record.key, run.record.epochs) for run in view._model.rows)


def test_a_run_is_restored_named_marked_deleted_and_undone(qtbot: QtBot, window: MainWindow) -> None:
    session, deck = window.session, window.laboratory.panel
    deck.show_view(LabView.RUNS)
    view = deck.view_of(Runs)
    first = session.experiment
    session.train(6)
    wait(qtbot, window, 6)
    assert rows(view) == [((1, 0), 6)]
    weights = session.snapshot.lanes[0].metrics
    window._lanes.use_config(type(first.lanes[0])(hidden_layers=(3,), seed=first.lanes[0].seed))
    wait(qtbot, window, 0)
    session.train(4)
    wait(qtbot, window, 4)
    assert rows(view) == [((1, 0), 6), ((2, 0), 4)]

    view.choose((1, 0))
    view._actions["restore_settings"].trigger()
    assert session.undo_stack.undoText() == "Restore Settings of Run 1"
    assert session.experiment.lanes == first.lanes
    wait(qtbot, window, 0)
    do(window, Action.UNDO)
    wait(qtbot, window, 4)
    assert session.experiment.lanes != first.lanes
    assert rows(view) == [((1, 0), 6), ((2, 0), 4)]

    view.choose((1, 0))
    assert view.current is not None
    assert view.current.has_weights
    view._actions["restore_weights"].trigger()
    wait(qtbot, window, 6)
    assert session.snapshot.lanes[0].metrics == weights
    assert session.experiment.lanes == first.lanes
    assert rows(view) == [((1, 0), 6), ((2, 0), 4)], "nothing was trained yet"
    session.train(7)
    wait(qtbot, window, 7)
    assert rows(view) == [((1, 0), 6), ((2, 0), 4), ((3, 0), 7)]
    do(window, Action.UNDO)
    wait(qtbot, window, 4)

    view._model.renamed.emit((1, 0), "  the\nfirst ")
    view.choose((1, 0))
    view._actions["mark_run"].trigger()
    view._refresh.at_once()
    assert view.current is not None
    assert (view.current.name, view.current.is_marked) == ("the first", True)
    view.ghost_chosen.emit((1, 0), True)
    view._refresh.at_once()
    assert deck.loss_plot._ghosts.titles == ["the first"]
    view._actions["delete_others"].trigger()
    assert [key for key, _ in rows(view)] == [(1, 0), (2, 0)], "that under way stays"
    do(window, Action.UNDO)
    assert [key for key, _ in rows(view)] == [(1, 0), (2, 0), (3, 0)]
    do(window, Action.UNDO)
    view._refresh.at_once()
    view.choose((1, 0))
    assert view.current is not None
    assert not view.current.is_marked


def test_networks_that_do_not_fit_the_points_of_now_come_back_with_theirs(qtbot: QtBot, window: MainWindow) -> None:
    session, deck = window.session, window.laboratory.panel
    deck.show_view(LabView.RUNS)
    view = deck.view_of(Runs)
    two = replace(session.experiment, lanes=(replace(session.experiment.lanes[0], output=Output.SIGMOID),))
    session.edit(two, message("One Sigmoid"))
    session.train(3)
    wait(qtbot, window, 3)
    labels = np.arange(len(two.dataset)) % 3
    three = Dataset(two.dataset.points, labels, ("A", "B", "C"))
    session.edit(Experiment(three), message("Three Classes"))
    wait(qtbot, window, 0)
    view._refresh.at_once()
    view.choose((1, 0))
    told: list[Message] = []
    session.told.connect(told.append)
    view._actions["restore_weights"].trigger()
    wait(qtbot, window, 3)
    assert session.experiment == two
    assert say(told[0]) == "The weights of run 1 and its points are back; paused."
