"""The table of activations and the kernels of the engine, against torch's own modules and autograd's derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.config import Activation, Initialization, TrainingConfig
from engine.mlp.activations import ACTIVATIONS, SATURATED_BELOW, Shape, initializations, saturation, softmax
from engine.mlp.kernels import Calls, make_kernel
from tests.engine.reference import activation_module

SHAPES = [(1, 1), (3, 5), (16, 1000)]
CONSTANTS = [Shape(), Shape(leaky_slope=0.3, elu_alpha=2.0), Shape(leaky_slope=0.0, elu_alpha=0.0)]
SHARPEST = Shape(leaky_slope=1.0, elu_alpha=3.0)
Z = np.linspace(-8, 8, 4001)


def module(activation: Activation, shape: Shape) -> torch.nn.Module:
    """Torch's, for points first."""
    return activation_module(activation, TrainingConfig(leaky_slope=shape.leaky_slope, elu_alpha=shape.elu_alpha))


def make(calls: Calls) -> None:
    for call in calls:
        call()


def through_kernel(
    activation: Activation, shape: Shape, z: torch.Tensor, upstream: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """f(z), and what comes back through it."""
    kernel = make_kernel(activation, shape)
    inputs, delta = z.clone(), upstream.clone()
    output = torch.empty_like(z) if kernel.needs_input else inputs
    make(kernel.forward(inputs, output))
    source = inputs if kernel.needs_input else output
    make(kernel.backward(delta, source, delta))
    if kernel.is_elementwise:
        derivative = torch.full_like(z, 7.0)
        make(kernel.derivative(source, derivative))
        tolerance = 1e-6 if z.dtype is torch.float32 else 1e-12
        torch.testing.assert_close(upstream * derivative, delta, rtol=1e-9, atol=tolerance)
    return output, delta


def test_every_activation_has_a_row() -> None:
    assert set(ACTIVATIONS) == set(Activation)


@pytest.mark.parametrize("constants", CONSTANTS)
@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("activation", Activation)
def test_kernels_agree_with_autograd(activation: Activation, size: tuple[int, int], constants: Shape) -> None:
    generator = torch.Generator().manual_seed(3)
    z = 4 * torch.randn(size, dtype=torch.float64, generator=generator)
    upstream = torch.randn(size, dtype=torch.float64, generator=generator)
    leaf = z.t().clone().requires_grad_()
    expected = module(activation, constants)(leaf)
    (derivative,) = torch.autograd.grad(expected, leaf, upstream.t())

    output, delta = through_kernel(activation, constants, z, upstream)

    torch.testing.assert_close(output, expected.detach().t(), rtol=1e-13, atol=1e-15)
    torch.testing.assert_close(delta, derivative.t(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("activation", Activation)
def test_kernels_agree_with_the_table(activation: Activation, dtype: torch.dtype) -> None:
    z = np.concatenate([Z, [-1e4, -300.0, 0.0, 300.0, 1e4]])
    facts, tensor = ACTIVATIONS[activation], torch.from_numpy(z).to(dtype)[:, None]

    output, derivative = through_kernel(activation, Shape(), tensor, torch.ones_like(tensor))

    exact = tensor.double().numpy()
    tolerance = 1e-5 if dtype is torch.float32 else 1e-12
    np.testing.assert_allclose(output.numpy(), facts.value(exact, Shape()), rtol=tolerance, atol=tolerance)
    if activation is not Activation.SOFTMAX:  # there the derivative by the other units comes in
        np.testing.assert_allclose(derivative.numpy(), facts.derivative(exact, Shape()), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("constants", [*CONSTANTS, SHARPEST])
@pytest.mark.parametrize("activation", Activation)
def test_the_facts_of_the_table_hold(activation: Activation, constants: Shape) -> None:
    facts = ACTIVATIONS[activation]
    z = np.vstack([Z, np.zeros_like(Z)])
    value, derivative = facts.value(z, constants)[0], facts.derivative(z, constants)[0]

    assert value.min() >= facts.lowest(constants) - 1e-12
    assert value.max() <= facts.highest
    assert np.abs(derivative).max() == pytest.approx(facts.largest_derivative(constants), abs=1e-6)
    odd = np.allclose(value, -value[::-1])
    if activation in (Activation.LEAKY_RELU, Activation.ELU) and constants is not CONSTANTS[0]:
        return  # with slope 1 Leaky ReLU is linear
    assert odd == facts.is_zero_centred


def test_the_jacobian_of_softmax_has_a_norm_of_at_most_a_half() -> None:
    generator = np.random.default_rng(1)
    z = [generator.normal(0, generator.uniform(0, 5), generator.integers(1, 9)) for _ in range(500)] + [np.zeros(2)]
    jacobians = [np.diag(p) - np.outer(p, p) for p in (softmax(one) for one in z)]

    assert max(np.linalg.norm(jacobian, 2) for jacobian in jacobians) == pytest.approx(0.5)
    assert max(np.diag(jacobian).max() for jacobian in jacobians) == pytest.approx(0.25)


@pytest.mark.parametrize("activation", sorted(set(Activation) - {Activation.STEP, Activation.SOFTMAX}))
def test_derivatives_of_the_table_are_those_of_its_values(activation: Activation) -> None:
    z = Z[np.abs(Z) > 0.01]  # beside the kinks
    facts, step = ACTIVATIONS[activation], 1e-6

    slope = (facts.value(z + step, SHARPEST) - facts.value(z - step, SHARPEST)) / (2 * step)

    np.testing.assert_allclose(facts.derivative(z, SHARPEST), slope, atol=1e-8)


@pytest.mark.parametrize(
    ("activation", "left", "right"),
    [
        (Activation.LINEAR, -math.inf, math.inf),
        (Activation.STEP, 0.0, 0.0),
        (Activation.SIGMOID, -4.585, 4.585),  # where s (1 - s) = 0.01
        (Activation.TANH, -2.993, 2.993),  # where 1 - tanh**2 = 0.01
        (Activation.SOFTMAX, -math.inf, math.inf),
        (Activation.RELU, 0.0, math.inf),
        (Activation.LEAKY_RELU, -math.inf, math.inf),
        (Activation.ELU, math.log(0.01), math.inf),
    ],
)
def test_saturation_begins_where_the_derivative_is_a_hundredth(
    activation: Activation, left: float, right: float
) -> None:
    assert saturation(activation, Shape()) == pytest.approx((left, right), abs=2e-3)


@pytest.mark.parametrize("activation", [Activation.SIGMOID, Activation.TANH, Activation.GELU, Activation.SILU])
def test_beyond_the_bound_every_derivative_is_small(activation: Activation) -> None:
    left, right = saturation(activation, Shape())
    beyond = Z[(left >= Z) | (right <= Z)]

    assert len(beyond)
    assert np.abs(ACTIVATIONS[activation].derivative(beyond, Shape())).max() < SATURATED_BELOW


@pytest.mark.parametrize("activation", Activation)
def test_a_view_into_a_larger_buffer_is_changed_and_nothing_beside_it(activation: Activation) -> None:
    buffer = torch.full((4, 6), 0.5)
    kernel = make_kernel(activation, Shape())
    z = torch.full((3, 6), 0.5) if kernel.needs_input else buffer[:-1]

    make(kernel.forward(z, buffer[:-1]))

    expected = module(activation, Shape())(torch.full((6, 3), 0.5))
    assert torch.allclose(buffer[:-1], expected.t())
    assert (buffer[-1] == 0.5).all()


@pytest.mark.parametrize(
    ("activation", "z", "value", "slope"),
    [
        (Activation.SIGMOID, 0.0, 0.5, 0.25),
        (Activation.SIGMOID, 2.0, 0.88, 0.105),  # the course's cat, dog and rabbit
        (Activation.SIGMOID, 1.0, 0.73, 0.197),
        (Activation.SIGMOID, 0.1, 0.52, 0.249),
        (Activation.TANH, 0.0, 0.0, 1.0),
        (Activation.RELU, 2.0, 2.0, 1.0),
        (Activation.RELU, 0.0, 0.0, 0.0),
        (Activation.RELU, -2.0, 0.0, 0.0),
        (Activation.LEAKY_RELU, -2.0, -0.02, 0.01),
        (Activation.LEAKY_RELU, 0.0, 0.0, 0.01),
        (Activation.LEAKY_RELU, 2.0, 2.0, 1.0),
        (Activation.ELU, 3.0, 3.0, 1.0),
        (Activation.ELU, -1.0, -0.6321205588, 0.3678794412),
        (Activation.STEP, 0.0, 0.0, 0.0),
        (Activation.STEP, 0.1, 1.0, 0.0),
        (Activation.SOFTMAX, 5.0, 1.0, 0.0),  # one unit alone
        (Activation.GELU, 1.0, 0.8413447461, 1.0833154706),
        (Activation.SILU, 1.0, 0.7310585786, 0.9276705119),
        (Activation.LINEAR, -3.0, -3.0, 1.0),
    ],
)
def test_the_numbers_of_the_textbook(activation: Activation, z: float, value: float, slope: float) -> None:
    tensor = torch.tensor([[z]], dtype=torch.float64)

    output, delta = through_kernel(activation, Shape(), tensor, torch.ones_like(tensor))

    assert output.item() == pytest.approx(value, abs=5e-3)
    assert delta.item() == pytest.approx(slope, abs=5e-4)


def test_no_number_of_the_sigmoid_is_above_a_quarter() -> None:
    """The bound that the course multiplies twenty times."""
    assert ACTIVATIONS[Activation.SIGMOID].largest_derivative(Shape()) == 0.25
    assert pytest.approx(9.09e-13, rel=1e-3) == 0.25**20


@pytest.mark.parametrize(
    ("activation", "rule"),
    [
        (Activation.SIGMOID, Initialization.XAVIER_UNIFORM),
        (Activation.TANH, Initialization.XAVIER_UNIFORM),
        (Activation.ELU, Initialization.XAVIER_UNIFORM),
        (Activation.RELU, Initialization.HE_NORMAL),
        (Activation.LEAKY_RELU, Initialization.HE_NORMAL),
    ],
)
def test_auto_initialization_follows_the_activation(activation: Activation, rule: Initialization) -> None:
    assert initializations(TrainingConfig(hidden_layers=(4, 4), activation=activation)) == (rule, rule)


def test_auto_initialization_follows_the_activation_of_each_layer() -> None:
    config = TrainingConfig(hidden_layers=(4, 4), layer_activations=("relu", "sigmoid"))  # type: ignore[arg-type]

    assert initializations(config) == (Initialization.HE_NORMAL, Initialization.XAVIER_UNIFORM)


def test_a_chosen_initialization_is_kept() -> None:
    chosen = TrainingConfig(initialization=Initialization.TORCH_DEFAULT)

    assert initializations(chosen) == (Initialization.TORCH_DEFAULT,) * 3
