"""The classes: marker, name, number of points."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.dataset import COLOUR_NAMES, MAX_CLASSES, MIN_CLASSES, Dataset
from engine.isolates import isolated
from gui.actions import Action, class_action
from gui.paint.icons import ThemedIcon, icon_size
from gui.paint.markers import SHAPE_NAMES, class_icon
from gui.paint.recoloured import Recoloured
from gui.paint.theme import chrome_of
from gui.text.language import say
from gui.widgets.forms import heading
from gui.widgets.tips import action_tip, plain_tip

ROW_LINES = 1.6  # of text, that a row is high
MIN_ROWS = 2  # as many as there are classes at least


class NoEditor(QStyledItemDelegate):
    """Leaves the cells of a column as they are, whatever the flags of their rows."""

    def createEditor(self, *arguments: object) -> None:  # type: ignore[override]  # none is as good as a widget
        return None


class ClassList(Recoloured, QWidget):
    """Shows the classes of a dataset; one is current.

    Signals:
        class_chosen(int): draw points of this class.
        class_renamed(int, str): the user typed another name.
        class_recoloured(int, int): another colour for a class.
        class_merged(int, int): the first class is to become part of the second.

    Attributes:
        recolour_menu, merge_menu: what can be chosen for the current class.
    """

    class_chosen = Signal(int)
    class_renamed = Signal(int, str)
    class_recoloured = Signal(int, int)
    class_merged = Signal(int, int)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._add, self._remove = add, remove = actions[Action.ADD_CLASS], actions[Action.REMOVE_CLASS]
        self._actions = actions
        self.recolour_menu, self.merge_menu = QMenu(say("&Recolour Class"), self), QMenu(say("&Merge Class into"), self)
        self._menu = QMenu(self)  # of the right button
        self._fill_menu()
        self._dataset: Dataset | None = None
        self._room = 0
        self._list = QTreeWidget()
        self._list.setObjectName("class_list")
        self._list.setAccessibleName(say("Classes"))
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setItemDelegateForColumn(1, NoEditor(self._list))
        tip = say("Left button draws points of the chosen class; number keys choose, a double click renames.")
        self._list.setToolTip(f"<p>{tip}</p>")
        self._list.setStatusTip(tip)
        self._icons = [ThemedIcon(self, add, "add"), ThemedIcon(self, remove, "remove")]
        self._lay_out()
        self.use_room(0)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self.recolour_menu.aboutToShow.connect(self._fill_recolour_menu)
        self.merge_menu.aboutToShow.connect(self._fill_merge_menu)
        self._list.currentItemChanged.connect(self._choose)
        self._list.itemChanged.connect(self._rename)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(heading(say("Classes")))
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
                self._name_actions(dataset)
            for label, n_points in enumerate(dataset.class_counts().tolist()):
                item = self._list.topLevelItem(label)
                if item is not None and item.text(1) != f"{n_points:,}":
                    item.setText(1, f"{n_points:,}")
            item = self._list.topLevelItem(current)
            if item is not None and item is not self._list.currentItem():
                self._list.setCurrentItem(item)
        self._add.setEnabled(dataset.n_classes < MAX_CLASSES)
        for thing in (self._remove, self.merge_menu):
            thing.setEnabled(dataset.n_classes > MIN_CLASSES)
        self._actions[Action.CLASS_UP].setEnabled(current > 0)
        self._actions[Action.CLASS_DOWN].setEnabled(current < dataset.n_classes - 1)

    def _fill(self, dataset: Dataset) -> None:
        self._list.clear()
        chrome = chrome_of(self.palette())
        for label, name in enumerate(dataset.class_names):
            item = QTreeWidgetItem([name, ""])
            item.setIcon(0, class_icon(dataset.colours[label], chrome))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setSizeHint(0, QSize(0, self._row_height()))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(
                0, Qt.ItemDataRole.AccessibleDescriptionRole, say(SHAPE_NAMES[dataset.colours[label]], "marker")
            )
            self._list.addTopLevelItem(item)

    def _name_actions(self, dataset: Dataset) -> None:
        for label in range(MAX_CLASSES):
            action = self._actions[class_action(label)]
            action.setVisible(label < dataset.n_classes)
            if label < dataset.n_classes:
                name = isolated(dataset.class_names[label])
                action.setText(f"&{label + 1}  {name.replace('&', '&&')}")
                action.setToolTip(action_tip(escape(name), action))

    @Slot(int)
    def use_room(self, pixels: int) -> None:
        """Show as many rows as there is room for beside what else stands there, however many classes there are.

        So what is below keeps its place when a class comes or goes; further classes are scrolled to.
        """
        self._room, height = pixels, self._row_height()
        rows = min(MAX_CLASSES, MIN_ROWS + max(0, pixels) // height)
        self._list.setFixedHeight(rows * height + 2 * self._list.frameWidth() + 2)
        self._list.setIconSize(icon_size(self.font()))

    def _row_height(self) -> int:
        return round(ROW_LINES * self.fontMetrics().height())

    def edit_name(self) -> None:
        """Let the user type another name for the current class."""
        item = self._list.currentItem()
        if item is not None:
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._list.editItem(item, 0)

    def _current(self) -> int:
        item = self._list.currentItem()
        return 0 if item is None else self._list.indexOfTopLevelItem(item)

    def _fill_menu(self) -> None:
        self._menu.addAction(self._actions[Action.RENAME_CLASS])
        self._menu.addMenu(self.recolour_menu)
        self._menu.addMenu(self.merge_menu)
        for name in (Action.CLASS_UP, Action.CLASS_DOWN, Action.SELECT_CLASS, Action.REMOVE_CLASS):
            self._menu.addAction(self._actions[name])

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._menu.popup(self._list.viewport().mapToGlobal(place))

    @Slot()
    def _fill_recolour_menu(self) -> None:
        dataset, chrome = self._dataset, chrome_of(self.palette())
        self.recolour_menu.clear()
        if dataset is None:
            return
        label = self._current()
        for colour, (name, shape) in enumerate(zip(COLOUR_NAMES, SHAPE_NAMES, strict=True)):
            holder = dataset.class_names[dataset.colours.index(colour)] if colour in dataset.colours else ""
            looks = {"colour": say(name, "colour"), "shape": say(shape, "marker")}
            other = isolated(holder).replace("&", "&&")
            text = (
                say("{colour}, {shape} (exchange with {name})", name=other, **looks)
                if holder
                else say("{colour}, {shape}", **looks)
            )
            action = self.recolour_menu.addAction(class_icon(colour, chrome), text)
            action.setEnabled(colour != dataset.colours[label])
            action.setToolTip(plain_tip(text))  # not the text itself, as Qt would have it
            action.setStatusTip(say("Give the chosen class this colour and marker"))
            action.triggered.connect(partial(self._recolour, label, colour))

    @Slot()
    def _fill_merge_menu(self) -> None:
        self.merge_menu.clear()
        if self._dataset is None:
            return
        label = self._current()
        for other, name in enumerate(self._dataset.class_names):
            if other != label:
                action = self.merge_menu.addAction(
                    class_icon(self._dataset.colours[other], chrome_of(self.palette())), name.replace("&", "&&")
                )
                action.setToolTip(plain_tip(name))
                action.setStatusTip(say("Give all points of the chosen class to this one"))
                action.triggered.connect(partial(self._merge, label, other))

    def _recolour(self, label: int, colour: int, _checked: bool = False) -> None:
        self.class_recoloured.emit(label, colour)

    def _merge(self, label: int, into: int, _checked: bool = False) -> None:
        self.class_merged.emit(label, into)

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

    def recolour(self) -> None:
        """Draw the classes with the rims of the theme, in rows for the font."""
        self.use_room(self._room)
        if self._dataset is not None:
            chrome = chrome_of(self.palette())
            with QSignalBlocker(self._list):
                for label in range(self._dataset.n_classes):
                    item = self._list.topLevelItem(label)
                    if item is not None:
                        item.setIcon(0, class_icon(self._dataset.colours[label], chrome))
                        item.setSizeHint(0, QSize(0, self._row_height()))
