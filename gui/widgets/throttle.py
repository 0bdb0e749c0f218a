"""At most one call per interval; the last one wins."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

SEND_MILLISECONDS = 30  # between two thresholds of a drag that become settings
_drags = count(1)


def new_drag() -> int:
    """The number of a drag that begins, which no other has, wherever it is: what it changes is one undo step."""
    return next(_drags)


class Throttle(QObject):
    """Calls a function with the newest arguments, at once if the last call is long enough ago, else as soon as it is.

    Args:
        function: what is called, on the thread of this object.
        milliseconds: the least time between two calls; can be changed.
        parent: owner.
    """

    def __init__(self, function: Callable[..., object], milliseconds: int, parent: QObject) -> None:
        super().__init__(parent)
        self._function, self.milliseconds = function, milliseconds
        self._arguments: tuple[Any, ...] = ()
        self._since_call = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._call)

    def __call__(self, *arguments: Any) -> None:
        self._arguments = arguments
        if self._timer.isActive():
            return
        elapsed = self._since_call.elapsed() if self._since_call.isValid() else self.milliseconds
        if elapsed >= self.milliseconds:
            self._call()
        else:
            self._timer.start(int(self.milliseconds - elapsed))

    def at_once(self, *arguments: Any) -> None:
        """Call now, however long ago the last call is; the next one waits from now on."""
        self._timer.stop()
        self._arguments = arguments
        self._call()

    def cancel(self) -> None:
        """Forget a call that is waiting."""
        self._timer.stop()

    def _call(self) -> None:
        self._since_call.start()
        self._function(*self._arguments)
