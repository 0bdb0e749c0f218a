"""Number fields that cannot be left with anything but a number in range."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

LEAST_WIDTH = 64  # pixels; the widest number would need twice that
Validation = tuple[QValidator.State, str, int]


class WholeBox(QSpinBox):
    """A whole number; typed digits count when the field is left or Enter is pressed, the nearest in range if beyond."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by default the wheel would take the focus, and then the value
        self.setObjectName(name)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setGroupSeparatorShown(False)
        self.setMinimumWidth(LEAST_WIDTH)

    def validate(self, text: str, position: int) -> Validation:
        """Let any digits be typed; what is out of range is mended when the field is left."""
        digits = text.removesuffix(self.suffix()).strip()
        if not digits.isdecimal():
            return super().validate(text, position)
        fits = self.minimum() <= int(digits) <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """The nearest number in range."""
        digits = text.removesuffix(self.suffix()).strip()
        if not digits.isdecimal():
            return str(super().fixup(text) or text)
        return self.textFromValue(min(max(int(digits), self.minimum()), self.maximum())) + self.suffix()

    def show_value(self, value: int) -> None:
        """Show a value without announcing it."""
        if value != self.value():
            was_blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(was_blocked)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, unless something was typed."""
        return False if is_undo_of_window(self, event) else super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the number, unless the field was clicked before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RateBox(QDoubleSpinBox):
    """A number of 0 or more on a scale of 1, 3, 10, 30 …; a decimal comma is a decimal point.

    Args:
        name: of the box.
        low, high: the range.
        first: if 0 is in the range, what the arrows reach from there.
        step: of the arrows, which then leave the scale.
    """

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        parent: QWidget | None = None,
        *,
        first: float = 1e-4,
        step: float | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by default the wheel would take the focus, and then the value
        self._first, self._step = first, step
        self.setObjectName(name)
        self.setLocale(QLocale.c())
        self.setDecimals(30)  # rounds nothing that can be shown
        self.setMinimumWidth(LEAST_WIDTH)
        self.setRange(low, high)
        self.setKeyboardTracking(False)

    def stepBy(self, steps: int) -> None:
        """To the next of 1, 3, 10, 30 …, or by the step."""
        self.interpretText()
        value = self.value()
        if self._step is not None:
            value = round(value + steps * self._step, 9)
        else:
            for _ in range(abs(steps)):
                value = self._neighbour(value, up=steps > 0)
        self.setValue(value)

    def _neighbour(self, value: float, *, up: bool) -> float:
        if self.minimum() > 0:
            return next_on_scale(value, up=up)
        if value == 0:
            return self._first if up else 0.0
        neighbour = next_on_scale(value, up=up)
        return 0.0 if neighbour < self._first and not up else neighbour

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """The number; the exact one as long as the text is that of the shown value, which may be rounded."""
        if text and text == self.specialValueText():
            return self.minimum()
        return self.value() if text == self.textFromValue(self.value()) else float(text.replace(",", "."))

    def validate(self, text: str, position: int) -> Validation:
        """Accept what float() reads, scientific notation included, and the name of the lowest value."""
        if text and text == self.specialValueText():
            return QValidator.State.Acceptable, text, position
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            typing = all(character in "0123456789.,eE-+" for character in text)
            return (QValidator.State.Intermediate if typing else QValidator.State.Invalid), text, position
        fits = self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """The nearest number in range to a positive one; the lowest for no text, if it has a name."""
        if not text.strip() and self.specialValueText():
            return self.specialValueText()
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return text
        if not 0 < value < math.inf:
            return text
        return self.textFromValue(min(max(value, self.minimum()), self.maximum()))

    def show_value(self, value: float) -> None:
        """Show a value without announcing it."""
        if value != self.value():
            was_blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(was_blocked)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, unless something was typed."""
        return False if is_undo_of_window(self, event) else super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the number, unless the field was clicked before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def is_undo_of_window(box: QAbstractSpinBox, event: QEvent) -> bool:
    """Whether a key asks for undo or redo in a field in which nothing was typed."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    return is_undo and not box.lineEdit().isModified()


def next_on_scale(value: float, *, up: bool) -> float:
    """The next larger or smaller of 1, 3, 10, 30 … times powers of ten."""
    exponent = math.floor(math.log10(value))
    scale = [factor * 10.0**power for power in range(exponent - 1, exponent + 2) for factor in (1, 3)]
    if up:
        return float(f"{min(step for step in scale if step > value * 1.0001):.6g}")
    return float(f"{max(step for step in scale if step < value * 0.9999):.6g}")
