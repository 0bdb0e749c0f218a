"""The drawing tools beside the canvas."""

# Tests: tests/gui/canvas/test_workbench.py

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolBar, QWidget

from gui.drawing.tools import STAMPS, Tool
from gui.paint.icons import ThemedIcon

GROUPS = (
    (Tool.POINT, Tool.BRUSH, Tool.SPRAY, Tool.ERASER, Tool.RELABEL),
    (Tool.RECTANGLE, Tool.LASSO, Tool.MOVE),
    (Tool.JITTER, Tool.MAGNET),
    STAMPS,
)


class ToolStrip(QToolBar):
    """One button a tool; what does not fit into the height is in the menu at the end."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_strip")
        self.setAccessibleName("Drawing tools")
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(18, 18))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._icons: list[ThemedIcon] = []
        for group in GROUPS:
            if group is not GROUPS[0]:
                self.addSeparator()
            for tool in group:
                self._icons.append(ThemedIcon(self, actions[tool], tool.value))
                self.addAction(actions[tool])
                button = self.widgetForAction(actions[tool])
                button.setObjectName(f"{tool.value}_button")
                button.setAccessibleName(actions[tool].text().replace("&", ""))
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
