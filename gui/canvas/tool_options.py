"""The options of the tool in hand, above the canvas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from engine.data.shares import Shares
from gui.actions import Action
from gui.drawing.options import MAX_RING, MIN_RING, RANGES, Spread, ToolOptions
from gui.drawing.tools import Tool
from gui.paint.icons import ThemedIcon
from gui.text.language import mark, say
from gui.text.names import names_of
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.flow_bar import FlowBar
from gui.widgets.number_boxes import WholeBox

NOTE, WITH_TEST = mark("● training   ○ validation"), mark("● training   ○ validation   ◉ test")
"""The legend of the marks, without points of a test and with them."""
NOTE_TIP = mark(
    "The field shows the most probable class; the stronger its colour, the larger its lead over the second. "
    "On the line the two largest probabilities are equal; with one sigmoid unit it is where P(second class) is the "
    "threshold, and the colours are by that. Inside the network, x and y are standardised with the mean "
    "and standard deviation of the training points at the start of the run."
)
SLIDER_STEPS = 100


class ToolOptionsBar(FlowBar):
    """Undo and redo, the options of the current tool, and a note on what is seen.

    Signals:
        options_chosen(ToolOptions): the user changed an option.
        ring_chosen(float): the radius of the ring in pixels.
    """

    options_chosen = Signal(object)
    ring_chosen = Signal(float)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("tool_options")
        self._options, self._fields = ToolOptions(), dict[QWidget, str]()
        self._icons: list[ThemedIcon] = []
        self._shown: list[Callable[[ToolOptions], None]] = []
        for name in (Action.UNDO, Action.REDO, Action.FIT):
            self._add_button(actions[name], name)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        line.setFixedHeight(self._row_height() - 4)
        self.add(line)
        self._add_ring()
        self._add_options()
        self._note = note = QLabel(say(NOTE))
        note.setObjectName("tool_options_note")
        note.setToolTip(f"<p>{say(NOTE_TIP)}</p>")
        self.add_tail(note, is_needed=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_options(ToolOptions())
        self.show_tool(Tool.BRUSH)

    def show_shares(self, shares: Shares) -> None:
        """Show the legend of what is on the plane."""
        self._note.setText(say(WITH_TEST if shares.test else NOTE))

    def _add_button(self, action: QAction, name: str) -> None:
        button = QToolButton()
        button.setObjectName(f"{name}_button")
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons.append(ThemedIcon(self, action, name))
        self.add(button)

    def _add_ring(self) -> None:
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, SLIDER_STEPS)
        self._slider.setFixedWidth(64)
        self._slider.setObjectName("ring_slider")
        self._slider.valueChanged.connect(self._choose_ring)
        tip = say("How large the ring is; the keys [ and ] change it too, and Ctrl and the wheel")
        self._add(say("Size"), self._slider, "size", tip)

    def _add_options(self) -> None:
        self._add_percent(say("Spacing"), "spacing", say("Distance of points, as a share of the radius"))
        spread = ChoiceBox("spread_box", names_of(Spread))
        spread.setMinimumContentsLength(8)
        spread.chosen.connect(lambda: self._choose("spread", spread.choice()))
        self._shown.append(lambda options: spread.show_choice(options.spread))
        self._add(say("Spread"), spread, "spread", say("Evenly over the ring, or most in its middle"))
        self._add_number(say("Rate"), "rate", say("Points a second; the pressure of a pen scales it"), " /s", 20)
        self._add_percent(say("Share"), "relabel_share", say("How many of the points in the ring change"))
        self._add_percent(say("Strength"), "strength", say("How fast the points in the ring move"))
        self._add_number(say("Points"), "stamp_points", say("Points of one stamp"), "", 10)
        self._add_percent(say("Noise"), "stamp_noise", say("How far the points stray, as a share of the stamp’s size"))

    def _add(self, label: str, widget: QWidget, name: str, tip: str) -> None:
        field = QWidget()
        row = QHBoxLayout(field)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        if not isinstance(widget, ChoiceBox):  # a choice says itself what it is
            text = QLabel(label)
            text.setBuddy(widget)
            row.addWidget(text)
        row.addWidget(widget)
        widget.setAccessibleName(label)
        widget.setToolTip(f"<p>{tip}</p>")
        widget.setStatusTip(tip)
        self.add(field)
        self._fields[field] = name

    def _add_number(self, label: str, name: str, tip: str, suffix: str, step: int, scale: float = 1) -> None:
        low, high = RANGES[name]
        box = WholeBox(f"{name}_box", round(low * scale), round(high * scale))
        box.setSuffix(suffix)
        box.setSingleStep(step)
        box.valueChanged.connect(lambda value: self._choose(name, value / scale if scale != 1 else value))
        self._shown.append(lambda options: box.show_value(round(getattr(options, name) * scale)))
        self._add(label, box, name, tip)

    def _add_percent(self, label: str, name: str, tip: str) -> None:
        self._add_number(label, name, tip, " %", 5, scale=100)

    def _choose(self, name: str, value: Any) -> None:
        self._options = replace(self._options, **{name: value})
        self.options_chosen.emit(self._options)

    @Slot(int)
    def _choose_ring(self, step: int) -> None:
        self.ring_chosen.emit(MIN_RING * (MAX_RING / MIN_RING) ** (step / SLIDER_STEPS))

    def show_ring(self, pixels: float) -> None:
        """Show the radius of the ring."""
        share = math.log(max(pixels, MIN_RING) / MIN_RING) / math.log(MAX_RING / MIN_RING)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(share * SLIDER_STEPS))

    def show_options(self, options: ToolOptions) -> None:
        """Show what the tools are set to."""
        self._options = options
        for show in self._shown:
            show(options)

    def show_tool(self, tool: Tool) -> None:
        """Show the options of a tool."""
        for widget, name in self._fields.items():
            widget.setVisible(name in tool.facts.options)
        self.arrange()

    def alternatives(self) -> Sequence[Sequence[QWidget]]:
        """The options of each tool, so that the canvas keeps its size whatever tool is taken."""
        names = self._fields
        return [
            [part for part in self._parts if part not in names or names[part] in tool.facts.options] for tool in Tool
        ]
