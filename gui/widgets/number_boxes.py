"""Number fields that cannot be left with anything but a number in range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QLocale, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionSpinBox,
    QWidget,
)

from gui.widgets.typed_numbers import plain, real, whole

CURSOR = 4  # pixels beside a text that is edited
MAX_SHOWN = 99_999  # the largest number that has always room; the widest would need twice that
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
Validation = tuple[QValidator.State, str, int]
Number = TypeVar("Number", int, float)

if TYPE_CHECKING:

    class Box(QAbstractSpinBox, Generic[Number]):
        """The methods that Qt's two boxes of numbers share, and that their common ancestor has not."""

        def value(self) -> Number: ...
        def setValue(self, value: Number, /) -> None: ...
        def minimum(self) -> Number: ...
        def maximum(self) -> Number: ...
        def suffix(self) -> str: ...
        def textFromValue(self, value: Number, /) -> str: ...
        def read(self, text: str) -> Number | None: ...

else:
    Box = Generic


class NumberBox(Box[Number]):
    """The common part of both kinds of box: one reading of a text, which decides what is acceptable and what it means.

    Any text can be typed, since a sign that is refused leaves a valid other number; one that is no number leaves the
    value as it was. Return and every key that is not the field's confirm the number, so that what the key does is done
    with it; Space is such a key. Esc gives the value back.
    """

    def begin(self, name: str) -> None:
        """The first part of both constructors."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by default the wheel would take the focus, and then the value
        self.setObjectName(name)
        self.setLocale(QLocale.c())  # one script of digits in all boxes, as on the axes
        self.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Room for the numbers that are usual here, and for what is said instead of the lowest one."""
        metrics, option = self.fontMetrics(), QStyleOptionSpinBox()
        width = max(map(metrics.horizontalAdvance, (self.usual() + self.suffix(), self.specialValueText())))
        self.initStyleOption(option)
        inner = QSize(width + CURSOR, metrics.height())
        whole = self.style().sizeFromContents(QStyle.ContentsType.CT_SpinBox, option, inner, self)
        return QSize(whole.width(), self.sizeHint().height())

    def usual(self) -> str:
        """A number as wide as most."""
        return self.textFromValue(min(self.maximum(), MAX_SHOWN))

    def number(self, text: str) -> Number | None:
        """The number that a text means here: the nearest in range; None if it is no number, the lowest by its name.

        A negative number where there are none is a slip, not a wish for the least.
        """
        wanted, named = plain(text), plain(self.specialValueText())
        if named and wanted in (named, ""):
            return self.minimum()
        number = self.read(wanted.rstrip(plain(self.suffix()) + " "))  # which may have been typed once more
        if number is None or number < min(0, self.minimum()):
            return None
        return min(max(number, self.minimum()), self.maximum())

    def valueFromText(self, text: str) -> Number:
        number = self.number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> Validation:
        known = self.number(text) is not None
        return (QValidator.State.Acceptable if known else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """The text of the value, for one that is no number."""
        if self.specialValueText() and self.value() == self.minimum():
            return self.specialValueText()
        return self.textFromValue(self.value()) + self.suffix()

    def show_value(self, value: Number) -> None:
        """Show a value without announcing it."""
        if value != self.value():
            with QSignalBlocker(self):
                self.setValue(value)

    def event(self, event: QEvent) -> bool:
        """Leave to the window undo and redo, unless something was typed, and all keys that are not of a field."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if is_undo_of_window(self, event):
            return False
        if not is_blank(event) and super().event(event) and event.isAccepted():
            return True
        event.ignore()
        if event.key() not in (*MODIFIERS, Qt.Key.Key_Escape):
            self.interpretText()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_blank(event):
            self.interpretText()  # a blank is no text of a number
        elif event.key() == Qt.Key.Key_Escape:
            self.lineEdit().setText(self.fixup(""))
            self.selectAll()
            event.ignore()  # the window goes on from here
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the number, unless the field was clicked before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WholeBox(NumberBox[int], QSpinBox):
    """A whole number; typed digits count when the field is left or Enter is pressed, the nearest in range if beyond."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(name)
        self.setRange(low, high)
        self.setAccelerated(True)

    def read(self, text: str) -> int | None:
        """The whole number of a plain text, or None."""
        return whole(text)

    def textFromValue(self, value: int) -> str:
        return str(value)


class RateBox(NumberBox[float], QDoubleSpinBox):
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
        self.begin(name)
        self._first, self._step = first, step
        self.setDecimals(30)  # rounds nothing that can be shown
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setRange(low, high)

    def usual(self) -> str:
        return "0.0000"

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

    def read(self, text: str) -> float | None:
        """The number of a plain text, or None; the exact one for the text of the shown value, which may be rounded."""
        if text == self.textFromValue(self.value()):
            return self.value()
        number = real(text)
        # on a scale without 0 no number is near to 0
        return None if number == 0 and self.minimum() > 0 else number


def is_blank(event: QKeyEvent) -> bool:
    """True if a key is the space bar, with Shift or without."""
    return event.key() == Qt.Key.Key_Space and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier


def is_undo_of_window(box: QAbstractSpinBox, event: QKeyEvent) -> bool:
    """True if a key asks for undo or redo in a field in which nothing was typed."""
    is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    return is_undo and not box.lineEdit().isModified()


def next_on_scale(value: float, *, up: bool) -> float:
    """The next larger or smaller of 1, 3, 10, 30 … times powers of ten."""
    exponent = math.floor(math.log10(value))
    scale = [factor * 10.0**power for power in range(exponent - 1, exponent + 2) for factor in (1, 3)]
    if up:
        return float(f"{min(step for step in scale if step > value * 1.0001):.6g}")
    return float(f"{max(step for step in scale if step < value * 0.9999):.6g}")
