"""A line that says at which epoch something was measured, while that is not the epoch shown elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.paint.type_size import keep_size
from gui.text.language import say

SIDE = 10  # pixels beside the text
LINGER = 600  # milliseconds; a line that came and went with every measurement could not be read


class AgeLine(QWidget):
    """Its room is always kept, so that nothing moves when it comes and goes; a label would have the whole window laid
    out with each text.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("age_line")
        self._text = ""
        keep_size(self, 11)
        self.setFixedHeight(self.fontMetrics().height())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(LINGER)
        self._linger.timeout.connect(self.clear)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(self.fontMetrics().height())

    def text(self) -> str:
        """The text that is shown."""
        return self._text

    @Slot()
    def clear(self) -> None:
        """Say nothing."""
        self._say("")

    def _say(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line at the end of the room, shortened to it."""
        room = self.rect().adjusted(SIDE, 0, -SIDE, 0)
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(room, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter, shown)

    def show_epochs(self, measured: Sequence[int], now: Sequence[int]) -> None:
        """Show when each lane was measured, and at which epoch it is; nothing is said while they are the same."""
        if not measured:  # a run that was blocked has no lanes
            self._linger.stop()
            self.clear()
        elif list(measured) != list(now):
            self._linger.stop()
            self._say(age_text(measured))
        elif self.text() and not self._linger.isActive():
            self._say(age_text(measured))
            self._linger.start()


def age_text(measured: Sequence[int]) -> str:
    """At which epochs the lanes were measured."""
    first, last = min(measured), max(measured)
    if first == last:
        return say("Measured at epoch {epoch:,}", epoch=first)
    return say("Measured at epochs {first:,} to {last:,}", first=first, last=last)
