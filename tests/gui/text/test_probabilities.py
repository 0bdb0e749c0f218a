"""What is shown of the probabilities of one point sums to 100.0 %."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.text.probabilities import class_probabilities, percents

SHARES = st.lists(st.floats(0, 1, width=32), min_size=2, max_size=10).filter(lambda shares: sum(shares) > 1e-3)


@given(SHARES)
def test_percentages_of_one_point_sum_to_exactly_100_and_none_is_off_by_a_whole_unit(shares: list[float]) -> None:
    probabilities = (np.array(shares) / np.sum(shares)).astype(np.float32)
    numbers = [Decimal(text.removesuffix(" %")) for text in percents(probabilities)]
    assert sum(numbers) == 100
    assert all(abs(float(n) - 100 * p) < 0.1001 for n, p in zip(numbers, probabilities.tolist(), strict=True))


@pytest.mark.parametrize(
    ("probabilities", "wanted"),
    [
        ([0.0004, 0.9996], ["0.0 %", "100.0 %"]),
        ([0.004, 0.9955, 0.0005], ["0.4 %", "99.6 %", "0.0 %"]),
        ([1 / 3, 1 / 3, 1 / 3], ["33.4 %", "33.3 %", "33.3 %"]),
        ([math.nan, math.nan], ["–", "–"]),
    ],
)
def test_by_hand(probabilities: list[float], wanted: list[str]) -> None:
    assert percents(np.array(probabilities)) == wanted


def test_what_is_left_out_is_told_together_so_that_the_line_sums_to_100_too() -> None:
    probabilities = np.array([0.30004, 0.25004, 0.20004, 0.15004, 0.09984], dtype=np.float32)
    line = class_probabilities("abcde", probabilities)
    assert line == "P(a) 30.0 %   P(b) 25.0 %   P(c) 20.0 %   others 25.0 %"


def test_independent_sigmoids_need_not_sum_to_1_and_that_is_said() -> None:
    line = class_probabilities("ab", np.array([0.9, 0.8]), is_distribution=False)
    assert line == "sum 1.70, need not be 1:   P(a) 90.0 %   P(b) 80.0 %"


def test_names_of_any_script_leave_the_numbers_where_they_are() -> None:
    line = class_probabilities(("خوش‌خیم", "b"), np.array([0.25, 0.75]))
    assert line == "P(\u200e\u2068خوش‌خیم\u2069) 25.0 %   P(b) 75.0 %"
