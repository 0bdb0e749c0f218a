"""The real window while it trains: frames, training speed, pause, and the ring under the pointer.

``python -m tests.benchmarks.bench_window [--busy 2]`` (offscreen unless QT_QPA_PLATFORM says otherwise). The bare
Trainer runs in the same process before the window opens and after it has closed, so that the ratio says little of the
machine's mood.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine import toy_datasets
from engine.config import Activation, TrainingConfig
from engine.experiment import Experiment
from engine.run.snapshot import RunState
from gui.app import collect_here, make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.system.preferences import Preferences
from tests.benchmarks.report import report

EPOCHS_AT_ONCE = 50  # of a bare trainer that nobody calls away
CONFIG = TrainingConfig(
    hidden_layers=(16,) * 8, activation=Activation.TANH, batch_size=None, learning_rate=0.003, validation_fraction=0.2
)


class Recorder:
    """Times of paints of the canvas."""

    def __init__(self, window: MainWindow) -> None:
        self.fields: list[float] = []
        self.rings: list[float] = []
        self.pending: float | None = None
        self._canvas = window.canvas
        paint = window.canvas.paintEvent

        def paint_and_note(event: Any) -> None:
            before = self._canvas.fields_painted
            paint(event)
            now = time.perf_counter()
            if self._canvas.fields_painted != before:
                self.fields.append(now)
            if self.pending is not None:
                self.rings.append(now - self.pending)
                self.pending = None

        window.canvas.paintEvent = paint_and_note  # type: ignore[method-assign]


def wait(milliseconds: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(window: MainWindow, state: RunState) -> float:
    """Seconds until the session shows a state."""
    started = time.perf_counter()
    loop = QEventLoop()

    def look() -> None:
        if window.session.snapshot.state is state:
            loop.quit()

    window.session.snapshot_arrived.connect(look)
    if window.session.snapshot.state is not state:
        QTimer.singleShot(30_000, loop.quit)
        loop.exec()
    window.session.snapshot_arrived.disconnect(look)
    return time.perf_counter() - started


def bare_speed(experiment: Experiment, seconds: float, epochs_at_once: int = 1) -> float:
    """Epochs per second of the same Trainer without a window, so many epochs a call."""
    import torch

    from engine.training import Trainer

    torch.set_num_threads(1)
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    trainer.steps(sys.maxsize, until=20)
    started, first = time.perf_counter(), trainer.epochs_done
    while time.perf_counter() - started < seconds:
        trainer.steps(sys.maxsize, until=trainer.epochs_done + epochs_at_once)
    return (trainer.epochs_done - first) / (time.perf_counter() - started)


def move_pointer(window: MainWindow, recorder: Recorder, seconds: float) -> None:
    """Move the pointer about a hundred times a second, as a hand does."""
    canvas = window.canvas
    ended = time.perf_counter() + seconds
    angle = 0.0
    while time.perf_counter() < ended:
        angle += 0.15
        place = QPointF(canvas.width() * (0.5 + 0.25 * np.cos(angle)), canvas.height() * (0.5 + 0.25 * np.sin(angle)))
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            canvas.mapToGlobal(place),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        if recorder.pending is None:
            recorder.pending = time.perf_counter()
        QApplication.sendEvent(canvas, event)
        wait(10)


def measure(seconds: float, settling: int) -> dict[str, float]:
    """All numbers of the window, after so many milliseconds of training."""
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    experiment = Experiment(dataset, (CONFIG,))
    before = [bare_speed(experiment, seconds / 6, at_once) for at_once in (1, EPOCHS_AT_ONCE)]
    application = make_application()
    apply_theme(application, Theme.LIGHT)
    thread = TrainingThread()
    session = Session(experiment, thread)
    window = MainWindow(session, thread, Preferences())
    recorder = Recorder(window)
    window.resize(1400, 900)
    window.show()
    collect_here(application)
    session.start()
    thread.start()
    wait_for(window, RunState.READY)
    session.train()
    wait_for(window, RunState.RUNNING)
    wait(settling)
    recorder.fields.clear()
    first, started = session.snapshot.lanes[0].epochs, time.perf_counter()
    wait(int(seconds * 1000))
    last, ended = session.snapshot.lanes[0].epochs, time.perf_counter()
    frames = np.diff(recorder.fields) * 1000
    move_pointer(window, recorder, seconds / 2)
    pauses = []
    for _ in range(10):
        session.pause()
        pauses.append(wait_for(window, RunState.PAUSED))
        session.train()
        wait_for(window, RunState.RUNNING)
        wait(100)
    window.close()
    after = [bare_speed(experiment, seconds / 6, at_once) for at_once in (1, EPOCHS_AT_ONCE)]
    bare, uninterrupted = map(statistics.mean, zip(before, after, strict=True))
    in_window = (last - first) / (ended - started)
    return {
        "fields_per_second": len(frames) / (ended - started),
        "frame_p50_ms": float(np.percentile(frames, 50)),
        "frame_p99_ms": float(np.percentile(frames, 99)),
        "epochs_per_second": in_window,
        "bare_epochs_per_second": bare,
        "speed_ratio": in_window / bare,
        "of_uninterrupted_calls": in_window / uninterrupted,
        "pause_max_ms": 1000 * max(pauses),
        "ring_p99_ms": float(np.percentile(recorder.rings, 99)) * 1000,
    }


TARGETS = {
    "fields_per_second": "≥ 55 alone",
    "frame_p99_ms": "≤ 25, ≤ 60 with --busy 2",
    "speed_ratio": "≥ 0.85, ≥ 0.5 with --busy 2",
    "pause_max_ms": "≤ 30",
    "ring_p99_ms": "≤ 35",
}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report(
        "Window, 1400×900, 500 points, 8×16 tanh, full batch",
        __doc__,
        lambda quick: measure(1.0, 100) if quick else measure(12.0, 1500),
        TARGETS,
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
