"""The variances of the papers, and biases of zero."""

from __future__ import annotations

import math

import pytest
import torch

from engine.config import Initialization
from engine.mlp.initialization import draw_layer

FAN_IN, FAN_OUT, SIGMA = 400, 100, 0.3
VARIANCES = {
    Initialization.TORCH_DEFAULT: 1 / (3 * FAN_IN),
    Initialization.XAVIER_UNIFORM: 2 / (FAN_IN + FAN_OUT),
    Initialization.XAVIER_NORMAL: 2 / (FAN_IN + FAN_OUT),
    Initialization.HE_UNIFORM: 2 / FAN_IN,
    Initialization.HE_NORMAL: 2 / FAN_IN,
    Initialization.NORMAL: SIGMA**2,
}


def drawn(rule: Initialization, seed: int = 0) -> torch.Tensor:
    matrix = torch.full((FAN_OUT, FAN_IN + 1), 7.0, dtype=torch.float64)
    draw_layer(matrix, rule, SIGMA, torch.Generator().manual_seed(seed))
    return matrix


def test_every_rule_but_auto_is_tested_here() -> None:
    assert set(VARIANCES) == set(Initialization) - {Initialization.AUTO, Initialization.ZEROS}


def test_zeros_are_zeros_the_bias_included() -> None:
    assert not drawn(Initialization.ZEROS).any()


def test_auto_must_be_resolved_before() -> None:
    with pytest.raises(ValueError, match="auto names no rule"):
        drawn(Initialization.AUTO)


@pytest.mark.parametrize("rule", VARIANCES)
def test_weights_have_mean_zero_and_the_variance_of_the_rule(rule: Initialization) -> None:
    weights = drawn(rule)[:, :-1]

    assert weights.var().item() == pytest.approx(VARIANCES[rule], rel=0.03)
    assert abs(weights.mean().item()) < 4 * math.sqrt(VARIANCES[rule] / weights.numel())


@pytest.mark.parametrize("rule", VARIANCES)
def test_only_normal_rules_go_beyond_the_bound_of_the_uniform_ones(rule: Initialization) -> None:
    bound = math.sqrt(3 * VARIANCES[rule])

    assert (drawn(rule)[:, :-1].abs().max().item() > bound) == rule.endswith("normal")


@pytest.mark.parametrize("rule", VARIANCES)
def test_biases_are_zero_except_by_the_default_of_torch(rule: Initialization) -> None:
    biases = drawn(rule)[:, -1]

    if rule is Initialization.TORCH_DEFAULT:
        assert 0.9 / math.sqrt(FAN_IN) < biases.abs().max().item() <= 1 / math.sqrt(FAN_IN)
    else:
        assert not biases.any()


@pytest.mark.parametrize("rule", VARIANCES)
def test_the_seed_decides_the_weights(rule: Initialization) -> None:
    assert torch.equal(drawn(rule, seed=3), drawn(rule, seed=3))
    assert not torch.equal(drawn(rule, seed=3), drawn(rule, seed=4))
