"""Time per epoch against points, depth and width, and the memory it takes.

``python -m tests.benchmarks.bench_growth --plot docs/growth.png``. tanh, SGD, one thread, each network in a process of
its own, so that its highest resident memory is its own. The growth is the slope of the line through the logarithms from
where the fixed cost of a step no longer counts: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import ROOT

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

FEATURES = 2


@dataclass(frozen=True)
class Series:
    """A series: what grows, its sizes, and the size from which on the growth is measured."""

    name: str
    sizes: tuple[int, ...]
    linear_from: int
    most: float  # goal for the growth


@dataclass(frozen=True)
class Work:
    """A network and its data."""

    points: int
    depth: int
    width: int
    batch_size: int | None


SERIES = (
    Series("points", (100, 1_000, 10_000, 100_000, 1_000_000), 10_000, 1.1),
    Series("points in batches of 32", (100, 1_000, 10_000, 100_000, 1_000_000), 1_000, 1.1),
    Series("depth", (1, 2, 5, 10, 20, 50, 100, 200), 10, 1.1),
    Series("width", (4, 8, 16, 32, 64, 128, 256, 512, 1024), 128, 2.1),
)


TITLES = {
    "points": "points, through 4 layers of 16",
    "depth": "depth, layers of 32, 1,000 points",
    "width": "width, 4 layers, 1,000 points",
}


def work_of(series: Series, size: int) -> Work:
    """The network and data of one measurement."""
    match series.name:
        case "points":
            return Work(size, 4, 16, None)
        case "points in batches of 32":
            return Work(size, 4, 16, 32)
        case "depth":
            return Work(1_000, size, 32, None)
        case _:
            return Work(1_000, 4, size, None)


def measure_here(work: Work, seconds: float) -> dict[str, float]:
    """Seconds per epoch, and megabytes: of the data, of the trainer's set-up, and of the epochs beyond that."""
    import numpy as np
    import torch

    from engine.config import Optimizer, TrainingConfig
    from engine.dataset import Dataset
    from engine.training import Trainer

    torch.set_num_threads(1)
    generator = np.random.default_rng(1)
    points = generator.normal(size=(work.points, FEATURES)).astype(np.float32)
    dataset = Dataset(points, (points[:, 0] > 0).astype(np.int64), ("A", "B"))
    config = TrainingConfig(
        hidden_layers=(work.width,) * work.depth,
        optimizer=Optimizer.SGD,
        learning_rate=1e-4,
        batch_size=work.batch_size,
        validation_fraction=0.0,
    )
    before = highest_megabytes()
    trainer = Trainer(dataset, config)
    trainer.epoch()
    ready = highest_megabytes()
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < 3 or (time.perf_counter() - started < seconds and len(times) < 10_000):
        begun = time.perf_counter()
        trainer.epoch()
        times.append(time.perf_counter() - begun)
        if seconds == 0:
            break
    return {
        "seconds": statistics.median(times),
        "set_up_megabytes": ready - before,
        "megabytes_while_training": highest_megabytes() - ready,
    }


def highest_megabytes() -> float:
    """The highest resident memory of this process so far."""
    try:
        import resource
    except ImportError:  # on Windows
        return math.nan
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(work: Work, seconds: float) -> dict[str, float]:
    """`measure_here` in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_growth", "--one", json.dumps(asdict(work))]
    done = subprocess.run([*command, "--seconds", str(seconds)], cwd=ROOT, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def growth(sizes: list[int], seconds: list[float]) -> float:
    """The slope of the line of least squares through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    return statistics.linear_regression(xs, ys).slope


def plot(results: dict[str, list[dict[str, float]]], path: str) -> None:
    """Draw the three series on logarithmic axes, side by side."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph as pg

    app = pg.mkQApp()
    pg.setConfigOptions(background="w", foreground="k", antialias=True)
    layout = pg.GraphicsLayoutWidget()
    layout.resize(1200, 400)
    pens = {"points": "#0072b2", "points in batches of 32": "#d55e00", "depth": "#0072b2", "width": "#0072b2"}
    axes: dict[str, pg.PlotItem] = {}
    for name, rows in results.items():
        what = name.split()[0]
        if what not in axes:
            axes[what] = axis = layout.addPlot(title=TITLES[what])
            axis.setLogMode(x=True, y=True)
            axis.setLabel("bottom", what)
            axis.setLabel("left", "ms per epoch")
            axis.getAxis("left").enableAutoSIPrefix(False)
            axis.showGrid(x=True, y=True, alpha=0.3)
            if what == "points":
                axis.addLegend(offset=(10, 10))
        label = "full batch" if name == "points" else "batches of 32"
        axes[what].plot(
            [row["size"] for row in rows], [1000 * row["seconds"] for row in rows],
            pen=pg.mkPen(pens[name], width=2), symbol="o" if "32" not in name else "t", symbolSize=8,
            symbolBrush=pens[name], name=label if what == "points" else None,
        )  # fmt: skip
    layout.show()
    app.processEvents()
    layout.grab().save(path)


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0 whatever the numbers are."""
    parser = argparse.ArgumentParser(prog="bench_growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one epoch: whether it works, not how fast")
    parser.add_argument("--json", metavar="PATH", help="write the numbers as JSON too")
    parser.add_argument("--plot", metavar="PNG", help="draw them, too")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=1.0, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        print(json.dumps(measure_here(Work(**json.loads(options.one)), options.seconds)))
        return 0
    results: dict[str, list[dict[str, float]]] = {}
    growths: dict[str, float] = {}
    for series in SERIES:
        sizes = series.sizes[:2] if options.quick else series.sizes
        rows = []
        print(f"{series.name:>24}{'ms per epoch':>15}{'set-up, MB':>12}{'training, MB':>14}", flush=True)
        for size in sizes:
            work = work_of(series, size)
            row = {"size": size, **(measure_here(work, 0.0) if options.quick else measure(work, options.seconds))}
            rows.append(row)
            megabytes = f"{row['set_up_megabytes']:>12.1f}{row['megabytes_while_training']:>14.1f}"
            print(f"{size:>24,}{1000 * row['seconds']:>15.3f}{megabytes}", flush=True)
        large = [row for row in rows if options.quick or row["size"] >= series.linear_from]
        growths[series.name] = growth([int(row["size"]) for row in large], [row["seconds"] for row in large])
        start = large[0]["size"]
        print(f"growth from {start:,.0f} on: {growths[series.name]:.2f} (goal: at most {series.most:g})\n", flush=True)
        results[series.name] = rows
    if options.json:
        Path(options.json).write_text(json.dumps({"rows": results, "growth": growths}) + "\n", encoding="utf-8")
    if options.plot:
        plot(results, options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
