"""The curves of the networks of a study."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import Optimizer, TrainingConfig
from engine.studies.curves import as_numbers, curves_as_json, recorded_epochs, train
from engine.training import Trainer

MOONS = toy_datasets.make("moons", n_samples=40, seed=1)
CONFIG = TrainingConfig(hidden_layers=(4,), batch_size=16, validation_fraction=0.3)


@pytest.mark.parametrize("epochs", [1, 7, 150, 151, 299, 300, 301, 10_000, 999_999])
def test_the_first_and_the_last_epoch_are_recorded_and_few_at_even_distances_between(epochs: int) -> None:
    recorded = recorded_epochs(epochs)

    assert (recorded[0], recorded[-1]) == (0, epochs)
    assert min(epochs + 1, 76) <= len(recorded) <= 151
    distances = np.diff(recorded)
    assert (distances[:-1] == distances[0]).all()
    assert 0 < distances[-1] <= distances[0]


def test_the_curves_are_those_of_a_trainer_led_by_hand_whatever_patience_says() -> None:
    trainer = Trainer(MOONS, CONFIG)
    rows = [trainer.evaluate().curve]
    for _ in range(12):
        trainer.epoch()
        rows.append(trainer.evaluate().curve)

    patient = TrainingConfig(hidden_layers=(4,), batch_size=16, validation_fraction=0.3, patience=1)
    np.testing.assert_array_equal(train(Trainer(MOONS, patient), 12), rows)


def test_other_points_stand_in_the_place_of_those_for_validation() -> None:
    other = toy_datasets.make("moons", n_samples=30, seed=2)
    curves, usual = train(Trainer(MOONS, CONFIG), 3, other), train(Trainer(MOONS, CONFIG), 3)
    trainer = Trainer(MOONS, CONFIG)
    for _ in range(3):
        trainer.epoch()

    np.testing.assert_array_equal(curves[:, ::2], usual[:, ::2])
    assert tuple(curves[-1, 1::2]) == trainer.evaluate_on(other)


def test_after_a_divergence_there_are_no_numbers() -> None:
    config = TrainingConfig(hidden_layers=(4,), activation="linear", optimizer=Optimizer.SGD, learning_rate=1e5)  # type: ignore[arg-type]
    trainer = Trainer(MOONS, config)
    curves = train(trainer, 100)

    assert trainer.divergence is not None
    assert len(curves) == 101
    assert np.isfinite(curves[0]).all()
    assert np.isnan(curves[-1]).all()


def test_a_loss_that_is_not_finite_ends_a_run_though_no_step_has_diverged() -> None:
    trainer = Trainer(MOONS, CONFIG)
    trainer.load_weights([(1e38 * np.ones_like(weight), bias) for weight, bias in trainer.weights()])

    assert np.isnan(train(trainer, 2)).all()
    assert (trainer.divergence is not None, trainer.steps_done) == (True, 0)


def test_curves_are_told_by_name_and_what_is_not_finite_is_none() -> None:
    curves = np.array([[0.5, math.nan, 0.25, math.inf], [1.0, 2.0, 3.0, 4.0]])

    told = curves_as_json(1, curves, has_values=False)
    assert json.loads(json.dumps(told, allow_nan=False)) == {
        "epochs": [0, 1], "train_loss": [0.5, 1.0], "validation_loss": [None, 2.0], "train_accuracy": [0.25, 3.0],
        "validation_accuracy": [None, 4.0],
    }  # fmt: skip
    assert list(curves_as_json(1, curves, has_values=True))[3:] == ["train_r2", "validation_r2"]
    assert as_numbers([[1, math.inf]]) == [[1.0, None]]
