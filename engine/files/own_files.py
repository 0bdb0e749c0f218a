"""Files of which it matters who has written them, since what they hold is carried out."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from engine.files import locks

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def check_owner(status: os.stat_result) -> None:
    """Raise a PermissionError if anybody but this user and the system's may have written there.

    On Windows the folders of a user are closed to others, and modes tell nothing.
    """
    if hasattr(os, "geteuid") and (
        status.st_uid not in (os.geteuid(), 0) or stat.S_IMODE(status.st_mode) & OTHERS_MAY_WRITE
    ):
        raise PermissionError(errno.EPERM, "others may write there")


def read_own_file(path: Path, max_bytes: int) -> bytes:
    """The content of a file of at most so many bytes that nobody else can have written or put there.

    Raises:
        OSError: there is no such file, it or its folder is open to others, it is a link or no file, or it is too large.
    """
    check_owner(path.parent.stat())
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | locks.FLAGS)
    with open(descriptor, "rb") as file:  # the open file is looked at, not what may have its name by now
        status = os.fstat(descriptor)
        check_owner(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
            raise OSError(errno.EINVAL, "no file of the expected kind")
        return file.read(max_bytes)
