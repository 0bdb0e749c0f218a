"""Looking at a table again, with another encoding or format, without keeping the window waiting."""

# Tests: tests/gui/files/test_import_dialog.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.formats.tables import TableFormat, TableSample, TableSource
from gui.files.documents import LARGE_FILE
from gui.system.background import Task, TaskError, outermost, problem_of


@dataclass(frozen=True)
class Wish:
    """The way in which a table is to be looked at; None: as it seems to be written."""

    encoding: str | None
    form: TableFormat | None


Seen = tuple[TableSource, str | None, TableSample]
"""A table, the encoding that was wished for it, and what it shows."""


class TableLook(QObject):
    """Looks at a table; on a thread of its own if it is large, where the newest wish wins.

    Signals:
        found(TableSample): what it shows.
        failed(InputError): why that cannot be known.

    Attributes:
        source: the table, in the encoding in which it was looked at last.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, source: TableSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.source, self._window = source, outermost(parent)
        self._encoding: str | None = None  # of the source, if it was wished
        self._task: Task | None = None
        self._next: Wish | None = None

    @property
    def is_busy(self) -> bool:
        """True if a look is under way."""
        return self._task is not None

    def begin(self, wish: Wish) -> None:
        """Look, now or as soon as the look under way has ended, which is of no use any more."""
        if self._task is not None:
            self._next = wish
            self._task.cancel()
        elif self.source.size <= LARGE_FILE:
            try:
                seen = self._look(wish)
            except BaseException as error:  # noqa: BLE001  # told in the dialog; a library may even try to exit
                self.failed.emit(problem_of(error))
            else:
                self._show(seen)
        else:
            self._task = task = Task(lambda _tell, is_cancelled: self._look(wish, is_cancelled), self._window)
            task.done.connect(self._take)
            task.failed.connect(self._take_problem)
            task.finished.connect(self._go_on)
            task.finished.connect(task.deleteLater)
            task.start()

    def end(self) -> None:
        """Give up the look under way."""
        self._next = None
        if self._task is not None:
            self._task.cancel()

    def _look(self, wish: Wish, is_cancelled: Callable[[], bool] | None = None) -> Seen:
        source = self.source
        if wish.encoding is not None and wish.encoding != self._encoding:
            source = source.in_encoding(wish.encoding, is_cancelled)
        return source, wish.encoding, source.look(wish.form, is_cancelled)

    def _show(self, seen: Seen) -> None:
        self.source, self._encoding, sample = seen
        self.found.emit(sample)

    def _is_newest(self) -> bool:
        return self.sender() is self._task and self._next is None

    @Slot(object)
    def _take(self, seen: Seen) -> None:
        if self._is_newest():
            self._task = None
            self._show(seen)

    @Slot(object)
    def _take_problem(self, problem: TaskError) -> None:
        if self._is_newest():
            self._task = None
            self.failed.emit(problem)

    @Slot()
    def _go_on(self) -> None:
        wish = self._next
        if wish is not None and self.sender() is self._task:
            self._task = self._next = None
            self.begin(wish)
