"""Windows with one view each, for a second screen."""

# Tests: tests/gui/stage/test_view_windows.py

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.actions import TABLE, Action
from gui.layout import restore_geometry
from gui.stage.frames import ViewFrame, ViewHome
from gui.system.preferences import Preferences
from gui.text.language import say
from gui.views import VIEWS, LabView

FIRST_SIZE = QSize(900, 640)
KEYS = {row.name: row.shortcuts[0] for row in TABLE if row.shortcuts}
NOT_HERE = (Action.CLOSE, Action.QUIT, Action.FULL_SCREEN, Action.POP_OUT, Action.NEXT_REGION, Action.PREVIOUS_REGION)
"""Actions of the main window whose keys do not work in the windows of views, or do something else there."""


class ViewWindow(QWidget):
    """Shows a view until it is closed; the place and size are remembered for each view.

    Args:
        parent: with which it ends.
        frame: of the view.
        tools: what stands above the view, if anything does.
        preferences: where the geometry is remembered.

    Signals:
        closed: the view can be taken back.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, frame: ViewFrame, tools: QWidget | None, preferences: Preferences) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(f"{frame.name}_window")
        self._name, self._preferences = f"view_{frame.name}", preferences
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (tools, frame):
            if part is not None:
                column.addWidget(part, int(part is frame))
                part.show()
        if tools is not None:
            column.setAlignment(tools, Qt.AlignmentFlag.AlignTrailing)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._add_keys()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()  # there is always somebody whose keys they are
        self.resize(FIRST_SIZE)
        restore_geometry(self, preferences.layout(self._name))

    def _add_keys(self) -> None:
        """Those that are of this window here: it is closed by that which opened it, too, and fills its own screen."""
        close, fill = QAction(self), QAction(self)
        close.setShortcuts(
            [*QKeySequence.keyBindings(QKeySequence.StandardKey.Close), QKeySequence(KEYS[Action.POP_OUT])]
        )
        close.triggered.connect(self.close)
        fill.setShortcut(KEYS[Action.FULL_SCREEN])
        fill.triggered.connect(lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen))
        self.addActions([close, fill])

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.save_layout(self._name, self.saveGeometry())
        event.accept()
        self.closed.emit()


class ViewWindows(QObject):
    """The views that are in windows of their own.

    Args:
        parent: in whose window they are otherwise.
        homes: of the views.
        tools: what stands above a view, of those that have something there.
        actions: of the program.
        preferences: where geometries are remembered.

    Signals:
        changed: a view went into a window, or came back.

    Attributes:
        open: the windows.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QWidget,
        homes: Mapping[LabView, ViewHome],
        tools: Mapping[LabView, QWidget],
        actions: Mapping[str, QAction],
        preferences: Preferences,
    ) -> None:
        super().__init__(parent)
        self._parent, self._homes, self._tools = parent, homes, tools
        self._actions, self._preferences = actions, preferences
        self.open: dict[LabView, ViewWindow] = {}
        self._remembered: list[LabView] = []  # to be opened once the main window is there
        for name, home in homes.items():
            home.wanted_back.connect(partial(self.end, name))

    def switch(self, view: LabView) -> None:
        """Show a view in a window of its own, until that is closed; or have it back."""
        if view in self.open:
            self.end(view)
        else:
            self._make(view).show()

    def _make(self, view: LabView) -> ViewWindow:
        window = ViewWindow(self._parent.window(), self._homes[view].frame, self._tools.get(view), self._preferences)
        lab = self._actions[VIEWS[view].laboratory].iconText()
        title = say("{view} — Marz", view=lab)
        if view in self._actions:
            title = say("{laboratory}: {view} — Marz", laboratory=lab, view=self._actions[view].iconText())
        window.setWindowTitle(title)
        window.addActions([action for name, action in self._actions.items() if name not in NOT_HERE])
        window.closed.connect(partial(self._take_back, view))
        self.open[view] = window
        self.changed.emit()
        return window

    def arrangement(self) -> str:
        """The views that are in windows, as a text."""
        return json.dumps(list(self.open))

    def arrange(self, stored: str) -> None:
        """Show the same views in windows, as soon as there is time, and have all others back."""
        try:
            names = json.loads(stored)
        except (ValueError, RecursionError):
            names = None
        names = names if isinstance(names, list) else []
        self._remembered = [view for view in self._homes if view in names]
        for view in self.open.keys() - set(self._remembered):
            self.end(view)
        QTimer.singleShot(0, self, self._open_remembered)

    @Slot()
    def _open_remembered(self) -> None:
        """Open them; the main window, which is shown by now, stays the one that is worked in."""
        for view in self._remembered:
            is_offered = view not in self._actions or self._actions[view].isVisible()
            if is_offered and view not in self.open:
                window = self._make(view)
                window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
                window.show()
        self._remembered = []

    def end(self, view: LabView) -> None:
        """Have a view back."""
        if view in self.open:
            self.open[view].close()

    def end_all(self) -> None:
        """Have all views back."""
        for view in list(self.open):
            self.end(view)

    def _take_back(self, view: LabView) -> None:
        self.open.pop(view).deleteLater()
        self._homes[view].take_back()
        self.changed.emit()
