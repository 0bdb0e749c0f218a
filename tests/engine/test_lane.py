"""A lane measures no more often than it must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.config import Activation, Output, TrainingConfig
from engine.field import View
from engine.lane import Lane
from engine.pace import Resolution
from tests.engine.reference import cloud

VIEW = View(0.0, 10.0, 0.0, 10.0, 300, 300, ((255, 0, 0), (0, 0, 255)), (255, 255, 255))


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

    first = lane.snapshot(VIEW, None, coarse, clock, still=True).field
    second = lane.snapshot(VIEW, None, fine, clock, still=True).field
    third = lane.snapshot(VIEW, (1.0, 1.0), coarse, clock, still=True).field

    assert first is not None
    assert second is not None
    assert second.pixels.size > first.pixels.size
    assert third is second


def test_another_view_or_another_step_makes_another_field() -> None:
    lane, clock, resolution = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-3), Resolution(1e-3)
    first = lane.snapshot(VIEW, None, resolution, clock, still=True).field

    elsewhere = lane.snapshot(replace(VIEW, right=5.0), None, resolution, clock, still=True).field
    lane.trainer.epoch()
    later = lane.snapshot(replace(VIEW, right=5.0), None, resolution, clock, still=False).field

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
        measured.add(lane.snapshot(None, None, resolution, clock, still=False).gradient_epoch)

    assert 10 <= len(measured) <= 25  # about ten a second


def test_at_rest_norms_are_those_of_the_moment() -> None:
    lane, clock, resolution = Lane(cloud(60, 2), TrainingConfig()), Clock(1e-6), Resolution(1.0)
    for _ in range(3):
        lane.trainer.epoch()
        snapshot = lane.snapshot(None, None, resolution, clock, still=True)

        assert snapshot.gradient_epoch == snapshot.epochs
        np.testing.assert_array_equal(snapshot.gradient_norms, lane.trainer.gradient_norms())


def test_a_threshold_moves_the_field_and_says_of_what_the_probabilities_are() -> None:
    dataset, clock, resolution = cloud(60, 2), Clock(1e-3), Fixed(400)
    lane = Lane(dataset, TrainingConfig())
    for _ in range(20):
        lane.trainer.epoch()
    before = lane.snapshot(VIEW, (1.0, 1.0), resolution, clock, still=True)

    lane.use(dataset, TrainingConfig(threshold=0.7))
    after = lane.snapshot(VIEW, (1.0, 1.0), resolution, clock, still=True)

    assert before.field is not None
    assert after.field is not None
    assert not np.array_equal(before.field.pixels, after.field.pixels)
    np.testing.assert_array_equal(before.pointer, after.pointer)  # the probability itself is what it was


def test_a_snapshot_says_whether_probabilities_sum_to_one_and_what_the_layers_are() -> None:
    config = TrainingConfig(output=Output.INDEPENDENT_SIGMOIDS, layer_activations=(Activation.TANH,) * 3)
    clock, resolution = Clock(1e-3), Fixed(400)

    independent = Lane(cloud(60, 3), config).snapshot(None, (1.0, 1.0), resolution, clock, still=True)
    usual = Lane(cloud(60, 3), TrainingConfig()).snapshot(None, None, resolution, clock, still=True)

    assert not independent.is_distribution
    assert independent.pointer is not None
    assert abs(float(independent.pointer.sum()) - 1) > 1e-3
    assert usual.is_distribution
    assert independent.activations == usual.activations == (Activation.TANH,) * 3
