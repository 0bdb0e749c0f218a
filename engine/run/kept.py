"""The newest readings of what is looked at, measured again and again while a network trains, each for its share."""

# Tests: tests/engine/run/test_measurements.py

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar

from engine.insight.measurement import Measurement
from engine.insight.quantity import NO_READINGS, Quantity, Reading, Readings, Timeline
from engine.mlp.pieces import Heed, nobody
from engine.run.attention import Attention
from engine.run.history import VectorHistory
from engine.run.measurements import Row
from engine.run.pace import Resolution

R = TypeVar("R")

PORTION, STILL_PORTION = 0.02, 0.05  # seconds; between two portions there is time for training and for commands


@dataclass(frozen=True)
class Look:
    """The way of looking.

    Attributes:
        resolution: of fields.
        clock: seconds that only grow.
        still: whether nothing moves; then all is measured without delay, and of the network as it is.
        has_turn: whether what is measured in turn may be.
    """

    resolution: Resolution
    clock: Callable[[], float]
    still: bool
    has_turn: bool = True


@dataclass(frozen=True)
class Moment:
    """A moment of training: the steps and epochs that are done."""

    steps: int = 0
    epochs: int = 0


@dataclass(frozen=True)
class Begun(Generic[R]):
    """A measurement under way: of what, and of which moment."""

    measurement: Measurement[R]
    of: object
    moment: Moment


class Kept(Generic[R]):
    """The reading that is kept of a quantity of one lane, or of the machine.

    Args:
        row: how it is measured.
        scene: of what; see `Row.measure`.
        n_lanes: that share the time.
        heed: called before a portion is measured; where it raises, nothing has changed.

    Attributes:
        reading: what was found last, or None.
        history: of what is kept over time, or None.
    """

    def __init__(self, row: Row[R], scene: Any = None, n_lanes: int = 1, heed: Heed = nobody) -> None:
        self._row, self._scene, self._heed, self._pace = row, scene, heed, row.pace(n_lanes)
        self.reading: Reading[R] | None = None
        self._is_stale = False  # the reading is of other data or settings
        self._begun: Begun[R] | None = None
        self.history = None if row.over_time is None else VectorHistory()

    @property
    def due(self) -> float:
        """The time at which the next portion is due."""
        return self._pace.due

    @property
    def is_unfinished(self) -> bool:
        """True if a measurement is under way."""
        return self._begun is not None

    def begin(self, of: object, moment: Moment) -> None:
        """Begin to measure the network as it is; what was under way is left."""
        found = self._row.measure(self._scene, of)
        if isinstance(found, Measurement):
            self._begun = Begun(found, of, moment)
        else:
            self._take(found, of, moment)

    def forget(self) -> None:
        """Note that the reading is not of the network and the data as they are now, though there is nothing newer."""
        self._begun, self._is_stale = None, True
        self._pace.due = -inf

    def look(self, of: object, moment: Moment, look: Look) -> Reading[R] | None:
        """The newest reading, after what is due was measured.

        Args:
            of: what is asked for, see `Row.subject`; the first reading of it is waited for.
            moment: how far the network is.
            look: how is looked.
        """
        if look.has_turn or not self._row.in_turn:
            while self._measure(of, moment, look) and self._row.interval:
                pass  # the first may be of an earlier step
        return self.reading

    def _measure(self, of: object, moment: Moment, look: Look) -> bool:
        """Measure a portion if that is due; True if there is a new reading."""
        is_known, still = self.reading is not None and self.reading.of == of, look.still and self._row.at_rest
        started = look.clock() if self._row.interval else 0.0
        if self._row.interval and not (still or not is_known or self._pace.is_due(started)):
            return False
        # what was begun first is of the start, and measured to the end
        begun = self._begun
        is_new = begun is None or begun.of != of or (still and begun.moment != moment and self.reading is not None)
        if is_new and self._is_current(of, moment):
            return False
        self._heed()
        if is_new:
            self.begin(of, moment)
        if self._begun is not None:
            deadline = started + (STILL_PORTION if still else PORTION) if self._row.interval else inf
            if self._begun.measurement.go_on(lambda: look.clock() >= deadline):
                self._take(self._begun.measurement.finished(), self._begun.of, self._begun.moment)
        if self._row.interval and (
            self._begun is None or self._row.interval < inf
        ):  # what is due once is so to its end
            self._pace.done(started, look.clock())
        return self._begun is None

    def _is_current(self, of: object, moment: Moment) -> bool:
        """True if the reading is what would be measured now."""
        reading = self.reading
        if reading is None or self._is_stale or (reading.of, reading.steps) != (of, moment.steps):
            return False
        return self._row.is_fine(self._scene, reading.value)

    def _take(self, value: R, of: object, moment: Moment) -> None:
        timeline = None
        if self.history is not None and self._row.over_time is not None:
            self.history.record(moment.epochs, self._row.over_time(value))
            timeline = self.history.table()
        self.reading = Reading(value, moment.epochs, moment.steps, of, timeline)
        self._begun, self._is_stale = None, False


class AllKept:
    """The readings of all quantities of a table, of one lane or of the machine.

    Args:
        rows: the table.
        scene: of what, see `Row.measure`.
        number: of the lane, 0 for the first.
        n_lanes: that share the time.
        heed: see `Kept`.

    Attributes:
        readings: of what was asked for at the last look.
        is_unfinished: whether something of that is being measured still.
    """

    def __init__(
        self, rows: Sequence[Row[Any]], scene: Any = None, number: int = 0, n_lanes: int = 1, heed: Heed = nobody
    ) -> None:
        self._number = number
        self._kept = [(row, Kept(row, scene, n_lanes, heed)) for row in rows]
        self.readings, self.is_unfinished = NO_READINGS, False

    def begin(self) -> None:
        """Begin to measure what is kept over time, so that it is of the start, too."""
        for row, kept in self._kept:
            if row.over_time is not None:
                kept.begin(True, Moment())

    def forget(self, *, by_threshold: bool = False) -> None:
        """Measure all anew as soon as it is asked for: the data or the settings are others, or only the threshold."""
        for row, kept in self._kept:
            if row.by_threshold or not by_threshold:
                kept.forget()

    def look(self, attention: Attention, moment: Moment, look: Look) -> None:
        """Measure what is asked for and due."""
        readings, is_unfinished = dict[Quantity[Any], Reading[Any]](), False
        for row, kept in self._kept:
            of = row.asked_by(attention, self._number)
            reading = None if of is None else kept.look(of, moment, look)
            if reading is not None:
                readings[row.quantity] = reading
            is_unfinished |= of is not None and kept.is_unfinished
        self.readings, self.is_unfinished = Readings(readings), is_unfinished

    def timelines(self) -> dict[str, Timeline]:
        """All that is kept over time, by the names of the quantities."""
        return {row.quantity.name: kept.history.table() for row, kept in self._kept if kept.history is not None}

    def go_on_from(self, timelines: Mapping[str, Timeline]) -> None:
        """Take what was kept over time of the same network before."""
        for row, kept in self._kept:
            if kept.history is not None and row.quantity.name in timelines:
                kept.history = VectorHistory(timeline=timelines[row.quantity.name])

    def turn_due(self, attention: Attention) -> float:
        """The time at which what is measured in turn is due; infinite if nothing of that is asked for."""
        in_turn = [(row, kept) for row, kept in self._kept if row.in_turn]
        return min(
            (kept.due for row, kept in in_turn if row.asked_by(attention, self._number) is not None), default=inf
        )
