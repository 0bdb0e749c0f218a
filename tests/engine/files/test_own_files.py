"""Files that are carried out: taken only if nobody else can have written them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.files.own_files import check_owner, read_own_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there modes tell nothing")
THIS_USER = os.geteuid() if sys.platform != "win32" else 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir(0o700)
    path.write_bytes(b"abc")
    path.chmod(0o600)
    return path


def test_a_file_of_ones_own_is_read(path: Path) -> None:
    assert read_own_file(path, 3) == b"abc"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)

    with pytest.raises(PermissionError):
        read_own_file(path, 3)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_may_write_is_refused(path: Path, mode: int) -> None:
    path.parent.chmod(mode)

    with pytest.raises(PermissionError):
        read_own_file(path, 3)


def test_what_others_may_only_read_is_taken(path: Path) -> None:
    path.chmod(0o644)
    path.parent.chmod(0o755)

    assert read_own_file(path, 3) == b"abc"


@pytest.mark.parametrize(("owner", "is_taken"), [(THIS_USER, True), (0, True), (THIS_USER + 1, False)])
def test_only_this_user_and_the_systems_are_trusted(owner: int, is_taken: bool) -> None:
    status = os.stat_result((0o100600, 0, 0, 1, owner, 0, 3, 0, 0, 0))

    if is_taken:
        check_owner(status)
        return
    with pytest.raises(PermissionError):
        check_owner(status)


def test_a_link_is_not_followed(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)

    with pytest.raises(OSError, match="link"):
        read_own_file(link, 3)


def test_nothing_but_files_is_read(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.with_name("deeper").mkdir(0o700)

    for name in ("pipe", "deeper", "nothing"):
        with pytest.raises(OSError):  # noqa: PT011
            read_own_file(path.with_name(name), 3)


def test_a_large_file_is_refused(path: Path) -> None:
    with pytest.raises(OSError, match="expected"):
        read_own_file(path, 2)
