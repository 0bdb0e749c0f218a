"""A pen, which says its pressure and its end just before Qt makes a mouse of it."""

# Tests: tests/gui/canvas/test_touch.py

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent
from PySide6.QtGui import QPointingDevice, QTabletEvent

PEN_MILLISECONDS = 500  # for which the pen is the pointer after it was heard of; it goes without a word


class Pen:
    """What was heard of the pen last.

    Attributes:
        pressure: from 0 to 1; 1 while the pen does not touch.
    """

    def __init__(self) -> None:
        self.pressure = 1.0
        self._is_other_end, self._clock = False, QElapsedTimer()

    def hear(self, event: QTabletEvent) -> None:
        """Note what the pen says."""
        self.pressure = 1.0 if event.type() == QEvent.Type.TabletRelease else event.pressure()
        self._is_other_end = event.pointerType() == QPointingDevice.PointerType.Eraser
        self._clock.start()

    def erases(self) -> bool:
        """Whether its other end is the pointer now."""
        return self._is_other_end and self._clock.elapsed() <= PEN_MILLISECONDS
