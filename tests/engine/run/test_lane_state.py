"""The states of runs that were left: what is kept, and what goes first."""

from __future__ import annotations

from engine.config import TrainingConfig
from engine.run.lane import Lane
from engine.run.lane_state import LaneState, LeftRuns
from tests.engine.reference import cloud


def state(epochs: int) -> LaneState:
    lane = Lane(cloud(60, 2), TrainingConfig())
    lane.record()
    for _ in range(epochs):
        lane.trainer.epoch()
        lane.record()
    return lane.state()


def test_the_oldest_go_first_and_that_is_remembered_as_long_as_somebody_might_ask() -> None:
    first, second, third = state(1), state(2), state(3)
    assert first.n_bytes < second.n_bytes < third.n_bytes
    runs = LeftRuns(second.n_bytes + third.n_bytes)
    for number, lane in enumerate((first, second, third)):
        runs.keep(number, [lane])
    assert [bool(runs.of(number)) for number in range(3)] == [False, True, True]
    assert runs.lost == {0}
    runs.forget_others(frozenset({2}))
    assert [bool(runs.of(number)) for number in range(3)] == [False, False, True]
    assert runs.lost == frozenset()
    assert runs.take(2) == (third,)
    assert runs.take(2) == ()


def test_a_run_without_a_step_is_not_kept_and_not_lost() -> None:
    runs = LeftRuns()
    runs.keep(1, [state(0)])
    assert (runs.of(1), runs.lost) == ((), frozenset())
