"""The attention of the window, told to the worker whenever it changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot

from engine.insight.field import View
from engine.insight.pins import Pin
from engine.insight.quantity import Quantity
from engine.run.attention import Attention, Question
from engine.run.commands import Attend, Command

FOLLOWS = 0.1  # how much one frame counts against those before it
LONGEST_FRAME = 0.25  # seconds; what takes longer is no frame, but a dialog or a window that was resized
REPORT_SECONDS, REPORT_RATIO = 0.5, 1.15  # a change that is worth telling, and how often at most


class Sight(QObject):
    """Owns the attention.

    Args:
        send: takes the command.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        send: Callable[[Command], object],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._send, self._clock = send, clock
        self._spent: float | None = None  # on the frame that is shown now; None while nothing trains
        self._frame_seconds, self._reported_at = 0.0, clock()
        self._wanted: dict[str, frozenset[Quantity[Any]]] = {}  # by each of those who look
        self._n_requests, self._is_drawing = 0, False
        self.attention = Attention()

    @Slot(View)
    def use_view(self, view: View) -> None:
        """Have the field of this part of the plane computed."""
        self._use(replace(self.attention, view=view))

    @Slot(tuple)
    def use_pointer(self, place: tuple[float, float] | None) -> None:
        """Have the class probabilities of this place computed; None: of none."""
        self._use(replace(self.attention, pointer=place))

    def use_pins(self, pins: tuple[Pin, ...]) -> None:
        """Have the arithmetic of these places known, while a view shows it."""
        self._use(replace(self.attention, pins=pins))

    def want(self, who: str, quantities: Iterable[Quantity[Any]]) -> None:
        """Have these measured for as long as somebody, who has a name, shows them."""
        self._wanted[who] = frozenset(quantities)
        self._use(replace(self.attention, wanted=frozenset().union(*self._wanted.values())))

    def ask(self, quantity: Quantity[Any], lane: int = 0, run: int = 0) -> Question:
        """Have this measured once more; the answer has the question that is returned."""
        self._n_requests += 1
        question = Question(quantity, self._n_requests, lane, run)
        self._use(replace(self.attention, questions=(*self._others(quantity), question)))
        return question

    def withdraw(self, question: Question) -> None:
        """Have a question that was answered forgotten."""
        if question in self.attention.questions:
            self._use(replace(self.attention, questions=self._others(question.quantity)))

    @Slot(bool)
    def use_hand(self, is_drawing: bool) -> None:
        """Note whether a stroke is under way: then the hand waits for what it does, and no frame is held up."""
        self._is_drawing = is_drawing
        self._use(replace(self.attention, frame_seconds=0.0 if is_drawing else self._frame_seconds))

    @contextmanager
    def painting(self) -> Iterator[None]:
        """Count what is done meanwhile to the frame that is shown now."""
        started = self._clock()
        try:
            yield
        finally:
            if self._spent is not None:
                self._spent += self._clock() - started

    def begin_frame(self, *, is_running: bool) -> None:
        """A snapshot is shown now; tell what the frames before it took, if that has changed.

        Only those of a run that goes on are counted: at rest nothing is held up.
        """
        if self._spent is not None and not self._is_drawing:
            frame = min(self._spent, LONGEST_FRAME)
            self._frame_seconds += (FOLLOWS if self._frame_seconds else 1.0) * (frame - self._frame_seconds)
            now, told = self._clock(), self.attention.frame_seconds
            is_news = not told / REPORT_RATIO < self._frame_seconds < told * REPORT_RATIO
            if is_news and now - self._reported_at >= REPORT_SECONDS:
                self._reported_at = now
                self._use(replace(self.attention, frame_seconds=self._frame_seconds))
        self._spent = 0.0 if is_running else None

    def _others(self, quantity: Quantity[Any]) -> tuple[Question, ...]:
        return tuple(question for question in self.attention.questions if question.quantity != quantity)

    def _use(self, attention: Attention) -> None:
        if attention != self.attention:
            self.attention = attention
            self._send(Attend(attention))
