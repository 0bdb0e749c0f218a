"""The slide's tables, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.fitting.reading import loss_in_words
from gui.fitting.slide import Slide
from gui.fitting.word_table import WordTable
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
    assert rows["Bias"] == ["low: training accuracy 100.0 %, 5 neighbours 95.0 %", "", "low"]
    assert rows["Variance"][0] == "high: validation loss 2.0 × its minimum, accuracy 90.0 % against 100.0 % in training"
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
