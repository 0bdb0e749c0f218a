"""The buttons over the curves: a smooth line, and a logarithmic axis of the loss."""

# Tests: tests/gui/run/test_loss_plot.py

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.system.preferences import SMOOTHINGS, USUAL_SMOOTHING
from gui.text.language import mark, say

STRENGTHS = (mark("&Light", "smoothing"), mark("&Medium", "smoothing"), mark("&Strong", "smoothing"))


class CurveButtons(QWidget):
    """Buttons for the ways in which the curves can be shown.

    Signals:
        changed(): something was chosen.

    Attributes:
        log_box, smooth_box: the buttons.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log_box, self.smooth_box = QToolButton(), QToolButton()
        tips = (
            say("Loss on a logarithmic axis: every step is a factor of ten."),
            say("A moving average; the curves as measured stay as thin lines. The arrow offers strengths."),
        )
        texts = (say("Log scale"), say("Smooth"))
        names = ("log_box", "smooth_box")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for button, name, text, tip in zip((self.log_box, self.smooth_box), names, texts, tips, strict=True):
            button.setObjectName(name)
            button.setText(text)
            button.setCheckable(True)
            button.setToolTip(f"<p>{tip}</p>")
            button.setStatusTip(tip)
            button.toggled.connect(self.changed)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        self._group = QActionGroup(self)
        menu = QMenu(say("Smooth"), self.smooth_box)
        for name, strength in zip(STRENGTHS, SMOOTHINGS, strict=True):
            action = menu.addAction(say(name, "smoothing"))
            action.setData(strength)
            action.setCheckable(True)
            action.setChecked(strength == USUAL_SMOOTHING)
            self._group.addAction(action)
        self.smooth_box.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.smooth_box.setMenu(menu)
        self._group.triggered.connect(self._choose)

    @property
    def is_logarithmic(self) -> bool:
        """True if the axis of the loss is logarithmic."""
        return self.log_box.isChecked()

    @property
    def smoothing(self) -> float:
        """Rows after which a value counts 1/e; 0 for the curves as they were measured."""
        return self.strength if self.smooth_box.isChecked() else 0.0

    @property
    def strength(self) -> float:
        """The smoothing that there is where curves are smooth."""
        return float(self._group.checkedAction().data())

    def use(self, *, is_logarithmic: bool, is_smooth: bool, strength: float) -> None:
        """Show the curves in these ways."""
        for action in self._group.actions():
            action.setChecked(action.data() == strength)
        self.log_box.setChecked(is_logarithmic)
        self.smooth_box.setChecked(is_smooth)

    @Slot(QAction)
    def _choose(self, _strength: QAction) -> None:
        """A strength is chosen to be seen."""
        if self.smooth_box.isChecked():
            self.changed.emit()
        else:
            self.smooth_box.setChecked(True)
