"""The cells of the initialization × activation matrix, coloured by accuracy, and the scale of the colours."""

# Tests: tests/gui/studies/test_matrix_window.py

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.config import Activation, Initialization
from engine.studies.grid import CellSummary
from gui.paint.theme import chrome_of, mixed
from gui.paint.type_size import scaled
from gui.text.language import say
from gui.text.matrix_text import CHANCE_MARK, Cell, cell_lines, cell_sentence, column_heading
from gui.text.names import name_of
from gui.text.numbers import percent

SCALE = tuple(
    QColor(name)
    for name in ("#00224E", "#1B3B6E", "#434E6C", "#606470", "#7D7C78", "#9B9376", "#BBAE6C", "#DCCA58", "#FEE838")
)
"""Equal steps of lightness from dark blue to yellow, seen alike with any colour vision: after cividis, Nuñez, Anderton
and Renslow 2018, "Optimizing colormaps with consideration for color vision deficiency"."""

SUMMARY = Qt.ItemDataRole.UserRole
MARGIN = 6
HEADING_FONT, LARGE_FONT, SMALL_FONT = 1.35, 2.0, 1.25  # of the window's


def scale_colour(share: float) -> QColor:
    """The colour of a share of the scale, 0 to 1."""
    place = min(max(share, 0.0), 1.0) * (len(SCALE) - 1)
    index = min(int(place), len(SCALE) - 2)
    return mixed(SCALE[index], SCALE[index + 1], place - index)


def ink_on(colour: QColor) -> QColor:
    """Black or white, whichever is read better on a colour."""
    parts = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in (
        colour.redF(), colour.greenF(), colour.blueF(),
    )]  # fmt: skip
    luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return QColor("#000000") if luminance > 0.179 else QColor("#FFFFFF")


def share_above_chance(accuracy: float, chance: float) -> float:
    """The share of the way from chance to 1 that an accuracy has come; 0 where there is none."""
    return 0.0 if math.isnan(accuracy) or not chance < 1 else (accuracy - chance) / (1 - chance)


class MatrixGrid(QTableWidget):
    """A row for each activation, a column for each initialization; arrow keys move, a click or Enter chooses.

    Signals:
        cell_chosen(Activation, Initialization): of a cell that has a result.
    """

    cell_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix_grid")
        tip = say("A click opens a cell as a lane")
        self.setToolTip(f"<p>{tip}</p>")
        self.setStatusTip(tip)
        self.setAccessibleName(say("Matrix of activations and initializations"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)  # Tab leaves the grid
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(CellPainter(self))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setFont(scaled(self.font(), HEADING_FONT, bold=True))
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
        size = cell_size(self.font())
        self.horizontalHeader().setMinimumSectionSize(size.width())
        self.verticalHeader().setMinimumSectionSize(size.height())
        self.cellClicked.connect(self._choose)
        self._activations: Sequence[Activation] = ()
        self._initializations: Sequence[Initialization] = ()
        self.chance = 0.0

    def show_cells(
        self, activations: Sequence[Activation], initializations: Sequence[Initialization], chance: float
    ) -> None:
        """Empty cells; `chance` is the accuracy at the dark end of the scale."""
        self._activations, self._initializations, self.chance = activations, initializations, chance
        self.clear()
        self.setRowCount(len(activations))
        self.setColumnCount(len(initializations))
        names = [name_of(activation) for activation in activations]
        self.setVerticalHeaderLabels(names)
        metrics = QFontMetrics(scaled(self.font(), HEADING_FONT, bold=True))
        self.verticalHeader().setMinimumWidth(max(map(metrics.horizontalAdvance, names), default=0) + 4 * MARGIN)
        self.setHorizontalHeaderLabels([column_heading(rule) for rule in initializations])
        for cell in product(activations, initializations):
            self.show_summary(cell, None)

    def show_summary(self, cell: Cell, summary: CellSummary | None) -> None:
        """Show what is known of one cell; None if nothing is yet."""
        item = QTableWidgetItem()
        sentence = cell_sentence(cell, summary, self.chance)
        item.setData(SUMMARY, summary)
        item.setText("\n".join(cell_lines(summary, self.chance)))
        item.setToolTip(f"<p>{sentence}</p>")
        item.setStatusTip(sentence)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence)
        self.setItem(self._activations.index(cell[0]), self._initializations.index(cell[1]), item)

    @Slot(int, int)
    def _choose(self, row: int, column: int) -> None:
        item = self.item(row, column)
        if item is not None and item.data(SUMMARY) is not None:
            self.cell_chosen.emit(self._activations[row], self._initializations[column])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; not by `cellActivated`, which a double click would send after two clicks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentRow(), self.currentColumn())
        else:
            super().keyPressEvent(event)


def cell_size(font: QFont) -> QSize:
    """The least size of a cell."""
    large, small = QFontMetrics(scaled(font, LARGE_FONT, bold=True)), QFontMetrics(scaled(font, SMALL_FONT))
    width = max(large.horizontalAdvance("100.0 %"), small.horizontalAdvance(say(CHANCE_MARK)))
    return QSize(width + 4 * MARGIN, large.height() + 3 * small.height() + 2 * MARGIN)


class CellPainter(QStyledItemDelegate):
    """Paints a cell of a `MatrixGrid`: the accuracy large, the ratio and the marks below it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Colour, text, and a frame where the keyboard is."""
        grid = option.widget
        assert isinstance(grid, MatrixGrid)
        summary: CellSummary | None = index.data(SUMMARY)
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        base = option.palette.base().color()
        colour = base
        if summary is not None:
            colour = scale_colour(share_above_chance(summary.accuracy.median, grid.chance))
        painter.save()
        painter.fillRect(rect, colour)
        painter.setPen(ink_on(colour))
        self._write(painter, rect, index.data().splitlines(), grid.font())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(ink_on(colour), 3, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(rect.adjusted(3, 3, -3, -3))
        painter.restore()

    def _write(self, painter: QPainter, rect: QRectF, lines: list[str], font: QFont) -> None:
        fonts = [scaled(font, LARGE_FONT, bold=True), *[scaled(font, SMALL_FONT)] * (len(lines) - 1)]
        heights = [QFontMetrics(font).height() for font in fonts]
        top = rect.center().y() - sum(heights) / 2
        for line, line_font, height in zip(lines, fonts, heights, strict=True):
            painter.setFont(line_font)
            painter.drawText(QRectF(rect.left(), top, rect.width(), height), Qt.AlignmentFlag.AlignCenter, line)
            top += height


class ScaleBar(QWidget):
    """The colours of the cells, from chance to every point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix_scale")
        self.setMinimumHeight(2 * self.fontMetrics().height() + MARGIN)
        self.setMinimumWidth(220)
        self.show_chance(math.nan)

    def show_chance(self, chance: float) -> None:
        """The accuracy at the dark end."""
        self._ends = say("{share} (chance)", share=percent(chance)), "100 %"
        tip = say(
            "Median training accuracy: dark blue is {low}, yellow is {high}.", low=self._ends[0], high=self._ends[1]
        )
        self.setAccessibleName(tip)
        self.setToolTip(f"<p>{tip}</p>")
        self.setStatusTip(tip)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar with its ends named."""
        painter = QPainter(self)
        chrome, height = chrome_of(self.palette()), self.fontMetrics().height()
        bar = QRectF(0.5, 0.5, self.width() - 1, self.height() - height - 3)
        colours = QLinearGradient(bar.topLeft(), bar.topRight())
        for index, colour in enumerate(SCALE):
            colours.setColorAt(index / (len(SCALE) - 1), colour)
        painter.setPen(QColor(chrome.faint))
        painter.setBrush(colours)
        painter.drawRect(bar)
        painter.setPen(QColor(chrome.ink))
        below = QRectF(0, self.height() - height, self.width(), height)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._ends[1])
        painter.end()
