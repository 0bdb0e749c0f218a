"""What is measured again and again while a network trains, in portions and for a share of the time."""

# Tests: tests/engine/run/test_lane.py

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from engine.insight.measurement import Measurement
from engine.run.pace import Pace

R = TypeVar("R")

PORTION, STILL_PORTION = 0.02, 0.05  # seconds; between two portions there is time for training and for commands


class Paced(Generic[R]):
    """The newest of the measurements of one kind.

    Args:
        measure: begins a measurement of the network as it is.
        pace: how often, and for which share of the time.

    Attributes:
        value: what was found last, or None.
        epoch: the epochs that were done when that began.
    """

    def __init__(self, measure: Callable[[], Measurement[R]], pace: Pace) -> None:
        self._measure, self._pace = measure, pace
        self.value: R | None = None
        self.epoch = 0
        self._steps = self._begun_steps = -1  # after which the value was measured, and what is under way
        self._begun_epoch = 0
        self._under_way: Measurement[R] | None = None

    @property
    def due(self) -> float:
        """When the next portion is due."""
        return self._pace.due

    @property
    def is_unfinished(self) -> bool:
        """Whether there is a measurement under way."""
        return self._under_way is not None

    def begin(self, steps: int, epoch: int) -> None:
        """Begin to measure the network as it is after so many steps and epochs; what was under way is left."""
        self._under_way, self._begun_steps, self._begun_epoch = self._measure(), steps, epoch

    def forget(self) -> None:
        """What was measured is not of the network and the data as they are now, though there is nothing newer."""
        self._under_way, self._steps = None, -1
        self._pace.due = -float("inf")

    def look(self, steps: int, epoch: int, clock: Callable[[], float], *, still: bool) -> bool:
        """Measure a portion if that is due; whether there is a new value.

        Args:
            steps: that are done.
            epoch: epochs that are done.
            clock: seconds that only grow.
            still: whether nothing moves; then all is measured without delay, and of the network as it is. To be called
                again until there is no new value.
        """
        started = clock()
        if not (still or self.value is None or self._pace.is_due(started)):  # the first is waited for
            return False
        # what was begun first is of the start, and measured to the end
        if self._under_way is None or (still and self._begun_steps != steps and self.value is not None):
            if self._steps == steps:
                return False
            self.begin(steps, epoch)
        assert self._under_way is not None
        deadline = started + (STILL_PORTION if still else PORTION)
        is_done = self._under_way.go_on(lambda: clock() >= deadline)
        self._pace.done(started, clock())
        if is_done:
            self.value, self._under_way = self._under_way.result, None
            self._steps, self.epoch = self._begun_steps, self._begun_epoch
        return is_done
