"""The presentation: stage, one view, run buttons and headline numbers, to be read from the last row."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.actions import Action
from gui.appearance import Appearance
from gui.canvas.workbench import Workbench
from gui.layout import Layout, is_whole_screen
from gui.paint.cursors import halo_cursor
from gui.paint.theme import chrome_of
from gui.paint.type_size import scale_of
from gui.run.lane_bar import LaneBar
from gui.run.run_bar import RunBar
from gui.stage.regions import WindowRegions

SHARES = {Qt.Orientation.Horizontal: (0.54, 0.46), Qt.Orientation.Vertical: (0.42, 0.58)}
"""The shares of stage and view in the room, for each way that they can be arranged."""


class Presentation(QObject):
    """Shows what matters to many, and brings back what was there.

    F5 begins and ends it, Esc ends it. Alt alone brings the menus; all keys of the program work.

    Args:
        window: that presents.
        regions: of the window.
        layout: of the window, which is left as it was.
        workbench, run_bar: that are shown.
        lane_bar: that the titles of the planes stand for.
        appearance: makes text larger.
        actions: of the program.

    Attributes:
        is_on: whether it is shown.
    """

    def __init__(
        self,
        window: QMainWindow,
        regions: WindowRegions,
        layout: Layout,
        workbench: Workbench,
        run_bar: RunBar,
        lane_bar: LaneBar,
        appearance: Appearance,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(window)
        self._window, self._regions, self._layout, self._workbench = window, regions, layout, workbench
        self._run_bar, self._lane_bar, self._appearance = run_bar, lane_bar, appearance
        self._actions, self.is_on = actions, False
        self._hidden: list[QWidget] = []
        self._state, self._geometry = window.windowState(), window.geometry()
        self._is_alt_alone = False  # it is held, and nothing was done with it yet
        workbench.canvas.gestures.drawing_changed.connect(self._use_alt)
        self._escape = QShortcut(Qt.Key.Key_Escape, window, self.end)
        self._escape.setEnabled(False)
        actions[Action.PRESENTATION].toggled.connect(self._switch)

    def _switch(self, is_wanted: bool) -> None:
        if is_wanted:
            self.begin()
        else:
            self.end()

    def begin(self, *, fills_screen: bool = True) -> None:
        """Begin, on the whole screen or in the window as it is."""
        if self.is_on:
            return
        self.is_on, window = True, self._window
        self._state, self._geometry = window.windowState(), window.geometry()
        self._layout.lend(self._share_room)
        window.setUpdatesEnabled(False)
        self._hide_rest()
        self._appearance.present(window.screen().geometry().height() if fills_screen else window.height())
        self._regions.deck.stand_alone(True)
        self._run_bar.be_brief(True)
        self._lane_bar.put_away(True)
        self._show_halo()
        if fills_screen:
            window.setWindowState(self._state | Qt.WindowState.WindowFullScreen)
        self._share_room()
        window.setUpdatesEnabled(True)
        self._actions[Action.PRESENTATION].setChecked(True)
        self._escape.setEnabled(True)
        window.installEventFilter(self)
        self._workbench.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _share_room(self) -> None:
        for part in (self._window, self._regions):
            if (layout := part.layout()) is not None:
                layout.activate()
        work = self._regions.work
        room = work.width() if work.orientation() is Qt.Orientation.Horizontal else work.height()
        work.setSizes([round(room * share) for share in SHARES[work.orientation()]])

    def end(self) -> None:
        """Show the window as it was before."""
        if not self.is_on:
            return
        self.is_on, window = False, self._window
        window.removeEventFilter(self)
        window.setUpdatesEnabled(False)
        for part in self._hidden:
            part.show()
        self._appearance.end_presenting()
        self._regions.deck.stand_alone(False)
        self._run_bar.be_brief(False)
        self._lane_bar.put_away(False)
        self._show_halo()
        window.setWindowState(self._state)
        if not is_whole_screen(window):
            window.setGeometry(self._geometry)
        self._layout.lend(None)
        window.setUpdatesEnabled(True)
        self._actions[Action.PRESENTATION].setChecked(False)
        self._escape.setEnabled(False)

    def _hide_rest(self) -> None:
        bench, window, plot = self._workbench, self._window, self._regions.deck.loss_plot
        window.addActions([action for action in self._actions.values() if action not in window.actions()])
        rest = (
            *(plot.headline, plot.buttons),  # the headline stands in the row of the run buttons
            *(window.menuBar(), window.statusBar(), self._regions.settings),
            *(bench.tool_strip, bench.tool_options),
        )
        for hint in window.findChildren(QWidget, "first_steps"):
            hint.close()
        self._hidden = [part for part in rest if not part.isHidden()]
        for part in self._hidden:
            part.hide()

    def _show_halo(self) -> None:
        """A pointer that is found again from afar, or the usual one."""
        self._workbench.canvas.has_halo = self.is_on
        self._workbench.canvas.show_cursor()
        if self.is_on:
            window = self._window
            window.setCursor(
                halo_cursor(chrome_of(window.palette()), scale_of(window.font()), window.devicePixelRatioF())
            )
        else:
            self._window.unsetCursor()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring the menus by Alt alone, and follow the size of the screen and the theme."""
        if isinstance(event, QResizeEvent):
            self._appearance.present(event.size().height())
            self._share_room()
        elif event.type() == QEvent.Type.PaletteChange:
            self._show_halo()
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._use_alt()
        elif isinstance(event, QKeyEvent):
            is_alt = event.key() == Qt.Key.Key_Alt
            if event.type() != QEvent.Type.KeyRelease:
                self._is_alt_alone = is_alt
            elif is_alt and self._is_alt_alone:
                self._use_alt()
                self._window.menuBar().setVisible(self._window.menuBar().isHidden())
        return False

    @Slot()
    def _use_alt(self) -> None:
        """Take Alt, if it is held, for a part of what is done with it."""
        self._is_alt_alone = False
