"""Remedies for vanishing gradients, underfitting and overfitting, as changes of the settings. No torch."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from engine.config import MAX_DROPOUT, MAX_WIDTH, Activation, Initialization, TrainingConfig
from engine.settings import ConfigError


class Cure(StrEnum):
    """One change that may help; `cured` makes it, if it is one of the settings."""

    USE_RELU = "use_relu"
    USE_TANH = "use_tanh"
    USE_HE = "use_he"
    USE_BATCH_NORM = "use_batch_norm"
    USE_SKIP_CONNECTIONS = "use_skip_connections"
    USE_FEWER_LAYERS = "use_fewer_layers"
    WIDEN = "widen"
    DEEPEN = "deepen"
    MORE_FEATURES = "more_features"
    USE_L2 = "use_l2"
    USE_DROPOUT = "use_dropout"
    STOP_EARLY = "stop_early"
    TRAIN_LONGER = "train_longer"
    MORE_DATA = "more_data"


AGAINST_UNDERFITTING = (Cure.WIDEN, Cure.DEEPEN, Cure.MORE_FEATURES, Cure.TRAIN_LONGER)
AGAINST_OVERFITTING = (Cure.USE_L2, Cure.USE_DROPOUT, Cure.STOP_EARLY, Cure.MORE_DATA)
"""The remedies that the course names against either; the last of each changes no setting."""


MORE_L2, FIRST_L2, LARGEST_L2 = 3.0, 0.01, 1.0
MORE_DROPOUT, FIRST_DROPOUT = 0.2, 0.2
FIRST_WIDTH = 8
FIRST_PATIENCE = 20


def cured(config: TrainingConfig, cure: Cure) -> TrainingConfig:
    """The settings with that one change; equal to those before if they have it already, or if it is none of them.

    An activation is set for every hidden layer. Fewer layers are the first half of them, at least one, each with the
    activation it had. Every hidden layer becomes twice as wide, as far as there is room; a network without one gets
    one of 8 units. One layer more is as the last one. More features are squares and products, then sines, too. L2
    becomes 0.01, or three times as large; dropout 0.2 more; patience 20 epochs if there was none.
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
        case Cure.WIDEN:
            wider = tuple(min(2 * width, MAX_WIDTH) for width in config.hidden_layers)
            return with_layers(config, wider or (FIRST_WIDTH,), config.layer_activations)
        case Cure.DEEPEN:
            more, last = config.hidden_layers[-1:] or (FIRST_WIDTH,), config.layer_activations[-1:]
            return with_layers(config, (*config.hidden_layers, *more), (*config.layer_activations, *last))
        case Cure.MORE_FEATURES:
            has_both = config.squares and config.products
            return replace(config, squares=True, products=True, sines=config.sines or has_both)
        case Cure.TRAIN_LONGER | Cure.MORE_DATA:
            return config
        case Cure.STOP_EARLY:
            return replace(config, patience=config.patience or FIRST_PATIENCE)
        case Cure.USE_L2:
            return replace(config, l2=max(FIRST_L2, config.l2, min(MORE_L2 * config.l2, LARGEST_L2)))
        case Cure.USE_DROPOUT:
            return replace(config, dropout=min(max(FIRST_DROPOUT, config.dropout + MORE_DROPOUT), MAX_DROPOUT))


def with_layers(config: TrainingConfig, layers: tuple[int, ...], activations: tuple[Activation, ...]) -> TrainingConfig:
    """The settings with other hidden layers; the same settings if there may not be so many, or so many weights."""
    try:
        return replace(config, hidden_layers=layers, layer_activations=activations)
    except ConfigError:
        return config
