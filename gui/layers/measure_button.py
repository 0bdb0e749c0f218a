"""The button that chooses what the bars of the layers show."""

# Tests: tests/gui/layers/test_gradient_plot.py

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.text.language import mark, say
from gui.text.measures import OF_ALL_TENSORS, PARTS, SIZES, Part, Size

TIP = mark("What the bars show: of weights or biases, and which size of their gradient")


class MeasureButton(QToolButton):
    """A menu of parts and of sizes.

    Signals:
        chosen(Part, Size): by the user.
    """

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measure_button")
        self.setText(say("Measure"))
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(f"<p>{say(TIP)}</p>")
        self.setStatusTip(say(TIP))
        menu = QMenu(self)
        self._parts, self._sizes = QActionGroup(self), QActionGroup(self)
        self._part_actions = {part: self._add(menu, self._parts, text) for part, text in PARTS.items()}
        menu.addSeparator()
        self._size_actions = {size: self._add(menu, self._sizes, text) for size, text in SIZES.items()}
        self.setMenu(menu)
        self.show_measure(Part.WEIGHTS, Size.NORM)
        for group in (self._parts, self._sizes):
            group.triggered.connect(self._choose)

    def _add(self, menu: QMenu, group: QActionGroup, text: str) -> QAction:
        action = menu.addAction(say(text))
        action.setCheckable(True)
        group.addAction(action)
        return action

    def show_measure(self, part: Part, size: Size) -> None:
        """Show what is chosen without announcing it."""
        self._part_actions[part].setChecked(True)
        self._size_actions[size].setChecked(True)
        self._parts.setEnabled(size not in OF_ALL_TENSORS)

    @Slot(QAction)
    def _choose(self, _action: QAction) -> None:
        part = next(part for part, action in self._part_actions.items() if action.isChecked())
        size = next(size for size, action in self._size_actions.items() if action.isChecked())
        self.show_measure(part, size)
        self.chosen.emit(part, size)
