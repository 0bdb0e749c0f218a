"""A list of choices of which any number can be ticked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

Choice = TypeVar("Choice", bound=StrEnum)


class CheckList(QListWidget, Generic[Choice]):
    """Shows names, means enum members; the arrow keys move, Space ticks, and `itemChanged` tells."""

    def __init__(self, name: str, names: Mapping[Choice, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._members = list(names)
        for text in names.values():
            QListWidgetItem(text, self).setCheckState(Qt.CheckState.Unchecked)
        self.setSpacing(2)
        self.setMinimumHeight((self.sizeHintForRow(0) + 4) * 5)
        self.setMinimumWidth(self.sizeHintForColumn(0) + 40)

    def ticked(self) -> tuple[Choice, ...]:
        """Those that are ticked, in the order of the list."""
        states = (self.item(index).checkState() for index in range(self.count()))
        pairs = zip(self._members, states, strict=True)
        return tuple(member for member, state in pairs if state is Qt.CheckState.Checked)

    def tick(self, members: Collection[Choice]) -> None:
        """Tick these and no others."""
        for index, member in enumerate(self._members):
            self.item(index).setCheckState(Qt.CheckState.Checked if member in members else Qt.CheckState.Unchecked)


def tell(widget: QWidget, text: str) -> None:
    """A tooltip that wraps, a status tip and a description with the same text."""
    widget.setToolTip(f"<p>{text}</p>")
    widget.setStatusTip(text)
    widget.setAccessibleDescription(text)
