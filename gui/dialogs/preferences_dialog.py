"""The preferences as a form: a row for each group of actions of which one is checked, and each that is on or off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from gui.actions import TABLE, Action
from gui.menus import unmarked
from gui.text.language import mark, say
from gui.widgets.boxes import dialog_beside, without_icons


@dataclass(frozen=True)
class PreferenceRow:
    """A row of the form; a choice takes effect at once, and is remembered by what the action does.

    Attributes:
        name: a group of the table of actions, or an action that is on or off.
        label: of the box; of an action that is on or off, its own text is enough.
        tip: what it is good for; that of the action, if it is empty.
    """

    name: str
    label: str = ""
    tip: str = ""


ROWS = (
    PreferenceRow(
        "theme", mark("&Colours"), mark("Light, dark, or as the system is, and then with it whenever it changes")
    ),
    PreferenceRow("text_size", mark("Text &size"), mark("All text of the window, numbers and axes too")),
    PreferenceRow(Action.KEEP_CURVES),
    PreferenceRow(Action.REDUCE_MOTION),
)


def show_preferences(parent: QWidget, actions: Mapping[str, QAction]) -> None:
    """The form, beside the work: what is chosen is seen at once."""
    dialog = dialog_beside(parent, "preferences", say("Preferences"))
    if dialog is None:
        return
    form = QFormLayout()
    for row in ROWS:
        group = [actions[other.name] for other in TABLE if other.group == row.name]
        if group:
            form.addRow(say(row.label), ActionChoice(row, group))
        else:
            form.addRow(switch_of(row, actions[row.name]))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    without_icons(buttons)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addLayout(form)
    column.addStretch()
    column.addWidget(buttons)
    dialog.show()


class ActionChoice(QComboBox):
    """Chooses one of the actions of a group, and follows when that is done elsewhere."""

    def __init__(self, row: PreferenceRow, group: list[QAction]) -> None:
        super().__init__()
        self.setObjectName(f"{row.name}_preference")
        self.setAccessibleName(unmarked(say(row.label)))
        self._group = group
        self.addItems([unmarked(action.text()) for action in group])
        explain(self, say(row.tip))
        self.activated.connect(lambda index: group[index].trigger())
        for action in group:
            action.toggled.connect(self.show_checked)
        self.show_checked()

    @Slot()
    def show_checked(self) -> None:
        """Show the action that is checked."""
        self.setCurrentIndex(next((index for index, action in enumerate(self._group) if action.isChecked()), 0))


def switch_of(row: PreferenceRow, action: QAction) -> QCheckBox:
    """A box that turns an action on and off, and follows when that is done elsewhere."""
    box = QCheckBox(say(row.label) if row.label else action.text())
    box.setObjectName(f"{row.name}_preference")
    box.setChecked(action.isChecked())
    explain(box, say(row.tip) if row.tip else action.statusTip())
    box.clicked.connect(lambda _is_on: action.trigger())
    action.toggled.connect(box.setChecked)
    return box


def explain(box: QWidget, tip: str) -> None:
    """Say what a box is good for."""
    box.setToolTip(f"<p>{tip}</p>")
    box.setStatusTip(tip)
