"""Keeps what is not saved in a file of its own, so that a process that is killed loses no more than a stroke or two."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from engine.errors import InputError
from engine.experiment import Experiment
from engine.files import whole_files
from engine.files.locks import FileLock
from engine.files.whole_files import FileError, make_private_folder
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.messages import Message, counted, message
from engine.run.lane_file import weights_as_json
from engine.run.lane_state import RunMemory
from engine.run.past.run_file import runs_as_json, runs_from
from engine.run.past.run_list import NO_RUNS, RunList
from gui.editing.document import Document, State
from gui.editing.session import Session
from gui.files.documents import time_written
from gui.files.kept_weights import RecentWeights, fitting
from gui.text.language import say
from gui.text.words import shown_path

logger = logging.getLogger("marz")
QUICK_SECONDS = 0.05  # so long a write is waited for
MANY_POINTS = 100_000  # of more it is not: where nothing else slows it down, a million take 48 ms
OF_A_WINDOW = re.compile(r"\.?([0-9]+-[0-9a-f]+)\.(?:npz|lock|npz\..*\.tmp)", re.DOTALL)
TRIES, TRY_SECONDS = 20, 0.01
MAX_RUNS = 100  # the newest, which are written beside each stroke
PATIENCE = 5.0  # seconds for a write that is under way, where its end is waited for


def recovery_folder() -> Path:
    """The folder of the files of unsaved work."""
    location = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(location) / "recovery"


class Recovery(QObject):
    """Writes the experiment of a session after every step of its history, as long as it is not saved.

    Files are made, locked, written and removed on threads of their own, since a disk may sleep. As long as that is
    quick and there are not very many points it is waited for, so that a step is in the file before the next can begin.
    Else the step whose write is under way may be missing, and those that were finished meanwhile: the newest is next.

    Documents that lie unsaved behind the one that is worked on have files of their own.

    Signals:
        failed(str): the file cannot be written, and why; once until it can be again.
        kept(): the files have all that is not saved as it is.

    Attributes:
        path: of the first file.
        weights: of documents that keep them.
    """

    failed = Signal(str)
    kept = Signal()
    _write_failed = Signal(object)
    _write_ended = Signal()

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._folder = session, folder
        self._files = [self._new_file()]
        self.path = self._files[0].path
        self._has_failed = False
        self.weights = RecentWeights(session, self)
        self.weights.changed.connect(self._put_all)
        self._write_failed.connect(self._tell_failure)
        self._write_ended.connect(self._tell_kept)
        session.document_changed.connect(self.follow)

    def _new_file(self) -> KeptFile:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        return KeptFile(self._folder, name, self._write_ended.emit, self._write_failed.emit)

    @Slot()
    def follow(self) -> None:
        """Keep what is not saved, each document in its file, and remove what is."""
        unsaved = self._put_all()
        if all(len(state.experiment.dataset) <= MANY_POINTS for state in unsaved):
            self.flush(QUICK_SECONDS)

    @Slot()
    def _put_all(self) -> list[State]:
        """Have all that is not saved written, and wait for nothing; returns it."""
        unsaved = {state.document: state for state in self._session.state.all_unsaved()}
        owned = {file.document for file in self._files}
        free = [file for file in self._files if file.document not in unsaved]
        for document in unsaved.keys() - owned:
            if not free:
                free.append(self._new_file())
                self._files.append(free[-1])
            free.pop(0).document = document
        for file in self._files:
            state = None if file.document is None else unsaved.get(file.document)
            file.put(None if state is None else self._kept(state))
        return list(unsaved.values())

    def _kept(self, state: State) -> Kept:
        document = state.document
        weights = self.weights.of(state)
        return Kept(state.experiment, document.path, document.keeps_weights, weights, document.runs)

    def flush(self, seconds: float = PATIENCE) -> bool:
        """Wait for what is being written, but no longer; returns whether the files have all that is not saved."""
        deadline = time.monotonic() + seconds
        for file in self._files:
            file.wait(deadline - time.monotonic())
        return self.is_up_to_date

    @property
    def is_up_to_date(self) -> bool:
        """True if the files have all that is not saved as it is."""
        kept = {file.document: file.written for file in self._files}
        return all(
            (written := kept.get(state.document)) is not None and written.is_same(self._kept(state))
            for state in self._session.state.all_unsaved()
        )

    def end(self, *, keeps: bool) -> None:
        """Stop; what is not saved stays for the next start if `keeps`, otherwise nothing does."""
        self._session.document_changed.disconnect(self.follow)
        self.weights.changed.disconnect(self._put_all)
        if keeps and not self.is_up_to_date:
            self.follow()
        for file in self._files:
            file.end(keeps=keeps)

    @Slot(object)
    def _tell_failure(self, reason: Message) -> None:
        logger.warning("Unsaved work cannot be kept: %s", reason)
        if not self._has_failed and not self.is_up_to_date:
            self._has_failed = True
            self.failed.emit(
                say("Save now and then; unsaved changes are not kept for a crash: {reason}", reason=reason)
            )

    @Slot()
    def _tell_kept(self) -> None:
        if self.is_up_to_date:
            self._has_failed = False
            self.kept.emit()


@dataclass(frozen=True)
class Kept:
    """The content of a recovery file: an experiment, the path of its document or None, its weights and its runs."""

    experiment: Experiment
    document: str | None
    keeps_weights: bool
    memory: RunMemory
    runs: RunList = NO_RUNS

    def is_same(self, other: Kept) -> bool:
        """True if the other is of the same state; a stack tells of one step twice if it was saved before."""
        mine, others = (self.document, self.keeps_weights), (other.document, other.keeps_weights)
        parts = ((self.experiment, other.experiment), (self.memory, other.memory), (self.runs, other.runs))
        return all(mine is others for mine, others in parts) and mine == others

    def write(self, path: Path) -> None:
        """Write it into a file."""
        weights = weights_as_json(self.memory) if self.keeps_weights else None
        write_recovery(path, self.experiment, self.document, weights, runs_as_json(self.runs.newest(MAX_RUNS)))


class KeptFile:
    """A file of unsaved work, and the lock beside it that tells others that its owner is alive.

    Attributes:
        path: of the file.
        document: whose states it has as long as they are not saved; another one's file is never written over.
    """

    document: Document | None = None

    def __init__(self, folder: Path, name: str, end: Callable[[], object], fail: Callable[[Message], object]) -> None:
        self.path, self._lock = folder / f"{name}.npz", lock_of(folder, name)
        self._writer = Writer(self.path, self._lock, end, fail)

    @property
    def written(self) -> Kept | None:
        """The content of the file, or None if there is none."""
        return self._writer.written

    def put(self, wanted: Kept | None) -> None:
        """Have the file hold this, or be no more."""
        self._writer.put(wanted)

    def wait(self, seconds: float) -> None:
        """Wait for what is being written, but no longer than so many seconds."""
        self._writer.wait(seconds)

    def end(self, *, keeps: bool) -> None:
        """Stop; the file stays for the next start if `keeps`."""
        if not keeps:
            self._writer.put(None)
        self.wait(PATIENCE)
        self._lock.unlock()


class Writer:
    """Keeps one file as it was last wanted, on a thread of its own.

    Args:
        path: of the file.
        lock: taken before something is written.
        end: called after every write, on that thread.
        fail: told why the file could not be written, on that thread.

    Attributes:
        written: what is in the file, or None if there is none.
    """

    def __init__(
        self, path: Path, lock: FileLock, end: Callable[[], object], fail: Callable[[Message], object]
    ) -> None:
        self._path, self._lock, self._end, self._fail = path, lock, end, fail
        self.written: Kept | None = None
        self._slot: list[Kept | None] = []  # the newest wins
        self._changed, self._is_working = threading.Condition(), False

    def put(self, wanted: Kept | None) -> None:
        """Have the file hold this, or be no more; what was wanted before and is not written yet never is."""
        with self._changed:
            if not self._is_working and self._has(wanted):
                return
            self._slot[:] = [wanted]
            if self._is_working:
                return
            self._is_working = True
        threading.Thread(target=self._work, name="recovery", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait until nothing is being written, but no longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_working, max(0.0, seconds))

    def _has(self, wanted: Kept | None) -> bool:
        if wanted is None or self.written is None:
            return wanted is self.written
        return wanted.is_same(self.written)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._slot:
                    self._is_working = False
                    self._changed.notify_all()
                    return
                wanted = self._slot.pop()
            try:
                if wanted is None:
                    self._remove()
                elif not self._has(wanted):
                    self._take_lock()
                    wanted.write(self._path)
                    self.written = wanted
                self._end()
            except BaseException as error:  # noqa: BLE001  # whatever it is: drawing goes on, and the next step is tried
                self._fail(reason_of(error))

    def _take_lock(self) -> None:
        if self._lock.is_held:
            return
        make_private_folder(self._path.parent)
        for _ in range(TRIES):
            if self._lock.try_lock():
                return
            time.sleep(TRY_SECONDS)  # a window that starts is looking whether there is something of a dead one
        raise FileError("nothing can be written in “{folder}”", folder=shown_path(self._path.parent))

    def _remove(self) -> None:
        if self.written is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
            self.written = None


def reason_of(error: BaseException) -> Message:
    """The reason why something could not be written."""
    if isinstance(error, InputError):
        return error.message
    if isinstance(error, MemoryError):
        return message("there is not enough memory")
    return whole_files.reason_of(error) if isinstance(error, OSError) else message(str(error) or type(error).__name__)


@dataclass(frozen=True)
class Leftover:
    """Unsaved work of a window that was not closed properly; nobody else can take it as long as this exists.

    Attributes:
        experiment: as it was after the last finished stroke.
        document: the path of the file it belongs to, or None.
        time: of the last stroke.
        keeps_weights: whether the document keeps weights.
        memory: the states of its trained lanes, as far as they were kept and fit.
        runs: that were trained, as far as they were kept.
    """

    experiment: Experiment
    document: str | None
    time: datetime
    path: Path
    lock: FileLock
    keeps_weights: bool = False
    memory: RunMemory = ()
    runs: RunList = NO_RUNS

    def discard(self) -> None:
        """Remove it for good."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.lock.unlock()

    def leave(self) -> None:
        """Let it lie until the next start."""
        self.lock.unlock()


def leftovers(folder: Path, tell: Callable[[Message], object] = logger.warning) -> list[Leftover]:
    """The unsaved work of windows that are gone, the newest first; what else they left is removed.

    Each is looked at by itself. What cannot be read is put aside, what cannot be had now stays, and `tell` gets a
    message on it.
    """
    try:
        names = {match[1] for path in folder.iterdir() if (match := OF_A_WINDOW.fullmatch(path.name))}
    except OSError:
        return []
    found, not_had = [], 0
    for name in sorted(names):
        lock = lock_of(folder, name)
        try:
            if lock.try_lock():  # else its owner is alive
                leftover = _leftover(folder / f"{name}.npz", lock, tell)
                found += [leftover] if leftover is not None else []
        except (OSError, MemoryError) as error:
            logger.warning("Unsaved work in %s cannot be had: %s", name, reason_of(error))
            lock.unlock()
            not_had += (folder / f"{name}.npz").exists()
    if not_had:
        tell(
            counted(
                "Unsaved work of an earlier window cannot be read now and is tried again at the next start; it is in"
                " “{folder}”.",
                "Unsaved work of {n} earlier windows cannot be read now and is tried again at the next start; it is in"
                " “{folder}”.",
                not_had,
                folder=shown_path(folder),
            )
        )
    return sorted(found, key=lambda leftover: leftover.time, reverse=True)


def _leftover(path: Path, lock: FileLock, tell: Callable[[Message], object]) -> Leftover | None:
    """The work that a window left whose lock is ours now; None, and the lock is given back, if there is none."""
    for unfinished in path.parent.glob(f".{path.stem}.*.tmp"):
        with contextlib.suppress(OSError):
            unfinished.unlink()
    try:
        if path.exists():
            experiment, document, weights, runs = read_recovery(path)
            memory, written = fitting(weights, experiment), time_written(path)
            return Leftover(experiment, document, written, path, lock, weights is not None, memory, runs_from(runs)[0])
    except (OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever a damaged file leads to: the others are looked at
        logger.warning("Unsaved work cannot be read: %s", error)
        aside = path.with_suffix(".unreadable")
        path.replace(aside)
        tell(
            message(
                "Unsaved work of an earlier window cannot be read; it was put aside as “{file}”.",
                file=shown_path(aside),
            )
        )
    lock.unlock()
    return None


def lock_of(folder: Path, name: str) -> FileLock:
    """The lock that the owner of a recovery file holds as long as it lives, however long that is."""
    return FileLock(folder / f"{name}.lock")
