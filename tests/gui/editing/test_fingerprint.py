"""That a file was changed is seen, however it was, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gui.editing.fingerprint import Change, change_of, fingerprint


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = tmp_path / "a.json"
    path.write_bytes(b"one")
    return str(path)


def test_an_untouched_file_has_not_changed(path: str) -> None:
    assert change_of(path, fingerprint(path)) is Change.NONE
    assert change_of(path, fingerprint(path), quick=True) is Change.NONE


def test_a_file_that_was_only_touched_or_written_anew_with_the_same_content_has_not_changed(path: str) -> None:
    before = fingerprint(path)
    os.utime(path, (1, 1))
    assert change_of(path, before, quick=True) is Change.NONE
    Path(path).unlink()
    Path(path).write_bytes(b"one")
    assert change_of(path, before) is Change.NONE


def test_other_content_is_seen_though_inode_size_and_time_are_the_same(path: str) -> None:
    before = fingerprint(path)
    status = Path(path).stat()
    with open(path, "r+b") as file:
        file.write(b"two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert change_of(path, before) is Change.CONTENT


def test_a_file_that_was_replaced_is_seen(path: str) -> None:
    before = fingerprint(path)
    other = Path(path).with_name("b")
    other.write_bytes(b"three")
    other.replace(path)
    assert change_of(path, before, quick=True) is Change.CONTENT


def test_a_file_that_is_gone_and_what_is_no_file(path: str, tmp_path: Path) -> None:
    before = fingerprint(path)
    Path(path).unlink()
    assert change_of(path, before) is Change.GONE
    Path(path).mkdir()
    assert change_of(path, before) is Change.NO_FILE
    assert fingerprint(path) is None
    assert change_of(path, None) is Change.NO_FILE
    assert change_of(str(tmp_path / "never"), None) is Change.NONE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_its_place_is_not_waited_for(path: str) -> None:
    before = fingerprint(path)
    Path(path).unlink()
    os.mkfifo(path)
    assert change_of(path, before) is Change.NO_FILE
    assert fingerprint(path) is None
