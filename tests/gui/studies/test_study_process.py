"""A study in a real process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.config import Activation, Initialization, TrainingConfig
from engine.errors import InputError
from engine.experiment import Experiment, save
from engine.studies.front import grid_order
from engine.studies.grid import CellRun, GridTask
from engine.training import Trainer
from gui.studies import study_process
from gui.studies.study_process import StudyProcess, arguments
from tests import ROOT
from tests.engine.studies.test_executors import is_alive

PATIENCE = 20_000  # milliseconds; each process imports torch
TASK = GridTask(
    toy_datasets.make("moons", n_samples=60, seed=1),
    TrainingConfig(hidden_layers=(6, 6)),
    (Activation.TANH, Activation.RELU),
    (Initialization.HE_UNIFORM,),
    (5, 6),
    4,
)
ORDER = grid_order(TASK)
ENDLESS = grid_order(replace(TASK, epochs=1_000_000, seeds=tuple(range(20))))


class Told(QObject):
    """What a process has said."""

    def __init__(self, process: StudyProcess) -> None:
        super().__init__()
        self.runs: list[CellRun] = []
        self.ends: list[str] = []
        process.job_finished.connect(self.runs.append)
        process.finished.connect(lambda: self.ends.append("finished"))
        process.failed.connect(lambda problem: self.ends.append(str(problem)))


@pytest.fixture
def process(qtbot: QtBot) -> StudyProcess:
    return StudyProcess()


def child_of(process: StudyProcess) -> int:
    """The number of the operating system's process."""
    assert process._process is not None
    process._process.waitForStarted()
    return process._process.processId()


def test_runs_come_one_by_one_and_have_the_numbers_of_a_trainer_run_by_hand(
    process: StudyProcess, qtbot: QtBot
) -> None:
    told = Told(process)
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        process.start(ORDER)
        assert process.is_running
    trainer = Trainer(
        TASK.dataset,
        replace(TASK.config, activation=Activation.RELU, initialization=Initialization.HE_UNIFORM, seed=6),
    )
    norms = trainer.gradient_norms()
    for _ in range(4):
        trainer.epoch()
    metrics = trainer.evaluate()

    assert told.ends == ["finished"]
    assert [(run.activation, run.seed) for run in told.runs] == [("tanh", 5), ("relu", 5), ("tanh", 6), ("relu", 6)]
    assert told.runs[-1].first_over_last == norms[0] / norms[-1]
    assert (told.runs[-1].accuracy, told.runs[-1].loss) == (metrics.train_accuracy, metrics.train_loss)
    assert not process.is_running


def test_very_many_points_are_written_on_another_thread_and_that_can_be_cancelled(
    process: StudyProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    may_write = threading.Event()

    def write(path: str, experiment: Experiment) -> None:
        threads.append(threading.current_thread() is threading.main_thread())
        assert may_write.wait(20)
        save(path, experiment)

    monkeypatch.setattr(study_process, "save", write)
    monkeypatch.setattr(study_process, "LARGE_DATASET", len(TASK.dataset) - 1)
    told = Told(process)
    process.start(ENDLESS)
    assert process.is_running
    process.cancel()
    assert not process.is_running
    assert told.ends == ["finished"]
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        process.start(grid_order(replace(TASK, seeds=(1,))))
        may_write.set()
    assert [run.seed for run in told.runs] == [1, 1]
    assert threads
    assert not any(threads)


def test_it_works_from_any_working_directory(
    process: StudyProcess, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        process.start(grid_order(replace(TASK, seeds=(1,))))


def test_cancel_leaves_no_process_and_no_later_word(process: StudyProcess, qtbot: QtBot) -> None:
    told = Told(process)
    process.start(ENDLESS)
    pid = child_of(process)
    qtbot.wait(300)
    process.cancel()

    assert not is_alive(pid)
    assert told.ends == ["finished"]
    qtbot.wait(100)
    assert told.ends == ["finished"]
    process.cancel()
    assert told.ends == ["finished"]


def test_it_can_be_cancelled_by_whoever_hears_of_a_run(process: StudyProcess, qtbot: QtBot) -> None:
    told = Told(process)
    process.job_finished.connect(process.cancel)
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        process.start(ORDER)
    qtbot.wait(100)

    assert len(told.runs) == 1
    assert told.ends == ["finished"]


def test_a_new_start_replaces_what_was_under_way(process: StudyProcess, qtbot: QtBot) -> None:
    told = Told(process)
    process.start(ENDLESS)
    pid = child_of(process)
    process.start(grid_order(replace(TASK, seeds=(1,))))
    qtbot.waitUntil(lambda: len(told.ends) == 2, timeout=PATIENCE)

    assert not is_alive(pid)
    assert [run.seed for run in told.runs] == [1, 1]


def test_what_the_engine_refuses_is_told_in_its_sentence(process: StudyProcess, qtbot: QtBot) -> None:
    with qtbot.waitSignal(process.failed, timeout=PATIENCE) as told:
        process.start(grid_order(replace(TASK, dataset=TASK.dataset.cleared())))

    assert told.args is not None
    assert [(type(error), str(error)) for error in told.args] == [(InputError, "There are no points to train on.")]
    assert not process.is_running


def python_that_says(tmp_path: Path, lines: str, then: str = "") -> str:
    """A Python whose process writes something else to standard output before it begins."""
    (tmp_path / "lines").write_text(lines)
    path, begin = tmp_path / "python", f'exec "{sys.executable}" "$@"'
    path.write_text(f'#!/bin/sh\ncat "{tmp_path}/lines"\n{then or begin}\n')
    path.chmod(0o700)
    return str(path)


STRAY = (
    '{"error": 7}\n{"error": {"template": "?", "values": 3}}\nA library says so.\n[1]\n7\n"done"\n{"seed": 1}\n{\n'
    + 100_000 * "["
    + "\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="the script is one of a Unix shell")
def test_lines_that_others_write_are_passed_over(
    process: StudyProcess, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python_that_says(tmp_path, STRAY))
    told = Told(process)
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        process.start(grid_order(replace(TASK, seeds=(1,))))
    assert [run.activation for run in told.runs] == ["tanh", "relu"]
    assert told.ends == ["finished"]


@pytest.mark.skipif(sys.platform == "win32", reason="the script is one of a Unix shell")
def test_a_process_that_ends_with_other_words_has_failed(
    process: StudyProcess,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sys, "executable", python_that_says(tmp_path, STRAY + '{"summary": {}}\n', "exit 0"))
    told = Told(process)
    with qtbot.waitSignal(process.failed, timeout=PATIENCE):
        process.start(ORDER)
    assert not process.is_running
    assert told.runs == []
    assert len(told.ends) == 1
    # the sentence says that the log says more; only what is told to this one gets there
    assert {record.name for record in caplog.records} == {"marz"}


def test_a_killed_process_is_told_of(process: StudyProcess, qtbot: QtBot) -> None:
    process.start(ENDLESS)
    pid = child_of(process)
    with qtbot.waitSignal(process.failed, timeout=PATIENCE) as told:
        os.kill(pid, 9)

    assert told.args == [None]


def test_a_python_that_cannot_be_started_is_told_of(
    process: StudyProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with qtbot.waitSignal(process.failed, timeout=PATIENCE) as told:
        process.start(ORDER)

    assert told.args is not None
    assert list(map(str, told.args)) == ["“/nowhere/python” could not be started."]
    assert not process.is_running


def test_killing_the_parent_leaves_no_orphan(tmp_path: Path) -> None:
    program = f"""
        import sys
        sys.path.insert(0, {str(ROOT)!r})
        from PySide6.QtCore import QCoreApplication
        from tests.gui.studies.test_study_process import ENDLESS, StudyProcess, child_of
        application, process = QCoreApplication([]), StudyProcess()
        process.start(ENDLESS)
        print(child_of(process), flush=True)
        application.exec()
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(3)  # until it trains
        assert is_alive(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not is_alive(pid)


@pytest.mark.parametrize(("processors", "workers"), [(1, "1"), (2, "1"), (4, "3"), (64, "4")])
def test_the_command_line_is_the_order_and_one_processor_is_left_to_the_window(
    processors: int, workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_process, "usual_workers", lambda: processors)

    assert arguments(ORDER, "a/file") == [
        "grid", "a/file", "--activations", "tanh,relu", "--initializations", "he_uniform", "--seeds", "5,6", "--epochs",
        "4", "--workers", workers, "--end-with-input",
    ]  # fmt: skip
