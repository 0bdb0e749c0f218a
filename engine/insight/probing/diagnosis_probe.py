"""Measures `engine.insight.diagnosis`: passes there and back in float64 that keep all that goes on in every layer."""

# Tests: tests/engine/insight/test_diagnosis.py

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from functools import partial

import numpy as np
import torch

from engine.config import Activation
from engine.insight.diagnosis import Diagnosis
from engine.insight.probing.layer_tally import LayerPass, LayerTally, signal_of
from engine.insight.probing.probes import FitTally, WatchedOutput, chosen_points, piece_size, scaled_norm
from engine.mlp.batch_norm import BatchStatistics
from engine.mlp.kernels import Calls, Kernel
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network, Parameters

Pieces = Generator[None, None, None]


class DiagnosisProbe:
    """Looks at every layer of a network without touching it, as `engine.insight.probing.probes.GradientProbe` does.

    All training points, see `engine.insight.probing.probes.chosen_points`; float64; derivatives of saturated units are
    exact; nothing drops out; batch normalisation by the points that are looked at.

    Args:
        network: whose parameters are used, as they are when a look begins.
        output: the output layer and its loss.
        inputs, targets: the training points.
    """

    def __init__(self, network: Network, output: OutputLayer, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        self._chosen = chosen = chosen_points(network, inputs, targets)
        self._live, self._output = network, output
        self._network = Network(network.architecture, torch.float64, exact=True)
        self._size = piece_size(network, chosen.n_points)
        # the first piece, by which the limits of the histograms are chosen, is to be like the others
        n_points, generator = chosen.n_points, torch.Generator().manual_seed(0)
        self._order = torch.randperm(n_points, generator=generator) if self._size < n_points else torch.arange(n_points)
        self._norm = None if self._network.norm is None else BatchStatistics(self._network.norm, n_points)
        self._look = 0

    def look(self, update_ratios: Sequence[float], epochs: int) -> Generator[None, None, Diagnosis]:
        """Measure the network as it is now, for `engine.insight.measurement.Measurement`; one look at a time.

        Args:
            update_ratios: of each layer, what the last step changed.
            epochs: that were done.
        """
        self._look += 1
        self._network.copy_(self._live)
        return self._go_through(self._look, update_ratios, epochs)

    def _go_through(self, number: int, update_ratios: Sequence[float], epochs: int) -> Generator[None, None, Diagnosis]:
        """See `look`, of which this is that of a number."""
        chosen = self._chosen
        fit, by_inputs, tallies = FitTally(self._output, chosen), list[float](), list[LayerTally]()
        for columns in torch.split(self._order, self._size):
            passes: list[LayerPass] = []
            weights = None if chosen.weights is None else chosen.weights[columns]
            inputs, targets = chosen.inputs[:, columns].double(), chosen.targets[:, columns].double()
            output = WatchedOutput(self._output, fit, weights)
            for _ in self._pass(inputs, targets, output, passes, tallies, by_inputs):
                yield
                if number != self._look:
                    raise RuntimeError("Another look at the layers began before this one had ended.")
        signals = [scaled_norm(np.array(by_inputs)), *(tally.signal for tally in tallies)]
        layers = tuple(map(LayerTally.result, tallies, update_ratios, signals[:-1]))
        return Diagnosis(layers, chosen.n_points, chosen.n_training, signals[-1], fit.result(), epochs)

    def _pass(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        output: WatchedOutput,
        passes: list[LayerPass],
        tallies: list[LayerTally],
        by_inputs: list[float],
    ) -> Pieces:
        """One piece there and back, counted in `tallies`; its derivative by the inputs has its norm in `by_inputs`."""
        weights = None if output.weights is None else output.weights.numpy()
        yield from self._forward(inputs, passes)
        above = passes[-1].z.clone()
        run(output.gradient(above, targets, self._chosen.n_training))
        yield from self._backward(passes, above)
        matrix = self._network.parameters.matrices[0]
        by_inputs.append(signal_of((matrix[:, :-1].t() @ passes[0].by_product).numpy(), weights))
        architecture = self._network.architecture
        kinds: list[Activation | None] = [*architecture.activations, None]
        if not tallies:
            tallies += [LayerTally(kind, architecture.shape, layer) for kind, layer in zip(kinds, passes, strict=True)]
        for tally, layer in zip(tallies, passes, strict=True):
            tally.add(layer, weights)
            yield

    def _forward(self, inputs: torch.Tensor, passes: list[LayerPass]) -> Pieces:
        architecture, matrices = self._network.architecture, self._network.parameters.matrices
        unknown, n_points = torch.empty(0), inputs.shape[1]
        for layer, kernel in enumerate(self._network.kernels):
            product = z = matrices[layer] @ inputs
            if self._norm is not None:
                z = torch.empty_like(product)
                run(self._norm.forward(architecture.units(layer), product, z))
            value, slope = activated(kernel, z)
            outputs = torch.ones((len(z) + 1, n_points), dtype=z.dtype)
            outputs[:-1] = value + inputs[:-1] if architecture.skips(layer) else value
            passes.append(LayerPass(inputs, product, z, value, slope, outputs[:-1], unknown, unknown, unknown))
            inputs = outputs
            yield
        logits = matrices[-1] @ inputs
        slope = torch.ones_like(logits)
        passes.append(LayerPass(inputs, logits, logits, logits, slope, logits, unknown, unknown, unknown))

    def _backward(self, passes: list[LayerPass], above: torch.Tensor) -> Pieces:
        """Fill in the derivatives, from that by the logits."""
        architecture, matrices = self._network.architecture, self._network.parameters.matrices
        for layer in range(len(passes) - 1, -1, -1):
            here = passes[layer]
            here.above = delta = above
            if layer < len(architecture.widths):
                delta = self._through_layer(layer, here)
            here.by_product, here.gradient = delta, delta @ here.inputs.t()
            above = matrices[layer][:, :-1].t() @ delta
            if layer < len(architecture.widths) and architecture.skips(layer):
                above += here.above
            yield

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
    """Remembers the parameters as they were before the last update; a copy of one vector.

    Args:
        network: whose parameters are updated.

    Attributes:
        before: the parameters before an update.
    """

    def __init__(self, network: Network) -> None:
        self._parameters = network.parameters
        self.before = Parameters(network.architecture, network.dtype)
        self._keep = partial(np.copyto, self.before.vector.numpy(), self._parameters.vector.numpy())
        self._is_known = False

    def begin(self, *, is_watched: bool) -> None:
        """To be called before an update; only one that is watched is known afterwards."""
        self._is_known = is_watched
        if is_watched:
            self._keep()

    def noted(self) -> None:
        """Somebody else has put the parameters before the last update into `before`."""
        self._is_known = True

    def forget(self) -> None:
        """Forget the parameters that were noted: they are no longer those with which the last update began."""
        self._is_known = False

    def ratios(self) -> list[float]:
        """For each layer, L2 norm of the change of its weights over that of the weights; nan if there was none."""
        if not self._is_known:
            return [math.nan] * len(self.before.matrices)
        pairs = zip(self._parameters.matrices, self.before.matrices, strict=True)
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
