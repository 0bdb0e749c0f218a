"""The fingerprint of a file, to notice later that somebody else has written it. No widgets."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

CHUNK = 2**20  # bytes


class Change(Enum):
    """The change of a file since it was read or written."""

    NONE = auto()
    CONTENT = auto()
    GONE = auto()
    NO_FILE = auto()  # there is something else of that name, or it cannot be read


@dataclass(frozen=True)
class Fingerprint:
    """A file at one time.

    Attributes:
        place: device, inode, size in bytes and time of the last change in nanoseconds, which are quickly had.
        digest: of the content, which alone is sure: clocks of file systems are coarse, and numbers of inodes come back.
    """

    place: tuple[int, int, int, int]
    digest: bytes

    def is_newer_than(self, seconds: float) -> bool:
        """True if the file was changed after that time."""
        return self.place[3] > seconds * 1e9


UNKNOWN = Fingerprint((0, 0, 0, 0), b"")
"""A fingerprint that no file has: for a file that is known to have been written by somebody else."""


def fingerprint(path: str) -> Fingerprint | None:
    """The fingerprint of a file as it is now; None if there is no ordinary file of that name that can be read."""
    try:
        place = _place(path)
        if place is None:
            return None
        digest = hashlib.blake2b(digest_size=16)
        with Path(path).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (OSError, ValueError):
        return None
    return Fingerprint(place, digest.digest())


def change_of(path: str, before: Fingerprint | None, *, quick: bool = False) -> Change:
    """The change of a file since its fingerprint was taken; without a fingerprint nothing is known to have changed.

    Args:
        path: of the file.
        before: what it was like.
        quick: whether a file that has the same inode, size and time is taken for unchanged without being read.
    """
    try:
        place = _place(path)
    except FileNotFoundError:
        return Change.NONE if before is None else Change.GONE
    except (OSError, ValueError):
        return Change.NO_FILE
    if place is None:
        return Change.NO_FILE
    if before is None or (quick and place == before.place):
        return Change.NONE
    now = fingerprint(path)
    if now is None:
        return Change.NO_FILE
    return Change.NONE if now.digest == before.digest else Change.CONTENT


def _place(path: str) -> tuple[int, int, int, int] | None:
    """The place, size and time of an ordinary file; None if it is none, such as a pipe that never ends."""
    status = Path(path).stat()
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
