"""The table of what is measured, and a measurement that is planted in it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.config import Loss, Output, TrainingConfig
from engine.dataset import empty_dataset
from engine.insight.field import FIELD, View
from engine.insight.measurement import Measurement
from engine.insight.neighbours import NEIGHBOURS, vote_of_neighbours
from engine.insight.outcomes import OUTCOMES
from engine.insight.pins import PINS, Pin, PinsRead
from engine.insight.quantity import Quantity, Reading, Readings
from engine.insight.survey import Mesh
from engine.insight.verdict import GRADIENT
from engine.machines.kind import MachineKind
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane, loss_kind
from engine.run.measurements import OF_A_LANE, OF_THE_MACHINE, Row, Scene
from engine.run.pace import Resolution
from engine.training import Trainer
from tests.engine.reference import cloud
from tests.engine.run.test_lane import Clock

LARGEST: Quantity[float] = Quantity("largest_weight")


def test_every_quantity_has_one_row_and_a_name_of_its_own() -> None:
    names = [row.quantity.name for row in (*OF_A_LANE, *OF_THE_MACHINE)]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("n_lanes", [1, 2, 3, 4])
def test_lanes_share_the_time_that_may_be_spent_on_what_takes_long(n_lanes: int) -> None:
    paced = [row for row in OF_A_LANE if 0 < row.interval < math.inf]
    shares = []
    for row in paced:
        pace = row.pace(n_lanes)
        pace.done(0.0, 1.0)  # a second of it is made up for by so many of training
        shares.append(n_lanes / pace.due)

    assert paced
    assert sum(shares) == pytest.approx(0.042)


def test_the_gradient_of_several_lanes_is_measured_less_often() -> None:
    (row,) = [row for row in OF_A_LANE if row.quantity.name == "gradient"]

    assert (row.pace(1).interval, row.pace(3).interval) == (0.1, 0.3)


class Planted:
    """A lane in whose table stands a row of a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **how: object) -> None:
        self.n_measured = 0
        row = Row(LARGEST, self.largest_weight, **how)  # type: ignore[arg-type]
        monkeypatch.setattr("engine.run.measurements.OF_A_LANE", (*OF_A_LANE, row))
        self.lane, self.clock = Lane(cloud(60, 2), TrainingConfig()), Clock(0.0)

    def largest_weight(self, scene: Scene, _of: object) -> float:
        self.n_measured += 1
        return max(float(np.abs(weights).max()) for weights, _ in scene.trainer.weights())

    def look(self, *, still: bool, is_wanted: bool = True) -> float | None:
        wanted = frozenset({LARGEST} if is_wanted else ())
        snapshot = self.lane.snapshot(Attention(wanted=wanted), Look(Resolution(1.0), self.clock, still))
        return snapshot.readings.value(LARGEST)


def test_a_planted_row_is_measured_and_shown_by_nothing_but_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(monkeypatch)
    planted.lane.trainer.epoch()

    assert planted.look(still=False) == planted.largest_weight(planted.lane._scene, True)


def test_what_nobody_sees_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(monkeypatch)
    for still in (True, False):
        planted.lane.trainer.epoch()
        assert planted.look(still=still, is_wanted=False) is None

    assert planted.n_measured == 0


def test_what_stands_still_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(monkeypatch)
    for _ in range(3):
        planted.look(still=True)
    planted.lane.trainer.epoch()
    planted.look(still=True)

    assert planted.n_measured == 2


def test_between_two_measurements_lies_the_interval_while_training_and_none_at_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planted = Planted(monkeypatch, interval=1.0)
    planted.clock.tick = 0.01
    seen = []
    for still in (False, False, True):
        planted.lane.trainer.epoch()
        planted.look(still=still)
        seen.append(planted.n_measured)
    planted.lane.trainer.epoch()
    planted.clock.now += 1.0
    planted.look(still=False)

    assert seen == [1, 1, 2]
    assert planted.n_measured == 3


def test_what_is_measured_once_stays_until_the_data_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(monkeypatch, interval=math.inf, at_rest=False)
    first = planted.look(still=False)
    for still in (False, True):
        planted.lane.trainer.epoch()
        assert planted.look(still=still) == first
    planted.lane.use(cloud(50, 2), TrainingConfig())

    assert planted.look(still=False) != first
    assert planted.n_measured == 2


def test_the_vote_of_neighbours_is_counted_once_for_data_and_a_split_to_its_end() -> None:
    dataset, config = cloud(400, 2), TrainingConfig(validation_fraction=0.2)
    lane, clock = Lane(dataset, config), Clock(1.0)  # every portion is of one piece

    def looked(n_looks: int) -> Reading[float] | None:
        attention, reading = Attention(wanted=frozenset({NEIGHBOURS})), None
        for _ in range(n_looks):
            lane.trainer.epoch()
            reading = lane.snapshot(attention, Look(Resolution(1.0), clock, still=False)).readings.of(NEIGHBOURS)
        return reading

    def of_split(fraction: float) -> float:
        return Measurement(vote_of_neighbours(dataset, ~dataset.validation_mask(fraction))).finished()

    assert looked(1) is None
    first = looked(6)
    assert first is not None
    assert first.value == of_split(0.2)
    assert looked(3) is first
    lane.use(dataset, replace(config, validation_fraction=0.5))
    other = looked(6)
    assert other is not None
    assert other.value == of_split(0.5) != first.value


def test_what_is_kept_over_time_is_measured_from_the_start_though_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Planted(monkeypatch, over_time=lambda value: np.array([value]))
    planted.lane.record()
    planted.look(still=False, is_wanted=False)
    planted.lane.trainer.epoch()
    planted.look(still=False, is_wanted=False)
    snapshot = planted.lane.snapshot(Attention(), Look(Resolution(1.0), planted.clock, still=False))
    epochs, values = snapshot.readings.timeline(LARGEST)

    assert epochs.tolist() == [0, 1]
    assert values.shape == (2, 1)
    assert values[1, 0] == snapshot.readings.value(LARGEST)


def test_another_threshold_alone_has_only_that_measured_anew_which_depends_on_it() -> None:
    dataset, config = cloud(60, 2), TrainingConfig()
    lane, clock = Lane(dataset, config), Clock(0.0)
    view = View(-1, 1, -1, 1, 40, 40, ((0, 0, 0),) * 10, (9, 9, 9))

    def looked() -> Readings:
        attention = Attention(view=view, wanted=frozenset({OUTCOMES}))
        return lane.snapshot(attention, Look(Resolution(1.0), clock, still=True)).readings

    first = looked()
    lane.use(dataset, replace(config, threshold=0.7))
    second = looked()
    lane.use(dataset, replace(config, threshold=0.7, l2=0.1))
    third = looked()

    assert first.of(FIELD) is not second.of(FIELD)
    assert first.of(OUTCOMES) is second.of(OUTCOMES)
    assert first.of(GRADIENT) is second.of(GRADIENT)
    assert second.of(OUTCOMES) is not third.of(OUTCOMES)


def test_pins_are_read_only_while_a_view_shows_them_and_their_shares_are_of_the_losses_of_now() -> None:
    dataset = cloud(40, 2)
    x, y = dataset.places[7].tolist()
    lane, pin = Lane(dataset, TrainingConfig(validation_fraction=0.0)), Pin(0, (x, y))

    def looked(*wanted: Quantity[PinsRead]) -> PinsRead | None:
        attention = Attention(pins=(pin,), wanted=frozenset(wanted))
        return lane.snapshot(attention, Look(Resolution(1.0), Clock(0.0), still=True)).readings.value(PINS)

    assert looked() is None
    lane.trainer.losses = None  # as in a run that goes on, whose metrics are known
    found = looked(PINS)
    assert found is not None
    (pinned,) = found.pinned
    assert pinned.row == 7
    assert pinned.inspection is not None
    assert pinned.standing is not None
    n_training, mean = lane.trainer.n_training, lane.trainer.evaluate().train_loss
    assert pinned.inspection.loss == pytest.approx(pinned.standing.share * n_training * mean, rel=1e-4)


@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
def test_losses_are_of_one_kind_only_where_they_can_be_compared(loss: Loss) -> None:
    dataset = empty_dataset()
    kinds = {output: loss_kind(TrainingConfig(output=output, loss=loss), dataset) for output in Output}

    assert kinds[Output.AUTO] == kinds[Output.SIGMOID]
    assert (kinds[Output.SIGMOID] == kinds[Output.SOFTMAX]) is (loss is Loss.CROSS_ENTROPY)
    assert kinds[Output.INDEPENDENT_SIGMOIDS] not in (kinds[Output.SIGMOID], kinds[Output.SOFTMAX])
    assert loss_kind(TrainingConfig(loss=loss), dataset)[0] is loss


def test_a_field_asks_the_machine_of_torch_for_few_points_that_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(cloud(60, 2), TrainingConfig(hidden_layers=(8,)), machine=MachineKind.TORCH)
    asked, probabilities = list[int](), trainer.probabilities_at

    def ask(inputs: torch.Tensor) -> NDArray[np.float32]:
        asked.append(inputs.shape[1])
        return probabilities(inputs)

    monkeypatch.setattr(trainer, "probabilities_at", ask)
    view = View(-2, 2, -2, 2, 64, 64, ((0, 0, 255), (255, 0, 0)), (255, 255, 255))

    Scene(trainer, cloud(60, 2)).survey(view, Mesh(20, 21), 4.0)

    assert asked[0] == 448  # 420 nodes, in whole pieces
