"""Reading and writing whole files: sizes are checked before, and a file is replaced at once or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
from pathlib import Path

from engine.errors import InputError, shown, shown_path

__all__ = ["MAX_VALUES", "FileError", "PathLike", "read_file", "replace_file", "shown"]
MAX_VALUES = 10_000_000
"""Coordinates of all points together that a file may hold."""

PathLike = str | os.PathLike[str]


class FileError(InputError):
    """A file that cannot be read or written; the message names it and says why."""


def read_file(path: PathLike, max_bytes: int) -> bytes:
    """The content of a file of at most `max_bytes` bytes; a larger one is refused before it is read.

    Raises:
        FileError: there is no such file, it is something else, it is too large, or it may not be read.
    """
    name = shown_path(path)
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileError(f"“{name}” could not be read: it is a folder.")
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device may never end
            raise FileError(f"“{name}” could not be read: it is no ordinary file.")
        if status.st_size > max_bytes:
            size = f"{status.st_size / 2**20:,.0f} MB large; at most {max_bytes // 2**20} MB can be read"
            raise FileError(f"“{name}” is {size}.")
        with open(path, "rb") as file:
            return file.read(status.st_size)
    except OSError as error:
        raise FileError(f"“{name}” could not be read: {_reason(error)}.") from error
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"“{name}” could not be read: this cannot be the name of a file.") from error


def replace_file(path: PathLike, content: bytes, *, durable: bool = True) -> None:
    """Write a file; one that was there before stays whole until the new one is.

    Args:
        path: the file; if it is a symbolic link, what it points to is replaced.
        content: all of it.
        durable: wait until it is on the disk, so that it outlives a power failure too and not only this process.

    Raises:
        FileError: the file could not be written; what was there before still is.
    """
    try:
        target = Path(os.path.realpath(path))
        temporary = target.parent / f".{target.name[:40]}.{os.getpid()}-{threading.get_native_id()}.tmp"
        try:
            with open(temporary, "wb") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            if target.exists():
                if not os.access(target, os.W_OK):
                    raise PermissionError(errno.EACCES, "it is protected against writing")
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
    except OSError as error:
        reason = _reason(error)
        raise FileError(f"“{shown_path(path)}” could not be saved: {reason}. Choose another place.") from error
    except ValueError as error:
        name = shown_path(path)
        raise FileError(f"“{name}” could not be saved: this cannot be the name of a file.") from error


def _reason(error: OSError) -> str:
    return shown(error.strerror or str(error) or type(error).__name__)
