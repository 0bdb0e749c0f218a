"""The column of settings: as wide as its fields need in the font that is used; it folds to a strip."""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.paint.icons import ThemedIcon, icon_size
from gui.widgets.forms import align, form_width

SIDE = 10  # pixels beside the fields


class SidePanel(QScrollArea):
    """Views one under the other, which can be scrolled up and down.

    Args:
        views: from top to bottom.

    Signals:
        room_changed(int): pixels of height that the views do not need while their sections are closed; may be negative.
    """

    room_changed = Signal(int)

    def __init__(self, *views: QWidget) -> None:
        super().__init__()
        self.setObjectName("side_panel")
        self._views = views
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(SIDE, 4, SIDE, 8)
        for view in views:
            column.addWidget(view)
        column.addStretch()
        self.setWidget(self._column)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._needed = self._column.sizeHint().height()
        self._fit()

    def _fit(self) -> None:
        """Be as wide as the widest field, shown or not, with room for the scroll bar, so that nothing ever moves."""
        for layout in self.findChildren(QLayout):
            layout.invalidate()  # it hears only later that a font has changed
        forms = self.findChildren(QFormLayout)
        align(forms)
        width = max(*map(form_width, forms), *(view.minimumSizeHint().width() for view in self._views)) + 2 * SIDE
        self._column.setFixedWidth(width)
        self.setFixedWidth(width + self.verticalScrollBar().sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room_changed.emit(self.height() - self._needed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()


class FoldingPanel(QWidget):
    """A column that folds to the strip beside it: where there is no room for it, unless somebody has decided.

    Args:
        column: what folds.
        fold: the action that folds and unfolds it.
    """

    def __init__(self, column: SidePanel, fold: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.column, self._action = column, fold
        self._has_room, self._must_fold = True, False
        self._decided: bool | None = None  # whether it is folded
        self._strip = QToolButton()  # not one of the action, which is checked
        self._icon = ThemedIcon(self, self._strip, "fold")
        self._strip.setObjectName(f"{fold.objectName().removeprefix('action_')}_button")
        self._strip.clicked.connect(fold.trigger)
        self._strip.setToolTip(fold.toolTip())
        self._strip.setStatusTip(fold.statusTip())
        self._strip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._strip.setAccessibleName(fold.iconText())
        self._strip.setAutoRaise(True)
        self._strip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._strip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(column)
        row.addWidget(self._strip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        fold.triggered.connect(self._decide)
        self._fit()
        self._fold()

    @property
    def unfolded_width(self) -> int:
        """The width that it has while it is not folded."""
        return self.column.width() + self._strip.width()

    @property
    def is_folded(self) -> bool:
        """True if only the strip is seen."""
        return self.column.isHidden()

    @property
    def folded_width(self) -> int:
        """The width of the strip."""
        return self._strip.width()

    def use_room(self, *, has_room: bool, must_fold: bool) -> None:
        """Fold or unfold by whether there is room, unless somebody has decided and it need not be folded."""
        if (has_room, must_fold) != (self._has_room, self._must_fold):
            self._has_room, self._must_fold = has_room, must_fold
            self._fold()

    @Slot(bool)
    def _decide(self, folds: bool) -> None:
        # what would be so by itself is no decision: it goes on following the room
        self._decided = None if folds is not self._has_room else folds
        self._fold()

    def _fold(self) -> None:
        folds = self._must_fold or (not self._has_room if self._decided is None else self._decided)
        self.column.setVisible(not folds)
        self._action.setChecked(folds)
        self._icon.use("unfold" if folds else "fold")
        for part in (self, self.parentWidget()):
            if part is not None and (layout := part.layout()) is not None:
                layout.activate()  # at once, lest the room is empty for a frame

    def _fit(self) -> None:
        self._strip.setIconSize(icon_size(self.font()))
        self._strip.setFixedWidth(self._strip.sizeHint().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def arrangement(self) -> str:
        """The decision, as a text; empty while there is none."""
        return {None: "", True: "folded", False: "unfolded"}[self._decided]

    def arrange(self, stored: str) -> None:
        """Fold, unfold, or follow the room."""
        self._decided = {"folded": True, "unfolded": False}.get(stored)
        self._fold()
