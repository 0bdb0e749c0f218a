"""The slide's tables, cell by cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.run.past.run_record import lowest_of
from gui.fitting.reading import loss_in_words
from gui.fitting.slide import Slide
from gui.fitting.word_table import WordTable
from gui.run.curves import curves_of
from tests.gui.fitting.courses import OVER, RIGHT, UNDER, lane_of, views_of


def cells(table: WordTable) -> list[list[str]]:
    shown = []
    for row in range(table.rowCount()):
        heading = table.verticalHeaderItem(row)
        items = [table.item(row, column) for column in range(table.columnCount())]
        shown.append([heading.text() if heading else "", *(item.text() if item else "" for item in items)])
    return shown


def test_the_course_of_an_overfitting_network_stands_beside_what_the_slide_says(qtbot: QtBot) -> None:
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(OVER))
    heading = view.table.horizontalHeaderItem(0)
    assert heading is not None
    assert heading.text() == "Epoch 0\n→ 25 (best)\n→ 100 (now)"
    rows = {row[0]: row[1:] for row in cells(view.table)}
    assert rows["Training loss"] == [
        "0.7000 →\n0.5500 →\n0.1000",
        "falls by 85.7 %",
        "falls fast and steadily, to nearly 0",
    ]
    assert rows["Validation loss"][1] == "falls by 57.1 %, then rises to 2.0 × that"
    assert rows["Validation accuracy"][1] == "rises to 90.0 %"
    assert rows["Diagnosis"] == ["▲ Overfitting", "", "▲ Overfitting"]
    assert rows["Bias"] == ["low: training accuracy 100.0 %, a vote of 5 neighbours 95.0 %", "", "low"]
    assert rows["Variance"][0] == (
        "high: validation loss 2.0 × its smoothed minimum, accuracy 90.0 % against 100.0 % in training"
    )
    assert rows["Generalization"] == ["weak: validation accuracy 90.0 %", "", "weak"]


def test_several_lanes_stand_beside_each_other_with_their_symptoms(qtbot: QtBot) -> None:
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(UNDER, RIGHT, OVER))
    rows = {row[0]: row[1:] for row in cells(view.table)}
    assert rows["Training error"] == ["20.0 %", "6.0 %", "0.0 %"]
    assert rows["Diagnosis"] == ["▼ Underfitting", "✓ Just right", "▲ Overfitting"]
    assert [cell.split(":")[0] for cell in rows["Bias"]] == ["high", "low", "low"]
    assert [cell.split(":")[0] for cell in rows["Variance"]] == ["low", "balanced", "high"]
    assert [cell.split(":")[0] for cell in rows["Generalization"]] == ["weak", "strong", "weak"]
    assert rows["Remedies"][0] == "a more complex model, more features, longer training"


def test_what_is_not_known_is_a_dash_and_never_a_word(qtbot: QtBot) -> None:
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(lane_of([0.7, 0.3, 0.6], n_validation=5), OVER))
    rows = {row[0]: row[1:] for row in cells(view.table)}
    assert rows["Diagnosis"][0] == "Not enough points to say"
    assert [rows[name][0] for name in ("Bias", "Variance", "Generalization", "Remedies")] == ["–"] * 4
    view.show_lanes(views_of(lane_of([1, 0.2], scores=(0.9, 0.85), neighbours=None, has_values=True)))
    rows = {row[0]: row[1:] for row in cells(view.table)}
    assert rows["Training R²"][0].endswith("0.900")
    assert rows["Diagnosis"][0] == "… Still learning"
    view.show_lanes([])
    assert cells(view.table) == []


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([1.0, 0.5, 0.75], "falls by 50.0 %, then rises to 1.5 × that"),
        ([1.0, 0.0, 0.5], "falls by 100.0 %, then rises to ∞ × that"),
        ([0.0, 0.5], "rises to ∞ × its start"),
        ([0.0, 0.0], "stays"),
        ([1.0, 1e-6, 0.5], "falls by 99.9 %, then rises to 5·10⁵ × that"),
    ],
)
def test_a_loss_that_was_0_has_words_too(losses: list[float], words: str) -> None:
    assert loss_in_words(np.array(losses), has_values=False) == words


def test_the_best_epoch_is_the_same_everywhere_however_few_rows_are_kept(qtbot: QtBot) -> None:
    lane = replace(OVER, history=OVER.history[::4])
    lowest = curves_of(lane).lowest
    assert lowest is not None
    assert (lowest[2], lowest[0]) == lowest_of(lane.with_best) == (lane.best_loss, lane.best_epoch)
    assert lane.since_change[:, 0].tolist() == [*range(0, 101, 4)]
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(lane))
    assert cells(view.table)[0][1] == "0.7000 →\n0.5500 →\n0.1000"


def test_a_loss_that_is_next_to_nothing_is_said_to_be_so_and_what_is_not_there_is_no_best(qtbot: QtBot) -> None:
    lane = lane_of([0.7, 1e-9, 2e-9], training=2e-9, n_validation=0)
    rows = lane.history.copy()
    rows[:, [2, 4]] = float("nan")
    lost = replace(lane.metrics, validation_loss=float("nan"), validation_accuracy=float("nan"))
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(lane))
    assert cells(view.table)[2][2] == "falls by 99.9 %, to nearly 0"
    view.show_lanes(views_of(replace(lane, history=rows, metrics=lost, best=None, epoch_share=0.75)))
    heading = view.table.horizontalHeaderItem(0)
    assert heading is not None
    assert heading.text() == "Epoch 0\n→ 100 (now)"
    assert cells(view.table)[2][1] == "–"


def test_rows_are_as_high_as_their_words_whatever_room_there_is(qtbot: QtBot) -> None:
    view = Slide()
    qtbot.addWidget(view)

    def fits() -> bool:
        rows = range(view.table.rowCount())
        return all(view.table.rowHeight(row) >= view.table.sizeHintForRow(row) for row in rows)

    view.resize(430, 600)
    view.show()
    QApplication.processEvents()
    for lanes in ((OVER,), (UNDER, RIGHT, OVER)):
        view.show_lanes(views_of(*lanes))
        QApplication.processEvents()  # columns get their widths now
        qtbot.waitUntil(fits)


def test_of_values_neighbours_have_a_mean_and_no_vote(qtbot: QtBot) -> None:
    view = Slide()
    qtbot.addWidget(view)
    view.show_lanes(views_of(lane_of([0.7, 0.3, 0.3, 0.45, 0.6], scores=(0.98, 0.6), neighbours=0.8, has_values=True)))
    rows = {row[0]: row[1:] for row in cells(view.table)}
    assert rows["Bias"][0] == "low: training R² 0.980, the mean of 5 neighbours 0.800"
