"""The oracle: the same network as ``nn.Sequential``, differentiated by autograd, and points to put through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.compiled import places
from engine.config import Activation, Loss, Output, TrainingConfig, ValueLoss
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.machines.compiled_machine import CompiledMachine
from engine.machines.torch_machine import TorchMachine
from engine.training import Trainer


class Step(nn.Module):
    """1 where z is above 0; autograd finds the derivative 0."""

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return (z > 0).to(z.dtype) + 0 * z


MODULES: dict[Activation, Callable[[], nn.Module]] = {
    Activation.LINEAR: nn.Identity,
    Activation.STEP: Step,
    Activation.SIGMOID: nn.Sigmoid,
    Activation.TANH: nn.Tanh,
    Activation.SOFTMAX: lambda: nn.Softmax(dim=1),  # points come first here
    Activation.RELU: nn.ReLU,
    Activation.LEAKY_RELU: lambda: nn.LeakyReLU(0.01),
    Activation.ELU: nn.ELU,
    Activation.GELU: nn.GELU,
    Activation.SILU: nn.SiLU,
}
Weights = Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]


def cloud(n_points: int, n_classes: int, seed: int = 0, n_features: int = 2) -> Dataset:
    """Points without any order, far from standardised."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(n_points, n_features)) * 3 + 5
    labels = generator.permutation(np.arange(n_points) % n_classes)
    return Dataset(points.astype(np.float32), labels, tuple("ABCDEFGH"[:n_classes]))


def sequential(weights: Weights, activation: Activation) -> nn.Sequential:
    """A float64 network with these weights, given as (fan_in, fan_out) and (fan_out,)."""
    modules: list[nn.Module] = []
    for weight, bias in weights:
        fan_in, fan_out = weight.shape
        linear = nn.Linear(fan_in, fan_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.astype(np.float64).T.copy()))
            linear.bias.copy_(torch.from_numpy(bias.astype(np.float64)))
        modules += [linear, MODULES[activation]()]
    return nn.Sequential(*modules[:-1])


class Reference(nn.Module):
    """A float64 network with the parameters a trainer has now, of whatever architecture its config asks for."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__()
        self.config = config = trainer.config
        self.linears, self.norms = nn.ModuleList(), nn.ModuleList()
        self.functions = nn.ModuleList(activation_module(kind, config) for kind in config.activations)
        for weight, bias in trainer.weights():
            fan_in, fan_out = weight.shape
            linear = nn.Linear(fan_in, fan_out, dtype=torch.float64)
            linear.load_state_dict({"weight": torch.from_numpy(weight.T.copy()), "bias": torch.from_numpy(bias)})
            self.linears.append(linear)
        if (of := trainer._network.norm) is not None:
            own = {"weight": of.scale, "bias": of.shift, "running_mean": of.mean, "running_var": of.variance}
            for layer, width in enumerate(config.hidden_layers):
                norm, units = nn.BatchNorm1d(width, dtype=torch.float64), trainer._network.architecture.units(layer)
                norm.load_state_dict({name: values[units] for name, values in own.items()}, strict=False)
                self.norms.append(norm)

    def forward(self, points: torch.Tensor, masks: Sequence[torch.Tensor] | None = None) -> torch.Tensor:
        """Logits (n_points, n_units); `masks` are what dropout multiplies by, (n_points, width) for each layer."""
        hidden, self.before_activation, self.before_norm = points, [], []
        for layer, width in enumerate(self.config.hidden_layers):
            z = self.linears[layer](hidden)
            if self.config.batch_norm:
                self.before_norm.append(z)
                z = self.norms[layer](z)
            self.before_activation.append(z)
            value = self.functions[layer](z)
            if masks is not None:
                value = value * masks[layer]
            skips = self.config.skip_connections and layer > 0 and width == self.config.hidden_layers[layer - 1]
            hidden = value + hidden if skips else value
        logits: torch.Tensor = self.linears[-1](hidden)
        return logits

    @property
    def weights(self) -> list[torch.Tensor]:
        """Of each layer, biases apart."""
        return [linear.weight for linear in self.linears if isinstance(linear, nn.Linear)]

    def penalty(self) -> torch.Tensor:
        """What L2 adds to the loss."""
        squared = sum((weight.square().sum() for weight in self.weights), torch.zeros(()))
        return self.config.l2 / 2 * squared


def activation_module(activation: Activation, config: TrainingConfig) -> nn.Module:
    """The module of a hidden layer, with the constants of the config."""
    if activation is Activation.LEAKY_RELU:
        return nn.LeakyReLU(config.leaky_slope)
    if activation is Activation.ELU:
        return nn.ELU(config.elu_alpha)
    return MODULES[activation]()


def config_losses(logits: torch.Tensor, labels: torch.Tensor, output: Output, loss: Loss) -> torch.Tensor:
    """The loss of each point of (n_points, n_units) logits by an output layer and a loss."""
    goals = labels[:, None] if output is Output.SIGMOID else nn.functional.one_hot(labels, logits.shape[1])
    targets = goals.to(logits.dtype)
    if loss is Loss.MSE:
        probabilities = logits.softmax(dim=1) if output is Output.SOFTMAX else logits.sigmoid()
        return nn.functional.mse_loss(probabilities, targets, reduction="none").sum(dim=1)
    if output is Output.SOFTMAX:
        return nn.functional.cross_entropy(logits, labels, reduction="none")
    return nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(dim=1)


def loss_of(logits: torch.Tensor, dataset: Dataset, config: TrainingConfig) -> torch.Tensor:
    """The mean loss of (n_points, n_units) logits of the points of a dataset, all of which are trained on."""
    if dataset.target is Target.CLASSES:
        labels = torch.from_numpy(dataset.labels.copy())
        return config_loss(logits, labels, config.resolved_output(dataset.n_classes), config.loss)
    values = standardised(dataset.points, by=dataset.points)[:, -1:].to(logits.dtype)
    if config.value_loss is ValueLoss.MSE:
        return nn.functional.mse_loss(logits, values)
    return nn.functional.huber_loss(logits, values, delta=config.huber_delta)


def config_loss(logits: torch.Tensor, labels: torch.Tensor, output: Output, loss: Loss) -> torch.Tensor:
    """The mean loss of (n_points, n_units) logits by an output layer and a loss."""
    return config_losses(logits, labels, output, loss).mean()


def mean_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of (n_points, n_units) logits: binary for one unit."""
    if logits.shape[1] == 1:
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels.to(logits.dtype))
    return nn.functional.cross_entropy(logits, labels)


def class_probabilities(logits: torch.Tensor) -> torch.Tensor:
    """Of (n_points, n_units) logits, shape (n_points, n_classes)."""
    if logits.shape[1] == 1:
        positive = torch.sigmoid(logits)
        return torch.cat([1 - positive, positive], dim=1)
    return torch.softmax(logits, dim=1)


def standardised(points: NDArray[np.float32], by: NDArray[np.float32]) -> torch.Tensor:
    """Float64 points less the mean of `by`, divided by its population standard deviation."""
    scale = by.astype(np.float64)
    return torch.from_numpy((points.astype(np.float64) - scale.mean(axis=0)) / scale.std(axis=0))


def with_biases(trainer: Trainer, seed: int = 0) -> Trainer:
    """The trainer with random biases: a mistake in a bias of zero would not show."""
    generator = np.random.default_rng(seed)
    trainer.load_weights([(weight, generator.normal(scale=0.2, size=bias.shape)) for weight, bias in trainer.weights()])
    return trainer


def gradients(trainer: Trainer) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Make a step; the gradient it was made with, as (weights, biases) shaped like `Trainer.weights`."""
    trainer.step()
    matrices = trainer._gradient.matrices
    return [(matrix[:, :-1].t().numpy().copy(), matrix[:, -1].numpy().copy()) for matrix in matrices]


def torch_machine(trainer: Trainer) -> TorchMachine:
    """What makes the steps of a trainer, which is the machine of torch."""
    assert isinstance(trainer._machine, TorchMachine)
    return trainer._machine


def compiled_machine(trainer: Trainer) -> CompiledMachine:
    """What makes the steps of a trainer, which is the machine of compiled code."""
    assert isinstance(trainer._machine, CompiledMachine)
    return trainer._machine


def order_of(trainer: Trainer) -> torch.Tensor:
    """The order of the points in the epoch of the last step."""
    if isinstance(trainer._machine, TorchMachine):
        return trainer._machine._batches._order
    return compiled_machine(trainer)._order


def dropout_masks(trainer: Trainer) -> list[torch.Tensor]:
    """What the last step, of all points, multiplied the outputs of each hidden layer by, (n_points, width)."""
    if isinstance(trainer._machine, TorchMachine):
        (passes,) = trainer._machine._gradient_of_mean._made.values()
        assert passes._mask is not None
        return [layer.t().double().clone() for layer in passes._mask.layers]
    machine, masks, first = compiled_machine(trainer), list[list[torch.Tensor]](), 0
    rows, piece = int(machine._fields[places.MASK_ROWS]), int(machine._fields[places.PIECE])
    for start in range(0, trainer.n_training, piece):
        n_points = min(piece, trainer.n_training - start)
        drawn = machine._masks[first : first + rows * n_points].view(rows, n_points)
        first += rows * n_points
        # between two layers there is a row of ones in the other machine
        ends = [
            sum(trainer.config.hidden_layers[: layer + 1]) + layer for layer in range(len(trainer.config.hidden_layers))
        ]
        masks.append(
            [drawn[end - width : end].t() for end, width in zip(ends, trainer.config.hidden_layers, strict=True)]
        )
    return [torch.cat(layer).double() for layer in zip(*masks, strict=True)]


def relative_error(actual: NDArray[np.floating], expected: NDArray[np.floating]) -> float:
    """The largest difference, in units of the largest number expected."""
    largest = float(np.abs(expected).max())
    return float(np.abs(actual - expected).max()) / (largest or 1.0)  # what must be 0 is compared as it is


def same_curve(first: NDArray[np.floating], second: NDArray[np.floating]) -> bool:
    """Whether two histories are equal bit for bit, nan included."""
    return first.shape == second.shape and first.tobytes() == second.tobytes()
