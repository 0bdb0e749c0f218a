"""Looking costs no more than its share."""

from __future__ import annotations

import pytest

from engine.run.pace import (
    ALONE,
    LONGEST,
    LONGEST_ALONE,
    LONGEST_BUSY,
    PAINTING_SHARE,
    Looking,
    Pace,
    Resolution,
    Rhythm,
    rhythm_of,
)


def times_done(interval: float, share: float, cost: float, seconds: float, tick: float = 0.001) -> list[float]:
    """Do something whenever it is due, asking every `tick`."""
    pace, now, times = Pace(interval, share), 0.0, []
    while now < seconds:
        if pace.is_due(now):
            times.append(now)
            pace.done(now, now + cost)
            now += cost
        now += tick
    return times


def test_the_first_time_is_at_once() -> None:
    assert Pace(10.0, 0.1).is_due(-5.0)


def test_a_cheap_thing_is_done_once_an_interval() -> None:
    assert len(times_done(0.1, 0.5, cost=0.0, seconds=10.05)) == pytest.approx(101, abs=1)


def test_late_answers_do_not_add_up() -> None:
    # asked every 7 ms, a pace of 10 ms would be one of 14 ms if counted from each answer
    assert len(times_done(0.010, 0.5, cost=0.0, seconds=7.0, tick=0.007)) == pytest.approx(700, rel=0.02)


@pytest.mark.parametrize("share", [0.03, 0.5])
def test_an_expensive_thing_takes_only_its_share(share: float) -> None:
    cost = 0.2

    times = times_done(0.1, share, cost=cost, seconds=100.0)

    assert len(times) * cost / 100.0 == pytest.approx(share, rel=0.1)


def test_after_a_long_pause_nothing_is_made_up_for() -> None:
    pace = Pace(0.1, 0.5)
    pace.done(0.0, 0.0)

    pace.done(50.0, 50.0)

    assert not pace.is_due(50.05)
    assert pace.is_due(50.11)


def settled(resolution: Resolution, points_per_second: float) -> int:
    for _ in range(50):
        resolution.measured(resolution.n_points, resolution.n_points / points_per_second)
    return resolution.n_points


def test_resolution_finds_what_the_budget_affords() -> None:
    n_points = settled(Resolution(0.01), points_per_second=2e6)

    assert n_points / 2e6 == pytest.approx(0.01, rel=0.7)


@pytest.mark.parametrize(("speed", "expected"), [(1.0, Resolution.least), (1e12, Resolution.most)])
def test_resolution_has_limits(speed: float, expected: int) -> None:
    assert settled(Resolution(0.01), speed) == pytest.approx(expected, rel=1.7)
    assert Resolution.least <= settled(Resolution(0.01), speed) <= Resolution.most


def test_resolution_does_not_follow_small_differences() -> None:
    resolution = Resolution(0.01)
    before = settled(resolution, 1e6)

    for seconds in (0.0075, 0.012, 0.009, 0.011):
        resolution.measured(before, seconds * before / 1e4)

    assert resolution.n_points == before


def test_a_clock_that_stands_still_is_no_trouble() -> None:
    resolution = Resolution(0.01)

    resolution.measured(100, 0.0)

    assert Resolution.least <= resolution.n_points <= Resolution.most


@pytest.mark.parametrize("n_lanes", [1, 2, 3, 4])
def test_lanes_share_what_may_be_spent_on_looking_at_them(n_lanes: int) -> None:
    rhythm = rhythm_of(n_lanes)
    assert rhythm.n_lanes == n_lanes
    assert n_lanes * rhythm.field_budget * (1 / rhythm.snapshot_interval) < 0.15
    assert rhythm.history_rows == (300 if n_lanes == 1 else 200)


def interval(*, frame: float, snapshot: float = 0.004, processor: float | None = None, rhythm: Rhythm = ALONE) -> float:
    """The interval that it comes to where every frame and every snapshot takes so long."""
    looking = Looking(rhythm)
    looking.frame_seconds = frame
    for _ in range(100):
        looking.measured(snapshot, snapshot if processor is None else processor)
    return looking.interval()


def test_where_frames_are_cheap_they_come_as_often_as_is_wanted() -> None:
    assert interval(frame=0.004) == ALONE.snapshot_interval
    assert interval(frame=0.010, rhythm=rhythm_of(3)) == rhythm_of(3).snapshot_interval


@pytest.mark.parametrize("n_lanes", [1, 3])
def test_measuring_and_painting_take_their_share_together(n_lanes: int) -> None:
    rhythm = rhythm_of(n_lanes)
    cost = 0.9 * LONGEST * rhythm.share
    for snapshot in (0.004, cost - 0.004):
        whole = interval(frame=cost - snapshot, snapshot=snapshot, rhythm=rhythm)
        assert cost / whole == pytest.approx(rhythm.share)
    assert rhythm.share < (0.5 if n_lanes == 1 else 0.65)


def test_alone_on_the_machine_there_are_twenty_frames_a_second_whatever_they_take() -> None:
    assert interval(frame=10.0) == LONGEST < 1 / 20


def test_beside_others_there_may_be_fewer_but_ten_a_second_whatever_they_take() -> None:
    half, tenth = interval(frame=10.0, processor=0.002), interval(frame=10.0, processor=0.0004)

    assert LONGEST < half < tenth == LONGEST_BUSY < 1 / 10


def test_beside_others_the_same_frames_are_further_apart() -> None:
    assert interval(frame=0.012, processor=0.002) > interval(frame=0.012)


@pytest.mark.parametrize("n_lanes", [1, 3])
def test_compiled_code_is_held_up_by_measuring_alone_and_the_window_keeps_time_for_the_hand(n_lanes: int) -> None:
    rhythm = rhythm_of(n_lanes, is_compiled=True)
    longest = LONGEST_ALONE if n_lanes == 1 else LONGEST
    most = 0.9 * longest

    assert rhythm.share < (0.2 if n_lanes == 1 else 0.3)
    assert interval(frame=0.001, snapshot=0.0005, rhythm=rhythm) == rhythm.snapshot_interval
    assert interval(frame=0.001, snapshot=rhythm.share * most, rhythm=rhythm) == pytest.approx(most)
    assert interval(frame=PAINTING_SHARE * most, snapshot=0.0005, rhythm=rhythm) == pytest.approx(most)
    assert interval(frame=10.0, rhythm=rhythm) == longest


def test_a_window_that_becomes_fast_again_is_shown_as_much_as_before() -> None:
    looking = Looking(ALONE)
    intervals = []
    for frame in (0.004, 0.015, 0.004):
        looking.frame_seconds = frame
        looking.measured(0.004, 0.004)
        intervals.append(looking.interval())

    assert intervals[1] > intervals[0] == intervals[2] == ALONE.snapshot_interval


def test_one_slow_snapshot_hardly_moves_the_interval() -> None:
    looking = Looking(ALONE)
    looking.frame_seconds = 0.011
    for _ in range(50):
        looking.measured(0.004, 0.004)
    before = looking.interval()
    looking.measured(0.04, 0.04)

    assert before <= looking.interval() < 1.3 * before


def test_a_clock_of_the_processor_that_stands_still_is_no_division_by_nothing() -> None:
    assert interval(frame=0.01, processor=0.0) <= LONGEST_BUSY


@pytest.mark.parametrize("tick", [1 / 64, 1e-7])
def test_a_clock_of_the_processor_that_goes_in_steps_takes_no_quiet_machine_for_a_busy_one(tick: float) -> None:
    """As that of Windows does, in steps of 15.6 ms, while a snapshot takes 4."""
    looking = Looking(ALONE)
    looking.frame_seconds = 10.0
    intervals = []
    for number in range(500):
        begun, ended = 0.004 * number, 0.004 * (number + 1)
        looking.measured(0.004, ended // tick * tick - begun // tick * tick)
        intervals.append(looking.interval())

    assert set(intervals) == {LONGEST}
