"""The parts of errors: they add up, are unbiased, and are those of a search by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.densities import Floats
from engine.studies.fit.decomposition import parts_of_error, parts_of_mistakes
from engine.studies.fit.populations import Truth, truth_of_classes

RANDOM = np.random.default_rng(8)


def random_probabilities(*shape: int) -> Floats:
    """Probabilities along the last axis."""
    return RANDOM.dirichlet(np.ones(shape[-1]), size=shape[:-1])


@pytest.mark.parametrize(("n_sets", "n_weights", "n_classes"), [(2, 1, 2), (7, 1, 3), (5, 4, 2), (3, 2, 4)])
def test_the_parts_add_up_to_the_measured_error(n_sets: int, n_weights: int, n_classes: int) -> None:
    posterior = random_probabilities(30, n_classes)
    outputs = random_probabilities(n_sets * n_weights, 30, n_classes).astype(np.float32)
    parts = parts_of_error(list(outputs), n_weights, truth_of_classes(posterior))

    measured = np.zeros(30)
    for label, one in enumerate(np.eye(n_classes)):  # each network against each label, as often as it comes
        squares = np.square(outputs.astype(np.float64) - one)
        squares = squares.sum(axis=2) / (2 if n_classes == 2 else 1)  # of two classes one probability counts
        measured += posterior[:, label] * squares.mean(axis=0)
    assert parts.error == pytest.approx(measured, abs=1e-12)
    assert (parts.from_data is None) is (n_weights == 1)
    if parts.from_data is not None and parts.from_weights is not None:
        assert parts.from_data + parts.from_weights == pytest.approx(parts.variance, abs=1e-12)


def test_the_parts_are_unbiased() -> None:
    truth = Truth(np.full((4000, 1), 2.0), np.full(4000, 0.5))
    of_sets = np.repeat(RANDOM.normal(scale=0.6, size=(3, 4000, 1)), 2, axis=0)
    outputs = 2.3 + of_sets + RANDOM.normal(scale=0.4, size=(6, 4000, 1))  # each point is a study of its own
    parts = parts_of_error(list(outputs.astype(np.float32)), 2, truth)

    assert parts.noise.mean() == 0.5
    assert parts.bias2.mean() == pytest.approx(0.09, abs=0.02)
    assert parts.variance.mean() == pytest.approx(0.36 + 0.16, abs=0.02)
    assert parts.from_data is not None
    assert parts.from_weights is not None
    assert parts.from_data.mean() == pytest.approx(0.36, abs=0.02)
    assert parts.from_weights.mean() == pytest.approx(0.16, abs=0.01)


def test_a_line_through_points_of_a_line_has_no_bias_and_the_variance_of_the_closed_form() -> None:
    places, sigma, n_points, n_sets = np.linspace(-0.9, 0.9, 40), 0.3, 12, 6000
    x = RANDOM.uniform(-0.9, 0.9, (n_sets, n_points))
    y, mean = 0.7 * x + RANDOM.normal(scale=sigma, size=x.shape), x.mean(axis=1, keepdims=True)
    spread = np.square(x - mean).sum(axis=1, keepdims=True)
    slope = ((x - mean) * y).sum(axis=1, keepdims=True) / spread  # least squares
    outputs = y.mean(axis=1, keepdims=True) + slope * (places - mean)
    closed = sigma**2 * (1 / n_points + (places - mean) ** 2 / spread)
    parts = parts_of_error(
        list(outputs[..., None].astype(np.float32)), 1, Truth(0.7 * places[:, None], np.full(40, sigma**2))
    )

    assert parts.variance.mean() == pytest.approx(closed.mean(), rel=0.06)
    assert parts.bias2.mean() == pytest.approx(0, abs=2e-4)
    assert parts.noise.mean() == pytest.approx(sigma**2)


def by_brute_force(votes: list[int], best: int) -> tuple[float, float, float, float]:
    """Bias, both variances and how often networks decide otherwise than the best, at one point."""
    main = max(sorted(set(votes)), key=votes.count)
    differ = [vote for vote in votes if vote != main]
    variance = len(differ) / len(votes)
    if main == best:
        return 0, variance, 0, variance
    right = sum(vote == best for vote in differ) / max(1, len(differ))  # P(y = y* | y is not the vote)
    return 1, 0, right * variance, sum(vote != best for vote in votes) / len(votes)


def test_mistakes_of_five_hundred_random_tables_are_those_of_brute_force() -> None:
    for _ in range(500):
        n_networks, n_points, n_classes = RANDOM.integers((1, 1, 2), (12, 6, 6))
        table, best = RANDOM.integers(n_classes, size=(n_networks, n_points)), RANDOM.integers(n_classes, size=n_points)
        parts = parts_of_mistakes(list(table), best, int(n_classes))
        wanted = np.array([by_brute_force(votes.tolist(), one) for votes, one in zip(table.T, best, strict=True)])

        found = np.column_stack([parts.bias, parts.variance_unbiased, parts.variance_biased])
        assert found == pytest.approx(wanted[:, :3], abs=1e-12)
        assert found @ (1, 1, -1) == pytest.approx(wanted[:, 3], abs=1e-12)
