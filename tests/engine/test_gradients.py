"""Loss and every gradient of random networks against float64 autograd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import r2_score, root_mean_squared_error
from torch import nn

from engine.compiled import plan
from engine.config import Activation, Initialization, Loss, Optimizer, Output, TrainingConfig, ValueLoss
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.learning import batches
from engine.machines import compiled_machine
from engine.machines.kind import MachineKind
from engine.mlp import passes
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, dropout_masks, loss_of, standardised

KINKED = (Activation.STEP, Activation.RELU, Activation.LEAKY_RELU, Activation.ELU)
Case = tuple[TrainingConfig, int, int]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def cases(draw: Draw) -> Case:
    """A config, a number of points and a number of classes, 0 where values are learned."""
    depth = draw(st.integers(0, 6))
    alike = draw(st.booleans())
    width, kind = st.integers(1, 9), st.sampled_from(list(Activation))
    layers = (draw(width),) * depth if alike else tuple(draw(width) for _ in range(depth))
    activations = (draw(kind),) * depth if draw(st.booleans()) else tuple(draw(kind) for _ in range(depth))
    n_classes = draw(st.sampled_from([0, 2, 3, 4]))
    outputs = [Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS, *([Output.SIGMOID] if n_classes == 2 else [])]
    rules = [rule for rule in Initialization if rule is not Initialization.ZEROS]
    config = TrainingConfig(
        hidden_layers=layers,
        layer_activations=activations,
        leaky_slope=draw(st.sampled_from([0.0, 0.01, 0.3, 1.0])),
        elu_alpha=draw(st.sampled_from([0.0, 0.5, 1.0, 2.0])),
        batch_norm=draw(st.booleans()),
        skip_connections=draw(st.booleans()),
        initialization=draw(st.sampled_from(rules)),
        initialization_sigma=0.7,
        output=draw(st.sampled_from(outputs)),
        loss=draw(st.sampled_from(list(Loss))),
        value_loss=draw(st.sampled_from(list(ValueLoss))),
        huber_delta=draw(st.sampled_from([0.1, 1.0, 30.0])),
        l1=draw(st.sampled_from([0.0, 0.02])),  # which is no part of the gradient
        l2=draw(st.sampled_from([0.0, 0.1])),
        dropout=draw(st.sampled_from([0.0, 0.4])),
        optimizer=Optimizer.SGD,
        batch_size=None,
        validation_fraction=0.0,
        seed=draw(st.integers(0, 2**31 - 1)),
    )
    return config, draw(st.integers(4, 40)), n_classes


def points_of(n_points: int, n_classes: int, seed: int) -> Dataset:
    """Points without any order, of so many classes, or of values if there are none."""
    return cloud(n_points, n_classes, seed) if n_classes else replace(cloud(n_points, 2, seed), target=Target.VALUES)


def well_conditioned(reference: Reference, margin: float) -> bool:
    """Whether no unit is so near to a kink that rounding decides on which side it is, nor normalised from nothing."""
    layers = zip(reference.config.activations, reference.before_activation, strict=True)
    smooth = all(kind not in KINKED or float(z.detach().abs().min()) > margin for kind, z in layers)
    return smooth and all(float(z.detach().var(dim=0).min()) > 0.01 for z in reference.before_norm)


def gradient_of(parameter: torch.Tensor | nn.Module) -> torch.Tensor:
    assert isinstance(parameter, torch.Tensor)
    assert parameter.grad is not None
    return parameter.grad


def check_against_autograd(
    case: Case, machine: MachineKind, dtype: torch.dtype, tolerance: float, margin: float
) -> None:
    config, n_points, n_classes = case
    dataset = points_of(n_points, n_classes, config.seed)
    trainer = Trainer(dataset, config, dtype, machine=machine)
    assert trainer.machine is machine
    generator = torch.Generator().manual_seed(config.seed)
    vector = trainer._network.parameters.vector
    with torch.inference_mode():
        vector.add_(torch.randn(vector.shape, generator=generator), alpha=0.2)  # biases and scales, too
    reference = Reference(trainer)
    points = standardised(dataset.points, by=dataset.points)[:, : dataset.n_inputs]

    norms = trainer.gradient_norms()  # the data's loss alone, nothing dropped
    trainer.step()

    computed = trainer._gradient
    data_loss = loss_of(reference(points), dataset, config)
    assume(well_conditioned(reference, margin))
    weights = [linear.weight for linear in reference.linears if isinstance(linear, nn.Linear)]
    of_data = torch.autograd.grad(data_loss, weights)
    masks = dropout_masks(trainer) if config.dropout and config.hidden_layers else None
    loss = loss_of(reference(points, masks), dataset, config) + reference.penalty()
    assume(well_conditioned(reference, margin))
    loss.backward()  # type: ignore[no-untyped-call]

    expected: list[torch.Tensor] = []
    found: list[torch.Tensor] = []
    for linear, matrix in zip(reference.linears, computed.matrices, strict=True):
        expected += [gradient_of(linear.weight), gradient_of(linear.bias)]
        found += [matrix[:, :-1], matrix[:, -1]]
    if config.batch_norm and config.hidden_layers:
        expected += [torch.cat([gradient_of(norm.weight) for norm in reference.norms])]
        expected += [torch.cat([gradient_of(norm.bias) for norm in reference.norms])]
        found += [computed.scale, computed.shift]
    # what cancels to zero leaves rounding of the size of what cancelled
    rounding = 400 * torch.finfo(dtype).eps * max(float(gradient.abs().max()) for gradient in expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert float((ours.double() - theirs).abs().max()) <= tolerance * float(theirs.abs().max()) + rounding
    largest = max(float(gradient.norm()) for gradient in of_data)
    for norm, gradient in zip(norms, of_data, strict=True):
        assert norm == pytest.approx(float(gradient.norm()), rel=tolerance, abs=1e-13 * largest)


@pytest.mark.parametrize("stacked_values", [0, passes.STACKED_VALUES], ids=["layer by layer", "stacked"])
@settings(max_examples=200, deadline=None, derandomize=True)
@given(case=cases())
def test_float64_agrees_to_a_millionth(case: Case, stacked_values: int) -> None:
    with mock.patch.object(passes, "STACKED_VALUES", stacked_values):
        check_against_autograd(case, MachineKind.TORCH, torch.float64, tolerance=1e-6, margin=1e-9)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(case=cases())
def test_float64_of_compiled_code_agrees_to_a_millionth(case: Case) -> None:
    check_against_autograd(case, MachineKind.COMPILED, torch.float64, tolerance=1e-6, margin=1e-9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(case=cases())
def test_batches_in_pieces_agree_too(case: Case) -> None:
    config, n_points, n_classes = case
    plain = replace(config, dropout=0.0), n_points, n_classes  # whose masks differ from piece to piece
    with mock.patch.object(batches, "PIECE", 7), mock.patch.object(passes, "PIECE", 7):
        check_against_autograd(plain, MachineKind.TORCH, torch.float64, tolerance=1e-6, margin=1e-9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(case=cases())
def test_batches_in_blocks_of_compiled_code_agree_too(case: Case) -> None:
    with (
        mock.patch.multiple(compiled_machine, MIN_BLOCK=8, MAX_BLOCK=8),
        mock.patch.object(plan, "PIECE", 16),
    ):
        check_against_autograd(case, MachineKind.COMPILED, torch.float64, tolerance=1e-6, margin=1e-9)


@pytest.mark.parametrize("machine", MachineKind)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(case=cases())
def test_float32_agrees_to_a_ten_thousandth(machine: MachineKind, case: Case) -> None:
    check_against_autograd(case, machine, torch.float32, tolerance=1e-4, margin=1e-3)


@pytest.mark.parametrize("machine", MachineKind)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(case=cases())
def test_loss_and_probabilities_agree_before_any_step(machine: MachineKind, case: Case) -> None:
    config, n_points, n_classes = case
    dataset = points_of(n_points, n_classes, config.seed)
    trainer = Trainer(dataset, config, torch.float64, machine=machine)
    reference = Reference(trainer)
    points = standardised(dataset.points, by=dataset.points)[:, : dataset.n_inputs]
    if config.batch_norm:  # the statistics of the training points are taken over before the first step
        for norm in reference.norms:
            assert isinstance(norm, nn.BatchNorm1d)
            norm.momentum = 1.0
        with torch.no_grad():
            reference(points)
    reference.eval()
    with torch.no_grad():
        logits = reference(points)
        expected = loss_of(logits, dataset, config)
    assume(well_conditioned(reference, 1e-7))

    metrics = trainer.evaluate()

    assert metrics.train_loss == pytest.approx(float(expected), rel=1e-6)
    if dataset.has_values:
        mean, deviation = (float(of(dataset.points[:, -1].astype(np.float64))) for of in (np.mean, np.std))
        predicted, values = mean + deviation * logits[:, 0].numpy(), dataset.points[:, -1]
        np.testing.assert_allclose(trainer.predictions(dataset.points[:, :1]), predicted, rtol=1e-5, atol=1e-6)
        assert metrics.train_r2 == pytest.approx(r2_score(values, predicted), rel=1e-6, abs=1e-9)
        assert metrics.train_rmse == pytest.approx(root_mean_squared_error(values, predicted), rel=1e-6)
        return
    probabilities, resolved = trainer.probabilities(dataset.points), config.resolved_output(n_classes)
    chosen = logits.softmax(dim=1) if resolved is Output.SOFTMAX else logits.sigmoid()
    if resolved is Output.SIGMOID:
        chosen = torch.cat([1 - chosen, chosen], dim=1)
    np.testing.assert_allclose(probabilities, chosen.numpy(), atol=1e-6)
