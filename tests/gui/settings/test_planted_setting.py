"""A setting is a field of the config and a row of the window: planted ones appear, are checked, and are named."""

from __future__ import annotations

import argparse
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from engine.config import SETTINGS, TrainingConfig
from engine.options import add_experiment_options, config_from
from engine.settings import Choice, ConfigError, Flag, Number, Whole, setting, settings_of
from gui.settings import control_panel, fields
from gui.settings.control_panel import ControlPanel
from gui.text.edits import config_edit
from gui.text.names import NAMES, lane_titles
from gui.text.setting_rows import ROWS, Place, SettingRow
from gui.widgets.choice_box import ChoiceBox


class Mood(StrEnum):
    CALM = "calm"
    WILD = "wild"


@dataclass(frozen=True, kw_only=True)
class Planted(TrainingConfig):
    """The settings, and one more of each kind."""

    friction: float = setting(0.5, Number(0.0, 0.9), "friction of a step", restarts=True)
    patience: int | None = setting(7, Whole(1, 40), "epochs to wait; 0 is for ever", is_optional=True)
    mirror: bool = setting(False, Flag(), "mirror the points")
    mood: Mood = setting(Mood.CALM, Choice(Mood), "mood of the optimizer")
    leak: float = setting(0.25, Number(0.0, 0.5), "share that leaks")


PLANTED_ROWS = {
    "friction": SettingRow(title="Friction", tip="Slows a step down.", place=Place.TRAINING),
    "patience": SettingRow(title="Patience", tip="Epochs to wait.", place=Place.MORE, nothing="for ever"),
    "mirror": SettingRow(title="Mirror", tip="Mirrors all points.", place=Place.REGULARIZATION),
    "mood": SettingRow(title="Mood", tip="How it feels.", place=Place.MORE),
    "leak": SettingRow(title="Leak", label="Leaks", tip="What is lost.", place=Place.REGULARIZATION, is_percent=True),
}


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = cast(MutableMapping[str, Any], SETTINGS)
    for name, row in settings_of(Planted).items():
        monkeypatch.setitem(settings, name, row)
    for name, shown in PLANTED_ROWS.items():
        monkeypatch.setitem(ROWS, name, shown)
    kind: type[StrEnum] = Mood
    monkeypatch.setitem(NAMES, kind, {Mood.CALM: "Calm", Mood.WILD: "Wild"})
    for module in (control_panel, fields):
        monkeypatch.setattr(module, "TrainingConfig", Planted)


@pytest.fixture
def panel(qtbot: QtBot) -> ControlPanel:
    made = ControlPanel(QAction("&New Seed"))
    qtbot.addWidget(made)
    made.show_config(Planted())
    return made


def test_each_has_a_box_of_its_kind_and_range_with_a_label(panel: ControlPanel) -> None:
    friction, patience, leak = (panel.boxes[name] for name in ("friction", "patience", "leak"))

    assert (friction.minimum(), friction.maximum(), friction.value()) == (0.0, 0.9, 0.5)
    assert (patience.minimum(), patience.maximum(), patience.specialValueText()) == (0, 40, "for ever")
    assert (leak.maximum(), leak.text()) == (50, "25 %")
    assert isinstance(panel.boxes["mirror"], QCheckBox)
    assert isinstance(panel.boxes["mood"], ChoiceBox)
    assert panel.boxes["mood"].currentText() == "Calm"
    labels = {label.buddy(): label.text() for label in panel.findChildren(QLabel) if label.buddy() is not None}
    told = {name: labels[panel.boxes[name]] for name in PLANTED_ROWS}
    assert told == {"friction": "Friction", "patience": "Patience", "mirror": "Mirror", "mood": "Mood", "leak": "Leaks"}


def test_each_says_whether_a_change_starts_a_new_run(panel: ControlPanel) -> None:
    said = {name: panel.boxes[name].statusTip() for name in PLANTED_ROWS}

    assert said.pop("friction") == "Slows a step down. A change starts a new run."
    assert said["patience"] == "Epochs to wait. Takes effect at once, the weights stay."
    assert all(tip.endswith("Takes effect at once, the weights stay.") for tip in said.values())


def test_what_is_typed_becomes_a_config_that_is_in_range(panel: ControlPanel) -> None:
    told: list[TrainingConfig] = []
    panel.config_chosen.connect(told.append)
    for name, text in (("friction", "0.25"), ("friction", "7"), ("patience", "0"), ("leak", "10")):
        box: QAbstractSpinBox = panel.boxes[name]
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
    panel.boxes["mirror"].click()
    panel.boxes["mood"].setCurrentText("Wild")

    assert told[0] == Planted(friction=0.25)
    assert told[-1] == Planted(friction=0.9, patience=None, leak=0.1, mirror=True, mood=Mood.WILD)
    assert panel.regularization.heading == "Regularization · Mirror on, Leak 10 %"
    assert panel.more.heading == "More · Patience for ever, Mood Wild"


def test_values_out_of_range_are_refused() -> None:
    for name, value in {"friction": 0.95, "patience": 0, "mirror": 1, "mood": "sad", "leak": -0.1}.items():
        with pytest.raises(ConfigError, match=f"{name} is"):
            Planted(**{name: value})  # type: ignore[arg-type]  # each field its own


def test_steps_of_the_history_and_lanes_are_named_after_them() -> None:
    calm, wild = Planted(), Planted(mood=Mood.WILD)

    assert str(config_edit(calm, replace(calm, friction=0.25))[0]) == "Change Friction to 0.25"
    assert lane_titles((calm, wild)) == ("Calm", "Wild")
    assert lane_titles((calm, replace(calm, leak=0.1))) == ("Leak 25 %", "Leak 10 %")


def test_the_command_line_takes_them() -> None:
    parser = argparse.ArgumentParser()
    add_experiment_options(parser)
    typed = ["--friction", "0.25", "--patience", "0", "--mirror", "--mood", "wild"]

    assert config_from(parser.parse_args(typed), Planted()) == Planted(
        friction=0.25, patience=None, mirror=True, mood=Mood.WILD
    )
