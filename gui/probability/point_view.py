"""The view of pinned places: what each lane makes of each, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.insight.pins import PINS
from gui.paint.lane_view import LaneView
from gui.text.language import mark, say
from gui.text.probabilities import class_probabilities

HOW_TO = mark(
    "Take the tool Inspect (K) and click a point or any spot of the plane, or click with Alt held down. "
    "With keys: move the crosshair and press Enter twice."
)


class PointView(QWidget):
    """Shows the numbers at each pin, a row each, and a column for each lane."""

    needs = (PINS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("point_view")
        self._grid, self._labels = QGridLayout(self), dict[tuple[int, int], QLabel]()
        self._hint = QLabel(say(HOW_TO))
        self._hint.setWordWrap(True)
        self._grid.addWidget(self._hint, 0, 0, 1, 4, Qt.AlignmentFlag.AlignTop)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show what was read at the pins."""
        for label in self._labels.values():
            label.hide()
        read = [lane.value(PINS) for lane in lanes]
        self._hint.setVisible(not any(found is not None and found.pinned for found in read))
        for column, (lane, found) in enumerate(zip(lanes, read, strict=True)):
            for pinned in () if found is None else found.pinned:
                label = self._label(pinned.pin.number + 1, column)
                shares = None if pinned.inspection is None else pinned.inspection.probabilities
                is_distribution = lane.snapshot.is_distribution
                names = () if found is None else found.dataset.class_names
                text = class_probabilities(names, shares, is_distribution=is_distribution)
                label.setText(f"{pinned.pin.letter}   {text}")
                label.show()

    def _label(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._labels:
            self._labels[row, column] = label = QLabel()
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(label, row, column)
        return self._labels[row, column]
