"""The decisions of a network: what it takes for what, and what another threshold would do."""

# Tests: tests/gui/decisions/test_decisions.py

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from engine.insight.outcomes import OUTCOMES, Outcomes, Split
from engine.isolates import isolated
from engine.learning.metrics import Roc, wilson
from gui.decisions.calibration_plot import calibration_in_words
from gui.decisions.confusion_chart import ConfusionChart
from gui.decisions.points_view import PointsView
from gui.decisions.ranked import Ranked, rank, rates_at
from gui.decisions.split_box import NOT_FINITE, NOTHING_YET
from gui.decisions.threshold_chart import ThresholdChart
from gui.text.language import say
from gui.text.numbers import percent
from gui.widgets.check_list import tell
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lane_box import refill
from gui.widgets.throttle import SEND_MILLISECONDS, Throttle

FEWEST = 5  # points a class, below which the error of the area is no estimate


class Decisions(PointsView):
    """Shows one lane: its confusion matrix, of whose cells the points can be chosen, and one class against the rest.

    Signals:
        threshold_chosen(int, float, int): of a lane, by a drag that has a number.
        compared(tuple[int, float] | None, int): a class with the rest at this threshold, in a lane whose network
            decides by no threshold; None: nothing, or nobody looks.
    """

    needs = (OUTCOMES,)
    threshold_chosen = Signal(int, float, int)
    compared = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("decisions", parent)
        self.setAccessibleName(say("Decisions"))
        self._ranked: Ranked | None = None
        self._threshold = 0.5  # of the picture; that of the network where it decides by one
        self._split_box.show_choice(Split.VALIDATION)  # which the network has not seen
        tell(self._split_box, say("The points that all numbers and plots below are of."))
        self._class_box = QComboBox()
        self._class_box.setObjectName("decisions_class_box")
        self._class_box.setAccessibleName(say("Class against the rest"))
        self._class_box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._class_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        tell(self._class_box, say("The class whose probability is compared with the threshold, against all others."))
        self._accuracy = ElidedLabel()
        self._accuracy.setObjectName("decisions_accuracy")
        self._matrix, self._chart = ConfusionChart(), ThresholdChart()
        self._send, self._is_ahead = Throttle(self._tell, SEND_MILLISECONDS, self), False  # of what is told already
        self._compared: tuple[tuple[int, float] | None, int] = None, 0
        self._lay_out()
        self._class_box.currentIndexChanged.connect(self._refresh)
        self._matrix.cell_chosen.connect(self._choose_cell)
        self._chart.threshold_moved.connect(self._move_threshold)

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setContentsMargins(8, 0, 8, 0)
        words.addWidget(self._accuracy)
        column = self._column(self._class_box)
        column.addLayout(words)
        column.addWidget(self._matrix)
        column.addWidget(self._chart, 1)

    def sizeHint(self) -> QSize:
        return QSize(430, 480)

    def _show(self) -> None:
        """Show the lane, if what is measured of it or its threshold is another one."""
        outcomes, config = self.outcomes, None if self.lane is None else self.lane.config
        key = outcomes, None if config is None else self._threshold if self._is_ahead else config.threshold
        if key == self._shown or not self.isVisible():
            return
        is_same = bool(self._shown) and self._shown[0] is outcomes
        self._shown = key
        if outcomes is None or config is None or not outcomes.is_finite:
            self._show_nothing(NOTHING_YET if outcomes is None else NOT_FINITE)
            return
        if outcomes.has_threshold and not self._is_ahead:
            self._threshold = config.threshold
        if not is_same:
            self._show_points(outcomes)
        self._show_threshold(outcomes)

    def _compare(self, one_class: tuple[int, float] | None) -> None:
        """Tell what is compared, if that is news."""
        compared = one_class, self._lane_box.lane
        if compared != self._compared:
            self._compared = compared
            self.compared.emit(*compared)

    def hideEvent(self, event: QHideEvent) -> None:
        """Compare nothing any more."""
        self._compare(None)
        self._shown = ()
        super().hideEvent(event)

    def _show_nothing(self, why: str) -> None:
        self._ranked = None
        self._compare(None)
        self._accuracy.setText(say(why))
        self._matrix.show_report(None, (), ())
        self._chart.show_points(None, ("", ""), (None, None))
        self._chart.show_threshold(self._threshold, "")

    def _show_points(self, outcomes: Outcomes) -> None:
        """Show all that does not depend on the threshold."""
        dataset = outcomes.dataset
        names = [*dataset.class_names]
        refill(self._class_box, names, usual=1)
        label = 1 if outcomes.has_threshold else max(0, self._class_box.currentIndex())
        self._class_box.setVisible(not outcomes.has_threshold)
        self._ranked, is_pair = rank(outcomes, label, self._split_box.split), dataset.n_classes == 2
        rest = names[1 - label] if is_pair else say("the rest")
        colours = dataset.colours[label], dataset.colours[1 - label] if is_pair else None
        self._chart.show_points(self._ranked, (names[label], rest), colours)

    def _show_threshold(self, outcomes: Outcomes) -> None:
        """Show all that depends on the threshold."""
        split, dataset = self._split_box.split, outcomes.dataset
        report = outcomes.report(split, self._threshold)
        self._matrix.show_report(report, dataset.class_names, dataset.colours)
        self._accuracy.setText(accuracy_in_words(int(report.confusion.trace()), int(report.confusion.sum())))
        label = None if self._ranked is None or outcomes.has_threshold else self._ranked.label
        self._compare(None if label is None else (label, self._threshold))
        if self._ranked is not None:
            words = threshold_in_words(self._ranked, dataset.class_names, self._threshold, split)
            if not outcomes.has_threshold:
                words.append(say("The largest P decides here: the threshold moves no boundary, but the double line."))
            self._chart.show_threshold(self._threshold, "\n".join(words))

    @Slot(float, int)
    def _move_threshold(self, threshold: float, drag: int) -> None:
        outcomes = self.outcomes
        if outcomes is None or threshold == self._threshold:
            return
        self._threshold = threshold
        self._show_threshold(outcomes)
        if outcomes.has_threshold:
            self._shown, self._is_ahead = (outcomes, threshold), True
            self._send(self._lane_box.lane, threshold, drag)

    def _tell(self, lane: int, threshold: float, drag: int) -> None:
        self._is_ahead = False
        self.threshold_chosen.emit(lane, threshold, drag)

    @Slot(int, int)
    def _choose_cell(self, row: int, column: int) -> None:
        outcomes = self.outcomes
        if outcomes is not None:
            mask = outcomes.mask(self._split_box.split) & (outcomes.dataset.labels == row)
            self.points_chosen.emit(outcomes.dataset, mask & (outcomes.decisions(self._threshold) == column))


def accuracy_in_words(right: int, n_points: int) -> str:
    """The share of points that are decided for their class, with its interval."""
    if not n_points:
        return say("There are no such points.")
    low, high = wilson(right, n_points)
    return say(
        "Accuracy {accuracy} of {n_points:,} ({low} – {high})",
        accuracy=percent(right / n_points),
        n_points=n_points,
        low=percent(low),
        high=percent(high),
    )


def area_in_words(steps: Roc) -> str:
    """The area under the ROC and its error, where there is an estimate of it."""
    error = steps.area_error
    digits = 5 if 0 < error < 0.0005 else 3
    area = f"{steps.area:.{digits}f}"
    if min(steps.n_positive, steps.n_negative) < FEWEST:
        return say("Area under the ROC: not told below 5 points a class.")
    if steps.area == 0:
        return say("Area under the ROC {area}: every pair is out of order, so its error is not known.", area=area)
    if steps.area == 1:
        return say("Area under the ROC {area}: no pair is out of order, so its error is not known.", area=area)
    return say("Area under the ROC {area} ± {error} (standard error)", area=area, error=f"{error:.{digits}f}")


def threshold_in_words(
    ranked: Ranked, names: Sequence[str], threshold: float, split: Split = Split.VALIDATION
) -> list[str]:
    """The points that are shown, the area under their ROC, and the numbers at a threshold, line by line."""
    name, n_points = isolated(names[ranked.label]), len(ranked.scores)
    if ranked.steps is None:
        if not n_points and split is Split.VALIDATION:
            return [say("No point is kept for validation; the setting “Validation, test” sets how many are.")]
        return [say("There are points of one class against the rest only; a ROC needs both.")] if n_points else []
    rates = rates_at(ranked.steps, threshold)
    return [
        say(
            "n₊ = {n_positive:,} of {name}, n₋ = {n_negative:,} others",
            n_positive=ranked.n_positive,
            n_negative=ranked.n_negative,
            name=name,
        ),
        area_in_words(ranked.steps),
        calibration_in_words(ranked.calibration),
        say(
            "P > {threshold:g}: recall {recall}, false alarms {false_rate}, precision {precision}, F1 {f1:.2f}",
            threshold=threshold,
            recall=percent(rates.recall),
            false_rate=percent(rates.false_rate),
            precision="–" if math.isnan(rates.precision) else percent(rates.precision),
            f1=rates.f1,
        ),
    ]
