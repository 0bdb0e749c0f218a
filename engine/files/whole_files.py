"""Reading and writing whole files: sizes are checked before, and a file is replaced at once or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from io import FileIO
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import InputError, shown, shown_path
from engine.files import locks
from engine.messages import Message, mark, message

__all__ = ["MAX_VALUES", "FileError", "PathLike", "local_path", "read_file", "replace_file", "shown"]
MAX_VALUES = 10_000_000
"""Coordinates of all points together that a file may hold."""

PathLike = str | os.PathLike[str]

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
UNFINISHED_ENDING = ".marz.tmp"
UNFINISHED = re.compile(rf"\..{{0,40}}\.[0-9a-f]{{16}}{re.escape(UNFINISHED_ENDING)}", re.DOTALL)
MIN_AGE = 2.0  # seconds; younger ones may be closed and about to be renamed
CERTAIN_AGE = 86_400.0  # seconds; where nothing can be locked
TRIES = 20
RENAMES_OPEN_FILES = sys.platform != "win32"
REASONS = (
    *(mark("No such file or directory"), mark("Permission denied"), mark("No space left on device")),
    *(mark("Is a directory"), mark("Not a directory"), mark("File name too long"), mark("Read-only file system")),
    *(mark("Disk quota exceeded"), mark("Input/output error"), mark("Too many open files"), mark("File exists")),
)
"""The usual reasons that systems give, marked so that it can be said in other languages."""


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
            raise FileError("“{name}” could not be read: it is a folder.", name=name)
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device may never end
            raise FileError("“{name}” could not be read: it is no ordinary file.", name=name)
        if status.st_size > max_bytes:
            raise FileError(
                "“{name}” is {size:,.0f} MB large; at most {most} MB can be read.",
                name=name,
                size=status.st_size / 2**20,
                most=max_bytes // 2**20,
            )
        with open(path, "rb", opener=_opened) as file:
            return file.read(status.st_size)
    except OSError as error:
        raise FileError("“{name}” could not be read: {reason}.", name=name, reason=reason_of(error)) from error
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise FileError("“{name}” could not be read: this cannot be the name of a file.", name=name) from error


def _opened(path: str, flags: int) -> int:
    """A pipe that has taken the place of the file meanwhile is not waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def replace_file(path: PathLike, content: bytes, *, durable: bool = True, private: bool = False) -> None:
    """Write a file; one that was there before stays whole until the new one is, and who may read it stays the same.

    Until it is complete, it lies beside its target under a name that nobody can foresee, for its owner alone. What
    killed processes left of that kind in the folder is removed.

    Args:
        path: the file; if it is a symbolic link, what it points to is replaced. If it has further names (hard links)
            and is not private, it is written over instead, so that all of them have the new content.
        content: all of it.
        durable: wait until it is on the disk, so that it outlives a power failure too and not only this process.
        private: it is for its owner alone, whatever was there before.

    Raises:
        FileError: the file could not be written; what was there before still is.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = PRIVATE if private else _mode_of(target)
        temporary, descriptor = _temporary_beside(target)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                with contextlib.suppress(OSError):  # some disks know no modes
                    os.chmod(descriptor if os.chmod in os.supports_fd else temporary, mode)  # noqa: PTH101
                if durable:
                    os.fsync(descriptor)
                if RENAMES_OPEN_FILES:  # as long as it is open, nobody takes it for left behind
                    _put(temporary, target, content, private=private)
            if not RENAMES_OPEN_FILES:
                _put(temporary, target, content, private=private)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
    except OSError as error:
        raise FileError(
            "“{path}” could not be saved: {reason}. Choose another place.",
            path=shown_path(path),
            reason=reason_of(error),
        ) from error
    except ValueError as error:
        raise FileError(
            "“{path}” could not be saved: this cannot be the name of a file.", path=shown_path(path)
        ) from error
    if durable:
        remove_unfinished(target)


def _put(complete: Path, target: Path, content: bytes, *, private: bool) -> None:
    """Have the content of a complete file in its target."""
    if private or not (target.exists() and target.stat().st_nlink > 1):
        complete.replace(target)
        return
    # it cannot be written over at once; meanwhile all of it lies beside it under a name that one sees and that stays
    copy = target.with_name(f"{target.stem[:40]} (copy while saving {secrets.token_hex(4)}){target.suffix[:20]}")
    before = target.read_bytes()
    with open(target, "r+b", buffering=0) as file:
        complete.rename(copy)
        try:
            _write_over(file, content)
        except OSError:  # such as a full disk
            _write_over(file, before)  # for which there was room
            copy.unlink()
            raise
    copy.unlink()


def _write_over(file: FileIO, content: bytes) -> None:
    file.seek(0)
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    file.truncate()
    os.fsync(file.fileno())


def _mode_of(target: Path) -> int:
    """The permissions of the file that is replaced, or of a new one."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return 0o666 & ~UMASK
    if not stat.S_ISREG(status.st_mode):
        is_folder = stat.S_ISDIR(status.st_mode)
        raise OSError(errno.EINVAL, mark("it is a folder") if is_folder else mark("it is no ordinary file"))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, mark("it is protected against writing"))
    return status.st_mode & 0o777


def _temporary_beside(target: Path) -> tuple[Path, int]:
    """A new file in the folder of the target, open, and locked so that others know it is being written."""
    for _ in range(TRIES):
        path = target.parent / f".{target.name[:40]}.{secrets.token_hex(8)}{UNFINISHED_ENDING}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | locks.FLAGS, PRIVATE)
        except FileExistsError:
            continue
        with contextlib.suppress(OSError):  # where nothing can be locked, its age tells
            locks.take(descriptor)
        if locks.is_still(path, descriptor):
            return path, descriptor
        os.close(descriptor)  # somebody took it for left behind before it was locked
    raise FileExistsError(errno.EEXIST, mark("the folder changes all the time"))


def remove_unfinished(saved: Path) -> None:
    """Remove what killed processes of this user left unfinished beside a file that was just saved, and nothing else."""
    with contextlib.suppress(OSError), os.scandir(saved.parent) as entries:
        now = saved.stat().st_mtime  # by the clock of the disk
        for entry in entries:
            if UNFINISHED.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _remove_if_left(Path(entry.path), now)


def _remove_if_left(path: Path, now: float) -> None:
    status = path.lstat()
    age = now - status.st_mtime
    is_ours = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if not (is_ours and stat.S_ISREG(status.st_mode) and age > MIN_AGE):
        return
    descriptor = os.open(path, os.O_RDWR | locks.FLAGS)
    try:
        try:
            is_left = locks.take(descriptor)
        except OSError:
            is_left = age > CERTAIN_AGE
        if is_left and locks.is_still(path, descriptor) and RENAMES_OPEN_FILES:
            path.unlink()
    finally:
        os.close(descriptor)
    if is_left and not RENAMES_OPEN_FILES:
        path.unlink()


def make_private_folder(folder: Path) -> None:
    """Make a folder for this user alone; one that is there already is made so, if it is this user's."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        folder.chmod(PRIVATE_FOLDER)


def _umask() -> int:
    """The permissions that new files of this process do not get; Python tells it only while it sets another."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


UMASK = _umask()  # while this is imported, before there are other threads


def local_path(address: str) -> str:
    """A path; one that is given as a file:// address, as desktops do, is taken from that."""
    if not address.lower().startswith("file:"):
        return address
    from urllib.request import url2pathname  # it brings the protocols of the net, which take a while to load

    try:
        return url2pathname(urlsplit(address).path)
    except ValueError:  # it only begins like one
        return address


def reason_of(error: OSError) -> Message:
    """The reason why a file was not read or written, in the system's words: its usual ones are those of `REASONS`."""
    return message(shown(error.strerror or str(error) or type(error).__name__))
