"""A part of a form that opens and closes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.text.language import say
from gui.widgets.elided_label import ElidedLabel


class Section(QWidget):
    """Rows under a heading; while they are hidden, the heading says what is not as usual in them.

    Args:
        name: of the button is this and ``_button``.
        title: of the heading.
        tip: what can be found there.
        rows: what opens and closes.
    """

    def __init__(self, name: str, title: str, tip: str, rows: QLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._tip, self._changes = title, tip, ""
        self._is_open = False
        self.button, self._summary, self._body = QToolButton(), ElidedLabel(), QWidget()
        self.button.setObjectName(f"{name}_button")
        self.button.setText(title)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setStatusTip(tip)
        font = self.button.font()
        font.setBold(True)
        self.button.setFont(font)
        self._body.setLayout(rows)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.button)
        row.addWidget(self._summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._body)
        self.button.clicked.connect(self.toggle)
        self._laid_out = QTimer(self)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(0)
        self._laid_out.timeout.connect(self._come_into_view)
        self._show_heading()
        self._body.hide()

    @property
    def is_open(self) -> bool:
        """True if the rows are shown."""
        return self._is_open

    @property
    def heading(self) -> str:
        """The text of the heading, if there is room for all of it."""
        return f"{self._title} {self._summary.text()}".strip()

    def show_changes(self, changes: list[str]) -> None:
        """Say what is not as usual in the rows."""
        self._changes = ", ".join(changes)
        self._show_heading()

    @Slot()
    def toggle(self) -> None:
        """Open and come into view, or close."""
        self._is_open = not self._is_open
        self._body.setVisible(self._is_open)
        self._show_heading()
        if self._is_open:
            self._laid_out.start()

    def _show_heading(self) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if self._is_open else Qt.ArrowType.RightArrow)
        self._summary.setText(f"· {self._changes}" if self._changes and not self._is_open else "")
        name, tip = self._title, self._tip
        if self._changes:
            name = say("{title}, changed: {changes}", title=self._title, changes=self._changes)
            tip = f"{self._tip}<br>{say('Changed: {changes}.', changes=self._changes)}"
        self.button.setAccessibleName(name)
        self.button.setAccessibleDescription(say("open", "section") if self._is_open else say("closed", "section"))
        for part in (self.button, self._summary):
            part.setToolTip(f"<p>{tip}</p>")

    @Slot()
    def _come_into_view(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self, 0, 0)
            area.ensureWidgetVisible(self.button, 0, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """All of the heading opens and closes."""
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() <= self.button.geometry().bottom():
            self.toggle()
