"""What is said of gradient norms, by its rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.verdict import GradientState, judge


@pytest.mark.parametrize(
    ("norms", "state", "value"),
    [
        ([0.1, 0.2, 0.1], GradientState.HEALTHY, 1.0),
        ([1e-4, 1e-2, 0.05], GradientState.HEALTHY, 2e-3),  # layers may differ by a thousand
        ([5.0, 0.01], GradientState.HEALTHY, 500.0),
        ([1e-20, 1e-3, 0.1], GradientState.VANISHING, 1e-19),
        ([0.0, 0.1], GradientState.VANISHING, 0.0),
        ([0.1, 0.0], GradientState.HEALTHY, math.inf),
        ([0.1, 2e3, 0.1], GradientState.EXPLODING, 2e3),
        ([1e-20, 1e4], GradientState.EXPLODING, 1e4),
        ([0.0, 0.0], GradientState.ALL_ZERO, 0.0),
    ],
)
def test_the_first_rule_that_holds_decides(norms: list[float], state: GradientState, value: float) -> None:
    verdict = judge(np.array(norms))

    assert verdict.state is state
    assert verdict.value == pytest.approx(value)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_told_before_all_else(bad: float) -> None:
    verdict = judge(np.array([0.1, bad, 1e9]))

    assert verdict.state is GradientState.NOT_FINITE
    assert math.isnan(verdict.value)
