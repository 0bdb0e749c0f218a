"""Long computations in pieces; between two pieces the program may answer a command, or call the computation off."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Heed = Callable[[], None]
"""Called between two pieces; it may raise `CalledAway`."""


class CalledAway(Exception):  # noqa: N818  # no error: somebody wants something else first
    """Raised when a measurement has to wait; nothing of it is kept, and nothing else has changed."""


class Bell:
    """Rings when somebody wants something else of a thread; code that runs without the interpreter looks at it, too.

    Attributes:
        rung: int64 (1,): 1 from the ringing on until it is silenced.
    """

    def __init__(self) -> None:
        self.rung = np.zeros(1, dtype=np.int64)

    def ring(self) -> None:
        """Call the thread away."""
        self.rung[0] = 1

    def silence(self) -> None:
        """To be called by the thread before it looks at what is wanted."""
        self.rung[0] = 0


def nobody() -> None:
    """Nobody waits."""
