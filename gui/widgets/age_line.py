"""A line that says at which epoch something was measured, while that is not the epoch shown elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.paint.type_size import keep_size
from gui.text.language import say

LINGER = 600  # milliseconds; a line that came and went with every measurement could not be read


class AgeLine(QLabel):
    """Its room is always kept, so that nothing moves when it comes and goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("age_line")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(10, 0, 10, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
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

    def show_epochs(self, measured: Sequence[int], now: Sequence[int]) -> None:
        """Show when each lane was measured, and at which epoch it is; nothing is said while they are the same."""
        if not measured:  # a run that was blocked has no lanes
            self._linger.stop()
            self.clear()
        elif list(measured) != list(now):
            self._linger.stop()
            self.setText(age_text(measured))
        elif self.text() and not self._linger.isActive():
            self.setText(age_text(measured))
            self._linger.start()


def age_text(measured: Sequence[int]) -> str:
    """At which epochs the lanes were measured."""
    first, last = min(measured), max(measured)
    if first == last:
        return say("Measured at epoch {epoch:,}", epoch=first)
    return say("Measured at epochs {first:,} to {last:,}", first=first, last=last)
