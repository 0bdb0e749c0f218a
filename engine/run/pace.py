"""The pace of looking: how often and how finely, so that looking never costs more than its share of training."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.run.history import CAPACITY


@dataclass(frozen=True)
class Rhythm:
    """The limits of looking at each of the lanes while they train; see also `engine.run.measurements.Row`.

    Attributes:
        n_lanes: how many there are.
        is_held_up: whether painting holds training up: they take turns at the interpreter, which compiled code needs
            for measuring only.
        snapshot_interval: seconds between two snapshots of all, where the machine is fast enough.
        share: of the time, that may be spent on what holds training up.
        field_budget: seconds of the worker's own time for a field.
        history_rows: evaluations that are kept: each is a vertex of a curve.
    """

    n_lanes: int
    is_held_up: bool
    snapshot_interval: float
    share: float
    field_budget: float
    history_rows: int


ALONE = Rhythm(
    n_lanes=1,
    is_held_up=True,
    snapshot_interval=1 / 31,  # a little more than thirty a second
    share=0.38,  # a frame costs training up to a third more than its own time: one half is left
    field_budget=0.0045,  # about a seventh of the time then
    history_rows=CAPACITY,
)
ALONE_COMPILED = replace(ALONE, is_held_up=False, snapshot_interval=1 / 60, share=0.15, field_budget=0.0012)
SEVERAL = replace(ALONE, snapshot_interval=1 / 27, share=0.55, field_budget=0.0033, history_rows=2 * CAPACITY // 3)
SEVERAL_COMPILED = replace(SEVERAL, is_held_up=False, snapshot_interval=1 / 32, share=0.22, field_budget=0.0024)


def rhythm_of(n_lanes: int, *, is_compiled: bool = False) -> Rhythm:
    """That of each of so many lanes: they share the time, and each is one more field and one more curve to paint."""
    if n_lanes == 1:
        return ALONE_COMPILED if is_compiled else ALONE
    rhythm = SEVERAL_COMPILED if is_compiled else SEVERAL
    return replace(rhythm, n_lanes=n_lanes, field_budget=rhythm.field_budget / n_lanes)


RATE_WINDOW = 1.0


class Rate:
    """Epochs per second over the last second."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def forget(self) -> None:
        """Begin anew: what comes is not to be compared with what was."""
        self._marks.clear()

    def at(self, now: float, epochs: int) -> float:
        """The rate at a time at which so many epochs are done."""
        marks = self._marks
        marks.append((now, epochs))
        while len(marks) > 2 and now - marks[1][0] >= RATE_WINDOW:
            marks.popleft()
        seconds = now - marks[0][0]
        return (marks[-1][1] - marks[0][1]) / seconds if seconds > 0 else 0.0


PAINTING_SHARE = 0.65
"""Of the time of the window's thread; the rest is for the hand."""

LONGEST, LONGEST_BUSY = 1 / 21, 1 / 11.5  # seconds between two snapshots, alone on the machine and beside others
LONGEST_ALONE = 1 / 31  # of a single lane of compiled code; so it is shown what is drawn into it, too
ALONE_RATIO = 1.25  # of the time that goes by to the processor's own; above that others are at work
CROWD_SECONDS = 1 / 8  # by the clock, until both are compared: some count the processor's time in steps of a sixtieth
FOLLOWS = 0.1  # how much one frame counts against those before it


class Looking:
    """The interval between snapshots with which looking at a run takes its share of the time on any machine.

    Measuring and painting hold calls of torch and numpy up, since only one of them runs Python at a time; compiled code
    is held up by measuring only. A slow machine shows fewer frames; but never so few that the picture stands.

    Args:
        rhythm: of the lanes; can be changed.

    Attributes:
        frame_seconds: what it takes the window to show a snapshot.
    """

    def __init__(self, rhythm: Rhythm) -> None:
        self.rhythm, self.frame_seconds = rhythm, 0.0
        self._seconds = 0.0  # that a snapshot takes
        self._crowd = 1.0  # the ratio of what things take beside others to that alone on the machine, at least 1
        self._by_clock = self._by_processor = 0.0  # what some snapshots took together

    def measured(self, seconds: float, processor_seconds: float) -> None:
        """Note what a snapshot took, by the clock and of the processor's time."""
        follows = FOLLOWS if self._seconds else 1.0
        self._seconds += follows * (seconds - self._seconds)
        self._by_clock, self._by_processor = self._by_clock + seconds, self._by_processor + processor_seconds
        if self._by_clock >= CROWD_SECONDS:
            self._crowd = max(1.0, self._by_clock / max(self._by_processor, 1e-9) / ALONE_RATIO)
            self._by_clock = self._by_processor = 0.0

    def interval(self) -> float:
        """Seconds from one snapshot to the next."""
        crowd, rhythm = self._crowd, self.rhythm
        if not rhythm.is_held_up:
            wanted = max(self._seconds / rhythm.share, self.frame_seconds / PAINTING_SHARE, rhythm.snapshot_interval)
            return min(wanted, LONGEST if rhythm.n_lanes > 1 else LONGEST_ALONE)
        # beside others each change between painting and training waits for the processor, too
        wanted = (self._seconds + self.frame_seconds) * math.sqrt(crowd) / rhythm.share
        return min(max(wanted, rhythm.snapshot_interval), LONGEST * crowd, LONGEST_BUSY)


class Pace:
    """Says when something is due: at most once per interval, and never for more than a share of the time.

    Args:
        interval: seconds; can be changed.
        share: of the time, 0 to 1, that may be spent on it.

    Attributes:
        due: when it is time again.
    """

    def __init__(self, interval: float, share: float) -> None:
        self.interval, self._share = interval, share
        self.due = -math.inf

    def is_due(self, now: float) -> bool:
        """True if it is time."""
        return now >= self.due

    def done(self, started: float, finished: float) -> None:
        """Note that it was done."""
        # counted from when it was due, so that small delays do not add up to a slower pace
        base = self.due if 0 <= started - self.due < self.interval else started
        self.due = max(base + self.interval, started + (finished - started) / self._share)


class Stopwatch:
    """Adds up the time in which something goes on, to seconds that there are already."""

    def __init__(self, clock: Callable[[], float], seconds: float = 0.0) -> None:
        self._clock, self._seconds, self._since = clock, seconds, math.inf

    def look(self, *, goes_on: bool) -> float:
        """The seconds so far; until the next look it goes on, or does not."""
        now = self._clock()
        self._seconds += max(0.0, now - self._since)
        self._since = now if goes_on else math.inf
        return self._seconds


class Resolution:
    """The number of points of the field that can be computed within a budget of time.

    Args:
        budget: seconds for one field; can be changed.
        clock: of the time spent; that of the thread leaves out what other threads took.
        n_points: to begin with.
        finest: pixels between two points along the boundary, at least.
        exactness: pixels by which the boundary may be off where the field is a step.
    """

    least, most = 20 * 20, 256 * 256

    def __init__(
        self,
        budget: float,
        clock: Callable[[], float] = time.thread_time,
        n_points: int = 40 * 40,
        finest: float = 4.0,
        exactness: float = 1.6,
    ) -> None:
        self.budget, self.finest, self.exactness = budget, finest, exactness
        self.clock = clock
        self.n_points = n_points

    def measured(self, n_points: int, seconds: float) -> None:
        """Note what a field of so many points took; small differences change nothing, lest the picture jitter."""
        affordable = n_points * self.budget / max(seconds, 1e-6)
        wanted = min(max(affordable, self.least), self.most)
        if not 0.6 < wanted / self.n_points < 2.5:
            # half way (geometrically) to where one measurement points
            self.n_points = int(math.sqrt(wanted * self.n_points))
