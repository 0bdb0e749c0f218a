"""Locks: one owner at a time, free as soon as it is gone, whatever is in the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from engine.files import locks
from engine.files.locks import FileLock, held
from tests import ROOT

HOLDS = """
import sys
from pathlib import Path
from engine.files.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.try_lock(), flush=True)
sys.stdin.read()
"""


def start_an_owner(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_one_lock_has_one_owner_in_one_process_too(tmp_path: Path) -> None:
    mine, other = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")

    assert mine.try_lock()
    assert mine.try_lock(), "it is ours already"
    assert not other.try_lock()
    mine.unlock()
    assert not (tmp_path / "l").exists()
    assert other.try_lock()
    other.unlock()
    other.unlock()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_file_is_held_by_one_and_who_waits_gets_the_file_that_took_its_place(tmp_path: Path) -> None:
    path, link = tmp_path / "document", tmp_path / "link"
    path.write_text("first")
    link.symlink_to(path)
    seen: list[tuple[bool, str]] = []

    def wait() -> None:
        with held(link, 20) as is_held:
            seen.append((is_held, path.read_text()))

    with held(path, 0) as is_held:
        assert is_held
        with held(link, 0) as second:
            assert not second
        waiting = threading.Thread(target=wait)
        waiting.start()
        other = tmp_path / "other"
        other.write_text("second")
        other.replace(path)
    waiting.join(20)

    assert seen == [(True, "second")]


def test_what_is_not_there_or_no_file_is_not_held_and_not_waited_for(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path / "nothing" / "in it"):
        with held(path, 3600) as is_held:
            assert not is_held


def test_a_lock_is_its_owners_as_long_as_it_lives_and_free_when_it_is_killed(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "l")
    with start_an_owner(tmp_path / "l") as owner:
        os.utime(tmp_path / "l", (0, 0))  # it has been alive for long
        assert not lock.try_lock()
        owner.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert (tmp_path / "l").exists()
    assert lock.try_lock()
    lock.unlock()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"garbage" * 1000,
        pytest.param(f"{os.getpid()}\npython\n\n\n".encode(), id="number that another process has now"),
        b"1\nmarz\nanother-host\n\n",
        b"4242\nmarz\nanother-host\n0123456789abcdef\n0123456789abcdef\n",
    ],
)
def test_what_is_in_the_file_hides_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(content)

    lock = FileLock(tmp_path / "l")

    assert lock.try_lock()
    lock.unlock()
    assert not (tmp_path / "l").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_lock_whose_file_was_removed_is_held_no_more_and_can_be_taken_again(tmp_path: Path) -> None:
    mine, other = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")
    assert mine.try_lock()
    (tmp_path / "l").unlink()

    assert not mine.is_held
    assert other.try_lock()
    assert not mine.try_lock()
    mine.unlock()
    assert other.is_held, "the file of another owner is not removed"
    other.unlock()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_file_that_is_removed_between_making_and_locking_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = locks.take

    def take_late(descriptor: int) -> bool:
        (tmp_path / "l").unlink()
        return take(descriptor)

    monkeypatch.setattr(locks, "take", take_late)

    assert not FileLock(tmp_path / "l").try_lock()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "l").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic links"):
        FileLock(tmp_path / "l").try_lock()

    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="it keeps others from opening the file there")
def test_the_lock_of_an_earlier_version_is_seen_while_it_is_held(tmp_path: Path) -> None:
    old, new = QLockFile(str(tmp_path / "l")), FileLock(tmp_path / "l")
    old.setStaleLockTime(0)
    assert old.tryLock(0)
    assert not new.try_lock()
    old.unlock()
    assert new.try_lock()
    assert not old.tryLock(0)
    new.unlock()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FileLock(tmp_path / "nowhere" / "l").try_lock()
