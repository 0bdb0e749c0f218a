from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from engine.config import Loss, Schedule, TrainingConfig
from gui.settings.fields import (
    FieldForm,
    SettingField,
    choice_field,
    flag_field,
    number_field,
    optional_field,
    percent_field,
)
from gui.text.names import NAMES
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.number_boxes import RateBox, WholeBox

pytestmark = pytest.mark.usefixtures("qapp")


def size_field() -> SettingField:
    return optional_field("batch_size", WholeBox("box", 0, 99), "full batch")


FIELDS: dict[str, tuple[Callable[[], SettingField], TrainingConfig, object]] = {
    "choice": (lambda: choice_field("loss", ChoiceBox("box", NAMES[Loss])), TrainingConfig(loss=Loss.MSE), Loss.MSE),
    "number": (lambda: number_field("l2", RateBox("box", 0.0, 10.0)), TrainingConfig(l2=0.25), 0.25),
    "nothing": (size_field, TrainingConfig(batch_size=None), None),
    "something": (size_field, TrainingConfig(batch_size=7), 7),
    "share": (lambda: percent_field("dropout", WholeBox("box", 0, 95)), TrainingConfig(dropout=0.15), 0.15),
    "flag": (lambda: flag_field("batch_norm", "box"), TrainingConfig(batch_norm=True), True),
}


@pytest.mark.parametrize("kind", list(FIELDS))
def test_a_field_shows_what_the_config_says_and_announces_nothing(kind: str) -> None:
    make, config, value = FIELDS[kind]
    field = make()
    told: list[str] = []
    field.changed.connect(lambda *_: told.append(kind))
    field.show(config)
    assert field.value() == value
    assert told == []


def form_of(*fields: SettingField, hides: bool = False) -> FieldForm:
    form = FieldForm()
    for field in fields:
        form.add(field.name, field, lambda config: config.schedule is not Schedule.CONSTANT, hides=hides)
    return form


@pytest.mark.parametrize("hides", [False, True])
def test_a_field_is_dimmed_or_hidden_where_it_does_not_matter(hides: bool) -> None:
    host = QWidget()
    field = number_field("schedule_factor", RateBox("box", 0.0, 1.0))
    form = form_of(field, hides=hides)
    host.setLayout(form.layout)
    for schedule in (Schedule.STEP, Schedule.CONSTANT, Schedule.COSINE):
        form.show_config(TrainingConfig(schedule=schedule))
        matters = schedule is not Schedule.CONSTANT
        assert form.layout.isRowVisible(0) == (matters or not hides)
        assert field.box.isEnabled() == (matters or hides)


def test_a_form_says_what_is_not_as_usual_if_it_matters() -> None:
    form = form_of(number_field("schedule_factor", RateBox("box", 0.0, 1.0)))
    assert form.changes(TrainingConfig(schedule_factor=0.5)) == []
    assert form.changes(TrainingConfig(schedule=Schedule.STEP)) == []
    assert form.changes(TrainingConfig(schedule=Schedule.STEP, schedule_factor=0.5)) == ["Schedule Factor 0.5"]
