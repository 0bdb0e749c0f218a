"""The cost for training of looking into the layers: three lanes of twenty layers with and without it.

``python -m tests.benchmarks.bench_probes``. A worker without a window takes a snapshot whenever one is due, in turns:
with everything measured, without the diagnosis of each layer, and with neither that nor gradient norms. Turns are
short, since the machine is now faster and now slower; what is lost is told of the mean speeds. As in the window, which
has its own times for it, no garbage is collected meanwhile.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from dataclasses import replace
from queue import SimpleQueue
from unittest import mock

import torch

from engine import toy_datasets
from engine.experiment import Experiment
from engine.insight.diagnosis import DIAGNOSIS
from engine.run.attention import Attention
from engine.run.commands import Attend, Command, Start
from engine.run.mailbox import Mailbox
from engine.run.worker import Worker
from engine.studies.presets import vanishing_lab
from tests.benchmarks.report import report


class Looked:
    """A worker whose snapshots are taken at once, and whose clock stands while others have their turn."""

    def __init__(self, experiment: Experiment, *, diagnoses: bool) -> None:
        self._queue: SimpleQueue[Command] = SimpleQueue()
        self._mailbox = Mailbox(lambda: None)
        self._away, self._left_at = 0.0, time.perf_counter()
        self._worker = Worker(self._queue, self._mailbox, lambda: time.perf_counter() - self._away)
        self._queue.put(Attend(Attention(wanted=frozenset({DIAGNOSIS} if diagnoses else ()))))
        self._queue.put(Start(1, experiment, running=True))
        self._worker._take_commands()
        self._worker._follow()

    def speed(self, seconds: float) -> float:
        """Epochs per second of all lanes."""
        worker, started = self._worker, time.perf_counter()
        self._away += started - self._left_at
        first = worker._epochs()
        worker._publish_if_due()
        while (elapsed := time.perf_counter() - started) < seconds or worker._epochs() == first:
            worker._train()
            worker._publish_if_due()
            self._mailbox.take()
        self._left_at = time.perf_counter()
        return (worker._epochs() - first) / elapsed


def measure(turns: int, seconds: float) -> dict[str, float]:
    """Both shares."""
    torch.set_num_threads(1)
    gc.disable()
    dataset = toy_datasets.make("spiral", n_samples=500, n_classes=3, noise=0.1, seed=1)
    lanes = tuple(replace(lane, batch_size=None) for lane in vanishing_lab().lanes)
    experiment = Experiment(dataset, lanes)
    whole, norms = Looked(experiment, diagnoses=True), Looked(experiment, diagnoses=False)
    with mock.patch("engine.run.measurements.OF_A_LANE", ()):
        neither = Looked(experiment, diagnoses=False)
    speeds: list[list[float]] = []
    for turn in range(turns + 20):
        both, some, bare = whole.speed(seconds), norms.speed(seconds), neither.speed(seconds)
        if turn >= 20:  # the first epochs are evaluated one by one
            speeds.append([both, some, bare])
    both, some, bare = (statistics.fmean(kind) for kind in zip(*speeds, strict=True))
    return {
        "epochs_per_second": bare,
        "lost_to_gradient_norms_%": 100 * (1 - some / bare),
        "lost_to_all_probes_%": 100 * (1 - both / bare),
    }


TARGETS = {"lost_to_all_probes_%": "≤ 5"}


def main(arguments: list[str] | None = None) -> int:
    """Print one table."""
    return report(
        "Probes, three lanes of 20×16, 500 points, full batch",
        __doc__,
        lambda quick: measure(1, 0.1) if quick else measure(300, 0.1),
        TARGETS,
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
