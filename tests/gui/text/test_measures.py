"""What the bars can be the size of: each number against the engine's own, in the real window."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import DIAGNOSIS, ComplaintKind
from engine.insight.verdict import GRADIENT
from engine.run.snapshot import RunState
from engine.studies.presets import vanishing_lab
from engine.training import Trainer
from gui.main_window import MainWindow
from gui.paint.theme import LIGHT
from gui.text.measures import PARTS, SIZES, Part, Size, bar_label, is_numbered, measured_sizes
from gui.views import LabView
from tests.gui.conftest import wait_for_epochs
from tests.gui.diagnoses import make_diagnosis
from tests.gui.pictures import of_colour, pixels

EPOCHS = 3


def choose(window: MainWindow, text: str) -> None:
    button = window.laboratory.panel.findChild(QToolButton, "measure_button")
    assert isinstance(button, QToolButton)
    menu = button.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == text).trigger()


def shown(window: MainWindow, lane: int) -> list[float]:
    """The numbers of a lane's bars, as their tips tell them."""
    plot, numbers = window.gradient_plot, []
    for _, row in plot.rows(lane):
        place = row.center().toPoint()
        plot.event(QHelpEvent(QHelpEvent.Type.ToolTip, place, plot.mapToGlobal(QPoint(place))))
        number = re.search(r": .* (\S+)</p>$", QToolTip.text())
        assert number is not None
        digits, _, exponent = number[1].partition("·10")
        superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
        numbers.append(float(digits) * 10.0 ** int(exponent.translate(superscripts) or 0))
    return numbers


@pytest.fixture
def lab(qtbot: QtBot, window: MainWindow) -> MainWindow:
    window.actions_by_name["vanishing_lab"].trigger()
    window.session.train(until=EPOCHS)
    wait_for_epochs(qtbot, window, EPOCHS)
    qtbot.waitUntil(lambda: all(lane.readings.epoch(GRADIENT) == EPOCHS for lane in window.session.snapshot.lanes))
    qtbot.waitUntil(lambda: window.session.snapshot.state is RunState.PAUSED)
    return window


def wait_for_diagnosis(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: (
            all(lane.diagnosis is not None for lane in window.session.snapshot.lanes)
            and window.session.snapshot.lanes != ()
        )
    )


def update_ratios(window: MainWindow) -> list[float]:
    """Of the first lane, by the newest snapshot: the end of a run may be measured once more while one waits."""
    diagnosis = window.session.snapshot.lanes[0].diagnosis
    assert diagnosis is not None
    return [layer.update_ratio for layer in diagnosis.layers]


def expected(part: Part, size: Size) -> NDArray[np.float64]:
    """Of the first lane, from a trainer of the same seed and the gradient by each of its tensors."""
    experiment = vanishing_lab()
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(EPOCHS):
        trainer.epoch()
    n_points = int((~experiment.dataset.validation_mask(experiment.lanes[0].validation_fraction)).sum())
    sums = trainer.measure_gradient().finished().tensor_norms()
    weights, biases = sums[::2] / n_points, sums[1::2] / n_points
    sizes = trainer.config.hidden_layers
    outputs = np.array([*sizes, experiment.dataset.n_classes if experiment.dataset.n_classes > 2 else 1])
    inputs = np.array([experiment.dataset.n_features, *sizes])
    norms = {Part.WEIGHTS: weights, Part.BIASES: biases, Part.BOTH: np.hypot(weights, biases)}
    counts = {Part.WEIGHTS: inputs * outputs, Part.BIASES: outputs, Part.BOTH: (inputs + 1) * outputs}
    match size:
        case Size.SUMMED:
            return sums
        case Size.RMS:
            rms: NDArray[np.float64] = norms[part] / np.sqrt(counts[part])
            return rms
        case _:
            return norms[part]


@pytest.mark.parametrize("size", [Size.NORM, Size.RMS, Size.SUMMED])
@pytest.mark.parametrize("part", list(Part))
def test_each_measure_shows_the_numbers_of_the_engine(qtbot: QtBot, lab: MainWindow, part: Part, size: Size) -> None:
    choose(lab, PARTS[part])
    choose(lab, SIZES[size])
    assert lab.gradient_plot.measure == (part, size)
    if DIAGNOSIS in lab.gradient_plot.needs:
        wait_for_diagnosis(qtbot, lab)
    wanted = expected(part, size)
    qtbot.waitUntil(lambda: len(lab.gradient_plot.rows()) == len(wanted))
    np.testing.assert_allclose(shown(lab, 0), wanted, rtol=1e-3)


def test_the_largest_entry_lies_between_root_mean_square_and_norm(qtbot: QtBot, lab: MainWindow) -> None:
    seen = {}
    for size in (Size.RMS, Size.LARGEST, Size.NORM):
        choose(lab, SIZES[size])
        if DIAGNOSIS in lab.gradient_plot.needs:
            wait_for_diagnosis(qtbot, lab)
        qtbot.waitUntil(lambda: len(lab.gradient_plot.rows()) > 0)
        seen[size] = np.array(shown(lab, 1))
    assert (seen[Size.RMS] < seen[Size.LARGEST]).all()
    assert (seen[Size.LARGEST] <= seen[Size.NORM] * 1.001).all()


def test_slow_learning_is_shown_by_what_a_step_changes(qtbot: QtBot, lab: MainWindow) -> None:
    lab.laboratory.panel.show_view(LabView.COMPLAINTS)
    lab.laboratory.panel.show_complaint(ComplaintKind.SLOW_LEARNING)
    assert lab.laboratory.panel.view is LabView.BARS
    assert lab.gradient_plot.measure == (Part.WEIGHTS, Size.UPDATE_RATIO)
    assert DIAGNOSIS in lab.laboratory.panel.needs
    wait_for_diagnosis(qtbot, lab)
    qtbot.waitUntil(
        lambda: bool(np.isfinite(shown(lab, 0)).all())
    )  # of the step before the pause, though nobody looked then
    lab.session.train(until=2 * EPOCHS)
    wait_for_epochs(qtbot, lab, 2 * EPOCHS)
    wait_for_diagnosis(qtbot, lab)
    qtbot.waitUntil(lambda: np.allclose(shown(lab, 0), update_ratios(lab), rtol=1e-3))
    assert np.isfinite(update_ratios(lab)).all()
    assert "10⁻³" in lab.gradient_plot.verdict
    picture = pixels(lab.gradient_plot)
    row = lab.gradient_plot.rows()[0][1]
    # the dashed line at 10⁻³ lies where the lengths of the bars say: numbers of dense bars take room of the rows
    column = of_colour(picture, LIGHT.warning)[int(row.top()) :, : int(row.right())].sum(axis=0)
    assert column.max() > 20
    output = lab.gradient_plot.rows()[-1][1]
    bar = np.nonzero(of_colour(picture, LIGHT.lanes[0])[int(output.center().y()), : int(row.right())])[0]
    share = lab.gradient_plot._steady.axis.share
    length = share(1e-3) / share(update_ratios(lab)[-1]) * (bar[-1] + 1 - bar[0])
    assert column.argmax() - bar[0] == pytest.approx(length, abs=2.0)
    lab.laboratory.panel.show_complaint(ComplaintKind.VANISHING)
    assert lab.gradient_plot.measure == (Part.WEIGHTS, Size.NORM)
    assert DIAGNOSIS not in lab.laboratory.panel.needs


def test_measures_that_choose_their_tensors_leave_no_choice_of_them(lab: MainWindow) -> None:
    button = lab.laboratory.panel.findChild(QToolButton, "measure_button")
    assert isinstance(button, QToolButton)
    menu = button.menu()
    assert menu is not None
    weights = next(action for action in menu.actions() if action.text() == PARTS[Part.WEIGHTS])
    choose(lab, SIZES[Size.SUMMED])
    assert not weights.isEnabled()
    choose(lab, SIZES[Size.RMS])
    assert weights.isEnabled()


def test_the_button_is_there_only_for_the_bars(lab: MainWindow) -> None:
    button = lab.laboratory.panel.findChild(QToolButton, "measure_button")
    assert isinstance(button, QToolButton)
    assert button.isVisible()
    lab.laboratory.panel.show_view(LabView.CHAIN_RULE)
    assert not button.isVisible()


def test_sums_are_over_all_training_points_however_many_were_looked_at() -> None:
    diagnosis = replace(make_diagnosis([0.5, 1.0]), n_points=40, n_training=100)

    assert measured_sizes(diagnosis, Part.WEIGHTS, Size.SUMMED).tolist() == [100.0] * 4  # of norms of 1


def test_tensors_in_turn_are_called_by_their_letters() -> None:
    labels = [bar_label(index, 4, Size.SUMMED) for index in range(4)]
    assert labels == ["W1", "b1", "W2", "b2"]


def test_where_there_is_room_for_every_second_number_the_output_has_one_and_of_tensors_the_weights() -> None:
    assert [index for index in range(21) if is_numbered(index, 21, 2, Size.NORM)][-1] == 20
    numbered = [bar_label(index, 42, Size.SUMMED) for index in range(42) if is_numbered(index, 42, 2, Size.SUMMED)]
    assert numbered == [f"W{layer}" for layer in range(1, 22)]
    sparse = [bar_label(index, 42, Size.SUMMED) for index in range(42) if is_numbered(index, 42, 3, Size.SUMMED)]
    assert sparse == [f"W{layer}" for layer in range(1, 22, 2)]
    assert all(is_numbered(index, 42, 1, size) for index in range(42) for size in Size)
