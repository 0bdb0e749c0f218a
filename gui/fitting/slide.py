"""The slide's tables on fitting, filled in from this run: of one lane its course, of several their symptoms."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.insight.neighbours import NEIGHBOURS
from gui.fitting.lane_fit import fit_of
from gui.fitting.reading import course_headings, course_of, symptoms_of
from gui.fitting.word_table import WordTable
from gui.paint.lane_view import LaneView
from gui.text.language import mark, say

NOTE = mark(
    "Bias and variance are read off the curves here, as on the slide. Rules: overfitting is a validation loss that has "
    "risen, underfitting a training accuracy, or R² of values, below that of 5 neighbours."
)


class Slide(QWidget):
    """A table of words, with the numbers that they stand for."""

    needs = (NEIGHBOURS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slide")
        self.table = WordTable("slide_table", say("The slide’s table, filled in from this run"))
        self._note = QLabel(say(NOTE))
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 6)
        column.addWidget(self.table, 1)
        column.addWidget(self._note)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Fill in the table."""
        fits = [fit_of(lane) for lane in lanes]
        if len(fits) == 1:
            self.table.show_lines(course_headings(fits[0]), course_of(fits[0]))
        else:
            titles = tuple(fit.title.replace(", ", ",\n") for fit in fits)
            self.table.show_lines(titles, symptoms_of(fits) if fits else [])
