"""Trains the initialization × activation matrix in a process of its own."""

from __future__ import annotations

import json
import logging
import sys

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, Signal, Slot

import resources
from engine.experiment import Experiment, save
from engine.studies.matrix import CellRun, MatrixTask
from gui.system.background import LARGE_DATASET, Task, problem_of

KILLED_WITHIN = 2000  # milliseconds; a killed process is gone in two or three
logger = logging.getLogger("marz")


class MatrixProcess(QObject):
    """Runs ``python -m engine matrix`` and reads its lines.

    A process and not a thread: beside the training thread a second one that calls torch from Python would fight with it
    and with the window for the one interpreter lock. The operating system shares two processes out over the cores.

    Signals:
        run_finished(CellRun): one training is done.
        finished(): all are, or the work was cancelled; nothing comes after it.
        failed(str): it ended otherwise; a sentence that says why. Nothing comes after it.
    """

    run_finished = Signal(object)
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._writing: Task | None = None
        self._folder: QTemporaryDir | None = None
        self._is_done, self._n_awaited = False, 0

    @property
    def is_running(self) -> bool:
        """Whether there is work under way."""
        return self._process is not None or self._writing is not None

    def start(self, task: MatrixTask) -> None:
        """Begin; what was under way is cancelled."""
        self.cancel()
        self._folder, self._is_done, self._n_awaited = QTemporaryDir(), False, task.n_runs
        folder, experiment = self._folder, Experiment(task.dataset, (task.config,))

        def write(*_: object) -> tuple[QTemporaryDir, MatrixTask, str]:
            try:
                save(document_in(folder), experiment)
            except BaseException as error:  # noqa: BLE001  # told to the user
                return folder, task, problem_of(error)
            return folder, task, ""

        if len(task.dataset) <= LARGE_DATASET:
            self._launch(write())
            return
        self._writing = Task(write, self)
        self._writing.done.connect(self._launch)
        self._writing.finished.connect(self._writing.deleteLater)
        self._writing.start()

    @Slot(object)
    def _launch(self, written: tuple[QTemporaryDir, MatrixTask, str]) -> None:
        """Start the process, unless that was cancelled while its document was written."""
        folder, task, problem = written
        if folder is not self._folder:
            return
        self._writing = None
        if problem:
            self._folder = None
            self.failed.emit(problem)
            return
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("OMP_NUM_THREADS", "1")  # the window's own training needs the other cores
        environment.insert("PYTHONIOENCODING", "utf-8")
        self._process = process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(str(resources.ROOT))  # where Python finds the engine
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._fail_to_start)
        process.start(sys.executable, ["-m", "engine", "matrix", document_in(folder), *options(task)])

    def cancel(self) -> None:
        """End at once what is under way; `finished` is emitted if there was anything."""
        if not self.is_running:
            return
        if self._writing is not None:
            self._writing.cancel()
        if (process := self._process) is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(KILLED_WITHIN)
        self._forget()
        self.finished.emit()

    def _forget(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = self._writing = self._folder = None

    @Slot()
    def _read(self) -> None:
        process = self._process
        # who listens may cancel at any line
        while process is not None and process is self._process and process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                said = dict(json.loads(line))
                run = None if "done" in said else CellRun.from_json(said)
            except (ValueError, TypeError, LookupError, RecursionError):  # a library has written it, perhaps
                logger.warning("The matrix process wrote a line that is no result: %r", line[:200])
                continue
            if run is None:
                self._is_done = True
            else:
                self._n_awaited -= 1
                self.run_finished.emit(run)

    @Slot()
    def _end(self) -> None:
        process = self._process
        self._read()
        if process is None or process is not self._process:
            return
        complaint = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        self._forget()
        if self._is_done and self._n_awaited <= 0:
            self.finished.emit()
        else:
            logger.error("The matrix process ended with exit code %d: %s", process.exitCode(), complaint)
            self.failed.emit(sentence_of(complaint))

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # the others are followed by finished()
            self._forget()
            self.failed.emit(f"The matrix could not be trained: “{sys.executable}” could not be started.")


def document_in(folder: QTemporaryDir) -> str:
    """Where the process finds what it trains."""
    return folder.filePath("experiment.json")


def options(task: MatrixTask) -> list[str]:
    """The task on the command line, its dataset and config apart."""
    return [
        *("--activations", ",".join(task.activations)),
        *("--initializations", ",".join(task.initializations)),
        *("--seeds", ",".join(map(str, task.seeds))),
        *("--epochs", str(task.epochs)),
        "--end-with-input",  # so that it does not outlive a window that is killed
    ]


def sentence_of(complaint: str) -> str:
    """What is told of a process that did not get to its end, from what it wrote to standard error."""
    _, error, sentence = complaint.rpartition("error: ")
    if error and "Traceback" not in complaint:
        return f"The matrix could not be trained: {sentence}"
    return "Training the matrix stopped by an unexpected error. Start it again; the log says more."
