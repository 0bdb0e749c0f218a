"""Fields: a setting of a config, the box that shows it, and when it matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, SignalInstance
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from engine.config import SETTINGS, TrainingConfig
from engine.data.targets import Target
from engine.settings import Choice, Flag, Number, Setting, Whole
from gui.text.language import say
from gui.text.names import NAMES, named_setting, names_of
from gui.text.setting_rows import SettingRow
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.forms import add_row, make_form
from gui.widgets.number_boxes import RateBox, WholeBox
from gui.widgets.tips import plain_tip

Condition = Callable[[TrainingConfig], bool]
MIN_RATE = 1e-8
"""Of a box of numbers that must be above 0."""


@dataclass(frozen=True)
class SettingField:
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


def choice_field(name: str, box: ChoiceBox[Any]) -> SettingField:
    """A field of an enum."""
    return SettingField(name, box, lambda config: box.show_choice(getattr(config, name)), box.choice, box.chosen)


def number_field(name: str, box: WholeBox | RateBox) -> SettingField:
    """A field of a number."""
    return SettingField(name, box, lambda config: box.show_value(getattr(config, name)), box.value, box.valueChanged)


def optional_field(name: str, box: WholeBox | RateBox, nothing: str) -> SettingField:
    """A field of a number or None, which is 0 in the box and called `nothing`."""
    box.setSpecialValueText(nothing)
    return SettingField(
        name,
        box,
        lambda config: box.show_value(getattr(config, name) or 0),
        lambda: box.value() or None,
        box.valueChanged,
    )


def percent_field(name: str, box: WholeBox) -> SettingField:
    """A field of a share, which is in percent in the box."""
    box.setSuffix(" %")
    box.setSingleStep(5)
    return SettingField(
        name,
        box,
        lambda config: box.show_value(round(100 * getattr(config, name))),
        lambda: box.value() / 100,
        box.valueChanged,
    )


def flag_field(name: str, box_name: str, text: str = "") -> SettingField:
    """A field that is on or off, with a box of its own, and a text behind it."""
    box = QCheckBox(text)
    box.setObjectName(box_name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the space bar to the window

    def show(config: TrainingConfig) -> None:
        with QSignalBlocker(box):
            box.setChecked(getattr(config, name))

    return SettingField(name, box, show, box.isChecked, box.toggled)


def field_of(name: str, row: SettingRow, which: str = "") -> SettingField:
    """The field of a setting, with a box of its kind and range.

    Args:
        name: of the setting.
        row: how the window shows it.
        which: what the name of the box begins with, where there are several.
    """
    box, setting = f"{which}{row.box_name(name)}", SETTINGS[name]
    match setting.kind:
        case Choice(choices):
            choice: ChoiceBox[Any] = ChoiceBox(box, names_of(NAMES[choices]))
            return choice_field(name, choice)
        case Flag():
            return flag_field(name, box)
        case Number(high=high) if row.is_percent:
            return percent_field(name, WholeBox(box, 0, round(100 * high)))
        case Number() | Whole():
            number = number_box(box, row, setting)
            if setting.is_optional:
                return optional_field(name, number, say(row.nothing, "setting"))
            return number_field(name, number)
    raise ValueError(f"no box is known for the setting {name}")


def number_box(name: str, row: SettingRow, setting: Setting) -> WholeBox | RateBox:
    """A box with the range of a setting, or as much of that as the row allows; 0 is None if that can be."""
    match setting.kind:
        case Whole(low, high):
            return WholeBox(name, 0 if setting.is_optional else low, high if row.most is None else row.most)
        case Number(low, high, above):
            least = MIN_RATE if above and not setting.is_optional else low
            return RateBox(name, least, high, first=row.first, step=row.step)
    raise ValueError(f"{name} is of no number")


class RowText(ElidedLabel):
    """A text where a form else has a field, and as high as a row with that: one can take the place of the other.

    Args:
        box: of such a field.
    """

    def __init__(self, box: QWidget) -> None:
        super().__init__()
        self._box = box
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(0, self._box.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_text(self, text: str) -> None:
        """Show a text, whole in the tooltip."""
        self.setText(text)
        self.setToolTip(plain_tip(text))


NOTHING_BESIDE: Mapping[str, QWidget] = {}


class FieldForm:
    """Fields under one another.

    Those that do not matter to a config are dimmed and not hidden, so that what is below stays where it is, unless
    there is nothing below, or a text in their place.
    """

    def __init__(self) -> None:
        self.layout = make_form()
        self.fields: list[SettingField] = []
        self._conditions: dict[QWidget, Condition] = {}
        self._hidden: list[QWidget] = []
        self._targets: dict[QWidget, Target] = {}
        self._target = Target.CLASSES

    def add_settings(self, rows: Mapping[str, SettingRow], beside: Mapping[str, QWidget] = NOTHING_BESIDE) -> None:
        """Add a row for each of some settings.

        Args:
            rows: how the window shows them, by name.
            beside: what stands to the right of the box of a setting.
        """
        for name, row in rows.items():
            field = field_of(name, row)
            self.add(
                say(row.label or row.title, "setting"),
                field,
                row.matters,
                hides=row.is_hidden,
                beside=beside.get(name),
            )
            if row.target is not None:
                self._targets[field.box] = row.target
            if row.spoken:
                field.box.setAccessibleName(say(row.spoken))

    def add_flags(self, label: str, rows: Mapping[str, SettingRow]) -> None:
        """Add one row for some settings that are on or off, each with its label behind its box."""
        fields = [flag_field(name, row.box_name(name), say(row.label, "setting")) for name, row in rows.items()]
        for field, row in zip(fields, rows.values(), strict=True):
            field.box.setAccessibleName(say(row.spoken))
        add_row(self.layout, label, *(field.box for field in fields))
        self.fields += fields

    def add(
        self,
        label: str,
        field: SettingField,
        matters: Condition | None = None,
        *,
        hides: bool = False,
        beside: QWidget | None = None,
    ) -> None:
        """Add a row.

        Args:
            label: of the field.
            field: of a config.
            matters: whether it does to a config; always if None.
            hides: whether the row is hidden where the field does not matter.
            beside: what stands to the right of the field.
        """
        if beside is not None:
            add_row(self.layout, label, field.box, beside)
        else:
            self.layout.addRow(label, field.box)
        self.fields.append(field)
        if matters is not None:
            self._conditions[field.box] = matters
        if hides:
            self._hidden.append(field.box)

    def add_text(self, text: RowText, stands: Condition) -> None:
        """Add a text, and when it stands in the place of a field."""
        self.layout.addRow(text)
        self._conditions[text] = stands
        self._hidden.append(text)

    def show_target(self, target: Target, config: TrainingConfig) -> None:
        """Show the rows of what is learned, classes or values, and not those of the other."""
        self._target = target
        self.show_config(config)

    def show_config(self, config: TrainingConfig) -> None:
        """Show what a config says."""
        for field in self.fields:
            field.show(config)
            if field.box not in self._hidden:
                self.enable(field.box, self._matters(field.box, config))
        rows = [(box, self._matters(box, config)) for box in self._hidden]
        rows += [(box, target is self._target) for box, target in self._targets.items()]
        for box, is_visible in sorted(rows, key=itemgetter(1)):  # first what goes: Qt lays out with each that comes
            self.layout.setRowVisible(box, is_visible)

    def enable(self, box: QWidget, is_enabled: bool) -> None:
        """Enable or dim a row."""
        box.setEnabled(is_enabled)
        label = self.layout.labelForField(box)
        if label is not None:
            label.setEnabled(is_enabled)

    def _matters(self, box: QWidget, config: TrainingConfig) -> bool:
        return box not in self._conditions or self._conditions[box](config)

    def changes(self, config: TrainingConfig) -> list[str]:
        """The settings that matter and are not as usual, in words."""
        usual = TrainingConfig()
        return [
            named_setting(field.name, getattr(config, field.name))
            for field in self.fields
            if getattr(config, field.name) != getattr(usual, field.name)
            if self._matters(field.box, config) and self._targets.get(field.box, self._target) is self._target
        ]
