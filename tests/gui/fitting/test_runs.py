"""The list of runs: rows, their order, what is offered, and what is asked for."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from engine.learning.metrics import Metrics
from engine.run.past.run_list import ListedRun
from gui.fitting.run_table import COLUMNS, PICTURE, RMSE, RUN, WORDS
from gui.fitting.run_words import differing, facts, settings_text, title_of
from gui.fitting.runs import NO_WEIGHTS, UNDER_WAY, Runs
from tests.engine.run.past.test_run_file import record


def listed(number: int, **facts: object) -> ListedRun:
    return ListedRun(replace(record(number), key=(number, 0)), **facts)  # type: ignore[arg-type]


ROWS = [listed(1), listed(2, is_marked=True, has_weights=True), listed(3, name="wide", is_under_way=True)]


@pytest.fixture
def view(qtbot: QtBot) -> Runs:
    view = Runs()
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show_runs(ROWS)
    view.show()
    return view


def table(view: Runs) -> QTableView:
    found = view.findChild(QTableView, "runs_table")
    assert isinstance(found, QTableView)
    return found


def numbers(view: Runs) -> list[int]:
    return [run.record.key[0] for run in view._model.rows]


def words(view: Runs, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    return table(view).model().index(row, column).data(role)


def test_without_runs_a_sentence_stands_in_the_place_of_the_table(view: Runs) -> None:
    label = view.findChild(QLabel, "no_runs")
    assert label is not None
    assert (label.isVisible(), table(view).isVisible()) == (False, True)
    view.show_runs([])
    assert (label.isVisible(), table(view).isVisible()) == (True, False)
    assert "Each run that you train" in label.text()


def test_the_newest_run_is_first_until_a_heading_is_clicked_and_what_has_no_number_is_last(view: Runs) -> None:
    lost = replace(listed(4).record, metrics=Metrics(math.nan, math.nan, math.nan, math.nan))
    view.show_runs([*ROWS, replace(ROWS[0], record=lost)])
    assert numbers(view) == [4, 3, 2, 1]
    of_loss = next(number for number, column in enumerate(COLUMNS) if column.heading == "Training\nloss")
    losses = {run.record.key[0]: run.record.metrics.train_loss for run in ROWS}
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table(view).sortByColumn(of_loss, order)
        falls = order is Qt.SortOrder.DescendingOrder
        assert numbers(view) == [*sorted(losses, key=losses.__getitem__, reverse=falls), 4]
    assert words(view, 3, of_loss) == "–"


def test_rows_tell_settings_that_differ_and_names(view: Runs) -> None:
    texts = [words(view, row, WORDS) for row in range(3)]

    assert texts[2] == "Tanh · 2 × 8 · Batch Size 32 · L2 0.01"
    assert str(texts[0]).startswith("wide — Tanh · 3 × 8")
    assert words(view, 1, RUN) == "★ 2"
    assert words(view, 1, RUN, Qt.ItemDataRole.AccessibleTextRole) == "Run 2, marked"
    assert words(view, 0, PICTURE, Qt.ItemDataRole.DecorationRole) is not None
    alike = differing([ROWS[0].record.config] * 2)
    assert settings_text(ROWS[0].record.config, alike) == "Tanh · 2 × 8"
    assert title_of(ROWS[1], alike).startswith("2: Tanh · 5, 4")
    assert title_of(ROWS[2], alike) == "wide"


def test_what_numbers_do_not_tell_is_in_the_tip(view: Runs) -> None:
    told = facts(replace(ROWS[0], has_other_points=True))

    assert "Changed while it was trained: points, L2. Settings are those at its end." in told
    assert any("other points" in sentence for sentence in told)
    assert "Changed while" in str(words(view, 2, WORDS, Qt.ItemDataRole.ToolTipRole))


def test_what_is_chosen_stays_chosen_when_rows_come_and_are_sorted(view: Runs) -> None:
    view.choose((1, 0))
    view.show_runs([*ROWS, listed(4)])
    table(view).sortByColumn(WORDS, Qt.SortOrder.AscendingOrder)

    assert view.current is not None
    assert view.current.record.key == (1, 0)
    assert [run.record.key for run in view.chosen] == [(1, 0)]


def test_the_root_mean_square_is_shown_where_values_were_learned(view: Runs) -> None:
    assert table(view).isColumnHidden(RMSE)
    metrics = Metrics(train_loss=0.1, validation_loss=0.2, train_rmse=0.31, validation_rmse=0.42, validation_r2=0.9)
    view.show_runs([replace(ROWS[0], record=replace(ROWS[0].record, metrics=metrics))])
    assert not table(view).isColumnHidden(RMSE)
    assert words(view, 0, RMSE) == "0.420"


def test_what_cannot_be_done_is_not_offered_and_the_tip_says_why(view: Runs) -> None:
    actions = view._actions
    assert not any(action.isEnabled() for name, action in actions.items() if name != "delete_others")
    view.choose((2, 0))
    assert all(action.isEnabled() for action in actions.values())
    view.choose((1, 0))
    assert not actions["restore_weights"].isEnabled()
    assert actions["restore_weights"].statusTip() == NO_WEIGHTS
    view.choose((3, 0))
    assert not actions["delete_runs"].isEnabled()
    assert actions["restore_weights"].statusTip() == actions["delete_runs"].statusTip() == UNDER_WAY


def test_keys_do_what_the_buttons_do(view: Runs, qtbot: QtBot) -> None:
    told: list[object] = []
    view.settings_wanted.connect(lambda key: told.append(("settings", key)))
    view.weights_wanted.connect(lambda key: told.append(("weights", key)))
    view.marks_changed.connect(lambda keys, is_marked: told.append(("mark", keys, is_marked)))
    view.run_renamed.connect(lambda key, name: told.append(("name", key, name)))
    view.deletion_wanted.connect(lambda keys: told.append(("delete", keys)))
    view.ghost_chosen.connect(lambda key, is_shown: told.append(("ghost", key, is_shown)))
    view.choose((2, 0))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Asterisk, Qt.Key.Key_Delete, Qt.Key.Key_Space):
        QTest.keyClick(table(view), key)
    view._actions["restore_weights"].trigger()
    QTest.keyClick(table(view), Qt.Key.Key_F2)
    editor = table(view).findChild(QLineEdit)
    assert editor is not None
    beside_caret = table(view).viewport().grab(editor.geometry().adjusted(8, 2, -2, -2)).toImage()
    assert {beside_caret.pixel(x, beside_caret.height() // 2) for x in range(beside_caret.width())} == {
        editor.palette().base().color().rgb()
    }
    editor.setText("deep")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(told) == 6)

    assert told == [
        ("settings", (2, 0)),
        ("mark", [(2, 0)], False),
        ("delete", [(2, 0)]),
        ("ghost", (2, 0), True),
        ("weights", (2, 0)),
        ("name", (2, 0), "deep"),
    ]


def test_ghosts_are_told_with_their_names_when_they_are_others(view: Runs) -> None:
    told: list[list[str]] = []
    view.ghosts_changed.connect(lambda ghosts: told.append([ghost.title for ghost in ghosts]))
    for rows in (ROWS, [replace(ROWS[0], is_ghost=True), *ROWS[1:]], [replace(ROWS[0], is_ghost=True)], ROWS):
        view.show_runs(rows)

    assert [len(titles) for titles in told] == [1, 1, 0]
    assert told[0][0].startswith("1: Tanh")


def test_the_ghost_of_the_run_under_way_goes_on_with_it(view: Runs) -> None:
    told: list[list[int]] = []
    view.ghosts_changed.connect(lambda ghosts: told.append([len(ghost.curves) for ghost in ghosts]))
    ghost = replace(ROWS[2], is_ghost=True)
    longer = replace(ghost, record=replace(ghost.record, curves=np.tile(ghost.record.curves, (2, 1))))
    for run in (ghost, ghost, longer):
        view.show_runs([run])

    n_rows = len(ghost.record.curves)
    assert told == [[n_rows], [2 * n_rows]]


def test_a_name_that_is_being_typed_stays_when_runs_come(view: Runs, qtbot: QtBot) -> None:
    rows = [*ROWS, listed(4)]
    view.runs_wanted.connect(lambda: view.show_runs(rows))
    view.choose((2, 0))
    with qtbot.waitSignal(view.run_renamed) as renamed:
        QTest.keyClick(table(view), Qt.Key.Key_F2)
        editor = table(view).findChild(QLineEdit)
        assert editor is not None
        editor.setText("deep")
        view.refresh()
        assert numbers(view) == [3, 2, 1]
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [(2, 0), "deep"]
    qtbot.waitUntil(lambda: numbers(view) == [4, 3, 2, 1])


def test_a_mark_does_not_hide_the_number_beside_it(view: Runs) -> None:
    view.show_runs([])
    runs = [replace(listed(number), has_lanes=True) for number in (9, 10)]
    view.show_runs(runs)
    view.show_runs([replace(run, is_marked=True) for run in runs])
    assert table(view).columnWidth(RUN) >= table(view).sizeHintForColumn(RUN)
