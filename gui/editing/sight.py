"""The attention of the window, told to the worker whenever it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot

from engine.insight.field import View
from engine.insight.quantity import Quantity
from engine.run.attention import Attention, Question
from engine.run.commands import Attend, Command


class Sight(QObject):
    """Owns the attention.

    Args:
        send: takes the command.
    """

    def __init__(self, send: Callable[[Command], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._wanted: dict[str, frozenset[Quantity[Any]]] = {}  # by each of those who look
        self._n_requests = 0
        self.attention = Attention()

    @Slot(View)
    def use_view(self, view: View) -> None:
        """Have the field of this part of the plane computed."""
        self._use(replace(self.attention, view=view))

    @Slot(tuple)
    def use_pointer(self, place: tuple[float, float] | None) -> None:
        """Have the class probabilities of this place computed; None: of none."""
        self._use(replace(self.attention, pointer=place))

    def want(self, who: str, quantities: Iterable[Quantity[Any]]) -> None:
        """Have these measured for as long as somebody, who has a name, shows them."""
        self._wanted[who] = frozenset(quantities)
        self._use(replace(self.attention, wanted=frozenset().union(*self._wanted.values())))

    def ask(self, quantity: Quantity[Any], lane: int = 0) -> Question:
        """Have this measured once more; the answer has the question that is returned."""
        self._n_requests += 1
        question = Question(quantity, self._n_requests, lane)
        self._use(replace(self.attention, questions=(*self._others(quantity), question)))
        return question

    def withdraw(self, question: Question) -> None:
        """Have a question that was answered forgotten."""
        if question in self.attention.questions:
            self._use(replace(self.attention, questions=self._others(question.quantity)))

    def _others(self, quantity: Quantity[Any]) -> tuple[Question, ...]:
        return tuple(question for question in self.attention.questions if question.quantity != quantity)

    def _use(self, attention: Attention) -> None:
        if attention != self.attention:
            self.attention = attention
            self._send(Attend(attention))
