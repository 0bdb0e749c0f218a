"""The kernels that compute hidden activations: calls bound to their buffers, in place wherever possible.

A call costs about a microsecond however small its arrays are, so each kernel is as few calls as possible, and of the
two libraries that see the same memory the quicker one: numpy's tanh takes a seventh of the time of torch's, and its
products of small arrays a third. What they must equal is the table of `engine.mlp.activations`.
"""

# Tests: tests/engine/mlp/test_activations.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import numpy as np
import torch
from torch.nn import functional

from engine.config import Activation
from engine.mlp.activations import Shape

Call = Callable[[], object]
Calls = list[Call]
P = ParamSpec("P")
R = TypeVar("R")

aten = torch.ops.aten


SMALLEST = 5e-324
"""The smallest number above 0; where denormal numbers are taken for zero it equals 0."""


def in_engine(function: Callable[P, R]) -> Callable[P, R]:
    """Compute without autograd, without numpy's warnings, and with zero in place of denormal numbers.

    What is not finite is found and told of. With denormal numbers, below 1.2e-38 in single precision, processors take
    many times as long, and networks that have learned are full of them. What the processor is told here holds for this
    thread, whatever computes in it: torch, numpy or compiled code; afterwards the thread is as it was.
    """

    @wraps(function)
    def computing(*args: P.args, **kwargs: P.kwargs) -> R:
        is_zero_for_all = SMALLEST == 0.0
        torch.set_flush_denormal(True)
        try:
            with torch.inference_mode(), np.errstate(all="ignore"):
                return function(*args, **kwargs)
        finally:
            torch.set_flush_denormal(is_zero_for_all)

    return computing


SMALL, NARROW, SMALL_NARROW, SMALL_VECTOR = 2**16, 4, 2**18, 2**13


def product(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> Call:
    """A call that puts the matrix product of `left` (m, k) and `right` (k, n) into `out`, which is contiguous.

    Numpy's is the quicker one for small matrices, and for larger ones with few rows or columns. Its library begins
    threads at 2**18 multiplications, for a row or column at 9,216; it is left before that.
    """
    (m, k), n = left.shape, right.shape[1]
    most = SMALL_VECTOR if min(m, k, n) == 1 else SMALL_NARROW if min(m, n) <= NARROW else SMALL
    if m * k * n <= most:
        return partial(left.numpy().dot, right.numpy(), out.numpy())
    return partial(torch.mm, left, right, out=out)


def times(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> Call:
    """A call that puts left * right into `out`."""
    return partial(np.multiply, left.numpy(), right.numpy(), out.numpy())


def plus(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> Call:
    """A call that puts left + right into `out`."""
    return partial(np.add, left.numpy(), right.numpy(), out.numpy())


def one_less(values: torch.Tensor, out: torch.Tensor) -> Call:
    """A call that puts 1 - values into `out`."""
    return partial(np.subtract, np.ones((), out.numpy().dtype), values.numpy(), out.numpy())


Forward = Callable[[torch.Tensor, torch.Tensor], Calls]
Backward = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], Calls]


@dataclass(frozen=True)
class Kernel:
    """One activation.

    Attributes:
        forward: calls that put f(z) into a second tensor, which is z itself unless `needs_input`.
        backward: calls that put dL/dz into a third tensor, which may be the first, given dL/df(z) and f(z), or z if
            `needs_input`.
        needs_input: whether the way back needs z, which then must not be overwritten.
        is_elementwise: whether an output depends on its own z only.
        quick_derivative: calls that put f' into a second tensor, given f(z), where that is quicker than `backward`.
    """

    forward: Forward
    backward: Backward
    needs_input: bool = False
    is_elementwise: bool = True
    quick_derivative: Forward | None = None

    def derivative(self, source: torch.Tensor, out: torch.Tensor) -> Calls:
        """Calls that put f' into `out`, given f(z), or z if `needs_input`; for kernels that are elementwise."""
        if self.quick_derivative is not None:
            return self.quick_derivative(source, out)
        return [partial(out.fill_, 1), *self.backward(out, source, out)]


def make_kernel(activation: Activation, shape: Shape, *, exact: bool = False) -> Kernel:
    """The kernel of an activation with these constants.

    Args:
        activation: which one.
        shape: its constants.
        exact: f' of sigmoid and tanh is taken from z. From the output, 1 - f is rounded to 0 where f is nearly 1.
    """
    if exact and activation in EXACT:
        return EXACT[activation]
    match activation:
        case Activation.LEAKY_RELU:
            return leaky_relu(shape.leaky_slope)
        case Activation.ELU:
            return elu(shape.elu_alpha)
        case _:
            return KERNELS[activation]


def in_place(function: Callable[[torch.Tensor], object]) -> Forward:
    """The way forward by one function that overwrites z."""
    return lambda z, _: [partial(function, z)]


def way_back(function: Callable[..., object], *constants: object) -> Backward:
    """The way back by one of torch's own derivatives."""
    return lambda above, source, delta: [partial(function, above, source, *constants, grad_input=delta)]


def leaky_relu(slope: float) -> Kernel:
    """Leaky ReLU; its output has the sign of z, or is 0 if the slope is."""
    return Kernel(
        in_place(partial(functional.leaky_relu_, negative_slope=slope)),
        way_back(aten.leaky_relu_backward.grad_input, slope, True),
        quick_derivative=lambda output, out: [
            partial(torch.sign, output, out=out),
            partial(torch.clamp_min_, out, slope),
        ],
    )


def elu(alpha: float) -> Kernel:
    """ELU; below 0 its derivative is f + alpha. For alpha 0 it is ReLU."""
    if alpha == 0.0:
        return KERNELS[Activation.RELU]
    backward = aten.elu_backward.grad_input
    return Kernel(
        in_place(partial(functional.elu_, alpha=alpha)),
        lambda above, output, delta: [partial(backward, above, alpha, 1, 1, True, output, grad_input=delta)],
    )


def _copy(above: torch.Tensor, _: torch.Tensor, delta: torch.Tensor) -> Calls:
    return [] if above is delta else [partial(delta.copy_, above)]


def _softmax_backward(above: torch.Tensor, output: torch.Tensor, delta: torch.Tensor) -> Calls:
    # f * (above - sum of above * f over the units)
    return [partial(aten._softmax_backward_data.out, above, output, 0, delta.dtype, grad_input=delta)]


def _exact_backward(steepness: float) -> Backward:
    """f'(z) = s**2 sigmoid(s z) sigmoid(-s z): of sigmoid for s = 1, of tanh for s = 2."""

    def backward(above: torch.Tensor, z: torch.Tensor, delta: torch.Tensor) -> Calls:
        rising, falling = torch.empty_like(z), torch.empty_like(z)
        return [
            partial(torch.mul, z, steepness, out=rising),
            partial(torch.neg, rising, out=falling),
            partial(torch.sigmoid_, rising),
            partial(torch.sigmoid_, falling),
            times(rising, falling, rising),
            partial(rising.mul_, steepness**2),
            times(above, rising, delta),
        ]

    return backward


EXACT: dict[Activation, Kernel] = {
    Activation.SIGMOID: Kernel(
        lambda z, out: [partial(torch.sigmoid, z, out=out)], _exact_backward(1.0), needs_input=True
    ),
    Activation.TANH: Kernel(
        lambda z, out: [partial(np.tanh, z.numpy(), out.numpy())], _exact_backward(2.0), needs_input=True
    ),
}
KERNELS: dict[Activation, Kernel] = {
    Activation.LINEAR: Kernel(lambda z, out: [], _copy),
    Activation.STEP: Kernel(
        lambda z, out: [partial(torch.gt, z, 0, out=out)], lambda above, output, delta: [partial(delta.zero_)]
    ),
    Activation.SIGMOID: Kernel(
        in_place(torch.sigmoid_),
        way_back(aten.sigmoid_backward.grad_input),
        quick_derivative=lambda output, out: [one_less(output, out), times(out, output, out)],
    ),
    Activation.TANH: Kernel(
        lambda z, out: [partial(np.tanh, z.numpy(), out.numpy())],
        way_back(aten.tanh_backward.grad_input),
        quick_derivative=lambda output, out: [times(output, output, out), one_less(out, out)],
    ),
    Activation.SOFTMAX: Kernel(
        lambda z, out: [partial(torch.softmax, z, 0, out=out)], _softmax_backward, is_elementwise=False
    ),
    Activation.RELU: Kernel(
        in_place(torch.relu_),
        way_back(aten.threshold_backward.grad_input, 0),
        quick_derivative=lambda output, out: [partial(torch.sign, output, out=out)],
    ),
    Activation.GELU: Kernel(
        lambda z, out: [partial(aten.gelu.out, z, out=out)],
        way_back(aten.gelu_backward.grad_input),
        needs_input=True,
    ),
    Activation.SILU: Kernel(
        lambda z, out: [partial(aten.silu.out, z, out=out)],
        way_back(aten.silu_backward.grad_input),
        needs_input=True,
    ),
}
"""Those without constants."""
