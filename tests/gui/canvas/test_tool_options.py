"""The options of the tool in hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSlider, QSpinBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.config import Initialization, Output, TrainingConfig
from engine.insight.field import View, colour_table
from engine.insight.survey import Mesh
from engine.training import Trainer
from gui.canvas.tool_options import NOTE_TIP, ToolOptionsBar
from gui.drawing.options import RANGES, Spread, ToolOptions, options_from
from gui.drawing.tools import Tool
from gui.menus import make_actions
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.flow_bar import FlowBar
from tests.engine.fields import make_field
from tests.engine.reference import cloud

VISIBLE = {
    Tool.POINT: set(),
    Tool.BRUSH: {"ring_slider", "spacing_box"},
    Tool.SPRAY: {"ring_slider", "spread_box", "rate_box"},
    Tool.ERASER: {"ring_slider"},
    Tool.RELABEL: {"ring_slider", "relabel_share_box"},
    Tool.RECTANGLE: set(),
    Tool.JITTER: {"ring_slider", "strength_box"},
    Tool.MAGNET: {"ring_slider", "strength_box"},
    Tool.MOON: {"ring_slider", "stamp_points_box", "stamp_noise_box"},
}


@pytest.fixture
def bar(qtbot: QtBot) -> ToolOptionsBar:
    holder = QObject()
    bar = ToolOptionsBar(make_actions(holder))
    holder.setParent(bar)
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    return bar


def box(bar: ToolOptionsBar, name: str) -> QSpinBox:
    found = bar.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


@pytest.mark.parametrize("tool", VISIBLE)
def test_a_tool_has_its_own_options(bar: ToolOptionsBar, tool: Tool) -> None:
    bar.show_tool(tool)
    names = {name for names in VISIBLE.values() for name in names}
    shown = {name for name in names if bar.findChild(QWidget, name).isVisible()}  # type: ignore[union-attr]
    assert shown == VISIBLE[tool]


def test_options_are_shown_and_not_announced(qtbot: QtBot, bar: ToolOptionsBar) -> None:
    with qtbot.assertNotEmitted(bar.options_chosen), qtbot.assertNotEmitted(bar.ring_chosen):
        bar.show_options(ToolOptions(rate=123, spread=Spread.GAUSSIAN, stamp_noise=0.25))
        bar.show_ring(40.0)
    assert box(bar, "rate_box").value() == 123
    assert box(bar, "stamp_noise_box").value() == 25
    spread = bar.findChild(ChoiceBox, "spread_box")
    assert spread is not None
    assert spread.choice() is Spread.GAUSSIAN


def test_a_chosen_option_is_told_with_all_the_others(qtbot: QtBot, bar: ToolOptionsBar) -> None:
    bar.show_options(ToolOptions(rate=123))
    with qtbot.waitSignal(bar.options_chosen) as signal:
        box(bar, "strength_box").setValue(75)
    assert signal.args == [ToolOptions(rate=123, strength=0.75)]


def test_the_slider_is_the_radius_of_the_ring_on_a_scale_of_equal_factors(qtbot: QtBot, bar: ToolOptionsBar) -> None:
    slider = bar.findChild(QSlider, "ring_slider")
    assert slider is not None
    sizes: list[float] = []
    bar.ring_chosen.connect(sizes.append)
    for step in (0, 50, 100):
        slider.setValue(step)
    assert sizes[-2:] == pytest.approx([40, 400])
    bar.show_ring(4.0)
    assert slider.value() == 0


def test_options_come_back_from_what_was_kept() -> None:
    options = ToolOptions(spacing=2.0, spread=Spread.GAUSSIAN, rate=500.0, stamp_points=7)
    assert options_from(options.as_table()) == options


@pytest.mark.parametrize(
    "table",
    [
        {"rate": "fast"},
        {"rate": float("nan")},
        {"rate": 1e9},
        {"rate": True},
        {"spread": "everywhere"},
        {"spread": 3},
        {"unknown": 1},
        {"stamp_points": None},
    ],
)
def test_what_cannot_be_is_as_usual(table: dict[str, object]) -> None:
    assert options_from(table) == ToolOptions()


def test_every_number_has_a_range_that_holds_its_usual_value() -> None:
    usual = ToolOptions()
    assert set(RANGES) == set(usual.as_table()) - {"spread"}
    assert all(low <= getattr(usual, name) <= high for name, (low, high) in RANGES.items())


VIEW = View(-4, 14, -4, 14, 120, 120, ((255, 0, 0), (0, 0, 255)), (255, 255, 255))


@pytest.mark.parametrize(("output", "threshold"), [(Output.SOFTMAX, 0.5), (Output.SIGMOID, 0.5), (Output.SIGMOID, 0.8)])
def test_what_the_note_says_of_line_and_colours_is_what_the_plane_shows(output: Output, threshold: float) -> None:
    config = TrainingConfig(
        hidden_layers=(8,),
        output=output,
        threshold=threshold,
        initialization=Initialization.NORMAL,
        initialization_sigma=1.5,
        seed=2,
    )
    trainer = Trainer(cloud(60, 2), config)
    rows = columns = 60
    probabilities = trainer.probabilities(VIEW.grid_points(rows, columns))

    def asked(places: NDArray[np.float32]) -> NDArray[np.float32]:
        return trainer.probabilities(VIEW.grid_points(rows, columns)[(places @ [1, columns]).astype(int)]).T

    field = make_field(VIEW, Mesh(rows, columns), asked, trainer.threshold)
    on_the_line = trainer.probabilities(field.boundary[:, :2])
    is_first = np.isin(field.pixels.ravel(), colour_table(VIEW.colours, VIEW.neutral)[:256])
    between = (probabilities[:, 1] > 0.52) & (probabilities[:, 1] < threshold - 0.02)

    assert len(on_the_line) > 10
    np.testing.assert_allclose(on_the_line[:, 1], threshold, atol=0.01)
    are_equal = np.allclose(on_the_line[:, 0], on_the_line[:, 1], atol=0.02)
    assert are_equal == (threshold == 0.5)
    assert is_first[between].all(), "the colour of the first class, though the second is more probable"
    assert between.any() == (threshold > 0.5)
    assert "the two largest probabilities are equal" in NOTE_TIP
    assert "with one sigmoid unit it is where P(second class) is the threshold, and the colours are by that" in NOTE_TIP


def test_the_note_says_by_which_points_coordinates_are_standardised() -> None:
    dataset = cloud(100, 2)
    config = TrainingConfig(hidden_layers=(4,), validation_fraction=0.4)
    moved = dataset.points.copy()
    moved[dataset.validation_mask(0.4)] += 100  # which no network is to notice
    place = [[5.0, 5.0]]

    of_all, of_moved = (Trainer(data, config) for data in (dataset, replace(dataset, points=moved)))

    np.testing.assert_array_equal(of_all.probabilities(place), of_moved.probabilities(place))
    assert "the mean and standard deviation of the training points at the start of the run" in NOTE_TIP


def test_the_row_is_arranged_anew_only_when_a_widget_comes_goes_or_changes_its_size(
    bar: ToolOptionsBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged: list[int] = []
    arrange = FlowBar._arrange
    bar.show()
    QApplication.processEvents()

    def arrange_and_count(self: FlowBar) -> None:
        arranged.append(1)
        arrange(self)

    monkeypatch.setattr(FlowBar, "_arrange", arrange_and_count)
    undo = bar.findChild(QToolButton, "undo_button")
    assert undo is not None
    undo.defaultAction().setText("Undo Change Threshold to 0.25")
    QApplication.processEvents()
    assert not arranged
    undo.setMinimumWidth(undo.width() + 20)
    QApplication.processEvents()
    assert arranged
    arranged.clear()
    bar.show_tool(Tool.SPRAY)
    QApplication.processEvents()
    assert arranged
