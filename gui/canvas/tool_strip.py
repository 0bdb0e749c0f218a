"""The drawing tools beside the canvas."""

# Tests: tests/gui/canvas/test_workbench.py

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QKeyEvent, QPainter, QPalette, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionToolButton, QToolBar, QToolButton, QWidget

from gui.drawing.tools import Tool
from gui.paint.icons import ThemedIcon
from gui.text.language import mark, say

FURTHER = mark("Further tools")
STEPS: Mapping[Qt.Key, Callable[[int], int]] = {
    Qt.Key.Key_Up: lambda place: place - 1,
    Qt.Key.Key_Left: lambda place: place - 1,
    Qt.Key.Key_Down: lambda place: place + 1,
    Qt.Key.Key_Right: lambda place: place + 1,
    Qt.Key.Key_Home: lambda _place: 0,
    Qt.Key.Key_End: lambda _place: -1,
}
"""The button that each key goes to from the one at a place."""


class ToolStrip(QToolBar):
    """One button a tool; what does not fit into the height is in the menu at the end.

    The Tab key stops here once, at the tool in hand; the arrow keys go from there to the others, Space takes one.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_strip")
        self.setAccessibleName(say("Drawing tools"))
        self.setOrientation(Qt.Orientation.Vertical)
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
            button.installEventFilter(self)
            actions[tool].toggled.connect(self._move_stop)
        self._move_stop()

    @property
    def stops(self) -> list[QWidget]:
        """The buttons that are seen, from top to bottom."""
        further = self.findChild(QToolButton, "qt_toolbar_ext_button")
        buttons = [self.widgetForAction(action) for action in self.actions() if not action.isSeparator()]
        found = [button for button in (*buttons, further) if button is not None and not button.isHidden()]
        return found or [button for button in buttons if button is not None]  # before the strip is seen

    def _move_stop(self, to: QWidget | bool = True) -> None:
        """Let the Tab key stop at a button, or else at that of the tool in hand, or where it is hidden at the last."""
        stops = self.stops
        chosen = [self.widgetForAction(action) for action in self.actions() if action.isChecked()]
        if not isinstance(to, QWidget):
            to = next((button for button in chosen if button in stops), stops[-1])
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if button is to else Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Some buttons have no room any more, or have it again."""
        super().resizeEvent(event)
        self._move_stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys at a button; when the focus leaves the strip, it comes back at the tool in hand."""
        if isinstance(watched, QWidget):
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in STEPS:
                stops = self.stops
                place = STEPS[Qt.Key(event.key())](stops.index(watched)) % len(stops)
                self._move_stop(stops[place])
                stops[place].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.type() == QEvent.Type.FocusOut and QApplication.focusWidget() not in self.stops:
                self._move_stop()
        return False

    def _paint_further(self) -> None:
        """Take over the looks of the button for what does not fit, whose arrow is black in Qt, whatever the theme."""
        further = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if further is not None:
            further.setToolTip(f"<p>{say(FURTHER)}</p>")
            further.setAccessibleName(say(FURTHER))
            further.installEventFilter(FurtherButton(further))
            further.installEventFilter(self)


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
