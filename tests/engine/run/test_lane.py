"""A lane measures no more often than it must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Activation, Loss, Output, TrainingConfig
from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.field import View
from engine.insight.verdict import GRADIENT
from engine.mlp.pieces import CalledAway
from engine.run.attention import Attention
from engine.run.history import Measured
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.run.snapshot import AT_POINTER, LaneSnapshot
from tests.engine.reference import cloud

VIEW = View(0.0, 10.0, 0.0, 10.0, 300, 300, ((255, 0, 0), (0, 0, 255)), (255, 255, 255))
LABORATORY = Attention(wanted=frozenset({DIAGNOSIS}))


class Clock:
    """A clock on which every look takes a while."""

    def __init__(self, tick: float) -> None:
        self.now, self.tick = 0.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


class Fixed(Resolution):
    """A resolution that stays as it is."""

    def __init__(self, n_points: int) -> None:
        super().__init__(1.0)
        self.n_points = n_points

    def measured(self, n_points: int, seconds: float) -> None:
        pass


def test_a_finer_field_is_kept_as_long_as_nothing_moves() -> None:
    lane, clock = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-3)
    coarse, fine = Fixed(100), Fixed(2500)

    first = lane.snapshot(Attention(VIEW), Look(coarse, clock, still=True)).field
    second = lane.snapshot(Attention(VIEW), Look(fine, clock, still=True)).field
    third = lane.snapshot(Attention(VIEW, pointer=(1.0, 1.0)), Look(coarse, clock, still=True)).field

    assert first is not None
    assert second is not None
    assert second.pixels.size > first.pixels.size
    assert third is second


def test_another_view_or_another_step_makes_another_field() -> None:
    lane, clock, resolution = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-3), Resolution(1e-3)
    first = lane.snapshot(Attention(VIEW), Look(resolution, clock, still=True)).field

    elsewhere = lane.snapshot(Attention(replace(VIEW, right=5.0)), Look(resolution, clock, still=True)).field
    lane.trainer.epoch()
    later = lane.snapshot(Attention(replace(VIEW, right=5.0)), Look(resolution, clock, still=False)).field

    assert first is not None
    assert elsewhere is not None
    assert later is not None
    assert elsewhere.view.right == 5.0
    assert not np.array_equal(elsewhere.pixels, first.pixels)
    assert not np.array_equal(elsewhere.pixels, later.pixels)


def test_while_training_norms_are_measured_for_a_small_share_of_the_time() -> None:
    lane, clock, resolution = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-3), Resolution(1.0)
    measured = set()

    while clock.now < 2.0:
        lane.trainer.epoch()
        measured.add(lane.snapshot(Attention(), Look(resolution, clock, still=False)).readings.epoch(GRADIENT))

    assert 10 <= len(measured) <= 25  # about ten a second


def test_at_rest_norms_are_those_of_the_moment() -> None:
    lane, clock, resolution = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-6), Resolution(1.0)
    for _ in range(3):
        lane.trainer.epoch()
        snapshot = lane.snapshot(Attention(), Look(resolution, clock, still=True))

        assert snapshot.readings.epoch(GRADIENT) == snapshot.epochs
        np.testing.assert_array_equal(snapshot.gradient_norms, lane.trainer.gradient_norms())


def test_a_threshold_moves_the_field_and_says_of_what_the_probabilities_are() -> None:
    dataset, clock, resolution = cloud(60, 2), Clock(1e-3), Fixed(400)
    lane = Lane(dataset, TrainingConfig())
    for _ in range(20):
        lane.trainer.epoch()
    before = lane.snapshot(Attention(VIEW, pointer=(1.0, 1.0)), Look(resolution, clock, still=True))

    lane.use(dataset, TrainingConfig(threshold=0.7))
    after = lane.snapshot(Attention(VIEW, pointer=(1.0, 1.0)), Look(resolution, clock, still=True))

    assert before.field is not None
    assert after.field is not None
    assert not np.array_equal(before.field.pixels, after.field.pixels)
    np.testing.assert_array_equal(before.pointer, after.pointer)  # the probability itself is what it was


def test_a_snapshot_says_whether_probabilities_sum_to_one_and_what_the_layers_are() -> None:
    config = TrainingConfig(output=Output.INDEPENDENT_SIGMOIDS, layer_activations=(Activation.TANH,) * 3)
    clock, resolution = Clock(1e-3), Fixed(400)

    independent = Lane(cloud(60, 3), config).snapshot(
        Attention(pointer=(1.0, 1.0)), Look(resolution, clock, still=True)
    )
    usual = Lane(cloud(60, 3), TrainingConfig()).snapshot(Attention(), Look(resolution, clock, still=True))

    assert not independent.is_distribution
    assert independent.pointer is not None
    assert abs(float(independent.pointer.sum()) - 1) > 1e-3
    assert usual.is_distribution
    assert independent.activations == usual.activations == (Activation.TANH,) * 3


def seen(lane: Lane) -> LaneSnapshot:
    return lane.snapshot(Attention(), Look(Resolution(1e-3), Clock(1e-3), still=True))


BATCHES = TrainingConfig(batch_size=10)


@pytest.mark.parametrize(
    ("config", "what"),
    [
        (replace(BATCHES, loss=Loss.MSE), (Measured.LOSS,)),
        (replace(BATCHES, validation_fraction=0.5), (Measured.SPLIT,)),
        (replace(BATCHES, threshold=0.8), (Measured.THRESHOLD,)),
        (replace(BATCHES, loss=Loss.CROSS_ENTROPY, learning_rate=0.5, l2=0.1, dropout=0.1, batch_size=5), ()),
    ],
)
def test_settings_that_change_what_the_curves_mean_leave_both_values(
    config: TrainingConfig, what: tuple[Measured, ...]
) -> None:
    data = cloud(60, 2)
    lane = Lane(data, BATCHES)
    lane.trainer.epoch()
    lane.record()
    before = seen(lane)
    lane.use(data, config)
    after = seen(lane)

    assert [change.what for change in after.changes] == ([what] if what else [])
    if what:
        change = after.changes[0]
        assert change.epoch == 1
        np.testing.assert_array_equal(change.before, (1, *before.metrics.curve))
        np.testing.assert_array_equal(change.after, (1, *after.metrics.curve))


def test_other_points_are_a_change_and_other_names_and_colours_are_none() -> None:
    data = cloud(60, 2)
    lane = Lane(data, BATCHES)
    lane.trainer.epoch()
    lane.use(data.renamed(0, "hen").recoloured(1, 5), BATCHES)
    assert seen(lane).changes == ()
    lane.use(data.with_points([[0.0, 0.0]], 1), BATCHES)
    assert [change.what for change in seen(lane).changes] == [(Measured.DATA,)]


def test_a_snapshot_within_an_epoch_says_which_share_of_it_is_done() -> None:
    lane = Lane(cloud(60, 2), replace(BATCHES, validation_fraction=0.0))
    for _ in range(8):
        lane.trainer.step()
    snapshot = seen(lane)
    assert snapshot.epochs == 1
    assert snapshot.epoch_share == pytest.approx(2 / 6)


def test_a_snapshot_says_at_which_epoch_each_measure_was_made() -> None:
    lane, clock = Lane(cloud(60, 2), TrainingConfig()), Clock(10.0)

    def of_now(*, still: bool, has_turn: bool = True) -> LaneSnapshot:
        return lane.snapshot(LABORATORY, Look(Resolution(1e-3), clock, still, has_turn))

    of_now(still=True)
    lane.trainer.epoch()
    clock.tick = 0.0
    moving = of_now(still=False, has_turn=False)
    assert (moving.epochs, moving.readings.epoch(DIAGNOSIS)) == (1, 0)
    resting = of_now(still=True)
    assert (resting.epochs, resting.readings.epoch(GRADIENT), resting.readings.epoch(DIAGNOSIS)) == (1, 1, 1)


def test_the_probabilities_of_a_snapshot_name_their_place() -> None:
    lane = Lane(cloud(60, 2), TrainingConfig())
    snapshot = lane.snapshot(Attention(pointer=(0.5, -1.0)), Look(Resolution(1e-3), Clock(1e-3), still=True))
    answer = snapshot.readings.of(AT_POINTER)
    assert answer is not None
    assert answer.of == (0.5, -1.0)


def test_an_epoch_is_recorded_once_however_often_its_measuring_is_called_away() -> None:
    left = [0]

    def heed() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise CalledAway

    lane = Lane(cloud(60, 2), TrainingConfig(), heed=heed)
    lane.trainer.load_weights([(np.full_like(w, 1e38), np.full_like(b, 1e38)) for w, b in lane.trainer.weights()])
    n_called_away = 0
    while lane.trainer.divergence is None:  # one piece later each time
        left[0] = n_called_away + 1
        try:
            lane.record()
        except CalledAway:
            n_called_away += 1

    assert n_called_away > 1
    assert lane.history_table()[:, 0].tolist() == [0]


def test_a_snapshot_tells_the_rows_that_can_be_compared_and_of_how_many_points_they_are() -> None:
    dataset, config = cloud(50, 2), TrainingConfig(hidden_layers=(4,))
    lane, look = Lane(dataset, config), Look(Fixed(100), Clock(1e-3), still=True)

    def train_to(epoch: int) -> LaneSnapshot:
        for last in range(lane.trainer.epochs_done + 1, epoch + 1):
            lane.record()
            lane.train(1000, last, lambda: False)
        return lane.snapshot(Attention(), look)

    shown, n_validation = train_to(3), int(dataset.validation_mask(config.validation_fraction).sum())
    assert (shown.n_training, shown.n_validation) == (50 - n_validation, n_validation)
    assert shown.since_change[:, 0].tolist() == [0, 1, 2, 3]

    lane.use(dataset, replace(config, validation_fraction=0.5))
    lane.snapshot(Attention(), look)
    shown = train_to(4)
    assert shown.since_change[:, 0].tolist() == [3, 4]  # epoch 3 is measured by the other split, too
    assert shown.since_change[-1, 1] == shown.metrics.train_loss
    assert shown.n_validation == int(dataset.validation_mask(0.5).sum())
