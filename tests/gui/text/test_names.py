from __future__ import annotations

import pytest

from engine.config import (
    MAX_DEPTH,
    Activation,
    Schedule,
    TrainingConfig,
)
from gui.text import language, names
from gui.text.language import Language
from gui.text.names import in_words, lane_titles, listed, name_of, names_of, setting


def test_every_member_of_every_enum_has_a_name_of_its_own() -> None:
    for members, table in names.NAMES.items():
        assert set(table) == set(members), members
        assert len(set(table.values())) == len(table)
        assert all(text == text.strip() and text for text in table.values())


def test_equal_lanes_are_told_apart() -> None:
    relu, tanh = TrainingConfig(activation=Activation.RELU), TrainingConfig(activation=Activation.TANH)
    assert lane_titles((relu, tanh, relu)) == ("ReLU", "Tanh", "ReLU (2)")
    assert lane_titles((tanh, relu, relu, relu)) == ("Tanh", "ReLU", "ReLU (2)", "ReLU (3)")
    assert lane_titles((relu, relu)) == ("Lane 1", "Lane 2")


def test_titles_of_lanes_are_said_in_the_language_that_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = TrainingConfig(), TrainingConfig()
    other = Language("nl", {("", "Lane {number}"): ("Baan {number}",)})
    assert lane_titles(lanes) == ("Lane 1", "Lane 2")
    monkeypatch.setattr(language, "_current", other)
    assert lane_titles(lanes) == ("Baan 1", "Baan 2")


def test_the_same_word_is_said_by_what_it_is_the_name_of(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {("function", "Step"): ("sprong",), ("schedule", "Step"): ("trap",)}
    monkeypatch.setattr(language, "_current", Language("nl", steps))
    assert [name_of(member) for member in (Activation.STEP, Schedule.STEP)] == ["sprong", "trap"]
    assert setting("schedule", Schedule.STEP) == "trap"
    assert names_of([Activation.STEP, Activation.RELU]) == {Activation.STEP: "sprong", Activation.RELU: "ReLU"}


@pytest.mark.parametrize("n", [1, 2, 3, MAX_DEPTH, 5000])
def test_a_list_has_all_in_their_order_however_long_it_is(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_words(listed(range(n))) == str(listed(range(n))) == ", ".join(map(str, range(n)))
    monkeypatch.setattr(language, "_current", Language("fr", {("", "{some}, {others}"): ("{some} ; {others}",)}))
    assert in_words(listed(range(n))) == " ; ".join(map(str, range(n)))
