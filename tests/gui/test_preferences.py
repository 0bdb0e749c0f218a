from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.preferences import LAYOUT_VERSION, MAX_RECENT_FILES, TOOL_OPTIONS_VERSION, Preferences
from gui.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")


def write(key: str, value: object) -> None:
    """As another program or an older version may have left it."""
    settings = QSettings("Marz", "Marz")
    settings.setValue(key, value)
    settings.sync()


def test_at_first_the_theme_is_that_of_the_system_and_no_layout_is_known() -> None:
    assert Preferences().theme is Theme.SYSTEM
    assert Preferences().layout("window").isEmpty()


def test_the_theme_is_remembered() -> None:
    for theme in Theme:
        Preferences().theme = theme
        assert Preferences().theme is theme


def test_layouts_are_remembered_each_under_its_name() -> None:
    Preferences().save_layout("window", QByteArray(b"\x00\x01\xff geometry"))
    Preferences().save_layout("body", QByteArray(b"splitter"))
    assert Preferences().layout("window") == QByteArray(b"\x00\x01\xff geometry")
    assert Preferences().layout("body") == QByteArray(b"splitter")
    assert Preferences().layout("charts").isEmpty()


@pytest.mark.parametrize("value", ["purple", "", 17, True, ["dark", "light"], QByteArray(b"dark?")])
def test_a_theme_that_cannot_be_read_is_that_of_the_system(value: object) -> None:
    write("theme", value)
    assert Preferences().theme is Theme.SYSTEM


@pytest.mark.parametrize("value", ["text", 5, ["a", "b"]])
def test_a_layout_that_cannot_be_read_is_none(value: object) -> None:
    write(f"layout{LAYOUT_VERSION}/window", value)
    assert Preferences().layout("window").isEmpty()


def test_the_layout_of_another_version_is_forgotten() -> None:
    write(f"layout{LAYOUT_VERSION - 1}/window", QByteArray(b"old"))
    assert Preferences().layout("window").isEmpty()


def test_a_layout_can_be_forgotten_and_nothing_else_is() -> None:
    Preferences().save_layout("window", QByteArray(b"geometry"))
    Preferences().theme = Theme.DARK
    Preferences().forget_layout()
    assert Preferences().layout("window").isEmpty()
    assert Preferences().theme is Theme.DARK


def test_recent_files_are_remembered_once_each_with_the_newest_first() -> None:
    for path in ("/a", "/b, with a comma", "/a"):
        Preferences().add_recent_file(path)
    assert Preferences().recent_files == ["/a", "/b, with a comma"]


def test_of_many_recent_files_the_oldest_are_forgotten() -> None:
    for number in range(MAX_RECENT_FILES + 3):
        Preferences().add_recent_file(f"/{number}")
    assert Preferences().recent_files == [f"/{number}" for number in range(MAX_RECENT_FILES + 2, 2, -1)]


@pytest.mark.parametrize("value", ["", "[", "{}", 5, ["a", "b"], True, "[" * 100_000, QByteArray(b"x"), '"text"'])
def test_recent_files_that_cannot_be_read_are_none(value: object) -> None:
    write("recent_files", value)
    assert Preferences().recent_files == []


def test_of_recent_files_only_texts_count() -> None:
    write("recent_files", json.dumps(["/a", 5, None, True, "", ["/b"], "/c"]))
    assert Preferences().recent_files == ["/a", "/c"]


def test_a_folder_is_remembered_for_each_purpose_as_long_as_it_exists(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    assert Preferences().folder("import") == str(Path.home())
    Preferences().remember_folder("import", str(folder / "cells.csv"))
    assert Preferences().folder("import") == str(folder)
    assert Preferences().folder("open") == str(Path.home())
    assert Preferences().proposal("import", "x.csv") == str(folder / "x.csv")
    folder.rmdir()
    assert Preferences().folder("import") == str(Path.home())
    assert Preferences().proposal("import", "x.csv") == str(Path.home() / "x.csv")


@pytest.mark.parametrize("value", [5, True, ["/tmp"], "\0", "x" * 10_000])
def test_a_folder_that_cannot_be_read_is_none(value: object) -> None:
    write("folders/open", value)
    assert Preferences().folder("open") == str(Path.home())


def test_tool_options_are_remembered_with_their_kinds() -> None:
    options: dict[str, float | str] = {"radius": 24.5, "points": 3, "spread": "uniform", "noise": 0.0}
    Preferences().tool_options = options
    assert Preferences().tool_options == options
    assert type(Preferences().tool_options["points"]) is int


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nonsense",
        5,
        True,
        "[]",
        "{}",
        '{"version": 1, "options": []}',
        '{"version": 1}',
        '{"version": 99, "options": {"a": 1}}',
    ],
)
def test_tool_options_that_cannot_be_read_are_none(value: object) -> None:
    write("tool_options", value)
    assert Preferences().tool_options == {}


def test_of_tool_options_only_finite_numbers_and_texts_count() -> None:
    text = '{"a": true, "b": NaN, "c": Infinity, "d": null, "e": [1], "f": 2.5, "g": "x", "h": -1e400}'
    write("tool_options", f'{{"version": {TOOL_OPTIONS_VERSION}, "options": {text}}}')
    assert Preferences().tool_options == {"f": 2.5, "g": "x"}


def test_a_reset_forgets_everything() -> None:
    preferences = Preferences()
    preferences.theme = Theme.DARK
    preferences.add_recent_file("/a")
    preferences.tool_options = {"radius": 3.0}
    preferences.save_layout("window", QByteArray(b"geometry"))
    write("something else", "old")
    preferences.reset()
    assert QSettings("Marz", "Marz").allKeys() == []
    assert (Preferences().theme, Preferences().recent_files) == (Theme.SYSTEM, [])


@pytest.mark.skipif(sys.platform == "win32", reason="the place of the settings is a folder there")
def test_where_settings_cannot_be_written_everything_works_for_the_day(tmp_path: Path) -> None:
    (tmp_path / "occupied").touch()
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "occupied" / "settings"))
    preferences = Preferences()
    preferences.theme = Theme.DARK
    preferences.add_recent_file("/a")
    preferences.sync()
    assert (preferences.theme, preferences.recent_files) == (Theme.DARK, ["/a"])
