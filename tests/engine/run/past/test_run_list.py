"""The runs of a document: numbers, notes, and what goes when there are too many."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.learning.metrics import Metrics
from engine.run.past import run_list
from engine.run.past.run_list import RunList, RunNotes
from engine.run.past.run_record import RunRecord

ONE_ROW = np.array([[5.0, 0.5, 0.4, 0.9, 0.8]], dtype=np.float32)


def record(number: int, lane: int = 0, epochs: int = 5) -> RunRecord:
    metrics = Metrics(0.5, 0.4, 0.9, 0.8)
    return RunRecord((number, lane), TrainingConfig(), epochs, metrics, (0.4, 5.0), 60, number, ONE_ROW)


def keys(runs: RunList) -> list[tuple[int, int]]:
    return [record.key for record in runs.shown]


def test_a_run_that_goes_on_takes_its_own_place() -> None:
    runs = RunList().with_records([record(1)]).with_records([record(2), record(2, 1)]).with_records([record(1, 0, 9)])

    assert keys(runs) == [(1, 0), (2, 0), (2, 1)]
    assert (runs.records[0].epochs, runs.following) == (9, 3)


def test_a_run_that_is_deleted_comes_back_with_the_notes_of_before() -> None:
    runs = RunList().with_records([record(1), record(1, 1)])
    before = runs.notes
    without = runs.with_notes(before.without([(1, 1)]))

    assert keys(without) == [(1, 0)]
    assert keys(without.with_records([record(2)]).with_notes(before)) == [(1, 0), (1, 1), (2, 0)]


def test_notes_are_equal_by_what_they_say() -> None:
    named = RunNotes().named((1, 0), "wide").with_marks([(2, 0)], is_marked=True)

    assert named != RunNotes()
    assert named.named((1, 0), "").with_marks([(2, 0)], is_marked=False) == RunNotes()


def test_beyond_what_is_kept_the_oldest_go_that_nobody_marked_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_list, "MAX_RUNS", 3)
    runs = RunList().with_records([record(1)]).with_records([record(2)]).with_records([record(3)])
    runs = runs.with_notes(RunNotes().named((1, 0), "first").with_marks([(3, 0)], is_marked=True))

    assert keys(runs.with_records([record(4)])) == [(1, 0), (3, 0), (4, 0)]


def test_of_two_lists_what_is_in_both_is_there_once_and_nothing_is_lost() -> None:
    mine = RunList().with_records([record(1)]).with_records([record(2)])
    other = RunList((record(1), replace(record(7), key=(2, 0))), RunNotes({(1, 0): "old"}, frozenset({(2, 0)})), 3, 2)
    joined = mine.joined(other)

    assert keys(joined) == [(1, 0), (2, 0), (3, 0)]
    assert [found.data for found in joined.shown] == [1, 2, 7]
    assert joined.notes == RunNotes({(1, 0): "old"}, frozenset({(3, 0)}))
    assert (joined.current, joined.following) == (3, 4)
    assert joined.joined(other).records == joined.records


def test_records_without_a_lowest_loss_are_known_again() -> None:
    unknown = replace(record(1), lowest=(math.nan, math.nan))
    again = replace(record(1), lowest=(float("nan"), float("nan")))

    assert len(RunList().with_records([unknown]).joined(RunList((again,))).records) == 1
