"""Forward and backward against autograd in float64, for every activation, output layer and three depths."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.mlp.network import Architecture, Network
from engine.mlp.passes import PIECE, Evaluator
from engine.training import Trainer
from tests.engine.reference import (
    class_probabilities,
    cloud,
    gradients,
    mean_loss,
    relative_error,
    sequential,
    standardised,
    with_biases,
)

OUTPUTS = [(Output.SIGMOID, 2), (Output.SOFTMAX, 2), (Output.SOFTMAX, 3)]
TOLERANCES = [(torch.float64, 1e-6), (torch.float32, 1e-4)]


@pytest.mark.parametrize(("dtype", "tolerance"), TOLERANCES, ids=["float64", "float32"])
@pytest.mark.parametrize("depth", [1, 3, 20])
@pytest.mark.parametrize(("output", "n_classes"), OUTPUTS)
@pytest.mark.parametrize("activation", Activation)
def test_loss_probabilities_and_every_gradient_agree_with_autograd(
    activation: Activation, output: Output, n_classes: int, depth: int, dtype: torch.dtype, tolerance: float
) -> None:
    dataset = cloud(60, n_classes)
    widths = tuple(5 + layer % 3 for layer in range(depth))
    config = TrainingConfig(
        hidden_layers=widths, activation=activation, output=output, batch_size=None, optimizer=Optimizer.SGD
    )
    trainer = with_biases(Trainer(dataset, config, dtype))
    held_out = dataset.validation_mask(config.validation_fraction)
    points = standardised(dataset.points, by=dataset.points[~held_out])
    labels = torch.from_numpy(dataset.labels.copy())
    net = sequential(trainer.weights(), activation)
    train, validation = ~torch.from_numpy(held_out), torch.from_numpy(held_out)
    loss = mean_loss(net(points[train]), labels[train])
    loss.backward()  # type: ignore[no-untyped-call]
    linears = [module for module in net if isinstance(module, torch.nn.Linear)]

    metrics = trainer.evaluate()
    norms = trainer.gradient_norms()
    probabilities = trainer.probabilities(dataset.points)
    computed = gradients(trainer)

    with torch.no_grad():
        logits = net(points)
    assert metrics.train_loss == pytest.approx(loss.item(), rel=tolerance)
    assert metrics.validation_loss == pytest.approx(
        mean_loss(logits[validation], labels[validation]).item(), rel=tolerance
    )
    expected = class_probabilities(logits).numpy()
    assert relative_error(probabilities, expected) < max(tolerance, 1e-6)
    assert len(computed) == len(linears) == depth + 1
    for (weight, bias), linear, norm in zip(computed, linears, norms, strict=True):
        assert linear.weight.grad is not None
        assert linear.bias.grad is not None
        assert relative_error(weight, linear.weight.grad.t().numpy()) < tolerance
        assert relative_error(bias, linear.bias.grad.numpy()) < tolerance
        assert norm == pytest.approx(linear.weight.grad.norm().item(), rel=tolerance)


@pytest.mark.parametrize(("output", "n_classes"), OUTPUTS)
def test_accuracy_is_the_share_of_points_whose_most_probable_class_is_theirs(output: Output, n_classes: int) -> None:
    dataset = cloud(211, n_classes)
    trainer = with_biases(Trainer(dataset, TrainingConfig(output=output)))
    held_out = dataset.validation_mask(0.2)
    right = trainer.probabilities(dataset.points).argmax(axis=1) == dataset.labels

    metrics = trainer.evaluate()

    assert metrics.train_accuracy == pytest.approx(right[~held_out].mean())
    assert metrics.validation_accuracy == pytest.approx(right[held_out].mean())
    assert 0 < metrics.train_accuracy < 1


def test_logits_of_any_number_of_points_agree_with_torch() -> None:
    network = Network(Architecture((2, 7, 3), (Activation.TANH,)), torch.float64)
    generator = torch.Generator().manual_seed(4)
    network.parameters.vector.normal_(generator=generator)
    inputs = torch.randn(3, 2 * PIECE + 17, dtype=torch.float64, generator=generator)
    inputs[-1] = 1.0
    net = sequential([(m[:, :-1].t().numpy(), m[:, -1].numpy()) for m in network.parameters.matrices], Activation.TANH)
    with torch.no_grad():
        expected = net(inputs[:-1].t()).t()

    evaluator = Evaluator(network)

    for n_points in (inputs.shape[1], 0, 1, PIECE, PIECE + 1, 5, inputs.shape[1]):  # buffers are used again
        torch.testing.assert_close(
            evaluator.logits(inputs[:, :n_points]), expected[:, :n_points], rtol=1e-12, atol=1e-12
        )


def test_a_layer_has_its_bias_in_the_last_column() -> None:
    network = Network(Architecture((2, 1, 1), (Activation.RELU,)), torch.float64)
    matrices = network.parameters.matrices
    matrices[0].copy_(torch.tensor([[2.0, -1.0, 0.5]]))
    matrices[1].copy_(torch.tensor([[3.0, -4.0]]))
    points = torch.tensor([[1.0, 0.0], [1.0, 2.0], [1.0, 1.0]], dtype=torch.float64)

    # 2 - 1 + 0.5 = 1.5 -> 3 * 1.5 - 4; 0 - 2 + 0.5 < 0 -> -4
    np.testing.assert_allclose(Evaluator(network).logits(points).numpy(), [[0.5, -4.0]])
