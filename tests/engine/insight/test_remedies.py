from __future__ import annotations

from dataclasses import asdict

import pytest

from engine.config import Activation, Initialization, TrainingConfig
from engine.insight.remedies import Cure, cured

SICK = TrainingConfig(
    hidden_layers=(9, 8, 7, 6, 5), layer_activations=(Activation.SIGMOID,) * 4 + (Activation.ELU,), seed=7
)


@pytest.mark.parametrize(
    ("cure", "changes"),
    [
        (Cure.USE_RELU, {"activation": Activation.RELU, "layer_activations": ()}),
        (Cure.USE_TANH, {"activation": Activation.TANH, "layer_activations": ()}),
        (Cure.USE_HE, {"initialization": Initialization.HE_NORMAL}),
        (Cure.USE_BATCH_NORM, {"batch_norm": True}),
        (Cure.USE_SKIP_CONNECTIONS, {"skip_connections": True}),
        (Cure.USE_FEWER_LAYERS, {"hidden_layers": (9, 8), "layer_activations": (Activation.SIGMOID,) * 2}),
    ],
)
def test_a_cure_changes_what_it_says_and_nothing_else(cure: Cure, changes: dict[str, object]) -> None:
    assert asdict(cured(SICK, cure)) == asdict(SICK) | changes


def test_a_single_layer_stays() -> None:
    config = TrainingConfig(hidden_layers=(4,))
    assert cured(config, Cure.USE_FEWER_LAYERS) == config
