"""Recovery files: everything comes back, quickly, and a killed process leaves a whole file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.config import Activation, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.formats.recovery_file import read_recovery, write_recovery
from tests import ROOT
from tests.engine.reference import cloud

DEEP_POINTS = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
DEEP = Dataset(DEEP_POINTS, np.arange(30) % 2, ("A", "B"), projection=principal_plane(DEEP_POINTS))


@pytest.mark.parametrize("document", [None, "", "/home/someone/درس.marz.json", "half a pair \ud83d"])
@pytest.mark.parametrize("dataset", [cloud(20, 3), cloud(20, 2).without(np.arange(20) < 9), DEEP])
def test_experiment_and_path_come_back(dataset: Dataset, document: str | None, tmp_path: Path) -> None:
    lanes = (TrainingConfig(), TrainingConfig(activation=Activation.RELU, hidden_layers=(3, 4)))
    experiment = Experiment(dataset, lanes, "A title \x00 \ud83d آبی")

    for weights, runs in ((None, None), ([], {"records": []}), ([{"parameters": "AAAA"}], None)):
        write_recovery(tmp_path / "f", experiment, document, weights, runs)

        back: tuple[object, ...] = read_recovery(tmp_path / "f")
        assert back == (experiment, document, weights, runs)


WRITING = """
import itertools, sys
import numpy as np
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.formats.recovery_file import write_recovery

for n in itertools.count(2):
    write_recovery(sys.argv[1], Experiment(Dataset(np.full((n * 50, 2), n), np.arange(n * 50) % 2, ("A", "B"))), str(n))
    print(n, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.01, 0.03])
def test_a_killed_process_leaves_a_whole_file(delay: float, tmp_path: Path) -> None:
    path = tmp_path / "f"
    process = subprocess.Popen([sys.executable, "-c", WRITING, path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(5)]
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    told += process.communicate()[0].splitlines()

    experiment, document, *_ = read_recovery(path)

    number = int(document or 0)
    assert number in (int(told[-1]), int(told[-1]) + 1)
    assert len(experiment.dataset) == number * 50
    assert (experiment.dataset.points == number).all()
