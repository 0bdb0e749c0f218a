"""The loop that trains: most tests without a thread, by a clock that goes on when it is looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from queue import Empty, SimpleQueue
from threading import Event, Thread

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import Activation, Optimizer, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment, Obstacle
from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.field import View
from engine.insight.measurement import Measurement
from engine.insight.verdict import GRADIENT
from engine.machines import choice
from engine.machines.kind import MachineKind
from engine.mlp.passes import PIECE, Forward
from engine.run import worker as worker_module
from engine.run.attention import Attention, Question
from engine.run.commands import Attend, Command, Pause, Quit, Resume, Start, Step, UseExperiment, UseSpeed
from engine.run.lane import Lane
from engine.run.lane_state import RUN_STATE, LeftRuns
from engine.run.mailbox import Mailbox
from engine.run.pace import Pace
from engine.run.snapshot import COSTS, MISCLASSIFIED, Origin, RunState, Snapshot
from engine.run.worker import LEVELLING, SLICE, Worker
from engine.training import Trainer
from tests.engine.reference import same_curve

CONFIG = TrainingConfig(hidden_layers=(4,), batch_size=16)
DATASET = toy_datasets.make("moons", n_samples=60)
STEPS = 4  # of an epoch: three batches of 16, and a short one
ONE = Experiment(DATASET, (CONFIG,))
TWO = Experiment(DATASET, (CONFIG, replace(CONFIG, activation=Activation.RELU)))
VIEW = View(-1.0, 1.0, -1.0, 1.0, 300, 200, ((255, 0, 0), (0, 0, 255)), (255, 255, 255))
ASK_COSTS = Attend(Attention(questions=(Question(COSTS, 1),)))
LABORATORY = Attend(Attention(wanted=frozenset({DIAGNOSIS})))
NOTHING = Attend(Attention())
Cue = Callable[[Snapshot], bool]
SLOW = 0.75 * SLICE


def look_at(x: float, y: float, view: View | None = None) -> Attend:
    """Look at a place."""
    return Attend(Attention(view=view, pointer=(x, y)))


def ask_misclassified(request: int, lane: int = 0, view: View | None = None) -> Attend:
    return Attend(Attention(view, questions=(Question(MISCLASSIFIED, request, lane),)))


class Idle:
    """In a script: go on when the worker has nothing to do but sleep, after so many seconds of sleep."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds


class Script(SimpleQueue[Command]):
    """A queue that hands out commands at their cues, and turns sleeping into a jump of the clock."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage

    def get(self, block: bool = True, timeout: float | None = None) -> Command:
        if self.empty() and block:
            if timeout is None:
                self.stage.slept()
            else:
                self.stage.now += timeout
                raise Empty
        return super().get(block=False)


class Stage(Mailbox):
    """A worker, its clock and its mailbox, from which every snapshot is taken at once.

    Args:
        script: commands, and between them cues: conditions on a snapshot, or `Idle`. After the last one the worker
            is told to quit, at once if that is a cue, else when it would go to sleep.
        tick: seconds that pass at each look at the clock.
    """

    def __init__(self, *script: Command | Cue | Idle, tick: float = 1e-4) -> None:
        super().__init__(lambda: None)
        self.now, self.tick, self.looks = 0.0, tick, 0
        self.snapshots: list[Snapshot] = []
        self.queue = Script(self)
        self.script = deque(script)
        self.mistake = ""
        self.advance()
        worker = Worker(self.queue, self, self.clock, self.clock)
        worker._resolution.clock = worker._still_resolution.clock = self.clock
        worker.run()
        assert not self.mistake, f"{self.mistake}; the last snapshot: {self.last}"

    def clock(self) -> float:
        self.now += self.tick
        self.looks += 1
        if self.looks == 300_000:
            self.stop("a cue never came")
        return self.now

    def stop(self, mistake: str) -> None:
        self.mistake = mistake
        self.queue.put(Quit())

    def advance(self) -> None:
        """Send what comes before the next cue."""
        while self.script and not (isinstance(self.script[0], Idle) or callable(self.script[0])):
            self.queue.put(self.script.popleft())  # type: ignore[arg-type]  # neither of the two

    def put(self, snapshot: Snapshot) -> None:
        super().put(snapshot)
        self.take()
        self.snapshots.append(snapshot)
        if self.script and callable(self.script[0]) and self.script[0](snapshot):
            self.script.popleft()
            if self.script:
                self.advance()
            else:
                self.queue.put(Quit())

    def slept(self) -> None:
        """The worker has nothing to do."""
        if not self.script:
            self.queue.put(Quit())
        elif isinstance(cue := self.script[0], Idle):
            self.script.popleft()
            self.now += cue.seconds
            if self.script:
                self.advance()
            else:
                self.queue.put(Quit())
        else:
            self.stop("the worker sleeps, and its cue has not come")

    @property
    def last(self) -> Snapshot:
        return self.snapshots[-1]

    @property
    def states(self) -> list[RunState]:
        """The states in the order they were shown, without repetition."""
        shown = [snapshot.state for snapshot in self.snapshots]
        return [state for index, state in enumerate(shown) if index == 0 or state is not shown[index - 1]]


def epochs_reach(epochs: int) -> Cue:
    return lambda snapshot: bool(snapshot.lanes) and min(lane.epochs for lane in snapshot.lanes) >= epochs


# states


def test_a_new_run_is_ready_and_shows_its_first_weights() -> None:
    stage = Stage(Start(7, ONE))
    trainer = Trainer(DATASET, CONFIG)

    (lane,) = stage.last.lanes
    assert stage.states == [RunState.READY]
    assert stage.last.run_id == 7
    assert (lane.epochs, lane.steps) == (0, 0)
    assert lane.metrics == trainer.evaluate()
    assert lane.history[:, 0].tolist() == [0]
    np.testing.assert_array_equal(lane.gradient_norms, trainer.gradient_norms())
    assert (lane.field, lane.pointer, lane.divergence) == (None, None, None)


def test_a_run_is_started_paused_and_resumed() -> None:
    stage = Stage(Start(1, ONE), Idle(), Resume(), epochs_reach(5), Pause(), Idle(), Resume(), epochs_reach(20))

    assert stage.states == [RunState.READY, RunState.RUNNING, RunState.PAUSED, RunState.RUNNING]


def test_a_run_can_be_started_running() -> None:
    assert Stage(Start(1, ONE, running=True), epochs_reach(3)).states == [RunState.RUNNING]


def test_a_paused_worker_sleeps_and_nothing_moves() -> None:
    stage = Stage(Start(1, ONE), Resume(), epochs_reach(5), Pause(), Idle(), look_at(0.0, 0.0), Idle())
    paused = [snapshot for snapshot in stage.snapshots if snapshot.state is RunState.PAUSED]

    assert len(paused) >= 2
    assert len({snapshot.lanes[0].steps for snapshot in paused}) == 1


def test_a_step_is_exactly_one_epoch() -> None:
    stage = Stage(Start(1, TWO), Idle(), Step(), Idle(), Step(), Idle())

    paused = [snapshot for snapshot in stage.snapshots if snapshot.state is RunState.PAUSED]
    assert stage.last.state is RunState.PAUSED
    assert sorted({lane.epochs for snapshot in paused for lane in snapshot.lanes}) == [1, 2]
    assert {lane.steps for lane in stage.last.lanes} == {2 * STEPS}
    assert all(lane.history[:, 0].tolist() == [0, 1, 2] for lane in stage.last.lanes)


def test_a_step_from_the_middle_of_an_epoch_ends_that_epoch() -> None:
    # a look at the clock takes most of a slice: one step at a time
    stage = Stage(
        Start(1, ONE), Resume(), lambda snapshot: snapshot.lanes[0].steps % STEPS == 2, Pause(), Idle(), Step(), Idle(),
        tick=SLOW,
    )  # fmt: skip
    before = next(snapshot for snapshot in stage.snapshots if snapshot.state is RunState.PAUSED).lanes[0]

    assert before.steps % STEPS == 2
    assert stage.last.lanes[0].epochs == before.epochs + 1
    assert stage.last.lanes[0].steps == before.steps + 2


def test_a_run_pauses_at_the_epoch_it_was_told() -> None:
    stage = Stage(Start(1, TWO), Resume(until=17), Idle())

    assert stage.last.state is RunState.PAUSED
    assert [lane.epochs for lane in stage.last.lanes] == [17, 17]


@pytest.mark.parametrize("until", [0, 3, 5])
def test_a_run_that_is_there_already_does_not_move(until: int) -> None:
    stage = Stage(Start(1, ONE), Resume(until=5), Idle(), Resume(until=until), Idle())

    assert stage.last.state is RunState.PAUSED
    assert stage.last.lanes[0].epochs == 5


def test_pausing_what_does_not_run_changes_nothing() -> None:
    assert Stage(Start(1, ONE), Pause(), Idle(), Pause()).states == [RunState.READY]


def test_every_run_shows_its_own_id_and_begins_anew() -> None:
    stage = Stage(Start(1, ONE), Resume(), epochs_reach(5), Start(2, ONE), Idle(), Step(), Idle())
    second = [snapshot for snapshot in stage.snapshots if snapshot.run_id == 2]

    assert {snapshot.run_id for snapshot in stage.snapshots} == {1, 2}
    assert second[0].state is RunState.READY
    assert second[0].lanes[0].steps == 0
    assert second[0].lanes[0].metrics == Stage(Start(1, ONE)).last.lanes[0].metrics


def at_rest(stage: Stage, run_id: int) -> list[Snapshot]:
    """What was shown of a run while it was paused."""
    return [shown for shown in stage.snapshots if (shown.run_id, shown.state) == (run_id, RunState.PAUSED)]


BOTH_RUNS = frozenset({1, 2})
DEEP = replace(TWO, lanes=tuple(replace(lane, hidden_layers=(3, 3), dropout=0.2) for lane in TWO.lanes))


def test_a_run_that_was_left_comes_back_as_it_was_and_goes_on_as_if_it_had_not_been_left() -> None:
    stage = Stage(
        *(Start(1, DEEP), Resume(until=10), Idle(), Start(2, ONE, needed=BOTH_RUNS), Resume(until=7), Idle()),
        *(Start(1, DEEP, needed=BOTH_RUNS), Idle(), Resume(until=25), Idle()),
        *(Start(2, ONE, needed=BOTH_RUNS), Idle(), Resume(until=15), Idle()),
    )  # fmt: skip
    left, back = at_rest(stage, 1)[0], next(shown for shown in stage.snapshots if shown.origin is Origin.KEPT)
    assert back.state is RunState.PAUSED
    assert back.training_seconds == left.training_seconds
    for before, after in zip(left.lanes, back.lanes, strict=True):
        assert (after.epochs, after.steps, after.metrics) == (10, 10 * STEPS, before.metrics)
        assert after.history.tobytes() == before.history.tobytes()
        assert before.readings.timeline(GRADIENT)[0].tolist() == after.readings.timeline(GRADIENT)[0].tolist()
    for run_id, experiment, until in ((1, DEEP, 25), (2, ONE, 15)):
        shown, whole = at_rest(stage, run_id)[-1], Stage(Start(1, experiment), Resume(until=until), Idle()).last
        for mine, other in zip(shown.lanes, whole.lanes, strict=True):
            assert (mine.steps, mine.metrics) == (other.steps, other.metrics)
            assert mine.history.tobytes() == other.history.tobytes()
            np.testing.assert_array_equal(mine.gradient_norms, other.gradient_norms)
    assert next(shown.origin for shown in stage.snapshots if shown.run_id == 2) is Origin.DRAWN


def test_a_run_that_comes_back_with_other_data_goes_on_with_those() -> None:
    other = replace(ONE, dataset=DATASET.with_points([[0.0, 0.0], [3.0, 1.0]], 0))
    script = (Start(1, ONE), Resume(until=5), Idle())
    away = (Start(2, TWO, needed=BOTH_RUNS), Idle(), Start(1, other, needed=BOTH_RUNS), Idle())
    back = Stage(*script, *away, Resume(until=12), Idle()).last.lanes[0]
    straight = Stage(*script, UseExperiment(other), Idle(), Resume(until=12), Idle()).last.lanes[0]
    assert back.history.tobytes() == straight.history.tobytes()
    assert back.changes == straight.changes
    assert back.metrics == straight.metrics


def test_a_run_without_points_or_whose_lanes_are_not_made_yet_is_not_lost_either() -> None:
    empty = ONE.with_dataset(empty_dataset())
    stage = Stage(
        *(Start(1, ONE), Resume(until=5), Idle(), UseExperiment(empty), Start(2, empty, needed=BOTH_RUNS), Idle()),
        *(Start(1, empty, needed=BOTH_RUNS), Idle(), Start(2, ONE, needed=BOTH_RUNS), Start(1, ONE, needed=BOTH_RUNS)),
        Idle(),
    )  # fmt: skip
    assert (stage.last.state, stage.last.lanes[0].epochs) == (RunState.PAUSED, 5)
    assert [shown.state for shown in stage.snapshots if shown.run_id == 2 and shown.lanes] == []


@pytest.mark.parametrize(
    ("needed", "room", "origin"),
    [(BOTH_RUNS, 2**28, "kept"), (BOTH_RUNS, 100, "lost"), (frozenset[int](), 2**28, "drawn")],
)
def test_what_has_no_room_or_is_not_needed_begins_anew_and_that_is_told(
    needed: frozenset[int], room: int, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "LeftRuns", lambda: LeftRuns(room))
    stage = Stage(Start(1, ONE), Resume(until=5), Idle(), Start(2, TWO, needed=needed), Idle(), Start(1, ONE), Idle())
    assert stage.last.origin == origin
    assert stage.last.lanes[0].epochs == (5 if origin == "kept" else 0)


def test_who_asks_for_the_state_of_a_run_gets_it_and_a_run_begins_with_a_state() -> None:
    ask = [Attend(Attention(questions=(Question(RUN_STATE, number, run=run),))) for number, run in enumerate((1, 2, 9))]
    stage = Stage(
        *(Start(1, DEEP), Resume(until=10), Idle(), Start(2, ONE, needed=BOTH_RUNS), Resume(until=4), Idle()),
        *(ask[0], Idle(), ask[1], Idle(), ask[2], Idle()),
    )  # fmt: skip
    readings = [reading for shown in stage.snapshots if (reading := shown.readings.of(RUN_STATE)) is not None]
    answers = {reading.of.run: reading.value for reading in readings}
    assert [[lane.network.epochs for lane in answers[run]] for run in (1, 2, 9)] == [[10, 10], [4], []]
    again = Stage(Start(5, DEEP, state=answers[1]), Idle(), Resume(until=20), Idle())
    assert again.snapshots[0].origin is Origin.KEPT
    assert again.last.lanes[1].metrics == Stage(Start(1, DEEP), Resume(until=20), Idle()).last.lanes[1].metrics


def test_quitting_ends_a_running_worker() -> None:
    stage = Stage(Start(1, ONE, running=True), epochs_reach(2), Quit())

    assert stage.last.state is RunState.RUNNING


def test_commands_before_any_run_are_harmless() -> None:
    stage = Stage(Resume(), Step(), Pause(), UseSpeed(1.0), look_at(0.0, 0.0, VIEW), Idle())

    assert stage.states == [RunState.BLOCKED]
    assert stage.last.lanes == ()


# pace


def test_a_speed_limit_is_kept() -> None:
    stage = Stage(Start(1, ONE), UseSpeed(1.0), Resume(), epochs_reach(10))

    assert stage.now == pytest.approx(9.0, abs=0.2)
    assert stage.last.epochs_per_second == pytest.approx(1.0, rel=0.3)


def test_every_epoch_of_a_slow_run_is_shown() -> None:
    stage = Stage(Start(1, ONE), UseSpeed(5.0), Resume(), epochs_reach(10))

    assert {snapshot.lanes[0].epochs for snapshot in stage.snapshots} == set(range(1, 11))


def test_a_speed_limit_beyond_the_machine_changes_nothing() -> None:
    limited = Stage(Start(1, ONE), UseSpeed(1e9), Resume(), epochs_reach(250))
    free = Stage(Start(1, ONE), Resume(), epochs_reach(250))

    assert limited.now == pytest.approx(free.now, rel=0.2)


def test_a_limit_that_is_lifted_is_lifted_at_once() -> None:
    stage = Stage(Start(1, ONE), UseSpeed(0.01), Resume(), epochs_reach(1), UseSpeed(None), epochs_reach(50))

    assert stage.now < 5.0


def test_a_pause_is_not_made_up_for() -> None:
    stage = Stage(Start(1, ONE), UseSpeed(10.0), Resume(until=3), Idle(seconds=100.0), Resume(until=6), Idle())

    assert stage.last.lanes[0].epochs == 6
    assert stage.now == pytest.approx(100.4, abs=0.05)


def test_about_thirty_snapshots_a_second_whatever_the_number_of_epochs() -> None:
    stage = Stage(Start(1, ONE), Resume(), epochs_reach(250))

    running = [snapshot for snapshot in stage.snapshots if snapshot.state is RunState.RUNNING]
    assert stage.last.lanes[0].epochs > 2 * len(running)
    assert 20 * stage.now <= len(running) <= 33 * stage.now + 2


class Timed(Stage):
    """A stage that notes when each snapshot came."""

    def __init__(self, *script: Command | Cue | Idle) -> None:
        self.times: list[float] = []
        super().__init__(*script)

    def put(self, snapshot: Snapshot) -> None:
        self.times.append(self.now)
        super().put(snapshot)


def after(snapshots: int) -> Cue:
    left = [snapshots]

    def is_over(_snapshot: Snapshot) -> bool:
        left[0] -= 1
        return left[0] <= 0

    return is_over


def frames_per_second(*frame_seconds: float) -> list[float]:
    """Snapshots a second while the window says that it takes so long to show one, and then so long."""
    script: list[Command | Cue | Idle] = []
    for seconds in frame_seconds:
        script += [Attend(Attention(VIEW, frame_seconds=seconds)), after(40)]
    stage = Timed(Start(1, ONE, running=True), *script)
    first = len(stage.times) - 40 * len(frame_seconds)
    return [30 / (stage.times[end - 1] - stage.times[end - 31]) for end in range(first + 40, len(stage.times) + 1, 40)]


def test_a_window_that_paints_slowly_gets_fewer_snapshots_and_one_that_is_fast_again_as_many_as_before() -> None:
    before, meanwhile, afterwards = frames_per_second(0.001, 0.015, 0.001)

    assert 28 < before < 32
    assert 20 < meanwhile < 26
    assert 28 < afterwards < 32


def test_however_slowly_a_window_paints_it_gets_twenty_snapshots_a_second() -> None:
    (rate,) = frames_per_second(5.0)

    assert 20 <= rate < 22


def test_what_frames_take_makes_no_snapshot_at_rest() -> None:
    told = [Attend(Attention(VIEW, frame_seconds=seconds)) for seconds in (0.0, 0.02, 0.03)]
    stage = Stage(Start(1, ONE), told[0], Idle(), *told[1:], Idle())
    alone = Stage(Start(1, ONE), told[0], Idle())

    assert len(stage.snapshots) == len(alone.snapshots)


def test_a_snapshot_nobody_took_is_not_made_again_while_training() -> None:
    class Full(Stage):
        def is_empty(self) -> bool:
            return self.now > 1.0

    stage = Full(Start(1, ONE), Resume(), epochs_reach(100))

    assert [snapshot.state for snapshot in stage.snapshots].count(RunState.RUNNING) <= 30 * max(0.0, stage.now - 1) + 3


# trouble that is expected


@pytest.mark.parametrize(
    ("dataset", "obstacle"),
    [
        (empty_dataset(), Obstacle.NO_POINTS),
        (empty_dataset().with_points([[0, 0], [1, 1]], 0), Obstacle.ONE_CLASS),
    ],
)
def test_a_dataset_that_cannot_be_trained_on_blocks_the_run(dataset: Dataset, obstacle: Obstacle) -> None:
    stage = Stage(Start(3, ONE.with_dataset(dataset), running=True), Resume(), Step(), Idle())

    assert stage.states == [RunState.BLOCKED]
    assert stage.last.obstacle is obstacle
    assert stage.last.run_id == 3
    assert stage.last.failure is None


def test_painting_the_second_class_unblocks_it() -> None:
    one_class = empty_dataset().with_points([[0, 0], [1, 1]], 0)
    stage = Stage(
        Start(1, ONE.with_dataset(one_class)), Idle(),
        UseExperiment(ONE.with_dataset(one_class.with_points([[2, 2]], 1))), Idle(), Step(), Idle(),
    )  # fmt: skip

    assert stage.states == [RunState.BLOCKED, RunState.READY, RunState.PAUSED]
    assert stage.last.obstacle is None
    assert stage.last.lanes[0].epochs == 1


def test_a_run_that_was_blocked_goes_on_with_its_weights() -> None:
    stage = Stage(
        Start(1, ONE), Resume(until=5), Idle(), UseExperiment(ONE.with_dataset(DATASET.cleared())), Idle(),
        UseExperiment(ONE), Idle(), Step(), Idle(),
    )  # fmt: skip

    assert RunState.BLOCKED in stage.states
    assert stage.last.state is RunState.PAUSED
    assert stage.last.lanes[0].epochs == 6


WILD = TrainingConfig(
    hidden_layers=(8,) * 6, activation=Activation.RELU, optimizer=Optimizer.SGD, learning_rate=1e5, batch_size=16
)
DIVERGING = Experiment(DATASET, (CONFIG, WILD))


def test_a_lane_that_diverges_ends_the_run_and_says_where() -> None:
    stage = Stage(Start(1, DIVERGING, running=True), Idle(), Resume(), Step(), Idle())

    assert stage.last.state is RunState.DIVERGED
    assert stage.last.failure is None
    calm, wild = stage.last.lanes
    assert calm.divergence is None
    assert wild.divergence is not None
    assert wild.divergence.step == wild.steps > 0
    assert wild.divergence.learning_rate == WILD.learning_rate
    assert np.isfinite(calm.metrics.train_loss)
    assert (np.diff(wild.history[:, 0]) > 0).all()


def test_a_run_stays_diverged_whatever_is_painted_until_it_is_started_again() -> None:
    stage = Stage(
        Start(1, DIVERGING, running=True), Idle(), UseExperiment(DIVERGING.with_dataset(DATASET.cleared())), Idle(),
        UseExperiment(DIVERGING), Idle(), Resume(), Idle(), Start(2, ONE), Idle(),
    )  # fmt: skip

    assert stage.states[-4:] == [RunState.DIVERGED, RunState.BLOCKED, RunState.DIVERGED, RunState.READY]


# live changes


def test_new_points_while_training_keep_the_weights_and_the_count_of_steps() -> None:
    more = ONE.with_dataset(DATASET.with_points([[0.5, 0.5]] * 20, 1))
    stage = Stage(Start(1, ONE), Resume(until=5), Idle(), look_at(0.1, 0.2), Idle(), UseExperiment(more), Idle())
    before = next(snapshot for snapshot in stage.snapshots if snapshot.lanes[0].pointer is not None).lanes[0]
    after = stage.last.lanes[0]

    assert (after.epochs, after.steps) == (before.epochs, before.steps)
    assert after.metrics != before.metrics
    assert before.pointer is not None
    assert after.pointer is not None
    np.testing.assert_array_equal(after.pointer, before.pointer)
    assert same_curve(after.history, before.history)


def test_a_running_run_goes_on_running_through_an_edit() -> None:
    stage = Stage(
        Start(1, ONE, running=True), epochs_reach(5), UseExperiment(ONE.with_dataset(DATASET.with_points([[0, 0]], 0))),
        epochs_reach(30),
    )  # fmt: skip

    assert stage.states == [RunState.RUNNING]
    epochs = [snapshot.lanes[0].epochs for snapshot in stage.snapshots]
    assert epochs == sorted(epochs)


def test_before_the_first_step_the_standardisation_follows_the_data() -> None:
    moved = Dataset(DATASET.points * 50 + 1000, DATASET.labels, DATASET.class_names)
    edited = Stage(Start(1, ONE), Idle(), UseExperiment(ONE.with_dataset(moved)), Idle(), Resume(until=3), Idle())
    fresh = Stage(Start(1, ONE.with_dataset(moved)), Resume(until=3), Idle())

    assert same_curve(edited.last.lanes[0].history, fresh.last.lanes[0].history)
    assert edited.last.lanes[0].metrics == fresh.last.lanes[0].metrics


def test_a_new_learning_rate_takes_effect_in_the_lane_it_is_of() -> None:
    faster = TWO.with_lane(1, replace(TWO.lanes[1], learning_rate=0.5))
    stage = Stage(Start(1, TWO), Resume(until=3), Idle(), UseExperiment(faster), Resume(until=6), Idle())
    plain = Stage(Start(1, TWO), Resume(until=6), Idle())

    assert same_curve(stage.last.lanes[0].history, plain.last.lanes[0].history)
    assert same_curve(stage.last.lanes[1].history[:4], plain.last.lanes[1].history[:4])
    assert not same_curve(stage.last.lanes[1].history, plain.last.lanes[1].history)


# curves


def curve_of(experiment: Experiment, lane: int = 0, tick: float = 1e-4) -> NDArray[np.float64]:
    return Stage(Start(1, experiment), Resume(until=40), Idle(), tick=tick).last.lanes[lane].history


def test_the_curve_of_a_lane_is_that_of_a_trainer_alone() -> None:
    trainer = Trainer(DATASET, CONFIG)
    expected = [trainer.evaluate().train_loss]
    for _ in range(40):
        trainer.epoch()
        expected.append(trainer.evaluate().train_loss)

    assert curve_of(ONE)[:, 1].tolist() == expected


def test_a_lane_does_not_feel_the_lanes_beside_it() -> None:
    assert same_curve(curve_of(ONE), curve_of(TWO))
    assert same_curve(curve_of(Experiment(DATASET, TWO.lanes[1:])), curve_of(TWO, lane=1))
    assert not same_curve(curve_of(TWO), curve_of(TWO, lane=1))


@pytest.mark.parametrize("tick", [1e-5, 1e-3, 0.4 * SLICE])
def test_a_slow_machine_draws_the_same_curve(tick: float) -> None:
    assert same_curve(curve_of(TWO, tick=tick), curve_of(TWO))


def test_lanes_are_never_more_than_one_epoch_apart() -> None:
    uneven = Experiment(DATASET, (CONFIG, replace(CONFIG, batch_size=1), replace(CONFIG, batch_size=None)))
    stage = Stage(Start(1, uneven, running=True), epochs_reach(5), tick=1e-3)

    for snapshot in stage.snapshots:
        epochs = [lane.epochs for lane in snapshot.lanes]
        assert max(epochs) - min(epochs) <= 1


# snapshots


def test_snapshots_are_complete_and_do_not_change_afterwards() -> None:
    stage = Stage(
        Start(1, TWO), look_at(0.3, -0.2, VIEW), Resume(), epochs_reach(250),
    )  # fmt: skip
    again = Stage(Start(1, TWO), look_at(0.3, -0.2, VIEW), Resume(), epochs_reach(250))

    for snapshot in stage.snapshots:
        for lane in snapshot.lanes:
            rows = lane.history
            stride = int(rows[1, 0]) if len(rows) > 1 else 1
            assert rows[:, 0].tolist() == list(range(0, lane.epochs + 1, stride))
            assert lane.field is not None
            assert lane.field.view == VIEW
            assert lane.pointer is not None
            assert lane.gradient_norms.shape == (2,)
    arrays = [lane.history for snapshot in stage.snapshots for lane in snapshot.lanes]
    assert len({array.ctypes.data for array in arrays}) == len(arrays)
    assert len(stage.snapshots) > 1
    for one, other in zip(stage.snapshots, again.snapshots, strict=True):
        for lane, twin in zip(one.lanes, other.lanes, strict=True):
            assert same_curve(lane.history, twin.history)


def test_metrics_and_pointer_of_a_snapshot_are_of_its_own_step() -> None:
    trainer = Trainer(DATASET, CONFIG)
    stage = Stage(Start(1, ONE), look_at(0.3, -0.2), Resume(), epochs_reach(30))

    for snapshot in stage.snapshots:
        lane = snapshot.lanes[0]
        while trainer.steps_done < lane.steps:
            trainer.step()
        assert lane.metrics == trainer.evaluate()
        np.testing.assert_array_equal(lane.pointer, trainer.probabilities([[0.3, -0.2]])[0])
    assert trainer.epochs_done >= 30


def test_the_pointer_asks_for_the_exact_probabilities_of_its_place() -> None:
    trainer = Trainer(DATASET, CONFIG)
    for _ in range(5):
        trainer.epoch()

    stage = Stage(Start(1, ONE), Resume(until=5), Idle(), look_at(0.25, -0.75), Idle())

    pointer = stage.last.lanes[0].pointer
    assert pointer is not None
    np.testing.assert_array_equal(pointer, trainer.probabilities([(0.25, -0.75)])[0])
    assert Stage(Start(1, ONE), look_at(0.0, 0.0), Idle(), NOTHING, Idle()).last.lanes[0].pointer is None


def test_the_field_shows_the_probabilities_of_the_view() -> None:
    stage = Stage(Start(1, ONE), Attend(Attention(VIEW)), Idle())
    field = stage.last.lanes[0].field
    assert field is not None
    rows, columns = field.pixels.shape

    probabilities = Trainer(DATASET, CONFIG).probabilities(VIEW.grid_points(rows, columns))

    lead = (probabilities[:, 1] - probabilities[:, 0]).reshape(rows, columns)
    blue, red = field.pixels & 255, field.pixels >> 16 & 255
    # towards blue the red of the neutral white fades, and the other way round
    np.testing.assert_array_equal(red < blue, np.rint(255 * lead) > 0)
    assert Stage(Start(1, ONE), Attend(Attention(VIEW)), Idle(), NOTHING, Idle()).last.lanes[0].field is None


def test_at_rest_the_field_becomes_finer_and_stays_so_under_the_pointer() -> None:
    stage = Stage(
        Start(1, ONE), Attend(Attention(VIEW)), Resume(until=20), Idle(),
        look_at(0.1, 0.1, VIEW), look_at(0.2, 0.1, VIEW), Idle(), look_at(0.3, 0.1, VIEW), Idle(),
        tick=3e-3,  # what a field takes, too
    )  # fmt: skip
    sizes = [
        (snapshot.state, lane.field.pixels.size)
        for snapshot in stage.snapshots
        for lane in snapshot.lanes
        if lane.field is not None
    ]
    running = [size for state, size in sizes if state is RunState.RUNNING]
    at_rest = [size for state, size in sizes if state is RunState.PAUSED]

    assert at_rest[-1] > 3 * max(running)
    assert at_rest == sorted(at_rest)


def test_a_pointer_that_moves_while_the_field_is_refined_does_not_keep_it_coarse() -> None:
    stage = Stage(
        Start(1, ONE), Attend(Attention(VIEW)), Resume(until=20), lambda snapshot: snapshot.state is RunState.PAUSED,
        look_at(0.1, 0.1, VIEW), Idle(), tick=1e-3,
    )  # fmt: skip
    calm = Stage(Start(1, ONE), Attend(Attention(VIEW)), Resume(until=20), Idle(), tick=1e-3)

    for last in (stage.last.lanes[0], calm.last.lanes[0]):
        assert last.field is not None
        assert last.field.pixels.size > 10_000


# trouble that nobody foresaw


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit, KeyboardInterrupt, BaseException])
def test_an_error_is_told_with_its_traceback_and_a_new_start_works(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    steps = Trainer.steps
    broken = [True]

    def fail(trainer: Trainer, most: int, is_called_away: Callable[[], bool], *, until: int) -> int:
        if broken[0] and trainer.epochs_done == 2:
            raise error("planted")
        return steps(trainer, most, is_called_away, until=until)

    monkeypatch.setattr(Trainer, "steps", fail)

    def mended(snapshot: Snapshot) -> bool:
        broken[0] = snapshot.state is not RunState.FAILED
        return not broken[0]

    stage = Stage(
        Start(1, ONE, running=True), mended, Resume(), Pause(), Step(), Idle(), Start(2, ONE), Resume(until=4)
    )
    failed = next(snapshot for snapshot in stage.snapshots if snapshot.state is RunState.FAILED)

    assert failed.run_id == 1
    assert failed.failure is not None
    assert failed.failure.summary == f"{error.__name__}: planted"
    assert "Traceback" in failed.failure.details
    assert "in fail" in failed.failure.details
    assert stage.last.state is RunState.PAUSED
    assert (stage.last.run_id, stage.last.lanes[0].epochs, stage.last.failure) == (2, 4, None)


def test_an_error_while_a_run_starts_leaves_the_worker_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "__init__", None)
        stage = Stage(Start(5, ONE), Idle())

    assert stage.states == [RunState.FAILED]
    assert stage.last.run_id == 5


def test_after_an_error_an_edit_begins_the_run_anew_without_the_old_failure() -> None:
    three_classes = ONE.with_dataset(toy_datasets.make("blobs", n_classes=3))
    stage = Stage(Start(1, ONE), Step(), Idle(), UseExperiment(three_classes), Idle(), UseExperiment(ONE), Idle())

    assert RunState.FAILED in stage.states
    assert stage.last.state is RunState.READY
    assert stage.last.failure is None


# with a thread


class Office(Mailbox):
    """A mailbox whose visitors wait for what they want to see."""

    def __init__(self) -> None:
        super().__init__(lambda: self.notice.set())
        self.notice = Event()
        self.seen: list[Snapshot] = []

    def wait_for(self, wanted: Cue) -> Snapshot:
        for _ in range(2000):
            self.notice.wait(10)
            self.notice.clear()
            snapshot = self.take()
            if snapshot is not None:
                self.seen.append(snapshot)
                if wanted(snapshot):
                    return snapshot
        raise AssertionError(f"not seen; the last was {self.seen[-1:]}")


@contextmanager
def worker_thread() -> Iterator[tuple[SimpleQueue[Command], Office]]:
    queue: SimpleQueue[Command] = SimpleQueue()
    office = Office()
    thread = Thread(target=Worker(queue, office).run)
    thread.start()
    try:
        yield queue, office
    finally:
        queue.put(Quit())
        thread.join(10)
        assert not thread.is_alive()


def in_state(state: RunState) -> Cue:
    return lambda snapshot: snapshot.state is state


def test_in_a_thread_a_run_goes_from_ready_to_running_to_paused_and_quits() -> None:
    with worker_thread() as (queue, office):
        queue.put(Attend(Attention(VIEW)))
        queue.put(Start(1, TWO))
        assert office.wait_for(in_state(RunState.READY)).run_id == 1
        queue.put(Resume())
        running = office.wait_for(lambda snapshot: snapshot.state is RunState.RUNNING and epochs_reach(20)(snapshot))
        assert running.lanes[0].field is not None
        queue.put(Pause())
        paused = office.wait_for(in_state(RunState.PAUSED))
        queue.put(Step())
        goal = min(lane.epochs for lane in paused.lanes) + 1
        office.wait_for(lambda snapshot: snapshot.state is RunState.PAUSED and epochs_reach(goal)(snapshot))


def test_in_a_thread_curves_are_those_of_the_clock_that_is_made_up() -> None:
    with worker_thread() as (queue, office):
        queue.put(Start(1, TWO))
        queue.put(Resume(until=40))
        done = office.wait_for(in_state(RunState.PAUSED))

    assert same_curve(done.lanes[0].history, curve_of(TWO))
    assert same_curve(done.lanes[1].history, curve_of(TWO, lane=1))


def test_in_a_thread_a_hundred_restarts_leave_the_last_run() -> None:
    with worker_thread() as (queue, office):
        for run_id in range(1, 101):
            queue.put(Start(run_id, ONE, running=True))
        queue.put(Pause())
        last = office.wait_for(lambda snapshot: snapshot.run_id == 100 and snapshot.state is not RunState.RUNNING)

    ids = [snapshot.run_id for snapshot in office.seen]
    assert ids == sorted(ids)
    assert last.state in (RunState.READY, RunState.PAUSED)


def test_commands_behind_one_that_fails_are_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "_use_experiment", lambda *_: 1 / 0)
    queue: SimpleQueue[Command] = SimpleQueue()
    told = Event()
    mailbox = Mailbox(told.set)
    worker = Thread(target=Worker(queue, mailbox).run)
    worker.start()
    queue.put(Start(1, ONE))
    queue.put(Pause())
    assert told.wait(5)
    queue.put(Quit())
    worker.join(5)
    snapshot = mailbox.take()

    assert not worker.is_alive()
    assert snapshot is not None
    assert snapshot.state is RunState.FAILED


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((Resume(),), RunState.RUNNING),
        ((), RunState.READY),
        ((Resume(), Pause()), RunState.READY),
        ((Step(),), RunState.READY),
        ((Resume(10_000_000),), RunState.RUNNING),
    ],
)
def test_a_restart_goes_on_with_what_the_run_really_does(before: tuple[Command, ...], expected: RunState) -> None:
    # all at once: no snapshot in between could have told anybody
    stage = Stage(Start(1, ONE), *before, Start(2, TWO, None), lambda snapshot: snapshot.run_id == 2)

    assert stage.last.state is expected


def test_a_long_step_is_left_for_a_pause_and_taken_up_where_it_was() -> None:
    dataset = toy_datasets.make("moons", n_samples=3 * PIECE)
    config = replace(CONFIG, batch_size=None, validation_fraction=0.0)
    called, alone = (Trainer(dataset, config, machine=MachineKind.TORCH) for _ in range(2))
    made = [called.steps(1, lambda: True) for _ in range(3)]
    alone.step()

    assert made == [0, 0, 1]
    assert called.steps_done == called.epochs_done == 1
    for (weights, biases), (others, other_biases) in zip(called.weights(), alone.weights(), strict=True):
        assert np.array_equal(weights, others)
        assert np.array_equal(biases, other_biases)


def test_drawing_for_ten_seconds_does_not_hold_up_the_picture() -> None:
    pace, now = Pace(1 / 31, 0.5), 0.0
    for _ in range(500):
        now += 0.02
        pace.done(now, now + 0.001)

    assert pace.is_due(now + 0.05)


def test_costs_are_in_every_snapshot_once_they_were_asked_for() -> None:
    stage = Stage(Start(1, ONE), Idle(), ASK_COSTS, Idle(), Step(), Idle())

    costs = [snapshot.readings.value(COSTS) for snapshot in stage.snapshots]
    assert costs[0] is None
    assert costs[-1] is not None
    assert set(costs[-1]) == set(Activation)
    first = next(index for index, cost in enumerate(costs) if cost is not None)
    assert all(cost is costs[-1] for cost in costs[first:])
    assert stage.last.lanes[0].epochs == 1


THREE = Experiment(DATASET, tuple(replace(CONFIG, activation=kind) for kind in ("sigmoid", "relu", "leaky_relu")))  # type: ignore[arg-type]


def test_lanes_of_short_epochs_are_always_shown_at_the_same_epoch() -> None:
    stage = Stage(Start(1, THREE), Attend(Attention(VIEW)), Resume(), epochs_reach(900), Pause(), Idle())

    shown = [{lane.epochs for lane in snapshot.lanes} for snapshot in stage.snapshots]
    assert len(shown) > 3
    assert all(len(epochs) == 1 for epochs in shown)


def test_a_pause_lets_lanes_catch_up_but_does_not_wait_for_slow_ones() -> None:
    worker = Worker(SimpleQueue(), Mailbox(lambda: None))
    worker._lanes = [Lane(DATASET, config) for config in THREE.lanes]
    first, second, third = worker._lanes
    first.trainer.epoch()
    first.trainer.epoch()
    second.trainer.step()

    third.step_seconds = LEVELLING  # eight steps would take eight times as long as a pause waits
    worker._level()
    assert [lane.trainer.epochs_done for lane in worker._lanes] == [2, 0, 0]
    third.step_seconds = 1e-5
    worker._level()
    assert [lane.trainer.epochs_done for lane in worker._lanes] == [2, 2, 2]
    assert [lane.history_table()[:, 0].tolist() for lane in (second, third)] == [[0, 1, 2]] * 2


def test_turns_end_where_training_is_to_end() -> None:
    stage = Stage(Start(1, THREE), Resume(until=17), Idle(), Step(), Idle())

    paused = [snapshot for snapshot in stage.snapshots if snapshot.state is RunState.PAUSED]
    assert {lane.epochs for lane in paused[0].lanes} == {17}
    assert {lane.epochs for lane in stage.last.lanes} == {18}


def test_a_slow_pause_does_not_lose_the_costs() -> None:
    stage = Stage(
        Start(1, ONE),
        ASK_COSTS,
        Idle(),
        Resume(),
        epochs_reach(3),
        Pause(),
        Idle(),
        tick=SLOW,
    )

    assert all(snapshot.readings.value(COSTS) is not None for snapshot in stage.snapshots[-2:])


# what the network makes of the points


@pytest.mark.parametrize("threshold", [0.5, 0.9])
def test_misclassified_points_are_those_the_confusion_matrix_counts(threshold: float) -> None:
    config = replace(CONFIG, threshold=threshold)
    stage = Stage(Start(1, Experiment(DATASET, (config,))), Resume(until=3), Idle(), ask_misclassified(9), Idle())
    trainer = Trainer(DATASET, config)
    for _ in range(3):
        trainer.epoch()
    of_one = trainer.probabilities(DATASET.points)[:, 1]
    answer = stage.last.lanes[0].readings.of(MISCLASSIFIED)

    assert answer is not None
    found = answer.value
    assert (answer.of, found.dataset) == (Question(MISCLASSIFIED, 9), DATASET)
    assert 0 < found.mask.sum() < len(DATASET)
    np.testing.assert_array_equal(found.mask, (of_one > threshold) != (DATASET.labels == 1))


def test_misclassified_points_are_those_of_the_lane_that_is_asked() -> None:
    lanes = (CONFIG, replace(CONFIG, seed=CONFIG.seed + 1, learning_rate=0.5))
    for number, config in enumerate(lanes):
        stage = Stage(
            Start(1, Experiment(DATASET, lanes)), Resume(until=2), Idle(), ask_misclassified(9, number), Idle()
        )
        trainer = Trainer(DATASET, config)
        for _ in range(2):
            trainer.epoch()
        found = stage.last.lanes[number].readings.value(MISCLASSIFIED)
        assert found is not None
        assert stage.last.lanes[1 - number].readings.of(MISCLASSIFIED) is None
        wrong = trainer.probabilities(DATASET.points).argmax(axis=1) != DATASET.labels
        np.testing.assert_array_equal(found.mask, wrong)


def test_without_a_network_nothing_is_misclassified() -> None:
    assert Stage(Start(1, Experiment(empty_dataset(), (CONFIG,))), ask_misclassified(1)).last.lanes == ()


def test_field_and_pointer_of_many_features_are_those_of_the_plane() -> None:
    generator = np.random.default_rng(1)
    points = (generator.normal(size=(60, 4)) * [1, 5, 10, 2] + 3).astype(np.float32)
    plane = principal_plane(points)
    dataset = Dataset(points, generator.integers(0, 2, 60), ("A", "B"), projection=plane)
    stage = Stage(look_at(0.5, -1.0, VIEW), Start(1, Experiment(dataset, (CONFIG,))), Idle())
    trainer = Trainer(dataset, CONFIG)
    (lane,) = stage.last.lanes

    wanted = trainer.probabilities(plane.mean[None] + plane.scale * (plane.axes @ [0.5, -1.0])[None])[0]
    assert lane.pointer is not None
    np.testing.assert_allclose(lane.pointer, wanted, atol=1e-5)
    assert lane.field is not None
    rows, columns = lane.field.pixels.shape
    grid = VIEW.grid_points(rows, columns).astype(np.float64)
    lead = trainer.probabilities(plane.mean + plane.scale * (grid @ plane.axes.T)) @ [1.0, -1.0]
    clear = np.abs(lead) > 0.05  # elsewhere the colour is nearly that of no class
    reds = ((lane.field.pixels >> 16 & 0xFF) > (lane.field.pixels & 0xFF)).ravel()
    assert 0 < reds[clear].sum() < clear.sum()
    np.testing.assert_array_equal(reds[clear], lead[clear] > 0)


# the laboratory


def test_layers_are_diagnosed_only_while_the_laboratory_is_open() -> None:
    stage = Stage(Start(1, TWO), Idle(), LABORATORY, Idle(), NOTHING, Idle())
    found = [all(lane.diagnosis is not None for lane in snapshot.lanes) for snapshot in stage.snapshots]

    assert found[0] is False
    assert True in found
    assert found[-1] is False
    opened = stage.snapshots[found.index(True)].lanes[0]
    assert opened.diagnosis is not None
    norms = [layer.weight_gradient.norm for layer in opened.diagnosis.layers]
    np.testing.assert_allclose(norms, opened.gradient_norms, rtol=1e-9)


def test_lanes_are_diagnosed_by_turns_while_they_train_and_together_when_they_rest() -> None:
    three = Experiment(DATASET, (CONFIG, *TWO.lanes))
    stage = Stage(LABORATORY, Start(1, three), Idle(), Resume(until=3000), Idle(), tick=1e-3)
    running = [s for s in stage.snapshots if s.state is RunState.RUNNING]
    made = [
        [new.diagnosis is not old.diagnosis for new, old in zip(after.lanes, before.lanes, strict=True)]
        for before, after in pairwise(running)
    ]

    assert max(map(sum, made)) == 1
    assert all(sum(of_lane) > 3 for of_lane in zip(*made, strict=True))
    last = [Trainer(DATASET, lane) for lane in three.lanes]
    for trainer, shown in zip(last, stage.last.lanes, strict=True):
        while trainer.epochs_done < 3000:
            trainer.epoch()
        assert shown.diagnosis is not None
        assert shown.diagnosis.signal_at_output == trainer.diagnose().signal_at_output


def test_the_laboratory_changes_no_curve() -> None:
    closed = Stage(Start(1, ONE), Resume(until=20), Idle())
    opened = Stage(LABORATORY, Start(1, ONE), Resume(until=20), Idle())

    assert same_curve(closed.last.lanes[0].history, opened.last.lanes[0].history)
    assert opened.last.lanes[0].diagnosis is not None


def test_the_gradients_of_earlier_epochs_are_remembered() -> None:
    stage = Stage(Start(1, ONE), Idle(), Resume(until=2000), Idle(), tick=3e-4)
    epochs, norms = stage.last.lanes[0].readings.timeline(GRADIENT)

    assert (epochs[0], epochs[-1]) == (0, 2000)
    assert len(epochs) > 3
    np.testing.assert_array_equal(norms[-1], stage.last.lanes[0].gradient_norms)


# what takes long is left for a command

LARGE = Experiment(
    toy_datasets.make("moons", n_samples=4 * PIECE), (replace(CONFIG, batch_size=512, validation_fraction=0.25),) * 3
)
NEVER_HEAVY, ALWAYS_HEAVY = 2**60, 0


class Interrupter:
    """Sends commands when so many pieces have gone through a network; counts them.

    Args:
        monkeypatch: of the test.
        send: for the number of a piece, counted from 1, the commands that come while it is computed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, send: dict[int, list[Command]]) -> None:
        self.n_pieces, self.queue = 0, SimpleQueue[Command]()
        # compiled code is through with such networks before anybody could interrupt it
        monkeypatch.setattr(choice, "suits_compiled_code", lambda network, batch: False)
        forward = Forward.__call__

        def interrupted(passes: Forward, inputs: torch.Tensor, logits: torch.Tensor) -> None:
            self.n_pieces += 1
            for command in send.get(self.n_pieces, []):
                self.queue.put(command)
            forward(passes, inputs, logits)

        monkeypatch.setattr(Forward, "__call__", interrupted)

    def run(self, *first: Command) -> list[tuple[int, Snapshot]]:
        """Have a worker carry out commands until it quits; its snapshots with the number of pieces before each."""
        told: list[tuple[int, Snapshot]] = []

        def note() -> None:
            snapshot = mailbox.take()
            assert snapshot is not None
            told.append((self.n_pieces, snapshot))

        mailbox = Mailbox(note)
        for command in first:
            self.queue.put(command)
        Worker(self.queue, mailbox).run()
        return told


def test_an_evaluation_is_left_where_it_is_for_a_new_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in (1, 2, 3):  # of the four of the first evaluation
        interrupter = Interrupter(monkeypatch, {piece: [Start(2, ONE)], 20: [Quit()]})
        monkeypatch.setattr("engine.run.worker.MANY_VALUES", NEVER_HEAVY)
        told = interrupter.run(Attend(Attention(VIEW)), Start(1, LARGE))
        monkeypatch.undo()

        assert {snapshot.run_id for _, snapshot in told} == {2}
        assert told[0][0] - piece <= 1 + 1 + 7  # the small run's evaluation, and its field of 80 x 80


@pytest.mark.parametrize(("order", "state"), [(Pause(), RunState.READY), (Resume(), RunState.RUNNING)])
def test_of_many_values_a_new_state_is_told_before_they_are_computed(
    monkeypatch: pytest.MonkeyPatch, order: Command, state: RunState
) -> None:
    monkeypatch.setattr("engine.run.worker.MANY_VALUES", ALWAYS_HEAVY)
    interrupter = Interrupter(monkeypatch, {2: [order], 6: [Start(2, LARGE)], 7: [Quit()]})
    told = interrupter.run(Start(1, LARGE))

    assert [(pieces, snapshot.run_id, snapshot.state) for pieces, snapshot in told] == [
        (0, 1, RunState.READY), (2, 1, state), (6, 2, RunState.READY),
    ]  # fmt: skip
    assert all(snapshot.lanes == () for _, snapshot in told)


def test_lanes_are_made_one_by_one_and_commands_heard_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    made, queue = list[int](), SimpleQueue[Command]()
    init = Lane.__init__

    def counted(lane: Lane, *args: object) -> None:
        made.append(queue.qsize())
        if len(made) == 2:
            queue.put(Quit())
        init(lane, *args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Lane, "__init__", counted)
    queue.put(Start(1, LARGE))
    Worker(queue, Mailbox(lambda: None)).run()

    assert len(made) == 2


def test_edits_do_not_keep_lanes_from_following(monkeypatch: pytest.MonkeyPatch) -> None:
    # while a lane follows one edit the next is there already; yet the run goes on
    queue, edits, steps = SimpleQueue[Command](), list[tuple[int, int]](), list[int]()
    use = Lane.use

    def edit_again() -> None:
        queue.put(UseExperiment(THREE.with_dataset(DATASET.with_points([[0.0, 0.0]] * (1 + len(edits) % 5), 0))))

    class Noting(Mailbox):
        def put(self, snapshot: Snapshot) -> None:
            steps.append(max((lane.steps for lane in snapshot.lanes), default=0))
            if steps[-1] and not edits:
                edit_again()
            if len(edits) > 12 or len(steps) > 1000:
                queue.put(Quit())

    def edited(lane: Lane, dataset: Dataset, config: TrainingConfig) -> None:
        use(lane, dataset, config)
        edits.append((id(lane), lane.trainer.steps_done))
        edit_again()

    monkeypatch.setattr(Lane, "use", edited)
    queue.put(Start(1, THREE, running=True))
    Worker(queue, Noting(lambda: None)).run()

    # an edit may come while only some have followed, so each lane is compared with itself
    of_lanes = [[done for other, done in edits if other == lane] for lane in {lane for lane, _ in edits}]
    assert len(of_lanes) == 3
    assert all(done[0] < done[-1] for done in of_lanes)


@pytest.mark.parametrize("seed", range(4))
def test_curves_are_the_same_however_often_the_worker_is_called_away(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    experiment = replace(LARGE, lanes=LARGE.lanes[:2])
    trainer = Trainer(experiment.dataset, experiment.lanes[0], machine=MachineKind.TORCH)
    expected = [trainer.evaluate().train_loss]
    for _ in range(3):
        trainer.epoch()
        expected.append(trainer.evaluate().train_loss)
    generator = np.random.default_rng(seed)
    at = np.sort(generator.choice(np.arange(1, 36), 12, replace=False)).tolist()
    orders: list[list[Command]] = [[Pause(), Resume(until=3)], [Resume(until=3)]]
    send = {piece: orders[generator.integers(2)] for piece in at}

    told = Interrupter(monkeypatch, {**send, 80: [Quit()]}).run(
        look_at(0.0, 0.0, VIEW), Start(1, experiment), Resume(until=3)
    )

    last = told[-1][1]
    assert [lane.epochs for lane in last.lanes] == [3, 3]
    for lane in last.lanes:
        assert lane.history[:, 0].tolist() == [0, 1, 2, 3]
        assert lane.history[:, 1].tolist() == expected


def test_who_asked_for_the_misclassified_is_answered_though_the_worker_was_called_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Interrupter(monkeypatch, {6: [Pause()], 20: [Quit()]}).run(
        Start(1, replace(LARGE, lanes=LARGE.lanes[:1])),
        ask_misclassified(3, view=VIEW),
    )

    answer = told[-1][1].lanes[0].readings.of(MISCLASSIFIED)
    assert answer is not None
    assert answer.of.request == 3


def test_a_step_on_a_large_batch_that_is_normalised_is_left_between_layers() -> None:
    dataset = toy_datasets.make("moons", n_samples=2 * PIECE)
    config = replace(
        CONFIG, hidden_layers=(8,) * 20, batch_norm=True, dropout=0.1, batch_size=None, validation_fraction=0.0
    )
    called, alone = Trainer(dataset, config), Trainer(dataset, config)
    made = []
    while not called.steps_done:
        made.append(called.steps(1, lambda: True))
    alone.step()

    assert len(made) >= 3
    assert made[-1] == 1
    for (weights, biases), (others, other_biases) in zip(called.weights(), alone.weights(), strict=True):
        assert np.array_equal(weights, others)
        assert np.array_equal(biases, other_biases)
    assert called.evaluate() == alone.evaluate()


def test_a_lane_that_is_being_made_is_left_for_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    # with batch normalisation its statistics are measured first
    queue, made = SimpleQueue[Command](), list[int]()
    advance = Measurement.go_on

    def ordered(look: Measurement[object], is_time: Callable[[], bool]) -> bool:
        made.append(0)
        if len(made) == 2:
            queue.put(Quit())
        return advance(look, is_time)

    monkeypatch.setattr(Measurement, "go_on", ordered)
    deep = replace(CONFIG, hidden_layers=(8,) * 60, batch_norm=True)
    queue.put(Start(1, Experiment(DATASET, (deep,))))
    Worker(queue, Mailbox(lambda: None)).run()

    assert len(made) == 2


def test_of_a_step_of_which_nothing_is_known_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, steps = list[tuple[int, int]](), Trainer.steps

    def noting(trainer: Trainer, most: int, is_called_away: Callable[[], bool], *, until: int) -> int:
        asked.append((trainer.steps_done, most))
        return steps(trainer, most, is_called_away, until=until)

    monkeypatch.setattr(Trainer, "steps", noting)
    more = ONE.with_dataset(DATASET.with_points([[0.0, 0.0]], 0))
    Stage(Start(1, ONE), Resume(until=3), Idle(), UseExperiment(more), Resume(until=6), Idle(), tick=1e-5)

    assert asked[0] == (0, 1)
    assert [most for done, most in asked if done == 3 * STEPS] == [1]
    assert max(most for _, most in asked) > 10


def test_the_time_of_training_is_that_in_which_the_run_trained() -> None:
    slow = (Start(1, ONE), UseSpeed(10.0), Resume(until=3), Idle(seconds=100.0), Resume(until=6), Idle())
    stage = Stage(*slow)
    again = Stage(*slow, Start(2, ONE), Idle())

    assert stage.now > 100
    assert stage.last.training_seconds == pytest.approx(0.4, abs=0.1)  # two epochs of each three are waited for
    assert again.last.training_seconds == 0
