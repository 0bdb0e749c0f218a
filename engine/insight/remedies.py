"""Remedies for a vanishing gradient, as changes of the settings. No torch."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from engine.config import Activation, Initialization, TrainingConfig


class Cure(StrEnum):
    """One change of the settings that may help; `cured` makes it."""

    USE_RELU = "use_relu"
    USE_TANH = "use_tanh"
    USE_HE = "use_he"
    USE_BATCH_NORM = "use_batch_norm"
    USE_SKIP_CONNECTIONS = "use_skip_connections"
    USE_FEWER_LAYERS = "use_fewer_layers"


def cured(config: TrainingConfig, cure: Cure) -> TrainingConfig:
    """The settings with that one change; equal to those before if they have it already.

    An activation is set for every hidden layer. Fewer layers are the first half of them, at least one, each with the
    activation it had.
    """
    match cure:
        case Cure.USE_RELU:
            return replace(config, activation=Activation.RELU, layer_activations=())
        case Cure.USE_TANH:
            return replace(config, activation=Activation.TANH, layer_activations=())
        case Cure.USE_HE:
            return replace(config, initialization=Initialization.HE_NORMAL)
        case Cure.USE_BATCH_NORM:
            return replace(config, batch_norm=True)
        case Cure.USE_SKIP_CONNECTIONS:
            return replace(config, skip_connections=True)
        case Cure.USE_FEWER_LAYERS:
            half = max(1, len(config.hidden_layers) // 2)
            layers, activations = config.hidden_layers[:half], config.layer_activations[:half]
            return replace(config, hidden_layers=layers, layer_activations=activations)
