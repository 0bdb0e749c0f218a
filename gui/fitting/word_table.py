"""A table of words and numbers, whose rows are as high as their words need, and columns as wide as their headings."""

# Tests: tests/gui/fitting/test_slide.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from gui.fitting.reading import TableLine
from gui.widgets.check_list import tell

CELL_MARGIN = 14


class WordTable(QTableWidget):
    """Shows lines below headings; what is shown already is left as it is.

    Args:
        name: of the object.
        title: what it is, for those who hear it.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        tell(self, title)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setWordWrap(True)
        self.horizontalHeader().setSectionsClickable(False)
        self._fit = QTimer(self)  # columns get their widths later
        self._fit.setSingleShot(True)
        self._fit.timeout.connect(self.resizeRowsToContents)
        self.horizontalHeader().sectionResized.connect(lambda *_: self._fit.start())
        self.verticalHeader().setSectionsClickable(False)
        self._shown: tuple[tuple[str, ...], list[TableLine]] = ((), [])

    def show_lines(self, headings: tuple[str, ...], lines: Sequence[TableLine]) -> None:
        """Show these lines."""
        before, self._shown = self._shown, (headings, list(lines))
        if before == self._shown:
            return
        if headings != before[0] or [line.name for line in lines] != [line.name for line in before[1]]:
            self._lay_out(headings, lines)
        for row, line in enumerate(lines):
            places = (0, self.columnCount() - 1) if line.is_whole else range(len(line.cells))
            for column, text in zip(places, line.cells, strict=True):
                item = self.item(row, column)
                if item is not None and item.text() != text:
                    item.setText(text)
        self._fit.start()

    def _lay_out(self, headings: tuple[str, ...], lines: Sequence[TableLine]) -> None:
        self.clearSpans()
        self.setRowCount(len(lines))
        self.setColumnCount(len(headings))
        self.setHorizontalHeaderLabels(headings)
        header, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        header.setSectionResizeMode(modes.Stretch)
        numbers = [line.cells[0] for line in lines if not line.is_whole]
        has_numbers = len(numbers) < len(lines)
        # where not all headings have room it is scrolled
        sections = range(int(has_numbers), len(headings))
        header.setMinimumSectionSize(max(map(header.sectionSizeHint, sections), default=0))
        if has_numbers:  # which need no more room than they have
            widths = map(self.fontMetrics().horizontalAdvance, "\n".join([headings[0], *numbers]).split("\n"))
            header.setSectionResizeMode(0, modes.Fixed)
            header.resizeSection(0, max(widths) + CELL_MARGIN)
        self.setVerticalHeaderLabels([line.name for line in lines])
        for row, line in enumerate(lines):
            for column in range(len(headings)):
                self.setItem(row, column, QTableWidgetItem())
            if line.is_whole and len(headings) > 2:
                self.setSpan(row, 0, 1, len(headings) - 1)
