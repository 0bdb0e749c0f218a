"""The loop that trains: commands in, snapshots out. No Qt; it needs neither a thread nor a real clock."""

from __future__ import annotations

import math
import time
import traceback
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from engine.experiment import Experiment
from engine.machines.kind import MachineKind
from engine.mlp.pieces import CalledAway
from engine.run import commands
from engine.run.attention import Attention
from engine.run.commands import Command
from engine.run.inbox import CHANGES_STATE, Inbox
from engine.run.kept import AllKept, Look, Moment
from engine.run.lane import Lane, in_training
from engine.run.lane_state import LeftRuns, RunMemory
from engine.run.mailbox import Mailbox
from engine.run.measurements import OF_THE_MACHINE
from engine.run.pace import ALONE, Looking, Pace, Rate, Resolution, Stopwatch, rhythm_of
from engine.run.snapshot import Failure, LaneSnapshot, Origin, RunState, Snapshot

SLICE = 0.004  # seconds of training between two looks at the queue and the clock
LONG_SLICE = 0.02  # where a bell ends it when a command comes; at the most to the next snapshot
STILL_FIELD_BUDGET = 0.15
ROUND = 0.012  # seconds in which every one of several lanes has its turn
LONG_ROUND = 0.02  # of lanes that need the interpreter only between two turns
LEVELLING = 0.05  # seconds that a pause waits for lanes to come to the same epoch
MANY_VALUES = 2**25  # hidden values of a snapshot; of more, a new state is told before they are computed


class Worker:
    """Owns the networks; trains them as the commands say, and puts snapshots into the mailbox.

    Args:
        queue: commands, in order.
        mailbox: where snapshots go.
        clock: seconds that only grow.
        processor_clock: seconds that the whole process has worked: who waits for the window is not beside others.
    """

    def __init__(
        self,
        queue: SimpleQueue[Command],
        mailbox: Mailbox,
        clock: Callable[[], float] = time.perf_counter,
        processor_clock: Callable[[], float] = time.process_time,
    ) -> None:
        self._inbox, self._mailbox, self._clock, self._processor_clock = Inbox(queue), mailbox, clock, processor_clock
        self._run_id = 0
        self._experiment: Experiment | None = None
        self._lanes: list[Lane] = []
        self._behind: deque[int] = deque()  # numbers of the lanes that do not follow the experiment yet
        self._left, self._origin = LeftRuns(), Origin.DRAWN
        self._resumed: RunMemory = ()  # from which the lanes of this run go on when they are made
        self._state = RunState.BLOCKED
        self._failure: Failure | None = None
        self._epoch_wanted = math.inf  # pause there
        self._speed: float | None = None
        self._next_epoch_at = 0.0
        self._attention = Attention()
        self._quit = self._needs_no_interpreter = self._must_publish = self._must_refine = self._is_unfinished = False
        self._machine = AllKept(OF_THE_MACHINE, self._state_of)
        self._pace, self._looking = Pace(ALONE.snapshot_interval, share=0.5), Looking(ALONE)
        self._resolution = Resolution(ALONE.field_budget)
        self._still_resolution = Resolution(STILL_FIELD_BUDGET, n_points=190 * 190, finest=1.0, exactness=0.2)
        self._last_lanes: tuple[LaneSnapshot, ...] = ()
        self._rate, self._stopwatch = Rate(), Stopwatch(clock)

    def run(self) -> None:
        """Work until `Quit`."""
        while not self._quit:
            try:
                self._take_commands()
                if self._quit:
                    break
                self._follow()
                if not self._behind:
                    self._train()
                    self._publish_if_due()
            except CalledAway:
                pass  # what was being measured is measured after the command
            except BaseException as error:  # noqa: BLE001  # told to the user, who can reset; a library may try to exit
                self._fail(error)

    # commands

    def _take_commands(self) -> None:
        """Carry out what waits; sleep while there is nothing else to do."""
        self._inbox.wait(self._idle_seconds())
        has_new_state = False
        while not self._quit and (command := self._inbox.take()) is not None:
            self._carry_out(command)
            has_new_state |= isinstance(command, CHANGES_STATE)
        if has_new_state and self._is_heavy():
            self._tell(self._last_lanes)  # none in a new run; new measures follow

    def _idle_seconds(self) -> float | None:
        """The seconds for which nothing is to be done; None: until a command comes."""
        if self._must_publish or self._must_refine or self._behind:
            return 0
        if self._state is not RunState.RUNNING:
            return None
        return 0 if self._speed is None else max(0.0, self._next_epoch_at - self._clock())

    def _carry_out(self, command: Command) -> None:
        if isinstance(command, commands.Attend):
            self._attend(command.attention)
            return
        # while training the next snapshot is near, and only what the buttons show must not wait for it
        self._must_publish |= self._state is not RunState.RUNNING or isinstance(command, CHANGES_STATE)
        self._must_refine = True
        match command:
            case commands.Start():
                self._start(command)
            case commands.UseExperiment():
                self._use_experiment(command.experiment)
            case commands.Resume():
                self._wake()
                self._resume(math.inf if command.until is None else command.until)
            case commands.Step():
                if self._state is RunState.RUNNING:
                    self._level()
                self._wake()
                self._resume(self._epochs() + 1)
            case commands.Pause():
                if self._state is RunState.RUNNING:
                    self._rest()
                    self._level()
                    self._rest()
            case commands.UseSpeed():
                self._speed, self._next_epoch_at = command.epochs_per_second, self._clock()
            case commands.Quit():
                self._quit = True

    def _attend(self, attention: Attention) -> None:
        before, self._attention = self._attention, attention
        self._looking.frame_seconds = attention.frame_seconds
        self._must_publish |= self._state is not RunState.RUNNING and attention.sees_other_than(before)
        self._must_refine |= attention.differs_beyond_pointer(before)

    def _start(self, command: commands.Start) -> None:
        goes_on = self._state is RunState.RUNNING and self._epoch_wanted > self._epochs() + 1
        running = goes_on if command.running is None else command.running
        wanted = self._epoch_wanted if command.running is None else math.inf
        self._leave(command)
        self._resumed = command.beginning(lambda: self._state_of(self._run_id)) or self._left.take(command.run_id)
        is_lost = command.run_id in self._left.lost
        self._origin = Origin.KEPT if self._resumed else Origin.LOST if is_lost else Origin.DRAWN
        self._run_id, self._lanes, self._last_lanes = command.run_id, [], ()
        seconds = max((lane.seconds for lane in self._resumed), default=0.0)
        self._state, self._stopwatch = RunState.PAUSED, Stopwatch(self._clock, seconds)
        self._use_experiment(command.experiment)
        if running and self._state is RunState.READY:
            self._resume(wanted)

    def _leave(self, command: commands.Start) -> None:
        """Keep the state of this run, if another takes its place and it may be asked for again."""
        self._left.forget_others(command.needed | {command.run_id}, command.welcome)
        if command.run_id != self._run_id and self._run_id in (*command.needed, *command.welcome):
            self._left.keep(self._run_id, self._state_of(self._run_id))

    def _state_of(self, run_id: int) -> RunMemory:
        """The state of a run, of this one as it is now."""
        if run_id != self._run_id:
            return self._left.of(run_id)
        seconds = self._stopwatch.look(goes_on=self._state is RunState.RUNNING)
        return (*(lane.state(seconds) for lane in self._lanes), *self._resumed[len(self._lanes) :])

    def _use_experiment(self, experiment: Experiment) -> None:
        self._experiment, self._failure = experiment, None
        self._behind.clear()
        if experiment.obstacle() is not None:
            self._state = RunState.BLOCKED
            return
        if not self._lanes or self._steps() == 0:
            # before the first step everything, the standardisation included, follows the data
            self._lanes = []
            self._rate.forget()
        self._behind.extend(range(len(experiment.lanes)))
        if self._state is not RunState.RUNNING:
            self._rest()

    def _follow(self) -> None:
        """Have the lanes follow the experiment, one after the other, until called away."""
        while self._behind and self._experiment is not None and not self._inbox.is_called_away():
            dataset, configs, number = self._experiment.dataset, self._experiment.lanes, self._behind[0]
            if number < len(self._lanes):
                self._lanes[number].use(dataset, configs[number])  # measures nothing, so it is not left in the middle
            else:
                state = self._resumed[number] if number < len(self._resumed) else None
                rhythm, heed, bell = rhythm_of(len(configs)), self._inbox.heed, self._inbox.bell
                self._lanes.append(Lane(dataset, configs[number], rhythm, heed, number, bell, state))
            self._behind.popleft()
            machines = {lane.trainer.machine for lane in self._lanes}
            self._needs_no_interpreter = self._inbox.has_bell and machines == {MachineKind.COMPILED}
            rhythm = rhythm_of(len(configs), is_compiled=self._needs_no_interpreter)
            self._resolution.budget, self._looking.rhythm = rhythm.field_budget, rhythm
            if not self._behind:
                is_back, self._resumed = bool(self._resumed), ()
                if is_back and self._state is not RunState.RUNNING:
                    self._level()  # a run that is left has no time for that
            if self._state is not RunState.RUNNING:
                self._rest()

    def _wake(self) -> None:
        """Have all lanes trained again if all of them rest: one that rests beside others waits for those."""
        are_resting = [state.is_resting for state in self._resumed[len(self._lanes) :]]
        if all(are_resting) and not in_training(self._lanes):
            self._resumed = tuple(state.awake() for state in self._resumed)
            for lane in self._lanes:
                lane.wake()

    def _resume(self, epoch_wanted: float) -> None:
        if self._epochs() >= epoch_wanted:
            if self._state is RunState.RUNNING:
                self._rest()
        elif self._state in (RunState.READY, RunState.PAUSED, RunState.RUNNING):
            self._state, self._epoch_wanted = RunState.RUNNING, epoch_wanted
            self._next_epoch_at = self._clock()
            self._rate.forget()

    def _rest(self) -> None:
        if has_diverged(self._lanes):
            self._state = RunState.DIVERGED
        else:
            self._state = RunState.PAUSED if self._steps() else RunState.READY

    def _epochs(self) -> int:
        return min((lane.trainer.epochs_done for lane in in_training(self._lanes) or self._lanes), default=0)

    def _steps(self) -> int:
        resumed = [lane.network.steps for lane in self._resumed[len(self._lanes) :]]
        return max([lane.trainer.steps_done for lane in self._lanes] + resumed, default=0)

    # training

    def _train(self) -> None:
        """Train for a slice of time, all lanes to the end of an epoch before any begins the next."""
        if self._state is not RunState.RUNNING:
            return
        now = self._clock()
        deadline = now + SLICE
        if self._needs_no_interpreter:
            # each look needs the interpreter, for which the window may keep one waiting
            deadline = max(deadline, min(self._pace.due, now + LONG_SLICE))
        while now < deadline and now >= (self._next_epoch_at if self._speed else 0.0):
            turn, patience = self._turn(deadline - now)
            target = min(self._epochs() + turn, self._epoch_wanted)
            for lane in in_training(self._lanes):
                now = self._train_lane(lane, target, deadline + patience)
                if lane.trainer.divergence is not None:
                    break
            if has_diverged(self._lanes):
                self._state, self._must_publish, self._must_refine = RunState.DIVERGED, True, True
                return
            are_done = not in_training(self._lanes)
            if self._epochs() < target and not are_done:
                continue
            if self._speed:
                self._next_epoch_at = max(self._next_epoch_at + 1 / self._speed, now - 1 / self._speed)
            if are_done or self._epochs() >= self._epoch_wanted:
                self._rest()
                self._must_publish = self._must_refine = True
                return

    def _turn(self, seconds: float) -> tuple[int, float]:
        """Epochs that a lane is trained before the next has its turn, and seconds beyond the slice that all may take.

        So many seconds are left of the slice.

        In turns of several epochs what a lane left in the cache serves longer. Where the epochs of all lanes are short
        every lane has its turn: all are shown at the same epoch.
        """
        lanes = in_training(self._lanes)
        round_of_one = sum(lane.trainer.steps_per_epoch * lane.step_seconds for lane in lanes)
        if len(lanes) == 1:
            many = self._needs_no_interpreter and not self._speed
            return (max(1, int(seconds / round_of_one)) if many else 1), 0.0
        if round_of_one > ROUND:
            return 1, 0.0
        if self._speed:
            return 1, LEVELLING
        # the last round before a snapshot ends when that is due; before the first nothing is
        most = LONG_ROUND if self._needs_no_interpreter else ROUND
        left = most if self._pace.due == -math.inf else self._pace.due - self._clock()
        return max(1, int(min(most, left) / round_of_one)), LEVELLING

    def _level(self) -> None:
        """Let lanes that had no turn yet catch up with the others, if that is soon done."""
        if self._behind:
            return
        lanes, deadline = in_training(self._lanes), self._clock() + LEVELLING
        target = max((lane.trainer.epochs_done for lane in lanes), default=0)
        behind = [lane for lane in lanes if lane.trainer.epochs_done < target]
        seconds = sum(
            (target - lane.trainer.epochs_done) * lane.trainer.steps_per_epoch * lane.step_seconds for lane in behind
        )
        if seconds <= LEVELLING and not has_diverged(self._lanes):
            for lane in behind:
                self._train_lane(lane, target, deadline)

    def _train_lane(self, lane: Lane, target: float, deadline: float) -> float:
        lane.record()  # of the beginning, or of an epoch after which it was called away
        now = self._clock()
        while lane.trainer.epochs_done < target and now < deadline and not lane.is_resting:
            # of a step of which nothing is known, one: in a large network forty would take a quarter of a second
            most = max(1, int((deadline - now) / lane.step_seconds)) if lane.is_timed else 1
            epochs = lane.trainer.epochs_done
            made = lane.train(most, target, self._inbox.is_called_away)
            if made == 0:
                return deadline  # diverged, or called away in the middle of a step
            stepped = self._clock()
            lane.took((stepped - now) / made)
            now = stepped
            if lane.trainer.epochs_done > epochs:
                lane.record()
                now = self._clock()
        return now

    # snapshots

    def _publish_if_due(self) -> None:
        now = self._clock()
        if self._must_publish:
            self._publish(self._resolution)
            self._must_publish = False
        elif self._state is RunState.RUNNING:
            if self._pace.is_due(now) and self._mailbox.is_empty():
                self._publish(self._resolution)
        elif self._must_refine and self._inbox.is_empty():
            coarse = self._still_resolution.n_points
            self._publish(self._still_resolution)
            is_finer = self._still_resolution.n_points > coarse
            self._must_refine = is_finer or self._is_unfinished  # there is time for more
        if self._state is RunState.RUNNING:
            self._must_refine = False

    def _publish(self, resolution: Resolution) -> None:
        still, attention = self._state is not RunState.RUNNING, self._attention
        self._machine.look(attention, Moment(), Look(resolution, self._clock, still=True))  # once; no part of a frame
        started, worked = self._clock(), self._processor_clock()
        # while blocked the lanes still have the last data they could be trained on, of which nothing is shown
        shown = () if self._state is RunState.BLOCKED else self._lanes
        # what takes long each lane has in turn while training, not all in one snapshot
        in_turn = min(self._lanes, key=lambda lane: lane.turn_due(attention), default=None)
        lanes = tuple(
            lane.snapshot(attention, Look(resolution, self._clock, still, still or lane is in_turn)) for lane in shown
        )
        if self._state is not RunState.DIVERGED and any(lane.divergence is not None for lane in lanes):
            self._state, self._must_refine = RunState.DIVERGED, True
        self._is_unfinished = any(lane.is_unfinished for lane in shown)
        self._tell(lanes, self._rate.at(started, self._epochs()) if self._state is RunState.RUNNING else 0.0)
        self._last_lanes, ended = lanes, self._clock()
        if not still:
            self._looking.measured(ended - started, self._processor_clock() - worked)
            self._pace.interval = self._looking.interval()
        self._pace.done(started, ended)

    def _tell(self, lanes: tuple[LaneSnapshot, ...], rate: float = 0.0) -> None:
        obstacle = self._experiment.obstacle() if self._experiment and self._state is RunState.BLOCKED else None
        seconds = self._stopwatch.look(goes_on=self._state is RunState.RUNNING)
        self._mailbox.put(
            Snapshot(
                self._run_id,
                self._state,
                lanes,
                obstacle,
                self._failure,
                rate,
                self._machine.readings,
                seconds,
                self._origin,
                self._left.numbers,
            )
        )

    def _is_heavy(self) -> bool:
        """True if it takes long to measure all that a snapshot shows of these lanes and points."""
        if self._experiment is None or self._state in (RunState.BLOCKED, RunState.FAILED):
            return False
        n_places = len(self._experiment.dataset) + (self._resolution.n_points if self._attention.view else 0)
        return n_places * sum(sum(config.hidden_layers) for config in self._experiment.lanes) > MANY_VALUES

    def _fail(self, error: BaseException) -> None:
        summary = f"{type(error).__name__}: {error}"
        self._failure = Failure(summary, "".join(traceback.format_exception(error)))
        self._state, self._lanes, self._last_lanes, self._resumed = RunState.FAILED, [], (), ()
        self._behind.clear()
        self._must_publish = self._must_refine = False
        self._mailbox.put(Snapshot(self._run_id, self._state, failure=self._failure, readings=self._machine.readings))


def has_diverged(lanes: list[Lane]) -> bool:
    """True if one of the lanes has."""
    return any(lane.trainer.divergence is not None for lane in lanes)
