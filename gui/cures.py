"""What can be tried against a vanishing gradient, as changes of the settings. No Qt."""

from __future__ import annotations

from dataclasses import replace

from engine.config import Activation, Initialization, TrainingConfig
from gui.lab_wording import Cure


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
