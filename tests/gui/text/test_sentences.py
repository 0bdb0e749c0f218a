from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest

from engine.config import (
    Activation,
    Initialization,
    TrainingConfig,
)
from engine.experiment import Obstacle
from engine.insight.verdict import Cause, Divergence
from engine.run.snapshot import RunState
from engine.training import Trainer
from gui.text import sentences
from gui.text.sentences import outside_note, state_sentence, what_helps
from tests.engine.reference import cloud
from tests.gui.snapshots import make_lane, make_snapshot

TABLES: list[tuple[Mapping[Any, str], type[StrEnum]]] = [
    (sentences.STATES, RunState),
    (sentences.OBSTACLES, Obstacle),
]


def test_every_state_and_obstacle_has_words_of_its_own() -> None:
    for table, members in TABLES:
        assert set(table) == set(members), members
        assert len(set(table.values())) == len(table)
        assert all(text == text.strip() and text for text in table.values())


def test_every_state_has_a_sentence_with_a_way_out_of_trouble() -> None:
    sentences = {state: state_sentence(make_snapshot(state)) for state in RunState}
    assert len(set(sentences.values())) == len(RunState)
    assert "Reset" in sentences[RunState.DIVERGED]
    assert "Reset" in sentences[RunState.FAILED]
    assert "pip install" in sentences[RunState.UNAVAILABLE]
    for obstacle in Obstacle:
        assert re.search("draw|choose", state_sentence(make_snapshot(RunState.BLOCKED, obstacle=obstacle)))


@pytest.mark.parametrize(
    ("divergence", "sentence"),
    [
        (Divergence(212, Cause.VALUE, 4, 3.0), "step 212: first non-finite value in layer 5, last learning rate 3."),
        (Divergence(12345, Cause.VALUE, 5, 0.5), "step 12,345: first non-finite value in the output layer, last"),
        (Divergence(7, Cause.GRADIENT, 0, 0.01), "step 7: first non-finite derivative in layer 1, last learning rate"),
        (Divergence(7, Cause.NORM, None, 1e9), "step 7: the gradient is too large for single precision, last learning"),
        (Divergence(0, Cause.VALUE, 1, math.nan), "step 0: first non-finite value in layer 2. The first weights"),
    ],
)
def test_a_diverged_run_says_where(divergence: Divergence, sentence: str) -> None:
    lane = make_lane(divergence=divergence, activations=[Activation.RELU] * 5)
    said = state_sentence(make_snapshot(RunState.DIVERGED, lane))
    assert said.startswith(f"Diverged at {sentence}")
    if math.isnan(divergence.learning_rate):  # no rate is to blame, and Reset would draw the same weights
        assert said.endswith("The first weights are too large: choose another initialization.")
    else:
        assert said.endswith("Press Reset and try a smaller learning rate.")


@pytest.mark.parametrize("rate", [1e-8, 0.1])
def test_weights_that_are_too_large_diverge_at_any_rate_and_others_do_not(rate: float) -> None:
    config = TrainingConfig(
        hidden_layers=(16,) * 40, initialization=Initialization.NORMAL, initialization_sigma=10.0, learning_rate=rate,
        activation=Activation.RELU,
    )  # fmt: skip
    wild, tame = (Trainer(cloud(60, 2), made) for made in (config, replace(config, initialization=Initialization.AUTO)))
    for trainer in (wild, tame):
        trainer.step()

    assert tame.divergence is None
    assert wild.divergence is not None
    assert wild.steps_done <= 1
    assert what_helps(wild.divergence) == "The first weights are too large: choose another initialization."


def test_of_several_lanes_the_one_that_diverged_is_named() -> None:
    wild = make_lane(divergence=Divergence(3, Cause.VALUE, 0, 3.0), activations=[Activation.RELU])
    said = state_sentence(replace(make_snapshot(RunState.DIVERGED), lanes=(make_lane(), wild)))
    assert said.startswith("Lane 2: Diverged at step 3")
    assert "All lanes stop with it." in said


def test_points_out_of_sight_are_counted() -> None:
    assert outside_note(1) == "1 point lies outside: Home shows all"
    assert outside_note(1500) == "1,500 points lie outside: Home shows all"
