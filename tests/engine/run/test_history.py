"""Curves stay bounded, and every row is exactly what was measured."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.learning.metrics import Metrics
from engine.run.history import CAPACITY, History, Measured, VectorHistory


def metrics_at(epoch: int) -> Metrics:
    return Metrics(1 / (epoch + 1), 2 / (epoch + 1), epoch / (epoch + 3), epoch / (epoch + 4))


def record_up_to(history: History, last: int) -> int:
    """Play a run; returns the largest number of rows it ever had."""
    most = 0
    for epoch in range(last + 1):
        if history.wants(epoch):
            history.record(epoch, metrics_at(epoch))
            most = max(most, len(history._rows))
    return most


def test_a_million_epochs_are_a_few_hundred_exact_rows() -> None:
    history = History()

    most = record_up_to(history, 10**6)

    table = history.table()
    assert most <= CAPACITY + 1
    assert CAPACITY / 2 - 1 <= len(table) <= CAPACITY
    assert history.stride == 4096  # the least power of two that has room
    for epoch, *row in table:
        expected = metrics_at(int(epoch))
        assert row == [
            expected.train_loss, expected.validation_loss, expected.train_accuracy, expected.validation_accuracy
        ]  # fmt: skip


@pytest.mark.parametrize("last", [0, 1, 299, 300, 301, 599, 600, 601, 5000])
def test_rows_are_evenly_spaced_from_the_first_epoch_to_the_newest_stride(last: int) -> None:
    history = History()

    record_up_to(history, last)

    epochs = history.table()[:, 0]
    assert epochs[0] == 0
    assert (np.diff(epochs) == history.stride).all()
    assert last - epochs[-1] < history.stride


def test_up_to_the_capacity_nothing_is_left_out() -> None:
    history = History(capacity=10)

    record_up_to(history, 9)

    assert history.table()[:, 0].tolist() == list(range(10))


def test_an_empty_history_has_the_columns_of_a_full_one() -> None:
    assert History().table().shape == (0, 5)


def test_the_table_of_an_instant_stays_as_it_is() -> None:
    history = History()
    record_up_to(history, 3)
    table = history.table()

    history.record(4, Metrics())

    assert table[:, 0].tolist() == [0, 1, 2, 3]
    assert history.table()[:, 0].tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="read-only"):
        table[:] = -1


def test_what_is_missing_is_nan() -> None:
    history = History()

    history.record(0, Metrics(0.5, train_accuracy=1.0))

    np.testing.assert_array_equal(history.table(), [[0, 0.5, np.nan, 1.0, np.nan]])


def test_gradients_are_kept_in_bounded_memory_from_the_first_to_the_last() -> None:
    history = VectorHistory(capacity=50)
    for epoch in range(0, 3000, 3):
        history.record(epoch, np.array([epoch, 2.0 * epoch]))
    epochs, norms = history.table()

    assert 20 < len(epochs) <= 51
    assert epochs[0] == 0
    assert epochs[-1] > 2800
    np.testing.assert_array_equal(norms, np.column_stack([epochs, 2 * epochs]))
    assert (np.diff(epochs) > 0).all()


def test_of_one_epoch_the_last_gradients_count() -> None:
    history = VectorHistory()
    assert history.table()[0].shape == (0,)
    history.record(3, np.array([1.0]))
    before = history.table()
    assert history.table() is before
    history.record(3, np.array([2.0]))
    assert [part.tolist() for part in history.table()] == [[3.0], [[2.0]]]


def metrics(loss: float) -> Metrics:
    return Metrics(loss, math.nan, 0.5, math.nan)


def row(epoch: float, loss: float) -> tuple[float, ...]:
    return (epoch, loss, math.nan, 0.5, math.nan)


def test_a_change_keeps_what_was_measured_last_before_it_and_first_after_it() -> None:
    history = History()
    history.record(0, metrics(1.0))
    history.record(1, metrics(0.5))
    history.change(1.5, [Measured.LOSS], row(1.25, 0.4))
    history.measured(1.75, metrics(0.2))
    history.measured(2.0, metrics(0.1))
    history.record(2, metrics(0.1))

    (change,) = history.changes
    assert (change.epoch, change.what) == (1.5, (Measured.LOSS,))
    np.testing.assert_array_equal(change.before, row(1.25, 0.4))
    np.testing.assert_array_equal(change.after, row(1.75, 0.2))
    np.testing.assert_array_equal(history.table()[:, 0], [0, 1, 2])


def test_changes_between_two_rows_are_one_from_the_first_side_to_the_last() -> None:
    history = History()
    history.record(0, metrics(1.0))
    history.change(0.2, [Measured.LOSS], row(0.1, 0.9))
    history.measured(0.3, metrics(0.5))
    history.change(0.6, [Measured.DATA], row(0.3, 0.5))
    history.measured(0.7, metrics(0.8))
    (change,) = history.changes
    assert (change.epoch, change.what) == (0.6, (Measured.DATA, Measured.LOSS))
    np.testing.assert_array_equal(change.before, row(0.1, 0.9))
    np.testing.assert_array_equal(change.after, row(0.7, 0.8))


def test_a_change_that_was_taken_back_where_the_run_stood_is_none() -> None:
    history = History()
    history.record(0, metrics(1.0))
    history.record(1, metrics(0.5))
    history.change(1, [Measured.DATA], row(1, 0.5))
    history.measured(1, metrics(0.7))
    history.change(1, [Measured.DATA], row(1, 0.7))
    history.measured(1, metrics(0.5))
    assert history.changes == ()


@given(st.lists(st.integers(1, 3), min_size=1, max_size=400), st.integers(4, 20))
def test_changes_are_kept_in_bounded_memory_in_order(steps: list[int], capacity: int) -> None:
    history, epoch = History(capacity), 0
    history.record(0, metrics(1.0))
    for number, step in enumerate(steps):
        history.change(epoch + 0.5, [Measured.DATA], row(epoch, number))
        history.measured(epoch + 0.5, metrics(number + 0.5))
        for _ in range(step):
            epoch += 1
            if history.wants(epoch):
                history.record(epoch, metrics(0.0))
    changes = history.changes
    assert len(changes) <= capacity + 1
    assert [change.epoch for change in changes] == sorted({change.epoch for change in changes})
    assert changes[0].before[1] == 0
    assert changes[-1].after is not None
    assert changes[-1].after[1] == len(steps) - 0.5


def test_an_epoch_under_way_that_begins_anew_leaves_what_was_measured_in_it_at_its_beginning() -> None:
    history = History()
    history.change(20.0, [Measured.DATA], row(20.5, 0.4))
    assert history.changes[0].before[0] == 20.0
