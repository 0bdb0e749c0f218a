"""The commands that go into the worker, as immutable values in one queue. No torch."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.experiment import Experiment
from engine.run.attention import Attention
from engine.run.lane_state import RunMemory


@dataclass(frozen=True)
class Start:
    """Begin a run: from a fresh initialization, or, if it was left, where it was left, or from a state.

    Attributes:
        run_id: its number.
        experiment: what is trained.
        running: whether to train at once; None: if the run before it was training, and not just a single epoch.
        needed: the numbers of runs to which a later start may lead back.
        state: of each lane, if it does not begin afresh.
        welcome: the numbers of runs whose states are kept as long as there is room, those worth most last.
        at_best: whether each lane begins with the best weights that it had in the run that is left.
    """

    run_id: int
    experiment: Experiment
    running: bool | None = False
    needed: frozenset[int] = frozenset()
    state: RunMemory = ()
    welcome: tuple[int, ...] = ()
    at_best: bool = False

    def beginning(self, left: Callable[[], RunMemory]) -> RunMemory:
        """The states that its lanes begin with, of no lanes if it begins afresh; `left`: those of the run it leaves."""
        return tuple(lane.at_best() for lane in left()) if self.at_best else self.state


@dataclass(frozen=True)
class UseExperiment:
    """Go on with other data or settings that keep the weights (`Experiment.goes_on_from`)."""

    experiment: Experiment


@dataclass(frozen=True)
class Resume:
    """Train; pause at the end of epoch `until`, if that is given."""

    until: int | None = None


@dataclass(frozen=True)
class Pause:
    """Stop training; everything is kept."""


@dataclass(frozen=True)
class Step:
    """Train to the end of the current epoch, then pause."""


@dataclass(frozen=True)
class UseSpeed:
    """At most so many epochs a second; None is as fast as possible."""

    epochs_per_second: float | None


@dataclass(frozen=True)
class Attend:
    """Show what is looked at from now on."""

    attention: Attention


@dataclass(frozen=True)
class Quit:
    """End the loop."""


Command = Start | UseExperiment | Resume | Pause | Step | UseSpeed | Attend | Quit
