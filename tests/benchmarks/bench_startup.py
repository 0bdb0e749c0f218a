"""The time until there is something to see, and until it can be trained.

``python -m tests.benchmarks.bench_startup``: every time is that of a fresh process; runs of the program and of a bare
``import torch`` take turns, and medians are compared. The first turn, which is not counted, leaves the compiled modules
of Python in their ``__pycache__``, as the first start of a program does, whatever PYTHONDONTWRITEBYTECODE says here.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests import ROOT

PROBE = """
import gc, sys, time
gc.disable()  # as main does
from main import parser
import gui.app
from PySide6.QtCore import QTimer
from engine.run.snapshot import RunState

started = float(sys.argv[1])
times = {}
original = gui.app.open_window

def note(name):
    times.setdefault(name, time.time() - started)

def open_window(window, size, **keywords):
    canvas = window.canvas
    paint = canvas.paintEvent
    def first_paint(event):
        paint(event)
        note("window")
    canvas.paintEvent = first_paint
    def follow(snapshot):
        if snapshot.state is RunState.READY and "ready" not in times:
            note("ready")
            QTimer.singleShot(500, click)
        elif snapshot.state is RunState.RUNNING and "clicked" in times and "trained" not in times:
            note("trained")
            QTimer.singleShot(0, window.close)
    def click():
        note("clicked")
        window.run_bar.findChild(object, "train_button").click()
    window.session.snapshot_arrived.connect(follow)
    window._follow = follow
    original(window, size, **keywords)

gui.app.open_window = open_window
gui.app.run(parser().parse_args(["--size", "1366x768"]))
print(times["window"], times["ready"], times["trained"] - times["clicked"])
"""


def seconds_of(arguments: list[str]) -> float:
    """The seconds that a process of Python takes."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, env=environment())
    return time.perf_counter() - started


def environment() -> dict[str, str]:
    """Variables under which a program starts from its compiled modules."""
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"QT_QPA_PLATFORM": "offscreen", **usual}


def times_of_program() -> tuple[float, float, float]:
    """Seconds to the first paint and to readiness, and from the click on Train to the first snapshot of it."""
    output = subprocess.run(
        [sys.executable, "-c", PROBE, str(time.time())],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    ).stdout
    window, ready, click = map(float, output.split())
    return window, ready, click


def measure(turns: int) -> dict[str, float]:
    """Medians of all numbers."""
    torch_times, programs, versions = [], [], []
    for turn in range(turns + 1):
        of_torch = seconds_of(["-c", "import torch"])
        of_program = times_of_program()
        of_version = seconds_of(["main.py", "--version"])
        if turn:  # the first turn reads the disk
            torch_times.append(of_torch)
            programs.append(of_program)
            versions.append(of_version)
    window, ready, click = (statistics.median(column) for column in zip(*programs, strict=True))
    torch = statistics.median(torch_times)
    return {
        "import_torch_s": torch,
        "window_s": window,
        "window_ratio": window / torch,
        "ready_s": ready,
        "ready_ratio": ready / torch,
        "train_click_s": click,
        "version_s": statistics.median(versions),
    }


TARGETS = {"window_ratio": "≤ 0.7", "ready_ratio": "≤ 1.8", "train_click_s": "≤ 0.2", "version_s": "< 0.3"}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one turn, to see that it works")
    parser.add_argument("--json", metavar="PATH", help="also write the numbers; - is standard output")
    options = parser.parse_args(arguments)
    numbers = measure(1 if options.quick else 7)
    print("Start, fresh processes, medians")
    for name, value in numbers.items():
        print(f"  {name:18s} {value:8.3f}   {TARGETS.get(name, '')}")
    if options.json == "-":
        print(json.dumps(numbers))
    elif options.json:
        Path(options.json).write_text(json.dumps(numbers), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
