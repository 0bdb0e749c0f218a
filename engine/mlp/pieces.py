"""Long computations in pieces; between two pieces the program may answer a command, or call the computation off."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from collections.abc import Callable

Heed = Callable[[], None]
"""Called between two pieces; it may raise `CalledAway`."""


class CalledAway(Exception):  # noqa: N818  # no error: somebody wants something else first
    """Raised when a measurement has to wait; nothing of it is kept, and nothing else has changed."""


def nobody() -> None:
    """Nobody waits."""
