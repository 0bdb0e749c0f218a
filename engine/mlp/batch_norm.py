"""Batch normalisation of the hidden layers (Ioffe and Szegedy 2015, "Batch normalization").

In training each unit's z is normalised with the mean and variance of the batch, then scaled and shifted by two
parameters that are learned. In evaluation the running statistics take the place of those of the batch. Constants are
those of ``torch.nn.BatchNorm1d``: epsilon 1e-5, momentum 0.1, unbiased running variance.
"""

from __future__ import annotations

from functools import partial

import torch

from engine.mlp.kernels import Calls, aten

EPSILON = 1e-5
MOMENTUM = 0.1


class BatchNorm:
    """Running statistics of all hidden units of a network, in flat vectors, first layer first.

    Args:
        scale, shift: parameters of each hidden unit, shape (n_hidden_units,).
    """

    def __init__(self, scale: torch.Tensor, shift: torch.Tensor) -> None:
        self.scale, self.shift = scale, shift
        self.mean, self.variance = torch.zeros_like(scale), torch.ones_like(scale)

    def copy_(self, other: BatchNorm) -> None:
        """Take over the running statistics of another network of the same shape."""
        self.mean.copy_(other.mean)
        self.variance.copy_(other.variance)


class BatchStatistics:
    """Statistics of one batch, and the calls that normalise with them.

    Args:
        norm: scale, shift and running statistics.
        n_points: of the batch.
        momentum: share of the batch in the new running statistics.
    """

    def __init__(self, norm: BatchNorm, n_points: int, momentum: float = MOMENTUM) -> None:
        self._norm, self._n_points, self._momentum = norm, n_points, momentum
        self._mean, self._inverse_deviation = torch.empty_like(norm.mean), torch.empty_like(norm.mean)
        self._variance = torch.empty_like(norm.mean)
        self._result = torch.empty(0, dtype=norm.mean.dtype)

    def forward(self, units: slice, z: torch.Tensor, out: torch.Tensor) -> Calls:
        """Put the normalised z into `out`, both (n_units, n_points), for the hidden units `units`."""
        return [
            partial(
                aten.native_batch_norm.out,
                z[None],
                self._norm.scale[units],
                self._norm.shift[units],
                None,
                None,
                True,
                0.0,
                EPSILON,
                out=out[None],
                save_mean=self._mean[units],
                save_invstd=self._inverse_deviation[units],
            )
        ]

    def backward(
        self,
        units: slice,
        z: torch.Tensor,
        delta: torch.Tensor,
        scale_gradient: torch.Tensor,
        shift_gradient: torch.Tensor,
    ) -> Calls:
        """Turn the derivative by the normalised values into that by z, in place, and fill the parameters' gradients."""
        if self._result.numel() < delta.numel():
            self._result = torch.empty_like(delta).view(-1)  # one for all layers of a width
        result = self._result[: delta.numel()].view(delta.shape)
        return [
            partial(
                aten.native_batch_norm_backward.out,
                delta[None],
                z[None],
                self._norm.scale[units],
                None,
                None,
                self._mean[units],
                self._inverse_deviation[units],
                True,
                EPSILON,
                [True, True, True],
                out0=result[None],
                out1=scale_gradient,
                out2=shift_gradient,
            ),
            partial(delta.copy_, result),
        ]

    def follow(self) -> Calls:
        """Let the running statistics of all layers follow this batch; one point has no variance, and is passed over."""
        if self._n_points < 2:
            return []
        norm, variance = self._norm, self._variance
        return [
            partial(torch.pow, self._inverse_deviation, -2, out=variance),
            partial(variance.sub_, EPSILON),
            partial(variance.mul_, self._n_points / (self._n_points - 1)),
            partial(norm.mean.lerp_, self._mean, self._momentum),
            partial(norm.variance.lerp_, variance, self._momentum),
        ]


class Evaluation:
    """Normalisation with the running statistics: one multiplication and one addition a unit."""

    def __init__(self, norm: BatchNorm) -> None:
        self._norm = norm
        self._factor, self._offset = torch.empty_like(norm.mean), torch.empty_like(norm.mean)

    def prepare(self) -> Calls:
        """Calls that take over the parameters and statistics as they are now."""
        norm, factor, offset = self._norm, self._factor, self._offset
        return [
            partial(torch.add, norm.variance, EPSILON, out=factor),
            partial(factor.rsqrt_),
            partial(factor.mul_, norm.scale),
            partial(torch.addcmul, norm.shift, norm.mean, factor, value=-1, out=offset),
        ]

    def forward(self, units: slice, z: torch.Tensor, out: torch.Tensor) -> Calls:
        """Put the normalised z into `out`, both (n_units, n_points), for the hidden units `units`."""
        factor, offset = self._factor[units, None], self._offset[units, None]
        return [partial(torch.addcmul, offset, z, factor, out=out)]
