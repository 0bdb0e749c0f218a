"""Number fields that cannot be left with anything but a number in range."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

LEAST_WIDTH = 64  # pixels; the widest number would need twice that


class WholeBox(QSpinBox):
    """A whole number; typed digits count when the field is left or Enter is pressed."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setGroupSeparatorShown(False)
        self.setMinimumWidth(LEAST_WIDTH)

    def show_value(self, value: int) -> None:
        """Show a value without announcing it."""
        if value != self.value():
            was_blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(was_blocked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the number, unless the field was clicked before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RateBox(QDoubleSpinBox):
    """A positive number on a scale of 1, 3, 10, 30 …"""

    def __init__(self, name: str, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setLocale(QLocale.c())
        self.setDecimals(30)  # rounds nothing that can be shown
        self.setMinimumWidth(LEAST_WIDTH)
        self.setRange(low, high)
        self.setKeyboardTracking(False)

    def stepBy(self, steps: int) -> None:
        """To the next of 1, 3, 10, 30 …"""
        self.interpretText()
        value = self.value()
        for _ in range(abs(steps)):
            value = next_on_scale(value, up=steps > 0)
        self.setValue(value)

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """The number; the exact one as long as the text is that of the shown value, which may be rounded."""
        return self.value() if text == self.textFromValue(self.value()) else float(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what float() reads, scientific notation included."""
        try:
            value = float(text)
        except ValueError:
            typing = all(character in "0123456789.eE-+" for character in text)
            return (QValidator.State.Intermediate if typing else QValidator.State.Invalid), text, position
        fits = self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, position

    def show_value(self, value: float) -> None:
        """Show a value without announcing it."""
        if value != self.value():
            was_blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(was_blocked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the number, unless the field was clicked before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def next_on_scale(value: float, *, up: bool) -> float:
    """The next larger or smaller of 1, 3, 10, 30 … times powers of ten."""
    exponent = math.floor(math.log10(value))
    scale = [factor * 10.0**power for power in range(exponent - 1, exponent + 2) for factor in (1, 3)]
    if up:
        return float(f"{min(step for step in scale if step > value * 1.0001):.6g}")
    return float(f"{max(step for step in scale if step < value * 0.9999):.6g}")
