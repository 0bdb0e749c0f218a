"""A hand without a purpose in the real window; nothing may break or be lost."""

from __future__ import annotations

import logging
import os
import random
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QtMsgType, Slot, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from engine import toy_datasets
from engine.experiment import Experiment
from engine.formats.recovery_file import read_recovery
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.app import collect_here, make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.files.recovery import Recovery
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from tests.trials.hand import SIZES, Hand
from tests.trials.watch import Gap, Watch

MAX_DRAWN = 20_000  # more are cleared: large data have trials of their own
CHECK_EVERY, REDO_EVERY = 500, 5000  # events
PATIENCE = 60.0  # seconds until a worker that does not answer counts as frozen
KNOWN_WARNINGS = (
    *("This plugin does not support", "edit: editing failed", "OpenType support missing"),
    "commitData called with an editor that does not belong to this view",  # a name is edited while its list is renewed
)


@dataclass
class Report:
    """The report of what a trial saw.

    Attributes:
        n_events: that were sent, and of which kinds.
        faults: what should not have happened.
        longest_gap: milliseconds, the longest time between two events, the trial's own checks left out.
        gaps: those of a tenth of a second and more.
        megabytes: resident memory at every check, where the system tells it.
    """

    n_events: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    n_windows: int = 0
    n_checks: int = 0
    longest_gap: int = 0
    gaps: list[Gap] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


class Monkey(QObject):
    """Sends events to a window that it makes, and to a new one whenever that was closed.

    Args:
        folder: for documents, damaged files and recovery.
        seed: of everything that is left to chance here.
        n_events, seconds: it ends after so many events, or after so long if that is given.
        pause: milliseconds between two events.
    """

    def __init__(self, folder: Path, seed: int, n_events: int, *, seconds: float = 0.0, pause: int = 0) -> None:
        super().__init__()
        self._folder, self._random, self._pause = folder, random.Random(seed), pause
        self.hand = Hand(folder, seed, self._random, QTest.createTouchDevice())
        self._check_due = CHECK_EVERY
        self._most, self._ends = n_events, time.monotonic() + seconds if seconds else float("inf")
        self.report = Report()
        self._watch = Watch()

    # the window

    def open_window(self) -> None:
        """A new window, on two moons."""
        dataset = toy_datasets.make("moons", n_samples=80, n_classes=2, seed=1)
        self.thread_of_window = TrainingThread()
        self.session = Session(Experiment(dataset), self.thread_of_window)
        self.window = self.hand.window = MainWindow(self.session, self.thread_of_window, Preferences())
        self.window.failed.connect(lambda summary, details: self.fault(f"worker: {summary}\n{details}"))
        self.recovery = Recovery(self.session, self._folder / "recovery", self.window)
        self.window.files.watch(self.recovery)
        self.window.resize(*SIZES[0])
        self.window.show()
        self.session.start()
        self.thread_of_window.start()
        self.report.n_windows += 1

    def leave_window(self) -> None:
        """End what belongs to a window that was closed."""
        if not self.thread_of_window.wait(round(PATIENCE * 1000)):
            self.fault("the worker does not end")
            os._exit(3)  # a running thread must not be destroyed
        for thing in (self.window, self.session, self.thread_of_window):
            thing.deleteLater()

    def fault(self, text: str) -> None:
        """Note what should not have happened."""
        self.report.faults.append(f"event {self.report.n_events}: {text}")

    # the course of events

    def run(self) -> Report:
        """Send all events; returns when that is done and the last window is closed."""
        self.open_window()
        QTimer.singleShot(0, self._next)
        QCoreApplication.instance().exec()  # type: ignore[union-attr]
        self.window.files.asks = False
        self.window.close()
        self.leave_window()
        delete(self.window)  # see `gui.app.run`
        self._watch.end()
        self.report.longest_gap, self.report.gaps = self._watch.longest, self._watch.gaps
        return self.report

    @Slot()
    def _next(self) -> None:
        """One event. The next is on its way before it, since it may open a box that waits."""
        if self.report.n_events >= self._most or time.monotonic() > self._ends:
            for box in QApplication.topLevelWidgets():
                if box is not self.window:
                    box.close()
            QTimer.singleShot(0, lambda: QCoreApplication.exit(0))
            return
        self._watch.beat()
        QTimer.singleShot(self._pause, self._next)
        weights, kinds = zip(*self.hand.kinds, strict=True)
        kind = self._random.choices(kinds, weights)[0]
        self.report.n_events += 1
        self.report.kinds[kind.__name__] += 1
        before, was_clean, asked = self.session, not self.session.state.all_unsaved(), self.hand.asked
        try:
            kind()
        except Exception:  # noqa: BLE001  # of the window's own code, called by the event
            self.fault(traceback.format_exc())
        if not self.window.isVisible() and QApplication.activeModalWidget() is None:
            if before is self.session and not was_clean and asked == self.hand.asked:
                self.fault("a window closed without a question although something was not saved")
            self._watch.rest()
            self.leave_window()
            self.open_window()
            self._watch.beat()
        elif self.report.n_events >= self._check_due and not QApplication.activeModalWidget():
            self._check_due += CHECK_EVERY
            self._watch.rest()
            self.check()
            self._watch.beat()

    def check(self) -> None:
        """Check what must hold between two events."""
        self.report.n_checks += 1
        self.report.megabytes.append(resident_megabytes())
        self.window.canvas.gestures.finish()
        self.session.finish_draft()
        experiment, stack = self.session.experiment, self.session.undo_stack
        if self.window.canvas.dataset != experiment.dataset:
            self.fault("the plane does not show the points of the session")
        if unsaved := self.session.state.all_unsaved():
            if not self.recovery.flush():
                self.fault("unsaved work is not in the recovery file")
            else:
                kept = [read_recovery(path)[0] for path in self.recovery.path.parent.glob(f"{os.getpid()}-*.npz")]
                if any(state.experiment not in kept for state in unsaved):
                    self.fault("the recovery files have something else than the window")
        if self.report.n_events % REDO_EVERY == 0:
            index = stack.index()
            while stack.canUndo():
                stack.undo()
            stack.setIndex(index)
            if self.session.experiment != experiment:
                self.fault("taking everything back and making it again leaves something else")
        if len(experiment.dataset) > MAX_DRAWN:
            self.window.actions_by_name[Action.CLEAR].trigger()
        self.expect_an_answer()

    def expect_an_answer(self) -> None:
        """The worker must still hear."""
        self.session.pause()
        ends = time.monotonic() + PATIENCE
        while self.session.snapshot.state in (RunState.RUNNING, RunState.LOADING):
            QCoreApplication.processEvents()
            if time.monotonic() > ends:
                self.fault(f"the worker does not answer: {self.session.snapshot.state}")
                return
        if self.session.snapshot.state in (RunState.FAILED, RunState.UNAVAILABLE):
            self.fault(f"the worker is {self.session.snapshot.state}")
            self.session.start()

    def watch(self) -> None:
        """Take what goes wrong anywhere as a fault."""

        def caught(kind: type[BaseException], error: BaseException, trace: object) -> None:
            self.fault("".join(traceback.format_exception(error)))

        def warned(kind: QtMsgType, context: object, message: str) -> None:
            if kind is not QtMsgType.QtDebugMsg and not any(known in message for known in KNOWN_WARNINGS):
                self.fault(f"Qt: {message}")

        sys.excepthook = caught
        threading.excepthook = lambda arguments: self.fault(f"thread: {arguments.exc_value!r}")
        qInstallMessageHandler(warned)
        logging.getLogger("marz").addHandler(FaultHandler(self.fault))


class FaultHandler(logging.Handler):
    """Hands errors that were logged to a function."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one error."""
        self._tell(f"log: {self.format(record)}")


def resident_megabytes() -> float:
    """Memory of this process; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def try_window(folder: Path, seed: int, n_events: int, *, seconds: float = 0.0, pause: int = 0) -> Report:
    """Random events in the real window; settings should be of a folder of its own (HOME and the XDG variables)."""
    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    # Qt's own box has a loop of its own, and is gone with the last reference to what Python saw of it
    QApplication.aboutQt = lambda: None  # type: ignore[method-assign]
    collect_here(application)
    monkey = Monkey(folder, seed, n_events, seconds=seconds, pause=pause)
    monkey.hand.replace_file_dialogs()
    monkey.watch()
    return monkey.run()
