"""A view as it stands in the deck or in a window of its own, and its place in the deck."""

# Tests: tests/gui/stage/test_deck.py

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.insight.quantity import Quantity
from gui.paint.lane_view import LaneView
from gui.paint.type_size import scale_of
from gui.text.language import say
from gui.views import VIEWS, LabView
from gui.widgets.age_line import AgeLine


class LanesShower(Protocol):
    """A view of the lanes: a widget that is shown them, and says what is to be measured of them."""

    @property
    def needs(self) -> Sequence[Quantity[Any]]: ...
    def show_lanes(self, lanes: Sequence[LaneView]) -> None: ...


def make(name: LabView) -> LanesShower:
    """The widget of a view."""
    module, _, kind = VIEWS[name].widget.rpartition(".")
    view: LanesShower = getattr(import_module(module), kind)()
    return view


class ViewFrame(QWidget):
    """A view, scrolled where there is little room, and below it the epoch that it is of.

    The view is made when it is first asked for, as by showing it: a window that begins with all of them is seen later.

    Args:
        name: of the view.

    Attributes:
        made: the view, or None as long as nobody has asked for it.
    """

    def __init__(self, name: LabView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_frame")
        self.name = name
        self.made: Any = None
        self._waiting: list[Callable[[Any], object]] = []
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._no_classes = QLabel(say("Values are learned, so there are no classes and no probabilities of them."))
        self._no_classes.setObjectName("no_classes")
        self._no_classes.setWordWrap(True)
        self._no_classes.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._no_classes.hide()
        column.addWidget(self._no_classes, 1)
        self._age = AgeLine() if VIEWS[name].tells_age else None
        if self._age is not None:
            column.addWidget(self._age)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    @property
    def view(self) -> LanesShower:
        """The view."""
        if self.made is None:
            self.made = view = make(self.name)
            assert isinstance(view, QWidget)
            self._shown = view if isinstance(view, QAbstractScrollArea) else scrolled(view)
            self._column.insertWidget(0, self._shown, 1)
            self._shown.show()  # the layout would do it later
            waiting, self._waiting = self._waiting, []
            for call in waiting:
                call(view)
        result: LanesShower = self.made
        return result

    def when_made(self, call: Callable[[Any], object]) -> None:
        """Call with the view as soon as it is made; now, if it is."""
        if self.made is None:
            self._waiting.append(call)
        else:
            call(self.made)

    @property
    def least(self) -> QSize:
        """The size that it should have."""
        return QSize(*VIEWS[self.name].least) * scale_of(self.font())

    def minimumSizeHint(self) -> QSize:
        return QSize()  # what has no room is scrolled

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the lanes, and when they were measured; where values are learned, maybe that there are no classes."""
        view = self.view
        if VIEWS[self.name].of_classes:
            self._show_classes(not any(lane.snapshot.has_values for lane in lanes))
        if self._age is not None:
            readings = [(lane.snapshot.readings.of(view.needs[0]), lane.snapshot.epochs) for lane in lanes]
            measured = [(reading.epoch, epochs) for reading, epochs in readings if reading is not None]
            self._age.show_epochs([epoch for epoch, _ in measured], [epochs for _, epochs in measured])
        view.show_lanes(lanes)

    def _show_classes(self, are_there: bool) -> None:
        shown = self._shown
        if shown.isHidden() is are_there:
            shown.setVisible(are_there)
            self._no_classes.setVisible(not are_there)


class ViewHome(QStackedWidget):
    """The place of a view in the deck; while it is in a window of its own, a note says so.

    Signals:
        wanted_back: the view is to come back.
    """

    wanted_back = Signal()

    def __init__(self, frame: ViewFrame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame, note, button = frame, QWidget(), QToolButton()
        text = QLabel(say("This view is in a window of its own."))
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        button.setObjectName(f"bring_back_{frame.name}")
        button.setText(say("Bring Back"))
        tip = say("Close the window of this view and show it here")
        button.setToolTip(f"<p>{tip}</p>")
        button.setStatusTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self.wanted_back)
        column = QVBoxLayout(note)
        column.addStretch()
        column.addWidget(text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        note.setBackgroundRole(QPalette.ColorRole.Base)
        note.setAutoFillBackground(True)
        self.addWidget(note)
        self.take_back()

    @property
    def holds_view(self) -> bool:
        """True unless the view is in a window of its own."""
        return self.indexOf(self.frame) >= 0

    def take_back(self) -> None:
        """Show the view here."""
        self.setCurrentIndex(self.addWidget(self.frame))

    def minimumSizeHint(self) -> QSize:
        return QSize()


def scrolled(view: QWidget) -> QScrollArea:
    """A view that is scrolled where the window is too low or too narrow for it."""
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setBackgroundRole(QPalette.ColorRole.Base)
    view.setBackgroundRole(QPalette.ColorRole.Base)
    return area
