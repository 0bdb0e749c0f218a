"""The loss of every point of a lane: the curve of −log P, who carries the mean, and the mean in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from engine.config import Loss
from engine.insight.outcomes import OUTCOMES, Outcomes
from engine.insight.pins import PINS, PinsRead
from gui.decisions.loss_chart import LossChart
from gui.decisions.points_view import PointsView
from gui.decisions.priced import Priced, mean_in_words, price
from gui.decisions.split_box import NOT_FINITE, NOTHING_YET
from gui.paint.lane_view import LaneView
from gui.text.language import say
from gui.widgets.check_list import tell


class Losses(PointsView):
    """Shows one lane; the points that can be chosen in it are those with the largest losses.

    Signals:
        comparison_wanted: networks with both kinds of loss are to be seen side by side.
    """

    comparison_wanted = Signal()
    needs = (OUTCOMES, PINS)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("losses", parent)
        self.setAccessibleName(say("Losses"))
        self._priced: Priced | None = None
        self._chart = LossChart()
        tell(self._split_box, say("The points whose losses are shown, and whose mean is taken."))
        self._compare = compare_button()
        self._compare.clicked.connect(self.comparison_wanted)
        self._column(self._compare).addWidget(self._chart, 1)
        self._chart.largest_chosen.connect(self._choose_largest)

    def sizeHint(self) -> QSize:
        return QSize(430, 400)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        self._compare.setVisible(all(lane.config.loss is not Loss.MSE for lane in lanes))
        super().show_lanes(lanes)

    def _show(self) -> None:
        outcomes, split = self.outcomes, self._split_box.split
        self._show_pins(outcomes, None if self.lane is None else self.lane.value(PINS))
        if not self.isVisible() or self._shown == (outcomes,):
            return
        self._shown, self._priced = (outcomes,), None
        if outcomes is None or not outcomes.is_finite:
            self._chart.show_points(None, (), (), say(NOTHING_YET if outcomes is None else NOT_FINITE))
            return
        self._priced, dataset = price(outcomes, split), outcomes.dataset
        words = mean_in_words(outcomes, self._priced, split)
        self._chart.show_points(self._priced, dataset.class_names, dataset.colours, "\n".join(words))

    def _show_pins(self, outcomes: Outcomes | None, read: PinsRead | None) -> None:
        """Show the pins that are on points of the dataset whose losses are shown."""
        is_same = outcomes is not None and read is not None and read.dataset is outcomes.dataset
        known = read.pinned if read is not None and is_same else ()
        pinned = [(each.pin.number, each.row) for each in known if each.row is not None]
        if pinned != self._chart.pinned:
            self._chart.show_pins(pinned)

    @Slot(int)
    def _choose_largest(self, n_points: int) -> None:
        if self.outcomes is not None and self._priced is not None:
            mask = np.zeros(len(self.outcomes.dataset), dtype=bool)
            mask[self._priced.indices[self._priced.order[:n_points]]] = True
            self.points_chosen.emit(self.outcomes.dataset, mask)


def compare_button() -> QToolButton:
    """A button that leads to networks with both kinds of loss."""
    button = QToolButton()
    button.setObjectName("compare_losses")
    button.setText(say("Compare with squared error"))
    tip = say("Open the experiment with both losses side by side; Undo leads back")
    button.setToolTip(f"<p>{tip}</p>")
    button.setStatusTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
