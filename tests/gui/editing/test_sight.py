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


class Frames:
    """A sight whose frames take as long as a test says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.commands: list[Command] = []
        self.sight = Sight(self.commands.append, clock=lambda: self.now)

    def show(self, count: int, seconds: float, *, is_running: bool = True) -> list[float]:
        """Show snapshots, each painted in two pieces; what was told meanwhile."""
        self.commands.clear()
        for _ in range(count):
            self.sight.begin_frame(is_running=is_running)
            for _ in range(2):
                with self.sight.painting():
                    self.now += seconds / 2
            self.now += 0.03
        return [command.attention.frame_seconds for command in self.commands if isinstance(command, Attend)]


def test_what_frames_take_is_told_seldom_and_only_if_it_has_changed(qtbot: QtBot) -> None:
    frames = Frames()
    assert frames.show(100, 0.010) == [pytest.approx(0.010)]
    assert frames.show(100, 0.011) == []
    grown = frames.show(100, 0.040)
    assert 1 <= len(grown) <= 7 * 100 * 0.07  # half a second apart
    assert frames.sight.attention.frame_seconds == pytest.approx(0.040, rel=0.15)
    frames.show(100, 0.010)
    assert frames.sight.attention.frame_seconds == pytest.approx(0.010, rel=0.16)


def test_what_is_painted_at_rest_is_not_counted(qtbot: QtBot) -> None:
    frames = Frames()
    frames.show(100, 0.010)
    assert frames.show(100, 0.2, is_running=False) == []
    assert frames.show(100, 0.010) == []


def test_a_dialog_that_was_open_is_no_frame(qtbot: QtBot) -> None:
    frames = Frames()
    frames.show(100, 0.010)
    frames.show(1, 60.0)
    frames.show(100, 0.010)

    assert frames.sight.attention.frame_seconds < 0.05


def test_no_frame_is_held_up_by_what_a_stroke_under_way_paints(qtbot: QtBot) -> None:
    frames = Frames()
    frames.show(100, 0.010)
    frames.commands.clear()

    frames.sight.use_hand(is_drawing=True)
    assert frames.sight.attention.frame_seconds == 0.0
    assert frames.show(100, 0.040) == []

    frames.sight.use_hand(is_drawing=False)
    assert frames.sight.attention.frame_seconds == pytest.approx(0.010)
