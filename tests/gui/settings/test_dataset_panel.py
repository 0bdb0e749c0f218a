from __future__ import annotations

import argparse
from dataclasses import replace
from enum import StrEnum

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine import options, toy_datasets
from engine.config import ToyDataset
from engine.data.targets import Target
from engine.dataset import empty_dataset
from engine.toy_datasets import DEFAULT_RECIPE, ROWS, Points, Recipe, ToyRow
from gui.settings import dataset_panel
from gui.settings.dataset_panel import MAX_MADE_POINTS, DatasetPanel
from gui.text.names import NAMES, TOY_DATASETS
from gui.widgets.number_boxes import WholeBox

MOONS = Recipe(ToyDataset.MOONS, 120, 2, 0.123, 7, 0.056)
NUMBERS = {
    "points": (250, "n_samples", 250),
    "classes": (5, "n_classes", 5),
    "noise": (45, "noise", 0.45),
    "label_noise": (20, "label_noise", 0.2),
    "seed": (99, "seed", 99),
}


@pytest.fixture
def panel(qtbot: QtBot) -> DatasetPanel:
    made = DatasetPanel(MOONS)
    qtbot.addWidget(made)
    return made


def told_by(panel: DatasetPanel) -> list[Recipe]:
    told: list[Recipe] = []
    panel.sample_chosen.connect(told.append)
    return told


def added_by(panel: DatasetPanel) -> list[Recipe]:
    added: list[Recipe] = []
    panel.sample_added.connect(added.append)
    return added


def test_it_shows_the_sample_that_is_on_the_canvas(panel: DatasetPanel) -> None:
    assert panel.kind.choice() is ToyDataset.MOONS
    assert (panel.points.value(), panel.classes.value(), panel.noise.value()) == (120, 2, 12)
    assert (panel.label_noise.value(), panel.seed.value()) == (6, 7)


def test_showing_a_sample_or_that_there_is_none_announces_nothing(panel: DatasetPanel) -> None:
    told = told_by(panel)
    for sample in (DEFAULT_RECIPE, None, MOONS, None):
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
    assert told == [Recipe(ToyDataset.BLOBS, 250, 5, 0.45, 99, 0.2)]


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
    large = replace(MOONS, n_samples=MAX_MADE_POINTS + 5)
    panel.show_sample(large)
    told = told_by(panel)
    panel.noise.setValue(50)
    panel.points.setValue(100)
    assert told == [replace(large, noise=0.5), replace(large, n_samples=100, noise=0.5)]


def test_the_ranges_of_the_fields_are_those_of_a_sample(panel: DatasetPanel) -> None:
    boxes = (panel.points, panel.classes, panel.noise, panel.label_noise, panel.seed)
    ranges = [(box.minimum(), box.maximum()) for box in boxes]
    assert ranges == [(0, 20_000), (2, 10), (0, 100), (0, 50), (0, 2**31 - 1)]


def test_every_field_has_a_label_and_explains_itself(panel: DatasetPanel) -> None:
    boxes: list[QWidget] = [
        *(panel.kind, panel.points, panel.classes, panel.noise, panel.seed, panel.label_noise),
        panel.learns_values,
    ]
    buddies = [label.buddy() for label in panel.findChildren(QLabel) if label.buddy() is not None]
    # others share the row of one
    assert buddies == [panel.kind, panel.points, panel.noise, panel.label_noise, panel.learns_values]
    for box in boxes:
        assert box.accessibleName()
    for box in (*boxes, panel.new_sample, panel.add_sample):
        assert box.toolTip()
        assert box.statusTip()
    assert isinstance(panel.findChild(QComboBox, "dataset_box"), QComboBox)
    assert {box.objectName() for box in panel.findChildren(WholeBox)} == {
        *("samples_box", "classes_box", "noise_box", "label_noise_box", "sample_seed_box"),
    }
    for name, button in (("new_sample_button", panel.new_sample), ("add_sample_button", panel.add_sample)):
        assert panel.findChild(QToolButton, name) is button
        assert button.text()


# adding


def test_adding_takes_the_numbers_shown_and_the_next_seed_and_replaces_nothing(panel: DatasetPanel) -> None:
    told, added = told_by(panel), added_by(panel)
    panel.add_sample.click()
    assert added == [replace(MOONS, seed=8)]
    assert panel.seed.value() == 8
    assert told == []


def test_each_sample_that_is_added_is_another(panel: DatasetPanel) -> None:
    added = added_by(panel)
    for _ in range(3):
        panel.add_sample.click()
        panel.show_sample(None)  # as the window answers
    assert [sample.seed for sample in added] == [8, 9, 10]
    assert {replace(sample, seed=0) for sample in added} == {replace(MOONS, seed=0)}


def test_to_a_drawing_a_sample_of_the_numbers_that_were_typed_is_added(panel: DatasetPanel) -> None:
    panel.show_sample(None)
    added = added_by(panel)
    for name, (value, _, _) in NUMBERS.items():
        getattr(panel, name).setValue(value)
    panel.add_sample.click()
    assert added == [Recipe(ToyDataset.MOONS, 250, 5, 0.45, 100, 0.2)]


def shapes_of(panel: DatasetPanel) -> dict[str, QAction]:
    menu = panel.add_sample.menu()
    assert isinstance(menu, QMenu)
    return {action.text(): action for action in menu.actions()}


def test_any_shape_can_be_added_beside_the_one_that_is_shown(panel: DatasetPanel) -> None:
    told, added = told_by(panel), added_by(panel)
    shapes = shapes_of(panel)
    for kind, name in TOY_DATASETS.items():
        panel.show_sample(MOONS)
        shapes[name].trigger()
        assert added.pop() == replace(MOONS, kind=kind, seed=8)
    assert list(shapes) == list(TOY_DATASETS.values())
    assert told == []


def test_the_shape_that_was_added_last_is_added_again(panel: DatasetPanel) -> None:
    added = added_by(panel)
    shapes_of(panel)["Rings"].trigger()
    panel.show_sample(None)
    panel.add_sample.click()
    assert added == [replace(MOONS, kind=ToyDataset.RINGS, seed=seed) for seed in (8, 9)]


def test_the_button_says_what_it_would_add(panel: DatasetPanel) -> None:
    assert "120 points (Moons)" in panel.add_sample.statusTip()
    shapes_of(panel)["Rings"].trigger()
    panel.show_sample(None)
    panel.points.setValue(50)
    assert "50 points (Rings)" in panel.add_sample.statusTip()
    assert "50 points (Rings)" in panel.add_sample.toolTip()


def test_every_shape_that_can_be_added_has_a_status_tip(panel: DatasetPanel) -> None:
    assert all(action.statusTip() for action in shapes_of(panel).values())


def test_a_planted_toy_dataset_is_offered_and_made(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more member and one row are all it takes: the list box, the menu, the command line and the points follow."""

    class Toys(StrEnum):
        SPIRAL = "spiral"
        POND = "pond"

    def pond(along: Points, label: int, n_classes: int, generator: np.random.Generator) -> Points:
        return np.full((len(along), 2), label / n_classes)

    rows = {Toys.SPIRAL: ROWS[ToyDataset.SPIRAL], Toys.POND: ToyRow("Pond", pond, 4)}
    for module in (toy_datasets, options, dataset_panel):
        monkeypatch.setattr(module, "ToyDataset", Toys)
    monkeypatch.setattr(toy_datasets, "ROWS", rows)
    kind: type[StrEnum] = Toys
    monkeypatch.setitem(NAMES, kind, {toy: row.name for toy, row in rows.items()})
    panel = DatasetPanel(DEFAULT_RECIPE)
    qtbot.addWidget(panel)
    told = told_by(panel)
    panel.kind.setCurrentText("Pond")
    parser = argparse.ArgumentParser()
    options.add_experiment_options(parser)
    asked = options.recipe_from(parser.parse_args(["--dataset", "pond", "--points", "8", "--noise", "0"]))

    assert "Pond" in [action.text() for action in panel.add_sample.menu().actions()]
    assert [recipe.kind for recipe in told] == ["pond"]
    assert (asked.kind, asked.n_classes) == ("pond", 4)
    assert sorted(set(asked.make().points[:, 0].tolist())) == [0.0, 0.25, 0.5, 0.75]


def test_in_another_document_the_next_sample_has_as_many_classes_as_that(panel: DatasetPanel) -> None:
    panel.show_sample(None, empty_dataset(2))
    panel.classes.setValue(5)
    panel.show_sample(None, empty_dataset(2))
    assert panel.classes.value() == 5, "chosen for the next sample"
    panel.start_afresh()
    assert panel.classes.value() == 2


def test_what_only_classes_have_is_dimmed_while_values_are_learned(panel: DatasetPanel) -> None:
    dataset = toy_datasets.make(ToyDataset.SINE, n_samples=40, seed=1)
    for shown in (dataset, replace(dataset, target=Target.CLASSES)):
        panel.show_sample(None, shown)
        for box in (panel.classes, panel.label_noise):
            assert box.isEnabled() is not shown.has_values
        assert panel.noise.isEnabled()
