"""A hand without a purpose in the real window: it presses whatever there is to press; nothing may break or be lost."""

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

from PySide6.QtCore import (
    QCoreApplication,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QtMsgType,
    QUrl,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import delete

from engine import toy_datasets
from engine.experiment import Experiment
from engine.formats.recovery_file import read_recovery
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.app import collect_here, make_application
from gui.editing.session import Session
from gui.editing.training_thread import TrainingThread
from gui.files import questions
from gui.files.recovery import Recovery
from gui.main_window import MainWindow
from gui.system.preferences import Preferences
from tests.trials.files import damaged
from tests.trials.mutations import HOSTILE_TEXTS
from tests.trials.watch import Gap, Watch

NO_BUTTON, LEFT, RIGHT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
BUTTONS = (LEFT, LEFT, LEFT, LEFT, RIGHT, Qt.MouseButton.MiddleButton)
PLAIN = Qt.KeyboardModifier.NoModifier
MODIFIERS = (*[PLAIN] * 8, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
NAMES_OF_KEYS = (
    *("Escape", "Return", "Space", "Tab", "Backtab", "Delete", "Backspace", "Up", "Down", "Left", "Right"),
    *("Home", "PageDown", "F1", "F2", "F4", "Plus"),
)
NAMED_KEYS = [getattr(Qt.Key, f"Key_{name}") for name in NAMES_OF_KEYS]
LETTER_KEYS = [Qt.Key(code) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), ord("."), ord("["), ord("]"))]
CLOSING = (Qt.Key.Key_Q, Qt.Key.Key_W)  # with Ctrl; windows are closed by an event of their own
NUMBERS = ("0", "1", "7", "12", "0.03", "0,2", "۲۴", "۰٫۰۳", "-3", "1e9", "", "abc", "٣", "9" * 40)
SIZES = ((1366, 768), (1280, 720), (1000, 600), (940, 520), (1600, 900))
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
        self._check_due = CHECK_EVERY
        self._most, self._ends = n_events, time.monotonic() + seconds if seconds else float("inf")
        self.report = Report()
        self._asked = 0  # questions about changes so far
        self._held: dict[str, tuple[object, ...]] = {}  # buttons that are down: the widget and the button
        self._watch = Watch()
        self._kinds: list[tuple[int, Callable[[], None]]] = [
            (30, self.mouse), (14, self.stroke), (14, self.key), (10, self.action), (5, self.wheel),
            (5, self.number), (4, self.choose), (3, self.escape), (2, self.text), (2, self.hover), (1, self.paste),
            (1, self.resize), (1, self.theme), (1, self.touch), (1, self.drop), (1, self.wait),
        ]  # fmt: skip
        self._files = {kind: damaged(kind, folder, random.Random(f"{kind} {seed}")) for kind in ("table", "document")}

    # the window

    def open_window(self) -> None:
        """A new window, on two moons."""
        dataset = toy_datasets.make("moons", n_samples=80, n_classes=2, seed=1)
        self.thread_of_window = TrainingThread()
        self.session = Session(Experiment(dataset), self.thread_of_window)
        self.window = MainWindow(self.session, self.thread_of_window, Preferences())
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

    # what can be done

    def target(self) -> QWidget:
        """The widget of the next event: what is modal, else mostly the plane, else anything that can be seen."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        if top is self.window and self._random.random() < 0.4:
            return self.window.canvas
        widgets = [widget for widget in top.findChildren(QWidget) if widget.isVisible()] or [top]
        return self._random.choice(widgets)

    def spot(self, widget: QWidget) -> QPoint:
        """A place in a widget, now and then just outside."""
        return QPoint(self._random.randint(-2, widget.width() + 2), self._random.randint(-2, widget.height() + 2))

    def mouse(self) -> None:
        """Press, move, release or click, each by itself: buttons stay down, and come up elsewhere."""
        widget, button, keys = self.target(), self._random.choice(BUTTONS), self._random.choice(MODIFIERS)
        do = self._random.choice((QTest.mouseClick, QTest.mouseClick, QTest.mousePress, QTest.mouseRelease))
        if self._random.random() < 0.03:
            do = QTest.mouseDClick
        do(widget, button, keys, self.spot(widget))

    def stroke(self) -> None:
        """A whole gesture on the plane, sometimes with a key in the middle."""
        canvas, button = self.window.canvas, self._random.choice(BUTTONS)
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        QTest.mousePress(canvas, button, self._random.choice(MODIFIERS), self.spot(canvas))
        for _ in range(self._random.randint(0, 6)):
            QTest.mouseMove(canvas, self.spot(canvas))
        if self._random.random() < 0.2:
            self.key()
        QTest.mouseRelease(canvas, button, PLAIN, self.spot(canvas))

    def key(self) -> None:
        """A key to whoever has the keyboard."""
        key = self._random.choice(NAMED_KEYS if self._random.random() < 0.5 else LETTER_KEYS)
        keys = self._random.choice(MODIFIERS)
        if keys == Qt.KeyboardModifier.ControlModifier and key in CLOSING:
            return
        QTest.keyClick(self.with_keyboard(), key, keys)

    def with_keyboard(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeModalWidget() or self.window

    def escape(self) -> None:
        """Out of whatever is open."""
        if self._random.random() < 0.8:
            QTest.keyClick(self.with_keyboard(), self._random.choice((Qt.Key.Key_Escape, Qt.Key.Key_Return)))
        else:
            self.window.canvas.setFocus()

    def action(self) -> None:
        """Any entry of the menus; seldom the last."""
        if QApplication.activeModalWidget():
            return
        name = self._random.choice(list(self.window.actions_by_name))
        if name == "quit" and self._random.random() < 0.9:
            return
        self.window.actions_by_name[name].trigger()

    def wheel(self) -> None:
        """A turn over any widget."""
        widget = self.target()
        place, turn = QPointF(self.spot(widget)), QPoint(0, self._random.choice((-960, -120, 120, 960)))
        event = QWheelEvent(
            place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), turn, NO_BUTTON,
            self._random.choice(MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def number(self) -> None:
        """Another number in a box, in some script, with and without Enter."""
        top = QApplication.activeModalWidget() or self.window
        boxes = [box for box in top.findChildren(QAbstractSpinBox) if box.isVisible() and box.isEnabled()]
        if boxes:
            box = self._random.choice(boxes)
            box.setFocus()
            box.selectAll()
            self.type_in(box, self._random.choice(NUMBERS))
            if self._random.random() < 0.7:
                QTest.keyClick(box, self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))

    def text(self) -> None:
        """A hostile text into a line that takes one."""
        widget = QApplication.focusWidget()
        if isinstance(widget, QLineEdit):
            self.type_in(widget, self._random.choice(HOSTILE_TEXTS)[:200].replace("\ud800", ""))

    def type_in(self, widget: QWidget, text: str) -> None:
        """As an input method commits it, which knows every script."""
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(widget.findChild(QLineEdit) or widget, event)

    def choose(self) -> None:
        """Another entry of a list, as a hand does: the box tells that it was activated."""
        top = QApplication.activeModalWidget() or self.window
        boxes = [box for box in top.findChildren(QComboBox) if box.isVisible() and box.isEnabled() and box.count()]
        if boxes:
            box = self._random.choice(boxes)
            index = self._random.randrange(box.count())
            box.setCurrentIndex(index)
            box.activated.emit(index)

    def hover(self) -> None:
        """The pointer alone."""
        widget = self.target()
        QTest.mouseMove(widget, self.spot(widget))

    def paste(self) -> None:
        """Something from elsewhere on the clipboard, and into the window."""
        rows = "".join(f"{self._random.gauss(0, 1):.3f}\t{self._random.gauss(0, 1):.3f}\tA\n" for _ in range(5))
        text = self._random.choice((rows, rows.replace(".", ","), self._random.choice(HOSTILE_TEXTS)))
        QGuiApplication.clipboard().setText(text.replace("\ud800", ""))
        if not QApplication.activeModalWidget():
            self.window.actions_by_name[Action.PASTE].trigger()

    def resize(self) -> None:
        """Another size of the window."""
        self.window.resize(*self._random.choice(SIZES))

    def theme(self) -> None:
        """The other colours."""
        self.window.actions_by_name[self._random.choice(("theme_dark", "theme_light", "theme_system"))].trigger()

    def touch(self) -> None:
        """One or two fingers on the plane."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        canvas, fingers = self.window.canvas, range(self._random.randint(1, 2))
        sequence = QTest.touchEvent(canvas, FINGERS)
        for finger in fingers:
            sequence.press(finger, self.spot(canvas), canvas)
        sequence.commit()
        for _ in range(self._random.randint(0, 4)):
            sequence = QTest.touchEvent(canvas, FINGERS)
            for finger in fingers:
                sequence.move(finger, self.spot(canvas), canvas)
            sequence.commit()
        sequence = QTest.touchEvent(canvas, FINGERS)
        for finger in fingers:
            sequence.release(finger, self.spot(canvas), canvas)
        sequence.commit()

    def drop(self) -> None:
        """A file that may be damaged, from a file manager."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(self.any_file())])
        place, copies = QPoint(200, 200), Qt.DropAction.CopyAction
        for event in (QDragEnterEvent(place, copies, data, LEFT, PLAIN), QDropEvent(place, copies, data, LEFT, PLAIN)):
            QApplication.sendEvent(self.window, event)

    def any_file(self) -> str:
        """A document that was saved, a damaged one, a damaged table, or nothing that exists."""
        kind = self._random.choice(("saved", "document", "table", "gone"))
        if kind in self._files:
            suffix, content = next(self._files[kind])
            path = self._folder / f"dropped{suffix}"
            path.write_bytes(content)
        else:
            path = self._folder / ("document-0.marz.json" if kind == "saved" else "gone.csv")
        return str(path)

    def wait(self) -> None:
        """Let time pass, so that training and its pictures go on."""
        QTest.qWait(self._random.choice((1, 5, 30)))

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
        weights, kinds = zip(*self._kinds, strict=True)
        kind = self._random.choices(kinds, weights)[0]
        self.report.n_events += 1
        self.report.kinds[kind.__name__] += 1
        before, was_clean, asked = self.session, not self.session.state.all_unsaved(), self._asked
        try:
            kind()
        except Exception:  # noqa: BLE001  # of the window's own code, called by the event
            self.fault(traceback.format_exc())
        if not self.window.isVisible() and QApplication.activeModalWidget() is None:
            if before is self.session and not was_clean and asked == self._asked:
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

    # stand-ins for dialogs of the system

    def replace_file_dialogs(self) -> None:
        """Paths are chosen by chance; all other boxes are the real ones."""
        chance = self._random

        def a_document(*_: object) -> str:
            return chance.choice(("", *(str(self._folder / f"document-{number}.marz.json") for number in range(3))))

        exports = ("", str(self._folder / "out.csv"), str(self._folder / "out.npz"))
        stand_ins: dict[str, Callable[..., object]] = {
            "ask_open_path": a_document,
            "ask_save_path": a_document,
            "ask_import_path": lambda *_: chance.choice(("", self.any_file())),
            "ask_export_path": lambda *_, **__: (chance.choice(exports), chance.choice((".", ","))),
        }
        for name, stand_in in stand_ins.items():
            setattr(questions, name, stand_in)
        ask = questions.ask_about_changes

        def counted(parent: QWidget, name: str, is_training: bool = False) -> questions.Answer:
            self._asked += 1
            return ask(parent, name, is_training)

        questions.ask_about_changes = counted

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


FINGERS: QPointingDevice


def resident_megabytes() -> float:
    """Memory of this process; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def try_window(folder: Path, seed: int, n_events: int, *, seconds: float = 0.0, pause: int = 0) -> Report:
    """Random events in the real window; settings should be of a folder of its own (HOME and the XDG variables)."""
    global FINGERS
    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    FINGERS = QTest.createTouchDevice()
    # Qt's own box has a loop of its own, and is gone with the last reference to what Python saw of it
    QApplication.aboutQt = lambda: None  # type: ignore[method-assign]
    collect_here(application)
    monkey = Monkey(folder, seed, n_events, seconds=seconds, pause=pause)
    monkey.replace_file_dialogs()
    monkey.watch()
    return monkey.run()
