"""Keeps what is not saved in a file of its own, so that a crash or a power failure costs no more than one stroke."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QTimer, Signal, Slot

from engine.errors import InputError
from engine.experiment import Experiment
from engine.recovery_file import read_recovery, write_recovery
from gui.session import Session

logger = logging.getLogger("marz")
QUICK_SECONDS = 0.02  # a write that takes no longer is never put off
REST = 9  # after a slower one there is none for so many times as long, so that it takes a tenth of the time at most


def recovery_folder() -> Path:
    """Where files of unsaved work are."""
    location = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(location) / "recovery"


class Recovery(QObject):
    """Writes the experiment of a session after every step of its history, as long as it is not saved.

    A lock beside the file tells others that its owner is alive.

    Signals:
        failed(str): the file cannot be written, and why; once until it can be again.
    """

    failed = Signal(str)

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.path = folder / f"{name}.npz"
        self.document: str | None = None  # the file that the experiment was opened from or saved in
        self._session, self._lock = session, lock_of(folder, name)
        self._has_failed = self._is_written = False
        self._may_write_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.keep)
        session.undo_stack.indexChanged.connect(self.follow)
        session.undo_stack.cleanChanged.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """Keep what is not saved, or remove what is."""
        if self._session.undo_stack.isClean():
            self._remove()
        elif (wait := self._may_write_at - time.monotonic()) <= 0:
            self.keep()
        elif not self._timer.isActive():
            self._timer.start(int(1000 * wait) + 1)

    @Slot()
    def keep(self) -> None:
        """Write the experiment now."""
        self._timer.stop()
        begin = time.monotonic()
        try:
            self._take_lock()
            write_recovery(self.path, self._session.experiment, self.document)
        except (OSError, InputError) as error:
            logger.warning("Unsaved work cannot be kept: %s", error)
            if not self._has_failed:
                self._has_failed = True
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                self.failed.emit(f"Unsaved changes are not kept for a crash: {reason.rstrip('.')}. Save now and then.")
        else:
            self._has_failed, self._is_written = False, True
        end = time.monotonic()
        self._may_write_at = end + REST * (end - begin) if end - begin > QUICK_SECONDS else end

    @property
    def is_up_to_date(self) -> bool:
        """Whether the file has the experiment as it is."""
        return self._is_written and not self._has_failed and not self._timer.isActive()

    def end(self, *, keeps: bool) -> None:
        """Stop; the file stays for the next start if `keeps`, otherwise nothing does."""
        stack = self._session.undo_stack
        stack.indexChanged.disconnect(self.follow)
        stack.cleanChanged.disconnect(self.follow)
        if keeps and self._timer.isActive():
            self.keep()
        if not keeps:
            self._remove()
        self._timer.stop()
        self._lock.unlock()

    def _take_lock(self) -> None:
        if not self._lock.isLocked():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self._lock.tryLock(0):
                raise PermissionError(None, f"nothing can be written in “{self.path.parent}”")

    def _remove(self) -> None:
        self._timer.stop()
        if self._is_written:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
            self._is_written = False


@dataclass(frozen=True)
class Leftover:
    """Unsaved work of a window that was not closed properly; nobody else can take it as long as this exists.

    Attributes:
        experiment: as it was after the last finished stroke.
        document: the path of the file it belongs to, or None.
        time: of the last stroke.
    """

    experiment: Experiment
    document: str | None
    time: datetime
    path: Path
    lock: QLockFile

    def discard(self) -> None:
        """Remove it for good."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.lock.unlock()

    def leave(self) -> None:
        """Let it lie until the next start."""
        self.lock.unlock()


def leftovers(folder: Path) -> list[Leftover]:
    """The unsaved work of windows that are gone, the newest first; what else they left is removed."""
    try:
        names = {path.name.lstrip(".").split(".")[0] for path in folder.iterdir()}
    except OSError:
        return []
    found = [leftover for name in sorted(names) if (leftover := _leftover(folder, name)) is not None]
    return sorted(found, key=lambda leftover: leftover.time, reverse=True)


def _leftover(folder: Path, name: str) -> Leftover | None:
    path, lock = folder / f"{name}.npz", lock_of(folder, name)
    if not lock.tryLock(0):
        return None  # its owner is alive, or the folder cannot be written
    with contextlib.suppress(OSError):
        for unfinished in folder.glob(f".{name}.*.tmp"):
            unfinished.unlink()
    try:
        if path.exists():
            experiment, document = read_recovery(path)
            return Leftover(experiment, document, datetime.fromtimestamp(path.stat().st_mtime), path, lock)
    except (OSError, InputError) as error:
        logger.warning("Unsaved work cannot be read: %s", error)
    lock.unlock()
    return None


def lock_of(folder: Path, name: str) -> QLockFile:
    """The lock that the owner of a recovery file holds as long as it lives, however long that is."""
    lock = QLockFile(str(folder / f"{name}.lock"))
    lock.setStaleLockTime(0)
    return lock
