"""Shortest decimals: compared with those that numpy prints one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files.decimals import shortest_decimals, whole_shares


def one_by_one(values: np.ndarray) -> np.ndarray:
    return np.array([float(str(value)) for value in values.ravel()]).reshape(values.shape)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_every_number_has_the_decimal_that_numpy_prints(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=np.float32)

    found = shortest_decimals(values)

    assert found.tobytes() == one_by_one(values).tobytes()
    assert found.astype(np.float32).tobytes() == values.tobytes()


@pytest.mark.parametrize("seed", range(3))
def test_numbers_of_any_size_have_the_decimal_that_numpy_prints(seed: int) -> None:
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2**32, size=20_000, dtype=np.uint32).view(np.float32)
    usual = np.concatenate(
        [generator.normal(size=20_000), np.round(generator.normal(size=1000), 2), 10.0 ** np.arange(-30, 30)]
    )
    values = np.concatenate([bits[np.isfinite(bits)], usual.astype(np.float32)])

    assert shortest_decimals(values).tobytes() == one_by_one(values).tobytes()


def test_the_shape_stays() -> None:
    assert shortest_decimals(np.zeros((0, 2), dtype=np.float32)).shape == (0, 2)
    assert shortest_decimals(np.full((3, 2), 0.1, dtype=np.float32)).tolist() == [[0.1, 0.1]] * 3


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda values: sum(values) > 1e-6),
    st.integers(1, 10_000),
)
def test_shares_in_whole_units_sum_to_the_whole_and_none_is_off_by_one(values: list[float], units: int) -> None:
    exact = np.array(values) / sum(values) * units
    whole = whole_shares(values, units)
    assert whole.sum() == units
    assert np.abs(whole - exact).max() < 1 + 1e-6


def test_what_is_left_goes_to_the_largest_remainders_by_hand() -> None:
    # seats of Hamilton's method for votes 47, 16, 15.8, 12, 6.1, 3.1 of 100 and 10 seats
    np.testing.assert_array_equal(whole_shares([47, 16, 15.8, 12, 6.1, 3.1], 10), [5, 2, 1, 1, 1, 0])
    np.testing.assert_array_equal(whole_shares([0.0, 0.0], 10), [0, 0])
