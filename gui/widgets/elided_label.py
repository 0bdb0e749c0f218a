"""A line of text that ends in an ellipsis where its room does."""

# Tests: tests/gui/run/test_status_bar.py

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """One line that is painted shortened to its room; its text stays whole, and asks for no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def shown_text(self) -> str:
        """As much of the text as there is room for."""
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line, at the side where the text begins."""
        flags = int(self.alignment() | Qt.TextFlag.TextSingleLine)
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter,
                self.contentsRect(),
                flags,
                self.palette(),
                self.isEnabled(),
                self.shown_text,
                QPalette.ColorRole.WindowText,
            )
