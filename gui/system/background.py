"""Long work on a thread of its own, while a box shows how far it is and can end it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QThread, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QProgressDialog, QWidget

from engine.errors import NO_MEMORY, InputError
from gui.text.language import mark, say

Value = TypeVar("Value")
Work = Callable[[Callable[[float], None], Callable[[], bool]], Value]
"""Work gets two functions: one to tell which share is done, 0 to 1, and one to ask whether it shall end."""

LARGE_DATASET = 20_000
"""Points; what is done with more is done on a thread of its own."""
PATIENCE = 300  # milliseconds until the box is shown
TELL_SECONDS = 0.05  # between two signals of progress
STACK_BYTES = 16 << 20  # macOS gives secondary threads 512 KB
UNFORESEEN = mark("This went wrong in a way nobody foresaw; the details are in the log. Nothing was changed.")


class TaskError(InputError):
    """Work that failed; the message is a sentence for the user."""


class Task(QThread):
    """One piece of work.

    Signals:
        advanced(float): which share is done.
        done(object): what the work returned. Neither this nor `failed` comes after `cancel`.
        failed(TaskError): why it returned nothing.
    """

    advanced = Signal(float)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work[Value], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task")
        self.setStackSize(STACK_BYTES)
        self._work, self._cancelled, self._told = work, threading.Event(), 0.0

    def cancel(self) -> None:
        """Ask the work to end; what it still returns is dropped."""
        self._cancelled.set()

    def run(self) -> None:
        """Do the work."""
        try:
            value = self._work(self._tell, self._cancelled.is_set)
        except BaseException as error:  # noqa: BLE001  # told to the user; a library may even try to exit
            problem = problem_of(error)
        else:
            if not self._cancelled.is_set():
                self.done.emit(value)
            return
        if not self._cancelled.is_set():
            self.failed.emit(problem)

    def _tell(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_SECONDS and not self._cancelled.is_set():
            self._told = now
            self.advanced.emit(share)


class TaskDialog(QProgressDialog):
    """Waits for a task; it comes up if that takes longer than a moment.

    Args:
        text: what is being done.
        task: not started yet.
        can_cancel: whether there is a button for it.
    """

    def __init__(self, text: str, task: Task, parent: QWidget, *, can_cancel: bool) -> None:
        super().__init__("", say("Cancel"), 0, 100, parent)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)  # a name from a file is no markup
        self.setLabel(label)
        self.setWindowTitle("Marz")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(PATIENCE)
        self.setMinimumWidth(360)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self._task, self._loop = task, QEventLoop(self)
        self._can_cancel, self._is_cancelled = can_cancel, False
        self.outcome: object = None
        self.problem: TaskError | None = None
        task.advanced.connect(self._show_share)
        task.done.connect(self._take)
        task.failed.connect(self._take_problem)
        task.finished.connect(self._loop.quit)
        if can_cancel:
            self.canceled.connect(self._cancel)
        else:
            self.setCancelButton(None)

    def wait(self) -> None:
        """Start the task and return when it has ended or was cancelled; the window lives on meanwhile."""
        self.setValue(0)  # from now on Qt counts the milliseconds, even if no share is ever told
        self._task.start()
        self._loop.exec()

    @Slot(float)
    def _show_share(self, share: float) -> None:
        self.setValue(round(100 * min(1.0, max(0.0, share))))

    @Slot(object)
    def _take(self, value: object) -> None:
        self.outcome = None if self._is_cancelled else value

    def reject(self) -> None:
        """Esc and the cross in the corner; the box stays while what it shows cannot be ended."""
        if self._can_cancel:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._can_cancel:
            super().closeEvent(event)
        else:
            event.ignore()

    @Slot(object)
    def _take_problem(self, problem: TaskError) -> None:
        self.problem = problem

    @Slot()
    def _cancel(self) -> None:
        self._is_cancelled, self.outcome = True, None
        self._task.cancel()
        self._loop.quit()


def problem_of(error: BaseException) -> TaskError:
    """The reason why work failed, without what it had in hand; an error that nobody foresaw goes into the log."""
    if isinstance(error, InputError):
        return TaskError(error.message)
    if isinstance(error, MemoryError):
        return TaskError(NO_MEMORY)
    logging.getLogger("marz").error("A task failed.", exc_info=error)
    return TaskError(UNFORESEEN)


def run(parent: QWidget, text: str, work: Work[Value], *, can_cancel: bool = True) -> Value | None:
    """Do work on a thread of its own and return its result; the window can be seen and moved meanwhile.

    Args:
        parent: the window, or a dialog of it; closing the window ends the work, see `end_tasks`.
        text: what is being done.
        work: see `Work`; if it does not end when it is asked to, it goes on unheeded.
        can_cancel: whether the user may end it.

    Returns:
        What the work returned; None if it was cancelled.

    Raises:
        TaskError: the work failed.
    """
    task = Task(work, outermost(parent))
    dialog = TaskDialog(text, task, parent, can_cancel=can_cancel)
    task.finished.connect(task.deleteLater)
    dialog.wait()
    dialog.reset()  # stops its timer, which would bring it up later where another box is open
    dialog.hide()
    dialog.deleteLater()
    if dialog.problem is not None:
        raise dialog.problem
    return dialog.outcome  # type: ignore[return-value]  # what `work` returned


def outermost(widget: QWidget) -> QWidget:
    """The window that all others belong to: a dialog may be gone before work that does not listen has ended."""
    while (owner := widget.parentWidget()) is not None:
        widget = owner
    return widget


def end_tasks(parent: QWidget, milliseconds: int) -> bool:
    """Have all tasks of a window end; returns whether they did in time."""
    tasks = parent.findChildren(Task)
    for task in tasks:
        task.cancel()
    return all(task.wait(milliseconds) for task in tasks)
