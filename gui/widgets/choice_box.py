"""A list of choices that holds enum members."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

Choice = TypeVar("Choice", bound=StrEnum)
TEXT_MARGIN = 1  # pixels that styles leave at the ends of the text


class ChoiceBox(QComboBox, Generic[Choice]):
    """Shows names, means enum members.

    Signals:
        chosen(): by the user.
    """

    chosen = Signal()

    def __init__(self, name: str, names: Mapping[Choice, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self._members = list(names)
        self.addItems(list(names.values()))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.currentIndexChanged.connect(self._announce)

    def show_whole(self) -> None:
        """Always be wide enough for the longest name."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeAdjustPolicy() is QComboBox.SizeAdjustPolicy.AdjustToContents
        return self.sizeHint() if whole else super().minimumSizeHint()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Shorten a name that has no room, which a style would cut."""
        super().initStyleOption(option)
        style = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(style[0], option, style[1], self).width() - 2 * TEXT_MARGIN
        option.currentText = option.fontMetrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def showPopup(self) -> None:
        """Show the choices whole, however narrow the box is."""
        view = self.view()
        scroll_bar = view.verticalScrollBar().sizeHint().width() if self.count() > self.maxVisibleItems() else 0
        view.setMinimumWidth(view.sizeHintForColumn(0) + scroll_bar + 2 * view.frameWidth())
        super().showPopup()

    @Slot(int)
    def _announce(self, index: int) -> None:
        self.chosen.emit()

    def choice(self) -> Choice | None:
        """The member that is shown; None if there is none."""
        index = self.currentIndex()
        return self._members[index] if index >= 0 else None

    def show_choice(self, choice: Choice | None) -> None:
        """Show a member without announcing it."""
        index = -1 if choice is None else self._members.index(choice)
        if index != self.currentIndex():
            was_blocked = self.blockSignals(True)
            self.setCurrentIndex(index)
            self.blockSignals(was_blocked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the choice."""
        event.ignore()
