"""The calculator: the card of a point with numbers that are typed or dragged, and the rules of probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.dataset import MAX_CLASSES
from engine.insight.quantity import Quantity
from engine.isolates import isolated
from gui.paint.icons import ThemedIcon
from gui.paint.lane_view import LaneView
from gui.paint.type_size import scale_of
from gui.probability.board import shift_box
from gui.probability.card import Card
from gui.probability.figures import Digits
from gui.probability.number_row import NumberRow
from gui.probability.parts import CardLook, Facts
from gui.probability.problem import KINDS, PROBLEMS, Kind, Problem
from gui.probability.rules import Rules
from gui.text.language import say
from gui.views import EXAMPLES, Example
from gui.widgets.check_list import tell
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.flow_bar import FlowBar
from gui.widgets.forms import GAP, NEAR

WIDE = 760  # lengths, from which the card stands beside the numbers


class Calculator(QWidget):
    """Shows what follows from numbers."""

    needs: Sequence[Quantity[Any]] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probability_calculator")
        self._problem = PROBLEMS[Example.PETS]()
        self.card, self.rules = Card(), Rules()
        self.kind_box = ChoiceBox("calculator_kind_box", {kind: say(text) for kind, text in KINDS.items()})
        self.truth_box, self.add_button = QComboBox(), QToolButton()
        self.decimals, self.shift = QCheckBox(say("Two decimals, as by hand")), shift_box("calculator_shift_box")
        self.rows = [NumberRow(place) for place in range(MAX_CLASSES)]
        self._examples, self._under = FlowBar(gap=NEAR), QWidget()  # the second: what is under the card, or the numbers
        self._make_examples()
        self._name_parts()
        self._lay_out()
        self._connect()
        self.show_problem(self._problem)

    def _make_examples(self) -> None:
        for example, row in EXAMPLES.items():
            button = QToolButton()
            button.setObjectName(f"{example}_button")
            button.setText(say(row.title))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tell(button, say(row.tip))
            button.clicked.connect(partial(self.show_example, example))
            self._examples.add(button)

    def _name_parts(self) -> None:
        self.kind_box.setAccessibleName(say("Numbers and output"))
        tell(self.kind_box, say("What the numbers are, and which output makes probabilities of them"))
        self.truth_box.setObjectName("calculator_truth_box")
        self.truth_box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.truth_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.truth_box.setMinimumContentsLength(6)
        tell(self.truth_box, say("The true class, y = 1: the loss is −log of its P"))
        self.add_button.setObjectName("calculator_add_button")
        self.add_button.setAccessibleName(say("Add a class"))
        self.add_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tell(self.add_button, say("Add a class"))
        self._icon = ThemedIcon(self, self.add_button, "add")
        self.decimals.setObjectName("calculator_decimals_box")
        self.decimals.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tell(self.decimals, say("Round every number to two decimals, and add the rounded numbers, as on the slides"))

    def _lay_out(self) -> None:
        label, choices, numbers = QLabel(say("True class")), QHBoxLayout(), QVBoxLayout()
        label.setBuddy(self.truth_box)
        choices.setContentsMargins(GAP, 0, GAP, 0)
        choices.setSpacing(GAP)
        for widget, stretch in ((self.kind_box, 3), (label, 0), (self.truth_box, 2), (self.add_button, 0)):
            choices.addWidget(widget, stretch)
        numbers.setContentsMargins(GAP, 0, GAP, 0)
        numbers.setSpacing(NEAR)
        for row in self.rows:
            numbers.addWidget(row)
        switches, under = FlowBar(), QVBoxLayout(self._under)
        for part in (self.decimals, self.shift):
            switches.add(part)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(GAP)
        under.addWidget(switches)
        under.addWidget(self.rules)
        self._left, self._right = left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(GAP)
        left.addLayout(choices)
        left.addLayout(numbers)
        left.addStretch(1)
        right.setSpacing(GAP)
        right.addWidget(self.card)
        right.addWidget(self._under)
        right.addStretch(1)
        self.rules.setContentsMargins(GAP, 0, GAP, 0)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(GAP)
        self._halves.addLayout(left, 0)
        self._halves.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, NEAR, 0, NEAR)
        column.setSpacing(GAP)
        column.addWidget(self._examples)
        column.addLayout(self._halves, 1)

    def _connect(self) -> None:
        self.kind_box.chosen.connect(self._choose_kind)
        self.truth_box.currentIndexChanged.connect(self._choose_truth)
        self.add_button.clicked.connect(lambda: self.show_problem(self._problem.with_row()))
        self.decimals.toggled.connect(self._choose_digits)
        self.shift.toggled.connect(lambda _is_on: self._show_results())
        self.card.threshold_chosen.connect(self._choose_threshold)
        for place, row in enumerate(self.rows):
            changes: tuple[tuple[Any, Callable[..., Problem]], ...] = (
                (row.name_changed, Problem.with_name),
                (row.number_changed, Problem.with_number),
                (row.removed, Problem.without_row),
            )
            for signal, change in changes:
                signal.connect(partial(self._change, change, place))

    # what is shown

    @property
    def problem(self) -> Problem:
        """The names and numbers that are shown."""
        return self._problem

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Nothing here is of a lane."""

    def show_example(self, example: Example, _is_checked: bool = False) -> None:
        """Show a problem of the course, that is ready made."""
        self.show_problem(PROBLEMS[example]())

    def show_problem(self, problem: Problem) -> None:
        """Show names and numbers, and what follows from them."""
        self._problem = problem
        is_single = problem.kind is Kind.SIGMOID
        self.kind_box.show_choice(problem.kind)
        for place, row in enumerate(self.rows):
            is_there = place < problem.n_shown
            if is_there:
                row.use_probability(problem.kind is Kind.STATED)
                has_number = not is_single or place == 1
                row.show_row(
                    problem.names[place], problem.numbers[place], has_number=has_number, can_go=problem.can_shrink
                )
            row.setVisible(is_there)
        with QSignalBlocker(self.truth_box):
            self.truth_box.clear()
            self.truth_box.addItems([say("none", "class"), *map(isolated, problem.classes.names)])
            self.truth_box.setCurrentIndex(0 if problem.shown_label is None else problem.shown_label + 1)
        self.add_button.setEnabled(problem.can_grow)
        self.shift.setEnabled(problem.kind is Kind.SOFTMAX)
        with QSignalBlocker(self.decimals):
            self.decimals.setChecked(problem.digits is Digits.DECIMALS)
        self._show_results()

    def _show_results(self) -> None:
        problem = self._problem
        shown, classes = problem.worked_out(), problem.classes
        is_shifted = self.shift.isChecked() and self.shift.isEnabled()
        look = CardLook(problem.digits, is_shifted, with_sigmoids=True, with_curve=True)
        self.card.show_facts(Facts(shown, classes), look)
        self.rules.show_arithmetic(shown, classes.names, problem.digits)

    # what is changed

    def _change(self, change: Callable[..., Problem], place: int, *values: Any) -> None:
        if place < self._problem.n_shown:  # a row tells what was typed in it when it is hidden, too
            self.show_problem(change(self._problem, place, *values))

    @Slot()
    def _choose_kind(self) -> None:
        kind = self.kind_box.choice()
        if kind is not None:
            self.show_problem(self._problem.as_kind(kind))

    @Slot(int)
    def _choose_truth(self, index: int) -> None:
        self.show_problem(replace(self._problem, label=index - 1 if index > 0 else None))

    @Slot(bool)
    def _choose_digits(self, is_decimals: bool) -> None:
        self.show_problem(replace(self._problem, digits=Digits.DECIMALS if is_decimals else Digits.FOUR))

    @Slot(float)
    def _choose_threshold(self, threshold: float) -> None:
        self.show_problem(replace(self._problem, threshold=threshold))

    def sizeHint(self) -> QSize:
        return QSize(430, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The card below the numbers, or beside them where there is room."""
        directions, is_wide = QBoxLayout.Direction, self.width() >= WIDE * scale_of(self.font())
        self._halves.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        for half, stretch in enumerate((2, 3) if is_wide else (0, 1)):
            self._halves.setStretch(half, stretch)
        home = self._left if is_wide else self._right
        if home.indexOf(self._under) < 0:
            home.insertWidget(home.count() - 1, self._under)  # before what stretches
        super().resizeEvent(event)
