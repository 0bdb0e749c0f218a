"""Does a study in a process of its own."""

from __future__ import annotations

import json
import logging
import sys

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, Signal, Slot

import resources
from engine.errors import InputError, shown_path
from engine.experiment import save
from engine.studies.executors import ONE_THREAD, usual_workers
from engine.studies.front import Order
from gui.system.background import LARGE_DATASET, Task, problem_of

MAX_WORKERS = 4  # each holds torch, 200 MB
KILLED_WITHIN = 2000  # milliseconds; a killed process is gone in two or three
logger = logging.getLogger("marz")


class StudyProcess(QObject):
    """Runs ``python -m engine study`` and reads its lines.

    A process and not a thread: beside the training thread a second one that calls torch from Python would fight with it
    and with the window for the one interpreter lock. The operating system shares the processes out over the cores, of
    which one is left to the window.

    Signals:
        job_finished(object): one job is done; its result.
        finished(): all are, or the work was cancelled; nothing comes after it.
        failed(object): it ended otherwise; the InputError that says why, None if only the log does. Nothing comes
            after it.
    """

    job_finished = Signal(object)
    finished = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._writing: Task | None = None
        self._folder: QTemporaryDir | None = None
        self._order: Order
        self._problem: InputError | None = None
        self._is_done, self._n_awaited = False, 0

    @property
    def is_running(self) -> bool:
        """True if there is work under way."""
        return self._process is not None or self._writing is not None

    def start(self, order: Order) -> None:
        """Begin; what was under way is cancelled."""
        self.cancel()
        self._order, self._problem, self._is_done, self._n_awaited = order, None, False, order.n_jobs
        folder = self._folder = QTemporaryDir()

        def write(*_: object) -> tuple[QTemporaryDir, InputError | None]:
            try:
                save(document_in(folder), order.experiment)
            except InputError as error:
                return folder, error
            except BaseException as error:  # noqa: BLE001  # told to the user
                return folder, problem_of(error)
            return folder, None

        if len(order.experiment.dataset) <= LARGE_DATASET:
            self._launch(write())
            return
        self._writing = Task(write, self)
        self._writing.done.connect(self._launch)
        self._writing.finished.connect(self._writing.deleteLater)
        self._writing.start()

    @Slot(object)
    def _launch(self, written: tuple[QTemporaryDir, InputError | None]) -> None:
        """Start the process, unless that was cancelled while its document was written."""
        folder, problem = written
        if folder is not self._folder:
            return
        self._writing = None
        if problem is not None:
            self._folder = None
            self.failed.emit(problem)
            return
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in ONE_THREAD.items():
            environment.insert(name, value)
        environment.insert("PYTHONIOENCODING", "utf-8")
        self._process = process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(str(resources.ROOT))  # where Python finds the engine
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._fail_to_start)
        process.start(sys.executable, ["-m", "engine", "study", *arguments(self._order, document_in(folder))])

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
                problem = InputError.from_json(said["error"]) if "error" in said else None
                result = None if said.keys() & {"summary", "error"} else self._order.result(said)
            except (
                ValueError,
                TypeError,
                LookupError,
                AttributeError,
                RecursionError,
            ):  # a library has written it, perhaps
                logger.warning("The process of a study wrote a line that is no result: %r", line[:200])
                continue
            self._problem, self._is_done = problem, "summary" in said
            if result is not None:
                self._n_awaited -= 1
                self.job_finished.emit(result)

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
            logger.error("The process of a study ended with exit code %d: %s", process.exitCode(), complaint)
            self.failed.emit(self._problem)

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # the others are followed by finished()
            self._forget()
            self.failed.emit(InputError("“{program}” could not be started.", program=shown_path(sys.executable)))


def document_in(folder: QTemporaryDir) -> str:
    """The path at which the process finds what it trains."""
    return folder.filePath("experiment.json")


def arguments(order: Order, document: str) -> list[str]:
    """The order on the command line."""
    workers = min(max(usual_workers() - 1, 1), MAX_WORKERS)
    # so that it does not outlive a window that is killed
    return [order.kind, document, *order.options, "--workers", str(workers), "--end-with-input"]
