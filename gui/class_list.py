"""The classes: marker, name, number of points."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.dataset import MAX_CLASSES, MIN_CLASSES, Dataset
from gui.forms import heading
from gui.icons import ThemedIcon
from gui.markers import SHAPE_NAMES, class_icon
from gui.theme import chrome_of

ROW_HEIGHT, MOST_ROWS = 24, 8


class NoEditor(QStyledItemDelegate):
    """Leaves the cells of a column as they are, whatever the flags of their rows."""

    def createEditor(self, *arguments: object) -> None:  # type: ignore[override]  # none is as good as a widget
        return None


class ClassList(QWidget):
    """Shows the classes of a dataset; one is current.

    Signals:
        class_chosen(int): draw points of this class.
        class_renamed(int, str): the user typed another name.
    """

    class_chosen = Signal(int)
    class_renamed = Signal(int, str)

    def __init__(self, add: QAction, remove: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._add, self._remove = add, remove
        self._dataset: Dataset | None = None
        self._list = QTreeWidget()
        self._list.setObjectName("class_list")
        self._list.setAccessibleName("Classes")
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setIconSize(QSize(16, 16))
        self._list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setItemDelegateForColumn(1, NoEditor(self._list))
        tip = "Left button draws points of the chosen class; number keys choose, a double click renames."
        self._list.setToolTip(f"<p>{tip}</p>")
        self._list.setStatusTip(tip)
        self._icons = [ThemedIcon(self, add, "add"), ThemedIcon(self, remove, "remove")]
        self._lay_out()
        self._list.currentItemChanged.connect(self._choose)
        self._list.itemChanged.connect(self._rename)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(heading("Classes"))
        row.addStretch()
        for action in (self._add, self._remove):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text().replace("&", ""))
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self._list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_classes(self, dataset: Dataset, current: int) -> None:
        """Show the classes and which one is current."""
        before = self._dataset
        names_changed = before is None or (before.class_names, before.colours) != (dataset.class_names, dataset.colours)
        self._dataset = dataset
        with QSignalBlocker(self._list):
            if names_changed:
                self._fill(dataset)
            for label, count in enumerate(dataset.class_counts().tolist()):
                item = self._list.topLevelItem(label)
                if item is not None and item.text(1) != f"{count:,}":
                    item.setText(1, f"{count:,}")
            item = self._list.topLevelItem(current)
            if item is not None and item is not self._list.currentItem():
                self._list.setCurrentItem(item)
        self._add.setEnabled(dataset.n_classes < MAX_CLASSES)
        self._remove.setEnabled(dataset.n_classes > MIN_CLASSES)

    def _fill(self, dataset: Dataset) -> None:
        self._list.clear()
        chrome = chrome_of(self.palette())
        for label, name in enumerate(dataset.class_names):
            item = QTreeWidgetItem([name, ""])
            item.setIcon(0, class_icon(dataset.colours[label], chrome))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setSizeHint(0, QSize(0, ROW_HEIGHT))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, SHAPE_NAMES[dataset.colours[label]])
            self._list.addTopLevelItem(item)
        rows = min(MOST_ROWS, dataset.n_classes)
        self._list.setFixedHeight(rows * ROW_HEIGHT + 2 * self._list.frameWidth() + 2)

    @Slot(QTreeWidgetItem)
    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.class_chosen.emit(self._list.indexOfTopLevelItem(item))

    @Slot(QTreeWidgetItem, int)
    def _rename(self, item: QTreeWidgetItem, column: int) -> None:
        label = self._list.indexOfTopLevelItem(item)
        if column != 0 or self._dataset is None:
            return
        old, new = self._dataset.class_names[label], item.text(0)
        with QSignalBlocker(self._list):
            item.setText(0, old)  # until the dataset says so
        if new.strip() != old:
            self.class_renamed.emit(label, new)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._dataset is not None:
            chrome = chrome_of(self.palette())
            with QSignalBlocker(self._list):
                for label in range(self._dataset.n_classes):
                    item = self._list.topLevelItem(label)
                    if item is not None:
                        item.setIcon(0, class_icon(self._dataset.colours[label], chrome))
        super().changeEvent(event)
