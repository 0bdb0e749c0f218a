"""What is measured in each layer against hooks on a network that autograd differentiates."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import nn

from engine import toy_datasets
from engine.config import Activation, Initialization, Loss, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.insight.diagnosis import (
    GradientSize,
    LayerDiagnosis,
    complaints,
)
from engine.insight.probing import probes
from engine.mlp.activations import ACTIVATIONS, SATURATED_BELOW, Shape
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, config_loss, sequential, standardised, with_biases

KINKED = (Activation.STEP, Activation.RELU, Activation.LEAKY_RELU, Activation.ELU)
Draw = Callable[[st.SearchStrategy[Any]], Any]
Floats = NDArray[np.float64]


class Watched:
    """What the modules of a network hold, by hooks, and what autograd makes of it; (n_points, n_units) each."""

    def __init__(self, trainer: Trainer) -> None:
        self.config = config = trainer.config
        self.reference = reference = Reference(trainer)
        self.z: list[torch.Tensor] = []
        self.values: list[torch.Tensor] = []
        self.inputs: list[torch.Tensor] = []
        for function in reference.functions:
            function.register_forward_hook(self._activated)
        for linear in reference.linears:
            linear.register_forward_pre_hook(lambda _, given: self.inputs.append(given[0]))
        points = trainer._samples.training()[0][:-1].t().double().clone().requires_grad_()
        labels, n_classes = trainer._samples.labels[: trainer._samples.n_training].clone(), trainer._dataset.n_classes
        logits = reference(points)
        loss = config_loss(logits, labels, config.resolved_output(n_classes), config.loss)
        values = [points, *self.values, logits]
        parameters = [p for linear in reference.linears for p in (linear.weight, linear.bias)]
        found = torch.autograd.grad(loss, [*values, *parameters], allow_unused=True)
        gradients = [
            torch.zeros_like(p) if g is None else g for p, g in zip([*values, *parameters], found, strict=True)
        ]
        self.signals = [float(g.norm()) for g in gradients[: len(values)]]
        of_parameters = [g.numpy() for g in gradients[len(values) :]]
        self.gradients = list(zip(of_parameters[::2], of_parameters[1::2], strict=True))
        self.logits = logits.detach().numpy()

    def _activated(self, _: nn.Module, given: tuple[torch.Tensor, ...], value: torch.Tensor) -> None:
        # an output of its own, so that what a skip connection adds to it has not the same derivative by chance
        self.z.append(given[0])
        self.values.append(value)

    def slope(self, layer: int) -> Floats:
        """f' by autograd; for softmax, by its own z."""
        z = self.z[layer].detach().clone().requires_grad_()
        value = self.reference.functions[layer](z)
        if self.config.activations[layer] is not Activation.SOFTMAX:
            (slope,) = torch.autograd.grad(value.sum(), z)
            return slope.numpy()
        columns = [torch.autograd.grad(value[:, k].sum(), z, retain_graph=True)[0][:, k] for k in range(z.shape[1])]
        return torch.stack(columns, dim=1).numpy()


@st.composite
def cases(draw: Draw) -> tuple[TrainingConfig, int, int]:
    """A config, a number of points and a number of classes."""
    depth = draw(st.integers(0, 5))
    width, kind = st.integers(1, 7), st.sampled_from(list(Activation))
    layers = (draw(width),) * depth if draw(st.booleans()) else tuple(draw(width) for _ in range(depth))
    n_classes = draw(st.integers(2, 4))
    outputs = [Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS, *([Output.SIGMOID] if n_classes == 2 else [])]
    config = TrainingConfig(
        hidden_layers=layers,
        layer_activations=tuple(draw(kind) for _ in range(depth)),
        leaky_slope=draw(st.sampled_from([0.0, 0.01, 0.3, 1.0])),
        elu_alpha=draw(st.sampled_from([0.0, 0.5, 1.0, 2.0])),
        batch_norm=draw(st.booleans()),
        skip_connections=draw(st.booleans()),
        dropout=draw(st.sampled_from([0.0, 0.4])),  # nothing of which may be seen
        l2=draw(st.sampled_from([0.0, 0.1])),  # nor of this
        output=draw(st.sampled_from(outputs)),
        loss=draw(st.sampled_from(list(Loss))),
        validation_fraction=0.0,
        seed=draw(st.integers(0, 2**31 - 1)),
    )
    return config, draw(st.integers(4, 40)), n_classes


def prepared(config: TrainingConfig, n_points: int, n_classes: int) -> Trainer:
    """A trainer whose biases, scales and shifts are not those of the start."""
    trainer = Trainer(cloud(n_points, n_classes, seed=config.seed), config, torch.float64)
    with torch.inference_mode():
        vector = trainer._network.parameters.vector
        noise = torch.randn(vector.shape, generator=torch.Generator().manual_seed(config.seed))
        vector.add_(noise, alpha=0.4)
    return trainer


def check_gradient(found: GradientSize, expected: Floats, rounding: float) -> None:
    assert found.norm == pytest.approx(np.sqrt((expected**2).sum()), rel=1e-5, abs=rounding)
    assert found.rms == pytest.approx(np.sqrt((expected**2).mean()), rel=1e-5, abs=rounding)
    assert found.largest == pytest.approx(np.abs(expected).max(), rel=1e-5, abs=rounding)


def check_counts(edges: Floats, counts: NDArray[np.int64], values: Floats) -> None:
    assert len(edges) == 42
    np.testing.assert_allclose(np.diff(edges), np.diff(edges)[0])
    # rounding may decide otherwise for a value that is on an edge, and nowhere else
    near = sum(int((np.abs(values - edge) < 1e-9 * (edges[-1] - edges[0])).sum()) for edge in edges[1:-1])
    expected, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    assert counts.sum() == values.size
    assert np.abs(counts - expected).sum() <= 2 * near


@settings(max_examples=150, derandomize=True)
@given(case=cases())
def test_every_number_agrees_with_hooks_and_autograd(case: tuple[TrainingConfig, int, int]) -> None:
    config, n_points, _n_classes = case
    trainer = prepared(*case)
    watched = Watched(trainer)
    z_of = [z.detach().numpy() for z in watched.z]
    near_kink = [kind in KINKED and np.abs(z).min() < 1e-9 for kind, z in zip(config.activations, z_of, strict=True)]
    assume(not any(near_kink))
    assume(all(float(z.detach().var(dim=0).min()) > 0.01 for z in watched.reference.before_norm))

    diagnosis = trainer.diagnose()

    assert diagnosis.n_points == n_points
    assert len(diagnosis.layers) == len(config.hidden_layers) + 1
    rounding = 1e-13 * max(np.abs(w).max() for w, _ in watched.gradients)
    tiny = 1e-13 * max(watched.signals)
    for layer, found in enumerate(diagnosis.layers):
        weight, bias = watched.gradients[layer]
        check_gradient(found.weight_gradient, weight, rounding)
        check_gradient(found.bias_gradient, bias, rounding)
        check_gradient(found.layer_gradient, np.column_stack([weight, bias]), rounding)
        before, here = watched.signals[layer : layer + 2]
        assert found.signal == pytest.approx(here, rel=1e-5, abs=tiny)
        if here > 1e-8 * watched.signals[-1] and before > 1e-8 * watched.signals[-1]:
            assert found.factor == pytest.approx(before / here, rel=1e-5)
        inputs = watched.inputs[layer].detach().numpy()
        signs = np.maximum((inputs > 0).mean(axis=1), (inputs < 0).mean(axis=1))
        if np.abs(inputs[inputs != 0]).min(initial=1.0) > 1e-12:
            assert found.one_sign_share == pytest.approx(signs.mean())
        if layer < len(z_of):
            check_hidden_layer(found, watched, layer)
        else:
            check_output_layer(found, watched.logits)


def check_hidden_layer(found: LayerDiagnosis, watched: Watched, layer: int) -> None:
    config, z, slope = watched.config, watched.z[layer].detach().numpy(), watched.slope(layer)
    value = watched.values[layer].detach().numpy()
    shape, kind = Shape(leaky_slope=config.leaky_slope, elu_alpha=config.elu_alpha), config.activations[layer]
    assert found.activation is kind
    assert found.n_units == z.shape[1]
    rms_slope = np.sqrt((slope**2).mean())
    assert found.rms_slope == pytest.approx(rms_slope, rel=1e-5, abs=1e-13)
    assert found.slope_bound == ACTIVATIONS[kind].largest_derivative(shape)
    if kind is not Activation.SOFTMAX:
        assert np.abs(slope).max() <= found.slope_bound + 1e-12
    if found.factor > 0 and rms_slope > 1e-12:
        assert found.weight_factor * rms_slope == pytest.approx(found.factor, rel=1e-5)
    assert found.mean_output == pytest.approx(value.mean(), rel=1e-5, abs=1e-12)
    leaning = abs(value.mean()) / (np.sqrt((value**2).mean()) or 1.0)
    assert found.is_zero_centred == (leaning <= 0.25) or leaning == pytest.approx(0.25)
    check_counts(found.z_edges, found.z_counts, z)
    check_counts(found.output_edges, found.output_counts, value)
    # at z = 0 to within rounding a unit of GELU or SiLU would be neither
    assert found.n_dead_units == ((value == 0) & (slope == 0)).all(axis=0).sum()
    assert found.n_linear_units == (slope == 1).all(axis=0).sum()
    check_saturation(found, kind, z, slope)


def check_saturation(found: LayerDiagnosis, kind: Activation, z: Floats, slope: Floats) -> None:
    """By the derivative itself where it is largest at or beyond 0; the limits are known to three decimals."""
    if kind is Activation.SOFTMAX:
        assert found.saturated_share == found.n_saturated_units == 0
        return
    flat = np.abs(slope) < SATURATED_BELOW
    if kind in (Activation.GELU, Activation.SILU):  # whose derivative passes through 0 on its way
        flat &= z < -2
    unclear = (np.abs(np.abs(slope) - SATURATED_BELOW) < 1e-4) & (np.abs(z) > 1)
    assert found.saturated_share == pytest.approx(flat.mean(), abs=unclear.mean() + 1e-12)
    if not unclear.any():
        assert found.n_saturated_units == (flat.mean(axis=0) > 0.99).sum()


def check_output_layer(found: LayerDiagnosis, logits: Floats) -> None:
    assert found.activation is None
    assert found.rms_slope == found.slope_bound == 1.0
    assert found.weight_factor == found.factor or found.signal == 0
    assert found.saturated_share == found.n_saturated_units == found.n_dead_units == 0
    check_counts(found.z_edges, found.z_counts, logits)
    check_counts(found.output_edges, found.output_counts, logits)


@settings(max_examples=60, derandomize=True)
@given(case=cases())
def test_the_factors_multiply_out_to_the_measured_gradients_of_the_activations(
    case: tuple[TrainingConfig, int, int],
) -> None:
    trainer = prepared(*case)
    watched = Watched(trainer)

    diagnosis = trainer.diagnose()

    products = diagnosis.running_products()
    assert len(products) == len(diagnosis.layers)
    assert products[-1] == 1.0
    for product, signal in zip(products, watched.signals[1:], strict=True):
        expected = signal / watched.signals[-1]
        assert product == pytest.approx(expected, rel=1e-4, abs=1e-11)


@pytest.mark.parametrize("depth", [20, 50])
def test_the_chain_of_many_sigmoid_layers_reaches_the_first_one(depth: int) -> None:
    config = TrainingConfig(
        hidden_layers=(8,) * depth, activation=Activation.SIGMOID, initialization=Initialization.TORCH_DEFAULT,
        validation_fraction=0.0,
    )  # fmt: skip
    trainer = with_biases(Trainer(cloud(60, 3), config, torch.float64))
    model = sequential(trainer.weights(), Activation.SIGMOID)
    values: list[torch.Tensor] = []
    for module in model:
        if isinstance(module, nn.Sigmoid):
            module.register_forward_hook(lambda _, __, value: values.append(value))
    dataset = cloud(60, 3)
    logits = model(standardised(dataset.points, by=dataset.points))
    loss = nn.functional.cross_entropy(logits, torch.from_numpy(dataset.labels.copy()))
    expected = [float(g.norm()) for g in torch.autograd.grad(loss, [*values, logits])]

    diagnosis = trainer.diagnose()

    found = [layer.signal for layer in diagnosis.layers]
    assert 0 < found[0] < 1e-12
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(diagnosis.running_products(), np.array(expected) / expected[-1], rtol=1e-4)
    assert all(layer.rms_slope <= layer.slope_bound == 0.25 for layer in diagnosis.layers[:-1])
    assert all(layer.one_sign_share == 1.0 for layer in diagnosis.layers[1:])


def test_weight_gradients_are_those_of_the_gradient_bars() -> None:
    trainer = Trainer(cloud(300, 3), TrainingConfig(hidden_layers=(9, 7), batch_norm=True))

    norms = [layer.weight_gradient.norm for layer in trainer.diagnose().layers]

    np.testing.assert_allclose(norms, trainer.gradient_norms(), rtol=1e-9)


def test_numbers_whose_squares_have_no_room_have_a_size() -> None:
    config = TrainingConfig(hidden_layers=(4, 4), activation=Activation.LINEAR, validation_fraction=0.0)
    trainer = Trainer(cloud(50, 2), config, torch.float64)
    first, (weight, bias), last = trainer.weights()
    trainer.load_weights([first, (weight * 1e-200, bias), last])

    size = trainer.diagnose().layers[0].weight_gradient

    assert 0 < size.norm < 1e-195
    assert size.largest <= size.norm <= size.largest * math.sqrt(8)
    assert size.rms == pytest.approx(size.norm / math.sqrt(8))


@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_the_update_ratio_is_that_of_the_last_step(optimizer: Optimizer) -> None:
    config = TrainingConfig(hidden_layers=(6, 5), optimizer=optimizer, batch_size=16, l2=0.01, clip_norm=0.5)
    trainer = Trainer(cloud(100, 2), config)

    assert all(math.isnan(layer.update_ratio) for layer in trainer.diagnose().layers)
    for _ in range(9):
        trainer.step()
    before = trainer.weights()
    trainer.step()
    after = trainer.weights()

    for layer, (old, _), (new, _) in zip(trainer.diagnose().layers, before, after, strict=True):
        change = np.linalg.norm(new.astype(float) - old.astype(float))
        assert layer.update_ratio == pytest.approx(change / np.linalg.norm(new.astype(float)), rel=1e-5)
        assert layer.update_ratio > 0


def test_weights_that_are_put_in_are_no_update() -> None:
    trainer = Trainer(cloud(100, 2), TrainingConfig())
    trainer.diagnose()
    trainer.step()
    trainer.load_weights([(2 * weight, bias) for weight, bias in trainer.weights()])

    assert all(math.isnan(layer.update_ratio) for layer in trainer.diagnose().layers)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_diagnosis_does_not_disturb_training(batch_norm: bool) -> None:
    dataset = cloud(100, 3)
    config = TrainingConfig(hidden_layers=(4, 4), dropout=0.2, batch_norm=batch_norm, skip_connections=True)
    watched, alone = Trainer(dataset, config), Trainer(dataset, config)

    for _ in range(10):
        watched.diagnose()
        watched.step()
        alone.step()

    assert watched._network.parameters.vector.equal(alone._network.parameters.vector)
    np.testing.assert_array_equal(watched.probabilities(dataset.points), alone.probabilities(dataset.points))


def test_two_diagnoses_without_a_step_between_are_the_same() -> None:
    trainer = Trainer(cloud(100, 3), TrainingConfig(batch_norm=True))

    first, second = trainer.diagnose(), trainer.diagnose()

    for one, other in zip(first.layers, second.layers, strict=True):
        assert (one.weight_gradient, one.signal, one.factor) == (other.weight_gradient, other.signal, other.factor)
        np.testing.assert_array_equal(one.z_counts, other.z_counts)


def test_other_points_are_diagnosed_after_an_edit() -> None:
    dataset, config = cloud(100, 2), TrainingConfig(validation_fraction=0.0)
    trainer = Trainer(dataset, config)
    trainer.diagnose()

    trainer.use(dataset.without(np.arange(100) >= 60), config)

    assert trainer.diagnose().n_points == 60


def rare(n_points: int, n_rare: int) -> Dataset:
    """Points of two classes, the few of the second of them far from the others."""
    generator = np.random.default_rng(3)
    points = generator.normal(0, 1, (n_points + n_rare, 2)).astype(np.float32)
    points[n_points:] += 3
    return Dataset(points, np.repeat([0, 1], [n_points, n_rare]), ("often", "rare"))


@pytest.mark.parametrize("batch_norm", [False, True])
def test_many_points_with_a_rare_class_are_all_diagnosed_in_pieces(batch_norm: bool) -> None:
    config = TrainingConfig(
        hidden_layers=(8, 8), layer_activations=(Activation.RELU, Activation.GELU), batch_norm=batch_norm,
        validation_fraction=0.0, skip_connections=True,
    )  # fmt: skip
    trainer = Trainer(rare(10_000, 1), config, torch.float64)
    watched = Watched(trainer)

    diagnosis, norms = trainer.diagnose(), trainer.gradient_norms()

    assert (diagnosis.n_points, diagnosis.n_training) == (10_001, 10_001)
    for layer, (weight, bias) in zip(diagnosis.layers, watched.gradients, strict=True):
        check_gradient(layer.weight_gradient, weight, 1e-12)
        check_gradient(layer.bias_gradient, bias, 1e-12)
    for layer, norm, signal in zip(diagnosis.layers, norms, watched.signals[1:], strict=True):
        assert layer.weight_gradient.norm == pytest.approx(norm, rel=1e-10)
        assert layer.signal == pytest.approx(signal, rel=1e-8)
    for index in range(2):
        check_hidden_layer(diagnosis.layers[index], watched, index)
    check_output_layer(diagnosis.layers[-1], watched.logits)


def test_what_a_choice_of_points_is_used_for_counts_every_point_by_its_weight() -> None:
    config = TrainingConfig(
        hidden_layers=(64, 64), batch_norm=True, activation=Activation.TANH, validation_fraction=0.0
    )
    dataset = rare(10_000, 10)
    exact = Trainer(dataset, config).diagnose()
    with mock.patch.object(probes, "MAX_PROBED", 128 * 2000):
        trainer = Trainer(dataset, config)
        chosen, norms = trainer.diagnose(), trainer.gradient_norms()

    assert exact.n_points == 10_010
    assert (chosen.n_points, chosen.n_training) == (1998 + 8, 10_010)
    assert chosen.fit.chance_loss == pytest.approx(exact.fit.chance_loss)
    assert chosen.fit.loss == pytest.approx(exact.fit.loss, rel=0.05)
    for one, other, norm in zip(chosen.layers, exact.layers, norms, strict=True):
        assert one.weight_gradient.norm == pytest.approx(norm, rel=1e-9)
        assert one.weight_gradient.norm == pytest.approx(other.weight_gradient.norm, rel=0.25)
        assert one.signal == pytest.approx(other.signal, rel=0.1)
        assert one.rms_slope == pytest.approx(other.rms_slope, rel=0.05)


@pytest.mark.parametrize("output", list(Output))
@pytest.mark.parametrize("loss", list(Loss))
def test_how_right_a_network_is_agrees_with_torch(output: Output, loss: Loss) -> None:
    dataset = toy_datasets.make("blobs", n_samples=101, n_classes=2, seed=2)
    config = TrainingConfig(hidden_layers=(5,), output=output, loss=loss, validation_fraction=0.0)
    trainer = Trainer(dataset, config, torch.float64)
    for _ in range(3):
        trainer.step()
    reference = Reference(trainer)
    labels = torch.from_numpy(dataset.labels.copy())
    logits = reference(standardised(dataset.points, by=dataset.points))
    resolved = config.resolved_output(2)
    shares = torch.bincount(labels) / 101
    logit = torch.log(shares / (1 - shares))
    guess = {Output.SIGMOID: logit[1:], Output.SOFTMAX: torch.log(shares)}.get(resolved, logit)

    fit = trainer.diagnose().fit

    probabilities = torch.from_numpy(trainer.probabilities(dataset.points)).double()
    squares = (probabilities - nn.functional.one_hot(labels, 2)).square()
    worst = max(float(squares[labels == label].mean().sqrt()) for label in (0, 1))
    assert fit.loss == pytest.approx(float(config_loss(logits.detach(), labels, resolved, config.loss)))
    assert fit.chance_loss == pytest.approx(
        float(config_loss(guess.double().expand(101, -1), labels, resolved, config.loss))
    )
    assert fit.error == pytest.approx(worst, rel=1e-5)
    assert fit == trainer.measure_gradient().finished().fit


def test_what_was_begun_is_of_the_network_as_it_was_however_many_steps_are_made_meanwhile() -> None:
    dataset = cloud(3000, 3)
    trainer, resting = (Trainer(dataset, TrainingConfig(hidden_layers=(9, 9))) for _ in range(2))
    gradient, diagnosis = trainer.measure_gradient(), trainer.measure_diagnosis()
    n_portions = 0
    while not (gradient.go_on(lambda: True) & diagnosis.go_on(lambda: True)):
        trainer.step()
        n_portions += 1

    assert n_portions > 3
    assert gradient.result is not None
    assert diagnosis.result is not None
    np.testing.assert_array_equal(gradient.result.norms, resting.gradient_norms())
    assert [layer.signal for layer in diagnosis.result.layers] == [layer.signal for layer in resting.diagnose().layers]


def test_rectifiers_by_the_rule_of_he_have_weights_of_the_root_of_two_and_slopes_of_its_inverse() -> None:
    config = TrainingConfig(
        hidden_layers=(128,) * 8, activation=Activation.RELU, initialization=Initialization.HE_NORMAL
    )

    hidden = Trainer(cloud(500, 2), config).diagnose().layers[1:-1]

    assert np.mean([layer.rms_slope for layer in hidden]) == pytest.approx(0.5**0.5, rel=0.05)
    assert np.mean([layer.weight_factor for layer in hidden]) == pytest.approx(2**0.5, rel=0.07)


def test_behind_a_step_nothing_arrives() -> None:
    kinds = (Activation.TANH, Activation.STEP, Activation.RELU)
    trainer = Trainer(cloud(100, 2), TrainingConfig(hidden_layers=(5, 5, 5), layer_activations=kinds))

    first, step, relu, output = trainer.diagnose().layers

    assert output.factor > 0
    assert relu.factor > 0
    assert step.signal > 0
    assert first.signal == first.factor == step.factor == step.rms_slope == 0.0
    assert math.isnan(step.weight_factor)
    assert math.isnan(first.weight_factor)
    assert step.saturated_share == 1.0
    assert step.n_saturated_units == 5
    assert first.rms_slope > 0


def test_sigmoid_leans_to_one_side_and_tanh_does_not() -> None:
    dataset = toy_datasets.make("spiral", n_samples=300, n_classes=3)
    by_kind = {
        kind: Trainer(dataset, TrainingConfig(hidden_layers=(16,) * 10, activation=kind)).diagnose()
        for kind in (Activation.SIGMOID, Activation.TANH, Activation.RELU)
    }

    assert [layer.is_zero_centred for layer in by_kind[Activation.SIGMOID].layers[:-1]] == [False] * 10
    assert [layer.is_zero_centred for layer in by_kind[Activation.RELU].layers[:-1]] == [False] * 10
    assert [layer.is_zero_centred for layer in by_kind[Activation.TANH].layers[:-1]] == [True] * 10
    assert all(layer.one_sign_share < 0.9 for layer in by_kind[Activation.TANH].layers)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_network_beyond_all_numbers_is_diagnosed_without_a_word(activation: Activation, batch_norm: bool) -> None:
    config = TrainingConfig(hidden_layers=(4, 4, 4), activation=activation, batch_norm=batch_norm)
    trainer = Trainer(cloud(50, 2), config, torch.float64)
    trainer.load_weights([(1e200 * weight, 1e200 + bias) for weight, bias in trainer.weights()])
    trainer.diagnose()
    trainer.step()

    diagnosis = trainer.diagnose()

    assert len(diagnosis.layers) == 4
    assert len(complaints(diagnosis)) == 4
    if activation is Activation.LINEAR and not batch_norm:
        assert not math.isfinite(diagnosis.layers[0].weight_gradient.norm)
        assert not math.isfinite(diagnosis.layers[2].mean_output)
        assert diagnosis.layers[2].z_counts.sum() <= 4 * diagnosis.n_points


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverged_is_diagnosed() -> None:
    config = TrainingConfig(
        hidden_layers=(8,) * 3, activation=Activation.LINEAR, learning_rate=1e6, optimizer=Optimizer.SGD
    )
    trainer = Trainer(cloud(50, 2), config)
    trainer.diagnose()
    for _ in range(20):
        trainer.epoch()
    assert trainer.divergence is not None

    diagnosis = trainer.diagnose()

    assert all(math.isnan(layer.update_ratio) for layer in diagnosis.layers)  # the last step changed nothing


def test_a_class_without_points_and_a_single_point_are_no_trouble() -> None:
    dataset = cloud(60, 3)
    two_left = dataset.without(dataset.labels == 2)
    trainer = Trainer(two_left, TrainingConfig(validation_fraction=0.0))
    alone = Trainer(dataset.without(np.arange(60) > 0), TrainingConfig(validation_fraction=0.0))

    assert trainer.diagnose().n_points == 40
    assert trainer.diagnose().layers[-1].n_units == 3
    assert alone.diagnose().n_points == 1
