"""The values of a layer, counted piece by piece until they are a `engine.insight.diagnosis.LayerDiagnosis`."""

# Tests: tests/engine/insight/test_diagnosis.py

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from engine.config import Activation
from engine.insight.diagnosis import HISTOGRAM_BINS, SATURATED_POINTS, ZERO_CENTRED, GradientSize, LayerDiagnosis
from engine.insight.probing.probes import scaled_norm
from engine.learning.metrics import mean
from engine.mlp.activations import ACTIVATIONS, Floats, Shape, saturation

LARGEST_LIMIT = 2.0**1000
"""Of a histogram, and the smallest is as far below 1; beyond them the width of a bin would overflow."""
Counts = NDArray[np.int64]
Limits = tuple[float, float]


@dataclass
class LayerPass:
    """The values that a layer held during one pass, float64 tensors.

    Attributes:
        inputs: what came into it, shape (n_inputs + 1, n_points), the last row ones.
        product: W [h; 1], shape (n_units, n_points), like all below but the gradient.
        z: what went into f; the same without batch normalisation.
        value: f(z); of the output layer the logits.
        slope: f'(z); of the output layer 1.
        output: what came out of it, the skip connection included.
        above: derivative of the mean loss by the output; that of a point times its weight.
        by_product: derivative by the product.
        gradient: of its matrix, shape (n_units, n_inputs + 1).
    """

    inputs: torch.Tensor
    product: torch.Tensor
    z: torch.Tensor
    value: torch.Tensor
    slope: torch.Tensor
    output: torch.Tensor
    above: torch.Tensor
    by_product: torch.Tensor
    gradient: torch.Tensor


class LayerTally:
    """One layer, of which pieces are counted.

    Args:
        activation: None for the output layer.
        shape: its constants.
        first: the first piece, by which the limits of the histograms are chosen.
    """

    def __init__(self, activation: Activation | None, shape: Shape, first: LayerPass) -> None:
        self._activation, self._shape = activation, shape
        self._facts = None if activation is None else ACTIVATIONS[activation]
        n_units = len(first.z)
        self._gradient = np.zeros(first.gradient.shape)
        self._signals: list[float] = []
        self._n_points, self._weight = 0, 0.0
        self._slopes = self._values = self._squares = self._one_sign = 0.0
        self._saturated = np.zeros(n_units)
        self._dead, self._linear = np.ones(n_units, dtype=bool), np.ones(n_units, dtype=bool)
        z, value = first.z.numpy(), first.value.numpy()
        lowest, highest = -math.inf, math.inf
        self._z_limits = self._output_limits = limits(z, lowest, highest)
        if self._facts is not None:
            self._output_limits = limits(value, self._facts.lowest(shape), self._facts.highest)
        self._z_counts, self._output_counts = (np.zeros(HISTOGRAM_BINS, dtype=np.int64) for _ in range(2))

    def add(self, layer: LayerPass, weights: Floats | None) -> None:
        """Count a piece; `weights`, shape (n_points,), are how many points each stands for, None for one each."""
        z, value, slope = layer.z.numpy(), layer.value.numpy(), layer.slope.numpy()
        self._n_points += z.shape[1]
        self._weight += z.shape[1] if weights is None else float(weights.sum())
        self._gradient += layer.gradient.numpy()
        self._signals.append(signal_of(layer.above.numpy(), weights))
        self._slopes += total(np.square(slope), weights)
        self._values += total(value, weights)
        self._squares += total(np.square(value), weights)
        self._one_sign += total(one_sign_shares(layer.inputs[:-1].numpy())[None], weights)
        self._saturated += saturated_counts(z, self._activation, self._shape)
        self._dead &= ((value == 0) & (slope == 0)).all(axis=1)
        self._linear &= (slope == 1).all(axis=1)
        self._z_counts += counted(z, self._z_limits)
        self._output_counts += counted(value, self._output_limits)

    @property
    def signal(self) -> float:
        """Frobenius norm of the derivative of the mean loss by the output."""
        return scaled_norm(np.array(self._signals))

    def result(self, update_ratio: float, before: float) -> LayerDiagnosis:
        """The layer in numbers; `before` is the signal of the layer before it."""
        here, facts, n_values = self.signal, self._facts, self._weight * len(self._saturated)
        factor = before / here if here != 0 else 0.0
        rms_slope, mean_output = math.sqrt(self._slopes / n_values), self._values / n_values
        saturated = self._saturated / self._n_points
        by_weights, by_biases = gradient_size(self._gradient[:, :-1]), gradient_size(self._gradient[:, -1])
        return LayerDiagnosis(
            activation=self._activation,
            weight_gradient=by_weights,
            bias_gradient=by_biases,
            layer_gradient=joint_size(by_weights, by_biases, self._gradient.size),
            update_ratio=update_ratio,
            signal=here,
            factor=factor,
            rms_slope=rms_slope,
            weight_factor=factor / rms_slope if rms_slope != 0 and here != 0 else math.nan,
            slope_bound=1.0 if facts is None else facts.largest_derivative(self._shape),
            z_edges=bin_edges(*self._z_limits),
            z_counts=self._z_counts,
            output_edges=bin_edges(*self._output_limits),
            output_counts=self._output_counts,
            n_units=len(saturated),
            saturated_share=mean(saturated),
            n_saturated_units=int((saturated > SATURATED_POINTS).sum()),
            n_dead_units=int(self._dead.sum()),
            n_linear_units=int(self._linear.sum()),
            mean_output=mean_output,
            is_zero_centred=abs(mean_output) <= ZERO_CENTRED * math.sqrt(self._squares / n_values),
            one_sign_share=self._one_sign / self._weight,
        )


def total(values: Floats, weights: Floats | None) -> float:
    """The sum of (n_units, n_points) values, those of each point times its weight."""
    return float(values.sum() if weights is None else values.sum(axis=0) @ weights)


def signal_of(above: Floats, weights: Floats | None) -> float:
    """The Frobenius norm of a derivative (n_units, n_points), of as many points as the weights say."""
    # each point's is there times its weight, but so many points with one each have a norm of its root
    return scaled_norm(above if weights is None else above / np.sqrt(weights))


def gradient_size(gradient: Floats) -> GradientSize:
    """The size of the derivatives by some parameters, whatever their order of magnitude."""
    norm = scaled_norm(gradient)
    return GradientSize(norm, norm / math.sqrt(gradient.size), float(np.abs(gradient).max()))


def joint_size(weights: GradientSize, biases: GradientSize, size: int) -> GradientSize:
    """The size of the derivatives by all `size` weights and biases together."""
    has_nan = math.isnan(weights.norm + biases.norm)  # for hypot infinity beats it
    norm = math.nan if has_nan else math.hypot(weights.norm, biases.norm)
    return GradientSize(norm, norm / math.sqrt(size), float(np.maximum(weights.largest, biases.largest)))


def saturated_counts(z: Floats, activation: Activation | None, shape: Shape) -> Floats:
    """For each unit the number of points at which the activation is saturated; the output layer never is."""
    left, right = (-math.inf, math.inf) if activation is None else saturation(activation, shape)
    counts = np.zeros(len(z))
    if left > -math.inf:
        counts += np.count_nonzero(z <= left, axis=1)
    if right < math.inf:
        counts += np.count_nonzero(z >= right if right > left else z > right, axis=1)
    return counts


def one_sign_shares(inputs: Floats) -> Floats:
    """For each point the share of positive, or of negative, numbers of (n_inputs, n_points), the larger one."""
    shares: Floats = np.maximum(np.count_nonzero(inputs > 0, axis=0), np.count_nonzero(inputs < 0, axis=0)) / len(
        inputs
    )
    return shares


def histogram(values: Floats, lowest: float, highest: float) -> tuple[Floats, Counts]:
    """Edges and counts of values that are between `lowest` and `highest`; nan is not counted."""
    found = limits(values, lowest, highest)
    return bin_edges(*found), counted(values, found)


def limits(values: Floats, lowest: float, highest: float) -> Limits:
    """The limits of a histogram of values that are between `lowest` and `highest`.

    Where that is without bound, the limits are the power of two next above four times the mean absolute value: the
    middle of a normal distribution, three to six standard deviations, whatever a few outliers do.
    """
    size = 4 * mean(np.abs(values))
    if not math.isfinite(size):
        values = values[~np.isnan(values)]
        finite = np.abs(values[np.isfinite(values)])
        size = 4 * mean(finite) if len(finite) else 0.0
    limit = math.ldexp(1.0, math.ceil(math.log2(size))) if 1 / LARGEST_LIMIT < size < LARGEST_LIMIT else 1.0
    return (lowest, highest) if math.isfinite(lowest + highest) else (max(lowest, -limit), min(highest, limit))


def counted(values: Floats, within: Limits) -> Counts:
    """Counts of the values in bins within the limits; what is beyond them is in the end bins, nan in none."""
    low, high = within
    flat = values.ravel()
    if (is_nan := np.isnan(flat)).any():
        flat = flat[~is_nan]
    places = np.clip(flat, low, high)
    places -= low
    places *= HISTOGRAM_BINS / (high - low)
    counts = np.bincount(places.astype(np.int64), minlength=HISTOGRAM_BINS + 1).astype(np.int64)
    counts[-2] += counts[-1]  # the last bin holds its upper edge, too
    result: Counts = counts[:-1]
    return result


@lru_cache(maxsize=256)
def bin_edges(low: float, high: float) -> Floats:
    """The edges of a histogram with these limits, read-only."""
    edges: Floats = np.linspace(low, high, HISTOGRAM_BINS + 1)
    edges.flags.writeable = False
    return edges
