"""Drawing and files: frames while spraying, undo, opening and saving, reading a table.

``python -m tests.benchmarks.bench_canvas`` (offscreen unless QT_QPA_PLATFORM says otherwise).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine import experiment as files
from engine import toy_datasets
from engine.config import TrainingConfig
from engine.dataset import empty_dataset
from engine.experiment import Experiment
from engine.formats.tables import open_table
from engine.messages import message
from engine.run.snapshot import RunState
from gui.app import collect_here, make_application
from gui.drawing.options import ToolOptions
from gui.drawing.tools import Tool
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.system.preferences import Preferences
from tests.benchmarks.bench_window import wait, wait_for
from tests.benchmarks.report import report

SPRAYED, FEW = 20_000, 500
CONFIG = TrainingConfig(hidden_layers=(16,) * 4, learning_rate=0.003)


class Frames:
    """The times at which the canvas was painted, its points then, and the work of the thread until then."""

    def __init__(self, window: MainWindow) -> None:
        self.times: list[float] = []
        self.work: list[float] = []
        self.points: list[int] = []
        paint = window.canvas.paintEvent

        def paint_and_note(event: Any) -> None:
            paint(event)
            self.times.append(time.perf_counter())
            self.work.append(time.thread_time())
            self.points.append(len(window.canvas.dataset))

        window.canvas.paintEvent = paint_and_note  # type: ignore[method-assign]

    def milliseconds(self) -> np.ndarray:
        """From each frame to the next."""
        return np.diff(self.times) * 1000

    def work_at(self, low: int, high: int) -> float:
        """Milliseconds the thread worked a frame while the canvas had so many points."""
        points = np.array(self.points)[1:]
        work = np.diff(self.work) * 1000
        return float(np.median(work[(points >= low) & (points < high)]))


def mouse(window: MainWindow, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, buttons: Any) -> None:
    """One event of the mouse."""
    canvas, none = window.canvas, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QMouseEvent(kind, place, canvas.mapToGlobal(place), button, buttons, none))


def circle(window: MainWindow, angle: float) -> QPointF:
    """A place on a wide circle on the canvas."""
    canvas = window.canvas
    return QPointF(canvas.width() * (0.5 + 0.3 * np.cos(angle)), canvas.height() * (0.5 + 0.3 * np.sin(angle)))


def spray(window: MainWindow, count: int, seconds: float) -> Frames:
    """Spray so many points in so many seconds, with the pointer going around."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    window.workbench.use_options(ToolOptions(rate=count / seconds))
    window.workbench.resize_ring(60.0)
    window.actions_by_name[Tool.SPRAY].trigger()
    frames = Frames(window)
    mouse(window, QEvent.Type.MouseButtonPress, circle(window, 0.0), left, left)
    ended, angle = time.perf_counter() + seconds, 0.0
    while time.perf_counter() < ended:
        angle += 0.06
        mouse(window, QEvent.Type.MouseMove, circle(window, angle), none, left)
        wait(5)
    mouse(window, QEvent.Type.MouseButtonRelease, circle(window, angle), left, none)
    return frames


def lost_events(window: MainWindow, count: int) -> int:
    """The number of events, of so many, one a millisecond, that the stroke did not follow."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    window.actions_by_name[Tool.BRUSH].trigger()
    canvas, followed = window.canvas, 0
    mouse(window, QEvent.Type.MouseButtonPress, circle(window, 0.0), left, left)
    gesture: Any = canvas.gestures.current
    stroke = gesture.stroke
    follow = stroke.follow

    def note(path: np.ndarray) -> None:
        nonlocal followed
        followed += len(path) - 1
        follow(path)

    stroke.follow = note
    due = time.perf_counter()
    for number in range(count):
        place = circle(window, number / 100)
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), none, left, Qt.KeyboardModifier.NoModifier
        )
        QCoreApplication.postEvent(canvas, event)
        due += 0.001
        while time.perf_counter() < due:
            QCoreApplication.processEvents()
    wait(50)
    mouse(window, QEvent.Type.MouseButtonRelease, circle(window, count / 100), left, none)
    return count - followed


def undo_milliseconds(window: MainWindow) -> float:
    """The slowest undo or redo of a stroke of 5,000 points on 20,000, painted."""
    session = window.session
    generator, times = np.random.default_rng(2), []
    places = generator.uniform(-1, 1, (5000, 2))
    session.edit(session.experiment.with_dataset(session.experiment.dataset.with_points(places, 0)), message("Draw"))
    window.canvas.repaint()
    for turn in range(10):
        started = time.perf_counter()
        (session.undo_stack.undo if turn % 2 == 0 else session.undo_stack.redo)()
        window.canvas.repaint()
        times.append(1000 * (time.perf_counter() - started))
        wait(300)
    return max(times)


def paint_in_training(window: MainWindow, seconds: float) -> tuple[float, float]:
    """Milliseconds between two fields, 99th percentile, and fields a second, while spraying into a run."""
    session = window.session
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    session.edit(session.experiment.with_dataset(dataset), message("New Sample"))
    wait_for(window, RunState.READY)
    session.train()
    wait_for(window, RunState.RUNNING)
    wait(1000)
    canvas, painted = window.canvas, list[float]()
    paint, first = canvas.paintEvent, canvas.fields_painted

    def paint_and_note(event: Any) -> None:
        nonlocal first
        paint(event)
        if canvas.fields_painted != first:
            first = canvas.fields_painted
            painted.append(time.perf_counter())

    canvas.paintEvent = paint_and_note  # type: ignore[method-assign]
    spray(window, 500, seconds)
    session.pause()
    wait_for(window, RunState.PAUSED)
    return float(np.percentile(np.diff(painted) * 1000, 99)), len(painted) / seconds


def file_seconds(folder: Path, rows: int) -> dict[str, float]:
    """Opening, saving, and reading a table of so many rows."""
    dataset = toy_datasets.make("spiral", n_samples=20_000, n_classes=3, noise=0.3, seed=1)
    work, path = Experiment(dataset, (CONFIG,)), folder / "work.marz.json"
    saving, opening, reading = [], [], []
    generator = np.random.default_rng(1)
    table = folder / "points.csv"
    places = generator.normal(size=(rows, 2)).tolist()
    lines = [f"{x!r},{y!r},class {number % 3}" for number, (x, y) in enumerate(places)]
    table.write_text("\n".join(["x,y,label", *lines]), encoding="utf-8")
    for _ in range(5):
        started = time.perf_counter()
        files.save(path, work)
        saved = time.perf_counter()
        files.load(path)
        opened = time.perf_counter()
        source = open_table(table)
        sample = source.look()
        read = source.read(sample.format, sample.columns)
        assert read is not None
        assert len(read.dataset) == rows
        saving.append(saved - started)
        opening.append(opened - saved)
        reading.append(time.perf_counter() - opened)
    return {
        "save_20000_s": float(np.median(saving)),
        "open_20000_s": float(np.median(opening)),
        "read_csv_100000_s": float(np.median(reading)),
    }


def measure(seconds: float, rows: int) -> dict[str, float]:
    """All numbers of the canvas and of files."""
    application = make_application()
    apply_theme(application, Theme.LIGHT)
    thread = TrainingThread()
    session = Session(Experiment(empty_dataset(3), (CONFIG,)), thread)
    window = MainWindow(session, thread, Preferences())
    window.resize(1400, 900)
    window.show()
    collect_here(application)
    session.start()
    thread.start()
    wait_for(window, RunState.BLOCKED)
    frames = spray(window, SPRAYED, seconds)
    sprayed, shown = len(session.experiment.dataset), len(frames.times)
    wait(500)
    lost = lost_events(window, min(1000, round(100 * seconds)))
    undo = undo_milliseconds(window)
    painting, rate = paint_in_training(window, seconds)
    window.files.asks = False
    window.close()
    few, many = frames.work_at(FEW // 2, 3 * FEW // 2), frames.work_at(SPRAYED * 9 // 10, SPRAYED * 2)
    with tempfile.TemporaryDirectory() as folder:
        numbers = file_seconds(Path(folder), rows)
    return {
        "spray_points": float(sprayed),
        "spray_frames_per_second": shown / seconds,
        "spray_frame_p99_ms": float(np.percentile(frames.milliseconds()[:shown], 99)),
        "spray_work_at_500_ms": few,
        "spray_work_at_20000_ms": many,
        "spray_work_ratio": many / few,
        "lost_events": float(lost),
        "undo_5000_max_ms": undo,
        "painting_in_training_p99_ms": painting,
        "fields_per_second_meanwhile": rate,
        **numbers,
    }


TARGETS = {
    "spray_frame_p99_ms": "≤ 33",
    "spray_work_ratio": "≤ 1.5",
    "lost_events": "0",
    "undo_5000_max_ms": "≤ 50",
    "painting_in_training_p99_ms": "≤ 50",
    "fields_per_second_meanwhile": "≥ 29",
    "save_20000_s": "≤ 0.3",
    "open_20000_s": "≤ 0.3",
    "read_csv_100000_s": "≤ 1.5",
}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report(
        "Canvas, 1400×900",
        __doc__,
        lambda quick: measure(1.0, 2000) if quick else measure(10.0, 100_000),
        TARGETS,
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
