"""The states of lanes as they stand in a document: numbers in base64, checked before they are used. No torch."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import SETTINGS, Optimizer, Output, TrainingConfig
from engine.data.features import features_of
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment
from engine.insight.quantity import NOTHING_YET, Timeline
from engine.insight.verdict import GRADIENT, Cause, Divergence
from engine.learning.metrics import Metrics
from engine.machines.state import NetworkState
from engine.run.history import CAPACITY, Change, Measured, Recorded, is_always_wanted
from engine.run.lane_state import Best, LaneState, RunMemory, fitting_into, size_of
from engine.settings import ConfigError

MAX_BYTES = 2**27
"""Of the states of a run that are saved."""

MAX_COUNT = 2**53
MAX_GENERATOR_BYTES = 2**14
N_COLUMNS = 5  # of a history: the epoch, two losses, two accuracies
N_OF_CHANGE = 2 + 2 * N_COLUMNS  # the epoch, what was changed as the bits of a number, the rows before and after
REMEMBERS_GRADIENTS = (Optimizer.MOMENTUM, Optimizer.NESTEROV, Optimizer.ADAM, Optimizer.ADAMW)
REMEMBERS_SQUARES = (Optimizer.RMSPROP, Optimizer.ADAM, Optimizer.ADAMW)
Numbers = NDArray[Any]


class WeightsError(InputError):
    """Weights that are not used; the message says why."""


def weights_as_json(memory: RunMemory) -> list[dict[str, Any]]:
    """The states of the lanes of a run as what JSON can hold; `memory_from` gives them back, bit for bit.

    But for the best networks, if with them they are too large.
    """
    return [_lane_as_json(lane) for lane in fitting_into(memory, MAX_BYTES)]


def memory_from(weights: object, experiment: Experiment) -> RunMemory:
    """The states that `weights_as_json` described, of the lanes of an experiment; none if there are none yet.

    Raises:
        WeightsError: something is missing, does not fit the networks or is out of its range.
    """
    if weights is None or weights == []:
        return ()
    lanes = experiment.lanes
    if not isinstance(weights, list) or len(weights) != len(lanes):
        raise WeightsError("there must be those of each lane.")
    memory = tuple(_Table(table).lane(experiment.dataset, config) for table, config in zip(weights, lanes, strict=True))
    check(memory, experiment)
    return memory if any(lane.network.steps for lane in memory) else ()


def check(memory: RunMemory, experiment: Experiment) -> None:
    """Raise a WeightsError unless the networks of an experiment can go on from these states."""
    if [(lane.dataset, lane.config) for lane in memory] != [
        (experiment.dataset, config) for config in experiment.lanes
    ]:
        raise WeightsError("they are of other points or settings.")
    size = size_of(fitting_into(memory, 0))
    if size > MAX_BYTES:
        raise WeightsError(
            "they take {size:,.0f} MB; at most {most} MB are kept.", size=size / 2**20, most=MAX_BYTES >> 20
        )
    for lane in memory:
        _check_network(lane.network, lane.config, lane.dataset)
        _check_past(lane)
        if lane.best is not None:
            _check_best(lane.best, lane)


def widths_of(config: TrainingConfig, dataset: Dataset) -> tuple[int, ...]:
    """The inputs of a network of these settings on these points, the units of each of its layers."""
    is_single = dataset.has_values or config.resolved_output(dataset.n_classes) is Output.SIGMOID
    n_features = features_of(config, dataset.n_inputs).n_features
    return n_features, *config.hidden_layers, 1 if is_single else dataset.n_classes


def sizes_of(config: TrainingConfig, dataset: Dataset) -> dict[str, int]:
    """The numbers that a state has of each kind, for a network of these settings on these points."""
    sizes = widths_of(config, dataset)
    n_normalised = sum(config.hidden_layers) if config.batch_norm else 0
    n_parameters = sum((before + 1) * after for before, after in pairwise(sizes)) + 2 * n_normalised
    return {
        "parameters": n_parameters,
        "gradients": n_parameters if config.optimizer in REMEMBERS_GRADIENTS else 0,
        "squares": n_parameters if config.optimizer in REMEMBERS_SQUARES else 0,
        "powers": 2,
        "mean": n_normalised,
        "variance": n_normalised,
        "standardization": 2 * dataset.n_features,
    }


def _check_network(state: NetworkState, config: TrainingConfig, dataset: Dataset) -> None:
    wanted = sizes_of(config, dataset)
    if {name: getattr(state, name).size for name in wanted} != wanted:
        raise WeightsError("they do not fit the network.")
    if not all(np.isfinite(getattr(state, name)).all() for name in wanted):
        raise WeightsError("they have a number that is not finite.")
    n_training = int((roles_of(dataset.serials, shares_of(config)) == Role.TRAINING).sum())
    per_epoch = -(-n_training // min(config.batch_size or n_training, n_training)) if n_training else 0
    powers, divergence = state.powers, state.divergence
    layers = range(len(config.hidden_layers) + 1)
    is_possible = (
        min(state.squares.min(initial=0), state.variance.min(initial=0), powers.min()) >= 0
        and powers.max() <= 1
        and state.standardization[1].min() > 0
        and 0 <= state.steps_of_epoch < per_epoch
        and len(state.generator) <= MAX_GENERATOR_BYTES
        and (divergence is None or divergence.layer is None or divergence.layer in layers)
    )
    if not is_possible:
        raise WeightsError("they have a number that is out of its range.")


def _check_past(lane: LaneState) -> None:
    past, epochs = lane.past, lane.network.epochs
    times, lines = lane.timelines.get(GRADIENT.name, NOTHING_YET)
    sides = [row for change in past.changes for row in (change.before, change.after or change.before)]
    rows = np.concatenate([past.table, np.array(sides).reshape(-1, N_COLUMNS)])
    growing = past.table[:, 0], times, np.array([change.epoch for change in past.changes])
    is_possible = (
        len(past.table) <= CAPACITY
        and len(past.changes) <= CAPACITY + 1
        and len(times) <= CAPACITY
        and past.stride > 0
        and past.stride & (past.stride - 1) == 0
        and all(_grow(values, epochs + 1) for values in growing)
        and not (past.table[:, 0] % past.stride).any()
        and ((rows[:, 0] >= 0) & (rows[:, 0] < epochs + 1)).all()
        and lane.n_offered in (epochs, epochs + 1)
        and not (rows[:, :3] < 0).any()
        and _are_scores(rows[:, 3:], lane.dataset)
        and not (lines < 0).any()
        and (len(times) == 0 or lines.shape == (len(times), len(lane.config.hidden_layers) + 1))
        and 0 <= lane.seconds < math.inf
    )
    if not is_possible:
        raise WeightsError("their curves have a number that is out of its range.")


def _check_best(best: Best, lane: LaneState) -> None:
    _check_network(best.network, best.config, lane.dataset)
    is_possible = (
        best.network.divergence is None
        and best.network.steps_of_epoch == 0
        and best.epoch <= lane.network.epochs
        and is_always_wanted(best.epoch)
        and math.isfinite(best.loss)
        and _are_scores(np.array(best.metrics.curve[2:]), lane.dataset)
    )
    if not is_possible:
        raise WeightsError("“{name}” is damaged.", name="best")


def _are_scores(values: Numbers, dataset: Dataset) -> bool:
    """True if numbers can be accuracies, or R² where values are learned, which is below 0 for what errs by much."""
    return not (values > 1).any() and (dataset.has_values or not (values < 0).any())


def _grow(values: Numbers, end: int) -> bool:
    """True if finite numbers from 0 to before an end become larger and larger."""
    if not len(values):
        return True
    return bool(np.isfinite(values).all() and (np.diff(values) > 0).all() and values[0] >= 0 and values[-1] < end)


# writing


def _lane_as_json(lane: LaneState) -> dict[str, Any]:
    (times, lines), wrong = lane.timelines.get(GRADIENT.name, NOTHING_YET), np.full(N_COLUMNS, np.nan)
    changes = [
        [change.epoch, _bits(change.what), *change.before, *(wrong if change.after is None else change.after)]
        for change in lane.past.changes
    ]
    table = {
        **_network_as_json(lane.network, lane.config),
        "offered": lane.n_offered,
        "stride": lane.past.stride,
        "seconds": lane.seconds,
        "history": _text(lane.past.table, "<f8"),
        "changes": _text(np.array(changes), "<f8"),
        "gradient_epochs": _text(times, "<f8"),
        "gradient_norms": _text(lines, "<f8"),
    }
    if lane.best is not None:
        now = asdict(lane.config)
        settings = {name: value for name, value in asdict(lane.best.config).items() if value != now[name]}
        table["best"] = {
            **_network_as_json(lane.best.network, lane.best.config),
            "settings": settings,  # that are others now
            "metrics": _text(np.array(astuple(lane.best.metrics)), "<f8"),
        }
        table |= {"rests": lane.is_resting, "waits_from": lane.waits_from}
    return table


def _network_as_json(network: NetworkState, config: TrainingConfig) -> dict[str, Any]:
    divergence = network.divergence
    table: dict[str, Any] = {
        **{name: getattr(network, name) for name in ("epochs", "steps", "steps_of_epoch")},
        "learning_rate": _or_none(network.learning_rate),
        "divergence": None,
    }
    if divergence is not None:
        rate = _or_none(divergence.learning_rate)
        table["divergence"] = [divergence.step, divergence.cause.value, divergence.layer, rate]
    for name in ("parameters", "gradients", "squares", "mean", "variance"):
        table[name] = _text(getattr(network, name), "<f4")
    for name in ("powers", "standardization"):
        table[name] = _text(getattr(network, name), "<f8")
    table["generator"] = _text(network.generator, "u1") if config.dropout else ""
    return table


def _text(values: Numbers, kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode("ascii")


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _bits(what: Sequence[Measured]) -> int:
    return sum(1 << number for number, kind in enumerate(Measured) if kind in what)


# reading


class _Table:
    """Reads the state of a lane from a table of names and values."""

    def __init__(self, table: object) -> None:
        if not isinstance(table, dict):
            raise WeightsError("those of a lane are no table of names and values.")
        self._table = table

    def lane(self, dataset: Dataset, config: TrainingConfig) -> LaneState:
        """The state of a lane on these points, with these settings."""
        best = self._best(dataset, config)
        return LaneState(
            dataset,
            config,
            self._network(dataset, config),
            Recorded(self._rows("history", N_COLUMNS), self._changes(), self._count("stride")),
            {GRADIENT.name: self._timeline(len(config.hidden_layers) + 1)},
            self._count("offered"),
            seconds=self._number("seconds", 0.0),
            best=best,
            is_resting=best is not None and self._table.get("rests") is True,
            waits_from=0 if best is None else self._count("waits_from"),
        )

    def _best(self, dataset: Dataset, config: TrainingConfig) -> Best | None:
        """The best network, which earlier versions did not keep; its settings are those of now but for some."""
        table = self._table.get("best")
        if table is None:
            return None
        settings = table.get("settings") if isinstance(table, dict) else None
        if not isinstance(settings, dict) or not set(settings) <= set(SETTINGS):
            raise WeightsError("“{name}” is damaged.", name="best")
        try:
            then = replace(config, **settings)
        except ConfigError as error:
            raise WeightsError("“{name}” is damaged.", name="best") from error
        if not then.keeps_weights_of(config):
            raise WeightsError("“{name}” is damaged.", name="best")
        part = _Table(table)
        metrics = Metrics(*part._array("metrics", "<f8", len(fields(Metrics))).tolist())
        return Best(then, part._network(dataset, then), metrics)

    def _network(self, dataset: Dataset, config: TrainingConfig) -> NetworkState:
        arrays = {
            name: self._array(name, "<f8" if name in ("powers", "standardization") else "<f4", size)
            for name, size in sizes_of(config, dataset).items()
        }
        return NetworkState(
            self._count("epochs"),
            self._count("steps"),
            self._count("steps_of_epoch"),
            arrays["parameters"],
            arrays["gradients"],
            arrays["squares"],
            arrays["powers"],
            arrays["mean"],
            arrays["variance"],
            arrays["standardization"].reshape(2, -1),
            generator=self._array("generator", "u1", MAX_GENERATOR_BYTES, is_exact=False),
            learning_rate=self._number("learning_rate", math.nan),
            divergence=self._divergence(),
        )

    def _array(self, name: str, kind: str, size: int, *, is_exact: bool = True) -> Numbers:
        """An array of so many numbers, or at most so many; the length of the text is looked at first."""
        text, width = self._table.get(name), np.dtype(kind).itemsize
        if not isinstance(text, str) or len(text) > 4 * -(-size * width // 3):
            raise WeightsError("“{name}” is missing or has another size.", name=name)
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise WeightsError("“{name}” is damaged.", name=name) from error
        if len(content) % width or (is_exact and len(content) != size * width):
            raise WeightsError("“{name}” is missing or has another size.", name=name)
        return np.frombuffer(content, kind).astype(np.dtype(kind).newbyteorder("="))

    def _rows(self, name: str, n_columns: int) -> Numbers:
        values = self._array(name, "<f8", (CAPACITY + 1) * n_columns, is_exact=False)
        if len(values) % n_columns:
            raise WeightsError("“{name}” is missing or has another size.", name=name)
        rows = values.reshape(-1, n_columns)
        rows.flags.writeable = False
        return rows

    def _timeline(self, n_layers: int) -> Timeline:
        times = self._array("gradient_epochs", "<f8", CAPACITY, is_exact=False)
        return times, self._array("gradient_norms", "<f8", len(times) * n_layers).reshape(-1, n_layers)

    def _changes(self) -> tuple[Change, ...]:
        changes = []
        for epoch, bits, *rest in self._rows("changes", N_OF_CHANGE).tolist():
            if bits not in range(1, 1 << len(Measured)):
                raise WeightsError("“{name}” is damaged.", name="changes")
            what = tuple(kind for number, kind in enumerate(Measured) if int(bits) >> number & 1)
            before, after = tuple(rest[:N_COLUMNS]), tuple(rest[N_COLUMNS:])
            if not math.isfinite(before[0]):
                raise WeightsError("“{name}” is damaged.", name="changes")
            changes.append(Change(epoch, what, before, None if math.isnan(after[0]) else after))
        return tuple(changes)

    def _count(self, name: str) -> int:
        value = self._table.get(name)
        if type(value) is not int or not 0 <= value <= MAX_COUNT:
            raise WeightsError("“{name}” is missing or no number that is possible there.", name=name)
        return value

    def _number(self, name: str, usual: float) -> float:
        value = self._table.get(name)
        if value is None:
            return usual
        if type(value) not in (int, float) or not abs(value) <= MAX_COUNT:
            raise WeightsError("“{name}” is missing or no number that is possible there.", name=name)
        return float(value)

    def _divergence(self) -> Divergence | None:
        match self._table.get("divergence"):
            case None:
                return None
            case [int(step), str(cause), None | int() as layer, None | int() | float() as rate] if (
                cause in list(Cause) and 0 <= step <= MAX_COUNT and abs(rate or 0) <= MAX_COUNT
            ):
                return Divergence(
                    step, Cause(cause), None if layer is None else int(layer), math.nan if rate is None else float(rate)
                )
        raise WeightsError("“{name}” is damaged.", name="divergence")
