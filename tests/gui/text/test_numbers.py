from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.text.numbers import loss, percent, scientific


def read(text: str) -> float:
    """The number that `scientific` wrote."""
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    if "·10" in plain:
        mantissa, exponent = plain.split("·10")
        return float(f"{mantissa}e{exponent}")
    if text.startswith("10") and text != plain:
        return float(f"1e{plain[2:]}")
    return float(text.replace(",", ""))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1, "1"), (0.5, "0.5"), (0.01, "0.01"), (12.34, "12"), (250.4, "250"), (99.6, "100"), (999.4, "999"),
        (4e-14, "4·10⁻¹⁴"), (1e-3, "10⁻³"), (1000, "10³"), (2e5, "2·10⁵"), (9.99e-5, "10⁻⁴"), (1e-310, "10⁻³¹⁰"),
        (math.inf, "not finite"), (math.nan, "not finite"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_a_book(value: float, text: str) -> None:
    assert scientific(value) == text


def test_more_digits_are_written_where_they_are_asked_for() -> None:
    assert scientific(4.25e-14, digits=3) == "4.25·10⁻¹⁴"
    assert scientific(0.123456, digits=5) == "0.12346"
    assert scientific(123.456, digits=5) == "123.46"
    assert [scientific(value, digits=3) for value in (3.00435, 0.5, 300.0, 3.3e-3, 1e-3)] == [
        "3.00", "0.500", "300", "3.30·10⁻³", "1.00·10⁻³",
    ]  # fmt: skip
    assert [scientific(value) for value in (3.0, 0.5, 300.0, 0.25)] == ["3", "0.5", "300", "0.25"]
    assert scientific(999.96, digits=4) == "1000"
    assert scientific(1e-4, digits=2) in ("1.0·10⁻⁴", "10⁻⁴")


@given(value=st.floats(5e-324, 1e300), digits=st.integers(1, 4))
def test_what_is_written_is_the_number_but_for_rounding(value: float, digits: int) -> None:
    text = scientific(value, digits)
    assert "e" not in text
    if value > 1e-300:  # smaller floats have fewer digits themselves
        assert read(text) == pytest.approx(value, rel=max(0.0501, 0.501 * 10.0 ** (1 - digits)))


@given(value=st.floats(5e-324, 1e300))
def test_a_tiny_number_is_never_written_as_zero(value: float) -> None:
    assert scientific(value) != "0"
    assert read(scientific(value, 2)) > 0


def test_shares_are_percentages_with_one_digit() -> None:
    assert [percent(share) for share in (0.0, 0.975, 1.0, math.nan)] == ["0.0 %", "97.5 %", "100.0 %", "–"]


def test_losses_have_four_digits_and_tiny_ones_an_exponent() -> None:
    values = (0.69312, 0.0, 12.3456, 1e-5, 1e30, math.nan, math.inf)
    texts = [loss(value) for value in values]
    assert texts == ["0.6931", "0", "12.3456", "1.00·10⁻⁵", "1.00·10³⁰", "–", "∞"]
