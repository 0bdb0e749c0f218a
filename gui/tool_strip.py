"""The drawing tools above the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui.icons import ThemedIcon

NOTE = "● training   ○ validation"
GROUPS = (("brush", "spray", "eraser"), ("undo", "redo"), ("fit",))


class ToolStrip(QWidget):
    """Buttons of the drawing actions, and a note on what is seen."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_strip")
        self._icons: list[ThemedIcon] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        for index, group in enumerate(GROUPS):
            if index:
                line = QFrame()
                line.setFrameShape(QFrame.Shape.VLine)
                line.setFrameShadow(QFrame.Shadow.Sunken)
                layout.addWidget(line)
            for name in group:
                button = QToolButton()
                button.setObjectName(f"{name}_button")
                button.setDefaultAction(actions[name])
                with_text = index == 0
                style = Qt.ToolButtonStyle
                button.setToolButtonStyle(style.ToolButtonTextBesideIcon if with_text else style.ToolButtonIconOnly)
                button.setAutoRaise(True)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                self._icons.append(ThemedIcon(self, actions[name], name))
                layout.addWidget(button)
        self._note = QLabel()
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._note.setToolTip(
            "<p>The field shows the most probable class; the stronger its colour, the larger its lead over the "
            "second. On the line the two largest probabilities are equal. Inside the network, x and y are "
            "standardised with the mean and standard deviation of the training points at the start of the run.</p>"
        )
        layout.addWidget(self._note, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the note whole or not at all."""
        super().resizeEvent(event)
        needed = self.minimumSizeHint().width() + self._note.fontMetrics().horizontalAdvance(NOTE)
        self._note.setText(NOTE if event.size().width() >= needed else "")
