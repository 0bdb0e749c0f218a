"""Every activation against torch's own module and autograd's derivative."""

from __future__ import annotations

import pytest
import torch

from engine.activations import RULES
from engine.config import RECOMMENDED_INITIALIZATION, Activation
from tests.engine.reference import MODULES

SHAPES = [(1, 1), (3, 5), (16, 1000)]


def test_every_activation_has_a_rule_and_a_recommended_initialization() -> None:
    assert set(RULES) == set(Activation) == set(RECOMMENDED_INITIALIZATION)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", Activation)
def test_value_and_derivative_agree_with_autograd(activation: Activation, shape: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(3)
    z = 4 * torch.randn(shape, dtype=torch.float64, generator=generator)
    upstream = torch.randn(shape, dtype=torch.float64, generator=generator)
    leaf = z.clone().requires_grad_()
    expected = MODULES[activation]()(leaf)
    (derivative,) = torch.autograd.grad(expected, leaf, upstream)

    output, delta = z.clone(), upstream.clone()
    RULES[activation].apply(output)
    RULES[activation].backpropagate(delta, output)

    torch.testing.assert_close(output, expected.detach(), rtol=1e-13, atol=1e-15)
    torch.testing.assert_close(delta, derivative, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("activation", Activation)
def test_a_view_into_a_larger_buffer_is_changed_and_nothing_beside_it(activation: Activation) -> None:
    buffer = torch.full((4, 6), 0.5)

    RULES[activation].apply(buffer[:-1])

    expected = MODULES[activation]()(torch.tensor(0.5))
    assert torch.allclose(buffer[:-1], expected)
    assert (buffer[-1] == 0.5).all()


@pytest.mark.parametrize(
    ("activation", "z", "value", "slope"),
    [
        (Activation.SIGMOID, 0.0, 0.5, 0.25),
        (Activation.TANH, 0.0, 0.0, 1.0),
        (Activation.RELU, 2.0, 2.0, 1.0),
        (Activation.RELU, 0.0, 0.0, 0.0),
        (Activation.RELU, -2.0, 0.0, 0.0),
        (Activation.LEAKY_RELU, -2.0, -0.02, 0.01),
        (Activation.LEAKY_RELU, 2.0, 2.0, 1.0),
        (Activation.ELU, 3.0, 3.0, 1.0),
        (Activation.ELU, -1.0, -0.6321205588, 0.3678794412),
    ],
)
def test_the_numbers_of_the_textbook(activation: Activation, z: float, value: float, slope: float) -> None:
    output, delta = torch.tensor([[z]], dtype=torch.float64), torch.ones((1, 1), dtype=torch.float64)

    RULES[activation].apply(output)
    RULES[activation].backpropagate(delta, output)

    assert output.item() == pytest.approx(value)
    assert delta.item() == pytest.approx(slope)
