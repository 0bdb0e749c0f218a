"""Trained networks in documents: they come back to the bit, or are refused with a sentence and nothing else happens."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment, ExperimentError, load, load_whole, save
from engine.mlp.pieces import nobody
from engine.run import lane_file
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.lane_file import WeightsError, check, memory_from, sizes_of, weights_as_json
from engine.run.lane_state import LaneState, RunMemory, fitting_into
from engine.run.pace import ALONE, Resolution
from engine.studies.presets import fit_values_lab
from engine.training import Trainer
from tests.engine.machines.test_machines import random_config, random_dataset
from tests.engine.reference import cloud

DATASET = cloud(90, 3)
CONFIG = TrainingConfig(hidden_layers=(6, 5), dropout=0.2, batch_norm=True, batch_size=16, activation=Activation.TANH)
EXPERIMENT = Experiment(DATASET, (CONFIG, replace(CONFIG, optimizer=Optimizer.SGD, output=Output.SOFTMAX)))


def train(lane: Lane, steps: int) -> None:
    lane.record()
    while lane.trainer.steps_done < steps:
        epochs = lane.trainer.epochs_done
        lane.trainer.steps(1)
        if lane.trainer.epochs_done > epochs:
            lane.record()


def trained(steps: int = 34, experiment: Experiment = EXPERIMENT) -> RunMemory:
    """Lanes in the middle of an epoch, whose data were others once."""
    states = []
    for config in experiment.lanes:
        lane = Lane(cloud(80, 3), config)
        train(lane, 12)
        lane.use(experiment.dataset, config)
        train(lane, steps)
        lane.snapshot(Attention(), Look(Resolution(1.0), time.perf_counter, still=True))
        states.append(lane.state(2.5))
    return tuple(states)


def saved(tmp_path: Path, memory: RunMemory, experiment: Experiment = EXPERIMENT) -> Path:
    path = tmp_path / "lesson.marz.json"
    save(path, experiment, weights_as_json(memory))
    return path


def opened(path: Path) -> tuple[Experiment, RunMemory]:
    experiment, weights, _ = load_whole(path)
    return experiment, memory_from(weights, experiment)


def test_a_trained_network_comes_back_to_the_bit_and_goes_on_so(tmp_path: Path) -> None:
    memory = trained()
    path = saved(tmp_path, memory)
    assert path.stat().st_size < 42_000
    experiment, found = opened(path)
    assert experiment == EXPERIMENT
    for config, before, after in zip(experiment.lanes, memory, found, strict=True):
        lanes = [Lane(state.dataset, config, ALONE, nobody, 0, None, state) for state in (before, after)]
        for lane in lanes:
            assert lane.trainer.steps_of_epoch == 2
            train(lane, 50)
        first, second = (lane.state() for lane in lanes)
        arrays = zip(first.network.arrays(), second.network.arrays(), strict=True)
        assert all(mine.tobytes() == other.tobytes() for mine, other in arrays)
        assert first.past.table.tobytes() == second.past.table.tobytes()
        assert first.past.changes == second.past.changes != ()
        assert str(first.timelines) == str(second.timelines)
        assert (after.seconds, after.n_offered) == (2.5, before.n_offered)


def test_the_best_network_comes_back_too_with_the_settings_of_then(tmp_path: Path) -> None:
    lane = Lane(DATASET, CONFIG)
    train(lane, 60)
    now = replace(CONFIG, learning_rate=0.5, optimizer=Optimizer.RMSPROP, threshold=0.3, patience=7)
    lane.use(DATASET, now)
    lane.wake()
    before, experiment = lane.state(), Experiment(DATASET, (now,))
    path = saved(tmp_path, (before,), experiment)
    (after,) = opened(path)[1]
    assert before.best is not None
    assert after.best is not None
    assert (after.best.config, str(after.best.metrics)) == (CONFIG, str(before.best.metrics))
    arrays = zip(before.best.network.arrays(), after.best.network.arrays(), strict=True)
    assert all(mine.tobytes() == other.tobytes() for mine, other in arrays)
    assert (after.is_resting, after.waits_from) == (before.is_resting, before.waits_from)
    check((after,), experiment)
    check((after.at_best(),), Experiment(DATASET, (CONFIG,)))
    assert opened(saved(tmp_path, (replace(before, is_resting=True),), experiment))[1][0].is_resting

    table = json.loads(path.read_text())["weights"][0]
    for change in BEST_CHANGES:
        damaged = json.loads(json.dumps(table))
        change(damaged["best"])
        with pytest.raises(WeightsError):
            memory_from([damaged], experiment)
    with pytest.raises(WeightsError, match="best"):
        memory_from([table | {"best": []}], experiment)
    assert memory_from([{name: value for name, value in table.items() if name != "best"}], experiment)[0].best is None


def test_a_run_on_values_comes_back_though_it_was_worse_than_their_mean_at_first() -> None:
    values = fit_values_lab()
    experiment = Experiment(values.dataset, values.lanes[1:2])
    lane = Lane(experiment.dataset, experiment.lanes[0])
    train(lane, 3)
    assert lane.history_table()[0, 3] < 0, "R²"
    (back,) = memory_from(json.loads(json.dumps(weights_as_json((lane.state(),)))), experiment)
    assert np.array_equal(back.past.table, lane.history_table())


def test_a_diverged_run_comes_back_as_one(tmp_path: Path) -> None:
    config = TrainingConfig(
        hidden_layers=(8, 8), activation=Activation.RELU, optimizer=Optimizer.SGD, learning_rate=1e5
    )
    experiment = Experiment(DATASET, (config,))
    lane = Lane(DATASET, config)
    lane.record()
    while lane.trainer.divergence is None:
        lane.trainer.steps(1)
    (found,) = opened(saved(tmp_path, (lane.state(),), experiment))[1]
    assert found.network.divergence == lane.trainer.divergence


def test_the_sizes_are_those_of_a_trainer_whatever_is_chosen() -> None:
    generator = np.random.default_rng(4)
    for _ in range(60):
        dataset, config = random_dataset(generator), random_config(generator)
        state = Trainer(dataset, config).state()
        sizes = sizes_of(config, dataset)
        assert {name: getattr(state, name).size for name in sizes} == sizes, config


def test_a_file_without_weights_is_one_that_older_versions_read(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    for weights, number in ((None, 1), ([], 1), (weights_as_json(fitting_into(trained(), 0)), 2)):
        save(path, EXPERIMENT, weights)
        assert json.loads(path.read_text())["format"] == number
        assert load(path) == EXPERIMENT
    save(path, EXPERIMENT, weights_as_json(trained()))  # an older version would lose the best networks
    assert json.loads(path.read_text())["format"] == 4
    path.write_text(path.read_text().replace('"format":4', '"format":5'))
    with pytest.raises(ExperimentError, match="saved by a newer version"):
        load(path)


def test_a_run_without_a_step_has_nothing_to_keep() -> None:
    lane = Lane(DATASET, CONFIG)
    lane.record()
    experiment = Experiment(DATASET, (CONFIG,))
    assert memory_from(weights_as_json((lane.state(),)), experiment) == ()
    assert memory_from(None, experiment) == ()


def encoded(values: Any, kind: str = "<f4") -> str:
    return base64.b64encode(np.asarray(values, dtype=kind).tobytes()).decode()


def with_number(name: str, value: float, kind: str = "<f4") -> Callable[[dict[str, Any]], object]:
    """Puts a number in the place of the last one of an array."""

    def change(table: dict[str, Any]) -> None:
        values = np.frombuffer(base64.b64decode(table[name]), kind).copy()
        values[-1] = value
        table[name] = encoded(values, kind)

    return change


BEST_CHANGES: list[Callable[[dict[str, Any]], object]] = [
    with_number("parameters", np.nan),
    lambda table: table.update(metrics=encoded([0.5] * 7, "<f8")),
    lambda table: table.update(metrics=encoded([np.nan] * 8, "<f8")),
    lambda table: table.update(metrics=encoded([0.5] * 2 + [1e308] * 6, "<f8")),
    lambda table: table.update(epochs=10**6),
    lambda table: table.update(steps_of_epoch=1),
    lambda table: table.update(settings={"hidden_layers": [3]}),
    lambda table: table.update(settings={"output": "sigmoid"}),
    lambda table: table.update(settings={"learning_rate": -1}),
    lambda table: table.update(settings={"colour": 1}),
    lambda table: table.update(settings=[]),
    lambda table: table.update(divergence=[1, "value", 0, None]),
    lambda table: table.pop("parameters"),
]
CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "nan": with_number("parameters", np.nan),
    "infinite": with_number("gradients", np.inf),
    "negative square": with_number("squares", -1.0),
    "negative variance": with_number("variance", -1.0),
    "power": with_number("powers", 1.5, "<f8"),
    "deviation": with_number("standardization", 0.0, "<f8"),
    "accuracy": with_number("history", -0.5, "<f8"),
    "more than all": with_number("history", 1e308, "<f8"),
    "gradient": with_number("gradient_norms", -0.5, "<f8"),
    "too few": lambda table: table.update(parameters=encoded(np.zeros(5))),
    "too many": lambda table: table.update(parameters="A" * 10_000_000),
    "no base64": lambda table: table.update(mean="$" * len(table["mean"])),
    "no text": lambda table: table.update(mean=[0.0] * 11),
    "letters of others": lambda table: table.update(mean="é" * len(table["mean"])),
    "half a row": lambda table: table.update(history=encoded([0.0, 1.0], "<f8")),
    "rows back": lambda table: table.update(history=encoded([[3, 0, 0, 0, 0], [1, 0, 0, 0, 0]], "<f8")),
    "rows at infinity": lambda table: table.update(history=encoded([[np.inf, 0, 0, 0, 0]], "<f8")),
    "rows to come": lambda table: table.update(history=encoded([[1e9, 0, 0, 0, 0]], "<f8")),
    "changes": lambda table: table.update(changes=encoded([[1.0, 99.0, *[0.0] * 10]], "<f8")),
    "changes to come": lambda table: table.update(changes=encoded([[1.0, 1.0, 1e300, *[0.0] * 9]], "<f8")),
    "no epochs": lambda table: table.pop("epochs"),
    "negative": lambda table: table.update(steps=-1),
    "true": lambda table: table.update(steps=True),
    "huge": lambda table: table.update(steps=10**400),
    "beyond the epoch": lambda table: table.update(steps_of_epoch=500),
    "stride": lambda table: table.update(stride=3),
    "no stride": lambda table: table.update(stride=0),
    "offered": lambda table: table.update(offered=10**6),
    "seconds": lambda table: table.update(seconds=-1.0),
    "rate": lambda table: table.update(learning_rate="fast"),
    "divergence": lambda table: table.update(divergence=[1, "value", 77, None]),
    "cause": lambda table: table.update(divergence=[1, "because", 1, None]),
    "generator": lambda table: table.update(generator="A" * 40_000),
}


@pytest.fixture(scope="module")
def good() -> tuple[Experiment, list[dict[str, Any]]]:
    experiment = Experiment(DATASET, (CONFIG,))
    return experiment, weights_as_json(trained(experiment=experiment))


@pytest.mark.parametrize("name", CHANGES)
def test_weights_that_cannot_be_are_refused_with_a_sentence(
    good: tuple[Experiment, list[dict[str, Any]]], name: str
) -> None:
    experiment, weights = good
    table = dict(weights[0])
    assert memory_from([table], experiment)
    CHANGES[name](table)
    with pytest.raises(WeightsError) as refusal:
        memory_from([table], experiment)
    assert 10 < len(str(refusal.value)) < 300
    for odd in (table["parameters"], 5, [5], [[table]], {"a": 1}, weights * 2):
        with pytest.raises(WeightsError):
            memory_from(odd, experiment)


def test_of_damaged_files_the_experiment_opens_and_no_error_but_a_sentence_comes(
    good: tuple[Experiment, list[dict[str, Any]]],
) -> None:
    experiment, weights = good
    chance, text, n_taken, longest = random.Random(7), json.dumps(weights), 0, 0
    for _ in range(1500):
        place = chance.randrange(len(text))
        piece = chance.choice(["0", "-1", "null", "A", "=", "[]", "1e400", "", "true", '"', "9" * 30])
        damaged = text[:place] + piece + text[place + chance.randrange(4) :]
        try:
            table = json.loads(damaged)
        except ValueError:
            continue
        try:
            memory = memory_from(table, experiment)
        except InputError as error:
            longest = max(longest, len(str(error)))
        else:
            n_taken += 1
            check(memory, experiment)
    assert longest < 300
    assert n_taken > 100, "a weight is another, and nobody can know that"


def test_what_is_too_large_or_of_other_points_is_not_kept(
    good: tuple[Experiment, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, weights = good
    memory = memory_from(weights, experiment)
    check(memory, experiment)
    other = experiment.with_dataset(cloud(91, 3))
    with pytest.raises(WeightsError, match="other points or settings"):
        check(memory, other)
    monkeypatch.setattr(lane_file, "MAX_BYTES", 1000)
    with pytest.raises(WeightsError, match="at most 0 MB are kept"):
        check(memory, experiment)
    assert isinstance(memory[0], LaneState)
