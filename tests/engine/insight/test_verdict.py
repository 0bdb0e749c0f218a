"""What is said of gradient norms, by its rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.config import Activation
from engine.insight.verdict import GradientState, judge


@pytest.mark.parametrize(
    ("norms", "state", "value"),
    [
        ([0.1, 0.2, 0.1], GradientState.HEALTHY, 1.0),
        ([1e-4, 1e-2, 0.05], GradientState.HEALTHY, 2e-3),  # layers may differ by a thousand
        ([5.0, 0.01], GradientState.HEALTHY, 1.0),  # more than the last is no loss
        ([3e-5, 1e-7, 0.03], GradientState.VANISHING, 1e-7 / 0.03),  # the weakest layer counts, not the first
        ([1e-20, 1e-3, 0.1], GradientState.VANISHING, 1e-19),
        ([0.0, 0.1], GradientState.VANISHING, 0.0),
        ([0.1, 0.0], GradientState.VANISHING, 0.0),
        ([0.1, 2e3, 0.1], GradientState.EXPLODING, 2e3),
        ([1e-20, 1e4], GradientState.EXPLODING, 1e4),
        ([0.0, 0.0], GradientState.ALL_ZERO, 0.0),
    ],
)
def test_the_first_rule_that_holds_decides(norms: list[float], state: GradientState, value: float) -> None:
    verdict = judge(np.array(norms))

    assert verdict.state is state
    assert verdict.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("norms", "activations", "state", "layer"),
    [
        ([0.0, 0.0, 0.1], ["relu", "step"], GradientState.FLAT, 1),
        ([0.0, 0.2, 0.1], ["step", "relu"], GradientState.FLAT, 0),
        ([0.3, 0.0, 0.1], ["tanh", "step"], GradientState.FLAT, 1),  # a skip connection leads around it
        ([0.0, 0.0, 0.0], ["step", "step"], GradientState.FLAT, 1),
        ([0.0, 0.0, 0.1], ["relu", "relu"], GradientState.VANISHING, 0),  # zero for another reason
        ([0.1, 0.2, 0.1], ["relu", "relu"], GradientState.HEALTHY, 2),
    ],
)
def test_step_is_named_as_the_reason_for_true_zeros(
    norms: list[float], activations: list[str], state: GradientState, layer: int
) -> None:
    verdict = judge(np.array(norms), [Activation(name) for name in activations])

    assert verdict.state is state
    if state is GradientState.FLAT:
        assert verdict.layer == layer


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_told_before_all_else(bad: float) -> None:
    verdict = judge(np.array([0.1, bad, 1e9]))

    assert verdict.state is GradientState.NOT_FINITE
    assert math.isnan(verdict.value)


@pytest.mark.parametrize(("ratio", "state"), [(0.99e-3, GradientState.VANISHING), (1.01e-3, GradientState.HEALTHY)])
def test_a_thousandth_of_the_last_layer_is_the_limit_of_vanishing(ratio: float, state: GradientState) -> None:
    verdict = judge(np.array([1.0, 0.3 * ratio, 0.3]))

    assert (verdict.state, verdict.layer) == (state, 1)


@pytest.mark.parametrize(("norm", "state"), [(999.0, GradientState.HEALTHY), (1001.0, GradientState.EXPLODING)])
def test_a_norm_of_a_thousand_is_the_limit_of_exploding(norm: float, state: GradientState) -> None:
    assert judge(np.array([norm, 500.0, 400.0])).state is state


@pytest.mark.parametrize(
    ("norms", "error", "state"),
    [
        ([1e-9, 1e-5], 0.1, GradientState.LEARNED),
        ([1e-9, 1e-5], 0.101, GradientState.VANISHING),
        ([1e-5, 1e-5], 0.1, GradientState.LEARNED),
        ([1e-5, 1e-5], 0.101, GradientState.HEALTHY),
        ([1e-5, 1e-5], math.nan, GradientState.HEALTHY),
        ([0.0, 0.0], 0.0, GradientState.LEARNED),
        ([0.0, 0.0], 0.5, GradientState.ALL_ZERO),
        ([1.0, 2e3], 0.0, GradientState.EXPLODING),
    ],
)
def test_what_is_small_because_the_network_has_learned_is_told_from_what_vanishes(
    norms: list[float], error: float, state: GradientState
) -> None:
    assert judge(np.array(norms), error=error).state is state
