"""The loop that trains: commands in, snapshots out. No Qt; it needs neither a thread nor a real clock."""

from __future__ import annotations

import math
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue

from engine import commands
from engine.activations import ActivationCost
from engine.commands import Command
from engine.config import Activation
from engine.costs import measure_costs
from engine.experiment import Experiment
from engine.field import View
from engine.lane import Lane
from engine.mailbox import Mailbox
from engine.pace import ALONE, Pace, Resolution, rhythm_of
from engine.snapshot import Failure, LaneSnapshot, Misclassified, RunState, Snapshot

SLICE = 0.004  # seconds of training between two looks at the queue and the clock
STILL_FIELD_BUDGET = 0.15
ROUND = 0.012  # seconds in which every one of several lanes has its turn
LEVELLING = 0.05  # seconds that a pause waits for lanes to come to the same epoch
RATE_WINDOW = 1.0
SLOW_SNAPSHOT = 0.05  # seconds; what takes longer must not delay the word that training has stopped
CHANGES_STATE = (commands.Start, commands.Resume, commands.Step, commands.Pause)
CALLS_AWAY = (commands.Start, commands.Pause, commands.Quit)
REPLACEABLE = (
    *(commands.UseExperiment, commands.UseView, commands.UsePointer, commands.UseSpeed),
    commands.UseLaboratory,
)


class Worker:
    """Owns the networks; trains them as the commands say, and puts snapshots into the mailbox.

    Args:
        queue: commands, in order.
        mailbox: where snapshots go.
        clock: seconds that only grow.
    """

    def __init__(
        self, queue: SimpleQueue[Command], mailbox: Mailbox, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._queue, self._mailbox, self._clock = queue, mailbox, clock
        self._run_id = 0
        self._experiment: Experiment | None = None
        self._lanes: list[Lane] = []
        self._state = RunState.BLOCKED
        self._failure: Failure | None = None
        self._epoch_wanted = math.inf  # pause there
        self._speed: float | None = None
        self._next_epoch_at = 0.0
        self._view: View | None = None
        self._pointer: tuple[float, float] | None = None
        self._quit = False
        self._costs: Mapping[Activation, ActivationCost] | None = None
        self._misclassified: Misclassified | None = None
        self._diagnoses = False
        self._waiting: deque[Command] = deque()  # taken from the queue, not yet carried out
        self._must_publish = self._must_refine = False
        self._pace = Pace(ALONE.snapshot_interval, share=0.5)
        self._resolution = Resolution(ALONE.field_budget)
        self._still_resolution = Resolution(STILL_FIELD_BUDGET, n_points=200 * 200)
        self._last_lanes: tuple[LaneSnapshot, ...] = ()
        self._snapshot_seconds = 0.0
        self._rate_marks: deque[tuple[float, int]] = deque()

    def run(self) -> None:
        """Work until `Quit`."""
        while not self._quit:
            try:
                self._take_commands()
                if not self._quit:
                    self._train()
                    self._publish_if_due()
            except Exception as error:  # noqa: BLE001  # told to the user, who can reset
                self._fail(error)

    # commands

    def _take_commands(self) -> None:
        """Carry out what is in the queue; sleep in it while there is nothing else to do."""
        idle = 0 if self._waiting else self._idle_seconds()
        if idle != 0:
            try:
                self._waiting.append(self._queue.get(timeout=idle))
            except Empty:
                return
        self._collect()
        self._waiting = without_replaced(self._waiting)
        while self._waiting and not self._quit:
            self._carry_out(self._waiting.popleft())

    def _collect(self) -> None:
        """Move what is in the queue to what waits."""
        try:
            while True:
                self._waiting.append(self._queue.get_nowait())
        except Empty:
            pass

    def _is_called_away(self) -> bool:
        """Whether a command waits for which a long step must be left where it is."""
        self._collect()
        return any(isinstance(command, CALLS_AWAY) for command in self._waiting)

    def _idle_seconds(self) -> float | None:
        """How long nothing is to be done; None: until a command comes."""
        if self._must_publish or self._must_refine:
            return 0
        if self._state is not RunState.RUNNING:
            return None
        return 0 if self._speed is None else max(0.0, self._next_epoch_at - self._clock())

    def _carry_out(self, command: Command) -> None:
        # while training the next snapshot is near, and only what the buttons show must not wait for it
        self._must_publish |= self._state is not RunState.RUNNING or isinstance(command, CHANGES_STATE)
        self._must_refine = self._must_refine or not isinstance(command, commands.UsePointer)
        match command:
            case commands.Start():
                self._start(command)
            case commands.UseExperiment():
                self._use_experiment(command.experiment)
            case commands.Resume():
                self._resume(math.inf if command.until is None else command.until)
            case commands.Step():
                self._resume(self._epochs() + 1)
            case commands.Pause():
                if self._state is RunState.RUNNING:
                    self._level()
                    self._rest()
                    self._acknowledge()
            case commands.UseSpeed():
                self._speed, self._next_epoch_at = command.epochs_per_second, self._clock()
            case commands.UseView():
                self._view = command.view
            case commands.UsePointer():
                self._pointer = command.position
            case commands.MeasureCosts():
                self._costs = measure_costs()
            case commands.UseLaboratory():
                self._diagnoses = command.is_open
            case commands.FindMisclassified():
                self._find_misclassified(command.request)
            case commands.Quit():
                self._quit = True

    def _start(self, command: commands.Start) -> None:
        goes_on = self._state is RunState.RUNNING and self._epoch_wanted > self._epochs() + 1
        running = goes_on if command.running is None else command.running
        wanted = self._epoch_wanted if command.running is None else math.inf
        self._run_id, self._lanes, self._last_lanes = command.run_id, [], ()
        self._state = RunState.PAUSED
        self._use_experiment(command.experiment)
        if running and self._state is RunState.READY:
            self._resume(wanted)

    def _use_experiment(self, experiment: Experiment) -> None:
        self._experiment, self._failure = experiment, None
        if experiment.obstacle() is not None:
            self._state = RunState.BLOCKED
            return
        if not self._lanes or self._steps() == 0:
            # before the first step everything, the standardisation included, follows the data
            rhythm = rhythm_of(len(experiment.lanes))
            self._resolution.budget, self._pace.interval = rhythm.field_budget, rhythm.snapshot_interval
            self._lanes = [Lane(experiment.dataset, config, rhythm) for config in experiment.lanes]
            self._rate_marks.clear()
        else:
            for lane, config in zip(self._lanes, experiment.lanes, strict=True):
                lane.use(experiment.dataset, config)
        if self._state is not RunState.RUNNING:
            self._rest()

    def _find_misclassified(self, request: int) -> None:
        if self._experiment is not None and self._lanes and self._state is not RunState.BLOCKED:
            found = self._lanes[0].misclassified()
            self._misclassified = Misclassified(request, self._experiment.dataset, found)
            self._must_publish = True

    def _resume(self, epoch_wanted: float) -> None:
        if self._epochs() >= epoch_wanted:
            if self._state is RunState.RUNNING:
                self._rest()
        elif self._state in (RunState.READY, RunState.PAUSED, RunState.RUNNING) and self._lanes:
            self._state, self._epoch_wanted = RunState.RUNNING, epoch_wanted
            self._next_epoch_at = self._clock()
            self._rate_marks.clear()

    def _rest(self) -> None:
        if self._has_diverged():
            self._state = RunState.DIVERGED
        else:
            self._state = RunState.PAUSED if self._steps() else RunState.READY

    def _epochs(self) -> int:
        return min((lane.trainer.epochs_done for lane in self._lanes), default=0)

    def _steps(self) -> int:
        return max((lane.trainer.steps_done for lane in self._lanes), default=0)

    def _has_diverged(self) -> bool:
        return any(lane.trainer.divergence is not None for lane in self._lanes)

    # training

    def _train(self) -> None:
        """Train for a slice of time, all lanes to the end of an epoch before any begins the next."""
        if self._state is not RunState.RUNNING:
            return
        now = self._clock()
        deadline = now + SLICE
        while now < deadline and now >= (self._next_epoch_at if self._speed else 0.0):
            turn, patience = self._turn()
            target = min(self._epochs() + turn, self._epoch_wanted)
            for lane in self._lanes:
                now = self._train_lane(lane, target, deadline + patience)
                if lane.trainer.divergence is not None:
                    break
            if self._has_diverged():
                self._state, self._must_publish, self._must_refine = RunState.DIVERGED, True, True
                return
            if self._epochs() >= target:
                self._epoch_ended(now)
                if self._state is not RunState.RUNNING:
                    return

    def _turn(self) -> tuple[int, float]:
        """Epochs that a lane is trained before the next has its turn, and seconds beyond the slice that all may take.

        In turns of several epochs what a lane left in the cache serves longer. Where the epochs of all lanes are short
        every lane has its turn: all are shown at the same epoch.
        """
        round_of_one = sum(lane.trainer.steps_per_epoch * lane.step_seconds for lane in self._lanes)
        if len(self._lanes) == 1 or round_of_one > ROUND:
            return 1, 0.0
        if self._speed:
            return 1, LEVELLING
        # the last round before a snapshot ends when that is due; before the first nothing is
        left = ROUND if self._pace.due == -math.inf else self._pace.due - self._clock()
        return max(1, int(min(ROUND, left) / round_of_one)), LEVELLING

    def _level(self) -> None:
        """Let lanes that had no turn yet catch up with the others, if that is soon done."""
        target, deadline = max((lane.trainer.epochs_done for lane in self._lanes), default=0), self._clock() + LEVELLING
        behind = [lane for lane in self._lanes if lane.trainer.epochs_done < target]
        seconds = sum(
            (target - lane.trainer.epochs_done) * lane.trainer.steps_per_epoch * lane.step_seconds for lane in behind
        )
        if seconds <= LEVELLING and not self._has_diverged():
            for lane in behind:
                self._train_lane(lane, target, deadline)

    def _train_lane(self, lane: Lane, target: float, deadline: float) -> float:
        now = self._clock()
        while lane.trainer.epochs_done < target and now < deadline:
            most = max(1, int((deadline - now) / lane.step_seconds))
            epochs = lane.trainer.epochs_done
            made = lane.trainer.steps(most, self._is_called_away)
            if made == 0:
                return deadline  # diverged, or called away in the middle of a step
            stepped = self._clock()
            lane.took((stepped - now) / made)
            now = stepped
            if lane.trainer.epochs_done > epochs:
                lane.record()
                now = self._clock()
        return now

    def _epoch_ended(self, now: float) -> None:
        if self._speed:
            self._next_epoch_at = max(self._next_epoch_at + 1 / self._speed, now - 1 / self._speed)
        if self._epochs() >= self._epoch_wanted:
            self._rest()
            self._must_publish = self._must_refine = True

    # snapshots

    def _publish_if_due(self) -> None:
        now = self._clock()
        if self._must_publish:
            self._publish(self._resolution)
            self._must_publish = False
        elif self._state is RunState.RUNNING:
            if self._pace.is_due(now) and self._mailbox.is_empty():
                self._publish(self._resolution)
        elif self._must_refine and self._queue.empty():
            coarse = self._still_resolution.n_points
            self._publish(self._still_resolution)
            self._must_refine = self._still_resolution.n_points > coarse  # there is time for more
        if self._state is RunState.RUNNING:
            self._must_refine = False

    def _publish(self, resolution: Resolution) -> None:
        started = self._clock()
        still = self._state is not RunState.RUNNING
        # while blocked the lanes still have the last data they could be trained on, of which nothing is shown
        shown = () if self._state is RunState.BLOCKED else self._lanes
        # a diagnosis takes long: while training each lane in turn has its own, not all in one snapshot
        in_turn = min(self._lanes, key=lambda lane: lane.diagnosis_due, default=None)
        lanes = tuple(
            lane.snapshot(
                self._view, self._pointer, resolution, self._clock, still, self._diagnoses, still or lane is in_turn
            )
            for lane in shown
        )
        if self._state is RunState.RUNNING and any(lane.divergence is not None for lane in lanes):
            self._state, self._must_refine = RunState.DIVERGED, True
        obstacle = self._experiment.obstacle() if self._experiment and self._state is RunState.BLOCKED else None
        rate, found = self._rate(started), self._misclassified
        self._mailbox.put(Snapshot(self._run_id, self._state, lanes, obstacle, self._failure, rate, self._costs, found))
        self._last_lanes = lanes
        finished = self._clock()
        self._snapshot_seconds = finished - started
        self._pace.done(started, finished)

    def _acknowledge(self) -> None:
        """Tell of a new state with the measures of the last snapshot, if new ones would take long; they follow."""
        if self._snapshot_seconds > SLOW_SNAPSHOT and self._last_lanes:
            self._mailbox.put(Snapshot(self._run_id, self._state, self._last_lanes, activation_costs=self._costs))

    def _rate(self, now: float) -> float:
        """Epochs per second over the last second."""
        if self._state is not RunState.RUNNING:
            return 0.0
        marks = self._rate_marks
        marks.append((now, self._epochs()))
        while len(marks) > 2 and now - marks[1][0] >= RATE_WINDOW:
            marks.popleft()
        seconds = now - marks[0][0]
        return (marks[-1][1] - marks[0][1]) / seconds if seconds > 0 else 0.0

    def _fail(self, error: Exception) -> None:
        summary = f"{type(error).__name__}: {error}"
        self._failure = Failure(summary, "".join(traceback.format_exception(error)))
        self._state, self._lanes = RunState.FAILED, []
        self._must_publish = self._must_refine = False
        self._mailbox.put(Snapshot(self._run_id, self._state, failure=self._failure, activation_costs=self._costs))


def without_replaced(waiting: deque[Command]) -> deque[Command]:
    """What waits, less what later commands make pointless; a hand draws faster than a large network takes new points.

    Quit comes first. Of edits between two changes of the state only the last counts, of those before a new start
    none; of views, pointers and speeds only the last.
    """
    if any(isinstance(command, commands.Quit) for command in waiting):
        return deque([commands.Quit()])
    kept: deque[Command] = deque()
    replaced: set[type] = set()
    before_start = False
    for command in reversed(waiting):
        if type(command) in replaced:
            continue
        if isinstance(command, REPLACEABLE):
            replaced.add(type(command))
        elif isinstance(command, commands.Start):
            replaced.add(commands.UseExperiment)
            before_start = True
        elif not before_start:
            replaced.discard(commands.UseExperiment)
        kept.appendleft(command)
    return kept
