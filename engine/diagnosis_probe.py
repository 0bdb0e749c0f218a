"""Measures `engine.diagnosis`: one pass there and back in float64 that keeps all that goes on in every layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import torch
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Floats, Shape, saturation
from engine.batch_norm import BatchStatistics
from engine.config import Activation
from engine.diagnosis import (
    HISTOGRAM_BINS,
    SATURATED_POINTS,
    ZERO_CENTRED,
    Diagnosis,
    GradientSize,
    LayerDiagnosis,
)
from engine.kernels import Calls, Kernel
from engine.losses import OutputLayer
from engine.metrics import mean
from engine.network import Network, Parameters
from engine.pieces import Heed, nobody
from engine.probes import probed_points, scaled_norm

LARGEST_LIMIT = 2.0**1000
"""Of a histogram, and the smallest is as far below 1; beyond them the width of a bin would overflow."""


@dataclass
class LayerPass:
    """What a layer held, float64 tensors.

    Attributes:
        inputs: what came into it, shape (n_inputs + 1, n_points), the last row ones.
        product: W [h; 1], shape (n_units, n_points), like all below but the gradient.
        z: what went into f; the same without batch normalisation.
        value: f(z); of the output layer the logits.
        slope: f'(z); of the output layer 1.
        output: what came out of it, the skip connection included.
        above: derivative of the mean loss by the output.
        gradient: of its matrix, shape (n_units, n_inputs + 1).
    """

    inputs: torch.Tensor
    product: torch.Tensor
    z: torch.Tensor
    value: torch.Tensor
    slope: torch.Tensor
    output: torch.Tensor
    above: torch.Tensor
    gradient: torch.Tensor


class DiagnosisProbe:
    """Looks at every layer of a network without touching it, as `engine.probes.GradientProbe` does.

    Training points, at most 2,048, fewer for networks of more than 1,024 hidden units; float64; derivatives of
    saturated units are exact; nothing drops out; batch normalisation by the points that are looked at.

    Args:
        network: whose parameters are used, as they are at each call.
        output: the output layer and its loss.
        inputs, targets: the training points.
        heed: called between two layers.
    """

    def __init__(
        self,
        network: Network,
        output: OutputLayer,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        heed: Heed = nobody,
    ) -> None:
        self._heed = heed
        inputs, targets = probed_points(network, inputs, targets, at_once=True)
        self._inputs, self._targets = inputs.double().contiguous(), targets.double().contiguous()
        self._n_points = inputs.shape[1]
        self._live, self._output = network, output
        self._network = Network(network.architecture, torch.float64, exact=True)
        self._norm = None if self._network.norm is None else BatchStatistics(self._network.norm, self._n_points)

    def diagnose(self, update_ratios: Iterable[float]) -> Diagnosis:
        """What every layer holds now, with what the last step changed in each."""
        self._network.copy_(self._live)
        passes = self._forward()
        by_inputs = self._backward(passes)
        signals = [scaled_norm(by_inputs.numpy()), *(scaled_norm(layer.above.numpy()) for layer in passes)]
        shape = self._network.architecture.shape
        kinds: list[Activation | None] = [*self._network.architecture.activations, None]
        layers = []
        for layer, kind, ratio, before, here in zip(
            passes, kinds, update_ratios, signals[:-1], signals[1:], strict=True
        ):
            self._heed()
            layers.append(diagnosis_of(layer, kind, shape, ratio, before, here))
        return Diagnosis(tuple(layers), self._n_points, signals[-1])

    def _forward(self) -> list[LayerPass]:
        architecture, matrices = self._network.architecture, self._network.parameters.matrices
        inputs, passes, unknown = self._inputs, [], torch.empty(0)
        for layer, kernel in enumerate(self._network.kernels):
            self._heed()
            product = z = matrices[layer] @ inputs
            if self._norm is not None:
                z = torch.empty_like(product)
                run(self._norm.forward(architecture.units(layer), product, z))
            value, slope = activated(kernel, z)
            outputs = torch.ones((len(z) + 1, self._n_points), dtype=z.dtype)
            outputs[:-1] = value + inputs[:-1] if architecture.skips(layer) else value
            passes.append(LayerPass(inputs, product, z, value, slope, outputs[:-1], unknown, unknown))
            inputs = outputs
        logits = matrices[-1] @ inputs
        passes.append(LayerPass(inputs, logits, logits, logits, torch.ones_like(logits), logits, unknown, unknown))
        return passes

    def _backward(self, passes: list[LayerPass]) -> torch.Tensor:
        """Fill in the derivatives; returns that by the inputs of the network, shape (n_features, n_points)."""
        architecture, matrices = self._network.architecture, self._network.parameters.matrices
        above = passes[-1].z.clone()
        run(self._output.gradient(above, self._targets, self._n_points))
        for layer in range(len(passes) - 1, -1, -1):
            self._heed()
            here = passes[layer]
            here.above = delta = above
            if layer < len(architecture.widths):
                delta = self._through_layer(layer, here)
            here.gradient = delta @ here.inputs.t()
            above = matrices[layer][:, :-1].t() @ delta
            if layer < len(architecture.widths) and architecture.skips(layer):
                above += here.above
        return above

    def _through_layer(self, layer: int, here: LayerPass) -> torch.Tensor:
        """The derivative by the product of a hidden layer, from that by its output."""
        kernel = self._network.kernels[layer]
        if kernel.is_elementwise:
            delta = here.above * here.slope
        else:
            delta = torch.empty_like(here.z)
            run(kernel.backward(here.above, here.z if kernel.needs_input else here.value, delta))
        if self._norm is not None:
            scale, shift = torch.empty(len(delta), dtype=delta.dtype), torch.empty(len(delta), dtype=delta.dtype)
            run(self._norm.backward(self._network.architecture.units(layer), here.product, delta, scale, shift))
        return delta


class UpdateWatch:
    """An update that remembers the parameters as they were before it; a copy of one vector a step.

    Args:
        network: whose parameters are updated.
        update: see `engine.updates.Updater.update`.
    """

    def __init__(self, network: Network, update: Callable[[int], bool]) -> None:
        self._parameters, self._update = network.parameters, update
        self._before = Parameters(network.architecture, network.dtype)
        self._keep = partial(np.copyto, self._before.vector.numpy(), self._parameters.vector.numpy())
        self._is_known = False

    def __call__(self, epoch: int) -> bool:
        """Update once; see `engine.updates.Updater.update`."""
        self._keep()
        self._is_known = self._update(epoch)
        return self._is_known

    def forget(self) -> None:
        """What the parameters were is no longer what the last update began with."""
        self._is_known = False

    def ratios(self) -> list[float]:
        """For each layer, L2 norm of the change of its weights over that of the weights; nan if there was none."""
        if not self._is_known:
            return [math.nan] * len(self._before.matrices)
        pairs = zip(self._parameters.matrices, self._before.matrices, strict=True)
        weights = [(now[:, :-1].double().numpy(), before[:, :-1].double().numpy()) for now, before in pairs]
        return [float(np.divide(scaled_norm(now - before), scaled_norm(now))) for now, before in weights]


def run(calls: Calls) -> None:
    """Make the calls."""
    for call in calls:
        call()


def activated(kernel: Kernel, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """f(z) and f'(z), which for softmax is the derivative of an output by its own z; z is left as it is."""
    source = z if kernel.needs_input else z.clone()
    value = torch.empty_like(z) if kernel.needs_input else source
    run(kernel.forward(source, value))
    if not kernel.is_elementwise:
        return value, value * (1 - value)
    slope = torch.empty_like(z)
    run(kernel.derivative(source, slope))
    return value, slope


def diagnosis_of(
    layer: LayerPass, activation: Activation | None, shape: Shape, update_ratio: float, before: float, here: float
) -> LayerDiagnosis:
    """One layer in numbers; `before` and `here` are the signals of the layer before it and its own."""
    gradient, inputs = layer.gradient.numpy(), layer.inputs[:-1].numpy()
    z, value, slope = layer.z.numpy(), layer.value.numpy(), layer.slope.numpy()
    factor = before / here if here != 0 else 0.0
    mean_slope, mean_output = mean(np.abs(slope)), mean(value)
    facts = None if activation is None else ACTIVATIONS[activation]
    saturated = saturated_shares(z, activation, shape)
    by_weights, by_biases = gradient_size(gradient[:, :-1]), gradient_size(gradient[:, -1])
    z_edges, z_counts = histogram(z, -math.inf, math.inf)
    lowest, highest = (-math.inf, math.inf) if facts is None else (facts.lowest(shape), facts.highest)
    output_edges, output_counts = (z_edges, z_counts) if value is z else histogram(value, lowest, highest)
    return LayerDiagnosis(
        activation=activation,
        weight_gradient=by_weights,
        bias_gradient=by_biases,
        layer_gradient=joint_size(by_weights, by_biases, gradient.size),
        update_ratio=update_ratio,
        signal=here,
        factor=factor,
        mean_slope=mean_slope,
        weight_factor=factor / mean_slope if mean_slope != 0 and here != 0 else math.nan,
        slope_bound=1.0 if facts is None else facts.largest_derivative(shape),
        z_edges=z_edges,
        z_counts=z_counts,
        output_edges=output_edges,
        output_counts=output_counts,
        n_units=len(z),
        saturated_share=mean(saturated),
        n_saturated_units=int((saturated > SATURATED_POINTS).sum()),
        n_dead_units=int(((value == 0) & (slope == 0)).all(axis=1).sum()),
        n_linear_units=int((slope == 1).all(axis=1).sum()),
        mean_output=mean_output,
        is_zero_centred=abs(mean_output) <= ZERO_CENTRED * math.sqrt(mean(np.square(value))),
        one_sign_share=one_sign_share(inputs),
    )


def gradient_size(gradient: Floats) -> GradientSize:
    """The size of the derivatives by some parameters, whatever their order of magnitude."""
    norm = scaled_norm(gradient)
    return GradientSize(norm, norm / math.sqrt(gradient.size), float(np.abs(gradient).max()))


def joint_size(weights: GradientSize, biases: GradientSize, size: int) -> GradientSize:
    """The size of the derivatives by all `size` weights and biases together."""
    has_nan = math.isnan(weights.norm + biases.norm)  # for hypot infinity beats it
    norm = math.nan if has_nan else math.hypot(weights.norm, biases.norm)
    return GradientSize(norm, norm / math.sqrt(size), float(np.maximum(weights.largest, biases.largest)))


def saturated_shares(z: Floats, activation: Activation | None, shape: Shape) -> Floats:
    """For each unit the share of points at which the activation is saturated; the output layer never is."""
    left, right = (-math.inf, math.inf) if activation is None else saturation(activation, shape)
    counts = np.zeros(len(z))
    if left > -math.inf:
        counts += np.count_nonzero(z <= left, axis=1)
    if right < math.inf:
        counts += np.count_nonzero(z >= right if right > left else z > right, axis=1)
    counts /= z.shape[1]
    return counts


def one_sign_share(inputs: Floats) -> float:
    """Mean over the points of the share of positive, or negative, numbers of (n_inputs, n_points), the larger one."""
    counts = np.maximum(np.count_nonzero(inputs > 0, axis=0), np.count_nonzero(inputs < 0, axis=0))
    return mean(counts) / len(inputs)


def histogram(values: Floats, lowest: float, highest: float) -> tuple[Floats, NDArray[np.int64]]:
    """Edges and counts of the values, which are between `lowest` and `highest`; nan is not counted.

    Where that is without bound, the limits are the power of two next above four times the mean absolute value: the
    middle of a normal distribution, three to six standard deviations, whatever a few outliers do.
    """
    size = 4 * mean(np.abs(values))
    if not math.isfinite(size):
        values = values[~np.isnan(values)]
        finite = np.abs(values[np.isfinite(values)])
        size = 4 * mean(finite) if len(finite) else 0.0
    limit = math.ldexp(1.0, math.ceil(math.log2(size))) if 1 / LARGEST_LIMIT < size < LARGEST_LIMIT else 1.0
    low, high = (lowest, highest) if math.isfinite(lowest + highest) else (max(lowest, -limit), min(highest, limit))
    places = np.clip(values.ravel(), low, high)
    places -= low
    places *= HISTOGRAM_BINS / (high - low)
    counts = np.bincount(places.astype(np.int64), minlength=HISTOGRAM_BINS + 1).astype(np.int64)
    counts[-2] += counts[-1]  # the last bin holds its upper edge, too
    return bin_edges(low, high), counts[:-1]


@lru_cache(maxsize=256)
def bin_edges(low: float, high: float) -> Floats:
    """The edges of a histogram with these limits, read-only."""
    edges: Floats = np.linspace(low, high, HISTOGRAM_BINS + 1)
    edges.flags.writeable = False
    return edges
