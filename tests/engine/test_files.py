"""Whole files: replaced at once or not at all. What is refused is in test_hostile_files.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.files import FileError, read_file, replace_file, shown


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
