"""The commands that wait for the worker; those that later ones make pointless never reach it."""

from __future__ import annotations

from collections import deque
from queue import Empty, SimpleQueue

from engine.mlp.pieces import Bell, CalledAway
from engine.run.commands import Attend, Command, Pause, Quit, Resume, Start, Step, UseExperiment, UseSpeed

CHANGES_STATE = (Start, Resume, Step, Pause)
CALLS_AWAY = (*CHANGES_STATE, Quit)
REPLACEABLE = (UseExperiment, Attend, UseSpeed)


class CommandQueue(SimpleQueue[Command]):
    """A queue of commands that rings a bell for each that must not wait.

    Attributes:
        bell: which code that runs without the interpreter hears, too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bell = Bell()

    def put(self, item: Command, block: bool = True, timeout: float | None = None) -> None:
        super().put(item, block, timeout)
        if isinstance(item, CALLS_AWAY):  # where the pointer is can wait for the end of a slice
            self.bell.ring()


class Inbox:
    """The commands that were taken from a queue and are not yet carried out.

    Args:
        queue: commands, in order.

    Attributes:
        bell: that of the queue, if it has one; else it never rings.
        has_bell: whether it has.
    """

    def __init__(self, queue: SimpleQueue[Command]) -> None:
        self._queue = queue
        self.has_bell = isinstance(queue, CommandQueue)
        self.bell = queue.bell if isinstance(queue, CommandQueue) else Bell()
        self._waiting: deque[Command] = deque()

    def is_empty(self) -> bool:
        """True if no command waits."""
        return not self._waiting and self._queue.empty()

    def wait(self, seconds: float | None) -> None:
        """Sleep until a command waits, but not longer than so many seconds; None: as long as it takes."""
        if seconds != 0 and not self._waiting:
            try:
                self._waiting.append(self._queue.get(timeout=seconds))
            except Empty:
                return
        self._collect()
        self._waiting = without_replaced(self._waiting)

    def take(self) -> Command | None:
        """The first of those that waited at the last `wait`, or None."""
        return self._waiting.popleft() if self._waiting else None

    def is_called_away(self) -> bool:
        """True if a command waits for which long work must be left where it is."""
        self._collect()
        return any(isinstance(command, CALLS_AWAY) for command in self._waiting)

    def heed(self) -> None:
        """To be called between two pieces of what may be left.

        Raises:
            CalledAway: such a command waits.
        """
        if self.is_called_away():
            raise CalledAway

    def _collect(self) -> None:
        self.bell.silence()  # before, so that what comes meanwhile rings anew
        try:
            while True:
                self._waiting.append(self._queue.get_nowait())
        except Empty:
            pass


def without_replaced(waiting: deque[Command]) -> deque[Command]:
    """The commands that wait, without those that later ones make pointless.

    A hand draws faster than a large network takes new points.

    Quit comes first. Of edits between two changes of the state only the last counts, of those before a new start
    none; of what is looked at and of speeds only the last.
    """
    if any(isinstance(command, Quit) for command in waiting):
        return deque([Quit()])
    kept: deque[Command] = deque()
    replaced: set[type] = set()
    before_start = False
    for command in reversed(waiting):
        if type(command) in replaced:
            continue
        if isinstance(command, REPLACEABLE):
            replaced.add(type(command))
        elif isinstance(command, Start):
            replaced.add(UseExperiment)
            before_start = True
        elif not before_start:
            replaced.discard(UseExperiment)
        kept.appendleft(command)
    return kept
