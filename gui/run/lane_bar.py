"""The lanes of the experiment: which one is edited, one more, one less."""

# Tests: tests/gui/test_main_window.py

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from engine.experiment import MAX_LANES
from gui.actions import Action
from gui.paint.recoloured import Recoloured
from gui.paint.swatches import lane_line, line_size
from gui.paint.theme import chrome_of
from gui.text.language import say
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tips import plain_tip


class LaneBar(Recoloured, QWidget):
    """One button a lane, with its line and what sets it apart; hidden while there is only one.

    Signals:
        lane_chosen(int): the settings are to show and change this lane.
    """

    lane_chosen = Signal(int)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lane_bar")
        self._group, self._is_away = QButtonGroup(self), False
        self._buttons: list[QToolButton] = []
        self._colours = tuple(range(MAX_LANES))
        self._titles: Sequence[str] = ()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.addWidget(QLabel(say("Lanes")))
        for number in range(MAX_LANES):
            button = self._lane_button(number)
            self._buttons.append(button)
            self._group.addButton(button, number)
            row.addWidget(button)
        for name in (Action.DUPLICATE_LANE, Action.REMOVE_LANE):
            button = QToolButton()
            button.setObjectName(f"{name}_button")
            button.setDefaultAction(actions[name])
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self._note = ElidedLabel()
        self._note.setObjectName("lane_note")
        row.addWidget(self._note, 1)
        self._group.idClicked.connect(self.lane_chosen)
        self.recolour()
        self.hide()

    def _lane_button(self, number: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"lane_{number + 1}_button")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(say("Lane {number}", number=number + 1))
        tip = say("Show the settings of lane {number}", number=number + 1)
        button.setToolTip(f"<p>{tip}</p>")
        button.setStatusTip(tip)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return button

    def show_lanes(self, titles: Sequence[str], current: int, colours: Sequence[int]) -> None:
        """Show the lanes by title and number of colour, and which one is edited."""
        if (tuple(titles), tuple(colours), current) == (self._titles, self._colours, self._group.checkedId()):
            return
        self._colours = tuple(colours)
        self.recolour()
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(titles))
            if number < len(titles):
                button.setChecked(number == current)
                lane, title = number + 1, titles[number]
                tip = say("The settings on the left are those of lane {number}: {title}", number=lane, title=title)
                button.setToolTip(f"<p>{tip}</p>")
                button.setStatusTip(tip)
                button.setAccessibleName(say("Lane {number}: {title}", number=lane, title=title))
        self._titles = tuple(titles)
        self._come_and_go()
        self._shorten()

    def show_note(self, note: str) -> None:
        """Say something about the lanes beside them."""
        self._note.setText(note)
        self._note.setToolTip(plain_tip(note))

    def put_away(self, is_away: bool) -> None:
        """Stay hidden however many lanes there are, or no longer."""
        self._is_away = is_away
        self._come_and_go()

    def _come_and_go(self) -> None:
        self.setVisible(len(self._titles) > 1 and not self._is_away)

    def _shorten(self) -> None:
        """Give the titles the room that there is in one row; what short ones leave is for the long ones."""
        metrics, widths = self.fontMetrics(), [self.fontMetrics().horizontalAdvance(title) for title in self._titles]
        shown = [item.widget() for index in range(self._row.count()) if (item := self._row.itemAt(index)) is not None]
        parts = [part for part in shown if part not in (None, self._note) and not part.isHidden()]
        texts = sum(metrics.horizontalAdvance(button.text()) for button in self._buttons if not button.isHidden())
        around = sum(part.sizeHint().width() + self._row.spacing() for part in parts) - texts
        margins = self._row.contentsMargins()
        room = max(0, self.width() - around - margins.left() - margins.right())
        most = room // max(1, len(widths))
        while most < max(widths, default=0) and sum(min(width, most + 1) for width in widths) <= room:
            most += 1
        for button, title in zip(self._buttons, self._titles, strict=False):
            button.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, most).replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._shorten()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def recolour(self) -> None:
        chrome = chrome_of(self.palette())
        for button, colour in zip(self._buttons, self._colours, strict=False):
            button.setIconSize(line_size(self.font()))
            button.setIcon(QIcon(lane_line(chrome, colour, self.font(), self.devicePixelRatioF())))
