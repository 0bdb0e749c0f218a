"""The state of a lane, as a value, and the states of runs that were left. No torch."""

# Tests: tests/engine/run/test_lane_state.py

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.insight.quantity import Quantity, Timeline
from engine.learning.metrics import Metrics
from engine.machines.state import NetworkState
from engine.run.history import Recorded

MAX_LEFT_BYTES = 2**28
"""Of the states of runs that were left."""


@dataclass(frozen=True, eq=False)
class Best:
    """A network at the epoch after which its validation loss was least.

    Attributes:
        config: how it was trained then.
        network: it, at the end of that epoch.
        metrics: of it.
    """

    config: TrainingConfig
    network: NetworkState
    metrics: Metrics

    @property
    def epoch(self) -> int:
        """The epoch at whose end that was."""
        return self.network.epochs

    @property
    def loss(self) -> float:
        """The validation loss, the least so far."""
        return self.metrics.validation_loss


@dataclass(frozen=True, eq=False)
class LaneState:
    """All with which a lane goes on as if nobody had left it.

    Attributes:
        dataset, config: what it is trained on, and how.
        network: its network, and how that is trained.
        past: its history.
        timelines: what is kept over time of quantities, by name.
        n_offered: epochs whose metrics the history had or did not want.
        metrics: the newest, after the steps and epochs that they are of; None if they are not known.
        seconds: that its run has trained for.
        best: the network when its validation loss was least; None without validation points.
        is_resting: whether it is not trained until all lanes of its run rest and training is asked for.
        waits_from: the epoch before which the patience of early stopping does not count.
    """

    dataset: Dataset
    config: TrainingConfig
    network: NetworkState
    past: Recorded
    timelines: Mapping[str, Timeline]
    n_offered: int
    metrics: tuple[int, float, Metrics] | None = None
    seconds: float = 0.0
    best: Best | None = None
    is_resting: bool = False
    waits_from: int = 0

    def at_best(self) -> LaneState:
        """The state of then: the lane rests at the best network, where its curves end; as it is if there is none."""
        best = self.best
        if best is None:
            return replace(self, is_resting=True)
        lines = dict[str, Timeline]()
        for name, (times, values) in self.timelines.items():
            is_before = times <= best.epoch
            lines[name] = times[is_before], values[is_before]
        return replace(
            self,
            config=best.config,
            network=best.network,
            past=self.past.until(best.epoch, best.metrics),
            timelines=lines,
            n_offered=best.epoch + 1,
            metrics=(best.network.steps, float(best.epoch), best.metrics),
            is_resting=True,
        )

    def awake(self) -> LaneState:
        """The same lane, trained again."""
        return replace(self, is_resting=False, waits_from=self.network.epochs)

    @property
    def n_bytes(self) -> int:
        """The memory that it takes, without the points."""
        arrays = [*self.network.arrays(), self.past.table, *([] if self.best is None else self.best.network.arrays())]
        return sum(array.nbytes for array in arrays + [part for line in self.timelines.values() for part in line])


RunMemory = tuple[LaneState, ...]
"""The states of all lanes of a run."""

RUN_STATE: Quantity[RunMemory] = Quantity("run_state")
"""The states of the lanes of the run that is asked for; of none if there is no such run, or it was never trained."""


class LeftRuns:
    """The states of runs that were left, by number, as long as they may be asked for and there is room.

    Args:
        most_bytes: of all of them, and of the points of those that are only welcome. These go first, those worth least
            before others, then those that were left first.

    Attributes:
        lost: the numbers of those that may be asked for, but have gone.
    """

    def __init__(self, most_bytes: int = MAX_LEFT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._states: dict[int, RunMemory] = {}
        self._welcome: tuple[int, ...] = ()
        self.lost: frozenset[int] = frozenset()

    @property
    def numbers(self) -> frozenset[int]:
        """The runs whose states are kept."""
        return frozenset(self._states)

    def keep(self, run_id: int, state: Sequence[LaneState]) -> None:
        """Keep the state of a run that is left; one without a step begins as any other."""
        if not any(lane.network.steps for lane in state):
            return
        self._states[run_id] = tuple(state)
        order = [number for number in self._welcome if number in self._states]
        order += [number for number in self._states if number not in order]
        while self._size() > self._most_bytes:
            first = order.pop(0)
            del self._states[first]
            if first not in self._welcome:
                self.lost |= {first}

    def _size(self) -> int:
        welcome = [lane.dataset for number in self._welcome for lane in self._states.get(number, ())]
        points = {id(array): array.nbytes for data in welcome for array in (data.points, data.labels, data.serials)}
        return sum(map(size_of, self._states.values())) + sum(points.values())

    def forget_others(self, needed: frozenset[int], welcome: Sequence[int] = ()) -> None:
        """Forget those that are never asked for; those that are only welcome may go."""
        self._welcome = tuple(number for number in welcome if number not in needed)
        known = needed | set(self._welcome)
        self._states = {run_id: state for run_id, state in self._states.items() if run_id in known}
        self.lost &= needed

    def of(self, run_id: int) -> RunMemory:
        """The state of a run; of no lanes if it is not kept."""
        return self._states.get(run_id, ())

    def take(self, run_id: int) -> RunMemory:
        """The same, for the last time: the run goes on."""
        return self._states.pop(run_id, ())


def size_of(state: RunMemory) -> int:
    """The bytes that the state of a run takes."""
    return sum(lane.n_bytes for lane in state)


def fitting_into(state: RunMemory, most_bytes: int) -> RunMemory:
    """The state of a run, without the best networks if with them it takes more bytes."""
    return state if size_of(state) <= most_bytes else tuple(replace(lane, best=None) for lane in state)
