"""What is known of the layers, one view at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.activations import ActivationCost
from engine.config import Activation
from engine.snapshot import LaneSnapshot
from gui.course_table import CourseTable
from gui.gradient_plot import GradientPlot
from gui.theme import chrome_of


class LabView(StrEnum):
    """What can be seen of the layers."""

    BARS = "bars"
    TABLE = "table"


LAB_VIEWS = {
    LabView.BARS: ("Gradient", "How much gradient each layer gets, now"),
    LabView.TABLE: ("Course table", "The slide’s table beside this run"),
}
DIAGNOSED = (LabView.TABLE,)
"""Views that need each layer diagnosed."""
Costs = Mapping[Activation, ActivationCost] | None


class LabPanel(QWidget):
    """One of several views; those that are not seen get nothing and cost nothing.

    Signals:
        diagnosis_wanted(bool): whether a view is seen that needs each layer diagnosed.
    """

    diagnosis_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lab_panel")
        self.gradient_plot, self.course_table = GradientPlot(), CourseTable()
        self._lanes: Sequence[LaneSnapshot] = ()
        self._titles: Sequence[str] = ()
        self._costs: Costs = None
        self._views: dict[LabView, QWidget] = {
            LabView.BARS: self.gradient_plot,
            LabView.TABLE: self.course_table,
        }
        self._stack, self._group = QStackedWidget(), QButtonGroup(self)
        self._buttons: dict[LabView, QToolButton] = {}
        self._lay_out()
        self._group.idClicked.connect(self._choose)
        self.show_view(LabView.BARS)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(2)
        for number, (view, widget) in enumerate(self._views.items()):
            name, tip = LAB_VIEWS[view]
            button = QToolButton()
            button.setObjectName(f"{view.value}_tab")
            button.setText(name)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolTip(f"<p>{tip}</p>")
            button.setStatusTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, number)
            self._buttons[view] = button
            row.addWidget(button)
            self._stack.addWidget(widget)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.setAutoFillBackground(True)
        self._recolour()

    @property
    def view(self) -> LabView:
        """Which view is seen."""
        return list(self._views)[self._stack.currentIndex()]

    def show_view(self, view: LabView) -> None:
        """Show one of the views."""
        self._buttons[view].setChecked(True)
        self._stack.setCurrentWidget(self._views[view])
        self.diagnosis_wanted.emit(self.needs_diagnosis)
        self._show()

    @property
    def needs_diagnosis(self) -> bool:
        """Whether the view that is seen needs each layer diagnosed."""
        return self.view in DIAGNOSED

    def show_course(self, is_course: bool) -> None:
        """Whether the lanes are the slide's experiment, of which there is a table."""
        self._buttons[LabView.TABLE].setVisible(is_course)
        if self.view is LabView.TABLE and not is_course:
            self.show_view(LabView.BARS)

    def show_lanes(self, lanes: Sequence[LaneSnapshot], titles: Sequence[str], costs: Costs = None) -> None:
        """Show the lanes in the view that is seen; `costs` of the activations, once they are measured."""
        self._lanes, self._titles, self._costs = lanes, titles, costs
        self._show()

    def _show(self) -> None:
        lanes, titles = self._lanes, self._titles
        match self.view:
            case LabView.BARS:
                self.gradient_plot.show_lanes(lanes, titles)
            case LabView.TABLE:
                self.course_table.show_lanes(lanes)

    @Slot(int)
    def _choose(self, number: int) -> None:
        self.show_view(list(self._views)[number])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()
        super().changeEvent(event)

    def _recolour(self) -> None:
        surface, palette = chrome_of(self.palette()).surface, self.palette()
        if palette.window().color().name().upper() != surface.upper():
            palette.setColor(self.backgroundRole(), QColor(surface))
            self.setPalette(palette)
