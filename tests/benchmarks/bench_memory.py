"""Resident memory of the window while it trains.

``python -m tests.benchmarks.bench_memory`` trains for ten minutes (``--minutes``) with the pointer at rest; growth is
counted from the first half minute on, when everything has been used once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.experiment import Experiment
from engine.run.snapshot import RunState
from gui.app import collect_here, make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.main_window import MainWindow
from gui.paint.theme import Theme, apply_theme
from gui.system.preferences import Preferences
from tests.benchmarks.bench_window import wait, wait_for


def resident_megabytes() -> float:
    """Resident memory of this process; Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def measure(minutes: float) -> dict[str, float]:
    """Resident memory in the beginning, at its highest, and its growth."""
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    config = TrainingConfig(hidden_layers=(16,) * 8, batch_size=None, learning_rate=0.001)
    application = make_application()
    apply_theme(application, Theme.LIGHT)
    thread = TrainingThread()
    session = Session(Experiment(dataset, (config,)), thread)
    window = MainWindow(session, thread, Preferences())
    window.resize(1400, 900)
    window.show()
    collect_here(application)
    session.start()
    thread.start()
    wait_for(window, RunState.READY)
    session.train()
    warm_up = min(30.0, minutes * 60 / 4)
    wait(int(warm_up * 1000))
    start = highest = resident_megabytes()
    ended = time.perf_counter() + minutes * 60 - warm_up
    while time.perf_counter() < ended:
        wait(1000)
        highest = max(highest, resident_megabytes())
    last, epochs = resident_megabytes(), session.snapshot.lanes[0].epochs
    window.close()
    return {"start_mb": start, "highest_mb": highest, "growth_mb": last - start, "minutes": minutes, "epochs": epochs}


TARGETS = {"highest_mb": "≤ 450", "growth_mb": "≤ 10 in 10 minutes"}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to train (default 10)")
    parser.add_argument("--quick", action="store_true", help="three seconds, to see that it works")
    parser.add_argument("--json", metavar="PATH", help="also write the numbers; - is standard output")
    options = parser.parse_args(arguments)
    numbers = measure(0.05 if options.quick else options.minutes)
    print("Memory of the window in training")
    for name, value in numbers.items():
        print(f"  {name:12s} {value:12.1f}   {TARGETS.get(name, '')}")
    if options.json == "-":
        print(json.dumps(numbers))
    elif options.json:
        Path(options.json).write_text(json.dumps(numbers), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
