"""Multi-layer perceptrons on one flat parameter vector, with a hand-written pass forward and backward.

Arrays are features-first: a layer's output has shape (n_units, n_points). A layer's matrix W has shape
(fan_out, fan_in + 1), the bias in its last column, and the output it multiplies carries a last row of ones, so the
bias and its gradient ride along in the matrix products:

    z = W [a; 1]        a' = f(z)                                 forward
    dL/dW = delta [a; 1]^T    delta_before = (W^T delta) * f'(z)   backward

(Goodfellow et al. 2016, Deep Learning, algorithms 6.3 and 6.4.) Every result goes into a buffer made beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from engine.activations import RULES as ACTIVATION_RULES
from engine.config import Activation, Initialization
from engine.initialization import draw_layer
from engine.losses import OutputLayer

PIECE = 1024
"""Points that go through the network at once: large enough to keep the processor busy, small enough for its cache."""

MOST_SIZES = 6  # training, validation, the pointer, a field's whole pieces and its rest, and one to spare


class Network:
    """Parameters of a multi-layer perceptron and what can be computed with them.

    Args:
        sizes: units of each layer from the inputs to the logits, at least two.
        activation: of the hidden layers.
        dtype: float32 in use; float64 where the engine is compared with a reference.
    """

    def __init__(self, sizes: Sequence[int], activation: Activation, dtype: torch.dtype = torch.float32) -> None:
        self.sizes = tuple(sizes)
        self.dtype = dtype
        self.activation = activation
        self.rule = ACTIVATION_RULES[activation]
        self.parameters = self._vector()
        self.matrices = self._matrices_of(self.parameters)
        self._made: dict[int, Forward] = {}

    def _vector(self) -> torch.Tensor:
        return torch.zeros(sum(out * (inp + 1) for inp, out in self._shapes()), dtype=self.dtype)

    def _shapes(self) -> list[tuple[int, int]]:
        return list(zip(self.sizes, self.sizes[1:], strict=False))

    def _matrices_of(self, vector: torch.Tensor) -> list[torch.Tensor]:
        lengths = [out * (inp + 1) for inp, out in self._shapes()]
        parts = vector.split_with_sizes(lengths)
        return [part.view(out, inp + 1) for part, (inp, out) in zip(parts, self._shapes(), strict=True)]

    def initialize(self, hidden: Initialization, last: Initialization, generator: torch.Generator) -> None:
        """Draw new parameters: `hidden` for the hidden layers, `last` for the output layer."""
        for matrix in self.matrices[:-1]:
            draw_layer(matrix, hidden, generator)
        draw_layer(self.matrices[-1], last, generator)

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits, tensor of shape (n_units, n_points), of inputs of shape (n_features + 1, n_points), last row ones."""
        result = torch.empty((self.sizes[-1], inputs.shape[1]), dtype=self.dtype)
        for columns, logits in zip(torch.split(inputs, PIECE, dim=1), torch.split(result, PIECE, dim=1), strict=True):
            self._forward(columns.shape[1])(columns, logits)
        return result

    def _forward(self, n_points: int) -> Forward:
        """A pass for so many points; the few sizes that come back again and again are kept."""
        forward = self._made.pop(n_points, None) or Forward(self, n_points)
        self._made[n_points] = forward  # the newest last
        if len(self._made) > MOST_SIZES:
            del self._made[next(iter(self._made))]
        return forward


class Forward:
    """The pass forward for a fixed number of points, with the buffers it needs.

    Args:
        network: whose parameters are used, as they are at each call.
        n_points: points of each call.

    Attributes:
        outputs: of each hidden layer after the last call, shape (width + 1, n_points), the last row ones.
    """

    def __init__(self, network: Network, n_points: int) -> None:
        self.n_points = n_points
        self.outputs = [torch.ones((width + 1, n_points), dtype=network.dtype) for width in network.sizes[1:-1]]
        self.activations = [output[:-1] for output in self.outputs]
        self._apply, matrices = network.rule.apply, network.matrices
        self._first = (matrices[0], self.activations[0])
        self._hidden = list(zip(matrices[1:-1], self.outputs, self.activations[1:], strict=False))
        self._last = (matrices[-1], self.outputs[-1])

    def __call__(self, inputs: torch.Tensor, logits: torch.Tensor) -> None:
        """Put the logits, shape (n_units, n_points), of inputs (n_features + 1, n_points) into `logits`."""
        mm, apply = torch.mm, self._apply
        matrix, activation = self._first
        mm(matrix, inputs, out=activation)
        apply(activation)
        for matrix, before, activation in self._hidden:
            mm(matrix, before, out=activation)
            apply(activation)
        matrix, before = self._last
        mm(matrix, before, out=logits)


class Gradient:
    """A gradient of a network: one flat vector, and a matrix of each layer as a view of it."""

    def __init__(self, network: Network) -> None:
        self.vector = network._vector()
        self.matrices = network._matrices_of(self.vector)


class Backpropagation:
    """The pass forward and backward for a fixed number of points, with the buffers it needs.

    Args:
        network: whose parameters are used, as they are at each call.
        output: the output layer and its loss.
        n_points: points of each call.
        gradient: where the result goes.
    """

    def __init__(self, network: Network, output: OutputLayer, n_points: int, gradient: Gradient) -> None:
        self._forward = forward = Forward(network, n_points)
        self._backpropagate, self._output_gradient = network.rule.backpropagate, output.gradient_
        matrices, outputs, activations = network.matrices, forward.outputs, forward.activations
        # a delta is needed until the one before it is known: two buffers take turns
        turns = [torch.empty((max(network.sizes[1:]), n_points), dtype=network.dtype) for _ in range(2)]
        deltas = [turns[layer % 2][:width] for layer, width in enumerate(network.sizes[1:])]
        self._logits = deltas[-1]
        self._first_gradient = (deltas[0], gradient.matrices[0])
        self._backward = [
            (
                (deltas[layer], outputs[layer - 1].t(), gradient.matrices[layer]),
                (matrices[layer][:, :-1].t(), deltas[layer - 1], activations[layer - 1]),
            )
            for layer in range(len(matrices) - 1, 0, -1)
        ]

    def __call__(self, inputs: torch.Tensor, inputs_t: torch.Tensor, targets: torch.Tensor, n_mean: int) -> None:
        """Put the gradient of (sum of the losses of these points / n_mean) into the gradient.

        Args:
            inputs: shape (n_features + 1, n_points), the last row ones.
            inputs_t: its transpose, shape (n_points, n_features + 1).
            targets: shape (n_units, n_points).
            n_mean: the points the mean is over, if these are a part of them.
        """
        mm, backpropagate = torch.mm, self._backpropagate
        self._forward(inputs, self._logits)
        self._output_gradient(self._logits, targets, n_mean)
        for (delta, before_t, gradient), (weights_t, delta_before, activation) in self._backward:
            mm(delta, before_t, out=gradient)
            mm(weights_t, delta, out=delta_before)
            backpropagate(delta_before, activation)
        delta, gradient = self._first_gradient
        mm(delta, inputs_t, out=gradient)
