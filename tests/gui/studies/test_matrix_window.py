"""The window of the matrix: through its widgets, without a process, and once with a real one."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Activation, Initialization, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment
from engine.studies.front import grid_order
from engine.studies.grid import CellRun, GridTask
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from gui.studies.matrix_grid import SCALE, ink_on, scale_colour
from gui.studies.matrix_window import FIRST_ACTIVATIONS, FIRST_INITIALIZATIONS, MatrixWindow, to_train, would_train
from gui.studies.study_process import StudyProcess
from gui.text.matrix_text import COLUMNS, as_csv, as_markdown, as_tabs, matrix_subject
from gui.text.numbers import duration

SPIRAL = toy_datasets.make("spiral", n_samples=90, n_classes=3, seed=1)
EXPERIMENT = Experiment(SPIRAL, (TrainingConfig(hidden_layers=(6,) * 5, seed=4, learning_rate=0.003),))
SIGMOID_DEFAULT = (Activation.SIGMOID, Initialization.TORCH_DEFAULT)


class Heard:
    """What the window asked for."""

    def __init__(self, window: MatrixWindow) -> None:
        self.tasks: list[GridTask] = []
        self.cancels = 0
        self.cells: list[tuple[Any, Any]] = []
        window.start_wanted.connect(self.tasks.append)
        window.cancel_wanted.connect(self._count)
        window.cell_chosen.connect(lambda activation, initialization: self.cells.append((activation, initialization)))

    def _count(self) -> None:
        self.cancels += 1


@pytest.fixture
def window(qtbot: QtBot) -> MatrixWindow:
    made = MatrixWindow()
    qtbot.addWidget(made)
    made.show_experiment(EXPERIMENT)
    made.show()
    return made


@pytest.fixture
def heard(window: MatrixWindow) -> Heard:
    return Heard(window)


def run_of(
    cell: tuple[Activation, Initialization], accuracy: float, ratio: float, seed: int = 4, **others: Any
) -> CellRun:
    """A run of a cell."""
    run = CellRun(cell[0], cell[1], seed, ratio, 0.5, accuracy, 1.0, False, 300)
    return replace(run, **others)


def text_at(window: MatrixWindow, row: int, column: int) -> str:
    """What stands in a cell."""
    item = window.grid.item(row, column)
    assert item is not None
    return item.text()


def tip_at(window: MatrixWindow, row: int, column: int) -> str:
    """The tooltip of a cell."""
    item = window.grid.item(row, column)
    assert item is not None
    return item.toolTip()


def centre_of(window: MatrixWindow, row: int, column: int) -> QPoint:
    """Where a cell is in the viewport of the grid."""
    return window.grid.visualRect(window.grid.model().index(row, column)).center()


def test_start_asks_for_what_is_ticked(window: MatrixWindow, heard: Heard) -> None:
    window.activations.tick([Activation.GELU, Activation.TANH])
    window.initializations.tick([Initialization.HE_NORMAL])
    window.epochs.setValue(70)
    window.seeds.setValue(2)
    window.start_button.click()

    (task,) = heard.tasks
    assert task.dataset is SPIRAL
    assert task.config == EXPERIMENT.lanes[0]
    assert task.activations == (Activation.TANH, Activation.GELU)
    assert task.initializations == (Initialization.HE_NORMAL,)
    assert (task.seeds, task.epochs) == ((4, 5), 70)


def test_the_first_choices_are_those_of_the_lesson(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()

    (task,) = heard.tasks
    assert task.activations == FIRST_ACTIVATIONS
    assert task.initializations == FIRST_INITIALIZATIONS
    assert (task.n_runs, task.epochs) == (45, 300)
    assert [window.grid.verticalHeaderItem(row).text() for row in range(5)] == [
        "Sigmoid", "Tanh", "ReLU", "Leaky ReLU", "ELU",
    ]  # fmt: skip


def test_space_ticks_with_the_keyboard_alone(window: MatrixWindow) -> None:
    window.activations.setFocus()
    window.activations.setCurrentRow(list(Activation).index(Activation.SILU))
    QTest.keyClick(window.activations, Qt.Key.Key_Space)

    assert Activation.SILU in window.activations.ticked()
    assert window.grid.rowCount() == 6


def test_it_says_in_words_what_is_trained(window: MatrixWindow) -> None:
    n_points = 90 - int(SPIRAL.validation_mask(0.2).sum())
    assert window.subject.text() == (
        f"To train: 5 × 6 (depth × width), {n_points} training points of 3 classes, Adam, learning rate 0.003, "
        "batches of 32."
    )


def test_one_training_of_one_epoch_is_said_as_one(window: MatrixWindow) -> None:
    window.activations.tick([Activation.TANH])
    window.initializations.tick([Initialization.HE_NORMAL])
    window.seeds.setValue(1)
    window.epochs.setValue(1)
    assert window.note.text() == "Start trains once for 1 epoch."
    window.start_button.click()
    assert ", 1 epoch, one seed." in window.subject.text()


def test_settings_that_are_not_as_usual_are_told_too() -> None:
    config = TrainingConfig(
        hidden_layers=(4, 3), batch_size=None, batch_norm=True, dropout=0.2, activation=Activation.ELU, seed=8
    )
    subject = matrix_subject(SPIRAL, config)

    assert subject.startswith("hidden layers of 4, 3, ")
    assert subject.endswith("the full batch, Batch Normalization on, Dropout 20 %")


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min 0 s"), (125.5, "2 min 6 s")])
def test_a_time_to_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_cells_show_medians_and_tips_the_range_over_the_seeds(window: MatrixWindow) -> None:
    window.start_button.click()
    for seed, accuracy, ratio in ((4, 0.5, 2e-14), (5, 0.9, 4e-14), (6, 0.6, 9e-13)):
        window.show_run(run_of(SIGMOID_DEFAULT, accuracy, ratio, seed))

    assert text_at(window, 0, 0).splitlines() == ["60.0 %", "4.0·10⁻¹⁴", "▼ vanishing"]
    assert "60.0 % (50.0 % to 90.0 %)" in tip_at(window, 0, 0)
    assert "4.0·10⁻¹⁴ (2.0·10⁻¹⁴ to 9.0·10⁻¹³)" in tip_at(window, 0, 0)
    assert text_at(window, 1, 0) == "…"


@pytest.mark.parametrize(
    ("accuracy", "ratio", "diverged", "marks"),
    [
        (0.38, 0.5, False, ["○ at chance"]),
        (0.39, 0.5, False, []),
        (0.39, 0.00099, False, ["▼ vanishing"]),
        (0.39, 0.001, False, []),
        (0.2, 0.0, True, ["○ at chance", "▼ vanishing", "✕ diverged"]),
        (0.9, math.nan, False, []),
    ],
)
def test_marks_say_without_colour_what_is_wrong(
    accuracy: float, ratio: float, diverged: bool, marks: list[str], window: MatrixWindow
) -> None:
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, accuracy, ratio, diverged=diverged))

    assert text_at(window, 0, 0).splitlines()[2:] == marks


def test_the_legend_gives_the_rules(window: MatrixWindow) -> None:
    assert "below 10⁻³" in window.legend.text()
    assert "33.3\N{NO-BREAK SPACE}%" in window.legend.text()


def test_progress_counts_and_tells_the_time_that_is_left(window: MatrixWindow) -> None:
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 0.5, 1.0))

    assert (window.progress.value(), window.progress.maximum()) == (1, 45)
    assert window.progress.text().startswith("1 of 45 · ")
    assert window.progress.text().endswith("left")


def test_start_becomes_cancel_and_comes_back_when_all_is_done(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()
    assert window.start_button.text().replace("&", "") == "Cancel"
    assert not window.epochs.isEnabled()
    window.start_button.click()
    assert heard.cancels == 1
    assert not window.start_button.isEnabled()  # until it is answered
    window.show_finished()

    assert window.start_button.text().replace("&", "") == "Start"
    assert window.start_button.isEnabled()
    assert window.epochs.isEnabled()
    assert "Cancelled" in window.note.text()


def test_a_failure_is_told_and_another_start_is_possible(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()
    window.show_failed(InputError("No luck."))

    assert window.note.text() == "The matrix could not be trained: No luck."
    window.start_button.click()
    assert len(heard.tasks) == 2
    assert window.note.text() == ""
    window.show_failed(None)
    assert window.note.text() == (
        "Training the matrix stopped by an unexpected error. Start it again; the log says more."
    )


def test_closing_cancels_and_keeps_what_is_done(window: MatrixWindow, heard: Heard) -> None:
    window.cancel_wanted.connect(window.show_finished)
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 0.5, 1.0))
    window.close()
    assert heard.cancels == 1
    assert not window.isVisible()
    window.show()

    assert text_at(window, 0, 0).startswith("50.0 %")


def test_a_click_on_a_cell_with_a_result_chooses_it(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()
    window.show_run(run_of((Activation.TANH, Initialization.HE_UNIFORM), 0.5, 1.0))
    QTest.mouseClick(
        window.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre_of(window, 1, 2)
    )
    QTest.mouseClick(
        window.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre_of(window, 0, 0)
    )

    assert heard.cells == [(Activation.TANH, Initialization.HE_UNIFORM)]
    assert isinstance(heard.cells[0][0], Activation)


def test_a_double_click_opens_one_lane_not_two(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 0.5, 1.0))
    port, place = window.grid.viewport(), centre_of(window, 0, 0)
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert heard.cells == [SIGMOID_DEFAULT]


def test_enter_chooses_the_cell_that_has_the_keyboard(window: MatrixWindow, heard: Heard) -> None:
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 0.5, 1.0))
    window.grid.setFocus()
    window.grid.setCurrentCell(0, 0)
    QTest.keyClick(window.grid, Qt.Key.Key_Return)

    assert heard.cells == [SIGMOID_DEFAULT]
    assert heard.cancels == 0  # Enter did not reach the default button


def test_what_cannot_be_trained_is_told_instead_of_started(window: MatrixWindow) -> None:
    window.show_experiment(EXPERIMENT.with_dataset(SPIRAL.cleared()))
    assert not window.start_button.isEnabled()
    assert "no points" in window.note.text()
    assert "no points" in window.start_button.toolTip()
    window.show_experiment(EXPERIMENT)
    assert window.start_button.isEnabled()
    window.initializations.tick([])

    assert not window.start_button.isEnabled()
    assert window.note.text() == "Tick at least one initialization."


def test_results_of_other_settings_are_said_to_be(window: MatrixWindow) -> None:
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 0.5, 1.0))
    window.show_finished()
    assert "would now train" not in window.subject.text()
    window.show_experiment(EXPERIMENT.with_lane(0, TrainingConfig(hidden_layers=(7,))))

    assert "5 × 6" in window.subject.text()
    assert "would now train: 1 × 7" in window.subject.text()
    assert text_at(window, 0, 0).startswith("50.0 %")


def test_a_hidden_window_reads_no_experiment(window: MatrixWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.hide()
    asked: list[object] = []
    monkeypatch.setattr(Experiment, "obstacle", asked.append)
    window.show_experiment(EXPERIMENT)

    assert asked == []


def test_the_matrix_is_copied_as_a_table(window: MatrixWindow) -> None:
    window.start_button.click()
    window.show_run(run_of((Activation.TANH, Initialization.HE_UNIFORM), 0.25, 2e-9))
    wanted = ["Tanh", "He, uniform", "1", "0.25", "0.25", "0.25", "2e-09", "2e-09", "2e-09", "0.5", "0"]

    window.copy(as_tabs)
    text = QGuiApplication.clipboard().text()
    assert [line.split("\t") for line in text.splitlines()] == [[*COLUMNS], [*wanted, "at chance; vanishing"]]
    window.copy(as_csv)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows == [[*COLUMNS], [*wanted, "at chance; vanishing"]]
    window.copy(as_markdown)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 1}


def test_everything_has_a_name_and_a_tip(window: MatrixWindow) -> None:
    controls: list[QWidget] = [
        window.activations, window.initializations, window.epochs, window.seeds, window.progress, window.scale,
        *window.findChildren(QPushButton),
    ]  # fmt: skip

    assert [control.objectName() for control in controls if not (control.toolTip() and control.statusTip())] == []
    buddies = {label.buddy() for label in window.findChildren(QLabel)}
    for control in controls[:6]:
        assert control.accessibleName() or control in buddies, control.objectName()
    assert window.grid.accessibleName()


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2."""
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_colours_get_lighter_with_accuracy_and_text_on_them_can_be_read() -> None:
    colours = [scale_colour(step / 100) for step in range(101)]
    lightness = [luminance(colour) for colour in colours]

    assert lightness == sorted(lightness)
    assert (colours[0], colours[-1]) == (SCALE[0], SCALE[-1])
    for colour, light in zip(colours, lightness, strict=True):
        ink = luminance(ink_on(colour))
        assert (max(ink, light) + 0.05) / (min(ink, light) + 0.05) >= 4.5


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
def test_cells_are_painted_in_the_colour_of_their_accuracy_in_both_themes(window: MatrixWindow, chrome: Chrome) -> None:
    window.setPalette(palette_of(chrome))
    window.start_button.click()
    window.show_run(run_of(SIGMOID_DEFAULT, 1 / 3, 1e-14))
    window.show_run(run_of((Activation.RELU, Initialization.HE_UNIFORM), 1.0, 1.0))
    QApplication.processEvents()
    picture = window.grid.viewport().grab().toImage()
    chance, best, pending = (
        window.grid.visualRect(window.grid.model().index(row, column)).topLeft() + QPoint(8, 8)
        for row, column in ((0, 0), (2, 2), (4, 1))
    )

    assert picture.pixelColor(chance) == SCALE[0]
    assert picture.pixelColor(best) == SCALE[-1]
    assert picture.pixelColor(pending) == palette_of(chrome).base().color()


def test_with_a_real_process_the_grid_fills_and_the_window_stays_live(window: MatrixWindow, qtbot: QtBot) -> None:
    process = StudyProcess()
    window.start_wanted.connect(lambda task: process.start(grid_order(task)))
    window.cancel_wanted.connect(process.cancel)
    process.job_finished.connect(window.show_run)
    process.finished.connect(window.show_finished)
    process.failed.connect(window.show_failed)
    window.activations.tick([Activation.RELU])
    window.epochs.setValue(2)
    window.start_button.click()
    qtbot.waitUntil(lambda: window.note.text().startswith("Done"), timeout=20_000)

    assert window.n_done == 9
    assert all("%" in text_at(window, 0, column) for column in range(3))
    window.epochs.setValue(1_000_000)
    window.start_button.click()
    assert process.is_running
    window.start_button.click()
    assert not process.is_running
    assert "Cancelled" in window.note.text()


def test_of_several_lanes_it_is_said_whose_settings_are_trained() -> None:
    lane = TrainingConfig()
    single = Experiment(SPIRAL, (lane,))
    assert to_train(single).startswith("To train: ")
    assert would_train(single).startswith("Start would now train: ")
    several = Experiment(SPIRAL, (lane, replace(lane, activation=Activation.RELU)))
    assert to_train(several).startswith("To train, with the settings of lane 1: ")
    assert would_train(several).startswith("Start would now train, with the settings of lane 1: ")
