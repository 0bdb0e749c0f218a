"""The command palette: every action of the table, found by a few letters."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.actions import TABLE, Action, ActionRow
from gui.menus import unmarked
from gui.text.language import mark, say

NOTHING_SELECTED = mark("No point is selected.")
WHY_NOT: Mapping[str, str] = {
    Action.CUT: NOTHING_SELECTED,
    Action.DELETE: NOTHING_SELECTED,
    Action.SELECT_NONE: NOTHING_SELECTED,
    Action.BACK: mark("No ready-made experiment is open."),
    Action.RELOAD: mark("The experiment has no file yet."),
    Action.STEP: mark("Only while training is paused."),
    Action.RESET: mark("There is nothing to reset yet."),
    Action.DUPLICATE_LANE: mark("There is no room for another lane."),
    Action.REMOVE_LANE: mark("There is only one lane."),
}
"""Reasons why an action cannot be used now, of those that do not say it themselves."""
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
ROW = Qt.ItemDataRole.UserRole


class Palette(QDialog):
    """A field, the actions that what is typed there fits, the best first, and what the chosen one does.

    Args:
        parent: the window.
        actions: by the names of the table.
    """

    def __init__(self, parent: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("Find a Command"))
        self._actions = actions
        self.field, self.found, self._note = QLineEdit(), QTreeWidget(), QLabel()
        self.field.setPlaceholderText(say("Type a few letters of what you want to do"))
        self.field.setAccessibleName(say("Command"))
        self.field.setToolTip(f"<p>{say('Words in any order; Enter does what is chosen, Esc nothing.')}</p>")
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(self.run)
        self._make_list()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setMinimumHeight(2 * self._note.fontMetrics().lineSpacing())
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        for part in (self.field, self.found, self._note):
            column.addWidget(part)
        em = self.fontMetrics().height()
        self.resize(34 * em, 26 * em)
        self.search("")

    def _make_list(self) -> None:
        found = self.found
        found.setAccessibleName(say("Commands"))
        found.setToolTip(f"<p>{say('A double click does it.')}</p>")
        found.setColumnCount(3)
        found.setHeaderHidden(True)
        found.setRootIsDecorated(False)
        found.setUniformRowHeights(True)
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has the keys
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        found.header().setStretchLastSection(False)
        found.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        found.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        found.currentItemChanged.connect(self._show_note)
        found.itemDoubleClicked.connect(self.run)

    def search(self, text: str) -> None:
        """Show the actions that a text fits."""
        words = text.casefold().split()
        rated = [
            (rating, row) for row in TABLE if (rating := rating_of(words, row, self._actions[row.name])) is not None
        ]
        self.found.clear()
        for _, row in sorted(rated, key=lambda pair: pair[0]):
            if self._actions[row.name].isVisible():
                self.found.addTopLevelItem(self._item(row))
        if (first := self.found.topLevelItem(0)) is not None:
            self.found.setCurrentItem(first)
        else:
            self._note.setText(say("No command has these words."))

    def _item(self, row: ActionRow) -> QTreeWidgetItem:
        action = self._actions[row.name]
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        menu = unmarked(say(row.submenu or row.menu.value))
        item = QTreeWidgetItem([unmarked(action.text()), menu, key])
        item.setSizeHint(0, QSize(0, round(1.6 * self.fontMetrics().height())))
        item.setData(0, ROW, row.name)
        faint = self.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        for column in range(3):
            if column or not action.isEnabled():
                item.setForeground(column, faint)
        return item

    def _show_note(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            action, name = self._actions[item.data(0, ROW)], item.data(0, ROW)
            is_reason = not action.isEnabled() and name in WHY_NOT
            self._note.setText(say(WHY_NOT[name]) if is_reason else action.statusTip())

    def run(self) -> None:
        """Close, and do what is chosen, if it can be done now."""
        item = self.found.currentItem()
        if item is not None and (action := self._actions[item.data(0, ROW)]).isEnabled():
            self.accept()
            QTimer.singleShot(0, action, action.trigger)  # when the window has the keys again

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move in the list, though the field has them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in LIST_KEYS:
            QApplication.sendEvent(self.found, event)
            return True
        return False


def rating_of(words: list[str], row: ActionRow, action: QAction) -> int | None:
    """A number that is the lower the better all the words fit an action; None if one does not fit."""
    title = unmarked(action.text()).casefold()
    beside = " ".join((say(row.tip), unmarked(say(row.submenu)), unmarked(say(row.menu.value)))).casefold()
    ratings = [rating_of_word(word, title, beside) for word in words]
    return None if None in ratings else sum(rating for rating in ratings if rating is not None)


def rating_of_word(word: str, title: str, beside: str) -> int | None:
    """A number that is the lower the better a word fits a title, or what is said beside it; None if it does not."""
    if any(part.startswith(word) for part in title.split()):
        return 0
    if is_spread_over(word, "".join(part[0] for part in title.split())):
        return 1
    if word in title:
        return 2
    if any(part.startswith(word) for part in beside.split()):
        return 4
    return 3 if len(word) > 2 and is_spread_over(word, title) else None


def is_spread_over(word: str, text: str) -> bool:
    """True if the letters of a word stand in a text, in their order."""
    letters = iter(text)
    return all(letter in letters for letter in word)


def show_palette(parent: QWidget, actions: Mapping[str, QAction]) -> None:
    """Open the palette, near the top of the window."""
    palette = Palette(parent, actions)
    palette.open()
    frame = parent.window().frameGeometry()
    palette.move(frame.center() - QPoint(palette.width() // 2, palette.height() // 2))
    palette.field.setFocus()
