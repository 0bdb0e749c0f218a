"""Curves stay bounded, and every row is exactly what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from engine.history import CAPACITY, GradientHistory, History
from engine.metrics import Metrics


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
    history = GradientHistory(capacity=50)
    for epoch in range(0, 3000, 3):
        history.record(epoch, np.array([epoch, 2.0 * epoch]))
    epochs, norms = history.table()

    assert 20 < len(epochs) <= 51
    assert epochs[0] == 0
    assert epochs[-1] > 2800
    np.testing.assert_array_equal(norms, np.column_stack([epochs, 2 * epochs]))
    assert (np.diff(epochs) > 0).all()


def test_of_one_epoch_the_last_gradients_count() -> None:
    history = GradientHistory()
    assert history.table()[0].shape == (0,)
    history.record(3, np.array([1.0]))
    before = history.table()
    assert history.table() is before
    history.record(3, np.array([2.0]))
    assert [part.tolist() for part in history.table()] == [[3.0], [[2.0]]]
