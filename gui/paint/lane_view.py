"""A lane as views are shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.config import TrainingConfig
from engine.experiment import Experiment
from engine.insight.quantity import NO_READINGS, Quantity, Readings
from engine.run.snapshot import LaneSnapshot, Snapshot

R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class LaneView:
    """All that a view may show of a lane.

    Attributes:
        snapshot: how the lane fares.
        config: the settings that make it.
        title: what sets it apart from the others; "" if there are none.
        colour: the number of its colour.
        of_machine: what was measured of the machine.
    """

    snapshot: LaneSnapshot
    config: TrainingConfig
    title: str
    colour: int
    of_machine: Readings = NO_READINGS

    def value(self, quantity: Quantity[R]) -> R | None:
        """The value that was measured of a quantity, or None."""
        value = self.snapshot.readings.value(quantity)
        return self.of_machine.value(quantity) if value is None else value


def are_losses_alike(lanes: Sequence[LaneView]) -> bool:
    """True if the losses of lanes are of one kind; only then can they be compared."""
    return len({lane.snapshot.loss_kind for lane in lanes}) < 2


def lane_views(snapshot: Snapshot, experiment: Experiment, titles: Sequence[str]) -> tuple[LaneView, ...]:
    """The lanes of a snapshot of the run of an experiment, which have titles if there are several."""
    shown = zip(snapshot.lanes, experiment.lanes, titles, experiment.lane_colours, strict=False)
    is_single = len(snapshot.lanes) == 1
    return tuple(
        LaneView(lane, config, "" if is_single else title, colour, snapshot.readings)
        for lane, config, title, colour in shown
    )
