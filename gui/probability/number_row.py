"""A row of the calculator: a class, its number in a box and on a slider, and the button that removes it."""

# Tests: tests/gui/probability/test_calculator.py

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QToolButton, QWidget

from engine.data.names import seen
from gui.paint.icons import ThemedIcon, icon_size
from gui.paint.markers import class_icon
from gui.paint.recoloured import Recoloured
from gui.paint.theme import chrome_of
from gui.text.language import say
from gui.widgets.check_list import tell
from gui.widgets.forms import NEAR
from gui.widgets.number_boxes import RateBox

MAX_LETTERS = 40
FARTHEST, FAR = 1000.0, 10.0  # of a logit that is typed, and on the slider
TENTHS, HUNDREDTHS = 10, 100  # steps of the slider for 1: of a logit and of a probability


class CalmSlider(QSlider):
    """A slider that leaves the wheel to the view around it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NumberRow(Recoloured, QWidget):
    """Shows a class and its number.

    Signals:
        name_changed(str): another name was typed.
        number_changed(float): another number was typed or dragged.
        removed(): the row is to go.
    """

    name_changed, number_changed, removed = Signal(str), Signal(float), Signal()

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._marker, self.name = place, QLabel(), QLineEdit()
        self.box = RateBox(f"calculator_number_{place + 1}", -FARTHEST, FARTHEST, step=0.1)
        self.slider, self.remove = CalmSlider(Qt.Orientation.Horizontal), QToolButton()
        self._name_parts()
        self.use_probability(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(NEAR)
        for part, stretch in ((self._marker, 0), (self.name, 3), (self.box, 3), (self.slider, 3), (self.remove, 0)):
            row.addWidget(part, stretch)
        self._icon = ThemedIcon(self, self.remove, "remove")
        self.name.editingFinished.connect(self._tell_name)
        self.box.valueChanged.connect(self._tell_number)
        self.slider.valueChanged.connect(self._drag)
        self.remove.clicked.connect(self.removed)
        self.recolour()

    def _name_parts(self) -> None:
        number = self._place + 1
        self.name.setObjectName(f"calculator_name_{number}")
        self.name.setMaxLength(MAX_LETTERS)
        self.name.setMinimumWidth(48)
        self.name.setAccessibleName(say("Name of class {number}", number=number))
        self.name.setPlaceholderText(say("class {number}", number=number))
        tell(self.name, say("The name of the class"))
        self.box.setAccessibleName(say("Number of class {number}", number=number))
        self.slider.setObjectName(f"calculator_slider_{number}")
        self.slider.setAccessibleName(say("Slider of class {number}", number=number))
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a drag leaves the keys to the window
        self.slider.setMinimumWidth(56)
        tell(self.slider, say("Drag the number"))
        self.remove.setObjectName(f"calculator_remove_{number}")
        self.remove.setAutoRaise(True)
        self.remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.remove.setAccessibleName(say("Remove class {number}", number=number))
        tell(self.remove, say("Remove this class"))

    def use_probability(self, is_probability: bool) -> None:
        """Let the number be a probability, or a logit."""
        self._is_probability = is_probability
        far = round(FAR * TENTHS)
        with QSignalBlocker(self.slider):
            self.slider.setRange(*((0, HUNDREDTHS) if is_probability else (-far, far)))
        tip = say("P: a rule is broken where it is below 0 or above 1") if is_probability else say("z: any number")
        tell(self.box, tip)

    def show_row(self, name: str, number: float, *, has_number: bool, can_go: bool) -> None:
        """Show a class; one that has no number of its own has no box."""
        if name != self.name.text():
            self.name.setText(name)
        self.box.show_value(number)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(number * (HUNDREDTHS if self._is_probability else TENTHS)))
        for part in (self.box, self.slider):
            part.setVisible(has_number)
        self.remove.setEnabled(can_go)

    @Slot()
    def _tell_name(self) -> None:
        self.name_changed.emit(seen(self.name.text()))

    @Slot(float)
    def _tell_number(self, value: float) -> None:
        self.number_changed.emit(value)

    @Slot(int)
    def _drag(self, value: int) -> None:
        self.number_changed.emit(value / (HUNDREDTHS if self._is_probability else TENTHS))

    def recolour(self) -> None:
        size = icon_size(self.font())
        self._marker.setPixmap(class_icon(self._place, chrome_of(self.palette())).pixmap(size))
