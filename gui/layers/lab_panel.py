"""The panel of the layers, one view at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QButtonGroup,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.insight.diagnosis import ComplaintKind
from engine.insight.quantity import Quantity
from gui.layers.activation_lens import ActivationLens
from gui.layers.chain_strip import ChainStrip
from gui.layers.complaint_cards import ComplaintCards
from gui.layers.course_table import CourseTable
from gui.layers.gradient_image import GradientImage
from gui.layers.gradient_plot import GradientPlot
from gui.layers.measure_button import MeasureButton
from gui.paint.lane_view import LaneView
from gui.text.language import mark, say
from gui.text.measures import Part, Size
from gui.widgets.age_line import AgeLine
from gui.widgets.flow_bar import FlowBar

V = TypeVar("V")


class LabView(StrEnum):
    """The views of the layers."""

    BARS = "bars"
    OVER_TIME = "over_time"
    CHAIN_RULE = "chain_rule"
    ACTIVATION = "activation"
    COMPLAINTS = "complaints"
    TABLE = "table"


class LayersView(Protocol):
    """A view of the layers: a widget that is shown lanes, and says what is to be measured of them."""

    @property
    def needs(self) -> Sequence[Quantity[Any]]: ...
    def show_lanes(self, lanes: Sequence[LaneView]) -> None: ...


@dataclass(frozen=True)
class Tab:
    """The tab by which a view is chosen.

    Attributes:
        make: makes the view.
        name: of its button.
        tip: what it shows.
        tells_age: whether it shows what was measured last, of the first quantity that it needs, and not all of it.
    """

    make: Callable[[], LayersView]
    name: str
    tip: str
    tells_age: bool = True


TABS = {
    LabView.BARS: Tab(GradientPlot, mark("Gradient"), mark("How much gradient each layer gets, as last measured")),
    LabView.OVER_TIME: Tab(
        GradientImage,
        mark("Over time"),
        mark("How much gradient each layer got, from the first epoch on"),
        tells_age=False,
    ),
    LabView.CHAIN_RULE: Tab(
        ChainStrip,
        mark("Why"),
        mark("The chain rule: by which factor each layer changes the gradient, and their product"),
    ),
    LabView.ACTIVATION: Tab(
        ActivationLens,
        mark("Activation"),
        mark("The activation and its slope, and where the values of a layer lie on them"),
    ),
    LabView.COMPLAINTS: Tab(
        ComplaintCards, mark("Complaints"), mark("The course’s four complaints about sigmoid, measured, and what helps")
    ),
    LabView.TABLE: Tab(CourseTable, mark("Course table"), mark("The slide’s table beside this run")),
}


class LabPanel(QWidget):
    """One of several views; those that are not seen get nothing and cost nothing.

    Signals:
        needs_changed(Sequence[Quantity]): what the view that is seen needs.
    """

    needs_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lab_panel")
        self._lanes: Sequence[LaneView] = ()
        self._views = {name: tab.make() for name, tab in TABS.items()}
        self.gradient_plot, self.course_table = self._only(GradientPlot), self._only(CourseTable)
        self.complaint_cards = self._only(ComplaintCards)
        self._stack, self._group = QStackedWidget(), QButtonGroup(self)
        self._buttons: dict[LabView, QToolButton] = {}
        self._measure_button, self._age = MeasureButton(), AgeLine()
        self._lay_out()
        self._measure_button.chosen.connect(self._use_measure)
        self._group.idClicked.connect(self._choose)
        self.complaint_cards.shown.connect(self.show_complaint)
        self.show_view(LabView.BARS)

    def _only(self, kind: type[V]) -> V:
        """The view of a kind."""
        return next(view for view in self._views.values() if isinstance(view, kind))

    def _lay_out(self) -> None:
        row = FlowBar(gap=2)
        for number, (view, widget) in enumerate(self._views.items()):
            assert isinstance(widget, QWidget)
            name, tip = say(TABS[view].name), say(TABS[view].tip)
            button = QToolButton()
            button.setObjectName(f"{view}_tab")
            button.setText(name)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolTip(f"<p>{tip}</p>")
            button.setStatusTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, number)
            self._buttons[view] = button
            row.add(button)
            self._stack.addWidget(widget if isinstance(widget, QAbstractScrollArea) else scrolled(widget))
        row.add_tail(self._measure_button, is_needed=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(row)
        column.addWidget(self._stack, 1)
        column.addWidget(self._age)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    @property
    def view(self) -> LabView:
        """The view that is seen."""
        return list(self._views)[self._stack.currentIndex()]

    def show_view(self, view: LabView) -> None:
        """Show one of the views."""
        self._buttons[view].setChecked(True)
        self._stack.setCurrentIndex(list(self._views).index(view))
        self._measure_button.setVisible(view is LabView.BARS)
        self.needs_changed.emit(self.needs)
        self._show()

    @property
    def needs(self) -> Sequence[Quantity[Any]]:
        """The quantities that are to be measured for the view that is seen."""
        return self._views[self.view].needs

    @Slot(ComplaintKind)
    def show_complaint(self, kind: ComplaintKind) -> None:
        """Show the view in which a complaint is seen."""
        match kind:
            case ComplaintKind.VANISHING:
                self.show_measure(Part.WEIGHTS, Size.NORM)
            case ComplaintKind.SLOW_LEARNING:
                self.show_measure(Part.WEIGHTS, Size.UPDATE_RATIO)
            case _:
                self.show_view(LabView.ACTIVATION)

    def show_measure(self, part: Part, size: Size) -> None:
        """Show bars of so much of each layer."""
        self._measure_button.show_measure(part, size)
        self.gradient_plot.show_measure(part, size)
        self.show_view(LabView.BARS)

    @Slot(object, object)
    def _use_measure(self, part: Part, size: Size) -> None:
        self.show_measure(part, size)

    def show_course(self, departures: tuple[str, ...] | None) -> None:
        """In what the lanes are others than the slide's, of which there is a table; None if the data are others."""
        self._buttons[LabView.TABLE].setVisible(departures is not None)
        self.course_table.show_departures(departures or ())
        if self.view is LabView.TABLE and departures is None:
            self.show_view(LabView.BARS)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the lanes in the view that is seen."""
        self._lanes = lanes
        self._show()

    def _show(self) -> None:
        shown = self._lanes if TABS[self.view].tells_age else ()
        readings = [(lane.snapshot.readings.of(self.needs[0]), lane.snapshot.epochs) for lane in shown]
        measured = [(reading.epoch, epochs) for reading, epochs in readings if reading is not None]
        self._age.show_epochs([epoch for epoch, _ in measured], [epochs for _, epochs in measured])
        self._views[self.view].show_lanes(self._lanes)

    @Slot(int)
    def _choose(self, number: int) -> None:
        self.show_view(list(self._views)[number])


def scrolled(view: QWidget) -> QScrollArea:
    """A view that is scrolled where the window is too low or too narrow for it."""
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
    view.setBackgroundRole(QPalette.ColorRole.Base)
    return area
