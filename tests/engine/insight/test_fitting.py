"""The verdict on a run, by its rules."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.config import TrainingConfig
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.insight.fitting import MIN_ROWS, MIN_VALIDATION, FitState, FitVerdict, judge_fit
from engine.toy_datasets import make
from engine.training import Trainer

Table = NDArray[np.float64]


def table(validation: list[float] | Table, train_score: float = 0.9, every: int = 1) -> Table:
    """A history with these validation losses."""
    losses = np.asarray(validation, dtype=np.float64)
    rows = np.arange(len(losses), dtype=np.float64)
    return np.column_stack([every * rows, 0.5 * losses, losses, np.full(len(rows), train_score), 0.8 - rows / 1000])


def v_shape(n_rows: int, turn: float, rise: float) -> Table:
    """Losses that fall from 1 to 0.5 at a share of the rows, and then rise to so many times that."""
    share = np.linspace(0, 1, n_rows)
    return np.where(share < turn, 1 - 0.5 * share / turn, 0.5 * (1 + (rise - 1) * (share - turn) / (1 - turn)))


def flat(n_rows: int = 100) -> Table:
    """Losses that soon stay where they are."""
    return v_shape(n_rows, 0.1, 1.0)


def state(history: Table, neighbours: float = 0.9, n_validation: int = 40) -> FitState:
    return judge_fit(history, n_validation, neighbours).state


def test_without_validation_points_and_with_few_nothing_is_said() -> None:
    overfitted = table(v_shape(100, 0.3, 2.0))

    assert state(overfitted, n_validation=0) is FitState.NO_VALIDATION
    assert state(overfitted, n_validation=MIN_VALIDATION - 1) is FitState.FEW_POINTS
    assert state(overfitted, n_validation=MIN_VALIDATION) is FitState.OVERFITTING


@pytest.mark.parametrize(
    ("turn", "rise", "expected"),
    [
        (0.3, 1.4, FitState.OVERFITTING),
        (0.7, 1.4, FitState.OVERFITTING),
        (0.9, 1.4, FitState.JUST_RIGHT),  # a moment ago
        (0.3, 1.2, FitState.JUST_RIGHT),  # by little
    ],
)
def test_a_validation_loss_well_above_a_minimum_long_ago_is_overfitting(
    turn: float, rise: float, expected: FitState
) -> None:
    assert state(table(v_shape(200, turn, rise))) is expected


def test_of_a_loss_that_is_small_all_the_while_a_multiple_is_no_overfitting() -> None:
    small = v_shape(200, 0.3, 1.5)

    assert state(table(small / 10)) is FitState.JUST_RIGHT  # 0.05, then 0.075
    assert state(table(small / 8)) is FitState.OVERFITTING


def test_the_numbers_are_medians_of_three_and_scores_as_measured() -> None:
    losses = [1.0, 0.9, 0.4, 0.3, 0.8, 0.5, 0.6, 0.6, 0.6, 0.7, 0.9, 0.7]
    verdict = judge_fit(table(losses, every=10), 40, 0.95)

    assert verdict == FitVerdict(FitState.OVERFITTING, 110, 0.7, 0.4, 20, 0.7 / 0.4, 0.9, 0.789, 0.798, 0.95)


def test_one_row_makes_no_verdict() -> None:
    losses = flat()
    losses[50], losses[-1] = 0.2, 5.0

    assert state(table(losses)) is FitState.JUST_RIGHT


def test_a_run_that_begins_or_learns_still_is_not_judged() -> None:
    begun = table(v_shape(MIN_ROWS - 1, 0.3, 2.0))
    falling = table(np.linspace(1.0, 0.5, 100), train_score=0.6)

    assert state(begun) is FitState.TOO_EARLY
    assert state(falling) is FitState.TOO_EARLY
    assert state(table([0.0])) is FitState.TOO_EARLY
    assert state(np.empty((0, 5))) is FitState.TOO_EARLY


@pytest.mark.parametrize(("neighbours", "expected"), [(0.925, FitState.JUST_RIGHT), (0.935, FitState.UNDERFITTING)])
def test_a_network_that_learns_no_more_is_measured_by_its_neighbours(neighbours: float, expected: FitState) -> None:
    assert state(table(flat()), neighbours) is expected


def test_without_the_yardstick_only_overfitting_is_said() -> None:
    assert state(table(flat()), math.nan) is FitState.TOO_EARLY
    assert state(table(v_shape(100, 0.3, 2.0)), math.nan) is FitState.OVERFITTING


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_rows_without_numbers_are_left_out(bad: float) -> None:
    losses = np.append(flat(), [bad] * 4)

    assert judge_fit(table(losses), 40, 0.9) == judge_fit(table(flat()), 40, 0.9)


def test_thinned_rows_and_a_part_of_a_run_are_judged_alike() -> None:
    whole = table(v_shape(1025, 0.3, 1.5))
    thinned, later = whole[::8], whole + np.array([5000, 0, 0, 0, 0])

    assert [state(rows) for rows in (whole, thinned, later)] == [FitState.OVERFITTING] * 3
    assert judge_fit(later, 40, 0.9).best_epoch == pytest.approx(judge_fit(thinned, 40, 0.9).best_epoch + 5000, abs=8)


def test_a_loss_of_nothing_is_no_overfitting() -> None:
    assert state(table(np.zeros(50))) is FitState.JUST_RIGHT


def noisy_moons() -> Dataset:
    return make("moons", n_samples=80, noise=0.8, seed=1)


def trained(dataset: Dataset, config: TrainingConfig, epochs: int) -> FitVerdict:
    """The verdict on a run of a real network."""
    trainer, rows = Trainer(dataset, config), []
    for epoch in range(0, epochs + 1, 5):
        trainer.steps(5 if epoch else 0)
        rows.append((epoch, *trainer.evaluate().curve))
    mask = dataset.validation_mask(config.validation_fraction)
    return judge_fit(np.array(rows), int(mask.sum()), 0.0)


def test_a_wide_network_on_noisy_moons_is_overfitted_and_none_that_hides_nothing() -> None:
    wide = TrainingConfig(hidden_layers=(32, 32), learning_rate=0.02, batch_size=None, validation_fraction=0.3)

    assert trained(noisy_moons(), wide, 600).state is FitState.OVERFITTING
    assert trained(noisy_moons(), replace(wide, hidden_layers=()), 300).state is FitState.JUST_RIGHT
    values = replace(noisy_moons(), target=Target.VALUES)
    assert trained(values, replace(wide, hidden_layers=(), learning_rate=0.1), 300).state is FitState.JUST_RIGHT
