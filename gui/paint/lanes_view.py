"""Views of several lanes, each in the colour that it keeps."""

# Tests: tests/gui/layers/test_chain_strip.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from engine.experiment import MAX_LANES
from gui.paint.lane_view import LaneView
from gui.paint.recoloured import Recoloured
from gui.paint.theme import Chrome


class LaneColours(Recoloured):
    """The colours of the lanes that a view shows; those of their places until it is shown lanes."""

    colours = tuple(range(MAX_LANES))

    def use_colours(self, lanes: Sequence[LaneView]) -> None:
        """Show each lane in its colour; places without a lane have those that are left."""
        colours = [lane.colour for lane in lanes]
        left = (number for number in range(MAX_LANES) if number not in colours)
        if lanes and self.colours != (shown := (*colours, *left)):
            self.colours = shown
            self.recolour()

    def lane_colour(self, chrome: Chrome, lane: int) -> QColor:
        """The colour of a lane, by its place."""
        return QColor(chrome.lanes[self.colours[lane]])


class LanesView(LaneColours, QWidget):
    """A view that paints all its lanes at once."""

    def recolour(self) -> None:
        self.update()
