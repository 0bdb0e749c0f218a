"""A view of several lanes, each in the colour that it keeps."""

# Tests: tests/gui/layers/test_chain_strip.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from engine.experiment import MAX_LANES
from gui.paint.theme import Chrome


class LanesView(QWidget):
    """Knows the colours of the lanes it shows; those of their places until it is told others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = tuple(range(MAX_LANES))

    def show_colours(self, colours: Sequence[int]) -> None:
        """Show each lane in the colour of that number."""
        if self.colours != (shown := tuple(colours)):
            self.colours = shown
            self.update()

    def lane_colour(self, chrome: Chrome, lane: int) -> QColor:
        """The colour of a lane, by its place."""
        return QColor(chrome.lanes[self.colours[lane]])
