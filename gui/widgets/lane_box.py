"""The list box of lanes in views that show one lane at a time."""

# Tests: tests/gui/layers/test_activation_lens.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from gui.paint.lane_view import LaneView
from gui.text.language import say
from gui.widgets.check_list import tell


class LaneBox(QComboBox):
    """Offers the lanes, if there are several; the same stays chosen as long as there is one of its number."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(say("Lane"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        tell(self, say("The lane that is looked at."))
        self._first = 0
        self.hide()

    @property
    def lane(self) -> int:
        """The lane that is chosen, 0 for the first."""
        return max(0, self.currentIndex())

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Offer lanes, if they are others than before."""
        self.show_titles([lane.title for lane in lanes] if len(lanes) > 1 else [])

    def show_titles(self, titles: Sequence[str]) -> None:
        """Offer lanes of these titles, none if there is a single one; it is no choice of the user's."""
        refill(self, titles, self._first)
        self.setVisible(bool(titles))

    def choose(self, lane: int) -> None:
        """Look at a lane, if there is one of that number; where none is offered yet, begin with that."""
        if lane < self.count():
            self.setCurrentIndex(lane)
        elif not self.count():
            self._first = lane

    def show_lane(self, lane: int) -> None:
        """Show a lane, or the last one, without announcing it."""
        was_blocked = self.blockSignals(True)
        self.setCurrentIndex(min(lane, self.count() - 1))
        self.blockSignals(was_blocked)


def refill(box: QComboBox, texts: Sequence[str], usual: int = 0) -> None:
    """Offer texts, if they are others than before; the same place stays chosen, at first the usual one.

    It is no choice of the user's, so it is not announced.
    """
    if list(texts) == [box.itemText(index) for index in range(box.count())]:
        return
    chosen, was_blocked = box.currentIndex(), box.blockSignals(True)
    box.clear()
    box.addItems(list(texts))
    box.setCurrentIndex(min(chosen if chosen >= 0 else usual, len(texts) - 1))
    box.blockSignals(was_blocked)
