"""The parameters of a multi-layer perceptron, on one flat vector.

Arrays are features-first: a layer's output has shape (n_units, n_points). A layer's matrix W has shape
(fan_out, fan_in + 1), the bias in its last column, and the output it multiplies carries a last row of ones, so the
bias and its gradient ride along in the matrix products; see `engine.mlp.passes`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch

from engine.config import MAX_WEIGHTS, MAX_WIDTH, Activation, Initialization, TrainingConfig
from engine.mlp.activations import Shape, initializations
from engine.mlp.batch_norm import BatchNorm
from engine.mlp.initialization import draw_layer
from engine.mlp.kernels import Kernel, make_kernel
from engine.settings import ConfigError


@dataclass(frozen=True)
class Architecture:
    """The parts of a network and how they are put together.

    Attributes:
        sizes: units of each layer from the inputs to the logits, at least two.
        activations: of each hidden layer.
        shape: constants of the activations.
        batch_norm: whether each hidden layer is normalised before its activation.
        skip_connections: whether a hidden layer that is as wide as the hidden layer before adds that one's output to
            its own (He et al. 2016, "Deep residual learning for image recognition").
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    shape: Shape = Shape()  # noqa: RUF009  # frozen
    batch_norm: bool = False
    skip_connections: bool = False

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return self.sizes[1:-1]

    @property
    def n_hidden(self) -> int:
        """All hidden units; 1 without any, for what is shared out among them."""
        return max(1, sum(self.widths))

    def skips(self, layer: int) -> bool:
        """True if the output of the hidden layer before is added to that of hidden layer number `layer`."""
        return self.skip_connections and layer > 0 and self.widths[layer] == self.widths[layer - 1]

    def units(self, layer: int) -> slice:
        """The place of the units of a hidden layer in a vector of all hidden units."""
        before = sum(self.widths[:layer])
        return slice(before, before + self.widths[layer])


def architecture_of(config: TrainingConfig, n_features: int, n_units: int) -> Architecture:
    """The network a config asks for, with so many inputs and logits.

    Raises:
        ConfigError: it would not fit into memory.
    """
    sizes = (n_features, *config.hidden_layers, n_units)
    n_weights = sum(before * after for before, after in pairwise(sizes))
    if n_weights > MAX_WEIGHTS + MAX_WIDTH**2:
        raise ConfigError(
            "hidden_layers asks for {n_weights:,} weights with {n_features:,} features; at most {most:,} are possible.",
            n_weights=n_weights,
            n_features=n_features,
            most=MAX_WEIGHTS + MAX_WIDTH**2,
        )
    return Architecture(
        sizes,
        config.activations,
        Shape(leaky_slope=config.leaky_slope, elu_alpha=config.elu_alpha),
        config.batch_norm and len(config.hidden_layers) > 0,
        config.skip_connections,
    )


class Parameters:
    """One flat vector, and the parameters of each layer as views of it; also used for gradients.

    Attributes:
        vector: shape (n_parameters,): the matrices, first layer first, then scales and shifts.
        matrices: of each layer, shape (fan_out, fan_in + 1).
        scale, shift: of the batch normalisation, shape (n_hidden_units,); empty without.
    """

    def __init__(self, architecture: Architecture, dtype: torch.dtype) -> None:
        shapes = [(fan_out, fan_in + 1) for fan_in, fan_out in pairwise(architecture.sizes)]
        n_norms = sum(architecture.widths) if architecture.batch_norm else 0
        lengths = [rows * columns for rows, columns in shapes]
        self.vector = torch.zeros(sum(lengths) + 2 * n_norms, dtype=dtype)
        *parts, self.scale, self.shift = self.vector.split_with_sizes([*lengths, n_norms, n_norms])
        self.matrices = [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]

    def layers_not_finite(self) -> list[int]:
        """The layers of which a number is not finite."""
        parts = [[matrix] for matrix in self.matrices]
        if len(self.scale):
            widths = [len(matrix) for matrix in self.matrices[:-1]]
            for values in (self.scale, self.shift):
                for layer, part in enumerate(values.split_with_sizes(widths)):
                    parts[layer].append(part)
        return [layer for layer, values in enumerate(parts) if not all(torch.isfinite(v).all() for v in values)]

    def stacked(self, first: int, last: int) -> torch.Tensor:
        """The matrices of layers `first` to `last` of one shape as one tensor (n, fan_out, fan_in + 1)."""
        matrix = self.matrices[first]
        n = last - first + 1
        return self.vector[matrix.storage_offset() :][: n * matrix.numel()].view(n, *matrix.shape)


class Network:
    """Parameters of a multi-layer perceptron.

    Args:
        architecture: what it consists of.
        dtype: float32 in use; float64 where the engine is compared with a reference.
        exact: whether saturated units have their true derivative, which takes longer; see `engine.mlp.kernels`.

    Attributes:
        parameters: its parameters.
        kernels: the activation of each hidden layer.
        norm: running statistics of the batch normalisation, or None.
    """

    def __init__(self, architecture: Architecture, dtype: torch.dtype = torch.float32, *, exact: bool = False) -> None:
        self.architecture, self.dtype = architecture, dtype
        self.parameters = Parameters(architecture, dtype)
        self.kernels: list[Kernel] = [
            make_kernel(kind, architecture.shape, exact=exact) for kind in architecture.activations
        ]
        self.norm: BatchNorm | None = None
        if architecture.batch_norm:
            self.norm = BatchNorm(self.parameters.scale, self.parameters.shift)
            self.parameters.scale.fill_(1.0)

    def initialize(self, config: TrainingConfig, generator: torch.Generator) -> None:
        """Draw new weights and biases by the rule of the config.

        By auto the output layer is drawn by Xavier's rule, and the weights of layers that are added to the layer before
        are divided by the root of their number; else each addition would double the variance of the signal (Radford et
        al. 2019, "Language models are unsupervised multitask learners", section 2.3).
        """
        automatic = config.initialization is Initialization.AUTO
        architecture, sigma = self.architecture, config.initialization_sigma
        *hidden, output = self.parameters.matrices
        n_skips = sum(architecture.skips(layer) for layer in range(len(hidden)))
        for layer, (matrix, rule) in enumerate(zip(hidden, initializations(config), strict=True)):
            is_leaky = architecture.activations[layer] is Activation.LEAKY_RELU
            draw_layer(matrix, rule, sigma, generator, architecture.shape.leaky_slope if is_leaky else 0.0)
            if automatic and architecture.skips(layer):
                matrix[:, :-1] /= math.sqrt(n_skips)
        draw_layer(output, Initialization.XAVIER_UNIFORM if automatic else config.initialization, sigma, generator)

    def copy_(self, other: Network) -> None:
        """Take over the parameters of a network of the same architecture, in whatever precision."""
        self.parameters.vector.copy_(other.parameters.vector)

    def idle_biases(self) -> torch.Tensor:
        """The places among the parameters of biases that do nothing: batch normalisation takes them away again."""
        mask = Parameters(self.architecture, self.dtype)
        for matrix in mask.matrices[:-1] if self.norm is not None else []:
            matrix[:, -1] = 1.0
        return mask.vector.nonzero().flatten()

    def is_weight(self) -> torch.Tensor:
        """1 for each weight, 0 for biases, scales and shifts; shape (n_parameters,)."""
        mask = Parameters(self.architecture, self.dtype)
        for matrix in mask.matrices:
            matrix[:, :-1] = 1.0
        return mask.vector
