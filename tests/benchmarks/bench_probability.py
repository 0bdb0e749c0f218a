"""The laboratory Probability: a threshold that is dragged over 20,000 points, and twelve cards that are live.

``python -m tests.benchmarks.bench_probability [--busy 2]`` (offscreen unless QT_QPA_PLATFORM says otherwise). A move of
the drag is done when everything it led to in the window is painted; its processor's time is that of the window's thread
until the next move. Cards: four pins on three lanes of twenty layers, in a window of their view where all are seen.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

from gui.decisions.decisions import Decisions

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine import toy_datasets
from engine.config import Output, TrainingConfig
from engine.experiment import Experiment
from engine.insight.pins import Pin
from engine.run.snapshot import RunState
from engine.studies.presets import vanishing_lab
from gui.app import collect_here, make_application
from gui.decisions.threshold_chart import Plot, ThresholdChart
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.lane_view import LaneView
from gui.paint.theme import Theme, apply_theme
from gui.probability.point_view import PointView
from gui.system.preferences import Preferences
from gui.views import LabView
from tests.benchmarks.bench_laboratory import Bare
from tests.benchmarks.bench_window import Recorder, wait, wait_for
from tests.benchmarks.report import report

QUICK = 1.0  # seconds of a run that only shows that it works
N_POINTS, MOVE_MILLISECONDS = 20_000, 33
PINS = ((0.2, 0.3), (-0.4, 0.5), (0.6, -0.3), (-0.5, -0.6))
ALL_SEEN = 1800, 2000  # pixels, of twelve cards


def opened(experiment: Experiment) -> MainWindow:
    """A window in which an experiment is ready."""
    application = make_application()
    apply_theme(application, Theme.LIGHT)
    thread = TrainingThread()
    session = Session(experiment, thread)
    window = MainWindow(session, thread, Preferences())
    window.resize(1400, 900)
    window.show()
    collect_here(application)
    session.start()
    thread.start()
    wait_for(window, RunState.READY)
    return window


def closed(window: MainWindow) -> None:
    """Close a window without a question."""
    window.files.asks = False
    window.close()


def send(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """A press, a move with the left button down, or a release."""
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    button = none if kind is QEvent.Type.MouseMove else left
    buttons = none if kind is QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, place, QPointF(widget.mapToGlobal(place)), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def dragged(seconds: float) -> dict[str, float]:
    """The numbers of drags on the histogram, whose every move is another threshold, and on the ROC."""
    dataset = toy_datasets.make("moons", n_samples=N_POINTS, n_classes=2, noise=0.3, seed=1)
    config = TrainingConfig(hidden_layers=(16, 16), output=Output.SIGMOID, validation_fraction=0.2)
    window = opened(Experiment(dataset, (config,)))
    session, panel = window.session, window.laboratory.panel
    session.train()
    wait(1500)
    session.pause()
    wait_for(window, RunState.PAUSED)
    panel.show_view(LabView.DECISIONS)
    wait(2500)
    chart = panel.view_of(Decisions).findChild(ThresholdChart)
    assert chart is not None
    assert chart.steps is not None
    numbers: dict[str, float] = {}
    for plot in (Plot.HISTOGRAM, Plot.ROC):
        clocks, processor = [], []
        for move in range(max(20, int(1000 * seconds / MOVE_MILLISECONDS))):
            threshold = 0.5 + 0.4 * np.sin(0.13 * move)
            step = chart.steps.step_of(threshold)
            x, y = (
                (threshold, 1.0)
                if plot is Plot.HISTOGRAM
                else (chart.steps.false_rate[step], chart.steps.true_rate[step])
            )
            place = chart.panels()[plot].place(float(x), float(y)) * chart.pixels_each
            started, cpu, before = time.perf_counter(), time.thread_time(), chart.threshold
            send(chart, QEvent.Type.MouseMove if move else QEvent.Type.MouseButtonPress, place)
            QApplication.processEvents()
            took = time.perf_counter() - started
            wait(MOVE_MILLISECONDS)
            if chart.threshold != before:
                clocks.append(1000 * took)
                processor.append(1000 * (time.thread_time() - cpu))
        send(chart, QEvent.Type.MouseButtonRelease, place)
        numbers[f"drag_{plot}_p50_ms"] = float(np.percentile(clocks, 50))
        numbers[f"drag_{plot}_p99_ms"] = float(np.percentile(clocks, 99))
        numbers[f"drag_{plot}_cpu_ms"] = float(np.mean(processor))
    closed(window)
    return numbers


def cards(seconds: float) -> dict[str, float]:
    """The numbers of four pins on three lanes: of the window while it trains, and of one snapshot."""
    lab = vanishing_lab()
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    experiment = Experiment(dataset, tuple(replace(lane, batch_size=None) for lane in lab.lanes))
    bare, window = Bare(experiment), opened(experiment)
    session, view = window.session, window.laboratory.panel.view_of(PointView)
    before = bare.speed(seconds / 4)
    recorder = Recorder(window)
    window.laboratory.panel.show_view(LabView.POINT)
    session.sight.use_pins(tuple(Pin(number, place) for number, place in enumerate(PINS)))
    session.train()
    wait_for(window, RunState.RUNNING)
    wait(1500 if seconds > 2 * QUICK else 100)
    seen: list[tuple[LaneView, ...]] = []
    session.snapshot_arrived.connect(lambda _: seen.append(tuple(window.laboratory.panel.lanes)))
    recorder.fields.clear()
    first, started = session.snapshot.lanes[0].epochs, time.perf_counter()
    wait(int(1000 * seconds))
    rate = (session.snapshot.lanes[0].epochs - first) / (time.perf_counter() - started)
    frames = 1000 * np.diff(recorder.fields)
    session.pause()
    wait_for(window, RunState.PAUSED)
    after = bare.speed(seconds / 4)
    apart, costs = PointView(), []
    apart.resize(*ALL_SEEN)
    apart.show()
    apart.show_lanes(seen[0])
    wait(100)
    apart.board._rhythm.milliseconds = 0
    for lanes in seen[-100:]:
        cpu = time.thread_time()
        apart.show_lanes(lanes)
        QApplication.processEvents()
        costs.append(1000 * (time.thread_time() - cpu))
    apart.close()
    assert view.isVisible()
    closed(window)
    return {
        "cards_fields_per_second": 1000 / float(np.mean(frames)),
        "cards_frame_p99_ms": float(np.percentile(frames, 99)),
        "cards_speed_ratio": 2 * rate / (before + after),
        "twelve_cards_cpu_ms": float(np.median(costs)),
    }


TARGETS = {
    "drag_histogram_p99_ms": "≤ 35",
    "drag_roc_p99_ms": "≤ 35",
    "drag_histogram_cpu_ms": "≤ 12",
    "cards_fields_per_second": "≥ 30 alone",
    "cards_frame_p99_ms": "≤ 45 alone",
    "cards_speed_ratio": "≥ 0.7 alone",
    "twelve_cards_cpu_ms": "≤ 15",
}


def measure(seconds: float) -> dict[str, float]:
    """All numbers of the laboratory Probability."""
    return {**dragged(seconds), **cards(2 * seconds)}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report(
        "Probability, 1400×900: a drag on 20,000 points; four pins on three lanes of 20×16",
        __doc__,
        lambda quick: measure(QUICK if quick else 12.0),
        TARGETS,
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
