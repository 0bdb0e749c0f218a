"""The runs of a document as they stand in its file, checked one by one: a damaged one costs no other. No torch."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import SETTINGS, TrainingConfig
from engine.data.names import seen
from engine.dataset import MAX_POINTS
from engine.files.json_fields import plain
from engine.learning.metrics import Metrics
from engine.messages import Message, counted, message
from engine.run.past.run_list import MAX_RUNS, NO_RUNS, RunList, RunNotes
from engine.run.past.run_record import DATA, MAX_ROWS, Key, RunRecord
from engine.run.past.thumbnail import unpacked

MAX_COUNT = 2**53
MAX_NAME_LENGTH = 60
MAX_LANES = 4
DIGITS = 6
N_COLUMNS = 5  # of curves
N_METRICS = len(fields(Metrics))
USUAL = {name: getattr(TrainingConfig(), name) for name in SETTINGS}
DAMAGED = message("The runs in it are damaged and left out.")


def runs_as_json(runs: RunList) -> dict[str, Any] | None:
    """Runs as what JSON can hold, without those that are deleted; None if there are none.

    Settings stand there as far as they are not as usual, and the usual ones once, since those of a later version may be
    others.
    """
    notes = runs.notes
    records = [_record_as_json(record, notes) for record in runs.shown]
    if not records:
        return None
    table: dict[str, Any] = {"usual": USUAL, "following": runs.following, "records": records}
    return table if runs.current is None else table | {"current": runs.current}


def runs_from(content: object) -> tuple[RunList, Message | None]:
    """The runs that `runs_as_json` described, and what there is to tell of those that cannot be read."""
    if content is None:
        return NO_RUNS, None
    records = plain(content.get("records")) if isinstance(content, dict) else None
    usual = content.get("usual") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(records, list) or not isinstance(usual, dict):
        return NO_RUNS, DAMAGED
    found, names, marked = dict[Key, RunRecord](), dict[Key, str](), set[Key]()
    configs = dict[str, TrainingConfig]()  # checking them takes longest, and many are alike
    for table in records[:MAX_RUNS]:
        try:
            record = _record(table, usual, configs)
        except (TypeError, ValueError, KeyError, OverflowError):  # an InputError is a ValueError
            continue
        if record.key in found:
            continue
        found[record.key] = record
        name = table.get("name")
        if isinstance(name, str) and (shown := run_name(name)):
            names[record.key] = shown
        if table.get("marked") is True:
            marked.add(record.key)
    following, current = content.get("following"), content.get("current")
    least = max((number + 1 for number, _ in found), default=1)
    runs = RunList(
        tuple(found[key] for key in sorted(found)),
        RunNotes(names, frozenset(marked)),
        max(least, following) if type(following) is int and following <= MAX_COUNT else least,
        current if type(current) is int and 0 < current < least else None,
    )
    n_lost = len(records) - len(found)
    if not n_lost:
        return runs, None
    return runs, counted(
        "1 run in it cannot be read and is left out.",
        "{n:,} of the runs in it cannot be read and are left out.",
        n_lost,
    )


def run_name(text: str) -> str:
    """The part of a text that can be the name of a run; it may be empty."""
    return seen(seen(text)[:MAX_NAME_LENGTH])  # once more, for what the cut has parted


# writing


def _record_as_json(record: RunRecord, notes: RunNotes) -> dict[str, Any]:
    number, lane = record.key
    config = {name: value for name in SETTINGS if (value := getattr(record.config, name)) != USUAL[name]}
    table: dict[str, Any] = {
        "run": [number, lane, record.epochs, record.n_points, record.data],
        "config": config,
        "numbers": [*map(_number, astuple(record.metrics)), *map(_number, record.lowest)],
        "curves": base64.b64encode(record.curves.astype("<f4").tobytes()).decode("ascii"),
    }
    if record.thumbnail is not None:
        table["picture"] = base64.b64encode(record.thumbnail.packed()).decode("ascii")
    if record.changes:
        table["changes"] = list(record.changes)
    if record.is_diverged:
        table["diverged"] = True
    if record.key in notes.names:
        table["name"] = notes.names[record.key]
    if record.key in notes.marked:
        table["marked"] = True
    return table


def _number(value: float) -> float | None:
    """A number with so many digits as anybody reads; what is not finite is nothing."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


# reading


def _record(table: Any, usual: Mapping[str, Any], configs: dict[str, TrainingConfig]) -> RunRecord:
    """A record; raises whatever is wrong with it."""
    number, lane, epochs, n_points, data = (_count(value) for value in plain(table["run"]))
    numbers = [math.nan if value is None else _finite(value) for value in plain(table["numbers"])]
    told = repr(table["config"])
    if told not in configs:
        configs[told] = TrainingConfig(**{name: plain(value) for name, value in (usual | table["config"]).items()})
    changes = plain(table.get("changes", []))
    if len(numbers) != N_METRICS + 2 or number < 1 or lane >= MAX_LANES or n_points > MAX_POINTS:
        raise ValueError("a record has a number that is out of its range.")
    metrics, lowest = Metrics(*numbers[:N_METRICS]), (numbers[N_METRICS], numbers[N_METRICS + 1])
    accuracies = metrics.train_accuracy, metrics.validation_accuracy
    if any(share < 0 or share > 1 for share in accuracies) or lowest[1] < 0 or lowest[1] > MAX_COUNT:
        raise ValueError("a record has a number that is out of its range.")
    if not isinstance(changes, list) or not all(name in SETTINGS or name == DATA for name in changes):
        raise ValueError("a record has a change of something that is not known.")
    picture = table.get("picture")
    return RunRecord(
        (number, lane),
        configs[told],
        epochs,
        metrics,
        lowest,
        n_points,
        data,
        _curves(table["curves"]),
        tuple(dict.fromkeys(changes)),
        None if picture is None else unpacked(base64.b64decode(picture, validate=True)),
        table.get("diverged") is True,
    )


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise ValueError("a record has a number that is out of its range.")
    return value


def _finite(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise ValueError("a record has something that is no number.")
    return float(value)  # type: ignore[arg-type]


def _curves(text: object) -> NDArray[np.float32]:
    size = 4 * N_COLUMNS
    if not isinstance(text, str) or len(text) > 4 * (MAX_ROWS + 1) * size:
        raise ValueError("a record has curves of another size.")
    content = base64.b64decode(text, validate=True)
    if not content or len(content) % size:
        raise ValueError("a record has curves of another size.")
    rows = np.frombuffer(content, "<f4").reshape(-1, N_COLUMNS).astype(np.float32)
    epochs = rows[:, 0]
    if not (np.isfinite(epochs).all() and (np.diff(epochs) >= 0).all() and epochs[0] >= 0):
        raise ValueError("a record has curves whose epochs do not grow.")
    return rows
