"""The drawing tools beside the canvas."""

# Tests: tests/gui/canvas/test_workbench.py

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolBar, QToolButton, QWidget

from gui.drawing.tools import Tool
from gui.paint.icons import ThemedIcon
from gui.text.language import mark, say

FURTHER = mark("Further tools")


class ToolStrip(QToolBar):
    """One button a tool; what does not fit into the height is in the menu at the end."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_strip")
        self.setAccessibleName(say("Drawing tools"))
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(18, 18))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._icons: list[ThemedIcon] = []
        self._paint_further()
        for tool in Tool:
            if tool.facts.starts_group:
                self.addSeparator()
            self._icons.append(ThemedIcon(self, actions[tool], tool.value))
            self.addAction(actions[tool])
            button = self.widgetForAction(actions[tool])
            button.setObjectName(f"{tool.value}_button")
            button.setAccessibleName(actions[tool].text().replace("&", ""))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _paint_further(self) -> None:
        """Take over the looks of the button for what does not fit, whose arrow is black in Qt, whatever the theme."""
        further = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if further is not None:
            further.setToolTip(say(FURTHER))
            further.setAccessibleName(say(FURTHER))
            further.installEventFilter(FurtherButton(further))


class FurtherButton(QObject):
    """Paints the button of a tool bar for what does not fit: Qt sets its own icon again and again."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Paint or not isinstance(watched, QToolButton):
            return False
        option = QStyleOptionToolButton()
        watched.initStyleOption(option)
        option.icon = QIcon()
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        with QPainter(watched) as painter:
            watched.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, watched)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = QColor(watched.palette().color(QPalette.ColorRole.ButtonText))
            painter.setPen(QPen(ink, 1.8, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            middle = QPointF(watched.rect().center()) + QPointF(0.5, 0.5)
            painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in ((-5, -2.5), (0, 2.5), (5, -2.5))]))
        return True
