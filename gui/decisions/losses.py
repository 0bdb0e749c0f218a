"""The loss of every point of a lane: the curve of −log P, who carries the mean, and the mean in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.insight.outcomes import OUTCOMES, Outcomes
from engine.insight.pins import PINS, PinsRead
from gui.decisions.loss_chart import LossChart
from gui.decisions.priced import Priced, mean_in_words, price
from gui.decisions.split_box import NOT_FINITE, NOTHING_YET, SplitBox
from gui.paint.lane_view import LaneView
from gui.text.language import say
from gui.widgets.check_list import tell
from gui.widgets.lane_box import LaneBox


class Losses(QWidget):
    """Shows one lane.

    Signals:
        points_chosen(Dataset, mask): those with the largest losses, bool ndarray of shape (n_points,).
    """

    needs = (OUTCOMES, PINS)
    points_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("losses")
        self.setAccessibleName(say("Losses"))
        self._lanes: Sequence[LaneView] = ()
        self._shown: Outcomes | None = None
        self._priced: Priced | None = None
        self._lane_box, self._split_box, self._chart = (
            LaneBox("losses_lane_box"),
            SplitBox("losses_points_box"),
            LossChart(),
        )
        tell(self._split_box, say("The points whose losses are shown, and whose mean is taken."))
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._split_box, 1)
        row.addWidget(self._lane_box, 1)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._chart, 1)
        self._lane_box.currentIndexChanged.connect(self._refresh)
        self._split_box.chosen.connect(self._refresh)
        self._chart.largest_chosen.connect(self._choose_largest)

    def sizeHint(self) -> QSize:
        return QSize(430, 400)

    @Slot(int)
    def choose_lane(self, lane: int) -> None:
        """Look at a lane, if it is shown."""
        self._lane_box.choose(lane)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show one of the lanes, and let another be chosen."""
        self._lane_box.show_lanes(lanes)
        self._lanes = lanes
        self._show()

    @Slot()
    def _refresh(self) -> None:
        self._shown = None
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        self._show()
        super().showEvent(event)

    def _show(self) -> None:
        lane, split = self._lane_box.lane, self._split_box.split
        outcomes = self._lanes[lane].value(OUTCOMES) if lane < len(self._lanes) else None
        self._show_pins(outcomes, self._lanes[lane].value(PINS) if lane < len(self._lanes) else None)
        if not self.isVisible() or (outcomes is self._shown and outcomes is not None):
            return
        self._shown, self._priced = outcomes, None
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
        if self._shown is not None and self._priced is not None:
            mask = np.zeros(len(self._shown.dataset), dtype=bool)
            mask[self._priced.indices[self._priced.order[:n_points]]] = True
            self.points_chosen.emit(self._shown.dataset, mask)
