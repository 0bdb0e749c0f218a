"""The one thread that trains, and the way in and out of it."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engine.compiled import cache
from engine.messages import mark
from engine.run.commands import Command, Quit
from engine.run.inbox import CommandQueue
from engine.run.loading import preload
from engine.run.mailbox import Mailbox
from engine.run.snapshot import Failure, RunState, Snapshot

PATIENCE = 800  # milliseconds


class TrainingThread(QThread):
    """Runs `engine.run.worker.Worker`; torch is imported here, while the window can already be used.

    Signals:
        arrived(): a snapshot lies in the mailbox; `take` it.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setStackSize(16 << 20)  # macOS gives secondary threads 512 KB, too little for torch
        self._queue = CommandQueue()
        self._mailbox = Mailbox(self.arrived.emit)
        self._is_asked_to_end = False
        self._failure = Failure(mark("The thread that trains has ended."), mark("It left no word why."))
        self.finished.connect(self._tell_end)

    def send(self, command: Command) -> None:
        """Hand a command to the worker."""
        self._queue.put(command)

    def take(self) -> Snapshot | None:
        """The newest snapshot that was not taken yet."""
        return self._mailbox.take()

    def stop(self) -> bool:
        """Ask the worker to end and wait for it; returns whether it did, which takes long only for huge networks."""
        self._is_asked_to_end = True
        self.send(Quit())
        return self.wait(PATIENCE)

    @Slot()
    def _tell_end(self) -> None:
        """Say that nobody trains any more, unless that was wanted; the window would show the last state for ever."""
        if not self._is_asked_to_end:
            self._mailbox.put(Snapshot(-1, RunState.ENDED, failure=self._failure))

    def run(self) -> None:
        """Load the engine and work until told to quit."""
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001  # the worker tells its own; this is one of telling
            self._failure = failure_of(error)

    def _work(self) -> None:
        try:
            preload()
            import torch

            from engine.run.worker import Worker

            torch.set_num_threads(1)
            cache.make()  # for the runs that begin when it is there
        except BaseException as error:  # noqa: BLE001  # a broken installation can raise anything
            self._mailbox.put(Snapshot(-1, RunState.UNAVAILABLE, failure=failure_of(error)))
            while not isinstance(self._queue.get(), Quit):
                pass  # nobody trains, but what is drawn must not pile up
            return
        Worker(self._queue, self._mailbox).run()


def failure_of(error: BaseException) -> Failure:
    """An error as it is told."""
    return Failure(f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))
