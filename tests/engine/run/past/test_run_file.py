"""The runs of a document in its file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.config import MAX_DEPTH, SETTINGS, Activation, TrainingConfig
from engine.experiment import WITH_RUNS, Experiment, load_whole, save
from engine.learning.metrics import Metrics
from engine.run.past.run_file import DAMAGED, MAX_NAME_LENGTH, runs_as_json, runs_from
from engine.run.past.run_list import MAX_RUNS, RunList, RunNotes
from engine.run.past.run_record import DATA, MAX_ROWS, RunRecord
from engine.run.past.thumbnail import Thumbnail
from tests.engine.reference import cloud

CONFIGS = (
    TrainingConfig(),
    TrainingConfig(hidden_layers=(8, 8), activation=Activation.TANH, l2=0.01, seed=7),
    TrainingConfig(hidden_layers=(5, 4), layer_activations=(Activation.RELU, Activation.TANH), batch_size=16),
)


def record(number: int, rows: int = MAX_ROWS) -> RunRecord:
    random = np.random.default_rng(number)
    curves = np.abs(random.normal(size=(rows, 5))).astype(np.float32)
    curves[:, 0] = np.arange(rows) * 7
    return RunRecord(
        (number, number % 3),
        CONFIGS[number % len(CONFIGS)],
        7 * rows,
        Metrics(*random.random(4).round(5).tolist()),
        (0.125, 42.0),
        200,
        number * 12345,
        curves,
        ("data", "l2") if number % 2 else (),
        Thumbnail(np.kron(random.integers(0, 3, (6, 6)), np.ones((4, 4))).astype(np.uint8)),
        number % 5 == 0,
    )


def many(n: int) -> RunList:
    notes = RunNotes({(number, number % 3): f"run {number}" for number in range(1, n, 10)}, frozenset({(2, 2)}))
    return RunList(tuple(record(number) for number in range(1, n + 1)), notes, n + 1, n)


def through_json(runs: RunList) -> Any:
    return json.loads(json.dumps(runs_as_json(runs)))


def test_runs_come_back_as_they_were(tmp_path: Path) -> None:
    runs, path = many(6), tmp_path / "lesson.marz.json"
    save(path, Experiment(cloud(60, 2)), None, runs_as_json(runs))
    _, weights, kept = load_whole(path)
    back, note = runs_from(kept)

    assert (weights, note, json.loads(path.read_bytes())["format"]) == (None, None, WITH_RUNS)
    assert (back.notes, back.following, back.current) == (runs.notes, 7, 6)
    for mine, other in zip(runs.records, back.records, strict=True):
        assert np.array_equal(mine.curves, other.curves)
        assert mine.thumbnail is not None
        assert other.thumbnail is not None
        assert np.array_equal(mine.thumbnail.cells, other.thumbnail.cells)
        same = replace(other, curves=mine.curves, thumbnail=mine.thumbnail, metrics=mine.metrics)
        assert vars(same) == vars(mine)
        assert other.metrics.curve == pytest.approx(mine.metrics.curve)


def test_what_is_not_finite_has_no_number() -> None:
    lost = replace(record(1), metrics=Metrics(math.inf, math.nan, 0.5, math.nan), lowest=(math.nan, math.nan))
    (back,) = runs_from(through_json(RunList((lost,))))[0].records

    assert math.isnan(back.metrics.train_loss)
    assert math.isnan(back.lowest[0])
    assert back.metrics.train_accuracy == 0.5


def test_a_document_without_runs_is_of_the_format_of_before(tmp_path: Path) -> None:
    path = tmp_path / "lesson.marz.json"
    deleted = RunList((record(1),), RunNotes(deleted=frozenset({record(1).key})))
    save(path, Experiment(cloud(60, 2)), None, runs_as_json(deleted))

    assert json.loads(path.read_bytes())["format"] == 1
    assert (runs_from(load_whole(path)[2])[0].records, load_whole(path)[2]) == ((), None)


def test_a_thousand_runs_take_little_room_and_are_read_whole(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.json", tmp_path / "lesson.json"
    save(plain, Experiment(cloud(60, 2)))
    save(path, Experiment(cloud(60, 2)), None, runs_as_json(many(1000)))
    back, note = runs_from(load_whole(path)[2])

    assert path.stat().st_size - plain.stat().st_size <= 2_000_000
    assert (len(back.records), note) == (1000, None)


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda table: table.pop(name)


def with_value(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda table: table.update({name: value})


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no numbers": without("numbers"),
    "no curves": without("curves"),
    "curves of text": with_value("curves", "no base64!"),
    "short curves": with_value("curves", "AAAA"),
    "long curves": with_value("curves", "A" * 100_000),
    "a setting of a later version": with_value("config", {"warp": 9}),
    "a setting out of range": with_value("config", {"seed": -1}),
    "settings of text": with_value("config", "none"),
    "a number too few": with_value("run", [1, 0, 5, 60]),
    "a truth for a number": with_value("run", [True, 0, 5, 60, 1]),
    "a lane too many": with_value("run", [1, 4, 5, 60, 1]),
    "an accuracy of 10³⁰⁸": with_value("numbers", [0.1, 0.1, 1e308, 0.5, None, None, None, None, 0.1, 4.0]),
    "an accuracy below 0": with_value("numbers", [0.1, 0.1, 0.5, -0.5, None, None, None, None, 0.1, 4.0]),
    "an epoch of 10³⁰⁸": with_value("numbers", [0.1, 0.1, 0.5, 0.5, None, None, None, None, 0.1, 1e308]),
    "a change of nothing": with_value("changes", ["weather"]),
    "a list for a name": with_value("changes", [[]]),
    "no picture": with_value("picture", "AAAA"),
    "a picture of numbers": with_value("picture", 7),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_run_that_cannot_be_read_is_left_out_and_counted(damage: Callable[[dict[str, Any]], object]) -> None:
    table = through_json(many(3))
    damage(table["records"][1])
    back, note = runs_from(table)

    assert [found.key[0] for found in back.records] == [1, 3]
    assert str(note) == "1 run in it cannot be read and is left out."


@pytest.mark.parametrize("content", [[], "runs", {}, {"records": 7, "usual": {}}, {"records": [], "usual": []}])
def test_what_is_no_list_of_runs_is_told(content: object) -> None:
    runs, note = runs_from(content)

    assert (runs.records, note) == ((), DAMAGED)


def test_records_that_are_none_and_such_as_come_twice_are_counted() -> None:
    table = through_json(many(2))
    table["records"] += [7, None, "run", table["records"][0]]
    back, note = runs_from(table)

    assert len(back.records) == 2
    assert str(note) == "4 of the runs in it cannot be read and are left out."


def test_settings_are_those_of_the_version_that_wrote_them() -> None:
    table = through_json(RunList((record(3),)))
    table["usual"]["l2"] = 0.5

    assert runs_from(table)[0].records[0].config.l2 == 0.5


def test_a_document_with_the_most_and_the_largest_runs_can_be_saved_and_read(tmp_path: Path) -> None:
    deep = TrainingConfig(hidden_layers=(9,) * MAX_DEPTH, layer_activations=(Activation.RELU,) * MAX_DEPTH, l2=0.01)
    large = replace(record(1), config=deep, changes=(*SETTINGS, DATA))
    notes = RunNotes({large.key: '"[{,' * (MAX_NAME_LENGTH // 4)}, frozenset({large.key}))
    table = runs_as_json(RunList((large,), notes))
    assert table is not None
    table["records"] *= MAX_RUNS
    path = tmp_path / "lesson.marz.json"
    save(path, Experiment(cloud(60, 2)), None, table)
    _, _, kept = load_whole(path)
    assert isinstance(kept, dict)
    assert len(kept["records"]) == MAX_RUNS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  the\nfirst ", "the first"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner is part of a Persian word
        ("\u202eeulb\u0007\ud800", "eulb"),
        ("x" * 70, "x" * MAX_NAME_LENGTH),
        (" \u200e ", ""),
    ],
)
def test_of_a_name_that_is_kept_which_can_be_shown(text: str, name: str) -> None:
    table = through_json(many(1))
    table["records"][0]["name"] = text
    names = runs_from(table)[0].notes.names
    assert names == ({(1, 1): name} if name else {})
