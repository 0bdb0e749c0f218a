"""The deck: one laboratory at a time, one view of it, and the curves beside it where there is room."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.insight.diagnosis import ComplaintKind
from engine.insight.quantity import Quantity
from gui.actions import Action
from gui.layers.gradient_plot import GradientPlot
from gui.layers.measure_button import MeasureButton
from gui.paint.icons import ThemedIcon
from gui.paint.lane_view import LaneView
from gui.run.loss_plot import LossPlot
from gui.stage.frames import ViewFrame, ViewHome
from gui.stage.view_windows import ViewWindows
from gui.system.preferences import Preferences
from gui.text.measures import Part, Size
from gui.views import VIEWS, Lab, LabView, has_tabs, views_of
from gui.widgets.flow_bar import FlowBar

V = TypeVar("V")
FIRST_LAB = Lab.GRADIENTS


class Deck(QWidget):
    """Tabs of laboratories, tabs of the views of the one that is chosen, and that view; what is not seen gets nothing.

    Args:
        actions: of the laboratories and views, which its tabs are.
        preferences: where the windows of views have their geometry.

    Signals:
        needs_changed(Sequence[Quantity]): what the views that are seen need.
        lab_chosen(str): which laboratory, before its parts are shown; it may be the one of before.
        parts_changing, parts_changed: other parts share the room from now on.

    Attributes:
        lab: the laboratory that is chosen.
        lanes: that are shown.
        frames: the views.
        windows: those of views that have windows of their own.
        splitter: between the curves and the others.
    """

    needs_changed, lab_chosen = Signal(object), Signal(str)
    parts_changing, parts_changed = Signal(), Signal()

    def __init__(self, actions: Mapping[str, QAction], preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deck")
        self._actions = actions
        self._keys = {name: actions[name].shortcuts() for name in VIEWS if name in actions}
        self.lanes: Sequence[LaneView] = ()
        self.lab, self._chosen = FIRST_LAB, {lab: views_of(lab)[0] for lab in Lab}
        self.frames = {name: ViewFrame(name) for name in VIEWS}
        self._homes = {name: ViewHome(frame) for name, frame in self.frames.items()}
        self.loss_plot, self.gradient_plot = self.view_of(LossPlot), self.view_of(GradientPlot)
        self._measure_button = MeasureButton()
        self._departures: tuple[str, ...] = ()
        tools = {LabView.BARS: self._measure_button}
        self.windows = ViewWindows(self, self._homes, tools, actions, preferences)
        self._buttons: dict[LabView, QToolButton] = {}
        self._icons: list[ThemedIcon] = []
        self._tabs, self._head, self._stack = FlowBar(gap=2), FlowBar(gap=2), QStackedWidget()
        self._page, self.splitter = QWidget(), QSplitter(Qt.Orientation.Vertical)
        self._is_alone = False  # the view, without tabs and curves
        self._lay_out()
        self._connect()
        self._show_parts()

    def view_of(self, kind: type[V]) -> V:
        """The view that is of a class."""
        path = f"{kind.__module__}.{kind.__qualname__}"
        view = next(self.frames[name].view for name, row in VIEWS.items() if row.widget == path)
        assert isinstance(view, kind)
        return view

    def _lay_out(self) -> None:
        for lab in Lab:
            self._tabs.add(tab(self._actions[lab], lab))
        for name, home in self._homes.items():
            if name is not LabView.CURVES:
                self._buttons[name] = tab(self._actions[name], name)
                self._head.add(self._buttons[name])
                self._stack.addWidget(home)
        ends, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for switch, icon in ((Action.KEEP_CURVES, "pin"), (Action.POP_OUT, "pop_out")):
            action = self._actions[switch]
            self._icons.append(ThemedIcon(self, action, icon))
            button = tab(action, switch)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(action.iconText())
            row.addWidget(button)
        ends.setLayout(row)
        self._tabs.add_tail(ends, is_needed=True)
        self._page.setLayout(filled(self._head, self._stack))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._homes[LabView.CURVES])
        self.splitter.addWidget(self._page)
        self.setLayout(filled(self._tabs, self.splitter))
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    def _connect(self) -> None:
        for lab in Lab:
            self._actions[lab].triggered.connect(lambda _is_checked=True, lab=lab: self.show_lab(lab))
        for name in self._buttons:
            self._actions[name].triggered.connect(partial(self._choose, name))
        keep = self._actions[Action.KEEP_CURVES]
        keep.setChecked(True)
        keep.toggled.connect(self._show_parts)
        self._actions[Action.POP_OUT].triggered.connect(lambda: self.windows.switch(self.view))
        self.windows.changed.connect(self._show_parts)
        self._measure_button.chosen.connect(self.show_measure)
        self.frames[LabView.COMPLAINTS].when_made(lambda cards: cards.shown.connect(self.show_complaint))
        self.frames[LabView.TABLE].when_made(lambda table: table.show_departures(self._departures))

    # what is chosen

    @property
    def view(self) -> LabView:
        """The view that is chosen."""
        return self._chosen[self.lab]

    @property
    def current(self) -> ViewFrame:
        """The view that is chosen, with what stands around it."""
        return self.frames[self.view]

    def show_view(self, view: LabView) -> None:
        """Show one of the views, in its laboratory."""
        self.lab = VIEWS[view].laboratory
        self._chosen[self.lab] = view
        self._show_parts()

    def show_lab(self, lab: Lab) -> None:
        """Show a laboratory with the view that was chosen in it last."""
        self.show_view(self._chosen[lab])

    def _choose(self, view: LabView, _is_checked: bool = False) -> None:
        self.show_view(view)

    @Slot(object)
    def show_complaint(self, kind: ComplaintKind) -> None:
        """Show the view in which a complaint is seen."""
        match kind:
            case ComplaintKind.VANISHING:
                self.show_measure(Part.WEIGHTS, Size.NORM)
            case ComplaintKind.SLOW_LEARNING:
                self.show_measure(Part.WEIGHTS, Size.UPDATE_RATIO)
            case _:
                self.show_view(LabView.ACTIVATION)

    @Slot(object, object)
    def show_measure(self, part: Part, size: Size) -> None:
        """Show bars of so much of each layer."""
        self._measure_button.show_measure(part, size)
        self.gradient_plot.show_measure(part, size)
        self.show_view(LabView.BARS)

    def show_course(self, departures: tuple[str, ...] | None) -> None:
        """In what the lanes are others than the slide's, of which there is a table; None if the data are others."""
        for thing in (self._actions[LabView.TABLE], self._buttons[LabView.TABLE]):
            thing.setVisible(departures is not None)
        self._departures, table = departures or (), self.frames[LabView.TABLE].made
        if table is not None:
            table.show_departures(self._departures)
        if departures is None and LabView.TABLE in self._chosen.values():
            self._chosen[VIEWS[LabView.TABLE].laboratory] = LabView.BARS
            self.windows.end(LabView.TABLE)
            self._show_parts()

    # which parts there are

    def stand_alone(self, is_alone: bool) -> None:
        """Show the chosen view alone, without tabs, or all that there is."""
        self._is_alone = is_alone
        self._tabs.setVisible(not is_alone)
        self._show_parts()

    def _keeps_curves(self) -> bool:
        """True if the curves stand beside another laboratory: they are wanted, and there is room for each of its views.

        So the tabs of its views stay where they are while one goes from view to view.
        """
        if (
            self._is_alone
            or VIEWS[self.view].has_curves
            or not self._actions[Action.KEEP_CURVES].isChecked()
            or not self._homes[LabView.CURVES].holds_view
        ):
            return False
        curves, others = self.frames[LabView.CURVES].least, [self.frames[name].least for name in views_of(self.lab)]
        other = QSize(max(each.width() for each in others), max(each.height() for each in others))
        room = self.size() - QSize(0, self._tabs.sizeHint().height())
        if self.splitter.orientation() is Qt.Orientation.Horizontal:
            return room.width() >= curves.width() + other.width()
        return room.height() >= curves.height() + self._head.sizeHint().height() + other.height()

    @Slot()
    def _show_parts(self) -> None:
        """Show what is chosen, and let the parts share the room."""
        view, curves, page = self.view, self._homes[LabView.CURVES], self._page
        self.lab_chosen.emit(self.lab)
        self._actions[self.lab].setChecked(True)
        self._actions[Action.POP_OUT].setChecked(view in self.windows.open)
        for name, button in self._buttons.items():
            is_here = VIEWS[name].laboratory is self.lab
            self._actions[name].setShortcuts(self._keys[name] if is_here else [])
            button.setVisible(is_here and self._actions[name].isVisible())
        if LabView.BARS not in self.windows.open:
            self._head.add_tail(self._measure_button, is_needed=True)
            self._measure_button.setVisible(view is LabView.BARS)
        if view is not LabView.BARS or LabView.BARS in self.windows.open:
            self._head.remove_tail()  # for which a row of its own might be kept free
        self._head.arrange()
        has_page, has_curves = view is not LabView.CURVES, view is LabView.CURVES or self._keeps_curves()
        if has_page:
            self._actions[view].setChecked(True)
            self._stack.setCurrentWidget(self._homes[view])
            self._head.setVisible(has_tabs(self.lab) and not self._is_alone)
        if (has_page, has_curves) != (not page.isHidden(), not curves.isHidden()):
            self.parts_changing.emit()
            page.setVisible(has_page)
            curves.setVisible(has_curves)
            self.parts_changed.emit()
        self.needs_changed.emit(self.needs)
        self._show(at_once=True)

    def minimumSizeHint(self) -> QSize:
        least = self.current.least
        heads = [bar.minimumSizeHint() for bar in (self._tabs, self._head) if not self._is_alone]
        width = max(least.width(), *(head.width() for head in heads), 0)
        seen = min(least.height(), self.frames[LabView.CURVES].least.height()) // 4  # of a view, before it is scrolled
        return QSize(width, seen + sum(head.height() for head in heads))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def fit(self) -> None:
        """Show the curves beside another view or not, by the room that there is."""
        is_kept = not self._homes[LabView.CURVES].isHidden()
        if self.view is not LabView.CURVES and self._keeps_curves() != is_kept:
            self._show_parts()

    # what is shown

    @property
    def shown(self) -> list[ViewFrame]:
        """The views that are seen, here and in windows of their own."""
        names = [self.view, *self.windows.open]
        if not self._homes[LabView.CURVES].isHidden():
            names.append(LabView.CURVES)
        return [self.frames[name] for name in dict.fromkeys(names)]

    @property
    def needs(self) -> Sequence[Quantity[Any]]:
        """The quantities that are to be measured for the views that are seen."""
        return tuple(dict.fromkeys(quantity for frame in self.shown for quantity in frame.view.needs))

    def show_lanes(self, lanes: Sequence[LaneView], *, at_once: bool = False) -> None:
        """Show the lanes in the views that are seen; the curves at once, or in a rhythm of their own."""
        self.lanes = lanes
        self._show(at_once=at_once)

    def _show(self, *, at_once: bool) -> None:
        for frame in self.shown:
            if frame.name is LabView.CURVES:
                self.loss_plot.show_lanes(self.lanes, at_once=at_once)
            else:
                frame.show_lanes(self.lanes)

    # what is remembered

    def arrangement(self) -> str:
        """The choices, as a text."""
        chosen = {lab: view for lab, view in self._chosen.items() if has_tabs(lab)}
        keeps = self._actions[Action.KEEP_CURVES].isChecked()
        return json.dumps({"laboratory": self.lab, "views": chosen, "keeps_curves": keeps})

    def arrange(self, stored: str) -> None:
        """Choose as before; what cannot be is as at first."""
        try:
            state = json.loads(stored)
        except (ValueError, RecursionError):
            state = None
        state = state if isinstance(state, dict) else {}
        views = state.get("views")
        for lab in Lab:
            view = views.get(lab) if isinstance(views, dict) else None
            offered = [name for name in views_of(lab) if name not in self._buttons or self._actions[name].isVisible()]
            self._chosen[lab] = LabView(view) if view in offered else offered[0]
        self.lab = Lab(state["laboratory"]) if state.get("laboratory") in list(Lab) else FIRST_LAB
        self._actions[Action.KEEP_CURVES].setChecked(state.get("keeps_curves") is not False)
        self._show_parts()


def tab(action: QAction, name: str) -> QToolButton:
    """A button of an action in a row of tabs."""
    button = QToolButton()
    button.setObjectName(f"{name}_tab")
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def filled(row: QWidget, body: QWidget) -> QVBoxLayout:
    """A row, and below it what takes the room."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(row)
    column.addWidget(body, 1)
    return column
