"""Many points and large networks: what the window's thread does, and how long nobody can draw.

``python -m tests.benchmarks.bench_weight`` (offscreen unless QT_QPA_PLATFORM says otherwise). What the window's thread
computes is its own processor time, which the rest of the machine does not change much. A *block* is the longest time
between two looks of a window's thread at its events while something else is done, the interpreter's lock included.
"""

from __future__ import annotations

import ctypes
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from engine.experiment import Experiment, load, save
from engine.formats.tables import write_table
from engine.insight.field import View
from engine.run.attention import Attention
from engine.run.commands import Attend, Command, Pause, Quit, Resume, Start
from engine.run.mailbox import Mailbox
from engine.run.snapshot import RunState, Snapshot
from gui.app import make_application
from gui.canvas.point_layer import PointLayer
from gui.drawing.plane import Plane
from gui.drawing.tools import Tool
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import LIGHT, Theme, apply_theme
from gui.system.preferences import Preferences
from tests.benchmarks.report import report

SIDE, TURNS, ROUNDS = 560, 9, 5
FIELDS_OF_HEAP = (
    *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
)
VIEW = View(-1.0, 1.0, -1.0, 1.0, 700, 700, ((255, 0, 0), (0, 0, 255), (0, 255, 0)), (255, 255, 255))


def even(count: int) -> Dataset:
    """Points spread evenly over the plane: the most pixels that markers can cover."""
    generator = np.random.default_rng(1)
    return empty_dataset(3).with_points(generator.uniform(-1.2, 1.2, (count, 2)), generator.integers(0, 3, count))


def spiral(count: int) -> Dataset:
    """Three arms, as in most pictures."""
    return toy_datasets.make("spiral", n_samples=count, n_classes=3, noise=0.2, seed=1)


def repaint_milliseconds(dataset: Dataset) -> float:
    """Processor time of the window's thread for all points, on a plane of 560 × 560 pixels."""
    layer, size = PointLayer(), QSize(SIDE + 60, SIDE + 40)
    plane = Plane(x=44, y=10, width=SIDE, height=SIDE, scale=220)
    layer.show(dataset, Shares(0.2))
    times = []
    for turn in range(TURNS):
        started = time.thread_time()
        layer.pixmap(plane.panned(turn, 0), LIGHT, size, 1.0)
        times.append(1000 * (time.thread_time() - started))
    return statistics.median(times)


class Ticks:
    """The longest time in milliseconds between two looks at the events."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()

    def look(self) -> None:
        """Look at the events."""
        QApplication.processEvents()
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, 1000 * (now - self._last)), now


def block_beside(work: Callable[[], object]) -> float:
    """The longest block of this thread while another one does some work."""
    thread, ticks = threading.Thread(target=work), Ticks()
    thread.start()
    while thread.is_alive():
        ticks.look()
        time.sleep(0.001)
    return ticks.longest


def open_window(experiment: Experiment) -> MainWindow:
    """A window whose engine is not there yet, so that nothing but the window is measured."""
    application = make_application()
    apply_theme(application, Theme.LIGHT)
    thread = TrainingThread()
    window = MainWindow(Session(experiment, thread), thread, Preferences())
    window.resize(1366, 768)
    window.show()
    application.processEvents()
    return window


def mouse(window: MainWindow, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    """One event of the mouse on the canvas."""
    canvas, none = window.canvas, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QMouseEvent(kind, place, canvas.mapToGlobal(place), button, held, none))


def drag_block(window: MainWindow, tool: Tool, seconds: float = 0.3) -> float:
    """The longest block while a tool is dragged across the middle of the canvas."""
    left, none, canvas = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, window.canvas
    window.actions_by_name[tool].trigger()
    QApplication.processEvents()
    width, height = canvas.width(), canvas.height()
    ticks, started, place = Ticks(), time.perf_counter(), QPointF(0.3 * width, 0.5 * height)
    mouse(window, QEvent.Type.MouseButtonPress, place, left, left)
    ticks.look()
    while (share := (time.perf_counter() - started) / seconds) < 1:
        place = QPointF((0.3 + 0.4 * share) * width, 0.5 * height)
        mouse(window, QEvent.Type.MouseMove, place, none, left)
        ticks.look()
        time.sleep(0.001)
    mouse(window, QEvent.Type.MouseButtonRelease, place, left, none)
    ticks.look()
    return ticks.longest


def clipboard_blocks(window: MainWindow) -> dict[str, float]:
    """Copying all points and pasting them; in the loop of the box that waits, a timer looks."""
    result = {}
    for name in ("copy", "paste"):
        done, longest = threading.Event(), [0.0]

        def watch(done: threading.Event = done, longest: list[float] = longest) -> None:
            # what this thread waits for the lock, the window's waits as well
            last = time.perf_counter()
            while not done.is_set():
                time.sleep(0.001)
                now = time.perf_counter()
                longest[0], last = max(longest[0], 1000 * (now - last)), now

        thread = threading.Thread(target=watch)
        thread.start()
        started = time.thread_time()
        window.actions_by_name[name].trigger()
        QApplication.processEvents()
        result[f"{name}_lock_block_ms"] = longest[0]
        result[f"{name}_window_cpu_ms"] = 1000 * (time.thread_time() - started)
        done.set()
        thread.join()
    assert QGuiApplication.clipboard().text()
    return result


def file_blocks(dataset: Dataset) -> dict[str, float]:
    """Saving, opening and exporting."""
    experiment = Experiment(dataset)
    with tempfile.TemporaryDirectory() as folder:
        document, table = Path(folder, "work.marz.json"), Path(folder, "points.csv")
        return {
            "save_block_ms": block_beside(lambda: save(document, experiment)),
            "open_block_ms": block_beside(lambda: load(document)),
            "export_block_ms": block_beside(lambda: write_table(table, dataset)),
        }


def loading_block() -> float:
    """The longest block while the engine is loaded, in a process of its own, where it is not yet."""
    script = "from tests.benchmarks.bench_weight import print_loading_block; print_loading_block()"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def print_loading_block() -> None:
    """See `loading_block`."""
    from gui.app import collect_here

    window = open_window(Experiment(spiral(500)))
    application = QApplication.instance()
    assert application is not None
    collect_here(application)
    window.session.start()
    ticks = Ticks()
    window._thread.start()
    while window.session.snapshot.state is RunState.LOADING:
        ticks.look()
        time.sleep(0.001)
    window.files.asks = False
    window.close()
    print(ticks.longest)


def acknowledgements(count: int, depth: int, width: int) -> dict[str, float]:
    """Seconds from an order until the new state is told, for three lanes with batch normalisation."""
    import torch

    from engine.run.worker import Worker

    torch.set_num_threads(1)
    config = TrainingConfig(hidden_layers=(width,) * depth, batch_norm=True)
    experiment = Experiment(spiral(count), (config,) * 3)
    queue: SimpleQueue[Command] = SimpleQueue()
    notice = threading.Event()
    mailbox = Mailbox(notice.set)
    thread = threading.Thread(target=Worker(queue, mailbox).run)
    thread.start()

    def until(wanted: Callable[[Snapshot], bool]) -> float:
        started = time.perf_counter()
        while True:
            notice.wait(60)
            notice.clear()
            snapshot = mailbox.take()
            if snapshot is not None and wanted(snapshot):
                return time.perf_counter() - started

    result: dict[str, float] = {"train_s": 0.0, "pause_s": 0.0, "reset_s": 0.0}

    def order(name: str, command: Command, wanted: Callable[[Snapshot], bool]) -> None:
        queue.put(command)
        result[name] = max(result[name], until(wanted))

    queue.put(Attend(Attention(VIEW)))
    for run in range(1, 4):
        order("reset_s", Start(run, experiment), lambda snapshot, run=run: snapshot.run_id == run)  # type: ignore[misc]
        time.sleep(0.2 * run)
        for _ in range(3):
            order("train_s", Resume(), lambda snapshot: snapshot.state is RunState.RUNNING)
            time.sleep(0.3 * run)
            order("pause_s", Pause(), lambda snapshot: snapshot.state is not RunState.RUNNING)
            time.sleep(0.1)
    queue.put(Quit())
    thread.join()
    return result


def take_all(window: MainWindow) -> None:
    """Take the commands for the engine, which is not there."""
    queue = window._thread._queue
    while not queue.empty():
        queue.get()


class Heap(ctypes.Structure):
    """The facts that glibc tells of its memory, in bytes."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in FIELDS_OF_HEAP)


def kept_kilobytes() -> float:
    """The kilobytes allocated now, as glibc tells to the byte: pages of the process say little of a few kilobytes."""
    gc.collect()
    try:
        tell = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError, TypeError):
        return float("nan")
    tell.restype = Heap
    heap = tell()
    return float(heap.uordblks + heap.hblkhd) / 1024


def theme_kilobytes(window: MainWindow, times: int) -> dict[str, float]:
    """The memory kept after a change of the theme, and after a change of the window's size, which is the noise.

    Both take turns, in five rounds after one that does not count: what Qt draws for the first time it keeps. Each is
    the median of its rounds.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    def change_theme(turn: int) -> None:
        apply_theme(application, (Theme.DARK, Theme.LIGHT)[turn % 2])

    def change_size(turn: int) -> None:
        window.resize(1366 - 6 * (turn % 2), 768)

    kept: dict[str, list[float]] = {"theme_change_kb": [], "theme_noise_kb": []}
    for _ in range(ROUNDS + 1):
        for name, change in zip(kept, (change_theme, change_size), strict=True):
            before = kept_kilobytes()
            for turn in range(times // ROUNDS):
                change(turn)
                application.processEvents()
                window.repaint()
                take_all(window)
            kept[name].append((kept_kilobytes() - before) / (times // ROUNDS))
    return {name: statistics.median(rounds[1:]) for name, rounds in kept.items()}


def measure(quick: bool) -> dict[str, float]:
    """All numbers."""
    make_application()
    few, many, most = (2000, 5000, 10_000) if quick else (20_000, 200_000, 1_000_000)
    window = open_window(Experiment(spiral(500)))
    numbers = theme_kilobytes(window, 10 if quick else 200)  # before anything large is freed
    window.files.asks = False
    window.close()
    for name, count in (("20000", few), ("200000", many), ("1000000", most)):
        numbers[f"repaint_{name}_ms"] = repaint_milliseconds(spiral(count))
        numbers[f"repaint_{name}_even_ms"] = repaint_milliseconds(even(count))
    window = open_window(Experiment(spiral(many)))
    numbers["eraser_block_ms"] = drag_block(window, Tool.ERASER)
    numbers["spiral_stamp_block_ms"] = drag_block(window, Tool.SPIRAL)
    numbers |= clipboard_blocks(window)
    window.files.asks = False
    window.close()
    numbers |= file_blocks(spiral(most))
    numbers["loading_block_ms"] = loading_block()
    numbers |= acknowledgements(*((1000, 4, 16) if quick else (20_000, 50, 128)))
    return numbers


TARGETS = {
    "repaint_20000_ms": "≤ 6",
    "repaint_200000_ms": "≤ 40",
    "repaint_1000000_ms": "≤ 150",
    "eraser_block_ms": "≤ 60",
    "copy_lock_block_ms": "≤ 100",
    "copy_window_cpu_ms": "≤ 100",
    "paste_lock_block_ms": "≤ 100",
    "save_block_ms": "≤ 100",
    "open_block_ms": "≤ 100",
    "export_block_ms": "≤ 100",
    "loading_block_ms": "≤ 100",
    "train_s": "≤ 0.3",
    "pause_s": "≤ 0.3",
    "reset_s": "≤ 0.3",
    "theme_change_kb": "0, up to the noise",
}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    title = "Weight: window 1366×768; copy, paste and strokes 200,000 points; files 1,000,000; 3 lanes of 50×128"
    return report(title, __doc__, measure, TARGETS, arguments)


if __name__ == "__main__":
    sys.exit(main())
