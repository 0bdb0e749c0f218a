"""The application: Qt, the error reporter, the session, the thread and the window, made in this order."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import delete

from engine.dataset import empty_dataset
from engine.errors import NO_MEMORY, InputError, shown_path
from engine.experiment import Experiment
from engine.messages import message
from engine.options import DEFAULT_CONFIG, FILM_CONFIG, experiment_from, recipe_from, refuse_options_beside
from engine.run.snapshot import RunState, Snapshot
from engine.studies.course_protocol import EPOCHS, departures
from engine.studies.presets import OPTIONS
from engine.toy_datasets import Recipe
from engine.version import VERSION
from gui.dialogs.first_steps import FirstSteps
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.files.documents import Opened, is_large, open_any
from gui.files.recovery import Recovery, recovery_folder
from gui.layout import first_geometry
from gui.main_window import MainWindow
from gui.paint.icons import FOLDER
from gui.paint.style.marz_style import MarzStyle
from gui.paint.theme import Theme, apply_theme
from gui.run.run_bar import RunBar
from gui.system.background import end_tasks
from gui.system.crash_report import ErrorReporter, set_up_logging
from gui.system.preferences import Preferences
from gui.text.language import say
from gui.text.sentences import state_sentence

DESKTOP_FILE = "marz"
SIGNAL_MILLISECONDS = 200
COLLECT_MILLISECONDS = 1000
LIBRARY_OBJECTS = 50_000  # that are new since the last look
UNSEEN_MILLISECONDS = 500
SCREENSHOT_SIZE = "1366x768"  # whatever the screen is
SCREENSHOT_DELAY = 1000  # milliseconds from the last epoch to the picture, for the fine field and notes that linger


def run(options: argparse.Namespace) -> int:
    """Open the window and work until it is closed; returns the exit status."""
    try:
        asked = what_is_asked_for(options)
    except (InputError, MemoryError) as error:
        return refused(error)
    application = make_application()
    reporter = ErrorReporter(set_up_logging(), application)
    reporter.install()
    preferences = Preferences()
    if options.reset_settings:
        preferences.reset()
    use_theme(application, options.theme, preferences)
    thread = TrainingThread()
    session = Session(asked.opened.experiment, thread)
    window = MainWindow(session, thread, preferences, asked.sample)
    window.files.use_file(asked.opened)
    use_speed(window.run_bar, preferences, options)
    reporter.window = window
    window.failed.connect(reporter.report)
    open_window(window, options.size, is_for_picture=bool(options.screenshot), presents=options.presentation)
    if options.lab:
        window.laboratory.show_first_view(OPTIONS[options.lab])  # not the one that was left
    try:
        if asked.is_unread:
            window.files.begin_with(options.file)
    except InputError as error:
        window.close()
        delete(window)
        return refused(error)
    window.canvas.fit()  # also what lies far from where one draws
    window.files.points.tell_notes(options.file or "", asked.opened.notes)
    Pilot(window, options)
    watch_signals(application, window)
    collect_here(application)
    OncePainted(window, thread.start)  # torch needs the processor for seconds
    if options.screenshot:
        window.files.asks = False
    else:
        greet(window, options, preferences)
        window.files.watch(Recovery(session, recovery_folder(), window))
        QTimer.singleShot(0, partial(offer_leftovers, window))
    status = application.exec()
    if thread.isRunning() or not end_tasks(window, 0):
        # a huge network or file is still in the middle of something; a running thread must not be destroyed
        os._exit(status)
    delete(window)  # what is left to the end of Python is deleted in any order, and plots that then ask it fail
    return status


def use_speed(bar: RunBar, preferences: Preferences, options: argparse.Namespace) -> None:
    """Train at the speed that was chosen last, and remember which is chosen from now on.

    A run that options ask for is trained as fast as possible.
    """
    if not is_run_asked_for(options):
        bar.use_speed(preferences.speed)
        bar.speed_chosen.connect(partial(setattr, preferences, "speed"))


def use_theme(application: QApplication, wanted: str | None, preferences: Preferences) -> None:
    """Apply the theme that is wanted, or else the one that is preferred, now and when the system's changes."""
    apply_theme(application, Theme(wanted) if wanted else preferences.theme)
    if not wanted:
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(lambda: apply_theme(application, preferences.theme))


def greet(window: MainWindow, options: argparse.Namespace, preferences: Preferences) -> None:
    """Show the first steps, once, to somebody who has asked for nothing in particular and has a screen."""
    asked = (options.file, options.lab, options.train, options.epochs, options.screenshot, options.presentation)
    if not (any(asked) or preferences.has_seen_first_steps or QGuiApplication.platformName() == "offscreen"):
        preferences.has_seen_first_steps = True
        OncePainted(window, partial(FirstSteps.show_in, window))


def offer_leftovers(window: MainWindow) -> None:
    """Offer what windows left that were not closed properly."""
    window.files.rescue.look(recovery_folder())


def refused(error: InputError | MemoryError) -> int:
    """Say why the program does not begin; returns the exit status."""
    print(f"marz: {error if isinstance(error, InputError) else NO_MEMORY}", file=sys.stderr)
    return 2


@dataclass(frozen=True)
class Asked:
    """The work that the options ask for.

    Attributes:
        opened: to be worked on; nothing yet if the file is unread.
        sample: which toy dataset that is, if it is one.
        is_unread: whether reading the file may take a while, so that the window comes first.
    """

    opened: Opened
    sample: Recipe | None = None
    is_unread: bool = False


def what_is_asked_for(options: argparse.Namespace) -> Asked:
    """The work that options ask for.

    Raises:
        InputError: they do not go together, or the file cannot be read.
    """
    if options.lab:
        refuse_options_beside(f"--lab {options.lab}", options)
        if options.file:
            raise InputError(
                "--lab {lab} cannot be combined with the file “{file}”.", lab=options.lab, file=shown_path(options.file)
            )
        experiment = OPTIONS[options.lab].make()
        if options.screenshot and options.epochs is None and departures(experiment) == ():
            options.epochs = EPOCHS  # after which the slide's table was made
        return Asked(Opened(experiment))
    if options.file:
        refuse_options_beside(message("the file “{file}”", file=shown_path(options.file)), options)
        if is_large(options.file) and not options.screenshot:
            return Asked(Opened(Experiment(empty_dataset())), is_unread=True)
        return Asked(open_any(options.file))
    default = DEFAULT_CONFIG if is_run_asked_for(options) else FILM_CONFIG
    return Asked(Opened(experiment_from(options, default)), recipe_from(options))


def is_run_asked_for(options: argparse.Namespace) -> bool:
    """True if the window is to train by itself."""
    return bool(options.train or options.epochs or options.screenshot)


def make_application() -> QApplication:
    """The one QApplication, in a style whose colours are ours on every platform."""
    # every movement of the mouse counts in a stroke; X11 would keep only the last of those that wait
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    keep_qt_from_settings()
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("Marz")
    application.setOrganizationName("Marz")
    application.setApplicationVersion(VERSION)
    application.setDesktopFileName(DESKTOP_FILE)  # by which a desktop finds name and icon
    application.setStyle(MarzStyle())
    application.setWindowIcon(QIcon(str(FOLDER / "marz.svg")))
    return application


def keep_qt_from_settings() -> None:
    """Have Qt read and write no settings of its own, as its file dialog does: PySide runs code that stands in them."""
    for settings_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(settings_format, scope, os.devnull)


def open_window(window: MainWindow, size: str | None, *, is_for_picture: bool = False, presents: bool = False) -> None:
    """Show the window: of the size that was asked for or that pictures have, else as it was left, else as at first.

    A presentation fills the screen, or a window of the size that was asked for.
    """
    window.remembers_layout = not is_for_picture
    window.resize(first_geometry().size())
    if size or is_for_picture:
        wanted = (size or SCREENSHOT_SIZE).lower().split("x")
        window.resize(int(wanted[0]), int(wanted[1]))
    else:
        window.window_layout.restore()
    window.show()
    if presents:
        window.presentation.begin(fills_screen=size is None and not is_for_picture)


class OncePainted(QObject):
    """Calls when a widget has been painted for the first time, or soon after even so: it may be minimized."""

    def __init__(self, widget: QWidget, call: Callable[[], object]) -> None:
        super().__init__(widget)
        self._call: Callable[[], object] | None = call
        widget.installEventFilter(self)
        QTimer.singleShot(UNSEEN_MILLISECONDS, self, self._make_call)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._make_call)  # when all that is in it has been, too
        return False

    @Slot()
    def _make_call(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()


def watch_signals(application: QApplication, window: MainWindow) -> None:
    """Ctrl+C in the terminal closes the window; Python sees signals only while it runs, so a timer wakes it.

    Nobody is asked then; what was not saved is offered at the next start.
    """

    def close() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QDialog):
            box.reject()
            QTimer.singleShot(SIGNAL_MILLISECONDS, close)  # when what asked has heard of it
        elif window.isVisible():
            asked, window.files.asks = window.files.asks, False
            window.close()  # says that it did even where Qt does nothing, as within another close
            window.files.asks = asked

    # not at once: Python may call this in the middle of painting, and a window must not close under its own picture
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, close))
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(SIGNAL_MILLISECONDS)


def collect_here(parent: QObject) -> None:
    """Collect cyclic garbage on this thread only: a collector that runs elsewhere destroys Qt objects there."""
    gc.disable()
    timer = QTimer(parent)
    turns = iter(range(sys.maxsize))
    # the older generations are seldom looked at; a full collection with torch loaded is a visible pause
    timer.timeout.connect(lambda: collect(1 if next(turns) % 10 == 9 else 0))
    timer.start(COLLECT_MILLISECONDS)


def collect(generation: int) -> None:
    """Collect cyclic garbage, unless a library has just come in: that stays, and to look through it is a pause, too."""
    if gc.get_count()[0] > LIBRARY_OBJECTS:
        gc.freeze()
    else:
        gc.collect(generation)


class Pilot(QObject):
    """Does what ``--train``, ``--epochs`` and ``--screenshot`` ask for."""

    def __init__(self, window: MainWindow, options: argparse.Namespace) -> None:
        super().__init__(window)
        self._window, self._epochs, self._screenshot = window, options.epochs, options.screenshot
        self._must_train = options.train or bool(options.epochs)
        self._has_begun = False
        if self._must_train or self._screenshot:
            window.session.snapshot_arrived.connect(self._follow)

    @Slot(Snapshot)
    def _follow(self, snapshot: Snapshot) -> None:
        state = snapshot.state
        if self._must_train and state in (RunState.READY, RunState.PAUSED):  # a document may be trained already
            self._must_train, self._has_begun = False, True
            self._window.session.train(self._epochs)
        elif self._screenshot and state in ENDS and not (self._has_begun and self._is_old(snapshot)):
            path, self._screenshot = self._screenshot, None
            # the numbers on the picture are asked for; that they could not be made is said beside it
            problem = "" if state in (RunState.READY, RunState.PAUSED) else state_sentence(snapshot)
            QTimer.singleShot(SCREENSHOT_DELAY, lambda: self._take(path, problem))

    def _is_old(self, snapshot: Snapshot) -> bool:
        """True if a snapshot is of before the training that was asked for."""
        is_short = any(lane.epochs < (self._epochs or 0) and not lane.has_stopped_early for lane in snapshot.lanes)
        return snapshot.state is RunState.READY or (snapshot.state is RunState.PAUSED and is_short)

    def _take(self, path: str, problem: str) -> None:
        if not all(view.field_layer.is_settled for view in self._window.workbench.fields.views):
            QTimer.singleShot(SCREENSHOT_DELAY, lambda: self._take(path, problem))
            return
        if not self._window.grab().save(path):
            problem = say("The picture could not be saved in “{file}”.", file=shown_path(path))
        self._window.close()
        if problem:
            print(f"marz: {problem}", file=sys.stderr)
            QApplication.exit(1)


ENDS = (
    *(RunState.READY, RunState.PAUSED, RunState.BLOCKED),
    *(RunState.DIVERGED, RunState.FAILED, RunState.UNAVAILABLE, RunState.ENDED),
)
"""States in which a run that was asked for goes no further."""
