"""Whole files: replaced at once or not at all. What is refused is in test_hostile_files.py."""

from __future__ import annotations

import os
import secrets
import signal
import stat
import subprocess
import sys
from io import FileIO
from itertools import chain, repeat
from pathlib import Path

import pytest

from engine.files import locks, whole_files
from engine.files.whole_files import FileError, read_file, replace_file, shown
from tests import ROOT

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes, links and signals")


def test_a_file_is_read_up_to_its_largest_size(tmp_path: Path) -> None:
    replace_file(tmp_path / "f", b"12345")

    assert read_file(tmp_path / "f", 5) == b"12345"
    with pytest.raises(FileError, match="f” is 0 MB large"):
        read_file(tmp_path / "f", 4)


@pytest.mark.parametrize("name", ["n" * 255, "ن" * 120, "a b", ".hidden"])
def test_any_name_that_the_disk_takes_can_be_written(name: str, tmp_path: Path) -> None:
    replace_file(tmp_path / name, b"1")
    replace_file(tmp_path / name, b"2", durable=False)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir() if path.is_file()] == [(name, b"2")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")

    replace_file(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def linked(tmp_path: Path, content: bytes = b"old and long") -> tuple[Path, Path]:
    """A file of two names."""
    mine, other = tmp_path / "points.json", tmp_path / "elsewhere" / "points.json"
    other.parent.mkdir()
    mine.write_bytes(content)
    other.hardlink_to(mine)
    return mine, other


@pytest.mark.parametrize("content", [b"new", b"new and much longer than it was"])
def test_all_names_of_a_file_have_the_new_content(content: bytes, tmp_path: Path) -> None:
    mine, other = linked(tmp_path)

    replace_file(mine, content)

    assert mine.read_bytes() == other.read_bytes() == content
    assert mine.samefile(other)
    assert [path.name for path in tmp_path.glob("*points*")] == ["points.json"]


def test_while_a_file_of_several_names_is_written_over_all_of_it_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = linked(tmp_path)
    beside: list[bytes] = []
    write_over = whole_files._write_over

    def look(file: FileIO, content: bytes) -> None:
        beside.extend(path.read_bytes() for path in tmp_path.glob("points (copy while saving *).json"))
        write_over(file, content)

    monkeypatch.setattr(whole_files, "_write_over", look)
    replace_file(mine, b"new")

    assert beside == [b"new"]
    assert other.read_bytes() == b"new"


def test_where_a_file_of_several_names_cannot_be_written_over_it_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = linked(tmp_path)
    write_over = whole_files._write_over

    def full(file: FileIO, content: bytes) -> None:
        if content == b"newer":
            file.write(b"ne")
            raise OSError(28, "No space left on device")
        write_over(file, content)

    monkeypatch.setattr(whole_files, "_write_over", full)
    with pytest.raises(FileError, match="No space left"):
        replace_file(mine, b"newer")

    assert mine.read_bytes() == other.read_bytes() == b"old and long"
    assert [path.name for path in tmp_path.glob("*points*")] == ["points.json"]


def test_what_is_private_shares_nothing_with_another_name(tmp_path: Path) -> None:
    mine, other = linked(tmp_path)

    replace_file(mine, b"new", private=True)

    assert other.read_bytes() == b"old and long"


def test_only_what_is_to_outlive_a_power_failure_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr(os, "fsync", waited.append)

    replace_file(tmp_path / "f", b"1", durable=False)
    assert waited == []

    replace_file(tmp_path / "f", b"1")
    assert len(waited) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("plain", "plain"), ("a\nb\x00\u202e", "a�b��"), ("ن" * 10, "ن" * 10), ("n" * 11, "n" * 9 + "…")],
)
def test_a_text_from_outside_is_shown_on_one_line_and_shortened(text: str, sentence: str) -> None:
    assert shown(text, 10) == sentence


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)  # root may write anything

    with pytest.raises(FileError, match="protected"):
        replace_file(tmp_path / "f", b"new")
    replace_file(tmp_path / "g", b"new")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {"f": b"old", "g": b"new"}


# what lies there until the file is complete


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "home")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444 | 0o200])
def test_a_file_keeps_its_mode_and_is_private_until_it_is_complete(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "private.json", []
    path.write_bytes(b"old")
    path.chmod(mode)
    write = os.write

    def watch(descriptor: int) -> None:
        (unfinished,) = set(tmp_path.iterdir()) - {path, tmp_path / "home"}
        seen.append(unfinished.name)
        assert mode_of(unfinished) in (0o600, mode)
        assert mode_of(unfinished) & 0o077 & ~mode == 0
        assert write(descriptor, b"") == 0

    monkeypatch.setattr(os, "fsync", watch)

    replace_file(path, b"new")

    assert len(seen) == 1
    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)


@POSIX
def test_nothing_is_written_before_the_file_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    make = os.open

    def watch(path: str, flags: int, mode: int = 0o777, **options: int) -> int:
        descriptor = make(path, flags, mode, **options)
        made.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        assert flags & os.O_EXCL
        assert flags & os.O_NOFOLLOW
        return descriptor

    monkeypatch.setattr(os, "open", watch)

    replace_file(tmp_path / "f", b"new")

    assert made == [0o600]


@POSIX
@pytest.mark.parametrize(("private", "mode"), [(False, 0o666 & ~whole_files.UMASK), (True, 0o600)])
def test_a_new_file_is_as_the_system_wants_it_or_private(private: bool, mode: int, tmp_path: Path) -> None:
    replace_file(tmp_path / "f", b"new", private=private)

    assert mode_of(tmp_path / "f") == mode


@POSIX
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder", "file"])
def test_what_lies_in_the_place_of_the_unfinished_file_is_left_alone(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreseen = ["a" * 16, "b" * 16]
    in_the_way = tmp_path / f".f.{foreseen[0]}{whole_files.UNFINISHED_ENDING}"
    victim = tmp_path / "victim"
    victim.write_bytes(b"dear")
    if kind.endswith("link"):
        in_the_way.symlink_to(victim if kind == "link" else tmp_path / "nowhere")
    elif kind == "pipe":
        os.mkfifo(in_the_way)
    elif kind == "folder":
        in_the_way.mkdir()
    else:
        in_the_way.write_bytes(b"else")
    before = in_the_way.lstat()
    names = chain(foreseen, repeat("c" * 16))
    monkeypatch.setattr(secrets, "token_hex", lambda _: next(names))

    replace_file(tmp_path / "f", b"new")

    assert (tmp_path / "f").read_bytes() == b"new"
    assert not (tmp_path / "f").is_symlink()
    assert victim.read_bytes() == b"dear"
    assert in_the_way.lstat() == before
    assert names_in(tmp_path) == sorted(["f", "victim", in_the_way.name])


@POSIX
def test_a_pipe_in_the_place_of_the_file_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(FileError, match=r"pipe” could not be saved: it is no ordinary file\. Choose another place\."):
        replace_file(tmp_path / "pipe", b"new")

    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names_in(tmp_path) == ["pipe"]


SAVES = """
import os, sys, time
from engine.files.whole_files import replace_file
os.fsync = lambda _: (print("written", flush=True), time.sleep(60))
replace_file(sys.argv[1], b"new")
"""


def start_a_save(path: Path) -> subprocess.Popen[str]:
    """A process that has written all and not renamed it."""
    process = subprocess.Popen([sys.executable, "-c", SAVES, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    return process


def make_older(folder: Path) -> None:
    """Everything in the folder is of an hour ago."""
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3600), follow_symlinks=False)


@POSIX
def test_what_a_killed_save_left_is_removed_by_the_next_save_in_the_folder(tmp_path: Path) -> None:
    with start_a_save(tmp_path / "dead.json") as process:
        process.send_signal(signal.SIGKILL)
    (left,) = names_in(tmp_path)
    make_older(tmp_path)

    replace_file(tmp_path / "other.json", b"2")

    assert left.startswith(".dead.json.")
    assert names_in(tmp_path) == ["other.json"]


@POSIX
def test_what_a_living_save_writes_is_not_removed_however_old_it_is(tmp_path: Path) -> None:
    with start_a_save(tmp_path / "slow.json") as process:
        (unfinished,) = names_in(tmp_path)
        make_older(tmp_path)

        replace_file(tmp_path / "other.json", b"2")

        assert names_in(tmp_path) == sorted([unfinished, "other.json"])
        process.kill()


@POSIX
def test_what_is_not_ours_is_never_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = ".f.0123456789abcdef"
    others = [".f.tmp", f"{ours}.tmp", "f.0123456789abcdef.marz.tmp", ".f.0123.marz.tmp", f"{ours}.marz.tmp~", ".f.swp"]
    for name in others:
        (tmp_path / name).write_bytes(b"dear")
    (tmp_path / f"{ours[:-1]}0.marz.tmp").symlink_to(tmp_path / ".f.tmp")
    (tmp_path / f"{ours[:-1]}1.marz.tmp").mkdir()
    os.mkfifo(tmp_path / f"{ours[:-1]}2.marz.tmp")
    (tmp_path / f"{ours}.marz.tmp").write_bytes(b"of another user")
    make_older(tmp_path)
    before = names_in(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    replace_file(tmp_path / "saved", b"new")

    assert names_in(tmp_path) == sorted([*before, "saved"])
    monkeypatch.undo()
    replace_file(tmp_path / "saved", b"newer")
    assert names_in(tmp_path) == sorted({*before, "saved"} - {f"{ours}.marz.tmp"})


@POSIX
def test_a_file_that_was_taken_for_left_behind_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = locks.take
    removed: list[Path] = []

    def take_late(descriptor: int) -> bool:
        if not removed:
            (path,) = tmp_path.glob(".f.*")
            path.unlink()
            removed.append(path)
        return take(descriptor)

    monkeypatch.setattr(locks, "take", take_late)

    replace_file(tmp_path / "f", b"new")

    assert removed
    assert names_in(tmp_path) == ["f"]
    assert (tmp_path / "f").read_bytes() == b"new"


@POSIX
def test_where_nothing_can_be_locked_files_are_saved_and_only_what_is_a_day_old_counts_as_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: int) -> bool:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(locks, "take", unknown)
    young, old = (tmp_path / f".f.{letter * 16}{whole_files.UNFINISHED_ENDING}" for letter in "ab")
    for path in (young, old):
        path.write_bytes(b"?")
    make_older(tmp_path)
    os.utime(old, (0, 0))

    replace_file(tmp_path / "f", b"new")

    assert names_in(tmp_path) == sorted([young.name, "f"])
