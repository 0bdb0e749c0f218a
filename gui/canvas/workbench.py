"""The canvas with the tools beside it and their options above: one tool is in hand, one class is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from engine.config import TrainingConfig
from engine.data.shares import shares_of
from engine.dataset import Dataset
from gui.actions import CLASSES, Action
from gui.canvas.canvas import Canvas
from gui.canvas.gestures import Spot
from gui.canvas.lane_fields import LaneFields
from gui.canvas.tool_options import ToolOptionsBar
from gui.canvas.tool_strip import ToolStrip
from gui.drawing.options import ToolOptions
from gui.drawing.tools import Tool
from gui.menus import underline
from gui.text.language import say

MENU: Sequence[Sequence[str]] = (
    (Action.CUT, Action.COPY, Action.DELETE),
    (Action.SELECT_ALL, Action.SELECT_NONE, Action.SELECT_CLASS, Action.SELECT_MISCLASSIFIED),
    (Action.REMOVE_PINS, Action.SIZE_POINTS, Action.FIT, Action.COPY_PICTURE),
)
"""The entries of the menu of the plane, between lines."""
USUAL_RING = 24.0  # pixels of its radius


class Workbench(QWidget):
    """Puts canvas, tool strip and tool options together, and keeps them of one mind.

    Signals:
        options_changed(ToolOptions): of the tools, by the user.
        tool_chosen(str): what to do with the tool that was taken in hand.
        paste_wanted(Place): points from the clipboard are wanted there.
    """

    options_changed = Signal(object)
    tool_chosen = Signal(str)
    paste_wanted = Signal(object)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workbench")
        self._actions = actions
        self.canvas, self.tool_strip, self.tool_options = Canvas(), ToolStrip(actions), ToolOptionsBar(actions)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.tool_options, 0, 0, 1, 2)
        grid.addWidget(self.tool_strip, 1, 0)
        self.fields = LaneFields(self.canvas, (self.canvas.pins,))
        grid.addWidget(self.fields, 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        self.canvas.hand.ring_resized.connect(self.tool_options.show_ring)
        self.canvas.selection.changed.connect(self._show_selection)
        self.canvas.pins.changed.connect(self.fields.refresh)
        self.canvas.pins.changed.connect(self._show_pins)
        self._actions[Action.SIZE_POINTS].toggled.connect(self.fields.size_points)
        contours, rings = self._actions[Action.CONTOURS], self._actions[Action.RING_MISTAKES]
        for switch, use in ((contours, self.canvas.field_layer.use_levels), (rings, self.fields.ring_mistakes)):
            use(switch.isChecked())
            switch.toggled.connect(use)
        self._actions[Action.REMOVE_PINS].triggered.connect(self.canvas.pins.clear)
        self.tool_options.ring_chosen.connect(self.resize_ring)
        self.tool_options.options_chosen.connect(self._take_options)
        self._spot: Spot | None = None
        self.menu = self._make_menu()
        self.canvas.menu_wanted.connect(self.show_menu)
        actions[Action.STRETCH_PLANE].toggled.connect(self._stretch)
        self._stretch(actions[Action.STRETCH_PLANE].isChecked())
        self._show_selection(0)
        self._show_pins()

    def show_dataset(self, dataset: Dataset, config: TrainingConfig) -> None:
        """Show points, and what their marks mean."""
        shares = shares_of(config)
        self.canvas.show_dataset(dataset, shares)
        self.tool_options.show_shares(shares)

    @Slot(bool)
    def _stretch(self, fills: bool) -> None:
        """Let the plane fill its room, or have the same scale on both axes; all points are shown."""
        self.canvas.camera.let_fill(fills=fills)
        self.canvas.fit()

    def _make_menu(self) -> QMenu:
        """The menu of the plane: what can be done there, or with the points that are selected."""
        menu, actions = QMenu(self), self._actions
        menu.setAccessibleName(say("Plane"))
        for title, names in ((say("T&ools"), (*Tool, Action.LARGER, Action.SMALLER)), (say("&Class"), CLASSES)):
            menu.addMenu(title).addActions([actions[name] for name in names])
        for group in MENU:
            menu.addSeparator()
            menu.addActions([actions[name] for name in group])
        here = QAction(say("Paste &Here"), menu)
        here.setStatusTip(say("Add points from the clipboard where the menu was opened"))
        here.triggered.connect(self._paste_here)
        menu.insertAction(actions[Action.DELETE], here)
        for each in (menu, *menu.findChildren(QMenu)):
            each.aboutToShow.connect(partial(underline, each))
        return menu

    @Slot(object)
    def show_menu(self, spot: Spot) -> None:
        """Open the menu of the plane there."""
        self._spot = spot
        self.menu.popup(self.canvas.mapToGlobal(spot.pixel.toPoint()))

    @Slot()
    def _paste_here(self) -> None:
        if self._spot is not None:
            self.paste_wanted.emit(self._spot.place)

    def choose_tool(self, tool: Tool) -> None:
        """Take a tool in hand."""
        self._actions[tool].setChecked(True)
        self.tool_options.show_tool(tool)
        self.canvas.hand.choose(tool, self.canvas.hand.label)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tool_chosen.emit(say(tool.facts.hint))

    def choose_label(self, label: int) -> None:
        """Draw points of a class; a tool that has no use for a class is put away."""
        if not self.canvas.hand.tool.facts.uses_class:
            self.choose_tool(Tool.BRUSH)
        self.canvas.hand.choose(self.canvas.hand.tool, label)

    def use_options(self, options: ToolOptions) -> None:
        """Set the tools."""
        self.canvas.hand.options = options
        self.tool_options.show_options(options)

    @Slot()
    def start_afresh(self) -> None:
        """Show all of other data, and a ring that is neither lost on them nor covers them."""
        self.canvas.fit()
        self.resize_ring(USUAL_RING)

    @Slot(float)
    def resize_ring(self, pixels: float) -> None:
        """Give the ring a radius in pixels."""
        self.canvas.hand.resize(pixels / (self.canvas.hand.radius * self.canvas.plane.mean_scale))

    @Slot(ToolOptions)
    def _take_options(self, options: ToolOptions) -> None:
        self.canvas.hand.options = options
        self.options_changed.emit(options)

    @Slot(int)
    def _show_selection(self, count: int) -> None:
        for name in (Action.CUT, Action.DELETE, Action.SELECT_NONE):
            self._actions[name].setEnabled(count > 0)

    @Slot()
    def _show_pins(self) -> None:
        self._actions[Action.REMOVE_PINS].setEnabled(bool(self.canvas.pins.pins))
