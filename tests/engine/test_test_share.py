"""The points that are kept back for a test: who they are, and that nothing counts them before they are revealed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.data.shares import Role, Shares, roles_of, shares_of
from engine.dataset import Dataset
from engine.experiment import Experiment, ExperimentError, as_json, from_json, load, save
from engine.insight.neighbours import NEIGHBOURS
from engine.insight.outcomes import OUTCOMES, Split
from engine.insight.pins import PINS, Pin
from engine.insight.revealed import REVEALED
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.run.snapshot import MISCLASSIFIED, LaneSnapshot
from engine.training import Trainer, metrics_on

DATASET = toy_datasets.make("moons", n_samples=120, noise=0.3, seed=3)
VALUES = toy_datasets.make("sine", n_samples=120, noise=0.2, seed=3)
CONFIG = TrainingConfig(hidden_layers=(6,), validation_fraction=0.2, test_fraction=0.25, learning_rate=0.05)
WITHOUT = replace(CONFIG, test_fraction=0.0)


def roles(dataset: Dataset = DATASET, config: TrainingConfig = CONFIG) -> np.ndarray:
    return roles_of(dataset.serials, shares_of(config))


def seen(dataset: Dataset = DATASET) -> Dataset:
    """The points that are no test."""
    return dataset.without(roles(dataset) == Role.TEST)


def shown(lane: Lane, *pins: Pin) -> LaneSnapshot:
    lane.trainer.epoch()
    attention = Attention(wanted=frozenset({OUTCOMES, PINS, REVEALED, MISCLASSIFIED, NEIGHBOURS}), pins=pins)
    return lane.snapshot(attention, Look(Resolution(1.0), lambda: 0.0, still=True))


def test_every_point_has_one_role_and_a_larger_share_only_takes_points_from_training() -> None:
    before = roles_of(DATASET.serials, Shares(0.1))
    for validation, test in ((0.1, 0.1), (0.1, 0.3), (0.2, 0.3), (0.5, 0.5)):
        now = roles_of(DATASET.serials, Shares(validation, test))
        assert np.bincount(now, minlength=3) / len(DATASET) == pytest.approx(
            [1 - validation - test, validation, test], abs=0.03
        )
        assert (now[before != Role.TRAINING] == before[before != Role.TRAINING]).all()
        np.testing.assert_array_equal(now == Role.VALIDATION, DATASET.validation_mask(validation))
        before = now
    changed = DATASET.without(np.arange(120) % 7 == 0).with_points([[0.0, 0.0]], 1)
    known = np.isin(changed.serials, DATASET.serials)
    old = dict(zip(DATASET.serials.tolist(), roles().tolist(), strict=True))
    assert roles(changed)[known].tolist() == [old[serial] for serial in changed.serials[known].tolist()]


@pytest.mark.parametrize("dataset", [DATASET, VALUES])
def test_a_network_is_trained_and_measured_as_if_the_test_were_not_there(dataset: Dataset) -> None:
    trainer, other = Trainer(dataset, CONFIG), Trainer(seen(dataset), WITHOUT)
    for each in (trainer, other):
        for _ in range(5):
            each.epoch()
    assert str(trainer.evaluate()) == str(other.evaluate())
    assert trainer.gradient_norms().tobytes() == other.gradient_norms().tobytes()
    assert (trainer.n_training, trainer.n_validation) == (other.n_training, other.n_validation)
    back = dataset.without(roles(dataset) != Role.TEST)
    assert str(metrics_on(trainer, back)) == str(metrics_on(other, back))
    if not dataset.has_values:
        np.testing.assert_array_equal(trainer.report().confusion, other.report().confusion)


def test_no_view_counts_the_test_until_it_is_asked_for() -> None:
    is_test = roles() == Role.TEST
    back, free = int(np.flatnonzero(is_test)[0]), int(np.flatnonzero(~is_test)[0])
    places = [(float(x), float(y)) for x, y in DATASET.places[[back, free]]]
    lane, other = Lane(DATASET, CONFIG), Lane(seen(), WITHOUT)
    mine, plain = (shown(each, *(Pin(number, place) for number, place in enumerate(places))) for each in (lane, other))
    outcomes, others = mine.readings.value(OUTCOMES), plain.readings.value(OUTCOMES)
    assert outcomes is not None
    assert others is not None
    for split in Split:
        assert not outcomes.mask(split)[is_test].any()
        np.testing.assert_array_equal(outcomes.report(split, 0.5).confusion, others.report(split, 0.5).confusion)
    assert not outcomes.signals[is_test].any()
    wrong, others_wrong = mine.readings.value(MISCLASSIFIED), plain.readings.value(MISCLASSIFIED)
    assert wrong is not None
    assert others_wrong is not None
    np.testing.assert_array_equal(wrong.mask[~is_test], others_wrong.mask)
    assert not wrong.mask[is_test].any()
    read, others_read = mine.readings.value(PINS), plain.readings.value(PINS)
    assert read is not None
    assert others_read is not None
    assert read.pinned[0].row is None
    assert read.pinned[1].standing == others_read.pinned[1].standing is not None
    assert mine.readings.value(NEIGHBOURS) == plain.readings.value(NEIGHBOURS)
    found = mine.readings.value(REVEALED)
    assert found is not None
    assert found.n_points == int(is_test.sum())
    assert (found.metrics.train_loss, found.metrics.train_accuracy) == lane.trainer.evaluate_on(
        DATASET.without(~is_test)
    )
    none = plain.readings.value(REVEALED)
    assert none is not None
    assert none.n_points == 0


def test_a_share_that_leaves_one_class_to_train_on_is_an_obstacle() -> None:
    few = DATASET.without(np.arange(120) >= 2)
    assert Experiment(few, (replace(CONFIG, validation_fraction=0.0, test_fraction=0.5),)).obstacle() is not None


def test_looks_at_the_test_are_in_the_file_which_older_versions_then_refuse(tmp_path: Path) -> None:
    experiment, path = Experiment(DATASET, (CONFIG,)), tmp_path / "lesson.json"
    assert "test_looks" not in as_json(experiment)
    looked = replace(experiment, test_looks=3)
    save(path, looked)
    assert load(path) == looked
    assert (as_json(experiment)["format"], as_json(looked)["format"]) == (1, 4)
    for wrong in (-1, True, "3", 1.5):
        with pytest.raises(ExperimentError, match="test_looks"):
            from_json(as_json(experiment) | {"test_looks": wrong})
