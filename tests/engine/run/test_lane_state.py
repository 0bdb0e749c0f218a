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


def test_those_that_are_only_welcome_go_before_others_and_those_worth_least_first() -> None:
    lanes = [state(epochs) for epochs in (1, 2, 3, 4)]
    data = lanes[0].dataset
    points = sum(array.nbytes for array in (data.points, data.labels, data.serials))
    runs = LeftRuns(sum(lane.n_bytes for lane in lanes[:3]) + 2 * points)
    runs.forget_others(frozenset({0}), (2, 0, 1))
    for number, lane in enumerate(lanes[:3]):
        runs.keep(number, [lane])
    assert runs.numbers == {0, 1, 2}
    runs.keep(3, [lanes[3]])
    assert runs.numbers == {0, 1, 3}
    assert runs.lost == frozenset()
    runs.forget_others(frozenset({3}))
    assert runs.numbers == {3}


def test_points_that_only_welcome_runs_have_take_their_room() -> None:
    first, second = state(1), state(1)
    runs = LeftRuns(first.n_bytes + second.n_bytes)
    runs.forget_others(frozenset(), (0, 1))
    runs.keep(0, [first])
    runs.keep(1, [second])

    assert 0 not in runs.numbers
