from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from engine.learning.metrics import Metrics
from gui.actions import Action
from gui.files.curve_files import COLUMNS, as_csv, curve_rows, written
from tests.gui.conftest import MakeWindow, small_experiment, wait_for_epochs, with_lanes
from tests.gui.snapshots import make_lane


def answer_with(monkeypatch: pytest.MonkeyPatch, path: Path) -> list[QFileDialog]:
    """Have the file dialog accept a path; returns the dialogs."""
    asked: list[QFileDialog] = []

    def answer(dialog: QFileDialog) -> int:
        asked.append(dialog)
        dialog.selectFile(str(path))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", answer)
    return asked


def test_every_number_reads_back_as_it_is_and_what_was_not_measured_is_left_blank() -> None:
    for number in (0.1 + 0.2, 1e-300, 12345678.25, 3.0):
        assert float(written(number)) == number
    assert written(7.0) == "7"
    assert written(float("nan")) == ""
    assert written(float("inf")) == "inf"


def test_each_lane_has_its_epochs_and_where_it_is_now() -> None:
    lane = replace(
        make_lane(),
        epochs=2,
        epoch_share=0.5,
        history=np.array([[0, 0.9, 1.0, 0.5, 0.4], [1, 0.7, np.nan, 0.6, np.nan], [2, 0.5, 0.6, 0.8, 0.75]]),
        metrics=Metrics(0.25, 0.5, 0.875, 0.75),
    )
    rows = curve_rows(["a", "b; c"], [lane, lane])
    assert [row[:2] for row in rows] == [(title, epoch) for title in ("a", "b; c") for epoch in ("0", "1", "2", "2.5")]
    assert rows[1] == ("a", "1", "0.7", "", "0.6", "")
    assert rows[3] == ("a", "2.5", "0.25", "0.5", "0.875", "0.75")
    for decimal, delimiter in ((".", ","), (",", ";")):
        found = list(csv.reader(as_csv(rows, decimal).splitlines(), delimiter=delimiter))
        assert tuple(found[0]) == COLUMNS
        assert [[cell.replace(",", ".") for cell in row[1:]] for row in found[1:]] == [list(row[1:]) for row in rows]
        assert found[-1][0] == "b; c"


def test_the_curves_of_a_run_are_exported_as_they_are_shown(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = make_window(with_lanes(small_experiment(), 2))
    window.session.train(5)
    wait_for_epochs(qtbot, window, 5)
    asked = answer_with(monkeypatch, tmp_path / "mine.csv")
    window.actions_by_name[Action.EXPORT_CURVES].trigger()
    (dialog,) = asked
    assert dialog.windowTitle() == "Export Curves"
    assert all("npz" not in kind for kind in dialog.nameFilters())
    rows = list(csv.DictReader((tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row["epoch"]) for row in rows] == [0, 1, 2, 3, 4, 5] * 2
    lane = window.session.snapshot.lanes[1]
    assert float(rows[-1]["training_loss"]) == lane.metrics.train_loss
    assert "12 rows" in window.status_bar.currentMessage()
    assert not list(tmp_path.glob("*.tmp"))


def test_a_folder_that_cannot_be_written_is_told(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = make_window()
    answer_with(monkeypatch, tmp_path / "none" / "mine.csv")
    monkeypatch.setattr("gui.files.questions._chosen", lambda *_: str(tmp_path / "none" / "mine.csv"))
    window.actions_by_name[Action.EXPORT_CURVES].trigger()
    (box,) = window.findChildren(QMessageBox)
    assert box.windowTitle() == "Export Curves"
    box.close()
