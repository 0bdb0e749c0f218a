"""Output layers and their losses against torch's losses and the worked examples of the course."""

from __future__ import annotations

import math

import pytest
import torch

from engine.config import Loss, Output
from engine.mlp.kernels import Calls
from engine.mlp.losses import SigmoidOutput, SoftmaxOutput, make_output
from tests.engine.reference import mean_loss

SHAPES = [(2, 1), (3, 7), (2, 1000), (8, 1024), (10, 4096)]


def make(calls: Calls) -> None:
    for call in calls:
        call()


def random_case(n_units: int, n_points: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits (n_units, n_points) and labels."""
    generator = torch.Generator().manual_seed(n_units * n_points)
    logits = 5 * torch.randn(n_units, n_points, dtype=torch.float64, generator=generator)
    return logits, torch.randint(max(2, n_units), (n_points,), generator=generator)


@pytest.mark.parametrize(("n_units", "n_points"), SHAPES)
def test_softmax_loss_and_gradient_agree_with_autograd(n_units: int, n_points: int) -> None:
    logits, labels = random_case(n_units, n_points)
    targets = SoftmaxOutput(Loss.AUTO).targets(labels, n_units, torch.float64)
    leaf = logits.t().contiguous().requires_grad_()
    (expected,) = torch.autograd.grad(mean_loss(leaf, labels), leaf)

    losses = SoftmaxOutput(Loss.AUTO).losses(logits, targets)
    gradient = logits.clone()
    make(SoftmaxOutput(Loss.AUTO).gradient(gradient, targets, n_points))

    torch.testing.assert_close(losses.mean(), mean_loss(leaf, labels).detach())
    torch.testing.assert_close(gradient, expected.t(), rtol=1e-10, atol=1e-16)


@pytest.mark.parametrize(("n_units", "n_points"), SHAPES)
def test_softmax_gradient_of_float32_in_a_part_of_a_larger_buffer(n_units: int, n_points: int) -> None:
    logits, labels = random_case(n_units, n_points)
    targets = SoftmaxOutput(Loss.AUTO).targets(labels, n_units, torch.float32)
    expected = (torch.softmax(logits, 0) - targets) / n_points
    buffer = torch.full((n_units + 3, n_points), 9.0)
    buffer[:n_units] = logits.float()

    make(SoftmaxOutput(Loss.AUTO).gradient(buffer[:n_units], targets, n_points))

    torch.testing.assert_close(buffer[:n_units].double(), expected, rtol=1e-4, atol=1e-6 / n_points)
    assert (buffer[n_units:] == 9.0).all()


@pytest.mark.parametrize("n_points", [1, 7, 4096])
def test_sigmoid_loss_and_gradient_agree_with_autograd(n_points: int) -> None:
    logits, labels = random_case(1, n_points)
    targets = SigmoidOutput(Loss.AUTO).targets(labels, 2, torch.float64)
    leaf = logits.t().contiguous().requires_grad_()
    (expected,) = torch.autograd.grad(mean_loss(leaf, labels), leaf)

    losses = SigmoidOutput(Loss.AUTO).losses(logits, targets)
    gradient = logits.clone()
    make(SigmoidOutput(Loss.AUTO).gradient(gradient, targets, n_points))

    torch.testing.assert_close(losses.mean(), mean_loss(leaf, labels).detach())
    torch.testing.assert_close(gradient, expected.t(), rtol=1e-10, atol=1e-16)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_losses_of_logits_of_ten_thousand_are_exact_whether_right_or_wrong(dtype: torch.dtype) -> None:
    sure = torch.tensor([[1e4, -1e4, 1e4, -1e4]], dtype=dtype)
    labels = torch.tensor([1, 0, 0, 1])
    sigmoid, softmax = SigmoidOutput(Loss.AUTO), SoftmaxOutput(Loss.AUTO)

    one_unit = sigmoid.losses(sure, sigmoid.targets(labels, 2, dtype))
    two_units = softmax.losses(torch.cat([-sure, sure]), softmax.targets(labels, 2, dtype))

    assert one_unit.tolist() == [0.0, 0.0, 1e4, 1e4]
    assert two_units.tolist() == [0.0, 0.0, 2e4, 2e4]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_and_probabilities_of_logits_of_ten_thousand_are_finite(dtype: torch.dtype) -> None:
    sure = torch.tensor([[1e4, -1e4]], dtype=dtype)
    labels = torch.tensor([0, 1])
    one, two = sure.clone(), torch.cat([-sure, sure])

    make(SigmoidOutput(Loss.AUTO).gradient(one, SigmoidOutput(Loss.AUTO).targets(labels, 2, dtype), 2))
    make(SoftmaxOutput(Loss.AUTO).gradient(two, SoftmaxOutput(Loss.AUTO).targets(labels, 2, dtype), 2))

    assert one.tolist() == [[0.5, -0.5]]
    assert two.tolist() == [[-0.5, 0.5], [0.5, -0.5]]
    assert SigmoidOutput(Loss.AUTO).probabilities(sure).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_the_worked_examples_of_the_course() -> None:
    animals = torch.tensor([[2.0], [1.0], [0.1]], dtype=torch.float64)
    of_three = torch.log(torch.tensor([[0.7], [0.2], [0.1]], dtype=torch.float64))
    of_two = torch.tensor([[math.log(0.8 / 0.2)]], dtype=torch.float64)

    softmax = SoftmaxOutput(Loss.AUTO).probabilities(animals)[:, 0].tolist()
    cross_entropy = SoftmaxOutput(Loss.AUTO).losses(of_three, torch.tensor([[1.0], [0.0], [0.0]]))
    binary = SigmoidOutput(Loss.AUTO).losses(of_two, torch.tensor([[1.0]]))

    assert [round(p, 2) for p in softmax] == [0.66, 0.24, 0.1]
    assert cross_entropy.item() == pytest.approx(0.3567, abs=5e-5)
    assert binary.item() == pytest.approx(0.2231, abs=5e-5)


def test_the_smaller_of_two_sigmoid_probabilities_is_not_rounded_to_zero() -> None:
    probabilities = SigmoidOutput(Loss.AUTO).probabilities(torch.tensor([[40.0]]))

    assert probabilities[0].item() == pytest.approx(math.exp(-40), rel=1e-4)


def test_one_sigmoid_for_each_animal_of_the_course_is_no_distribution() -> None:
    animals = torch.tensor([[2.0], [1.0], [0.1]], dtype=torch.float64)

    independent = make_output(Output.INDEPENDENT_SIGMOIDS, Loss.AUTO)
    probabilities = independent.probabilities(animals)[:, 0]

    rounded = [round(p, 2) for p in probabilities.tolist()]
    assert rounded == [0.88, 0.73, 0.52]
    assert sum(rounded) == pytest.approx(2.13)  # as the course adds them up
    assert probabilities.sum().item() == pytest.approx(2.1368, abs=5e-5)
    assert not independent.is_distribution
    assert make_output(Output.SOFTMAX, Loss.AUTO).is_distribution
    assert make_output(Output.SIGMOID, Loss.AUTO).is_distribution


def test_probabilities_of_a_die_and_a_coin_that_nothing_is_known_of() -> None:
    die = make_output(Output.SOFTMAX, Loss.AUTO).probabilities(torch.zeros(6, 1))[:, 0]
    coin = make_output(Output.SIGMOID, Loss.AUTO).probabilities(torch.zeros(1, 1))[:, 0]

    assert die.tolist() == pytest.approx([1 / 6] * 6)
    assert round(die[2].item(), 3) == 0.167
    assert coin.tolist() == [0.5, 1 - 0.5]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
@pytest.mark.parametrize("output", [Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS])
def test_logits_of_ten_thousand_are_no_trouble_for_any_output_and_loss(
    output: Output, loss: Loss, dtype: torch.dtype
) -> None:
    layer = make_output(output, loss)
    n_units = layer.n_units(2)
    logits = torch.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 0.0]], dtype=dtype)[:n_units].contiguous()
    for labels in (torch.tensor([0, 0, 1]), torch.tensor([1, 1, 0])):
        targets, gradient = layer.targets(labels, 2, dtype), logits.clone()
        make(layer.gradient(gradient, targets, 3))

        assert gradient.isfinite().all()
        assert layer.losses(logits, targets).isfinite().all()
        assert layer.probabilities(logits).isfinite().all()


@pytest.mark.parametrize("output", [Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS])
def test_squared_error_stalls_where_cross_entropy_pulls_hardest(output: Output) -> None:
    """Confidently wrong: the course's reason for cross-entropy."""
    n_units = make_output(output, Loss.MSE).n_units(2)
    wrong = torch.tensor([[8.0], [-8.0]], dtype=torch.float64)[-n_units:]  # of class 1, decided for class 0
    pulls = {}
    for loss in (Loss.CROSS_ENTROPY, Loss.MSE):
        layer, gradient = make_output(output, loss), wrong.clone()
        make(layer.gradient(gradient, layer.targets(torch.tensor([1]), 2, torch.float64), 1))
        pulls[loss] = gradient.abs().max().item()

    assert pulls[Loss.CROSS_ENTROPY] > 0.99
    assert pulls[Loss.MSE] < 0.01


def test_the_gradient_of_the_squared_error_does_not_round_to_zero() -> None:
    layer, gradient = make_output(Output.SIGMOID, Loss.MSE), torch.tensor([[50.0]], dtype=torch.float64)

    make(layer.gradient(gradient, layer.targets(torch.tensor([0]), 2, torch.float64), 1))

    assert gradient.item() == pytest.approx(2 * math.exp(-50), rel=1e-9)


@pytest.mark.parametrize(("threshold", "decided"), [(0.5, [0, 1, 1]), (0.7, [0, 0, 1]), (0.3, [1, 1, 1])])
def test_the_threshold_decides_for_class_1(threshold: float, decided: list[int]) -> None:
    p = torch.tensor([[0.4, 0.6, 0.9]], dtype=torch.float64)

    decisions = make_output(Output.SIGMOID, Loss.AUTO).decisions(torch.log(p / (1 - p)), threshold)

    assert decisions.tolist() == decided


def test_at_the_threshold_the_point_is_on_the_boundary_and_not_above_it() -> None:
    assert make_output(Output.SIGMOID, Loss.AUTO).decisions(torch.zeros(1, 1)).tolist() == [False]


def test_auto_must_be_resolved_before() -> None:
    with pytest.raises(ValueError, match="auto names no output layer"):
        make_output(Output.AUTO, Loss.AUTO)
