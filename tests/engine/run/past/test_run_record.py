"""What is kept of a lane when its run is left."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.data.targets import Target
from engine.learning.metrics import Metrics
from engine.run.attention import Attention
from engine.run.history import Change, Measured
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.run.past.run_record import MAX_ROWS, data_number, lowest_of, record_of, thinned
from engine.run.past.thumbnail import THUMBNAIL
from engine.run.snapshot import LaneSnapshot
from tests.engine.reference import cloud


def snapshot(epochs: int = 12) -> LaneSnapshot:
    lane = Lane(cloud(60, 2), TrainingConfig(hidden_layers=(4,)))
    lane.train(epochs, epochs, lambda: False)
    return lane.snapshot(Attention(wanted=frozenset({THUMBNAIL})), Look(Resolution(1.0), lambda: 0.0, still=True))


def curve(validation: list[float]) -> np.ndarray:
    rows = np.full((len(validation), 5), 0.5)
    rows[:, 0], rows[:, 2] = np.arange(len(validation)), validation
    return rows


def test_a_record_has_what_the_snapshot_showed() -> None:
    lane, data = snapshot(), cloud(60, 2)
    record = record_of((3, 0), lane, TrainingConfig(hidden_layers=(4,)), data, ["l2"])

    assert (record.key, record.epochs, record.metrics) == ((3, 0), lane.epochs, lane.metrics)
    assert record.lowest[0] == pytest.approx(min(*lane.history[:, 2], lane.metrics.validation_loss))
    assert record.thumbnail is lane.readings.value(THUMBNAIL) is not None
    assert tuple(record.curves[-1]) == pytest.approx((lane.epochs, *lane.metrics.curve))
    assert (record.n_points, record.changes, record.is_diverged, record.has_values) == (60, ("l2",), False, False)


def test_curves_begin_where_something_else_was_measured_last() -> None:
    lane = replace(snapshot(), history=curve([0.1, 0.2, 0.9, 0.8]), epochs=4)
    before, after = (2.0, 0.5, 0.3, 0.5, 0.5), (2.0, 0.5, 0.7, 0.5, 0.5)
    changed = replace(lane, changes=(Change(2.0, (Measured.DATA,), before, after),))

    records = [record_of((1, 0), shown, TrainingConfig(), cloud(60, 2)) for shown in (lane, changed)]

    assert records[0].lowest[0] == pytest.approx(0.1)
    assert records[1].lowest[0] == pytest.approx(min(0.7, lane.metrics.validation_loss))
    assert records[1].curves[:, 0].tolist() == [2.0, 3.0, 4.0]


def test_of_long_curves_the_first_the_last_and_the_lowest_row_stay() -> None:
    rows = curve(list(1 + np.abs(np.arange(300) - 171.0)))
    thin = thinned(rows)

    assert len(thin) <= MAX_ROWS
    assert {0.0, 171.0, 299.0} <= set(thin[:, 0].tolist())
    assert np.diff(thin[:, 0])[0] < np.diff(thin[:, 0])[-1]
    assert len(thinned(curve([1.0, 2.0]))) == 2


def test_without_validation_points_there_is_no_lowest_loss() -> None:
    assert all(map(math.isnan, lowest_of(curve([math.nan, math.nan]))))


def test_points_are_known_by_a_number_that_their_split_is_part_of() -> None:
    data = cloud(60, 2)
    others = (
        cloud(61, 2),
        replace(data, serials=data.serials[::-1].copy()),
        replace(data, points=data.points + 1),
        replace(data, target=Target.VALUES),  # losses of values and of classes do not compare
    )

    assert data_number(data) == data_number(cloud(60, 2))
    assert len({data_number(data), *map(data_number, others)}) == 5


def test_a_record_of_values_says_so() -> None:
    values = replace(snapshot(), metrics=Metrics(train_loss=1.0, train_rmse=2.0))

    assert record_of((1, 0), values, TrainingConfig(), cloud(60, 2)).has_values
