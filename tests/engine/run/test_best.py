"""The best weights of a lane, the way back to them, and early stopping."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import toy_datasets
from engine.__main__ import main
from engine.config import Loss, Optimizer, TrainingConfig
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.run.attention import Attention, Question
from engine.run.commands import Attend, Pause, Resume, Start, Step, UseExperiment
from engine.run.history import Recorded, is_always_wanted
from engine.run.lane import Lane
from engine.run.lane_state import RUN_STATE, LaneState, RunMemory, fitting_into, size_of
from engine.run.snapshot import LaneSnapshot, RunState
from engine.training import Trainer
from tests.engine.run.test_worker import Idle, Stage, at_rest, epochs_reach

DATASET = toy_datasets.make("moons", n_samples=60, noise=0.45, seed=1, label_noise=0.15)
OVERFITS = TrainingConfig(hidden_layers=(12, 12), learning_rate=0.05, batch_size=None, validation_fraction=0.3)
SLOWER = replace(OVERFITS, learning_rate=0.02)
THREE = Experiment(DATASET, (OVERFITS, SLOWER, replace(SLOWER, dropout=0.2, optimizer=Optimizer.NESTEROV)))
BOTH = frozenset({1, 2})
PATIENT = replace(OVERFITS, patience=20)
VALUES = toy_datasets.make("sine", n_samples=60, noise=0.5, seed=2)


def lane_after(epochs: int, config: TrainingConfig = OVERFITS, dataset: Dataset = DATASET) -> Lane:
    lane = Lane(dataset, config)
    lane.record()
    go_on(lane, epochs)
    return lane


def go_on(lane: Lane, epochs: int) -> None:
    while lane.trainer.epochs_done < epochs and not lane.is_resting:
        lane.trainer.epoch()
        lane.record()


def again(state: LaneState, config: TrainingConfig = OVERFITS) -> Lane:
    return Lane(state.dataset, config, state=state)


def same_arrays(lane: Lane, other: Lane | Trainer) -> bool:
    trainer = other.trainer if isinstance(other, Lane) else other
    pairs = zip(lane.trainer.state().arrays(), trainer.state().arrays(), strict=True)
    return all(mine.tobytes() == others.tobytes() for mine, others in pairs)


def memory_of(stage: Stage) -> RunMemory:
    return next(found.value for shown in reversed(stage.snapshots) if (found := shown.readings.of(RUN_STATE)))


def ask(run: int = 1) -> Attend:
    return Attend(Attention(questions=(Question(RUN_STATE, 1, run=run),)))


def test_every_lane_goes_back_to_its_best_epoch_stays_there_and_goes_on_as_the_first_time() -> None:
    first = Stage(Start(1, THREE), Resume(until=80), Idle(), ask(), Idle())
    memory = memory_of(first)
    best = [lane.best_epoch for lane in first.last.lanes]
    assert len(set(best)) > 1
    for lane in first.last.lanes:
        assert lane.best_loss == np.nanmin(lane.history[:, 2])
        assert lane.best_epoch == int(np.nanargmin(lane.history[:, 2]))

    states = tuple(lane.at_best() for lane in memory)
    stage = Stage(
        *(Start(1, THREE), Resume(until=80), Idle(), Start(2, THREE, needed=BOTH, state=states), Idle()),
        *(Resume(until=80), Idle(), Start(1, THREE, needed=BOTH), Idle()),
    )  # fmt: skip
    back, on = at_rest(stage, 2)[0], at_rest(stage, 2)[-1]
    assert [lane.epochs for lane in back.lanes] == best
    for config, before, lane, later in zip(THREE.lanes, first.last.lanes, back.lanes, on.lanes, strict=True):
        trainer = Trainer(DATASET, config)
        while trainer.epochs_done < lane.epochs:
            trainer.epoch()
        assert lane.metrics == trainer.evaluate()
        assert (lane.best_epoch, lane.metrics.validation_loss) == (lane.epochs, before.best_loss)
        assert lane.history.tobytes() == before.history[: lane.epochs + 1].tobytes()
        assert later.history.tobytes() == before.history.tobytes()
        assert later.metrics == before.metrics
    assert [lane.epochs for lane in stage.last.lanes] == [80] * 3  # undo
    assert [lane.metrics for lane in stage.last.lanes] == [lane.metrics for lane in first.last.lanes]


def test_the_optimizer_goes_back_too_and_so_does_a_long_run_to_an_epoch_whose_row_is_gone() -> None:
    lane = lane_after(80, THREE.lanes[2])
    assert lane.best is not None
    trainer = Trainer(DATASET, THREE.lanes[2])
    while trainer.epochs_done < lane.best.epoch:
        trainer.epoch()
    state = lane.state()
    assert same_arrays(again(state.at_best(), THREE.lanes[2]), trainer)

    past = Recorded(state.past.table[::8], stride=8)  # as it is after more epochs
    found = replace(state, past=past).at_best().past
    assert found.stride == 1
    assert found.table[-1].tolist() == [lane.best.epoch, *lane.best.metrics.curve]
    assert is_always_wanted(lane.best.epoch)


@pytest.mark.parametrize("change", [{"loss": Loss.MSE}, {"validation_fraction": 0.4}])
def test_the_best_begins_anew_where_losses_do_not_compare(change: dict[str, object]) -> None:
    lane = lane_after(40)
    lane.use(DATASET, replace(OVERFITS, **change))  # type: ignore[arg-type]
    assert lane.best is None
    go_on(lane, 42)
    assert lane.best is not None
    assert lane.best.epoch > 40
    lane.use(DATASET.with_points([[0.0, 0.0]], 1), lane.trainer.config)
    assert lane.best is None


def test_other_settings_and_the_threshold_do_not_take_the_best_away() -> None:
    lane = lane_after(60)
    best = lane.best
    now = replace(OVERFITS, threshold=0.8, optimizer=Optimizer.SGD, l2=0.1)
    lane.use(DATASET, now)
    assert lane.best is best is not None
    back = again(lane.state().at_best(), now)
    assert back.trainer.config == now
    assert back.trainer.epochs_done == best.epoch
    assert [change.epoch for change in back.state().past.changes] == [best.epoch]  # other decisions from here on
    go_on(back, best.epoch)  # it rests
    back.wake()
    go_on(back, best.epoch + 3)
    assert back.trainer.epochs_done == best.epoch + 3


def test_without_points_for_validation_there_is_no_best_and_no_early_end() -> None:
    lane = lane_after(30, replace(PATIENT, validation_fraction=0.0, patience=1))
    assert (lane.best, lane.is_resting, lane.trainer.epochs_done) == (None, False, 30)
    at_rest = lane.state().at_best()
    assert (at_rest.network.epochs, at_rest.is_resting) == (30, True)


def test_the_best_is_left_out_where_there_is_no_room() -> None:
    memory = (lane_after(20).state(),)
    assert fitting_into(memory, size_of(memory)) is memory
    without = fitting_into(memory, size_of(memory) - 1)
    assert (without[0].best, without[0].network) == (None, memory[0].network)


# early stopping


def stopped(lanes: tuple[TrainingConfig, ...], tick: float = 1e-4, dataset: Dataset = DATASET) -> list[LaneSnapshot]:
    stage = Stage(Start(1, Experiment(dataset, lanes)), Resume(until=2_000), Idle(), tick=tick)
    assert stage.last.state is RunState.PAUSED
    return list(stage.last.lanes)


def test_a_run_stops_at_the_same_epoch_alone_and_beside_others_on_slow_machines_and_without_a_window() -> None:
    headless = lane_after(2_000, PATIENT)
    assert headless.has_stopped_early
    assert headless.best is not None
    end = headless.trainer.epochs_done
    assert end == headless.best.epoch + 20
    other = replace(PATIENT, learning_rate=0.02, patience=30)
    for lanes, tick in (((PATIENT,), 1e-4), ((PATIENT,), 3e-3), ((other, PATIENT, other), 1e-3)):
        shown = stopped(lanes, tick)
        assert all(lane.has_stopped_early for lane in shown)
        mine = shown[lanes.index(PATIENT)]
        assert (mine.epochs, mine.best_epoch, mine.history[-1, 0]) == (end, headless.best.epoch, end)
    assert len({lane.epochs for lane in shown}) == 2


def test_in_a_long_run_it_stops_where_every_history_has_a_row() -> None:
    lanes = tuple(replace(PATIENT, learning_rate=rate, patience=230) for rate in (0.05, 0.03))
    (alone,), beside = stopped(lanes[:1]), stopped(lanes)
    assert alone.epochs == beside[0].epochs > 230
    assert is_always_wanted(alone.epochs)
    assert alone.best_epoch is not None
    assert 0 <= alone.epochs - alone.best_epoch - 230 < 2


def test_a_lane_that_stops_waits_for_the_others_and_when_all_have_train_goes_on_for_as_long_again() -> None:
    endless = replace(SLOWER, patience=None)
    pair = Experiment(DATASET, (PATIENT, endless))
    stage = Stage(Start(1, pair), Resume(until=150), Idle(), Resume(until=170), Idle(), Step(), Idle())
    end = stopped((PATIENT,))[0].epochs
    assert [lane.epochs for lane in stage.last.lanes] == [end, 171]  # a pause does not take up what has stopped
    assert [lane.has_stopped_early for lane in stage.last.lanes] == [True, False]

    alone = Experiment(DATASET, (PATIENT,))
    stage = Stage(Start(1, alone), Resume(), Idle(), Resume(), Idle(), Step(), Idle())
    ends = sorted({shown.lanes[0].epochs for shown in at_rest(stage, 1)})
    assert ends == [end, end + 20, end + 21]
    assert stage.last.lanes[0].best_epoch == end - 20
    assert not stage.last.lanes[0].has_stopped_early


def test_other_points_or_another_patience_take_a_stopped_lane_up_again() -> None:
    lane = lane_after(2_000, PATIENT)
    lane.use(DATASET, replace(PATIENT, l2=0.001))
    assert lane.is_resting
    for dataset, config in (
        (DATASET.with_points([[0.0, 0.0]], 1), PATIENT),
        (DATASET, replace(PATIENT, patience=None)),
    ):
        other = again(lane.state(), PATIENT)
        assert other.has_stopped_early
        other.use(dataset, config)
        assert not other.is_resting


def test_values_stop_early_too() -> None:
    assert VALUES.target is Target.VALUES
    (lane,) = stopped((replace(PATIENT, patience=10),), dataset=VALUES)
    assert lane.best_epoch is not None
    assert lane.epochs == lane.best_epoch + 10


def test_a_run_that_was_left_while_it_rested_rests_when_it_comes_back() -> None:
    pair = Experiment(DATASET, (PATIENT, replace(SLOWER, patience=None)))
    stage = Stage(
        *(Start(1, pair), Resume(until=150), Idle(), Start(2, pair, needed=BOTH), Idle()),
        *(Start(1, pair, needed=BOTH), Idle(), UseExperiment(pair), Idle()),
    )  # fmt: skip
    assert stage.last.lanes[0].has_stopped_early
    assert stage.last.lanes[1].epochs == 150
    stage = Stage(Start(1, pair, running=True), epochs_reach(stage.last.lanes[0].epochs), Pause(), Idle())
    assert stage.last.lanes[0].has_stopped_early


def test_the_command_line_stops_there_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    options = ["--dataset", "moons", "--noise", "0.4", "--points", "60", "--learning-rate", "0.05", "--batch-size", "0"]
    assert main(["train", *options, "--epochs", "900", "--patience", "15"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["stopped_early"]
    assert result["epochs"] == result["best_epoch"] + 15 < 900
    assert result["best_validation_loss"] == min(result["history"]["validation_loss"])
