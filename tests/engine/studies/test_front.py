"""The studies from the command line, in processes of their own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from engine import toy_datasets
from engine.__main__ import main
from engine.config import Activation, Initialization, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment, save
from engine.studies.executors import InThisProcess
from engine.studies.folds import FoldsTask, folds_study
from engine.studies.front import KINDS, add_study_commands, grid_order
from engine.studies.grid import GridTask, grid_study, train_cell
from engine.studies.seeds import SeedsTask, seeds_study
from engine.studies.study import Study, lines
from tests import ROOT

MOONS = toy_datasets.make("moons", n_samples=40, seed=1)
CONFIG = TrainingConfig(hidden_layers=(4, 4))
TASK = GridTask(MOONS, CONFIG, (Activation.RELU,), (Initialization.ZEROS, Initialization.HE_NORMAL), (4, 6), 3)
OPTIONS = ("--activations", "relu", "--initializations", "zeros,he_normal", "--seeds", "4,6", "--epochs", "3")
STUDIES: dict[str, tuple[tuple[str, ...], Study[Any, Any]]] = {
    "grid": (OPTIONS, grid_study(TASK)),
    "folds": (("--k", "4", "--epochs", "3"), folds_study(FoldsTask(MOONS, CONFIG, 4, 3))),
    "seeds": (("--seeds", "4,6-7", "--epochs", "3"), seeds_study(SeedsTask(MOONS, CONFIG, (4, 6, 7), 3))),
}
"""Of each kind what is typed, and the study that is meant."""
PATIENCE = 120  # seconds; a study lets other programs go first, and so its end takes long on a busy machine

NO_GRIDS: list[tuple[list[str], str]] = [
    (["--activations", "relu,swish"], "swish"),
    (["--activations", "relu,relu"], "relu twice"),
    (["--initializations", "best"], "best"),
    (["--seeds", "2-1"], "runs backwards"),
    (["--epochs", "0"], "epochs is 0"),
]
"""Options that make no grid, and a word of what is said then."""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An experiment that trains in no time."""
    path = tmp_path / "small.json"
    save(path, Experiment(MOONS, (CONFIG,)))
    return str(path)


def printed(capsys: pytest.CaptureFixture[str], kind: str, *options: str) -> tuple[list[dict[str, Any]], Any]:
    """The lines of ``python -m engine study``, those of the jobs sorted, and the last one."""
    assert main(["study", kind, *options]) == 0
    *jobs, last = map(json.loads, capsys.readouterr().out.splitlines())
    return sorted(jobs, key=str), last


def wanted(study: Study[Any, Any]) -> tuple[list[dict[str, Any]], Any]:
    """The same lines of a study that is done here, without the command line."""
    *jobs, last = (json.loads(json.dumps(line, allow_nan=False)) for line in lines(study, InThisProcess(), 1))
    return sorted(jobs, key=str), last


@pytest.mark.slow
@pytest.mark.parametrize("kind", STUDIES)
def test_a_study_is_a_line_for_each_job_and_a_summary(kind: str, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    options, study = STUDIES[kind]

    assert printed(capsys, kind, file, *options, "--workers", "2", "--json", "-") == wanted(study)


def test_the_summary_of_a_grid_has_chance_and_the_cells_row_by_row() -> None:
    _, last = wanted(grid_study(TASK))

    assert set(last["summary"]) == {"chance", "cells"}
    assert [(cell["activation"], cell["initialization"], cell["n_runs"]) for cell in last["summary"]["cells"]] == [
        ("relu", "zeros", 2), ("relu", "he_normal", 2),
    ]  # fmt: skip


@pytest.mark.slow
def test_options_describe_the_experiment_where_there_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(
        capsys, "grid", "--dataset", "moons", "--points", "40", "--noise", "0.1", "--seed", "1", "--depth", "2",
        "--width", "4", "--learning-rate", "0.01", *OPTIONS, "--workers", "1",
    )  # fmt: skip
    config = TrainingConfig(hidden_layers=(4, 4), learning_rate=0.01, seed=1)
    dataset = toy_datasets.make("moons", n_samples=40, n_classes=2, noise=0.1, seed=1)
    task = GridTask(dataset, config, TASK.activations, TASK.initializations, TASK.seeds, TASK.epochs)

    assert found == wanted(grid_study(task))


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        *(("grid", options, message) for options, message in NO_GRIDS),
        ("grid", ["--workers", "0"], "workers is 0"),
        ("grid", ["--workers", "1000"], "workers is 1000"),
        ("grid", ["--activation", "relu"], "the grid takes --activations"),
        ("grid", ["--initialization", "zeros"], "the grid takes --initializations"),
        ("grid", ["--depth", "-1"], "depth is -1"),
        ("folds", ["--k", "1"], "k is 1"),
        ("folds", ["--k", "most"], "k is 'most'"),
        ("folds", ["--k", "all", "--points", "41"], "up to 40 that is done"),
        ("folds", ["--points", "12", "--classes", "3"], "is 4"),
        ("folds", ["--epochs", "0"], "epochs is 0"),
        ("seeds", ["--seeds", "2-1"], "runs backwards"),
        ("seeds", ["--seeds", "3,3"], "3 twice"),
    ],
)
def test_a_study_that_cannot_be_begun_is_told_to_people_and_to_programs(
    kind: str, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["study", kind, *options])

    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert message in printed.err
    (line,) = printed.out.splitlines()
    told = json.loads(line)["error"]
    assert message in told["sentence"]
    assert str(InputError.from_json(told)) == told["sentence"]


@pytest.mark.slow
def test_a_job_that_cannot_be_done_is_told_by_the_process_that_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.json"
    save(path, Experiment(MOONS.cleared(), (CONFIG,)))
    with pytest.raises(SystemExit):
        main(["study", "grid", str(path), *OPTIONS, "--workers", "1"])

    told = json.loads(capsys.readouterr().out)["error"]
    assert told["sentence"] == told["template"] == "There are no points to train on."


def test_a_cluster_is_asked_for_by_its_address(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SystemExit):
        main(["study", "grid", file, "--cluster", "tcp://127.0.0.1:8786"])

    assert "marz[cluster]" in capsys.readouterr().err


CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@pytest.mark.slow
@pytest.mark.skipif(find_spec("distributed") is None, reason="the extra “cluster” is not installed")
def test_a_real_cluster_gives_the_same_lines(file: str, tmp_path: Path) -> None:
    (tmp_path / "cluster.py").write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "cluster.py")],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        done = subprocess.run(
            [sys.executable, "-m", "engine", "study", "grid", file, *OPTIONS, "--cluster", address],
            cwd=ROOT, capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        process.stdin.close()

    *jobs, last = map(json.loads, done.stdout.splitlines())
    assert (sorted(jobs, key=str), last) == wanted(grid_study(TASK))


def test_all_points_can_be_left_out_one_after_the_other() -> None:
    parser = argparse.ArgumentParser()
    add_study_commands(parser)
    options = parser.parse_args(["folds", "--points", "30", "--k", "all"])

    assert [len(job.held_out) for job in KINDS["folds"].study(options).jobs] == [1] * 30


def test_a_file_has_its_own_settings(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["study", "grid", file, "--depth", "3"])

    assert "--depth cannot be combined with the file" in capsys.readouterr().err


def test_what_a_program_orders_can_be_typed_and_read_back() -> None:
    order = grid_order(TASK)

    assert (order.kind, order.n_jobs, order.options) == ("grid", 4, OPTIONS)
    assert order.experiment == Experiment(MOONS, (CONFIG,))
    line = {**train_cell(grid_study(TASK).jobs[0]).as_json()}
    assert order.result(line) == train_cell(grid_study(TASK).jobs[0])


LONG = {
    "grid": ("--points", "20", "--epochs", "1", "--seeds", "0-999"),
    "folds": ("--points", "40", "--k", "all", "--epochs", "1000"),
    "seeds": ("--points", "20", "--epochs", "1", "--seeds", "0-999"),
}
"""Options of studies that take longer than a test."""


def children_of(pid: int) -> set[int]:
    """The processes that a process has started."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def wait_until_gone(pids: set[int]) -> None:
    """Wait until none of the processes runs; a zombie is only a number."""
    deadline = time.monotonic() + PATIENCE
    while (left := {pid for pid in pids if runs(pid)}) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left


def runs(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="children are listed in /proc")
@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        *(("grid", ending) for ending in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, "input", "output")),
        ("folds", signal.SIGKILL),
        ("seeds", "input"),
    ],
)
def test_whatever_ends_a_study_ends_its_workers(kind: str, ending: signal.Signals | str) -> None:
    with begun(kind) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        workers = children_of(process.pid)
        assert len(workers) >= 2
        if ending == "input":
            process.stdin.close()
        elif ending == "output":
            process.stdout.close()
        elif isinstance(ending, signal.Signals):
            process.send_signal(ending)
        process.wait(timeout=PATIENCE)
        wait_until_gone(workers)
        assert "Traceback" not in process.stderr.read()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="children are listed in /proc")
@pytest.mark.parametrize("kind", ["folds", "seeds"])
def test_a_worker_that_is_killed_ends_the_study_with_a_sentence(kind: str) -> None:
    with begun(kind) as process:
        workers = children_of(process.pid)
        killed = next(pid for pid in workers if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(killed, signal.SIGKILL)
        assert process.stdout is not None
        assert process.stderr is not None
        out, told = process.stdout.read(), process.stderr.read()
        process.wait(timeout=PATIENCE)
        wait_until_gone(workers)

    *_, last = map(json.loads, out.splitlines())
    assert process.returncode == 2
    assert "ended before its time" in last["error"]["sentence"]
    assert last["error"]["sentence"] in told
    assert "Traceback" not in told


@contextmanager
def begun(kind: str) -> Iterator[subprocess.Popen[str]]:
    """A long study of two workers that has told of a job."""
    command = [sys.executable, "-m", "engine", "study", kind, *LONG[kind], "--workers", "2", "--end-with-input"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "curves" in (line := json.loads(process.stdout.readline())) or line["epochs"] == 1
        yield process
