"""Fields: a setting of a config, the box that shows it, and when it matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, SignalInstance
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from engine.config import TrainingConfig
from gui.text.wording import CONFIG_FIELDS, setting
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.forms import make_form
from gui.widgets.number_boxes import RateBox, WholeBox

Condition = Callable[[TrainingConfig], bool]


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        name: of the attribute of `TrainingConfig`.
        box: that shows it.
        show: shows what a config says, and announces nothing.
        value: what the box says.
        changed: the signal of the box.
    """

    name: str
    box: QWidget
    show: Callable[[TrainingConfig], None]
    value: Callable[[], object]
    changed: SignalInstance


def choice_field(name: str, box: ChoiceBox[Any]) -> Field:
    """A field of an enum."""
    return Field(name, box, lambda config: box.show_choice(getattr(config, name)), box.choice, box.chosen)


def number_field(name: str, box: WholeBox | RateBox) -> Field:
    """A field of a number."""
    return Field(name, box, lambda config: box.show_value(getattr(config, name)), box.value, box.valueChanged)


def optional_field(name: str, box: WholeBox | RateBox, nothing: str) -> Field:
    """A field of a number or None, which is 0 in the box and called `nothing`."""
    box.setSpecialValueText(nothing)
    return Field(
        name,
        box,
        lambda config: box.show_value(getattr(config, name) or 0),
        lambda: box.value() or None,
        box.valueChanged,
    )


def percent_field(name: str, box: WholeBox) -> Field:
    """A field of a share, which is in percent in the box."""
    box.setSuffix(" %")
    box.setSingleStep(5)
    return Field(
        name,
        box,
        lambda config: box.show_value(round(100 * getattr(config, name))),
        lambda: box.value() / 100,
        box.valueChanged,
    )


def flag_field(name: str) -> Field:
    """A field that is on or off, with a box of its own."""
    box = QCheckBox()
    box.setObjectName(f"{name}_box")
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the space bar to the window

    def show(config: TrainingConfig) -> None:
        with QSignalBlocker(box):
            box.setChecked(getattr(config, name))

    return Field(name, box, show, box.isChecked, box.toggled)


class FieldForm:
    """Fields under one another; those that do not matter to a config are hidden."""

    def __init__(self) -> None:
        self.layout = make_form()
        self.fields: list[Field] = []
        self._conditions: dict[str, Condition] = {}

    def add(self, label: str, field: Field, matters: Condition | None = None, *, above: bool = False) -> None:
        """Add a row; the label of a wide field stands above it."""
        if above:
            text = QLabel(label)
            text.setBuddy(field.box)
            self.layout.addRow(text)
            self.layout.addRow(field.box)
        else:
            self.layout.addRow(label, field.box)
        self.fields.append(field)
        if matters is not None:
            self._conditions[field.name] = matters

    def show_config(self, config: TrainingConfig) -> None:
        """Show what a config says."""
        for field in self.fields:
            field.show(config)
            if field.name in self._conditions:
                self.layout.setRowVisible(field.box, self._conditions[field.name](config))

    def changes(self, config: TrainingConfig) -> list[str]:
        """What matters and is not as usual, in words."""
        usual = TrainingConfig()
        return [
            f"{CONFIG_FIELDS[field.name]} {setting(field.name, getattr(config, field.name))}"
            for field in self.fields
            if getattr(config, field.name) != getattr(usual, field.name)
            if field.name not in self._conditions or self._conditions[field.name](config)
        ]
