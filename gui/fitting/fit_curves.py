"""The curves of each lane, the verdict on them, and what helps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.insight.neighbours import NEIGHBOURS
from engine.insight.remedies import Cure
from gui.fitting.fit_chart import FitChart
from gui.fitting.lane_fit import LaneFit, fit_of
from gui.fitting.remedy_bar import RemedyBar
from gui.paint.lane_view import LaneView


class FitCurves(QWidget):
    """Shows all lanes; what helps is offered for the one in hand.

    Signals:
        cure_chosen(Cure): a remedy for the lane in hand.
    """

    cure_chosen = Signal(Cure)
    needs = (NEIGHBOURS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fit_curves")
        self._lane = 0
        self._fits: list[LaneFit] = []
        self.chart, self.remedies, self.best_button = FitChart(), RemedyBar(), QToolButton()
        self.best_button.setObjectName("best_weights_button")
        self.best_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.remedies.cure_chosen.connect(self.cure_chosen)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.best_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.remedies, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(2)
        column.addWidget(self.chart, 1)
        column.addLayout(row)

    def offer_best(self, action: QAction) -> None:
        """Offer the way back to the best weights."""
        self.best_button.setDefaultAction(action)

    @Slot(int)
    def choose_lane(self, lane: int) -> None:
        """Offer what helps for another lane."""
        self._lane = lane
        self._offer()

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the curves of each lane, and the verdict on them."""
        self.chart.use_colours(lanes)
        self._fits = [fit_of(lane) for lane in lanes]
        self.chart.show_fits(self._fits)
        self._offer()

    def _offer(self) -> None:
        fit = self._fits[self._lane] if self._lane < len(self._fits) else None
        self.remedies.show_verdict(None if fit is None else fit.verdict.state, "" if fit is None else fit.title)
