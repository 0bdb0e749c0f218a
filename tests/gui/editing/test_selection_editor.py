"""Selecting, copying, pasting and deleting in the real window."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment, Obstacle
from engine.formats.tables import table_from_text
from engine.messages import message
from engine.population import kernel_width
from engine.run.snapshot import MISCLASSIFIED, Failure, RunState, Snapshot
from engine.studies.course_protocol import course_lab
from gui.actions import Action
from gui.editing.selection_editor import SelectionEditor
from gui.editing.session import Session
from gui.main_window import MainWindow
from gui.system import background
from gui.text.language import say
from tests.gui.conftest import MakeStill, MakeWindow, wait_for_epochs
from tests.gui.snapshots import make_lane, make_snapshot


def dataset_of(window: MainWindow) -> Dataset:
    return window.session.experiment.dataset


def act(window: MainWindow, *names: str) -> None:
    for name in names:
        window.actions_by_name[name].trigger()


def test_all_none_class_and_the_rest_can_be_selected(window: MainWindow) -> None:
    labels, canvas = dataset_of(window).labels, window.canvas
    act(window, Action.SELECT_ALL)
    assert canvas.selection.mask.all()
    act(window, Action.SELECT_NONE)
    assert not canvas.selection.mask.any()
    act(window, "class_2", Action.SELECT_CLASS)
    np.testing.assert_array_equal(canvas.selection.mask, labels == 1)
    act(window, Action.INVERT)
    np.testing.assert_array_equal(canvas.selection.mask, labels == 0)


def test_what_can_be_done_with_a_selection_is_off_without_one(window: MainWindow) -> None:
    names = ("cut", "delete", "select_none")
    assert not any(window.actions_by_name[name].isEnabled() for name in names)
    act(window, Action.SELECT_ALL)
    assert all(window.actions_by_name[name].isEnabled() for name in names)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_both_keys_delete_what_is_selected(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    before = dataset_of(window)
    act(window, "class_1", Action.SELECT_CLASS)
    QTest.keyClick(window.canvas, key)
    assert set(dataset_of(window).labels.tolist()) == {1}
    assert window.session.undo_stack.text(0) == f"Delete {int((before.labels == 0).sum())} points"
    act(window, Action.UNDO)
    assert dataset_of(window) is before


def test_nudges_in_a_row_are_one_step(window: MainWindow) -> None:
    before = dataset_of(window)
    act(window, "class_1", Action.SELECT_CLASS)
    for _ in range(5):
        QTest.keyClick(window.canvas, Qt.Key.Key_Up)
    moved = before.labels == 0
    step = 5 * 4 / window.canvas.plane.scale
    np.testing.assert_allclose(dataset_of(window).points[moved], before.points[moved] + [0, step], atol=1e-5)
    np.testing.assert_array_equal(dataset_of(window).points[~moved], before.points[~moved])
    assert window.session.undo_stack.count() == 1
    act(window, Action.UNDO)
    assert dataset_of(window) is before


def test_cut_and_paste_bring_the_same_points_back(window: MainWindow) -> None:
    before = dataset_of(window)
    act(window, "class_2", Action.SELECT_CLASS, Action.CUT)
    assert set(dataset_of(window).labels.tolist()) == {0}
    act(window, Action.PASTE)
    after = dataset_of(window)
    assert after.class_names == before.class_names
    np.testing.assert_array_equal(after.points[after.labels == 1], before.points[before.labels == 1])
    np.testing.assert_array_equal(window.canvas.selection.mask, np.arange(len(after)) >= (before.labels == 0).sum())
    assert [window.session.undo_stack.text(index) for index in range(2)] == ["Delete 30 points", "Paste 30 points"]


def test_more_points_like_these_are_drawn_selected_and_told_of_in_one_step(window: MainWindow) -> None:
    told = list[str]()
    window._selection.told.connect(lambda text: told.append(say(text)))
    before = dataset_of(window)
    act(window, Action.DRAW_MORE)
    after, n_points = dataset_of(window), len(before)

    assert len(after) == 3 * n_points
    np.testing.assert_array_equal(after.points[:n_points], before.points)
    np.testing.assert_array_equal(window.canvas.selection.mask, np.arange(len(after)) >= n_points)
    width = kernel_width(before)
    assert told == [f"{2 * n_points} points drawn from {n_points}, h = {width:.2f} standard deviations."]
    assert window.session.undo_stack.text(0) == f"Draw {2 * n_points} points more"
    act(window, Action.DELETE)
    assert dataset_of(window) == before
    act(window, Action.UNDO, Action.UNDO)
    assert dataset_of(window) is before
    act(window, Action.DRAW_MORE)
    assert dataset_of(window) == after  # the same again


def test_of_nothing_and_beyond_the_limit_no_more_points_are_drawn(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[str]()
    for sentence in (window._selection.told, window._editor.refused):
        sentence.connect(lambda text: told.append(say(text)))
    monkeypatch.setattr("engine.dataset.MAX_POINTS", 3 * len(dataset_of(window)) - 1)
    act(window, Action.DRAW_MORE, Action.CLEAR, Action.DRAW_MORE)

    assert told == [
        "There would be 180 points; at most 179 are possible.",
        "There are no points yet, of which more could be drawn.",
    ]
    assert window.session.undo_stack.count() == 1


def test_what_a_stroke_under_way_has_changed_is_cut_too(window: MainWindow) -> None:
    act(window, "class_2", Action.SELECT_CLASS, "brush")
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(window.canvas, QPoint(260, 220))
    act(window, Action.CUT)
    after = dataset_of(window)
    assert not window.canvas.gestures.is_drawing
    steps = [window.session.undo_stack.text(index) for index in range(window.session.undo_stack.count())]
    assert len(steps) == 2
    assert steps[1] == "Delete 30 points"
    assert len(table_from_text(QGuiApplication.clipboard().text()).read_as_found().dataset) == 30
    act(window, Action.UNDO, Action.UNDO)
    assert len(after) == len(dataset_of(window)) - 30 + int(steps[0].split()[1])


def test_nothing_is_copied_or_pasted_while_something_is_done_with_a_file(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("1\t2\n3\t4\n")
    before = dataset_of(window)
    window.files._work.alone(lambda: act(window, Action.CUT, Action.COPY, Action.PASTE))()
    assert dataset_of(window) is before
    assert QGuiApplication.clipboard().text() == "1\t2\n3\t4\n"


@pytest.fixture
def background_work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done on a thread of its own, where that already is if there are ten points."""
    monkeypatch.setattr("gui.editing.selection_editor.LARGE_DATASET", 10)
    monkeypatch.setattr("gui.editing.selection_editor.LARGE_TEXT", 10)
    done, run = list[str](), background.run

    def noting(parent: QWidget, text: str, work: background.Work[object], **options: bool) -> object:
        done.append(text)
        return run(parent, text, work, **options)

    monkeypatch.setattr(background, "run", noting)
    return done


def test_many_points_are_copied_and_pasted_on_a_thread_of_its_own(
    window: MainWindow, background_work: list[str]
) -> None:
    before = dataset_of(window)
    act(window, "class_2", Action.SELECT_CLASS, Action.CUT, Action.PASTE)
    after = dataset_of(window)

    assert background_work == ["Copying 30 points …", "Pasting points …"]
    np.testing.assert_array_equal(after.points[after.labels == 1], before.points[before.labels == 1])
    assert int(window.canvas.selection.mask.sum()) == 30


def test_what_is_copied_in_the_background_is_only_cut_if_it_is_still_there(
    window: MainWindow, background_work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, run = dataset_of(window), background.run

    def drawing_meanwhile(parent: QWidget, text: str, work: background.Work[object], **options: bool) -> object:
        result = run(parent, text, work, **options)
        session = window.session
        session.edit(session.experiment.with_dataset(before.with_points([[0.5, 0.5]], 0)), message("Draw"))
        return result

    monkeypatch.setattr(background, "run", drawing_meanwhile)
    act(window, "class_2", Action.SELECT_CLASS, Action.CUT)

    assert background_work == ["Copying 30 points …"]
    assert len(dataset_of(window)) == len(before) + 1


def test_what_cannot_be_pasted_in_the_background_is_told_with_the_same_words(
    window: MainWindow, background_work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.widgets.boxes.tell", lambda _parent, _title, sentence: told.append(sentence))
    QGuiApplication.clipboard().setText("hello, this is no table")
    act(window, Action.PASTE)

    assert background_work == ["Pasting points …"]
    assert told[0].startswith("What is on the clipboard cannot be pasted as points: ")


def test_a_copy_has_the_decimal_sign_of_the_system_and_comes_back(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = np.array([[1.125, 2.375], [10.25, -3.5]], np.float32)  # the first could be thousands
    window.session.edit(Experiment(Dataset(points, np.array([0, 1]), ("Blue", "1.5"))), message("Points"))
    for name, text in (("cs_CZ", "1,125\t2,375"), ("en_US", "1.125\t2.375")):
        monkeypatch.setattr(QLocale, "system", partial(QLocale, name))
        act(window, Action.SELECT_NONE)
        chosen(window, 0)
        act(window, Action.COPY)
        assert QGuiApplication.clipboard().text() == f"x\ty\tclass\n{text}\tBlue\n"
        before = len(dataset_of(window))
        act(window, Action.PASTE)
        assert len(dataset_of(window)) == before + 1
        act(window, Action.UNDO)


def test_what_pasting_left_out_or_took_away_is_told(window: MainWindow, qtbot: QtBot) -> None:
    rows = "".join(f"{4500000 + n / 8},{n}\n" for n in range(9))
    QGuiApplication.clipboard().setText(f"northing,y\n{rows}")
    editor = window.findChild(SelectionEditor)
    assert editor is not None
    with qtbot.waitSignal(editor.told) as told:
        act(window, Action.PASTE)
    assert "4,500,000 was taken from every “northing”" in str(told.args)


def test_a_range_of_a_spreadsheet_is_pasted_with_its_classes(window: MainWindow) -> None:
    before = dataset_of(window)
    QGuiApplication.clipboard().setText("width\theight\tkind\n0,5\t0,25\toak\n-0,5\t1\tfir\n0\t0\tBlue\n")
    act(window, Action.PASTE)
    after = dataset_of(window)
    assert after.class_names == (*before.class_names, "oak", "fir")
    assert after.points[-3:].tolist() == [[0.5, 0.25], [-0.5, 1], [0, 0]]
    assert [after.class_names[label] for label in after.labels[-3:]] == ["oak", "fir", "Blue"]


def test_points_without_a_class_get_the_chosen_one(window: MainWindow) -> None:
    act(window, "class_2")
    QGuiApplication.clipboard().setText("0.5 0.25\n-0.5 0.75\n")
    act(window, Action.PASTE)
    assert dataset_of(window).labels[-2:].tolist() == [1, 1]
    assert dataset_of(window).n_classes == 2


@pytest.mark.parametrize("text", ["", "hello", "1\t2\n3\tx\n", "0.5\n", "a,b\nnan,1\n"])
def test_what_is_no_table_is_refused_and_nothing_changes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.widgets.boxes.tell", lambda _parent, _title, sentence: told.append(sentence))
    before = dataset_of(window)
    QGuiApplication.clipboard().setText(text)
    act(window, Action.PASTE)
    assert dataset_of(window) is before
    assert window.session.undo_stack.count() == 0
    assert len(told) == 1
    assert told[0].startswith("What is on the clipboard cannot be pasted as points: ")


def test_what_the_network_gets_wrong_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    window.session.train(until=2)
    wait_for_epochs(qtbot, window, 2)
    act(window, Action.SELECT_MISCLASSIFIED)
    qtbot.waitUntil(lambda: bool(window.canvas.selection.mask.any()))
    metrics = window.session.snapshot.lanes[0].metrics
    training = ~dataset_of(window).validation_mask(window.session.experiment.lanes[0].validation_fraction)
    wrong = window.canvas.selection.mask
    assert 1 - wrong[training].mean() == pytest.approx(metrics.train_accuracy)
    assert 1 - wrong[~training].mean() == pytest.approx(metrics.validation_accuracy)


def test_an_answer_on_other_points_than_those_of_a_stroke_under_way_waits_for_its_end(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, canvas = window.session, window.canvas
    act(window, Action.SELECT_MISCLASSIFIED)
    canvas.show_points(canvas.dataset.with_points([[0, 0]], [0]), canvas.shares)
    qtbot.waitUntil(lambda: session.snapshot.lanes[0].readings.of(MISCLASSIFIED) is not None)
    assert len(canvas.selection.mask) == len(canvas.dataset) == len(dataset_of(window)) + 1

    canvas.show_points(dataset_of(window), canvas.shares)
    session.snapshot_arrived.emit(session.snapshot)
    assert canvas.selection.mask.any()


def test_without_a_network_there_is_no_answer_but_a_sentence(make_window: MakeWindow) -> None:
    window = make_window(Experiment(empty_dataset()))
    act(window, Action.SELECT_MISCLASSIFIED)
    assert window.status_bar.currentMessage() == "There is no network to ask yet."


@pytest.mark.parametrize(
    "snapshot",
    [
        make_snapshot(RunState.BLOCKED, obstacle=Obstacle.NO_POINTS),
        make_snapshot(RunState.FAILED, failure=Failure("", "")),
    ],
)
def test_a_question_that_cannot_be_answered_now_is_not_answered_much_later(
    make_still: MakeStill, snapshot: Snapshot
) -> None:
    session = asked(make_still(1366, 768))
    session.snapshot_arrived.emit(snapshot)
    assert session.sight.attention.questions == ()


def test_a_lane_that_is_not_made_yet_is_waited_for(make_still: MakeStill) -> None:
    window = make_still(1366, 768, n_lanes=2)
    window._lanes.choose(1)
    session = asked(window)
    session.snapshot_arrived.emit(make_snapshot(RunState.PAUSED, make_lane()))
    assert [question.lane for question in session.sight.attention.questions] == [1]
    act(window, Action.REMOVE_LANE)
    session.snapshot_arrived.emit(make_snapshot(RunState.PAUSED, make_lane()))
    assert session.sight.attention.questions == ()


def asked(window: MainWindow) -> Session:
    """The session of a window whose network was asked what it gets wrong, and has not answered."""
    window.session.snapshot = make_snapshot(RunState.READY, make_lane())
    act(window, Action.SELECT_MISCLASSIFIED)
    assert window.session.sight.attention.questions
    return window.session


def chosen(window: MainWindow, *indices: int) -> NDArray[Any]:
    mask = np.zeros(len(dataset_of(window)), dtype=bool)
    mask[list(indices)] = True
    window.canvas.selection.select(mask)
    return mask


def places_in_sight(window: MainWindow) -> NDArray[Any]:
    pixels = window.canvas.plane.to_pixels(dataset_of(window).places)
    return np.array([window.canvas.plane.contains(*pixel) for pixel in pixels.tolist()])


def test_undo_of_delete_brings_the_selection_back(window: MainWindow) -> None:
    for indices in ((3, 7, 20), (58, 59), tuple(range(60))):
        mask = chosen(window, *indices)
        act(window, Action.DELETE)
        assert not window.canvas.selection.mask.any()
        act(window, Action.UNDO)
        np.testing.assert_array_equal(window.canvas.selection.mask, mask)
        assert window.actions_by_name[Action.DELETE].isEnabled()
        act(window, Action.REDO, Action.UNDO)
        np.testing.assert_array_equal(window.canvas.selection.mask, mask)


def test_undo_of_a_cut_a_clear_and_a_new_sample_brings_it_back_too(window: MainWindow) -> None:
    for name in ("cut", "clear", "remove_class", "vanishing_lab"):
        mask = chosen(window, 0, 5, 6)
        act(window, name)
        act(window, Action.UNDO)
        np.testing.assert_array_equal(window.canvas.selection.mask, mask)


def test_a_selection_that_was_given_up_by_hand_stays_given_up(window: MainWindow) -> None:
    chosen(window, 0, 5, 6)
    act(window, Action.DELETE, Action.UNDO, Action.SELECT_NONE, Action.ADD_CLASS, Action.UNDO)
    assert not window.canvas.selection.mask.any()


def test_a_copy_lands_beside_its_originals_and_is_selected(window: MainWindow) -> None:
    before = dataset_of(window)
    chosen(window, 3, 7, 20)
    act(window, Action.COPY, Action.PASTE)
    after, canvas = dataset_of(window), window.canvas
    np.testing.assert_array_equal(canvas.selection.mask, np.arange(63) >= 60)
    np.testing.assert_array_equal(after.points[:60], before.points)
    np.testing.assert_array_equal(after.labels[60:], before.labels[[3, 7, 20]])
    steps = (canvas.plane.to_pixels(after.places[60:]) - canvas.plane.to_pixels(before.places[[3, 7, 20]])).round(2)
    assert (steps == steps[0]).all()
    assert np.abs(steps[0]).min() > 8
    assert places_in_sight(window)[60:].all()


@pytest.mark.parametrize("times", [4])
def test_each_further_copy_goes_on_and_none_covers_another(window: MainWindow, times: int) -> None:
    for _ in range(2):
        chosen(window, int(dataset_of(window).places[:, 0].argmax()), int(dataset_of(window).places[:, 1].argmin()))
        act(window, "copy", *["paste"] * times)
    places = dataset_of(window).places
    assert len(places) == 60 + 2 * 2 * times
    apart = np.hypot(*(places[60:, None] - places[None]).transpose(2, 0, 1))
    apart[np.arange(len(places) - 60), np.arange(60, len(places))] = np.inf
    assert apart.min() * window.canvas.plane.scale > 1
    assert places_in_sight(window)[60:].all()


def test_a_copy_of_points_out_of_sight_comes_into_it(window: MainWindow) -> None:
    chosen(window, 3, 7)
    act(window, Action.COPY)
    for _ in range(12):
        act(window, Action.ZOOM_IN)
    assert not places_in_sight(window)[[3, 7]].any()
    act(window, Action.PASTE)
    pixels = window.canvas.plane.to_pixels(dataset_of(window).places[60:]).mean(axis=0)
    assert window.canvas.plane.contains(*pixels.tolist())


def test_numbers_of_a_spreadsheet_stay_what_they_are_wherever_that_is(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("x\ty\n1000\t2000\n1001\t2001\n")
    act(window, Action.PASTE)
    np.testing.assert_array_equal(dataset_of(window).points[60:], [[1000, 2000], [1001, 2001]])


def test_a_copy_on_the_plane_of_many_features_lies_beside_its_originals(make_window: MakeWindow) -> None:
    window = make_window(course_lab(), wait=False)
    act(window, Action.FIT)
    chosen(window, 3, 7, 20)
    act(window, Action.COPY, Action.PASTE, Action.PASTE)
    places = window.canvas.plane.to_pixels(dataset_of(window).places)
    first, second = places[569:572] - places[[3, 7, 20]], places[572:] - places[[3, 7, 20]]
    assert np.abs(first).min() > 8
    assert np.abs(second - 2 * first).max() < 1
