"""What the window looks at is told when it changes, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.field import View
from engine.insight.verdict import GRADIENT
from engine.run.attention import Attention
from engine.run.commands import Attend, Command
from engine.run.snapshot import COSTS, MISCLASSIFIED
from gui.editing.sight import Sight

VIEW = View(-1.0, 1.0, -1.0, 1.0, 300, 200, ((255, 0, 0), (0, 0, 255)), (255, 255, 255))


class Told:
    """What a sight has sent."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.sight = Sight(self.commands.append)

    @property
    def attentions(self) -> list[Attention]:
        return [command.attention for command in self.commands if isinstance(command, Attend)]


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told()


def test_view_and_pointer_are_told_together_and_the_same_is_not_told_twice(told: Told) -> None:
    told.sight.use_view(VIEW)
    told.sight.use_pointer((0.5, 0.25))
    told.sight.use_pointer((0.5, 0.25))
    told.sight.use_view(replace(VIEW))
    told.sight.use_pointer(None)

    assert told.attentions == [Attention(VIEW), Attention(VIEW, (0.5, 0.25)), Attention(VIEW)]


def test_a_quantity_is_wanted_as_long_as_anybody_shows_it(told: Told) -> None:
    told.sight.want("one", [GRADIENT, DIAGNOSIS])
    told.sight.want("other", [DIAGNOSIS])
    told.sight.want("one", [])
    told.sight.want("other", [])

    assert [set(attention.wanted) for attention in told.attentions] == [{GRADIENT, DIAGNOSIS}, {DIAGNOSIS}, set()]


def test_every_question_has_a_number_of_its_own_and_the_last_about_a_thing_counts(told: Told) -> None:
    first = told.sight.ask(MISCLASSIFIED, lane=2)
    costs = told.sight.ask(COSTS)
    second = told.sight.ask(MISCLASSIFIED, lane=2)

    assert len({first.request, costs.request, second.request}) == 3
    assert [set(attention.questions) for attention in told.attentions] == [{first}, {first, costs}, {costs, second}]


def test_a_question_that_was_asked_again_is_not_withdrawn_with_the_first(told: Told) -> None:
    first = told.sight.ask(MISCLASSIFIED)
    second = told.sight.ask(MISCLASSIFIED)
    told.sight.withdraw(first)
    told.sight.withdraw(second)

    assert [attention.questions for attention in told.attentions] == [(first,), (second,), ()]
