"""What of a text on screen escaped translation: in the pseudo language every word stands between ⟦ and ⟧."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressDialog,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QUndoView,
    QWidget,
)

NAMES = ("Marz", "Qt", "Python", "JSON", "CSV", "NPZ", "OK", "Cancel", "Close")
"""Names, and the buttons whose words are Qt's, which Qt translates."""
KEYS = ("Ctrl", "Shift", "Alt", "Esc", "Enter", "Home", "Del", "Space", "Backspace", "Up", "Down")
"""Qt's names of keys, which Qt translates."""
UNITS = ("ms", "ns", "min", "MB", "px", "kB")
WORD = re.compile(r"[^\W\d_²³¹⁰-₎]{2,}")


def escaped(text: str) -> list[str]:
    """The words of a text that stand in no ⟦ ⟧; names, units and markup are none."""
    if re.search(r"<[a-z/]", text):
        document = QTextDocument()
        document.setHtml(text)
        text = document.toPlainText()
    outside, depth = [], 0
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        outside.append(character if depth == 0 else " ")
    return [word for word in WORD.findall("".join(outside)) if word not in (*NAMES, *KEYS, *UNITS)]


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """The texts of a widget by what they are."""
    yield "tooltip", widget.toolTip()
    yield "status tip", widget.statusTip()
    yield "what's this", widget.whatsThis()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    if widget.isWindow():
        yield "title", widget.windowTitle()
    match widget:
        case QLabel() | QAbstractButton():
            yield "text", widget.text()
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
        case QGroupBox() | QMenu():
            yield "title", widget.title()
        case QTextEdit():
            yield "text", widget.toPlainText()
        case QSpinBox() | QDoubleSpinBox():
            yield from (("prefix", widget.prefix()), ("suffix", widget.suffix()))
    if isinstance(widget, QAbstractSpinBox):
        yield "special value", widget.specialValueText()
    if isinstance(widget, QComboBox):
        yield "placeholder", widget.placeholderText()
        yield from (("item", widget.itemText(index)) for index in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(index)) for index in range(widget.count()))
        yield from (("tab's tooltip", widget.tabToolTip(index)) for index in range(widget.count()))
    if isinstance(widget, QMessageBox):
        yield from (("text", widget.text()), ("details", widget.informativeText()))
    if isinstance(widget, QProgressDialog):
        yield "text", widget.labelText()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from items_of(widget.model())
    if isinstance(widget, QUndoView) and (stack := widget.stack()) is not None:
        yield from (("step", stack.text(index)) for index in range(stack.count()))
    if isinstance(widget, QGraphicsView) and widget.scene() is not None:
        for item in widget.scene().items():
            yield "item's tooltip", item.toolTip()
            if isinstance(item, QGraphicsTextItem):
                yield "item", item.toPlainText()


def items_of(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    """The texts of a table or list, and of its headings."""
    root = QModelIndex()
    n_columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(root)  # which a list keeps to itself
    for column in range(n_columns):
        yield "heading", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
    for row in range(model.rowCount(root)):
        for column in range(n_columns):
            index = model.index(row, column, root)
            yield "item", str(index.data() or "")
            yield "item's tooltip", str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


def action_texts(action: QAction) -> Iterator[tuple[str, str]]:
    """The texts of an action."""
    yield from (("action", action.text()), ("tooltip", action.toolTip()), ("status tip", action.statusTip()))


def can_be_shown(widget: QWidget) -> bool:
    """True if a widget belongs to a window of ours: pyqtgraph keeps menus with panels that are switched off."""
    root = widget
    while isinstance(root.parent(), QWidget):
        root = root.parent()  # type: ignore[assignment]  # it is one
    is_of_pyqtgraph = type(root) in (QMenu, QWidget) or type(root).__module__.startswith("pyqtgraph")
    return root.isVisible() or not is_of_pyqtgraph


def untranslated(apart: Collection[QWidget] = ()) -> list[str]:
    """Every text of all widgets that there are with words that escaped, said where it stands.

    Args:
        apart: widgets that are left out, such as those that were there before.
    """
    found: dict[str, None] = {}
    for widget in filter(can_be_shown, QApplication.allWidgets()):
        if widget in apart:
            continue
        texts = [*texts_of(widget)]
        texts += [text for action in widget.actions() for text in action_texts(action)]
        for what, text in texts:
            if escaped(text):
                found[f"{type(widget).__name__} {widget.objectName()} {what}: {text}"] = None
    return list(found)


class PaintedTexts:
    """Notes the texts that are painted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: dict[str, None] = {}
        for name in ("drawText", "drawStaticText"):
            monkeypatch.setattr(QPainter, name, self._noting(getattr(QPainter, name)))

    def _noting(self, paint: Any) -> Any:
        texts = self.texts

        def noting(painter: QPainter, *arguments: Any) -> Any:
            texts.update((argument, None) for argument in arguments if isinstance(argument, str))
            return paint(painter, *arguments)

        return noting

    def untranslated(self) -> list[str]:
        """The painted texts with words that escaped."""
        return [text for text in self.texts if escaped(text)]
