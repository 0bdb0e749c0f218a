"""Ghosts in the plots: the curves of earlier runs, thin and dashed, behind those of the run under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from gui.paint.plots.ghost import Ghost
from gui.paint.theme import DARK, Chrome
from gui.paint.type_size import least_line
from gui.run.plot_looks import Line
from gui.run.plot_notes import End

Heights = Callable[[NDArray[np.float64], int], tuple[NDArray[np.float64], float]]
TRAINING_STRENGTH = 0.55  # opacity of the curves of training points beside those of validation
N_CURVES = 4  # of a ghost


class Ghosts:
    """Draws them.

    Args:
        losses, scores: the plots, of which each gets two curves of each ghost.
    """

    def __init__(self, losses: pg.PlotItem, scores: pg.PlotItem) -> None:
        self._plots = (losses, losses, scores, scores)
        self._ghosts: tuple[Ghost, ...] = ()
        self._lines: list[list[Line]] = []  # of each ghost
        self._chrome, self._scale = DARK, 1.0

    @property
    def titles(self) -> list[str]:
        """Their names."""
        return [ghost.title for ghost in self._ghosts]

    @property
    def tables(self) -> list[NDArray[np.float64]]:
        """The rows of their curves."""
        return [ghost.curves.astype(np.float64) for ghost in self._ghosts]

    def show_ghosts(self, ghosts: Sequence[Ghost]) -> None:
        """Show these; they are drawn by `draw`."""
        self._ghosts = tuple(ghosts)
        while len(self._lines) < len(ghosts):
            self._lines.append([Line() for _ in range(N_CURVES)])
            for line, plot in zip(self._lines[-1], self._plots, strict=True):
                plot.getViewBox().addItem(line, ignoreBounds=True)
                line.setZValue(-2)
        self.recolour(self._chrome, self._scale)

    def draw(self, heights: Heights) -> None:
        """Draw all curves at the heights that values of a column have."""
        tables = self.tables
        for number, lines in enumerate(self._lines):
            for column, line in enumerate(lines, start=1):
                if number >= len(tables):
                    line.clear()
                    continue
                values, _ = heights(tables[number][:, column], column)
                known = np.isfinite(values)
                line.setData(tables[number][known, 0], values[known])

    def recolour(self, chrome: Chrome, scale: float) -> None:
        """Draw in the colours of a theme, with lines beside a font of that scale."""
        self._chrome, self._scale = chrome, scale
        validation = QPen(QColor(chrome.faint), least_line(scale) * scale, Qt.PenStyle.DashLine)
        training, faint = QPen(validation), QColor(chrome.faint)
        faint.setAlphaF(TRAINING_STRENGTH)
        training.setColor(faint)
        for lines in self._lines:
            for line, pen in zip(lines, (training, validation) * 2, strict=True):
                pen.setCosmetic(True)
                line.setPen(pen)

    def ends(self, first: int, at: Callable[[float, float], QPointF], shorten: Callable[[str], str]) -> list[End]:
        """The names at the ends of the curves of column `first` and the next: of validation, or else of training."""
        found = []
        for ghost, table in zip(self._ghosts, self.tables, strict=True):
            for column in (first + 1, first):
                rows = table[np.isfinite(table[:, column])]
                if len(rows):
                    place = at(float(rows[-1, 0]), float(rows[-1, column]))
                    found.append(End(place, shorten(ghost.title), QColor(self._chrome.faint)))
                    break
        return found
