"""The study of the verdict still runs, and counts as it says."""

from __future__ import annotations

import numpy as np
import pytest

from engine.insight.fitting import FitState
from engine.toy_datasets import make
from tests.studies.verdict_rates import N_VALIDATION, Run, best_possible, made, rates, table


def run(*, overfitted_by: float, rise: float) -> Run:
    """A run whose validation loss has its minimum in the middle and then rises to so many times that."""
    losses = np.interp(np.arange(100), [0, 50, 100], [1.0, 0.5, 0.5 * rise])
    history = np.column_stack([np.arange(100), losses, losses, np.full((100, 2), 0.9)])
    return Run("moons", N_VALIDATION[0], 0, history, 0.9, overfitted_by, 0.0)


def test_hits_and_false_alarms_are_shares_of_the_runs_that_are_so_and_that_are_not() -> None:
    runs = [run(overfitted_by=0.2, rise=rise) for rise in (1.0, 2.0, 2.0, 2.0)] + [run(overfitted_by=0.0, rise=1.0)]

    assert rates(runs, FitState.OVERFITTING, lambda run: run.is_overfitted) == "0.75 of 4 | 0.00 of 1"
    assert rates(runs, FitState.UNDERFITTING, lambda run: run.is_underfitted) == "– | 0.00 of 5"
    assert list(table(runs))[2] == f"| {N_VALIDATION[0]} | moons | 0.75 of 4 | 0.00 of 1 | – | 0.00 of 5 |"


def test_a_run_is_made_and_judged() -> None:
    made_now = made("moons", 12, 1)

    assert made_now.history.shape[1] == 5
    assert 0 <= made_now.overfitted_by < 5
    assert made_now.state in FitState


@pytest.mark.parametrize(("noise", "least"), [(0.2, 0.999), (1.0, 0.8)])
def test_the_best_possible_is_better_the_less_noise_there_is(noise: float, least: float) -> None:
    fresh = make("moons", n_samples=500, noise=noise, seed=5)

    assert least <= best_possible(fresh, "moons", noise) <= 1
    assert best_possible(make("line", n_samples=500, noise=0.5), "line", 0.5) == pytest.approx(0.93, abs=0.03)
