"""What goes into the worker, as immutable values in one queue. No torch."""

# Tests: tests/engine/run/test_worker.py

from __future__ import annotations

from dataclasses import dataclass

from engine.experiment import Experiment
from engine.insight.field import View


@dataclass(frozen=True)
class Start:
    """Begin a new run from a fresh initialization.

    `running`: whether to train at once; None: if the run before it was training, and not just a single epoch.
    """

    run_id: int
    experiment: Experiment
    running: bool | None = False


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
class UseView:
    """The part of the plane whose field is wanted, and how it is coloured; None: no field."""

    view: View | None


@dataclass(frozen=True)
class UsePointer:
    """The place whose class probabilities are wanted; None: nowhere."""

    position: tuple[float, float] | None


@dataclass(frozen=True)
class MeasureCosts:
    """Measure what each activation costs here; snapshots from then on say it."""


@dataclass(frozen=True)
class UseLaboratory:
    """Whether each layer is diagnosed, which costs a few percent of the time; snapshots then say what was found."""

    is_open: bool


@dataclass(frozen=True)
class FindMisclassified:
    """Find the points that the network of a lane takes for another class; the answer has the same number."""

    request: int
    lane: int = 0


@dataclass(frozen=True)
class Quit:
    """End the loop."""


Command = (
    Start
    | UseExperiment
    | Resume
    | Pause
    | Step
    | UseSpeed
    | UseView
    | UsePointer
    | MeasureCosts
    | UseLaboratory
    | FindMisclassified
    | Quit
)
