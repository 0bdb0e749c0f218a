"""The frame of the views that look at the points of one lane."""

# Tests: tests/gui/decisions/test_decisions.py, tests/gui/decisions/test_losses.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.insight.outcomes import OUTCOMES, Outcomes
from gui.decisions.split_box import SplitBox
from gui.paint.lane_view import LaneView
from gui.widgets.lane_box import LaneBox


class PointsView(QWidget):
    """Shows one lane, and lets another and a part of its points be chosen.

    Args:
        name: of the object, and what those of its boxes begin with.
        parent: owner.

    Signals:
        points_chosen(Dataset, mask): some points, bool ndarray of shape (n_points,).
    """

    points_chosen = Signal(object, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._lanes: Sequence[LaneView] = ()
        self._shown: tuple[object, ...] = ()  # all that the picture depends on, but for what is chosen in boxes
        self._lane_box, self._split_box = LaneBox(f"{name}_lane_box"), SplitBox(f"{name}_points_box")
        self._lane_box.currentIndexChanged.connect(self._refresh)
        self._split_box.chosen.connect(self._refresh)

    def _column(self, *others: QWidget) -> QVBoxLayout:
        """A column that begins with a row of the boxes, those of a view between its two."""
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        for box in (self._split_box, *others, self._lane_box):
            row.addWidget(box, 1)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addLayout(row)
        return column

    @property
    def lane(self) -> LaneView | None:
        """The lane that is shown."""
        number = self._lane_box.lane
        return self._lanes[number] if number < len(self._lanes) else None

    @property
    def outcomes(self) -> Outcomes | None:
        """Those that are shown."""
        return None if self.lane is None else self.lane.value(OUTCOMES)

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
        """Show anew, since something else is chosen."""
        self._shown = ()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        self._show()
        super().showEvent(event)

    def _show(self) -> None:
        """Show the lane, if it can be seen and anything of it is new."""
        raise NotImplementedError
