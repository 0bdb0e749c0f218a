"""Work with files: one thing at a time, long work in the background, and failures told in a box."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from gui.system import background
from gui.text.sentences import sentence_of
from gui.widgets import boxes

Value = TypeVar("Value")


class FileWork:
    """Does work for a window."""

    def __init__(self, window: QMainWindow) -> None:
        self.window = window
        self.is_busy = False
        self._waiting: list[Callable[[], object]] = []

    def alone(self, action: Callable[[], object]) -> Callable[..., None]:
        """An action that is not done while another one has a box open or a file in hand."""
        return partial(self._do_alone, action)

    def _do_alone(self, action: Callable[[], object], *_: object) -> None:
        if self.is_busy:
            return
        self.is_busy = True
        try:
            action()
        finally:
            self.is_busy = False
            if self._waiting:
                QTimer.singleShot(0, self.window, self._go_on)

    def when_free(self, action: Callable[[], object]) -> None:
        """Do an action alone, now or as soon as nothing else is being done."""
        self._waiting.append(action)
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self.is_busy:
            self._do_alone(self._waiting.pop(0))

    def result(
        self, title: str, text: str, work: background.Work[Value], *, is_long: bool = True, can_cancel: bool = True
    ) -> Value | None:
        """The result of some work; None if it was cancelled or, after a message, if it failed.

        Args:
            title: of the message.
            text: what is being done.
            work: see `background.Work`.
            is_long: whether it is done in the background.
            can_cancel: whether the user may end it.
        """
        try:
            if is_long:
                return background.run(self.window, text, work, can_cancel=can_cancel)
            return work(lambda _share: None, lambda: False)
        except BaseException as error:  # noqa: BLE001  # told to the user; a library may even try to exit
            boxes.tell(self.window, title, sentence_of(background.problem_of(error)))
        return None
