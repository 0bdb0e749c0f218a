"""How often and how finely things are looked at, so that looking never costs more than its share of training."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


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
        """Whether it is time."""
        return now >= self.due

    def done(self, started: float, finished: float) -> None:
        """Note that it was done."""
        # counted from when it was due, so that small delays do not add up to a slower pace
        base = self.due if 0 <= started - self.due < self.interval else started
        self.due = max(base + self.interval, started + (finished - started) / self._share)


class Resolution:
    """The number of points of the field that can be computed within a budget of time.

    Args:
        budget: seconds for one field; can be changed.
        clock: of the time spent; that of the thread leaves out what other threads took.
        n_points: to begin with.
    """

    least, most = 48 * 48, 320 * 320

    def __init__(self, budget: float, clock: Callable[[], float] = time.thread_time, n_points: int = 80 * 80) -> None:
        self.budget = budget
        self.clock = clock
        self.n_points = n_points

    def measured(self, n_points: int, seconds: float) -> None:
        """Note what a field of so many points took; small differences change nothing, lest the picture jitter."""
        affordable = n_points * self.budget / max(seconds, 1e-6)
        wanted = min(max(affordable, self.least), self.most)
        if not 0.6 < wanted / self.n_points < 2.5:
            # half way (geometrically) to where one measurement points
            self.n_points = int(math.sqrt(wanted * self.n_points))
