"""Pins: the numbers of places and of points of the data, by one pass."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from engine.config import Output, TrainingConfig
from engine.data.projection import Projection
from engine.dataset import Dataset
from engine.insight.inspection import inspect_point
from engine.insight.pins import Pin, Pinned, PinsRead, read_pins, standing_of
from engine.mlp.activations import Floats
from engine.toy_datasets import make
from engine.training import Trainer


def spiral(n_samples: int = 90) -> Dataset:
    return make("spiral", n_samples=n_samples, n_classes=3, noise=0.1, seed=2)


def trained(dataset: Dataset, config: TrainingConfig) -> Trainer:
    trainer = Trainer(dataset, config)
    trainer.epoch()
    trainer.evaluate()
    return trainer


def read(trainer: Trainer, dataset: Dataset, *pins: Pin) -> tuple[Pinned, ...]:
    assert trainer.losses is not None
    found = read_pins(trainer, dataset, trainer.losses, pins)
    assert found.dataset is dataset
    return found.pinned


def on(dataset: Dataset, row: int, number: int = 0) -> Pin:
    x, y = dataset.places[row].tolist()
    return Pin(number, (x, y))


def test_all_pins_are_read_by_one_pass_as_each_for_itself() -> None:
    dataset, config = spiral(), TrainingConfig(hidden_layers=(6, 5))
    trainer = trained(dataset, config)
    pins = (Pin(0, (0.25, -0.5)), on(dataset, 7, 1), Pin(3, (5.0, 5.0)))

    found = read(trainer, dataset, *pins)
    assert [pinned.pin for pinned in found] == list(pins)
    assert [pinned.row for pinned in found] == [None, 7, None]
    for pinned in found:
        label = None if pinned.row is None else int(dataset.labels[pinned.row])
        alone = inspect_point(trainer, pinned.pin.place, label)
        assert pinned.inspection is not None
        assert pinned.inspection.label == label
        assert pinned.inspection.loss == (None if alone.loss is None else pytest.approx(alone.loss, rel=1e-12))
        assert pinned.inspection.logits == pytest.approx(alone.logits, rel=1e-12)
    assert found[0].standing is None
    assert read(trainer, dataset) == ()
    assert [pin.letter for pin in pins] == ["A", "B", "D"]


@pytest.mark.parametrize("output", [Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS])
def test_a_point_has_its_share_of_the_mean_loss_and_a_rank(output: Output) -> None:
    dataset = spiral()
    trainer = trained(dataset, TrainingConfig(hidden_layers=(6,), output=output, validation_fraction=0.3))
    held_out = dataset.validation_mask(0.3)
    metrics = trainer.evaluate()

    for kind, mean in ((False, metrics.train_loss), (True, metrics.validation_loss)):
        rows = np.flatnonzero(held_out == kind)
        losses = [
            cast("float", inspect_point(trainer, dataset.points[row], int(dataset.labels[row])).loss) for row in rows
        ]
        assert sum(losses) / len(rows) == pytest.approx(mean)
        for row, loss in list(zip(rows, losses, strict=True))[:3]:
            standing = read(trainer, dataset, on(dataset, int(row)))[0].standing
            assert standing is not None
            assert (standing.is_validation, standing.n_points) == (kind, len(rows))
            assert standing.rank == 1 + sum(other > loss for other in losses)
            assert standing.share == pytest.approx(loss / sum(losses), rel=1e-4)


def test_of_points_at_one_place_the_uppermost_counts_and_one_that_is_erased_no_longer() -> None:
    dataset = spiral().with_points([[0.5, 0.25]] * 2, [1, 2])
    trainer = trained(dataset, TrainingConfig(hidden_layers=(4,)))
    pin = Pin(0, (0.5, 0.25))

    (pinned,) = read(trainer, dataset, pin)
    assert (pinned.row, pinned.inspection and pinned.inspection.label) == (91, 2)
    less = dataset.without(np.arange(92) >= 90)
    trainer.use(less, trainer.config)
    trainer.evaluate()
    (pinned,) = read(trainer, less, pin)
    assert (pinned.row, pinned.inspection and pinned.inspection.label) == (None, None)


def test_on_a_plane_of_many_features_a_point_has_all_of_its_own() -> None:
    points = np.random.default_rng(5).normal(size=(40, 5)).astype(np.float32)
    plane = Projection(np.zeros(5), np.ones(5), np.eye(5)[:, :2])
    dataset = Dataset(points, np.arange(40) % 2, ("a", "b"), projection=plane)
    trainer = trained(dataset, TrainingConfig(hidden_layers=(4,)))

    on_point, beside = read(trainer, dataset, on(dataset, 3), Pin(1, (0.1, 0.2)))
    assert on_point.inspection is not None
    assert beside.inspection is not None
    assert on_point.inspection.logits == pytest.approx(inspect_point(trainer, points[3]).logits)
    features = dataset.features_at([(0.1, 0.2)])[0]
    assert beside.inspection.logits == pytest.approx(inspect_point(trainer, features).logits)


@pytest.mark.parametrize("losses", [[0.0, 0.0, 0.0], [1.0, np.inf, 1.0], [np.nan, 1.0, 1.0]])
def test_losses_that_are_no_numbers_or_all_nothing_give_no_share(losses: list[float]) -> None:
    assert standing_of(cast("Floats", np.array(losses)), np.zeros(3, dtype=bool), 0) is None


def test_logits_without_bound_are_none_and_the_others_stay() -> None:
    dataset, config = spiral(), TrainingConfig(hidden_layers=(4,) * 12, activation="relu")  # type: ignore[arg-type]
    trainer = trained(dataset, config)
    trainer.load_weights([(np.full(w.shape, 3e38), b) for w, b in trainer.weights()])
    trainer.evaluate()

    assert isinstance(read_pins(trainer, dataset, np.ones(90), ()), PinsRead)
    found = read(trainer, dataset, on(dataset, 3))
    assert found[0].inspection is None
    assert found[0].standing is None
