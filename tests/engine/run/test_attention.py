"""What is asked for of a lane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.verdict import GRADIENT
from engine.run.attention import Attention, Question
from engine.run.snapshot import MISCLASSIFIED
from tests.engine.run.test_lane import VIEW

QUESTION = Question(MISCLASSIFIED, request=3, lane=1)


def test_what_is_wanted_is_wanted_of_every_lane_and_nothing_else_is() -> None:
    attention = Attention(wanted=frozenset({DIAGNOSIS}))

    assert [attention.subject(DIAGNOSIS, lane) for lane in range(4)] == [True] * 4
    assert attention.subject(GRADIENT, 0) is None


def test_a_question_is_put_to_its_own_lane_and_about_its_own_quantity() -> None:
    attention = Attention(questions=(QUESTION,))

    assert [attention.subject(MISCLASSIFIED, lane) for lane in range(3)] == [None, QUESTION, None]
    assert attention.subject(DIAGNOSIS, 1) is None


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (Attention(VIEW, pointer=(0.0, 1.0)), False),
        (Attention(replace(VIEW, left=-1.0)), True),
        (Attention(VIEW, wanted=frozenset({DIAGNOSIS})), True),
        (Attention(VIEW, questions=(QUESTION,)), True),
    ],
)
def test_a_pointer_that_moves_is_told_from_all_else(other: Attention, differs: bool) -> None:
    assert Attention(VIEW).differs_beyond_pointer(other) is differs
