"""A server that forks processes which paint until they are killed; see `test_kill`.

It is sent the folder of a new process on a line, and answers with its number on a line. The process writes lines to
``strokes`` in that folder: a digest of the points before a new state is kept, and it again when the stroke is finished.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment
from gui.app import make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.files.recovery import Recovery
from gui.main_window import MainWindow
from gui.system.preferences import Preferences

LEFT = Qt.MouseButton.LeftButton
SAVE_EVERY = 3  # strokes
DOCUMENT, STROKES, RECOVERY = "document.marz.json", "strokes", "recovery"
STATE, FINISHED = "state", "finished"


def digest(dataset: Dataset) -> str:
    """One text for every set of points and labels."""
    return hashlib.sha256(dataset.points.tobytes() + dataset.labels.tobytes()).hexdigest()


def paint(folder: Path) -> None:
    """Paint and save until killed."""
    make_application()
    thread = TrainingThread()  # never started: the network does not matter here
    session = Session(Experiment(empty_dataset()), thread)
    window = MainWindow(session, thread, Preferences())
    window.resize(1000, 640)
    window.show()
    chance = random.Random(str(folder))
    size = window.canvas.size()
    with open(folder / STROKES, "w", buffering=1) as report:

        def tell(event: str) -> None:
            report.write(f"{event} {digest(session.experiment.dataset)}\n")

        session.document_changed.connect(lambda: tell(STATE))  # before it is kept
        window.files.watch(Recovery(session, folder / RECOVERY, window))
        for number in range(1, 10_000):
            x, y = chance.randrange(80, size.width() - 80), chance.randrange(80, size.height() - 80)
            QTest.mousePress(window.canvas, LEFT, pos=QPoint(x, y))
            for step in range(1, 8):
                QTest.mouseMove(window.canvas, QPoint(x + 9 * step, y + 3 * step))
            QTest.mouseRelease(window.canvas, LEFT, pos=QPoint(x + 63, y + 21))
            tell(FINISHED)
            if number % SAVE_EVERY == 0:
                if window.files.path is None:
                    session.document.path = str(folder / DOCUMENT)
                window.files.save()


def main() -> None:
    """Fork a process for each line that comes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves no zombie
    for line in sys.stdin:
        child = os.fork()
        if not child:
            paint(Path(line.strip()))
        print(child, flush=True)


if __name__ == "__main__":
    main()
