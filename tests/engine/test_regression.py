"""Values are learned as classes are: least squares, metrics, curves, files, and what cannot be done."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression
from torch import nn

from engine import toy_datasets
from engine.config import Optimizer, Schedule, ToyDataset, TrainingConfig, ValueLoss
from engine.data.projection import plane_for
from engine.data.targets import Target
from engine.dataset import Dataset, DatasetError
from engine.errors import InputError
from engine.experiment import Experiment, Obstacle, from_json, load, save
from engine.formats.npz import load_npz, save_npz
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.insight.field import View
from engine.insight.inspection import inspect_point
from engine.insight.outcomes import OUTCOMES
from engine.insight.pins import PINS
from engine.machines.kind import MachineKind
from engine.mlp.losses import LinearOutput
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.training import Trainer
from tests.engine.reference import cloud

CURVES = [kind for kind in ToyDataset if toy_datasets.ROWS[kind].curve is not None]
LINE = TrainingConfig(hidden_layers=(), batch_size=None, validation_fraction=0.0)
VIEW = View(-1, 1, -1, 1, 200, 100, ((200, 0, 0), (0, 0, 200)), (250, 251, 252))


def prices(n_points: int = 60) -> Dataset:
    """Values that are large numbers, far from standardised."""
    generator = np.random.default_rng(3)
    size = generator.uniform(40, 200, n_points)
    price = 90_000 + 2_500 * size + generator.normal(scale=30_000, size=n_points)
    points = np.column_stack([size, price]).astype(np.float32)
    labels = np.arange(n_points) % 2
    return Dataset(points, labels, ("A", "B"), projection=plane_for(points), target=Target.VALUES)


@pytest.mark.parametrize("machine", MachineKind)
@pytest.mark.parametrize("optimizer", [Optimizer.SGD, Optimizer.ADAM])
def test_a_network_without_hidden_layers_ends_at_least_squares(machine: MachineKind, optimizer: Optimizer) -> None:
    dataset = prices()
    config = replace(LINE, optimizer=optimizer, learning_rate=0.1, schedule=Schedule.COSINE, schedule_epochs=400)
    trainer = Trainer(dataset, config, torch.float64, machine=machine)
    while trainer.epochs_done < 400:
        trainer.epoch()
    size, price = dataset.points.astype(np.float64).T
    best = LinearRegression().fit(size[:, None], price)
    places = np.array([[40.0], [120.0], [200.0]])
    np.testing.assert_allclose(trainer.predictions(places), best.predict(places), rtol=1e-4)
    assert trainer.evaluate().train_r2 == pytest.approx(best.score(size[:, None], price), abs=1e-6)


@pytest.mark.parametrize("delta", [0.1, 1.0, 5.0])
def test_the_losses_of_points_and_of_their_mean_are_those_of_torch(delta: float) -> None:
    generator = torch.Generator().manual_seed(1)
    logits, targets = (torch.randn((1, 50), generator=generator, dtype=torch.float64) * 2 for _ in range(2))
    weights = torch.rand(50, generator=generator, dtype=torch.float64)
    for loss, reference in (
        (ValueLoss.MSE, nn.MSELoss(reduction="none")),
        (ValueLoss.HUBER, nn.HuberLoss(reduction="none", delta=delta)),
    ):
        output = LinearOutput(loss, delta)
        torch.testing.assert_close(output.losses(logits, targets), reference(logits, targets)[0])
        middle = (targets[0] * weights).sum() / weights.sum()
        of_mean = reference(middle.expand(1, 50), targets)[0]
        assert output.chance_loss(targets, weights) == pytest.approx(float((of_mean * weights).sum() / weights.sum()))


def test_no_constant_is_better_than_the_mean_by_r2() -> None:
    trainer = Trainer(prices(), replace(LINE, validation_fraction=0.4))
    metrics = trainer.evaluate()
    assert metrics.curve == (metrics.train_loss, metrics.validation_loss, metrics.train_r2, metrics.validation_r2)
    assert np.isnan([metrics.train_accuracy, metrics.validation_accuracy]).all()
    trainer.load_weights([([[0.0]], [0.0])])
    assert trainer.evaluate().train_r2 == pytest.approx(0.0, abs=1e-6)
    assert trainer.evaluate().train_loss == pytest.approx(1.0, rel=1e-6)  # of the standardised values
    values = prices().points[~prices().validation_mask(0.4), 1].astype(np.float64)
    assert trainer.evaluate().train_rmse == pytest.approx(values.std(), rel=1e-6)


def test_equal_values_have_no_r2_and_can_be_learned() -> None:
    dataset = Dataset([[0, 2], [1, 2], [2, 2]], [0, 0, 1], ("A", "B"), target=Target.VALUES)  # type: ignore[arg-type]
    trainer = Trainer(dataset, replace(LINE, optimizer=Optimizer.SGD, learning_rate=0.3))
    for _ in range(60):
        trainer.epoch()
    assert np.isnan(trainer.evaluate().train_r2)
    np.testing.assert_allclose(trainer.predictions([[5.0]]), 2.0, atol=1e-4)


@pytest.mark.parametrize("kind", CURVES)
def test_a_toy_curve_is_its_truth_and_noise_of_the_size_that_was_asked_for(kind: ToyDataset) -> None:
    truth = toy_datasets.ROWS[kind].curve
    assert truth is not None
    plain, noisy = (toy_datasets.make(kind, n_samples=2_000, n_classes=3, noise=noise, seed=5) for noise in (0, 0.5))
    assert plain.target is noisy.target is Target.VALUES
    np.testing.assert_allclose(plain.points[:, 1], truth(plain.points[:, 0].astype(np.float64)), atol=1e-6)
    error = noisy.points[:, 1] - truth(noisy.points[:, 0].astype(np.float64))
    assert error.std() == pytest.approx(0.1, rel=0.06)
    assert abs(error.mean()) < 0.01
    assert noisy.class_counts().tolist() == [667, 667, 666]
    assert all(error[noisy.labels == label].max() <= error[noisy.labels == label + 1].min() for label in range(2))
    assert np.abs(noisy.points).max() < 1.3


def test_a_value_is_learned_only_of_points_on_a_plane() -> None:
    with pytest.raises(DatasetError, match="a value is learned of points that have two"):
        replace(cloud(9, 2, n_features=3), target=Target.VALUES)
    with pytest.raises(InputError, match="target is 'prices'; it must be one of classes, values"):
        replace(cloud(9, 2), target="prices")  # type: ignore[arg-type]


def test_edits_keep_what_is_learned_and_another_target_is_another_dataset() -> None:
    dataset = prices()
    assert dataset != replace(dataset, target=Target.CLASSES)
    changed = dataset.with_points([[1, 2]], 0).moved(np.arange(61) < 3, (1, 1)).without(np.arange(61) > 50)
    for edited in (
        changed,
        changed.renamed(0, "C"),
        changed.with_class(),
        changed.with_class().without_class(1),
        changed.cleared(),
    ):
        assert edited.target is Target.VALUES
        assert edited.n_inputs == 1


def test_a_run_of_classes_does_not_go_on_with_values() -> None:
    classes = replace(prices(), target=Target.CLASSES)
    trainer, before, after = Trainer(classes, LINE), Experiment(classes, (LINE,)), Experiment(prices(), (LINE,))
    assert not after.goes_on_from(before)
    with pytest.raises(InputError, match="The network learns values, or classes; the dataset has the other"):
        trainer.use(prices(), LINE)


def test_points_at_one_x_have_no_curve() -> None:
    dataset = Dataset([[1, 0], [1, 1], [1, 2]], [0, 1, 0], ("A", "B"), target=Target.VALUES)  # type: ignore[arg-type]
    assert Experiment(dataset, (LINE,)).obstacle() is Obstacle.ONE_X
    assert Experiment(dataset.cleared(), (LINE,)).obstacle() is Obstacle.NO_POINTS
    of_one_class = dataset.with_points([[2, 2]], 0).relabelled(np.ones(4, dtype=bool), 0)
    assert Experiment(of_one_class, (LINE,)).obstacle() is None


def test_files_keep_what_is_learned(tmp_path: Path) -> None:
    experiment = Experiment(prices(), (LINE,), "prices")
    save(tmp_path / "a.json", experiment)
    assert load(tmp_path / "a.json") == experiment
    table = json.loads((tmp_path / "a.json").read_text())
    assert (table["format"], table["dataset"]["target"]) == (3, "values")  # which older versions refuse
    save_npz(tmp_path / "a.npz", experiment.dataset)
    assert load_npz(tmp_path / "a.npz") == experiment.dataset
    write_recovery(tmp_path / "a.recovery", experiment, None)
    assert read_recovery(tmp_path / "a.recovery")[0] == experiment
    for wrong in (7, "values ", None):
        table["dataset"]["target"] = wrong
        with pytest.raises(InputError, match="target is"):
            from_json(table)


def test_the_plane_shows_the_curve_of_the_values_and_the_pointer_one_of_them() -> None:
    lane = Lane(prices(), replace(LINE, hidden_layers=(4,)))
    look = Look(Resolution(1.0), time.monotonic, still=True)
    attention = Attention(view=VIEW, pointer=(0.5, 3.0), wanted=frozenset({OUTCOMES, PINS}))
    snapshot = lane.snapshot(attention, look)
    assert snapshot.has_values
    assert snapshot.field is not None
    assert snapshot.field.pixels.tolist() == [[0xFFFAFBFC]]
    plane = prices().projection
    assert plane is not None
    ends = snapshot.field.boundary.reshape(-1, 2)
    points = plane.to_features(ends)
    seen = lane.trainer.predictions(points[:, :1])
    np.testing.assert_allclose(points[:, 1], seen, rtol=1e-5)
    assert snapshot.pointer is not None
    np.testing.assert_allclose(snapshot.pointer, lane.trainer.predictions(plane.to_features([(0.5, 3.0)])[:, :1]))
    assert snapshot.readings.value(OUTCOMES) is None
    assert snapshot.readings.value(PINS) is None


def test_what_is_of_classes_alone_is_refused_in_a_sentence() -> None:
    trainer = Trainer(prices(), LINE)
    for asked in (trainer.report, lambda: trainer.probabilities([[1.0]]), lambda: inspect_point(trainer, [1.0])):
        with pytest.raises(InputError, match="The network learns values"):
            asked()
