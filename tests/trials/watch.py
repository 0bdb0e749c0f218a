"""Where a thread was while it did not look at its events."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from types import FrameType

LOOK_SECONDS = 0.02
FRAMES = 5


@dataclass(frozen=True, order=True)
class Gap:
    """A time in which no event was looked at.

    Attributes:
        milliseconds: how long it was.
        computed: milliseconds of them in which the thread had the processor.
        others: milliseconds for which the other threads of the process had it; if both are short, the machine was busy.
        place: where the thread was most of it; empty if it could not be seen.
    """

    milliseconds: int
    computed: int
    others: int
    place: str


class Watch:
    """Looks, from a thread of its own, at the one that made this whenever that has not beaten for a while.

    Args:
        least: seconds without a beat that count as a gap.

    Attributes:
        longest: milliseconds between two beats at most.
        gaps: all of them, in their order.
    """

    def __init__(self, least: float = 0.1) -> None:
        self.longest, self.gaps = 0, list[Gap]()
        self._least, self._watched = least, threading.get_ident()
        self._beaten = self._computed = self._all = 0.0
        self._places: Counter[str] = Counter()
        self._is_on, self._has_ended = False, threading.Event()
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    def beat(self) -> None:
        """Say that events are being looked at."""
        now, computed, of_all = time.monotonic(), time.thread_time(), time.process_time()
        if self._is_on:
            milliseconds = round(1000 * (now - self._beaten))
            self.longest = max(self.longest, milliseconds)
            if milliseconds >= 1000 * self._least:
                place = max(self._places, key=self._places.__getitem__, default="")
                mine, others = computed - self._computed, of_all - self._all - (computed - self._computed)
                self.gaps.append(Gap(milliseconds, round(1000 * mine), round(1000 * others), place))
        self._places, self._beaten, self._is_on = Counter(), now, True
        self._computed, self._all = computed, of_all

    def rest(self) -> None:
        """What comes until the next beat does not count."""
        self.beat()
        self._is_on = False

    def end(self) -> None:
        """Look no more."""
        self._has_ended.set()

    def _look(self) -> None:
        while not self._has_ended.wait(LOOK_SECONDS):
            places = self._places
            if self._is_on and time.monotonic() - self._beaten >= self._least:
                places[place_of(sys._current_frames()[self._watched])] += 1


def place_of(frame: FrameType) -> str:
    """The innermost functions of a stack."""
    stack = traceback.extract_stack(frame)[-FRAMES:]
    return " > ".join(f"{step.filename.rsplit('/', 1)[-1]}:{step.lineno} {step.name}" for step in stack)
