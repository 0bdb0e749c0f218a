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
        (Cure.WIDEN, {"hidden_layers": (18, 16, 14, 12, 10)}),
        (
            Cure.DEEPEN,
            {
                "hidden_layers": (9, 8, 7, 6, 5, 5),
                "layer_activations": (*(Activation.SIGMOID,) * 4, Activation.ELU, Activation.ELU),
            },
        ),
        (Cure.USE_L2, {"l2": 0.01}),
        (Cure.USE_DROPOUT, {"dropout": 0.2}),
        (Cure.MORE_FEATURES, {"squares": True, "products": True}),
        (Cure.STOP_EARLY, {"patience": 20}),
        (Cure.TRAIN_LONGER, {}),
        (Cure.MORE_DATA, {}),
    ],
)
def test_a_cure_changes_what_it_says_and_nothing_else(cure: Cure, changes: dict[str, object]) -> None:
    assert asdict(cured(SICK, cure)) == asdict(SICK) | changes


def test_a_single_layer_stays() -> None:
    config = TrainingConfig(hidden_layers=(4,))
    assert cured(config, Cure.USE_FEWER_LAYERS) == config


def test_more_of_a_cure_is_more_and_never_more_than_there_may_be() -> None:
    line = TrainingConfig(hidden_layers=())
    assert cured(cured(line, Cure.MORE_FEATURES), Cure.MORE_FEATURES).sines
    assert cured(line, Cure.WIDEN).hidden_layers == cured(line, Cure.DEEPEN).hidden_layers == (8,)
    assert cured(TrainingConfig(hidden_layers=(1024, 700)), Cure.WIDEN).hidden_layers == (1024, 1024)
    for largest in (TrainingConfig(hidden_layers=(1,) * 200), TrainingConfig(hidden_layers=(1024,) * 20)):
        assert cured(largest, Cure.DEEPEN) == largest
    assert cured(TrainingConfig(l2=0.01), Cure.USE_L2).l2 == pytest.approx(0.03)
    assert cured(TrainingConfig(l2=900.0), Cure.USE_L2).l2 == 900.0
    assert cured(TrainingConfig(dropout=0.9), Cure.USE_DROPOUT).dropout == 0.95
