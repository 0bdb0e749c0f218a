"""The attention of the window, as one immutable value; what nobody sees is not computed. No torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.insight.field import View
from engine.insight.pins import Pin
from engine.insight.quantity import Quantity


@dataclass(frozen=True)
class Question:
    """Something that is to be measured once more; the answer is of this question.

    Attributes:
        quantity: what is asked for.
        request: a number that tells it from earlier ones.
        lane: whose network is asked; 0 for the first, or where it is of the machine.
        run: the number of the run that is asked, where that need not be the current one.
    """

    quantity: Quantity[Any]
    request: int
    lane: int = 0
    run: int = 0


@dataclass(frozen=True)
class Attention:
    """The things that are looked at.

    Attributes:
        view: the part of the plane whose field is wanted, and how it is coloured; None: no field.
        pointer: the place whose class probabilities are wanted; None: nowhere.
        wanted: the quantities that some view on the screen shows.
        questions: those that are asked, at most one for each quantity; an answer stays as long as its question.
        frame_seconds: what it takes the window to show a snapshot.
        pins: the places whose arithmetic is wanted while a view shows it.
    """

    view: View | None = None
    pointer: tuple[float, float] | None = None
    wanted: frozenset[Quantity[Any]] = frozenset()
    questions: tuple[Question, ...] = ()
    frame_seconds: float = 0.0
    pins: tuple[Pin, ...] = ()

    def subject(self, quantity: Quantity[Any], lane: int) -> object | None:
        """Of what a quantity is wanted: of a question to that lane, or, True, of every lane; None: it is not."""
        for question in self.questions:
            if question.quantity == quantity and question.lane == lane:
                return question
        return True if quantity in self.wanted else None

    def sees_other_than(self, other: Attention) -> bool:
        """True if something else is to be shown; the cost of a frame is not."""
        return replace(self, frame_seconds=other.frame_seconds) != other

    def differs_beyond_pointer(self, other: Attention) -> bool:
        """True if something else than another pointer is to be shown."""
        return replace(self, pointer=other.pointer).sees_other_than(other)
