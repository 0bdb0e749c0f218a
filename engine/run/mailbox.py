"""A slot for one snapshot between two threads: the newest wins, so nothing can flood."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from engine.run.snapshot import Snapshot


class Mailbox:
    """Holds the newest snapshot until it is taken.

    Args:
        notify: called in the thread that puts, only when the slot was empty before.
    """

    def __init__(self, notify: Callable[[], object]) -> None:
        self._notify = notify
        self._lock = Lock()
        self._snapshot: Snapshot | None = None

    def put(self, snapshot: Snapshot) -> None:
        """Put a snapshot in; one that was not taken is replaced."""
        with self._lock:
            was_empty, self._snapshot = self._snapshot is None, snapshot
        if was_empty:
            self._notify()

    def take(self) -> Snapshot | None:
        """Take the snapshot out; None if there is none."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def is_empty(self) -> bool:
        """True if the last snapshot was taken."""
        return self._snapshot is None
