"""The passes forward and backward, as lists of calls that are bound to their buffers once and made again and again.

    z = W [h; 1]    h' = f(z)                                       forward
    dL/dW = delta [h; 1]^T    delta_before = (W^T delta) * f'(z)      backward

(Goodfellow et al. 2016, Deep Learning, algorithms 6.3 and 6.4.) Between z and f there may be batch normalisation,
after f dropout, and last a skip connection: h' = h + dropout(f(norm(z))).

For a small network the cost of a step is the number of its calls. So where all layers fit into the processor's cache,
one call takes the derivatives of all layers, and one the gradients of all matrices of one shape; else every layer has
its own.
"""

# Tests: tests/engine/test_gradients.py

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.mlp.batch_norm import MOMENTUM, BatchStatistics, Evaluation
from engine.mlp.buffers import Stack, Turns, kept
from engine.mlp.dropout import Dropout
from engine.mlp.kernels import Call, Calls, plus, product, times
from engine.mlp.losses import Differentiated
from engine.mlp.network import Architecture, Network, Parameters
from engine.mlp.pieces import Heed, nobody

PIECE = 1024
"""Points that go through the network at once: large enough to keep the processor busy, small enough for its cache."""

STACKED_VALUES = 2**17
"""Hidden values, units times points, up to which the layers are treated together."""


def runs(kinds: Sequence[object]) -> list[tuple[int, int]]:
    """The first and the last index of each run of equal neighbours."""
    groups = [list(group) for _, group in groupby(range(len(kinds)), key=kinds.__getitem__)]
    return [(group[0], group[-1]) for group in groups]


def first_wrong(layers: Iterable[torch.Tensor]) -> int | None:
    """The first of the layers, the output layer last, with a value that is not finite; None if there is none.

    What goes out of a layer counts: a saturated activation can hide an infinite z.
    """
    return next((index for index, values in enumerate(layers) if not torch.isfinite(values).all()), None)


class Hidden:
    """The hidden layers for a fixed number of points: what they hold, and the calls forward.

    Args:
        network: whose parameters are used.
        n_points: of each call.
        norm: how hidden layers are normalised, or None.
        mask: what dropout multiplies by, or None.
        are_kept: whether all layers are held for the way back; else layers of one width share their tensors.

    Attributes:
        outputs: what goes into the next layer.
        activated: f(z), the same as the outputs unless there are dropout or skip connections.
        inputs: what goes into f, the same as f(z) where f is computed in place.
        z: the matrix product, the same as `inputs` without batch normalisation.
        forward: calls from the first layer's z to the last output.
        of_activations: those of them that are activations.
    """

    def __init__(
        self,
        network: Network,
        n_points: int,
        norm: BatchStatistics | Evaluation | None,
        mask: Stack | None = None,
        *,
        are_kept: bool = True,
    ) -> None:
        architecture, dtype = network.architecture, network.dtype
        widths, layers = architecture.widths, range(len(architecture.widths))

        def buffers(count: int) -> Stack | Turns:
            return Stack(widths, n_points, dtype) if are_kept else Turns(widths, n_points, dtype, count)

        self.outputs = buffers(2)
        apart = mask is not None or any(architecture.skips(layer) for layer in layers)
        self.activated = buffers(1) if apart else self.outputs
        inputs = buffers(1) if any(kernel.needs_input for kernel in network.kernels) else self.activated
        self.sources = [inputs if kernel.needs_input else self.activated for kernel in network.kernels]
        self.inputs = [self.sources[layer].layers[layer] for layer in layers]
        self.z = self.inputs if norm is None else buffers(1).layers
        self.forward: Calls = []
        self.of_activations: Calls = []
        for layer in layers:
            if layer:
                before = self.outputs.whole[layer - 1]
                self.forward.append(product(network.parameters.matrices[layer], before, self.z[layer]))
            if norm is not None:
                self.forward += norm.forward(architecture.units(layer), self.z[layer], self.inputs[layer])
            activation = network.kernels[layer].forward(self.inputs[layer], self.activated.layers[layer])
            self.of_activations += activation
            self.forward += activation
            self.forward += self._after_activation(architecture, layer, mask)

    def last(self, matrix: torch.Tensor, logits: torch.Tensor) -> Calls:
        """Calls from the last output to the logits; none without hidden layers, where the first product gives them."""
        return [product(matrix, self.outputs.whole[-1], logits)] if self.outputs.whole else []

    def _after_activation(self, architecture: Architecture, layer: int, mask: Stack | None) -> Calls:
        value, output = self.activated.layers[layer], self.outputs.layers[layer]
        calls: Calls = []
        if mask is not None:
            calls.append(times(value, mask.layers[layer], output))
            value = output
        if architecture.skips(layer):
            calls.append(plus(value, self.outputs.layers[layer - 1], output))
        elif value is not output:
            calls.append(partial(output.copy_, value))
        return calls


class Forward:
    """The pass forward in evaluation mode for a fixed number of points, with the buffers it needs.

    Args:
        network: whose parameters are used, as they are at each call.
        n_points: points of each call.
    """

    def __init__(self, network: Network, n_points: int) -> None:
        norm = None if network.norm is None else Evaluation(network.norm)
        self._hidden = Hidden(network, n_points, norm, are_kept=False)
        self._first, self._last = network.parameters.matrices[0], network.parameters.matrices[-1]
        self._calls = [*([] if norm is None else norm.prepare()), *self._hidden.forward]

    def __call__(self, inputs: torch.Tensor, logits: torch.Tensor) -> None:
        """Put the logits, shape (n_units, n_points), of inputs (n_features + 1, n_points) into `logits`."""
        hidden = self._hidden
        if not hidden.z:
            torch.mm(self._first, inputs, out=logits)
            return
        torch.mm(self._first, inputs, out=hidden.z[0])
        for call in self._calls:
            call()
        torch.mm(self._last, hidden.outputs.whole[-1], out=logits)


MAX_SIZES = 8  # all points, the pointer, a field's whole pieces and its rests, and one to spare


class Evaluator:
    """The logits of any number of points; the passes for the few sizes that come back again and again are kept.

    Args:
        network: whose parameters are used, as they are at each call.
        heed: called between two pieces of many points.
    """

    def __init__(self, network: Network, heed: Heed = nobody) -> None:
        self._network, self._heed = network, heed
        self._made: dict[int, Forward] = {}

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits, tensor of shape (n_units, n_points), of inputs of shape (n_features + 1, n_points), last row ones."""
        result = torch.empty((self._network.architecture.sizes[-1], inputs.shape[1]), dtype=self._network.dtype)
        pieces = zip(torch.split(inputs, PIECE, dim=1), torch.split(result, PIECE, dim=1), strict=True)
        for index, (columns, logits) in enumerate(pieces):
            if index:
                self._heed()
            self._forward(columns.shape[1])(columns, logits)
        return result

    def first_not_finite(self, inputs: torch.Tensor) -> int | None:
        """The first layer with a value that is not finite for inputs as those of `logits`; see `first_wrong`."""
        matrices, found = self._network.parameters.matrices, []
        for columns in torch.split(inputs, PIECE, dim=1):
            self._heed()
            norm = None if self._network.norm is None else Evaluation(self._network.norm)
            hidden = Hidden(self._network, columns.shape[1], norm)
            logits = torch.empty((len(matrices[-1]), columns.shape[1]), dtype=self._network.dtype)
            calls = [product(matrices[0], columns, [*hidden.z, logits][0]), *([] if norm is None else norm.prepare())]
            for call in [*calls, *hidden.forward, *hidden.last(matrices[-1], logits)]:
                call()
            wrong = first_wrong([*hidden.outputs.layers, logits])
            found += [] if wrong is None else [wrong]
        return min(found, default=None)

    def _forward(self, n_points: int) -> Forward:
        forward = self._made.pop(n_points, None) or Forward(self._network, n_points)
        self._made[n_points] = forward  # the newest last
        if len(self._made) > MAX_SIZES:
            del self._made[next(iter(self._made))]
        return forward


class Backpropagation:
    """The passes forward and backward in training mode for a fixed number of points, with the buffers they need.

    Args:
        network: whose parameters are used, as they are at each call.
        output: the output layer and its loss.
        n_points: points of each call.
        gradient: where the result goes.
        dropout: which units drop out, or None.
        momentum: of the running statistics of the batch normalisation.

    Attributes:
        of_activations: those of the calls that are activations, there or back.
    """

    def __init__(
        self,
        network: Network,
        output: Differentiated,
        n_points: int,
        gradient: Parameters,
        dropout: Dropout | None = None,
        momentum: float = MOMENTUM,
    ) -> None:
        self._network, self._output, self._gradient = network, output, gradient
        architecture, widths = network.architecture, network.architecture.widths
        self._mask = None if dropout is None else Stack(widths, n_points, network.dtype)
        self._norm = None if network.norm is None else BatchStatistics(network.norm, n_points, momentum)
        self._hidden = hidden = Hidden(network, n_points, self._norm, self._mask)
        self.of_activations = [*hidden.of_activations]
        self._n_hidden = len(widths)
        self._is_stacked = sum(widths) * n_points <= STACKED_VALUES
        self._logits = torch.zeros((architecture.sizes[-1], n_points), dtype=network.dtype)
        self._deltas, self._output_deltas = self._delta_buffers(n_points)
        self._derivatives = Stack(widths if self._is_stacked else [], n_points, network.dtype)
        self._forward: Calls = [
            *([] if dropout is None or self._mask is None else dropout.draw(self._mask.span(0, self._n_hidden - 1))),
            *hidden.forward,
            *([] if self._norm is None else self._norm.follow()),
            *hidden.last(network.parameters.matrices[-1], self._logits),
        ]
        self._backward = self._backward_calls()

    def calls(self, inputs: torch.Tensor, inputs_t: torch.Tensor, targets: torch.Tensor, n_mean: int) -> Calls:
        """Calls that put the gradient of (sum of the losses of these points / n_mean) into the gradient.

        Args:
            inputs: shape (n_features + 1, n_points), the last row ones.
            inputs_t: its transpose, shape (n_points, n_features + 1).
            targets: shape (n_units, n_points).
            n_mean: the points the mean is over, if these are a part of them.
        """
        return [
            product(self._network.parameters.matrices[0], inputs, [*self._hidden.z, self._logits][0]),
            *self._forward,
            *self._output.gradient(self._logits, targets, n_mean),
            *self._backward,
            product([*self._deltas, self._logits][0], inputs_t, self._gradient.matrices[0]),
            *self._without_idle_biases(),
        ]

    @property
    def masks(self) -> tuple[NDArray[np.floating[Any]], ...]:
        """The numbers by which dropout multiplied the output of each layer, (n_units, n_points); none without."""
        return () if self._mask is None else tuple(layer.numpy() for layer in self._mask.layers)

    def _without_idle_biases(self) -> Calls:
        """Of biases that do nothing the derivative is 0; what rounding leaves Adam would make steps of."""
        if self._norm is None:
            return []
        return [partial(self._gradient.vector.index_fill_, 0, self._network.idle_biases(), 0.0)]

    def first_not_finite(self) -> int | None:
        """The first layer with a value that was not finite in the last calls; see `first_wrong`.

        Of the output layer that is the derivative by the logits, which has taken their place.
        """
        return first_wrong([*self._hidden.outputs.layers, self._logits])

    def _delta_buffers(self, n_points: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """For each hidden layer, buffers for the derivative of the loss by its z and by its output."""
        architecture, dtype = self._network.architecture, self._network.dtype
        widths = architecture.widths

        def two_in_turn() -> list[torch.Tensor]:
            # needed until the one before it is known
            turns = [torch.empty((max(widths, default=0), n_points), dtype=dtype) for _ in range(2)]
            return [turns[layer % 2][:width] for layer, width in enumerate(widths)]

        if self._is_stacked:
            self._delta_stack = Stack(widths, n_points, dtype)
        deltas = self._delta_stack.layers if self._is_stacked else two_in_turn()
        apart = any(architecture.skips(layer) for layer in range(len(widths)))
        return deltas, two_in_turn() if apart else deltas

    def _backward_calls(self) -> Calls:
        matrices, gradients = self._network.parameters.matrices, self._gradient.matrices
        calls = self._all_derivatives() if self._is_stacked else []
        above = self._logits
        if self._n_hidden:  # without hidden layers the first gradient is the only one
            calls.append(product(above, self._hidden.outputs.whole[-1].t(), gradients[-1]))
        for layer in range(self._n_hidden - 1, -1, -1):
            calls.append(self._product_back(matrices[layer + 1], above, layer))
            if layer + 1 < self._n_hidden and self._network.architecture.skips(layer + 1):
                below = self._output_deltas[layer]
                calls.append(plus(below, self._output_deltas[layer + 1], below))
            calls += self._through_layer(layer)
            above = self._deltas[layer]
            if layer and not self._is_stacked:
                # the gradient of the biases is not left to the product, whose shape would then be odd and slow
                before, gradient = self._hidden.outputs.layers[layer - 1].t(), gradients[layer]
                calls.append(partial(torch.mm, above, before, out=gradient[:, :-1]))
                calls.append(partial(torch.sum, above, 1, out=gradient[:, -1]))
        return calls + (self._all_gradients() if self._is_stacked else [])

    def _product_back(self, matrix: torch.Tensor, above: torch.Tensor, layer: int) -> Call:
        """The derivative by the output of a hidden layer, from that by the z of the layer above."""
        if self._output_deltas is self._deltas and self._is_stacked:
            # the row of ones gets one, too, which nobody reads: quicker than to leave out the column of biases
            return product(matrix.t(), above, self._delta_stack.whole[layer])
        return product(matrix[:, :-1].t(), above, self._output_deltas[layer])

    def _through_layer(self, layer: int) -> Calls:
        """From the derivative by a layer's output to that by its z."""
        kernel, mask = self._network.kernels[layer], self._mask
        above, delta = self._output_deltas[layer], self._deltas[layer]
        calls: Calls = []
        if self._is_stacked and kernel.is_elementwise:
            back = [times(above, self._derivatives.layers[layer], delta)]
        else:
            if mask is not None:
                calls.append(times(above, mask.layers[layer], delta))
                above = delta
            back = kernel.backward(above, self._hidden.sources[layer].layers[layer], delta)
        self.of_activations += back
        calls += back
        if self._norm is not None:
            units = self._network.architecture.units(layer)
            scale, shift = self._gradient.scale[units], self._gradient.shift[units]
            calls += self._norm.backward(units, self._hidden.z[layer], delta, scale, shift)
        return calls

    def _all_derivatives(self) -> Calls:
        """Derivatives of all layers, times what dropout makes of them, with one call for neighbours of one kind."""
        calls: Calls = []
        for first, last in runs(self._network.architecture.activations):
            kernel = self._network.kernels[first]
            if kernel.is_elementwise:
                out = self._derivatives.span(first, last)
                derivative = kernel.derivative(kept(self._hidden.sources[first]).span(first, last), out)
                self.of_activations += derivative
                calls += derivative
                if self._mask is not None:
                    calls.append(times(out, self._mask.span(first, last), out))
        return calls

    def _all_gradients(self) -> Calls:
        """Those of the matrices between hidden layers, with one call for neighbours of one shape."""
        calls: Calls = []
        widths = self._network.architecture.widths
        for before_first, before_last in runs(list(pairwise(widths))):
            first, last = before_first + 1, before_last + 1
            if first == last:
                before_t = self._hidden.outputs.whole[before_first].t()
                calls.append(product(self._deltas[first], before_t, self._gradient.matrices[first]))
                continue
            deltas = self._delta_stack.stacked(first, last)[:, : widths[first]]
            before = kept(self._hidden.outputs).stacked(before_first, before_last).transpose(1, 2)
            calls.append(partial(torch.bmm, deltas, before, out=self._gradient.stacked(first, last)))
        return calls
