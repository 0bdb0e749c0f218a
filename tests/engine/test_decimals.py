"""Shortest decimals: compared with those that numpy prints one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decimals import shortest_decimals


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
