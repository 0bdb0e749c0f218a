from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.config import ToyDataset
from gui.dataset_panel import MOST_SAMPLES, DatasetPanel
from gui.number_boxes import WholeBox
from gui.sample import DEFAULT_SAMPLE, Sample

MOONS = Sample(ToyDataset.MOONS, 120, 2, 0.123, 7)
NUMBERS = {"samples": (250, "n_samples", 250), "classes": (5, "n_classes", 5), "noise": (45, "noise", 0.45)}


@pytest.fixture
def panel(qtbot: QtBot) -> DatasetPanel:
    made = DatasetPanel(MOONS)
    qtbot.addWidget(made)
    return made


def told_by(panel: DatasetPanel) -> list[Sample]:
    told: list[Sample] = []
    panel.sample_chosen.connect(told.append)
    return told


def test_it_shows_the_sample_that_is_on_the_canvas(panel: DatasetPanel) -> None:
    assert panel.kind.choice() is ToyDataset.MOONS
    assert (panel.samples.value(), panel.classes.value(), panel.noise.value()) == (120, 2, 12)


def test_showing_a_sample_or_that_there_is_none_announces_nothing(panel: DatasetPanel) -> None:
    told = told_by(panel)
    for sample in (DEFAULT_SAMPLE, None, MOONS, None):
        panel.show_sample(sample)
    assert told == []


def test_points_that_are_no_sample_are_called_the_users_own(panel: DatasetPanel) -> None:
    panel.show_sample(None)
    assert panel.kind.choice() is None
    assert panel.kind.placeholderText() == "own drawing"


@pytest.mark.parametrize("name", list(NUMBERS))
def test_a_number_makes_the_sample_anew_as_long_as_it_is_shown(panel: DatasetPanel, name: str) -> None:
    value, field, wanted = NUMBERS[name]
    told = told_by(panel)
    getattr(panel, name).setValue(value)
    assert told == [replace(MOONS, **{field: wanted})]  # type: ignore[arg-type]  # and the noise of 12.3 % is not rounded on the way


def test_once_something_was_drawn_the_numbers_wait_for_the_next_sample(panel: DatasetPanel) -> None:
    panel.show_sample(None)
    told = told_by(panel)
    for name, (value, _, _) in NUMBERS.items():
        getattr(panel, name).setValue(value)
    assert told == []
    panel.kind.setCurrentText("Blobs")
    assert told == [Sample(ToyDataset.BLOBS, 250, 5, 0.45, 7)]


def test_the_shape_that_was_drawn_over_can_be_chosen_again(panel: DatasetPanel) -> None:
    panel.show_sample(None)
    told = told_by(panel)
    panel.kind.setCurrentText("Moons")
    assert told == [MOONS]


def test_another_shape_takes_the_numbers_with_it(panel: DatasetPanel) -> None:
    told = told_by(panel)
    panel.kind.setCurrentText("Spiral")
    assert told == [replace(MOONS, kind=ToyDataset.SPIRAL)]


def test_a_shape_chosen_by_keyboard_is_announced_once(panel: DatasetPanel) -> None:
    told = told_by(panel)
    QTest.keyClick(panel.kind, Qt.Key.Key_Down)
    assert told == [replace(MOONS, kind=ToyDataset.CIRCLES)]


def test_a_new_sample_is_the_same_but_for_its_seed(panel: DatasetPanel) -> None:
    told = told_by(panel)
    panel.new_sample.click()
    assert told == [replace(MOONS, seed=8)]


def test_a_new_sample_in_place_of_a_drawing_is_of_the_last_shape(panel: DatasetPanel) -> None:
    panel.show_sample(None)
    told = told_by(panel)
    panel.new_sample.click()
    assert told == [replace(MOONS, seed=8)]


def test_the_last_seed_is_followed_by_the_first(panel: DatasetPanel) -> None:
    panel.show_sample(replace(MOONS, seed=2**31 - 1))
    told = told_by(panel)
    panel.new_sample.click()
    assert [sample.seed for sample in told] == [0]


def test_a_sample_larger_than_the_field_can_show_keeps_its_size_until_that_is_changed(panel: DatasetPanel) -> None:
    large = replace(MOONS, n_samples=MOST_SAMPLES + 5)
    panel.show_sample(large)
    told = told_by(panel)
    panel.noise.setValue(50)
    panel.samples.setValue(100)
    assert told == [replace(large, noise=0.5), replace(large, n_samples=100, noise=0.5)]


def test_the_ranges_of_the_fields_are_those_of_a_sample(panel: DatasetPanel) -> None:
    ranges = [(box.minimum(), box.maximum()) for box in (panel.samples, panel.classes, panel.noise)]
    assert ranges == [(0, 20_000), (2, 8), (0, 100)]


def test_every_field_has_a_label_and_explains_itself(panel: DatasetPanel) -> None:
    boxes: list[QWidget] = [panel.kind, panel.samples, panel.classes, panel.noise]
    buddies = [label.buddy() for label in panel.findChildren(QLabel) if label.buddy() is not None]
    assert buddies == boxes
    for box in (*boxes, panel.new_sample):
        assert box.toolTip()
        assert box.statusTip()
    assert isinstance(panel.findChild(QComboBox, "dataset_box"), QComboBox)
    assert {box.objectName() for box in panel.findChildren(WholeBox)} == {"samples_box", "classes_box", "noise_box"}
    assert panel.findChild(QToolButton, "new_sample_button") is panel.new_sample
