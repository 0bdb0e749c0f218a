"""Selecting, copying, pasting and deleting in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment
from gui.main_window import MainWindow
from tests.gui.conftest import MakeWindow, wait_for_epochs


def dataset_of(window: MainWindow) -> Dataset:
    return window.session.experiment.dataset


def act(window: MainWindow, *names: str) -> None:
    for name in names:
        window.actions_by_name[name].trigger()


def test_all_none_class_and_the_rest_can_be_selected(window: MainWindow) -> None:
    labels, canvas = dataset_of(window).labels, window.canvas
    act(window, "select_all")
    assert canvas.selected.all()
    act(window, "select_none")
    assert not canvas.selected.any()
    act(window, "class_2", "select_class")
    np.testing.assert_array_equal(canvas.selected, labels == 1)
    act(window, "invert")
    np.testing.assert_array_equal(canvas.selected, labels == 0)


def test_what_can_be_done_with_a_selection_is_off_without_one(window: MainWindow) -> None:
    names = ("cut", "delete", "select_none")
    assert not any(window.actions_by_name[name].isEnabled() for name in names)
    act(window, "select_all")
    assert all(window.actions_by_name[name].isEnabled() for name in names)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_both_keys_delete_what_is_selected(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    before = dataset_of(window)
    act(window, "class_1", "select_class")
    QTest.keyClick(window.canvas, key)
    assert set(dataset_of(window).labels.tolist()) == {1}
    assert window.session.undo_stack.text(0) == f"Delete {int((before.labels == 0).sum())} points"
    act(window, "undo")
    assert dataset_of(window) is before


def test_nudges_in_a_row_are_one_step(window: MainWindow) -> None:
    before = dataset_of(window)
    act(window, "class_1", "select_class")
    for _ in range(5):
        QTest.keyClick(window.canvas, Qt.Key.Key_Up)
    moved = before.labels == 0
    step = 5 * 4 / window.canvas.plane.scale
    np.testing.assert_allclose(dataset_of(window).points[moved], before.points[moved] + [0, step], atol=1e-5)
    np.testing.assert_array_equal(dataset_of(window).points[~moved], before.points[~moved])
    assert window.session.undo_stack.count() == 1
    act(window, "undo")
    assert dataset_of(window) is before


def test_cut_and_paste_bring_the_same_points_back(window: MainWindow) -> None:
    before = dataset_of(window)
    act(window, "class_2", "select_class", "cut")
    assert set(dataset_of(window).labels.tolist()) == {0}
    act(window, "paste")
    after = dataset_of(window)
    assert after.class_names == before.class_names
    np.testing.assert_array_equal(after.points[after.labels == 1], before.points[before.labels == 1])
    np.testing.assert_array_equal(window.canvas.selected, np.arange(len(after)) >= (before.labels == 0).sum())
    assert [window.session.undo_stack.text(index) for index in range(2)] == ["Delete 30 points", "Paste 30 points"]


def test_a_range_of_a_spreadsheet_is_pasted_with_its_classes(window: MainWindow) -> None:
    before = dataset_of(window)
    QGuiApplication.clipboard().setText("width\theight\tkind\n0,5\t0,25\toak\n-0,5\t1\tfir\n0\t0\tBlue\n")
    act(window, "paste")
    after = dataset_of(window)
    assert after.class_names == (*before.class_names, "oak", "fir")
    assert after.points[-3:].tolist() == [[0.5, 0.25], [-0.5, 1], [0, 0]]
    assert [after.class_names[label] for label in after.labels[-3:]] == ["oak", "fir", "Blue"]


def test_points_without_a_class_get_the_chosen_one(window: MainWindow) -> None:
    act(window, "class_2")
    QGuiApplication.clipboard().setText("0.5 0.25\n-0.5 0.75\n")
    act(window, "paste")
    assert dataset_of(window).labels[-2:].tolist() == [1, 1]
    assert dataset_of(window).n_classes == 2


@pytest.mark.parametrize("text", ["", "hello", "1\t2\n3\tx\n", "0.5\n", "a,b\nnan,1\n"])
def test_what_is_no_table_is_refused_and_nothing_changes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.dialogs.tell", lambda _parent, _title, sentence: told.append(sentence))
    before = dataset_of(window)
    QGuiApplication.clipboard().setText(text)
    act(window, "paste")
    assert dataset_of(window) is before
    assert window.session.undo_stack.count() == 0
    assert len(told) == 1
    assert told[0].startswith("What is on the clipboard cannot be pasted as points: ")


def test_what_the_network_gets_wrong_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    window.session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    act(window, "select_misclassified")
    qtbot.waitUntil(lambda: bool(window.canvas.selected.any()))
    metrics = window.session.snapshot.lanes[0].metrics
    training = ~dataset_of(window).validation_mask(window.session.experiment.lanes[0].validation_fraction)
    wrong = window.canvas.selected
    assert 1 - wrong[training].mean() == pytest.approx(metrics.train_accuracy)
    assert 1 - wrong[~training].mean() == pytest.approx(metrics.validation_accuracy)


def test_without_a_network_there_is_no_answer_but_a_sentence(make_window: MakeWindow) -> None:
    window = make_window(Experiment(empty_dataset()))
    act(window, "select_misclassified")
    assert window.status_bar.currentMessage() == "There is no network to ask yet."
