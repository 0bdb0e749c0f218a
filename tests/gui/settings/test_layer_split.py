from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Activation, TrainingConfig
from gui.settings.layer_split import LayerSplit, split_of, with_layers, with_split

TANH, RELU, SIGMOID, ELU = Activation.TANH, Activation.RELU, Activation.SIGMOID, Activation.ELU
SHORT = st.lists(st.sampled_from((TANH, RELU, SIGMOID)), min_size=1, max_size=6)


def of(*activations: Activation) -> TrainingConfig:
    """A config with these activations, which are not those of `activation`."""
    return TrainingConfig(hidden_layers=(8,) * len(activations), activation=ELU, layer_activations=activations)


@pytest.mark.parametrize(
    ("config", "split"),
    [
        (TrainingConfig(), LayerSplit(TANH, SIGMOID, 0)),
        (TrainingConfig(activation=SIGMOID), LayerSplit(SIGMOID, TANH, 0)),
        (TrainingConfig(hidden_layers=(4,)), LayerSplit(TANH, SIGMOID, 0)),
        (TrainingConfig(hidden_layers=(), activation=SIGMOID), LayerSplit(SIGMOID, TANH, 0)),
        (of(RELU, RELU, RELU), LayerSplit(RELU, SIGMOID, 0)),
        (of(RELU, RELU, SIGMOID), LayerSplit(RELU, SIGMOID, 1)),
        (of(RELU, SIGMOID, SIGMOID), LayerSplit(RELU, SIGMOID, 2)),
        (of(RELU, TANH, SIGMOID), LayerSplit(None, SIGMOID, 1)),
        (of(SIGMOID, RELU, SIGMOID, SIGMOID), LayerSplit(None, SIGMOID, 2)),
    ],
)
def test_a_config_is_split_into_its_first_layers_and_its_last(config: TrainingConfig, split: LayerSplit) -> None:
    assert split_of(config) == split


def test_a_split_gives_the_first_layers_one_activation_and_the_last_another() -> None:
    config = with_split(TrainingConfig(hidden_layers=(8,) * 4), LayerSplit(RELU, SIGMOID, 1))
    assert config == TrainingConfig(
        hidden_layers=(8,) * 4, activation=RELU, layer_activations=(RELU, RELU, RELU, SIGMOID)
    )


def test_layers_that_are_all_alike_need_no_list() -> None:
    for split in (LayerSplit(RELU, SIGMOID, 0), LayerSplit(RELU, RELU, 2)):
        assert with_split(of(TANH, TANH, SIGMOID), split) == TrainingConfig(activation=RELU)


@given(activations=SHORT)
def test_what_is_split_is_put_together_again(activations: list[Activation]) -> None:
    config = of(*activations)
    split = split_of(config)
    assert 0 <= split.count < len(activations)
    if split.first is not None:
        assert with_split(config, split).activations == config.activations


@given(activations=SHORT, depth=st.integers(0, 9))
def test_however_many_layers_there_are_each_has_an_activation(activations: list[Activation], depth: int) -> None:
    config = of(*activations)
    changed = with_layers(config, (5,) * depth, split_of(config))
    assert changed.hidden_layers == (5,) * depth
    assert len(changed.activations) == depth
    assert not depth or changed.activations[0] is config.activations[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((RELU, RELU, SIGMOID, SIGMOID), (RELU, RELU, RELU, SIGMOID, SIGMOID)),
        ((RELU, RELU, SIGMOID, SIGMOID), (RELU, SIGMOID, SIGMOID)),
        ((RELU, RELU, SIGMOID, SIGMOID), (RELU, SIGMOID)),
        ((RELU, RELU, SIGMOID, SIGMOID), (RELU,)),
        ((RELU, TANH, SIGMOID), (RELU, TANH, SIGMOID, SIGMOID, SIGMOID)),
        ((RELU, TANH, SIGMOID), (RELU, TANH)),
        ((RELU, RELU, TANH, SIGMOID), (RELU, RELU)),
    ],
)
def test_a_change_of_depth_keeps_the_last_layers_and_cuts_or_continues_mixed_ones(
    before: tuple[Activation, ...], after: tuple[Activation, ...]
) -> None:
    config = of(*before)
    assert with_layers(config, (8,) * len(after), split_of(config)).activations == after


def test_a_change_of_width_leaves_the_activations_alone() -> None:
    config = of(RELU, TANH, SIGMOID)
    assert with_layers(config, (20,) * 3, split_of(config)) == replace(config, hidden_layers=(20,) * 3)
