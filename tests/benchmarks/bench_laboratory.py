"""Three lanes of twenty layers in the window: frames, training speed, and how long a view takes to open.

``python -m tests.benchmarks.bench_laboratory [--busy 2]`` (offscreen unless QT_QPA_PLATFORM says otherwise). The bare
speed is that of the same three trainers by turns in the same process while the window rests, before and after each
view.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from engine import toy_datasets
from engine.experiment import Experiment
from engine.run.snapshot import RunState
from engine.studies.presets import vanishing_lab
from gui.app import collect_here, make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.system.preferences import Preferences
from gui.views import LabView
from tests.benchmarks.bench_window import Recorder, wait, wait_for
from tests.benchmarks.report import report

VIEWS = [view for view in LabView if view is not LabView.TABLE]


class Bare:
    """The trainers of an experiment without a window, in turns of ten epochs."""

    def __init__(self, experiment: Experiment) -> None:
        import torch

        from engine.training import Trainer

        torch.set_num_threads(1)
        self._trainers = [Trainer(experiment.dataset, config) for config in experiment.lanes]

    def speed(self, seconds: float) -> float:
        """Epochs per second, of all lanes."""
        started, epochs = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            for trainer in self._trainers:
                for _ in range(10):
                    trainer.epoch()
            epochs += 10
        return epochs / (time.perf_counter() - started)


def measure(seconds: float, settling: int) -> dict[str, float]:
    """All numbers of the laboratory, of each view after so many milliseconds of training."""
    lab = vanishing_lab()
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    experiment = Experiment(dataset, tuple(replace(lane, batch_size=None) for lane in lab.lanes))
    bare = Bare(experiment)
    of_each = seconds / len(VIEWS)
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
    numbers: dict[str, float] = {}
    rates, slowest, opened, alone = [], [], [], [bare.speed(of_each / 2)]
    for view in VIEWS:
        session.train()
        wait_for(window, RunState.RUNNING)
        started = time.perf_counter()
        window.laboratory.panel.show_view(view)
        window.laboratory.panel.repaint()
        opened.append(1000 * (time.perf_counter() - started))
        wait(settling)
        recorder.fields.clear()
        first, started = session.snapshot.lanes[0].epochs, time.perf_counter()
        wait(int(1000 * of_each))
        rates.append((session.snapshot.lanes[0].epochs - first) / (time.perf_counter() - started))
        frames = np.diff(recorder.fields) * 1000
        slowest.append(float(np.percentile(frames, 99)))
        numbers[f"fields_per_second_{view}"] = 1000 / float(np.mean(frames))
        session.pause()
        wait_for(window, RunState.PAUSED)
        wait(settling)  # until the fields are as fine as they get
        alone.append(bare.speed(of_each / 2))
    window.files.asks = False
    window.close()
    ratios = [2 * rate / (before + after) for rate, before, after in zip(rates, alone[:-1], alone[1:], strict=True)]
    return {
        **numbers,
        "fields_per_second": min(numbers.values()),
        "frame_p99_ms": max(slowest),
        "epochs_per_second": statistics.mean(rates),
        "bare_epochs_per_second": statistics.mean(alone),
        **{f"speed_ratio_{view}": ratio for view, ratio in zip(VIEWS, ratios, strict=True)},
        "speed_ratio": min(ratios),
        "view_opened_max_ms": max(opened),
    }


TARGETS = {
    "fields_per_second": "≥ 30 alone",
    "frame_p99_ms": "≤ 45 alone",
    "speed_ratio": "≥ 0.7 alone",
    "view_opened_max_ms": "≤ 100",
}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report(
        "Laboratory, 1400×900, three lanes of 20×16, 500 points, full batch",
        __doc__,
        lambda quick: measure(3.0, 100) if quick else measure(25.0, 1500),
        TARGETS,
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
