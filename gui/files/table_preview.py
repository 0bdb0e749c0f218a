"""The first rows of a table as a model for a view; the columns that are used are marked by heading and colour."""

# Tests: tests/gui/files/test_import_dialog.py

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QTableView

from engine.formats.tables import Columns, TableSample
from gui.paint.theme import CLASS_COLOURS, mixed
from gui.paint.type_size import scale_of
from gui.text.language import mark, say

Index = QModelIndex | QPersistentModelIndex
TINT = 0.22  # of a colour over the background
FEATURE_TINT, LABEL_TINT = CLASS_COLOURS[0], CLASS_COLOURS[1]
MAX_CELL_LENGTH = 100
ROLES = {"feature": mark("feature", "column"), "class": mark("class", "column")}
"""The uses of a column that have no letter for it."""
COLUMN, FITTED = 90, 64  # the length of a column beside the usual font, and how many have room for what is in them


class TablePreview(QAbstractTableModel):
    """Shows a `TableSample`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sample: TableSample | None = None
        self._roles: dict[int, str] = {}

    def show_sample(self, sample: TableSample, columns: Columns) -> None:
        """Show rows, and which columns are used as what."""
        self.beginResetModel()
        self._sample = sample
        features = columns.features
        names = ("x", "y") if len(features) == 2 else ("feature",) * len(features)
        self._roles = dict(zip(features, names, strict=True))
        if columns.label is not None:
            self._roles[columns.label] = "class"
        self.endResetModel()

    def fit(self, table: QTableView) -> None:
        """Give the first columns of a table room for their names, and for what is in them as far as there is some."""
        header, usual = table.horizontalHeader(), round(COLUMN * scale_of(table.font()))
        for column in range(min(self.columnCount(), FITTED)):
            wanted = max(round(1.1 * header.sectionSizeHint(column)), table.sizeHintForColumn(column))
            header.resizeSection(column, min(max(wanted, usual), 2 * usual))

    def role_of(self, column: int) -> str:
        """The role of a column: x, y, feature, class, or nothing."""
        return self._roles.get(column, "")

    def rowCount(self, parent: Index | None = None) -> int:
        """The number of rows shown."""
        return len(self._sample.rows) if self._sample and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        """The number of columns."""
        return self._sample.n_columns if self._sample and not (parent and parent.isValid()) else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell."""
        if self._sample is None or not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._sample.rows[index.row()][column][:MAX_CELL_LENGTH]
        if role == Qt.ItemDataRole.TextAlignmentRole and self._sample.numeric[column]:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole and (used := self.role_of(column)):
            base = QGuiApplication.palette().color(QPalette.ColorRole.Base)
            return QBrush(mixed(base, QColor(LABEL_TINT if used == "class" else FEATURE_TINT), TINT))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name of a column, and under it what it is used as; the number of the line of a row."""
        if self._sample is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return self._sample.lines[section] if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            role_name = self.role_of(section)
            return f"{self._sample.names[section]}\n{say(ROLES.get(role_name, role_name), 'column')}"
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(section in self._roles)
            return font
        return None
