"""The activations of the hidden layers as those of the first and those of the last ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from engine.config import Activation, TrainingConfig


@dataclass(frozen=True)
class LayerSplit:
    """The way in which hidden layers share activations.

    Attributes:
        first: activation of all layers but the last ones; None if these are mixed.
        last: activation of the last layers.
        count: how many these are, fewer than there are layers; 0 if all are alike.
    """

    first: Activation | None
    last: Activation
    count: int

    def fitting(self, layers: tuple[int, ...]) -> int:
        """The number of last layers that so many layers leave room for."""
        return max(0, min(self.count, len(layers) - 1))


def split_of(config: TrainingConfig) -> LayerSplit:
    """The split of a config; where all are alike, `last` is what may come next."""
    activations = config.activations or (config.activation,)
    last = activations[-1]
    count = len(list(takewhile(lambda activation: activation is last, reversed(activations))))
    if count == len(activations):
        return LayerSplit(last, Activation.TANH if last is Activation.SIGMOID else Activation.SIGMOID, 0)
    first = set(activations[:-count])
    return LayerSplit(first.pop() if len(first) == 1 else None, last, count)


def with_split(config: TrainingConfig, split: LayerSplit) -> TrainingConfig:
    """A config with such activations; for mixed ones, that of the first layer is taken."""
    first = split.first or next(iter(config.activations), config.activation)
    activations = (first,) * (len(config.hidden_layers) - split.count) + (split.last,) * split.count
    return _with_activations(replace(config, activation=first), activations)


def with_layers(config: TrainingConfig, layers: tuple[int, ...], split: LayerSplit) -> TrainingConfig:
    """A config with other layers: as many last ones as are possible, mixed activations cut or continued."""
    if len(layers) == len(config.hidden_layers):
        return replace(config, hidden_layers=layers)
    activations = config.activations
    resized = replace(config, hidden_layers=layers, layer_activations=())
    if split.first is not None:
        return with_split(resized, replace(split, count=split.fitting(layers)))
    more = (activations[-1],) * (len(layers) - len(activations))
    return _with_activations(resized, (activations + more)[: len(layers)])


def _with_activations(config: TrainingConfig, activations: tuple[Activation, ...]) -> TrainingConfig:
    if not activations:
        return replace(config, layer_activations=())
    if len(set(activations)) == 1:
        return replace(config, activation=activations[0], layer_activations=())
    return replace(config, layer_activations=activations)
