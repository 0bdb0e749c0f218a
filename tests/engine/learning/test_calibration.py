"""Calibration: bins as those of scikit-learn, a band that holds what exact probabilities make, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve

from engine.errors import InputError
from engine.learning.calibration import FEWEST_CALIBRATED, calibration
from engine.learning.metrics import wilson

Floats = NDArray[np.float64]


def drawn(n_points: int, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Probabilities that are exactly right, and what they made."""
    generator = np.random.default_rng(seed)
    p = generator.beta(0.6, 0.6, n_points)
    return p, generator.random(n_points) < p


def distribution(probabilities: Floats) -> Floats:
    """The probability of each number of hits, of tosses with these probabilities: by convolution."""
    result = np.ones(1)
    for p in probabilities:
        result = np.convolve(result, [1 - p, p])
    return result


@pytest.mark.parametrize(("n_points", "decimals"), [(50, 6), (73, 6), (400, 1), (1000, 2)])
def test_bins_are_those_of_scikit_learn_ties_included(n_points: int, decimals: int) -> None:
    p, is_hit = drawn(n_points, n_points)
    p = np.round(p, decimals)
    found = calibration(p, is_hit)
    seen, predicted = calibration_curve(is_hit, p, n_bins=5, strategy="quantile")

    np.testing.assert_allclose(found.seen, seen, atol=1e-12)
    np.testing.assert_allclose(found.predicted, predicted, atol=1e-12)
    assert found.n_points.sum() == n_points
    by_hand = sum(n * abs(s - q) for n, s, q in zip(found.n_points, seen, predicted, strict=True)) / n_points
    assert found.error == pytest.approx(by_hand)
    for n, hits, low, high in zip(found.n_points, found.hits, found.low, found.high, strict=True):
        assert (low, high) == wilson(int(hits), int(n))


@pytest.mark.parametrize("n_points", [60, 1500])
def test_the_band_holds_about_95_of_100_of_what_exact_probabilities_make(n_points: int) -> None:
    p, is_hit = drawn(n_points, 3)
    found, ranked = calibration(p, is_hit), np.sort(p)
    for last, n, low, high in zip(
        np.cumsum(found.n_points), found.n_points, found.band_low, found.band_high, strict=True
    ):
        of_hits = distribution(ranked[last - n : last])
        below, above = of_hits[: math.ceil(low * n - 1e-9)].sum(), of_hits[math.floor(high * n + 1e-9) + 1 :].sum()
        assert max(below, above) < 0.06
        assert of_hits[math.ceil(low * n) : math.floor(high * n) + 1].sum() < 0.999 or n < 20 or low == 0 or high == 1


def test_exact_probabilities_are_within_chance_and_those_that_are_too_sure_are_not() -> None:
    within = [found.error <= found.chance_error for found in (calibration(*drawn(100, seed)) for seed in range(60))]
    assert 50 <= sum(within) < 60
    p, is_hit = drawn(400, 1)
    sharper = 1 / (1 + (1 / p - 1) ** 4)
    assert calibration(sharper, is_hit).error > 1.5 * calibration(sharper, is_hit).chance_error
    again = calibration(p, is_hit)
    assert again.chance_error == calibration(p, is_hit).chance_error, "nothing trembles that does not change"


def test_points_with_the_same_probability_are_in_one_bin_and_certain_ones_have_no_band() -> None:
    of_one = calibration(np.full(60, 0.3), np.arange(60) < 20)
    assert of_one.n_points.tolist() == [60]
    certain = calibration(np.repeat([0.0, 1.0], 40), np.repeat([0, 1], 40))
    assert certain.n_points.tolist() == [40, 40]
    assert certain.band_low.tolist() == certain.band_high.tolist() == [0.0, 1.0]
    assert (certain.error, certain.chance_error) == (0, 0)
    assert (certain.low[0], certain.high[-1]) == (0, 1)
    assert FEWEST_CALIBRATED == 50


@pytest.mark.parametrize(
    ("probabilities", "labels", "words"),
    [
        ([0.1, math.nan], [0, 1], "between 0 and 1"),
        ([0.1, 1.2], [0, 1], "between 0 and 1"),
        ([0.1], [0, 1], "shape"),
        ([0.1, 0.2], [0, 2], "neither 0 nor 1"),
        ([], [], "no points"),
    ],
)
def test_what_has_no_calibration_is_refused_in_words(probabilities: object, labels: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        calibration(probabilities, labels)  # type: ignore[arg-type]
