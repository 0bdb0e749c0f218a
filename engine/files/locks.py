"""Locks that the operating system holds for an open file and takes back when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
TRY_SECONDS = 0.005  # between two tries
FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Of each file of ours: a link that somebody put in its place is not followed."""

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def take(descriptor: int) -> bool:
    """Lock an open file, until it is closed; returns False if another one that has it open holds it.

    Raises:
        OSError: it cannot be locked there at all.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True


def is_still(path: Path, descriptor: int) -> bool:
    """True if an open file is still the one of that name: another process may have removed it before it was locked."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except OSError:
        return False


@contextlib.contextmanager
def held(path: str | os.PathLike[str], seconds: float) -> Iterator[bool]:
    """Keep other windows from a file while it is looked at and then replaced; yields whether that can be.

    Who waited meanwhile gets the lock of the file that is there then. A file that does not exist, that something else
    holds longer than `seconds`, or that cannot be locked is not held, and neither is any on Windows, where an open file
    cannot be replaced.
    """
    descriptor = None if sys.platform == "win32" else _hold(Path(os.path.realpath(path)), time.monotonic() + seconds)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _hold(path: Path, deadline: float) -> int | None:
    while True:
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | FLAGS)
        except OSError:
            return None
        try:
            if take(descriptor) and is_still(path, descriptor):
                return descriptor
            is_late = time.monotonic() >= deadline
        except OSError:
            is_late = True
        os.close(descriptor)
        if is_late:
            return None
        time.sleep(TRY_SECONDS)


class FileLock:
    """A lock of one owner. What the file contains means nothing, and neither does a file that nobody has open.

    So what a kill left behind, even between making the file and locking it, is free at once; a number of a process that
    another one has now and a file from another machine hide nothing. (`QLockFile`, which reads who made the file,
    also locks it so on everything but Windows, where its file cannot be opened: windows of both kinds see each other.)
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """True if it is ours, and its file has not been removed."""
        return self._descriptor is not None and is_still(self._path, self._descriptor)

    def try_lock(self) -> bool:
        """Take it, unless somebody else has it; returns whether it is ours.

        Raises:
            OSError: the file cannot be made, or nothing can be locked there.
        """
        if self.is_held:
            return True
        self._close()
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | FLAGS, 0o600)
        except PermissionError:
            if sys.platform == "win32" and self._path.exists():
                return False  # held in a way that keeps others from opening it, or about to be removed
            raise
        try:
            is_ours = take(descriptor) and is_still(self._path, descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not is_ours:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def unlock(self) -> None:
        """Give it back and remove its file."""
        if self._descriptor is None:
            return
        if sys.platform != "win32" and self.is_held:  # while it is ours: nobody can have taken it in between
            with contextlib.suppress(OSError):
                self._path.unlink()
        self._close()
        if sys.platform == "win32":  # an open file cannot be removed there; one that another has opened is not
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
