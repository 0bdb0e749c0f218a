"""Features that are worked out of the inputs: what they are, and that a network learns by them on both machines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import MAX_WIDTH, Optimizer, Output, TrainingConfig
from engine.data.features import SINE, Features, features_of
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.insight.field import View
from engine.insight.survey import Mesh
from engine.machines.kind import MachineKind
from engine.run.lane_file import sizes_of
from engine.run.measurements import Scene
from engine.settings import ConfigError
from engine.training import Trainer
from tests.engine.fields import field_of
from tests.engine.reference import Reference, cloud, config_loss, gradients, relative_error, standardised, with_biases

ALL = TrainingConfig(squares=True, products=True, sines=True, hidden_layers=(6, 5), validation_fraction=0.0)
VIEW = View(-9, 19, -7, 21, 91, 81, ((200, 0, 0), (0, 0, 200), (0, 150, 0)), (250, 251, 252))


def worked_out(z: NDArray[np.floating]) -> NDArray[np.floating]:
    """By hand: standardised inputs (n_points, n_inputs), squares, products of each two, sines."""
    n_inputs = z.shape[1]
    products = [z[:, i] * z[:, k] for i in range(n_inputs) for k in range(i + 1, n_inputs)]
    return np.column_stack([z, z**2, *products, np.sin(np.pi * z)])


@pytest.mark.parametrize("n_inputs", [1, 2, 4])
def test_each_input_has_a_square_and_a_sine_each_two_have_a_product(n_inputs: int) -> None:
    features, z = features_of(ALL, n_inputs), np.random.default_rng(1).normal(size=(7, n_inputs))
    table = np.zeros((7, features.n_features + 1))
    table[:, :n_inputs] = z

    features.work_out(table)

    np.testing.assert_allclose(table[:, :-1], worked_out(z), rtol=1e-15)
    assert (table[:, -1] == 0).all()
    assert features_of(TrainingConfig(), n_inputs) == Features(n_inputs)


def test_names_are_formulas_of_the_names_of_the_inputs() -> None:
    features = features_of(ALL, 2)

    assert features.names(["x", "y"]) == ("x", "y", "x²", "y²", "x·y", "sin πx", "sin πy")
    assert features.names(["x1", "petal width"])[2:5] == ("x1²", "(petal width)²", "x1·(petal width)")
    assert features_of(TrainingConfig(sines=True), 2).factors == ((0, SINE), (1, SINE))


def test_more_inputs_than_a_layer_can_have_are_refused_in_a_sentence() -> None:
    config, points = TrainingConfig(products=True), np.random.default_rng(1).normal(size=(6, 60)).astype(np.float32)

    assert features_of(config, 44).n_features == 990
    with pytest.raises(ConfigError, match="60 inputs become 1,830; at most 1,024 are possible"):
        Experiment(Dataset(points, np.arange(6) % 2, ("A", "B")), (config,))
    assert features_of(TrainingConfig(), 2 * MAX_WIDTH).n_features == 2 * MAX_WIDTH


def test_features_that_are_too_many_are_counted_and_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> None:
        pytest.fail("half a billion pairs")

    monkeypatch.setattr("engine.data.features.combinations", made)
    with pytest.raises(ConfigError, match="30,000 inputs become 450,015,000; at most 1,024"):
        features_of(TrainingConfig(products=True), 30_000)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(("n_features", "n_classes"), [(2, 2), (2, 3), (5, 3)])
def test_gradients_and_probabilities_are_those_of_autograd(n_features: int, n_classes: int) -> None:
    dataset = cloud(60, n_classes, n_features=n_features)
    config = replace(ALL, optimizer=Optimizer.SGD, batch_size=None, output=Output.SOFTMAX)
    trainer = with_biases(Trainer(dataset, config, torch.float64))
    reference = Reference(trainer)
    inputs = torch.from_numpy(worked_out(standardised(dataset.points, by=dataset.points).numpy()))
    logits = reference(inputs)
    config_loss(logits, torch.from_numpy(dataset.labels.copy()), Output.SOFTMAX, config.loss).backward()  # type: ignore[no-untyped-call]

    probabilities, parts = trainer.probabilities(dataset.points), trainer.exact.contributions(dataset.points)
    found = gradients(trainer)

    np.testing.assert_allclose(probabilities, logits.softmax(dim=1).detach(), atol=1e-7)
    np.testing.assert_allclose(parts.sum(axis=2), logits.detach(), atol=1e-12)
    for (weight, bias), linear in zip(found, reference.linears, strict=True):
        assert relative_error(weight, linear.weight.grad.t().numpy()) < 1e-9  # type: ignore[union-attr, operator]
        assert relative_error(bias, linear.bias.grad.numpy()) < 1e-9  # type: ignore[union-attr, operator]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.usefixtures("machine")
def test_the_field_is_that_of_raw_points(n_classes: int, dtype: torch.dtype) -> None:
    dataset = cloud(90, n_classes)
    trainer = Trainer(dataset, replace(ALL, learning_rate=0.01), dtype)
    trainer.steps(60, until=20)
    scene, mesh = Scene(trainer, dataset), Mesh(21, 23)

    field = field_of(scene, VIEW, mesh, np.inf)
    if trainer.surveyor is None:
        base = scene._inputs_over(VIEW, mesh.shape)
        rows, columns = np.indices(mesh.shape).reshape(2, -1)
        found = scene._probabilities_over(base)(np.column_stack([columns, rows]).astype(np.float32)).T
    else:
        nodes, _ = trainer.surveyor.heights()
        assert (nodes == np.arange(len(nodes))).all()
        logits = trainer.surveyor._room.values[: len(nodes) * (1 if n_classes == 2 else 3)].numpy()  # type: ignore[union-attr]
        z = logits.reshape(len(nodes), -1).astype(np.float64)
        found = np.column_stack([1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z))]) if n_classes == 2 else softmax(z)

    places = VIEW.grid_points(*mesh.shape)
    np.testing.assert_allclose(found, trainer.probabilities(dataset.features_at(places)), atol=1e-6)
    assert len(field.boundary)


def softmax(z: NDArray[np.floating]) -> NDArray[np.floating]:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    result: NDArray[np.floating] = powers / powers.sum(axis=1, keepdims=True)
    return result


@pytest.mark.usefixtures("machine")
def test_with_squares_a_network_without_hidden_layers_draws_a_circle() -> None:
    dataset = toy_datasets.make("circles", n_samples=200, noise=0.05)
    scores = []
    for squares in (False, True):
        config = TrainingConfig(hidden_layers=(), squares=squares, learning_rate=0.1)
        trainer = Trainer(dataset, config)
        trainer.steps(10**6, until=60)
        scores.append(trainer.evaluate().train_accuracy)

    assert scores[0] < 0.7
    assert scores[1] >= 0.98


@pytest.mark.usefixtures("machine")
def test_a_line_on_squares_ends_at_least_squares_of_the_parabola() -> None:
    dataset = toy_datasets.make("parabola", n_samples=80)
    config = TrainingConfig(
        hidden_layers=(), squares=True, batch_size=None, validation_fraction=0.0, learning_rate=0.05
    )
    trainer = Trainer(dataset, config, torch.float64)
    trainer.steps(10**6, until=3000)
    x, y = dataset.points.astype(np.float64).T
    best, *_ = np.linalg.lstsq(np.column_stack([np.ones_like(x), x, x**2]), y)

    places = np.linspace(x.min(), x.max(), 9)
    wanted = np.column_stack([np.ones(9), places, places**2]) @ best
    np.testing.assert_allclose(trainer.predictions(places[:, None]), wanted, atol=1e-4)


def test_a_run_goes_on_from_its_state_whose_size_is_known() -> None:
    dataset = cloud(60, 2)
    trainer = Trainer(dataset, ALL, machine=MachineKind.TORCH)
    trainer.epoch()
    again = Trainer(dataset, ALL, state=trainer.state())
    for each in (trainer, again):
        each.epoch()

    np.testing.assert_array_equal(trainer.probabilities(dataset.points), again.probabilities(dataset.points))
    assert sizes_of(ALL, dataset)["parameters"] == len(trainer.state().parameters) == (7 + 1) * 6 + 7 * 5 + 6
