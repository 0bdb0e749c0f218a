"""The one thread that trains, and the way in and out of it."""

from __future__ import annotations

import traceback
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal

from engine.commands import Command, Quit
from engine.mailbox import Mailbox
from engine.snapshot import Failure, RunState, Snapshot

PATIENCE = 800  # milliseconds


class TrainingThread(QThread):
    """Runs `engine.worker.Worker`; torch is imported here, while the window can already be used.

    Signals:
        arrived(): a snapshot lies in the mailbox; `take` it.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setStackSize(16 << 20)  # macOS gives secondary threads 512 KB, too little for torch
        self._queue: SimpleQueue[Command] = SimpleQueue()
        self._mailbox = Mailbox(self.arrived.emit)

    def send(self, command: Command) -> None:
        """Hand a command to the worker."""
        self._queue.put(command)

    def take(self) -> Snapshot | None:
        """The newest snapshot that was not taken yet."""
        return self._mailbox.take()

    def stop(self) -> bool:
        """Ask the worker to end and wait for it; returns whether it did, which takes long only for huge networks."""
        self.send(Quit())
        return self.wait(PATIENCE)

    def run(self) -> None:
        """Load the engine and work until told to quit."""
        try:
            import torch

            from engine.worker import Worker

            torch.set_num_threads(1)
        except Exception as error:  # noqa: BLE001  # a broken installation can raise anything
            failure = Failure(f"{type(error).__name__}: {error}", traceback.format_exc())
            self._mailbox.put(Snapshot(-1, RunState.UNAVAILABLE, failure=failure))
            while not isinstance(self._queue.get(), Quit):
                pass  # nobody trains, but what is drawn must not pile up
            return
        Worker(self._queue, self._mailbox).run()
