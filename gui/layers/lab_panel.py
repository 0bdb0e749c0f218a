"""What is known of the layers, one view at a time."""

# Tests: tests/gui/test_laboratory.py

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

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

from engine.config import Activation, TrainingConfig
from engine.insight.diagnosis import ComplaintKind, Diagnosis, complaints
from engine.mlp.activations import ActivationCost, Shape
from engine.run.snapshot import LaneSnapshot
from gui.layers.activation_lens import ActivationLens
from gui.layers.chain_strip import ChainStrip
from gui.layers.complaint_cards import ComplaintCards
from gui.layers.course_table import CourseTable
from gui.layers.gradient_image import GradientImage
from gui.layers.gradient_plot import GradientPlot
from gui.layers.measure_button import MeasureButton
from gui.text.measures import Part, Size
from gui.text.names import lane_titles
from gui.widgets.age_line import AgeLine
from gui.widgets.flow_bar import FlowBar


class LabView(StrEnum):
    """What can be seen of the layers."""

    BARS = "bars"
    OVER_TIME = "over_time"
    CHAIN_RULE = "chain_rule"
    ACTIVATION = "activation"
    COMPLAINTS = "complaints"
    TABLE = "table"


LAB_VIEWS = {
    LabView.BARS: ("Gradient", "How much gradient each layer gets, as last measured"),
    LabView.OVER_TIME: ("Over time", "How much gradient each layer got, from the first epoch on"),
    LabView.CHAIN_RULE: ("Why", "The chain rule: by which factor each layer changes the gradient, and their product"),
    LabView.ACTIVATION: ("Activation", "The activation and its slope, and where the values of a layer lie on them"),
    LabView.COMPLAINTS: ("Complaints", "The course’s four complaints about sigmoid, measured, and what helps"),
    LabView.TABLE: ("Course table", "The slide’s table beside this run"),
}
DIAGNOSED = (LabView.CHAIN_RULE, LabView.ACTIVATION, LabView.COMPLAINTS, LabView.TABLE)
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
        self.gradient_image, self.chain_strip = GradientImage(), ChainStrip()
        self.activation_lens, self.complaint_cards = ActivationLens(), ComplaintCards()
        self._lanes: Sequence[LaneSnapshot] = ()
        self._titles: Sequence[str] = ()
        self._shapes: Sequence[Shape] = ()
        self._costs: Costs = None
        self._judged: tuple[list[Diagnosis | None], Sequence[str], Costs] = [], (), None
        self._views: dict[LabView, QWidget] = {
            LabView.BARS: self.gradient_plot,
            LabView.OVER_TIME: self.gradient_image,
            LabView.CHAIN_RULE: self.chain_strip,
            LabView.ACTIVATION: self.activation_lens,
            LabView.COMPLAINTS: self.complaint_cards,
            LabView.TABLE: self.course_table,
        }
        self._stack, self._group = QStackedWidget(), QButtonGroup(self)
        self._buttons: dict[LabView, QToolButton] = {}
        self._measure_button, self._age = MeasureButton(), AgeLine()
        self._lay_out()
        self._measure_button.chosen.connect(self._use_measure)
        self._group.idClicked.connect(self._choose)
        self.complaint_cards.shown.connect(self.show_complaint)
        self.show_view(LabView.BARS)

    def _lay_out(self) -> None:
        row = FlowBar(gap=2)
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
        """Which view is seen."""
        return list(self._views)[self._stack.currentIndex()]

    def show_view(self, view: LabView) -> None:
        """Show one of the views."""
        self._buttons[view].setChecked(True)
        self._stack.setCurrentIndex(list(self._views).index(view))
        self._measure_button.setVisible(view is LabView.BARS)
        self.diagnosis_wanted.emit(self.needs_diagnosis)
        self._show()

    @property
    def needs_diagnosis(self) -> bool:
        """Whether the view that is seen needs each layer diagnosed."""
        return self.view in DIAGNOSED or (self.view is LabView.BARS and self.gradient_plot.needs_diagnosis)

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

    def show_colours(self, colours: Sequence[int]) -> None:
        """Show each lane in the colour of that number."""
        views = (self.gradient_plot, self.gradient_image, self.chain_strip, self.activation_lens, self.complaint_cards)
        for view in views:
            view.show_colours(colours)

    def show_course(self, departures: tuple[str, ...] | None) -> None:
        """In what the lanes are others than the slide's, of which there is a table; None if the data are others."""
        self._buttons[LabView.TABLE].setVisible(departures is not None)
        self.course_table.show_departures(departures or ())
        if self.view is LabView.TABLE and departures is None:
            self.show_view(LabView.BARS)

    def show_lanes(self, lanes: Sequence[LaneSnapshot], configs: Sequence[TrainingConfig], costs: Costs = None) -> None:
        """Show the lanes, with the settings that make them, in the view that is seen.

        Args:
            lanes: as they are now.
            configs: of the lanes.
            costs: of the activations, once they are measured.
        """
        self._lanes, self._titles, self._costs = lanes, lane_titles(configs), costs
        self._shapes = [Shape(leaky_slope=config.leaky_slope, elu_alpha=config.elu_alpha) for config in configs]
        self._show()

    def _show(self) -> None:
        lanes, titles = self._lanes, self._titles
        measured = self._measured_at()
        self._age.show_epochs([epoch for _, epoch in measured], [lane.epochs for lane, _ in measured])
        match self.view:
            case LabView.BARS:
                self.gradient_plot.show_lanes(lanes, titles)
            case LabView.OVER_TIME:
                self.gradient_image.show_lanes([lane.gradient_history for lane in lanes], titles)
            case LabView.CHAIN_RULE:
                self.chain_strip.show_lanes([lane.diagnosis for lane in lanes], titles)
            case LabView.ACTIVATION:
                diagnoses = [lane.diagnosis for lane in lanes]
                self.activation_lens.show_lanes(diagnoses, titles, self._costs, self._shapes)
            case LabView.COMPLAINTS:
                self._judge([lane.diagnosis for lane in lanes])
            case LabView.TABLE:
                self.course_table.show_lanes(lanes)

    def _measured_at(self) -> list[tuple[LaneSnapshot, int]]:
        """The lanes of which the view that is seen shows something, and the epoch at which that was measured."""
        if self.needs_diagnosis:
            return [(lane, lane.diagnosis_epoch) for lane in self._lanes if lane.diagnosis is not None]
        return [(lane, lane.gradient_epoch) for lane in self._lanes if self.view is LabView.BARS]

    def _judge(self, diagnoses: list[Diagnosis | None]) -> None:
        """Show the complaints, unless nothing that they are judged by has changed."""
        if (judged := (diagnoses, self._titles, self._costs)) != self._judged:
            self._judged = judged
            found = [None if diagnosis is None else complaints(diagnosis, self._costs) for diagnosis in diagnoses]
            self.complaint_cards.show_lanes(found, self._titles)

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
