from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.paint.plots.axes import PATIENCE, DecadeAxis, SteadyAxis, round_ticks, round_up

AXIS = DecadeAxis(-17, 4)


def test_each_factor_of_ten_has_the_same_length_and_what_is_beyond_an_end_lies_at_it() -> None:
    shares = [AXIS.share(10.0**exponent) for exponent in range(-17, 5)]

    np.testing.assert_allclose(shares, np.linspace(0, 1, 22), atol=1e-12)
    assert [AXIS.share(value) for value in (5e-324, 1e-30, 1e5, 1e300)] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("width", "step", "labels"),
    [
        (330, 3, ["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³"]),
        (165, 6, ["10⁻¹²", "10⁻⁶", "1"]),
        (82, 12, ["10⁻¹²", "1"]),
        (10, 12, ["10⁻¹²", "1"]),
    ],
)
def test_marks_are_powers_of_ten_at_their_places_as_many_as_have_room(
    width: float, step: int, labels: list[str]
) -> None:
    ticks = AXIS.ticks(width)

    assert [label for _, label in ticks] == labels
    exponents = range(-17 + 17 % step, 5, step)
    assert [share for share, _ in ticks] == pytest.approx([AXIS.share(10.0**exponent) for exponent in exponents])


@given(low=st.floats(-1e4, 1e4), span=st.floats(1e-3, 1e5), most=st.integers(1, 20))
def test_ticks_are_round_numbers_inside_and_few(low: float, span: float, most: int) -> None:
    high = low + span
    ticks = round_ticks(low, high, most)
    slack = 1e-9 * span
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert len(ticks) <= most + 1
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        np.testing.assert_allclose(np.diff(ticks), step, rtol=1e-6)
        mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-6)
        assert min(abs(mantissa - nice) for nice in (1, 2, 5)) < 1e-4
        multiples = np.array(ticks) / step
        np.testing.assert_allclose(multiples, np.round(multiples), atol=1e-4)


@given(low=st.floats(-100, 100), span=st.floats(0.01, 1000))
def test_a_side_long_enough_for_several_ticks_has_at_least_two(low: float, span: float) -> None:
    assert len(round_ticks(low, low + span, 6)) >= 2


def test_no_length_has_no_ticks() -> None:
    assert round_ticks(1.0, 1.0, 5) == []
    assert round_ticks(2.0, 1.0, 5) == []


def test_ticks_of_the_first_view_are_what_one_expects() -> None:
    assert round_ticks(-1.1, 1.1, 5) == [-1, -0.5, 0, 0.5, 1]


@given(value=st.floats(1e-12, 1e38))
def test_round_numbers_are_above_and_near(value: float) -> None:
    rounded = round_up(value)
    assert value * (1 - 1e-9) <= rounded <= value * 1.51
    mantissa = rounded / 10.0 ** math.floor(math.log10(rounded) + 1e-9)
    assert min(abs(mantissa - nice) for nice in (1, 1.5, 2, 3, 4, 5, 6, 8, 10)) < 1e-6


def test_an_axis_grows_at_once_and_shrinks_when_its_end_was_not_needed_for_a_while() -> None:
    steady = SteadyAxis(DecadeAxis(-40, 10))
    assert (steady.axis.low, steady.axis.high) == (-6, 0), "six decades at the least"
    assert steady.follow([2e-9, 0.5], 1)
    assert (steady.axis.low, steady.axis.high) == (-10, 0), "half a decade at the least for the shortest bar"
    changes = [steady.follow([0.1, 0.5, 0.0, math.nan, math.inf], 1) for _ in range(PATIENCE)]
    assert changes == [False] * (PATIENCE - 1) + [True]
    assert (steady.axis.low, steady.axis.high) == (-6, 0)


def test_an_axis_does_not_jitter_while_values_go_to_and_fro_over_a_power_of_ten() -> None:
    steady = SteadyAxis(DecadeAxis(-40, 10))
    steady.follow([1e-9, 0.99], 1)
    steady.follow([4e-9, 1.01], 1)
    assert not any(steady.follow(values, 1) for _ in range(2 * PATIENCE) for values in ([1e-9, 0.99], [4e-9, 1.01]))


def test_an_axis_ends_where_the_widest_does_and_begins_anew_with_a_new_run_and_when_told() -> None:
    steady = SteadyAxis(DecadeAxis(-10, 4))
    steady.follow([5e-324, 1e300], 7)
    assert (steady.axis.low, steady.axis.high) == (-10, 4)
    steady.follow([1e-300], 6)
    assert (steady.axis.low, steady.axis.high) == (-10, -4)
    steady.forget()
    steady.follow([0.0, math.nan], 6)
    assert (steady.axis.low, steady.axis.high) == (-6, 0)
