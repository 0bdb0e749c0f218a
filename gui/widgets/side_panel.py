"""The column of settings: as wide as its fields need in the font that is used."""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.forms import form_width

SIDE = 10  # pixels beside the fields


class SidePanel(QScrollArea):
    """Views one under the other, which can be scrolled up and down.

    Args:
        views: from top to bottom.

    Signals:
        room_changed(int): pixels of height that the views do not need while their sections are closed; may be negative.
    """

    room_changed = Signal(int)

    def __init__(self, *views: QWidget) -> None:
        super().__init__()
        self.setObjectName("side_panel")
        self._views = views
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(SIDE, 4, SIDE, 8)
        for view in views:
            column.addWidget(view)
        column.addStretch()
        self.setWidget(self._column)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._needed = self._column.sizeHint().height()
        self._fit()

    def _fit(self) -> None:
        """Be as wide as the widest field, shown or not, with room for the scroll bar, so that nothing ever moves."""
        forms = [form_width(form) for form in self.findChildren(QFormLayout)]
        width = max(*forms, *(view.minimumSizeHint().width() for view in self._views)) + 2 * SIDE
        self._column.setFixedWidth(width)
        self.setFixedWidth(width + self.verticalScrollBar().sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room_changed.emit(self.height() - self._needed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
